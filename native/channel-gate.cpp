#include "channel-gate.h"

#include "row-groups.h"

namespace dna::cpu {

namespace {

RowGroups layoutOf(const FeatureMaps& maps) { return RowGroups(maps.pixels, maps.channels); }

// Calls work(pixels, vector) for every image, on all threads: where its floats begin, and those of its vectors.
template <typename Work>
void forEachImage(const FeatureMaps& maps, Work&& work) {
  parallel(maps.images, [&](int64_t image) { work(image * maps.pixels * maps.channels, image * maps.channels); });
}

// Σ over the pixels of one image of term(group), folded to the channels.
template <size_t count, typename Storage, typename Term>
void sumPixels(const RowGroups& layout, const std::array<const Storage*, count>& inputs, Term&& term, float* sums) {
  std::vector<float> part(static_cast<size_t>(layout.width), 0.0f);
  const auto add = [&](const std::array<const Storage*, count>& from, Storage*) {
    for (int64_t at = 0; at < layout.width; at += LANES) store(&part[at], load(&part[at]) + term(from, at));
  };
  for (int64_t group = 0; group < layout.groups; ++group) {
    std::array<const Storage*, count> from = inputs;
    for (const Storage*& pointer : from) pointer += group * layout.width;
    add(from, nullptr);
  }
  onRest<count, Storage>(layout, inputs, nullptr, add);
  std::fill_n(sums, layout.channels, 0.0f);
  for (int64_t at = 0; at < layout.width; ++at) sums[at % layout.channels] += part[at];
}

template <typename Storage>
void gateImage(const RowGroups& layout, const Storage* x, const float* gate, const float* shift, Storage* y) {
  const std::vector<float> factors = repeated(gate, layout);
  const std::vector<float> terms = shift ? repeated(shift, layout) : std::vector<float>(factors.size(), 0.0f);
  const auto scale = [&](const std::array<const Storage*, 1>& from, Storage* to) {
    for (int64_t at = 0; at < layout.width; at += LANES) {
      store(to + at, load(from[0] + at) * load(&factors[at]) + load(&terms[at]));
    }
  };
  for (int64_t group = 0; group < layout.groups; ++group) scale({x + group * layout.width}, y + group * layout.width);
  onRest<1, Storage>(layout, {x}, y, scale);
}

}  // namespace

template <typename Storage>
void globalMean(const FeatureMaps& maps, const Storage* x, float* means) {
  const RowGroups layout = layoutOf(maps);
  forEachImage(maps, [&](int64_t pixels, int64_t vector) {
    const auto value = [](const auto& row, int64_t at) { return load(row[0] + at); };
    sumPixels<1, Storage>(layout, {x + pixels}, value, means + vector);
    for (int64_t channel = 0; channel < maps.channels; ++channel)
      means[vector + channel] /= static_cast<float>(maps.pixels);
  });
}

template <typename Storage>
void channelGate(const FeatureMaps& maps, const Storage* x, const float* gate, const float* shift, Storage* y) {
  const RowGroups layout = layoutOf(maps);
  forEachImage(maps, [&](int64_t pixels, int64_t vector) {
    gateImage(layout, x + pixels, gate + vector, shift ? shift + vector : nullptr, y + pixels);
  });
}

template <typename Storage>
void channelDot(const FeatureMaps& maps, const Storage* a, const Storage* b, float* sums) {
  const RowGroups layout = layoutOf(maps);
  forEachImage(maps, [&](int64_t pixels, int64_t vector) {
    const auto product = [](const auto& rows, int64_t at) { return load(rows[0] + at) * load(rows[1] + at); };
    sumPixels<2, Storage>(layout, {a + pixels, b + pixels}, product, sums + vector);
  });
}

template void globalMean(const FeatureMaps&, const float*, float*);
template void globalMean(const FeatureMaps&, const Bfloat16*, float*);
template void channelGate(const FeatureMaps&, const float*, const float*, const float*, float*);
template void channelGate(const FeatureMaps&, const Bfloat16*, const float*, const float*, Bfloat16*);
template void channelDot(const FeatureMaps&, const float*, const float*, float*);
template void channelDot(const FeatureMaps&, const Bfloat16*, const Bfloat16*, float*);

}  // namespace dna::cpu
