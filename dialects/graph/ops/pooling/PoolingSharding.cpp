//===- PoolingSharding.cpp - Partitioning of pooling ----------------------===//
//
// Batch and channels are independent. Ops that read an image through windows
// can also be split along it, with a halo; ops that write one back only where
// the windows are tiles, since a part would need its neighbours' windows.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/pooling/Pooling.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

namespace {

struct PoolRule {
  ShardingRule rule;
  ShardingTensor image, pooled;
  /// The factor of the windows along each spatial dim, if there is one.
  SmallVector<std::optional<unsigned>> spatial;
};

template <typename OpTy> PoolRule independentRule(OpTy op) {
  PoolRule r;
  ImageDims dims = op.getImageDims();
  r.image.resize(dims.rank);
  r.pooled.resize(dims.rank);
  r.spatial.resize(dims.numSpatial());
  for (unsigned dim : {dims.batch(), dims.channel()}) {
    unsigned factor = r.rule.addFactor(op.getImageType().getDimSize(dim));
    r.image[dim].factors = {factor};
    r.pooled[dim].factors = {factor};
  }
  return r;
}

/// A factor for the windows along each dim that `canSplit`, through which the
/// image is read.
template <typename OpTy>
void addWindows(PoolRule &r, OpTy op, TypedAttr padValue,
                function_ref<bool(const WindowDim &)> canSplit) {
  ImageDims dims = op.getImageDims();
  for (auto [i, window] : llvm::enumerate(op.getWindows())) {
    if (!canSplit(window))
      continue;
    unsigned dim = dims.spatial(i);
    unsigned factor = r.rule.addFactor(op.getPooledType().getDimSize(dim));
    r.spatial[i] = factor;
    r.image[dim].factors = {factor};
    r.pooled[dim].factors = {factor};
    if (!window.isTrivial())
      r.image[dim].window =
          ShardingWindow{window.size,   window.stride,  window.dilation,
                         window.padLow, window.padHigh, padValue};
  }
}

/// A factor for the windows, and one for the elements in a window, along dims
/// that windows tile.
template <typename OpTy> void addTiles(PoolRule &r, OpTy op) {
  ImageDims dims = op.getImageDims();
  for (auto [i, window] : llvm::enumerate(op.getWindows())) {
    unsigned dim = dims.spatial(i);
    int64_t extent = op.getImageType().getDimSize(dim);
    int64_t count = op.getPooledType().getDimSize(dim);
    if (window.isPadded() || window.size != window.stride ||
        (window.size > 1 && window.dilation != 1) ||
        ShapedType::isDynamic(extent) || extent != count * window.size)
      continue;
    unsigned factor = r.rule.addFactor(count);
    unsigned inside = r.rule.addFactor(window.size, ShardingFactor::Replicated);
    r.spatial[i] = factor;
    r.image[dim].factors = {factor, inside};
    r.pooled[dim].factors = {factor};
  }
}

TypedAttr zeroOf(RankedTensorType type) {
  return cast<TypedAttr>(
      Builder(type.getContext()).getZeroAttr(type.getElementType()));
}

PoolRule ruleOf(MaxPoolOp op) {
  PoolRule r = independentRule(op);
  Type element = op.getType().getElementType();
  bool isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
  addWindows(r, op, leastElement(element, isUnsigned),
             [](const WindowDim &) { return true; });
  r.rule.operands = {r.image};
  r.rule.results = {r.pooled};
  return r;
}

/// Padding that is written out could be taken for the first of several
/// maxima, if those are all the least element; so padded dims stay whole.
PoolRule ruleOf(MaxPoolGatherOp op) {
  PoolRule r = independentRule(op);
  addWindows(r, op, zeroOf(op.getType()),
             [](const WindowDim &window) { return !window.isPadded(); });
  r.rule.operands = {r.image, r.image};
  r.rule.results = {r.pooled};
  return r;
}

PoolRule ruleOf(MaxPoolScatterOp op) {
  PoolRule r = independentRule(op);
  addTiles(r, op);
  r.rule.operands = {r.image, r.pooled};
  r.rule.results = {r.image};
  return r;
}

/// Padding that is written out could no longer be told from elements that
/// count.
PoolRule ruleOf(AvgPoolOp op) {
  PoolRule r = independentRule(op);
  addWindows(r, op, zeroOf(op.getType()), [&](const WindowDim &window) {
    return op.getCountIncludePad() || !window.isPadded();
  });
  r.rule.operands = {r.image};
  r.rule.results = {r.pooled};
  return r;
}

PoolRule ruleOf(AvgPoolGradOp op) {
  PoolRule r = independentRule(op);
  addTiles(r, op);
  r.rule.operands = {r.pooled};
  r.rule.operands.resize(op->getNumOperands());
  r.rule.results = {r.image};
  return r;
}

/// The op on local operands, whose padding is written out where the windows of
/// a dim are split.
template <typename OpTy>
FailureOr<SmallVector<Value>> buildPart(OpTy op, OpBuilder &builder,
                                        ValueRange localOperands,
                                        const Shard &shard) {
  PoolRule r = ruleOf(op);
  SmallVector<int64_t> low(op.getPaddingLow()), high(op.getPaddingHigh());
  for (auto [i, factor] : llvm::enumerate(r.spatial))
    if (factor && shard.parts[*factor] > 1)
      low[i] = high[i] = 0;
  auto type = shardType(op.getType(), r.rule.results[0], shard);
  if (failed(type))
    return failure();

  SmallVector<Value> tensors, sizes;
  for (Value operand : localOperands)
    (isa<RankedTensorType>(operand.getType()) ? tensors : sizes)
        .push_back(operand);
  if (!sizes.empty())
    llvm::append_range(tensors, shardSizes(builder, op.getLoc(), op.getType(),
                                           sizes, r.rule.results[0], shard));
  OperationState state(op.getLoc(), op->getName(), tensors, *type,
                       op->getAttrs());
  state.attributes.set(op.getPaddingLowAttrName(),
                       builder.getDenseI64ArrayAttr(low));
  state.attributes.set(op.getPaddingHighAttrName(),
                       builder.getDenseI64ArrayAttr(high));
  return SmallVector<Value>(builder.create(state)->getResults());
}

} // namespace

#define FACET(OP)                                                              \
  ShardingRule OP::getShardingRule() { return ruleOf(*this).rule; }            \
  FailureOr<SmallVector<Value>> OP::buildShard(                                \
      OpBuilder &builder, ValueRange localOperands, const Shard &shard) {      \
    return buildPart(*this, builder, localOperands, shard);                    \
  }
FACET(MaxPoolOp)
FACET(MaxPoolGatherOp)
FACET(MaxPoolScatterOp)
FACET(AvgPoolOp)
FACET(AvgPoolGradOp)
