// Transfers between device memory and local memory.
#include "test/unit/runtime/npu_sim/Chip.h"

#include <numeric>

using namespace msc::test;

namespace {

/// Offset, local address, four extents, six strides: what transfers take.
using Box = std::vector<int64_t>;

/// The registers 10 to 21 with the numbers given.
std::string operands(const Box &values) {
  std::string text;
  for (size_t i = 0; i < values.size(); ++i)
    text += "li r" + std::to_string(10 + i) + ", " + std::to_string(values[i]) +
            "\n";
  return text;
}
std::string transfer(const char *name, int buffer, const Box &values) {
  std::string text =
      operands(values) + name + " dma0, b" + std::to_string(buffer);
  for (int i = 0; i < 12; ++i)
    text += ", r" + std::to_string(10 + i);
  return text + "\n";
}

class DmaTest : public ::testing::Test {
protected:
  /// Loads a box of buffer 0 to local memory that holds 0xee, stores the first
  /// bytes of that to buffer 1, and compares with plain loops.
  void checkLoad(const Box &box, size_t bytes = 4096) {
    std::vector<Chip::Bytes> buffers = {Chip::Bytes(bytes), Chip::Bytes(4096)};
    std::iota(buffers[0].begin(), buffers[0].end(), 1);
    std::string prepare = "li r1, 238\nli r2, 4096\nli r3, 1\n"
                          "fill.1 dma0, r0, r1, r2, r3, r3, r3, r0, r0, r0\n";
    ASSERT_RUNS(chip.run(
        prepare + transfer("load", 0, box) +
            transfer("store", 1, {0, 0, 4096, 1, 1, 1, 0, 0, 0, 0, 0, 0}),
        buffers));
    Chip::Bytes expected(4096, 0xee);
    each(box, [&](int64_t outside, int64_t inside) {
      expected[inside] = buffers[0][outside];
    });
    EXPECT_EQ(buffers[1], expected);
  }
  void checkStore(const Box &box) {
    std::vector<Chip::Bytes> buffers = {Chip::Bytes(4096),
                                        Chip::Bytes(4096, 0xee)};
    std::iota(buffers[0].begin(), buffers[0].end(), 1);
    ASSERT_RUNS(
        chip.run(transfer("load", 0, {0, 0, 4096, 1, 1, 1, 0, 0, 0, 0, 0, 0}) +
                     transfer("store", 1, box),
                 buffers));
    Chip::Bytes expected(4096, 0xee);
    each(box, [&](int64_t outside, int64_t inside) {
      expected[outside] = buffers[0][inside];
    });
    EXPECT_EQ(buffers[1], expected);
  }
  template <typename F> void each(const Box &b, F visit) {
    for (int64_t i3 = 0; i3 < b[5]; ++i3)
      for (int64_t i2 = 0; i2 < b[4]; ++i2)
        for (int64_t i1 = 0; i1 < b[3]; ++i1)
          for (int64_t i0 = 0; i0 < b[2]; ++i0)
            visit(b[0] + i0 + i1 * b[6] + i2 * b[7] + i3 * b[8],
                  b[1] + i0 + i1 * b[9] + i2 * b[10] + i3 * b[11]);
  }

  Chip chip;
};

const Box kBoxes[] = {
    {0, 0, 64, 1, 1, 1, 0, 0, 0, 0, 0, 0},         // one row
    {3, 5, 7, 1, 1, 1, 0, 0, 0, 0, 0, 0},          // at any byte
    {16, 32, 24, 9, 1, 1, 100, 0, 0, 32, 0, 0},    // 2-d
    {1, 64, 10, 4, 3, 1, 12, 60, 0, 16, 64, 0},    // 3-d
    {0, 0, 4, 3, 2, 5, 8, 32, 128, 4, 16, 64},     // 4-d
    {0, 0, 2, 16, 8, 1, 64, 2, 0, 2, 32, 0},       // transposed elements
    {2000, 0, 16, 10, 1, 1, -100, 0, 0, 16, 0, 0}, // backwards
    {0, 1000, 16, 10, 1, 1, 16, 0, 0, -32, 0, 0},  // backwards inside
    {100, 0, 16, 0, 1, 1, 0, 0, 0, 0, 0, 0},       // nothing
    {100, 0, 0, 5, 1, 1, 0, 0, 0, 0, 0, 0},        // nothing
    {4096, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0},       // nothing, at the end
};

TEST_F(DmaTest, Loads) {
  for (const Box &box : kBoxes)
    checkLoad(box);
  // The same row again and again.
  checkLoad({8, 0, 16, 20, 1, 1, 0, 0, 0, 16, 0, 0});
}

TEST_F(DmaTest, Stores) {
  for (const Box &box : kBoxes)
    checkStore(box);
}

TEST_F(DmaTest, Fills) {
  struct {
    int bytes;
    int64_t value;
    Chip::Bytes expected;
  } const cases[] = {{1, 0x1ab, {0xab, 0xab, 0xab, 0xab}},
                     {2, 0x1234, {0x34, 0x12, 0x34, 0x12}},
                     {4, -2, {0xfe, 0xff, 0xff, 0xff}}};
  for (const auto &one : cases) {
    std::vector<Chip::Bytes> buffers = {Chip::Bytes(128)};
    std::string zero = "li r1, 128\nli r2, 1\n"
                       "fill.1 dma0, r0, r0, r1, r2, r2, r2, r0, r0, r0\n";
    std::string fill = "li r3, " + std::to_string(one.value) +
                       "\nli r4, 8\nli r5, 3\nli r6, 32\nli r7, 16\nfill." +
                       std::to_string(one.bytes) +
                       " dma0, r7, r3, r4, r5, r2, r2, r6, r0, r0\n";
    ASSERT_RUNS(chip.run(
        zero + fill +
            transfer("store", 0, {0, 0, 128, 1, 1, 1, 0, 0, 0, 0, 0, 0}),
        buffers));
    for (int i = 0; i < 128; ++i) {
      bool inside = i >= 16 && i < 96 && (i - 16) % 32 < 8;
      EXPECT_EQ(buffers[0][i], inside ? one.expected[i % 4] : 0) << i;
    }
  }
  EXPECT_FAULT(chip.run("li r1, 6\nli r2, 1\n"
                        "fill.4 dma0, r0, r0, r1, r2, r2, r2, r0, r0, r0"),
               "rows of 6 bytes are no whole elements of 4");
}

TEST_F(DmaTest, MovesWithinTheChip) {
  std::vector<Chip::Bytes> buffers = {Chip::Bytes(256), Chip::Bytes(256, 0)};
  std::iota(buffers[0].begin(), buffers[0].end(), 0);
  std::string load =
      transfer("load", 0, {0, 0, 256, 1, 1, 1, 0, 0, 0, 0, 0, 0});
  // To the accumulators and back, 8 rows of 16 bytes, reversed.
  std::string move =
      operands({0x100000, 0, 16, 8, 1, 1, 32, 0, 0, 16, 0, 0}) +
      "move dma0, r10, r11, r12, r13, r14, r15, r16, r17, r18, r19, r20, "
      "r21\n" +
      operands({512, 0x100000 + 7 * 32, 16, 8, 1, 1, 16, 0, 0, -32, 0, 0}) +
      "move dma0, r10, r11, r12, r13, r14, r15, r16, r17, r18, r19, r20, r21\n";
  ASSERT_RUNS(chip.run(
      load + move +
          transfer("store", 1, {0, 512, 128, 1, 1, 1, 0, 0, 0, 0, 0, 0}),
      buffers));
  for (int i = 0; i < 128; ++i)
    EXPECT_EQ(buffers[1][i], buffers[0][(7 - i / 16) * 16 + i % 16]) << i;
}

TEST_F(DmaTest, ChecksDeviceMemory) {
  auto load = [&](const Box &box) {
    std::vector<Chip::Bytes> buffers = {Chip::Bytes(100)};
    return chip.run(transfer("load", 0, box), buffers);
  };
  EXPECT_FAULT(load({1, 0, 100, 1, 1, 1, 0, 0, 0, 0, 0, 0}),
               "out of range: bytes from 1 of buffer 0, which has 100");
  EXPECT_FAULT(load({-1, 0, 4, 1, 1, 1, 0, 0, 0, 0, 0, 0}), "out of range");
  EXPECT_FAULT(load({0, 0, 10, 10, 1, 1, 11, 0, 0, 10, 0, 0}), "out of range");
  EXPECT_FAULT(load({50, 0, 10, 7, 1, 1, -10, 0, 0, 10, 0, 0}), "out of range");
  EXPECT_FAULT(load({0, 0, 1, 3, 1, 1, INT64_MAX, 0, 0, 1, 0, 0}),
               "out of range");
  EXPECT_FAULT(load({INT64_MAX, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0}),
               "out of range");
  EXPECT_FAULT(load({0, 0, -1, 1, 1, 1, 0, 0, 0, 0, 0, 0}),
               "-1 is no extent of a box");
  EXPECT_FAULT(load({0, 0, 1, 4000000, 4000000, 1, 0, 0, 0, 0, 0, 0}),
               "a box of more than");
  EXPECT_RUNS(load({90, 0, 10, 10, 1, 1, -10, 0, 0, 10, 0, 0}));
}

TEST_F(DmaTest, ChecksLocalMemory) {
  auto load = [&](int64_t address, int64_t bytes, int64_t rows,
                  int64_t stride) {
    std::vector<Chip::Bytes> buffers = {Chip::Bytes(1000)};
    return chip.run(
        transfer("load", 0,
                 {0, address, bytes, rows, 1, 1, 0, 0, 0, stride, 0, 0}),
        buffers);
  };
  EXPECT_FAULT(load(0x7fff0, 17, 1, 0),
               "writes 17 bytes at local 0x7fff0, which is out of range: the "
               "kernel has 0x80000 bytes at 0 and 0x40000 at 0x100000");
  EXPECT_FAULT(load(-1, 1, 1, 0), "out of range");
  EXPECT_FAULT(load(0x90000, 1, 1, 0), "out of range");
  EXPECT_FAULT(load(0x13ffff, 2, 1, 0), "out of range");
  EXPECT_FAULT(load(INT64_MIN, 1, 1, 0), "out of range");
  EXPECT_FAULT(load(0, 16, 4, INT64_MAX), "out of range");
  EXPECT_RUNS(load(0x7fff0, 16, 1, 0));
  EXPECT_RUNS(load(0x13ffff, 1, 1, 0));
  // Only what the kernel declares is its.
  std::vector<msc::npu::Kernel> kernels;
  ASSERT_TRUE(
      msc::npu::assemble("kernel k local=64 accumulators=32\n" +
                             operands({64, 0, 1, 1, 1, 1, 0, 0, 0}) +
                             "fill.1 dma0, r10, r11, r12, r13, r14, r15, "
                             "r16, r17, r18\nhalt\n",
                         kernels, chip.error))
      << chip.error;
  std::vector<Chip::Bytes> none;
  EXPECT_FAULT(chip.run(kernels[0], none),
               "the kernel has 0x40 bytes at 0 and 0x20 at 0x100000");
}

TEST_F(DmaTest, RefusesTransfersThatTakeTooLong) {
  chip.limits.cycles = 5000;
  std::vector<Chip::Bytes> buffers = {Chip::Bytes(1000)};
  Box box = {0, 0, 64, 4000, 1, 1, 0, 0, 0, 0, 0, 0};
  EXPECT_RUNS(chip.run(transfer("load", 0, box), buffers));
  box[3] = 5000;
  EXPECT_FAULT(chip.run(transfer("load", 0, box), buffers),
               "(load, dma0): endless: more than 5000 cycles");
  EXPECT_FAULT(chip.run("li r1, 64\nli r2, 5000\nli r3, 1\n"
                        "fill.1 dma0, r0, r0, r1, r2, r3, r3, r0, r0, r0"),
               "(fill, dma0): endless: more than 5000 cycles");
}

TEST_F(DmaTest, FindsUninitializedReads) {
  std::vector<Chip::Bytes> buffers = {Chip::Bytes(100)};
  std::string fill =
      operands({0, 0, 63, 1, 1, 1, 0, 0, 0}) +
      "fill.1 dma0, r10, r11, r12, r13, r14, r15, r16, r17, r18\n";
  EXPECT_FAULT(
      chip.run(fill +
                   transfer("store", 0, {0, 0, 64, 1, 1, 1, 0, 0, 0, 0, 0, 0}),
               buffers),
      "reads local 0x3f, which nothing has written yet (64 bytes at 0x0)");
  EXPECT_RUNS(chip.run(
      fill + transfer("store", 0, {0, 0, 63, 1, 1, 1, 0, 0, 0, 0, 0, 0}),
      buffers));
}

} // namespace
