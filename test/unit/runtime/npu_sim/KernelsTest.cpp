// Whole kernels of the kinds that models have: what units hand each other,
// broadcasts, reductions, conversions, indices.
#include "test/unit/runtime/npu_sim/Chip.h"

#include <cmath>

using namespace msc::test;

namespace {

constexpr int64_t kRows = 50, kDepth = 32; // no multiple of 16

// Buffers: q, k, v, out, f16 of kRows x kDepth; scalars: rows, depth, the scale
// as the bits of an f32.
const char *const kAttention = R"(
  arg r1, 0             # rows
  arg r2, 1             # depth
  arg r3, 2             # scale
  li r4, 1
  muli r5, r2, 2        # bytes of a row of f16
  li r6, 256            # stride of scores and weights: 64 elements of f32
  li r10, 0x00000       # q
  li r11, 0x08000       # k
  li r12, 0x10000       # v
  li r13, 0x18000       # greatest score of each row
  li r14, 0x19000       # sum of each row
  li r15, 0x20000       # weights
  li r16, 0x30000       # result
  li r17, 0x100000      # scores
  li r18, 0x110000      # result in f32
  li r19, 4
  load dma0, b0, r0, r10, r5, r1, r4, r4, r5, r0, r0, r6, r0, r0
  load dma0, b1, r0, r11, r5, r1, r4, r4, r5, r0, r0, r6, r0, r0
  signal dma0, s0
  load dma1, b2, r0, r12, r5, r1, r4, r4, r5, r0, r0, r6, r0, r0
  signal dma1, s1
  wait matrix, s0
  mm.f16.tb r10, r11, r17, r1, r1, r2, r6, r6, r6
  signal matrix, s2
  wait vector, s2
  vmul.f32.f32.f32 r17, r17, r3:value, r1, r1, r6, r6, r0
  rmax.f32.f32.cols r13, r17, r1, r1, r19, r6
  vsub.f32.f32.f32 r17, r17, r13:column, r1, r1, r6, r6, r19
  vexp.f32.f32 r17, r17, r1, r1, r6, r6
  rsum.f32.f32.cols r14, r17, r1, r1, r19, r6
  vdiv.f16.f32.f32 r15, r17, r14:column, r1, r1, r6, r6, r19
  signal vector, s3
  wait matrix, s1
  wait matrix, s3
  mm.f16 r15, r12, r18, r1, r2, r1, r6, r6, r6
  signal matrix, s4
  wait vector, s4
  vmov.f16.f32 r16, r18, r1, r2, r6, r6
  signal vector, s5
  wait dma2, s5
  store dma2, b3, r0, r16, r5, r1, r4, r4, r5, r0, r0, r6, r0, r0
)";

TEST(KernelsTest, ComputesAHeadOfAttention) {
  std::vector<_Float16> q, k, v;
  for (int64_t i = 0; i < kRows * kDepth; ++i) {
    q.push_back(_Float16(std::sin(0.37 * double(i))));
    k.push_back(_Float16(std::cos(0.11 * double(i))));
    v.push_back(_Float16(std::sin(0.05 * double(i) + 1)));
  }
  const float scale = 1 / std::sqrt(float(kDepth));
  int32_t bits;
  std::memcpy(&bits, &scale, 4);
  std::vector<Chip::Bytes> buffers = {bytesOf(q), bytesOf(k), bytesOf(v),
                                      Chip::Bytes(q.size() * 2)};
  Chip chip;
  ASSERT_RUNS(chip.run(kAttention, buffers, {kRows, kDepth, bits}));

  std::vector<_Float16> found = valuesOf<_Float16>(buffers[3]);
  for (int64_t i = 0; i < kRows; ++i) {
    std::vector<double> weights(kRows);
    double sum = 0;
    for (int64_t j = 0; j < kRows; ++j) {
      double score = 0;
      for (int64_t d = 0; d < kDepth; ++d)
        score += double(q[i * kDepth + d]) * double(k[j * kDepth + d]);
      sum += weights[j] = std::exp(score * scale);
    }
    for (int64_t d = 0; d < kDepth; ++d) {
      double expected = 0;
      for (int64_t j = 0; j < kRows; ++j)
        expected += weights[j] / sum * double(v[j * kDepth + d]);
      EXPECT_NEAR(double(found[i * kDepth + d]), expected, 1e-3)
          << i << ", " << d;
    }
  }
}

// The lower halves of i64 numbers, by a box of rows of 4 bytes.
TEST(KernelsTest, NarrowsIndicesOnTheWay) {
  std::vector<Chip::Bytes> buffers = {
      bytesOf<int64_t>({1, -2, 300, -40000, 7, 0, 1 << 20, -1}),
      Chip::Bytes(8 * 4)};
  Chip chip;
  ASSERT_RUNS(chip.run(R"(
  li r1, 4
  li r2, 8
  li r3, 1
  li r4, 32
  load dma0, b0, r0, r0, r1, r2, r3, r3, r2, r0, r0, r1, r0, r0
  fence
  vmov.f32.i32 r0, r0, r3, r2, r0, r0
  fence
  store dma0, b1, r0, r0, r4, r3, r3, r3, r0, r0, r0, r0, r0, r0)",
                       buffers));
  EXPECT_EQ(valuesOf<float>(buffers[1]),
            (std::vector<float>{1, -2, 300, -40000, 7, 0, 1 << 20, -1}));
}

// Rows of a table by indices that are data: peek, then a load from there.
TEST(KernelsTest, GathersRows) {
  std::vector<float> table(20 * 8);
  for (size_t i = 0; i < table.size(); ++i)
    table[i] = float(i);
  std::vector<int64_t> indices = {7, 0, 19, 7};
  std::vector<Chip::Bytes> buffers = {bytesOf(table), bytesOf(indices),
                                      Chip::Bytes(4 * 8 * 4)};
  Chip chip;
  ASSERT_RUNS(chip.run(R"(
  arg r1, 0             # how many
  li r2, 32             # bytes of a row
  li r3, 1
  li r4, 0x1000         # indices
  muli r5, r1, 8
  load dma0, b1, r0, r4, r5, r3, r3, r3, r0, r0, r0, r0, r0, r0
  signal dma0, s0
  wait control, s0
  loop r6, r1
    muli r7, r6, 8
    add r7, r7, r4
    peek.i64 r8, r7
    muli r8, r8, 32
    muli r9, r6, 32
    load dma1, b0, r8, r9, r2, r3, r3, r3, r0, r0, r0, r0, r0, r0
  end
  muli r10, r1, 32
  store dma1, b2, r0, r0, r10, r3, r3, r3, r0, r0, r0, r0, r0, r0)",
                       buffers, {4}));
  std::vector<float> expected;
  for (int64_t index : indices)
    expected.insert(expected.end(), table.begin() + index * 8,
                    table.begin() + index * 8 + 8);
  EXPECT_EQ(valuesOf<float>(buffers[2]), expected);
  // An index out of the table is a fault, not a read of other memory.
  buffers[1] = bytesOf<int64_t>({7, 20, 0, 0});
  EXPECT_FAULT(chip.run(R"(
  arg r1, 0
  li r2, 32
  li r3, 1
  load dma0, b1, r0, r0, r2, r3, r3, r3, r0, r0, r0, r0, r0, r0
  fence
  li r7, 8
  peek.i64 r8, r7
  muli r8, r8, 32
  load dma1, b0, r8, r2, r2, r3, r3, r3, r0, r0, r0, r0, r0, r0)",
                        buffers, {4}),
               "out of range: bytes from 640 of buffer 0");
}

} // namespace
