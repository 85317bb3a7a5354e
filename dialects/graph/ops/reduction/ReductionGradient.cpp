//===- ReductionGradient.cpp - Derivatives of reductions ------------------===//
//
// Each reduction has one weight per element of the operand: 1 for a sum, the
// product of all others for a product, 1 over the number of equal extremes for
// a maximum. The cotangent is spread and weighed; the tangent is weighed and
// summed.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/GraphBuilder.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

namespace {

/// A reduction in a derived program; values are asked for only when used.
template <typename Context> struct Reduction : GraphBuilder {
  Reduction(Context &context, Operation *op, ArrayRef<int64_t> dimensions)
      : GraphBuilder(context.builder(), op->getLoc()), context(context), op(op),
        dimensions(dimensions) {}

  Value x() { return context.primal(op->getOperand(0)); }
  Value result() { return context.primal(op->getResult(0)); }

  /// Repeats a value of the result's shape along the reduced dims. Asks for the
  /// operand only if one of these has an unknown extent.
  Value spread(Value reduced) {
    auto type = typeOf(op->getOperand(0));
    auto known = sizes(reduced);
    SmallVector<OpFoldResult> extents;
    SmallVector<int64_t> kept;
    Value like;
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      if (!llvm::is_contained(dimensions, dim)) {
        extents.push_back(known[kept.size()]);
        kept.push_back(dim);
      } else if (!type.isDynamicDim(dim)) {
        extents.push_back(getBuilder().getIndexAttr(type.getDimSize(dim)));
      } else {
        if (!like)
          like = x();
        extents.push_back(sizes(like)[dim]);
      }
    }
    return broadcast(reduced, extents, kept);
  }

  Context &context;
  Operation *op;
  ArrayRef<int64_t> dimensions;
};

/// `seed`, of the operand's shape, times the weight of each element.
template <typename Context>
using WeighFn = llvm::function_ref<Value(Reduction<Context> &, Value seed)>;

LogicalResult applyVjp(Operation *op, VjpContext &context,
                       ArrayRef<int64_t> dimensions,
                       WeighFn<VjpContext> weigh) {
  OpOperand &operand = op->getOpOperand(0);
  Value cotangent = context.cotangent(op->getResult(0));
  if (!cotangent || !context.wants(operand))
    return success();
  Reduction<VjpContext> r(context, op, dimensions);
  context.accumulate(operand, weigh(r, r.spread(cotangent)));
  return success();
}

LogicalResult applyJvp(Operation *op, JvpContext &context,
                       ArrayRef<int64_t> dimensions,
                       WeighFn<JvpContext> weigh) {
  Value tangent = context.tangent(op->getOpOperand(0));
  if (!tangent)
    return success();
  Reduction<JvpContext> r(context, op, dimensions);
  context.setTangent(op->getResult(0),
                     r.reduceSum(weigh(r, tangent), dimensions));
  return success();
}

template <typename Context> Value weighSum(Reduction<Context> &, Value seed) {
  return seed;
}

/// Product of the others. With zeros in the row it isn't result / x: one zero
/// leaves a weight for itself alone, two leave none. (Taken twice, the rows
/// with zeros keep only the part that lies in this formula.)
template <typename Context> Value weighProd(Reduction<Context> &r, Value seed) {
  Value x = r.x();
  Value zero = r.splatLike(0.0, x), one = r.splatLike(1.0, x);
  Value isZero = r.compare(ComparePredicate::eq, x, zero);
  Value nonZero = r.select(isZero, one, x);
  Value product =
      r.spread(r.template reduce<ReduceProdOp>(nonZero, r.dimensions));
  Value zeros =
      r.spread(r.reduceSum(r.select(isZero, one, zero), r.dimensions));
  Value hasNone = r.compare(ComparePredicate::eq, zeros, zero);
  Value hasOne = r.compare(ComparePredicate::eq, zeros, one);
  Value ofZero = r.select(hasOne, product, zero);
  Value ofOther = r.select(hasNone, r.div(product, nonZero), zero);
  return r.mul(seed, r.select(isZero, ofZero, ofOther));
}

/// Evenly over the elements that equal the extreme.
template <typename Context>
Value weighExtreme(Reduction<Context> &r, Value seed) {
  Value x = r.x();
  Value zero = r.splatLike(0.0, x), one = r.splatLike(1.0, x);
  Value chosen = r.compare(ComparePredicate::eq, x, r.spread(r.result()));
  Value count =
      r.spread(r.reduceSum(r.select(chosen, one, zero), r.dimensions));
  return r.select(chosen, r.div(seed, count), zero);
}

} // namespace

#define REDUCTION(OP, WEIGH)                                                   \
  LogicalResult OP::vjp(VjpContext &context) {                                 \
    return applyVjp(*this, context, getDimensions(), WEIGH<VjpContext>);       \
  }                                                                            \
  LogicalResult OP::jvp(JvpContext &context) {                                 \
    return applyJvp(*this, context, getDimensions(), WEIGH<JvpContext>);       \
  }

REDUCTION(ReduceSumOp, weighSum)
REDUCTION(ReduceProdOp, weighProd)
REDUCTION(ReduceMaxOp, weighExtreme)
REDUCTION(ReduceMinOp, weighExtreme)

// Not of floats.
#define NO_DERIVATIVE(OP)                                                      \
  LogicalResult OP::vjp(VjpContext &) { return success(); }                    \
  LogicalResult OP::jvp(JvpContext &) { return success(); }

NO_DERIVATIVE(ReduceAndOp)
NO_DERIVATIVE(ReduceOrOp)
NO_DERIVATIVE(ArgMaxOp)
NO_DERIVATIVE(ArgMinOp)
