//===- Attention.cpp - Types, verifiers and expansions of attention -------===//

#include "dialects/graph/ops/attention/Attention.h"
#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "mlir/IR/TypeUtilities.h"
#include <limits>

using namespace mlir;
using namespace msc;
using namespace msc::graph;

using Expansion = FailureOr<SmallVector<Value>>;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

static Type statisticsType(Type type) {
  return type.getIntOrFloatBitWidth() < 32 ? Float32Type::get(type.getContext())
                                           : type;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// attention_c1, which all else rests on.
static LogicalResult checkRanks(std::optional<Location> location, Value query,
                                ValueRange others, Value mask) {
  auto check = [&](Value value) -> LogicalResult {
    if (typeOf(value).getRank() == 4)
      return success();
    return emitOptionalError(location,
                             "attention_c1: expected operands of rank 4, got ",
                             value.getType());
  };
  Type element = typeOf(query).getElementType();
  if (failed(check(query)))
    return failure();
  for (Value other : others) {
    if (failed(check(other)))
      return failure();
    if (typeOf(other).getElementType() != element)
      return emitOptionalError(
          location, "attention_c1: expected operands of element type ", element,
          ", got ", typeOf(other).getElementType());
  }
  if (!mask)
    return success();
  if (typeOf(mask).getElementType() != element &&
      !typeOf(mask).getElementType().isInteger(1))
    return emitOptionalError(
        location, "attention_c1: expected a mask of element type ", element,
        " or i1, got ", typeOf(mask).getElementType());
  return check(mask);
}

static RankedTensorType lseTypeOf(RankedTensorType query) {
  return RankedTensorType::get(query.getShape().take_front(3),
                               statisticsType(query.getElementType()));
}

LogicalResult AttentionOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  Adaptor in(operands, attributes, properties, regions);
  if (failed(checkRanks(location, in.getQuery(), {in.getKey(), in.getValue()},
                        in.getMask())))
    return failure();
  auto query = typeOf(in.getQuery());
  SmallVector<int64_t> shape(query.getShape());
  shape[3] = typeOf(in.getValue()).getDimSize(3);
  types.assign({query.clone(shape), lseTypeOf(query)});
  return success();
}

LogicalResult AttentionGradOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  Adaptor in(operands, attributes, properties, regions);
  if (failed(checkRanks(location, in.getQuery(),
                        {in.getKey(), in.getValue(), in.getG()}, in.getMask())))
    return failure();
  types.assign({in.getQuery().getType(), in.getKey().getType(),
                in.getValue().getType()});
  if (in.getMask() && isDifferentiableType(in.getMask().getType()))
    types.push_back(in.getMask().getType());
  return success();
}

/// attention_c2 to attention_c4.
static LogicalResult verifyShapes(Operation *op, Value query, Value key,
                                  Value value, Value mask) {
  ArrayRef<int64_t> q = typeOf(query).getShape(), k = typeOf(key).getShape(),
                    v = typeOf(value).getShape();
  auto agree = [](int64_t a, int64_t b) {
    return a == b || ShapedType::isDynamic(a) || ShapedType::isDynamic(b);
  };
  if (!agree(q[0], k[0]) || !agree(q[0], v[0]) || !agree(q[3], k[3]) ||
      !agree(k[1], v[1]) || !agree(k[2], v[2]))
    return op->emitOpError("attention_c2: expected query [B, H, S, D], key "
                           "[B, K, T, D] and value [B, K, T, E], got ")
           << query.getType() << ", " << key.getType() << " and "
           << value.getType();
  if (ShapedType::isDynamic(q[1]) || ShapedType::isDynamic(k[1]) || k[1] == 0 ||
      q[1] % k[1] != 0)
    return op->emitOpError("attention_c3: expected a number of query heads "
                           "that is a multiple of the key heads, got ")
           << query.getType() << " and " << key.getType();
  if (!mask)
    return success();
  ArrayRef<int64_t> m = typeOf(mask).getShape();
  if ((m[0] != 1 && !agree(m[0], q[0])) || (m[1] != 1 && m[1] != q[1]) ||
      (m[2] != 1 && !agree(m[2], q[2])) || !agree(m[3], k[2]))
    return op->emitOpError("attention_c4: expected a mask of extents [")
           << q[0] << " or 1, " << q[1] << " or 1, " << q[2] << " or 1, "
           << k[2] << "], got " << mask.getType();
  return success();
}

LogicalResult AttentionOp::verify() {
  return verifyShapes(*this, getQuery(), getKey(), getValue(), getMask());
}

LogicalResult AttentionGradOp::verify() {
  if (failed(verifyShapes(*this, getQuery(), getKey(), getValue(), getMask())))
    return failure();
  auto rows = lseTypeOf(typeOf(getQuery()));
  for (Value value : {getLse(), getDelta()})
    if (typeOf(value).getElementType() != rows.getElementType() ||
        failed(verifyCompatibleShape(typeOf(value), rows)))
      return emitOpError("attention_grad_c1: expected lse and delta of type ")
             << rows << ", got " << value.getType();
  SmallVector<int64_t> shape(typeOf(getQuery()).getShape());
  shape[3] = typeOf(getValue()).getDimSize(3);
  if (failed(verifyCompatibleShape(typeOf(getG()).getShape(), shape)))
    return emitOpError("attention_grad_c1: expected g of type ")
           << typeOf(getQuery()).clone(shape) << ", got " << getG().getType();
  return success();
}

LogicalResult
AttentionOp::reifyResultShapes(OpBuilder &builder,
                               ReifiedRankedShapedTypeDims &shapes) {
  GraphBuilder b(builder, getLoc());
  SmallVector<OpFoldResult> sizes = b.sizes(getQuery());
  sizes[3] = b.sizes(getValue())[3];
  shapes.push_back(sizes);
  sizes.pop_back();
  shapes.push_back(sizes);
  return success();
}

LogicalResult
AttentionGradOp::reifyResultShapes(OpBuilder &builder,
                                   ReifiedRankedShapedTypeDims &shapes) {
  GraphBuilder b(builder, getLoc());
  for (Value operand : {getQuery(), getKey(), getValue()})
    shapes.push_back(b.sizes(operand));
  if (getDMask())
    shapes.push_back(b.sizes(getMask()));
  return success();
}

//===----------------------------------------------------------------------===//
// Expansions
//===----------------------------------------------------------------------===//

namespace {

/// The formulas of an op of the family on given operands. Heads that share a
/// key head are a dim of their own where there are several, named g in
/// specifications; b, h, s, t, d and e are batch, key head, query, key and the
/// extents of query and value.
template <typename OpTy> struct Formulas : GraphBuilder {
  Formulas(OpTy op, OpBuilder &builder, ValueRange operands)
      : GraphBuilder(builder, op.getLoc()), op(op), in(operands, op),
        element(typeOf(op.getQuery()).getElementType()),
        wide(statisticsType(element)),
        group(typeOf(op.getQuery()).getDimSize(1) /
              typeOf(op.getKey()).getDimSize(1)) {}

  bool canHideAll() { return op.getMask() || op.getCausal(); }
  /// The letters of a tensor with query heads, without its last dim.
  std::string rows() { return group > 1 ? "bhgs" : "bhs"; }

  Value contract(const std::string &spec, Value lhs, Value rhs) {
    return ContractOp::create(getBuilder(), getLoc(), spec, lhs, rhs, wide);
  }

  /// [B, H, ...] -> [B, K, H / K, ...] and back.
  Value split(Value value) {
    if (group == 1)
      return value;
    SmallVector<OpFoldResult> extents = sizes(value);
    int64_t heads = typeOf(value).getDimSize(1);
    extents[1] = getBuilder().getIndexAttr(group);
    extents.insert(extents.begin() + 1,
                   getBuilder().getIndexAttr(heads / group));
    return reshape(value, extents);
  }
  Value join(Value value, Value like) {
    return group == 1 ? value : reshape(value, sizes(like));
  }

  /// scale * query key^T [B, H, S, T] in the wide type.
  Value products() {
    Value product = contract(rows() + "d,bhtd->" + rows() + "t",
                             split(in.getQuery()), in.getKey());
    if (group > 1) {
      SmallVector<OpFoldResult> extents = sizes(in.getQuery());
      extents[3] = sizes(in.getKey())[2];
      product = reshape(product, extents);
    }
    double scale = op.getScale().convertToDouble();
    return scale == 1.0 ? product : mulScalar(product, scale);
  }

  /// tanh(score / softcap)
  Value capped(Value product) {
    double cap = op.getSoftcap()->convertToDouble();
    return unary<TanhOp>(div(product, splatLike(cap, product)));
  }

  /// The scores as the softmax sees them.
  Value scores() {
    Value score = products();
    if (op.getSoftcap()) {
      tanh = capped(score);
      score = mulScalar(tanh, op.getSoftcap()->convertToDouble());
    }
    if (Value mask = in.getMask()) {
      Value spread = broadcast(mask, sizes(score), {0, 1, 2, 3});
      score = isDifferentiableType(mask.getType())
                  ? add(score, convert(spread, wide))
                  : hideUnless(spread, score);
    }
    return op.getCausal() ? hideUnless(causalMask(score), score) : score;
  }

  /// The sum over the dims along which the mask is repeated.
  Value reduceToMask(Value value) {
    auto type = typeOf(in.getMask());
    SmallVector<int64_t> dims;
    for (int64_t dim = 0; dim < 3; ++dim)
      if (type.getDimSize(dim) == 1 && typeOf(value).getDimSize(dim) != 1)
        dims.push_back(dim);
    return reshape(reduceSum(value, dims), sizes(in.getMask()));
  }

  Value hideUnless(Value condition, Value score) {
    return select(condition, score, splatLike(-kInfinity, score));
  }

  /// j <= i + T - S, on the [.., S, T] of the scores.
  Value causalMask(Value score) {
    SmallVector<OpFoldResult> extents = sizes(score);
    Type i64 = getBuilder().getI64Type();
    auto count = [&](int64_t dim) {
      auto [shape, values] = splitSizes(extents[dim]);
      Value numbers = IotaOp::create(getBuilder(), getLoc(),
                                     RankedTensorType::get(shape, i64), values,
                                     /*dimension=*/0);
      return broadcast(numbers, {extents[2], extents[3]}, {dim - 2});
    };
    Value queries = count(2), keys = count(3);
    auto total = [&](int64_t dim) {
      return broadcast(indexScalar(extents[dim], i64), {extents[2], extents[3]},
                       {});
    };
    Value last = add(queries, sub(total(3), total(2)));
    return broadcast(compare(ComparePredicate::le, keys, last), extents,
                     {2, 3});
  }

  /// Whether nothing is seen by each query, [B, H, S], by its largest score.
  Value seesNothing(Value maximum) {
    return compare(ComparePredicate::eq, maximum,
                   splatLike(-kInfinity, maximum));
  }

  OpTy op;
  typename OpTy::Adaptor in;
  Type element, wide;
  int64_t group;
  Value tanh;
};

} // namespace

Expansion AttentionOp::decompose(OpBuilder &builder, ValueRange operands) {
  Formulas<AttentionOp> b(*this, builder, operands);
  Value score = b.scores();
  Value maximum = b.reduce<ReduceMaxOp>(score, 3);
  Value weights = SoftmaxOp::create(builder, getLoc(), score.getType(), score,
                                    /*axis=*/3);
  Value shift = maximum;
  if (b.canHideAll()) {
    Value blind = b.seesNothing(maximum);
    weights = b.select(b.broadcastAlong(blind, score, 3),
                       b.splatLike(0.0, score), weights);
    // -inf - -inf would be NaN.
    shift = b.select(blind, b.splatLike(0.0, maximum), maximum);
  }
  Value shifted = b.sub(score, b.broadcastAlong(shift, score, 3));
  Value sum = b.reduceSum(b.unary<ExpOp>(shifted), 3);
  Value lse = b.add(shift, b.unary<LogOp>(sum));
  Value result = b.contract(b.rows() + "t,bhte->" + b.rows() + "e",
                            b.split(weights), b.in.getValue());
  if (b.group > 1) {
    SmallVector<OpFoldResult> extents = b.sizes(b.in.getQuery());
    extents[3] = b.sizes(b.in.getValue())[3];
    result = b.reshape(result, extents);
  }
  return SmallVector<Value>{b.convert(result, b.element), lse};
}

Expansion AttentionGradOp::decompose(OpBuilder &builder, ValueRange operands) {
  Formulas<AttentionGradOp> b(*this, builder, operands);
  Value score = b.scores();
  Value lse = b.in.getLse();
  if (b.canHideAll())
    lse = b.select(b.seesNothing(lse), b.splatLike(0.0, lse), lse);
  Value weights = b.unary<ExpOp>(b.sub(score, b.broadcastAlong(lse, score, 3)));
  Value g = b.split(b.in.getG());
  Value splitWeights = b.split(weights);
  Value dValue =
      b.contract(b.rows() + "t," + b.rows() + "e->bhte", splitWeights, g);
  Value dWeights =
      b.contract(b.rows() + "e,bhte->" + b.rows() + "t", g, b.in.getValue());
  dWeights = b.join(dWeights, score);
  Value dScore = b.mul(
      weights, b.sub(dWeights, b.broadcastAlong(b.in.getDelta(), score, 3)));
  SmallVector<Value> results;
  Value dMask;
  if (getDMask())
    dMask = b.convert(b.reduceToMask(dScore), b.element);
  if (getSoftcap())
    dScore =
        b.mul(dScore, b.sub(b.splatLike(1.0, b.tanh), b.mul(b.tanh, b.tanh)));
  double scale = getScale().convertToDouble();
  if (scale != 1.0)
    dScore = b.mulScalar(dScore, scale);
  dScore = b.split(dScore);
  Value dQuery =
      b.contract(b.rows() + "t,bhtd->" + b.rows() + "d", dScore, b.in.getKey());
  Value dKey = b.contract(b.rows() + "t," + b.rows() + "d->bhtd", dScore,
                          b.split(b.in.getQuery()));
  results = {b.convert(b.join(dQuery, b.in.getQuery()), b.element),
             b.convert(dKey, b.element), b.convert(dValue, b.element)};
  if (dMask)
    results.push_back(dMask);
  return results;
}

#define GET_OP_CLASSES
#include "dialects/graph/ops/attention/Attention.cpp.inc"
