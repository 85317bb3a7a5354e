//===- Cost.h - What executing an op costs ----------------------*- C++ -*-===//

#ifndef MSC_DIALECTS_INTERFACES_COST_H
#define MSC_DIALECTS_INTERFACES_COST_H

#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace msc {

/// Work and traffic of one execution of an op. Doubles, since products of
/// dims may pass 2^63 and nobody needs the last digit.
struct OpCost {
  /// Additions, multiplications, divisions, comparisons, selections; a
  /// multiply-add counts two. Integer operations count alike.
  double flops = 0;
  /// Calls of elementary functions: exp, log, tanh, sqrt, pow, ...
  double transcendentals = 0;
  /// Every operand read once, every result written once.
  double bytesRead = 0;
  double bytesWritten = 0;

  OpCost &operator+=(const OpCost &other);
};

/// Extent of a dim of a value, for dims that its type doesn't know.
using DimSizeFn = llvm::function_ref<int64_t(mlir::Value value, unsigned dim)>;

/// Number of elements of a ranked tensor value; 1 for a scalar.
double numElements(mlir::Value value, DimSizeFn dimSize);

/// Bytes of a ranked tensor value; element types under a byte count a byte.
double numBytes(mlir::Value value, DimSizeFn dimSize);

/// Every operand read once, every result written once, no work.
OpCost trafficCost(mlir::Operation *op, DimSizeFn dimSize);

/// The traffic and the given work for each element of the first result.
OpCost pointwiseCost(mlir::Operation *op, DimSizeFn dimSize, double flops,
                     double transcendentals);

} // namespace msc

#include "dialects/interfaces/Cost.h.inc"

#endif // MSC_DIALECTS_INTERFACES_COST_H
