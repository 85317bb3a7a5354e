//===- ShapeSharding.cpp - Partitioning of shape ops ----------------------===//

#include "dialects/graph/ops/shape/Shape.h"
#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/shape/Extents.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include <numeric>

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// A rule without factors: no dim can be partitioned.
static ShardingRule ruleWithoutFactors(Operation *op) {
  ShardingRule rule;
  auto dims = [](Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    return ShardingTensor(type ? type.getRank() : 0);
  };
  for (Value operand : op->getOperands())
    rule.operands.push_back(dims(operand));
  for (Value result : op->getResults())
    rule.results.push_back(dims(result));
  return rule;
}

static int64_t partsOf(const ShardingDim &dim, const Shard &shard) {
  int64_t parts = 1;
  for (unsigned factor : dim.factors)
    parts *= shard.parts[factor];
  return parts;
}

/// The extents of one part of the result, given those of the whole. Fails where
/// a static extent doesn't divide evenly.
static FailureOr<SmallVector<OpFoldResult>>
localSizes(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes,
           const ShardingTensor &dims, const Shard &shard) {
  SmallVector<OpFoldResult> result(sizes);
  AffineExpr extent = builder.getAffineSymbolExpr(0);
  for (auto [size, dim] : llvm::zip_equal(result, dims)) {
    int64_t parts = partsOf(dim, shard);
    if (auto constant = getConstantIntValue(size);
        constant && *constant % parts != 0)
      return failure();
    bool isDynamic = isa<Value>(size);
    size = affine::makeComposedFoldedAffineApply(
        builder, loc, extent.floorDiv(parts), {size});
    if (isDynamic) // stays so in the type
      size = getValueOrCreateConstantIndexOp(builder, loc, size);
  }
  return result;
}

/// Where a part begins in a dim of one factor, given the part's extent.
static OpFoldResult partOffset(OpBuilder &builder, Location loc,
                               const ShardingDim &dim, OpFoldResult localSize,
                               const Shard &shard) {
  if (partsOf(dim, shard) == 1)
    return builder.getIndexAttr(0);
  AffineExpr index, size;
  bindSymbols(builder.getContext(), index, size);
  return affine::makeComposedFoldedAffineApply(
      builder, loc, index * size, {shard.index[dim.factors[0]], localSize});
}

/// The extents of a result whose dynamic dims are given by operands.
static SmallVector<OpFoldResult> mixedSizes(Value result, ValueRange sizes) {
  return getMixedValues(typeOf(result).getShape(), sizes, result.getContext());
}

//===----------------------------------------------------------------------===//
// Constant and iota: any dim
//===----------------------------------------------------------------------===//

static ShardingRule ruleOfSource(Operation *op) {
  ShardingRule rule = ruleWithoutFactors(op);
  for (auto [dim, extent] :
       llvm::zip_equal(rule.results[0], typeOf(op->getResult(0)).getShape()))
    dim.factors.push_back(rule.addFactor(extent));
  return rule;
}

ShardingRule ConstantOp::getShardingRule() { return ruleOfSource(*this); }
ShardingRule IotaOp::getShardingRule() { return ruleOfSource(*this); }

FailureOr<SmallVector<Value>>
ConstantOp::buildShard(OpBuilder &builder, ValueRange, const Shard &shard) {
  ShardingRule rule = getShardingRule();
  GraphBuilder b(builder, getLoc());
  auto sizes = localSizes(builder, getLoc(), mixedSizes(getResult(), {}),
                          rule.results[0], shard);
  if (failed(sizes))
    return failure();
  auto type = cast<RankedTensorType>(getType());
  auto local = type.clone(splitSizes(*sizes).first);
  auto elements = dyn_cast<DenseElementsAttr>(getValue());
  if (elements && elements.isSplat())
    return SmallVector<Value>{ConstantOp::create(builder, getLoc(), local,
                                                 elements.resizeSplat(local))};
  Value whole = ConstantOp::create(builder, getLoc(), type, getValue());
  if (local == type)
    return SmallVector<Value>{whole};
  SmallVector<OpFoldResult> offsets;
  SmallVector<OpFoldResult> strides(sizes->size(), builder.getIndexAttr(1));
  for (auto [dim, size] : llvm::zip_equal(rule.results[0], *sizes))
    offsets.push_back(partOffset(builder, getLoc(), dim, size, shard));
  return SmallVector<Value>{b.slice(whole, offsets, *sizes, strides)};
}

FailureOr<SmallVector<Value>> IotaOp::buildShard(OpBuilder &builder,
                                                 ValueRange localOperands,
                                                 const Shard &shard) {
  const ShardingTensor dims = getShardingRule().results[0];
  GraphBuilder b(builder, getLoc());
  auto sizes = localSizes(builder, getLoc(),
                          mixedSizes(getResult(), localOperands), dims, shard);
  if (failed(sizes))
    return failure();
  auto [extents, values] = splitSizes(*sizes);
  Value local =
      IotaOp::create(builder, getLoc(), typeOf(getResult()).clone(extents),
                     values, getDimension());
  unsigned dim = getDimension();
  if (partsOf(dims[dim], shard) > 1) {
    OpFoldResult offset =
        partOffset(builder, getLoc(), dims[dim], (*sizes)[dim], shard);
    Value first = b.indexScalar(offset, typeOf(local).getElementType());
    local = b.add(local, b.broadcast(first, *sizes, {}));
  }
  return SmallVector<Value>{local};
}

//===----------------------------------------------------------------------===//
// Broadcast
//===----------------------------------------------------------------------===//

ShardingRule BroadcastOp::getShardingRule() {
  ShardingRule rule = ruleWithoutFactors(*this);
  auto from = typeOf(getOperand()), to = typeOf(getResult());
  for (auto [dim, extent] : llvm::zip_equal(rule.results[0], to.getShape()))
    dim.factors.push_back(rule.addFactor(extent));
  for (auto [index, dim] : llvm::enumerate(getDimensions()))
    if (from.getDimSize(index) != 1 || to.getDimSize(dim) == 1)
      rule.operands[0][index] = rule.results[0][dim];
  return rule;
}

FailureOr<SmallVector<Value>> BroadcastOp::buildShard(OpBuilder &builder,
                                                      ValueRange localOperands,
                                                      const Shard &shard) {
  auto sizes = localSizes(builder, getLoc(),
                          mixedSizes(getResult(), localOperands.drop_front()),
                          getShardingRule().results[0], shard);
  if (failed(sizes))
    return failure();
  GraphBuilder b(builder, getLoc());
  return SmallVector<Value>{
      b.broadcast(localOperands[0], *sizes, getDimensions())};
}

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

namespace {

/// Finds the factors of a reshape. Both shapes are read from major to minor as
/// mixed radices of one element number; a factor is a digit that both sides
/// have at one place. A dim may be made of several digits.
struct ReshapeFactors {
  ReshapeFactors(ReshapeOp op, ShardingRule &rule)
      : op(op), rule(rule), from(typeOf(op.getOperand()).getShape()),
        to(typeOf(op.getResult()).getShape()),
        sizes(mixedSizes(op.getResult(), op.getSizes())) {}

  void find() {
    if (llvm::is_contained(from, 0) || llvm::is_contained(to, 0))
      return;
    // Equal dims at both ends, known or unknown, leave a middle that matches
    // as a whole.
    int64_t i = 0, j = 0, iEnd = from.size(), jEnd = to.size();
    for (; i < iEnd && j < jEnd && areEqual(i, j); ++i, ++j)
      share(i, j, from[i]);
    while (i < iEnd && j < jEnd && areEqual(iEnd - 1, jEnd - 1)) {
      --iEnd;
      --jEnd;
      share(iEnd, jEnd, from[iEnd]);
    }
    bool isDynamic =
        llvm::any_of(from.slice(i, iEnd - i), ShapedType::isDynamic) ||
        llvm::any_of(to.slice(j, jEnd - j), ShapedType::isDynamic);
    if (!isDynamic)
      return matchDigits(i, iEnd, j, jEnd);
    // One dim split, or several merged, whatever their extents.
    if (iEnd - i == 1)
      for (int64_t dim = j; dim < jEnd; ++dim)
        share(i, dim, to[dim]);
    else if (jEnd - j == 1)
      for (int64_t dim = i; dim < iEnd; ++dim)
        share(dim, j, from[dim]);
  }

private:
  bool areEqual(int64_t i, int64_t j) {
    return ShapedType::isDynamic(from[i]) || ShapedType::isDynamic(to[j])
               ? isExtentOf(sizes[j], op.getOperand(), i)
               : from[i] == to[j];
  }

  void share(int64_t i, int64_t j, int64_t extent) {
    if (extent == 1)
      return;
    unsigned factor = rule.addFactor(extent);
    rule.operands[0][i].factors.push_back(factor);
    rule.results[0][j].factors.push_back(factor);
  }

  /// A digit that only one side has.
  void keep(ShardingDim &dim, int64_t extent) {
    if (extent != 1 && !dim.factors.empty())
      dim.factors.push_back(rule.addFactor(extent, ShardingFactor::Replicated));
  }

  void matchDigits(int64_t i, int64_t iEnd, int64_t j, int64_t jEnd) {
    // What is left of the current dims.
    int64_t a = 1, b = 1;
    ShardingTensor &operand = rule.operands[0], &result = rule.results[0];
    while (true) {
      while (a == 1 && i < iEnd)
        a = from[i++];
      while (b == 1 && j < jEnd)
        b = to[j++];
      if (a == 1 || b == 1)
        return;
      int64_t common = std::gcd(a, b);
      if (common > 1)
        share(i - 1, j - 1, common);
      a /= common;
      b /= common;
      if (a == 1 || b == 1)
        continue;
      // No common digit up to the next border that both sides have.
      keep(operand[i - 1], a);
      keep(result[j - 1], b);
      while (a != b) {
        if (a < b)
          a *= from[i++];
        else
          b *= to[j++];
      }
      a = b = 1;
    }
  }

  ReshapeOp op;
  ShardingRule &rule;
  ArrayRef<int64_t> from, to;
  SmallVector<OpFoldResult> sizes;
};

} // namespace

ShardingRule ReshapeOp::getShardingRule() {
  ShardingRule rule = ruleWithoutFactors(*this);
  ReshapeFactors(*this, rule).find();
  return rule;
}

FailureOr<SmallVector<Value>> ReshapeOp::buildShard(OpBuilder &builder,
                                                    ValueRange localOperands,
                                                    const Shard &shard) {
  auto sizes = localSizes(builder, getLoc(),
                          mixedSizes(getResult(), localOperands.drop_front()),
                          getShardingRule().results[0], shard);
  if (failed(sizes))
    return failure();
  GraphBuilder b(builder, getLoc());
  return SmallVector<Value>{b.reshape(localOperands[0], *sizes)};
}

//===----------------------------------------------------------------------===//
// The rest: dims that the op leaves alone
//===----------------------------------------------------------------------===//

/// Operands (of the result's rank) and result share the dims that `isKept`.
static ShardingRule ruleOfKeptDims(Operation *op, unsigned numOperands,
                                   function_ref<bool(int64_t)> isKept) {
  ShardingRule rule = ruleWithoutFactors(op);
  for (auto [dim, extent] :
       llvm::enumerate(typeOf(op->getResult(0)).getShape())) {
    if (!isKept(dim))
      continue;
    unsigned factor = rule.addFactor(extent);
    for (unsigned i = 0; i < numOperands; ++i)
      rule.operands[i][dim].factors.push_back(factor);
    rule.results[0][dim].factors.push_back(factor);
  }
  return rule;
}

ShardingRule TransposeOp::getShardingRule() {
  AffineMap identity = AffineMap::getMultiDimIdentityMap(
      typeOf(getOperand()).getRank(), getContext());
  return shardingRuleFromIndexingMaps(
      *this,
      {identity, AffineMap::getPermutationMap(getPermutation(), getContext())});
}

ShardingRule ConcatOp::getShardingRule() {
  return ruleOfKeptDims(*this, getInputs().size(), [&](int64_t dim) {
    return dim != static_cast<int64_t>(getAxis());
  });
}

ShardingRule ReverseOp::getShardingRule() {
  return ruleOfKeptDims(*this, 1, [&](int64_t dim) {
    return !llvm::is_contained(getDimensions(), dim);
  });
}

ShardingRule SliceOp::getShardingRule() {
  auto sizes = getMixedSizes();
  return ruleOfKeptDims(*this, 1, [&](int64_t dim) {
    return getStaticOffsets()[dim] == 0 && getStaticStrides()[dim] == 1 &&
           isExtentOf(sizes[dim], getOperand(), dim);
  });
}

FailureOr<SmallVector<Value>> SliceOp::buildShard(OpBuilder &builder,
                                                  ValueRange localOperands,
                                                  const Shard &shard) {
  Adaptor local(localOperands, *this);
  auto mixed = [&](ArrayRef<int64_t> statics, ValueRange values) {
    return getMixedValues(statics, values, getContext());
  };
  auto sizes =
      localSizes(builder, getLoc(), mixed(getStaticSizes(), local.getSizes()),
                 getShardingRule().results[0], shard);
  if (failed(sizes))
    return failure();
  GraphBuilder b(builder, getLoc());
  return SmallVector<Value>{
      b.slice(local.getOperand(), mixed(getStaticOffsets(), local.getOffsets()),
              *sizes, mixed(getStaticStrides(), local.getStrides()))};
}

ShardingRule PadOp::getShardingRule() {
  return ruleOfKeptDims(*this, 1, [&](int64_t dim) {
    return getStaticLow()[dim] == 0 && getStaticHigh()[dim] == 0 &&
           getInterior()[dim] == 0;
  });
}

FailureOr<SmallVector<Value>>
PadOp::buildShard(OpBuilder &builder, ValueRange localOperands, const Shard &) {
  Adaptor local(localOperands, *this);
  return SmallVector<Value>{PadOp::create(
      builder, getLoc(), local.getOperand(), local.getValue(),
      getMixedValues(getStaticLow(), local.getLow(), getContext()),
      getMixedValues(getStaticHigh(), local.getHigh(), getContext()),
      getInterior())};
}
