//===- Indexing.cpp - Gather, scatter and running sums --------------------===//
//
// A gather is elementwise on its result: one generic whose payload takes the
// element at the place that the indices say, so it fuses with what follows. A
// scatter writes at such places and becomes loops over the updates, in their
// order; each index is read in the outermost loop that has its letters, which
// leaves rows to inner loops.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/indexing/Indexing.h"
#include "codegen/to_linalg/KernelLoops.h"
#include "codegen/to_linalg/ToLinalg.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {
namespace {

/// graph.gather -> generic over the result with tensor.extract
struct LowerGather : OpConversionPattern<GatherOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(GatherOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexSpec spec = *IndexSpec::parse(op.getSpec(), "->");
    Value operand = adaptor.getOperand(), indices = adaptor.getIndices();
    Type element = getElementTypeOrSelf(operand.getType());
    unsigned numLoops = spec.values.size();
    // One operand for each index of a place.
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    SmallVector<Value> extents;
    auto sizes = tensor::getMixedSizes(rewriter, loc, operand);
    for (auto [dim, size] : llvm::zip_equal(spec.operand, sizes)) {
      if (dim != '*')
        continue;
      SmallVector<AffineExpr> exprs;
      for (char letter : spec.indices)
        exprs.push_back(letter == '*'
                            ? rewriter.getAffineConstantExpr(inputs.size())
                            : rewriter.getAffineDimExpr(spec.loop(letter)));
      inputs.push_back(indices);
      maps.push_back(AffineMap::get(numLoops, 0, exprs, getContext()));
      extents.push_back(getValueOrCreateConstantIndexOp(rewriter, loc, size));
    }
    SmallVector<OpFoldResult> resultSizes;
    for (char letter : spec.values) {
      bool inOperand = spec.operand.contains(letter);
      resultSizes.push_back(tensor::getMixedSize(
          rewriter, loc, inOperand ? operand : indices,
          (inOperand ? spec.operand : spec.indices).find(letter)));
    }
    maps.push_back(rewriter.getMultiDimIdentityMap(numLoops));
    SmallVector<utils::IteratorType> iterators(numLoops,
                                               utils::IteratorType::parallel);
    bool isUnsigned = isUnsignedTensor(op.getIndices());
    auto payload = [&](OpBuilder &b, Location loc, ValueRange x) {
      SmallVector<Value> at;
      unsigned indexed = 0;
      for (char dim : spec.operand) {
        if (dim != '*') {
          at.push_back(linalg::IndexOp::create(b, loc, spec.loop(dim)));
          continue;
        }
        at.push_back(
            wrapIndex(b, loc, x[indexed], isUnsigned, extents[indexed]));
        ++indexed;
      }
      Value taken = tensor::ExtractOp::create(b, loc, operand, at);
      linalg::YieldOp::create(b, loc, taken);
    };
    Value init = emptyTensor(rewriter, loc, resultSizes, element);
    Value result =
        linalg::GenericOp::create(rewriter, loc, init.getType(), inputs, init,
                                  maps, iterators, payload,
                                  ArrayRef<NamedAttribute>(sourceOpAttr(op)))
            .getResult(0);
    rewriter.replaceOp(op,
                       castTo(rewriter, loc, result,
                              getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

Value applyCombiner(OpBuilder &b, Location loc, ScatterCombiner combiner,
                    Value old, Value update, bool isUnsigned) {
  switch (combiner) {
  case ScatterCombiner::set:
    return update;
  case ScatterCombiner::add:
    return combine<arith::AddFOp, arith::AddIOp>(b, loc, old, update,
                                                 isUnsigned);
  case ScatterCombiner::mul:
    return combine<arith::MulFOp, arith::MulIOp>(b, loc, old, update,
                                                 isUnsigned);
  case ScatterCombiner::max:
    return combine<arith::MaximumFOp, arith::MaxSIOp, arith::MaxUIOp>(
        b, loc, old, update, isUnsigned);
  case ScatterCombiner::min:
    return combine<arith::MinimumFOp, arith::MinSIOp, arith::MinUIOp>(
        b, loc, old, update, isUnsigned);
  }
  llvm_unreachable("no such combiner");
}

/// graph.scatter -> loops over the updates
struct LowerScatter : OpConversionPattern<ScatterOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ScatterOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    IndexSpec spec = *IndexSpec::parse(op.getSpec(), ",");
    KernelLoops loops(rewriter, op);
    Nest nest{loops, op, adaptor, spec, {}, {}};
    auto sizes =
        tensor::getMixedSizes(rewriter, op.getLoc(), adaptor.getOperand());
    for (auto [dim, size] : llvm::zip_equal(spec.operand, sizes))
      if (dim == '*')
        nest.extents.push_back(loops.value(size));
    for (OpFoldResult size :
         tensor::getMixedSizes(rewriter, op.getLoc(), adaptor.getUpdates()))
      nest.sizes.push_back(loops.value(size));
    // The last loop that an index depends on.
    for (char letter : spec.indices)
      if (letter != '*')
        nest.depth = std::max<unsigned>(nest.depth, spec.loop(letter) + 1);
    SmallVector<Value> at, places;
    rewriter.replaceOp(op, nest.build(at, places, adaptor.getOperand()));
    return success();
  }

private:
  struct Nest {
    KernelLoops &loops;
    ScatterOp op;
    OpAdaptor adaptor;
    IndexSpec spec;
    SmallVector<Value> extents, sizes;
    unsigned depth = 0;

    /// The loops from number `at.size()` on.
    Value build(SmallVector<Value> &at, SmallVector<Value> &places,
                Value carried) {
      if (at.size() == depth && places.empty())
        readPlaces(at, places);
      if (at.size() == sizes.size())
        return update(at, places, carried);
      bool hadPlaces = !places.empty();
      auto next = loops.loop(loops.constant(0), sizes[at.size()], carried,
                             [&](Value index, ValueRange inner) {
                               at.push_back(index);
                               Value value = build(at, places, inner[0]);
                               at.pop_back();
                               if (!hadPlaces)
                                 places.clear();
                               return SmallVector<Value>{value};
                             });
      return next[0];
    }

    void readPlaces(ArrayRef<Value> at, SmallVector<Value> &places) {
      bool isUnsigned = isUnsignedTensor(op.getIndices());
      for (auto [number, extent] : llvm::enumerate(extents)) {
        SmallVector<Value> where;
        for (char letter : spec.indices)
          where.push_back(letter == '*' ? loops.constant(number)
                                        : at[spec.loop(letter)]);
        places.push_back(wrapIndex(loops.builder, loops.loc,
                                   loops.take(adaptor.getIndices(), where),
                                   isUnsigned, extent));
      }
    }

    Value update(ArrayRef<Value> at, ArrayRef<Value> places, Value carried) {
      SmallVector<Value> where;
      unsigned indexed = 0;
      for (char dim : spec.operand)
        where.push_back(dim == '*' ? places[indexed++] : at[spec.loop(dim)]);
      Value element = loops.take(adaptor.getUpdates(), at);
      if (op.getCombiner() != ScatterCombiner::set)
        element = applyCombiner(loops.builder, loops.loc, op.getCombiner(),
                                loops.take(carried, where), element,
                                isUnsignedTensor(op.getOperand()));
      return loops.put(element, carried, where);
    }
  };
};

/// graph.cumsum -> the first element, then each from the one before
struct LowerCumsum : OpConversionPattern<CumsumOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(CumsumOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getOperand();
    int64_t axis = op.getAxis();
    Type element = getElementTypeOrSelf(x.getType());
    KernelLoops loops(rewriter, op);
    auto sizes = tensor::getMixedSizes(rewriter, loc, x);
    ArrayRef<OpFoldResult> outer = ArrayRef(sizes).take_front(axis);
    ArrayRef<OpFoldResult> inner = ArrayRef(sizes).drop_front(axis + 1);
    Value extent = loops.value(sizes[axis]), one = loops.constant(1);
    Value last = loops.sub(extent, one);
    Value zero =
        arith::ConstantOp::create(rewriter, loc, rewriter.getZeroAttr(element));
    auto place = [&](Value number) {
      return op.getReverse() ? loops.sub(last, number) : number;
    };
    auto row = [&](ValueRange before, Value number, ValueRange carried,
                   bool isFirst) {
      Value here = place(number);
      Value previous = isFirst ? Value() : place(loops.sub(number, one));
      return loops.nest(inner, carried, [&](ValueRange after, ValueRange t) {
        auto at = [&](Value position) {
          SmallVector<Value> full(before);
          full.push_back(position);
          llvm::append_range(full, after);
          return full;
        };
        Value sum;
        if (isFirst) {
          sum = op.getExclusive() ? zero : loops.take(x, at(here));
        } else {
          Value part = loops.take(x, at(op.getExclusive() ? previous : here));
          sum = combine<arith::AddFOp, arith::AddIOp>(
              rewriter, loc, loops.take(t[0], at(previous)), part, false);
        }
        return SmallVector<Value>{loops.put(sum, t[0], at(here))};
      });
    };
    Value empty = emptyTensor(rewriter, loc, sizes, element);
    // The axis may be empty.
    Value some = arith::MinSIOp::create(rewriter, loc, extent, one);
    auto result =
        loops.nest(outer, empty, [&](ValueRange before, ValueRange carried) {
          auto begun = loops.loop(loops.constant(0), some, carried,
                                  [&](Value number, ValueRange t) {
                                    return row(before, number, t, true);
                                  });
          return loops.loop(one, extent, begun,
                            [&](Value number, ValueRange t) {
                              return row(before, number, t, false);
                            });
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void populateIndexingToLinalgPatterns(const TypeConverter &converter,
                                      RewritePatternSet &patterns) {
  patterns.add<LowerCumsum, LowerGather, LowerScatter>(converter,
                                                       patterns.getContext());
}

} // namespace msc
