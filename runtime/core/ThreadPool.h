// Fork and join for loops of a few microseconds.
#ifndef MSC_RUNTIME_CORE_THREADPOOL_H
#define MSC_RUNTIME_CORE_THREADPOOL_H

#include "runtime/core/Memory.h"

#include <atomic>
#include <pthread.h>

namespace msc::rt {

/// Worker threads that run one loop at a time together with the caller.
///
/// Workers spin for about 50 us after a loop, since the next one of a model
/// usually follows at once, then sleep on a futex: an idle pool costs nothing.
/// The caller waits for the workers in the same way. Chunk t belongs to thread
/// t, so that data stays in its cache from loop to loop; but a thread that has
/// finished takes over chunks that nobody has begun: on a busy machine a worker
/// may not get a CPU for milliseconds. Not thread-safe: one caller at a time.
class ThreadPool {
public:
  /// Runs [begin, end) of a loop on `thread`, which is 0 for the caller.
  using Chunk = void (*)(void *state, unsigned thread, int64_t begin,
                         int64_t end);

  ThreadPool() = default;
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;
  ~ThreadPool() { stop(); }

  /// Starts up to `threads - 1` workers; fewer if the system refuses more.
  /// With `pin`, worker t is bound to the t-th CPU of the affinity mask.
  void start(unsigned threads, bool pin);
  void stop();

  /// Threads of a loop, the caller included.
  unsigned size() const { return static_cast<unsigned>(workers.size()) + 1; }

  /// Splits [0, n) into contiguous chunks of almost equal length, as many as
  /// threads, and returns when all have run.
  void run(int64_t n, Chunk chunk, void *state);

private:
  struct Worker {
    ThreadPool *pool;
    unsigned index;
    int cpu; // -1: not bound
    pthread_t thread;
  };

  static void *workerMain(void *worker);
  void work(unsigned index);
  void runChunks(unsigned thread, uint32_t loop);
  uint32_t awaitNextLoop(uint32_t seen);
  void awaitWorkers();

  // The loop, written before `generation` grows and read after.
  int64_t length = 0;
  Chunk chunk = nullptr;
  void *state = nullptr;
  List<Worker> slots;
  Array<Worker *> workers;
  /// The last loop whose chunk t has been taken. It grows by one with every
  /// loop, so a thread that is late for a loop cannot take anything of it.
  struct Claim {
    std::atomic<uint32_t> loop{0};
    char padding[60];
  };
  List<Claim> claims;

  // A line of its own each: spinning on one must not slow another down.
  alignas(64) std::atomic<uint32_t> generation{0};
  alignas(64) std::atomic<uint32_t> sleepers{0};
  alignas(64) std::atomic<uint32_t> pending{0};
  alignas(64) std::atomic<uint32_t> callerSleeps{0};
  std::atomic<bool> stopping{false};
};

} // namespace msc::rt

#endif
