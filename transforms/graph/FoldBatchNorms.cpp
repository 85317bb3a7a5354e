//===- FoldBatchNorms.cpp - Batch norms go into the filter before them ----===//
//
// At inference a batch norm scales and shifts each channel by numbers that are
// known before the input is. A linear op before it can have the scale in its
// parameters, and only the shift, a bias, is left to do: one pass over memory
// less for each convolution. What is made of parameters here is later hoisted
// into @prepare and computed once.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/ops/convolution/Convolution.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "transforms/graph/Passes.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {

#define GEN_PASS_DEF_GRAPHFOLDBATCHNORMS
#include "transforms/graph/Passes.h.inc"

namespace {

/// Whether a value is known before the inputs are: parameters, constants and
/// what is computed from them.
bool dependsOnParametersOnly(Value value) {
  SmallVector<Value> worklist = {value};
  llvm::SmallDenseSet<Value> seen;
  while (!worklist.empty()) {
    Value next = worklist.pop_back_val();
    if (!seen.insert(next).second)
      continue;
    if (auto argument = dyn_cast<BlockArgument>(next)) {
      auto function =
          dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
      if (!function || !function.getArgAttr(argument.getArgNumber(),
                                            GraphDialect::kParameterAttr))
        return false;
      continue;
    }
    Operation *op = next.getDefiningOp();
    if (!isPure(op) || op->getNumRegions() != 0)
      return false;
    llvm::append_range(worklist, op->getOperands());
  }
  return true;
}

/// A linear op whose result's dim `axis` is dim `dim` of a parameter and of no
/// other operand.
struct LinearOp {
  Operation *op = nullptr;
  unsigned parameter = 0, dim = 0;
};

LinearOp findLinear(Value value, unsigned axis) {
  if (auto conv = value.getDefiningOp<ConvOp>()) {
    ImageDims dims = conv.getImageDims();
    if (axis == dims.channel())
      return {conv, 1, dims.filterOutput()};
  }
  if (auto contract = value.getDefiningOp<ContractOp>()) {
    auto labels = contract.getLabels();
    char letter = labels[2][axis];
    for (unsigned operand : {1u, 0u}) {
      size_t dim = labels[operand].find(letter);
      if (dim != StringRef::npos && !labels[1 - operand].contains(letter) &&
          dependsOnParametersOnly(contract->getOperand(operand)))
        return {contract, operand, static_cast<unsigned>(dim)};
    }
  }
  return {};
}

/// A vector of this type that is added along the axis, if `value` is such a
/// sum: the linear op's bias. `value` becomes the other side.
Value takeBias(Value &value, Type type, uint64_t axis) {
  auto add = value.getDefiningOp<AddOp>();
  if (!add || !add->hasOneUse())
    return {};
  for (unsigned side : {1u, 0u}) {
    auto broadcast = add->getOperand(side).getDefiningOp<BroadcastOp>();
    if (!broadcast || broadcast.getOperand().getType() != type ||
        broadcast.getDimensions().front() != static_cast<int64_t>(axis) ||
        !dependsOnParametersOnly(broadcast.getOperand()))
      continue;
    value = add->getOperand(1 - side);
    return broadcast.getOperand();
  }
  return {};
}

/// batch_norm(conv(x, w) + b, scale, offset, mean, variance)
///   -> conv(x, w * f) + ((b - mean) * f + offset),
/// f = scale * rsqrt(variance + epsilon)
struct FoldBatchNorm : OpRewritePattern<BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BatchNormOp op,
                                PatternRewriter &rewriter) const override {
    uint64_t axis = op.getAxis();
    Value value = op.getOperand();
    Value bias = takeBias(value, op.getScale().getType(), axis);
    LinearOp linear = findLinear(value, axis);
    if (!linear.op)
      return rewriter.notifyMatchFailure(op, "no linear op before it");
    if (!value.hasOneUse())
      return rewriter.notifyMatchFailure(op, "the linear op has other uses");
    for (Value vector : op->getOperands().drop_front())
      if (!dependsOnParametersOnly(vector))
        return rewriter.notifyMatchFailure(op, "a vector is no parameter");
    Value parameter = linear.op->getOperand(linear.parameter);
    if (!dependsOnParametersOnly(parameter))
      return rewriter.notifyMatchFailure(op, "the filter is no parameter");
    if (getElementTypeOrSelf(parameter) != getElementTypeOrSelf(value))
      return rewriter.notifyMatchFailure(op, "the filter has another type");

    GraphBuilder b(rewriter, op.getLoc());
    double epsilon = op.getEpsilon().convertToDouble();
    Value factor =
        b.mul(op.getScale(),
              b.unary<RsqrtOp>(b.addScalar(op.getVariance(), epsilon)));
    Value scaled = b.mul(parameter, along(b, factor, parameter, linear.dim));
    Operation *folded = rewriter.clone(*linear.op);
    folded->setOperand(linear.parameter, scaled);

    Value shift =
        bias ? b.add(b.mul(b.sub(bias, op.getMean()), factor), op.getOffset())
             : b.sub(op.getOffset(), b.mul(op.getMean(), factor));
    Value result = folded->getResult(0);
    rewriter.replaceOp(op, b.add(result, along(b, shift, result, axis)));
    return success();
  }

private:
  /// `vector` repeated along all dims of `like` but `dim`.
  static Value along(GraphBuilder &b, Value vector, Value like, unsigned dim) {
    int64_t rank = cast<RankedTensorType>(like.getType()).getRank();
    SmallVector<int64_t> others;
    for (int64_t other = 0; other < rank; ++other)
      if (other != dim)
        others.push_back(other);
    return b.broadcastAlong(vector, like, others);
  }
};

struct GraphFoldBatchNorms
    : impl::GraphFoldBatchNormsBase<GraphFoldBatchNorms> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldBatchNorm>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns)))) {
      getOperation()->emitError("folding of batch norms doesn't end");
      signalPassFailure();
    }
  }
};

} // namespace
} // namespace msc
