//===- ScheduleRegions.cpp - Vector code for region functions -------------===//
// A naive loop nest runs at less than one percent of a CPU's peak. This pass
// replaces the body of each region by loops around register tiles of vectors;
// what it can't replace stays linalg, becomes plain loops later, and says why.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/CpuTarget.h"
#include "codegen/cpu/MarkExactQuotients.h"
#include "codegen/cpu/MarkNonpositive.h"
#include "codegen/cpu/Passes.h"
#include "codegen/cpu/RegionEmitter.h"
#include "codegen/cpu/SplitReductions.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace msc::cpu {
#define GEN_PASS_DEF_SCHEDULEREGIONS
#include "codegen/cpu/Passes.h.inc"
} // namespace msc::cpu

using namespace msc;

namespace {

struct ScheduleRegions : cpu::impl::ScheduleRegionsBase<ScheduleRegions> {
  using ScheduleRegionsBase::ScheduleRegionsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (schedule != "auto" && schedule != "loops") {
      module.emitError("unknown schedule \"")
          << schedule << "\", expected \"auto\" or \"loops\"";
      return signalPassFailure();
    }
    if (fp != "fast" && fp != "strict") {
      module.emitError("unknown fp mode \"")
          << fp << "\", expected \"fast\" or \"strict\"";
      return signalPassFailure();
    }
    auto target = cpu::CpuTarget::get(triple, march, features);
    if (!target) {
      module.emitError(llvm::toString(target.takeError()));
      return signalPassFailure();
    }
    cpu::EmitOptions options;
    options.strict = fp == "strict";
    options.threads = threads;
    ModuleOp regions = module.lookupSymbol<ModuleOp>("regions");
    auto functions = (regions ? regions : module).getOps<func::FuncOp>();
    for (auto function : llvm::make_early_inc_range(functions)) {
      if (function.isExternal())
        continue;
      std::string text = "loops: by option";
      if (schedule == "auto")
        text = scheduleRegion(function, *target, options);
      else
        function.emitRemark("region left to plain loops by option");
      function->setAttr("cpu.schedule", StringAttr::get(&getContext(), text));
    }
  }

  /// Where an op only writes its init, a slice that is the init only says where
  /// the result will lie. What reads and what doesn't must be seen by the uses.
  static void forgetUnreadInits(func::FuncOp function) {
    function.walk([](linalg::LinalgOp op) {
      for (OpOperand &init : op.getDpsInitsMutable()) {
        auto slice = init.get().getDefiningOp<tensor::ExtractSliceOp>();
        if (!slice || slice.getDroppedDims().any() ||
            (!isa<linalg::FillOp>(op) && op.payloadUsesValueFromOperand(&init)))
          continue;
        OpBuilder builder(op);
        init.set(tensor::EmptyOp::create(builder, op.getLoc(),
                                         slice.getMixedSizes(),
                                         slice.getType().getElementType()));
        if (slice->use_empty())
          slice->erase();
      }
    });
  }

  /// Replaces the body; on failure it stays and the text is "loops: <reason>".
  static std::string scheduleRegion(func::FuncOp &function,
                                    const cpu::CpuTarget &target,
                                    const cpu::EmitOptions &options) {
    if (!function.getBody().hasOneBlock()) {
      function.emitRemark("region left to plain loops: several blocks");
      return "loops: several blocks";
    }
    // Loops that are a kernel as they stand (a scatter, a sort): LLVM
    // vectorises of them what it can.
    for (Operation &op : function.getBody().front())
      if (isa<scf::ForOp>(op) && op.hasAttr("msc.kernel")) {
        function.emitRemark("region left to plain loops: a kernel of loops");
        return "loops: a kernel of loops";
      }
    OpBuilder builder(function);
    auto candidate = cast<func::FuncOp>(builder.clone(*function));
    IRRewriter rewriter(function.getContext());
    SmallVector<linalg::LinalgOp> named;
    candidate.walk([&](linalg::LinalgOp op) {
      if (!isa<linalg::GenericOp, linalg::FillOp>(op))
        named.push_back(op);
    });
    for (auto op : named) {
      rewriter.setInsertionPoint(op);
      (void)linalg::generalizeNamedOp(rewriter, op);
    }
    cpu::markExactQuotients(candidate);
    cpu::markNonpositiveExponents(candidate);
    cpu::splitMixedReductions(candidate);
    forgetUnreadInits(candidate);
    cpu::RegionEmitter emitter(candidate, target, options);
    auto text = emitter.run();
    if (failed(text) || failed(verify(candidate))) {
      std::string reason =
          failed(text) ? emitter.failureReason() : "the vector code is invalid";
      candidate.erase();
      function.emitRemark("region left to plain loops: ") << reason;
      return "loops: " + reason;
    }
    function.erase();
    function = candidate;
    return *text;
  }
};

} // namespace
