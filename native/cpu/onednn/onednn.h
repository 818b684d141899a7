// What the users of oneDNN's primitives share.
#pragma once

#include <list>
#include <map>
#include <oneapi/dnnl/dnnl.hpp>
#include <utility>

#include "tensor.h"

namespace selvage::cpu {

const dnnl::engine& engine();
dnnl::stream& stream();

inline dnnl::memory wrap(const dnnl::memory::desc& desc, const void* data) {
  return dnnl::memory(desc, engine(), const_cast<void*>(data));
}

inline dnnl::memory::data_type onednn_type(Type type) {
  return type == Type::f32 ? dnnl::memory::data_type::f32 : dnnl::memory::data_type::bf16;
}

inline dnnl::reorder reorder(const dnnl::memory::desc& from, const dnnl::memory::desc& to) {
  return dnnl::reorder(dnnl::reorder::primitive_desc(engine(), from, engine(), to));
}

// Compiled primitives by what they are for; the least recently used goes first.
template <typename Key, typename Compiled>
class PrimitiveCache {
 public:
  template <typename Make>
  Compiled& get(const Key& key, const Make& make) {
    auto found = places_.find(key);
    if (found != places_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return entries_.front().second;
    }
    if (entries_.size() == kSize) {
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(key, make());
    places_[key] = entries_.begin();
    return entries_.front().second;
  }

 private:
  // A step of ResNet-101 has about 60 distinct convolutions in each direction.
  static constexpr size_t kSize = 512;
  std::list<std::pair<Key, Compiled>> entries_;
  std::map<Key, typename std::list<std::pair<Key, Compiled>>::iterator> places_;
};

}  // namespace selvage::cpu
