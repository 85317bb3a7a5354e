//===- GraphBuilder.h - Writing expressions of graph ops --------*- C++ -*-===//
//
// Shorthand for gradients, decompositions and front ends, which write whole
// formulas. Elementwise methods take operands of one shape; `broadcast` makes
// it so.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_DIALECTS_GRAPH_GRAPHBUILDER_H
#define MSC_DIALECTS_GRAPH_GRAPHBUILDER_H

#include "dialects/graph/Graph.h"

namespace msc::graph {

class GraphBuilder {
public:
  GraphBuilder(mlir::OpBuilder &builder, mlir::Location loc)
      : builder(builder), loc(loc) {}

  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::Location getLoc() { return loc; }

  // Elementwise.
  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value sub(mlir::Value lhs, mlir::Value rhs);
  mlir::Value mul(mlir::Value lhs, mlir::Value rhs);
  mlir::Value div(mlir::Value lhs, mlir::Value rhs);
  mlir::Value pow(mlir::Value lhs, mlir::Value rhs);
  mlir::Value neg(mlir::Value operand);
  mlir::Value compare(ComparePredicate predicate, mlir::Value lhs,
                      mlir::Value rhs);
  mlir::Value select(mlir::Value condition, mlir::Value onTrue,
                     mlir::Value onFalse);
  mlir::Value convert(mlir::Value operand, mlir::Type elementType);
  /// `operand + constant` and `operand * constant`, elementwise.
  mlir::Value addScalar(mlir::Value operand, double constant);
  mlir::Value mulScalar(mlir::Value operand, double constant);
  /// Any op with one operand and a result of its type.
  template <typename OpTy> mlir::Value unary(mlir::Value operand) {
    return OpTy::create(builder, loc, operand.getType(), operand);
  }
  template <typename OpTy>
  mlir::Value binary(mlir::Value lhs, mlir::Value rhs) {
    return OpTy::create(builder, loc, lhs.getType(), lhs, rhs);
  }

  // Constants.
  /// A 0-d tensor; floats and integers are rounded to the type.
  mlir::Value scalar(double value, mlir::Type elementType);
  /// Every element `value`.
  mlir::Value splat(double value, mlir::Type elementType,
                    llvm::ArrayRef<mlir::OpFoldResult> sizes);
  /// Every element `value`, with the type and extents of `like`.
  mlir::Value splatLike(double value, mlir::Value like);
  /// The same with another element type.
  mlir::Value splatLike(double value, mlir::Value like, mlir::Type elementType);
  /// An index as a 0-d tensor.
  mlir::Value indexScalar(mlir::OpFoldResult index, mlir::Type elementType);

  // Shapes.
  /// Extents of a tensor: attributes where static, else values of index type.
  llvm::SmallVector<mlir::OpFoldResult> sizes(mlir::Value tensor);
  /// Operand dim i becomes dim `dimensions[i]` of a tensor of extents `sizes`.
  mlir::Value broadcast(mlir::Value operand,
                        llvm::ArrayRef<mlir::OpFoldResult> sizes,
                        llvm::ArrayRef<int64_t> dimensions);
  /// To the extents of `like`, with the new dims in `newDims` of `like`.
  mlir::Value broadcastAlong(mlir::Value operand, mlir::Value like,
                             llvm::ArrayRef<int64_t> newDims);
  mlir::Value reshape(mlir::Value operand,
                      llvm::ArrayRef<mlir::OpFoldResult> sizes);
  mlir::Value transpose(mlir::Value operand,
                        llvm::ArrayRef<int64_t> permutation);
  mlir::Value slice(mlir::Value operand,
                    llvm::ArrayRef<mlir::OpFoldResult> offsets,
                    llvm::ArrayRef<mlir::OpFoldResult> sizes,
                    llvm::ArrayRef<mlir::OpFoldResult> strides);
  /// A tensor of `like`'s extents: `slice` where it lies, zero elsewhere.
  mlir::Value scatteredSlice(mlir::Value like, mlir::Value slice,
                             llvm::ArrayRef<mlir::OpFoldResult> offsets,
                             llvm::ArrayRef<mlir::OpFoldResult> sizes,
                             llvm::ArrayRef<mlir::OpFoldResult> strides);

  // Reductions.
  /// Sum over dims, which the result lacks; the operand itself for none.
  mlir::Value reduceSum(mlir::Value operand,
                        llvm::ArrayRef<int64_t> dimensions);
  /// Mean over dims, which the result lacks; the operand itself for none.
  mlir::Value reduceMean(mlir::Value operand,
                         llvm::ArrayRef<int64_t> dimensions);
  /// `value` over the number of elements that `of` has along dims.
  mlir::Value divideByExtents(mlir::Value value, mlir::Value of,
                              llvm::ArrayRef<int64_t> dimensions);
  template <typename OpTy>
  mlir::Value reduce(mlir::Value operand, llvm::ArrayRef<int64_t> dimensions) {
    return OpTy::create(builder, loc, operand, dimensions);
  }

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

/// Static extents and the values of the dynamic ones, as ops take them.
std::pair<llvm::SmallVector<int64_t>, llvm::SmallVector<mlir::Value>>
splitSizes(llvm::ArrayRef<mlir::OpFoldResult> sizes);

} // namespace msc::graph

#endif // MSC_DIALECTS_GRAPH_GRAPHBUILDER_H
