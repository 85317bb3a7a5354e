//===- SerializeKernelsTest.cpp - Code objects of npu kernels -------------===//
#include "codegen/npu/SerializeKernels.h"
#include "dialects/npu/Npu.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "runtime/npu/Text.h"
#include <gtest/gtest.h>

using namespace mlir;

namespace {

/// The disassembled code object of a kernel with this body, or the error.
std::string serialize(const std::string &body) {
  DialectRegistry registry;
  registry.insert<arith::ArithDialect, func::FuncDialect, memref::MemRefDialect,
                  scf::SCFDialect, msc::npu::NpuDialect>();
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    message += diagnostic.str();
    return success();
  });
  auto module = parseSourceString<ModuleOp>(
      "func.func @k(%x: memref<16x8xf32>, %n: index) attributes {npu.kernel, "
      "npu.local_bytes = 1024 : i64, npu.acc_bytes = 0 : i64} {\n" +
          body + "\nreturn\n}",
      &context);
  if (!module)
    return message;
  FailureOr<std::vector<uint8_t>> bytes = msc::npu::serializeKernels(*module);
  if (failed(bytes))
    return message;
  msc::npu::CodeObject object;
  msc::npu::Complaint complaint;
  EXPECT_TRUE(object.open(bytes->data(), bytes->size(), complaint));
  return msc::npu::disassemble(object);
}

TEST(SerializeKernelsTest, WritesLoopsAndBoxes) {
  std::string text = serialize(R"(
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %c16 = arith.constant 16 : index
    %a = npu.alloc at 64 : memref<4x8xf32, #npu.local>
    scf.for %i = %c0 to %c16 step %c4 {
      %8 = arith.muli %i, %c16 : index
      %v = memref.reinterpret_cast %x to offset: [%8], sizes: [4, 8], strides: [8, 1]
          : memref<16x8xf32> to memref<4x8xf32, strided<[8, 1], offset: ?>>
      npu.load dma0 %v to %a : memref<4x8xf32, strided<[8, 1], offset: ?>> to memref<4x8xf32, #npu.local>
      npu.signal dma0, 0
      npu.wait vector, 0
      npu.vector neg ins(%a : memref<4x8xf32, #npu.local>) outs(%a : memref<4x8xf32, #npu.local>)
      npu.fence
    })");
  for (const char *part :
       {"kernel k buffers=1 scalars=1 local=1024 accumulators=0", "loop",
        "load dma0, b0", "signal dma0, s0", "wait vector, s0", "vneg.f32.f32",
        "fence", "end", "halt"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
}

void expectError(const std::string &body, const char *message) {
  std::string text = serialize(body);
  EXPECT_NE(text.find(message), std::string::npos) << text;
}

TEST(SerializeKernelsTest, TellsWhatItCannotSay) {
  for (const char *use :
       {"%v = memref.reinterpret_cast %a to offset: [0], sizes: [8], strides: "
        "[1] : memref<4x8xf32, #npu.local> to memref<8xf32, strided<[1]>, "
        "#npu.local>",
        "npu.vector neg ins(%a : memref<4x8xf32, #npu.local>) outs(%a : "
        "memref<4x8xf32, #npu.local>)"})
    expectError(std::string("%a = npu.alloc : memref<4x8xf32, #npu.local>\n") +
                    use,
                "expected an address, see -npu-assign-memory");
  std::string box = "memref<2x2x2x2xf32, strided<[64, 32, 16, 2]>, #npu.local>";
  expectError("%b = npu.alloc at 0 : " + box +
                  "\nnpu.move dma0 %b to %b : " + box + " to " + box,
              "expected a box of rows in 3 dims, got 4");
  std::string bounds =
      "%c0 = arith.constant 0 : index\n%c1 = arith.constant 1 : index\n";
  expectError(bounds + "scf.for %i = %c0 to %n step %c1 {\n}",
              "expected constant bounds of a loop");
  expectError(bounds +
                  "%s = scf.for %i = %c0 to %c1 step %c1 iter_args(%j = %n) -> "
                  "(index) {\nscf.yield %j : index\n}",
              "expected a loop without carried values");
  expectError("%d = arith.divsi %n, %n : index",
              "expected an op that the accelerator has, got 'arith.divsi'");
}

TEST(SerializeKernelsTest, CountsItsRegisters) {
  std::string sums, uses, last = "%n";
  for (int i = 0; i < 80; ++i) {
    std::string number = std::to_string(i);
    sums += "%s" + number + " = arith.addi " + last + ", %n : index\n";
    last = "%s" + number;
    uses += "%u" + number + " = arith.addi " + last + ", %n : index\n";
  }
  expectError(sums + uses, "expected at most 63 registers to be in use");
  // Each sum is used once, at once: one register after the other is free again.
  EXPECT_NE(serialize(sums).find("halt"), std::string::npos);
}

} // namespace
