/* The kernels of the conformance suite as the cpu driver loads them. */
#include "runtime/include/msc/cpu_kernel.h"

#define KERNEL __attribute__((visibility("default")))

KERNEL const struct msc_cpu_kernel_info msc_cpu_kernel_info_add = {3, 1};
KERNEL int32_t add(void *const *buffers, const int64_t *scalars,
                   const uint32_t *point) {
  const float *a = buffers[0], *b = buffers[1];
  float *out = buffers[2];
  for (int64_t i = 0; i < scalars[0]; ++i)
    out[i] = a[i] + b[i];
  return 0;
}

KERNEL const struct msc_cpu_kernel_info msc_cpu_kernel_info_accumulate = {2, 1};
KERNEL int32_t accumulate(void *const *buffers, const int64_t *scalars,
                          const uint32_t *point) {
  float *sum = buffers[0];
  const float *x = buffers[1];
  for (int64_t i = 0; i < scalars[0]; ++i)
    sum[i] += x[i];
  return 0;
}

KERNEL const struct msc_cpu_kernel_info msc_cpu_kernel_info_fail = {0, 0};
KERNEL int32_t fail(void *const *buffers, const int64_t *scalars,
                    const uint32_t *point) {
  return 7;
}

/* No info beside it; writes each point's number. */
KERNEL int32_t number(void *const *buffers, const int64_t *scalars,
                      const uint32_t *point) {
  float *out = buffers[0];
  out[(point[2] * scalars[1] + point[1]) * scalars[0] + point[0]] =
      100 * point[2] + 10 * point[1] + point[0];
  return 0;
}
