//===- Packing.h - places in the arena ------------------------------------===//

#ifndef MSC_CODEGEN_PLAN_PACKING_H
#define MSC_CODEGEN_PLAN_PACKING_H

#include "codegen/plan/Lifetimes.h"
#include "codegen/plan/SizeFormula.h"

namespace msc::codegen {

struct Packing {
  /// Offsets of the buffers, in their order.
  llvm::SmallVector<BlockSum> offsets;
  /// The arena's size is the greatest of these.
  llvm::SmallVector<BlockSum> ends;
  /// As SizeFormulas::evaluateTypical() counts them.
  int64_t typicalBlocks = 0;
  /// The order of placement that led to it.
  llvm::StringRef heuristic;
};

/// Places buffers of `sizes` so that those whose lifetimes overlap do not
/// overlap in memory, for all extents in range. Tries several orders of
/// placement and keeps the smallest arena.
Packing packBuffers(llvm::ArrayRef<Lifetime> lifetimes,
                    llvm::ArrayRef<BlockSum> sizes, SizeFormulas &formulas);

/// The most blocks that are in use at one time, at typical extents: no packing
/// without in-place sharing is smaller.
int64_t getLowerBound(llvm::ArrayRef<Lifetime> lifetimes,
                      llvm::ArrayRef<BlockSum> sizes,
                      const SizeFormulas &formulas);

} // namespace msc::codegen

#endif // MSC_CODEGEN_PLAN_PACKING_H
