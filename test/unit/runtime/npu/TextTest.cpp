// Assembler, disassembler and the writer of code objects.
#include "test/unit/runtime/npu/EveryInstruction.h"

#include <gtest/gtest.h>

#include <set>

using namespace msc::npu;
using msc::test::everyInstruction;

namespace {

std::string errorOf(const std::string &text) {
  std::vector<Kernel> kernels;
  std::string error;
  EXPECT_FALSE(assemble(text, kernels, error));
  return error;
}

TEST(TextTest, KnowsEveryInstruction) {
  std::vector<Kernel> kernels;
  std::string error;
  ASSERT_TRUE(assemble(everyInstruction(), kernels, error)) << error;
  std::set<Opcode> found;
  for (const Instruction &instruction : kernels[0].instructions)
    found.insert(instruction.opcode);
  for (unsigned i = 1; i < unsigned(Opcode::Count); ++i)
    EXPECT_TRUE(found.count(Opcode(i))) << infoOf(Opcode(i)).name;
}

TEST(TextTest, ComesBackTheSame) {
  std::vector<Kernel> kernels, again;
  std::string error;
  ASSERT_TRUE(
      assemble(everyInstruction() + "kernel second\n  halt\n", kernels, error))
      << error;
  std::vector<uint8_t> bytes = serialize(kernels);
  CodeObject object;
  Complaint complaint;
  ASSERT_TRUE(object.open(bytes.data(), bytes.size(), complaint))
      << complaint.text;
  EXPECT_EQ(object.numKernels(), 2u);
  EXPECT_EQ(object.find("second", 6), 1);
  EXPECT_EQ(object.find("secon", 5), -1);
  std::string text = disassemble(object);
  ASSERT_TRUE(assemble(text, again, error)) << error << "\n" << text;
  EXPECT_EQ(serialize(again), bytes) << text;
}

TEST(TextTest, PrintsAsWritten) {
  std::vector<Kernel> kernels;
  std::string error;
  const char *lines[] = {
      "vadd.f16.f32.bf16 r1, r2:column, r3:row, r4, r5, r6, r7, r8",
      "mm.i8.acc.tb.ua r1, r2, r3, r4, r5, r6, r7, r8, r9",
      "rmax.f32.f16.cols.into r1, r2, r3, r4, r5, r6",
      "load dma3, b2, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12",
      "fill.4 dma0, r1, r2, r3, r4, r5, r6, r7, r8, r9",
      "wait vector, s31",
      "peek.i64 r1, r2",
      "addi r1, r2, -42"};
  std::string text = "kernel k\n";
  for (const char *line : lines)
    text += std::string(line) + "\n";
  ASSERT_TRUE(assemble(text, kernels, error)) << error;
  for (size_t i = 0; i < std::size(lines); ++i)
    EXPECT_EQ(disassemble(kernels[0].instructions[i]), lines[i]);
}

TEST(TextTest, TellsLineAndMistake) {
  EXPECT_EQ(errorOf("halt"), "line 1: expected 'kernel'");
  EXPECT_EQ(errorOf("kernel"), "line 1: expected a name");
  EXPECT_EQ(errorOf("kernel k buffers"),
            "line 1: expected key=value, got 'buffers'");
  EXPECT_EQ(errorOf("kernel k size=1"), "line 1: unknown key 'size'");
  EXPECT_EQ(errorOf("kernel k\n\nfrob r1"),
            "line 3: unknown instruction 'frob'");
  EXPECT_EQ(errorOf("kernel k\nadd r1, r2"), "line 2: 'add' has more operands");
  EXPECT_EQ(errorOf("kernel k\nadd r1, r2, r3, r4"),
            "line 2: 'r4' is one operand too many");
  EXPECT_EQ(errorOf("kernel k\nadd r1, r2, x"),
            "line 2: expected r<number>, got 'x'");
  EXPECT_EQ(errorOf("kernel k\nadd r1, r2, r3:row"),
            "line 2: 'r3:row' cannot be broadcast so");
  EXPECT_EQ(errorOf("kernel k\nli r1, x"), "line 2: expected a number");
  EXPECT_EQ(errorOf("kernel k\njump 3"), "line 2: expected a label");
  EXPECT_EQ(errorOf("kernel k\njump @x\nhalt"), "line 2: unknown label 'x'");
  EXPECT_EQ(errorOf("kernel k\nx:\nx:"), "line 3: label 'x' is there twice");
  EXPECT_EQ(errorOf("kernel k\nend"), "line 2: 'end' belongs to no loop");
  EXPECT_EQ(errorOf("kernel k\nloop r1, r2"), "line 2: a loop has no end");
  EXPECT_EQ(errorOf("kernel k\nwait gpu, s0"), "line 2: unknown unit 'gpu'");
  EXPECT_EQ(errorOf("kernel k\nvneg.f32 r1, r2, r3, r4, r5, r6"),
            "line 2: expected 2 types");
  EXPECT_EQ(errorOf("kernel k\nvneg.f32.f8 r1, r2, r3, r4, r5, r6"),
            "line 2: unknown type 'f8'");
  EXPECT_EQ(errorOf("kernel k\nmm.f16.x r1, r2, r3, r4, r5, r6, r7, r8, r9"),
            "line 2: unknown suffix 'x'");
  EXPECT_EQ(errorOf("kernel k\nhalt.x"), "line 2: 'halt' has no modes");
}

TEST(TextTest, BuildsWhatTheTextSays) {
  KernelBuilder builder("k", 2, 1);
  builder.setMemory(4096, 0);
  builder.arg(1, 0);
  builder.loop(2, 1);
  KernelBuilder::Label next = builder.label();
  builder.branch(Opcode::Blt, 2, 0, next);
  builder.load(Unit::Dma1, 1, 3, 4, {{5, 6, 7, 8}}, {{9, 10, 11}},
               {{12, 13, 14}});
  builder.bind(next);
  builder.end();
  builder.signal(Unit::Dma1, 3);
  builder.wait(Unit::Vector, 3);
  builder.vector(Opcode::VMul, 20, 21, {22, Type::F16, 23},
                 {24, Type::F32, 25, Broadcast::Row}, {26, Type::BF16, 27});
  builder.reduce(Opcode::RMax, kReduceColumns, 20, 21, {22, Type::F32, 23},
                 {24, Type::F16, 25});
  builder.matmul(kMatMulBF16 | kMatMulTransposeB, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  builder.fill(Unit::Dma0, 2, 1, 2, {{3, 4, 5, 6}}, {{7, 8, 9}});
  builder.halt();
  std::vector<Kernel> kernels;
  std::string error;
  ASSERT_TRUE(assemble(R"(
kernel k buffers=2 scalars=1 local=4096 accumulators=0
  arg r1, 0
  loop r2, r1
    blt r2, r0, @next
    load dma1, b1, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14
next:
  end
  signal dma1, s3
  wait vector, s3
  vmul.f16.f32.bf16 r22, r24:row, r26, r20, r21, r23, r25, r27
  rmax.f32.f16.cols r22, r24, r20, r21, r23, r25
  mm.bf16.tb r1, r2, r3, r4, r5, r6, r7, r8, r9
  fill.2 dma0, r1, r2, r3, r4, r5, r6, r7, r8, r9
  halt
)",
                       kernels, error))
      << error;
  EXPECT_EQ(serialize({builder.finish()}), serialize(kernels));
}

} // namespace
