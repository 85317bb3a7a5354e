// The threads that loops of kernels run on.
#ifndef MSC_RUNTIME_DEVICE_CPU_CPUTHREADS_H
#define MSC_RUNTIME_DEVICE_CPU_CPUTHREADS_H

#include "runtime/core/Current.h"
#include "runtime/core/ThreadPool.h"

namespace msc::rt {

/// What msc_rt_parallel_for of a kernel reaches: one pool for all queues of a
/// device, of the threads that the system grants. A queue that finds the pool
/// at work, and a loop within a loop, run alone.
class CpuThreads : public msc_rt_services {
public:
  CpuThreads();
  ~CpuThreads();

private:
  static void parallelFor(msc_rt_services *self, int64_t n, msc_rt_body body,
                          void *closure);
  static void runChunk(void *loop, unsigned thread, int64_t begin, int64_t end);

  pthread_mutex_t lock; // of the pool
  ThreadPool pool;
  bool isStarted = false;
};

} // namespace msc::rt

#endif
