#include "runtime/device/cpu/CpuThreads.h"

#include "runtime/core/CpuQuota.h"

namespace msc::rt {

namespace {
struct Loop {
  msc_rt_body body;
  void *closure;
};
} // namespace

CpuThreads::CpuThreads() {
  parallel_for = parallelFor;
  mark = [](msc_rt_services *, int32_t, int32_t) {};
  pthread_mutex_init(&lock, nullptr);
}

CpuThreads::~CpuThreads() {
  pool.stop();
  pthread_mutex_destroy(&lock);
}

void CpuThreads::parallelFor(msc_rt_services *self, int64_t n, msc_rt_body body,
                             void *closure) {
  auto &threads = *static_cast<CpuThreads *>(self);
  if (n <= 0)
    return;
  if (n == 1 || pthread_mutex_trylock(&threads.lock) != 0) {
    body(closure, 0, n);
    return;
  }
  if (!threads.isStarted) {
    threads.isStarted = true;
    threads.pool.start(grantedThreads(), /*pin=*/false);
  }
  Loop loop = {body, closure};
  threads.pool.run(n, runChunk, &loop);
  pthread_mutex_unlock(&threads.lock);
}

void CpuThreads::runChunk(void *argument, unsigned, int64_t begin,
                          int64_t end) {
  const Loop &loop = *static_cast<Loop *>(argument);
  loop.body(loop.closure, begin, end);
}

} // namespace msc::rt
