// The products of two matrices that 1×1 convolutions and linear layers are made of, with their gradients.
//
// On the CPU oneDNN's convolutions multiply more than twice as fast as libtorch's `mm` on processors of AMD, so that a
// product of many rows goes through them: the rows are the pixels of some images. What that takes beside the product is
// most of a small one's time: small products of float32 are our own.
#include "matrix-products.h"

#include "../bind.h"
#include "../converted-weights.h"
#include "../shapes.h"

namespace dna {

namespace {

constexpr int64_t MANY_ROWS = 64;

// Pixels of feature maps are multiplied as they are stored. Vectors of whole images (squeeze-and-excitation, a
// classifier) are multiplied in float32 however many images there are: that costs nothing, and a gate's error would
// scale a whole channel.
at::Tensor operand(const Stored& rows, bool pixels) {
  return pixels ? store(rows.tensor).tensor : asFloat(rows.tensor);
}

bool isSmall(const at::Tensor& a, const at::Tensor& b, const ProductShape& shape) {
  constexpr int64_t SMALL = int64_t{16} << 20;
  return a.is_cpu() && a.scalar_type() == at::kFloat && b.scalar_type() == at::kFloat && shape.macs() > 0 &&
         shape.macs() <= SMALL;
}

using Product = void (*)(const ProductShape&, const float*, const float*, float*);

at::Tensor product(Product multiply, const ProductShape& shape, const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor left = a.contiguous(), right = b.contiguous();
  at::Tensor result = at::empty({shape.rows, shape.columns}, left.options());
  multiply(shape, left.const_data_ptr<float>(), right.const_data_ptr<float>(), result.mutable_data_ptr<float>());
  return result;
}

bool asConvolution(const at::Tensor& rows) { return rows.is_cpu() && rows.size(0) >= MANY_ROWS && rows.numel() > 0; }

// With one thread libtorch keeps 1×1 convolutions of fewer than 16 images from oneDNN.
int64_t imagesOf(int64_t rows) {
  for (int64_t count = 16; count <= 64; ++count) {
    if (rows % count == 0) return count;
  }
  return rows;
}

// [m, k] → [images, k, m / images, 1], channels last, without a copy.
at::Tensor image(const at::Tensor& rows) {
  const at::Tensor matrix = rows.contiguous();
  const int64_t images = imagesOf(matrix.size(0));
  return matrix.view({images, matrix.size(0) / images, 1, matrix.size(1)}).permute({0, 3, 1, 2});
}

// [images, k, m / images, 1] → [m, k].
at::Tensor rows(const at::Tensor& image) {
  return image.permute({0, 2, 3, 1}).reshape({image.size(0) * image.size(2), image.size(1)});
}

// [k, n] as a filter [n, k, 1, 1], converted once.
at::Tensor filter(const at::Tensor& matrix, at::ScalarType type) {
  return convertedFilter(matrix.contiguous().view({1, 1, matrix.size(0), matrix.size(1)}), false, type);
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> gradients(const at::Tensor& dy, const at::Tensor& x,
                                                         const at::Tensor& weight, std::array<bool, 3> wanted) {
  return at::convolution_backward(dy, x, weight, std::nullopt, {1, 1}, {0, 0}, {1, 1}, false, {0, 0}, 1, wanted);
}

void requireMatrices(const char* op, const at::Tensor& a, const at::Tensor& b, bool fit) {
  requireShapes(fit, op, "matrices that fit", {a, b});
}

bool matrices(const at::Tensor& a, const at::Tensor& b) { return a.dim() == 2 && b.dim() == 2; }

// a [m, k] · b [k, n]; `pixels`: the rows are pixels of feature maps.
Stored matMul(const Stored& a, const Stored& b, bool pixels) {
  const at::Tensor left = operand(a, pixels), right = asFloat(b.tensor);
  requireMatrices("MatMul", left, right, matrices(left, right) && left.size(1) == right.size(0));
  const ProductShape shape{left.size(0), left.size(1), right.size(1)};
  if (isSmall(left, right, shape)) return {product(multiplyMatrices, shape, left, right)};
  if (!asConvolution(left) || right.numel() == 0) return {at::mm(left, right.to(left.scalar_type()))};
  return {rows(
      at::convolution(image(left), filter(right, left.scalar_type()), {}, {1, 1}, {0, 0}, {1, 1}, false, {0, 0}, 1))};
}

// dy [m, n] · b [k, n]ᵀ
Stored matMulGradA(const Stored& gradient, const Stored& b, bool pixels) {
  const at::Tensor dy = operand(gradient, pixels), right = asFloat(b.tensor);
  requireMatrices("MatMulGradA", dy, right, matrices(dy, right) && dy.size(1) == right.size(1));
  const ProductShape shape{dy.size(0), dy.size(1), right.size(0)};
  if (isSmall(dy, right, shape)) return {product(multiplyByTransposed, shape, dy, right)};
  if (!asConvolution(dy) || right.numel() == 0) return {at::mm(dy, right.to(dy.scalar_type()).t())};
  const at::Tensor like = image(at::empty({dy.size(0), right.size(0)}, dy.options()));  // only its shape is read
  return {rows(std::get<0>(gradients(image(dy), like, filter(right, dy.scalar_type()), {true, false, false})))};
}

// a [m, k]ᵀ · dy [m, n]: the gradient of a weight, in float32.
at::Tensor matMulGradB(const Stored& a, const Stored& gradient, bool pixels) {
  const at::Tensor left = operand(a, pixels);
  requireMatrices("MatMulGradB", left, gradient.tensor,
                  matrices(left, gradient.tensor) && left.size(0) == gradient.tensor.size(0));
  const at::Tensor dy = gradient.tensor.to(left.scalar_type());
  const ProductShape shape{left.size(1), left.size(0), dy.size(1)};
  if (isSmall(left, dy, shape)) return product(multiplyTransposed, shape, left, dy);
  if (!asConvolution(left) || dy.numel() == 0) return asFloat(at::mm(left.t(), dy));
  const at::Tensor like = at::empty({dy.size(1), left.size(1), 1, 1}, left.options());  // only its shape is read
  const at::Tensor dweight = std::get<1>(gradients(image(dy), image(left), like, {false, true, false}));
  return asFloat(dweight.reshape({dy.size(1), left.size(1)}).t()).contiguous();
}

}  // namespace

DNA_OP(matMul)
DNA_OP(matMulGradA)
DNA_OP(matMulGradB)

}  // namespace dna
