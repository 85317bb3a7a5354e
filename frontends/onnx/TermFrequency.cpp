//===- TermFrequency.cpp - TfIdfVectorizer of integers --------------------===//
//
// How often each term of a pool stands in a row, a term being one word or more
// at equal distances. All windows of a row are compared with all terms of a
// length at once, and what is equal is counted.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/Indexing.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

using Predicate = graph::ComparePredicate;

// A vocabulary is far below.
static constexpr int64_t kMaxTerms = int64_t(1) << 22;

namespace {

class TermCount {
public:
  explicit TermCount(NodeImport &n)
      : n(n), i64(n.builder().getI64Type()), f32(n.builder().getF32Type()) {}

  LogicalResult run();

private:
  /// The terms of one length: their words, one term after the other.
  struct Group {
    int64_t length;
    ArrayRef<int64_t> words;
    int64_t count() const { return words.size() / length; }
  };

  LogicalResult readPool();
  LogicalResult readPlaces();
  FailureOr<Value> weigh(Value counts);
  Value vector(ArrayRef<int64_t> elements);
  Value zeros(int64_t columns) {
    return n.splat(0.0, {rows, n.math.constant(columns)}, i64);
  }
  Value countsOf(const Group &group);
  Value matches(const Group &group, int64_t distance);

  NodeImport &n;
  Type i64, f32;
  Shaped x; // [rows, words]
  Index rows;
  int64_t words = 0, least = 0, most = 0, skips = 0, total = 0;
  SmallVector<Group> groups;
  /// For each column of the result the term that it counts, `total` for none.
  SmallVector<int64_t> terms;
};

} // namespace

/// Pool and where the terms of each length begin in it.
LogicalResult TermCount::readPool() {
  least = n.intAttr("min_gram_length", 0);
  most = n.intAttr("max_gram_length", 0);
  skips = n.intAttr("max_skip_count", 0);
  if (least < 1 || most < least || most > 64 || skips < 0 || skips > 64)
    return n.error("expected terms of 1 to 64 words and at most 64 skips, "
                   "got " +
                   Twine(least) + " to " + Twine(most) + " and " +
                   Twine(skips));
  auto starts = n.intsAttr("ngram_counts");
  const NodeAttribute *pool =
      n.attr("pool_int64s", NodeAttribute::Kind::Ints);
  if (!pool || !starts || pool->ints.empty())
    return n.unsupported("terms that are no integers");
  ArrayRef<int64_t> all = pool->ints;
  int64_t size = all.size();
  if (size > kMaxTerms)
    return n.unsupported("more than " + Twine(kMaxTerms) + " words");
  for (auto [i, start] : llvm::enumerate(*starts)) {
    int64_t length = i + 1, end = i + 1 < starts->size() ? (*starts)[i + 1]
                                                         : size;
    if (start < 0 || start > end || end > size || (end - start) % length != 0)
      return n.error("expected terms of " + Twine(length) + " words from " +
                     Twine(start) + " to " + Twine(end) + " of " +
                     Twine(size));
    groups.push_back({length, all.slice(start, end - start)});
    total += groups.back().count();
  }
  if (static_cast<int64_t>(groups.size()) < most)
    return n.error("expected where terms of each length up to " + Twine(most) +
                   " begin, got " + Twine(groups.size()));
  return success();
}

LogicalResult TermCount::readPlaces() {
  const NodeAttribute *list =
      n.attr("ngram_indexes", NodeAttribute::Kind::Ints);
  int64_t given = list ? list->ints.size() : 0;
  if (given != total || total == 0)
    return n.error("expected a column for each of " + Twine(total) +
                   " terms, got " + Twine(given));
  for (auto [term, column] : llvm::enumerate(list->ints)) {
    if (column < 0 || column > kMaxTerms)
      return n.error("expected columns from 0 to " + Twine(kMaxTerms) +
                     ", got " + Twine(column));
    if (column >= static_cast<int64_t>(terms.size()))
      terms.resize(column + 1, total);
    if (terms[column] != total)
      return n.unsupported("several terms in one column");
    terms[column] = term;
  }
  return success();
}

Value TermCount::vector(ArrayRef<int64_t> elements) {
  auto type =
      RankedTensorType::get({static_cast<int64_t>(elements.size())}, i64);
  return graph::ConstantOp::create(n.builder(), n.loc(), type,
                                   DenseElementsAttr::get(type, elements));
}

/// Numbers [rows, terms] of windows whose words, that far apart, are a term.
Value TermCount::matches(const Group &group, int64_t distance) {
  Index zero = n.math.constant(0), one = n.math.constant(1),
        places = n.math.constant(words - distance * (group.length - 1)),
        count = n.math.constant(group.count());
  Shape cube{rows, places, count};
  Value isTerm;
  for (int64_t k = 0; k < group.length; ++k) {
    SmallVector<int64_t> column;
    for (int64_t term = 0; term < group.count(); ++term)
      column.push_back(group.words[term * group.length + k]);
    Value word = n.b.slice(
        x.value, n.sizes({zero, n.math.constant(k * distance)}),
        n.sizes({rows, places}), n.sizes({one, one}));
    Value isWord =
        n.b.compare(Predicate::eq, n.b.broadcast(word, n.sizes(cube), {0, 1}),
                    n.b.broadcast(vector(column), n.sizes(cube), {2}));
    isTerm = isTerm ? n.b.binary<AndOp>(isTerm, isWord) : isWord;
  }
  return n.b.reduceSum(n.b.convert(isTerm, i64), {1});
}

Value TermCount::countsOf(const Group &group) {
  Value sum = zeros(group.count());
  if (group.length < least || group.length > most)
    return sum;
  // A word alone has no distances.
  int64_t distances = group.length == 1 ? 1 : skips + 1;
  for (int64_t distance = 1; distance <= distances; ++distance)
    if (distance * (group.length - 1) < words)
      sum = n.b.add(sum, matches(group, distance));
  return sum;
}

/// TF: the counts; IDF: the weights of what there is; TFIDF: their product.
FailureOr<Value> TermCount::weigh(Value counts) {
  std::string mode = n.stringAttr("mode", "");
  if (mode != "TF" && mode != "IDF" && mode != "TFIDF")
    return n.error("expected TF, IDF or TFIDF as mode, got " + quoted(mode));
  Value result = n.b.convert(counts, f32);
  if (mode == "TF")
    return result;
  if (mode == "IDF")
    result = n.b.convert(
        n.b.compare(Predicate::gt, counts, n.b.splatLike(0.0, counts)), f32);
  const NodeAttribute *weights = n.attr("weights", NodeAttribute::Kind::Floats);
  if (!weights)
    return result;
  if (static_cast<int64_t>(weights->floats.size()) != total)
    return n.error("expected " + Twine(total) + " weights, got " +
                   Twine(weights->floats.size()));
  // By ONNX's words a weight belongs to a term, by its implementations to a
  // column.
  for (auto [column, term] : llvm::enumerate(terms))
    if (static_cast<int64_t>(column) != term)
      return n.unsupported("weights of terms in another order than columns");
  auto type = RankedTensorType::get({total}, f32);
  Value vector = graph::ConstantOp::create(
      n.builder(), n.loc(), type,
      DenseElementsAttr::get(type, ArrayRef<float>(weights->floats)));
  Shape shape{rows, n.math.constant(total)};
  return n.b.mul(result, n.b.broadcast(vector, n.sizes(shape), {1}));
}

LogicalResult TermCount::run() {
  if (n.rank(0) != 1 && n.rank(0) != 2)
    return n.error("expected a vector or a matrix, got rank " +
                   Twine(n.rank(0)));
  auto extent = constantOf(n.shape(0).back());
  if (!extent)
    return n.unsupported("rows of a length that is known at run time only");
  words = *extent;
  rows = n.rank(0) == 2 ? n.shape(0)[0] : n.math.constant(1);
  if (failed(readPool()) || failed(readPlaces()))
    return failure();
  x = n.reshape(n.convert(n.in(0), i64), {rows, n.shape(0).back()});
  SmallVector<Value> parts;
  for (const Group &group : groups)
    if (group.count() != 0)
      parts.push_back(countsOf(group));
  parts.push_back(zeros(1)); // of no term
  Value counts = ConcatOp::create(n.builder(), n.loc(), parts, /*axis=*/1);
  counts = gather(n, "a*,b->ab", counts, vector(terms));
  auto weighed = weigh(counts);
  if (failed(weighed))
    return failure();
  Shape shape{rows, n.math.constant(terms.size())};
  Shaped result{*weighed, shape};
  return n.result(n.rank(0) == 2 ? result : n.reshape(result, {shape[1]}));
}

static LogicalResult importTfIdfVectorizer(NodeImport &n) {
  return TermCount(n).run();
}

static constexpr OpEntry kOps[] = {
    {"TfIdfVectorizer", {9}, 1, 1, 1, kInt, importTfIdfVectorizer},
};

void msc::onnx::addTermFrequencyOps(OpTable &table) { table.add(kOps); }
