// Conformance: buffers, copies, dispatches.
#include "test/unit/runtime/device/Conformance.h"

#include <numeric>

using namespace msc::test;

namespace {

TEST_F(ConformanceTest, CopiesThereAndBack) {
  std::vector<float> values(kCount), back(kCount);
  std::iota(values.begin(), values.end(), 1.0f);
  msc_buffer a = makeBuffer(), b = makeBuffer();
  ASSERT_OK(msc_device_upload(device, queue, a, 0, values.data(), kBytes));
  ASSERT_OK(msc_device_copy(device, queue, b, 0, a, 0, kBytes));
  ASSERT_OK(msc_device_download(device, queue, back.data(), b, 0, kBytes));
  ASSERT_OK(msc_device_finish(device, queue));
  EXPECT_EQ(back, values);
}

TEST_F(ConformanceTest, CopiesPartsAtAnyByte) {
  std::vector<char> values(kBytes), back(kBytes, 0);
  std::iota(values.begin(), values.end(), 1);
  msc_buffer a = makeBuffer(), b = makeBuffer();
  ASSERT_OK(msc_device_upload(device, queue, a, 0, values.data(), kBytes));
  ASSERT_OK(msc_device_upload(device, queue, b, 0, back.data(), kBytes));
  ASSERT_OK(msc_device_copy(device, queue, b, 7, a, 3, 11));
  ASSERT_OK(msc_device_copy(device, queue, a, 128, a, 1, 127));
  ASSERT_OK(msc_device_download(device, queue, back.data(), b, 5, 20));
  ASSERT_OK(msc_device_download(device, queue, back.data() + 100, a, 128, 100));
  ASSERT_OK(msc_device_finish(device, queue));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(back[i], i >= 2 && i < 13 ? values[3 + i - 2] : 0) << i;
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(back[100 + i], values[1 + i]) << i;
}

TEST_F(ConformanceTest, TakesEmptyCopies) {
  msc_buffer a = makeFilled(3);
  EXPECT_OK(msc_device_upload(device, queue, a, kBytes, nullptr, 0));
  EXPECT_OK(msc_device_download(device, queue, nullptr, a, 0, 0));
  EXPECT_OK(msc_device_copy(device, queue, a, 8, a, 8, 0));
  expectAll(a, 3);
}

TEST_F(ConformanceTest, RefusesCopiesOutOfRange) {
  msc_buffer a = makeFilled(1), b = makeFilled(2);
  char host[kBytes + 1] = {};
  EXPECT_FAILS(msc_device_upload(device, queue, a, 0, host, kBytes + 1),
               MSC_INVALID_ARGUMENT, "upload: bytes 0 to 0 + 257 of a buffer");
  EXPECT_FAILS(msc_device_upload(device, queue, a, kBytes + 1, host, 0),
               MSC_INVALID_ARGUMENT, "upload");
  EXPECT_FAILS(msc_device_download(device, queue, host, a, 8, UINT64_MAX - 8),
               MSC_INVALID_ARGUMENT, "download");
  EXPECT_FAILS(msc_device_copy(device, queue, a, 1, b, 0, kBytes),
               MSC_INVALID_ARGUMENT, "copy to");
  EXPECT_FAILS(msc_device_copy(device, queue, a, 0, b, UINT64_MAX, 2),
               MSC_INVALID_ARGUMENT, "copy from");
  EXPECT_FAILS(msc_device_copy(device, queue, a, 0, a, 10, 20),
               MSC_INVALID_ARGUMENT, "overlaps itself");
  EXPECT_FAILS(msc_device_upload(device, queue, a, 0, nullptr, 1),
               MSC_INVALID_ARGUMENT, "no host memory");
  expectAll(a, 1);
}

TEST_F(ConformanceTest, ChecksSizesBeforeItAllocates) {
  msc_buffer none = {};
  EXPECT_FAILS(msc_device_allocate(device, 0, &none), MSC_INVALID_ARGUMENT,
               "at least one byte");
  EXPECT_FAILS(msc_device_allocate(device, UINT64_MAX, &none),
               MSC_OUT_OF_MEMORY, "wanted");
  msc_buffer some = makeBuffer();
  EXPECT_FAILS(msc_device_allocate(device, info.memory_bytes, &none),
               MSC_OUT_OF_MEMORY, "free");
  EXPECT_EQ(none.id, 0u);
  EXPECT_OK(msc_device_free(device, some));
}

TEST_F(ConformanceTest, RecognisesHandles) {
  msc_buffer gone = makeFilled(1);
  ASSERT_OK(msc_device_free(device, gone));
  char host[4];
  EXPECT_FAILS(msc_device_free(device, gone), MSC_INVALID_ARGUMENT,
               "the buffer is destroyed");
  EXPECT_FAILS(msc_device_download(device, queue, host, gone, 0, 4),
               MSC_INVALID_ARGUMENT, "the buffer is destroyed");
  // Another object takes over the slot.
  msc_buffer next = makeBuffer();
  EXPECT_NE(next.id, gone.id);
  EXPECT_FAILS(msc_device_download(device, queue, host, gone, 0, 4),
               MSC_INVALID_ARGUMENT, "the buffer is destroyed");
  EXPECT_FAILS(msc_device_free(device, {queue.id}), MSC_INVALID_ARGUMENT,
               "is no buffer of this device");
  EXPECT_FAILS(msc_device_free(device, {0}), MSC_INVALID_ARGUMENT,
               "is no buffer of this device");
  EXPECT_FAILS(msc_device_download(device, {next.id}, host, next, 0, 4),
               MSC_INVALID_ARGUMENT, "is no queue of this device");
}

TEST_F(ConformanceTest, RunsKernels) {
  msc_buffer a = makeFilled(1), b = makeFilled(2), out = makeFilled(0);
  ASSERT_OK(dispatch(queue, "add", {a, b, out}));
  ASSERT_OK(dispatch(queue, "accumulate", {out, b}));
  expectAll(out, 5);
}

TEST_F(ConformanceTest, RunsKernelsOnPartsOfBuffers) {
  uint64_t bytes = 1024;
  while (bytes < 4 * info.alignment)
    bytes *= 2;
  std::vector<float> values(bytes / sizeof(float));
  std::iota(values.begin(), values.end(), 0.0f);
  msc_buffer all = makeBuffer(bytes);
  ASSERT_OK(msc_device_upload(device, queue, all, 0, values.data(), bytes));
  uint64_t quarter = bytes / 4;
  int64_t n = static_cast<int64_t>(quarter / sizeof(float)) - 3;
  msc_range ranges[] = {
      {all, 0, quarter}, {all, quarter, quarter}, {all, 2 * quarter, quarter}};
  msc_dispatch call = {};
  call.size = sizeof call;
  call.kernel = kernel("add");
  call.num_buffers = 3;
  call.buffers = ranges;
  call.num_scalars = 1;
  call.scalars = &n;
  ASSERT_OK(msc_device_dispatch(device, queue, &call));
  std::vector<float> expected = values;
  size_t step = quarter / sizeof(float);
  for (int64_t i = 0; i < n; ++i)
    expected[2 * step + i] = values[i] + values[step + i];
  EXPECT_EQ(read(all, static_cast<int64_t>(values.size())), expected);

  ranges[0].offset = 1;
  EXPECT_FAILS(msc_device_dispatch(device, queue, &call), MSC_INVALID_ARGUMENT,
               "expected offsets that are multiples");
  ranges[0] = {all, bytes, 64};
  EXPECT_FAILS(msc_device_dispatch(device, queue, &call), MSC_INVALID_ARGUMENT,
               "dispatch: bytes");
}

TEST_F(ConformanceTest, ChecksDispatches) {
  msc_buffer a = makeFilled(1);
  msc_kernel_info expects = {sizeof expects, -1, -1, 0};
  msc_kernel add = {};
  ASSERT_OK(msc_device_kernel(device, module, "add", &add, &expects));
  if (expects.num_buffers == 3)
    EXPECT_FAILS(dispatch(queue, "add", {a, a}), MSC_INVALID_ARGUMENT,
                 "the kernel expects 3 buffers and 1 scalars, got 2, 1");
  if (expects.num_scalars == 1)
    EXPECT_FAILS(dispatch(queue, "add", {a, a, a}, {}), MSC_INVALID_ARGUMENT,
                 "got 3, 0");
  msc_dispatch call = {};
  call.size = sizeof call;
  call.kernel = {add.id + 100};
  EXPECT_FAILS(msc_device_dispatch(device, queue, &call), MSC_INVALID_ARGUMENT,
               "is no kernel of this device");
  call.kernel = add;
  call.num_buffers = MSC_DEVICE_MAX_BUFFERS + 1;
  EXPECT_FAILS(msc_device_dispatch(device, queue, &call), MSC_INVALID_ARGUMENT,
               "expected at most 64 buffers");
  call.size = 4;
  EXPECT_FAILS(msc_device_dispatch(device, queue, &call), MSC_INVALID_ARGUMENT,
               "expected a msc_dispatch");
}

TEST_F(ConformanceTest, RunsGridsWhereThereAreAny) {
  msc_buffer out = makeFilled(-1);
  msc_range range = {out, 0, MSC_TO_THE_END};
  int64_t extents[] = {4, 3};
  msc_dispatch call = {};
  call.size = sizeof call;
  bool grids = info.capabilities & MSC_DEVICE_GRID;
  call.kernel = kernel(grids ? "number" : "fail");
  if (grids) {
    call.num_buffers = 1;
    call.buffers = &range;
    call.num_scalars = 2;
    call.scalars = extents;
  }
  call.grid[0] = 4;
  call.grid[1] = 3;
  call.grid[2] = 2;
  if (!grids) {
    EXPECT_FAILS(msc_device_dispatch(device, queue, &call),
                 MSC_INVALID_ARGUMENT, "expected a grid of 1 to 1");
    return;
  }
  ASSERT_OK(msc_device_dispatch(device, queue, &call));
  std::vector<float> found = read(out);
  for (int i = 0; i < kCount; ++i)
    EXPECT_EQ(found[i],
              i < 24 ? 100 * (i / 12) + 10 * (i / 4 % 3) + i % 4 : -1);
  call.grid[1] = 0;
  EXPECT_FAILS(msc_device_dispatch(device, queue, &call), MSC_INVALID_ARGUMENT,
               "along axis 1, got 0");
}

} // namespace
