//===- SortingSharding.cpp - Partitioning of sorting ops ------------------===//

#include "dialects/graph/ops/sorting/Sorting.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// Rows are sorted each on its own; the axis stays whole.
ShardingRule TopKOp::getShardingRule() {
  ShardingRule rule;
  RankedTensorType type = getOperand().getType();
  ShardingTensor dims(type.getRank());
  for (auto [dim, extent] : llvm::enumerate(type.getShape()))
    if (dim != getAxis())
      dims[dim].factors.push_back(rule.addFactor(extent));
  rule.operands.push_back(dims);
  if (getSize())
    rule.operands.push_back({});
  rule.results.assign(2, dims);
  return rule;
}
