// The classification loss, and its gradient by the logits.
#include "softmax-cross-entropy.h"

#include "../bind.h"
#include "../shapes.h"

namespace dna {

namespace {

at::Tensor wantedOf(const at::Tensor& labels, int64_t classes, double smoothing) {
  const at::Tensor plain = labels.dim() == 1 ? at::one_hot(labels.to(at::kLong), classes).to(at::kFloat) : labels;
  return smoothing == 0 ? plain : plain * (1 - smoothing) + smoothing / static_cast<double>(classes);
}

void requireClasses(const at::Tensor& labels, int64_t classes) {
  const int32_t* from = labels.const_data_ptr<int32_t>();
  for (int64_t row = 0; row < labels.numel(); ++row) {
    if (from[row] >= 0 && from[row] < classes) continue;
    throw UsageError("label " + std::to_string(from[row]) + " is none of " + std::to_string(classes) + " classes");
  }
}

std::vector<at::Tensor> onHost(const at::Tensor& given, const at::Tensor& wanted, double smoothing) {
  const at::Tensor logits = given.contiguous();
  const bool classes = wanted.dim() == 1;
  const at::Tensor labels = wanted.to(classes ? at::kInt : at::kFloat).contiguous();
  if (classes) requireClasses(labels, logits.size(1));
  at::Tensor loss = emptyFloats({}), gradient = emptyFloats(logits.sizes());
  *loss.mutable_data_ptr<float>() =
      static_cast<float>(cpu::softmaxCrossEntropy({logits.size(0), logits.size(1), logits.const_data_ptr<float>(),
                                                   classes ? labels.const_data_ptr<int32_t>() : nullptr,
                                                   classes ? nullptr : labels.const_data_ptr<float>(), smoothing},
                                                  gradient.mutable_data_ptr<float>()));
  return {loss, gradient};
}

// logits [n, k], labels as classes [n] or distributions [n, k] → the mean over the batch, its gradient [n, k].
std::vector<at::Tensor> softmaxCrossEntropy(const at::Tensor& logits, const at::Tensor& labels, double smoothing) {
  const bool fit = logits.dim() == 2 && logits.numel() > 0 && labels.dim() > 0 && labels.size(0) == logits.size(0) &&
                   (labels.dim() == 1 || labels.sizes() == logits.sizes());
  requireShapes(fit, "SoftmaxCrossEntropy", "logits [n, k] and labels [n] or [n, k]", {logits, labels});
  if (logits.is_cpu()) return onHost(logits, labels, smoothing);
  const auto batch = static_cast<double>(logits.size(0));
  const at::Tensor wanted = wantedOf(labels, logits.size(1), smoothing);
  const at::Tensor logProbabilities = at::log_softmax(logits, 1);
  const at::Tensor excess = logProbabilities.exp() * wanted.sum(1, true) - wanted;
  return {(wanted * logProbabilities).sum() / -batch, excess / batch};
}

}  // namespace

DNA_OP(softmaxCrossEntropy)

}  // namespace dna
