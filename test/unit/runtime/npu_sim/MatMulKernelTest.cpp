// A product of 512 x 512 x 512 as a compiler would schedule it.
#include "test/unit/runtime/npu_sim/Chip.h"

#include <random>

using namespace msc::test;
using namespace msc::npu;

namespace {

constexpr int64_t kSize = 512; // of all three dims
constexpr int64_t kBlock = 128;
constexpr int64_t kHalf = 2, kFloat = 4; // bytes of an element

// A block of a or b in local memory, of c in the accumulators: two of each.
constexpr int64_t kOperandBytes = kBlock * kBlock * kHalf;
constexpr int64_t kResultBytes = kBlock * kBlock * kFloat;

/// Semaphores: who tells whom what.
enum {
  kLoadedA, // dma0 -> matrix
  kLoadedB, // dma1 -> matrix
  kFreeA,   // matrix -> dma0
  kFreeB,   // matrix -> dma1
  kProduct, // matrix -> vector
  kFreeAcc, // vector -> matrix
  kRounded, // vector -> dma2
  kFreeOut  // dma2 -> vector
};

/// c = a b, f16 in and out: buffers a, b, c.
class MatMulKernel {
public:
  MatMulKernel() : k("matmul", 3) {
    k.li(one, 1);
    k.li(blocks, kSize / kBlock);
    k.li(block, kBlock);
    k.li(rowBytes, kBlock * kHalf);
    k.li(accBytes, kBlock * kFloat);
    k.li(matrixBytes, kSize * kHalf);
    // Both of each pair are free at the beginning.
    for (int i = 0; i < 2; ++i) {
      k.signal(Unit::Matrix, kFreeA);
      k.signal(Unit::Matrix, kFreeB);
      k.signal(Unit::Vector, kFreeAcc);
      k.signal(Unit::Dma2, kFreeOut);
    }
    k.loop(i, blocks);
    k.loop(j, blocks);
    product();
    result();
    k.end();
    k.end();
    k.halt();
  }
  Kernel finish() { return k.finish(); }

private:
  /// All of k for one block of c.
  void product() {
    k.muli(acc, resultSide, kResultBytes);
    k.addi(acc, acc, kAccumulatorBase);
    k.wait(Unit::Matrix, kFreeAcc);
    k.loop(p, blocks);
    // a[i, p] and b[p, j] to the side whose turn it is.
    k.muli(localA, operandSide, kOperandBytes);
    k.addi(localB, localA, 2 * kOperandBytes);
    k.muli(offset, i, kBlock * kSize * kHalf);
    k.muli(other, p, kBlock * kHalf);
    k.scalar(Opcode::Add, offset, offset, other);
    k.wait(Unit::Dma0, kFreeA);
    k.load(Unit::Dma0, 0, offset, localA, box, global, local);
    k.signal(Unit::Dma0, kLoadedA);
    k.muli(offset, p, kBlock * kSize * kHalf);
    k.muli(other, j, kBlock * kHalf);
    k.scalar(Opcode::Add, offset, offset, other);
    k.wait(Unit::Dma1, kFreeB);
    k.load(Unit::Dma1, 1, offset, localB, box, global, local);
    k.signal(Unit::Dma1, kLoadedB);
    k.wait(Unit::Matrix, kLoadedA);
    k.wait(Unit::Matrix, kLoadedB);
    KernelBuilder::Label first = k.label(), done = k.label();
    KernelBuilder::MatMul operands = {
        localA, localB, acc, block, block, block, rowBytes, rowBytes, accBytes};
    k.branch(Opcode::Beq, p, 0, first);
    k.matmul(kMatMulF16 | kMatMulAccumulate, operands);
    k.jump(done);
    k.bind(first);
    k.matmul(kMatMulF16, operands);
    k.bind(done);
    k.signal(Unit::Matrix, kFreeA);
    k.signal(Unit::Matrix, kFreeB);
    k.scalar(Opcode::Sub, operandSide, one, operandSide);
    k.end();
    k.signal(Unit::Matrix, kProduct);
  }

  /// Rounds the block and stores it.
  void result() {
    k.muli(out, resultSide, kOperandBytes);
    k.addi(out, out, 4 * kOperandBytes);
    k.wait(Unit::Vector, kProduct);
    k.wait(Unit::Vector, kFreeOut);
    k.vector(Opcode::VMov, block, block, {out, Type::F16, rowBytes},
             {acc, Type::F32, accBytes});
    k.signal(Unit::Vector, kFreeAcc);
    k.signal(Unit::Vector, kRounded);
    k.muli(offset, i, kBlock * kSize * kHalf);
    k.muli(other, j, kBlock * kHalf);
    k.scalar(Opcode::Add, offset, offset, other);
    k.wait(Unit::Dma2, kRounded);
    k.store(Unit::Dma2, 2, offset, out, box, global, local);
    k.signal(Unit::Dma2, kFreeOut);
    k.scalar(Opcode::Sub, resultSide, one, resultSide);
  }

  KernelBuilder k;
  const Register one = 1, blocks = 2, block = 3, rowBytes = 4, accBytes = 5,
                 matrixBytes = 6, i = 7, j = 8, p = 9, operandSide = 10,
                 resultSide = 11, localA = 12, localB = 13, acc = 14, out = 15,
                 offset = 16, other = 17;
  const Box box = {{rowBytes, block, one, one}};
  const Strides global = {{matrixBytes, 0, 0}}, local = {{rowBytes, 0, 0}};
};

TEST(MatMulKernelTest, KeepsTheMatrixUnitBusy) {
  std::mt19937 random(1);
  std::vector<_Float16> a(kSize * kSize), b(a.size());
  for (_Float16 &x : a)
    x = _Float16(float(int(random() % 2001) - 1000) / 1000);
  for (_Float16 &x : b)
    x = _Float16(float(int(random() % 2001) - 1000) / 1000);
  std::vector<Chip::Bytes> buffers = {bytesOf(a), bytesOf(b),
                                      Chip::Bytes(a.size() * kHalf)};
  Chip chip;
  ASSERT_RUNS(chip.run(MatMulKernel().finish(), buffers));

  // The sums of an element in the order of k, in f32, then rounded.
  std::vector<float> wide(b.begin(), b.end());
  std::vector<_Float16> expected;
  for (int64_t i = 0; i < kSize; ++i) {
    std::vector<float> row(kSize);
    for (int64_t p = 0; p < kSize; ++p)
      for (int64_t j = 0; j < kSize; ++j)
        row[j] += float(a[i * kSize + p]) * wide[p * kSize + j];
    expected.insert(expected.end(), row.begin(), row.end());
  }
  EXPECT_EQ(buffers[2], bytesOf(expected));

  EXPECT_EQ(chip.counters.multiplyAdds, uint64_t(kSize * kSize * kSize));
  EXPECT_EQ(chip.counters.storedBytes, uint64_t(kSize * kSize * kHalf));
  RecordProperty("cycles", int64_t(chip.counters.cycles));
  std::printf("512 x 512 x 512: %llu cycles, %.1f %% of the peak\n",
              static_cast<unsigned long long>(chip.counters.cycles),
              100 * chip.counters.utilization());
  EXPECT_GT(chip.counters.utilization(), 0.8);
}

// One wait less is found, whichever it is.
TEST(MatMulKernelTest, NeedsEachOfItsWaits) {
  Kernel kernel = MatMulKernel().finish();
  unsigned tried = 0;
  for (size_t n = 0; n < kernel.instructions.size(); ++n) {
    if (kernel.instructions[n].opcode != Opcode::Wait)
      continue;
    ++tried;
    Kernel broken = kernel;
    Instruction nop; // writes a register that nothing reads
    nop.opcode = Opcode::Add;
    nop.r[0] = 40;
    broken.instructions[n] = nop;
    std::vector<Chip::Bytes> buffers(3, Chip::Bytes(kSize * kSize * kHalf));
    Chip chip;
    EXPECT_FALSE(chip.run(broken, buffers)) << n;
    EXPECT_TRUE(chip.error.find("missing wait") != std::string::npos ||
                chip.error.find("race") != std::string::npos ||
                chip.error.find("has written yet") != std::string::npos)
        << n << ": " << chip.error;
  }
  EXPECT_EQ(tried, 8u);
}

} // namespace
