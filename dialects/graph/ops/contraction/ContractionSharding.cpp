//===- ContractionSharding.cpp - Partitioning of contractions -------------===//

#include "dialects/graph/ops/contraction/Contraction.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// Every letter is a factor; summed letters give partial sums.
ShardingRule ContractOp::getShardingRule() {
  return shardingRuleFromIndexingMaps(getOperation(), getIndexingMaps(),
                                      Combiner::Sum);
}
