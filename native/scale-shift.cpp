#include "scale-shift.h"

#include "row-groups.h"

namespace dna::cpu {

namespace {

template <Activation activation, typename Storage>
void scaleRows(const ScaleShift& of, const Storage* x, Storage* y) {
  const RowGroups layout(of.rows, of.channels);
  const std::vector<float> factors = repeated(of.scale, layout), terms = repeated(of.shift, layout);
  mapGroups<1, Storage>(layout, {x}, y, [&](const auto& inputs, Storage* to, int64_t groups, auto put) {
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
          put(to + at, activated<activation>(load(from + at) * factor[vector] + term[vector]));
        }
      }
    });
  });
}

}  // namespace

template <typename Storage>
void scaleShift(const ScaleShift& of, const Storage* x, Storage* y) {
  withActivation(of.activation, [&](auto activation) { scaleRows<activation.value>(of, x, y); });
}

template void scaleShift(const ScaleShift&, const float*, float*);
template void scaleShift(const ScaleShift&, const Bfloat16*, Bfloat16*);

}  // namespace dna::cpu
