//===- Attention.cpp - Attention and rotary embeddings --------------------===//

#include "dialects/graph/ops/attention/Attention.h"
#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/normalization/Normalization.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/Indexing.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

namespace {

class AttentionImport {
public:
  explicit AttentionImport(NodeImport &n) : n(n), one(n.math.constant(1)) {}

  LogicalResult run() {
    if (failed(readHeads()) || failed(appendPast()) || failed(readScale()) ||
        failed(readMask()) || failed(addPositions()))
      return failure();
    auto attention = AttentionOp::create(
        n.builder(), n.loc(), query.value, key.value, value.value,
        mask ? mask->value : Value(), n.builder().getF64FloatAttr(scale),
        softcap > 0.0 ? n.builder().getF64FloatAttr(softcap) : FloatAttr(),
        isCausal ? n.builder().getUnitAttr() : UnitAttr());
    Shape shape = query.shape;
    shape[3] = value.shape[3];
    Shaped y{attention.getResult(), shape};
    if (isFlat) {
      y = n.transpose(y, {0, 2, 1, 3});
      y = n.reshape(y, {shape[0], shape[2], n.math.mul(shape[1], shape[3])});
    }
    if (failed(n.result(y)) || failed(n.result(1, key.value, key.shape)) ||
        failed(n.result(2, value.value, value.shape)))
      return failure();
    return n.wants(3) ? giveScores() : success();
  }

private:
  /// [B, S, H * D] -> [B, H, S, D]; four dims stay.
  FailureOr<Shaped> splitHeads(unsigned i, StringRef name) {
    Shaped x = n.convert(n.in(i), n.elementType(0));
    if (n.rank(i) == 4)
      return x;
    int64_t heads = n.intAttr(name, 0);
    auto hidden = constantOf(x.shape[2]);
    if (heads < 1 || heads > (1 << 20) || (hidden && *hidden % heads != 0))
      return n.error("expected attribute " + quoted(name) + " to divide " +
                     n.math.toString(x.shape[2]) + ", got " + Twine(heads));
    x = n.reshape(x, {x.shape[0], x.shape[1], n.math.constant(heads),
                      n.math.floorDiv(x.shape[2], heads)});
    return n.transpose(x, {0, 2, 1, 3});
  }

  LogicalResult readHeads() {
    for (unsigned i = 0; i < 3; ++i) {
      if (n.rank(i) != n.rank(0) || (n.rank(i) != 3 && n.rank(i) != 4))
        return n.misfit("expected query, key and value of rank 3 or 4, got " +
                        Twine(n.rank(i)) + " as input " + Twine(i));
      if (!isa<FloatType>(n.elementType(i)))
        return n.error("expected floats as input " + Twine(i));
    }
    isFlat = n.rank(0) == 3;
    auto q = splitHeads(0, "q_num_heads"), k = splitHeads(1, "kv_num_heads"),
         v = splitHeads(2, "kv_num_heads");
    if (failed(q) || failed(k) || failed(v))
      return failure();
    query = *q, key = *k, value = *v;
    auto heads = constantOf(query.shape[1]), shared = constantOf(key.shape[1]);
    if (!heads || !shared)
      return n.unsupported("heads that are known at run time only");
    if (*shared < 1 || *heads % *shared != 0)
      return n.error("expected query heads that are a multiple of the key "
                     "heads, got " +
                     Twine(*heads) + " and " + Twine(*shared));
    return success();
  }

  LogicalResult appendPast() {
    past = n.math.constant(0);
    hasPast = n.has(4) || n.has(5);
    if (hasPast && !(n.has(4) && n.has(5)))
      return n.error("expected a past key and a past value, or none");
    if (hasPast)
      for (auto [i, present] :
           {std::make_pair(4u, &key), std::make_pair(5u, &value)}) {
        Shaped before = n.convert(n.in(i), n.elementType(0));
        Shape expected = present->shape;
        if (before.shape.size() == 4)
          expected[2] = before.shape[2];
        if (before.shape != expected)
          return n.error("expected input " + Twine(i) + " of shape " +
                         n.toString(expected) + " with any third extent, got " +
                         n.toString(before.shape));
        Value parts[] = {before.value, present->value};
        present->value =
            ConcatOp::create(n.builder(), n.loc(), parts, /*axis=*/2);
        past = before.shape[2];
        present->shape[2] = n.math.add(past, present->shape[2]);
      }
    if (key.shape[0] != query.shape[0] || value.shape[0] != query.shape[0] ||
        key.shape[3] != query.shape[3] || key.shape[1] != value.shape[1] ||
        key.shape[2] != value.shape[2])
      return n.error("query " + n.toString(query.shape) + ", key " +
                     n.toString(key.shape) + " and value " +
                     n.toString(value.shape) + " do not fit");
    return success();
  }

  LogicalResult readScale() {
    softcap = n.floatAttr("softcap", 0.0);
    auto depth = constantOf(query.shape[3]);
    if (n.hasAttr("scale"))
      scale = n.floatAttr("scale", 1.0);
    else if (depth)
      scale =
          1.0 / std::sqrt(static_cast<double>(std::max<int64_t>(*depth, 1)));
    else
      return n.unsupported("a head size that is known at run time only");
    return success();
  }

  /// The mask with four dims, its last one of full extent.
  LogicalResult readMask() {
    if (!n.has(3))
      return success();
    Shaped m = n.in(3);
    if (m.shape.empty() || m.shape.size() > 4)
      return n.misfit("expected a mask of rank 1 to 4, got " +
                      Twine(m.shape.size()));
    if (!n.elementType(3).isInteger(1)) {
      if (!isa<FloatType>(n.elementType(3)))
        return n.error("expected a mask of floats or booleans");
      m = n.convert(m, n.elementType(0));
    }
    Shape shape = m.shape;
    shape.insert(shape.begin(), 4 - shape.size(), one);
    m = n.reshape(m, shape);
    if (failed(padMask(m)))
      return failure();
    Shape limits{query.shape[0], query.shape[1], query.shape[2], key.shape[2]};
    Shape full = m.shape;
    full[3] = key.shape[2];
    for (int64_t dim = 0; dim < 3; ++dim)
      if (full[dim] != one && full[dim] != limits[dim])
        return n.error("expected a mask that broadcasts to " +
                       n.toString(limits) + ", got " + n.toString(m.shape));
    auto spread = n.broadcastTo(m, full);
    if (failed(spread))
      return failure();
    mask = Shaped{*spread, full};
    return success();
  }

  /// A mask of fewer keys hides those that it lacks.
  LogicalResult padMask(Shaped &m) {
    auto has = constantOf(m.shape[3]), needs = constantOf(key.shape[2]);
    if (!has || !needs || *has >= *needs || *has == 1)
      return success();
    SmallVector<OpFoldResult> low(4, n.builder().getIndexAttr(0)), high = low;
    high[3] = n.builder().getIndexAttr(*needs - *has);
    Type type = cast<RankedTensorType>(m.value.getType()).getElementType();
    Value hidden = n.b.scalar(type.isInteger(1) ? 0.0 : -kInfinity, type);
    m.value = PadOp::create(n.builder(), n.loc(), m.value, hidden, low, high,
                            SmallVector<int64_t>(4, 0));
    m.shape[3] = key.shape[2];
    return success();
  }

  /// Counts along dim 2 or 3 of [.., S, T].
  Value count(int64_t dim, const Shape &shape) {
    auto [extents, sizes] = splitSizes(n.sizes(shape));
    return IotaOp::create(
        n.builder(), n.loc(),
        RankedTensorType::get(extents, n.builder().getI64Type()), sizes, dim);
  }

  void allow(Value condition, const Shape &shape) {
    if (!allowed) {
      allowed = Shaped{condition, shape};
      return;
    }
    Shape common = *n.broadcastShapes({allowed->shape, shape});
    allowed = Shaped{n.b.binary<AndOp>(n.broadcast(*allowed, common),
                                       n.broadcast({condition, shape}, common)),
                     common};
  }

  /// What positions allow: the causal order, windows, and lengths of batches.
  LogicalResult addPositions() {
    bool wantsCausal = n.flagAttr("is_causal", false);
    int64_t left = n.intAttr("left_window_size", -1);
    int64_t right = n.intAttr("right_window_size", -1);
    bool hasLengths = n.has(6);
    if (hasLengths && hasPast)
      return n.error("expected lengths or a past, got both");
    // With lengths, each batch's queries are its last ones.
    Shape shape{one, one, query.shape[2], key.shape[2]};
    Type i64 = n.builder().getI64Type();
    Value offset;
    if (hasLengths) {
      if (n.rank(6) != 1 || n.shape(6)[0] != query.shape[0] ||
          !isa<IntegerType>(n.elementType(6)))
        return n.error("expected an integer a batch as input 6");
      shape[0] = query.shape[0];
      Value lengths =
          n.b.broadcast(n.b.convert(n.value(6), i64), n.sizes(shape), {0});
      allow(n.b.compare(Predicate::lt, count(3, shape), lengths), shape);
      offset = n.b.sub(
          lengths, n.broadcast({n.scalarOf(query.shape[2], i64), {}}, shape));
    } else {
      offset = n.broadcast({n.scalarOf(past, i64), {}}, shape);
    }
    isCausal = wantsCausal && !hasLengths &&
               n.math.add(past, query.shape[2]) == key.shape[2];
    if ((wantsCausal && !isCausal) || left >= 0 || right >= 0) {
      Value distance = n.b.sub(n.b.add(count(2, shape), offset),
                               count(3, shape)); // how far back a key is
      if (wantsCausal && !isCausal)
        allow(
            n.b.compare(Predicate::ge, distance, n.b.splatLike(0.0, distance)),
            shape);
      if (left >= 0)
        allow(n.b.compare(Predicate::le, distance,
                          n.b.splatLike(static_cast<double>(left), distance)),
              shape);
      if (right >= 0)
        allow(n.b.compare(Predicate::ge, distance,
                          n.b.splatLike(-static_cast<double>(right), distance)),
              shape);
    }
    if (allowed)
      mergeMasks();
    return success();
  }

  void mergeMasks() {
    if (!mask) {
      mask = allowed;
      return;
    }
    Shape common = *n.broadcastShapes({mask->shape, allowed->shape});
    Value given = n.broadcast(*mask, common);
    Value condition = n.broadcast(*allowed, common);
    bool isBoolean =
        cast<RankedTensorType>(given.getType()).getElementType().isInteger(1);
    mask = Shaped{isBoolean ? n.b.binary<AndOp>(given, condition)
                            : n.b.select(condition, given,
                                         n.b.splatLike(-kInfinity, given)),
                  common};
  }

  /// Output 3, at one of four stages: computed beside the op, which does not
  /// give it.
  LogicalResult giveScores() {
    int64_t mode = n.intAttr("qk_matmul_output_mode", 0);
    if (mode < 0 || mode > 3)
      return n.error("expected a mode of 0 to 3, got " + Twine(mode));
    Type type = n.elementType(0);
    Type wide = isNarrowFloat(type) ? n.builder().getF32Type() : type;
    int64_t heads = *constantOf(query.shape[1]);
    int64_t shared = *constantOf(key.shape[1]);
    Shape grouped = query.shape;
    grouped[1] = n.math.constant(heads / shared);
    grouped.insert(grouped.begin() + 1, n.math.constant(shared));
    Shape shape{query.shape[0], query.shape[1], query.shape[2], key.shape[2]};
    Value split = n.reshape(query, grouped).value;
    grouped.back() = key.shape[2];
    Value score = ContractOp::create(n.builder(), n.loc(), "bhgsd,bhtd->bhgst",
                                     split, key.value, wide);
    score = n.reshape({score, grouped}, shape).value;
    score = n.b.mulScalar(score, scale);
    if (softcap > 0.0 && mode > 0) {
      Value ratio = n.b.div(score, n.b.splatLike(softcap, score));
      score = n.b.mulScalar(n.b.unary<TanhOp>(ratio), softcap);
    }
    if (mode >= 2)
      score = hide(score, shape);
    if (mode == 3) {
      score = SoftmaxOp::create(n.builder(), n.loc(), score.getType(), score,
                                /*axis=*/3);
      // Where nothing is seen, the weights are zero.
      if (mask || isCausal)
        score = n.b.select(n.b.compare(Predicate::eq, score, score), score,
                           n.b.splatLike(0.0, score));
    }
    return n.result(3, n.b.convert(score, type), shape);
  }

  Value hide(Value score, const Shape &shape) {
    Value hidden = n.b.splatLike(-kInfinity, score);
    if (mask) {
      Value spread = n.broadcast(*mask, shape);
      Type type = cast<RankedTensorType>(score.getType()).getElementType();
      score = isa<FloatType>(
                  cast<RankedTensorType>(spread.getType()).getElementType())
                  ? n.b.add(score, n.b.convert(spread, type))
                  : n.b.select(spread, score, hidden);
    }
    if (!isCausal)
      return score;
    Value offset =
        n.broadcast({n.scalarOf(past, n.builder().getI64Type()), {}}, shape);
    Value last = n.b.add(count(2, shape), offset);
    return n.b.select(n.b.compare(Predicate::le, count(3, shape), last), score,
                      hidden);
  }

  NodeImport &n;
  Index one, past;
  Shaped query, key, value;
  std::optional<Shaped> mask, allowed;
  double scale = 1.0, softcap = 0.0;
  bool isFlat = false, hasPast = false, isCausal = false;
};

} // namespace

static LogicalResult importAttention(NodeImport &n) {
  return AttentionImport(n).run();
}

//===----------------------------------------------------------------------===//
// Rotary embedding
//===----------------------------------------------------------------------===//

namespace {

/// On [B, S, H, D]: pairs of elements of the first dims of a head are turned by
/// the angle of the position.
class RotaryImport {
public:
  explicit RotaryImport(NodeImport &n) : n(n) {}

  LogicalResult run() {
    if (n.rank(0) != 3 && n.rank(0) != 4)
      return n.misfit("expected a rank of 3 or 4, got " + Twine(n.rank(0)));
    for (unsigned i : {1, 2})
      if (n.elementType(i) != n.elementType(0))
        return n.error("expected inputs 0 to 2 of one element type, got " +
                       n.toString(n.elementType(0)) + " and " +
                       n.toString(n.elementType(i)));
    if (failed(readInput()))
      return failure();
    auto depth = constantOf(x.shape[3]);
    if (!depth)
      return n.unsupported("a head size that is known at run time only");
    int64_t turned = n.intAttr("rotary_embedding_dim", 0);
    turned = turned == 0 ? *depth : turned;
    if (turned < 2 || turned > *depth || turned % 2 != 0)
      return n.error("expected an even part of the " + Twine(*depth) +
                     " elements of a head, got " + Twine(turned));
    half = turned / 2;
    auto cosine = readCache(1), sine = readCache(2);
    if (failed(cosine) || failed(sine))
      return failure();
    bool isInterleaved = n.flagAttr("interleaved", false);
    int64_t stride = isInterleaved ? 2 : 1;
    Value first = part(0, half, stride);
    Value second = part(isInterleaved ? 1 : half, half, stride);
    Value real = n.b.sub(n.b.mul(*cosine, first), n.b.mul(*sine, second));
    Value imaginary = n.b.add(n.b.mul(*sine, first), n.b.mul(*cosine, second));
    SmallVector<Value> parts =
        isInterleaved ? SmallVector<Value>{interleaved(real, imaginary)}
                      : SmallVector<Value>{real, imaginary};
    if (turned < *depth)
      parts.push_back(part(turned, *depth - turned, 1));
    Value y = parts.size() == 1
                  ? parts[0]
                  : ConcatOp::create(n.builder(), n.loc(), parts, /*axis=*/3)
                        .getResult();
    Shaped result{y, x.shape};
    if (n.rank(0) == 4)
      return n.result(n.transpose(result, {0, 2, 1, 3}));
    return n.result(n.reshape(result, n.shape(0)));
  }

private:
  LogicalResult readInput() {
    x = n.in(0);
    if (n.rank(0) == 4) {
      x = n.transpose(x, {0, 2, 1, 3});
      return success();
    }
    int64_t heads = n.intAttr("num_heads", 0);
    auto hidden = constantOf(x.shape[2]);
    if (heads < 1 || heads > (1 << 20) || (hidden && *hidden % heads != 0))
      return n.error("expected attribute 'num_heads' to divide " +
                     n.math.toString(x.shape[2]) + ", got " + Twine(heads));
    x = n.reshape(x, {x.shape[0], x.shape[1], n.math.constant(heads),
                      n.math.floorDiv(x.shape[2], heads)});
    return success();
  }

  Shape partShape(int64_t extent) {
    Shape shape = x.shape;
    shape[3] = n.math.constant(extent);
    return shape;
  }

  /// [B, S, half], or rows of [M, half] by their positions [B, S], repeated
  /// over the heads.
  FailureOr<Value> readCache(unsigned i) {
    Shape positions{x.shape[0], x.shape[1]};
    Shape expected = positions;
    expected.push_back(n.math.constant(half));
    if (n.has(3)) {
      if (n.rank(i) != 2)
        return n.error("expected input " + Twine(i) + " of rank 2, got " +
                       Twine(n.rank(i)));
      expected = {n.shape(i)[0], expected.back()};
      if (n.shape(3) != positions || !isa<IntegerType>(n.elementType(3)))
        return n.error("expected integers of shape " + n.toString(positions) +
                       " as input 3, got " + n.toString(n.shape(3)));
    }
    if (n.shape(i) != expected)
      return n.error("expected input " + Twine(i) + " of shape " +
                     n.toString(expected) + ", got " + n.toString(n.shape(i)));
    Value rows = n.value(i);
    if (n.has(3))
      rows = gather(n, "*d,bs->bsd", rows, n.value(3));
    return n.b.broadcast(rows, n.sizes(partShape(half)), {0, 1, 3});
  }

  Value part(int64_t offset, int64_t extent, int64_t stride) {
    SmallVector<OpFoldResult> offsets(4, n.builder().getIndexAttr(0));
    SmallVector<OpFoldResult> strides(4, n.builder().getIndexAttr(1));
    offsets[3] = n.builder().getIndexAttr(offset);
    strides[3] = n.builder().getIndexAttr(stride);
    return n.b.slice(x.value, offsets, n.sizes(partShape(extent)), strides);
  }

  Value interleaved(Value real, Value imaginary) {
    Shape pairs = partShape(half);
    pairs.push_back(n.math.constant(1));
    Value parts[] = {n.b.reshape(real, n.sizes(pairs)),
                     n.b.reshape(imaginary, n.sizes(pairs))};
    Value joined = ConcatOp::create(n.builder(), n.loc(), parts, /*axis=*/4);
    return n.b.reshape(joined, n.sizes(partShape(2 * half)));
  }

  NodeImport &n;
  Shaped x;
  int64_t half = 0;
};

} // namespace

static LogicalResult importRotaryEmbedding(NodeImport &n) {
  return RotaryImport(n).run();
}

static constexpr OpEntry kOps[] = {
    {"Attention", {23, 24, 25}, 3, 7, 4, kFloat, importAttention},
    {"RotaryEmbedding", {23}, 3, 4, 1, kFloat, importRotaryEmbedding},
};

void msc::onnx::addAttentionOps(OpTable &table) { table.add(kOps); }
