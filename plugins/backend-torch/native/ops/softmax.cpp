// Softmax along an axis, in float32.
#include "../bind.h"
#include "types.h"

namespace dna {

namespace {

at::Tensor softmax(const at::Tensor& logits, int64_t axis) { return at::softmax(floating(logits), axis); }

at::Tensor logSoftmax(const at::Tensor& logits, int64_t axis) { return at::log_softmax(floating(logits), axis); }

}  // namespace

DNA_OP(softmax)
DNA_OP(logSoftmax)

}  // namespace dna
