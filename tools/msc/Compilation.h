//===- Compilation.h - One model on its way through the stages --*- C++ -*-===//

#ifndef MSC_TOOLS_MSC_COMPILATION_H
#define MSC_TOOLS_MSC_COMPILATION_H

#include "codegen/cpu/CpuTarget.h"
#include "codegen/emit/Link.h"
#include "codegen/emit/Prepare.h"
#include "codegen/emit/Signature.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tools/msc/CommandLine.h"
#include "tools/msc/OutputFile.h"
#include "llvm/Support/ThreadPool.h"
#include <memory>

namespace msc::tools {

/// Runs the stages of a compilation on demand. Diagnostics go to stderr as they
/// arise; methods return failure after one.
class Compilation {
public:
  /// `jobs` threads at most, 0: one a core.
  Compilation(CompileSettings settings, bool printRemarks, bool printTimes,
              unsigned jobs = 0);

  /// Runs all stages up to the one that `--emit` calls `stage`.
  llvm::LogicalResult runUntil(llvm::StringRef stage);

  /// After the last stage: writes the code as assembly.
  llvm::LogicalResult writeAssembly(llvm::StringRef path);

  /// After the last stage, once: writes the code, and what reserves room for
  /// the weights unless these go elsewhere, as object files to be linked.
  llvm::LogicalResult
  writeObjects(std::vector<std::unique_ptr<ScratchFile>> &objects,
               bool withWeights = true);

  /// Writes the weights into what was linked of the objects.
  llvm::LogicalResult fillWeights(llvm::StringRef linked);

  /// Writes a package with the code that was linked of the objects, weights
  /// included.
  llvm::LogicalResult writePackage(llvm::StringRef linked,
                                   llvm::StringRef path);

  mlir::ModuleOp getModule() { return *module; }
  const CompileSettings &getSettings() const { return settings; }
  std::string getWeightsSymbol() const { return settings.name + "_weights"; }
  /// Of the program, after the last stage.
  const emit::Signature &getSignature() const { return signature; }

private:
  llvm::LogicalResult runStage(const Stage &stage);
  llvm::LogicalResult takeWeights();
  mlir::FailureOr<cpu::CpuTarget> getTarget();
  llvm::LogicalResult writeFile(llvm::StringRef path,
                                llvm::ArrayRef<char> content);
  mlir::InFlightDiagnostic error();
  CompileSettings settings;
  bool printTimes;
  /// Null for a single thread. The context uses it too, so it goes last.
  std::unique_ptr<llvm::ThreadPoolInterface> pool;
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
