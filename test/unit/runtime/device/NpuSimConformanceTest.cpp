// The conformance suite on the simulated accelerator.
#include "runtime/npu/Text.h"
#include "test/unit/runtime/device/Conformance.h"

#include <map>

namespace msc::test {

static const char *const kKernels = R"(
kernel add buffers=3 scalars=1 local=16384 accumulators=0
  arg r1, 0
  muli r2, r1, 4      # bytes
  li r3, 1
  li r4, 0x1000
  li r5, 0x2000
  load dma0, b0, r0, r4, r2, r3, r3, r3, r0, r0, r0, r0, r0, r0
  signal dma0, s0
  load dma1, b1, r0, r5, r2, r3, r3, r3, r0, r0, r0, r0, r0, r0
  signal dma1, s1
  wait vector, s0
  wait vector, s1
  vadd.f32.f32.f32 r4, r4, r5, r3, r1, r0, r0, r0
  signal vector, s2
  wait dma2, s2
  store dma2, b2, r0, r4, r2, r3, r3, r3, r0, r0, r0, r0, r0, r0
  halt
kernel accumulate buffers=2 scalars=1 local=16384 accumulators=0
  arg r1, 0
  muli r2, r1, 4
  li r3, 1
  li r4, 0x1000
  li r5, 0x2000
  load dma0, b0, r0, r4, r2, r3, r3, r3, r0, r0, r0, r0, r0, r0
  load dma0, b1, r0, r5, r2, r3, r3, r3, r0, r0, r0, r0, r0, r0
  fence
  vadd.f32.f32.f32 r4, r4, r5, r3, r1, r0, r0, r0
  fence
  store dma0, b0, r0, r4, r2, r3, r3, r3, r0, r0, r0, r0, r0, r0
  halt
kernel fail local=32 accumulators=0
  peek.i32 r1, r0     # nothing was written there
  halt
)";

DriverUnderTest driverUnderTest() {
  std::vector<npu::Kernel> kernels;
  std::string error;
  EXPECT_TRUE(npu::assemble(kKernels, kernels, error)) << error;
  std::vector<uint8_t> bytes = npu::serialize(kernels);
  return {msc_npu_sim_driver(), std::string(bytes.begin(), bytes.end())};
}

class NpuSimTest : public ConformanceTest {
protected:
  std::map<std::string, uint64_t> counters() {
    std::map<std::string, uint64_t> values;
    const char *name = "";
    uint64_t value = 0;
    for (uint32_t i = 0;
         msc_device_counter(device, i, &name, &value) == 0 && name; ++i)
      values[name] = value;
    return values;
  }
};

TEST_F(NpuSimTest, TellsWhereKernelsFail) {
  ASSERT_OK(fail(queue));
  EXPECT_FAILS(msc_device_finish(device, queue), MSC_INTERNAL,
               "kernel 'fail', instruction 0 (peek, control): reads local 0x0, "
               "which nothing has written");
}

TEST_F(NpuSimTest, ChecksRangesOfBuffers) {
  msc_buffer a = makeFilled(1), b = makeFilled(1), out = makeFilled(1);
  ASSERT_OK(dispatch(queue, "add", {a, b, out}, {kCount + 1}));
  EXPECT_FAILS(msc_device_finish(device, queue), MSC_INTERNAL,
               "instruction 5 (load, dma0): out of range: bytes from 0 of "
               "buffer 0, which has 256");
}

TEST_F(NpuSimTest, CountsTheSameCyclesEachTime) {
  msc_buffer a = makeFilled(1), b = makeFilled(1), out = makeFilled(1);
  ASSERT_OK(dispatch(queue, "add", {a, b, out}));
  ASSERT_OK(msc_device_finish(device, queue));
  auto once = counters();
  EXPECT_EQ(once["dispatches"], 1u);
  EXPECT_EQ(once["instructions"], 16u);
  EXPECT_EQ(once["loaded_bytes"], 2 * kBytes);
  EXPECT_EQ(once["stored_bytes"], kBytes);
  EXPECT_GT(once["cycles"], 0u);
  ASSERT_OK(dispatch(queue, "add", {a, b, out}));
  ASSERT_OK(msc_device_finish(device, queue));
  EXPECT_EQ(counters()["cycles"], 2 * once["cycles"]);
}

} // namespace msc::test
