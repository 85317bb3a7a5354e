// Conformance: launch lists, repetition, triggers.
#include "test/unit/runtime/device/Conformance.h"

#include <thread>

using namespace msc::test;

namespace {

class ListConformanceTest : public ConformanceTest {
protected:
  void begin() { ASSERT_OK(msc_device_capture_begin(device, queue)); }
  msc_launch_list end() {
    msc_launch_list list = {};
    EXPECT_OK(msc_device_capture_end(device, queue, &list));
    return list;
  }
};

TEST_F(ListConformanceTest, CapturesWithoutRunning) {
  msc_buffer a = makeFilled(1), sum = makeFilled(0);
  uint64_t before = msc_device_triggers(device);
  begin();
  ASSERT_OK(dispatch(queue, "accumulate", {sum, a}));
  msc_launch_list list = end();
  EXPECT_EQ(msc_device_triggers(device), before);
  expectAll(sum, 0);
  ASSERT_OK(msc_device_launch(device, queue, list, 1));
  expectAll(sum, 1);
}

TEST_F(ListConformanceTest, RepeatsFromOneTrigger) {
  msc_buffer a = makeFilled(1), sum = makeFilled(0), copy = makeFilled(0);
  begin();
  ASSERT_OK(dispatch(queue, "accumulate", {sum, a}));
  ASSERT_OK(msc_device_copy(device, queue, copy, 0, sum, 0, kBytes));
  msc_launch_list list = end();
  uint64_t before = msc_device_triggers(device);
  ASSERT_OK(msc_device_launch(device, queue, list, 100));
  ASSERT_OK(msc_device_finish(device, queue));
  EXPECT_EQ(msc_device_triggers(device), before + 1);
  expectAll(copy, 100);
}

TEST_F(ListConformanceTest, CountsATriggerForEachCommand) {
  msc_buffer a = makeFilled(1), sum = makeFilled(0);
  uint64_t before = msc_device_triggers(device);
  ASSERT_OK(dispatch(queue, "accumulate", {sum, a}));
  ASSERT_OK(dispatch(queue, "accumulate", {sum, a}));
  ASSERT_OK(msc_device_copy(device, queue, a, 0, sum, 0, kBytes));
  ASSERT_OK(msc_device_finish(device, queue));
  EXPECT_EQ(msc_device_triggers(device), before + 3);
}

TEST_F(ListConformanceTest, ReadsHostMemoryInEachIteration) {
  msc_buffer x = makeBuffer(), sum = makeFilled(0);
  std::vector<float> values(kCount, 3), out(kCount);
  begin();
  ASSERT_OK(msc_device_upload(device, queue, x, 0, values.data(), kBytes));
  ASSERT_OK(dispatch(queue, "accumulate", {sum, x}));
  ASSERT_OK(msc_device_download(device, queue, out.data(), sum, 0, kBytes));
  msc_launch_list list = end();
  ASSERT_OK(msc_device_launch(device, queue, list, 2));
  ASSERT_OK(msc_device_finish(device, queue));
  EXPECT_EQ(out, std::vector<float>(kCount, 6));
  values.assign(kCount, 1);
  ASSERT_OK(msc_device_launch(device, queue, list, 1));
  ASSERT_OK(msc_device_finish(device, queue));
  EXPECT_EQ(out, std::vector<float>(kCount, 7));
}

TEST_F(ListConformanceTest, TakesAnInfeedAnIteration) {
  constexpr int kIterations = 200;
  msc_buffer x = makeBuffer(), sum = makeFilled(0);
  msc_infeed *infeed = nullptr;
  ASSERT_OK(msc_device_infeed_create(device, kBytes, 3, &infeed));
  begin();
  ASSERT_OK(msc_device_infeed_take(device, queue, infeed, x, 0));
  ASSERT_OK(dispatch(queue, "accumulate", {sum, x}));
  msc_launch_list list = end();
  uint64_t before = msc_device_triggers(device);
  ASSERT_OK(msc_device_launch(device, queue, list, kIterations));
  std::thread producer([&] {
    for (int i = 1; i <= kIterations; ++i)
      EXPECT_EQ(feed(infeed, i, UINT64_MAX), MSC_OK);
  });
  ASSERT_OK(msc_device_finish(device, queue));
  producer.join();
  EXPECT_EQ(msc_device_triggers(device), before + 1);
  expectAll(sum, kIterations * (kIterations + 1) / 2);
}

TEST_F(ListConformanceTest, TellsTheIterationThatLacksInput) {
  msc_buffer x = makeBuffer(), sum = makeFilled(0);
  msc_infeed *infeed = nullptr;
  ASSERT_OK(msc_device_infeed_create(device, kBytes, 4, &infeed));
  begin();
  ASSERT_OK(msc_device_infeed_take(device, queue, infeed, x, 0));
  ASSERT_OK(dispatch(queue, "accumulate", {sum, x}));
  msc_launch_list list = end();
  for (int i = 0; i < 3; ++i)
    ASSERT_EQ(feed(infeed, 1), MSC_OK);
  msc_infeed_end(infeed);
  ASSERT_OK(msc_device_launch(device, queue, list, 10));
  EXPECT_FAILS(msc_device_finish(device, queue), MSC_INVALID_ARGUMENT,
               "iteration 4 of 10: the infeed is exhausted");
  expectAll(sum, 3);
}

TEST_F(ListConformanceTest, EndsAtTheFirstFailure) {
  msc_buffer a = makeFilled(1), sum = makeFilled(0);
  begin();
  ASSERT_OK(dispatch(queue, "accumulate", {sum, a}));
  ASSERT_OK(fail(queue));
  msc_launch_list list = end();
  ASSERT_OK(msc_device_launch(device, queue, list, 1000));
  EXPECT_NE(msc_device_finish(device, queue), MSC_OK);
  EXPECT_NE(std::string(msc_device_error(device)).find("iteration 1 of 1000"),
            std::string::npos);
  expectAll(sum, 1);
}

TEST_F(ListConformanceTest, RefusesMisuseOfCapture) {
  msc_launch_list list = {};
  msc_event event = {};
  ASSERT_OK(msc_device_event_create(device, &event));
  ASSERT_OK(msc_device_event_record(device, queue, event));
  EXPECT_FAILS(msc_device_capture_end(device, queue, &list),
               MSC_INVALID_ARGUMENT, "capturing no list");
  begin();
  EXPECT_FAILS(msc_device_capture_begin(device, queue), MSC_INVALID_ARGUMENT,
               "capturing a list already");
  EXPECT_FAILS(msc_device_event_record(device, queue, event),
               MSC_INVALID_ARGUMENT, "holds no events");
  EXPECT_FAILS(msc_device_event_await(device, queue, event),
               MSC_INVALID_ARGUMENT, "holds no events");
  EXPECT_FAILS(msc_device_capture_end(device, queue, &list),
               MSC_INVALID_ARGUMENT, "nothing was captured");
  EXPECT_EQ(list.id, 0u);
  // That has ended it.
  begin();
  msc_buffer a = makeBuffer();
  ASSERT_OK(dispatch(queue, "accumulate", {a, a}));
  list = end();
  EXPECT_FAILS(msc_device_launch(device, queue, list, 0), MSC_INVALID_ARGUMENT,
               "at least 1");
  begin();
  EXPECT_FAILS(msc_device_launch(device, queue, list, 1), MSC_INVALID_ARGUMENT,
               "a list within a list");
  EXPECT_OK(msc_device_capture_end(device, queue, nullptr));
  EXPECT_FAILS(msc_device_launch(device, queue, {a.id}, 1),
               MSC_INVALID_ARGUMENT, "is no launch list");
}

TEST_F(ListConformanceTest, KeepsWhatListsUse) {
  msc_buffer a = makeFilled(1), sum = makeFilled(0);
  msc_infeed *infeed = nullptr;
  ASSERT_OK(msc_device_infeed_create(device, kBytes, 1, &infeed));
  begin();
  ASSERT_OK(msc_device_infeed_take(device, queue, infeed, a, 0));
  ASSERT_OK(dispatch(queue, "accumulate", {sum, a}));
  msc_launch_list list = end();
  EXPECT_FAILS(msc_device_free(device, a), MSC_BUSY, "launch lists use");
  EXPECT_FAILS(msc_device_unload(device, module), MSC_BUSY, "launch lists use");
  EXPECT_FAILS(msc_device_infeed_destroy(device, infeed), MSC_BUSY,
               "launch lists use");
  ASSERT_OK(msc_device_launch(device, queue, list, 1));
  EXPECT_FAILS(msc_device_list_destroy(device, list), MSC_BUSY, "not done");
  ASSERT_EQ(feed(infeed, 2), MSC_OK);
  ASSERT_OK(msc_device_finish(device, queue));
  EXPECT_OK(msc_device_list_destroy(device, list));
  EXPECT_FAILS(msc_device_launch(device, queue, list, 1), MSC_INVALID_ARGUMENT,
               "the launch list is destroyed");
  EXPECT_OK(msc_device_free(device, a));
  EXPECT_OK(msc_device_unload(device, module));
  EXPECT_OK(msc_device_infeed_destroy(device, infeed));
}

TEST_F(ListConformanceTest, ReleasesWhatADroppedCaptureUsed) {
  msc_buffer a = makeBuffer();
  begin();
  ASSERT_OK(dispatch(queue, "accumulate", {a, a}));
  EXPECT_FAILS(msc_device_free(device, a), MSC_BUSY, "launch lists use");
  ASSERT_OK(msc_device_capture_end(device, queue, nullptr));
  EXPECT_OK(msc_device_free(device, a));
}

TEST_F(ListConformanceTest, LaunchesInAnyQueue) {
  msc_queue second = {};
  ASSERT_OK(msc_device_queue_create(device, &second));
  msc_buffer a = makeFilled(1), sum = makeFilled(0);
  begin();
  ASSERT_OK(dispatch(queue, "accumulate", {sum, a}));
  msc_launch_list list = end();
  ASSERT_OK(msc_device_launch(device, second, list, 3));
  ASSERT_OK(msc_device_finish(device, second));
  ASSERT_OK(msc_device_launch(device, queue, list, 4));
  expectAll(sum, 7);
}

} // namespace
