//===- SizeFormula.h - sizes and offsets in the arena as closed formulas --===//
//
// Offsets of buffers are sums of the sizes of others. With dynamic shapes both
// are formulas in the extents that a call brings. All are counted in blocks of
// 64 bytes, so that every offset is aligned:
//
//   blocks(buffer) = ceil(bytes(extents) / 64)
//   offset = 64 * (constant + sum of count * blocks(buffer))
//
// Keeping the blocks of each distinct size as one symbol avoids rounding inside
// of products, which would waste up to a block an element.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_PLAN_SIZEFORMULA_H
#define MSC_CODEGEN_PLAN_SIZEFORMULA_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/AffineExpr.h"
#include <optional>
#include <string>

namespace msc::codegen {

constexpr int64_t kBlockBytes = 64;

/// An extent that is known per call only: a dim of an argument, or an argument
/// that is an index. Dims of one name (`graph.dims`) are one extent.
struct CallExtent {
  mlir::Value arg;
  std::optional<int64_t> dim;
  std::string name;
  int64_t min, max;
};

/// constant + sum of counts[i] * blocks of size number i.
struct BlockSum {
  int64_t constant = 0;
  llvm::SmallVector<int64_t> counts;

  BlockSum operator+(const BlockSum &other) const;
  bool operator==(const BlockSum &other) const;
  bool isConstant() const;
};

/// The sizes of one function's buffers.
class SizeFormulas {
public:
  /// Extents whose range the module does not declare are taken to be in
  /// [1, defaultMax].
  SizeFormulas(mlir::func::FuncOp function, int64_t defaultMax)
      : function(function), defaultMax(defaultMax) {}

  /// The blocks that an allocation takes. Fails, with a diagnostic, if a size
  /// is no closed formula in the function's arguments or may exceed 62 bits.
  mlir::FailureOr<BlockSum> getBlocks(mlir::memref::AllocOp alloc);

  /// Whether a <= b for all extents in range; false if not proven.
  bool isAtMost(const BlockSum &a, const BlockSum &b) const;

  /// In blocks, at the greatest extents; saturates.
  int64_t evaluateAtMax(const BlockSum &sum) const;

  /// Bytes of a sum as IR; `extents` are the values of getExtents().
  mlir::Value emitBytes(mlir::OpBuilder &builder, mlir::Location loc,
                        const BlockSum &sum, mlir::ValueRange extents);

  /// Bytes of a sum as an expression in the extents, for reading.
  mlir::AffineExpr getBytes(const BlockSum &sum) const;

  llvm::ArrayRef<CallExtent> getExtents() const { return extents; }

private:
  unsigned getExtent(mlir::Value arg, std::optional<int64_t> dim);
  __int128 evaluate(mlir::AffineExpr expr,
                    llvm::ArrayRef<int64_t> values) const;

  mlir::func::FuncOp function;
  int64_t defaultMax;
  llvm::SmallVector<CallExtent> extents;
  llvm::SmallVector<mlir::AffineExpr> sizes; // bytes, in symbols = extents
};

} // namespace msc::codegen

#endif // MSC_CODEGEN_PLAN_SIZEFORMULA_H
