//===- Compilation.h - One model on its way through the stages --*- C++ -*-===//

#ifndef MSC_TOOLS_MSC_COMPILATION_H
#define MSC_TOOLS_MSC_COMPILATION_H

#include "codegen/emit/Link.h"
#include "codegen/emit/Prepare.h"
#include "codegen/emit/Signature.h"
#include "tools/msc/CommandLine.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <memory>

namespace msc::tools {

/// Runs the stages of a compilation on demand. Diagnostics go to stderr as they
/// arise; methods return failure after one.
class Compilation {
public:
  Compilation(CompileSettings settings, bool printRemarks, bool printTimes);

  /// Runs all stages up to the one that `--emit` calls `stage`.
  llvm::LogicalResult runUntil(llvm::StringRef stage);

  /// After the last stage: writes the code as an object file or as assembly.
  llvm::LogicalResult writeCode(llvm::StringRef path, bool assembly);

  /// After the last stage: writes the weights as an object file; nothing if the
  /// model has none.
  llvm::LogicalResult writeWeights(llvm::StringRef path, bool &written);

  mlir::ModuleOp getModule() { return *module; }
  const CompileSettings &getSettings() const { return settings; }
  /// Of the program, after the last stage.
  const emit::Signature &getSignature() const { return signature; }

private:
  llvm::LogicalResult runStage(const Stage &stage);
  llvm::LogicalResult takeWeights();

  CompileSettings settings;
  bool printTimes;
  mlir::DialectRegistry registry;
  std::unique_ptr<mlir::MLIRContext> context;
  std::unique_ptr<DiagnosticPrinter> diagnostics;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  size_t nextStage = 0;

  // What is taken out of the module before the last stage.
  mlir::OwningOpRef<mlir::ModuleOp> prepare;
  llvm::SmallVector<emit::WeightSource> weights;
  emit::Signature signature;
};

} // namespace msc::tools

#endif // MSC_TOOLS_MSC_COMPILATION_H
