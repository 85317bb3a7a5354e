// Conformance: tables, queries, code objects.
#include "test/unit/runtime/device/Conformance.h"

#include <cstring>

using namespace msc::test;

extern "C" const char *runFromC(const msc_device_driver *driver,
                                const void *code, uint64_t bytes);

namespace {

TEST_F(ConformanceTest, TellsWhatItIs) {
  uint32_t count = 0;
  ASSERT_OK(msc_device_count(test.driver, &count));
  EXPECT_GE(count, 1u);
  EXPECT_STREQ(info.driver, test.driver->name);
  EXPECT_NE(info.name[0], 0);
  EXPECT_NE(info.code_format[0], 0);
  EXPECT_GE(info.kind, uint32_t(MSC_DEVICE_CPU));
  EXPECT_LE(info.kind, uint32_t(MSC_DEVICE_NPU));
  EXPECT_GT(info.memory_bytes, uint64_t(1) << 20);
  EXPECT_GE(info.max_queues, 2u);
  EXPECT_EQ(info.alignment & (info.alignment - 1), 0u);
}

TEST_F(ConformanceTest, RefusesBadQueries) {
  EXPECT_EQ(msc_device_query(test.driver, 1000, &info), MSC_INVALID_ARGUMENT);
  EXPECT_NE(std::strstr(msc_error(), "no device 1000"), nullptr);
  msc_device *none = nullptr;
  EXPECT_EQ(msc_device_open(test.driver, 1000, &none), MSC_INVALID_ARGUMENT);
  EXPECT_EQ(none, nullptr);
  msc_device_info small = {};
  small.size = 8;
  EXPECT_EQ(msc_device_query(test.driver, 0, &small), MSC_INVALID_ARGUMENT);
  EXPECT_EQ(msc_device_open(nullptr, 0, &none), MSC_INVALID_ARGUMENT);
  EXPECT_EQ(msc_device_allocate(nullptr, 1, nullptr), MSC_INVALID_ARGUMENT);
}

TEST_F(ConformanceTest, RefusesTablesOfOtherVersions) {
  msc_device *none = nullptr;
  msc_device_driver table = *test.driver;
  table.version = MSC_DEVICE_DRIVER_VERSION + 1;
  EXPECT_EQ(msc_device_open(&table, 0, &none), MSC_INCOMPATIBLE);
  EXPECT_STREQ(msc_error(), "expected a driver table of version 1, got 2");
  table.version = 0;
  EXPECT_EQ(msc_device_open(&table, 0, &none), MSC_INCOMPATIBLE);
}

TEST_F(ConformanceTest, RefusesShortAndIncompleteTables) {
  msc_device *none = nullptr;
  msc_device_driver table = *test.driver;
  table.struct_size = sizeof table - sizeof(void *);
  EXPECT_EQ(msc_device_open(&table, 0, &none), MSC_INCOMPATIBLE);
  table = *test.driver;
  table.list_launch = nullptr;
  EXPECT_EQ(msc_device_open(&table, 0, &none), MSC_INCOMPATIBLE);
  EXPECT_NE(std::strstr(msc_error(), "lacks 'list_launch'"), nullptr);
}

TEST_F(ConformanceTest, TakesLongerTablesAndTablesWithoutCounters) {
  struct {
    msc_device_driver table;
    void (*more)();
  } longer = {*test.driver, nullptr};
  longer.table.struct_size = sizeof longer;
  longer.table.counter = nullptr;
  msc_device *other = nullptr;
  ASSERT_OK(msc_device_open(&longer.table, 0, &other));
  const char *name = "";
  uint64_t value = 1;
  EXPECT_EQ(msc_device_counter(other, 0, &name, &value), MSC_OK);
  EXPECT_EQ(name, nullptr);
  EXPECT_EQ(msc_device_close(other), MSC_OK);
}

TEST_F(ConformanceTest, EndsItsListOfCounters) {
  const char *name = "";
  uint64_t value;
  uint32_t index = 0;
  for (; name && index < 1000; ++index)
    ASSERT_OK(msc_device_counter(device, index, &name, &value));
  EXPECT_LT(index, 1000u);
}

TEST_F(ConformanceTest, FindsKernels) {
  msc_kernel kernel = {};
  msc_kernel_info expects = {};
  expects.size = sizeof expects;
  ASSERT_OK(msc_device_kernel(device, module, "add", &kernel, &expects));
  EXPECT_TRUE(expects.num_buffers == 3 || expects.num_buffers == -1);
  EXPECT_TRUE(expects.num_scalars == 1 || expects.num_scalars == -1);
  EXPECT_FAILS(msc_device_kernel(device, module, "subtract", &kernel, nullptr),
               MSC_INVALID_ARGUMENT, "no kernel 'subtract'");
}

TEST_F(ConformanceTest, RefusesBrokenCodeObjects) {
  msc_module none = {};
  std::string code = test.codeObject;
  EXPECT_EQ(msc_device_load(device, code.data(), 3, &none),
            MSC_INVALID_ARGUMENT);
  EXPECT_EQ(msc_device_load(device, code.data(), code.size() / 2, &none),
            MSC_INVALID_ARGUMENT);
  EXPECT_EQ(msc_device_load(device, code.data(), 0, &none),
            MSC_INVALID_ARGUMENT);
  code[0] ^= 1;
  EXPECT_EQ(msc_device_load(device, code.data(), code.size(), &none),
            MSC_INVALID_ARGUMENT);
  EXPECT_NE(msc_device_error(device)[0], 0);
  EXPECT_EQ(none.id, 0u);
}

TEST_F(ConformanceTest, ForgetsKernelsOfUnloadedModules) {
  msc_kernel add = kernel("add");
  ASSERT_OK(msc_device_unload(device, module));
  msc_dispatch call = {};
  call.size = sizeof call;
  call.kernel = add;
  EXPECT_FAILS(msc_device_dispatch(device, queue, &call), MSC_INVALID_ARGUMENT,
               "the kernel is destroyed");
  EXPECT_FAILS(msc_device_unload(device, module), MSC_INVALID_ARGUMENT,
               "the module is destroyed");
  EXPECT_FAILS(msc_device_kernel(device, module, "add", &add, nullptr),
               MSC_INVALID_ARGUMENT, "the module is destroyed");
}

TEST_F(ConformanceTest, ServesHostsInC) {
  EXPECT_STREQ(
      runFromC(test.driver, test.codeObject.data(), test.codeObject.size()),
      nullptr);
}

TEST_F(ConformanceTest, LoadsManyModules) {
  for (int i = 0; i < 20; ++i) {
    msc_module more = {};
    ASSERT_OK(msc_device_load(device, test.codeObject.data(),
                              test.codeObject.size(), &more));
    if (i % 2)
      ASSERT_OK(msc_device_unload(device, more));
  }
}

} // namespace
