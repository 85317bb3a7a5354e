//===- LowerToCalls.cpp - a plan as straight calls ------------------------===//
//
// On the CPU nothing interprets a plan: a dispatch is a call. The regions move
// to the top level, and each dispatch may be enclosed by marks that a profile
// is made of.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANLOWERTOCALLS
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;

static constexpr StringLiteral kMarkFunction = "msc_rt_mark";

namespace {

struct LowerToCalls : codegen::impl::PlanLowerToCallsBase<LowerToCalls> {
  using PlanLowerToCallsBase::PlanLowerToCallsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (ModuleOp regions = plan::lookupRegions(module))
      if (failed(inlineRegions(module, regions)))
        return signalPassFailure();
    if (marks && failed(declareMark(module)))
      return signalPassFailure();
    WalkResult walked = module.walk([&](Operation *op) {
      return failed(lower(module, op)) ? WalkResult::interrupt()
                                       : WalkResult::advance();
    });
    if (walked.wasInterrupted())
      signalPassFailure();
  }

  /// Moves the regions to the top level and numbers them.
  LogicalResult inlineRegions(ModuleOp module, ModuleOp regions) {
    Builder builder(&getContext());
    int64_t number = 0;
    for (auto region :
         llvm::make_early_inc_range(regions.getOps<func::FuncOp>())) {
      if (region.getNumResults())
        return region.emitError("expected a region without results");
      if (Operation *other = module.lookupSymbol(region.getSymName()))
        return other->emitError("expected no symbol with a region's name");
      region->setAttr(plan::kRegionAttr, builder.getI64IntegerAttr(number++));
      region->moveBefore(regions);
    }
    // What else a region refers to: constants.
    for (Operation &op : llvm::make_early_inc_range(*regions.getBody())) {
      if (auto global = dyn_cast<memref::GlobalOp>(op))
        if (failed(renameUniquely(module, regions, global)))
          return failure();
      op.moveBefore(regions);
    }
    regions.erase();
    return success();
  }

  /// Gives a global a name that is free at the top level as well.
  LogicalResult renameUniquely(ModuleOp module, ModuleOp regions,
                               memref::GlobalOp global) {
    if (!module.lookupSymbol(global.getSymName()))
      return success();
    std::string base = global.getSymName().str() + "_region", name = base;
    for (unsigned i = 0; module.lookupSymbol(name); ++i)
      name = base + "_" + std::to_string(i);
    StringAttr newName = StringAttr::get(&getContext(), name);
    // The users have moved to the top level already.
    module.walk([&](memref::GetGlobalOp use) {
      auto region = use->getParentOfType<func::FuncOp>();
      if (use.getName() == global.getSymName() &&
          region->hasAttr(plan::kRegionAttr))
        use.setNameAttr(FlatSymbolRefAttr::get(newName));
    });
    global.setSymNameAttr(newName);
    return success();
  }

  LogicalResult declareMark(ModuleOp module) {
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    Type i32 = builder.getI32Type();
    FunctionType type = builder.getFunctionType({i32, i32}, {});
    if (Operation *other = module.lookupSymbol(kMarkFunction)) {
      auto function = dyn_cast<func::FuncOp>(other);
      if (!function || function.getFunctionType() != type)
        return other->emitError("expected '")
               << kMarkFunction << "' to be a function of " << type;
      return success();
    }
    func::FuncOp::create(builder, module.getLoc(), kMarkFunction, type)
        .setPrivate();
    return success();
  }

  LogicalResult lower(ModuleOp module, Operation *op) {
    OpBuilder builder(op);
    if (auto dispatch = dyn_cast<plan::DispatchOp>(op)) {
      if (!dispatch.getResults().empty())
        return op->emitError("expected a dispatch on memrefs");
      lowerDispatch(module, dispatch, builder);
    } else if (auto start = dyn_cast<plan::StartOp>(op)) {
      // A copy within the host's memory is done when it returns.
      if (failed(lowerTransfer(start, start.getKind(), start.getSource(),
                               start.getDest(), builder)))
        return failure();
      for (Operation *wait :
           llvm::make_early_inc_range(start.getToken().getUsers()))
        wait->erase();
      start.erase();
    } else if (auto collective = dyn_cast<plan::CollectiveOp>(op)) {
      if (failed(lowerTransfer(collective, collective.getKind(),
                               collective.getSource(), collective.getDest(),
                               builder)))
        return failure();
      collective.erase();
    }
    return success();
  }

  LogicalResult lowerTransfer(Operation *op, plan::TransferKind kind,
                              Value source, Value dest, OpBuilder &builder) {
    if (kind != plan::TransferKind::Copy)
      return op->emitError("expected no transfer between devices, got '")
             << plan::stringifyTransferKind(kind) << "'";
    memref::CopyOp::create(builder, op->getLoc(), source, dest);
    return success();
  }

  void lowerDispatch(ModuleOp module, plan::DispatchOp dispatch,
                     OpBuilder &builder) {
    Location loc = dispatch.getLoc();
    auto region = module.lookupSymbol<func::FuncOp>(
        dispatch.getRegion().getLeafReference());
    SmallVector<Value> args;
    for (auto [value, type] :
         llvm::zip(dispatch->getOperands(), region.getArgumentTypes()))
      args.push_back(
          value.getType() == type
              ? value
              : memref::CastOp::create(builder, loc, type, value).getResult());
    int64_t number =
        region->getAttrOfType<IntegerAttr>(plan::kRegionAttr).getInt();
    mark(builder, loc, number, /*isEnd=*/false);
    func::CallOp::create(builder, loc, region, args);
    mark(builder, loc, number, /*isEnd=*/true);
    dispatch.erase();
  }

  void mark(OpBuilder &builder, Location loc, int64_t region, bool isEnd) {
    if (!marks)
      return;
    Type i32 = builder.getI32Type();
    Value operands[] = {arith::ConstantIntOp::create(builder, loc, i32, region),
                        arith::ConstantIntOp::create(builder, loc, i32, isEnd)};
    func::CallOp::create(builder, loc, kMarkFunction, TypeRange{}, operands);
  }
};

} // namespace
