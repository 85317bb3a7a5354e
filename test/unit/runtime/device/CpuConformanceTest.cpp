// The conformance suite on the cpu driver, and what only that driver has.
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

} // namespace msc::test
