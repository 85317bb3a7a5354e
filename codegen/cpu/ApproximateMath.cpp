//===- ApproximateMath.cpp - exp, log, tanh and erf by polynomials --------===//
// Calls of libm, one per lane, are what is left without this pass: 10 to 40
// times the time. The expansions have no branches; special values go through
// selects that let NaN pass.
//
// Sources: log and tanh follow S. Moshier's Cephes library (single
// precision); erf is N. Juffa's two-piece approximation.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/MarkNonpositive.h"
#include "codegen/cpu/Passes.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace msc::cpu {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "codegen/cpu/Passes.h.inc"
} // namespace msc::cpu

namespace {

/// Writes f32 arithmetic on values of one shape, scalar or vector.
class Expression {
public:
  Expression(PatternRewriter &b, Location loc, Type type)
      : b(b), loc(loc), type(type), integerType(withElement(b.getI32Type())),
        contract(arith::FastMathFlags::contract) {}

  Value constant(double value) {
    return splat(b.getF32FloatAttr(float(value)), type);
  }
  Value integer(int32_t value) {
    return splat(b.getI32IntegerAttr(value), integerType);
  }
  Value add(Value x, Value y) {
    return arith::AddFOp::create(b, loc, x, y, arith::FastMathFlags::none);
  }
  Value sub(Value x, Value y) {
    return arith::SubFOp::create(b, loc, x, y, arith::FastMathFlags::none);
  }
  Value mul(Value x, Value y) {
    return arith::MulFOp::create(b, loc, x, y, arith::FastMathFlags::none);
  }
  Value div(Value x, Value y) { return arith::DivFOp::create(b, loc, x, y); }
  /// x * y + z, in one instruction where the CPU has one.
  Value mulAdd(Value x, Value y, Value z) {
    Value product = arith::MulFOp::create(b, loc, x, y, contract);
    return arith::AddFOp::create(b, loc, product, z, contract);
  }
  Value mulAdd(Value x, Value y, double z) { return mulAdd(x, y, constant(z)); }
  /// Horner's scheme, the highest coefficient first.
  Value polynomial(Value x, ArrayRef<double> coefficients) {
    Value sum = constant(coefficients[0]);
    for (double coefficient : coefficients.drop_front())
      sum = mulAdd(sum, x, coefficient);
    return sum;
  }
  Value abs(Value x) { return math::AbsFOp::create(b, loc, x); }
  Value copySign(Value x, Value sign) {
    return math::CopySignOp::create(b, loc, x, sign);
  }
  Value compare(arith::CmpFPredicate predicate, Value x, Value y) {
    return arith::CmpFOp::create(b, loc, predicate, x, y);
  }
  Value select(Value condition, Value x, Value y) {
    return arith::SelectOp::create(b, loc, condition, x, y);
  }
  Value bits(Value x) {
    return arith::BitcastOp::create(b, loc, integerType, x);
  }
  Value fromBits(Value x) { return arith::BitcastOp::create(b, loc, type, x); }
  Value addInt(Value x, Value y) { return arith::AddIOp::create(b, loc, x, y); }
  Value subInt(Value x, Value y) { return arith::SubIOp::create(b, loc, x, y); }
  Value shiftLeft(Value x, int32_t by) {
    return arith::ShLIOp::create(b, loc, x, integer(by));
  }
  Value shiftRight(Value x, int32_t by) {
    return arith::ShRSIOp::create(b, loc, x, integer(by));
  }
  Value andInt(Value x, int32_t mask) {
    return arith::AndIOp::create(b, loc, x, integer(mask));
  }
  Value orInt(Value x, int32_t mask) {
    return arith::OrIOp::create(b, loc, x, integer(mask));
  }
  Value toFloat(Value x) { return arith::SIToFPOp::create(b, loc, type, x); }

  /// e^x. Beyond [-104, 89] the result is 0 or infinity.
  Value exp(Value x) {
    Value high = constant(89.0), low = constant(-104.0);
    Value y = select(compare(arith::CmpFPredicate::OGT, x, high), high, x);
    y = select(compare(arith::CmpFPredicate::OLT, y, low), low, y);
    // 2^n in two factors, since n is -150 to 128: with 2 * 127 more in the low
    // bits each half has the bias of an exponent.
    auto [p, shifted] = reducedExp(y, 254);
    Value half = shiftLeft(shiftRight(bits(shifted), 1), 23);
    Value rest = subInt(shiftLeft(bits(shifted), 23), half);
    return mul(mul(p, fromBits(half)), fromBits(rest));
  }

  /// e^x for x <= 0; results below the normal numbers may be 0.
  Value expOfNonpositive(Value x) {
    Value low = constant(-88.0);
    Value y = select(compare(arith::CmpFPredicate::OLT, x, low), low, x);
    // n is -127 to 0, and the bits of 2^-127 are taken for those of 0.
    auto [p, shifted] = reducedExp(y, 127);
    return mul(p, fromBits(shiftLeft(bits(shifted), 23)));
  }

  Value log(Value x) {
    // Subnormal numbers are scaled into the normal range first.
    Value isSmall =
        compare(arith::CmpFPredicate::OLT, x, constant(1.17549435e-38));
    Value scaled = select(isSmall, mul(x, constant(8388608.0)), x);
    Value raw = bits(scaled);
    Value exponent = toFloat(subInt(shiftRight(raw, 23), integer(126)));
    exponent = sub(exponent, select(isSmall, constant(23.0), constant(0.0)));
    Value m = fromBits(orInt(andInt(raw, 0x007FFFFF), 0x3F000000));
    Value isLow =
        compare(arith::CmpFPredicate::OLT, m, constant(0.70710678118654752));
    exponent = sub(exponent, select(isLow, constant(1.0), constant(0.0)));
    Value f = sub(add(m, select(isLow, m, constant(0.0))), constant(1.0));
    Value z = mul(f, f);
    Value p =
        polynomial(f, {7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1,
                       -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
                       2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1});
    Value y = mul(mul(p, f), z);
    y = mulAdd(exponent, constant(-2.12194440e-4), y);
    y = mulAdd(z, constant(-0.5), y);
    Value result = mulAdd(exponent, constant(0.693359375), add(f, y));
    // Infinity and NaN are themselves, 0 is -infinity, below 0 is NaN.
    Value infinity = constant(std::numeric_limits<float>::infinity());
    Value zero = constant(0.0);
    result = select(compare(arith::CmpFPredicate::OLT, x, infinity), result, x);
    result = select(compare(arith::CmpFPredicate::OLT, x, zero),
                    constant(std::numeric_limits<float>::quiet_NaN()), result);
    return select(compare(arith::CmpFPredicate::OEQ, x, zero),
                  constant(-std::numeric_limits<float>::infinity()), result);
  }

  Value tanh(Value x) {
    Value z = mul(x, x);
    Value p =
        polynomial(z, {-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2,
                       1.33314422036e-1, -3.33332819422e-1});
    Value small = mulAdd(mul(p, z), x, x);
    Value size = abs(x);
    Value e = exp(add(size, size));
    Value large = sub(constant(1.0), div(constant(2.0), add(e, constant(1.0))));
    Value isSmall = compare(arith::CmpFPredicate::OLT, size, constant(0.625));
    return select(isSmall, small, copySign(large, x));
  }

  Value erf(Value x) {
    Value t = abs(x), s = mul(x, x);
    Value r = mulAdd(constant(-1.72853470e-5), t, 3.83197126e-4);
    Value u = mulAdd(constant(-3.88396438e-3), t, 2.42546219e-2);
    r = mulAdd(r, s, u);
    r = mulAdd(r, t, -1.06777877e-1);
    r = mulAdd(r, t, -6.34846687e-1);
    r = mulAdd(r, t, -1.28717512e-1);
    r = sub(mul(r, t), t);
    // Beyond 4 the result is 1; the polynomial must not come back there.
    Value isFar = compare(arith::CmpFPredicate::OGT, t, constant(4.0));
    r = select(isFar, constant(-100.0), r);
    Value large = copySign(sub(constant(1.0), exp(r)), x);
    Value q = polynomial(s, {-5.96761703e-4, 4.99119423e-3, -2.67681349e-2,
                             1.12819925e-1, -3.76125336e-1, 1.28379166e-1});
    Value small = mulAdd(q, x, x);
    Value isLarge =
        compare(arith::CmpFPredicate::OGT, t, constant(0.927734375));
    return select(isLarge, large, small);
  }

private:
  /// e^y = p * 2^n: p, and a number whose low bits are n + bias.
  std::pair<Value, Value> reducedExp(Value y, int32_t bias) {
    // n = round(y / ln 2), by adding 1.5 * 2^23.
    Value magic = constant(12582912.0 + bias);
    Value shifted = mulAdd(y, constant(1.44269504088896341), magic);
    Value n = sub(shifted, magic);
    Value r = mulAdd(n, constant(-0.693359375), y);
    r = mulAdd(n, constant(2.12194440e-4), r);
    // Least relative error, 3.1e-9, of all with this form on |r| <= ln 2 / 2.
    Value p =
        polynomial(r, {1.3814173872e-3, 8.3689214662e-3, 4.1668407619e-2,
                       1.6666519642e-1, 4.9999994040e-1, 1.0, 1.0});
    return {p, shifted};
  }

  Type withElement(Type element) {
    if (auto vector = dyn_cast<VectorType>(type))
      return vector.clone(element);
    return element;
  }
  Value splat(TypedAttr value, Type as) {
    if (auto vector = dyn_cast<VectorType>(as))
      value = DenseElementsAttr::get(vector, Attribute(value));
    return arith::ConstantOp::create(b, loc, value);
  }

  PatternRewriter &b;
  Location loc;
  Type type, integerType;
  arith::FastMathFlags contract;
};

template <typename Op, Value (Expression::*function)(Value)>
struct ByPolynomial : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return b.notifyMatchFailure(op, "only f32 has a polynomial");
    Expression expression(b, op.getLoc(), op.getType());
    if (std::is_same_v<Op, math::ExpOp> &&
        op->hasAttr(msc::cpu::kNonpositiveAttr)) {
      b.replaceOp(op, expression.expOfNonpositive(op.getOperand()));
      return success();
    }
    b.replaceOp(op, (expression.*function)(op.getOperand()));
    return success();
  }
};

struct ApproximateMath : msc::cpu::impl::ApproximateMathBase<ApproximateMath> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ByPolynomial<math::ExpOp, &Expression::exp>,
                 ByPolynomial<math::LogOp, &Expression::log>,
                 ByPolynomial<math::TanhOp, &Expression::tanh>,
                 ByPolynomial<math::ErfOp, &Expression::erf>>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
