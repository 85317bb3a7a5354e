//===- Memory.cpp - all buffers of a function in one arena ----------------===//
//
// The program never allocates: it is given one arena, in which every buffer has
// its offset. Buffers whose lifetimes do not overlap share memory, and so do
// the two ends of a dispatch that works in place. With dynamic shapes the
// offsets and the arena's size are formulas in the extents of the call.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/ExtentFormula.h"
#include "codegen/plan/Packing.h"
#include "codegen/plan/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANMEMORY
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using namespace msc::codegen;

// Sizes of scratch are dims of what a region is given, perhaps a reshaped
// buffer. Such a dim becomes a computation with dims of its source:
//   dim(collapse_shape(%x)) -> dim(%x) * dim(%x)
//   dim(expand_shape(%x)) -> the extent that it was given
static void resolveReshapedDims(func::FuncOp function) {
  SmallVector<memref::DimOp> worklist;
  function.walk([&](memref::DimOp op) { worklist.push_back(op); });
  while (!worklist.empty()) {
    memref::DimOp op = worklist.pop_back_val();
    std::optional<int64_t> dim = op.getConstantIndex();
    OpBuilder builder(op);
    Location loc = op.getLoc();
    Value extent;
    if (!dim)
      continue;
    if (auto expand = op.getSource().getDefiningOp<memref::ExpandShapeOp>())
      extent = getValueOrCreateConstantIndexOp(
          builder, loc, expand.getMixedOutputShape()[*dim]);
    if (auto collapse =
            op.getSource().getDefiningOp<memref::CollapseShapeOp>()) {
      SmallVector<ReassociationIndices> groups =
          collapse.getReassociationIndices();
      for (int64_t from : groups[*dim]) {
        // Of what allocates it folds.
        Value factor =
            builder.createOrFold<memref::DimOp>(loc, collapse.getSrc(), from);
        if (auto next = factor.getDefiningOp<memref::DimOp>())
          worklist.push_back(next);
        extent = extent ? arith::MulIOp::create(builder, loc, extent, factor)
                              .getResult()
                        : factor;
      }
    }
    if (!extent)
      continue;
    op.getResult().replaceAllUsesWith(extent);
    op.erase();
  }
}

// Whether a split buffer is the front of a dense one.
static bool isDense(memref::ExpandShapeOp op) {
  int64_t offset;
  SmallVector<int64_t> strides;
  return op.getSrcType().getRank() == 1 &&
         succeeded(op.getSrcType().getStridesAndOffset(strides, offset)) &&
         offset == 0 && strides.front() == 1;
}

// Upstream lowers no split of a dim into several that are all unknown:
//   expand_shape(%x) -> reinterpret_cast(%x) with the strides of a dense buffer
static void castUnknownSplits(func::FuncOp function) {
  SmallVector<memref::ExpandShapeOp> splits;
  function.walk([&](memref::ExpandShapeOp op) {
    MemRefType type = op.getResultType();
    auto isUnknown = [&](int64_t dim) { return type.isDynamicDim(dim); };
    bool splitsUnknown = llvm::any_of(
        op.getReassociationIndices(), [&](const ReassociationIndices &group) {
          return llvm::count_if(group, isUnknown) > 1;
        });
    if (splitsUnknown && (type.getLayout().isIdentity() || isDense(op)))
      splits.push_back(op);
  });
  for (memref::ExpandShapeOp op : splits) {
    OpBuilder builder(op);
    MLIRContext *context = op.getContext();
    SmallVector<OpFoldResult> sizes = op.getMixedOutputShape();
    SmallVector<OpFoldResult> strides(sizes.size(), builder.getIndexAttr(1));
    AffineExpr product =
        getAffineSymbolExpr(0, context) * getAffineSymbolExpr(1, context);
    for (int64_t dim = int64_t(sizes.size()) - 2; dim >= 0; --dim)
      strides[dim] = affine::makeComposedFoldedAffineApply(
          builder, op.getLoc(), product, {strides[dim + 1], sizes[dim + 1]});
    Value cast = memref::ReinterpretCastOp::create(
        builder, op.getLoc(), op.getResultType(), op.getSrc(),
        builder.getIndexAttr(0), sizes, strides);
    op.replaceAllUsesWith(cast);
    op.erase();
  }
}

namespace {

/// Writes a packing into the function.
class ArenaEmitter {
public:
  ArenaEmitter(func::FuncOp function, ArrayRef<Lifetime> lifetimes,
               const Packing &packing, SizeFormulas &formulas)
      : function(function), lifetimes(lifetimes), packing(packing),
        formulas(formulas) {}

  void replaceAllocations();
  void createSizeFunction();
  void describe(int64_t lowerBound);

private:
  SmallVector<Value> getExtentValues(OpBuilder &builder, ExtentFn getExtent);

  func::FuncOp function;
  ArrayRef<Lifetime> lifetimes;
  const Packing &packing;
  SizeFormulas &formulas;
};

} // namespace

/// The values of all extents, formulas computed at the builder's place.
SmallVector<Value> ArenaEmitter::getExtentValues(OpBuilder &builder,
                                                 ExtentFn getExtent) {
  ExtentCloner cloner(builder, getExtent);
  SmallVector<Value> values;
  for (const CallExtent &extent : formulas.getExtents())
    values.push_back(
        extent.isFormula
            ? cloner.clone(extent.value)
            : getExtent(cast<BlockArgument>(extent.value), extent.dim));
  return values;
}

void ArenaEmitter::replaceAllocations() {
  OpBuilder builder(function.getContext());
  Location loc = function.getLoc();
  auto bytes = MemRefType::get({ShapedType::kDynamic}, builder.getI8Type());
  NamedAttribute mark(builder.getStringAttr("plan.arena"),
                      builder.getUnitAttr());
  unsigned position = function.getNumArguments();
  (void)function.insertArgument(position, bytes,
                                builder.getDictionaryAttr(mark), loc);
  Value arena = function.getArgument(position);

  builder.setInsertionPointToStart(&function.front());
  SmallVector<Value> extents = getExtentValues(
      builder, [&](BlockArgument arg, std::optional<int64_t> dim) -> Value {
        if (!dim)
          return arg;
        return memref::DimOp::create(builder, loc, arg, *dim);
      });
  SmallVector<Value> offsets;
  for (const BlockSum &offset : packing.offsets)
    offsets.push_back(formulas.emitBytes(builder, loc, offset, extents));

  for (auto [life, offset] : llvm::zip(lifetimes, offsets)) {
    memref::AllocOp alloc = life.alloc;
    builder.setInsertionPoint(alloc);
    Value view =
        memref::ViewOp::create(builder, alloc.getLoc(), alloc.getType(), arena,
                               offset, alloc.getDynamicSizes());
    for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
      if (isa<memref::DeallocOp>(user))
        user->erase();
    alloc.replaceAllUsesWith(view);
    alloc.erase();
  }
}

// func @<name>_arena_bytes(extents) -> bytes, with the extents' names.
void ArenaEmitter::createSizeFunction() {
  OpBuilder builder(function);
  builder.setInsertionPointAfter(function);
  Location loc = function.getLoc();
  auto size = func::FuncOp::create(
      builder, loc, (function.getSymName() + "_arena_bytes").str(),
      builder.getFunctionType({}, builder.getIndexType()));
  Block *body = &size.getBody().emplaceBlock();
  builder.setInsertionPointToStart(body);
  llvm::StringMap<BlockArgument> arguments;
  SmallVector<Attribute> names;
  for (const CallExtent &extent : formulas.getExtents())
    if (!extent.isFormula) {
      arguments[extent.name] = body->addArgument(builder.getIndexType(), loc);
      names.push_back(builder.getStringAttr(extent.name));
    }
  size.setFunctionType(builder.getFunctionType(body->getArgumentTypes(),
                                               builder.getIndexType()));
  for (auto [number, name] : llvm::enumerate(names))
    size.setArgAttr(number, "plan.extent", name);

  SmallVector<Value> extents = getExtentValues(
      builder, [&](BlockArgument arg, std::optional<int64_t> dim) -> Value {
        return arguments.lookup(getExtentName(function, arg, dim));
      });
  Value bytes = formulas.emitBytes(builder, loc, BlockSum(), {});
  for (const BlockSum &end : packing.ends)
    bytes = arith::MaxUIOp::create(
        builder, loc, bytes, formulas.emitBytes(builder, loc, end, extents));
  // More than there can be of memory is -1, as no sum could say how much.
  Value limit = arith::ConstantOp::create(
      builder, loc, builder.getF64FloatAttr(double(int64_t(1) << 62)));
  Value tooMuch = arith::ConstantIndexOp::create(builder, loc, -1);
  for (const BlockSum &end : packing.ends) {
    if (!formulas.mayOverflow(end))
      continue;
    Value isTooMuch = arith::CmpFOp::create(
        builder, loc, arith::CmpFPredicate::OGE,
        formulas.emitMagnitude(builder, loc, end, extents), limit);
    bytes = arith::SelectOp::create(builder, loc, isTooMuch, tooMuch, bytes);
  }
  func::ReturnOp::create(builder, loc, bytes);
}

void ArenaEmitter::describe(int64_t lowerBound) {
  Builder builder(function.getContext());
  unsigned numExtents = formulas.getExtents().size();
  auto blocks = [&](int64_t count) {
    return builder.getI64IntegerAttr(count * kBlockBytes);
  };
  if (numExtents == 0) {
    function->setAttr(plan::kArenaBytesAttr, blocks(packing.typicalBlocks));
  } else {
    SmallVector<AffineExpr> ends;
    for (const BlockSum &end : packing.ends)
      ends.push_back(formulas.getBytes(end));
    Attribute size = SymbolRefAttr::get(
        builder.getContext(), (function.getSymName() + "_arena_bytes").str());
    if (!llvm::is_contained(ends, AffineExpr()))
      size = AffineMapAttr::get(
          AffineMap::get(0, numExtents, ends, builder.getContext()));
    function->setAttr(plan::kArenaBytesAttr, size);
  }
  SmallVector<Attribute> names;
  for (const CallExtent &extent : formulas.getExtents())
    names.push_back(builder.getStringAttr(extent.name));
  // How good the packing is, for inspection.
  function->setAttr(
      "plan.arena",
      builder.getDictionaryAttr(
          {{builder.getStringAttr("bound"), blocks(lowerBound)},
           {builder.getStringAttr("buffers"),
            builder.getI64IntegerAttr(lifetimes.size())},
           {builder.getStringAttr("extents"), builder.getArrayAttr(names)},
           {builder.getStringAttr("heuristic"),
            builder.getStringAttr(packing.heuristic)},
           {builder.getStringAttr("max"), blocks(packing.typicalBlocks)}}));
}

namespace {

struct PlanMemory : codegen::impl::PlanMemoryBase<PlanMemory> {
  using PlanMemoryBase::PlanMemoryBase;

  void runOnOperation() override {
    SmallVector<func::FuncOp> functions;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isDeclaration() && !function.isPrivate() &&
          !function->hasAttr("msc.prepare"))
        functions.push_back(function);
    for (func::FuncOp function : functions)
      if (failed(plan(function)))
        return signalPassFailure();
  }

  LogicalResult plan(func::FuncOp function) {
    resolveReshapedDims(function);
    FailureOr<SmallVector<Lifetime>> lifetimes = computeLifetimes(function);
    if (failed(lifetimes))
      return failure();
    SizeFormulas formulas(function, defaultMax);
    SmallVector<BlockSum> sizes;
    for (Lifetime &life : *lifetimes) {
      FailureOr<BlockSum> blocks = formulas.getBlocks(life.alloc);
      if (failed(blocks))
        return failure();
      sizes.push_back(*blocks);
    }
    Packing packing = packBuffers(*lifetimes, sizes, formulas);
    if (packing.typicalBlocks > INT64_MAX / (2 * kBlockBytes))
      return function.emitError("expected an arena of fewer than 2^62 bytes");
    int64_t lowerBound = getLowerBound(*lifetimes, sizes, formulas);
    ArenaEmitter emitter(function, *lifetimes, packing, formulas);
    emitter.replaceAllocations();
    emitter.createSizeFunction();
    emitter.describe(lowerBound);
    castUnknownSplits(function);
    return success();
  }
};

} // namespace
