// What the steps of an MBConv's gradient share. They walk backwards from norm to norm, image by image, and compute again
// what the forward pass did not keep. A norm's gradient needs two sums over the batch first: between two norms one wide
// map is written, the gradient behind the norm's activation.
#pragma once

#include <vector>

#include "image-parts.h"
#include "mb-conv-expansion.h"
#include "parallel.h"

namespace dna {

// Sums of one part of the batch, added up in the parts' order.
struct PartSums {
  // Σ g and Σ g · standard of a norm.
  std::vector<double> offset, scale;
  explicit PartSums(int64_t width) : offset(static_cast<size_t>(width)), scale(static_cast<size_t>(width)) {}

  void add(int64_t at, Lanes offsets, Lanes scales) {
    (DoubleLanes(&offset[at]) + DoubleLanes(offsets)).store(&offset[at]);
    (DoubleLanes(&scale[at]) + DoubleLanes(scales)).store(&scale[at]);
  }
};

// gain · (g − (Σ g + standard · Σ g·standard) / rows) of one vector of channels, with the sums' factors multiplied out.
struct NormGradientLanes {
  Lanes mean, gain, scale, offset;

  Lanes input(Lanes g, Lanes x) const { return g * gain - ((x - mean) * scale + offset); }
};

// A norm's gradient: from g behind the activation to its input.
struct NormGradient {
  AlignedFloats mean, gain, scale, offset, dscale, doffset;

  NormGradient(const std::vector<PartSums>& parts, const ChannelNorm& norm, int64_t rows)
      : mean(width(parts)),
        gain(width(parts)),
        scale(width(parts)),
        offset(width(parts)),
        dscale(width(parts)),
        doffset(width(parts)) {
    const auto count = static_cast<double>(rows);
    for (int64_t at = 0; at < width(parts); ++at) {
      double offsets = 0, scales = 0;
      for (const PartSums& part : parts) {
        offsets += part.offset[at];
        scales += part.scale[at];
      }
      doffset[at] = static_cast<float>(offsets);
      dscale[at] = static_cast<float>(scales);
      mean[at] = norm.mean[at];
      gain[at] = norm.gain[at];
      scale[at] = static_cast<float>(scales / count * norm.factor[at] * norm.gain[at]);
      offset[at] = static_cast<float>(offsets / count * norm.gain[at]);
    }
  }

  NormGradientLanes lanes(int64_t at) const {
    return {load(mean.data() + at), load(gain.data() + at), load(scale.data() + at), load(offset.data() + at)};
  }

 private:
  static int64_t width(const std::vector<PartSums>& parts) { return static_cast<int64_t>(parts[0].offset.size()); }
};

// Gradients of the weights between norms, of one part of the batch; squeeze-and-excitation's as `Squeeze` has its own.
struct WeightSums {
  PaddedMatrix expand, project, reduce, excite;
  AlignedFloats reduceBias, exciteBias;
  // [block][tap][lane]
  AlignedFloats filter;

  explicit WeightSums(const MbConvShape& shape)
      : expand(shape.inputs, shape.channels),
        project(shape.channels, shape.outputs),
        reduce(shape.reduced, shape.channels),
        excite(shape.reduced, shape.channels),
        reduceBias(shape.reduced),
        exciteBias(shape.channels),
        filter(shape.taps() * shape.width()) {}
};

// One call of the gradient.
struct MbConvBackward {
  const MbConvCall& call;
  const MbConvShape& shape;
  const float* dy;
  const MbConvKept& kept;
  const MbConvMaps& maps;
  const ImageParts parts;
  const Expansion expansion;
  const Squeeze squeeze;
  const ChannelNorm norm1, norm2, norm3;
  // Of each part.
  std::vector<WeightSums> sums;

  MbConvBackward(const MbConvCall& of, const float* gradient, const MbConvKept& saved, const MbConvMaps& memory);

  template <typename Work>
  void overParts(Work&& work) const {
    parallel(parts.count, [&](int64_t part) { work(part); });
  }

  // The gradient of a norm over `pixels` an image, whose sums `work` adds up part by part.
  template <typename Work>
  NormGradient normGradient(const ChannelNorm& norm, int64_t pixels, int64_t width, Work&& work) const {
    std::vector<PartSums> partSums(static_cast<size_t>(parts.count), PartSums(width));
    overParts([&](int64_t part) { work(part, partSums[part]); });
    return {partSums, norm, shape.batch() * pixels};
  }

  int64_t firstImage(int64_t part) const { return parts.first(part); }
  int64_t endImage(int64_t part) const { return parts.end(part, shape.batch()); }
};

// One step: what it reads most.
class BackwardStep {
 protected:
  explicit BackwardStep(MbConvBackward& pass) : pass_(pass), shape_(pass.shape), kept_(pass.kept), maps_(pass.maps) {}

  MbConvBackward& pass_;
  const MbConvShape& shape_;
  const MbConvKept& kept_;
  const MbConvMaps& maps_;
};

// The steps in their order; each makes the gradient behind one norm's activation, and that norm's own.
NormGradient gradientOfLastNorm(MbConvBackward& pass);
NormGradient gradientOfProjection(MbConvBackward& pass, const NormGradient& third);
NormGradient gradientOfDepthwise(MbConvBackward& pass, const NormGradient& second);
// To dx [n, h, w, i].
void gradientOfExpansion(MbConvBackward& pass, const NormGradient& first, float* dx);

}  // namespace dna
