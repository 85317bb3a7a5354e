//===- Contraction.cpp - MatMul, Gemm, Einsum, Det ------------------------===//

#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/Products.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

/// Contracts in the operands' type; narrow floats are summed in f32.
static Value contract(NodeImport &n, StringRef spec, Value lhs, Value rhs) {
  Type type = cast<RankedTensorType>(lhs.getType()).getElementType();
  Type sumType = isNarrowFloat(type) ? n.builder().getF32Type() : type;
  Value result =
      ContractOp::create(n.builder(), n.loc(), spec, lhs, rhs, sumType);
  return n.b.convert(result, type);
}

/// Without the dims in `drop`, which have extent 1.
static Shaped dropDims(NodeImport &n, const Shaped &operand,
                       ArrayRef<int64_t> drop) {
  Shape shape;
  for (int64_t dim = 0, e = operand.shape.size(); dim < e; ++dim)
    if (!llvm::is_contained(drop, dim))
      shape.push_back(operand.shape[dim]);
  return n.reshape(operand, shape);
}

static LogicalResult checkInner(NodeImport &n, Index lhs, Index rhs) {
  if (n.requireEqual(lhs, rhs))
    return success();
  return n.misfit("expected equal inner extents, got " + n.math.toString(lhs) +
                  " and " + n.math.toString(rhs));
}

/// Repeats the first dims, those of the batch, where it depends on the call
/// whether they have to be; a dim of 1 stays.
static void repeatBatch(NodeImport &n, Shaped &operand, const Shape &own,
                        const Shape &batch) {
  Shape target = operand.shape;
  Index one = n.math.constant(1);
  for (size_t i = 0; i < own.size(); ++i)
    if (own[i] != one)
      target[i] = batch[batch.size() - own.size() + i];
  operand = {n.broadcast(operand, target), target};
}

FailureOr<Shaped> msc::onnx::multiplyMatrices(NodeImport &n, Shaped lhs,
                                              Shaped rhs, Type sumType) {
  if (lhs.shape.empty() || rhs.shape.empty())
    return n.misfit("expected ranks of at least 1, got 0");
  bool isRow = lhs.shape.size() > 1, isColumn = rhs.shape.size() > 1;
  Index inner = lhs.shape.back();
  Index other = rhs.shape[rhs.shape.size() - (isColumn ? 2 : 1)];
  if (failed(checkInner(n, inner, other)))
    return failure();

  Shape lhsBatch = lhs.shape, rhsBatch = rhs.shape;
  lhsBatch.pop_back_n(isRow ? 2 : 1);
  rhsBatch.pop_back_n(isColumn ? 2 : 1);
  auto batch = n.broadcastShapes({lhsBatch, rhsBatch});
  if (failed(batch))
    return failure();
  if (batch->size() > 20)
    return n.unsupported("more than 20 batch dims");
  Shape shape = *batch;
  if (isRow)
    shape.push_back(lhs.shape[lhs.shape.size() - 2]);
  if (isColumn)
    shape.push_back(rhs.shape.back());

  // A batch dim that is repeated has no letter on the side where it is 1.
  std::string lhsSpec, rhsSpec, spec;
  auto letters = [&](Shaped &operand, const Shape &own) {
    std::string text;
    SmallVector<int64_t> drop;
    repeatBatch(n, operand, own, *batch);
    for (size_t i = 0; i < own.size(); ++i) {
      size_t at = batch->size() - own.size() + i;
      if (operand.shape[i] == (*batch)[at])
        text += static_cast<char>('a' + at);
      else
        drop.push_back(i);
    }
    operand = dropDims(n, operand, drop);
    return text;
  };
  lhsSpec = letters(lhs, lhsBatch) + (isRow ? "xy" : "y");
  rhsSpec = letters(rhs, rhsBatch) + (isColumn ? "yz" : "y");
  for (size_t i = 0; i < batch->size(); ++i)
    spec += static_cast<char>('a' + i);
  spec += isRow ? "x" : "";
  spec += isColumn ? "z" : "";
  Value result = ContractOp::create(n.builder(), n.loc(),
                                    lhsSpec + "," + rhsSpec + "->" + spec,
                                    lhs.value, rhs.value, sumType);
  return Shaped{result, shape};
}

static LogicalResult importMatMul(NodeImport &n) {
  Type type = n.elementType(0);
  auto product =
      multiplyMatrices(n, n.in(0), n.in(1),
                       isNarrowFloat(type) ? n.builder().getF32Type() : type);
  return failed(product) ? failure() : n.result(n.convert(*product, type));
}

static LogicalResult importGemm(NodeImport &n) {
  bool transA = n.flagAttr("transA", false),
       transB = n.flagAttr("transB", false);
  double alpha = n.floatAttr("alpha", 1.0), beta = n.floatAttr("beta", 1.0);
  if (n.rank(0) != 2 || n.rank(1) != 2)
    return n.misfit("expected matrices, got ranks " + Twine(n.rank(0)) +
                    " and " + Twine(n.rank(1)));
  if (n.version < 11 && !n.has(2))
    return n.error("input 2 is missing");
  Type type = n.elementType(0);
  if (isa<IntegerType>(type) &&
      (alpha != std::trunc(alpha) || beta != std::trunc(beta)))
    return n.unsupported("factors of integers that are not integers");
  if (failed(checkInner(n, n.shape(0)[transA ? 0 : 1],
                        n.shape(1)[transB ? 1 : 0])))
    return failure();
  Shape shape{n.shape(0)[transA ? 1 : 0], n.shape(1)[transB ? 0 : 1]};
  std::string spec = transA ? "km" : "mk";
  spec += transB ? ",nk->mn" : ",kn->mn";
  Value result = contract(n, spec, n.value(0), n.value(1));
  if (alpha != 1.0)
    result = n.b.mulScalar(result, alpha);
  if (n.has(2) && beta != 0.0) {
    if (n.version < 7 && !n.flagAttr("broadcast", false) &&
        failed(n.agreedShape(shape, n.shape(2), "a summand of that shape")))
      return failure();
    auto bias = n.broadcastTo(n.in(2), shape);
    if (failed(bias))
      return failure();
    Value scaled = beta == 1.0 ? *bias : n.b.mulScalar(*bias, beta);
    result = n.b.add(result, scaled);
  }
  return n.result(result, shape);
}

//===----------------------------------------------------------------------===//
// Einsum
//===----------------------------------------------------------------------===//

namespace {

/// One term of an equation with the tensor it labels.
struct Term {
  std::string letters;
  Shaped operand;
};

class Einsum {
public:
  explicit Einsum(NodeImport &n) : n(n) {}

  LogicalResult run() {
    if (failed(parse()) || failed(bindExtents()))
      return failure();
    Term result = terms.front();
    dropUnused(result, 1);
    for (size_t i = 1; i < terms.size(); ++i) {
      dropUnused(terms[i], i + 1, &result);
      result = contractTerms(result, terms[i], i + 1);
    }
    return finish(result);
  }

private:
  LogicalResult parse() {
    std::string equation = n.stringAttr("equation", "");
    llvm::erase(equation, ' ');
    auto [left, right] = StringRef(equation).split("->");
    SmallVector<StringRef> parts;
    left.split(parts, ',');
    if (parts.size() != n.numInputs())
      return n.error("the equation " + quoted(equation) + " has " +
                     Twine(parts.size()) + " terms for " +
                     Twine(n.numInputs()) + " inputs");
    bool isExplicit = StringRef(equation).contains("->");
    if (failed(nameEllipsis(equation, parts)))
      return failure();
    for (auto [i, part] : llvm::enumerate(parts)) {
      auto letters = spellOut(part, n.rank(i));
      if (failed(letters) || failed(checkLetters(*letters, true)))
        return failure();
      terms.push_back({*letters, n.in(i)});
    }
    if (isExplicit) {
      auto letters = spellOut(right, -1);
      if (failed(letters))
        return failure();
      output = *letters;
    } else {
      output = ellipsis + implicitOutput(left);
    }
    return checkLetters(output, /*canRepeat=*/false);
  }

  /// Gives the dims that the longest ellipsis stands for letters which the
  /// equation does not use.
  LogicalResult nameEllipsis(StringRef equation, ArrayRef<StringRef> parts) {
    int64_t count = 0;
    for (auto [i, part] : llvm::enumerate(parts))
      if (part.contains("..."))
        count = std::max<int64_t>(
            count, n.rank(i) - static_cast<int64_t>(part.size() - 3));
    for (char letter = 'z'; count > 0 && letter >= 'A'; --letter)
      if (llvm::isAlpha(letter) && !equation.contains(letter)) {
        ellipsis += letter;
        --count;
      }
    if (count > 0)
      return n.unsupported("more dims than there are letters");
    return success();
  }

  /// A term with letters for its ellipsis: the last ones where it stands for
  /// fewer dims than another, all of them in the result (rank -1).
  FailureOr<std::string> spellOut(StringRef part, int64_t rank) {
    size_t at = part.find("...");
    if (at == StringRef::npos)
      return part.str();
    int64_t count = rank < 0 ? static_cast<int64_t>(ellipsis.size())
                             : rank - static_cast<int64_t>(part.size() - 3);
    if (count < 0)
      return n.error("the term " + quoted(part) + " labels a tensor of rank " +
                     Twine(rank));
    StringRef letters = StringRef(ellipsis).take_back(count);
    return (part.take_front(at) + letters + part.drop_front(at + 3)).str();
  }

  LogicalResult checkLetters(StringRef letters, bool canRepeat) {
    for (size_t i = 0; i < letters.size(); ++i) {
      if (!llvm::isAlpha(letters[i]))
        return n.error("the equation has an unexpected character " +
                       quoted(letters.substr(i, 1)));
      if (!canRepeat && letters.find(letters[i], i + 1) != StringRef::npos)
        return n.error("the result has the letter " +
                       quoted(letters.substr(i, 1)) + " twice");
    }
    return success();
  }

  /// Letters that occur once, in alphabetical order.
  static std::string implicitOutput(StringRef left) {
    std::string letters;
    for (char letter : left)
      if (llvm::isAlpha(letter) && left.count(letter) == 1)
        letters += letter;
    llvm::sort(letters);
    return letters;
  }

  LogicalResult bindExtents() {
    Index one = n.math.constant(1);
    for (const Term &term : terms) {
      if (term.letters.size() != term.operand.shape.size())
        return n.error("the term " + quoted(term.letters) +
                       " labels a tensor of rank " +
                       Twine(term.operand.shape.size()));
      for (auto [letter, extent] :
           llvm::zip_equal(term.letters, term.operand.shape)) {
        auto [it, isNew] = extents.try_emplace(letter, extent);
        if (isNew || it->second == extent || extent == one)
          continue;
        if (it->second != one && n.requireEqual(it->second, extent))
          continue;
        if (it->second != one)
          return n.error("the letter " + quoted(StringRef(&letter, 1)) +
                         " labels extents " + n.math.toString(it->second) +
                         " and " + n.math.toString(extent));
        it->second = extent;
      }
    }
    for (char letter : output)
      if (!extents.count(letter))
        return n.error("no term has the result's letter " +
                       quoted(StringRef(&letter, 1)));
    for (Term &term : terms) {
      dropRepeated(term);
      takeDiagonals(term);
    }
    return success();
  }

  /// Drops dims of 1 that are repeated to what another term has.
  void dropRepeated(Term &term) {
    std::string letters;
    SmallVector<int64_t> drop;
    for (auto [i, letter] : llvm::enumerate(term.letters)) {
      if (n.math.areEqual(term.operand.shape[i], extents.lookup(letter)))
        letters += letter;
      else
        drop.push_back(i);
    }
    term = {letters, dropDims(n, term.operand, drop)};
  }

  /// Where a letter comes back, what is off the diagonal becomes zero and the
  /// second dim is summed over.
  void takeDiagonals(Term &term) {
    for (size_t second = 0; second < term.letters.size();) {
      size_t first = term.letters.find(term.letters[second]);
      if (first == second) {
        ++second;
        continue;
      }
      Shaped &x = term.operand;
      auto count = [&](size_t dim) {
        Type i64 = n.builder().getI64Type();
        auto [extents, sizes] = splitSizes(n.sizes(x.shape));
        return IotaOp::create(n.builder(), n.loc(),
                              RankedTensorType::get(extents, i64), sizes,
                              static_cast<int64_t>(dim));
      };
      Value isDiagonal =
          n.b.compare(graph::ComparePredicate::eq, count(first), count(second));
      x.value = n.b.select(isDiagonal, x.value, n.b.splatLike(0.0, x.value));
      x = n.reduceSum(x, {static_cast<int64_t>(second)}, /*keep=*/false);
      term.letters.erase(second, 1);
    }
  }

  /// Whether a letter is needed after the terms before `next` are used up.
  bool isNeeded(char letter, size_t next) {
    if (StringRef(output).contains(letter))
      return true;
    for (size_t i = next; i < terms.size(); ++i)
      if (StringRef(terms[i].letters).contains(letter))
        return true;
    return false;
  }

  /// Sums over letters that nothing else has.
  void dropUnused(Term &term, size_t next, const Term *partner = nullptr) {
    SmallVector<int64_t> dims;
    std::string letters;
    for (auto [i, letter] : llvm::enumerate(term.letters)) {
      bool isShared = partner && StringRef(partner->letters).contains(letter);
      if (isShared || isNeeded(letter, next))
        letters += letter;
      else
        dims.push_back(i);
    }
    term = {letters, n.reduceSum(term.operand, dims, /*keep=*/false)};
  }

  Term contractTerms(const Term &lhs, const Term &rhs, size_t next) {
    std::string letters;
    for (char letter : lhs.letters + rhs.letters)
      if (!StringRef(letters).contains(letter) && isNeeded(letter, next))
        letters += letter;
    // What is in the result already keeps its order.
    Term left = lhs;
    SmallVector<int64_t> dims;
    std::string kept;
    for (auto [i, letter] : llvm::enumerate(lhs.letters)) {
      if (isNeeded(letter, next) || StringRef(rhs.letters).contains(letter))
        kept += letter;
      else
        dims.push_back(i);
    }
    left = {kept, n.reduceSum(lhs.operand, dims, /*keep=*/false)};
    Value value = contract(n, left.letters + "," + rhs.letters + "->" + letters,
                           left.operand.value, rhs.operand.value);
    Shape shape;
    for (char letter : letters)
      shape.push_back(extents.lookup(letter));
    return {letters, {value, shape}};
  }

  LogicalResult finish(const Term &term) {
    SmallVector<int64_t> permutation;
    for (char letter : output)
      permutation.push_back(term.letters.find(letter));
    return n.result(n.transpose(term.operand, permutation));
  }

  NodeImport &n;
  std::vector<Term> terms;
  std::string output;
  /// The letters of the dims that "..." stands for.
  std::string ellipsis;
  llvm::DenseMap<char, Index> extents;
};

} // namespace

static LogicalResult importEinsum(NodeImport &n) { return Einsum(n).run(); }

//===----------------------------------------------------------------------===//
// Det
//===----------------------------------------------------------------------===//

/// Expands along rows, with the minors of equal columns computed once: 2^n * n
/// products, which suits the small matrices of geometry.
static LogicalResult importDet(NodeImport &n) {
  constexpr int64_t kMaxExtent = 8;
  int64_t rank = n.rank(0);
  auto extent = rank < 2 ? std::nullopt : constantOf(n.shape(0).back());
  if (rank < 2 || n.shape(0)[rank - 1] != n.shape(0)[rank - 2])
    return n.error("expected square matrices, got " + n.toString(n.shape(0)));
  if (!extent || *extent > kMaxExtent)
    return n.unsupported("matrices of more than 8 rows");
  Shape batch(n.shape(0).begin(), n.shape(0).end() - 2);
  if (*extent == 0)
    return n.result(n.splat(1.0, batch, n.elementType(0)), batch);
  Value x = n.value(0);
  OpBuilder &builder = n.builder();
  auto element = [&](int64_t row, int64_t column) {
    SmallVector<OpFoldResult> offsets(rank, builder.getIndexAttr(0));
    SmallVector<OpFoldResult> ones(rank, builder.getIndexAttr(1));
    Shape shape = batch;
    shape.append(2, n.math.constant(1));
    offsets[rank - 2] = builder.getIndexAttr(row);
    offsets[rank - 1] = builder.getIndexAttr(column);
    Value part = n.b.slice(x, offsets, n.sizes(shape), ones);
    return n.reshape({part, shape}, batch).value;
  };
  // Of the last rows and any columns, from the last row up.
  SmallVector<Value> minors(size_t(1) << *extent);
  for (unsigned columns = 1; columns < minors.size(); ++columns) {
    int64_t row = *extent - llvm::popcount(columns);
    bool isNegative = false;
    Value sum;
    for (int64_t column = 0; column < *extent; ++column) {
      if (!(columns >> column & 1))
        continue;
      Value part = element(row, column);
      if (Value minor = minors[columns & ~(1u << column)])
        part = n.b.mul(part, minor);
      sum = !sum ? part : isNegative ? n.b.sub(sum, part) : n.b.add(sum, part);
      isNegative = !isNegative;
    }
    minors[columns] = sum;
  }
  return n.result(minors.back(), batch);
}

static constexpr OpEntry kOps[] = {
    {"Det", {11, 22}, 1, 1, 1, kFloat, importDet},
    {"Einsum", {12, 28}, 1, kVariadic, 1, kNumber | kSame, importEinsum},
    {"Gemm", {1, 6, 7, 9, 11, 13}, 2, 3, 1, kNumber | kSame, importGemm},
    {"MatMul", {1, 9, 13}, 2, 2, 1, kNumber | kSame, importMatMul},
};

void msc::onnx::addContractionOps(OpTable &table) { table.add(kOps); }
