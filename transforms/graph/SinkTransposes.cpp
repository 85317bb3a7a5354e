//===- SinkTransposes.cpp - Transposes move down until they meet ----------===//
//
// A transpose moves every element and computes nothing. Two kinds of them cost
// nothing: those that only move dims of extent 1, which are reshapes, and those
// of parameters, which are made once. So transposes of activations are pushed
// towards the results, past all that can be done in any order of the dims,
// until one meets its inverse, or an op that takes its dims in any order, or a
// product with a parameter that can be permuted instead.
//
// In all patterns `permutation` is that of the transpose above the op:
// dim i of the op's operand is dim permutation[i] of the transpose's.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/ops/indexing/Indexing.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/ops/resampling/Resampling.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "transforms/graph/Passes.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {

#define GEN_PASS_DEF_GRAPHSINKTRANSPOSES
#include "transforms/graph/Passes.h.inc"

namespace {

/// The type that a transpose makes `type` of.
RankedTensorType typeBefore(RankedTensorType type,
                            ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> shape(type.getShape());
  applyPermutationToVector(shape, invertPermutationVector(permutation));
  return type.clone(shape);
}

/// One entry a dim of the transposed tensor, as entries of its operand.
template <typename T>
SmallVector<T> entriesBefore(ArrayRef<T> entries,
                             ArrayRef<int64_t> permutation) {
  return applyPermutation(entries, invertPermutationVector(permutation));
}

SmallVector<int64_t> dimsBefore(ArrayRef<int64_t> dims,
                                ArrayRef<int64_t> permutation) {
  return llvm::map_to_vector(dims,
                             [&](int64_t dim) { return permutation[dim]; });
}

/// `op` on other operands, with a result of another type and some attributes
/// changed.
Value cloneWith(PatternRewriter &rewriter, Operation *op, ValueRange operands,
                Type type, ArrayRef<NamedAttribute> changes = {}) {
  OperationState state(op->getLoc(), op->getName(), operands, type,
                       op->getAttrs());
  for (NamedAttribute change : changes)
    state.attributes.set(change.getName(), change.getValue());
  return rewriter.create(state)->getResult(0);
}

LogicalResult noTranspose(PatternRewriter &rewriter, Operation *op) {
  return rewriter.notifyMatchFailure(op, "no operand is a transpose");
}

//===----------------------------------------------------------------------===//
// Past ops without an order of dims
//===----------------------------------------------------------------------===//

/// Whether `value` is a transpose by `permutation`, or something as cheap in
/// any order: a constant, or a broadcast of at most one dim (a bias), or of
/// more that stay in order.
bool canUndo(Value value, ArrayRef<int64_t> permutation) {
  if (auto transpose = value.getDefiningOp<TransposeOp>())
    return transpose.getPermutation() == permutation;
  if (auto broadcast = value.getDefiningOp<BroadcastOp>())
    return llvm::is_sorted(dimsBefore(broadcast.getDimensions(), permutation));
  return value.getDefiningOp<ConstantOp>() != nullptr;
}

/// What `value` is a transpose of. Only if `canUndo`.
Value undo(GraphBuilder &b, Value value, ArrayRef<int64_t> permutation) {
  if (auto transpose = value.getDefiningOp<TransposeOp>())
    return transpose.getOperand();
  if (auto broadcast = value.getDefiningOp<BroadcastOp>()) {
    SmallVector<OpFoldResult> sizes = getMixedValues(
        typeOf(value).getShape(), broadcast.getSizes(), value.getContext());
    return b.broadcast(broadcast.getOperand(),
                       entriesBefore<OpFoldResult>(sizes, permutation),
                       dimsBefore(broadcast.getDimensions(), permutation));
  }
  return b.transpose(value, invertPermutationVector(permutation));
}

/// add(transpose(x), transpose(y)) -> transpose(add(x, y))
struct SinkPastElementwise : RewritePattern {
  SinkPastElementwise(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!isa_and_present<GraphDialect>(op->getDialect()) ||
        !op->hasTrait<OpTrait::SameOperandsAndResultShape>())
      return rewriter.notifyMatchFailure(op, "not elementwise");
    SmallVector<int64_t> permutation;
    for (Value operand : op->getOperands())
      if (auto transpose = operand.getDefiningOp<TransposeOp>()) {
        permutation.assign(transpose.getPermutation().begin(),
                           transpose.getPermutation().end());
        break;
      }
    if (permutation.empty())
      return noTranspose(rewriter, op);
    for (Value operand : op->getOperands())
      if (!canUndo(operand, permutation))
        return rewriter.notifyMatchFailure(op, "operands differ in order");
    GraphBuilder b(rewriter, op->getLoc());
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(undo(b, operand, permutation));
    auto type = typeOf(op->getResult(0));
    Value result =
        cloneWith(rewriter, op, operands, typeBefore(type, permutation));
    rewriter.replaceOpWithNewOp<TransposeOp>(op, type, result, permutation);
    return success();
  }
};

/// concat(transpose(x), transpose(y)) -> transpose(concat(x, y))
struct SinkPastConcat : OpRewritePattern<ConcatOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ConcatOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> operands;
    SmallVector<int64_t> permutation;
    for (Value operand : op.getInputs()) {
      auto transpose = operand.getDefiningOp<TransposeOp>();
      if (!transpose)
        return noTranspose(rewriter, op);
      if (permutation.empty())
        permutation.assign(transpose.getPermutation().begin(),
                           transpose.getPermutation().end());
      if (transpose.getPermutation() != ArrayRef<int64_t>(permutation))
        return rewriter.notifyMatchFailure(op, "operands differ in order");
      operands.push_back(transpose.getOperand());
    }
    if (permutation.empty())
      return noTranspose(rewriter, op);
    auto type = typeOf(op.getResult());
    Value result =
        cloneWith(rewriter, op, operands, typeBefore(type, permutation),
                  {{op.getAxisAttrName(),
                    rewriter.getI64IntegerAttr(permutation[op.getAxis()])}});
    rewriter.replaceOpWithNewOp<TransposeOp>(op, type, result, permutation);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Past ops that name dims
//===----------------------------------------------------------------------===//

/// softmax(transpose(x), axis) -> transpose(softmax(x, axis')); batch norms
/// likewise.
template <typename OpTy> struct SinkPastAxis : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getOperand().template getDefiningOp<TransposeOp>();
    if (!transpose)
      return noTranspose(rewriter, op);
    SmallVector<Value> operands(op->getOperands());
    operands[0] = transpose.getOperand();
    int64_t axis = transpose.getPermutation()[op.getAxis()];
    Value result =
        cloneWith(rewriter, op, operands, transpose.getOperand().getType(),
                  {{op.getAxisAttrName(), rewriter.getI64IntegerAttr(axis)}});
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), result,
                                             transpose.getPermutation());
    return success();
  }
};

/// reverse(transpose(x), dims) -> transpose(reverse(x, dims'))
struct SinkPastReverse : OpRewritePattern<ReverseOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReverseOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getOperand().getDefiningOp<TransposeOp>();
    if (!transpose)
      return noTranspose(rewriter, op);
    Value result = ReverseOp::create(
        rewriter, op.getLoc(), transpose.getOperand().getType(),
        transpose.getOperand(),
        dimsBefore(op.getDimensions(), transpose.getPermutation()));
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), result,
                                             transpose.getPermutation());
    return success();
  }
};

/// The permutation of what is left when `dropped` dims of the transposed tensor
/// go.
SmallVector<int64_t> permutationWithout(ArrayRef<int64_t> permutation,
                                        ArrayRef<int64_t> dropped) {
  SmallVector<int64_t> kept;
  for (auto [dim, from] : llvm::enumerate(permutation))
    if (!llvm::is_contained(dropped, static_cast<int64_t>(dim)))
      kept.push_back(from);
  SmallVector<int64_t> result;
  for (int64_t from : kept)
    result.push_back(
        llvm::count_if(kept, [&](int64_t other) { return other < from; }));
  return result;
}

/// reduce(transpose(x), dims) -> transpose(reduce(x, dims'))
template <typename OpTy> struct SinkPastReduction : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getOperand().template getDefiningOp<TransposeOp>();
    if (!transpose)
      return noTranspose(rewriter, op);
    SmallVector<int64_t> dims =
        dimsBefore(op.getDimensions(), transpose.getPermutation());
    llvm::sort(dims);
    GraphBuilder b(rewriter, op.getLoc());
    Value result = b.reduce<OpTy>(transpose.getOperand(), dims);
    rewriter.replaceOp(
        op, b.transpose(result, permutationWithout(transpose.getPermutation(),
                                                   op.getDimensions())));
    return success();
  }
};

/// argmax(transpose(x), axis) -> transpose(argmax(x, axis'))
template <typename OpTy> struct SinkPastArgReduction : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getOperand().template getDefiningOp<TransposeOp>();
    if (!transpose)
      return noTranspose(rewriter, op);
    int64_t axis = op.getAxis();
    SmallVector<int64_t> permutation =
        permutationWithout(transpose.getPermutation(), axis);
    Value result = cloneWith(
        rewriter, op, transpose.getOperand(),
        typeBefore(op.getType(), permutation),
        {{op.getAxisAttrName(),
          rewriter.getI64IntegerAttr(transpose.getPermutation()[axis])}});
    rewriter.replaceOp(
        op, GraphBuilder(rewriter, op.getLoc()).transpose(result, permutation));
    return success();
  }
};

/// pad(transpose(x)) -> transpose(pad(x))
struct SinkPastPad : OpRewritePattern<PadOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PadOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getOperand().getDefiningOp<TransposeOp>();
    if (!transpose)
      return noTranspose(rewriter, op);
    ArrayRef<int64_t> permutation = transpose.getPermutation();
    Value result = PadOp::create(
        rewriter, op.getLoc(), transpose.getOperand(), op.getValue(),
        entriesBefore<OpFoldResult>(op.getMixedLow(), permutation),
        entriesBefore<OpFoldResult>(op.getMixedHigh(), permutation),
        entriesBefore<int64_t>(op.getInterior(), permutation));
    // As much as the type says that is sunk past.
    result.setType(typeBefore(op.getType(), permutation));
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), result,
                                             permutation);
    return success();
  }
};

/// slice(transpose(x)) -> transpose(slice(x))
struct SinkPastSlice : OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SliceOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getOperand().getDefiningOp<TransposeOp>();
    if (!transpose)
      return noTranspose(rewriter, op);
    ArrayRef<int64_t> permutation = transpose.getPermutation();
    GraphBuilder b(rewriter, op.getLoc());
    Value result =
        b.slice(transpose.getOperand(),
                entriesBefore<OpFoldResult>(op.getMixedOffsets(), permutation),
                entriesBefore<OpFoldResult>(op.getMixedSizes(), permutation),
                entriesBefore<OpFoldResult>(op.getMixedStrides(), permutation));
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), result,
                                             permutation);
    return success();
  }
};

/// resample(transpose(x), axis) -> transpose(resample(x, axis'))
struct SinkPastResample : OpRewritePattern<ResampleOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ResampleOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getOperand().getDefiningOp<TransposeOp>();
    if (!transpose)
      return noTranspose(rewriter, op);
    ArrayRef<int64_t> permutation = transpose.getPermutation();
    auto type = typeOf(op.getResult());
    Value result =
        cloneWith(rewriter, op,
                  {transpose.getOperand(), op.getIndices(), op.getWeights()},
                  typeBefore(type, permutation),
                  {{op.getAxisAttrName(),
                    rewriter.getI64IntegerAttr(permutation[op.getAxis()])}});
    rewriter.replaceOpWithNewOp<TransposeOp>(op, type, result, permutation);
    return success();
  }
};

/// gather(transpose(x)) -> transpose(gather(x)), the result with its dims as x
/// has them and what is new in the place of what is indexed.
struct SinkPastGather : OpRewritePattern<GatherOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(GatherOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getOperand().getDefiningOp<TransposeOp>();
    if (!transpose)
      return noTranspose(rewriter, op);
    IndexSpec spec = *IndexSpec::parse(op.getSpec(), "->");
    std::string operand(spec.operand.size(), '*'), values;
    int64_t previous = -1;
    for (auto [dim, from] : llvm::enumerate(transpose.getPermutation())) {
      operand[from] = spec.operand[dim];
      if (spec.operand[dim] != '*')
        continue;
      if (from < previous)
        return rewriter.notifyMatchFailure(op,
                                           "the indexed dims change places");
      previous = from;
    }
    bool isFirst = true;
    for (char dim : operand) {
      if (dim != '*')
        values.push_back(dim);
      else if (std::exchange(isFirst, false))
        for (char letter : spec.values)
          if (!spec.operand.contains(letter))
            values.push_back(letter);
    }
    SmallVector<int64_t> permutation;
    for (char letter : spec.values)
      permutation.push_back(values.find(letter));
    Value result =
        GatherOp::create(rewriter, op.getLoc(),
                         IndexSpec{operand, spec.indices, values}.asGather(),
                         transpose.getOperand(), op.getIndices());
    rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), result,
                                             permutation);
    return success();
  }
};

/// broadcast(transpose(x)) -> transpose(broadcast(x)): the dims of x take the
/// same places in another order.
struct SinkPastBroadcast : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(BroadcastOp op,
                                PatternRewriter &rewriter) const override {
    auto transpose = op.getOperand().getDefiningOp<TransposeOp>();
    if (!transpose)
      return noTranspose(rewriter, op);
    auto type = typeOf(op.getResult());
    ArrayRef<int64_t> places = op.getDimensions();
    SmallVector<int64_t> permutation =
        llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
    for (auto [dim, from] : llvm::enumerate(transpose.getPermutation()))
      permutation[places[dim]] = places[from];
    GraphBuilder b(rewriter, op.getLoc());
    SmallVector<OpFoldResult> sizes =
        getMixedValues(type.getShape(), op.getSizes(), op.getContext());
    Value result =
        b.broadcast(transpose.getOperand(),
                    entriesBefore<OpFoldResult>(sizes, permutation), places);
    rewriter.replaceOpWithNewOp<TransposeOp>(op, type, result, permutation);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Into ops that take dims in any order
//===----------------------------------------------------------------------===//

std::string joinSpec(ArrayRef<std::string> labels) {
  return labels[0] + "," + labels[1] + "->" + labels[2];
}

/// contract "mk,kn->mn"(transpose(x), y) -> contract "km,kn->mn"(x, y)
struct AbsorbIntoContraction : OpRewritePattern<ContractOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ContractOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<std::string> labels;
    for (StringRef letters : op.getLabels())
      labels.push_back(letters.str());
    SmallVector<Value> operands(op->getOperands());
    bool changed = false;
    for (unsigned i = 0; i < 2; ++i) {
      auto transpose = operands[i].getDefiningOp<TransposeOp>();
      if (!transpose)
        continue;
      std::string letters = labels[i];
      for (auto [dim, from] : llvm::enumerate(transpose.getPermutation()))
        labels[i][from] = letters[dim];
      operands[i] = transpose.getOperand();
      changed = true;
    }
    if (!changed)
      return noTranspose(rewriter, op);
    rewriter.replaceOpWithNewOp<ContractOp>(op, op.getType(), joinSpec(labels),
                                            operands[0], operands[1]);
    return success();
  }
};

/// A reshape that merges dims of a transpose, each result dim made of
/// neighbours in the transpose's operand.
struct MergeOfTransposed {
  TransposeOp transpose;
  ReshapeOp reshape;
  /// For each dim of the reshape the dims of the transpose's operand, in the
  /// reshape's order.
  SmallVector<SmallVector<int64_t>> groups;

  static FailureOr<MergeOfTransposed> match(Value value) {
    MergeOfTransposed m;
    m.reshape = value.getDefiningOp<ReshapeOp>();
    if (!m.reshape)
      return failure();
    m.transpose = m.reshape.getOperand().getDefiningOp<TransposeOp>();
    auto to = typeOf(value);
    if (!m.transpose || to.getRank() >= m.transpose.getType().getRank() ||
        to.getRank() == 0)
      return failure();
    auto reassociation =
        getReassociationIndicesForReshape(m.transpose.getType(), to);
    if (!reassociation)
      return failure();
    for (ReassociationIndices &group : *reassociation) {
      m.groups.push_back(dimsBefore(group, m.transpose.getPermutation()));
      SmallVector<int64_t> sorted = llvm::to_vector(m.groups.back());
      llvm::sort(sorted);
      if (sorted.back() - sorted.front() + 1 !=
          static_cast<int64_t>(sorted.size()))
        return failure();
    }
    return m;
  }

  Value source() const { return TransposeOp(transpose).getOperand(); }

  /// Whether the elements of a group are met in another order. Where dims of
  /// extent 1 are makes no difference.
  bool isShuffled(unsigned group) const {
    SmallVector<int64_t> dims;
    for (int64_t dim : groups[group])
      if (typeOf(source()).getDimSize(dim) != 1)
        dims.push_back(dim);
    return !llvm::is_sorted(dims);
  }

  /// The dims of the reshape in the order of the transpose's operand.
  SmallVector<int64_t> order() const {
    SmallVector<int64_t> result =
        llvm::to_vector(llvm::seq<int64_t>(0, groups.size()));
    llvm::sort(result, [&](int64_t a, int64_t b) {
      return groups[a].front() < groups[b].front();
    });
    return result;
  }

  /// The reshape without the transpose: its dims in `order`.
  Value mergeSource(GraphBuilder &b) const {
    ReshapeOp merged = reshape; // a handle, whose accessors aren't const
    SmallVector<OpFoldResult> sizes =
        getMixedValues(typeOf(merged.getResult()).getShape(), merged.getSizes(),
                       b.getBuilder().getContext());
    return b.reshape(source(),
                     applyPermutation(ArrayRef<OpFoldResult>(sizes), order()));
  }
};

/// reshape(transpose(x)) -> transpose(reshape(x)), where whole groups of merged
/// dims move.
struct SinkPastReshape : OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReshapeOp op,
                                PatternRewriter &rewriter) const override {
    auto merge = MergeOfTransposed::match(op.getResult());
    if (failed(merge))
      return rewriter.notifyMatchFailure(op, "merges no transposed neighbours");
    for (unsigned group = 0; group < merge->groups.size(); ++group)
      if (merge->isShuffled(group))
        return rewriter.notifyMatchFailure(op, "the order of elements changes");
    GraphBuilder b(rewriter, op.getLoc());
    Value merged = merge->mergeSource(b);
    rewriter.replaceOpWithNewOp<TransposeOp>(
        op, typeOf(op.getResult()), merged,
        invertPermutationVector(merge->order()));
    return success();
  }
};

/// Whether the value depends on nothing but parameters and constants: what is
/// made of it is made once.
bool isOfParameters(Value value, unsigned depth = 0) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
    return function && function.getArgAttr(argument.getArgNumber(),
                                           GraphDialect::kParameterAttr);
  }
  Operation *op = value.getDefiningOp();
  return depth < 16 && isa_and_present<GraphDialect>(op->getDialect()) &&
         llvm::all_of(op->getOperands(), [&](Value operand) {
           return isOfParameters(operand, depth + 1);
         });
}

/// contract(reshape(transpose(x)), w) -> contract(reshape(x), w'), where the
/// reshape merges dims that are summed over: w' has its rows in the order of
/// the dims of x. That's the dense layer after the last image.
struct PermuteParameter : OpRewritePattern<ContractOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ContractOp op,
                                PatternRewriter &rewriter) const override {
    for (unsigned i = 0; i < 2; ++i) {
      auto merge = MergeOfTransposed::match(op->getOperand(i));
      if (failed(merge))
        continue;
      if (!isOfParameters(op->getOperand(1 - i)) ||
          isOfParameters(merge->source()))
        return rewriter.notifyMatchFailure(op, "no parameter to permute");
      return permute(op, i, *merge, rewriter);
    }
    return rewriter.notifyMatchFailure(op, "merges no transposed neighbours");
  }

private:
  static LogicalResult permute(ContractOp op, unsigned side,
                               const MergeOfTransposed &merge,
                               PatternRewriter &rewriter) {
    SmallVector<std::string> labels;
    for (StringRef letters : op.getLabels())
      labels.push_back(letters.str());
    RankedTensorType source = typeOf(merge.source());
    for (auto [group, dims] : llvm::enumerate(merge.groups)) {
      if (!merge.isShuffled(group))
        continue;
      if (StringRef(labels[2]).contains(labels[side][group]))
        return rewriter.notifyMatchFailure(op, "a shuffled dim is kept");
      if (llvm::any_of(dims,
                       [&](int64_t dim) { return source.isDynamicDim(dim); }))
        return rewriter.notifyMatchFailure(op, "a shuffled dim is dynamic");
    }
    GraphBuilder b(rewriter, op.getLoc());
    Value parameter = op->getOperand(1 - side);
    for (auto [group, dims] : llvm::enumerate(merge.groups))
      if (merge.isShuffled(group))
        parameter =
            shuffle(b, parameter, labels[1 - side].find(labels[side][group]),
                    dims, source);
    Value merged = merge.mergeSource(b);
    std::string letters = labels[side];
    for (auto [dim, from] : llvm::enumerate(merge.order()))
      labels[side][dim] = letters[from];
    Value lhs = side == 0 ? merged : parameter;
    Value rhs = side == 0 ? parameter : merged;
    rewriter.replaceOpWithNewOp<ContractOp>(op, op.getType(), joinSpec(labels),
                                            lhs, rhs);
    return success();
  }

  /// Dim `dim` of `parameter` runs over `dims` of `source`, in their order;
  /// afterwards in the order of the source.
  static Value shuffle(GraphBuilder &b, Value parameter, int64_t dim,
                       ArrayRef<int64_t> dims, RankedTensorType source) {
    SmallVector<OpFoldResult> sizes = b.sizes(parameter), split;
    for (int64_t from : dims)
      split.push_back(b.getBuilder().getIndexAttr(source.getDimSize(from)));
    int64_t rank = sizes.size(), count = dims.size();
    SmallVector<OpFoldResult> splitSizes(sizes);
    splitSizes.erase(splitSizes.begin() + dim);
    splitSizes.insert(splitSizes.begin() + dim, split.begin(), split.end());
    SmallVector<int64_t> inner = llvm::to_vector(llvm::seq<int64_t>(0, count));
    llvm::sort(inner, [&](int64_t x, int64_t y) { return dims[x] < dims[y]; });
    SmallVector<int64_t> permutation;
    for (int64_t i = 0; i < rank + count - 1; ++i)
      permutation.push_back(i < dim || i >= dim + count ? i
                                                        : dim + inner[i - dim]);
    Value whole = b.reshape(parameter, splitSizes);
    return b.reshape(b.transpose(whole, permutation), sizes);
  }
};

//===----------------------------------------------------------------------===//
// Free transposes
//===----------------------------------------------------------------------===//

/// transpose(x) -> reshape(x), where only dims of extent 1 move
struct TransposeToReshape : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto from = typeOf(op.getOperand());
    SmallVector<int64_t> moved;
    for (int64_t dim : op.getPermutation())
      if (from.getDimSize(dim) != 1)
        moved.push_back(dim);
    if (!llvm::is_sorted(moved))
      return rewriter.notifyMatchFailure(op, "dims above extent 1 move");
    GraphBuilder b(rewriter, op.getLoc());
    SmallVector<OpFoldResult> sizes = b.sizes(op.getOperand());
    rewriter.replaceOp(op,
                       b.reshape(op.getOperand(),
                                 applyPermutation(ArrayRef<OpFoldResult>(sizes),
                                                  op.getPermutation())));
    return success();
  }
};

} // namespace

void populateSinkTransposesPatterns(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns
      .add<AbsorbIntoContraction, PermuteParameter, SinkPastAxis<BatchNormOp>,
           SinkPastAxis<CumsumOp>, SinkPastAxis<LogSoftmaxOp>,
           SinkPastAxis<SoftmaxOp>, SinkPastArgReduction<ArgMaxOp>,
           SinkPastArgReduction<ArgMinOp>, SinkPastBroadcast, SinkPastConcat,
           SinkPastElementwise, SinkPastGather, SinkPastPad, SinkPastResample,
           SinkPastReduction<ReduceAndOp>, SinkPastReduction<ReduceMaxOp>,
           SinkPastReduction<ReduceMinOp>, SinkPastReduction<ReduceOrOp>,
           SinkPastReduction<ReduceProdOp>, SinkPastReduction<ReduceSumOp>,
           SinkPastReshape, SinkPastReverse, SinkPastSlice>(context);
  TransposeOp::getCanonicalizationPatterns(patterns, context);
}

namespace {

struct GraphSinkTransposes
    : impl::GraphSinkTransposesBase<GraphSinkTransposes> {
  void runOnOperation() override {
    RewritePatternSet sinking(&getContext()), free(&getContext());
    populateSinkTransposesPatterns(sinking);
    // Last, since what has become a reshape doesn't sink.
    free.add<TransposeToReshape>(&getContext());
    ReshapeOp::getCanonicalizationPatterns(free, &getContext());
    for (RewritePatternSet *patterns : {&sinking, &free})
      if (failed(applyPatternsGreedily(getOperation(), std::move(*patterns)))) {
        getOperation().emitError("sinking transposes does not converge");
        return signalPassFailure();
      }
  }
};

} // namespace
} // namespace msc
