//===- ShapeFold.cpp - Folds and canonical forms of shape ops -------------===//
//
// An op that moves nothing gives its operand, and a small constant moves at
// compile time. Every op here is a function from positions of the result to
// positions of an operand, so one loop serves all of them.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/shape/Shape.h"
#include "dialects/graph/ops/shape/Extents.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

/// A constant result of more elements would make the program larger than the
/// work it saves. Splats have any size.
static constexpr int64_t kMaxFoldedElements = 1024;

/// Where an element of a folded result comes from: a position in the operand,
/// or none for a padded element.
using SourceFn =
    function_ref<std::optional<SmallVector<int64_t>>(ArrayRef<int64_t>)>;

/// Row-major strides.
static SmallVector<int64_t> stridesOf(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t dim = static_cast<int64_t>(shape.size()) - 2; dim >= 0; --dim)
    strides[dim] = strides[dim + 1] * shape[dim + 1];
  return strides;
}

/// Builds a constant of the result's type out of the operand's elements.
static Attribute foldMovement(RankedTensorType type, Attribute operand,
                              SourceFn source, Attribute padding = {}) {
  auto elements = dyn_cast_or_null<DenseElementsAttr>(operand);
  if (!elements || !type.hasStaticShape())
    return {};
  if (elements.isSplat() && !padding)
    return elements.resizeSplat(type);
  if (type.getNumElements() > kMaxFoldedElements)
    return {};
  SmallVector<Attribute> from(elements.getValues<Attribute>());
  SmallVector<int64_t> fromStrides = stridesOf(elements.getType().getShape());
  SmallVector<int64_t> strides = stridesOf(type.getShape());
  SmallVector<Attribute> values;
  SmallVector<int64_t> position(type.getRank());
  for (int64_t i = 0; i < type.getNumElements(); ++i) {
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      position[dim] = i / strides[dim] % type.getDimSize(dim);
    auto found = source(position);
    if (!found) {
      values.push_back(padding);
      continue;
    }
    int64_t index = 0;
    for (auto [coordinate, stride] : llvm::zip_equal(*found, fromStrides))
      index += coordinate * stride;
    values.push_back(from[index]);
  }
  return DenseElementsAttr::get(type, values);
}

bool graph::isExtentOf(OpFoldResult size, Value tensor, int64_t dim) {
  int64_t extent = typeOf(tensor).getDimSize(dim);
  if (auto constant = getConstantIntValue(size))
    return *constant == extent;
  auto producer = cast<Value>(size).getDefiningOp<tensor::DimOp>();
  return producer && producer.getSource() == tensor &&
         producer.getConstantIndex() == dim;
}

bool graph::areExtentsOf(ArrayRef<OpFoldResult> sizes, Value tensor) {
  for (auto [dim, size] : llvm::enumerate(sizes))
    if (!isExtentOf(size, tensor, dim))
      return false;
  return true;
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

OpFoldResult BroadcastOp::fold(FoldAdaptor adaptor) {
  auto type = typeOf(getResult());
  if (getOperand().getType() == type &&
      areExtentsOf(getMixedValues(type.getShape(), getSizes(), getContext()),
                   getOperand()))
    return getOperand();
  ArrayRef<int64_t> dims = getDimensions();
  ArrayRef<int64_t> fromShape = typeOf(getOperand()).getShape();
  auto source = [&](ArrayRef<int64_t> position) {
    SmallVector<int64_t> from;
    for (auto [dim, extent] : llvm::zip_equal(dims, fromShape))
      from.push_back(extent == 1 ? 0 : position[dim]);
    return std::optional(from);
  };
  return foldMovement(type, adaptor.getOperand(), source);
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  auto type = typeOf(getResult());
  // One unknown extent follows from the number of elements, provided that no
  // other extent is 0.
  if (getOperand().getType() == type &&
      (type.hasStaticShape() ||
       (type.getNumDynamicDims() == 1 &&
        !llvm::is_contained(type.getShape(), 0)) ||
       areExtentsOf(getMixedValues(type.getShape(), getSizes(), getContext()),
                    getOperand())))
    return getOperand();
  auto elements = dyn_cast_or_null<DenseElementsAttr>(adaptor.getOperand());
  if (elements && type.hasStaticShape())
    return elements.reshape(type);
  return {};
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  ArrayRef<int64_t> permutation = getPermutation();
  if (isIdentityPermutation(permutation))
    return getOperand();
  auto source = [&](ArrayRef<int64_t> position) {
    SmallVector<int64_t> from(position.size());
    for (auto [dim, coordinate] : llvm::zip_equal(permutation, position))
      from[dim] = coordinate;
    return std::optional(from);
  };
  return foldMovement(typeOf(getResult()), adaptor.getOperand(), source);
}

OpFoldResult ConcatOp::fold(FoldAdaptor adaptor) {
  if (getInputs().size() == 1)
    return getInputs()[0];
  auto type = typeOf(getResult());
  if (!type.hasStaticShape() || type.getNumElements() > kMaxFoldedElements)
    return {};
  SmallVector<int64_t> strides = stridesOf(type.getShape());
  SmallVector<Attribute> values(type.getNumElements());
  int64_t offset = 0;
  for (auto [input, operand] :
       llvm::zip_equal(getInputs(), adaptor.getInputs())) {
    auto elements = dyn_cast_or_null<DenseElementsAttr>(operand);
    if (!elements)
      return {};
    ArrayRef<int64_t> shape = elements.getType().getShape();
    SmallVector<int64_t> fromStrides = stridesOf(shape);
    for (auto [i, value] : llvm::enumerate(elements.getValues<Attribute>())) {
      int64_t index = offset * strides[getAxis()];
      for (auto [dim, extent] : llvm::enumerate(shape))
        index +=
            static_cast<int64_t>(i) / fromStrides[dim] % extent * strides[dim];
      values[index] = value;
    }
    offset += shape[getAxis()];
  }
  return DenseElementsAttr::get(type, values);
}

OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  auto isAll = [](ArrayRef<int64_t> list, int64_t value) {
    return llvm::all_of(list, [&](int64_t v) { return v == value; });
  };
  if (isAll(getStaticOffsets(), 0) && isAll(getStaticStrides(), 1) &&
      areExtentsOf(getMixedSizes(), getOperand()) &&
      getOperand().getType() == getType())
    return getOperand();
  if (!getOffsets().empty() || !getStrides().empty())
    return {};
  auto source = [&](ArrayRef<int64_t> position) {
    SmallVector<int64_t> from;
    for (auto [coordinate, offset, stride] :
         llvm::zip_equal(position, getStaticOffsets(), getStaticStrides()))
      from.push_back(offset + coordinate * stride);
    return std::optional(from);
  };
  return foldMovement(typeOf(getResult()), adaptor.getOperand(), source);
}

OpFoldResult PadOp::fold(FoldAdaptor adaptor) {
  auto isZero = [](ArrayRef<int64_t> list) {
    return llvm::all_of(list, [](int64_t v) { return v == 0; });
  };
  if (isZero(getStaticLow()) && isZero(getStaticHigh()) &&
      isZero(getInterior()))
    return getOperand();
  auto value = dyn_cast_or_null<DenseElementsAttr>(adaptor.getValue());
  if (!value || !getLow().empty() || !getHigh().empty())
    return {};
  ArrayRef<int64_t> shape = typeOf(getOperand()).getShape();
  using Source = std::optional<SmallVector<int64_t>>;
  auto source = [&](ArrayRef<int64_t> position) -> Source {
    SmallVector<int64_t> from;
    for (auto [coordinate, low, interior, extent] :
         llvm::zip_equal(position, getStaticLow(), getInterior(), shape)) {
      int64_t inside = coordinate - low;
      if (inside < 0 || inside % (interior + 1) != 0 ||
          inside / (interior + 1) >= extent)
        return std::nullopt;
      from.push_back(inside / (interior + 1));
    }
    return from;
  };
  return foldMovement(typeOf(getResult()), adaptor.getOperand(), source,
                      *value.value_begin<Attribute>());
}

//===----------------------------------------------------------------------===//
// Canonical forms
//===----------------------------------------------------------------------===//

namespace {

/// reshape(reshape(x)) -> reshape(x)
struct MergeReshapes : OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReshapeOp op,
                                PatternRewriter &rewriter) const override {
    auto producer = op.getOperand().getDefiningOp<ReshapeOp>();
    if (!producer)
      return rewriter.notifyMatchFailure(op, "operand is no reshape");
    rewriter.modifyOpInPlace(
        op, [&] { op.getOperandMutable().assign(producer.getOperand()); });
    return success();
  }
};

/// transpose(transpose(x, p), q) -> transpose(x, p[q])
struct MergeTransposes : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto producer = op.getOperand().getDefiningOp<TransposeOp>();
    if (!producer)
      return rewriter.notifyMatchFailure(op, "operand is no transpose");
    SmallVector<int64_t> permutation;
    for (int64_t dim : op.getPermutation())
      permutation.push_back(producer.getPermutation()[dim]);
    rewriter.replaceOpWithNewOp<TransposeOp>(
        op, op.getType(), producer.getOperand(), permutation);
    return success();
  }
};

} // namespace

void ReshapeOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                            MLIRContext *context) {
  patterns.add<MergeReshapes>(context);
}

void TransposeOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<MergeTransposes>(context);
}
