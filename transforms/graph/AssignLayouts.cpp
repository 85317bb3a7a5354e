//===- AssignLayouts.cpp - Channels go last -------------------------------===//
//
// Model formats put the channels of an image first. Schedules want them last:
// vectors then run along the channels, whose extent is a multiple of the vector
// length far more often than the width of an image is, and all that a window
// reads of one pixel is contiguous. Every op is rewritten by itself, with
// transposes around it; -graph-sink-transposes makes the inner ones meet and
// vanish.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/convolution/Convolution.h"
#include "dialects/graph/ops/pooling/Pooling.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "transforms/graph/Passes.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {

#define GEN_PASS_DEF_GRAPHASSIGNLAYOUTS
#include "transforms/graph/Passes.h.inc"

namespace {

enum class Role { Image, Filter };

/// Which channels-first dim each channels-last dim is: [N, C, S] -> [N, S, C],
/// and [OC, IC, S] -> [S, IC, OC].
SmallVector<int64_t> toChannelsLast(Role role, int64_t rank) {
  SmallVector<int64_t> permutation;
  if (role == Role::Image)
    permutation.push_back(0);
  for (int64_t dim = 2; dim < rank; ++dim)
    permutation.push_back(dim);
  permutation.push_back(1);
  if (role == Role::Filter)
    permutation.push_back(0);
  return permutation;
}

/// op {channels_first}(x) -> transpose(op {channels_last}(transpose(x)))
template <typename OpTy> struct PutChannelsLast : OpRewritePattern<OpTy> {
  PutChannelsLast(MLIRContext *context, ArrayRef<Role> operandRoles,
                  Role resultRole)
      : OpRewritePattern<OpTy>(context), operandRoles(operandRoles),
        resultRole(resultRole) {}

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (op.getLayout() == Layout::ChannelsLast)
      return rewriter.notifyMatchFailure(op, "channels are last");
    GraphBuilder b(rewriter, op.getLoc());
    RankedTensorType type = op.getType();
    SmallVector<int64_t> permutation =
        toChannelsLast(resultRole, type.getRank());

    SmallVector<Value> operands, sizes;
    for (Value operand : op->getOperands()) {
      if (!isa<RankedTensorType>(operand.getType())) {
        sizes.push_back(operand);
        continue;
      }
      Role role = operandRoles[operands.size()];
      operands.push_back(
          b.transpose(operand, toChannelsLast(role, type.getRank())));
    }
    if (!sizes.empty())
      llvm::append_range(operands, permuteSizes(type, sizes, permutation));

    auto lastType = type.clone(applyPermutation(type.getShape(), permutation));
    OperationState state(op.getLoc(), op->getName(), operands, lastType,
                         op->getAttrs());
    state.attributes.set(
        op.getLayoutAttrName(),
        LayoutAttr::get(op.getContext(), Layout::ChannelsLast));
    Value result = rewriter.create(state)->getResult(0);
    rewriter.replaceOp(
        op, b.transpose(result, invertPermutationVector(permutation)));
    return success();
  }

private:
  /// Sizes are given for dynamic dims only, in the order of the dims.
  static SmallVector<Value> permuteSizes(RankedTensorType type,
                                         ArrayRef<Value> sizes,
                                         ArrayRef<int64_t> permutation) {
    SmallVector<Value> byDim(type.getRank()), permuted;
    unsigned next = 0;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (type.isDynamicDim(dim))
        byDim[dim] = sizes[next++];
    for (int64_t dim : permutation)
      if (byDim[dim])
        permuted.push_back(byDim[dim]);
    return permuted;
  }

  SmallVector<Role> operandRoles;
  Role resultRole;
};

} // namespace

void populateAssignLayoutsPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  constexpr Role image = Role::Image, filter = Role::Filter;
  patterns.add<PutChannelsLast<ConvOp>, PutChannelsLast<ConvInputGradOp>>(
      context, ArrayRef<Role>{image, filter}, image);
  patterns.add<PutChannelsLast<ConvFilterGradOp>>(
      context, ArrayRef<Role>{image, image}, filter);
  patterns.add<PutChannelsLast<AvgPoolGradOp>, PutChannelsLast<AvgPoolOp>,
               PutChannelsLast<MaxPoolGatherOp>, PutChannelsLast<MaxPoolOp>,
               PutChannelsLast<MaxPoolScatterOp>>(
      context, ArrayRef<Role>{image, image}, image);
}

namespace {

struct GraphAssignLayouts : impl::GraphAssignLayoutsBase<GraphAssignLayouts> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateAssignLayoutsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns)))) {
      getOperation().emitError("assigning layouts does not converge");
      signalPassFailure();
    }
  }
};

} // namespace
} // namespace msc
