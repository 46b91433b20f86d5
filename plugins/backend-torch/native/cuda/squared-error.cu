// The mean of (y − target)², the distillation's loss, and its gradient.
#include "flat.cuh"

namespace dna::cuda {

namespace {

constexpr int FINISH_THREADS = 1024;

template <typename T>
struct SquareReader {
  const T* y;
  const T* target;

  template <int WIDTH>
  __device__ float sum(int64_t offset) const {
    float values[WIDTH], wanted[WIDTH];
    load<WIDTH>(y + offset, values);
    load<WIDTH>(target + offset, wanted);
    float total = 0.0f;
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) {
      const float distance = values[each] - wanted[each];
      total += distance * distance;
    }
    return total;
  }
};

template <typename T>
struct SquareGradientMapper {
  const float* dloss;
  const T* y;
  const T* target;
  T* dy;
  float count;

  template <int WIDTH>
  __device__ void apply(int64_t offset) const {
    float values[WIDTH], wanted[WIDTH];
    load<WIDTH>(y + offset, values);
    load<WIDTH>(target + offset, wanted);
    const float factor = *dloss * 2.0f / count;
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) values[each] = (values[each] - wanted[each]) * factor;
    save<WIDTH>(dy + offset, values);
  }
};

__global__ void __launch_bounds__(FINISH_THREADS)
    finishSquares(const float* partials, int64_t blocks, float count, float* loss) {
  const float sum = static_cast<int64_t>(threadIdx.x) < blocks ? partials[threadIdx.x] : 0.0f;
  const float total = sumOfBlock(sum, FINISH_THREADS);
  if (threadIdx.x == 0) *loss = total / count;
}

static_assert(FLAT_BLOCKS <= FINISH_THREADS, "one thread takes one partial");

}  // namespace

int64_t squaredErrorScratch(int64_t count) { return flatBlocks(count, 1); }

void launchSquaredError(int64_t count, Storage storage, const void* y, const void* target, float* loss, float* scratch,
                        Stream stream) {
  requireAligned("squaredError", y, target);
  withFullAccess(storage, [&](auto access) {
    using Kind = decltype(access);
    using T = typename Kind::Type;
    const SquareReader<T> reader{static_cast<const T*>(y), static_cast<const T*>(target)};
    const int64_t blocks = flatBlocks(count, Kind::WIDTH);
    const auto sum = &sumFlat<Kind::WIDTH, SquareReader<T>>;
    const dim3 grid(static_cast<unsigned>(blocks));
    DNA_LAUNCH(sum, grid, dim3(FLAT_THREADS), FLAT_THREADS * sizeof(float), stream)(count, reader, scratch);
    checkLaunch("squaredError");
    const auto finish = &finishSquares;
    const size_t shared = FINISH_THREADS * sizeof(float);
    DNA_LAUNCH(finish, dim3(1), dim3(FINISH_THREADS), shared, stream)(scratch, blocks, static_cast<float>(count), loss);
    checkLaunch("squaredError");
  });
}

void launchSquaredErrorGrad(int64_t count, Storage storage, const float* dloss, const void* y, const void* target,
                            void* dy, Stream stream) {
  requireAligned("squaredErrorGrad", y, target, dy);
  withFullAccess(storage, [&](auto access) {
    using Kind = decltype(access);
    using T = typename Kind::Type;
    const SquareGradientMapper<T> mapper{dloss, static_cast<const T*>(y), static_cast<const T*>(target),
                                         static_cast<T*>(dy), static_cast<float>(count)};
    launchFlat<Kind::WIDTH>(count, mapper, stream, "squaredErrorGrad");
  });
}

}  // namespace dna::cuda
