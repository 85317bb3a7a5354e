//===- HoistScratch.cpp - what a region allocates is planned too ----------===//
//
// Temporaries of a bufferised region become arguments; the caller allocates
// them beside the dispatch, where the memory planner gives them a place in the
// arena. A region's code then never allocates.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANHOISTSCRATCH
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;

namespace {

/// A dynamic size of an allocation in terms of the region's arguments.
struct SizeBound {
  AffineMap map;
  ValueDimList operands;
  bool isExact;
};

} // namespace

// The size itself, or else the least upper bound that holds in all iterations.
static FailureOr<SizeBound> boundSize(Value size, func::FuncOp region) {
  auto isArgument = [&](Value value, std::optional<int64_t>,
                        ValueBoundsConstraintSet &) {
    auto arg = dyn_cast<BlockArgument>(value);
    return arg && arg.getOwner() == &region.front();
  };
  for (auto type : {presburger::BoundType::EQ, presburger::BoundType::UB}) {
    SizeBound bound;
    if (succeeded(ValueBoundsConstraintSet::computeBound(
            bound.map, bound.operands, type,
            ValueBoundsConstraintSet::Variable(size), isArgument,
            /*closedUB=*/true)) &&
        bound.map.getNumResults() == 1) {
      bound.isExact = type == presburger::BoundType::EQ;
      return bound;
    }
  }
  return failure();
}

// The bound's value at a dispatch, whose operands are the region's arguments.
static Value evaluateBound(OpBuilder &builder, plan::DispatchOp dispatch,
                           const SizeBound &bound) {
  SmallVector<Value> operands;
  for (auto [arg, dim] : bound.operands) {
    Value value = dispatch->getOperand(cast<BlockArgument>(arg).getArgNumber());
    operands.push_back(
        dim ? memref::DimOp::create(builder, dispatch.getLoc(), value, *dim)
                  .getResult()
            : value);
  }
  auto values =
      affine::expandAffineMap(builder, dispatch.getLoc(), bound.map, operands);
  return (*values)[0];
}

// Replaces one allocation by a new last argument of the region. If the size
// changes while the region runs, the argument is bytes for the largest, and
// the allocation a view of it.
static LogicalResult hoist(memref::AllocOp alloc, func::FuncOp region,
                           ArrayRef<plan::DispatchOp> dispatches) {
  if (alloc->getParentOfType<scf::ForallOp>() ||
      alloc->getParentOfType<scf::ParallelOp>())
    return alloc.emitError("expected no allocation in a parallel loop");

  SmallVector<SizeBound> bounds;
  bool isExact = true;
  for (Value size : alloc.getDynamicSizes()) {
    FailureOr<SizeBound> bound = boundSize(size, region);
    if (failed(bound))
      return alloc.emitError("expected sizes that are bounded by the region's "
                             "arguments");
    isExact &= bound->isExact;
    bounds.push_back(*bound);
  }
  MemRefType type = alloc.getType();
  if (!isExact) {
    int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    for (int64_t extent : type.getShape())
      if (!ShapedType::isDynamic(extent))
        bytes *= extent;
    type = MemRefType::get({ShapedType::kDynamic},
                           IntegerType::get(type.getContext(), 8));
    for (plan::DispatchOp dispatch : dispatches) {
      OpBuilder builder(dispatch);
      Value total =
          arith::ConstantIndexOp::create(builder, dispatch.getLoc(), bytes);
      for (const SizeBound &bound : bounds)
        total = arith::MulIOp::create(builder, dispatch.getLoc(), total,
                                      evaluateBound(builder, dispatch, bound));
      dispatch.getScratchMutable().append(
          memref::AllocOp::create(builder, dispatch.getLoc(), type, total)
              .getResult());
    }
  } else {
    for (plan::DispatchOp dispatch : dispatches) {
      OpBuilder builder(dispatch);
      SmallVector<Value> sizes;
      for (const SizeBound &bound : bounds)
        sizes.push_back(evaluateBound(builder, dispatch, bound));
      dispatch.getScratchMutable().append(
          memref::AllocOp::create(builder, dispatch.getLoc(), type, sizes)
              .getResult());
    }
  }

  (void)region.insertArgument(region.getNumArguments(), type, {},
                              alloc.getLoc());
  Value scratch = region.getArguments().back();
  if (!isExact) {
    OpBuilder builder(alloc);
    Value zero = arith::ConstantIndexOp::create(builder, alloc.getLoc(), 0);
    scratch = memref::ViewOp::create(builder, alloc.getLoc(), alloc.getType(),
                                     scratch, zero, alloc.getDynamicSizes());
  }
  for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
    if (isa<memref::DeallocOp>(user))
      user->erase();
  alloc.replaceAllUsesWith(scratch);
  alloc.erase();
  return success();
}

namespace {

struct HoistScratch : codegen::impl::PlanHoistScratchBase<HoistScratch> {
  void runOnOperation() override {
    ModuleOp regions = plan::lookupRegions(getOperation());
    if (!regions)
      return;
    DenseMap<StringAttr, SmallVector<plan::DispatchOp>> dispatchesOf;
    getOperation().walk([&](plan::DispatchOp dispatch) {
      dispatchesOf[dispatch.getRegion().getLeafReference()].push_back(dispatch);
    });
    for (auto region : regions.getOps<func::FuncOp>()) {
      SmallVector<memref::AllocOp> allocs;
      region.walk([&](memref::AllocOp alloc) { allocs.push_back(alloc); });
      for (memref::AllocOp alloc : allocs)
        if (failed(hoist(alloc, region, dispatchesOf[region.getSymNameAttr()])))
          return signalPassFailure();
    }
  }
};

} // namespace
