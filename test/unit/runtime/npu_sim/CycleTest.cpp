// The cycle model of docs/npu.md.
#include "test/unit/runtime/npu_sim/Chip.h"

using namespace msc::test;
using msc::npu::Unit;

namespace {

class CycleTest : public ::testing::Test {
protected:
  uint64_t cycles(const std::string &text) {
    std::vector<Chip::Bytes> buffers = {Chip::Bytes(1 << 16)};
    EXPECT_RUNS(chip.run(text, buffers)) << text;
    return chip.counters.cycles;
  }
  uint64_t busy(Unit unit) { return chip.counters.busy[unsigned(unit)]; }

  Chip chip;
};

TEST_F(CycleTest, ControlTakesACycleAnInstruction) {
  EXPECT_EQ(cycles(""), 1u);
  EXPECT_EQ(cycles("li r1, 1\nadd r2, r1, r1"), 3u);
  // loop, then body and end each time, then halt.
  EXPECT_EQ(cycles("li r1, 10\nloop r2, r1\nadd r3, r2, r2\nend"),
            1u + 1 + 10 * 2 + 1);
  EXPECT_EQ(busy(Unit::Control), 1u + 1 + 10 * 2 + 1);
}

// Issued at 4: 16 to set up, 64 until the first of 4 beats comes.
TEST_F(CycleTest, TransfersTakeSetupLatencyAndBeats) {
  std::string text = "li r1, 256\nli r2, 1\nli r3, 100\n"
                     "load dma0, b0, r0, r0, r1, r2, r2, r2, r0, r0, r0, r0, "
                     "r0, r0\n";
  EXPECT_EQ(cycles(text), 4u + 16 + 64 + 4);
  EXPECT_EQ(busy(Unit::Dma0), 16u + 64 + 4);
  EXPECT_EQ(chip.counters.loadedBytes, 256u);
  // Each row takes whole beats: 100 rows of 1 byte are 100.
  cycles("li r1, 1\nli r3, 100\nload dma0, b0, r0, r0, r1, r3, r1, r1, r1, r0, "
         "r0, r1, r0, r0");
  EXPECT_EQ(busy(Unit::Dma0), 16u + 64 + 100);
}

// The second load's latency is hidden, its beats come after the first's.
TEST_F(CycleTest, QueuesShareThePort) {
  std::string load = ", b0, r0, r3, r1, r2, r2, r2, r0, r0, r0, r0, r0, r0\n";
  std::string setup = "li r1, 6400\nli r2, 1\n";
  EXPECT_EQ(
      cycles(setup + "load dma0" + load + "li r3, 0x4000\nload dma1" + load),
      3u + 16 + 64 + 100 + 100);
  // In one queue they do not overlap at all.
  EXPECT_EQ(
      cycles(setup + "load dma0" + load + "li r3, 0x4000\nload dma0" + load),
      3u + 2 * (16 + 64 + 100));
}

TEST_F(CycleTest, LocalTransfersUseNoPort) {
  cycles("li r1, 6400\nli r2, 1\n"
         "fill.1 dma0, r0, r0, r1, r2, r2, r2, r0, r0, r0\n");
  EXPECT_EQ(busy(Unit::Dma0), 16u + 100);
}

TEST_F(CycleTest, MatrixTakesFourCyclesATile) {
  auto matrix = [&](int m, int n, int k) {
    cycles("li r1, 65536\nli r2, 1\nli r3, 0x100000\nli r4, 1024\n"
           "fill.1 dma0, r0, r0, r1, r2, r2, r2, r0, r0, r0\nfence\nli r5, " +
           std::to_string(m) + "\nli r6, " + std::to_string(n) + "\nli r7, " +
           std::to_string(k) + "\nmm.f16 r0, r0, r3, r5, r6, r7, r4, r4, r4");
    return busy(Unit::Matrix);
  };
  EXPECT_EQ(matrix(16, 16, 16), 16u + 4);
  EXPECT_EQ(matrix(32, 48, 64), 16u + 2 * 3 * 4 * 4);
  // Tails cost whole tiles.
  EXPECT_EQ(matrix(17, 1, 33), 16u + 2 * 1 * 3 * 4);
  EXPECT_EQ(chip.counters.multiplyAdds, 17u * 1 * 33);
  EXPECT_EQ(matrix(0, 16, 16), 16u);
}

TEST_F(CycleTest, VectorTakesACycleForSixtyFourLanes) {
  auto vector = [&](const std::string &instruction, int rows, int cols) {
    cycles("li r1, 65536\nli r2, 1\nli r3, 0x100000\nli r4, 1024\n"
           "fill.1 dma0, r0, r0, r1, r2, r2, r2, r0, r0, r0\nfence\nli r5, " +
           std::to_string(rows) + "\nli r6, " + std::to_string(cols) + "\n" +
           instruction);
    return busy(Unit::Vector);
  };
  EXPECT_EQ(vector("vneg.f32.f32 r3, r0, r5, r6, r4, r4", 4, 64), 8u + 4);
  EXPECT_EQ(vector("vneg.f32.f32 r3, r0, r5, r6, r4, r4", 4, 65), 8u + 8);
  EXPECT_EQ(vector("vsqrt.f32.f32 r3, r0, r5, r6, r4, r4", 4, 65), 8u + 8 * 4);
  EXPECT_EQ(vector("vexp.f32.f32 r3, r0, r5, r6, r4, r4", 4, 65), 8u + 8 * 8);
  EXPECT_EQ(vector("rsum.f32.f32.rows r3, r0, r5, r6, r4, r4", 4, 65), 8u + 8);
  EXPECT_EQ(vector("rsum.f32.f32.cols r3, r0, r5, r6, r4, r4", 4, 65),
            8u + 4 * (2 + 6));
  EXPECT_EQ(vector("transpose.f32.f32 r3, r0, r5, r6, r4, r4", 4, 65),
            8u + 4 * 5);
}

TEST_F(CycleTest, UnitsRunSideBySide) {
  // 100 of the vector unit, 116 of a DMA queue: the longer counts.
  std::string text = "li r1, 6400\nli r2, 1\nli r3, 92\nli r4, 1024\n"
                     "li r5, 0x10000\nli r6, 32\n";
  std::string fill = "fill.1 dma0, r0, r0, r1, r2, r2, r2, r0, r0, r0\n";
  std::string iota = "iota.f32.rows r5, r0, r3, r2, r6\n";
  EXPECT_EQ(cycles(text + fill), 7u + 116);
  EXPECT_EQ(cycles(text + iota), 7u + 100);
  EXPECT_EQ(cycles(text + fill + iota), 7u + 116);
  // One after the other: a signal and a wait take a cycle each.
  EXPECT_EQ(cycles(text + fill + "signal dma0, s0\nwait vector, s0\n" + iota),
            7u + 116 + 1 + 1 + 100);
  EXPECT_EQ(cycles(text + fill + "fence\n" + iota), 7u + 116 + 1 + 1 + 100);
}

// 16 instructions wait in front of a unit, one runs; then control stands still,
// and what it would issue to other units is late.
TEST_F(CycleTest, ControlWaitsForAPlaceInTheQueue) {
  auto run = [&](int count) {
    std::string text = "li r1, 92\nli r2, 1\nli r3, 32\nli r4, 0x8000\n"
                       "li r5, 65536\n";
    for (int i = 0; i < count; ++i)
      text += "iota.f32.rows r0, r0, r1, r2, r3\n";
    // 16 + 1024 cycles.
    return cycles(text + "fill.1 dma0, r4, r0, r5, r2, r2, r2, r0, r0, r0\n");
  };
  // The first begins at 6; the fill is issued after it all.
  EXPECT_EQ(run(1), 7u + 1040);
  EXPECT_EQ(run(3), 9u + 1040);
  // The 18th has a place when the second begins, the 19th when the third does.
  EXPECT_EQ(run(17), 6u + 17 * 100);
  EXPECT_EQ(run(37), 6u + 37 * 100);
  EXPECT_EQ(run(18), 6u + 18 * 100);
}

TEST_F(CycleTest, IsTheSameEachTime) {
  std::string text = "li r1, 640\nli r2, 1\nli r3, 20\nloop r4, r3\n"
                     "load dma0, b0, r0, r0, r1, r2, r2, r2, r0, r0, r0, r0, "
                     "r0, r0\nsignal dma0, s0\nwait dma1, s0\n"
                     "store dma1, b0, r0, r0, r1, r2, r2, r2, r0, r0, r0, r0, "
                     "r0, r0\nsignal dma1, s1\nwait dma0, s1\nend\n";
  uint64_t first = cycles(text);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(cycles(text), first);
}

} // namespace
