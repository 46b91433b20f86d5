#include "op.h"

#include <cstdio>
#include <stdexcept>

namespace dna {

namespace {

using Construction = TF_OpKernelConstruction;

void readList(Construction* from, const char* name, std::vector<int64_t>& values, TF_Status* status) {
  int32_t length = 0, total = 0;
  TF_SetStatus(status, TF_OK, "");
  TF_OpKernelConstruction_GetAttrSize(from, name, &length, &total, status);
  if (TF_GetCode(status) != TF_OK || length <= 0) return;
  values.resize(static_cast<size_t>(length));
  TF_OpKernelConstruction_GetAttrInt64List(from, name, values.data(), length, status);
}

// Asks for all that an op may have; what it does not have is an error that nobody minds.
void* create(Construction* from) {
  auto* const attributes = new Attributes();
  TF_Status* const status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrFloat(from, "epsilon", &attributes->epsilon, status);
  int32_t activation = 0;
  TF_OpKernelConstruction_GetAttrInt32(from, "activation", &activation, status);
  attributes->activation = static_cast<Activation>(activation);
  TF_OpKernelConstruction_GetAttrInt32(from, "kind", &attributes->kind, status);
  unsigned char residual = 0;
  TF_OpKernelConstruction_GetAttrBool(from, "residual", &residual, status);
  attributes->residual = residual != 0;
  readList(from, "sizes", attributes->sizes, status);
  readList(from, "strides", attributes->strides, status);
  readList(from, "padding", attributes->padding, status);
  TF_DeleteStatus(status);
  return attributes;
}

void destroy(void* kernel) { delete static_cast<Attributes*>(kernel); }

void unknownShapes(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

bool succeeded(const char* name, TF_Status* status) {
  if (TF_GetCode(status) == TF_OK) return true;
  std::fprintf(stderr, "%s: %s\n", name, TF_Message(status));
  return false;
}

// A single tensor where nothing else is said.
std::string floats(const std::string& name) { return name.find(':') == std::string::npos ? name + ": float" : name; }

std::string textOf(const Shape& shape) {
  std::string text = "[";
  for (const int64_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

}  // namespace

Call::Call(TF_OpKernelContext* context, const Attributes& given)
    : attributes(given), context_(context), status_(TF_NewStatus()) {}

Call::~Call() {
  for (TF_Tensor* tensor : held_) TF_DeleteTensor(tensor);
  TF_DeleteStatus(status_);
}

void refuse(const char* expected, const Shape& first, const Shape& second) {
  throw std::invalid_argument(std::string("expected ") + expected + ", found " + textOf(first) + " and " +
                              textOf(second));
}

int Call::inputs() const { return TF_NumInputs(context_); }

float* Call::hold(TF_Tensor* tensor) {
  if (tensor == nullptr) throw Failed{};
  held_.push_back(tensor);
  return static_cast<float*>(TF_TensorData(tensor));
}

Tensor Call::input(int index) {
  TF_Tensor* tensor = nullptr;
  TF_GetInput(context_, index, &tensor, status_);
  Tensor result;
  result.data = hold(tensor);
  for (int axis = 0; axis < TF_NumDims(tensor); ++axis) result.shape.push_back(TF_Dim(tensor, axis));
  return result;
}

Tensor Call::output(int index, const Shape& shape) {
  Tensor result{shape};
  const size_t bytes = static_cast<size_t>(result.size()) * sizeof(float);
  const int rank = static_cast<int>(shape.size());
  result.data = hold(TF_AllocateOutput(context_, index, TF_FLOAT, shape.data(), rank, bytes, status_));
  return result;
}

float* Call::temporary(const Shape& shape) {
  TF_AllocatorAttributes attributes{TF_ALLOCATOR_ATTRIBUTES_STRUCT_SIZE, 1};
  const int rank = static_cast<int>(shape.size());
  return hold(TF_AllocateTemp(context_, TF_FLOAT, shape.data(), rank, &attributes, status_));
}

void Call::fail() { TF_OpKernelContext_Failure(context_, status_); }

void Call::fail(const std::exception& error) {
  TF_SetStatus(status_, TF_INVALID_ARGUMENT, error.what());
  fail();
}

bool declare(const Declaration& op) {
  TF_OpDefinitionBuilder* const builder = TF_NewOpDefinitionBuilder(op.name);
  for (const char* input : op.inputs) TF_OpDefinitionBuilderAddInput(builder, floats(input).c_str());
  for (const char* output : op.outputs) TF_OpDefinitionBuilderAddOutput(builder, floats(output).c_str());
  for (const char* attribute : op.attributes) TF_OpDefinitionBuilderAddAttr(builder, attribute);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, &unknownShapes);
  TF_Status* const status = TF_NewStatus();
  TF_RegisterOpDefinition(builder, status);
  const bool known = succeeded(op.name, status);
  if (known) {
    TF_KernelBuilder* const kernel = TF_NewKernelBuilder(op.name, "CPU", &create, op.compute, &destroy);
    TF_RegisterKernelBuilder(op.name, kernel, status);
  }
  const bool done = known && succeeded(op.name, status);
  TF_DeleteStatus(status);
  return done;
}

}  // namespace dna
