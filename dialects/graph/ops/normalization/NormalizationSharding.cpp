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
