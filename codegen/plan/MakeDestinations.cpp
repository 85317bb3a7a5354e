//===- MakeDestinations.cpp - results go where the caller wants them ------===//
//
// A function returns values; a program is given buffers. Each result gets a
// destination, an argument, before bufferisation, so that whoever computes the
// result computes it there. A donated argument is its own destination: weights
// that a training step updates, the cache of a decoder.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"
#include "codegen/plan/Ties.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANMAKEDESTINATIONS
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using namespace msc::codegen;

static constexpr StringLiteral kWritableAttr = "bufferization.writable";

namespace {

struct MakeDestinations
    : codegen::impl::PlanMakeDestinationsBase<MakeDestinations> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isDeclaration() || function.isPrivate() ||
        function->hasAttr("msc.prepare"))
      return;
    if (!function.getBody().hasOneBlock()) {
      function.emitError("expected a function of one block");
      return signalPassFailure();
    }
    Operation *ret = function.front().getTerminator();
    OpBuilder builder(ret);
    SmallVector<Tie> ties;
    for (auto [number, result] : llvm::enumerate(ret->getOpOperands())) {
      if (!isa<RankedTensorType>(result.get().getType())) {
        function.emitError("expected result ")
            << number << " to be a ranked tensor, got "
            << result.get().getType();
        return signalPassFailure();
      }
      FailureOr<BlockArgument> dest = getDestination(function, number);
      if (failed(dest))
        return signalPassFailure();
      ties.push_back({&result, *dest});
    }
    tieValues(ties);
    for (auto [number, type] : llvm::enumerate(function.getArgumentTypes()))
      if (isa<TensorType>(type) && !function.getArgAttr(number, kWritableAttr))
        function.setArgAttr(number, kWritableAttr, builder.getBoolAttr(false));
  }

  /// The donated argument for result `number`, or a new argument.
  FailureOr<BlockArgument> getDestination(func::FuncOp function,
                                          unsigned number) {
    Builder builder(&getContext());
    Type type = function.getResultTypes()[number];
    for (BlockArgument arg : function.getArguments()) {
      auto donated = function.getArgAttrOfType<IntegerAttr>(arg.getArgNumber(),
                                                            plan::kDonatedAttr);
      if (!donated || donated.getInt() != int64_t(number))
        continue;
      function.setArgAttr(arg.getArgNumber(), kWritableAttr,
                          builder.getBoolAttr(true));
      // The caller knows the result by its name.
      if (Attribute name = function.getResultAttr(number, "graph.name"))
        function.setArgAttr(arg.getArgNumber(), plan::kDonatedAsAttr, name);
      return arg;
    }
    NamedAttrList attrs(function.getResultAttrDict(number));
    attrs.set(kWritableAttr, builder.getBoolAttr(true));
    attrs.set(plan::kResultAttr, builder.getI64IntegerAttr(number));
    unsigned position = function.getNumArguments();
    (void)function.insertArgument(
        position, type, attrs.getDictionary(&getContext()), function.getLoc());
    return function.getArgument(position);
  }
};

} // namespace
