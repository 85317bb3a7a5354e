//===- NormalizationSharding.cpp - Partitioning of normalisation ----------===//

#include "dialects/graph/ops/normalization/Normalization.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// Every dim but the axis.
static ShardingRule ruleAlong(Operation *op, int64_t axis) {
  ShardingRule rule = pointwiseShardingRule(op);
  rule.factors[axis].kind = ShardingFactor::Replicated;
  return rule;
}

ShardingRule SoftmaxOp::getShardingRule() {
  return ruleAlong(*this, getAxis());
}
ShardingRule LogSoftmaxOp::getShardingRule() {
  return ruleAlong(*this, getAxis());
}

ShardingRule BatchNormOp::getShardingRule() {
  int64_t rank = cast<RankedTensorType>(getType()).getRank();
  AffineMap identity = AffineMap::getMultiDimIdentityMap(rank, getContext());
  AffineMap vector =
      AffineMap::get(rank, 0, getAffineDimExpr(getAxis(), getContext()));
  return shardingRuleFromIndexingMaps(
      *this, {identity, vector, vector, vector, vector, identity});
}

/// Every dim but those that are normalised over; what runs along these is whole
/// too.
static ShardingRule ruleOfRowNorm(Operation *op, ArrayRef<int64_t> dims) {
  MLIRContext *context = op->getContext();
  int64_t rank = cast<RankedTensorType>(op->getOperand(0).getType()).getRank();
  AffineMap full = AffineMap::getMultiDimIdentityMap(rank, context);
  SmallVector<AffineExpr> along, others;
  for (int64_t dim = 0; dim < rank; ++dim)
    (llvm::is_contained(dims, dim) ? along : others)
        .push_back(getAffineDimExpr(dim, context));
  SmallVector<AffineMap> maps{full};
  maps.append(op->getNumOperands() - 1,
              AffineMap::get(rank, 0, along, context));
  maps.push_back(full);
  maps.append(op->getNumResults() - 1,
              AffineMap::get(rank, 0, others, context));
  ShardingRule rule = shardingRuleFromIndexingMaps(op, maps);
  for (int64_t dim : dims)
    rule.factors[dim].kind = ShardingFactor::Replicated;
  return rule;
}

ShardingRule LayerNormOp::getShardingRule() {
  return ruleOfRowNorm(*this, getDimensions());
}
ShardingRule RmsNormOp::getShardingRule() {
  return ruleOfRowNorm(*this, getDimensions());
}

/// Samples and groups are independent.
ShardingRule GroupNormOp::getShardingRule() {
  auto type = cast<RankedTensorType>(getType());
  int64_t axis = getAxis(), groups = getGroups();
  ShardingRule rule;
  unsigned group = rule.addFactor(groups);
  unsigned member = rule.addFactor(type.getDimSize(axis) / groups,
                                   ShardingFactor::Replicated);
  ShardingTensor full;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    ShardingDim &entry = full.emplace_back();
    if (dim == axis)
      entry.factors = {group, member};
    else
      entry.factors = {rule.addFactor(type.getDimSize(dim),
                                      dim == 0 ? ShardingFactor::Parallel
                                               : ShardingFactor::Replicated)};
  }
  rule.operands.push_back(full);
  for (unsigned i = 1; i < getNumOperands(); ++i)
    rule.operands.push_back({full[axis]});
  rule.results.push_back(full);
  return rule;
}

FailureOr<SmallVector<Value>> GroupNormOp::buildShard(OpBuilder &builder,
                                                      ValueRange localOperands,
                                                      const Shard &shard) {
  auto local =
      cloneForShard(*this, builder, localOperands, getShardingRule(), shard);
  if (failed(local))
    return failure();
  int64_t groups = static_cast<int64_t>(getGroups()) / shard.parts[0];
  cast<GroupNormOp>(local->front().getDefiningOp()).setGroups(groups);
  return local;
}
