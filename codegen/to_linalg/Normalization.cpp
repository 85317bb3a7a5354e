//===- Normalization.cpp - Normalisation to linalg ------------------------===//
//
// Softmax in three passes over a row: the maximum; exp(x - max) and its sum in
// one generic of two results; a scale. Division is exact; the multiplication
// with a reciprocal, one rounding more, is left to schedules that may
// approximate. Rows of the axis' maximum and sum are read through
// projections, never repeated in memory.
//
//===----------------------------------------------------------------------===//

#include "codegen/to_linalg/ToLinalg.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {
namespace {

using PayloadFn = function_ref<Value(OpBuilder &, Location, ValueRange)>;

/// Generics over one tensor and rows (the tensor without its axis) or vectors
/// (along the axis).
struct Normalization {
  Normalization(OpBuilder &builder, Operation *op, Value x, int64_t axis)
      : builder(builder), op(op), loc(op->getLoc()), x(x),
        type(cast<RankedTensorType>(x.getType())), axis(axis),
        full(builder.getMultiDimIdentityMap(type.getRank())),
        vector(
            AffineMap::get(type.getRank(), 0, builder.getAffineDimExpr(axis))),
        sizes(tensor::getMixedSizes(builder, loc, x)) {
    SmallVector<AffineExpr> kept;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (dim != axis)
        kept.push_back(builder.getAffineDimExpr(dim));
    row = AffineMap::get(type.getRank(), 0, kept, builder.getContext());
  }

  Value emptyFull() {
    return emptyTensor(builder, loc, sizes, type.getElementType());
  }

  Value filledRow(double value) {
    SmallVector<OpFoldResult> rowSizes(sizes);
    rowSizes.erase(rowSizes.begin() + axis);
    Value fill = filledTensor(builder, loc, rowSizes, numberAttr(value));
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
    Value init = filledRow(-std::numeric_limits<double>::infinity());
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
  int64_t axis;
  AffineMap full, row, vector;
  SmallVector<OpFoldResult> sizes;
};

struct LowerSoftmax : OpConversionPattern<SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(SoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Normalization n(rewriter, op, adaptor.getOperand(), op.getAxis());
    Value maximum = n.rowMaximum();
    auto exponentials =
        n.fold({n.x, maximum}, {n.emptyFull(), n.filledRow(0.0)},
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
    Normalization n(rewriter, op, adaptor.getOperand(), op.getAxis());
    Value maximum = n.rowMaximum();
    auto sums = n.fold({n.x, maximum}, n.filledRow(0.0), {n.full, n.row, n.row},
                       [](OpBuilder &b, Location loc, ValueRange in) {
                         Value y = arith::SubFOp::create(b, loc, in[0], in[1]);
                         Value e = math::ExpOp::create(b, loc, y);
                         Value sum = arith::AddFOp::create(b, loc, in[2], e);
                         linalg::YieldOp::create(b, loc, sum);
                       });
    Normalization rows(rewriter, op, sums.getResult(0), 0);
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
    Normalization features(rewriter, op, adaptor.getScale(), 0);
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
    Normalization n(rewriter, op, adaptor.getOperand(), op.getAxis());
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

} // namespace

void populateNormalizationToLinalgPatterns(const TypeConverter &converter,
                                           RewritePatternSet &patterns) {
  patterns.add<LowerBatchNorm, LowerLogSoftmax, LowerSoftmax>(
      converter, patterns.getContext());
}

} // namespace msc
