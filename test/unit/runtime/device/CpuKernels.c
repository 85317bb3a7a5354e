/* The kernels of the conformance suite as the cpu driver loads them. */
#include "runtime/abi/model.h"
#include "runtime/include/msc/cpu_kernel.h"

#include <pthread.h>
#include <time.h>

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

struct Threads {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int64_t wanted, inside;
};

/* Returns when as many threads are inside at once as are wanted, or after ten
 * seconds. */
static void meet(void *closure, int64_t begin, int64_t end) {
  struct Threads *threads = closure;
  struct timespec late;
  clock_gettime(CLOCK_REALTIME, &late);
  late.tv_sec += 10;
  pthread_mutex_lock(&threads->lock);
  ++threads->inside;
  pthread_cond_broadcast(&threads->changed);
  while (threads->inside < threads->wanted &&
         pthread_cond_timedwait(&threads->changed, &threads->lock, &late) ==
             0) {
  }
  pthread_mutex_unlock(&threads->lock);
}

static void square(void *closure, int64_t begin, int64_t end) {
  float *out = closure;
  for (int64_t i = begin; i < end; ++i)
    out[i] = (float)(i * i);
}

/* Squares of the first n numbers, by a loop on the device's threads; before, as
 * many threads as are granted must meet. */
KERNEL int32_t parallel(void *const *buffers, const int64_t *scalars,
                        const uint32_t *point) {
  struct Threads threads = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER,
                            scalars[1], 0};
  msc_rt_parallel_for(scalars[1], meet, &threads);
  msc_rt_parallel_for(scalars[0], square, buffers[0]);
  return threads.inside < threads.wanted;
}
