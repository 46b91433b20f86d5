#include "mb-conv-folded.h"

#include <mutex>
#include <tuple>

#include "depthwise-taps.h"
#include "mb-conv-parts.h"
#include "parallel.h"
#include "products.h"

namespace dna {

namespace {

// Memory for one image: its wide maps stay in the cache from one layer to the next.
struct ImageMemory {
  // The depthwise convolution's input in a plane a block of channels, with its border of zeros; its result in rows of
  // whole vectors; what a product makes at a time.
  AlignedFloats planes, filtered, chunk, mean;

  explicit ImageMemory(const MbConvShape& shape, int64_t planeFloats, int64_t chunkFloats)
      : planes(planeFloats * shape.depthwise.blocks()),
        filtered(AlignedFloats::unset(shape.outPixels() * shape.width())),
        chunk(AlignedFloats::unset(chunkFloats)),
        mean(shape.width()) {}
};

// As many as images are worked on at the same time.
class Memories {
 public:
  template <typename Make, typename Work>
  void with(Make&& make, Work&& work) {
    std::unique_ptr<ImageMemory> memory = take();
    if (!memory) memory = make();
    work(*memory);
    const std::lock_guard<std::mutex> lock(guard_);
    free_.push_back(std::move(memory));
  }

 private:
  std::unique_ptr<ImageMemory> take() {
    const std::lock_guard<std::mutex> lock(guard_);
    if (free_.empty()) return nullptr;
    std::unique_ptr<ImageMemory> memory = std::move(free_.back());
    free_.pop_back();
    return memory;
  }

  std::mutex guard_;
  std::vector<std::unique_ptr<ImageMemory>> free_;
};

MbConvWeights squeezeWeights(const MbConvFoldedWeights& weights) {
  MbConvWeights all{};
  all.reduce = weights.reduce;
  all.reduceBias = weights.reduceBias;
  all.excite = weights.excite;
  all.exciteBias = weights.exciteBias;
  return all;
}

class Folded {
 public:
  Folded(const MbConvFoldedCall& call, float* y)
      : shape_(call.shape),
        call_(call),
        y_(y),
        filter_(paddedRows(call.weights.filter, shape_.taps(), shape_.channels)),
        filterBias_(padded(call.weights.filterBias, shape_.channels)),
        project_(paddedRows(call.weights.project, shape_.channels, shape_.outputs)),
        projectBias_(padded(call.weights.projectBias, shape_.outputs)) {
    if (call.weights.expand != nullptr) {
      expand_.emplace(paddedRows(call.weights.expand, shape_.inputs, shape_.channels));
      expandBias_.emplace(padded(call.weights.expandBias, shape_.channels));
    }
    if (call.weights.reduce != nullptr) squeeze_.emplace(shape_, squeezeWeights(call.weights));
    findPlaces();
  }

  template <Activation activation>
  void run() {
    const int64_t width = std::max(shape_.width(), shape_.outWidth());
    const auto make = [&] {
      const int64_t rows = std::max(chunkRows(shape_.width()), chunkRows(shape_.outWidth()));
      return std::make_unique<ImageMemory>(shape_, planeFloats(), rows * width);
    };
    Memories memories;
    parallel(shape_.batch(), [&](int64_t image) {
      memories.with(make, [&](ImageMemory& memory) {
        const float* x = call_.x + image * shape_.pixels() * shape_.inputs;
        if (expand_) expand<activation>(x, memory);
        else pack(x, memory);
        filter<activation>(memory);
        if (squeeze_) gate<activation>(memory);
        project(x, memory, y_ + image * shape_.outPixels() * shape_.outputs);
      });
    });
  }

 private:
  static constexpr int32_t NOWHERE = -1;

  int64_t pitch() const { return shape_.depthwise.packedWidth() * LANES; }
  int64_t planeFloats() const { return shape_.depthwise.packedHeight(shape_.depthwise.outHeight) * pitch(); }

  // Where each pixel of the input lies in a plane; nowhere if no result reads it.
  void findPlaces() {
    const DepthwiseShape& of = shape_.depthwise;
    const int64_t rows = of.packedHeight(of.outHeight), columns = of.packedWidth();
    places_.reserve(static_cast<size_t>(shape_.pixels()));
    for (int64_t row = of.top; row < of.top + of.height; ++row) {
      for (int64_t column = of.left; column < of.left + of.width; ++column) {
        const bool read = row < rows && column < columns;
        places_.push_back(read ? static_cast<int32_t>((row * columns + column) * LANES) : NOWHERE);
      }
    }
  }

  // Calls put(row, to) for some pixels of the input, from `first` on, that have a place in a block's plane.
  template <typename Put>
  void intoPlane(float* plane, int64_t first, int64_t rows, Put&& put) const {
    const int32_t* places = places_.data() + first;
    for (int64_t row = 0; row < rows; ++row) {
      if (places[row] != NOWHERE) put(row, plane + places[row]);
    }
  }

  template <Activation activation>
  void expand(const float* x, ImageMemory& memory) const {
    const int64_t width = shape_.width(), inputs = shape_.inputs, chunk = chunkRows(width);
    for (int64_t first = 0; first < shape_.pixels(); first += chunk) {
      const int64_t rows = std::min(chunk, shape_.pixels() - first);
      float* const made = memory.chunk.data();
      multiply<false>(rows, {x + first * inputs, inputs}, inputs, {expand_->data(), width}, width,
                      {made, width, false});
      for (int64_t at = 0; at < width; at += LANES) {
        const Lanes bias = load(expandBias_->data() + at);
        intoPlane(memory.planes.data() + at / LANES * planeFloats(), first, rows, [&](int64_t row, float* to) {
          store(to, activated<activation>(load(made + row * width + at) + bias));
        });
      }
    }
  }

  void pack(const float* x, ImageMemory& memory) const {
    const int64_t inputs = shape_.inputs;
    for (int64_t at = 0; at < inputs; at += LANES) {
      intoPlane(memory.planes.data() + at / LANES * planeFloats(), 0, shape_.pixels(),
                [&](int64_t pixel, float* to) { store(to, loadPart(x + pixel * inputs + at, inputs - at)); });
    }
  }

  // With the means of the channels.
  template <Activation activation>
  void filter(ImageMemory& memory) const {
    const DepthwiseShape& of = shape_.depthwise;
    const int64_t width = shape_.width();
    for (int64_t at = 0; at < width; at += LANES) {
      const float* plane = memory.planes.data() + at / LANES * planeFloats();
      const Lanes bias = load(filterBias_.data() + at);
      Lanes total = splat(0.0f);
      for (int64_t row = 0; row < of.outHeight; ++row) {
        float* const to = memory.filtered.data() + row * of.outWidth * width + at;
        sumRow(plane + row * of.stride * pitch(), convolutionTaps(of, pitch(), row), of.stride * LANES,
               filter_.data() + at, of.outWidth, [&](int64_t column, Lanes sum) __attribute__((always_inline)) {
                 const Lanes y = activated<activation>(sum + bias);
                 store(to + column * width, y);
                 total += y;
               });
      }
      store(memory.mean.data() + at, total / static_cast<float>(shape_.outPixels()));
    }
  }

  template <Activation activation>
  void gate(ImageMemory& memory) const {
    Squeeze::Values values(*squeeze_);
    squeeze_->forward<activation>(memory.mean.data(), values);
    const int64_t width = shape_.width();
    for (int64_t pixel = 0; pixel < shape_.outPixels(); ++pixel) {
      float* const row = memory.filtered.data() + pixel * width;
      for (int64_t at = 0; at < width; at += LANES) store(row + at, load(row + at) * load(values.gate.data() + at));
    }
  }

  void project(const float* x, ImageMemory& memory, float* y) const {
    const int64_t width = shape_.width(), outWidth = shape_.outWidth(), outputs = shape_.outputs,
                  chunk = chunkRows(outWidth);
    float* const made = memory.chunk.data();
    for (int64_t first = 0; first < shape_.outPixels(); first += chunk) {
      const int64_t rows = std::min(chunk, shape_.outPixels() - first);
      multiply<false>(rows, {memory.filtered.data() + first * width, width}, shape_.channels,
                      {project_.data(), outWidth}, outWidth, {made, outWidth, false});
      for (int64_t row = 0; row < rows; ++row) {
        for (int64_t at = 0; at < outWidth; at += LANES) {
          const int64_t place = (first + row) * outputs + at;
          Lanes value = load(made + row * outWidth + at) + load(projectBias_.data() + at);
          if (call_.residual) value += loadPart(x + place, outputs - at);
          storePart(y + place, value, outputs - at);
        }
      }
    }
  }

  const MbConvShape& shape_;
  const MbConvFoldedCall& call_;
  float* const y_;
  const PaddedMatrix filter_;
  const AlignedFloats filterBias_;
  const PaddedMatrix project_;
  const AlignedFloats projectBias_;
  std::optional<PaddedMatrix> expand_;
  std::optional<AlignedFloats> expandBias_;
  std::optional<Squeeze> squeeze_;
  std::vector<int32_t> places_;
};

}  // namespace

MbConvFoldedWeights MbConvFoldedWeights::of(const std::vector<const float*>& list) {
  const MbConvFoldedPlaces at(list.size());
  MbConvFoldedWeights weights{};
  if (at.expands) std::tie(weights.expand, weights.expandBias) = std::tie(list[0], list[1]);
  std::tie(weights.filter, weights.filterBias) = std::tie(list[at.filter], list[at.filter + 1]);
  if (at.squeezes) {
    std::tie(weights.reduce, weights.reduceBias) = std::tie(list[at.reduce], list[at.reduce + 1]);
    std::tie(weights.excite, weights.exciteBias) = std::tie(list[at.reduce + 2], list[at.reduce + 3]);
  }
  std::tie(weights.project, weights.projectBias) = std::tie(list[at.project], list[at.project + 1]);
  return weights;
}

void mbConvFoldedForward(const MbConvFoldedCall& call, float* y) {
  withActivation(call.activation, [&](auto fixed) { Folded(call, y).run<fixed.value>(); });
}

}  // namespace dna
