//===- Lifetimes.h - when each allocation of a function is in use ---------===//

#ifndef MSC_CODEGEN_PLAN_LIFETIMES_H
#define MSC_CODEGEN_PLAN_LIFETIMES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace msc::codegen {

/// An allocation and the ops between which its contents matter. Times are
/// positions in a pre- and post-order numbering of the function's ops.
struct Lifetime {
  mlir::memref::AllocOp alloc;
  unsigned first = ~0u, last = 0;
  mlir::Operation *firstOp = nullptr, *lastOp = nullptr;
  /// Operands of the first and the last op that are the buffer or a view of it.
  unsigned firstUses = 0, lastUses = 0;

  bool overlaps(const Lifetime &other) const {
    return last >= other.first && other.last >= first;
  }
};

/// Lifetimes of all allocations that are used, through views, branches and
/// loops. A use in a loop that does not hold the allocation lasts until the
/// loop's end. Fails, with a diagnostic, on an allocation that becomes a
/// loop's carry: two iterations would share its one place in the arena.
mlir::FailureOr<llvm::SmallVector<Lifetime>>
computeLifetimes(mlir::func::FuncOp function);

/// Whether the later of two buffers may take the place of the earlier, which
/// dies in the dispatch that makes it, because the region works in place.
bool maySharePlace(const Lifetime &a, const Lifetime &b);

} // namespace msc::codegen

#endif // MSC_CODEGEN_PLAN_LIFETIMES_H
