#include "rows.h"

namespace dna {

std::vector<float> repeated(const at::Tensor& perChannel, const RowGroups& layout) {
  const at::Tensor values = perChannel.contiguous();
  const float* from = values.const_data_ptr<float>();
  std::vector<float> all;
  all.reserve(static_cast<size_t>(layout.width));
  for (int64_t row = 0; row < layout.perGroup; ++row) all.insert(all.end(), from, from + layout.channels);
  return all;
}

int64_t groupsPerChunk(const RowGroups& layout) {
  constexpr int64_t CHUNK_FLOATS = 32 * 1024;
  return layout.width == 0 ? 1 : std::max<int64_t>(1, CHUNK_FLOATS / layout.width);
}

}  // namespace dna
