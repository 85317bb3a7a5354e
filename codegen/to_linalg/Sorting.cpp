//===- Sorting.cpp - The best elements by a heap --------------------------===//
//
// A row's results are a heap while the row is read: the worst of the best so
// far at the root, which any better element replaces. Then the heap is taken
// apart from the end, which leaves the best in front. All happens in the
// results themselves, in O(n log k), with k = n as heapsort.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/sorting/Sorting.h"
#include "codegen/to_linalg/KernelLoops.h"
#include "codegen/to_linalg/ToLinalg.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {
namespace {

/// An element and its place.
struct Entry {
  Value value, place;
};

/// The heaps of one op; `values` and `places` are the results so far.
struct Heaps {
  KernelLoops &loops;
  TopKOp op;
  Value x;
  bool isUnsigned;

  OpBuilder &b() { return loops.builder; }
  Location loc() { return loops.loc; }

  Value compare(arith::CmpIPredicate predicate, Value lhs, Value rhs) {
    return arith::CmpIOp::create(b(), loc(), predicate, lhs, rhs);
  }
  Value both(Value lhs, Value rhs) {
    return arith::AndIOp::create(b(), loc(), lhs, rhs);
  }
  Value select(Value condition, Value lhs, Value rhs) {
    return arith::SelectOp::create(b(), loc(), condition, lhs, rhs);
  }

  /// Whether `lhs` comes before `rhs` whatever their places. NaN is the
  /// largest.
  Value precedes(Value lhs, Value rhs) {
    bool smallest = op.getSmallest();
    if (!isa<FloatType>(lhs.getType())) {
      using P = arith::CmpIPredicate;
      return compare(smallest ? (isUnsigned ? P::ult : P::slt)
                              : (isUnsigned ? P::ugt : P::sgt),
                     lhs, rhs);
    }
    using P = arith::CmpFPredicate;
    auto compareFloats = [&](P predicate, Value l, Value r) {
      return arith::CmpFOp::create(b(), loc(), predicate, l, r);
    };
    Value number = smallest ? lhs : rhs;
    return both(compareFloats(smallest ? P::ULT : P::UGT, lhs, rhs),
                compareFloats(P::ORD, number, number));
  }

  Value isBetter(Entry lhs, Entry rhs) {
    Value before = precedes(lhs.value, rhs.value);
    Value after = precedes(rhs.value, lhs.value);
    Value lower = compare(arith::CmpIPredicate::slt, lhs.place, rhs.place);
    return select(before, before, select(after, before, lower));
  }

  SmallVector<Value> at(ValueRange row, Value position) {
    SmallVector<Value> result(row);
    result.insert(result.begin() + op.getAxis(), position);
    return result;
  }
  Entry take(ValueRange results, ValueRange row, Value position) {
    return {loops.take(results[0], at(row, position)),
            loops.take(results[1], at(row, position))};
  }
  SmallVector<Value> put(Entry entry, ValueRange results, ValueRange row,
                         Value position) {
    return {loops.put(entry.value, results[0], at(row, position)),
            loops.put(entry.place, results[1], at(row, position))};
  }

  Value asPlace(Value index) {
    return arith::IndexCastOp::create(b(), loc(), b().getI64Type(), index);
  }

  /// Puts `entry` into the hole at `start` of a heap of `size` elements, or
  /// leaves all as it is unless `begin`. What is worse moves up into the hole.
  SmallVector<Value> sift(ValueRange results, ValueRange row, Value start,
                          Value size, Entry entry, Value begin) {
    // Tensors first: canonicalisation drops what follows where it can, and
    // bufferisation wants each tensor at one place before and after.
    SmallVector<Value> state(results);
    state.append({start, begin});
    auto loop = scf::WhileOp::create(
        b(), loc(), ValueRange(state).getTypes(), state,
        [&](OpBuilder &builder, Location where, ValueRange args) {
          scf::ConditionOp::create(builder, where, args.back(), args);
        },
        [&](OpBuilder &builder, Location where, ValueRange args) {
          Value hole = args[2];
          ValueRange held = args.take_front(2);
          Value left = loops.add(loops.add(hole, hole), loops.constant(1));
          Value right = loops.add(left, loops.constant(1));
          using P = arith::CmpIPredicate;
          Value hasLeft = compare(P::slt, left, size);
          Value hasRight = compare(P::slt, right, size);
          // A child that is not there is read at the hole and not used.
          Value first = select(hasLeft, left, hole);
          Value second = select(hasRight, right, first);
          Entry one = take(held, row, first), other = take(held, row, second);
          Value otherIsWorse = isBetter(one, other);
          Entry child{select(otherIsWorse, other.value, one.value),
                      select(otherIsWorse, other.place, one.place)};
          Value place = select(otherIsWorse, second, first);
          Value moves = both(hasLeft, isBetter(entry, child));
          Entry here{select(moves, child.value, entry.value),
                     select(moves, child.place, entry.place)};
          SmallVector<Value> next = put(here, held, row, hole);
          next.append({select(moves, place, hole), moves});
          scf::YieldOp::create(builder, where, next);
        });
    return SmallVector<Value>(loop.getResults().take_front(2));
  }

  Value always() {
    return arith::ConstantOp::create(b(), loc(), b().getBoolAttr(true));
  }

  /// The results of one row: `count` of the row's `extent` elements.
  SmallVector<Value> sortRow(ValueRange row, ValueRange results, Value count,
                             Value extent) {
    Value zero = loops.constant(0), one = loops.constant(1);
    auto copied =
        loops.loop(zero, count, results, [&](Value j, ValueRange held) {
          return put({loops.take(x, at(row, j)), asPlace(j)}, held, row, j);
        });
    Value half = arith::ShRUIOp::create(b(), loc(), count, one);
    auto heap = loops.loop(zero, half, copied, [&](Value j, ValueRange held) {
      Value start = loops.sub(loops.sub(half, one), j);
      return sift(held, row, start, count, take(held, row, start), always());
    });
    auto best = loops.loop(count, extent, heap, [&](Value j, ValueRange held) {
      Entry entry{loops.take(x, at(row, j)), asPlace(j)};
      Value begin = isBetter(entry, take(held, row, zero));
      return sift(held, row, zero, count, entry, begin);
    });
    return loops.loop(one, count, best, [&](Value j, ValueRange held) {
      Value last = loops.sub(count, j);
      Entry entry = take(held, row, last), root = take(held, row, zero);
      return sift(put(root, held, row, last), row, zero, last, entry, always());
    });
  }
};

/// graph.top_k -> loops over rows
struct LowerTopK : OpConversionPattern<TopKOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(TopKOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getOperand();
    KernelLoops loops(rewriter, op);
    auto sizes = tensor::getMixedSizes(rewriter, loc, x);
    Value extent = loops.value(sizes[op.getAxis()]);
    int64_t known = op.getValues().getType().getDimSize(op.getAxis());
    OpFoldResult size = adaptor.getSize()
                            ? OpFoldResult(adaptor.getSize())
                            : OpFoldResult(rewriter.getIndexAttr(known));
    // Loops over nothing fold, and would leave nothing but the destination.
    bool isWithin = !adaptor.getSize() && known != 0 &&
                    !op.getOperand().getType().isDynamicDim(op.getAxis());
    sizes[op.getAxis()] = size;
    Type element = getElementTypeOrSelf(x.getType());
    SmallVector<Value> results;
    for (Type type : {element, Type(rewriter.getI64Type())})
      results.push_back(
          isWithin ? emptyTensor(rewriter, loc, sizes, type)
                   : filledTensor(rewriter, loc, sizes,
                                  cast<TypedAttr>(rewriter.getZeroAttr(type))));
    Value count = loops.value(size);
    if (!isWithin)
      count = arith::MinSIOp::create(rewriter, loc, count, extent);
    // Nothing is taken from nothing: with a count of 0 no element may enter.
    Value none = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::eq,
                                       count, loops.constant(0));
    Value end = arith::SelectOp::create(rewriter, loc, none, count, extent);
    Heaps heaps{
        loops, op, x,
        isUnsignedTensor(op.getOperand())};
    SmallVector<OpFoldResult> rows(sizes);
    rows.erase(rows.begin() + op.getAxis());
    rewriter.replaceOp(
        op, loops.nest(rows, results, [&](ValueRange row, ValueRange held) {
          return heaps.sortRow(row, held, count, end);
        }));
    return success();
  }
};

} // namespace

void populateSortingToLinalgPatterns(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<LowerTopK>(converter, patterns.getContext());
}

} // namespace msc
