//===- Normalization.cpp - Normalisation to linalg ------------------------===//
//
// A row is what is normalised together: the elements along some dims. Softmax
// in three passes over a row: the maximum; exp(x - max) and its sum in
// one generic of two results; a scale. Division is exact; the multiplication
// with a reciprocal, one rounding more, is left to schedules that may
// approximate. Layer norm in three passes as well: the mean; the mean square of
// what is left without it; one map. Statistics of rows are read through
// projections, never repeated in memory.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/normalization/Normalization.h"
#include "codegen/to_linalg/ToLinalg.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {
namespace {

using PayloadFn = function_ref<Value(OpBuilder &, Location, ValueRange)>;

/// Generics over one tensor and rows (the tensor without the axes) or vectors
/// (along the axes).
struct Normalization {
  Normalization(OpBuilder &builder, Operation *op, Value x,
                ArrayRef<int64_t> axes)
      : builder(builder), op(op), loc(op->getLoc()), x(x),
        type(cast<RankedTensorType>(x.getType())), axes(axes),
        full(builder.getMultiDimIdentityMap(type.getRank())),
        sizes(tensor::getMixedSizes(builder, loc, x)) {
    SmallVector<AffineExpr> kept, along;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      (llvm::is_contained(axes, dim) ? along : kept)
          .push_back(builder.getAffineDimExpr(dim));
    row = AffineMap::get(type.getRank(), 0, kept, builder.getContext());
    vector = AffineMap::get(type.getRank(), 0, along, builder.getContext());
  }

  Value emptyFull() {
    return emptyTensor(builder, loc, sizes, type.getElementType());
  }

  Value filledRow(TypedAttr value) {
    SmallVector<OpFoldResult> rowSizes;
    for (auto [dim, size] : llvm::enumerate(sizes))
      if (!llvm::is_contained(axes, static_cast<int64_t>(dim)))
        rowSizes.push_back(size);
    Value fill = filledTensor(builder, loc, rowSizes, value);
    fill.getDefiningOp()->setAttr(kSourceOpAttr, sourceOpAttr(op).getValue());
    return fill;
  }

  FloatAttr numberAttr(double value) {
    auto element = cast<FloatType>(type.getElementType());
    if (std::isinf(value) &&
        !APFloat::semanticsHasInf(element.getFloatSemantics()))
      return FloatAttr::get(element,
                            APFloat::getLargest(element.getFloatSemantics(),
                                                /*Negative=*/value < 0));
    return builder.getFloatAttr(element, value);
  }

  /// Element by element.
  Value map(ValueRange inputs, ArrayRef<AffineMap> maps, PayloadFn payload) {
    SmallVector<AffineMap> all(maps);
    all.push_back(full);
    SmallVector<utils::IteratorType> loops(type.getRank(),
                                           utils::IteratorType::parallel);
    return generic(inputs, emptyFull(), all, loops,
                   [&](OpBuilder &b, Location loc, ValueRange in) {
                     Value y = payload(b, loc, in);
                     linalg::YieldOp::create(b, loc, y);
                   })
        .getResult(0);
  }

  /// A generic whose last outputs are rows, folded along the axis.
  linalg::GenericOp
  fold(ValueRange inputs, ValueRange outputs, ArrayRef<AffineMap> maps,
       function_ref<void(OpBuilder &, Location, ValueRange)> payload) {
    SmallVector<utils::IteratorType> loops(type.getRank(),
                                           utils::IteratorType::parallel);
    for (int64_t axis : axes)
      loops[axis] = utils::IteratorType::reduction;
    return generic(inputs, outputs, maps, loops, payload);
  }

  linalg::GenericOp
  generic(ValueRange inputs, ValueRange outputs, ArrayRef<AffineMap> maps,
          ArrayRef<utils::IteratorType> loops,
          function_ref<void(OpBuilder &, Location, ValueRange)> payload) {
    return linalg::GenericOp::create(builder, loc, TypeRange(outputs), inputs,
                                     outputs, maps, loops, payload,
                                     sourceOpAttr(op));
  }

  /// The maximum of every row; NaN if there is one.
  Value rowMaximum() {
    Value init =
        filledRow(numberAttr(-std::numeric_limits<double>::infinity()));
    return fold(x, init, {full, row},
                [](OpBuilder &b, Location loc, ValueRange in) {
                  Value y = arith::MaximumFOp::create(b, loc, in[1], in[0]);
                  linalg::YieldOp::create(b, loc, y);
                })
        .getResult(0);
  }

  OpBuilder &builder;
  Operation *op;
  Location loc;
  Value x;
  RankedTensorType type;
  SmallVector<int64_t> axes;
  AffineMap full, row, vector;
  SmallVector<OpFoldResult> sizes;
};

struct LowerSoftmax : OpConversionPattern<SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(SoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Normalization n(rewriter, op, adaptor.getOperand(),
                    static_cast<int64_t>(op.getAxis()));
    Value maximum = n.rowMaximum();
    auto exponentials =
        n.fold({n.x, maximum}, {n.emptyFull(), n.filledRow(n.numberAttr(0.0))},
               {n.full, n.row, n.full, n.row},
               [](OpBuilder &b, Location loc, ValueRange in) {
                 Value y = arith::SubFOp::create(b, loc, in[0], in[1]);
                 Value e = math::ExpOp::create(b, loc, y);
                 Value sum = arith::AddFOp::create(b, loc, in[3], e);
                 linalg::YieldOp::create(b, loc, ValueRange{e, sum});
               });
    rewriter.replaceOp(
        op, n.map(exponentials.getResults(), {n.full, n.row},
                  [](OpBuilder &b, Location loc, ValueRange in) -> Value {
                    return arith::DivFOp::create(b, loc, in[0], in[1]);
                  }));
    return success();
  }
};

struct LowerLogSoftmax : OpConversionPattern<LogSoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(LogSoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Normalization n(rewriter, op, adaptor.getOperand(),
                    static_cast<int64_t>(op.getAxis()));
    Value maximum = n.rowMaximum();
    auto sums = n.fold({n.x, maximum}, n.filledRow(n.numberAttr(0.0)),
                       {n.full, n.row, n.row},
                       [](OpBuilder &b, Location loc, ValueRange in) {
                         Value y = arith::SubFOp::create(b, loc, in[0], in[1]);
                         Value e = math::ExpOp::create(b, loc, y);
                         Value sum = arith::AddFOp::create(b, loc, in[2], e);
                         linalg::YieldOp::create(b, loc, sum);
                       });
    Normalization rows(rewriter, op, sums.getResult(0), ArrayRef<int64_t>());
    Value logarithms =
        rows.map(rows.x, rows.full,
                 [](OpBuilder &b, Location loc, ValueRange in) -> Value {
                   return math::LogOp::create(b, loc, in[0]);
                 });
    rewriter.replaceOp(
        op, n.map({n.x, maximum, logarithms}, {n.full, n.row, n.row},
                  [](OpBuilder &b, Location loc, ValueRange in) -> Value {
                    Value y = arith::SubFOp::create(b, loc, in[0], in[1]);
                    return arith::SubFOp::create(b, loc, y, in[2]);
                  }));
    return success();
  }
};

/// scale * rsqrt(variance + epsilon) for the features, then one pass.
struct LowerBatchNorm : OpConversionPattern<BatchNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(BatchNormOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Normalization features(rewriter, op, adaptor.getScale(),
                           ArrayRef<int64_t>());
    FloatAttr epsilon = features.numberAttr(op.getEpsilon().convertToDouble());
    Value factor =
        features.map({adaptor.getScale(), adaptor.getVariance()},
                     {features.full, features.full},
                     [&](OpBuilder &b, Location loc, ValueRange in) -> Value {
                       Value small = arith::ConstantOp::create(b, loc, epsilon);
                       Value sum = arith::AddFOp::create(b, loc, in[1], small);
                       Value r = math::RsqrtOp::create(b, loc, sum);
                       return arith::MulFOp::create(b, loc, in[0], r);
                     });
    Normalization n(rewriter, op, adaptor.getOperand(),
                    static_cast<int64_t>(op.getAxis()));
    rewriter.replaceOp(
        op, n.map({n.x, adaptor.getMean(), factor, adaptor.getOffset()},
                  {n.full, n.vector, n.vector, n.vector},
                  [](OpBuilder &b, Location loc, ValueRange in) -> Value {
                    Value y = arith::SubFOp::create(b, loc, in[0], in[1]);
                    y = arith::MulFOp::create(b, loc, y, in[2]);
                    return arith::AddFOp::create(b, loc, y, in[3]);
                  }));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Layer norm and RMS norm
//===----------------------------------------------------------------------===//

/// What both have in common: sums over rows in the type of the statistics.
struct RowNorm : Normalization {
  RowNorm(OpBuilder &builder, Operation *op, Value x, ArrayRef<int64_t> dims,
          FloatType wide)
      : Normalization(builder, op, x, dims), wide(wide) {}

  /// The sum over each row of an element, which is computed in the wide type.
  Value sum(ValueRange inputs, ArrayRef<AffineMap> maps, PayloadFn element) {
    SmallVector<AffineMap> all(maps);
    all.push_back(row);
    Value zero = filledRow(builder.getFloatAttr(wide, 0.0));
    return fold(inputs, zero, all,
                [&](OpBuilder &b, Location loc, ValueRange in) {
                  SmallVector<Value> values(in.drop_back());
                  values[0] = widen(b, loc, values[0]);
                  Value sum = arith::AddFOp::create(b, loc, in.back(),
                                                    element(b, loc, values));
                  linalg::YieldOp::create(b, loc, sum);
                })
        .getResult(0);
  }

  /// `payload` of each row's sum over its number of elements.
  Value finish(Value sums,
               function_ref<Value(OpBuilder &, Location, Value)> payload) {
    Value count = elementsOfRow();
    Normalization rows(builder, op, sums, ArrayRef<int64_t>());
    return rows.map(sums, rows.full,
                    [&](OpBuilder &b, Location loc, ValueRange in) {
                      Value mean = arith::DivFOp::create(b, loc, in[0], count);
                      return payload(b, loc, mean);
                    });
  }

  /// 1 / sqrt(sum / n + epsilon)
  Value reciprocalRoot(Value sums, const APFloat &epsilon) {
    FloatAttr small = builder.getFloatAttr(wide, epsilon.convertToDouble());
    return finish(sums, [&](OpBuilder &b, Location loc, Value mean) -> Value {
      Value constant = arith::ConstantOp::create(b, loc, small);
      Value sum = arith::AddFOp::create(b, loc, mean, constant);
      return math::RsqrtOp::create(b, loc, sum);
    });
  }

  Value widen(OpBuilder &b, Location loc, Value value) {
    if (value.getType() == wide)
      return value;
    return arith::ExtFOp::create(b, loc, wide, value);
  }
  Value narrow(OpBuilder &b, Location loc, Value value) {
    if (type.getElementType() == wide)
      return value;
    return arith::TruncFOp::create(b, loc, type.getElementType(), value);
  }

  FloatType wide;

private:
  /// The number of elements of a row as a float.
  Value elementsOfRow() {
    int64_t known = 1;
    Value count;
    for (int64_t axis : axes) {
      if (auto extent = getConstantIntValue(sizes[axis])) {
        known *= *extent;
        continue;
      }
      Value factor = cast<Value>(sizes[axis]);
      count =
          count ? arith::MulIOp::create(builder, loc, count, factor).getResult()
                : factor;
    }
    if (!count)
      return arith::ConstantOp::create(
          builder, loc, builder.getFloatAttr(wide, static_cast<double>(known)));
    if (known != 1)
      count = arith::MulIOp::create(
          builder, loc, count,
          arith::ConstantIndexOp::create(builder, loc, known));
    count =
        arith::IndexCastOp::create(builder, loc, builder.getI64Type(), count);
    return arith::SIToFPOp::create(builder, loc, wide, count);
  }
};

static FloatType statisticsType(Value statistics) {
  return cast<FloatType>(
      cast<RankedTensorType>(statistics.getType()).getElementType());
}

/// y * scale + offset, each of which may be missing; `in` holds those there
/// are.
static Value scaleAndShift(OpBuilder &b, Location loc, Value y, ValueRange in,
                           bool hasScale, bool hasOffset) {
  if (hasScale)
    y = arith::MulFOp::create(b, loc, y, in.front());
  if (hasOffset)
    y = arith::AddFOp::create(b, loc, y, in[hasScale ? 1 : 0]);
  return y;
}

struct LowerLayerNorm : OpConversionPattern<LayerNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(LayerNormOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RowNorm n(rewriter, op, adaptor.getOperand(), op.getDimensions(),
              statisticsType(op.getRstd()));
    auto first = [](OpBuilder &, Location, ValueRange in) { return in[0]; };
    Value mean = n.finish(n.sum(n.x, n.full, first),
                          [](OpBuilder &, Location, Value v) { return v; });
    auto squareOfCentred = [](OpBuilder &b, Location loc,
                              ValueRange in) -> Value {
      Value centred = arith::SubFOp::create(b, loc, in[0], in[1]);
      return arith::MulFOp::create(b, loc, centred, centred);
    };
    Value rstd = n.reciprocalRoot(
        n.sum({n.x, mean}, {n.full, n.row}, squareOfCentred), op.getEpsilon());
    SmallVector<Value> inputs{n.x, mean, rstd};
    SmallVector<AffineMap> maps{n.full, n.row, n.row};
    for (Value vector : {adaptor.getScale(), adaptor.getOffset()})
      if (vector) {
        inputs.push_back(vector);
        maps.push_back(n.vector);
      }
    Value y = n.map(
        inputs, maps, [&](OpBuilder &b, Location loc, ValueRange in) -> Value {
          Value x = n.widen(b, loc, in[0]);
          Value centred = arith::SubFOp::create(b, loc, x, in[1]);
          Value y = arith::MulFOp::create(b, loc, centred, in[2]);
          return scaleAndShift(b, loc, n.narrow(b, loc, y), in.drop_front(3),
                               bool(op.getScale()), bool(op.getOffset()));
        });
    rewriter.replaceOp(op, {y, mean, rstd});
    return success();
  }
};

struct LowerRmsNorm : OpConversionPattern<RmsNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(RmsNormOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RowNorm n(rewriter, op, adaptor.getOperand(), op.getDimensions(),
              statisticsType(op.getRstd()));
    auto square = [](OpBuilder &b, Location loc, ValueRange in) -> Value {
      return arith::MulFOp::create(b, loc, in[0], in[0]);
    };
    Value rstd = n.reciprocalRoot(n.sum(n.x, n.full, square), op.getEpsilon());
    SmallVector<Value> inputs{n.x, rstd};
    SmallVector<AffineMap> maps{n.full, n.row};
    if (Value scale = adaptor.getScale()) {
      inputs.push_back(scale);
      maps.push_back(n.vector);
    }
    Value y = n.map(
        inputs, maps, [&](OpBuilder &b, Location loc, ValueRange in) -> Value {
          Value x = n.widen(b, loc, in[0]);
          Value y = arith::MulFOp::create(b, loc, x, in[1]);
          return scaleAndShift(b, loc, n.narrow(b, loc, y), in.drop_front(2),
                               bool(op.getScale()), /*hasOffset=*/false);
        });
    rewriter.replaceOp(op, {y, rstd});
    return success();
  }
};

} // namespace

void populateNormalizationToLinalgPatterns(const TypeConverter &converter,
                                           RewritePatternSet &patterns) {
  patterns.add<LowerBatchNorm, LowerByExpansion<GroupNormOp>, LowerLayerNorm,
               LowerLogSoftmax, LowerRmsNorm, LowerSoftmax>(
      converter, patterns.getContext());
}

} // namespace msc
