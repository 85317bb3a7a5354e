#include "runtime/core/ThreadPool.h"

#include "runtime/core/Clock.h"

#include <csignal>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace msc::rt {
namespace {

constexpr int64_t kSpinNanoseconds = 50000;

void futexWait(std::atomic<uint32_t> &word, uint32_t expected) {
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0);
}

void futexWakeAll(std::atomic<uint32_t> &word) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT32_MAX, nullptr, nullptr, 0);
}

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Spins until `done()` or the time is up; true if done.
template <typename Done> bool spin(Done done) {
  int64_t deadline = 0;
  for (unsigned round = 0;; ++round) {
    if (done())
      return true;
    pause();
    // The clock costs about 20 ns: read it now and then.
    if (round % 64 != 63)
      continue;
    int64_t now = nowNanoseconds();
    if (deadline == 0)
      deadline = now + kSpinNanoseconds;
    else if (now > deadline)
      return false;
  }
}

/// The `index`-th CPU that this thread may run on; -1 if there are fewer.
int allowedCpu(unsigned index) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0)
    return -1;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set) && index-- == 0)
      return cpu;
  return -1;
}

} // namespace

void ThreadPool::start(unsigned threads, bool pin) {
  if (threads <= 1 || !slots.make(threads - 1) || !claims.make(threads) ||
      !workers.reserve(threads - 1))
    return;
  // Signals are the host's business: its threads handle them, not these.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (unsigned i = 0; i < threads - 1; ++i) {
    Worker &worker = slots[i];
    worker.pool = this;
    worker.index = i + 1;
    worker.cpu = pin ? allowedCpu(i + 1) : -1;
    if (pthread_create(&worker.thread, nullptr, workerMain, &worker) != 0)
      break;
    workers.push(&worker);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void ThreadPool::stop() {
  if (workers.empty())
    return;
  stopping.store(true);
  generation.fetch_add(1);
  futexWakeAll(generation);
  for (Worker *worker : workers)
    pthread_join(worker->thread, nullptr);
  workers.clear();
}

void *ThreadPool::workerMain(void *argument) {
  auto *worker = static_cast<Worker *>(argument);
  if (worker->cpu >= 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(worker->cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
  }
  worker->pool->work(worker->index);
  return nullptr;
}

void ThreadPool::work(unsigned index) {
  // Counted from 0, not from the value now: a loop may have begun already.
  for (uint32_t seen = 0;;) {
    seen = awaitNextLoop(seen);
    if (stopping.load(std::memory_order_relaxed))
      return;
    runChunks(index, seen);
  }
}

uint32_t ThreadPool::awaitNextLoop(uint32_t seen) {
  for (;;) {
    uint32_t current;
    if (spin([&] {
          current = generation.load(std::memory_order_acquire);
          return current != seen;
        }))
      return current;
    sleepers.fetch_add(1);
    // The kernel compares again, so a loop that begins here is not missed.
    if (generation.load() == seen)
      futexWait(generation, seen);
    sleepers.fetch_sub(1);
  }
}

void ThreadPool::awaitWorkers() {
  if (spin([&] { return pending.load(std::memory_order_acquire) == 0; }))
    return;
  callerSleeps.store(1);
  while (uint32_t left = pending.load())
    futexWait(pending, left);
  callerSleeps.store(0);
}

void ThreadPool::runChunks(unsigned thread, uint32_t loop) {
  unsigned threads = size();
  for (unsigned i = 0; i < threads; ++i) {
    unsigned part = thread + i < threads ? thread + i : thread + i - threads;
    uint32_t before = loop - 1;
    if (!claims[part].loop.compare_exchange_strong(before, loop))
      continue;
    // The loop cannot end before this chunk has: its fields are stable.
    int64_t share = length / threads, rest = length % threads;
    int64_t begin = share * part + (part < rest ? part : rest);
    int64_t end = begin + share + (part < rest ? 1 : 0);
    if (begin < end)
      chunk(state, thread, begin, end);
    // Ordered before the look at `callerSleeps`: the caller sets that first
    // and looks at `pending` after, so one of the two sees the other.
    if (pending.fetch_sub(1) == 1 && callerSleeps.load())
      futexWakeAll(pending);
  }
}

void ThreadPool::run(int64_t n, Chunk newChunk, void *newState) {
  if (n <= 0)
    return;
  if (n == 1 || workers.empty()) {
    newChunk(newState, 0, 0, n);
    return;
  }
  length = n;
  chunk = newChunk;
  state = newState;
  pending.store(size(), std::memory_order_relaxed);
  uint32_t loop = generation.fetch_add(1) + 1;
  if (sleepers.load())
    futexWakeAll(generation);
  runChunks(0, loop);
  awaitWorkers();
}

} // namespace msc::rt
