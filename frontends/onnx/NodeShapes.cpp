//===- NodeShapes.cpp - Ops on extents that handlers share ----------------===//

#include "dialects/graph/ops/reduction/Reduction.h"
#include "frontends/onnx/NodeImport.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace msc;
using namespace msc::onnx;

bool msc::onnx::isNarrowFloat(Type type) {
  return isa<FloatType>(type) && type.getIntOrFloatBitWidth() < 32;
}

std::string NodeImport::toString(ArrayRef<Index> shape) {
  std::string text = "[";
  for (Index extent : shape)
    text += (text.size() > 1 ? ", " : "") + math.toString(extent);
  return text + "]";
}

std::string NodeImport::toString(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

RankedTensorType NodeImport::typeOf(ArrayRef<Index> shape, Type type) {
  SmallVector<int64_t> extents;
  for (Index extent : shape)
    extents.push_back(constantOf(extent).value_or(ShapedType::kDynamic));
  return RankedTensorType::get(extents, type);
}

std::optional<SmallVector<int64_t>>
NodeImport::staticShape(ArrayRef<Index> shape) {
  SmallVector<int64_t> extents;
  for (Index extent : shape) {
    auto constant = constantOf(extent);
    if (!constant)
      return std::nullopt;
    extents.push_back(*constant);
  }
  return extents;
}

//===----------------------------------------------------------------------===//
// What is required of calls
//===----------------------------------------------------------------------===//

bool NodeImport::requireEqual(Index lhs, Index rhs) {
  return agree(lhs, rhs, "equal extents").has_value();
}

bool NodeImport::requireEqual(ArrayRef<Index> lhs, ArrayRef<Index> rhs) {
  return lhs.size() == rhs.size() &&
         llvm::all_of(llvm::zip(lhs, rhs), [&](auto pair) {
           return requireEqual(std::get<0>(pair), std::get<1>(pair));
         });
}

LogicalResult NodeImport::checkExtent(Index extent) {
  if (math.isAtMost(math.constant(0), extent))
    return success();
  if (math.rangeOf(extent).max < 0)
    return misfit("expected an extent of at least 0, got " +
                  math.toString(extent));
  if (math.dependsOnContents(extent))
    return unsupported("an extent that is not known at compile time: it "
                       "depends on what an input holds");
  if (math.isFirstDecision(extent, math.constant(0))) {
    Value zero = arith::ConstantIndexOp::create(builder(), loc(), 0);
    require(arith::CmpIOp::create(builder(), loc(), arith::CmpIPredicate::sge,
                                  valueOf(extent), zero),
            math.toString(extent) + " is negative");
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Broadcasting
//===----------------------------------------------------------------------===//

/// Whether lhs, which is at least 1, is 1 only where rhs is 1 too.
bool NodeImport::isOneOnlyIf(Index lhs, Index rhs) {
  return math.isAtMost(math.min(rhs, math.constant(2)), lhs);
}

/// n and min(n, 512) are 1 together: where they broadcast, nothing is repeated.
bool NodeImport::mustBeEqual(Index lhs, Index rhs) {
  return math.rangeOf(lhs).min >= 1 && math.rangeOf(rhs).min >= 1 &&
         isOneOnlyIf(lhs, rhs) && isOneOnlyIf(rhs, lhs);
}

/// The common extent of two that may be equal, or one of them 1. Calls where
/// neither holds are refused.
Index NodeImport::undecidedExtent(Index lhs, Index rhs) {
  lhs = math.resolve(lhs);
  rhs = math.resolve(rhs);
  Index greater = math.max(lhs, rhs);
  if (math.areEqual(lhs, rhs))
    return greater;
  if (mustBeEqual(lhs, rhs)) {
    (void)requireEqual(lhs, rhs);
    return math.resolve(greater);
  }
  // Extents of one image at several sizes: that they differ where a small image
  // has shrunk to 1 is no broadcast that anybody means.
  if (math.dependOnSameDims(lhs, rhs))
    if (auto common = agree(lhs, rhs, "equal extents"))
      return *common;
  if (math.isFirstDecision(lhs, rhs)) {
    OpBuilder &b = builder();
    Value one = arith::ConstantIndexOp::create(b, loc(), 1);
    auto equal = [&](Value x, Value y) -> Value {
      return arith::CmpIOp::create(b, loc(), arith::CmpIPredicate::eq, x, y);
    };
    Value x = valueOf(lhs), y = valueOf(rhs);
    Value fits = arith::OrIOp::create(b, loc(), equal(x, y), equal(x, one));
    fits = arith::OrIOp::create(b, loc(), fits, equal(y, one));
    require(fits, math.toString(lhs) + " and " + math.toString(rhs) +
                      " are neither equal nor is one of them 1");
  }
  if (constantOf(lhs))
    return lhs;
  if (constantOf(rhs))
    return rhs;
  // The greater one, or 0 if one of them is 0.
  Index some = math.min(math.min(lhs, rhs), math.constant(1));
  return math.mul(greater, some);
}

FailureOr<Shape> NodeImport::broadcastShapes(ArrayRef<Shape> shapes) {
  size_t rank = 0;
  for (const Shape &shape : shapes)
    rank = std::max(rank, shape.size());
  Index one = math.constant(1);
  Shape result(rank, one);
  // What follows from one dim may decide another, whatever their order.
  for (const Shape &shape : shapes)
    for (size_t i = 0; i < shape.size(); ++i) {
      Index &extent = result[rank - shape.size() + i];
      if (extent == one)
        extent = shape[i];
      else if (extent != shape[i] && !constantOf(extent) &&
               !constantOf(shape[i]) && mustBeEqual(extent, shape[i]))
        (void)requireEqual(extent, shape[i]);
    }
  result.assign(rank, one);
  for (const Shape &shape : shapes)
    for (size_t i = 0; i < shape.size(); ++i) {
      Index &extent = result[rank - shape.size() + i];
      Index other = shape[i];
      if (extent == other || other == one)
        continue;
      if (extent == one) {
        extent = other;
        continue;
      }
      if (constantOf(extent) && constantOf(other))
        return misfit("cannot broadcast shapes: " + math.toString(extent) +
                      " and " + math.toString(other) + " differ in " +
                      toString(shapes.front()) + " and " + toString(shape));
      extent = undecidedExtent(extent, other);
      if (!extent)
        return error("the result has too many elements");
    }
  return result;
}

Value NodeImport::broadcast(const Shaped &operand, ArrayRef<Index> shape) {
  Shape repeated(shape.drop_back(operand.shape.size()));
  SmallVector<int64_t> dimensions;
  Index one = math.constant(1);
  bool isSame = repeated.empty();
  for (auto [from, to] :
       llvm::zip_equal(operand.shape, shape.take_back(operand.shape.size()))) {
    // A dim of m that is 1 or the result's n: n / m times m, taken together.
    bool isEqual = math.areEqual(from, to);
    bool isUndecided = !isEqual && from != one;
    isSame &= isEqual && !constantOf(from) == !constantOf(to);
    if (isUndecided)
      repeated.push_back(math.floorDiv(to, math.max(from, one)));
    dimensions.push_back(repeated.size());
    repeated.push_back(isUndecided ? from : to);
  }
  if (isSame)
    return operand.value;
  Value result = b.broadcast(operand.value, sizes(repeated), dimensions);
  return repeated.size() == shape.size() ? result
                                         : b.reshape(result, sizes(shape));
}

FailureOr<Value> NodeImport::broadcastTo(const Shaped &operand,
                                         const Shape &shape) {
  auto both = broadcastShapes({operand.shape, shape});
  if (::failed(both))
    return failure();
  if (!requireEqual(*both, shape))
    return misfit("expected a shape that broadcasts to " + toString(shape) +
                 ", got " + toString(operand.shape));
  return broadcast(operand, shape);
}

FailureOr<Shape> NodeImport::broadcastInputs(SmallVectorImpl<Value> &values,
                                             unsigned first, unsigned last) {
  last = std::min(last, numInputs() - 1);
  SmallVector<Shape> shapes;
  for (unsigned i = first; i <= last; ++i)
    shapes.push_back(shape(i));
  auto common = broadcastShapes(shapes);
  if (::failed(common))
    return failure();
  for (unsigned i = first; i <= last; ++i)
    values.push_back(broadcast(in(i), *common));
  return common;
}

FailureOr<Shape>
NodeImport::broadcastOperands(SmallVectorImpl<Value> &values) {
  if (version >= 7)
    return broadcastInputs(values);
  if (!flagAttr("broadcast", false)) {
    auto common = agreedShape(shape(0), shape(1), "operands of one shape");
    if (::failed(common))
      return failure();
    values.append({agreed(in(0), *common).value, agreed(in(1), *common).value});
    return common;
  }
  int64_t free = rank(0) - rank(1);
  int64_t at = intAttr("axis", std::max<int64_t>(free, 0));
  if (free < 0 || at < 0 || at > free)
    return misfit("expected a second operand that fits into " +
                  toString(shape(0)) + " from axis " + Twine(at) + " on, got " +
                  toString(shape(1)));
  Shape aligned = shape(1);
  aligned.append(free - at, math.constant(1));
  auto spread = broadcastTo(reshape(in(1), aligned), shape(0));
  if (::failed(spread))
    return failure();
  values.append({value(0), *spread});
  return shape(0);
}

Shaped NodeImport::reshape(const Shaped &operand, ArrayRef<Index> shape) {
  if (ArrayRef<Index>(operand.shape) == shape)
    return operand;
  return {b.reshape(operand.value, sizes(shape)), Shape(shape)};
}

Shaped NodeImport::transpose(const Shaped &operand,
                             ArrayRef<int64_t> permutation) {
  if (llvm::is_sorted(permutation))
    return operand;
  Shape shape;
  for (int64_t dim : permutation)
    shape.push_back(operand.shape[dim]);
  return {b.transpose(operand.value, permutation), shape};
}

Value NodeImport::broadcastVector(Value vector, ArrayRef<Index> shape,
                                  int64_t axis) {
  return b.broadcast(vector, sizes(shape), {axis});
}

Value NodeImport::splat(double value, ArrayRef<Index> shape, Type elementType) {
  return b.broadcast(b.scalar(value, elementType), sizes(shape), {});
}

Value NodeImport::scalarOf(Index index, Type elementType) {
  if (auto constant = constantOf(index))
    return b.scalar(static_cast<double>(*constant), elementType);
  Value value = cast<Value>(math.materialize(builder(), loc(), index));
  Type i64 = builder().getI64Type();
  value = arith::IndexCastOp::create(builder(), loc(), i64, value);
  value = tensor::FromElementsOp::create(builder(), loc(),
                                         RankedTensorType::get({}, i64), value);
  return b.convert(value, elementType);
}

Shaped NodeImport::keepDims(Value reduced, const Shape &shape,
                            ArrayRef<int64_t> dims, bool keep) {
  Shape kept, dropped;
  for (int64_t dim = 0, e = shape.size(); dim < e; ++dim) {
    bool isReduced = llvm::is_contained(dims, dim);
    if (!isReduced)
      dropped.push_back(shape[dim]);
    kept.push_back(isReduced ? math.constant(1) : shape[dim]);
  }
  Shaped result{reduced, dropped};
  return keep ? reshape(result, kept) : result;
}

Shaped NodeImport::reduceSum(const Shaped &operand, ArrayRef<int64_t> dims,
                             bool keep) {
  if (dims.empty())
    return operand;
  Type type = cast<RankedTensorType>(operand.value.getType()).getElementType();
  Type sumType = isNarrowFloat(type) ? builder().getF32Type() : type;
  Value sum = graph::ReduceSumOp::create(
      builder(), loc(), b.convert(operand.value, sumType), dims);
  return keepDims(b.convert(sum, type), operand.shape, dims, keep);
}

Shaped NodeImport::reduceMean(const Shaped &operand, ArrayRef<int64_t> dims,
                              bool keep) {
  if (dims.empty())
    return operand;
  Type type = cast<RankedTensorType>(operand.value.getType()).getElementType();
  Type sumType = isNarrowFloat(type) ? builder().getF32Type() : type;
  Shaped sum = reduceSum(convert(operand, sumType), dims, keep);
  Shape extents;
  for (int64_t dim : dims)
    extents.push_back(operand.shape[dim]);
  Index count = math.product(extents);
  if (!count) {
    (void)error("a mean of too many elements");
    return operand;
  }
  Value divisor = broadcast({scalarOf(count, sumType), {}}, sum.shape);
  return convert({b.div(sum.value, divisor), sum.shape}, type);
}
