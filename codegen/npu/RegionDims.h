//===- RegionDims.h - Which dims of a region run together -------*- C++ -*-===//
//
// The ops of a region index its tensors by maps. Dims that maps tie together
// have one extent and one loop in any schedule: they form a class. A tensor is
// then described by the classes that it has, with the stride of each.
//
//===----------------------------------------------------------------------===//
#ifndef MSC_CODEGEN_NPU_REGIONDIMS_H
#define MSC_CODEGEN_NPU_REGIONDIMS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/MapVector.h"
#include <string>

namespace msc::npu {

/// A dim of a tensor with an extent above 1. A region's argument that one op
/// reads at sums of its loops (a convolution, a pooling) has each of them as a
/// dim: it is seen as the larger tensor of its overlapping windows.
struct TensorDim {
  unsigned dimClass;
  int64_t stride; // in elements, of the row-major tensor
};

class RegionDims {
public:
  /// Empty: done. Else why the region has no such description.
  std::string analyse(mlir::func::FuncOp region);

  unsigned size() const { return extents.size(); }
  int64_t extent(unsigned dimClass) const { return extents[dimClass]; }
  /// Classes in the order of the tensor that has most of them; outermost first.
  llvm::ArrayRef<unsigned> order() const { return classOrder; }
  llvm::ArrayRef<TensorDim> dimsOf(mlir::Value tensor) const;
  bool has(mlir::Value tensor, unsigned dimClass) const;
  /// 0: the tensor lacks it.
  int64_t stride(mlir::Value tensor, unsigned dimClass) const;
  /// Classes over which the op reduces.
  llvm::ArrayRef<unsigned> reduced(mlir::Operation *op) const;
  bool isReduced(unsigned dimClass) const;
  /// Whether the class runs through a window, and is reduced.
  bool isWindow(unsigned dimClass) const;

  /// Makes one class of neighbours that every tensor has side by side or not at
  /// all: [8][12][64] with a bias of [64] becomes [96][64].
  void coalesce();

private:
  unsigned find(unsigned node);
  bool unite(unsigned a, unsigned b);
  std::string addTensor(mlir::Value tensor);
  std::string addOp(mlir::linalg::LinalgOp op);
  std::string addOperand(mlir::linalg::LinalgOp op, mlir::OpOperand &operand);
  std::string addWindows(mlir::linalg::LinalgOp op, mlir::OpOperand &operand);
  std::string addReshape(mlir::Value from, mlir::Value to);
  std::string addReturn(mlir::Operation &op, mlir::func::FuncOp region);
  std::string number();
  bool mergeable(unsigned outer, unsigned inner) const;

  // Union-find over dims of tensors and loops of ops.
  llvm::SmallVector<unsigned> parents;
  llvm::SmallVector<int64_t> nodeExtents;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<int>> nodes; // -1: extent 1
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<int>> loopNodes;

  /// Tensors that are read at sums of loops: nodes of these, and strides.
  llvm::DenseMap<mlir::Value, llvm::SmallVector<std::pair<unsigned, int64_t>>>
      windows;
  llvm::SmallVector<unsigned> windowNodes, windowClasses;

  llvm::SmallVector<int64_t> extents;
  llvm::SmallVector<unsigned> classOrder;
  llvm::MapVector<mlir::Value, llvm::SmallVector<TensorDim>> tensors;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<unsigned>> reductions;
};

} // namespace msc::npu

#endif // MSC_CODEGEN_NPU_REGIONDIMS_H
