#include "runtime/core/ThreadPool.h"

#include <gtest/gtest.h>

#include <ctime>
#include <numeric>
#include <set>
#include <thread>
#include <unistd.h>
#include <vector>

using msc::rt::ThreadPool;

namespace {

/// Counts how often each index is run.
struct Counter {
  explicit Counter(int64_t n) : hits(n) {}

  static void chunk(void *self, unsigned thread, int64_t begin, int64_t end) {
    auto *counter = static_cast<Counter *>(self);
    ASSERT_LT(begin, end);
    for (int64_t i = begin; i < end; ++i)
      ++counter->hits[i];
  }

  std::vector<int> hits;
};

class ThreadPoolTest : public ::testing::TestWithParam<unsigned> {};

TEST_P(ThreadPoolTest, RunsEveryIndexOnce) {
  ThreadPool pool;
  pool.start(GetParam(), false);
  EXPECT_EQ(pool.size(), GetParam());
  for (int64_t n : {1, 2, 3, 7, 8, 9, 64, 1001}) {
    Counter counter(n);
    pool.run(n, Counter::chunk, &counter);
    for (int hits : counter.hits)
      EXPECT_EQ(hits, 1);
  }
}

TEST_P(ThreadPoolTest, RunsNothingForEmptyLoops) {
  ThreadPool pool;
  pool.start(GetParam(), false);
  auto never = [](void *, unsigned, int64_t, int64_t) { FAIL(); };
  pool.run(0, never, nullptr);
  pool.run(-5, never, nullptr);
}

// Loops follow each other at all distances: while workers spin, while they
// fall asleep, after they sleep.
TEST_P(ThreadPoolTest, SurvivesManyLoops) {
  ThreadPool pool;
  pool.start(GetParam(), false);
  std::vector<int64_t> values(64);
  auto increment = [](void *state, unsigned, int64_t begin, int64_t end) {
    auto &values = *static_cast<std::vector<int64_t> *>(state);
    for (int64_t i = begin; i < end; ++i)
      ++values[i];
  };
  constexpr int kLoops = 4000;
  for (int loop = 0; loop < kLoops; ++loop) {
    pool.run(64, increment, &values);
    if (loop % 100 == 0)
      usleep(loop % 400);
  }
  for (int64_t value : values)
    EXPECT_EQ(value, kLoops);
}

TEST_P(ThreadPoolTest, PinnedThreadsRunEverythingToo) {
  ThreadPool pool;
  pool.start(GetParam(), true);
  Counter counter(100);
  pool.run(100, Counter::chunk, &counter);
  EXPECT_EQ(std::accumulate(counter.hits.begin(), counter.hits.end(), 0), 100);
}

INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolTest,
                         ::testing::Values(1u, 2u, 3u, 8u));

TEST(ThreadPool, ChunksAreContiguousAndBalanced) {
  struct Ranges {
    std::atomic<int> used{0};
    std::pair<int64_t, int64_t> ranges[4];
  } ranges;
  ThreadPool pool;
  pool.start(4, false);
  pool.run(
      10,
      [](void *state, unsigned, int64_t begin, int64_t end) {
        auto *ranges = static_cast<Ranges *>(state);
        ranges->ranges[ranges->used++] = {begin, end};
      },
      &ranges);
  ASSERT_EQ(ranges.used, 4);
  std::set<std::pair<int64_t, int64_t>> sorted(ranges.ranges,
                                               ranges.ranges + 4);
  EXPECT_EQ(sorted, (std::set<std::pair<int64_t, int64_t>>{
                        {0, 3}, {3, 6}, {6, 8}, {8, 10}}));
}

// A loop of the largest length does not overflow when it is split.
TEST(ThreadPool, SplitsHugeLoops) {
  std::atomic<int64_t> total{0};
  ThreadPool pool;
  pool.start(3, false);
  pool.run(
      INT64_MAX,
      [](void *state, unsigned, int64_t begin, int64_t end) {
        *static_cast<std::atomic<int64_t> *>(state) += end - begin;
      },
      &total);
  EXPECT_EQ(total, INT64_MAX);
}

// The chunk of the caller ends only when all others have run.
TEST(ThreadPool, ChunksMayWaitForEachOther) {
  struct State {
    std::atomic<int> left{0};
  } state;
  ThreadPool pool;
  pool.start(8, false);
  for (int round = 0; round < 100; ++round) {
    state.left = 7;
    pool.run(
        8,
        [](void *argument, unsigned thread, int64_t begin, int64_t) {
          auto &left = static_cast<State *>(argument)->left;
          if (begin != 0) {
            --left;
            return;
          }
          while (left)
            std::this_thread::yield();
        },
        &state);
    EXPECT_EQ(state.left, 0);
  }
}

// A sleeping worker takes longer to wake than a chunk of nothing: sooner or
// later the caller runs the worker's chunk itself.
TEST(ThreadPool, CallerTakesOverWhatNobodyBegins) {
  std::atomic<bool> takenOver{false};
  ThreadPool pool;
  pool.start(2, false);
  for (int round = 0; round < 2000 && !takenOver; ++round) {
    usleep(500);
    pool.run(
        2,
        [](void *state, unsigned thread, int64_t begin, int64_t) {
          if (thread == 0 && begin == 1)
            *static_cast<std::atomic<bool> *>(state) = true;
        },
        &takenOver);
  }
  EXPECT_TRUE(takenOver);
}

TEST(ThreadPool, IdlePoolUsesNoCpu) {
  ThreadPool pool;
  pool.start(4, false);
  Counter counter(8);
  pool.run(8, Counter::chunk, &counter);
  usleep(20000); // long enough to fall asleep
  timespec before, after;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
  usleep(100000);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
  double used = (after.tv_sec - before.tv_sec) * 1e3 +
                (after.tv_nsec - before.tv_nsec) / 1e6;
  EXPECT_LT(used, 10) << "ms of CPU time in 100 ms";
}

} // namespace
