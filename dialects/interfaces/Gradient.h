//===- Gradient.h - What an op says of its derivative -----------*- C++ -*-===//
//
// The contract between ops and the engines that differentiate programs. An op
// implements GradientOpInterface against the two abstract contexts below; it
// never knows whether the derivative lands in a straight-line function, in a
// reversed loop or in a recomputation.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_DIALECTS_INTERFACES_GRADIENT_H
#define MSC_DIALECTS_INTERFACES_GRADIENT_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectInterface.h"
#include "mlir/IR/OpDefinition.h"

namespace msc {

/// What a vector-Jacobian product of one op is built in.
///
/// The values of the original program are never used directly: `primal` maps
/// an operand or result of the op to what stands for it in the derived
/// program (a stored residual, a recomputation or the value itself). A rule
/// that doesn't ask for a value doesn't make it a residual.
class VjpContext {
public:
  virtual ~VjpContext();

  /// Builder at the place where the derivative of this op goes.
  virtual mlir::OpBuilder &builder() = 0;

  /// The derived program's version of an operand or result of the op.
  virtual mlir::Value primal(mlir::Value value) = 0;

  /// Cotangent of a result: a tensor of the result's type, or null for a
  /// symbolic zero. At least one result has one.
  virtual mlir::Value cotangent(mlir::OpResult result) = 0;

  /// Whether anybody needs the cotangent of this operand.
  virtual bool wants(mlir::OpOperand &operand) = 0;

  /// Adds `contribution`, of the operand's type, to the operand's cotangent.
  virtual void accumulate(mlir::OpOperand &operand,
                          mlir::Value contribution) = 0;

  /// Adds `contribution` to the given slice of the operand's cotangent (zero
  /// elsewhere). An engine may do it in place, which is what keeps the
  /// gradient of a loop that reads slices linear in its trip count.
  virtual void accumulateSlice(mlir::OpOperand &operand,
                               mlir::Value contribution,
                               llvm::ArrayRef<mlir::OpFoldResult> offsets,
                               llvm::ArrayRef<mlir::OpFoldResult> sizes,
                               llvm::ArrayRef<mlir::OpFoldResult> strides) = 0;
};

/// What a Jacobian-vector product of one op is built in.
class JvpContext {
public:
  virtual ~JvpContext();

  virtual mlir::OpBuilder &builder() = 0;
  virtual mlir::Value primal(mlir::Value value) = 0;

  /// Tangent of an operand, or null for a symbolic zero. At least one operand
  /// has one.
  virtual mlir::Value tangent(mlir::OpOperand &operand) = 0;

  /// Sets the tangent of a result; a result that is never set has tangent
  /// zero.
  virtual void setTangent(mlir::OpResult result, mlir::Value tangent) = 0;
};

/// The arithmetic on cotangents, provided by the dialect that the program is
/// written in, so that engines need not name its ops.
class CotangentDialectInterface
    : public mlir::DialectInterface::Base<CotangentDialectInterface> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CotangentDialectInterface)
  CotangentDialectInterface(mlir::Dialect *dialect) : Base(dialect) {}

  /// Zero of the type and extents of `like`.
  virtual mlir::Value buildZero(mlir::OpBuilder &builder, mlir::Location loc,
                                mlir::Value like) const = 0;
  /// Sum of two tensors of one type.
  virtual mlir::Value buildAdd(mlir::OpBuilder &builder, mlir::Location loc,
                               mlir::Value lhs, mlir::Value rhs) const = 0;
  /// A tensor of the extents of `like` that is `slice` where the slice lies
  /// and zero elsewhere.
  virtual mlir::Value
  buildScatteredSlice(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value like, mlir::Value slice,
                      llvm::ArrayRef<mlir::OpFoldResult> offsets,
                      llvm::ArrayRef<mlir::OpFoldResult> sizes,
                      llvm::ArrayRef<mlir::OpFoldResult> strides) const = 0;
};

/// True for types that have a tangent space: floats and tensors of floats.
bool isDifferentiableType(mlir::Type type);

} // namespace msc

#include "dialects/interfaces/Gradient.h.inc"

#endif // MSC_DIALECTS_INTERFACES_GRADIENT_H
