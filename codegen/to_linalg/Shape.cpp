//===- Shape.cpp - Shape ops to linalg and tensor -------------------------===//
//
// What only looks at elements otherwise becomes a view (reshape, slice); what
// joins tensors writes into a destination, so that producers can later write
// there in place; what repeats or permutes elements becomes a generic.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/shape/Shape.h"
#include "codegen/to_linalg/ToLinalg.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {
namespace {

/// The extents of the result of an op that takes the dynamic ones as operands.
template <typename OpTy>
SmallVector<OpFoldResult> mixedSizes(OpTy op, ValueRange sizes) {
  return getMixedValues(typeOf(op.getResult()).getShape(), sizes,
                        op.getContext());
}

SmallVector<utils::IteratorType> parallelLoops(int64_t rank) {
  return SmallVector<utils::IteratorType>(rank, utils::IteratorType::parallel);
}

/// A generic that yields one element of `operand`, read through `map`.
Value readThrough(OpBuilder &builder, Operation *source, Value operand,
                  AffineMap map, ArrayRef<OpFoldResult> sizes) {
  Location loc = source->getLoc();
  Value destination =
      emptyTensor(builder, loc, sizes, typeOf(operand).getElementType());
  int64_t rank = sizes.size();
  auto yield = [](OpBuilder &b, Location loc, ValueRange x) {
    linalg::YieldOp::create(b, loc, x[0]);
  };
  return linalg::GenericOp::create(
             builder, loc, destination.getType(), operand, destination,
             ArrayRef<AffineMap>{map, builder.getMultiDimIdentityMap(rank)},
             parallelLoops(rank), yield, sourceOpAttr(source))
      .getResult(0);
}

/// graph.constant -> arith.constant
struct LowerConstant : OpConversionPattern<ConstantOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ConstantOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    ElementsAttr value = op.getValue();
    if (type != op.getType()) {
      auto dense = dyn_cast<DenseElementsAttr>(value);
      if (!dense)
        return rewriter.notifyMatchFailure(
            op, "value of a signed or unsigned type is not dense");
      value = dense.bitcast(type.getElementType());
    }
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, type, value);
    return success();
  }
};

/// graph.iota -> generic { linalg.index }
struct LowerIota : OpConversionPattern<IotaOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(IotaOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Type element = type.getElementType();
    Value destination = emptyTensor(
        rewriter, op.getLoc(), mixedSizes(op, adaptor.getSizes()), element);
    auto count = [&](OpBuilder &b, Location loc, ValueRange) {
      Value index = linalg::IndexOp::create(b, loc, op.getDimension());
      bool isFloat = isa<FloatType>(element);
      Value number = arith::IndexCastOp::create(
          b, loc, isFloat ? b.getI64Type() : element, index);
      if (isFloat)
        number = arith::SIToFPOp::create(b, loc, element, number);
      linalg::YieldOp::create(b, loc, number);
    };
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, TypeRange(destination.getType()), ValueRange(), destination,
        rewriter.getMultiDimIdentityMap(type.getRank()),
        parallelLoops(type.getRank()), count, sourceOpAttr(op));
    return success();
  }
};

/// Drops dims of extent 1.
Value dropUnitDims(OpBuilder &builder, Location loc, Value tensor,
                   ArrayRef<int64_t> dropped) {
  if (dropped.empty())
    return tensor;
  int64_t rank = typeOf(tensor).getRank();
  SmallVector<ReassociationIndices> groups;
  ReassociationIndices leading;
  bool open = false;
  for (int64_t dim = 0; dim < rank; ++dim) {
    bool isKept = !llvm::is_contained(dropped, dim);
    if (isKept && open)
      groups.emplace_back();
    else if (isKept)
      groups.push_back(std::exchange(leading, {}));
    open |= isKept;
    (open ? groups.back() : leading).push_back(dim);
  }
  return tensor::CollapseShapeOp::create(builder, loc, tensor, groups);
}

/// graph.broadcast -> generic that reads through a map without the new dims.
/// Repeated dims are dropped first, so that the map is a projection, which
/// every later pass understands.
struct LowerBroadcast : OpConversionPattern<BroadcastOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(BroadcastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto from = typeOf(op.getOperand()), to = typeOf(op.getResult());
    SmallVector<AffineExpr> read;
    SmallVector<int64_t> dropped;
    for (auto [index, dim] : llvm::enumerate(op.getDimensions())) {
      if (from.getDimSize(index) == 1 && to.getDimSize(dim) != 1)
        dropped.push_back(index);
      else
        read.push_back(rewriter.getAffineDimExpr(dim));
    }
    Value operand =
        dropUnitDims(rewriter, op.getLoc(), adaptor.getOperand(), dropped);
    auto map = AffineMap::get(to.getRank(), 0, read, op.getContext());
    rewriter.replaceOp(op, readThrough(rewriter, op, operand, map,
                                       mixedSizes(op, adaptor.getSizes())));
    return success();
  }
};

/// graph.transpose -> generic that reads through the inverse permutation
struct LowerTranspose : OpConversionPattern<TransposeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(TransposeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value operand = adaptor.getOperand();
    auto from = tensor::getMixedSizes(rewriter, op.getLoc(), operand);
    SmallVector<OpFoldResult> sizes;
    for (int64_t dim : op.getPermutation())
      sizes.push_back(from[dim]);
    AffineMap map = inversePermutation(
        AffineMap::getPermutationMap(op.getPermutation(), op.getContext()));
    rewriter.replaceOp(op, readThrough(rewriter, op, operand, map, sizes));
    return success();
  }
};

/// graph.reverse -> generic { tensor.extract }. Not an indexing map with
/// negative coefficients, of which tiling makes wrong slices.
struct LowerReverse : OpConversionPattern<ReverseOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ReverseOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value operand = adaptor.getOperand();
    auto type = typeOf(operand);
    Value destination =
        emptyLike(rewriter, op.getLoc(), operand, type.getElementType());
    SmallVector<Value> last(type.getRank());
    AffineExpr s0 = rewriter.getAffineSymbolExpr(0);
    for (int64_t dim : op.getDimensions())
      last[dim] = getValueOrCreateConstantIndexOp(
          rewriter, op.getLoc(),
          affine::makeComposedFoldedAffineApply(
              rewriter, op.getLoc(), s0 - 1,
              {tensor::getMixedSize(rewriter, op.getLoc(), operand, dim)}));
    auto read = [&](OpBuilder &b, Location loc, ValueRange) {
      SmallVector<Value> position;
      for (int64_t dim = 0; dim < type.getRank(); ++dim) {
        Value index = linalg::IndexOp::create(b, loc, dim);
        if (last[dim])
          index = arith::SubIOp::create(b, loc, last[dim], index);
        position.push_back(index);
      }
      linalg::YieldOp::create(
          b, loc,
          tensor::ExtractOp::create(b, loc, operand, position).getResult());
    };
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, TypeRange(destination.getType()), ValueRange(), destination,
        rewriter.getMultiDimIdentityMap(type.getRank()),
        parallelLoops(type.getRank()), read, sourceOpAttr(op));
    return success();
  }
};

/// Whether a tensor is known to have no elements. It is no slice of another,
/// nor another of it: offsets of slices lie in the tensor, whatever their sizes.
/// And the number of its elements says nothing of its extents.
static bool isEmpty(Value tensor) {
  return llvm::is_contained(cast<RankedTensorType>(tensor.getType()).getShape(),
                            0);
}

/// graph.reshape -> tensor.collapse_shape, tensor.expand_shape, or one after
/// the other. Equal dims at both ends stay; what lies between is collapsed into
/// one dim and expanded again, which holds for any extents.
struct LowerReshape : OpConversionPattern<ReshapeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ReshapeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto to = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    auto sizes = mixedSizes(op, adaptor.getSizes());
    Value operand = adaptor.getOperand();
    auto from = typeOf(operand);
    Location loc = op.getLoc();
    if (isEmpty(op.getResult())) {
      Value empty = emptyTensor(rewriter, loc, sizes, to.getElementType());
      rewriter.replaceOp(op, castTo(rewriter, loc, empty, to));
      return success();
    }
    if (from.hasStaticShape() && to.hasStaticShape())
      if (auto groups = getReassociationIndicesForReshape(from, to)) {
        if (from.getRank() > to.getRank())
          rewriter.replaceOpWithNewOp<tensor::CollapseShapeOp>(op, to, operand,
                                                               *groups);
        else
          rewriter.replaceOpWithNewOp<tensor::ExpandShapeOp>(op, to, operand,
                                                             *groups, sizes);
        return success();
      }

    auto [front, back] = equalEnds(op, from, to);
    Value middle = collapse(rewriter, loc, operand, front, back);
    middle = expand(rewriter, loc, middle, to, sizes, front, back);
    rewriter.replaceOp(op, castTo(rewriter, loc, middle, to));
    return success();
  }

private:
  /// How many leading and trailing dims are certainly the same. Leaves a middle
  /// of at least one dim on both sides where there is any.
  static std::pair<int64_t, int64_t>
  equalEnds(ReshapeOp op, RankedTensorType from, RankedTensorType to) {
    // The original ones, which name the original operand.
    auto sizes = mixedSizes(op, op.getSizes());
    auto areEqual = [&](int64_t i, int64_t j) {
      if (!from.isDynamicDim(i))
        return getConstantIntValue(sizes[j]) == from.getDimSize(i);
      auto producer = dyn_cast_if_present<Value>(sizes[j]);
      auto dim = producer ? producer.getDefiningOp<tensor::DimOp>() : nullptr;
      return dim && dim.getSource() == op.getOperand() &&
             dim.getConstantIndex() == i;
    };
    int64_t rank = std::min(from.getRank(), to.getRank());
    int64_t front = 0, back = 0;
    while (front < rank && areEqual(front, front))
      ++front;
    while (front + back < rank &&
           areEqual(from.getRank() - 1 - back, to.getRank() - 1 - back))
      ++back;
    if (front + back == rank && back > 0)
      --back;
    else if (front + back == rank && front > 0)
      --front;
    return {front, back};
  }

  /// Extent of several dims as one.
  static int64_t product(ArrayRef<int64_t> shape) {
    int64_t result = 1;
    for (int64_t extent : shape) {
      if (ShapedType::isDynamic(extent))
        return extent;
      result *= extent;
    }
    return result;
  }

  /// `front` dims one by one, `middle` dims together, `back` dims one by one.
  static SmallVector<ReassociationIndices>
  groupsOf(int64_t front, int64_t middle, int64_t back) {
    SmallVector<ReassociationIndices> groups;
    int64_t dim = 0;
    for (int64_t i = 0; i < front; ++i)
      groups.push_back({dim++});
    groups.emplace_back();
    for (int64_t i = 0; i < middle; ++i)
      groups.back().push_back(dim++);
    for (int64_t i = 0; i < back; ++i)
      groups.push_back({dim++});
    return groups;
  }

  static Value collapse(OpBuilder &builder, Location loc, Value operand,
                        int64_t front, int64_t back) {
    int64_t rank = typeOf(operand).getRank();
    int64_t middle = rank - front - back;
    if (middle == 1)
      return operand;
    if (rank == 0) // one element: expanding makes the dims
      return tensor::ExpandShapeOp::create(
          builder, loc,
          RankedTensorType::get({1}, typeOf(operand).getElementType()), operand,
          ArrayRef<ReassociationIndices>());
    return tensor::CollapseShapeOp::create(builder, loc, operand,
                                           groupsOf(front, middle, back));
  }

  static Value expand(OpBuilder &builder, Location loc, Value operand,
                      RankedTensorType to, ArrayRef<OpFoldResult> sizes,
                      int64_t front, int64_t back) {
    int64_t middle = to.getRank() - front - back;
    // The collapsed dim is known exactly if the expanded ones are.
    SmallVector<int64_t> collapsed(to.getShape().take_front(front));
    collapsed.push_back(product(to.getShape().slice(front, middle)));
    llvm::append_range(collapsed, to.getShape().take_back(back));
    operand = castTo(builder, loc, operand, to.clone(collapsed));
    if (middle == 1)
      return operand;
    if (to.getRank() == 0)
      return tensor::CollapseShapeOp::create(builder, loc, to, operand,
                                             ArrayRef<ReassociationIndices>());
    return tensor::ExpandShapeOp::create(builder, loc, to, operand,
                                         groupsOf(front, middle, back), sizes);
  }
};

/// graph.concat -> tensor.insert_slice of every operand into one destination
struct LowerConcat : OpConversionPattern<ConcatOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ConcatOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    int64_t axis = op.getAxis();
    ReifiedRankedShapedTypeDims shapes;
    if (failed(op.reifyResultShapes(rewriter, shapes)))
      return rewriter.notifyMatchFailure(op, "extents can't be computed");
    Value result = emptyTensor(rewriter, loc, shapes[0], type.getElementType());
    SmallVector<OpFoldResult> offsets(type.getRank(), rewriter.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(type.getRank(), rewriter.getIndexAttr(1));
    AffineExpr s0, s1;
    bindSymbols(op.getContext(), s0, s1);
    for (Value input : adaptor.getInputs()) {
      if (isEmpty(input))
        continue;
      auto sizes = tensor::getMixedSizes(rewriter, loc, input);
      result = tensor::InsertSliceOp::create(rewriter, loc, input, result,
                                             offsets, sizes, strides);
      offsets[axis] = affine::makeComposedFoldedAffineApply(
          rewriter, loc, s0 + s1, {offsets[axis], sizes[axis]});
    }
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

/// graph.slice -> tensor.extract_slice
struct LowerSlice : OpConversionPattern<SliceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(SliceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (isEmpty(op.getResult())) {
      Value empty = emptyTensor(rewriter, op.getLoc(), op.getMixedSizes(),
                                type.getElementType());
      rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), empty, type));
      return success();
    }
    rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(
        op, type, adaptor.getOperand(), adaptor.getOffsets(),
        adaptor.getSizes(), adaptor.getStrides(), op.getStaticOffsets(),
        op.getStaticSizes(), op.getStaticStrides());
    return success();
  }
};

/// graph.pad -> tensor.pad; with interior elements, a filled destination into
/// which the operand is spread.
struct LowerPad : OpConversionPattern<PadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(PadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value value = scalarOf(rewriter, op, adaptor.getValue());
    auto low =
        getMixedValues(op.getStaticLow(), adaptor.getLow(), op.getContext());
    auto high =
        getMixedValues(op.getStaticHigh(), adaptor.getHigh(), op.getContext());
    auto isZero = [](int64_t count) { return count == 0; };
    if (llvm::all_of(op.getInterior(), isZero)) {
      Value padded =
          tensor::PadOp::create(rewriter, loc, RankedTensorType(),
                                adaptor.getOperand(), low, high, value);
      rewriter.replaceOp(op, castTo(rewriter, loc, padded, type));
      return success();
    }
    ReifiedRankedShapedTypeDims shapes;
    if (failed(op.reifyResultShapes(rewriter, shapes)))
      return rewriter.notifyMatchFailure(op, "extents can't be computed");
    Value empty = emptyTensor(rewriter, loc, shapes[0], type.getElementType());
    auto fill = linalg::FillOp::create(rewriter, loc, value, empty);
    fill->setAttr(kSourceOpAttr, sourceOpAttr(op).getValue());
    if (isEmpty(adaptor.getOperand())) {
      rewriter.replaceOp(op, castTo(rewriter, loc, fill.getResult(0), type));
      return success();
    }
    SmallVector<OpFoldResult> strides;
    for (int64_t interior : op.getInterior())
      strides.push_back(rewriter.getIndexAttr(interior + 1));
    Value spread = tensor::InsertSliceOp::create(
        rewriter, loc, adaptor.getOperand(), fill.getResult(0), low,
        tensor::getMixedSizes(rewriter, loc, adaptor.getOperand()), strides);
    rewriter.replaceOp(op, castTo(rewriter, loc, spread, type));
    return success();
  }

private:
  /// The padding as a scalar, a constant if it is one.
  static Value scalarOf(OpBuilder &builder, PadOp op, Value value) {
    DenseElementsAttr constant;
    Type type = typeOf(value).getElementType();
    if (matchPattern(op.getValue(), m_Constant(&constant)))
      return arith::ConstantOp::create(
          builder, op.getLoc(),
          cast<TypedAttr>(*constant.bitcast(type).value_begin<Attribute>()));
    return tensor::ExtractOp::create(builder, op.getLoc(), value, ValueRange());
  }
};

} // namespace

void populateShapeToLinalgPatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns
      .add<LowerBroadcast, LowerConcat, LowerConstant, LowerIota,
           LowerPad, LowerReshape, LowerReverse, LowerSlice, LowerTranspose>(
          converter, patterns.getContext());
}

} // namespace msc
