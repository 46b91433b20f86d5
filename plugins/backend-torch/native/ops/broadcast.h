// Ops of two tensors whose shapes broadcast.
#pragma once

#include "../bind.h"
#include "../shapes.h"
#include "types.h"

namespace dna {

inline void requireBroadcast(const char* op, const at::Tensor& a, const at::Tensor& b) {
  requireShapes(at::are_expandable(a.sizes(), b.sizes()), op, "two shapes that broadcast", {a, b});
}

}  // namespace dna

// Defines the op `name` for tfjs's `kernel`: an expression in `a` and `b`, which are as stored.
#define DNA_STORED_BINARY(name, kernel, result)                             \
  namespace {                                                               \
  Stored name(const Stored& first, const Stored& second) {                  \
    const at::Tensor a = numeric(first.tensor), b = numeric(second.tensor); \
    requireBroadcast(kernel, a, b);                                         \
    return {result};                                                        \
  }                                                                         \
  }                                                                         \
  DNA_OP(name)

// The same of `a` and `b` that are not bf16.
#define DNA_BINARY(name, kernel, result)                      \
  namespace {                                                 \
  at::Tensor name(const at::Tensor& a, const at::Tensor& b) { \
    requireBroadcast(kernel, a, b);                           \
    return result;                                            \
  }                                                           \
  }                                                           \
  DNA_OP(name)
