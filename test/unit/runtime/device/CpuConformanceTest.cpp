// The conformance suite on the cpu driver, and what only that driver has.
#include "runtime/core/CpuQuota.h"
#include "test/unit/runtime/device/Conformance.h"

#include <fstream>
#include <sstream>

namespace msc::test {

DriverUnderTest driverUnderTest() {
  std::ifstream file("test/unit/runtime/device/libcpu_kernels.so",
                     std::ios::binary);
  std::ostringstream code;
  code << file.rdbuf();
  return {msc_cpu_driver(), code.str()};
}

TEST_F(ConformanceTest, RefusesElfFilesThatAreNoSharedObjects) {
  msc_module none = {};
  // e_type: ET_REL.
  std::string code = test.codeObject;
  code[16] = 1;
  EXPECT_FAILS(msc_device_load(device, code.data(), code.size(), &none),
               MSC_INVALID_ARGUMENT, "no ELF shared object");
  // e_phoff beyond the end.
  code = test.codeObject;
  code[32 + 7] = 0x7f;
  EXPECT_FAILS(msc_device_load(device, code.data(), code.size(), &none),
               MSC_INVALID_ARGUMENT, "program headers");
  // The last byte is missing.
  code = test.codeObject;
  EXPECT_FAILS(msc_device_load(device, code.data(), code.size() - 1, &none),
               MSC_INVALID_ARGUMENT, "sections are out of the file");
}

TEST_F(ConformanceTest, TakesKernelsThatTellNothing) {
  msc_kernel number = {};
  msc_kernel_info expects = {sizeof expects, 0, 0, 0};
  ASSERT_OK(msc_device_kernel(device, module, "number", &number, &expects));
  EXPECT_EQ(expects.num_buffers, -1);
  EXPECT_EQ(expects.num_scalars, -1);
  EXPECT_OK(fail(queue));
  EXPECT_FAILS(msc_device_finish(device, queue), MSC_INTERNAL,
               "the kernel failed with 7 at point (0, 0, 0)");
}

TEST_F(ConformanceTest, RunsLoopsOfKernelsOnItsThreads) {
  msc_buffer out = makeFilled(0);
  std::vector<float> squares;
  for (int64_t i = 0; i < kCount; ++i)
    squares.push_back(float(i * i));
  int64_t threads = rt::grantedThreads();
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(dispatch(queue, "parallel", {out}, {kCount, threads}));
    EXPECT_EQ(read(out), squares);
  }
}

TEST_F(ConformanceTest, RunsLoopsOfTwoQueuesAtOnce) {
  msc_queue second = {};
  ASSERT_OK(msc_device_queue_create(device, &second));
  msc_buffer a = makeFilled(0), b = makeFilled(0);
  for (int i = 0; i < 200; ++i) {
    ASSERT_OK(dispatch(queue, "parallel", {a}, {kCount, 0}));
    ASSERT_OK(dispatch(second, "parallel", {b}, {kCount, 0}));
  }
  ASSERT_OK(msc_device_finish(device, second));
  EXPECT_EQ(read(a), read(b));
}

} // namespace msc::test
