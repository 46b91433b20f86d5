// Ops of ours on TensorFlow's C interface: how they are registered, and what they are called with.
#pragma once

#include <exception>
#include <initializer_list>
#include <string>
#include <vector>

#include "activation.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

namespace dna {

using Shape = std::vector<int64_t>;

// A float32 tensor; freed with the call.
struct Tensor {
  Shape shape;
  float* data = nullptr;

  int64_t size() const {
    int64_t product = 1;
    for (const int64_t extent : shape) product *= extent;
    return product;
  }
  int64_t channels() const { return shape.empty() ? 1 : shape.back(); }
  int64_t rows() const { return channels() == 0 ? 0 : size() / channels(); }
};

// Attributes of an op, read once when TensorFlow makes its kernel; those that it does not have stay empty.
struct Attributes {
  float epsilon = 0;
  Activation activation = Activation::None;
  bool residual = false;
  int32_t kind = 0;
  std::vector<int64_t> sizes, strides, padding;
};

// Thrown where TensorFlow itself refuses something, such as memory; the op then fails with its words.
struct Failed {};

// Throws "expected …, found [..] and [..]".
[[noreturn]] void refuse(const char* expected, const Shape& first, const Shape& second);

// One call of an op.
class Call {
 public:
  Call(TF_OpKernelContext* context, const Attributes& attributes);
  ~Call();

  const Attributes& attributes;
  int inputs() const;
  Tensor input(int index);
  Tensor output(int index, const Shape& shape);
  // Memory for the time of the call.
  float* temporary(const Shape& shape);
  // Ends the call with TensorFlow's words, or with those of an exception.
  void fail();
  void fail(const std::exception& error);

 private:
  float* hold(TF_Tensor* tensor);

  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> held_;
};

using Names = std::initializer_list<const char*>;

// What TensorFlow is told of an op of ours: names of tensors, or "tensors: N * float" for a list of N with "N: int" among
// the attributes, which otherwise are some of those above, the lists as "sizes: list(int)".
struct Declaration {
  const char* name;
  Names inputs, outputs, attributes;
  void (*compute)(void*, TF_OpKernelContext*);
};

bool declare(const Declaration& op);

// Registers an op for the CPU when the file is loaded: `const bool OP = registered<&work>("Name", {…}, {…}, {…});`
template <void (*work)(Call&)>
bool registered(const char* name, Names inputs, Names outputs, Names attributes) {
  return declare({name, inputs, outputs, attributes, [](void* kernel, TF_OpKernelContext* context) {
                    Call call(context, *static_cast<const Attributes*>(kernel));
                    try {
                      work(call);
                    } catch (const Failed&) {
                      call.fail();
                    } catch (const std::exception& error) {
                      call.fail(error);
                    }
                  }});
}

}  // namespace dna
