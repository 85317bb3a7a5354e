//===- Reduction.cpp - Reductions to linalg -------------------------------===//
//
// A fill with the identity and one generic. The accumulators are the results
// themselves, in the result's type.
//
//===----------------------------------------------------------------------===//

#include "codegen/to_linalg/ToLinalg.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {
namespace {

/// The loops of a reduction: those of the operand, the reduced ones marked; and
/// what the result's dims are among them.
struct Loops {
  Loops(OpBuilder &builder, Location loc, Value operand,
        ArrayRef<int64_t> reduced)
      : iterators(cast<RankedTensorType>(operand.getType()).getRank(),
                  utils::IteratorType::parallel) {
    int64_t rank = iterators.size();
    auto extents = tensor::getMixedSizes(builder, loc, operand);
    SmallVector<AffineExpr> kept;
    for (int64_t dim = 0; dim < rank; ++dim) {
      if (llvm::is_contained(reduced, dim)) {
        iterators[dim] = utils::IteratorType::reduction;
        continue;
      }
      kept.push_back(builder.getAffineDimExpr(dim));
      resultSizes.push_back(extents[dim]);
    }
    operandMap = builder.getMultiDimIdentityMap(rank);
    resultMap = AffineMap::get(rank, 0, kept, builder.getContext());
  }

  SmallVector<utils::IteratorType> iterators;
  AffineMap operandMap, resultMap;
  SmallVector<OpFoldResult> resultSizes;
};

/// The least (or largest) value of a type: an infinity where there is one.
TypedAttr extremeAttr(Type type, bool largest, bool isUnsigned) {
  if (auto floatType = dyn_cast<FloatType>(type)) {
    const llvm::fltSemantics &semantics = floatType.getFloatSemantics();
    bool hasInfinity = APFloat::semanticsHasInf(semantics);
    return FloatAttr::get(
        floatType, hasInfinity ? APFloat::getInf(semantics, !largest)
                               : APFloat::getLargest(semantics, !largest));
  }
  unsigned width = type.getIntOrFloatBitWidth();
  APInt value = largest      ? isUnsigned ? APInt::getMaxValue(width)
                                          : APInt::getSignedMaxValue(width)
                     : isUnsigned ? APInt::getMinValue(width)
                             : APInt::getSignedMinValue(width);
  return IntegerAttr::get(type, value);
}

TypedAttr numberAttr(OpBuilder &builder, Type type, int64_t value) {
  if (isa<FloatType>(type))
    return builder.getFloatAttr(type, static_cast<double>(value));
  return builder.getIntegerAttr(type, value);
}

Value initTensor(OpBuilder &builder, Operation *op,
                 ArrayRef<OpFoldResult> sizes, TypedAttr identity) {
  Value init = filledTensor(builder, op->getLoc(), sizes, identity);
  init.getDefiningOp()->setAttr(kSourceOpAttr, sourceOpAttr(op).getValue());
  return init;
}

/// One reduction: its identity and its combination of two scalars, for an
/// element type without sign and for whether it had been unsigned.
struct Combination {
  TypedAttr (*identity)(OpBuilder &builder, Type type, bool isUnsigned);
  Value (*combine)(OpBuilder &builder, Location loc, Value a, Value b,
                   bool isUnsigned);
};

template <int64_t value> TypedAttr number(OpBuilder &builder, Type type, bool) {
  return numberAttr(builder, type, value);
}
template <bool largest>
TypedAttr extreme(OpBuilder &, Type type, bool isUnsigned) {
  return extremeAttr(type, largest, isUnsigned);
}

template <typename IntOp>
Value combineBits(OpBuilder &builder, Location loc, Value a, Value b, bool) {
  return IntOp::create(builder, loc, a, b);
}

/// graph.reduce_x -> linalg.fill, linalg.generic
template <typename OpTy> struct LowerReduction : OpConversionPattern<OpTy> {
  LowerReduction(const TypeConverter &converter, MLIRContext *context,
                 Combination combination)
      : OpConversionPattern<OpTy>(converter, context),
        combination(combination) {}

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value operand = adaptor.getOperand();
    bool isUnsigned = isUnsignedTensor(op.getOperand());
    Loops loops(rewriter, op.getLoc(), operand, op.getDimensions());
    Value init = initTensor(
        rewriter, op, loops.resultSizes,
        combination.identity(rewriter, getElementTypeOrSelf(operand.getType()),
                             isUnsigned));
    auto payload = [&](OpBuilder &b, Location loc, ValueRange x) {
      linalg::YieldOp::create(
          b, loc, combination.combine(b, loc, x[1], x[0], isUnsigned));
    };
    rewriter.template replaceOpWithNewOp<linalg::GenericOp>(
        op, TypeRange(init.getType()), operand, init,
        ArrayRef<AffineMap>{loops.operandMap, loops.resultMap}, loops.iterators,
        payload, ArrayRef<NamedAttribute>(sourceOpAttr(op)));
    return success();
  }

  Combination combination;
};

/// graph.argmax -> a generic of two results: the extreme so far and where it
/// is.
template <typename OpTy, bool largest>
struct LowerArgReduction : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value operand = adaptor.getOperand();
    Type element = getElementTypeOrSelf(operand.getType());
    Type indexType = rewriter.getI64Type();
    int64_t axis = op.getAxis();
    bool isUnsigned = isUnsignedTensor(op.getOperand());
    Loops loops(rewriter, op.getLoc(), operand, axis);
    Value extreme = initTensor(rewriter, op, loops.resultSizes,
                               extremeAttr(element, !largest, isUnsigned));
    Value where = initTensor(rewriter, op, loops.resultSizes,
                             rewriter.getIntegerAttr(indexType, 0));
    auto payload = [&](OpBuilder &b, Location loc, ValueRange x) {
      Value index = arith::IndexCastOp::create(
          b, loc, indexType, linalg::IndexOp::create(b, loc, axis));
      Value taken =
          isa<FloatType>(element)
              ? takesFloat(b, loc, x[0], x[1], op.getSelectLast())
              : takesInt(b, loc, x[0], x[1], op.getSelectLast(), isUnsigned);
      Value value = arith::SelectOp::create(b, loc, taken, x[0], x[1]);
      Value position = arith::SelectOp::create(b, loc, taken, index, x[2]);
      linalg::YieldOp::create(b, loc, ValueRange{value, position});
    };
    auto generic = linalg::GenericOp::create(
        rewriter, op.getLoc(), TypeRange{extreme.getType(), where.getType()},
        operand, ValueRange{extreme, where},
        ArrayRef<AffineMap>{loops.operandMap, loops.resultMap, loops.resultMap},
        loops.iterators, payload, ArrayRef<NamedAttribute>(sourceOpAttr(op)));
    rewriter.replaceOp(op, generic.getResult(1));
    return success();
  }

private:
  /// Whether `x` takes the place of `best`. NaN beats all but an earlier NaN,
  /// or that too if the last one is wanted.
  static Value takesFloat(OpBuilder &b, Location loc, Value x, Value best,
                          bool last) {
    using P = arith::CmpFPredicate;
    auto compare = [&](P predicate, Value lhs, Value rhs) {
      return arith::CmpFOp::create(b, loc, predicate, lhs, rhs);
    };
    if (last) {
      Value better = compare(largest ? P::OGE : P::OLE, x, best);
      Value isNan = compare(P::UNO, x, x);
      return arith::OrIOp::create(b, loc, better, isNan);
    }
    Value better = compare(largest ? P::UGT : P::ULT, x, best);
    Value isNumber = compare(P::ORD, best, best);
    return arith::AndIOp::create(b, loc, better, isNumber);
  }

  static Value takesInt(OpBuilder &b, Location loc, Value x, Value best,
                        bool last, bool isUnsigned) {
    using P = arith::CmpIPredicate;
    P predicate =
        isUnsigned
            ? (largest ? (last ? P::uge : P::ugt) : (last ? P::ule : P::ult))
            : (largest ? (last ? P::sge : P::sgt) : (last ? P::sle : P::slt));
    return arith::CmpIOp::create(b, loc, predicate, x, best);
  }
};

} // namespace

void populateReductionToLinalgPatterns(const TypeConverter &converter,
                                       RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  using namespace arith;
  patterns.add<LowerReduction<ReduceSumOp>>(
      converter, context, Combination{number<0>, combine<AddFOp, AddIOp>});
  patterns.add<LowerReduction<ReduceProdOp>>(
      converter, context, Combination{number<1>, combine<MulFOp, MulIOp>});
  patterns.add<LowerReduction<ReduceMaxOp>>(
      converter, context,
      Combination{extreme<false>, combine<MaximumFOp, MaxSIOp, MaxUIOp>});
  patterns.add<LowerReduction<ReduceMinOp>>(
      converter, context,
      Combination{extreme<true>, combine<MinimumFOp, MinSIOp, MinUIOp>});
  patterns.add<LowerReduction<ReduceAndOp>>(
      converter, context, Combination{number<1>, combineBits<AndIOp>});
  patterns.add<LowerReduction<ReduceOrOp>>(
      converter, context, Combination{number<0>, combineBits<OrIOp>});
  patterns.add<LowerArgReduction<ArgMaxOp, true>,
               LowerArgReduction<ArgMinOp, false>>(converter, context);
}

} // namespace msc
