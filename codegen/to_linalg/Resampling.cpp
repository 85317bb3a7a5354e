//===- Resampling.cpp - Resampling to linalg ------------------------------===//
//
// One generic whose reduction runs over the neighbours; the payload takes the
// element of each. Along all other dims that is a weighted sum of rows.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/resampling/Resampling.h"
#include "codegen/to_linalg/KernelLoops.h"
#include "codegen/to_linalg/ToLinalg.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {
namespace {

/// graph.resample -> fill, generic with tensor.extract
struct LowerResample : OpConversionPattern<ResampleOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ResampleOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getOperand();
    unsigned axis = op.getAxis();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    unsigned rank = type.getRank();
    auto sizes = tensor::getMixedSizes(rewriter, loc, x);
    Value extent = getValueOrCreateConstantIndexOp(rewriter, loc, sizes[axis]);
    sizes[axis] = tensor::getMixedSize(rewriter, loc, adaptor.getIndices(), 0);
    Value init = filledTensor(
        rewriter, loc, sizes,
        cast<TypedAttr>(rewriter.getZeroAttr(type.getElementType())));
    init.getDefiningOp()->setAttr(kSourceOpAttr, sourceOpAttr(op).getValue());
    auto table = AffineMap::get(
        rank + 1, 0,
        {rewriter.getAffineDimExpr(axis), rewriter.getAffineDimExpr(rank)},
        getContext());
    AffineMap result =
        rewriter.getMultiDimIdentityMap(rank + 1).getMajorSubMap(rank);
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    iterators.push_back(utils::IteratorType::reduction);
    auto payload = [&](OpBuilder &b, Location loc, ValueRange in) {
      SmallVector<Value> at;
      for (unsigned dim = 0; dim < rank; ++dim)
        at.push_back(dim == axis ? wrapIndex(b, loc, in[0],
                                             /*isUnsigned=*/false, extent)
                                 : Value(linalg::IndexOp::create(b, loc, dim)));
      Value neighbour = tensor::ExtractOp::create(b, loc, x, at);
      Value part = arith::MulFOp::create(b, loc, neighbour, in[1]);
      Value sum = arith::AddFOp::create(b, loc, in[2], part);
      linalg::YieldOp::create(b, loc, sum);
    };
    Value sum = linalg::GenericOp::create(
                    rewriter, loc, init.getType(),
                    ValueRange{adaptor.getIndices(), adaptor.getWeights()},
                    init, ArrayRef<AffineMap>{table, table, result}, iterators,
                    payload, ArrayRef<NamedAttribute>(sourceOpAttr(op)))
                    .getResult(0);
    if (sum.getType() != type)
      sum = tensor::CastOp::create(rewriter, loc, type, sum);
    rewriter.replaceOp(op, sum);
    return success();
  }
};

} // namespace

void populateResamplingToLinalgPatterns(const TypeConverter &converter,
                                        RewritePatternSet &patterns) {
  patterns.add<LowerResample>(converter, patterns.getContext());
}

} // namespace msc
