// A whole MBConv in training mode: expand, batch norm, depthwise, batch norm, squeeze-and-excite, project, batch norm.
//
// Between two batch norms nothing depends on other images, so that each image goes through several layers while it is in
// the cache: of the wide feature maps only those before a norm are written, and each is read once.
#include "../bind.h"
#include "../depthwise-taps.h"
#include "../image-parts.h"
#include "../mb-conv.h"
#include "../products.h"

namespace dna {

namespace {

// Parts of a batch; each keeps moments of its own.
constexpr int64_t MOST_PARTS = 8;
// Floats of a wide map that are made and summed up at a time.
constexpr int64_t CHUNK_FLOATS = 32 * 1024;

using PartMoments = std::vector<std::vector<Moments>>;

struct Statistics {
  at::Tensor mean, variance;

  // Of the channels without their padding.
  Statistics(const PartMoments& parts, int64_t channels)
      : mean(at::empty({channels}, at::kFloat)), variance(at::empty({channels}, at::kFloat)) {
    for (int64_t channel = 0; channel < channels; ++channel) {
      Moments all;
      for (const auto& part : parts) all.merge(part[channel]);
      mean.mutable_data_ptr<float>()[channel] = static_cast<float>(all.mean);
      variance.mutable_data_ptr<float>()[channel] = static_cast<float>(all.squares / all.count);
    }
  }
};

class Forward {
 public:
  Forward(const MbConvShape& shape, const at::Tensor& x, const std::vector<at::Tensor>& weights, double epsilon)
      : shape_(shape), x_(x), weights_(weights), epsilon_(epsilon), parts_(shape.batch(), MOST_PARTS) {
    const auto& of = shape.depthwise;
    expanded_ = at::empty({of.batch, of.height, of.width, shape.width()}, at::kFloat);
    filtered_ = at::empty({of.batch, of.outHeight, of.outWidth, shape.width()}, at::kFloat);
    projected_ = at::empty({of.batch, of.outHeight, of.outWidth, shape.outWidth()}, at::kFloat);
    mean_ = at::empty({of.batch, shape.channels}, at::kFloat);
    gate_ = at::empty({of.batch, shape.channels}, at::kFloat);
  }

  template <Activation activation>
  std::vector<at::Tensor> run() {
    const Statistics first = overParts(shape_.width(), shape_.channels, [&](int64_t begin, int64_t end, Moments* to) {
      expand(begin, end, to);
    });
    const ChannelNorm norm1 = norm(first, SCALE_1);
    const Statistics second = overParts(shape_.width(), shape_.channels, [&](int64_t begin, int64_t end, Moments* to) {
      filter<activation>(norm1, begin, end, to);
    });
    const ChannelNorm norm2 = norm(second, SCALE_2);
    const Squeeze squeeze(shape_, weights_);
    const Statistics third = overParts(shape_.outWidth(), shape_.outputs, [&](int64_t begin, int64_t end, Moments* to) {
      project<activation>(norm2, squeeze, begin, end, to);
    });
    return {output(norm(third, SCALE_3)), first.mean, first.variance, second.mean, second.variance, third.mean,
            third.variance, expanded_,   filtered_,      projected_,  mean_,           gate_};
  }

 private:
  ChannelNorm norm(const Statistics& of, int scale) const {
    return {of.mean, of.variance, weights_[scale], weights_[scale + 1], epsilon_};
  }

  template <typename Work>
  Statistics overParts(int64_t width, int64_t channels, Work&& work) const {
    PartMoments moments(static_cast<size_t>(parts_.count), std::vector<Moments>(static_cast<size_t>(width)));
    at::parallel_for(0, parts_.count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; ++part) {
        work(parts_.first(part), parts_.end(part, shape_.batch()), moments[part].data());
      }
    });
    return {moments, channels};
  }

  void expand(int64_t begin, int64_t end, Moments* moments) {
    const float* weights = weights_[EXPAND].const_data_ptr<float>();
    const int64_t channels = shape_.channels, width = shape_.width(), inputs = shape_.inputs;
    const PaddedMatrix matrix(inputs, channels, [&](int64_t row, int64_t at) { return weights[row * channels + at]; });
    const int64_t chunk = std::max<int64_t>(24, CHUNK_FLOATS / width / 24 * 24);
    const float* from = x_.const_data_ptr<float>();
    float* to = expanded_.mutable_data_ptr<float>();
    for (int64_t row = begin * shape_.pixels(); row < end * shape_.pixels(); row += chunk) {
      const int64_t rows = std::min(chunk, end * shape_.pixels() - row);
      multiply<false>(rows, {from + row * inputs, inputs}, inputs, matrix.data(), width, to + row * width, false);
      addMoments(to + row * width, rows, width, moments);
    }
  }

  template <Activation activation>
  void filter(const ChannelNorm& norm, int64_t begin, int64_t end, Moments* moments) {
    const DepthwiseShape& of = shape_.depthwise;
    const float* weights = weights_[FILTER].const_data_ptr<float>();
    const PaddedMatrix taps(shape_.taps(), shape_.channels,
                            [&](int64_t tap, int64_t at) { return weights[tap * shape_.channels + at]; });
    AlignedFloats planes(of.packedHeight(of.bandHeight()) * of.packedWidth() * LANES * BlockGroup::MOST);
    const int64_t floats = shape_.outPixels() * shape_.width();
    for (int64_t image = begin; image < end; ++image) {
      for (int64_t group = 0; group < of.groups(); ++group) {
        for (int64_t row = 0; row < of.outHeight; row += of.bandHeight()) {
          filterBand<activation>(norm, taps.data(), {image, row}, BlockGroup(of, group), planes.data());
        }
      }
      addMoments(filtered_.const_data_ptr<float>() + image * floats, shape_.outPixels(), shape_.width(), moments);
    }
  }

  struct Place {
    int64_t image, row;
  };

  template <Activation activation>
  void filterBand(const ChannelNorm& norm, const float* filter, const Place& at, const BlockGroup& group, float* planes) {
    const DepthwiseShape& of = shape_.depthwise;
    const int64_t width = shape_.width(), channel = group.first * LANES;
    const int64_t outputs = std::min(of.bandHeight(), of.outHeight - at.row), pitch = of.packedWidth() * LANES;
    const Rectangle read{at.row * of.stride - of.top, -of.left, of.packedHeight(outputs), of.packedWidth()};
    const float* image = expanded_.const_data_ptr<float>() + at.image * shape_.pixels() * width + channel;
    packRectangle(of, group.count, read, planes, [&](int64_t pixel, float* to) {
      for (int64_t block = 0; block < group.count; ++block) {
        const Lanes x = norm.scaled(load(image + pixel * width + block * LANES), channel + block * LANES);
        store(to + block * read.floats(), activated<activation>(x));
      }
    });
    const std::vector<Tap> taps = convolutionTaps(of, pitch);
    float* to = filtered_.mutable_data_ptr<float>() + (at.image * shape_.outPixels() + at.row * of.outWidth) * width + channel;
    for (int64_t block = 0; block < group.count; ++block) {
      for (int64_t row = 0; row < outputs; ++row) {
        float* result = to + row * of.outWidth * width + block * LANES;
        sumRow(planes + block * read.floats() + row * of.stride * pitch, taps, of.stride * LANES,
               filter + channel + block * LANES, of.outWidth,
               [&](int64_t column, Lanes sum) { store(result + column * width, sum); });
      }
    }
  }

  template <Activation activation>
  void project(const ChannelNorm& norm, const Squeeze& squeeze, int64_t begin, int64_t end, Moments* moments) {
    const int64_t width = shape_.width(), outWidth = shape_.outWidth(), pixels = shape_.outPixels();
    const float* weights = weights_[PROJECT].const_data_ptr<float>();
    const PaddedMatrix matrix(shape_.channels, shape_.outputs,
                              [&](int64_t row, int64_t at) { return weights[row * shape_.outputs + at]; });
    AlignedFloats scratch(pixels * width), mean(width);
    Squeeze::Values values(squeeze);
    for (int64_t image = begin; image < end; ++image) {
      const float* from = filtered_.const_data_ptr<float>() + image * pixels * width;
      activateImage<activation>(norm, from, scratch.data(), mean.data());
      squeeze.forward<activation>(mean.data(), values);
      std::copy_n(mean.data(), shape_.channels, mean_.mutable_data_ptr<float>() + image * shape_.channels);
      std::copy_n(values.gate.data(), shape_.channels, gate_.mutable_data_ptr<float>() + image * shape_.channels);
      scaleChannels(scratch.data(), values.gate.data());
      float* to = projected_.mutable_data_ptr<float>() + image * pixels * outWidth;
      multiply<false>(pixels, {scratch.data(), width}, shape_.channels, matrix.data(), outWidth, to, false);
      addMoments(to, pixels, outWidth, moments);
    }
  }

  template <Activation activation>
  void activateImage(const ChannelNorm& norm, const float* from, float* to, float* mean) const {
    const int64_t width = shape_.width(), pixels = shape_.outPixels();
    for (int64_t at = 0; at < width; at += LANES) {
      Lanes sum = splat(0.0f);
      for (int64_t pixel = 0; pixel < pixels; ++pixel) {
        const Lanes y = activated<activation>(norm.scaled(load(from + pixel * width + at), at));
        store(to + pixel * width + at, y);
        sum += y;
      }
      store(mean + at, sum / static_cast<float>(pixels));
    }
  }

  void scaleChannels(float* values, const float* gate) const {
    const int64_t width = shape_.width();
    for (int64_t at = 0; at < width; at += LANES) {
      const Lanes factor = load(gate + at);
      for (int64_t pixel = 0; pixel < shape_.outPixels(); ++pixel) {
        float* value = values + pixel * width + at;
        store(value, load(value) * factor);
      }
    }
  }

  at::Tensor output(const ChannelNorm& norm) const {
    const DepthwiseShape& of = shape_.depthwise;
    at::Tensor y = at::empty({of.batch, of.outHeight, of.outWidth, shape_.outputs}, at::kFloat);
    const float* from = projected_.const_data_ptr<float>();
    float* to = y.mutable_data_ptr<float>();
    AlignedFloats row(shape_.outWidth());
    for (int64_t pixel = 0; pixel < of.batch * shape_.outPixels(); ++pixel) {
      for (int64_t at = 0; at < shape_.outWidth(); at += LANES) {
        store(row.data() + at, norm.scaled(load(from + pixel * shape_.outWidth() + at), at));
      }
      std::copy_n(row.data(), shape_.outputs, to + pixel * shape_.outputs);
    }
    return y;
  }

  const MbConvShape& shape_;
  const at::Tensor& x_;
  const std::vector<at::Tensor>& weights_;
  const double epsilon_;
  const ImageParts parts_;
  at::Tensor expanded_, filtered_, projected_, mean_, gate_;
};

// x [n, h, w, ci] → y [n, oh, ow, co], mean and variance of the three norms (biased), and what the gradient needs: the
// maps before the norms, the squeezed means and gates.
std::vector<at::Tensor> mbConvTraining(const at::Tensor& x, const std::vector<at::Tensor>& given,
                                       const std::vector<int64_t>& strides, const std::vector<int64_t>& padding,
                                       double epsilon, int64_t activation) {
  const std::vector<at::Tensor> weights = mbConvWeights(given);
  const MbConvShape shape = mbConvShape("MbConvTraining", x, weights, strides, padding);
  const at::Tensor input = x.contiguous();
  Forward forward(shape, input, weights, epsilon);
  return withActivation(static_cast<Activation>(activation), [&](auto fixed) { return forward.run<fixed.value>(); });
}

}  // namespace

DNA_OP(mbConvTraining)

}  // namespace dna
