// The services that compiled code reaches through msc_rt_*.
//
// A process can hold several copies of this runtime: one in each model's
// shared library. The dynamic linker may then bind msc_run to one copy and
// msc_rt_parallel_for to another. So the hand-over between them is this struct
// of functions, whose layout never changes, not a context.
#ifndef MSC_RUNTIME_CORE_CURRENT_H
#define MSC_RUNTIME_CORE_CURRENT_H

#include "runtime/abi/model.h"
#include "runtime/include/msc/msc.h"

extern "C" {

struct msc_rt_services {
  void (*parallel_for)(struct msc_rt_services *self, int64_t n,
                       msc_rt_body body, void *closure);
  void (*mark)(struct msc_rt_services *self, int32_t region, int32_t end);
};

/// Makes `services` those of the calling thread; returns the ones before.
/// Null: loops run sequentially, marks are ignored.
MSC_API struct msc_rt_services *msc_rt_enter(struct msc_rt_services *services);
}

#endif
