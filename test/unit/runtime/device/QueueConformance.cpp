// Conformance: order, events, failures, infeeds.
#include "test/unit/runtime/device/Conformance.h"

#include <thread>

using namespace msc::test;

namespace {

constexpr uint64_t kForEver = UINT64_MAX;

TEST_F(ConformanceTest, RunsQueuesInOrder) {
  msc_buffer sum = makeFilled(0), x = makeBuffer();
  std::vector<std::vector<float>> values;
  for (int i = 1; i <= 50; ++i)
    values.push_back(std::vector<float>(kCount, i));
  for (const std::vector<float> &value : values) {
    ASSERT_OK(msc_device_upload(device, queue, x, 0, value.data(), kBytes));
    ASSERT_OK(dispatch(queue, "accumulate", {sum, x}));
  }
  expectAll(sum, 50 * 51 / 2);
}

TEST_F(ConformanceTest, ReturnsBeforeWorkIsDone) {
  msc_buffer a = makeFilled(1), b = makeFilled(2), out = makeFilled(0);
  msc_infeed *infeed = blockQueue(queue, a);
  ASSERT_OK(dispatch(queue, "add", {a, b, out}));
  EXPECT_FAILS(msc_device_free(device, out), MSC_BUSY, "is not done with");
  EXPECT_FAILS(msc_device_unload(device, module), MSC_BUSY, "is not done with");
  EXPECT_FAILS(msc_device_infeed_destroy(device, infeed), MSC_BUSY,
               "is not done with");
  EXPECT_FAILS(msc_device_queue_destroy(device, queue), MSC_BUSY, "not done");
  ASSERT_EQ(feed(infeed, 5), MSC_OK);
  expectAll(out, 7);
  EXPECT_OK(msc_device_free(device, out));
  EXPECT_OK(msc_device_unload(device, module));
  EXPECT_OK(msc_device_infeed_destroy(device, infeed));
  EXPECT_OK(msc_device_queue_destroy(device, queue));
  EXPECT_FAILS(msc_device_finish(device, queue), MSC_INVALID_ARGUMENT,
               "the queue is destroyed");
}

TEST_F(ConformanceTest, LimitsQueues) {
  std::vector<msc_queue> queues(info.max_queues);
  for (uint32_t i = 1; i < info.max_queues; ++i)
    ASSERT_OK(msc_device_queue_create(device, &queues[i]));
  EXPECT_FAILS(msc_device_queue_create(device, &queues[0]),
               MSC_INVALID_ARGUMENT, "queues and no more");
  ASSERT_OK(msc_device_queue_destroy(device, queues[1]));
  EXPECT_OK(msc_device_queue_create(device, &queues[1]));
}

TEST_F(ConformanceTest, OrdersQueuesByEvents) {
  msc_queue second = {};
  msc_event event = {};
  ASSERT_OK(msc_device_queue_create(device, &second));
  ASSERT_OK(msc_device_event_create(device, &event));
  msc_buffer a = makeFilled(1), b = makeFilled(2), out = makeFilled(0);
  msc_infeed *infeed = blockQueue(queue, a);
  ASSERT_OK(msc_device_event_record(device, queue, event));
  ASSERT_OK(msc_device_event_await(device, second, event));
  ASSERT_OK(dispatch(second, "add", {a, b, out}));
  EXPECT_FAILS(msc_device_event_poll(device, event), MSC_BUSY, "not reached");
  EXPECT_FAILS(msc_device_event_destroy(device, event), MSC_BUSY, "not done");
  ASSERT_EQ(feed(infeed, 10), MSC_OK);
  ASSERT_OK(msc_device_event_wait(device, event));
  EXPECT_OK(msc_device_event_poll(device, event));
  ASSERT_OK(msc_device_finish(device, second));
  expectAll(out, 12);
  EXPECT_OK(msc_device_event_destroy(device, event));
  EXPECT_FAILS(msc_device_event_wait(device, event), MSC_INVALID_ARGUMENT,
               "the event is destroyed");
}

TEST_F(ConformanceTest, RefusesToWaitForWhatIsNotRecorded) {
  msc_event event = {};
  ASSERT_OK(msc_device_event_create(device, &event));
  EXPECT_FAILS(msc_device_event_await(device, queue, event),
               MSC_INVALID_ARGUMENT, "nothing was recorded");
  EXPECT_FAILS(msc_device_event_wait(device, event), MSC_INVALID_ARGUMENT,
               "nothing was recorded");
  EXPECT_FAILS(msc_device_event_poll(device, event), MSC_INVALID_ARGUMENT,
               "nothing was recorded");
  EXPECT_FAILS(msc_device_event_record(device, queue, {queue.id}),
               MSC_INVALID_ARGUMENT, "is no event");
}

TEST_F(ConformanceTest, RecordsEventsAgain) {
  msc_event event = {};
  ASSERT_OK(msc_device_event_create(device, &event));
  ASSERT_OK(msc_device_event_record(device, queue, event));
  ASSERT_OK(msc_device_event_wait(device, event));
  msc_buffer a = makeFilled(1);
  msc_infeed *infeed = blockQueue(queue, a);
  ASSERT_OK(msc_device_event_record(device, queue, event));
  EXPECT_FAILS(msc_device_event_poll(device, event), MSC_BUSY, "not reached");
  ASSERT_EQ(feed(infeed, 1), MSC_OK);
  ASSERT_OK(msc_device_event_wait(device, event));
}

TEST_F(ConformanceTest, SkipsWhatIsBehindAFailure) {
  msc_buffer a = makeFilled(1), sum = makeFilled(0);
  ASSERT_OK(fail(queue));
  ASSERT_OK(dispatch(queue, "accumulate", {sum, a}));
  EXPECT_NE(msc_device_finish(device, queue), MSC_OK);
  EXPECT_NE(msc_device_error(device)[0], 0);
  expectAll(sum, 0);
  // The failure has been told: on it goes.
  ASSERT_OK(dispatch(queue, "accumulate", {sum, a}));
  expectAll(sum, 1);
}

TEST_F(ConformanceTest, PassesFailuresOnWithEvents) {
  msc_queue second = {};
  msc_event event = {};
  ASSERT_OK(msc_device_queue_create(device, &second));
  ASSERT_OK(msc_device_event_create(device, &event));
  msc_buffer a = makeFilled(1), sum = makeFilled(0);
  ASSERT_OK(fail(queue));
  ASSERT_OK(msc_device_event_record(device, queue, event));
  ASSERT_OK(msc_device_event_await(device, second, event));
  ASSERT_OK(dispatch(second, "accumulate", {sum, a}));
  EXPECT_NE(msc_device_event_wait(device, event), MSC_OK);
  EXPECT_NE(msc_device_finish(device, second), MSC_OK);
  EXPECT_NE(msc_device_finish(device, queue), MSC_OK);
  expectAll(sum, 0);
  // A new record knows nothing of it.
  ASSERT_OK(msc_device_event_record(device, queue, event));
  EXPECT_OK(msc_device_event_wait(device, event));
}

TEST_F(ConformanceTest, FeedsInOrderAndTellsWhenFull) {
  msc_infeed *infeed = nullptr;
  ASSERT_OK(msc_device_infeed_create(device, kBytes, 2, &infeed));
  EXPECT_EQ(feed(infeed, 1), MSC_OK);
  EXPECT_EQ(feed(infeed, 2), MSC_OK);
  EXPECT_EQ(feed(infeed, 3), MSC_BUSY);
  EXPECT_STREQ(msc_error(), "all 2 slots are full");
  EXPECT_EQ(feed(infeed, 3, 1000000), MSC_BUSY);
  msc_buffer a = makeBuffer(), b = makeBuffer();
  ASSERT_OK(msc_device_infeed_take(device, queue, infeed, a, 0));
  ASSERT_OK(msc_device_infeed_take(device, queue, infeed, b, 0));
  expectAll(a, 1);
  expectAll(b, 2);
  EXPECT_EQ(feed(infeed, 3), MSC_OK);
}

TEST_F(ConformanceTest, TellsExhaustedInfeeds) {
  msc_infeed *infeed = nullptr;
  ASSERT_OK(msc_device_infeed_create(device, kBytes, 2, &infeed));
  ASSERT_EQ(feed(infeed, 1), MSC_OK);
  ASSERT_EQ(msc_infeed_end(infeed), MSC_OK);
  EXPECT_EQ(feed(infeed, 2), MSC_INVALID_ARGUMENT);
  EXPECT_STREQ(msc_error(), "the infeed is ended");
  msc_buffer a = makeBuffer();
  ASSERT_OK(msc_device_infeed_take(device, queue, infeed, a, 0));
  ASSERT_OK(msc_device_infeed_take(device, queue, infeed, a, 0));
  EXPECT_FAILS(msc_device_finish(device, queue), MSC_INVALID_ARGUMENT,
               "exhausted");
  expectAll(a, 1);
}

TEST_F(ConformanceTest, RefusesBadInfeeds) {
  msc_infeed *infeed = nullptr;
  EXPECT_FAILS(msc_device_infeed_create(device, 0, 1, &infeed),
               MSC_INVALID_ARGUMENT, "at least one slot");
  EXPECT_FAILS(msc_device_infeed_create(device, 8, 0, &infeed),
               MSC_INVALID_ARGUMENT, "at least one slot");
  EXPECT_FAILS(msc_device_infeed_create(device, UINT64_MAX, 2, &infeed),
               MSC_INVALID_ARGUMENT, "at least one slot");
  ASSERT_OK(msc_device_infeed_create(device, kBytes, 1, &infeed));
  msc_buffer small = makeBuffer(kBytes - 1);
  EXPECT_FAILS(msc_device_infeed_take(device, queue, infeed, small, 0),
               MSC_INVALID_ARGUMENT, "infeed: bytes");
  char byte = 0;
  EXPECT_EQ(msc_infeed_push(infeed, &byte, 1, 0), MSC_INVALID_ARGUMENT);
  EXPECT_FAILS(msc_device_infeed_take(device, queue, nullptr, small, 0),
               MSC_INVALID_ARGUMENT, "none of this device");
  ASSERT_OK(msc_device_infeed_destroy(device, infeed));
  EXPECT_FAILS(msc_device_infeed_destroy(device, infeed), MSC_INVALID_ARGUMENT,
               "none of this device");
}

TEST_F(ConformanceTest, IsUsedByOneThreadAtATime) {
  msc_buffer a = makeBuffer();
  msc_infeed *infeed = blockQueue(queue, a);
  std::thread other([&] {
    // Inside of finish() the device is taken until it is fed.
    msc_buffer none = {};
    msc_status status;
    do {
      status = msc_device_allocate(device, 16, &none);
      if (status == MSC_OK)
        status = msc_device_free(device, none);
    } while (status == MSC_OK);
    EXPECT_EQ(status, MSC_BUSY);
    EXPECT_EQ(feed(infeed, 4, kForEver), MSC_OK);
  });
  // Until the other thread lets go.
  msc_status status;
  while ((status = msc_device_finish(device, queue)) == MSC_BUSY)
    std::this_thread::yield();
  EXPECT_EQ(status, MSC_OK);
  other.join();
  expectAll(a, 4);
}

TEST_F(ConformanceTest, ClosesWhileWorkIsLeft) {
  msc_queue second = {};
  msc_event event = {};
  ASSERT_OK(msc_device_queue_create(device, &second));
  ASSERT_OK(msc_device_event_create(device, &event));
  msc_buffer a = makeBuffer(), b = makeFilled(1);
  blockQueue(queue, a);
  ASSERT_OK(msc_device_event_record(device, queue, event));
  ASSERT_OK(msc_device_event_await(device, second, event));
  ASSERT_OK(dispatch(second, "accumulate", {b, a}));
  // TearDown() closes.
}

} // namespace
