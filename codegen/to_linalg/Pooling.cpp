//===- Pooling.cpp - Pooling to linalg ------------------------------------===//
//
// A pooling is a generic over the image's padded elements whose reductions are
// the elements of a window; an operand without data gives their extents. The
// transposes are in gather form: each element of the image asks the windows
// that it may be in, so that each iteration writes an element of its own.
//
//===----------------------------------------------------------------------===//

#include "codegen/to_linalg/ImageLoops.h"
#include "dialects/graph/ops/pooling/Pooling.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {
namespace {

/// The loops of a pooling: the dims of the result, then those of a window.
struct PoolLoops {
  PoolLoops(OpBuilder &builder, ImageDims dims, ArrayRef<WindowDim> windows)
      : dims(dims), windows(windows), context(builder.getContext()) {
    iterators.assign(dims.rank, utils::IteratorType::parallel);
    iterators.append(windows.size(), utils::IteratorType::reduction);
  }

  AffineExpr loop(unsigned number) const {
    return getAffineDimExpr(number, context);
  }
  AffineMap map(ArrayRef<AffineExpr> exprs) const {
    return AffineMap::get(iterators.size(), 0, exprs, context);
  }
  /// Of the result.
  AffineMap resultMap() const {
    return AffineMap::getMultiDimIdentityMap(iterators.size(), context)
        .getMajorSubMap(dims.rank);
  }
  /// Of the operand without data that has the window's shape.
  AffineMap windowMap() const {
    return AffineMap::getMultiDimIdentityMap(iterators.size(), context)
        .getMinorSubMap(windows.size());
  }
  /// Of the padded image, or of windows spread out (strides are 1 there).
  AffineMap imageMap(bool strided) const {
    SmallVector<AffineExpr> positions;
    for (auto [i, window] : llvm::enumerate(windows))
      positions.push_back(loop(dims.spatial(i)) *
                              (strided ? window.stride : 1) +
                          loop(dims.rank + i) * window.dilation);
    return map(
        imageExprs(dims, loop(dims.batch()), loop(dims.channel()), positions));
  }

  Value windowShape(OpBuilder &builder, Location loc) const {
    SmallVector<OpFoldResult> sizes;
    for (const WindowDim &window : windows)
      sizes.push_back(builder.getIndexAttr(window.size));
    return emptyTensor(builder, loc, sizes, builder.getI1Type());
  }

  ImageDims dims;
  ArrayRef<WindowDim> windows;
  MLIRContext *context;
  SmallVector<utils::IteratorType> iterators;
};

/// The extents of the pooled image.
SmallVector<OpFoldResult> pooledSizes(OpBuilder &builder, Location loc,
                                      Value image, ImageDims dims,
                                      ArrayRef<WindowDim> windows) {
  auto sizes = tensor::getMixedSizes(builder, loc, image);
  for (auto [i, window] : llvm::enumerate(windows)) {
    OpFoldResult &extent = sizes[dims.spatial(i)];
    extent =
        window.count(builder, loc, extent, builder.getIndexAttr(window.size));
  }
  return sizes;
}

using Payload = function_ref<void(OpBuilder &, Location, ValueRange)>;

linalg::GenericOp makeGeneric(OpBuilder &builder, Operation *op,
                              ValueRange inputs, ValueRange inits,
                              ArrayRef<AffineMap> maps,
                              ArrayRef<utils::IteratorType> iterators,
                              Payload payload) {
  return linalg::GenericOp::create(builder, op->getLoc(), inits.getTypes(),
                                   inputs, inits, maps, iterators, payload,
                                   ArrayRef<NamedAttribute>(sourceOpAttr(op)));
}

TypedAttr zeroOf(OpBuilder &builder, Type elementType) {
  return cast<TypedAttr>(builder.getZeroAttr(elementType));
}

Value sumOf(OpBuilder &builder, Location loc, Value a, Value b) {
  if (isa<FloatType>(a.getType()))
    return arith::AddFOp::create(builder, loc, a, b);
  return arith::AddIOp::create(builder, loc, a, b);
}

/// Index arithmetic in a payload.
struct Indices {
  OpBuilder &builder;
  Location loc;

  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value loop(unsigned number) {
    return linalg::IndexOp::create(builder, loc, number);
  }
  Value add(Value a, Value b) {
    return arith::AddIOp::create(builder, loc, a, b);
  }
  Value sub(Value a, Value b) {
    return arith::SubIOp::create(builder, loc, a, b);
  }
  Value mul(Value a, int64_t b) {
    return b == 1 ? a
                  : arith::MulIOp::create(builder, loc, a, constant(b))
                        .getResult();
  }
  Value value(OpFoldResult size) {
    return getValueOrCreateConstantIndexOp(builder, loc, size);
  }
};

//===----------------------------------------------------------------------===//
// Maximum
//===----------------------------------------------------------------------===//

/// max_pool -> pad, generic
struct LowerMaxPool : OpConversionPattern<MaxPoolOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MaxPoolOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ImageDims dims = op.getImageDims();
    SmallVector<WindowDim> windows = op.getWindows();
    bool isUnsigned = isUnsignedTensor(op.getInput());
    TypedAttr least = leastElement(
        getElementTypeOrSelf(adaptor.getInput().getType()), isUnsigned);
    auto sizes = pooledSizes(rewriter, loc, adaptor.getInput(), dims, windows);
    Value image =
        padImage(rewriter, loc, adaptor.getInput(), dims, windows, least);
    Value init = filledFor(rewriter, op, sizes, least);
    PoolLoops loops(rewriter, dims, windows);
    auto payload = [&](OpBuilder &b, Location loc, ValueRange x) {
      Value larger;
      if (isa<FloatType>(x[0].getType()))
        larger = arith::MaximumFOp::create(b, loc, x[2], x[0]);
      else if (isUnsigned)
        larger = arith::MaxUIOp::create(b, loc, x[2], x[0]);
      else
        larger = arith::MaxSIOp::create(b, loc, x[2], x[0]);
      linalg::YieldOp::create(b, loc, larger);
    };
    auto generic = makeGeneric(rewriter, op,
                               {image, loops.windowShape(rewriter, loc)}, init,
                               {loops.imageMap(/*strided=*/true),
                                loops.windowMap(), loops.resultMap()},
                               loops.iterators, payload);
    rewriter.replaceOp(op,
                       castTo(rewriter, loc, generic.getResult(0),
                              getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

/// Whether the current element of the window is one of the image, in a
/// payload; null for always.
Value isInImage(Indices x, const PoolLoops &loops,
                ArrayRef<OpFoldResult> imageSizes) {
  Value result;
  for (auto [i, window] : llvm::enumerate(loops.windows)) {
    if (!window.isPadded())
      continue;
    unsigned dim = loops.dims.spatial(i);
    Value position = x.add(x.mul(x.loop(dim), window.stride),
                           x.mul(x.loop(loops.dims.rank + i), window.dilation));
    // Unsigned, so that what lies before the image is beyond it too.
    Value inside = arith::CmpIOp::create(
        x.builder, x.loc, arith::CmpIPredicate::ult,
        x.sub(position, x.constant(window.padLow)), x.value(imageSizes[dim]));
    result = result ? arith::AndIOp::create(x.builder, x.loc, result, inside)
                    : inside;
  }
  return result;
}

/// The number of the current element in its window, row-major, counted from
/// the last one if `reversed`.
Value numberInWindow(Indices x, const PoolLoops &loops, bool reversed = false) {
  Value number = x.loop(loops.dims.rank);
  int64_t elements = loops.windows[0].size;
  for (unsigned i = 1; i < loops.windows.size(); ++i) {
    number = x.add(x.mul(number, loops.windows[i].size),
                   x.loop(loops.dims.rank + i));
    elements *= loops.windows[i].size;
  }
  if (reversed)
    number = x.sub(x.constant(elements - 1), number);
  return arith::IndexCastOp::create(x.builder, x.loc, x.builder.getI32Type(),
                                    number);
}

/// Whether `element` replaces `largest`: greater, or the first NaN.
Value isLarger(OpBuilder &b, Location loc, Value element, Value largest,
               bool isUnsigned) {
  if (!isa<FloatType>(element.getType()))
    return arith::CmpIOp::create(b, loc,
                                 isUnsigned ? arith::CmpIPredicate::ugt
                                            : arith::CmpIPredicate::sgt,
                                 element, largest);
  Value greater = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UGT,
                                        element, largest);
  Value isNumber = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::ORD,
                                         largest, largest);
  return arith::AndIOp::create(b, loc, greater, isNumber);
}

/// For each window the number (i32) of its first largest element.
Value windowMaxima(OpBuilder &builder, Operation *op, Value input,
                   bool isUnsigned, const PoolLoops &loops) {
  Location loc = op->getLoc();
  TypedAttr least =
      leastElement(getElementTypeOrSelf(input.getType()), isUnsigned);
  auto imageSizes = tensor::getMixedSizes(builder, loc, input);
  auto sizes = pooledSizes(builder, loc, input, loops.dims, loops.windows);
  Value image = padImage(builder, loc, input, loops.dims, loops.windows, least);
  Value largest = filledFor(builder, op, sizes, least);
  Value where = filledFor(builder, op, sizes, builder.getI32IntegerAttr(-1));
  auto payload = [&](OpBuilder &b, Location loc, ValueRange x) {
    Indices indices{b, loc};
    // The first element counts whatever it is.
    Value none = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(-1));
    Value isFirst =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, x[3], none);
    Value takes = arith::OrIOp::create(
        b, loc, isFirst, isLarger(b, loc, x[0], x[2], isUnsigned));
    if (Value inside = isInImage(indices, loops, imageSizes))
      takes = arith::AndIOp::create(b, loc, takes, inside);
    Value number = numberInWindow(indices, loops);
    Value newLargest = arith::SelectOp::create(b, loc, takes, x[0], x[2]);
    Value newWhere = arith::SelectOp::create(b, loc, takes, number, x[3]);
    linalg::YieldOp::create(b, loc, ValueRange{newLargest, newWhere});
  };
  auto generic = makeGeneric(
      builder, op, {image, loops.windowShape(builder, loc)}, {largest, where},
      {loops.imageMap(/*strided=*/true), loops.windowMap(), loops.resultMap(),
       loops.resultMap()},
      loops.iterators, payload);
  return generic.getResult(1);
}

/// max_pool_gather -> where the maxima are; then the values that are there
struct LowerMaxPoolGather : OpConversionPattern<MaxPoolGatherOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MaxPoolGatherOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SmallVector<WindowDim> windows = op.getWindows();
    PoolLoops loops(rewriter, op.getImageDims(), windows);
    Value where = windowMaxima(rewriter, op, adaptor.getInput(),
                               isUnsignedTensor(op.getInput()), loops);
    TypedAttr zero =
        zeroOf(rewriter, getElementTypeOrSelf(adaptor.getValues().getType()));
    Value values =
        padImage(rewriter, loc, adaptor.getValues(), loops.dims, windows, zero);
    Value init = filledFor(rewriter, op,
                           tensor::getMixedSizes(rewriter, loc, where), zero);
    auto payload = [&](OpBuilder &b, Location loc, ValueRange x) {
      Value number = numberInWindow({b, loc}, loops);
      Value isThere =
          arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, x[1], number);
      Value taken = arith::SelectOp::create(b, loc, isThere, x[0], x[3]);
      linalg::YieldOp::create(b, loc, taken);
    };
    auto generic = makeGeneric(
        rewriter, op, {values, where, loops.windowShape(rewriter, loc)}, init,
        {loops.imageMap(/*strided=*/true), loops.resultMap(), loops.windowMap(),
         loops.resultMap()},
        loops.iterators, payload);
    rewriter.replaceOp(op,
                       castTo(rewriter, loc, generic.getResult(0),
                              getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

/// max_pool_scatter -> where the maxima are, spread out with the cotangent;
/// then each element's sum over the windows whose maximum it is
struct LowerMaxPoolScatter : OpConversionPattern<MaxPoolScatterOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MaxPoolScatterOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SmallVector<WindowDim> windows = op.getWindows();
    PoolLoops loops(rewriter, op.getImageDims(), windows);
    Value where = windowMaxima(rewriter, op, adaptor.getInput(),
                               isUnsignedTensor(op.getInput()), loops);
    auto sizes = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    TypedAttr zero = zeroOf(
        rewriter, getElementTypeOrSelf(adaptor.getCotangent().getType()));
    Value spread = spreadWindows(rewriter, op, adaptor.getCotangent(),
                                 loops.dims, windows, sizes, zero);
    Value spreadWhere = spreadWindows(rewriter, op, where, loops.dims, windows,
                                      sizes, rewriter.getI32IntegerAttr(-1));
    Value init = filledFor(rewriter, op, sizes, zero);
    auto payload = [&](OpBuilder &b, Location loc, ValueRange x) {
      // The windows are met in reverse: see spreadWindows.
      Value number = numberInWindow({b, loc}, loops, /*reversed=*/true);
      Value isHere =
          arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, x[1], number);
      Value none = arith::ConstantOp::create(b, loc, zero);
      Value part = arith::SelectOp::create(b, loc, isHere, x[0], none);
      linalg::YieldOp::create(b, loc, sumOf(b, loc, x[3], part));
    };
    AffineMap windowsOfElement = loops.imageMap(/*strided=*/false);
    auto generic = makeGeneric(
        rewriter, op, {spread, spreadWhere, loops.windowShape(rewriter, loc)},
        init,
        {windowsOfElement, windowsOfElement, loops.windowMap(),
         loops.resultMap()},
        loops.iterators, payload);
    rewriter.replaceOp(op,
                       castTo(rewriter, loc, generic.getResult(0),
                              getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Mean
//===----------------------------------------------------------------------===//

/// How many elements of the image the window along one dim has whose number is
/// the loop `dim`, in a payload: the k in [0, size) for which
/// 0 <= o * stride + k * dilation - padLow < extent.
Value countAlong(Indices x, const WindowDim &window, unsigned dim,
                 OpFoldResult extent) {
  // ceildiv(a, dilation) limited to [0, size].
  auto limited = [&](Value a) -> Value {
    Value zero = x.constant(0);
    Value positive = arith::MaxSIOp::create(x.builder, x.loc, a, zero);
    if (window.dilation != 1)
      positive = arith::DivUIOp::create(
          x.builder, x.loc, x.add(positive, x.constant(window.dilation - 1)),
          x.constant(window.dilation));
    return arith::MinSIOp::create(x.builder, x.loc, positive,
                                  x.constant(window.size));
  };
  Value begin =
      x.sub(x.constant(window.padLow), x.mul(x.loop(dim), window.stride));
  Value end = x.add(begin, x.value(extent));
  return x.sub(limited(end), limited(begin));
}

/// Divides the sum of a window by what it counts, in a payload whose first
/// loops are the dims of the pooled image.
Value divideByCount(Indices x, Value sum, ImageDims dims,
                    ArrayRef<WindowDim> windows, bool countIncludePad,
                    ArrayRef<OpFoldResult> imageSizes) {
  auto type = cast<FloatType>(sum.getType());
  int64_t size = 1;
  Value counted;
  for (auto [i, window] : llvm::enumerate(windows)) {
    if (countIncludePad || !window.isPadded()) {
      size *= window.size;
      continue;
    }
    unsigned dim = dims.spatial(i);
    Value along = countAlong(x, window, dim, imageSizes[dim]);
    counted = counted ? arith::MulIOp::create(x.builder, x.loc, counted, along)
                            .getResult()
                      : along;
  }
  Value divisor;
  if (counted) {
    // A window of padding only has a sum of 0, which stays.
    Value atLeastOne =
        arith::MaxSIOp::create(x.builder, x.loc, counted, x.constant(1));
    divisor = arith::SIToFPOp::create(
        x.builder, x.loc, type,
        arith::IndexCastOp::create(x.builder, x.loc, x.builder.getI64Type(),
                                   x.mul(atLeastOne, size)));
  } else {
    divisor = arith::ConstantOp::create(
        x.builder, x.loc,
        x.builder.getFloatAttr(type, static_cast<double>(size)));
  }
  return arith::DivFOp::create(x.builder, x.loc, sum, divisor);
}

/// `sums` with every element divided by the count of its window.
Value divideSums(OpBuilder &builder, Operation *op, Value sums, ImageDims dims,
                 ArrayRef<WindowDim> windows, bool countIncludePad,
                 ArrayRef<OpFoldResult> imageSizes) {
  Value init = emptyLike(builder, op->getLoc(), sums,
                         getElementTypeOrSelf(sums.getType()));
  AffineMap identity = builder.getMultiDimIdentityMap(dims.rank);
  SmallVector<utils::IteratorType> iterators(dims.rank,
                                             utils::IteratorType::parallel);
  auto payload = [&](OpBuilder &b, Location loc, ValueRange x) {
    linalg::YieldOp::create(b, loc,
                            divideByCount({b, loc}, x[0], dims, windows,
                                          countIncludePad, imageSizes));
  };
  return makeGeneric(builder, op, sums, init, {identity, identity}, iterators,
                     payload)
      .getResult(0);
}

/// The sum of what each window, or each element's windows, hold.
Value sumWindows(OpBuilder &builder, Operation *op, Value from,
                 ArrayRef<OpFoldResult> sizes, const PoolLoops &loops,
                 bool strided) {
  TypedAttr zero = zeroOf(builder, getElementTypeOrSelf(from.getType()));
  Value init = filledFor(builder, op, sizes, zero);
  auto payload = [](OpBuilder &b, Location loc, ValueRange x) {
    linalg::YieldOp::create(b, loc, sumOf(b, loc, x[2], x[0]));
  };
  return makeGeneric(
             builder, op, {from, loops.windowShape(builder, op->getLoc())},
             init,
             {loops.imageMap(strided), loops.windowMap(), loops.resultMap()},
             loops.iterators, payload)
      .getResult(0);
}

/// avg_pool -> pad, sums, division
struct LowerAvgPool : OpConversionPattern<AvgPoolOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(AvgPoolOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value input = adaptor.getInput();
    SmallVector<WindowDim> windows = op.getWindows();
    PoolLoops loops(rewriter, op.getImageDims(), windows);
    auto imageSizes = tensor::getMixedSizes(rewriter, loc, input);
    auto sizes = pooledSizes(rewriter, loc, input, loops.dims, windows);
    Value image =
        padImage(rewriter, loc, input, loops.dims, windows,
                 zeroOf(rewriter, getElementTypeOrSelf(input.getType())));
    Value sums =
        sumWindows(rewriter, op, image, sizes, loops, /*strided=*/true);
    Value means = divideSums(rewriter, op, sums, loops.dims, windows,
                             op.getCountIncludePad(), imageSizes);
    rewriter.replaceOp(op,
                       castTo(rewriter, loc, means,
                              getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

/// avg_pool_grad -> division, spreading out, sums
struct LowerAvgPoolGrad : OpConversionPattern<AvgPoolGradOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(AvgPoolGradOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    SmallVector<WindowDim> windows = op.getWindows();
    PoolLoops loops(rewriter, op.getImageDims(), windows);
    SmallVector<OpFoldResult> sizes = getMixedValues(
        op.getType().getShape(), adaptor.getSizes(), getContext());
    Value parts = divideSums(rewriter, op, adaptor.getCotangent(), loops.dims,
                             windows, op.getCountIncludePad(), sizes);
    Value spread =
        spreadWindows(rewriter, op, parts, loops.dims, windows, sizes,
                      zeroOf(rewriter, getElementTypeOrSelf(parts.getType())));
    Value sums =
        sumWindows(rewriter, op, spread, sizes, loops, /*strided=*/false);
    rewriter.replaceOp(op,
                       castTo(rewriter, op.getLoc(), sums,
                              getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

} // namespace

void populatePoolingToLinalgPatterns(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<LowerAvgPool, LowerAvgPoolGrad, LowerMaxPool, LowerMaxPoolGather,
               LowerMaxPoolScatter>(converter, patterns.getContext());
}

} // namespace msc
