// libcublasLt.so.13
#include <cstring>

#include "calls.h"

extern "C" size_t cublasLtGetVersion() { return 130000; }

FAKE_CREATE(cublasLtMatmulDescCreate)
FAKE_CALL(cublasLtMatmulDescDestroy)
FAKE_CALL(cublasLtMatmulDescSetAttribute)
FAKE_CREATE(cublasLtMatrixLayoutCreate)
FAKE_CALL(cublasLtMatrixLayoutDestroy)
FAKE_CALL(cublasLtMatrixLayoutSetAttribute)
FAKE_CREATE(cublasLtMatmulPreferenceCreate)
FAKE_CALL(cublasLtMatmulPreferenceDestroy)
FAKE_CALL(cublasLtMatmulPreferenceSetAttribute)

// `cublasLtMatmulHeuristicResult_t`; zeros are a success that needs no workspace.
struct Heuristic {
  uint64_t algorithm[8];
  size_t workspace;
  int state;
  float waves;
  int reserved[4];
};

extern "C" int cublasLtMatmulAlgoGetHeuristic(void*, void*, void*, void*, void*, void*, void*, int, Heuristic* results,
                                              int* count) {
  std::memset(results, 0, sizeof *results);
  *count = 1;
  return 0;
}

FAKE_LAUNCH(cublasLtMatmul)
