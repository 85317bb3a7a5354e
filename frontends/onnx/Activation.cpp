//===- Activation.cpp - Activation functions ------------------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "frontends/onnx/NodeImport.h"
#include <cmath>

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

/// f(x), narrow floats by way of f32: rounding after each step of a formula
/// would cost digits where rounding the result costs none.
static Value inWideType(NodeImport &n,
                        function_ref<Value(NodeImport &, Value)> function) {
  Type type = n.elementType(0);
  Value x = n.value(0);
  if (!isNarrowFloat(type))
    return function(n, x);
  Value wide = n.b.convert(x, n.builder().getF32Type());
  return n.b.convert(function(n, wide), type);
}

/// A handler that computes y = f(x) elementwise.
template <Value (*function)(NodeImport &, Value)>
static LogicalResult importFunction(NodeImport &n) {
  return n.result(inWideType(n, function), n.shape(0));
}

/// x where it is positive, else another value. NaN is not positive and goes
/// through the other value's formula, which lets it pass.
static Value wherePositive(NodeImport &n, Value x, Value otherwise) {
  Value isPositive = n.b.compare(Predicate::gt, x, n.b.splatLike(0.0, x));
  return n.b.select(isPositive, x, otherwise);
}

static Value clampUnit(NodeImport &n, Value x) {
  x = n.b.binary<MaxOp>(x, n.b.splatLike(0.0, x));
  return n.b.binary<MinOp>(x, n.b.splatLike(1.0, x));
}

static LogicalResult importRelu(NodeImport &n) {
  Value x = n.value(0);
  if (isa<FloatType>(n.elementType(0)))
    return n.result(n.b.unary<ReluOp>(x), n.shape(0));
  return n.result(n.b.binary<MaxOp>(x, n.b.splatLike(0.0, x)), n.shape(0));
}

static Value sigmoid(NodeImport &n, Value x) { return n.b.unary<SigmoidOp>(x); }

static Value leakyRelu(NodeImport &n, Value x) {
  double alpha = n.floatAttr("alpha", 0.01f);
  Value isNegative = n.b.compare(Predicate::lt, x, n.b.splatLike(0.0, x));
  return n.b.select(isNegative, n.b.mulScalar(x, alpha), x);
}

static Value elu(NodeImport &n, Value x) {
  double alpha = n.floatAttr("alpha", 1.0);
  return wherePositive(n, x, n.b.mulScalar(n.b.unary<Expm1Op>(x), alpha));
}

static Value selu(NodeImport &n, Value x) {
  double alpha = n.floatAttr("alpha", 1.67326319217681884765625);
  double gamma = n.floatAttr("gamma", 1.05070102214813232421875);
  Value inner =
      wherePositive(n, x, n.b.mulScalar(n.b.unary<Expm1Op>(x), alpha));
  return n.b.mulScalar(inner, gamma);
}

static Value celu(NodeImport &n, Value x) {
  double alpha = n.floatAttr("alpha", 1.0);
  Value scaled = n.b.div(x, n.b.splatLike(alpha, x));
  return wherePositive(n, x, n.b.mulScalar(n.b.unary<Expm1Op>(scaled), alpha));
}

static Value hardSigmoid(NodeImport &n, Value x) {
  double alpha = n.floatAttr("alpha", 0.2f), beta = n.floatAttr("beta", 0.5);
  return clampUnit(n, n.b.addScalar(n.b.mulScalar(x, alpha), beta));
}

static Value hardSwish(NodeImport &n, Value x) {
  // ONNX defines the op by a function with a constant of type float.
  Value sixth = n.b.mulScalar(x, static_cast<float>(1.0 / 6.0));
  return n.b.mul(x, clampUnit(n, n.b.addScalar(sixth, 0.5)));
}

static Value softplus(NodeImport &n, Value x) {
  return n.b.unary<SoftplusOp>(x);
}

static Value mish(NodeImport &n, Value x) {
  return n.b.mul(x, n.b.unary<TanhOp>(softplus(n, x)));
}

static Value softsign(NodeImport &n, Value x) {
  return n.b.div(x, n.b.addScalar(n.b.unary<AbsOp>(x), 1.0));
}

static Value swish(NodeImport &n, Value x) {
  double alpha = n.floatAttr("alpha", 1.0);
  Value scaled = alpha == 1.0 ? x : n.b.mulScalar(x, alpha);
  return n.b.mul(x, sigmoid(n, scaled));
}

static Value thresholdedRelu(NodeImport &n, Value x) {
  double alpha = n.floatAttr("alpha", 1.0);
  // NaN is not above the threshold, and passes.
  Value isBelow = n.b.compare(Predicate::le, x, n.b.splatLike(alpha, x));
  return n.b.select(isBelow, n.b.splatLike(0.0, x), x);
}

/// x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))
static Value geluByTanh(NodeImport &n, Value x) {
  Value cube = n.b.mul(x, n.b.mul(x, x));
  Value inner = n.b.mulScalar(n.b.add(x, n.b.mulScalar(cube, 0.044715)),
                              std::sqrt(2.0 / M_PI));
  Value tanh = n.b.unary<TanhOp>(inner);
  return n.b.mul(n.b.mulScalar(x, 0.5), n.b.addScalar(tanh, 1.0));
}

static Value gelu(NodeImport &n, Value x) { return n.b.unary<GeluOp>(x); }

static LogicalResult importGelu(NodeImport &n) {
  std::string approximate = n.stringAttr("approximate", "none");
  if (approximate == "none")
    return importFunction<gelu>(n);
  if (approximate == "tanh")
    return importFunction<geluByTanh>(n);
  return n.error("expected none or tanh as approximation, got " +
                 quoted(approximate));
}

static LogicalResult importShrink(NodeImport &n) {
  double bias = n.floatAttr("bias", 0.0), lambd = n.floatAttr("lambd", 0.5);
  Value x = n.value(0);
  // Integers are shrunk as floats: the bounds need not be integers.
  Type type = n.elementType(0);
  if (isa<IntegerType>(type))
    x = n.b.convert(x, n.builder().getF64Type());
  Value below = n.b.compare(Predicate::lt, x, n.b.splatLike(-lambd, x));
  Value above = n.b.compare(Predicate::gt, x, n.b.splatLike(lambd, x));
  Value inner =
      n.b.select(above, n.b.addScalar(x, -bias), n.b.splatLike(0.0, x));
  Value result = n.b.select(below, n.b.addScalar(x, bias), inner);
  return n.result(n.b.convert(result, type), n.shape(0));
}

static LogicalResult importPRelu(NodeImport &n) {
  Shaped given = n.in(1);
  // Before opset 7 a slope for each channel.
  if (n.version < 7 && n.rank(0) > 1 && n.rank(1) == 1 &&
      constantOf(n.shape(1)[0]) != 1) {
    Shape aligned(n.rank(0) - 1, n.math.constant(1));
    aligned.front() = n.shape(1)[0];
    given = n.reshape(given, aligned);
  }
  auto slope = n.broadcastTo(given, n.shape(0));
  if (failed(slope))
    return failure();
  Value x = n.value(0);
  Value isNegative = n.b.compare(Predicate::lt, x, n.b.splatLike(0.0, x));
  return n.result(n.b.select(isNegative, n.b.mul(x, *slope), x), n.shape(0));
}

static constexpr OpEntry kOps[] = {
    {"Celu", {12, 28}, 1, 1, 1, kFloat, importFunction<celu>},
    {"Elu", {6, 22}, 1, 1, 1, kFloat, importFunction<elu>},
    {"Gelu", {20}, 1, 1, 1, kFloat, importGelu},
    {"HardSigmoid", {6, 22}, 1, 1, 1, kFloat, importFunction<hardSigmoid>},
    {"HardSwish", {14, 22}, 1, 1, 1, kFloat, importFunction<hardSwish>},
    {"LeakyRelu", {6, 16}, 1, 1, 1, kFloat, importFunction<leakyRelu>},
    {"Mish", {18, 22}, 1, 1, 1, kFloat, importFunction<mish>},
    {"PRelu", {1, 6, 7, 9, 16}, 2, 2, 1, kNumber | kSame, importPRelu},
    {"Relu", {6, 13, 14}, 1, 1, 1, kNumber, importRelu},
    {"Selu", {6, 22}, 1, 1, 1, kFloat, importFunction<selu>},
    {"Shrink", {9}, 1, 1, 1, kNumber, importShrink},
    {"Sigmoid", {6, 13}, 1, 1, 1, kFloat, importFunction<sigmoid>},
    {"Softplus", {1, 22}, 1, 1, 1, kFloat, importFunction<softplus>},
    {"Softsign", {1, 22}, 1, 1, 1, kFloat, importFunction<softsign>},
    {"Swish", {24}, 1, 1, 1, kFloat, importFunction<swish>},
    {"ThresholdedRelu",
     {10, 22},
     1,
     1,
     1,
     kFloat,
     importFunction<thresholdedRelu>},
};

void msc::onnx::addActivationOps(OpTable &table) { table.add(kOps); }
