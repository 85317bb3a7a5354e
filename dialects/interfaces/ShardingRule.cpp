#include "dialects/interfaces/ShardingRule.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/AffineExpr.h"

using namespace mlir;

#include "dialects/interfaces/ShardingRule.cpp.inc"

namespace msc {

unsigned ShardingRule::addFactor(int64_t size, ShardingFactor::Kind kind,
                                 Combiner combiner) {
  factors.push_back({size, kind, combiner});
  return factors.size() - 1;
}

static ArrayRef<int64_t> shapeOf(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? type.getShape() : ArrayRef<int64_t>();
}

ShardingRule shardingRuleFromIndexingMaps(Operation *op,
                                          ArrayRef<AffineMap> maps,
                                          Combiner combiner) {
  ShardingRule rule;
  for (unsigned loop = 0; loop < maps.front().getNumDims(); ++loop)
    rule.addFactor(ShapedType::kDynamic, ShardingFactor::Reduction, combiner);

  SmallVector<Value> values(op->getOperands());
  llvm::append_range(values, op->getResults());
  unsigned numOperands = op->getNumOperands();
  SmallVector<unsigned> replicated;
  for (auto [position, value] : llvm::enumerate(values)) {
    ShardingTensor tensor;
    for (auto [dim, expr] : llvm::enumerate(maps[position].getResults())) {
      ShardingDim &entry = tensor.emplace_back();
      auto loop = dyn_cast<AffineDimExpr>(expr);
      if (!loop) {
        expr.walk([&](AffineExpr inner) {
          if (auto used = dyn_cast<AffineDimExpr>(inner))
            replicated.push_back(used.getPosition());
        });
        continue;
      }
      ShardingFactor &factor = rule.factors[loop.getPosition()];
      if (ShapedType::isDynamic(factor.size))
        factor.size = shapeOf(value)[dim];
      if (position >= numOperands) {
        factor.kind = ShardingFactor::Parallel;
        factor.combiner = Combiner::None;
      }
      entry.factors.push_back(loop.getPosition());
    }
    (position < numOperands ? rule.operands : rule.results)
        .push_back(std::move(tensor));
  }
  for (unsigned loop : replicated) {
    rule.factors[loop].kind = ShardingFactor::Replicated;
    rule.factors[loop].combiner = Combiner::None;
  }
  return rule;
}

ShardingRule pointwiseShardingRule(Operation *op) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  AffineMap identity =
      AffineMap::getMultiDimIdentityMap(type.getRank(), op->getContext());
  SmallVector<AffineMap> maps(op->getNumOperands() + op->getNumResults(),
                              identity);
  return shardingRuleFromIndexingMaps(op, maps);
}

FailureOr<RankedTensorType> shardType(RankedTensorType type,
                                      const ShardingTensor &dims,
                                      const Shard &shard) {
  SmallVector<int64_t> shape(type.getShape());
  for (auto [extent, dim] : llvm::zip_equal(shape, dims))
    for (unsigned factor : dim.factors) {
      int64_t parts = shard.parts[factor];
      if (parts == 1 || ShapedType::isDynamic(extent))
        continue;
      if (extent % parts != 0)
        return failure();
      extent /= parts;
    }
  return RankedTensorType::get(shape, type.getElementType());
}

SmallVector<Value> shardSizes(OpBuilder &builder, Location loc,
                              RankedTensorType type, ValueRange sizes,
                              const ShardingTensor &dims, const Shard &shard) {
  SmallVector<Value> local;
  for (auto [extent, dim] : llvm::zip_equal(type.getShape(), dims)) {
    if (!ShapedType::isDynamic(extent))
      continue;
    int64_t parts = 1;
    for (unsigned factor : dim.factors)
      parts *= shard.parts[factor];
    Value size = sizes[local.size()];
    if (parts > 1) {
      Value divisor = arith::ConstantIndexOp::create(builder, loc, parts);
      size = arith::DivUIOp::create(builder, loc, size, divisor);
    }
    local.push_back(size);
  }
  return local;
}

FailureOr<SmallVector<Value>> cloneForShard(Operation *op, OpBuilder &builder,
                                            ValueRange localOperands,
                                            const ShardingRule &rule,
                                            const Shard &shard) {
  OperationState state(op->getLoc(), op->getName());
  state.addOperands(localOperands);
  state.addAttributes(op->getAttrs());
  for (auto [result, dims] : llvm::zip_equal(op->getResults(), rule.results)) {
    auto local =
        shardType(cast<RankedTensorType>(result.getType()), dims, shard);
    if (failed(local))
      return failure();
    state.addTypes(*local);
  }
  return SmallVector<Value>(builder.create(state)->getResults());
}

} // namespace msc
