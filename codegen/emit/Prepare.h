//===- Prepare.h - Running @prepare at compile time -------------*- C++ -*-===//

#ifndef MSC_CODEGEN_EMIT_PREPARE_H
#define MSC_CODEGEN_EMIT_PREPARE_H

#include "codegen/emit/Signature.h"
#include "dialects/graph/Graph.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/ArrayRef.h"

namespace msc::emit {

/// Takes @prepare out of `module` into a module of its own; null if there is
/// none.
mlir::OwningOpRef<mlir::ModuleOp> takePrepare(mlir::ModuleOp module);

/// What the weights section of a model is made of: parameters as they stand in
/// their files, and the results of @prepare.
struct WeightSource {
  uint64_t offset, bytes;
  /// Number of the result of @prepare, or -1: a parameter.
  int64_t prepared;
  /// Where a parameter stands.
  graph::FileBlobAttr blob;
};

/// Reads the sources from the arguments of a planned @main.
llvm::FailureOr<llvm::SmallVector<WeightSource>>
readWeightSources(mlir::func::FuncOp main);

/// Writes all weights into `section`, a mapping of a file: copies parameters
/// out of their files and runs @prepare (null if there is none) on this
/// machine. Diagnoses files that are gone, too short or changed since the
/// import.
llvm::LogicalResult fillWeights(mlir::ModuleOp prepare,
                                llvm::ArrayRef<WeightSource> sources,
                                llvm::MutableArrayRef<char> section,
                                mlir::Location loc);

} // namespace msc::emit

#endif // MSC_CODEGEN_EMIT_PREPARE_H
