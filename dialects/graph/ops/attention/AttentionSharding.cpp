//===- AttentionSharding.cpp - Partitioning of attention ------------------===//
//
// Batch, heads and queries are independent; keys and the contracted extent stay
// whole, and so do queries where their number matters: under a causal mask, and
// where their cotangents are summed.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/attention/Attention.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

namespace {

/// The factors of both ops.
struct Factors {
  Factors(RankedTensorType query, RankedTensorType key,
          RankedTensorType value) {
    int64_t heads = key.getDimSize(1);
    batch = rule.addFactor(query.getDimSize(0));
    head = rule.addFactor(heads);
    member = rule.addFactor(query.getDimSize(1) / heads);
    queries = rule.addFactor(query.getDimSize(2));
    keys = rule.addFactor(key.getDimSize(2), ShardingFactor::Replicated);
    d = rule.addFactor(query.getDimSize(3), ShardingFactor::Replicated);
    e = rule.addFactor(value.getDimSize(3));
  }

  static ShardingTensor tensor(ArrayRef<SmallVector<unsigned, 2>> dims) {
    ShardingTensor result;
    for (ArrayRef<unsigned> factors : dims)
      result.emplace_back().factors.assign(factors.begin(), factors.end());
    return result;
  }
  ShardingTensor queryLike(unsigned last) {
    return tensor({{batch}, {head, member}, {queries}, {last}});
  }
  ShardingTensor rows() { return tensor({{batch}, {head, member}, {queries}}); }
  ShardingTensor keyLike(unsigned last) {
    return tensor({{batch}, {head}, {keys}, {last}});
  }
  /// Dims of 1 have no factor.
  ShardingTensor mask(RankedTensorType type) {
    ShardingTensor result = queryLike(keys);
    for (auto [dim, entry] : llvm::enumerate(result))
      if (type.getDimSize(dim) == 1)
        entry.factors.clear();
    return result;
  }
  void keepWhole(ArrayRef<unsigned> factors) {
    for (unsigned factor : factors)
      rule.factors[factor].kind = ShardingFactor::Replicated;
  }

  ShardingRule rule;
  unsigned batch, head, member, queries, keys, d, e;
};

} // namespace

ShardingRule AttentionOp::getShardingRule() {
  Factors f(getQuery().getType(), getKey().getType(), getValue().getType());
  f.rule.operands = {f.queryLike(f.d), f.keyLike(f.d), f.keyLike(f.e)};
  if (Value mask = getMask())
    f.rule.operands.push_back(f.mask(cast<RankedTensorType>(mask.getType())));
  f.rule.results = {f.queryLike(f.e), f.rows()};
  // lse does not have it.
  f.keepWhole(f.e);
  if (getCausal())
    f.keepWhole(f.queries);
  return f.rule;
}

ShardingRule AttentionGradOp::getShardingRule() {
  Factors f(getQuery().getType(), getKey().getType(), getValue().getType());
  f.rule.operands = {f.queryLike(f.d), f.keyLike(f.d), f.keyLike(f.e),
                     f.rows(),         f.rows(),       f.queryLike(f.e)};
  f.rule.results = {f.queryLike(f.d), f.keyLike(f.d), f.keyLike(f.e)};
  f.keepWhole({f.member, f.queries, f.e});
  if (Value mask = getMask()) {
    auto type = cast<RankedTensorType>(mask.getType());
    f.rule.operands.push_back(f.mask(type));
    if (getDMask()) {
      f.rule.results.push_back(f.mask(type));
      if (type.getDimSize(0) == 1)
        f.keepWhole(f.batch);
      if (type.getDimSize(1) == 1)
        f.keepWhole(f.head);
    }
  }
  return f.rule;
}
