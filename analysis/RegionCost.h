//===- RegionCost.h - static cost of a fused region -----------------------===//
//
// What `msc inspect --regions` and the profile report of a region. The counts
// are those of the program as written, before a schedule pads or recomputes.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_ANALYSIS_REGIONCOST_H
#define MSC_ANALYSIS_REGIONCOST_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include <optional>

namespace msc::analysis {

struct RegionCost {
  /// Arithmetic operations: each payload op on numbers counts one (a
  /// multiply-add two, a transcendental function one); casts, comparisons and
  /// selections count none.
  int64_t flops = 0;
  /// Each tensor argument is read once and each result written once.
  int64_t bytes = 0;
};

/// Arithmetic operations of one linalg op; none if a loop's extent is dynamic
/// or the count exceeds 63 bits.
std::optional<int64_t> countFlops(mlir::linalg::LinalgOp op);

/// Bytes of a tensor or memref, packed for types under 8 bits; none if dynamic.
std::optional<int64_t> countBytes(mlir::ShapedType type);

/// Cost of a destination-passing function on tensors whose last arguments,
/// one for each result, are the destinations. A destination counts as read
/// only if `readsOut` says so.
std::optional<RegionCost>
computeRegionCost(mlir::func::FuncOp region,
                  llvm::function_ref<bool(int64_t)> readsOut);

} // namespace msc::analysis

#endif // MSC_ANALYSIS_REGIONCOST_H
