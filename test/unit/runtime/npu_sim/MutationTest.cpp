// Damaged code objects: refused with a reason, or run without harm.
#include "test/unit/runtime/npu/EveryInstruction.h"
#include "test/unit/runtime/npu_sim/Chip.h"

#include <random>

using namespace msc::test;

namespace {

class MutationTest : public ::testing::Test {
protected:
  MutationTest() {
    std::vector<msc::npu::Kernel> kernels;
    std::string error;
    EXPECT_TRUE(msc::npu::assemble(everyInstruction(), kernels, error))
        << error;
    code = msc::npu::serialize(kernels);
    chip.limits.steps = 2000;
    chip.limits.cycles = 1000000;
  }

  /// What is accepted has one encoding only, and a fault at most.
  void tryOut(const std::vector<uint8_t> &bytes) {
    ++tried;
    // The exact size, so that a read behind the end is found.
    std::vector<uint8_t> exact(bytes.begin(), bytes.end());
    exact.shrink_to_fit();
    msc::npu::CodeObject object;
    msc::npu::Complaint complaint;
    if (!object.open(exact.data(), exact.size(), complaint)) {
      EXPECT_NE(complaint.text[0], 0);
      return;
    }
    ++accepted;
    std::vector<msc::npu::Kernel> again;
    std::string error, text = msc::npu::disassemble(object);
    ASSERT_TRUE(msc::npu::assemble(text, again, error)) << error << "\n"
                                                        << text;
    ASSERT_EQ(msc::npu::serialize(again), bytes) << text;
    msc::npu::KernelView kernel = object.kernel(0);
    std::vector<Chip::Bytes> buffers(kernel.buffers, Chip::Bytes(4096));
    std::vector<int64_t> scalars(kernel.scalars, 64);
    if (kernel.scalars > 1)
      scalars[1] = 3;
    if (!chip.run(exact, buffers, scalars)) {
      EXPECT_NE(chip.error, "");
      ++faults;
    }
  }

  std::vector<uint8_t> code;
  Chip chip;
  int tried = 0, accepted = 0, faults = 0;
};

TEST_F(MutationTest, RunsAsItIs) {
  std::vector<Chip::Bytes> buffers(1, Chip::Bytes(4096));
  EXPECT_RUNS(chip.run(code, buffers, {64, 3}));
}

TEST_F(MutationTest, SurvivesEachByteChanged) {
  for (size_t at = 0; at < code.size(); ++at)
    for (uint8_t value : {0x00, 0x01, 0x3f, 0x40, 0x7f, 0x80, 0xff}) {
      std::vector<uint8_t> bytes = code;
      if (bytes[at] == value)
        continue;
      bytes[at] = value;
      tryOut(bytes);
      if (HasFatalFailure())
        return;
    }
  // The mutants reach what they are for.
  EXPECT_GT(accepted, tried / 20);
  EXPECT_GT(faults, accepted / 20);
}

TEST_F(MutationTest, SurvivesManyBitsChanged) {
  std::mt19937 random(11);
  for (int i = 0; i < 20000; ++i) {
    std::vector<uint8_t> bytes = code;
    for (unsigned j = random() % 4 + 1; j > 0; --j)
      bytes[random() % bytes.size()] ^= uint8_t(1 << random() % 8);
    tryOut(bytes);
    if (HasFatalFailure())
      return;
  }
}

TEST_F(MutationTest, SurvivesInstructionsMoved) {
  std::mt19937 random(12);
  for (int i = 0; i < 5000; ++i) {
    std::vector<uint8_t> bytes = code;
    size_t first = 64, count = (code.size() - first) / 16 - 1;
    for (unsigned j = random() % 3 + 1; j > 0; --j)
      std::memcpy(bytes.data() + first + random() % count * 16,
                  code.data() + first + random() % count * 16, 16);
    tryOut(bytes);
    if (HasFatalFailure())
      return;
  }
  EXPECT_GT(accepted, 500);
}

TEST_F(MutationTest, SurvivesEveryTruncation) {
  for (size_t size = 0; size < code.size(); ++size)
    tryOut({code.begin(), code.begin() + size});
  EXPECT_EQ(accepted, 0);
}

} // namespace
