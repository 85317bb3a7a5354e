//===- Elementwise.cpp - Elementwise ops to linalg ------------------------===//
//
// Every op becomes one generic whose payload is the op on scalars. The table at
// the end says which scalar ops a graph op is.
//
//===----------------------------------------------------------------------===//

#include "codegen/to_linalg/ToLinalg.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {
namespace {

/// Scalars of one payload. `type` is the element type of the op's first
/// data operand as the model has it, signedness included.
struct Scalars {
  OpBuilder &builder;
  Location loc;
  Operation *op;
  Type type;

  bool isFloat() const { return isa<FloatType>(type); }
  bool isUnsigned() const { return isUnsignedElement(type); }

  template <typename OpTy, typename... Args> Value make(Args &&...args) {
    return OpTy::create(builder, loc, std::forward<Args>(args)...);
  }
  Value constant(double value, Type of) {
    if (auto floatType = dyn_cast<FloatType>(of)) {
      APFloat number(value);
      bool lossy;
      number.convert(floatType.getFloatSemantics(),
                     APFloat::rmNearestTiesToEven, &lossy);
      return make<arith::ConstantFloatOp>(floatType, number);
    }
    return constant(APInt(of.getIntOrFloatBitWidth(),
                          static_cast<int64_t>(value), /*isSigned=*/true,
                          /*implicitTrunc=*/true),
                    of);
  }
  Value constant(const APInt &value, Type of) {
    return make<arith::ConstantOp>(IntegerAttr::get(of, value));
  }
  Value compare(arith::CmpFPredicate predicate, Value a, Value b) {
    return make<arith::CmpFOp>(predicate, a, b);
  }
  Value compare(arith::CmpIPredicate predicate, Value a, Value b) {
    return make<arith::CmpIOp>(predicate, a, b);
  }
  Value select(Value condition, Value a, Value b) {
    return make<arith::SelectOp>(condition, a, b);
  }
};

using Payload = Value (*)(Scalars &s, ValueRange x);

/// One scalar op for floats and one for integers.
template <typename FloatOp, typename IntOp>
Value arithmetic(Scalars &s, ValueRange x) {
  if (s.isFloat())
    return s.make<FloatOp>(x[0], x[1]);
  return s.make<IntOp>(x[0], x[1]);
}

/// One scalar op for floats, one for signed and one for unsigned integers.
template <typename FloatOp, typename SignedOp, typename UnsignedOp>
Value bySignedness(Scalars &s, ValueRange x) {
  if (s.isFloat())
    return s.make<FloatOp>(x[0], x[1]);
  if (s.isUnsigned())
    return s.make<UnsignedOp>(x[0], x[1]);
  return s.make<SignedOp>(x[0], x[1]);
}

template <typename OpTy> Value unary(Scalars &s, ValueRange x) {
  return s.make<OpTy>(x[0]);
}
template <typename OpTy> Value binary(Scalars &s, ValueRange x) {
  return s.make<OpTy>(x[0], x[1]);
}

/// Integer division must not trap: divisors 0 and, for signed types, -1 (the
/// least integer has no negation) are replaced by 1 first.
template <bool remainder> Value divide(Scalars &s, ValueRange x) {
  if (s.isFloat())
    return remainder ? s.make<arith::RemFOp>(x[0], x[1])
                     : s.make<arith::DivFOp>(x[0], x[1]);
  Type type = x[0].getType();
  Value zero = s.constant(0, type), one = s.constant(1, type);
  Value isZero = s.compare(arith::CmpIPredicate::eq, x[1], zero);
  if (s.isUnsigned()) {
    Value divisor = s.select(isZero, one, x[1]);
    return remainder ? s.make<arith::RemUIOp>(x[0], divisor)
                     : s.make<arith::DivUIOp>(x[0], divisor);
  }
  Value isMinusOne =
      s.compare(arith::CmpIPredicate::eq, x[1], s.constant(-1, type));
  Value special = s.make<arith::OrIOp>(isZero, isMinusOne);
  Value divisor = s.select(special, one, x[1]);
  if (remainder)
    return s.make<arith::RemSIOp>(x[0], divisor);
  Value quotient = s.make<arith::DivSIOp>(x[0], divisor);
  Value negated = s.make<arith::SubIOp>(zero, x[0]);
  return s.select(isMinusOne, negated, quotient);
}

Value negate(Scalars &s, ValueRange x) {
  if (s.isFloat())
    return s.make<arith::NegFOp>(x[0]);
  return s.make<arith::SubIOp>(s.constant(0, x[0].getType()), x[0]);
}

Value absolute(Scalars &s, ValueRange x) {
  if (s.isFloat())
    return s.make<math::AbsFOp>(x[0]);
  return s.isUnsigned() ? x[0] : s.make<math::AbsIOp>(x[0]);
}

/// x itself where it is neither above nor below zero: 0, -0 or NaN.
Value sign(Scalars &s, ValueRange x) {
  Type type = x[0].getType();
  Value zero = s.constant(0, type), one = s.constant(1, type);
  if (s.isUnsigned())
    return s.select(s.compare(arith::CmpIPredicate::ne, x[0], zero), one, zero);
  Value minusOne = s.constant(-1, type);
  Value above, below;
  if (s.isFloat()) {
    above = s.compare(arith::CmpFPredicate::OGT, x[0], zero);
    below = s.compare(arith::CmpFPredicate::OLT, x[0], zero);
  } else {
    above = s.compare(arith::CmpIPredicate::sgt, x[0], zero);
    below = s.compare(arith::CmpIPredicate::slt, x[0], zero);
  }
  return s.select(above, one, s.select(below, minusOne, x[0]));
}

/// A shift by the width or more is poison in arith; here it moves all bits out.
template <bool left> Value shift(Scalars &s, ValueRange x) {
  Type type = x[0].getType();
  unsigned width = type.getIntOrFloatBitWidth();
  Value limit = s.constant(APInt(width, width - 1), type);
  Value tooFar = s.compare(arith::CmpIPredicate::ugt, x[1], limit);
  Value amount = s.select(tooFar, limit, x[1]);
  if (!left && !s.isUnsigned())
    return s.make<arith::ShRSIOp>(x[0], amount);
  Value shifted = left ? s.make<arith::ShLIOp>(x[0], amount)
                       : s.make<arith::ShRUIOp>(x[0], amount);
  return s.select(tooFar, s.constant(0, type), shifted);
}

Value complement(Scalars &s, ValueRange x) {
  return s.make<arith::XOrIOp>(x[0], s.constant(-1, x[0].getType()));
}

Value compare(Scalars &s, ValueRange x) {
  ComparePredicate predicate = cast<CompareOp>(s.op).getPredicate();
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  static constexpr F floats[] = {F::OEQ, F::UNE, F::OLT,
                                 F::OLE, F::OGT, F::OGE};
  static constexpr I signedInts[] = {I::eq,  I::ne,  I::slt,
                                     I::sle, I::sgt, I::sge};
  static constexpr I unsignedInts[] = {I::eq,  I::ne,  I::ult,
                                       I::ule, I::ugt, I::uge};
  auto index = static_cast<unsigned>(predicate);
  if (s.isFloat())
    return s.compare(floats[index], x[0], x[1]);
  return s.compare(s.isUnsigned() ? unsignedInts[index] : signedInts[index],
                   x[0], x[1]);
}

Value select(Scalars &s, ValueRange x) { return s.select(x[0], x[1], x[2]); }

/// Float to integer: towards zero, saturating, 0 for NaN. arith's conversions
/// are poison outside the range, so those values are replaced first.
Value floatToInt(Scalars &s, Value x, IntegerType to, bool toUnsigned) {
  if (x.getType().getIntOrFloatBitWidth() < 32)
    x = s.make<arith::ExtFOp>(s.builder.getF32Type(), x);
  unsigned width = to.getWidth();
  double upper = std::ldexp(1.0, toUnsigned ? width : width - 1);
  double lower = toUnsigned ? 0.0 : -upper;
  Value zero = s.constant(0, x.getType());
  Value tooHigh = s.compare(arith::CmpFPredicate::OGE, x,
                            s.constant(upper, x.getType()));
  Value tooLow = s.compare(arith::CmpFPredicate::OLT, x,
                           s.constant(lower, x.getType()));
  Value isNan = s.compare(arith::CmpFPredicate::UNO, x, x);
  Value outside =
      s.make<arith::OrIOp>(s.make<arith::OrIOp>(tooHigh, tooLow), isNan);
  Value inside = s.select(outside, zero, x);
  Type type = IntegerType::get(to.getContext(), width);
  Value number = toUnsigned ? s.make<arith::FPToUIOp>(type, inside)
                            : s.make<arith::FPToSIOp>(type, inside);
  APInt highest =
      toUnsigned ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width);
  APInt lowest =
      toUnsigned ? APInt::getMinValue(width) : APInt::getSignedMinValue(width);
  number = s.select(tooHigh, s.constant(highest, type), number);
  return s.select(tooLow, s.constant(lowest, type), number);
}

Value convert(Scalars &s, ValueRange x) {
  Type from = s.type;
  Type to = getElementTypeOrSelf(s.op->getResult(0).getType());
  Value zero = s.constant(0, x[0].getType());
  if (to.isInteger(1)) {
    if (s.isFloat())
      return s.compare(arith::CmpFPredicate::UNE, x[0], zero);
    return s.compare(arith::CmpIPredicate::ne, x[0], zero);
  }
  if (auto toFloat = dyn_cast<FloatType>(to)) {
    if (!s.isFloat())
      return s.isUnsigned() ? s.make<arith::UIToFPOp>(to, x[0])
                            : s.make<arith::SIToFPOp>(to, x[0]);
    unsigned fromWidth = from.getIntOrFloatBitWidth();
    unsigned toWidth = toFloat.getWidth();
    if (fromWidth < toWidth)
      return s.make<arith::ExtFOp>(to, x[0]);
    if (fromWidth > toWidth)
      return s.make<arith::TruncFOp>(to, x[0]);
    if (from == to)
      return x[0];
    // Between formats of one width: through f32, exactly.
    return s.make<arith::TruncFOp>(
        to, s.make<arith::ExtFOp>(s.builder.getF32Type(), x[0]));
  }
  auto toInt = cast<IntegerType>(to);
  if (s.isFloat())
    return floatToInt(s, x[0], toInt, to.isUnsignedInteger());
  Type type = IntegerType::get(to.getContext(), toInt.getWidth());
  unsigned fromWidth = from.getIntOrFloatBitWidth();
  if (fromWidth > toInt.getWidth())
    return s.make<arith::TruncIOp>(type, x[0]);
  if (fromWidth == toInt.getWidth())
    return x[0];
  return s.isUnsigned() ? s.make<arith::ExtUIOp>(type, x[0])
                        : s.make<arith::ExtSIOp>(type, x[0]);
}

/// `0 > x ? 0 : x`: one maxps, and NaN passes.
Value relu(Scalars &s, ValueRange x) {
  Value zero = s.constant(0, x[0].getType());
  return s.select(s.compare(arith::CmpFPredicate::OGT, zero, x[0]), zero, x[0]);
}

Value sigmoid(Scalars &s, ValueRange x) {
  Value one = s.constant(1, x[0].getType());
  Value exponential = s.make<math::ExpOp>(s.make<arith::NegFOp>(x[0]));
  return s.make<arith::DivFOp>(one,
                               s.make<arith::AddFOp>(one, exponential));
}

Value softplus(Scalars &s, ValueRange x) {
  Value zero = s.constant(0, x[0].getType());
  Value decay = s.make<math::ExpOp>(
      s.make<arith::NegFOp>(s.make<math::AbsFOp>(x[0])));
  return s.make<arith::AddFOp>(s.make<arith::MaximumFOp>(x[0], zero),
                               s.make<math::Log1pOp>(decay));
}

Value gelu(Scalars &s, ValueRange x) {
  Type type = x[0].getType();
  Value scaled = s.make<arith::MulFOp>(
      x[0], s.constant(0.70710678118654752440, type));
  Value cdf = s.make<arith::AddFOp>(s.make<math::ErfOp>(scaled),
                                    s.constant(1, type));
  return s.make<arith::MulFOp>(
      s.make<arith::MulFOp>(x[0], s.constant(0.5, type)), cdf);
}

/// graph.op %a, %b : tensor<4xf32>
///   -> linalg.generic ins(%a, %b) outs(%empty) { payload }
struct ElementwisePattern : ConversionPattern {
  ElementwisePattern(const TypeConverter &converter, StringRef name,
                     MLIRContext *context, Payload payload)
      : ConversionPattern(converter, name, 1, context), payload(payload) {}

  LogicalResult
  matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op->getLoc();
    auto type = cast<RankedTensorType>(
        getTypeConverter()->convertType(op->getResult(0).getType()));
    Value destination =
        emptyLike(rewriter, loc, operands.front(), type.getElementType());
    AffineMap identity = rewriter.getMultiDimIdentityMap(type.getRank());
    SmallVector<AffineMap> maps(operands.size() + 1, identity);
    SmallVector<utils::IteratorType> iterators(type.getRank(),
                                               utils::IteratorType::parallel);
    // The type that the payload goes by: the condition of a select says less
    // than what is selected.
    Type element = getElementTypeOrSelf(op->getOperands().back().getType());
    auto generic = linalg::GenericOp::create(
        rewriter, loc, destination.getType(), operands, destination, maps,
        iterators,
        [&](OpBuilder &builder, Location loc, ValueRange arguments) {
          Scalars scalars{builder, loc, op, element};
          Value result = payload(scalars, arguments.drop_back());
          linalg::YieldOp::create(builder, loc, result);
        },
        sourceOpAttr(op));
    rewriter.replaceOp(op, generic);
    return success();
  }

  Payload payload;
};

} // namespace

void populateElementwiseToLinalgPatterns(const TypeConverter &converter,
                                         RewritePatternSet &patterns) {
  auto add = [&](StringRef name, Payload payload) {
    patterns.add<ElementwisePattern>(converter, name, patterns.getContext(),
                                     payload);
  };
#define LOWER(OP, PAYLOAD) add(OP::getOperationName(), PAYLOAD)
  LOWER(AddOp, (arithmetic<arith::AddFOp, arith::AddIOp>));
  LOWER(SubOp, (arithmetic<arith::SubFOp, arith::SubIOp>));
  LOWER(MulOp, (arithmetic<arith::MulFOp, arith::MulIOp>));
  LOWER(DivOp, divide</*remainder=*/false>);
  LOWER(RemOp, divide</*remainder=*/true>);
  LOWER(PowOp, binary<math::PowFOp>);
  LOWER(MaxOp, (bySignedness<arith::MaximumFOp, arith::MaxSIOp,
                             arith::MaxUIOp>));
  LOWER(MinOp, (bySignedness<arith::MinimumFOp, arith::MinSIOp,
                             arith::MinUIOp>));
  LOWER(NegOp, negate);
  LOWER(AbsOp, absolute);
  LOWER(SignOp, sign);
  LOWER(ExpOp, unary<math::ExpOp>);
  LOWER(LogOp, unary<math::LogOp>);
  LOWER(Log1pOp, unary<math::Log1pOp>);
  LOWER(Expm1Op, unary<math::ExpM1Op>);
  LOWER(SqrtOp, unary<math::SqrtOp>);
  LOWER(RsqrtOp, unary<math::RsqrtOp>);
  LOWER(SinOp, unary<math::SinOp>);
  LOWER(CosOp, unary<math::CosOp>);
  LOWER(TanOp, unary<math::TanOp>);
  LOWER(AsinOp, unary<math::AsinOp>);
  LOWER(AcosOp, unary<math::AcosOp>);
  LOWER(AtanOp, unary<math::AtanOp>);
  LOWER(SinhOp, unary<math::SinhOp>);
  LOWER(CoshOp, unary<math::CoshOp>);
  LOWER(TanhOp, unary<math::TanhOp>);
  LOWER(AsinhOp, unary<math::AsinhOp>);
  LOWER(AcoshOp, unary<math::AcoshOp>);
  LOWER(AtanhOp, unary<math::AtanhOp>);
  LOWER(ErfOp, unary<math::ErfOp>);
  LOWER(FloorOp, unary<math::FloorOp>);
  LOWER(CeilOp, unary<math::CeilOp>);
  LOWER(RoundEvenOp, unary<math::RoundEvenOp>);
  LOWER(AndOp, binary<arith::AndIOp>);
  LOWER(OrOp, binary<arith::OrIOp>);
  LOWER(XorOp, binary<arith::XOrIOp>);
  LOWER(ShiftLeftOp, shift</*left=*/true>);
  LOWER(ShiftRightOp, shift</*left=*/false>);
  LOWER(NotOp, complement);
  LOWER(CompareOp, compare);
  LOWER(SelectOp, select);
  LOWER(ConvertOp, convert);
  LOWER(ReluOp, relu);
  LOWER(SigmoidOp, sigmoid);
  LOWER(SoftplusOp, softplus);
  LOWER(GeluOp, gelu);
#undef LOWER
}

} // namespace msc
