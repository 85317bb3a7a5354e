//===- Elementwise.cpp - Types, folds and expansions ----------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/GraphBuilder.h"
#include "mlir/Dialect/CommonFolders.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

LogicalResult CompareOp::inferReturnTypes(MLIRContext *context,
                                          std::optional<Location>,
                                          ValueRange operands, DictionaryAttr,
                                          OpaqueProperties, RegionRange,
                                          SmallVectorImpl<Type> &types) {
  auto type = cast<RankedTensorType>(operands[0].getType());
  types.push_back(type.clone(IntegerType::get(context, 1)));
  return success();
}

//===----------------------------------------------------------------------===//
// Folds
//===----------------------------------------------------------------------===//

/// Folds float and integer constants of up to this many elements; more would
/// make the program larger than the work it saves.
static constexpr int64_t kMaxFoldedElements = 1024;

static bool isSmall(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor.hasStaticShape() &&
         tensor.getNumElements() <= kMaxFoldedElements;
}

template <typename FloatFn, typename IntFn>
static Attribute foldBinary(Operation *op, ArrayRef<Attribute> operands,
                            FloatFn floatFn, IntFn intFn) {
  Type type = op->getResult(0).getType();
  if (!isSmall(type))
    return {};
  if (isa<FloatType>(getElementTypeOrSelf(type)))
    return constFoldBinaryOp<FloatAttr>(operands, floatFn);
  return constFoldBinaryOp<IntegerAttr>(operands, intFn);
}

/// Whether the operand is a constant that has this value everywhere. Only an
/// integer is certain to be changed by nothing when 0 is added to it: -0.0 +
/// 0.0 is 0.0.
static bool isSplatOf(Attribute attribute, double value) {
  auto elements = dyn_cast_or_null<DenseElementsAttr>(attribute);
  if (!elements || !elements.isSplat())
    return false;
  if (isa<FloatType>(elements.getElementType())) {
    APFloat number = elements.getSplatValue<APFloat>();
    bool lossy;
    number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lossy);
    return number.bitwiseIsEqual(APFloat(value));
  }
  return elements.getSplatValue<APInt>() ==
         APInt(elements.getElementType().getIntOrFloatBitWidth(),
               static_cast<int64_t>(value), true, true);
}

static bool isInteger(Value value) {
  return isa<IntegerType>(getElementTypeOrSelf(value.getType()));
}

OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  // x + -0.0 is x for every float x; x + 0 for every integer.
  if (isSplatOf(adaptor.getRhs(), isInteger(getRhs()) ? 0.0 : -0.0))
    return getLhs();
  if (isSplatOf(adaptor.getLhs(), isInteger(getLhs()) ? 0.0 : -0.0))
    return getRhs();
  return foldBinary(
      *this, adaptor.getOperands(),
      [](APFloat a, const APFloat &b) { return a + b; },
      [](const APInt &a, const APInt &b) { return a + b; });
}

OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  if (isSplatOf(adaptor.getRhs(), 0.0))
    return getLhs();
  return foldBinary(
      *this, adaptor.getOperands(),
      [](APFloat a, const APFloat &b) { return a - b; },
      [](const APInt &a, const APInt &b) { return a - b; });
}

OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  if (isSplatOf(adaptor.getRhs(), 1.0))
    return getLhs();
  if (isSplatOf(adaptor.getLhs(), 1.0))
    return getRhs();
  return foldBinary(
      *this, adaptor.getOperands(),
      [](APFloat a, const APFloat &b) { return a * b; },
      [](const APInt &a, const APInt &b) { return a * b; });
}

OpFoldResult DivOp::fold(FoldAdaptor adaptor) {
  if (isSplatOf(adaptor.getRhs(), 1.0))
    return getLhs();
  bool isUnsigned = getElementTypeOrSelf(getType()).isUnsignedInteger();
  auto divide = [&](const APInt &a, const APInt &b) -> APInt {
    // A division by zero stays for run time, where its value is unspecified;
    // any value will do.
    if (b.isZero())
      return b;
    return isUnsigned ? a.udiv(b) : a.sdiv(b);
  };
  return foldBinary(
      *this, adaptor.getOperands(),
      [](APFloat a, const APFloat &b) { return a / b; }, divide);
}

OpFoldResult NegOp::fold(FoldAdaptor adaptor) {
  if (auto producer = getOperand().getDefiningOp<NegOp>())
    return producer.getOperand();
  return {};
}

OpFoldResult ConvertOp::fold(FoldAdaptor adaptor) {
  if (getOperand().getType() == getType())
    return getOperand();
  return {};
}

//===----------------------------------------------------------------------===//
// Expansions
//===----------------------------------------------------------------------===//

using Expansion = FailureOr<SmallVector<Value>>;

Expansion ReluOp::decompose(OpBuilder &builder, ValueRange operands) {
  GraphBuilder b(builder, getLoc());
  Value zero = b.splatLike(0.0, operands[0]);
  Value negative = b.compare(ComparePredicate::gt, zero, operands[0]);
  return SmallVector<Value>{b.select(negative, zero, operands[0])};
}

Expansion SigmoidOp::decompose(OpBuilder &builder, ValueRange operands) {
  // exp of a large argument is infinite and 1 / (1 + inf) is 0, as it should
  // be.
  GraphBuilder b(builder, getLoc());
  Value one = b.splatLike(1.0, operands[0]);
  Value exponential = b.unary<ExpOp>(b.neg(operands[0]));
  return SmallVector<Value>{b.div(one, b.add(one, exponential))};
}

Expansion SoftplusOp::decompose(OpBuilder &builder, ValueRange operands) {
  GraphBuilder b(builder, getLoc());
  Value x = operands[0];
  Value tail = b.unary<Log1pOp>(b.unary<ExpOp>(b.neg(b.unary<AbsOp>(x))));
  return SmallVector<Value>{
      b.add(b.binary<MaxOp>(x, b.splatLike(0.0, x)), tail)};
}

Expansion GeluOp::decompose(OpBuilder &builder, ValueRange operands) {
  GraphBuilder b(builder, getLoc());
  Value x = operands[0];
  Value erf = b.unary<ErfOp>(b.mulScalar(x, 0.70710678118654752440));
  return SmallVector<Value>{b.mul(b.mulScalar(x, 0.5), b.addScalar(erf, 1.0))};
}

#define GET_OP_CLASSES
#include "dialects/graph/ops/elementwise/Elementwise.cpp.inc"
