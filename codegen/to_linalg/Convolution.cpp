//===- Convolution.cpp - Convolutions to linalg ---------------------------===//
//
// All three ops of the family sum the products of the trilinear form
//   output[n, o, g, oc] * image[n, o * stride + k * dilation, g, ic]
//                       * filter[g, oc, ic, k]
// over what their result lacks, so all become one generic over these loops. Its
// result's dims are the parallel loops, in order, so that each element is
// written by one iteration; for conv_input_grad that takes the gather form: a
// convolution of the spread-out cotangent with the reversed filter.
//
//===----------------------------------------------------------------------===//

#include "codegen/to_linalg/ImageLoops.h"
#include "dialects/graph/ops/convolution/Convolution.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {
namespace {

/// Which dims the channels of the tensors are made of. Groups become a dim of
/// their own, but what they leave with an extent of 1 is no dim at all: a
/// depthwise convolution has no loop over input channels.
struct Channels {
  Channels(int64_t groups, int64_t inputs, int64_t outputs)
      : groups(groups), hasGroups(groups > 1),
        hasInput(groups == 1 || inputs != 1),
        hasOutput(groups == 1 || outputs != groups) {}

  /// A channel dim of the image or the output, with groups split off.
  Value splitGroups(OpBuilder &builder, Location loc, Value tensor,
                    unsigned dim, bool hasRest) const {
    if (!hasGroups || !hasRest)
      return tensor;
    auto type = cast<RankedTensorType>(tensor.getType());
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, tensor);
    SmallVector<int64_t> shape(type.getShape());
    SmallVector<ReassociationIndices> groupsOfDims;
    for (int64_t from = 0, to = 0; from < type.getRank(); ++from) {
      groupsOfDims.push_back({to++});
      if (from == dim)
        groupsOfDims.back().push_back(to++);
    }
    AffineExpr s0 = builder.getAffineSymbolExpr(0);
    OpFoldResult rest = affine::makeComposedFoldedAffineApply(
        builder, loc, s0.floorDiv(groups), {sizes[dim]});
    if (ShapedType::isDynamic(shape[dim]))
      rest = getValueOrCreateConstantIndexOp(builder, loc, rest);
    else
      shape[dim] /= groups;
    sizes[dim] = rest;
    shape.insert(shape.begin() + dim, groups);
    sizes.insert(sizes.begin() + dim, builder.getIndexAttr(groups));
    return tensor::ExpandShapeOp::create(
        builder, loc, RankedTensorType::get(shape, type.getElementType()),
        tensor, groupsOfDims, sizes);
  }

  int64_t groups;
  bool hasGroups, hasInput, hasOutput;
};

/// Dims [from, from + 1] of the tensor as one.
Value mergeDims(OpBuilder &builder, Location loc, Value tensor, unsigned from) {
  int64_t rank = cast<RankedTensorType>(tensor.getType()).getRank();
  SmallVector<ReassociationIndices> reassociation;
  for (int64_t dim = 0; dim < rank; ++dim) {
    if (dim == from + 1)
      reassociation.back().push_back(dim);
    else
      reassociation.push_back({dim});
  }
  return tensor::CollapseShapeOp::create(builder, loc, tensor, reassociation);
}

/// The dims of the three tensors, with groups split off and unit dims dropped.
struct ConvShape {
  ConvShape(ImageDims dims, SmallVector<WindowDim> windows, Channels channels)
      : dims(dims), windows(std::move(windows)), channels(channels) {}

  Value splitImage(OpBuilder &b, Location loc, Value image) const {
    return channels.splitGroups(b, loc, image, dims.channel(),
                                channels.hasInput);
  }
  Value splitOutput(OpBuilder &b, Location loc, Value output) const {
    return channels.splitGroups(b, loc, output, dims.channel(),
                                channels.hasOutput);
  }
  /// The filter without its unit input dim, and with output channels split.
  Value splitFilter(OpBuilder &b, Location loc, Value filter) const {
    filter = channels.splitGroups(b, loc, filter, dims.filterOutput(),
                                  channels.hasOutput);
    if (channels.hasInput)
      return filter;
    // Dims around the unit dim: [OC, 1, S] or [S, 1, OC], OC perhaps split.
    unsigned unit =
        dims.filterInput() + (!dims.channelsLast && channels.hasOutput ? 1 : 0);
    return mergeDims(b, loc, filter, dims.channelsLast ? unit : unit - 1);
  }

  /// Loops by meaning, numbered when they are first asked for.
  struct Loops {
    MLIRContext *context;
    unsigned count = 0;
    AffineExpr next() { return getAffineDimExpr(count++, context); }
  };
  struct Names {
    AffineExpr n, g, ic, oc;
    SmallVector<AffineExpr> o, k;
  };

  /// Names of loops in the order of the dims of a result, then the rest.
  enum Result { Output, Image, Filter };
  Names nameLoops(MLIRContext *context, Result result) const {
    Loops loops{context};
    Names x;
    unsigned numSpatial = dims.numSpatial();
    auto batch = [&] { x.n = loops.next(); };
    auto group = [&] {
      if (channels.hasGroups)
        x.g = loops.next();
    };
    auto input = [&] {
      if (channels.hasInput)
        x.ic = loops.next();
    };
    auto output = [&] {
      if (channels.hasOutput)
        x.oc = loops.next();
    };
    auto places = [&] {
      for (unsigned i = 0; i < numSpatial; ++i)
        x.o.push_back(loops.next());
    };
    auto taps = [&] {
      for (unsigned i = 0; i < numSpatial; ++i)
        x.k.push_back(loops.next());
    };
    if (result == Filter) { // summed: batch and output positions
      if (dims.channelsLast)
        taps(), input(), group(), output();
      else
        group(), output(), input(), taps();
      batch(), places();
      return x;
    }
    // Summed: taps and channels, in the filter's order.
    auto kept = [&] { result == Output ? output() : input(); };
    auto summed = [&] { result == Output ? input() : output(); };
    batch();
    if (dims.channelsLast)
      places(), group(), kept(), taps(), summed();
    else
      group(), kept(), places(), summed(), taps();
    return x;
  }

  SmallVector<AffineExpr> channelExprs(const Names &x, AffineExpr rest) const {
    SmallVector<AffineExpr> exprs;
    if (x.g)
      exprs.push_back(x.g);
    if (rest)
      exprs.push_back(rest);
    return exprs;
  }

  AffineMap mapOf(ArrayRef<AffineExpr> exprs, const Names &x) const {
    unsigned loops = 1 + x.o.size() + x.k.size() + !!x.g + !!x.ic + !!x.oc;
    return AffineMap::get(loops, 0, exprs, x.n.getContext());
  }

  AffineMap filterMap(const Names &x) const {
    SmallVector<AffineExpr> exprs, outputs = channelExprs(x, x.oc);
    if (!dims.channelsLast)
      llvm::append_range(exprs, outputs);
    else
      llvm::append_range(exprs, x.k);
    if (x.ic)
      exprs.push_back(x.ic);
    if (!dims.channelsLast)
      llvm::append_range(exprs, x.k);
    else
      llvm::append_range(exprs, outputs);
    return mapOf(exprs, x);
  }
  /// At plain positions, with the channels `rest`.
  AffineMap plainMap(const Names &x, AffineExpr rest) const {
    return mapOf(imageExprs(dims, x.n, channelExprs(x, rest), x.o), x);
  }
  /// At the elements of windows with these strides.
  AffineMap windowMap(const Names &x, AffineExpr rest, bool strided) const {
    SmallVector<AffineExpr> positions;
    for (auto [i, window] : llvm::enumerate(windows))
      positions.push_back(x.o[i] * (strided ? window.stride : 1) +
                          x.k[i] * window.dilation);
    return mapOf(imageExprs(dims, x.n, channelExprs(x, rest), positions), x);
  }

  ImageDims dims;
  SmallVector<WindowDim> windows;
  Channels channels;
};

template <typename OpTy> ConvShape shapeOf(OpTy op) {
  ImageDims dims = op.getImageDims();
  RankedTensorType filter = op.getFilterType();
  return ConvShape(dims, op.getWindows(),
                   Channels(op.getGroups(),
                            filter.getDimSize(dims.filterInput()),
                            filter.getDimSize(dims.filterOutput())));
}

/// init + sum of lhs * rhs; the first loops, as many as `init` has dims, are
/// parallel.
Value sumOfProducts(OpBuilder &builder, Operation *op, Value lhs, Value rhs,
                    Value init, ArrayRef<AffineMap> maps) {
  auto type = cast<RankedTensorType>(init.getType());
  SmallVector<utils::IteratorType> iterators(maps[0].getNumDims(),
                                             utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), type.getRank(), utils::IteratorType::parallel);
  auto payload = [](OpBuilder &b, Location loc, ValueRange x) {
    Value sum;
    if (isa<FloatType>(x[2].getType())) {
      Value product = arith::MulFOp::create(b, loc, x[0], x[1]);
      sum = arith::AddFOp::create(b, loc, x[2], product);
    } else {
      Value product = arith::MulIOp::create(b, loc, x[0], x[1]);
      sum = arith::AddIOp::create(b, loc, x[2], product);
    }
    linalg::YieldOp::create(b, loc, sum);
  };
  return linalg::GenericOp::create(
             builder, op->getLoc(), type, ValueRange{lhs, rhs}, init, maps,
             iterators, payload, ArrayRef<NamedAttribute>(sourceOpAttr(op)))
      .getResult(0);
}

TypedAttr zeroOf(OpBuilder &builder, Value like) {
  return cast<TypedAttr>(builder.getZeroAttr(
      cast<RankedTensorType>(like.getType()).getElementType()));
}

/// conv -> pad, generic
struct LowerConv : OpConversionPattern<ConvOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ConvOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ConvShape shape = shapeOf(op);
    ImageDims dims = shape.dims;
    auto size = [&](Value value, unsigned dim) {
      return tensor::getMixedSize(rewriter, loc, value, dim);
    };
    SmallVector<OpFoldResult> sizes(dims.rank);
    sizes[dims.batch()] = size(adaptor.getInput(), dims.batch());
    sizes[dims.channel()] = size(adaptor.getFilter(), dims.filterOutput());
    for (auto [i, window] : llvm::enumerate(shape.windows))
      sizes[dims.spatial(i)] =
          window.count(rewriter, loc, size(adaptor.getInput(), dims.spatial(i)),
                       size(adaptor.getFilter(), dims.filterSpatial(i)));

    TypedAttr zero = zeroOf(rewriter, adaptor.getInput());
    Value image =
        padImage(rewriter, loc, adaptor.getInput(), dims, shape.windows, zero);
    Value init = filledFor(rewriter, op, sizes, zero);
    auto x = shape.nameLoops(getContext(), ConvShape::Output);
    Value sum =
        sumOfProducts(rewriter, op, shape.splitImage(rewriter, loc, image),
                      shape.splitFilter(rewriter, loc, adaptor.getFilter()),
                      shape.splitOutput(rewriter, loc, init),
                      {shape.windowMap(x, x.ic, /*strided=*/true),
                       shape.filterMap(x), shape.plainMap(x, x.oc)});
    if (shape.channels.hasGroups && shape.channels.hasOutput)
      sum = mergeDims(rewriter, loc, sum, dims.channel());
    rewriter.replaceOp(op,
                       castTo(rewriter, loc, sum,
                              getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

/// The filter with its spatial dims reversed, whose extents are static.
Value reverseFilter(OpBuilder &builder, Operation *op, Value filter,
                    const ConvShape &shape) {
  auto type = cast<RankedTensorType>(filter.getType());
  SmallVector<AffineExpr> exprs;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    exprs.push_back(builder.getAffineDimExpr(dim));
  bool isUnit = true;
  for (auto [i, window] : llvm::enumerate(shape.windows)) {
    AffineExpr &expr = exprs[shape.dims.filterSpatial(i)];
    expr = (window.size - 1) - expr;
    isUnit &= window.size == 1;
  }
  if (isUnit)
    return filter;
  Value init = emptyLike(builder, op->getLoc(), filter, type.getElementType());
  AffineMap reversed =
      AffineMap::get(type.getRank(), 0, exprs, builder.getContext());
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  auto payload = [](OpBuilder &b, Location loc, ValueRange x) {
    linalg::YieldOp::create(b, loc, x[0]);
  };
  return linalg::GenericOp::create(
             builder, op->getLoc(), type, filter, init,
             ArrayRef<AffineMap>{
                 reversed, builder.getMultiDimIdentityMap(type.getRank())},
             iterators, payload, ArrayRef<NamedAttribute>(sourceOpAttr(op)))
      .getResult(0);
}

/// conv_input_grad -> spread-out cotangent, reversed filter, generic
struct LowerConvInputGrad : OpConversionPattern<ConvInputGradOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ConvInputGradOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ConvShape shape = shapeOf(op);
    for (WindowDim window : shape.windows)
      if (ShapedType::isDynamic(window.size))
        return rewriter.notifyMatchFailure(
            op, "the filter's spatial extents are dynamic");
    SmallVector<OpFoldResult> sizes = getMixedValues(
        op.getType().getShape(), adaptor.getSizes(), getContext());
    TypedAttr zero = zeroOf(rewriter, adaptor.getCotangent());
    Value spread = spreadWindows(rewriter, op, adaptor.getCotangent(),
                                 shape.dims, shape.windows, sizes, zero);
    Value filter = reverseFilter(rewriter, op, adaptor.getFilter(), shape);
    Value init = filledFor(rewriter, op, sizes, zero);
    auto x = shape.nameLoops(getContext(), ConvShape::Image);
    Value sum =
        sumOfProducts(rewriter, op, shape.splitOutput(rewriter, loc, spread),
                      shape.splitFilter(rewriter, loc, filter),
                      shape.splitImage(rewriter, loc, init),
                      {shape.windowMap(x, x.oc, /*strided=*/false),
                       shape.filterMap(x), shape.plainMap(x, x.ic)});
    if (shape.channels.hasGroups && shape.channels.hasInput)
      sum = mergeDims(rewriter, loc, sum, shape.dims.channel());
    rewriter.replaceOp(op,
                       castTo(rewriter, loc, sum,
                              getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

/// conv_filter_grad -> pad, generic
struct LowerConvFilterGrad : OpConversionPattern<ConvFilterGradOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ConvFilterGradOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ConvShape shape = shapeOf(op);
    SmallVector<OpFoldResult> sizes = getMixedValues(
        op.getType().getShape(), adaptor.getSizes(), getContext());
    TypedAttr zero = zeroOf(rewriter, adaptor.getInput());
    Value image = padImage(rewriter, loc, adaptor.getInput(), shape.dims,
                           shape.windows, zero);
    // The filter is made in split form, and its dims are merged again.
    Value empty = emptyTensor(rewriter, loc, sizes, zero.getType());
    Value split = shape.splitFilter(rewriter, loc, empty);
    Value init = filledFor(rewriter, op,
                           tensor::getMixedSizes(rewriter, loc, split), zero);
    auto x = shape.nameLoops(getContext(), ConvShape::Filter);
    Value sum = sumOfProducts(
        rewriter, op, shape.splitImage(rewriter, loc, image),
        shape.splitOutput(rewriter, loc, adaptor.getCotangent()), init,
        {shape.windowMap(x, x.ic, /*strided=*/true), shape.plainMap(x, x.oc),
         shape.filterMap(x)});
    Value whole = wholeFilter(rewriter, loc, sum, shape, sizes);
    rewriter.replaceOp(op,
                       castTo(rewriter, loc, whole,
                              getTypeConverter()->convertType(op.getType())));
    return success();
  }

private:
  /// The inverse of `splitFilter`.
  static Value wholeFilter(OpBuilder &builder, Location loc, Value filter,
                           const ConvShape &shape,
                           ArrayRef<OpFoldResult> sizes) {
    ImageDims dims = shape.dims;
    if (shape.channels.hasGroups && shape.channels.hasOutput) {
      unsigned outputs = dims.channelsLast && !shape.channels.hasInput
                             ? dims.filterOutput() - 1
                             : dims.filterOutput();
      filter = mergeDims(builder, loc, filter, outputs);
    }
    if (shape.channels.hasInput)
      return filter;
    auto type = cast<RankedTensorType>(filter.getType());
    SmallVector<int64_t> extents(type.getShape());
    extents.insert(extents.begin() + dims.filterInput(), 1);
    unsigned holder =
        dims.channelsLast ? dims.filterInput() : dims.filterInput() - 1;
    SmallVector<ReassociationIndices> reassociation;
    for (int64_t from = 0, to = 0; from < type.getRank(); ++from) {
      reassociation.push_back({to++});
      if (from == holder)
        reassociation.back().push_back(to++);
    }
    return tensor::ExpandShapeOp::create(
        builder, loc, RankedTensorType::get(extents, type.getElementType()),
        filter, reassociation, sizes);
  }
};

} // namespace

void populateConvolutionToLinalgPatterns(const TypeConverter &converter,
                                         RewritePatternSet &patterns) {
  patterns.add<LowerConv, LowerConvFilterGrad, LowerConvInputGrad>(
      converter, patterns.getContext());
}

} // namespace msc
