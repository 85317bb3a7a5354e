// Kernels with mistakes: each is found, whatever the timing.
#include "test/unit/runtime/npu_sim/Chip.h"

using namespace msc::test;

namespace {

// r1: 64 bytes, r2: 1, r3: 16 columns, r4 and r5: tiles.
const char *const kSetup = "li r1, 64\nli r2, 1\nli r3, 16\nli r4, 0x1000\n"
                           "li r5, 0x2000\n";

/// One row of 64 bytes; instruction 5, if it comes first.
std::string load(const std::string &dma, const std::string &local,
                 const std::string &buffer = "b0",
                 const std::string &offset = "r0") {
  return "load " + dma + ", " + buffer + ", " + offset + ", " + local +
         ", r1, r2, r2, r2, r0, r0, r0, r0, r0, r0\n";
}
std::string store(const std::string &dma, const std::string &local,
                  const std::string &buffer = "b1",
                  const std::string &offset = "r0") {
  return "store " + load(dma, local, buffer, offset).substr(5);
}
/// r5 = -r4.
const char *const kNegate = "vneg.f32.f32 r5, r4, r2, r3, r0, r0\n";

class HazardTest : public ::testing::Test {
protected:
  bool run(const std::string &text) {
    std::vector<Chip::Bytes> buffers(2, Chip::Bytes(4096));
    return chip.run(kSetup + text, buffers);
  }

  Chip chip;
};

TEST_F(HazardTest, FindsMissingWaits) {
  EXPECT_FAULT(run(load("dma0", "r4") + kNegate),
               "kernel 'k', instruction 6 (vneg, vector): missing wait: reads "
               "64 bytes at local 0x1000, and nothing orders it after "
               "instruction 5 (load, dma0), which writes there");
  EXPECT_RUNS(
      run(load("dma0", "r4") + "signal dma0, s0\nwait vector, s0\n" + kNegate));
}

TEST_F(HazardTest, FindsThemHoweverLateTheReadIs) {
  EXPECT_FAULT(
      run(load("dma0", "r4") + "li r6, 10000\nloop r7, r6\nend\n" + kNegate),
      "missing wait");
}

TEST_F(HazardTest, FindsWaitsForTheWrongSignal) {
  EXPECT_FAULT(run("signal dma0, s0\n" + load("dma0", "r4") +
                   "wait vector, s0\n" + kNegate),
               "missing wait");
  EXPECT_FAULT(
      run(load("dma0", "r4") + "signal dma1, s0\nwait vector, s0\n" + kNegate),
      "missing wait");
}

TEST_F(HazardTest, FollowsChainsOfSignals) {
  EXPECT_RUNS(run(load("dma0", "r4") +
                  "signal dma0, s0\nwait matrix, s0\nsignal matrix, s1\n"
                  "wait vector, s1\n" +
                  kNegate));
  // Through the control unit.
  EXPECT_RUNS(run(load("dma0", "r4") + "signal dma0, s0\nwait control, s0\n" +
                  kNegate));
  EXPECT_RUNS(run(load("dma0", "r4") + "fence\n" + kNegate));
}

TEST_F(HazardTest, CountsSignals) {
  std::string twice = load("dma0", "r4") + "signal dma0, s0\n" +
                      load("dma0", "r5") + "signal dma0, s0\n";
  // The first wait is for the first load.
  EXPECT_RUNS(run(twice + "wait vector, s0\nvneg.f32.f32 r4, r4, r2, r3, r0, "
                          "r0\n"));
  EXPECT_FAULT(run(twice + "wait vector, s0\n" + kNegate), "race");
  EXPECT_RUNS(run(twice + "wait vector, s0\nwait vector, s0\n" + kNegate));
}

TEST_F(HazardTest, FindsWritesOverUnorderedWrites) {
  EXPECT_FAULT(run(load("dma0", "r4") + load("dma1", "r4", "b1")),
               "instruction 6 (load, dma1): race: writes 64 bytes at local "
               "0x1000, and nothing orders it after instruction 5 (load, "
               "dma0), which writes there");
  EXPECT_RUNS(run(load("dma0", "r4") + load("dma0", "r4", "b1")));
}

TEST_F(HazardTest, FindsWritesOverUnorderedReads) {
  std::string text =
      load("dma0", "r4") + "signal dma0, s0\nwait vector, s0\n" + kNegate;
  EXPECT_FAULT(run(text + load("dma0", "r4")),
               "race: writes 64 bytes at local 0x1000, and nothing orders it "
               "after instruction 8 (vneg, vector), which reads there");
  EXPECT_RUNS(
      run(text + "signal vector, s1\nwait dma0, s1\n" + load("dma0", "r4")));
}

TEST_F(HazardTest, KeepsOrderByLines) {
  // Different bytes of one line.
  std::string text = "li r6, 16\nli r7, 0x1010\n"
                     "fill.1 dma0, r4, r0, r6, r2, r2, r2, r0, r0, r0\n";
  EXPECT_FAULT(run(text + "fill.1 dma1, r7, r0, r6, r2, r2, r2, r0, r0, r0\n"),
               "race");
  EXPECT_RUNS(run(text + "li r7, 0x1020\n"
                         "fill.1 dma1, r7, r0, r6, r2, r2, r2, r0, r0, r0\n"));
}

TEST_F(HazardTest, FindsUnorderedPeeks) {
  EXPECT_FAULT(run(load("dma0", "r4") + "li r9, 1000\nloop r8, r9\nend\n"
                                        "peek.i32 r6, r4\n"),
               "(peek, control): missing wait");
  EXPECT_RUNS(run(load("dma0", "r4") +
                  "signal dma0, s0\nwait control, s0\npeek.i32 r6, r4\n"));
  // What is issued later is ordered after the peek; what was before is not.
  EXPECT_RUNS(run(load("dma0", "r4") +
                  "signal dma0, s0\nwait control, s0\npeek.i32 r6, r4\n" +
                  load("dma1", "r4")));
}

TEST_F(HazardTest, FindsRacesInDeviceMemory) {
  std::string prepare = load("dma0", "r4") + "signal dma0, s0\nwait dma1, s0\n";
  EXPECT_FAULT(
      run(prepare + store("dma1", "r4", "b1") + load("dma2", "r5", "b1")),
      "instruction 9 (load, dma2): missing wait: reads buffer 1, and "
      "nothing orders it after instruction 8 (store, dma1), which "
      "writes there");
  EXPECT_RUNS(run(prepare + store("dma1", "r4", "b1") +
                  "signal dma1, s1\nwait dma2, s1\n" +
                  load("dma2", "r5", "b1")));
  EXPECT_FAULT(
      run(load("dma2", "r5", "b1") + prepare + store("dma1", "r4", "b1")),
      "race: writes buffer 1, and nothing orders it after "
      "instruction 5 (load, dma2), which reads there");
  // Reads may go side by side, and so may other places.
  EXPECT_RUNS(run(load("dma0", "r4") + load("dma1", "r5")));
  EXPECT_RUNS(run(prepare + store("dma1", "r4", "b1") +
                  load("dma2", "r5", "b1", "r1")));
}

TEST_F(HazardTest, ComparesBoxesInDeviceMemoryExactly) {
  // dma1 writes every other row of 64 bytes; dma2 reads from `offset` on.
  auto interleaved = [&](int64_t offset, int64_t bytes) {
    return run("li r6, 4\nli r7, 128\nli r8, 256\n"
               "fill.1 dma0, r4, r0, r8, r2, r2, r2, r0, r0, r0\n"
               "signal dma0, s0\nwait dma1, s0\n"
               "store dma1, b1, r0, r4, r1, r6, r2, r2, r7, r0, r0, r1, r0, "
               "r0\nli r10, " +
               std::to_string(offset) + "\nli r11, " + std::to_string(bytes) +
               "\nload dma2, b1, r10, r5, r11, r6, r2, r2, r7, r0, r0, r1, r0, "
               "r0\n");
  };
  EXPECT_RUNS(interleaved(64, 64));
  EXPECT_FAULT(interleaved(64, 65), "missing wait");
  EXPECT_FAULT(interleaved(63, 1), "missing wait");
  EXPECT_RUNS(interleaved(448, 64));
}

TEST_F(HazardTest, KnowsThatArgumentsMayShareMemory) {
  msc::npu::CodeObject object;
  msc::npu::Complaint complaint;
  std::vector<msc::npu::Kernel> kernels;
  ASSERT_TRUE(msc::npu::assemble(
      "kernel k buffers=2\n" + std::string(kSetup) +
          "fill.1 dma0, r4, r0, r1, r2, r2, r2, r0, r0, r0\n" +
          store("dma0", "r4", "b0") + load("dma1", "r5", "b1") + "halt",
      kernels, chip.error));
  std::vector<uint8_t> code = msc::npu::serialize(kernels);
  ASSERT_TRUE(object.open(code.data(), code.size(), complaint));
  Chip::Bytes memory(256);
  msc::npu::Simulator simulator;
  ASSERT_TRUE(simulator.allocate());
  msc::npu::Counters counters;
  msc::npu::BufferArgument shared[] = {{memory.data(), 128},
                                       {memory.data() + 32, 128}};
  EXPECT_FALSE(simulator.run(object.kernel(0), shared, nullptr, counters));
  EXPECT_NE(std::string(simulator.error()).find("missing wait: reads buffer 1"),
            std::string::npos);
  msc::npu::BufferArgument apart[] = {{memory.data(), 128},
                                      {memory.data() + 64, 128}};
  EXPECT_TRUE(simulator.run(object.kernel(0), apart, nullptr, counters))
      << simulator.error();
}

TEST_F(HazardTest, FindsDeadlocks) {
  EXPECT_FAULT(run("wait vector, s3\n"),
               "deadlock; vector waits for semaphore 3 at instruction 5");
  EXPECT_FAULT(run("wait dma0, s0\nsignal dma0, s1\nwait vector, s1\n"
                   "signal vector, s0\n"),
               "deadlock; vector waits for semaphore 1 at instruction 7; dma0 "
               "waits for semaphore 0 at instruction 5");
  EXPECT_FAULT(run("wait control, s0\n"),
               "deadlock; control waits for semaphore 0 at instruction 5");
  EXPECT_FAULT(run("wait vector, s0\nfence\nsignal control, s0\n"),
               "deadlock; control waits for the others at instruction 6; "
               "vector waits for semaphore 0 at instruction 5");
  // The queue is full before the signal is reached.
  EXPECT_FAULT(run("wait vector, s0\nloop r6, r1\n" + std::string(kNegate) +
                   "end\nsignal control, s0\n"),
               "deadlock; control waits for the others");
  EXPECT_RUNS(run("wait vector, s0\nsignal control, s0\n"));
}

TEST_F(HazardTest, LimitsSignalsThatNobodyAwaits) {
  EXPECT_FAULT(run("li r6, 256\nloop r7, r6\nsignal dma0, s0\nend\n"),
               "semaphore 0 is signalled more than 255 times without a wait");
  EXPECT_RUNS(run("li r6, 255\nloop r7, r6\nsignal dma0, s0\nend\n"));
}

TEST_F(HazardTest, BeginsEachKernelWithFreshMemory) {
  EXPECT_RUNS(run(load("dma0", "r4")));
  EXPECT_FAULT(run(store("dma0", "r4")), "which nothing has written");
}

} // namespace
