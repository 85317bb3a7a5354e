//===- RaiseComposites.cpp - Chains become the ops that they spell --------===//
//
// Exporters write a layer norm as nine nodes and an attention as six. As whole
// ops they have statistics that don't cancel, gradients that store little and
// schedules of their own; as chains they have none of it. So what is certain to
// be such an op, by structure and constants, becomes it. Results differ by
// rounding only.
//
// All matchers look through what exporters and the importer put in between:
// reshapes that add or drop dims of 1, and the broadcasts of statistics.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ops/attention/Attention.h"
#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/ops/reduction/Reduction.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "transforms/graph/Passes.h"

using namespace mlir;
using namespace msc::graph;

namespace msc {

#define GEN_PASS_DEF_GRAPHRAISECOMPOSITES
#include "transforms/graph/Passes.h.inc"

namespace {

//===----------------------------------------------------------------------===//
// Constants, dims of 1, statistics of rows
//===----------------------------------------------------------------------===//

/// The one value of a float tensor, repeated or not.
std::optional<double> splatOf(Value value) {
  while (true) {
    if (auto broadcast = value.getDefiningOp<BroadcastOp>())
      value = broadcast.getOperand();
    else if (auto reshape = value.getDefiningOp<ReshapeOp>())
      value = reshape.getOperand();
    else
      break;
  }
  DenseElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) || !elements.isSplat() ||
      !isa<FloatType>(elements.getElementType()))
    return std::nullopt;
  APFloat number = elements.getSplatValue<APFloat>();
  bool lossy;
  number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lossy);
  return number.convertToDouble();
}

/// Whether a constant is `expected`, as far as f32 can tell.
bool isNear(std::optional<double> value, double expected) {
  return value && std::abs(*value - expected) <= 1e-5 * std::abs(expected);
}

/// The extents that are not 1.
SmallVector<int64_t> wideExtents(RankedTensorType type) {
  return llvm::filter_to_vector(type.getShape(),
                                [](int64_t extent) { return extent != 1; });
}

/// The value without reshapes that only add or drop dims of 1.
Value skipUnitDims(Value value) {
  while (auto reshape = value.getDefiningOp<ReshapeOp>()) {
    if (wideExtents(typeOf(reshape.getOperand())) !=
        wideExtents(typeOf(reshape)))
      break;
    value = reshape.getOperand();
  }
  return value;
}

/// For a value that is the same along `dims` of its shape and is made of a
/// tensor with the other dims in order: that tensor, up to dims of 1.
/// Several unknown extents may not be told apart by a reshape alone; the
/// broadcast, which asks for equal ones, does.
Value repeatedAlong(Value value, ArrayRef<int64_t> dims) {
  auto broadcast = value.getDefiningOp<BroadcastOp>();
  if (!broadcast)
    return {};
  auto type = typeOf(value);
  auto from = typeOf(broadcast.getOperand());
  llvm::SmallDenseSet<int64_t> wide;
  for (auto [i, dim] : llvm::enumerate(broadcast.getDimensions()))
    if (from.getDimSize(i) != 1)
      wide.insert(dim);
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    bool isRepeated = llvm::is_contained(dims, dim);
    if (isRepeated ? wide.contains(dim)
                   : !wide.contains(dim) && type.getDimSize(dim) != 1)
      return {};
  }
  return skipUnitDims(broadcast.getOperand());
}

/// The sum's operand and dims, if `value` is its mean.
ReduceSumOp matchMean(Value value) {
  value = skipUnitDims(value);
  Value sum;
  double factor = 0;
  if (auto div = value.getDefiningOp<DivOp>()) {
    auto count = splatOf(div.getRhs());
    sum = div.getLhs(), factor = count ? 1 / *count : 0;
  } else if (auto mul = value.getDefiningOp<MulOp>()) {
    auto scale = splatOf(mul.getRhs());
    sum = mul.getLhs(), factor = scale.value_or(0);
  }
  if (!sum)
    return {};
  auto reduce = skipUnitDims(sum).getDefiningOp<ReduceSumOp>();
  if (!reduce)
    return {};
  double count = 1;
  for (int64_t dim : reduce.getDimensions()) {
    int64_t extent = typeOf(reduce.getOperand()).getDimSize(dim);
    if (ShapedType::isDynamic(extent))
      return {};
    count *= static_cast<double>(extent);
  }
  return isNear(factor, 1 / count) ? reduce : ReduceSumOp();
}

//===----------------------------------------------------------------------===//
// Layer norm and RMS norm
//===----------------------------------------------------------------------===//

/// x of x * x or pow(x, 2).
Value matchSquare(Value value) {
  if (auto mul = value.getDefiningOp<MulOp>())
    return mul.getLhs() == mul.getRhs() ? mul.getLhs() : Value();
  auto pow = value.getDefiningOp<PowOp>();
  return pow && splatOf(pow.getRhs()) == 2.0 ? pow.getLhs() : Value();
}

/// mean(operand^2) + epsilon along dims.
struct MeanSquare {
  Value operand;
  SmallVector<int64_t> dims;
  double epsilon;
};

std::optional<MeanSquare> matchMeanSquare(Value value) {
  auto add = skipUnitDims(value).getDefiningOp<AddOp>();
  if (!add)
    return std::nullopt;
  auto epsilon = splatOf(add.getRhs());
  Value mean = add.getLhs();
  if (!epsilon)
    epsilon = splatOf(add.getLhs()), mean = add.getRhs();
  auto sum = epsilon && *epsilon >= 0 ? matchMean(mean) : ReduceSumOp();
  Value operand = sum ? matchSquare(sum.getOperand()) : Value();
  if (!operand)
    return std::nullopt;
  return MeanSquare{operand, SmallVector<int64_t>(sum.getDimensions()),
                    *epsilon};
}

/// The mean square of sqrt(..), or of 1 / sqrt(..).
std::optional<MeanSquare> matchRoot(Value value, bool isReciprocal) {
  value = skipUnitDims(value);
  if (!isReciprocal) {
    auto sqrt = value.getDefiningOp<SqrtOp>();
    return sqrt ? matchMeanSquare(sqrt.getOperand()) : std::nullopt;
  }
  if (auto rsqrt = value.getDefiningOp<RsqrtOp>())
    return matchMeanSquare(rsqrt.getOperand());
  auto div = value.getDefiningOp<DivOp>();
  if (!div || splatOf(div.getLhs()) != 1.0)
    return std::nullopt;
  return matchRoot(div.getRhs(), /*isReciprocal=*/false);
}

/// x of x - mean(x), the mean along dims.
Value matchCentred(Value value, ArrayRef<int64_t> dims) {
  auto sub = value.getDefiningOp<SubOp>();
  Value mean = sub ? repeatedAlong(sub.getRhs(), dims) : Value();
  auto sum = mean ? matchMean(mean) : ReduceSumOp();
  if (!sum || sum.getOperand() != sub.getLhs() || sum.getDimensions() != dims)
    return {};
  return sub.getLhs();
}

/// c / sqrt(mean(c^2) + e), or c times the reciprocal
///   -> layer_norm(x) if c is x - mean(x), else rms_norm(c)
template <typename OpTy> struct RaiseNorm : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    constexpr bool isReciprocal = std::is_same_v<OpTy, MulOp>;
    // The divisor is the right operand; a factor may be either.
    for (unsigned side = 2; side-- > (isReciprocal ? 0 : 1);) {
      auto broadcast =
          op->getOperand(side).template getDefiningOp<BroadcastOp>();
      if (!broadcast)
        continue;
      auto square = matchRoot(broadcast.getOperand(), isReciprocal);
      Value centred = op->getOperand(1 - side);
      if (!square || square->operand != centred ||
          !repeatedAlong(broadcast, square->dims))
        continue;
      APFloat epsilon(square->epsilon);
      Location loc = op.getLoc();
      Value x = matchCentred(centred, square->dims);
      Value result = x ? LayerNormOp::create(rewriter, loc, x, Value(), Value(),
                                             square->dims, epsilon)
                             .getResult()
                       : RmsNormOp::create(rewriter, loc, centred, Value(),
                                           square->dims, epsilon)
                             .getResult();
      rewriter.replaceOp(op, result);
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no root of a mean square");
  }
};

/// A vector along `dims` that `value` repeats along the others, in the type
/// that a norm wants; made at the builder's place.
Value vectorAlong(GraphBuilder &b, Value value, ArrayRef<int64_t> dims) {
  auto broadcast = value.getDefiningOp<BroadcastOp>();
  if (!broadcast)
    return {};
  SmallVector<int64_t> shape;
  llvm::SmallDenseSet<int64_t> missing;
  for (int64_t dim : dims) {
    shape.push_back(typeOf(value).getDimSize(dim));
    if (shape.back() != 1)
      missing.insert(dim);
  }
  auto from = typeOf(broadcast.getOperand());
  for (auto [i, dim] : llvm::enumerate(broadcast.getDimensions()))
    if (from.getDimSize(i) != 1 && !missing.erase(dim))
      return {};
  auto type = from.clone(shape);
  if (!missing.empty() || !type.hasStaticShape())
    return {};
  if (from == type)
    return broadcast.getOperand();
  return b.reshape(broadcast.getOperand(),
                   getAsIndexOpFoldResult(value.getContext(), shape));
}

/// norm(x) * s -> norm(x) scale(s), and norm(x) + o -> norm(x) offset(o)
template <typename NormOp, typename OpTy>
struct AbsorbVector : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    constexpr bool isScale = std::is_same_v<OpTy, MulOp>;
    for (unsigned side : {0u, 1u}) {
      auto norm = op->getOperand(side).template getDefiningOp<NormOp>();
      if (!norm || op->getOperand(side) != norm.getResult() ||
          !norm.getResult().hasOneUse() || !canTake(norm, isScale))
        continue;
      GraphBuilder b(rewriter, op.getLoc());
      Value vector =
          vectorAlong(b, op->getOperand(1 - side), norm.getDimensions());
      if (!vector)
        continue;
      rewriter.replaceOp(op, rebuild(rewriter, norm, vector, isScale));
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no norm and vector");
  }

private:
  static bool canTake(LayerNormOp norm, bool isScale) {
    return !norm.getOffset() && !(isScale && norm.getScale());
  }
  static bool canTake(RmsNormOp norm, bool isScale) {
    return isScale && !norm.getScale();
  }
  static Value rebuild(PatternRewriter &rewriter, LayerNormOp norm,
                       Value vector, bool isScale) {
    return LayerNormOp::create(rewriter, norm.getLoc(), norm.getOperand(),
                               isScale ? vector : norm.getScale(),
                               isScale ? Value() : vector, norm.getDimensions(),
                               norm.getEpsilon())
        .getResult();
  }
  static Value rebuild(PatternRewriter &rewriter, RmsNormOp norm, Value vector,
                       bool) {
    return RmsNormOp::create(rewriter, norm.getLoc(), norm.getOperand(), vector,
                             norm.getDimensions(), norm.getEpsilon())
        .getResult();
  }
};

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// exp(x - max(x)) / sum(exp(x - max(x))), or without the maximum
///   -> softmax(x)
struct RaiseSoftmax : OpRewritePattern<DivOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(DivOp op,
                                PatternRewriter &rewriter) const override {
    auto exp = op.getLhs().getDefiningOp<ExpOp>();
    auto broadcast = op.getRhs().getDefiningOp<BroadcastOp>();
    if (!exp || !broadcast)
      return rewriter.notifyMatchFailure(op, "no exponential over a row");
    auto sum =
        skipUnitDims(broadcast.getOperand()).getDefiningOp<ReduceSumOp>();
    if (!sum || sum.getOperand() != exp.getResult() ||
        sum.getDimensions().size() != 1 ||
        !repeatedAlong(broadcast, sum.getDimensions()))
      return rewriter.notifyMatchFailure(op, "no sum along one axis");
    Value x = exp.getOperand();
    if (auto sub = x.getDefiningOp<SubOp>())
      if (Value row = repeatedAlong(sub.getRhs(), sum.getDimensions()))
        if (auto max = row.getDefiningOp<ReduceMaxOp>();
            max && max.getOperand() == sub.getLhs() &&
            max.getDimensions() == sum.getDimensions())
          x = sub.getLhs();
    rewriter.replaceOpWithNewOp<SoftmaxOp>(op, op.getType(), x,
                                           sum.getDimensions().front());
    return success();
  }
};

/// log(softmax(x)) -> log_softmax(x)
struct RaiseLogSoftmax : OpRewritePattern<LogOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(LogOp op,
                                PatternRewriter &rewriter) const override {
    auto softmax = op.getOperand().getDefiningOp<SoftmaxOp>();
    if (!softmax)
      return rewriter.notifyMatchFailure(op, "no softmax");
    rewriter.replaceOpWithNewOp<LogSoftmaxOp>(
        op, op.getType(), softmax.getOperand(), softmax.getAxis());
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

/// 1 / (1 + exp(-x)) -> sigmoid(x)
struct RaiseSigmoid : OpRewritePattern<DivOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(DivOp op,
                                PatternRewriter &rewriter) const override {
    auto add = op.getRhs().getDefiningOp<AddOp>();
    if (!add || splatOf(op.getLhs()) != 1.0)
      return rewriter.notifyMatchFailure(op, "no reciprocal of a sum");
    for (unsigned side : {0u, 1u}) {
      auto exp = add->getOperand(side).getDefiningOp<ExpOp>();
      auto neg = exp ? exp.getOperand().getDefiningOp<NegOp>() : NegOp();
      if (!neg || splatOf(add->getOperand(1 - side)) != 1.0)
        continue;
      rewriter.replaceOpWithNewOp<SigmoidOp>(op, op.getType(),
                                             neg.getOperand());
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no exponential of a negative");
  }
};

/// x of x * factor or x / (1 / factor).
Value matchScaled(Value value, double factor) {
  if (auto div = value.getDefiningOp<DivOp>())
    return isNear(splatOf(div.getRhs()), 1 / factor) ? div.getLhs() : Value();
  auto mul = value.getDefiningOp<MulOp>();
  if (!mul)
    return {};
  if (isNear(splatOf(mul.getRhs()), factor))
    return mul.getLhs();
  return isNear(splatOf(mul.getLhs()), factor) ? mul.getRhs() : Value();
}

/// x / 2 * (1 + erf(x / sqrt(2))), its factors in any order -> gelu(x)
struct RaiseGelu : OpRewritePattern<MulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(MulOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> factors;
    double constant = 1.0;
    collectFactors(op, factors, constant);
    if (factors.size() != 2 || !isNear(constant, 0.5))
      return rewriter.notifyMatchFailure(op, "no half of a product of two");
    for (unsigned side : {0u, 1u})
      if (matchOperand(factors[side]) == factors[1 - side]) {
        rewriter.replaceOpWithNewOp<GeluOp>(op, op.getType(),
                                            factors[1 - side]);
        return success();
      }
    return rewriter.notifyMatchFailure(op, "no 1 + erf of the other factor");
  }

private:
  /// Factors of a product, and the constant among them. A product that is used
  /// elsewhere is a factor.
  static void collectFactors(Operation *op, SmallVectorImpl<Value> &factors,
                             double &constant) {
    for (Value operand : op->getOperands()) {
      auto mul = operand.getDefiningOp<MulOp>();
      if (auto splat = splatOf(operand))
        constant *= *splat;
      else if (mul && mul->hasOneUse())
        collectFactors(mul, factors, constant);
      else
        factors.push_back(operand);
    }
  }

  /// x of 1 + erf(x / sqrt(2)).
  static Value matchOperand(Value value) {
    auto add = value.getDefiningOp<AddOp>();
    if (!add)
      return {};
    for (unsigned side : {0u, 1u})
      if (auto erf = add->getOperand(side).getDefiningOp<ErfOp>())
        if (splatOf(add->getOperand(1 - side)) == 1.0)
          return matchScaled(erf.getOperand(), 0.70710678118654752440);
    return {};
  }
};

/// pow(x, 2) -> x * x, and pow(x, 3) -> x * x * x: what norms and the tanh form
/// of GELU, a chain without an op, are written with.
struct ExpandPower : OpRewritePattern<PowOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(PowOp op,
                                PatternRewriter &rewriter) const override {
    auto exponent = splatOf(op.getRhs());
    if (exponent != 2.0 && exponent != 3.0)
      return rewriter.notifyMatchFailure(op, "exponent is not 2 or 3");
    GraphBuilder b(rewriter, op.getLoc());
    Value x = op.getLhs(), power = b.mul(x, x);
    rewriter.replaceOp(op, exponent == 2.0 ? power : b.mul(power, x));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

/// The letters of a contraction of scores [.., s, t] or of results [.., s, e]
/// by what they are; the batch letters in the order of the scores.
struct AttentionLetters {
  std::string batch;
  char row, column, inner;
};

/// query key^T: letters of both and the result are batch, one in each of the
/// two and the result, and the contracted one.
std::optional<AttentionLetters> matchScores(ArrayRef<StringRef> labels) {
  StringRef result = labels[2];
  if (result.size() != 3 && result.size() != 4)
    return std::nullopt;
  AttentionLetters letters{result.drop_back(2).str(), result[result.size() - 2],
                           result.back(), 0};
  for (StringRef operand : {labels[0], labels[1]})
    if (operand.size() != result.size() ||
        llvm::any_of(letters.batch,
                     [&](char c) { return !operand.contains(c); }))
      return std::nullopt;
  for (char letter : labels[0])
    if (!result.contains(letter))
      letters.inner = letter;
  if (!letters.inner || !labels[1].contains(letters.inner))
    return std::nullopt;
  return letters;
}

/// `value` with its dims, named by `labels`, in the order of `order`, and a dim
/// of 1 for heads if the batch has one dim only.
Value arrange(GraphBuilder &b, Value value, StringRef labels,
              const std::string &order) {
  SmallVector<int64_t> permutation;
  for (char letter : order)
    permutation.push_back(labels.find(letter));
  value = b.transpose(value, permutation);
  if (order.size() == 4)
    return value;
  SmallVector<OpFoldResult> sizes = b.sizes(value);
  sizes.insert(sizes.begin() + 1, b.getBuilder().getIndexAttr(1));
  return b.reshape(value, sizes);
}

/// softmax(scale * q k^T + mask) v -> attention(q, k, v), where nothing else
/// reads what lies between
struct RaiseAttention : OpRewritePattern<ContractOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ContractOp op,
                                PatternRewriter &rewriter) const override {
    for (unsigned side : {0u, 1u})
      if (auto softmax = op->getOperand(side).getDefiningOp<SoftmaxOp>())
        if (softmax->hasOneUse())
          return raise(op, side, softmax, rewriter);
    return rewriter.notifyMatchFailure(op, "no softmax");
  }

private:
  LogicalResult raise(ContractOp op, unsigned side, SoftmaxOp softmax,
                      PatternRewriter &rewriter) const {
    Value score = softmax.getOperand(), mask;
    int64_t rank = typeOf(score).getRank();
    if (static_cast<int64_t>(softmax.getAxis()) != rank - 1)
      return rewriter.notifyMatchFailure(op, "a softmax of another axis");
    double scale = 1.0;
    auto product = findScores(score, mask, scale);
    if (!product)
      return rewriter.notifyMatchFailure(op, "no scores");
    Type element = op.getType().getElementType();
    Value operands[] = {product.getLhs(), product.getRhs(), product.getResult(),
                        op->getOperand(1 - side)};
    for (Value value : operands)
      if (typeOf(value).getElementType() != element)
        return rewriter.notifyMatchFailure(op, "several element types");
    auto scores = matchScores(product.getLabels());
    if (!scores)
      return rewriter.notifyMatchFailure(op, "no product of rows");

    // The weights' letters here, in the order of the scores' dims.
    auto labels = op.getLabels();
    StringRef weights = labels[side], values = labels[1 - side];
    std::string batch = weights.drop_back(2).str();
    char row = weights[rank - 2], column = weights.back(), e = 0;
    for (char letter : values)
      if (!weights.contains(letter))
        e = letter;
    std::string result = batch + row + e;
    auto hasAll = [&](StringRef in, const std::string &letters) {
      return in.size() == letters.size() &&
             llvm::all_of(letters, [&](char c) { return in.contains(c); });
    };
    if (!e || !hasAll(values, batch + column + e) || !hasAll(labels[2], result))
      return rewriter.notifyMatchFailure(op, "no product with rows of values");
    if (rank == 4 && ShapedType::isDynamic(typeOf(score).getDimSize(1)))
      return rewriter.notifyMatchFailure(op, "an unknown number of heads");

    GraphBuilder b(rewriter, op.getLoc());
    if (mask && !(mask = maskOf(b, mask)))
      return rewriter.notifyMatchFailure(op, "a mask without keys");
    bool isFlipped = !product.getLabels()[0].contains(scores->row);
    Value query = product->getOperand(isFlipped),
          key = product->getOperand(!isFlipped);
    StringRef queryLabels = product.getLabels()[isFlipped],
              keyLabels = product.getLabels()[!isFlipped];
    Value attention =
        AttentionOp::create(
            rewriter, op.getLoc(),
            arrange(b, query, queryLabels,
                    scores->batch + scores->row + scores->inner),
            arrange(b, key, keyLabels,
                    scores->batch + scores->column + scores->inner),
            arrange(b, op->getOperand(1 - side), values, batch + column + e),
            mask, rewriter.getF64FloatAttr(scale), FloatAttr(), UnitAttr())
            .getResult();
    if (rank == 3) {
      SmallVector<OpFoldResult> sizes = b.sizes(attention);
      sizes.erase(sizes.begin() + 1);
      attention = b.reshape(attention, sizes);
    }
    SmallVector<int64_t> permutation;
    for (char letter : labels[2])
      permutation.push_back(result.find(letter));
    attention = b.transpose(attention, permutation);
    if (attention.getType() != op.getType())
      return rewriter.notifyMatchFailure(op, "another shape");
    rewriter.replaceOp(op, attention);
    return success();
  }

  /// The contraction below a mask that is added and a constant factor, each of
  /// which may be missing.
  static ContractOp findScores(Value score, Value &mask, double &scale) {
    if (auto add = score.getDefiningOp<AddOp>(); add && add->hasOneUse()) {
      unsigned side = isScaledProduct(add.getLhs()) ? 0 : 1;
      score = add->getOperand(side);
      mask = add->getOperand(1 - side);
    }
    while (score.hasOneUse()) {
      if (auto contract = score.getDefiningOp<ContractOp>())
        return contract;
      Value next;
      double factor = 1.0;
      if (!matchFactor(score, next, factor))
        return {};
      scale *= factor;
      score = next;
    }
    return {};
  }

  static bool matchFactor(Value score, Value &next, double &factor) {
    Operation *op = score.getDefiningOp();
    if (!isa_and_nonnull<MulOp, DivOp>(op))
      return false;
    auto splat = splatOf(op->getOperand(1));
    next = op->getOperand(0);
    if (!splat && isa<MulOp>(op)) {
      splat = splatOf(op->getOperand(0));
      next = op->getOperand(1);
    }
    if (!splat || *splat == 0.0)
      return false;
    factor = isa<MulOp>(op) ? *splat : 1 / *splat;
    return true;
  }

  static bool isScaledProduct(Value value) {
    Value next;
    double factor;
    while (matchFactor(value, next, factor))
      value = next;
    return value.getDefiningOp<ContractOp>();
  }

  /// The mask with dims of 1 where it is repeated, of rank 4; null if it is
  /// repeated along the keys.
  static Value maskOf(GraphBuilder &b, Value mask) {
    auto type = typeOf(mask);
    SmallVector<OpFoldResult> sizes = b.sizes(mask);
    if (auto broadcast = mask.getDefiningOp<BroadcastOp>()) {
      auto from = typeOf(broadcast.getOperand());
      llvm::SmallDenseSet<int64_t> own;
      for (auto [i, dim] : llvm::enumerate(broadcast.getDimensions()))
        if (from.getDimSize(i) != 1)
          own.insert(dim);
      if (!own.contains(type.getRank() - 1) &&
          type.getDimSize(type.getRank() - 1) != 1)
        return {};
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        if (!own.contains(dim))
          sizes[dim] = b.getBuilder().getIndexAttr(1);
      mask = broadcast.getOperand();
    }
    if (type.getRank() == 3)
      sizes.insert(sizes.begin() + 1, b.getBuilder().getIndexAttr(1));
    return b.reshape(mask, sizes);
  }
};

struct GraphRaiseComposites
    : impl::GraphRaiseCompositesBase<GraphRaiseComposites> {
  using GraphRaiseCompositesBase::GraphRaiseCompositesBase;

  void runOnOperation() override {
    // Attention is found by the softmax in it, and norms by their squares.
    RewritePatternSet first(&getContext()), second(&getContext());
    populateRaiseCompositesPatterns(first);
    second.add<ExpandPower>(&getContext());
    if (attention)
      second.add<RaiseAttention>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(first))) ||
        failed(applyPatternsGreedily(getOperation(), std::move(second)))) {
      getOperation()->emitError("raising of composites doesn't end");
      signalPassFailure();
    }
  }
};

} // namespace

void populateRaiseCompositesPatterns(RewritePatternSet &patterns) {
  patterns
      .add<RaiseNorm<DivOp>, RaiseNorm<MulOp>, AbsorbVector<LayerNormOp, MulOp>,
           AbsorbVector<LayerNormOp, AddOp>, AbsorbVector<RmsNormOp, MulOp>,
           RaiseSoftmax, RaiseLogSoftmax, RaiseSigmoid, RaiseGelu>(
          patterns.getContext());
}

} // namespace msc
