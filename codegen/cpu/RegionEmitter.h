//===- RegionEmitter.h - Loops and vectors for one region -------*- C++ -*-===//
#ifndef MSC_CODEGEN_CPU_REGIONEMITTER_H
#define MSC_CODEGEN_CPU_REGIONEMITTER_H

#include "codegen/cpu/CpuTarget.h"
#include "codegen/cpu/Stages.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <map>

namespace msc::cpu {

using llvm::ArrayRef;
using llvm::DenseMap;
using llvm::SmallVector;
using mlir::AffineExpr;
using mlir::Value;

struct EmitOptions {
  /// Keep the order of every floating-point sum; no FMA, no reciprocals.
  bool strict = false;
  /// Split large nests over threads.
  bool threads = true;
};

/// Some consecutive lanes: the elements offset, offset + 1, ... of the lane
/// dim's current position.
struct Slot {
  int64_t offset = 0;
  /// Lanes of the vector; 1 means scalars.
  unsigned width = 1;
  /// Lanes that exist, from the first on.
  unsigned valid = 1;
  /// Or, for a length that is known at run time only: how many (an index) and
  /// the same as a mask.
  Value count, mask;

  bool isFull() const { return valid == width && !mask; }
};

/// Where a tensor's elements are while a region runs.
struct Memory {
  /// The buffer; its dims are the tensor's without the first `dropped` ones,
  /// which have one value only at any time (the row that is worked on).
  Value buffer;
  unsigned dropped = 0;
  /// Or, if nothing is left of the shape: the element itself.
  Value element;
};

/// A loop of a nest: one dim of the iteration space, or several adjacent ones
/// that are contiguous in all memory and so can be run through as one.
struct NestLoop {
  SmallVector<unsigned> dims;
  bool reduction = false;
  AffineExpr extent;
  /// The number of iterations, or a guess where it is known at run time only.
  int64_t estimate = 1;
  bool isStatic() const { return mlir::isa<mlir::AffineConstantExpr>(extent); }
};

/// What a stage does for every point of its iteration space, and where.
struct Nest {
  /// Elementwise nests: the value that is evaluated. With a core: the roots.
  SmallVector<Value> values;
  mlir::linalg::GenericOp core;
  SmallVector<unsigned> coreDims;
  /// Instead of `values`: one scalar for all points.
  Value fill;
  /// Evaluate a value by its defining op although it has memory.
  bool compute = true;
  SmallVector<Memory> destinations;
  /// What is stored at each point of the core's loops, and where.
  ArrayRef<Stage::Stream> streams;
  SmallVector<Memory> streamDestinations;
  /// The loops; those of dims with a fixed index have none.
  SmallVector<NestLoop> loops;
  /// Per dim of the iteration space, its index now.
  SmallVector<AffineExpr> index;
};

/// How a nest is executed.
struct TileChoice {
  /// The loop whose iterations are lanes, or -1: scalars only.
  int lane = -1;
  unsigned lanes = 1;
  /// Vectors in a row of the register tile along the lane loop.
  unsigned vectors = 1;
  /// Per loop: how many iterations are unrolled into the register tile.
  SmallVector<unsigned> unroll;
  /// Loops from the outermost in; parallel ones only.
  SmallVector<unsigned> order;
  /// The loop, if any, along which some reads are contiguous that are strided
  /// along the lanes: both are tiled and blocks are transposed in registers.
  int transposed = -1;
};

/// Replaces the body of one region function.
class RegionEmitter {
public:
  RegionEmitter(mlir::func::FuncOp region, const CpuTarget &target,
                const EmitOptions &options);

  /// Emits everything; the text for `cpu.schedule`. On failure the function is
  /// half changed (work on a clone) and `failureReason()` says why.
  mlir::FailureOr<std::string> run();
  const std::string &failureReason() const { return reason; }

private:
  // RegionEmitter.cpp: the whole region, memory, stages.
  void emitStage(const Stage &stage);
  void viewReshapes(const Stage &stage);
  void placeConstants(const Stage &stage);
  void emitPad(mlir::tensor::PadOp pad);
  void emitInsert(mlir::tensor::InsertSliceOp insert);
  bool isReshapedInPlace(mlir::Operation *reshape);
  unsigned commonRows(ArrayRef<Stage> stages);
  void emitRows(ArrayRef<Stage> stages, unsigned rows);
  Value findHome(ArrayRef<Stage> stages, unsigned maker, Value value);
  Memory memoryFor(Value tensor);
  Memory allocate(Value tensor);
  Value viewInConsumer(Value tensor);
  void emitCopy(Value source, Memory destination);
  void emitFill(Value value, Value shape, Memory destination);
  void finish();
  AffineExpr sizeOf(Value tensor, unsigned dim);
  AffineExpr exprOf(mlir::OpFoldResult value);
  AffineExpr symbol(Value value);
  Value materialize(AffineExpr expr);
  int64_t estimate(AffineExpr extent);
  void fail(const llvm::Twine &why);

  // RegionValues.cpp: the value of a tensor at an index, for all lanes.
  Value evaluate(Value tensor, ArrayRef<AffineExpr> index, const Slot &slot);
  Value compute(Value tensor, ArrayRef<AffineExpr> index, const Slot &slot);
  SmallVector<Value> applyBody(mlir::linalg::GenericOp op,
                               ArrayRef<Value> arguments,
                               ArrayRef<AffineExpr> loopIndex,
                               const Slot &slot);
  Value applyOp(mlir::Operation &op, ArrayRef<Value> operands,
                const Slot &slot);
  Value load(const Memory &memory, ArrayRef<AffineExpr> index,
             const Slot &slot);
  void store(const Memory &memory, ArrayRef<AffineExpr> index, const Slot &slot,
             Value value);
  Value gather(Value buffer, ArrayRef<AffineExpr> index, const Slot &slot);
  Value loadTransposed(Value buffer, ArrayRef<AffineExpr> index,
                       const Slot &slot);
  SmallVector<Value> transposeBlock(SmallVector<Value> rows);
  Value extractElements(mlir::tensor::ExtractOp op, ArrayRef<Value> indices,
                        ArrayRef<AffineExpr> loopIndex, const Slot &slot);
  Value lift(Value value, unsigned width);
  Value laneNumbers(AffineExpr index, const Slot &slot);
  Value maskOf(const Slot &slot);
  Value zero(mlir::Type type);
  /// Rewrites an index into a buffer for the loops that are merged now.
  Value resolve(const Memory &memory, ArrayRef<AffineExpr> index,
                SmallVector<AffineExpr> &resolved);
  Value collapsed(Value buffer,
                  ArrayRef<mlir::ReassociationIndices> reassociation);

  // NestAnalysis.cpp: which loops, which lanes, which tile.
  Nest makeNest(const Stage &stage);
  void mergeLoops(Nest &nest);
  TileChoice chooseTile(const Nest &nest);
  struct Access {
    Memory memory;
    SmallVector<AffineExpr> index;
    bool behindCore, isStore;
  };
  void trace(const Nest &nest, SmallVector<Access> &accesses,
             llvm::SmallDenseSet<unsigned> &pinned);
  void traceValue(Value tensor, ArrayRef<AffineExpr> index, bool compute,
                  bool behindCore, Value core, SmallVector<Access> &accesses,
                  llvm::SmallDenseSet<unsigned> &pinned);
  unsigned elementBits(const Nest &nest);
  double laneCost(const Nest &nest, ArrayRef<Access> accesses, unsigned loop,
                  unsigned lanes, bool &storesInLine);
  bool mayReorder(mlir::linalg::GenericOp core);
  void chooseTransposition(const Nest &nest, ArrayRef<Access> accesses,
                           TileChoice &choice);
  void chooseRegisterTile(const Nest &nest, ArrayRef<Access> accesses,
                          TileChoice &choice);

  // NestLoops.cpp: the loops.
  void emitNest(Nest &nest);
  void emitParallel(Nest &nest, const TileChoice &choice, unsigned depth,
                    SmallVector<unsigned> &tile, SmallVector<Slot> &slots,
                    SmallVector<AffineExpr> &bases, bool parallel);
  void emitTile(Nest &nest, const TileChoice &choice, ArrayRef<unsigned> tile,
                ArrayRef<Slot> slots, ArrayRef<AffineExpr> bases);
  using Accumulators = SmallVector<Value>;
  Accumulators
  reduceLoops(Nest &nest, ArrayRef<unsigned> loops, unsigned budget,
              Accumulators values,
              llvm::function_ref<Accumulators(const Accumulators &)> body);
  void emitLaneReduction(Nest &nest, const TileChoice &choice,
                         ArrayRef<unsigned> tile, ArrayRef<AffineExpr> bases);
  void setIndex(Nest &nest, unsigned loop, AffineExpr value);
  void emitFor(AffineExpr count, bool parallel,
               llvm::function_ref<void(AffineExpr)> body);
  SmallVector<SmallVector<AffineExpr>> tilePositions(const Nest &nest,
                                                     ArrayRef<unsigned> tile,
                                                     ArrayRef<AffineExpr> bases,
                                                     int lane);
  SmallVector<Slot> slotsFor(int64_t length, const TileChoice &choice);
  SmallVector<AffineExpr> rootIndex(const Nest &nest);
  bool isLarge(const Nest &nest, const TileChoice &choice);
  SmallVector<Value> applyCore(Nest &nest, const Slot &slot,
                               ArrayRef<Value> carried);
  SmallVector<AffineExpr> streamIndex(const Nest &nest,
                                      const Stage::Stream &stream);
  void finishPoint(Nest &nest, const Slot &slot, ArrayRef<Value> coreResults);
  void describe(const Nest &nest, const TileChoice &choice);

  mlir::func::FuncOp region;
  const CpuTarget &target;
  EmitOptions options;
  mlir::OpBuilder b;
  mlir::Location loc;
  mlir::MLIRContext *context;
  std::string reason;
  SmallVector<std::string> schedules;

  DenseMap<Value, Memory> memory;
  /// Memory of results, by the value that is returned.
  DenseMap<Value, Value> results;
  DenseMap<mlir::Operation *, unsigned> positions;
  SmallVector<Value> symbols;
  DenseMap<Value, unsigned> symbolIds;
  DenseMap<std::pair<Value, const void *>, Value> views;

  // While rows are worked on: their index, and the stages' roots.
  SmallVector<AffineExpr> rowIndex;
  bool inParallel = false;
  /// Where scratch on the stack is allocated: never inside of a loop, but for
  /// the body of a parallel one, whose threads have a stack each.
  mlir::Block *stackBlock = nullptr;

  // While a nest is emitted: the placeholder of each dim of a merged loop ->
  // (loop, position in it), and the loop's index.
  DenseMap<AffineExpr, std::pair<unsigned, unsigned>> placeholders;
  SmallVector<AffineExpr> mergedIndex;
  SmallVector<unsigned> mergedSizes;
  // Where blocks are transposed: the first index of the block in the loop that
  // is contiguous in memory, and its length, 0 elsewhere.
  AffineExpr blockBase;
  unsigned blockLength = 0;
  // The core's results where the epilogue is evaluated.
  DenseMap<Value, Value> accumulators;

  using CacheKey = std::tuple<const void *, SmallVector<const void *>, unsigned,
                              int64_t, const void *>;
  std::vector<std::map<CacheKey, Value>> cache;
  /// Blocks that are transposed, by what the first of their vectors reads.
  std::map<CacheKey, SmallVector<Value>> blocks;
};

} // namespace msc::cpu

#endif
