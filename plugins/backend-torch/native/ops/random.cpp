// Draws.
#include <ATen/CPUGeneratorImpl.h>

#include <cstring>

#include "../bind.h"
#include "../shapes.h"

namespace dna {

namespace {

uint64_t bitsOf(double number) {
  uint64_t bits;
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}

// Draws from each row of logits [batch, outcomes] (or of probabilities, `normalized`): indices [batch, samples]. The
// uniform numbers are drawn on the host, so that a seed means the same on every device.
at::Tensor multinomial(const at::Tensor& logits, int64_t samples, double seed, bool normalized) {
  requireShapes(logits.dim() == 2 && logits.size(1) > 0, "Multinomial", "logits [batch, outcomes]", {logits});
  const at::Tensor wide = logits.to(at::kDouble);
  const at::Tensor up = at::cumsum(normalized ? wide : at::softmax(wide, -1), -1);
  const at::Tensor total = up.narrow(-1, up.size(-1) - 1, 1);
  auto generator = at::make_generator<at::CPUGeneratorImpl>(bitsOf(seed));
  const at::Tensor uniform =
      at::rand({logits.size(0), samples}, generator, at::TensorOptions(at::kDouble)).to(logits.device());
  const at::Tensor drawn = at::searchsorted(up, uniform * total, /*out_int32=*/true, /*right=*/true);
  return drawn.clamp_max_(logits.size(1) - 1);
}

}  // namespace

DNA_OP(multinomial)

}  // namespace dna
