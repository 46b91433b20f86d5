// libcublas.so.13
#include "calls.h"

FAKE_CREATE(cublasCreate_v2)
FAKE_CALL(cublasDestroy_v2)
FAKE_CALL(cublasSetStream_v2)
FAKE_CALL(cublasSetWorkspace_v2)
FAKE_CALL(cublasSetPointerMode_v2)

// The default of both, whose value is 0.
extern "C" int cublasGetPointerMode_v2(void*, int* mode) { return *mode = 0; }
extern "C" int cublasGetMathMode(void*, int* mode) { return *mode = 0; }

// The modes are recorded by their number: whether TF32 or reduced sums were allowed.
extern "C" int cublasSetMathMode(void*, int mode) {
  char name[] = "cublasSetMathMode 00";
  name[sizeof name - 3] = static_cast<char>('0' + mode / 10 % 10);
  name[sizeof name - 2] = static_cast<char>('0' + mode % 10);
  fakeCudaCall(name);
  return 0;
}

FAKE_LAUNCH(cublasSgemm_v2)
FAKE_LAUNCH(cublasSgemv_v2)
FAKE_LAUNCH(cublasSdot_v2)
FAKE_LAUNCH(cublasSgemmStridedBatched)
FAKE_LAUNCH(cublasGemmEx)
FAKE_LAUNCH(cublasGemmStridedBatchedEx)
FAKE_LAUNCH(cublasDotEx)
