//===- Kernels.cpp - Speed of single regions on one thread ----------------===//
// Prints, for each region, time, GFLOP/s (or GB/s where memory is the limit)
// and the share of the multiply-add peak that this program measures first.
//===----------------------------------------------------------------------===//
#include "test/codegen/cpu/RegionRunner.h"
#include "test/codegen/cpu/RegionTexts.h"
#include <cstdio>
#include <cstring>
#include <ctime>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

using namespace msc::test;

namespace {

/// Seconds that this thread has run: what other processes take doesn't count.
double now() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

#if defined(__x86_64__)
#define MSC_PEAK_FUNCTION(NAME, TARGET, LANES, COUNT)                          \
  __attribute__((target(TARGET), noinline)) double NAME(long steps) {          \
    typedef float Vector __attribute__((vector_size(LANES * 4)));              \
    Vector sums[COUNT], x = {}, y = {};                                        \
    for (int i = 0; i < COUNT; ++i)                                            \
      sums[i] = Vector{} + float(i);                                           \
    x += 0.999f;                                                               \
    y += 0.001f;                                                               \
    double start = now();                                                      \
    for (long step = 0; step < steps; ++step) {                                \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < COUNT; ++i)       \
          sums[i] = __builtin_elementwise_fma(sums[i], x, y);                  \
      asm volatile("" : "+v"(sums[0]));                                        \
    }                                                                          \
    double seconds = now() - start;                                            \
    float total = 0;                                                           \
    for (int i = 0; i < COUNT; ++i)                                            \
      total += sums[i][0];                                                     \
    volatile float keep = total;                                               \
    (void)keep;                                                                \
    return 2.0 * LANES * COUNT * steps / seconds * 1e-9;                       \
  }
MSC_PEAK_FUNCTION(peak512, "avx512f", 16, 16)
MSC_PEAK_FUNCTION(peak256, "avx2,fma", 8, 12)
#endif

/// GFLOP/s of nothing but multiply-adds; 0 where it isn't known how.
double measurePeak() {
#if defined(__x86_64__)
  double best = 0;
  for (int repeat = 0; repeat < 100; ++repeat) {
    if (__builtin_cpu_supports("avx512f"))
      best = std::max(best, peak512(200000));
    else if (__builtin_cpu_supports("fma"))
      best = std::max(best, peak256(200000));
  }
  return best;
#else
  return 0;
#endif
}

struct Row {
  std::string name;
  RegionCase region;
  double flops, bytes;
};

void measure(const Row &row, double peak) {
  CompiledRegion compiled(row.region.text, {"native", "auto", "fast", false});
  if (!compiled.error().empty()) {
    std::printf("%-32s %s\n", row.name.c_str(), compiled.error().c_str());
    return;
  }
  std::vector<Tensor> tensors;
  std::vector<Tensor *> pointers;
  for (const Argument &argument : row.region.arguments) {
    tensors.emplace_back(argument.type, argument.shape);
    for (int64_t i = 0; i < tensors.back().count(); ++i)
      tensors.back().set(i, (i * 37 % 101 - 50) / 64.0);
  }
  for (Tensor &tensor : tensors)
    pointers.push_back(&tensor);
  compiled.run(pointers);
  double start = now();
  compiled.call();
  double once = std::max(now() - start, 1e-8);
  long repeats = std::max(1L, long(0.002 / once));
  double best = 1e30;
  for (int sample = 0; sample < 100; ++sample) {
    start = now();
    for (long i = 0; i < repeats; ++i)
      compiled.call();
    best = std::min(best, (now() - start) / repeats);
  }
  double rate = row.flops / best * 1e-9;
  std::printf("%-32s %10.1f us %8.1f GFLOP/s %6.1f GB/s", row.name.c_str(),
              best * 1e6, rate, row.bytes / best * 1e-9);
  if (peak > 0)
    std::printf(" %5.1f %%", 100 * rate / peak);
  std::printf("  %s\n", compiled.schedule().c_str());
}

Row matmulRow(int64_t m, int64_t n, int64_t k, int64_t packed, bool dynamic) {
  MatmulOptions options;
  options.packed = packed;
  options.dynamicRows = dynamic;
  return {"matmul " + std::to_string(m) + "x" + std::to_string(n) + "x" +
              std::to_string(k) + (dynamic ? " (rows dynamic)" : ""),
          matmul(m, n, k, options), 2.0 * m * n * k,
          4.0 * (m * k + k * n + m * n)};
}

Row convolutionRow(int64_t size, int64_t in, int64_t out, int64_t kernel,
                   int64_t stride, int64_t packed, bool padded = true) {
  ConvolutionOptions options;
  options.kernel = kernel;
  options.stride = stride;
  options.pad = padded ? kernel / 2 : 0;
  options.packed = packed;
  int64_t o = (size + 2 * options.pad - kernel) / stride + 1;
  return {"conv " + std::to_string(kernel) + "x" + std::to_string(kernel) +
              (stride > 1 ? " s2 " : " ") + std::to_string(size) + "^2 " +
              std::to_string(in) + "->" + std::to_string(out),
          convolution(1, size, size, in, out, options),
          2.0 * o * o * out * kernel * kernel * in,
          4.0 * (size * size * in + o * o * out + kernel * kernel * in * out)};
}

Row depthwiseRow(int64_t size, int64_t channels, int64_t stride) {
  int64_t o = (size - 3) / stride + 1;
  return {"depthwise 3x3 " + std::to_string(size) + "^2x" +
              std::to_string(channels) + (stride > 1 ? " s2" : ""),
          depthwise(size, size, channels, 3, stride), 18.0 * o * o * channels,
          4.0 * (size * size + o * o) * channels};
}

} // namespace

int main(int argc, char **argv) {
#if defined(__GLIBC__)
  // Scratch stays resident between calls, as an arena does.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
  double peak = measurePeak();
  std::printf("peak of one core: %.1f GFLOP/s\n", peak);
  std::string add = "    %r = arith.addf %x, %y : f32";
  std::vector<Row> rows{
      matmulRow(1024, 1024, 1024, 64, false),
      matmulRow(384, 3072, 768, 64, false),
      matmulRow(384, 768, 3072, 64, false),
      matmulRow(128, 1536, 384, 64, false),
      matmulRow(49, 512, 2048, 64, false),
      matmulRow(37, 3072, 768, 64, true),
      convolutionRow(56, 64, 256, 1, 1, 64),
      convolutionRow(56, 64, 64, 3, 1, 64),
      convolutionRow(224, 3, 64, 7, 2, 64),
      convolutionRow(14, 256, 256, 3, 1, 32),
      convolutionRow(8, 1, 16, 3, 1, 0),
      convolutionRow(8, 16, 32, 3, 1, 0),
      convolutionRow(10, 1, 16, 3, 1, 0, /*padded=*/false),
      convolutionRow(10, 16, 32, 3, 1, 0, /*padded=*/false),
      depthwiseRow(114, 32, 1),
      depthwiseRow(58, 144, 1),
      depthwiseRow(114, 32, 2),
      {"max pool 2x2 112^2x64", maxPool(112, 112, 64, 2, 2, true),
       112.0 * 112 * 64, 4.0 * 112 * 112 * 64 * 1.25},
      {"softmax 4608x384", softmax({4608, 384}, 1, false), 4608.0 * 384 * 20,
       8.0 * 4608 * 384},
      {"layer norm 512x768", layerNorm(512, 768), 512.0 * 768 * 8,
       8.0 * 512 * 768},
      {"add 1M", elementwise({1024, 1024}, 0, "f32", "f32", add, false),
       1024.0 * 1024, 12.0 * 1024 * 1024},
      {"transpose 1024x768", transpose({1024, 768}, {1, 0}, "f32"),
       1024.0 * 768, 8.0 * 1024 * 768},
  };
  for (const Row &row : rows)
    if (argc < 2 || row.name.find(argv[1]) != std::string::npos)
      measure(row, peak);
  return 0;
}
