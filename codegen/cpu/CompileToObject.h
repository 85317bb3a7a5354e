//===- CompileToObject.h - From LLVM to object code -------------*- C++ -*-===//
#ifndef MSC_CODEGEN_CPU_COMPILETOOBJECT_H
#define MSC_CODEGEN_CPU_COMPILETOOBJECT_H

#include "codegen/cpu/CpuTarget.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace msc::cpu {

enum class OutputKind { Object, Assembly, LlvmIr };

/// Optimises `module` for `target` and writes it out. The module's triple and
/// data layout are set first: LLVM's cost model is wrong by an order of
/// magnitude for an unknown CPU. `optLevel` is LLVM's -O<n>, 0 to 3; the code
/// is position-independent. Changes `module`.
llvm::Error compileToObject(llvm::Module &module, const CpuTarget &target,
                            unsigned optLevel, llvm::raw_pwrite_stream &out,
                            OutputKind kind = OutputKind::Object);

/// The same for a module in the LLVM dialect.
llvm::Error compileToObject(mlir::ModuleOp module, const CpuTarget &target,
                            unsigned optLevel, llvm::raw_pwrite_stream &out,
                            OutputKind kind = OutputKind::Object);

/// Translates a module in the LLVM dialect; null if that fails, with a
/// diagnostic. `registerTranslations` must have been called for its context.
std::unique_ptr<llvm::Module> translateToLlvm(mlir::ModuleOp module,
                                              llvm::LLVMContext &context);

/// Adds what translateToLlvm needs to `registry`.
void registerTranslations(mlir::DialectRegistry &registry);

} // namespace msc::cpu

#endif
