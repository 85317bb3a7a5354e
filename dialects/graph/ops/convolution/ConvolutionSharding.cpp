//===- ConvolutionSharding.cpp - Partitioning of convolutions -------------===//
//
// Factors of all three ops: the batch, the channels on both sides, and one for
// each spatial dim of the output or, in conv_input_grad, of the image.
//
// With groups, a channel dim is made of the groups and of the channels in one;
// only the groups can be partitioned, so that a part holds whole groups.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/convolution/Convolution.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

namespace {

/// The rule while it is made, by the tensors' roles in the trilinear form.
struct ConvRule {
  ShardingRule rule;
  ShardingTensor image, filter, output;
  /// The factor of each spatial dim, if there is one.
  SmallVector<std::optional<unsigned>> spatial;
  /// The factor that the attribute `groups` is divided by.
  std::optional<unsigned> groups;
};

int64_t perGroup(int64_t extent, int64_t groups) {
  return ShapedType::isDynamic(extent) ? extent : extent / groups;
}

/// Batch and channels. What the result lacks is summed; `reduced` says so of
/// batch, image channels and output channels.
template <typename OpTy>
ConvRule channelsRule(OpTy op, std::array<bool, 3> reduced) {
  ConvRule r;
  ImageDims dims = op.getImageDims();
  r.image.resize(dims.rank);
  r.filter.resize(dims.rank);
  r.output.resize(dims.rank);
  r.spatial.resize(dims.numSpatial());
  auto add = [&](int64_t size, bool isReduced) {
    return isReduced ? r.rule.addFactor(size, ShardingFactor::Reduction,
                                        Combiner::Sum)
                     : r.rule.addFactor(size);
  };
  unsigned batch = add(op.getImageType().getDimSize(dims.batch()), reduced[0]);
  r.image[dims.batch()].factors = {batch};
  r.output[dims.batch()].factors = {batch};

  int64_t groups = op.getGroups();
  int64_t inputs = op.getFilterType().getDimSize(dims.filterInput());
  int64_t outputs =
      perGroup(op.getFilterType().getDimSize(dims.filterOutput()), groups);
  ShardingDim &imageChannels = r.image[dims.channel()];
  ShardingDim &outputChannels = r.output[dims.channel()];
  unsigned input, output;
  if (groups == 1) {
    input = add(inputs, reduced[1]);
    output = add(outputs, reduced[2]);
  } else {
    r.groups = r.rule.addFactor(groups);
    input = r.rule.addFactor(inputs, ShardingFactor::Replicated);
    output = r.rule.addFactor(outputs, ShardingFactor::Replicated);
    imageChannels.factors.push_back(*r.groups);
    outputChannels.factors.push_back(*r.groups);
  }
  imageChannels.factors.push_back(input);
  outputChannels.factors.push_back(output);
  r.filter[dims.filterOutput()].factors = outputChannels.factors;
  r.filter[dims.filterInput()].factors = {input};
  return r;
}

template <typename OpTy> TypedAttr zeroOf(OpTy op) {
  return cast<TypedAttr>(
      Builder(op.getContext()).getZeroAttr(op.getType().getElementType()));
}

/// Spatial dims of the output as factors, through which the image is read by
/// windows. Their size must be known.
template <typename OpTy>
void addOutputFactors(ConvRule &r, OpTy op, ShardingFactor::Kind kind,
                      Combiner combiner) {
  ImageDims dims = op.getImageDims();
  for (auto [i, window] : llvm::enumerate(op.getWindows())) {
    if (ShapedType::isDynamic(window.size))
      continue;
    unsigned dim = dims.spatial(i);
    unsigned factor =
        r.rule.addFactor(op.getOutputType().getDimSize(dim), kind, combiner);
    r.spatial[i] = factor;
    r.output[dim].factors = {factor};
    r.image[dim].factors = {factor};
    if (!window.isTrivial())
      r.image[dim].window =
          ShardingWindow{window.size,   window.stride,  window.dilation,
                         window.padLow, window.padHigh, zeroOf(op)};
  }
}

ConvRule ruleOf(ConvOp op) {
  ConvRule r = channelsRule(op, {false, true, false});
  addOutputFactors(r, op, ShardingFactor::Parallel, Combiner::None);
  r.rule.operands = {r.image, r.filter};
  r.rule.results = {r.output};
  return r;
}

ConvRule ruleOf(ConvFilterGradOp op) {
  ConvRule r = channelsRule(op, {true, false, false});
  addOutputFactors(r, op, ShardingFactor::Reduction, Combiner::Sum);
  r.rule.operands = {r.image, r.output};
  r.rule.operands.resize(op->getNumOperands());
  r.rule.results = {r.filter};
  return r;
}

/// An element of the image reads the cotangent through the reversed window,
/// padded by its reach less the paddings. With strides, which elements of the
/// filter take part depends on the position: not partitioned.
ConvRule ruleOf(ConvInputGradOp op) {
  ConvRule r = channelsRule(op, {false, false, true});
  ImageDims dims = op.getImageDims();
  for (auto [i, window] : llvm::enumerate(op.getWindows())) {
    if (ShapedType::isDynamic(window.size) || window.stride != 1 ||
        window.padLow > window.reach() || window.padHigh > window.reach())
      continue;
    unsigned dim = dims.spatial(i);
    unsigned factor = r.rule.addFactor(op.getImageType().getDimSize(dim));
    r.spatial[i] = factor;
    r.image[dim].factors = {factor};
    r.output[dim].factors = {factor};
    if (!window.isTrivial())
      r.output[dim].window = ShardingWindow{window.size,
                                            1,
                                            window.dilation,
                                            window.reach() - window.padLow,
                                            window.reach() - window.padHigh,
                                            zeroOf(op)};
  }
  r.rule.operands = {r.output, r.filter};
  r.rule.operands.resize(op->getNumOperands());
  r.rule.results = {r.image};
  return r;
}

/// The op on local operands. Where a spatial factor is split, the operand that
/// is read by windows has its padding written out: `paddingThere` is what the
/// attributes become.
template <typename OpTy>
FailureOr<SmallVector<Value>>
buildPart(OpTy op, OpBuilder &builder, ValueRange localOperands,
          const Shard &shard,
          function_ref<int64_t(const WindowDim &)> paddingThere) {
  ConvRule r = ruleOf(op);
  SmallVector<int64_t> low(op.getPaddingLow()), high(op.getPaddingHigh());
  for (auto [i, window] : llvm::enumerate(op.getWindows()))
    if (r.spatial[i] && shard.parts[*r.spatial[i]] > 1)
      low[i] = high[i] = paddingThere(window);
  int64_t groups = op.getGroups();
  if (r.groups) {
    if (groups % shard.parts[*r.groups] != 0)
      return failure();
    groups /= shard.parts[*r.groups];
  }
  auto type = shardType(op.getType(), r.rule.results[0], shard);
  if (failed(type))
    return failure();

  SmallVector<Value> operands(localOperands.take_front(2));
  llvm::append_range(operands, shardSizes(builder, op.getLoc(), op.getType(),
                                          localOperands.drop_front(2),
                                          r.rule.results[0], shard));
  OperationState state(op.getLoc(), op->getName(), operands, *type,
                       op->getAttrs());
  state.attributes.set(op.getPaddingLowAttrName(),
                       builder.getDenseI64ArrayAttr(low));
  state.attributes.set(op.getPaddingHighAttrName(),
                       builder.getDenseI64ArrayAttr(high));
  state.attributes.set(op.getGroupsAttrName(),
                       builder.getI64IntegerAttr(groups));
  return SmallVector<Value>(builder.create(state)->getResults());
}

} // namespace

ShardingRule ConvOp::getShardingRule() { return ruleOf(*this).rule; }
ShardingRule ConvInputGradOp::getShardingRule() { return ruleOf(*this).rule; }
ShardingRule ConvFilterGradOp::getShardingRule() { return ruleOf(*this).rule; }

FailureOr<SmallVector<Value>> ConvOp::buildShard(OpBuilder &builder,
                                                 ValueRange localOperands,
                                                 const Shard &shard) {
  return buildPart(*this, builder, localOperands, shard,
                   [](const WindowDim &) { return 0; });
}

FailureOr<SmallVector<Value>>
ConvFilterGradOp::buildShard(OpBuilder &builder, ValueRange localOperands,
                             const Shard &shard) {
  return buildPart(*this, builder, localOperands, shard,
                   [](const WindowDim &) { return 0; });
}

/// Here the cotangent is what has its padding written out. All of it stands
/// for elements of an output, which those of the image that come from the
/// windows' overhang are then padding of.
FailureOr<SmallVector<Value>>
ConvInputGradOp::buildShard(OpBuilder &builder, ValueRange localOperands,
                            const Shard &shard) {
  return buildPart(*this, builder, localOperands, shard,
                   [](const WindowDim &window) { return window.reach(); });
}
