// The fixture of the suite that every driver passes.
#ifndef MSC_TEST_UNIT_RUNTIME_DEVICE_CONFORMANCE_H
#define MSC_TEST_UNIT_RUNTIME_DEVICE_CONFORMANCE_H

#include "runtime/include/msc/driver.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace msc::test {

/// A driver, and a code object with three kernels on f32 of n <= 1024 elements:
///   add(a, b, out; n)        out = a + b
///   accumulate(sum, x; n)    sum += x
///   fail(;)                  always fails
/// and, if the device has MSC_DEVICE_GRID,
///   number(out; gx, gy)      out[z][y][x] = 100 z + 10 y + x
struct DriverUnderTest {
  const msc_device_driver *driver;
  std::string codeObject;
};

/// Each driver's test defines it.
DriverUnderTest driverUnderTest();

#define EXPECT_OK(call)                                                        \
  EXPECT_EQ(call, MSC_OK) << msc_device_error(device) << " / " << msc_error()
#define ASSERT_OK(call)                                                        \
  ASSERT_EQ(call, MSC_OK) << msc_device_error(device) << " / " << msc_error()
/// The call fails so, and the device's text holds that.
#define EXPECT_FAILS(call, status, text)                                       \
  do {                                                                         \
    EXPECT_EQ(call, status);                                                   \
    EXPECT_NE(std::string(msc_device_error(device)).find(text),                \
              std::string::npos)                                               \
        << msc_device_error(device);                                           \
  } while (false)

class ConformanceTest : public ::testing::Test {
protected:
  static constexpr uint64_t kBytes = 256; // of most buffers
  static constexpr int64_t kCount = kBytes / sizeof(float);

  void SetUp() override {
    test = driverUnderTest();
    ASSERT_OK(msc_device_open(test.driver, 0, &device));
    info.size = sizeof info;
    ASSERT_OK(msc_device_query(test.driver, 0, &info));
    ASSERT_OK(msc_device_queue_create(device, &queue));
    ASSERT_OK(msc_device_load(device, test.codeObject.data(),
                              test.codeObject.size(), &module));
  }
  void TearDown() override { EXPECT_EQ(msc_device_close(device), MSC_OK); }

  msc_buffer makeBuffer(uint64_t bytes = kBytes) {
    msc_buffer buffer = {};
    EXPECT_OK(msc_device_allocate(device, bytes, &buffer));
    return buffer;
  }
  /// A buffer of kCount equal numbers.
  msc_buffer makeFilled(float value) {
    msc_buffer buffer = makeBuffer();
    std::vector<float> values(kCount, value);
    EXPECT_OK(
        msc_device_upload(device, queue, buffer, 0, values.data(), kBytes));
    EXPECT_OK(msc_device_finish(device, queue));
    return buffer;
  }
  std::vector<float> read(msc_buffer buffer, int64_t count = kCount) {
    std::vector<float> values(count, -1.0f);
    EXPECT_OK(msc_device_download(device, queue, values.data(), buffer, 0,
                                  count * sizeof(float)));
    EXPECT_OK(msc_device_finish(device, queue));
    return values;
  }
  void expectAll(msc_buffer buffer, float value) {
    EXPECT_EQ(read(buffer), std::vector<float>(kCount, value));
  }

  msc_kernel kernel(const char *name) {
    msc_kernel kernel = {};
    EXPECT_OK(msc_device_kernel(device, module, name, &kernel, nullptr));
    return kernel;
  }
  msc_status dispatch(msc_queue where, const char *name,
                      std::vector<msc_buffer> buffers,
                      std::vector<int64_t> scalars = {kCount}) {
    std::vector<msc_range> ranges;
    for (msc_buffer buffer : buffers)
      ranges.push_back({buffer, 0, MSC_TO_THE_END});
    msc_dispatch call = {};
    call.size = sizeof call;
    call.kernel = kernel(name);
    call.num_buffers = static_cast<uint32_t>(ranges.size());
    call.buffers = ranges.data();
    call.num_scalars = static_cast<uint32_t>(scalars.size());
    call.scalars = scalars.data();
    return msc_device_dispatch(device, where, &call);
  }
  msc_status fail(msc_queue where) { return dispatch(where, "fail", {}, {}); }

  /// Blocks the queue until the infeed, which is made, is fed.
  msc_infeed *blockQueue(msc_queue where, msc_buffer buffer) {
    msc_infeed *infeed = nullptr;
    EXPECT_OK(msc_device_infeed_create(device, kBytes, 2, &infeed));
    EXPECT_OK(msc_device_infeed_take(device, where, infeed, buffer, 0));
    return infeed;
  }
  /// Feeds kCount equal numbers.
  msc_status feed(msc_infeed *infeed, float value, uint64_t timeoutNs = 0) {
    std::vector<float> values(kCount, value);
    return msc_infeed_push(infeed, values.data(), kBytes, timeoutNs);
  }

  DriverUnderTest test;
  msc_device *device = nullptr;
  msc_device_info info = {};
  msc_queue queue = {};
  msc_module module = {};
};

} // namespace msc::test

#endif
