//===- ScheduleRegions.cpp - Kernels for region functions -----------------===//
// What the chip is to do, and when, is decided here: tiles, double buffers, and
// which unit waits for which. A region that no way fits stays as it is and says
// why: it runs elsewhere.
//===----------------------------------------------------------------------===//
#include "codegen/npu/Passes.h"
#include "codegen/npu/Schedules.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Iterators.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace msc::npu {
#define GEN_PASS_DEF_SCHEDULEREGIONS
#include "codegen/npu/Passes.h.inc"
} // namespace msc::npu

using namespace msc::npu;

static constexpr unsigned kMaxTensors = 32;

void msc::npu::generalise(func::FuncOp region) {
  IRRewriter rewriter(region.getContext());
  SmallVector<linalg::LinalgOp> named;
  region.walk([&](linalg::LinalgOp op) {
    if (!isa<linalg::GenericOp, linalg::FillOp>(op))
      named.push_back(op);
  });
  for (linalg::LinalgOp op : named) {
    rewriter.setInsertionPoint(op);
    (void)linalg::generalizeNamedOp(rewriter, op);
  }
  // What nobody uses would count as a part of the region.
  region.walk<WalkOrder::PostOrder, ReverseIterator>([&](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
}

/// What no way could do, whatever the ops are.
static std::string whyNotArguments(func::FuncOp region) {
  for (Type type : region.getArgumentTypes()) {
    Type element = getElementTypeOrSelf(type);
    if (tileElement(element) || element.isSignlessInteger(64))
      continue;
    std::string why = "elements of ";
    llvm::raw_string_ostream(why) << element;
    return why;
  }
  // Each needs registers for where it is.
  if (region.getNumArguments() > kMaxTensors)
    return "more than " + std::to_string(kMaxTensors) + " tensors";
  return "";
}

std::unique_ptr<Schedule> msc::npu::planRegion(func::FuncOp region,
                                               std::string &why) {
  why = whyNotArguments(region);
  if (!why.empty())
    return nullptr;
  std::unique_ptr<Schedule> schedule = createProductSchedule();
  why = schedule->plan(region);
  if (why.empty())
    return schedule;
  if (why != "no product")
    return nullptr;
  schedule = createTileSchedule();
  why = schedule->plan(region);
  if (why.empty())
    return schedule;
  return nullptr;
}

namespace {

struct ScheduleRegions : msc::npu::impl::ScheduleRegionsBase<ScheduleRegions> {
  using ScheduleRegionsBase::ScheduleRegionsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    ModuleOp regions = module.lookupSymbol<ModuleOp>("regions");
    auto functions = (regions ? regions : module).getOps<func::FuncOp>();
    for (func::FuncOp function : llvm::make_early_inc_range(functions))
      if (!function->hasAttr(kKernelAttr))
        schedule(function);
  }

  static void schedule(func::FuncOp region) {
    OpBuilder builder(region);
    auto candidate = cast<func::FuncOp>(builder.clone(*region));
    generalise(candidate);
    std::string why;
    std::unique_ptr<Schedule> schedule = planRegion(candidate, why);
    if (!schedule) {
      region.emitRemark("region left to other targets: ") << why;
      region->setAttr(kScheduleAttr, builder.getStringAttr("none: " + why));
      candidate.erase();
      return;
    }
    func::FuncOp kernel = schedule->emit(candidate);
    kernel->setAttr(kScheduleAttr, builder.getStringAttr(schedule->text()));
    candidate.erase();
    region.erase();
  }
};

} // namespace
