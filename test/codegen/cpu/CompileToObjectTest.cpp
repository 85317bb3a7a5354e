//===- CompileToObjectTest.cpp - Objects for this and other CPUs ----------===//
#include "codegen/cpu/CompileToObject.h"
#include "codegen/cpu/Pipeline.h"
#include "test/codegen/cpu/RegionTexts.h"

#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Object/ELFObjectFile.h"
#include "gtest/gtest.h"

using namespace msc;

namespace {

/// Compiles a contraction with all that is around it; empty if that failed.
std::string compile(const std::string &triple, const std::string &march,
                    cpu::OutputKind kind) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  cpu::registerTranslations(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      test::matmul(33, 40, 20, {}).text, &context);
  mlir::PassManager pm(&context);
  cpu::CpuPipelineOptions options;
  options.triple = triple;
  options.march = march;
  cpu::buildCpuPipeline(pm, options);
  mlir::bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  pm.addPass(mlir::bufferization::createOneShotBufferizePass(bufferize));
  cpu::buildLlvmPipeline(pm, options);
  if (!module || failed(pm.run(*module)))
    return "";
  auto target = cpu::CpuTarget::get(triple, march);
  if (!target) {
    ADD_FAILURE() << llvm::toString(target.takeError());
    return "";
  }
  llvm::SmallVector<char> bytes;
  llvm::raw_svector_ostream stream(bytes);
  if (auto error = cpu::compileToObject(*module, *target, 3, stream, kind)) {
    ADD_FAILURE() << llvm::toString(std::move(error));
    return "";
  }
  return std::string(bytes.begin(), bytes.end());
}

llvm::Triple::ArchType archOf(const std::string &object) {
  auto parsed = llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(object, "object"));
  if (!parsed) {
    ADD_FAILURE() << llvm::toString(parsed.takeError());
    return llvm::Triple::UnknownArch;
  }
  return (*parsed)->getArch();
}

TEST(CompileToObject, Triples) {
  EXPECT_EQ(archOf(compile("x86_64-unknown-linux-gnu", "x86-64-v3",
                           cpu::OutputKind::Object)),
            llvm::Triple::x86_64);
  EXPECT_EQ(
      archOf(compile("aarch64-unknown-linux-gnu", "", cpu::OutputKind::Object)),
      llvm::Triple::aarch64);
  EXPECT_EQ(
      archOf(compile("riscv64-unknown-linux-gnu", "", cpu::OutputKind::Object)),
      llvm::Triple::riscv64);
}

TEST(CompileToObject, UsesTheCpusInstructions) {
  auto v4 = compile("x86_64-unknown-linux-gnu", "x86-64-v4",
                    cpu::OutputKind::Assembly);
  EXPECT_NE(v4.find("vfmadd"), std::string::npos);
  EXPECT_NE(v4.find("zmm"), std::string::npos);
  auto v2 = compile("x86_64-unknown-linux-gnu", "x86-64-v2",
                    cpu::OutputKind::Assembly);
  EXPECT_NE(v2.find("mulps"), std::string::npos);
  EXPECT_EQ(v2.find("ymm"), std::string::npos);
  auto neon =
      compile("aarch64-unknown-linux-gnu", "", cpu::OutputKind::Assembly);
  EXPECT_NE(neon.find("fmla"), std::string::npos);
}

TEST(CpuTarget, KnowsVectors) {
  auto v4 = cpu::CpuTarget::get("x86_64-unknown-linux-gnu", "x86-64-v4");
  ASSERT_TRUE(bool(v4));
  EXPECT_EQ(v4->lanes(32), 16u);
  EXPECT_TRUE(v4->masks && v4->fma);
  auto v2 = cpu::CpuTarget::get("x86_64-unknown-linux-gnu", "x86-64-v2");
  ASSERT_TRUE(bool(v2));
  EXPECT_EQ(v2->lanes(8), 16u);
  EXPECT_FALSE(v2->masks || v2->fma);
}

} // namespace
