//===- Stages.h - How a region is cut into loop nests ----------*- C++ -*-===//
#ifndef MSC_CODEGEN_CPU_STAGES_H
#define MSC_CODEGEN_CPU_STAGES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <string>
#include <vector>

namespace msc::cpu {

/// One loop nest. It computes every element of its roots, which get memory;
/// the values in `inlined` are computed where they are needed and have none.
struct Stage {
  /// Results of one shape: several only if they come from one reduction.
  llvm::SmallVector<mlir::Value> roots;
  /// The reduction that the nest is built around, or null: its accumulators
  /// stay in registers, the elementwise ops between it and the root are applied
  /// to them.
  mlir::linalg::GenericOp core;
  /// Where `core` is: dim i of the core's result is dim coreDims[i] of the
  /// root.
  llvm::SmallVector<unsigned> coreDims;
  llvm::SmallPtrSet<mlir::Operation *, 8> inlined;
  struct Read {
    mlir::Value value;
    /// Index in the root's dims d0, d1, ... and, for the dims that the core
    /// reduces, symbols. Empty: not known.
    llvm::SmallVector<mlir::AffineExpr> index;
  };
  /// Values with memory that are read.
  llvm::SmallVector<Read> reads;
  /// An elementwise value over all loops of the core that the core reads and
  /// later stages need too (the exponentials of a softmax): each element is
  /// stored when the core comes to it.
  struct Stream {
    mlir::Value value;
    /// Per dim of the value, the loop of the core that runs along it.
    llvm::SmallVector<unsigned> loops;
    /// The same in the root's dims and, for what is reduced, symbols.
    llvm::SmallVector<mlir::AffineExpr> index;
  };
  llvm::SmallVector<Stream> streams;

  /// The roots and the streams: all that gets memory.
  llvm::SmallVector<mlir::Value> stored() const {
    llvm::SmallVector<mlir::Value> values(roots);
    for (const Stream &stream : streams)
      values.push_back(stream.value);
    return values;
  }
};

struct StageGraph {
  /// In the order of execution.
  std::vector<Stage> stages;
  /// Why the region can't be cut; empty if it can.
  std::string failure;
};

/// Cuts the body of a region into stages.
StageGraph cutIntoStages(mlir::func::FuncOp region);

/// True for a generic with a reduction dim.
bool isReduction(mlir::Operation *op);

/// True if some input is read again and again over the parallel dims, as in a
/// contraction or a convolution: worth a register tile, and worth memory of its
/// own for whatever is computed into its operands.
bool hasReuse(mlir::linalg::GenericOp reduction);

} // namespace msc::cpu

#endif
