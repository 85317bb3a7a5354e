//===- Contraction.cpp - Contractions to linalg ---------------------------===//
//
// A contraction becomes one generic into a tensor of zeros: its result's dims
// are parallel loops, in order, and the summed letters follow as reductions.
// Operands keep their element types in memory; the payload converts them.
//
//===----------------------------------------------------------------------===//

#include "codegen/to_linalg/ToLinalg.h"
#include "dialects/graph/ops/contraction/Contraction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {
namespace {

/// "mk,kn->mn" -> generic(m parallel, n parallel, k reduction).
struct ContractToGeneric : OpConversionPattern<ContractOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ContractOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Type element = type.getElementType();
    bool toFloat = isa<FloatType>(element);

    Location loc = op.getLoc();
    SmallVector<AffineMap, 3> maps = op.getIndexingMaps();
    SmallVector<OpFoldResult> sizes =
        resultSizes(rewriter, loc, type, adaptor.getOperands(), maps);
    Value init =
        filledTensor(rewriter, loc, sizes, rewriter.getZeroAttr(element));
    init.getDefiningOp()->setAttr(kSourceOpAttr, sourceOpAttr(op).getValue());

    SmallVector<utils::IteratorType> iterators(maps[0].getNumDims(),
                                               utils::IteratorType::reduction);
    std::fill_n(iterators.begin(), type.getRank(),
                utils::IteratorType::parallel);
    bool unsignedOperands[] = {
        isUnsignedElement(op.getLhs().getType().getElementType()),
        isUnsignedElement(op.getRhs().getType().getElementType())};
    auto payload = [&](OpBuilder &b, Location loc, ValueRange x) {
      Value factors[2];
      for (unsigned i = 0; i < 2; ++i)
        factors[i] =
            convertScalarToDtype(b, loc, x[i], element, unsignedOperands[i]);
      Value sum;
      if (toFloat) {
        Value product = arith::MulFOp::create(b, loc, factors[0], factors[1]);
        sum = arith::AddFOp::create(b, loc, x[2], product);
      } else {
        Value product = arith::MulIOp::create(b, loc, factors[0], factors[1]);
        sum = arith::AddIOp::create(b, loc, x[2], product);
      }
      linalg::YieldOp::create(b, loc, sum);
    };
    Value result =
        linalg::GenericOp::create(
            rewriter, loc, init.getType(), adaptor.getOperands(), init, maps,
            iterators, payload, ArrayRef<NamedAttribute>(sourceOpAttr(op)))
            .getResult(0);
    // An operand may know an extent that the op's type doesn't.
    if (result.getType() != type)
      result = tensor::CastOp::create(rewriter, loc, type, result);
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static SmallVector<OpFoldResult> resultSizes(OpBuilder &builder, Location loc,
                                               RankedTensorType type,
                                               ValueRange operands,
                                               ArrayRef<AffineMap> maps) {
    SmallVector<OpFoldResult> sizes;
    for (auto [dim, extent] : llvm::enumerate(type.getShape())) {
      if (!ShapedType::isDynamic(extent)) {
        sizes.push_back(builder.getIndexAttr(extent));
        continue;
      }
      // Loop `dim` is the result's dim; it is in an operand.
      AffineExpr loop = builder.getAffineDimExpr(dim);
      std::optional<unsigned> position = maps[0].getResultPosition(loop);
      unsigned holder = position ? 0 : 1;
      sizes.push_back(
          tensor::getMixedSize(builder, loc, operands[holder],
                               *maps[holder].getResultPosition(loop)));
    }
    return sizes;
  }
};

} // namespace

void populateContractionToLinalgPatterns(const TypeConverter &converter,
                                         RewritePatternSet &patterns) {
  patterns.add<ContractToGeneric>(converter, patterns.getContext());
}

} // namespace msc
