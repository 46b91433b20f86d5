// activation(x · scale + shift) a channel: folded batch norms, and the bias of a convolution.
#include "activation.h"
#include "../bind.h"
#include "../device-ops.h"
#include "../rows.h"
#include "../shapes.h"

namespace dna {

namespace {

// x [.., c], scale [c], shift [c] → as x.
Stored scaleShift(const Stored& input, const at::Tensor& scale, const at::Tensor& shift, int64_t activation) {
  const at::Tensor x = input.tensor.contiguous();
  const bool fit = x.dim() >= 1 && scale.dim() == 1 && scale.sizes() == shift.sizes() && scale.size(0) == x.size(-1);
  requireShapes(fit, "ScaleShift", "x [.., c], scale [c] and shift [c]", {x, scale, shift});
  const auto kind = static_cast<Activation>(activation);
  if (!x.is_cpu()) return device::scaleShift(input, scale, shift, kind);
  const RowGroups layout(x);
  const std::vector<float> factors = repeated(scale, layout), terms = repeated(shift, layout);
  at::Tensor y = at::empty_like(x);
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    withActivation(kind, [&](auto fixed) {
      const auto some = [&](const auto& inputs, Storage* to, int64_t groups, auto put) {
        const Storage* from = inputs[0];
        byFewVectors(layout.width / LANES, [&](auto few, int64_t first) {
          Lanes factor[few.value], term[few.value];
#pragma GCC unroll 4
          for (int vector = 0; vector < few.value; ++vector) {
            factor[vector] = load(&factors[(first + vector) * LANES]);
            term[vector] = load(&terms[(first + vector) * LANES]);
          }
          int64_t place = first * LANES;
          for (int64_t group = 0; group < groups; ++group, place += layout.width) {
#pragma GCC unroll 4
            for (int vector = 0; vector < few.value; ++vector) {
              const int64_t at = place + vector * LANES;
              put(to + at, activated<fixed.value>(load(from + at) * factor[vector] + term[vector]));
            }
          }
        });
      };
      mapGroups<1, Storage>(layout, {x.const_data_ptr<Storage>()}, y.mutable_data_ptr<Storage>(), some);
    });
  });
  return {y};
}

}  // namespace

DNA_OP(scaleShift)

}  // namespace dna
