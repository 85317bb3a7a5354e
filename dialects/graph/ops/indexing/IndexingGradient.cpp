//===- IndexingGradient.cpp - Derivatives of indexing ops -----------------===//
//
// A gather and a scatter that adds are transposes of each other. The other
// scatters weigh each update: 1 for the one that was set, the product of all
// others at its place, a share among the equal extremes there.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/indexing/Indexing.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

namespace {

/// Gathers and scatters by the letters of one op in a derived program.
template <typename Context> struct Places : GraphBuilder {
  Places(Context &context, Operation *op, IndexSpec spec)
      : GraphBuilder(context.builder(), op->getLoc()), context(context), op(op),
        spec(spec) {}

  Value indices() { return context.primal(op->getOperand(1)); }

  /// As `values`, the op's result or updates: under its type, which may know
  /// less of the extents than the others together.
  Value gather(Value from, Value values) {
    Value taken = GatherOp::create(getBuilder(), getLoc(), spec.asGather(),
                                   from, indices());
    auto type = typeOf(values).clone(typeOf(taken).getElementType());
    if (taken.getType() == type)
      return taken;
    return tensor::CastOp::create(getBuilder(), getLoc(), type, taken);
  }
  Value scatter(ScatterCombiner combiner, Value into, Value updates) {
    return ScatterOp::create(getBuilder(), getLoc(), into.getType(), combiner,
                             spec.asScatter(), into, indices(), updates);
  }
  Value scatterAdd(Value into, Value updates) {
    return scatter(ScatterCombiner::add, into, updates);
  }

  /// Every element `value`, with the extents of an original value.
  Value filled(double value, Value original, Type elementType) {
    auto type = typeOf(original);
    if (type.hasStaticShape())
      return splat(
          value, elementType,
          getAsIndexOpFoldResult(getBuilder().getContext(), type.getShape()));
    return splatLike(value, context.primal(original), elementType);
  }
  Value zerosOf(Value original) {
    return filled(0.0, original, typeOf(original).getElementType());
  }

  Context &context;
  Operation *op;
  IndexSpec spec;
};

} // namespace

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

LogicalResult GatherOp::vjp(VjpContext &context) {
  OpOperand &operand = getOperation()->getOpOperand(0);
  if (!isDifferentiableType(getType()) || !context.wants(operand))
    return success();
  Value cotangent = context.cotangent(getOperation()->getResult(0));
  if (!cotangent)
    return success();
  Places p(context, *this, *IndexSpec::parse(getSpec(), "->"));
  context.accumulate(operand,
                     p.scatterAdd(p.zerosOf(operand.get()), cotangent));
  return success();
}

LogicalResult GatherOp::jvp(JvpContext &context) {
  if (!isDifferentiableType(getType()))
    return success();
  Value tangent = context.tangent(getOperation()->getOpOperand(0));
  if (!tangent)
    return success();
  Places p(context, *this, *IndexSpec::parse(getSpec(), "->"));
  context.setTangent(getOperation()->getResult(0),
                     p.gather(tangent, getResult()));
  return success();
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

namespace {

/// The weights of a scatter: how much of a change of the operand, and of each
/// update, arrives in the result.
template <typename Context> struct Scatter : Places<Context> {
  Scatter(Context &context, ScatterOp op)
      : Places<Context>(context, op, *IndexSpec::parse(op.getSpec(), ",")),
        op(op) {}

  Value gatherUpdates(Value from) {
    return this->gather(from, op.getUpdates());
  }

  /// `seed`, of the operand's shape, times the weight of each element.
  Value weighOperand(Value seed) {
    switch (op.getCombiner()) {
    case ScatterCombiner::add:
      return seed;
    case ScatterCombiner::set:
      return this->select(untouched(), seed, this->splatLike(0.0, seed));
    case ScatterCombiner::mul:
      return this->mul(seed, this->scatter(ScatterCombiner::mul,
                                           this->splatLike(1.0, seed), u()));
    case ScatterCombiner::max:
    case ScatterCombiner::min:
      return this->select(operandIsExtreme(), this->div(seed, count()),
                          this->splatLike(0.0, seed));
    }
    llvm_unreachable("no such combiner");
  }

  /// `seed`, of the updates' shape, times the weight of each update.
  Value weighUpdates(Value seed) {
    switch (op.getCombiner()) {
    case ScatterCombiner::add:
      return seed;
    case ScatterCombiner::set:
      return this->select(isLast(), seed, this->splatLike(0.0, seed));
    case ScatterCombiner::mul:
      return this->mul(seed, productOfOthers());
    case ScatterCombiner::max:
    case ScatterCombiner::min:
      return this->select(updateIsExtreme(),
                          this->div(seed, this->gatherUpdates(count())),
                          this->splatLike(0.0, seed));
    }
    llvm_unreachable("no such combiner");
  }

private:
  Value x() { return this->context.primal(op.getOperand()); }
  Value u() { return this->context.primal(op.getUpdates()); }
  Value result() { return this->context.primal(op.getResult()); }

  Value isEqual(Value lhs, Value rhs) {
    return this->compare(ComparePredicate::eq, lhs, rhs);
  }

  /// Where an element of the operand is left as it was.
  Value untouched() {
    return isEqual(winners(), this->splatLike(-1.0, winners()));
  }
  /// Which updates are the last at their places.
  Value isLast() { return isEqual(this->gatherUpdates(winners()), numbers()); }

  /// The updates numbered in row-major order.
  Value numbers() {
    if (numbersValue)
      return numbersValue;
    Type i64 = this->getBuilder().getI64Type();
    auto type = typeOf(op.getUpdates());
    SmallVector<OpFoldResult> extents =
        type.hasStaticShape()
            ? getAsIndexOpFoldResult(op.getContext(), type.getShape())
            : this->sizes(u());
    auto [shape, values] = splitSizes(extents);
    auto numberType = RankedTensorType::get(shape, i64);
    Value number = this->splat(0.0, i64, extents);
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      // number * extent + position
      Value position = IotaOp::create(this->getBuilder(), this->getLoc(),
                                      numberType, values, dim);
      Value scaled = number;
      if (dim > 0) {
        Value extent = extentAsTensor(extents[dim], i64);
        scaled = this->mul(number, this->broadcast(extent, extents, {}));
      }
      number = this->add(scaled, position);
    }
    return numbersValue = number;
  }

  Value extentAsTensor(OpFoldResult extent, Type i64) {
    if (auto constant = getConstantIntValue(extent))
      return this->scalar(static_cast<double>(*constant), i64);
    OpBuilder &b = this->getBuilder();
    Value integer =
        arith::IndexCastOp::create(b, this->getLoc(), i64, cast<Value>(extent));
    return tensor::FromElementsOp::create(
        b, this->getLoc(), RankedTensorType::get({}, i64), integer);
  }

  /// For each element of the result the number of the update that it is, or -1.
  Value winners() {
    if (winnersValue)
      return winnersValue;
    Type i64 = this->getBuilder().getI64Type();
    return winnersValue = this->scatter(
               ScatterCombiner::set, this->filled(-1.0, op.getOperand(), i64),
               numbers());
  }

  /// As for a reduction: one zero at a place leaves a weight for itself alone,
  /// two leave none.
  Value productOfOthers() {
    Value updates = u(), operand = x();
    Value zero = this->splatLike(0.0, updates),
          one = this->splatLike(1.0, updates);
    Value isZero = isEqual(updates, zero);
    Value nonZero = this->select(isZero, one, updates);
    Value operandZero = this->splatLike(0.0, operand),
          operandOne = this->splatLike(1.0, operand);
    Value operandIsZero = isEqual(operand, operandZero);
    Value product = this->gatherUpdates(
        this->scatter(ScatterCombiner::mul, operand, nonZero));
    Value zeros = this->gatherUpdates(
        this->scatterAdd(this->select(operandIsZero, operandOne, operandZero),
                         this->select(isZero, one, zero)));
    Value hasNone = isEqual(zeros, zero), hasOne = isEqual(zeros, one);
    Value ofZero = this->select(hasOne, product, zero);
    Value ofOther = this->select(hasNone, this->div(product, nonZero), zero);
    return this->select(isZero, ofZero, ofOther);
  }

  Value operandIsExtreme() { return isEqual(x(), result()); }
  Value updateIsExtreme() {
    return isEqual(u(), this->gatherUpdates(result()));
  }
  /// How many equal the extreme of each place.
  Value count() {
    Value operand = x(), updates = u();
    Value own = this->select(operandIsExtreme(), this->splatLike(1.0, operand),
                             this->splatLike(0.0, operand));
    return this->scatterAdd(own, this->select(updateIsExtreme(),
                                              this->splatLike(1.0, updates),
                                              this->splatLike(0.0, updates)));
  }

  ScatterOp op;
  Value numbersValue, winnersValue;
};

} // namespace

LogicalResult ScatterOp::vjp(VjpContext &context) {
  Value cotangent = context.cotangent(getOperation()->getResult(0));
  if (!isDifferentiableType(getType()) || !cotangent)
    return success();
  Scatter s(context, *this);
  OpOperand &operand = getOperation()->getOpOperand(0);
  OpOperand &updates = getOperation()->getOpOperand(2);
  if (context.wants(operand))
    context.accumulate(operand, s.weighOperand(cotangent));
  if (context.wants(updates))
    context.accumulate(updates, s.weighUpdates(s.gatherUpdates(cotangent)));
  return success();
}

LogicalResult ScatterOp::jvp(JvpContext &context) {
  if (!isDifferentiableType(getType()))
    return success();
  Value tangent = context.tangent(getOperation()->getOpOperand(0));
  Value updates = context.tangent(getOperation()->getOpOperand(2));
  if (!tangent && !updates)
    return success();
  Scatter s(context, *this);
  // Weighed, they add up.
  Value sum = tangent ? s.weighOperand(tangent) : s.zerosOf(getOperand());
  if (updates)
    sum = s.scatterAdd(sum, s.weighUpdates(updates));
  context.setTangent(getOperation()->getResult(0), sum);
  return success();
}

//===----------------------------------------------------------------------===//
// Cumulative sum
//===----------------------------------------------------------------------===//

static Value cumsum(OpBuilder &builder, CumsumOp op, Value x, bool reverse) {
  return CumsumOp::create(builder, op.getLoc(), x.getType(), x, op.getAxis(),
                          op.getExclusive(), reverse);
}

/// An element is in the sums after it: the running sum the other way.
LogicalResult CumsumOp::vjp(VjpContext &context) {
  OpOperand &operand = getOperation()->getOpOperand(0);
  Value cotangent = context.cotangent(getOperation()->getResult(0));
  if (isDifferentiableType(getType()) && cotangent && context.wants(operand))
    context.accumulate(
        operand, cumsum(context.builder(), *this, cotangent, !getReverse()));
  return success();
}

LogicalResult CumsumOp::jvp(JvpContext &context) {
  if (!isDifferentiableType(getType()))
    return success();
  if (Value tangent = context.tangent(getOperation()->getOpOperand(0)))
    context.setTangent(getOperation()->getResult(0),
                       cumsum(context.builder(), *this, tangent, getReverse()));
  return success();
}
