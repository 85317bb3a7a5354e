//===- ResamplingSharding.cpp - Partitioning of resampling ----------------===//

#include "dialects/graph/ops/resampling/Resampling.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// Other dims, and the new positions; the axis itself is read anywhere.
/// Neighbours in parts are partial sums.
ShardingRule ResampleOp::getShardingRule() {
  ShardingRule rule;
  RankedTensorType from = getOperand().getType();
  auto to = cast<RankedTensorType>(getType());
  ShardingTensor operand(from.getRank()), result(from.getRank());
  unsigned position = 0;
  for (auto [dim, extent] : llvm::enumerate(to.getShape())) {
    unsigned factor = rule.addFactor(extent);
    result[dim].factors.push_back(factor);
    if (dim == getAxis())
      position = factor;
    else
      operand[dim].factors.push_back(factor);
  }
  unsigned neighbour = rule.addFactor(getIndices().getType().getDimSize(1),
                                      ShardingFactor::Reduction, Combiner::Sum);
  ShardingTensor table(2);
  table[0].factors.push_back(position);
  table[1].factors.push_back(neighbour);
  rule.operands = {operand, table, table};
  rule.results = {result};
  return rule;
}
