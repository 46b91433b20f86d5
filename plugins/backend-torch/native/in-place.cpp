#include "in-place.h"

#include <algorithm>
#include <unordered_set>

#include "converted-weights.h"

namespace dna {

namespace {

// The table of tensors holds it, and the call's arguments.
constexpr size_t HOLDERS = 2;

bool isAlone(const at::Tensor& tensor) {
  return tensor.is_cpu() && tensor.scalar_type() == at::kFloat && tensor.is_contiguous() &&
         tensor.use_count() == HOLDERS && tensor.storage().use_count() == 1;
}

}  // namespace

bool mayBeWritten(const std::vector<const at::Tensor*>& arguments) {
  if (!std::all_of(arguments.begin(), arguments.end(), [](const at::Tensor* each) { return isAlone(*each); }))
    return false;
  std::unordered_set<const void*> storages;
  for (const at::Tensor* each : arguments) storages.insert(each->storage().unsafeGetStorageImpl());
  forgetConvertedFilters(storages);
  return true;
}

}  // namespace dna
