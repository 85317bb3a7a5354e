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
// of products, which would waste up to a block an element. Such a symbol may
// also stand for the greatest of several sums.
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

/// An extent that is known per call only: a dim of an argument, an argument
/// that is an index, or a formula in those that is not affine. Dims of one name
/// (`graph.dims`) are one extent.
struct CallExtent {
  mlir::Value value; // the argument, or the formula
  std::optional<int64_t> dim;
  std::string name;
  int64_t min, max;
  bool isFormula = false;
  /// Whether min and max may be relied on in proofs.
  bool isBounded = true;

  /// What it is taken for where two packings are compared.
  int64_t getTypical() const;
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
  /// is no formula in the function's arguments or exceeds 62 bits in any call.
  mlir::FailureOr<BlockSum> getBlocks(mlir::memref::AllocOp alloc);

  /// Whether a <= b for all extents in range; false if not proven.
  bool isAtMost(const BlockSum &a, const BlockSum &b) const;

  /// The greatest of `sums`.
  BlockSum getGreatest(llvm::ArrayRef<BlockSum> sums);

  /// In blocks: at the greatest extents where these are moderate, at typical
  /// ones else. Saturates.
  int64_t evaluateTypical(const BlockSum &sum) const;

  /// Whether some call in range needs 2^62 bytes or more.
  bool mayOverflow(const BlockSum &sum) const;

  /// Bytes of a sum as IR; `extents` are the values of getExtents().
  mlir::Value emitBytes(mlir::OpBuilder &builder, mlir::Location loc,
                        const BlockSum &sum, mlir::ValueRange extents) const;

  /// As f64, at least the bytes of a sum, whatever its size.
  mlir::Value emitMagnitude(mlir::OpBuilder &builder, mlir::Location loc,
                            const BlockSum &sum,
                            mlir::ValueRange extents) const;

  /// Bytes of a sum as an expression in the extents, for reading; null where
  /// it is none.
  mlir::AffineExpr getBytes(const BlockSum &sum) const;

  llvm::ArrayRef<CallExtent> getExtents() const { return extents; }

private:
  /// Bytes in symbols = extents, or the greatest of sums.
  struct Size {
    mlir::AffineExpr bytes;
    llvm::SmallVector<BlockSum> sums;
  };

  unsigned getExtent(mlir::Value arg, std::optional<int64_t> dim);
  unsigned getFormula(mlir::Value size);
  llvm::SmallVector<int64_t>
  getValues(llvm::function_ref<int64_t(const CallExtent &)> get) const;
  BlockSum getTerm(Size size);
  __int128 evaluate(mlir::AffineExpr expr,
                    llvm::ArrayRef<int64_t> values) const;
  __int128 evaluate(const BlockSum &sum, llvm::ArrayRef<int64_t> values) const;
  mlir::Value emitBlocks(mlir::OpBuilder &builder, mlir::Location loc,
                         const BlockSum &sum, mlir::ValueRange extents) const;
  mlir::Value emitMagnitude(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::AffineExpr expr,
                            mlir::ValueRange extents) const;

  mlir::func::FuncOp function;
  int64_t defaultMax;
  llvm::SmallVector<CallExtent> extents;
  llvm::SmallVector<Size> sizes;
};

} // namespace msc::codegen

#endif // MSC_CODEGEN_PLAN_SIZEFORMULA_H
