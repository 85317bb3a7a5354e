//===- Elementwise.cpp - Arithmetic, comparisons, bits, types -------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "frontends/onnx/NodeImport.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"
#include <limits>

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

template <typename OpTy> static LogicalResult importUnary(NodeImport &n) {
  return n.result(n.b.unary<OpTy>(n.value(0)), n.shape(0));
}

static LogicalResult importNeg(NodeImport &n) {
  if (auto elements = n.elements(0);
      elements && n.elementType(0).isSignlessInteger()) {
    Shape negated;
    for (Index element : *elements)
      negated.push_back(n.math.mul(element, -1));
    if (!llvm::is_contained(negated, Index()))
      return n.resultElements(negated, n.shape(0), n.elementType(0));
  }
  return importUnary<NegOp>(n);
}

static LogicalResult importReciprocal(NodeImport &n) {
  Value x = n.value(0);
  return n.result(n.b.div(n.b.splatLike(1.0, x), x), n.shape(0));
}

static LogicalResult importIsNaN(NodeImport &n) {
  Value x = n.value(0);
  return n.result(n.b.compare(Predicate::ne, x, x), n.shape(0));
}

static LogicalResult importIsInf(NodeImport &n) {
  bool positive = n.flagAttr("detect_positive", true);
  bool negative = n.flagAttr("detect_negative", true);
  Value x = n.value(0);
  constexpr double kInf = std::numeric_limits<double>::infinity();
  // f8E4M3FN has no infinity, and its rounding gives NaN, equal to nothing.
  if (positive && negative)
    x = n.b.unary<AbsOp>(x);
  Value infinity = n.b.splatLike(negative && !positive ? -kInf : kInf, x);
  if (!positive && !negative)
    infinity = n.b.splatLike(std::numeric_limits<double>::quiet_NaN(), x);
  return n.result(n.b.compare(Predicate::eq, x, infinity), n.shape(0));
}

static LogicalResult importIdentity(NodeImport &n) {
  if (!n.input(0).isTensor())
    return n.resultTensor(n.input(0));
  // A result may not be an initialiser's own entry: it has another name.
  if (n.elements(0))
    return n.resultElements(*n.elements(0), n.shape(0), n.elementType(0));
  return n.result(n.value(0), n.shape(0));
}

static LogicalResult importDropout(NodeImport &n) {
  if (n.version < 7 && !n.flagAttr("is_test", false))
    return n.unsupported("training mode");
  if (n.has(2)) {
    const TensorData *training = n.data(2);
    if (!training || training->type != DataType::Bool ||
        training->bytes.size() != 1)
      return n.unsupported("training mode is not known at compile time");
    if (training->bytes[0])
      return n.unsupported("training mode");
  }
  if (n.wants(1)) {
    // Opset 7 gives the mask the input's type, later ones make it boolean.
    Type type = n.version < 10 ? n.elementType(0) : n.builder().getI1Type();
    if (failed(n.result(1, n.splat(1.0, n.shape(0), type), n.shape(0))))
      return failure();
  }
  return n.result(n.value(0), n.shape(0));
}

//===----------------------------------------------------------------------===//
// Two operands and more
//===----------------------------------------------------------------------===//

/// Elementwise arithmetic on shapes, where both sides are known. Null where it
/// is not, or where an element overflows: then it is done at run time.
static std::optional<std::pair<Shape, Shape>>
foldIndices(NodeImport &n, llvm::function_ref<Index(Index, Index)> fold) {
  // Narrower and unsigned types wrap around early.
  Type type = n.elementType(0);
  if (!type.isSignlessInteger(32) && !type.isSignlessInteger(64))
    return std::nullopt;
  if (!n.isShapeArithmetic() || n.rank(0) > 1 || n.rank(1) > 1 ||
      (n.version < 7 && n.shape(0) != n.shape(1)))
    return std::nullopt;
  ArrayRef<Index> lhs = *n.elements(0), rhs = *n.elements(1);
  if (lhs.size() != rhs.size() && lhs.size() != 1 && rhs.size() != 1)
    return std::nullopt;
  Shape results;
  // An empty vector and a single element give an empty one.
  size_t size = lhs.size() == 1 ? rhs.size() : lhs.size();
  for (size_t i = 0; i < size; ++i) {
    Index result =
        fold(lhs[lhs.size() == 1 ? 0 : i], rhs[rhs.size() == 1 ? 0 : i]);
    if (!result)
      return std::nullopt;
    results.push_back(result);
  }
  Shape shape;
  if (n.rank(0) == 1 || n.rank(1) == 1)
    shape.push_back(n.math.constant(size));
  return std::make_pair(results, shape);
}

template <typename OpTy> static LogicalResult importBinary(NodeImport &n) {
  SmallVector<Value, 2> operands;
  auto shape = n.broadcastOperands(operands);
  if (failed(shape))
    return failure();
  return n.result(n.b.binary<OpTy>(operands[0], operands[1]), *shape);
}

/// Of booleans that come from comparing extents, the result is known too.
template <typename OpTy, bool (*logic)(bool, bool)>
static LogicalResult importLogic(NodeImport &n) {
  auto lhs = n.constants(0), rhs = n.constants(1);
  if (lhs && rhs && n.shape(0) == n.shape(1)) {
    Shape results;
    for (auto [a, b] : llvm::zip_equal(*lhs, *rhs))
      results.push_back(n.math.constant(logic(a != 0, b != 0)));
    return n.resultElements(results, n.shape(0), n.elementType(0));
  }
  return importBinary<OpTy>(n);
}

static bool bothOf(bool a, bool b) { return a && b; }
static bool anyOf(bool a, bool b) { return a || b; }
static bool oneOf(bool a, bool b) { return a != b; }

/// Whether an index is 0 or 1, as what comparing extents gives.
static bool isFlag(NodeImport &n, Index index) {
  IndexRange range = n.math.rangeOf(index);
  return range.min >= 0 && range.max <= 1;
}

static LogicalResult importNot(NodeImport &n) {
  auto operand = n.elements(0);
  if (!operand)
    return importUnary<NotOp>(n);
  Shape results;
  for (Index element : *operand)
    results.push_back(n.math.sub(n.math.constant(1), element));
  return n.resultElements(results, n.shape(0), n.elementType(0));
}

template <typename OpTy, Index (IndexMath::*method)(Index, Index)>
static LogicalResult importArithmetic(NodeImport &n) {
  auto folded =
      foldIndices(n, [&](Index a, Index b) { return (n.math.*method)(a, b); });
  if (folded)
    return n.resultElements(folded->first, folded->second, n.elementType(0));
  return importBinary<OpTy>(n);
}

static LogicalResult importDiv(NodeImport &n) {
  auto divide = [&](Index a, Index b) -> Index {
    auto lhs = constantOf(a), rhs = constantOf(b);
    if (lhs && rhs && *rhs != 0 && *rhs != -1)
      return n.math.constant(*lhs / *rhs);
    // Rounding down is rounding to zero.
    if (n.math.rangeOf(a).min >= 0 && n.math.rangeOf(b).min > 0)
      return n.math.floorDiv(a, b);
    return {};
  };
  if (auto folded = foldIndices(n, divide))
    return n.resultElements(folded->first, folded->second, n.elementType(0));
  return importBinary<DivOp>(n);
}

static LogicalResult importMod(NodeImport &n) {
  bool fmod = n.flagAttr("fmod", false);
  Type type = n.elementType(0);
  if (isa<FloatType>(type) && !fmod && n.version < 28)
    return n.error("expected fmod = 1 for floats");
  auto fold = [&](Index a, Index b) -> Index {
    if (n.math.rangeOf(a).min < 0 || n.math.rangeOf(b).min <= 0)
      return {};
    return n.math.sub(a, n.math.mul(n.math.floorDiv(a, b), b));
  };
  if (auto folded = foldIndices(n, fold))
    return n.resultElements(folded->first, folded->second, type);
  SmallVector<Value, 2> operands;
  auto shape = n.broadcastInputs(operands);
  if (failed(shape))
    return failure();
  Value divisor = operands[1];
  Value rem = n.b.binary<RemOp>(operands[0], divisor);
  if (fmod || type.isUnsignedInteger())
    return n.result(rem, *shape);
  // The sign of the divisor, also of a zero.
  Value zero = n.b.splatLike(0.0, rem);
  Value remNegative = n.b.compare(Predicate::lt, rem, zero);
  Value divisorNegative = n.b.compare(Predicate::lt, divisor, zero);
  Value differ = n.b.binary<XorOp>(remNegative, divisorNegative);
  Value isZero = n.b.compare(Predicate::eq, rem, zero);
  Value moved = n.b.select(differ, n.b.add(rem, divisor), rem);
  Value signedZero = zero;
  if (isa<FloatType>(type))
    signedZero = n.b.select(divisorNegative, n.b.splatLike(-0.0, rem), zero);
  return n.result(n.b.select(isZero, signedZero, moved), *shape);
}

static LogicalResult importPow(NodeImport &n) {
  SmallVector<Value, 2> operands;
  auto shape = n.broadcastOperands(operands);
  if (failed(shape))
    return failure();
  // In the base's type, integers by way of f64, as ONNX's reference does.
  Type type = n.elementType(0);
  if (!isa<FloatType>(n.elementType(1)) && !isa<IntegerType>(n.elementType(1)))
    return n.error("expected a number as exponent");
  bool isInteger = isa<IntegerType>(type);
  Type powType =
      isInteger || n.elementType(1).isF64() ? n.builder().getF64Type() : type;
  // A wide exponent of a narrow base must not be rounded first.
  if (isNarrowFloat(type) && n.elementType(1) != type)
    powType = n.builder().getF32Type();
  Value power = n.b.pow(n.b.convert(operands[0], powType),
                        n.b.convert(operands[1], powType));
  return n.result(n.b.convert(power, type), *shape);
}

template <typename OpTy> static LogicalResult importVariadic(NodeImport &n) {
  SmallVector<Value> operands;
  auto shape = n.broadcastInputs(operands);
  if (failed(shape))
    return failure();
  Value result = operands[0];
  for (Value operand : ArrayRef<Value>(operands).drop_front())
    result = n.b.binary<OpTy>(result, operand);
  return n.result(result, *shape);
}

template <typename OpTy, Index (IndexMath::*method)(Index, Index)>
static LogicalResult importExtreme(NodeImport &n) {
  if (n.numInputs() == 2)
    if (auto folded = foldIndices(
            n, [&](Index a, Index b) { return (n.math.*method)(a, b); }))
      return n.resultElements(folded->first, folded->second, n.elementType(0));
  return importVariadic<OpTy>(n);
}

static LogicalResult importMean(NodeImport &n) {
  SmallVector<Value> operands;
  auto shape = n.broadcastInputs(operands);
  if (failed(shape))
    return failure();
  Value sum = operands[0];
  for (Value operand : ArrayRef<Value>(operands).drop_front())
    sum = n.b.add(sum, operand);
  return n.result(n.b.div(sum, n.b.splatLike(operands.size(), sum)), *shape);
}

template <Predicate predicate>
static LogicalResult importCompare(NodeImport &n) {
  // Exporters compare extents with -1 to find out which dims to keep.
  auto fold = [&](Index a, Index b) -> Index {
    IndexRange lhs = n.math.rangeOf(a), rhs = n.math.rangeOf(b);
    if (predicate != Predicate::eq)
      return {};
    if (a == b)
      return n.math.constant(1);
    if (lhs.max < rhs.min || rhs.max < lhs.min)
      return n.math.constant(0);
    // Of a single pair, on which a branch may depend, as a formula.
    if (n.math.depthOf(a) || n.math.depthOf(b) || n.elements(0)->size() != 1 ||
        n.elements(1)->size() != 1)
      return {};
    Index difference = n.math.sub(a, b);
    Index distance = n.math.max(difference, n.math.mul(difference, -1));
    Index one = n.math.constant(1);
    return n.math.sub(one, n.math.min(one, distance));
  };
  Type boolean = n.builder().getI1Type();
  if (auto folded = foldIndices(n, fold))
    return n.resultElements(folded->first, folded->second, boolean);
  SmallVector<Value, 2> operands;
  auto shape = n.broadcastOperands(operands);
  if (failed(shape))
    return failure();
  return n.result(n.b.compare(predicate, operands[0], operands[1]), *shape);
}

static LogicalResult importWhere(NodeImport &n) {
  if (n.elementType(1) != n.elementType(2))
    return n.error("expected one element type in both branches");
  if (n.isShapeArithmetic() && n.rank(0) <= 1 && n.shape(0) == n.shape(1) &&
      n.shape(0) == n.shape(2)) {
    Shape chosen;
    for (auto [condition, a, b] :
         llvm::zip_equal(*n.elements(0), *n.elements(1), *n.elements(2)))
      if (auto constant = constantOf(condition))
        chosen.push_back(*constant ? a : b);
    if (chosen.size() == n.elements(0)->size())
      return n.resultElements(chosen, n.shape(0), n.elementType(1));
  }
  SmallVector<Value, 3> operands;
  auto shape = n.broadcastInputs(operands);
  if (failed(shape))
    return failure();
  return n.result(n.b.select(operands[0], operands[1], operands[2]), *shape);
}

static LogicalResult importBitShift(NodeImport &n) {
  std::string direction = n.stringAttr("direction", "");
  Type type = n.elementType(0);
  if (!type.isUnsignedInteger() && n.version < 28)
    return n.error("expected unsigned integers");
  if (direction != "LEFT" && direction != "RIGHT")
    return n.error("expected LEFT or RIGHT as direction, got " +
                   quoted(direction));
  if (type.isUnsignedInteger())
    return direction == "LEFT" ? importBinary<ShiftLeftOp>(n)
                               : importBinary<ShiftRightOp>(n);
  // A negative amount counts as one beyond the width: only the sign is left.
  SmallVector<Value, 2> operands;
  auto shape = n.broadcastInputs(operands);
  if (failed(shape))
    return failure();
  auto [x, amount] = std::make_pair(operands[0], operands[1]);
  double width = type.getIntOrFloatBitWidth();
  Value zero = n.b.splatLike(0.0, x);
  Value beyond = n.b.binary<OrOp>(
      n.b.compare(Predicate::lt, amount, zero),
      n.b.compare(Predicate::ge, amount, n.b.splatLike(width, x)));
  Value bounded = n.b.select(beyond, n.b.splatLike(width - 1, x), amount);
  if (direction == "RIGHT")
    return n.result(n.b.binary<ShiftRightOp>(x, bounded), *shape);
  Value shifted = n.b.binary<ShiftLeftOp>(x, bounded);
  return n.result(n.b.select(beyond, zero, shifted), *shape);
}

static LogicalResult importClip(NodeImport &n) {
  Shaped x = n.in(0);
  Value result = x.value;
  if (n.version < 11) {
    if (n.hasAttr("min"))
      result = n.b.binary<MaxOp>(result,
                                 n.b.splatLike(n.floatAttr("min", 0), result));
    if (n.hasAttr("max"))
      result = n.b.binary<MinOp>(result,
                                 n.b.splatLike(n.floatAttr("max", 0), result));
    return n.result(result, x.shape);
  }
  for (unsigned i : {1u, 2u}) {
    if (!n.has(i))
      continue;
    auto bound = n.broadcastTo(n.in(i), x.shape);
    if (failed(bound))
      return failure();
    result = i == 1 ? n.b.binary<MaxOp>(result, *bound)
                    : n.b.binary<MinOp>(result, *bound);
  }
  return n.result(result, x.shape);
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// Whether extents are numbers of a type; of such that are too large for it only
/// if calls are, these are refused.
static bool fitsInto(NodeImport &n, ArrayRef<Index> elements, Type type) {
  for (Index element : elements) {
    IndexRange range = n.math.rangeOf(element);
    if (range.min < (type.isUnsignedInteger() ? 0 : INT32_MIN) ||
        range.min > INT32_MAX)
      return false;
    // From sizes on which tensors don't reach, it is no number of a type of 64
    // bits either.
    if (range.max <= INT32_MAX || type.getIntOrFloatBitWidth() > 32)
      continue;
    Value fits = arith::CmpIOp::create(
        n.builder(), n.loc(), arith::CmpIPredicate::sle, n.valueOf(element),
        n.valueOf(n.math.constant(INT32_MAX)));
    n.require(fits, "expected a number of at most 2147483647, got " +
                        n.math.toString(element));
  }
  return true;
}

static LogicalResult importConversion(NodeImport &n, Type type) {
  Type from = n.elementType(0);
  bool saturate = n.flagAttr("saturate", true);
  if (auto elements = n.elements(0);
      elements && isa<IntegerType>(type) &&
      type.getIntOrFloatBitWidth() >= 32 && fitsInto(n, *elements, type))
    return n.resultElements(*elements, n.shape(0), type);
  // So that conditions on ranks and extents are decided, or stay formulas.
  if (auto elements = n.elements(0); elements && type.isInteger(1)) {
    Shape flags;
    for (Index element : *elements)
      if (auto constant = constantOf(element))
        flags.push_back(n.math.constant(*constant != 0));
      else if (isFlag(n, element))
        flags.push_back(element);
    if (flags.size() == elements->size())
      return n.resultElements(flags, n.shape(0), type);
  }
  // So that a range of floats knows bounds that were integers.
  if (auto constants = n.constants(0);
      constants && (type.isF32() || type.isF64()))
    if (llvm::all_of(*constants, [](int64_t value) {
          return std::abs(static_cast<double>(value)) <= (1 << 24);
        }))
      return n.resultElements(*n.elements(0), n.shape(0), type);
  Value x = n.value(0);
  bool isSmall = isa<Float8E4M3FNType, Float8E5M2Type>(type);
  if (isSmall && from != type && saturate) {
    double limit = isa<Float8E5M2Type>(type) ? 57344.0 : 448.0;
    if (isa<IntegerType>(from))
      x = n.b.convert(x, n.builder().getF32Type());
    x = n.b.binary<MinOp>(x, n.b.splatLike(limit, x));
    x = n.b.binary<MaxOp>(x, n.b.splatLike(-limit, x));
  }
  return n.result(n.b.convert(x, type), n.shape(0));
}

static LogicalResult importCast(NodeImport &n) {
  if (!n.hasAttr("to"))
    return n.error("attribute 'to' is missing");
  auto to = static_cast<DataType>(n.intAttr("to", 1));
  Type type = elementTypeOf(to, n.builder().getContext());
  if (!type)
    return n.unsupported("a cast to " + nameOf(to));
  return importConversion(n, type);
}

static LogicalResult importCastLike(NodeImport &n) {
  return importConversion(n, n.elementType(1));
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

static constexpr OpEntry kOps[] = {
    {"Abs", {6, 13}, 1, 1, 1, kNumber, importUnary<AbsOp>},
    {"Acos", {7, 22}, 1, 1, 1, kFloat, importUnary<AcosOp>},
    {"Acosh", {9, 22}, 1, 1, 1, kFloat, importUnary<AcoshOp>},
    {"Add",
     {1, 6, 7, 13, 14},
     2,
     2,
     1,
     kNumber | kSame,
     importArithmetic<AddOp, &IndexMath::add>},
    {"And", {1, 7}, 2, 2, 1, kBool | kSame, importLogic<AndOp, bothOf>},
    {"Asin", {7, 22}, 1, 1, 1, kFloat, importUnary<AsinOp>},
    {"Asinh", {9, 22}, 1, 1, 1, kFloat, importUnary<AsinhOp>},
    {"Atan", {7, 22}, 1, 1, 1, kFloat, importUnary<AtanOp>},
    {"Atanh", {9, 22}, 1, 1, 1, kFloat, importUnary<AtanhOp>},
    {"BitShift", {11, 28}, 2, 2, 1, kInt | kSame, importBitShift},
    {"BitwiseAnd", {18}, 2, 2, 1, kInt | kSame, importBinary<AndOp>},
    {"BitwiseNot", {18}, 1, 1, 1, kInt, importUnary<NotOp>},
    {"BitwiseOr", {18}, 2, 2, 1, kInt | kSame, importBinary<OrOp>},
    {"BitwiseXor", {18}, 2, 2, 1, kInt | kSame, importBinary<XorOp>},
    {"Cast", {6, 9, 13, 19, 21, 23, 24, 25, 28}, 1, 1, 1, kAny, importCast},
    {"CastLike", {15, 19, 21, 23, 24, 25}, 2, 2, 1, kAny, importCastLike},
    {"Ceil", {6, 13}, 1, 1, 1, kFloat, importUnary<CeilOp>},
    {"Clip", {6, 11, 12, 13}, 1, 3, 1, kNumber | kSame, importClip},
    {"Cos", {7, 22}, 1, 1, 1, kFloat, importUnary<CosOp>},
    {"Cosh", {9, 22}, 1, 1, 1, kFloat, importUnary<CoshOp>},
    {"Div", {1, 6, 7, 13, 14}, 2, 2, 1, kNumber | kSame, importDiv},
    {"Dropout", {1, 6, 7, 10, 12, 13, 22}, 1, 3, 2, kFloat, importDropout},
    {"Equal",
     {1, 7, 11, 13, 19},
     2,
     2,
     1,
     kAny | kSame,
     importCompare<Predicate::eq>},
    {"Erf", {9, 13}, 1, 1, 1, kFloat, importUnary<ErfOp>},
    {"Exp", {6, 13}, 1, 1, 1, kFloat, importUnary<ExpOp>},
    {"Floor", {6, 13}, 1, 1, 1, kFloat, importUnary<FloorOp>},
    {"Greater",
     {1, 7, 9, 13},
     2,
     2,
     1,
     kNumber | kSame,
     importCompare<Predicate::gt>},
    {"GreaterOrEqual",
     {12, 16},
     2,
     2,
     1,
     kNumber | kSame,
     importCompare<Predicate::ge>},
    {"Identity",
     {1, 13, 14, 16, 19, 21, 23, 24, 25},
     1,
     1,
     1,
     kAny | kSpecial,
     importIdentity},
    {"IsInf", {10, 20}, 1, 1, 1, kFloat, importIsInf},
    {"IsNaN", {9, 13, 20}, 1, 1, 1, kFloat, importIsNaN},
    {"Less",
     {1, 7, 9, 13},
     2,
     2,
     1,
     kNumber | kSame,
     importCompare<Predicate::lt>},
    {"LessOrEqual",
     {12, 16},
     2,
     2,
     1,
     kNumber | kSame,
     importCompare<Predicate::le>},
    {"Log", {6, 13}, 1, 1, 1, kFloat, importUnary<LogOp>},
    {"Max",
     {6, 8, 12, 13},
     1,
     kVariadic,
     1,
     kNumber | kSame,
     importExtreme<MaxOp, &IndexMath::max>},
    {"Mean", {6, 8, 13}, 1, kVariadic, 1, kFloat | kSame, importMean},
    {"Min",
     {6, 8, 12, 13},
     1,
     kVariadic,
     1,
     kNumber | kSame,
     importExtreme<MinOp, &IndexMath::min>},
    {"Mod", {10, 13, 28}, 2, 2, 1, kNumber | kSame, importMod},
    {"Mul",
     {1, 6, 7, 13, 14},
     2,
     2,
     1,
     kNumber | kSame,
     importArithmetic<MulOp, &IndexMath::mul>},
    {"Neg", {6, 13}, 1, 1, 1, kNumber, importNeg},
    {"Not", {1}, 1, 1, 1, kBool, importNot},
    {"Or", {1, 7}, 2, 2, 1, kBool | kSame, importLogic<OrOp, anyOf>},
    {"Pow", {1, 7, 12, 13, 15}, 2, 2, 1, kNumber, importPow},
    {"Reciprocal", {6, 13}, 1, 1, 1, kFloat, importReciprocal},
    {"Round", {11, 22}, 1, 1, 1, kFloat, importUnary<RoundEvenOp>},
    {"Sign", {9, 13}, 1, 1, 1, kNumber, importUnary<SignOp>},
    {"Sin", {7, 22}, 1, 1, 1, kFloat, importUnary<SinOp>},
    {"Sinh", {9, 22}, 1, 1, 1, kFloat, importUnary<SinhOp>},
    {"Sqrt", {6, 13}, 1, 1, 1, kFloat, importUnary<SqrtOp>},
    {"Sub",
     {1, 6, 7, 13, 14},
     2,
     2,
     1,
     kNumber | kSame,
     importArithmetic<SubOp, &IndexMath::sub>},
    {"Sum", {6, 8, 13}, 1, kVariadic, 1, kFloat | kSame, importVariadic<AddOp>},
    {"Tan", {7, 22}, 1, 1, 1, kFloat, importUnary<TanOp>},
    {"Tanh", {6, 13}, 1, 1, 1, kFloat, importUnary<TanhOp>},
    {"Where", {9, 16}, 3, 3, 1, kBool, importWhere},
    {"Xor", {1, 7}, 2, 2, 1, kBool | kSame, importLogic<XorOp, oneOf>},
};

void msc::onnx::addElementwiseOps(OpTable &table) { table.add(kOps); }
