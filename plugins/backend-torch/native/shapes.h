// Checks at the border: every message names the op and what it was given.
#pragma once

#include <initializer_list>
#include <sstream>
#include <string>

#include "errors.h"
#include "torch.h"

namespace dna {

// Text of shapes for messages: "[2, 3] and [4]".
inline std::string shapesOf(std::initializer_list<at::Tensor> tensors) {
  std::ostringstream text;
  const char* separator = "";
  for (const at::Tensor& tensor : tensors) {
    text << separator << (tensor.defined() ? tensor.sizes() : at::IntArrayRef{});
    separator = " and ";
  }
  return text.str();
}

// Throws "<op>: expected <expected>, found [..] and [..]." unless `holds`.
inline void requireShapes(bool holds, const char* op, const char* expected, std::initializer_list<at::Tensor> tensors) {
  if (holds) return;
  throw ShapeError(std::string(op) + ": expected " + expected + ", found " + shapesOf(tensors) + ".");
}

}  // namespace dna
