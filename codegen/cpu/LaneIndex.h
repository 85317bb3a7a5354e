//===- LaneIndex.h - Indices of all lanes of a vector as one expression ---===//
#ifndef MSC_CODEGEN_CPU_LANEINDEX_H
#define MSC_CODEGEN_CPU_LANEINDEX_H

#include "mlir/IR/AffineExpr.h"
#include <optional>

namespace msc::cpu {

/// An index that a vector of lanes has in one dim of a tensor: an affine
/// expression in symbols (loop variables and sizes) and in d0, the number of
/// the lane. If lane l is at `base + l * stride`, that form.
struct LaneSplit {
  mlir::AffineExpr base;
  int64_t stride;
};

/// Splits the index of `width` lanes. Sees through `floordiv` and `mod` where
/// no lane crosses a multiple of the divisor: what a read of a packed panel is.
std::optional<LaneSplit> splitLanes(mlir::AffineExpr index, unsigned width);

/// The index of one lane.
mlir::AffineExpr indexOfLane(mlir::AffineExpr index, int64_t lane);

} // namespace msc::cpu

#endif
