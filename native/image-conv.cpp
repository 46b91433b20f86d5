#include "image-conv.h"

#include <vector>

#include "aligned-floats.h"
#include "image-parts.h"
#include "parallel.h"
#include "products.h"

namespace dna {

namespace {

// Sums of the filter's gradient: so many parts, whatever the threads.
constexpr int64_t MOST_PARTS = 16;

// The windows of neighbouring results, each `pitch` floats behind the one before; `offsets` tells where a window has its
// values. As a matrix: a window a row or, transposed, a window a column.
template <bool transposed>
struct Windows {
  const float* values;
  int64_t pitch;
  const int32_t* offsets;

  float at(int64_t row, int64_t column) const {
    return transposed ? values[offsets[row] + column * pitch] : values[offsets[column] + row * pitch];
  }
  Windows from(int64_t row, int64_t column) const {
    return transposed ? Windows{values + column * pitch, pitch, offsets + row}
                      : Windows{values + row * pitch, pitch, offsets + column};
  }
};

// An image with its border, so that no window reaches beyond it.
class BorderedImage {
 public:
  explicit BorderedImage(const ImageConvShape& shape)
      : shape_(shape),
        rows_((shape.outHeight - 1) * shape.strideDown + shape.kernelHeight),
        pitch_(((shape.outWidth - 1) * shape.strideAcross + shape.kernelWidth) * shape.inputs),
        values_(rows_ * pitch_) {
    for (int64_t down = 0; down < shape.kernelHeight; ++down) {
      for (int64_t at = 0; at < shape.kernelWidth * shape.inputs; ++at) {
        offsets_.push_back(static_cast<int32_t>(down * pitch_ + at));
      }
    }
  }

  // The border stays as it is.
  void fill(const float* image) {
    const int64_t width = shape_.width * shape_.inputs, left = shape_.left * shape_.inputs;
    const int64_t floats = std::min(width, pitch_ - left);
    for (int64_t row = 0; row < shape_.height && row + shape_.top < rows_; ++row) {
      if (floats > 0) std::copy_n(image + row * width, floats, values_.data() + (row + shape_.top) * pitch_ + left);
    }
  }

  // Of a row of results.
  template <bool transposed>
  Windows<transposed> windows(int64_t output) const {
    return {values_.data() + output * shape_.strideDown * pitch_, shape_.strideAcross * shape_.inputs, offsets_.data()};
  }

 private:
  const ImageConvShape& shape_;
  const int64_t rows_, pitch_;
  AlignedFloats values_;
  std::vector<int32_t> offsets_;
};

template <Activation activation>
void finish(const float* from, const AlignedFloats& bias, int64_t rows, int64_t outputs, float* to) {
  const int64_t width = wholeVectors(outputs);
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t at = 0; at < width; at += LANES) {
      const Lanes y = activated<activation>(load(from + row * width + at) + load(bias.data() + at));
      storePart(to + row * outputs + at, y, outputs - at);
    }
  }
}

// Calls work(part, image, bordered) for the images of each part.
template <typename Work>
void overImages(const ImageConvShape& shape, const float* x, const ImageParts& parts, Work&& work) {
  parallel(parts.count, [&](int64_t part) {
    BorderedImage bordered(shape);
    for (int64_t image = parts.first(part); image < parts.end(part, shape.batch); ++image) {
      bordered.fill(x + image * shape.height * shape.width * shape.inputs);
      work(part, image, bordered);
    }
  });
}

}  // namespace

void imageConv(const ImageConvShape& shape, const float* x, const float* filter, const ImageConvEnd& end, float* y) {
  const int64_t columns = shape.outWidth, width = wholeVectors(shape.outputs);
  const PaddedMatrix matrix = paddedRows(filter, shape.depth(), shape.outputs);
  const bool plain = end.bias == nullptr && end.activation == Activation::None && width == shape.outputs;
  const AlignedFloats bias = end.bias ? padded(end.bias, shape.outputs) : AlignedFloats(shape.outputs);
  overImages(shape, x, {shape.batch, shape.batch}, [&](int64_t, int64_t image, const BorderedImage& bordered) {
    auto made = AlignedFloats::unset(plain ? 0 : columns * width);
    for (int64_t row = 0; row < shape.outHeight; ++row) {
      float* const to = y + (image * shape.outHeight + row) * columns * shape.outputs;
      multiplyBand(columns, bordered.windows<false>(row), shape.depth(), {matrix.data(), width}, width,
                   {plain ? to : made.data(), width, false});
      if (plain) continue;
      withActivation(end.activation,
                     [&](auto fixed) { finish<fixed.value>(made.data(), bias, columns, shape.outputs, to); });
    }
  });
}

void imageConvFilterGradient(const ImageConvShape& shape, const float* x, const float* dy, float* dfilter) {
  const int64_t columns = shape.outWidth, outputs = shape.outputs, width = wholeVectors(outputs), depth = shape.depth();
  const ImageParts parts(shape.batch, MOST_PARTS);
  std::vector<PaddedMatrix> sums;
  for (int64_t part = 0; part < parts.count; ++part) sums.emplace_back(depth, outputs);
  overImages(shape, x, parts, [&](int64_t part, int64_t image, const BorderedImage& bordered) {
    AlignedFloats gradient(width == outputs ? 0 : columns * width);
    for (int64_t row = 0; row < shape.outHeight; ++row) {
      const float* from = dy + (image * shape.outHeight + row) * columns * outputs;
      for (int64_t at = 0; width != outputs && at < columns; ++at) {
        std::copy_n(from + at * outputs, outputs, gradient.data() + at * width);
      }
      multiplyBand(depth, bordered.windows<true>(row), columns, {width == outputs ? from : gradient.data(), width},
                   width, {sums[part].data(), width, true});
    }
  });
  addParts(sums, outputs, dfilter);
}

}  // namespace dna
