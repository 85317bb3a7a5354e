#include "runtime/core/Current.h"

static __thread msc_rt_services *current;

extern "C" MSC_API msc_rt_services *msc_rt_enter(msc_rt_services *services) {
  msc_rt_services *before = current;
  current = services;
  return before;
}

extern "C" MSC_API void msc_rt_parallel_for(int64_t n, msc_rt_body body,
                                            void *closure) {
  if (current)
    current->parallel_for(current, n, body, closure);
  else if (n > 0)
    body(closure, 0, n);
}

extern "C" MSC_API void msc_rt_mark(int32_t region, int32_t end) {
  if (current)
    current->mark(current, region, end);
}
