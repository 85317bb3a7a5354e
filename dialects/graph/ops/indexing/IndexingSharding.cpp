//===- IndexingSharding.cpp - Partitioning of indexing ops ----------------===//
//
// Each letter is a factor. Indexed dims stay whole: an index may point anywhere
// in them.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/indexing/Indexing.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

static ShardingTensor dimsOf(StringRef dims, const IndexSpec &spec) {
  ShardingTensor tensor(dims.size());
  for (auto [dim, letter] : llvm::zip_equal(tensor, dims))
    if (letter != '*')
      dim.factors.push_back(spec.loop(letter));
  return tensor;
}

static ShardingRule ruleOf(const IndexSpec &spec, RankedTensorType values) {
  ShardingRule rule;
  for (int64_t extent : values.getShape())
    rule.addFactor(extent);
  rule.operands = {dimsOf(spec.operand, spec), dimsOf(spec.indices, spec)};
  return rule;
}

ShardingRule GatherOp::getShardingRule() {
  IndexSpec spec = *IndexSpec::parse(getSpec(), "->");
  ShardingRule rule = ruleOf(spec, cast<RankedTensorType>(getType()));
  rule.results = {dimsOf(spec.values, spec)};
  return rule;
}

/// Updates that may meet at one place stay together: in parts, each part would
/// start from the whole operand.
ShardingRule ScatterOp::getShardingRule() {
  IndexSpec spec = *IndexSpec::parse(getSpec(), ",");
  ShardingRule rule = ruleOf(spec, getUpdates().getType());
  rule.operands.push_back(dimsOf(spec.values, spec));
  rule.results = {rule.operands[0]};
  for (char letter : spec.values)
    if (!spec.operand.contains(letter))
      rule.factors[spec.loop(letter)].kind = ShardingFactor::Replicated;
  return rule;
}

ShardingRule CumsumOp::getShardingRule() {
  ShardingRule rule = pointwiseShardingRule(*this);
  rule.factors[getAxis()].kind = ShardingFactor::Replicated;
  return rule;
}
