//===- FusionGroups.h - which ops of a block become one region ------------===//
//
// The decision about fusion, apart from the rewriting that follows from it.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_REGIONS_FUSIONGROUPS_H
#define MSC_CODEGEN_REGIONS_FUSIONGROUPS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace msc::codegen {

/// What an op is to fusion.
enum class OpShape {
  /// All loops parallel, each element of the result written once.
  Elementwise,
  /// Streams over one operand and folds some of its dims: sum, max, mean.
  RowReduction,
  /// Contractions, convolutions, pooling: reads elements more than once, so
  /// that its operands have to be in memory.
  Window,
  /// A fill; it belongs to whoever starts from it.
  Fill,
};

OpShape classify(mlir::linalg::LinalgOp op);

/// Whether computing an element again costs less than a load from memory
/// that is not in cache: a few simple operations, no division, no
/// transcendental function.
bool isCheapToRecompute(mlir::linalg::LinalgOp op);

/// An elementwise op whose operands are all smaller than its result.
bool isBroadcast(mlir::linalg::LinalgOp op);

/// An insert_slice of a fill into the place that the fill's destination was
/// cut from: it sets a slab of a larger tensor.
bool isFilledSlab(mlir::tensor::InsertSliceOp op);

/// Loops that are one kernel as they stand, or a single element that is put
/// into a tensor: a region of their own, which only a fill may join.
bool isKernel(mlir::Operation *op);

struct FusionGroup {
  /// In program order; the last is the root.
  llvm::SmallVector<mlir::Operation *> ops;
  /// What is used outside, in program order. The root's results are all here.
  llvm::SmallVector<mlir::Value> results;

  mlir::Operation *root() const { return ops.back(); }
};

/// Partitions the linalg ops on tensors, kernels and chains of filled slabs
/// that stand directly in `block` into groups. Executing each group at the
/// place of its root is legal once the block is sorted topologically. Without
/// `fuse` each op is its own group but for the fills.
llvm::SmallVector<FusionGroup> formFusionGroups(mlir::Block &block, bool fuse);

} // namespace msc::codegen

#endif // MSC_CODEGEN_REGIONS_FUSIONGROUPS_H
