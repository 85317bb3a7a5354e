//===- MakeDestinations.cpp - results go where the caller wants them ------===//
//
// A function returns values; a program is given buffers. Each result gets a
// destination, an argument, before bufferisation, so that whoever computes the
// result computes it there. A donated argument is its own destination: weights
// that a training step updates, the cache of a decoder. A result with an extent
// that the data decide has the front of a destination that may be larger.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"
#include "codegen/plan/Ties.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANMAKEDESTINATIONS
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using namespace msc::codegen;

static constexpr StringLiteral kExtentAttr = "plan.extent";
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
      if (function.getResultAttr(number, kExtentAttr))
        continue;
      if (!isa<RankedTensorType>(result.get().getType())) {
        function.emitError("expected result ")
            << number << " to be a ranked tensor, got "
            << result.get().getType();
        return signalPassFailure();
      }
      FailureOr<BlockArgument> dest = getDestination(function, number);
      if (failed(dest))
        return signalPassFailure();
      ties.push_back({&result, getFront(function, number, *dest)});
    }
    tieValues(ties);
    for (auto [number, type] : llvm::enumerate(function.getArgumentTypes()))
      if (isa<TensorType>(type) && !function.getArgAttr(number, kWritableAttr))
        function.setArgAttr(number, kWritableAttr, builder.getBoolAttr(false));
  }

  /// What result `number` fills of its destination:
  ///   %n, dest [a, most]  ->  dest as a vector, its first a * %n, as [a, %n]
  Value getFront(func::FuncOp function, unsigned number, BlockArgument dest) {
    auto type = cast<RankedTensorType>(dest.getType());
    auto dims = function.getResultAttrOfType<ArrayAttr>(number, "graph.dims");
    if (!dims || type.getRank() == 0)
      return dest;
    Operation *ret = function.front().getTerminator();
    auto getDecided = [&](Attribute name) -> Value {
      for (auto [other, value] : llvm::enumerate(ret->getOperands()))
        if (function.getResultAttr(other, kExtentAttr) == name)
          return value;
      return {};
    };
    // As early as the extents are known.
    Location loc = dest.getLoc();
    Operation *last = nullptr;
    SmallVector<Value> decided;
    for (Attribute name : dims) {
      decided.push_back(getDecided(name));
      Operation *op = decided.back() ? decided.back().getDefiningOp() : nullptr;
      if (op && (!last || last->isBeforeInBlock(op)))
        last = op;
    }
    if (!last)
      return dest;
    OpBuilder builder(last->getBlock(), std::next(last->getIterator()));
    SmallVector<OpFoldResult> sizes;
    OpFoldResult count = builder.getIndexAttr(1);
    AffineExpr a, b;
    bindSymbols(builder.getContext(), a, b);
    ReassociationIndices all;
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      sizes.push_back(decided[dim]
                          ? OpFoldResult(decided[dim])
                          : tensor::getMixedSize(builder, loc, dest, dim));
      count = affine::makeComposedFoldedAffineApply(builder, loc, a * b,
                                                    {count, sizes.back()});
      all.push_back(dim);
    }
    Value flat = dest;
    if (type.getRank() > 1)
      flat = tensor::CollapseShapeOp::create(
          builder, loc, dest, ArrayRef<ReassociationIndices>(all));
    OpFoldResult zero = builder.getIndexAttr(0), one = builder.getIndexAttr(1);
    Value front = tensor::ExtractSliceOp::create(builder, loc, flat, zero,
                                                 count, one);
    if (type.getRank() == 1)
      return front;
    return tensor::ExpandShapeOp::create(builder, loc, type, front,
                                         ArrayRef<ReassociationIndices>(all),
                                         sizes);
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
