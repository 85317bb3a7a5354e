/* Kernels for lists of steps. */
#include "runtime/include/msc/cpu_kernel.h"

#define KERNEL __attribute__((visibility("default")))

/* sum += x * w */
KERNEL const struct msc_cpu_kernel_info msc_cpu_kernel_info_muladd = {3, 1};
KERNEL int32_t muladd(void *const *buffers, const int64_t *scalars,
                      const uint32_t *point) {
  const float *x = buffers[0], *w = buffers[1];
  float *sum = buffers[2];
  for (int64_t i = 0; i < scalars[0]; ++i)
    sum[i] += x[i] * w[i];
  return 0;
}

/* x = value, one element a point */
KERNEL int32_t fill(void *const *buffers, const int64_t *scalars,
                    const uint32_t *point) {
  ((float *)buffers[0])[point[1] * 2 + point[0]] = (float)scalars[0];
  return 0;
}

KERNEL int32_t negate(void *const *buffers, const int64_t *scalars,
                      const uint32_t *point) {
  float *x = buffers[0];
  for (int i = 0; i < 4; ++i)
    x[i] = -x[i];
  return 0;
}

KERNEL int32_t give_up(void *const *buffers, const int64_t *scalars,
                       const uint32_t *point) {
  return 7;
}
