//===- ReductionSharding.cpp - Partitioning of reductions -----------------===//

#include "dialects/graph/ops/reduction/Reduction.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// Every dim is a factor; the reduced ones give partial results.
static ShardingRule ruleOfReduction(Operation *op, ArrayRef<int64_t> dimensions,
                                    Combiner combiner) {
  MLIRContext *context = op->getContext();
  int64_t rank = cast<RankedTensorType>(op->getOperand(0).getType()).getRank();
  SmallVector<AffineExpr> kept;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!llvm::is_contained(dimensions, dim))
      kept.push_back(getAffineDimExpr(dim, context));
  return shardingRuleFromIndexingMaps(
      op,
      {AffineMap::getMultiDimIdentityMap(rank, context),
       AffineMap::get(rank, 0, kept, context)},
      combiner);
}

#define REDUCTION(OP, COMBINER)                                                \
  ShardingRule OP::getShardingRule() {                                         \
    return ruleOfReduction(*this, getDimensions(), Combiner::COMBINER);        \
  }

REDUCTION(ReduceSumOp, Sum)
REDUCTION(ReduceProdOp, Product)
REDUCTION(ReduceMaxOp, Max)
REDUCTION(ReduceMinOp, Min)
REDUCTION(ReduceAndOp, And)
REDUCTION(ReduceOrOp, Or)

/// An index can't be merged without the value, so the axis stays whole.
static ShardingRule ruleOfArgReduction(Operation *op, int64_t axis) {
  ShardingRule rule = ruleOfReduction(op, axis, Combiner::None);
  rule.factors[axis].kind = ShardingFactor::Replicated;
  return rule;
}

ShardingRule ArgMaxOp::getShardingRule() {
  return ruleOfArgReduction(*this, getAxis());
}
ShardingRule ArgMinOp::getShardingRule() {
  return ruleOfArgReduction(*this, getAxis());
}
