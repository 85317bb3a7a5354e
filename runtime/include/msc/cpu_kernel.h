/* cpu_kernel.h - what the `cpu` driver loads.
 *
 * A code object is an ELF shared object. A kernel is an exported function of
 * type msc_cpu_kernel; the constant `msc_cpu_kernel_info_<kernel>` beside it
 * tells what it expects, and may be absent. msc_rt_parallel_for runs loops on
 * the device's threads if the object is linked with libmsc_runtime.a and exports
 * msc_rt_enter. Shared objects need nothing but libc and libm. They are native code and trusted: no check
 * replaces knowing where they come from. */
#ifndef MSC_CPU_KERNEL_H
#define MSC_CPU_KERNEL_H

#include <stdint.h>

/* Runs one point of a dispatch's grid. `buffers` are the starts of its ranges,
 * 64-byte aligned; `point` has three coordinates. Not 0: the dispatch fails. */
typedef int32_t (*msc_cpu_kernel)(void *const *buffers, const int64_t *scalars,
                                  const uint32_t *point);

struct msc_cpu_kernel_info {
  uint32_t num_buffers, num_scalars;
};

#endif
