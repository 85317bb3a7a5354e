//===- KernelLoops.h - Loops that are one kernel ----------------*- C++ -*-===//
//
// What no linalg op expresses (writing at computed places, sorting, running
// sums) becomes loops of scf on tensors with an element taken or put at a time.
// They carry an attribute that makes the outermost one a region as a whole: its
// tensors are destinations, nothing within is planned.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_TO_LINALG_KERNELLOOPS_H
#define MSC_CODEGEN_TO_LINALG_KERNELLOOPS_H

#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace msc {

/// Unit attribute of an `scf.for` that is, with all in it, one region.
inline constexpr llvm::StringLiteral kKernelAttr = "msc.kernel";

/// Builds the loops of one graph op.
class KernelLoops {
public:
  using Values = llvm::SmallVector<mlir::Value>;
  /// Makes the carried values of the next iteration.
  using Body =
      llvm::function_ref<Values(mlir::Value index, mlir::ValueRange carried)>;
  using NestBody = llvm::function_ref<Values(mlir::ValueRange indices,
                                             mlir::ValueRange carried)>;

  KernelLoops(mlir::OpBuilder &builder, mlir::Operation *op);

  /// for (i = lower; i < upper; ++i) carried = body(i, carried)
  Values loop(mlir::Value lower, mlir::Value upper, mlir::ValueRange carried,
              Body body);
  /// A nest from 0 to the sizes, the first one outermost.
  Values nest(llvm::ArrayRef<mlir::OpFoldResult> sizes,
              mlir::ValueRange carried, NestBody body);

  mlir::Value constant(int64_t value);
  mlir::Value value(mlir::OpFoldResult size);
  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value sub(mlir::Value lhs, mlir::Value rhs);
  mlir::Value take(mlir::Value tensor, mlir::ValueRange at);
  mlir::Value put(mlir::Value element, mlir::Value tensor, mlir::ValueRange at);

  mlir::OpBuilder &builder;
  mlir::Location loc;

private:
  mlir::Operation *op;
};

/// An element that counts places along a dim of extent `extent`, as an index
/// in range: negative ones count from the end, the rest is clamped.
mlir::Value wrapIndex(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value element, bool isUnsigned, mlir::Value extent);

} // namespace msc

#endif // MSC_CODEGEN_TO_LINALG_KERNELLOOPS_H
