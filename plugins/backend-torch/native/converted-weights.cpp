#include "converted-weights.h"

#include <unordered_map>

namespace dna {

namespace {

// A filter is written after it was made only in place, and forgotten then, so its address is its identity for as long as it
// lives.
struct Entry {
  c10::weak_intrusive_ptr<c10::StorageImpl> source;
  at::Tensor converted;
};

struct Key {
  const void* storage;
  int64_t offset;
  at::ScalarType type;
  bool depthwise;

  bool operator==(const Key& other) const {
    return storage == other.storage && offset == other.offset && type == other.type && depthwise == other.depthwise;
  }
};

struct KeyHash {
  size_t operator()(const Key& key) const {
    return std::hash<const void*>()(key.storage) ^ (static_cast<size_t>(key.offset) << 8) ^
           (static_cast<size_t>(key.type) << 1) ^ static_cast<size_t>(key.depthwise);
  }
};

class Cache {
 public:
  at::Tensor get(const at::Tensor& filter, bool depthwise, at::ScalarType type) {
    const auto& storage = filter.storage();
    const Key key{storage.unsafeGetStorageImpl(), filter.storage_offset(), type, depthwise};
    const auto found = entries_.find(key);
    if (found != entries_.end() && !found->second.source.expired() &&
        found->second.converted.size(0) * found->second.converted.size(1) == filter.size(2) * filter.size(3)) {
      return found->second.converted;
    }
    if (++misses_ % MISSES_A_SWEEP == 0) sweep();
    Entry entry{storage.getWeakStorageImpl(), convert(filter, depthwise, type)};
    return entries_.insert_or_assign(key, std::move(entry)).first->second.converted;
  }

  void forget(const std::unordered_set<const void*>& storages) {
    for (auto at = entries_.begin(); at != entries_.end();) {
      at = storages.count(at->first.storage) > 0 ? entries_.erase(at) : ++at;
    }
  }

  // Forgets what belongs to filters that are gone.
  void sweep() {
    for (auto at = entries_.begin(); at != entries_.end();)
      at = at->second.source.expired() ? entries_.erase(at) : ++at;
  }

 private:
  // Each step of training makes all its filters anew: the old ones must not stay for long.
  static constexpr size_t MISSES_A_SWEEP = 32;

  static at::Tensor convert(const at::Tensor& filter, bool depthwise, at::ScalarType type) {
    const at::Tensor ordered = depthwise ? filter.permute({2, 3, 0, 1}) : filter.permute({3, 2, 0, 1});
    return ordered.to(type).contiguous(at::MemoryFormat::ChannelsLast);
  }

  std::unordered_map<Key, Entry, KeyHash> entries_;
  size_t misses_ = 0;
};

Cache& cache() {
  thread_local Cache own;
  return own;
}

}  // namespace

at::Tensor convertedFilter(const at::Tensor& filter, bool depthwise, at::ScalarType type) {
  return cache().get(filter, depthwise, type);
}

void forgetConvertedFilters(const std::unordered_set<const void*>& storages) { cache().forget(storages); }

void sweepConvertedFilters() { cache().sweep(); }

}  // namespace dna
