// Code objects that are refused, each for its reason.
#include "test/unit/runtime/npu/EveryInstruction.h"

#include <gtest/gtest.h>

#include <functional>

using namespace msc::npu;

namespace {

std::string complaintOf(const std::vector<uint8_t> &bytes) {
  CodeObject object;
  Complaint complaint;
  EXPECT_FALSE(object.open(bytes.data(), bytes.size(), complaint));
  return complaint.text;
}

std::vector<Kernel> kernelsOf(const std::string &text) {
  std::vector<Kernel> kernels;
  std::string error;
  EXPECT_TRUE(assemble(text, kernels, error)) << error;
  return kernels;
}

#define EXPECT_COMPLAINT(bytes, part)                                          \
  do {                                                                         \
    std::string found = complaintOf(bytes);                                    \
    EXPECT_NE(found.find(part), std::string::npos) << found;                   \
  } while (false)

/// A kernel of one instruction, changed, and halt.
std::vector<uint8_t> changed(const std::string &line,
                             const std::function<void(Instruction &)> &change) {
  std::vector<Kernel> kernels =
      kernelsOf("kernel k buffers=2 scalars=1\n" + line + "\nhalt");
  change(kernels[0].instructions[0]);
  return serialize(kernels);
}
std::vector<uint8_t> bytesOf(const std::string &body) {
  return serialize(kernelsOf("kernel k buffers=2 scalars=1\n" + body));
}

TEST(VerifyTest, ChecksTheHeader) {
  std::vector<uint8_t> good = bytesOf("halt");
  auto with = [&](size_t at, uint8_t value) {
    std::vector<uint8_t> bytes = good;
    bytes[at] = value;
    return bytes;
  };
  EXPECT_COMPLAINT(std::vector<uint8_t>(good.begin(), good.begin() + 31),
                   "truncated: 31 bytes");
  EXPECT_COMPLAINT(with(0, 0), "expected a code object of the npu");
  EXPECT_COMPLAINT(with(4, 2), "expected version 1.0 to 1.0, got 2.0");
  EXPECT_COMPLAINT(with(6, 1), "got 1.1");
  EXPECT_COMPLAINT(with(8, 0), "the header tells");
  EXPECT_COMPLAINT(with(12, 0), "expected 1 to 4096 kernels");
  EXPECT_COMPLAINT(with(13, 0xff), "expected 1 to 4096 kernels");
  EXPECT_COMPLAINT(with(19, 0xff), "at most 1048576 instructions");
  EXPECT_COMPLAINT(with(20, 2), "the header tells");
  EXPECT_COMPLAINT(with(24, 1), "reserved fields of the header");
  std::vector<uint8_t> longer = good;
  longer.push_back(0);
  EXPECT_COMPLAINT(longer, "the header tells");
}

TEST(VerifyTest, ChecksKernels) {
  auto with = [&](const std::function<void(Kernel &)> &change) {
    std::vector<Kernel> kernels = kernelsOf("kernel k\nhalt\nkernel l\nhalt");
    change(kernels[1]);
    return serialize(kernels);
  };
  EXPECT_COMPLAINT(with([](Kernel &k) { k.name = "k"; }),
                   "two kernels are called 'k'");
  EXPECT_COMPLAINT(with([](Kernel &k) { k.name = "a b"; }),
                   "the name of kernel 1 has another character");
  EXPECT_COMPLAINT(with([](Kernel &k) { k.name = ""; }), "a name of 0 bytes");
  EXPECT_COMPLAINT(with([](Kernel &k) { k.buffers = 65; }),
                   "kernel 1 expects 65 buffers");
  EXPECT_COMPLAINT(with([](Kernel &k) { k.scalars = 257; }), "257 scalars");
  EXPECT_COMPLAINT(with([](Kernel &k) { k.localBytes = 0x80020; }),
                   "kernel 1 wants 524320 bytes of local memory");
  EXPECT_COMPLAINT(with([](Kernel &k) { k.localBytes = 31; }),
                   "multiples of 32");
  EXPECT_COMPLAINT(with([](Kernel &k) { k.accumulatorBytes = 0x40020; }),
                   "of accumulators");
  EXPECT_COMPLAINT(with([](Kernel &k) { k.instructions.clear(); }),
                   "the kernel is empty");
  EXPECT_COMPLAINT(with([](Kernel &k) { k.instructions.pop_back(); }),
                   "the kernel is empty");
  // Kernels that have less than the file: 32 and 64 are their entries.
  std::vector<uint8_t> bytes = with([](Kernel &) {});
  bytes[32] = 0xff;
  EXPECT_COMPLAINT(bytes, "which the file has not");
  bytes = with([](Kernel &) {});
  bytes[64 + 24] = 1;
  EXPECT_COMPLAINT(bytes, "reserved fields of kernel 1");
}

TEST(VerifyTest, ChecksOperands) {
  const char *add = "add r1, r2, r3";
  EXPECT_COMPLAINT(changed(add, [](Instruction &i) { i.opcode = Opcode(0); }),
                   "kernel 'k', instruction 0: there is no opcode 0");
  EXPECT_COMPLAINT(changed(add, [](Instruction &i) { i.opcode = Opcode(200); }),
                   "there is no opcode 200");
  EXPECT_COMPLAINT(changed(add, [](Instruction &i) { i.r[2] = 64; }),
                   "there is no register 64");
  EXPECT_COMPLAINT(changed(add, [](Instruction &i) { i.r[0] = 0; }),
                   "'add' writes register 0");
  EXPECT_COMPLAINT(changed(add, [](Instruction &i) { i.r[3] = 1; }),
                   "byte 7 of 'add' is not 0");
  EXPECT_COMPLAINT(changed(add, [](Instruction &i) { i.mode = 1; }),
                   "'add' has no mode");
  EXPECT_COMPLAINT(changed(add, [](Instruction &i) { i.unit = Unit::Vector; }),
                   "unit 2 cannot run 'add'");
  EXPECT_COMPLAINT(changed("arg r1, 1", [](Instruction &) {}),
                   "there is no argument 1");
  EXPECT_COMPLAINT(changed("size r1, 2", [](Instruction &) {}),
                   "there is no argument 2");
  EXPECT_COMPLAINT(
      changed("wait vector, s0", [](Instruction &i) { i.unit = Unit(7); }),
      "unit 7 cannot run 'wait'");
  EXPECT_COMPLAINT(changed("wait vector, s32", [](Instruction &) {}),
                   "there is no semaphore 32");
  const char *load = "load dma0, b0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, "
                     "r11, r12";
  EXPECT_COMPLAINT(changed(load, [](Instruction &i) { i.mode = 2; }),
                   "there is no buffer 2");
  EXPECT_COMPLAINT(changed(load, [](Instruction &i) { i.unit = Unit::Matrix; }),
                   "unit 1 cannot run 'load'");
  EXPECT_COMPLAINT(changed("fill.3 dma0, r1, r2, r3, r4, r5, r6, r7, r8, r9",
                           [](Instruction &) {}),
                   "expected elements of 1, 2 or 4 bytes, got 3");
  const char *mm = "mm.f16 r1, r2, r3, r4, r5, r6, r7, r8, r9";
  EXPECT_COMPLAINT(changed(mm, [](Instruction &i) { i.mode = 3; }),
                   "0x3 is no mode of 'mm'");
  EXPECT_COMPLAINT(changed(mm, [](Instruction &i) { i.mode = 0x20; }),
                   "0x20 is no mode of 'mm'");
  EXPECT_COMPLAINT(changed(mm, [](Instruction &i) { i.mode = 0x80; }),
                   "0x80 is no mode of 'mm'");
  EXPECT_COMPLAINT(changed("peek.f32 r1, r2", [](Instruction &) {}),
                   "is no mode of 'peek'");
}

TEST(VerifyTest, ChecksTypes) {
  auto complain = [](const std::string &line, const char *part) {
    EXPECT_COMPLAINT(changed(line, [](Instruction &) {}), part);
  };
  complain("vadd.f32.f32.i32 r1, r2, r3, r4, r5, r6, r7, r8",
           "'vadd' mixes float and integer");
  complain("vadd.i32.f32.f32 r1, r2, r3, r4, r5, r6, r7, r8",
           "'vadd' mixes float and integer");
  complain("vlt.u8.f32.i32 r1, r2, r3, r4, r5, r6, r7, r8", "mixes");
  complain("vselect.f32.u8.f32.i32 r1, r2, r3, r4, r5, r6, r7, r8, r9, r10",
           "mixes");
  complain("vexp.i32.i32 r1, r2, r3, r4, r5, r6",
           "'vexp' is not for such a type");
  complain("vxor.f32.f32.f32 r1, r2, r3, r4, r5, r6, r7, r8",
           "'vxor' is not for such a type");
  complain("vneg.i64.i32 r1, r2, r3, r4, r5, r6",
           "the result has a type that it cannot have");
  complain("vneg.i32.i64 r1, r2, r3, r4, r5, r6",
           "source 0 has a type that it cannot have");
  complain("vneg.f16.f16 r1, r2:value, r3, r4, r5, r6",
           "source 0 has a type that it cannot have");
  complain("transpose.f16.bf16 r1, r2, r3, r4, r5, r6",
           "'transpose' does not convert");
  complain("rsum.f32.i32.cols r1, r2, r3, r4, r5, r6", "mixes");
  const char *neg = "vneg.f32.f32 r1, r2, r3, r4, r5, r6";
  EXPECT_COMPLAINT(changed(neg, [](Instruction &i) { i.mode |= 0x100; }),
                   "'vneg' has types for operands that it has not");
  EXPECT_COMPLAINT(changed(neg, [](Instruction &i) { i.r[11] = 4; }),
                   "byte 15 of 'vneg' has bits that mean nothing");
}

TEST(VerifyTest, ChecksControlFlow) {
  EXPECT_COMPLAINT(bytesOf("add r1, r2, r3"), "expected 'halt' at the end");
  EXPECT_COMPLAINT(
      changed("jump @x\nx:", [](Instruction &i) { i.setImmediate(2); }),
      "there is no instruction 2");
  EXPECT_COMPLAINT(
      changed("jump @x\nx:", [](Instruction &i) { i.setImmediate(-1); }),
      "there is no instruction -1");
  EXPECT_COMPLAINT(
      bytesOf("jump @in\nloop r1, r2\nin:\nadd r1, r1, r1\nend\nhalt"),
      "a branch leaves or enters a loop");
  EXPECT_COMPLAINT(bytesOf("loop r1, r2\njump @out\nend\nout:\nhalt"),
                   "a branch leaves or enters a loop");
  // From one loop to another of the same depth.
  EXPECT_COMPLAINT(bytesOf("loop r1, r2\njump @in\nend\nloop r1, r2\nin:\n"
                           "add r1, r1, r1\nend\nhalt"),
                   "a branch leaves or enters a loop");
  EXPECT_COMPLAINT(
      changed("loop r1, r2\nend", [](Instruction &i) { i.setImmediate(2); }),
      "the loop's end is instruction 1, not 2");
  std::vector<Kernel> kernels = kernelsOf("kernel k\nloop r1, r2\nend\nhalt");
  kernels[0].instructions.erase(kernels[0].instructions.begin());
  EXPECT_COMPLAINT(serialize(kernels), "'end' belongs to no loop");
  kernels = kernelsOf("kernel k\nloop r1, r2\nend\nhalt");
  kernels[0].instructions.erase(kernels[0].instructions.begin() + 1);
  EXPECT_COMPLAINT(serialize(kernels), "the loop has no end");
}

TEST(VerifyTest, ChecksSemaphores) {
  const char *text = "is signalled by one unit and awaited by one other";
  EXPECT_COMPLAINT(bytesOf("signal dma0, s1\nsignal dma1, s1\nhalt"), text);
  EXPECT_COMPLAINT(bytesOf("wait dma0, s1\nwait vector, s1\nhalt"), text);
  EXPECT_COMPLAINT(bytesOf("signal dma0, s1\nwait dma0, s1\nhalt"), text);
  CodeObject object;
  Complaint complaint;
  std::vector<uint8_t> good =
      bytesOf("signal dma0, s1\nwait dma1, s1\nsignal dma0, s1\nhalt");
  EXPECT_TRUE(object.open(good.data(), good.size(), complaint))
      << complaint.text;
}

} // namespace
