//===- Execution.h - Graph functions made runnable --------------*- C++ -*-===//
//
// The shortest way from graph to code: -graph-to-linalg, one-shot
// bufferisation, loops, LLVM, JIT. Nothing is fused, tiled or vectorised, so
// what is tested is the meaning of ops.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_TEST_FACETS_EXECUTION_H
#define MSC_TEST_FACETS_EXECUTION_H

#include "mlir/IR/BuiltinOps.h"
#include "test/facets/Array.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include <memory>

namespace msc::facets {

/// The compiled functions of a module, all of static shapes at their borders.
class Execution {
public:
  /// Compiles a copy of the module. Diagnostics say what failed.
  static mlir::FailureOr<std::unique_ptr<Execution>>
  lower(mlir::ModuleOp module);

  std::vector<Array> run(llvm::StringRef function,
                         llvm::ArrayRef<Array> inputs);

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
  llvm::StringMap<llvm::SmallVector<mlir::Type>> resultTypes;
};

/// Registers what `Execution` needs.
void registerDialects(mlir::DialectRegistry &registry);

} // namespace msc::facets

#endif // MSC_TEST_FACETS_EXECUTION_H
