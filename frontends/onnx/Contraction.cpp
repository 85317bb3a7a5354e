//===- Contraction.cpp - MatMul, Gemm, Einsum -----------------------------===//

#include "dialects/graph/ops/contraction/Contraction.h"
#include "frontends/onnx/NodeImport.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

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

static LogicalResult reportInner(NodeImport &n, Index lhs, Index rhs) {
  std::string text = "expected equal inner extents, got " +
                     n.math.toString(lhs) + " and " + n.math.toString(rhs);
  if (constantOf(lhs) && constantOf(rhs))
    return n.error(text);
  return n.error(text, "say what they are by --dims");
}

static LogicalResult importMatMul(NodeImport &n) {
  if (n.rank(0) == 0 || n.rank(1) == 0)
    return n.error("expected ranks of at least 1, got 0");
  Shaped lhs = n.in(0), rhs = n.in(1);
  bool isRow = lhs.shape.size() > 1, isColumn = rhs.shape.size() > 1;
  Index inner = lhs.shape.back();
  Index other = rhs.shape[rhs.shape.size() - (isColumn ? 2 : 1)];
  if (inner != other)
    return reportInner(n, inner, other);

  Shape lhsBatch = lhs.shape, rhsBatch = rhs.shape;
  lhsBatch.pop_back_n(isRow ? 2 : 1);
  rhsBatch.pop_back_n(isColumn ? 2 : 1);
  auto batch = n.broadcastShapes({lhsBatch, rhsBatch});
  if (failed(batch))
    return failure();
  if (batch->size() > 20)
    return n.unsupported("more than 20 batch dims");

  // A batch dim that is repeated has no letter on the side where it is 1.
  std::string lhsSpec, rhsSpec, spec;
  auto letters = [&](Shaped &operand, const Shape &own) {
    std::string text;
    SmallVector<int64_t> drop;
    for (size_t i = 0; i < own.size(); ++i) {
      size_t at = batch->size() - own.size() + i;
      if (own[i] == (*batch)[at])
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

  Shape shape = *batch;
  if (isRow)
    shape.push_back(n.shape(0)[n.rank(0) - 2]);
  if (isColumn)
    shape.push_back(n.shape(1).back());
  Value result =
      contract(n, lhsSpec + "," + rhsSpec + "->" + spec, lhs.value, rhs.value);
  return n.result(result, shape);
}

static LogicalResult importGemm(NodeImport &n) {
  bool transA = n.flagAttr("transA", false),
       transB = n.flagAttr("transB", false);
  double alpha = n.floatAttr("alpha", 1.0), beta = n.floatAttr("beta", 1.0);
  if (n.rank(0) != 2 || n.rank(1) != 2)
    return n.error("expected matrices, got ranks " + Twine(n.rank(0)) +
                   " and " + Twine(n.rank(1)));
  if (n.version < 11 && !n.has(2))
    return n.error("input 2 is missing");
  Type type = n.elementType(0);
  if (isa<IntegerType>(type) &&
      (alpha != std::trunc(alpha) || beta != std::trunc(beta)))
    return n.unsupported("factors of integers that are not integers");
  if (n.shape(0)[transA ? 0 : 1] != n.shape(1)[transB ? 1 : 0])
    return reportInner(n, n.shape(0)[transA ? 0 : 1],
                       n.shape(1)[transB ? 1 : 0]);
  Shape shape{n.shape(0)[transA ? 1 : 0], n.shape(1)[transB ? 0 : 1]};
  std::string spec = transA ? "km" : "mk";
  spec += transB ? ",nk->mn" : ",kn->mn";
  Value result = contract(n, spec, n.value(0), n.value(1));
  if (alpha != 1.0)
    result = n.b.mulScalar(result, alpha);
  if (n.has(2) && beta != 0.0) {
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
    if (left.contains('.') || right.contains('.'))
      return n.unsupported("an ellipsis in the equation");
    SmallVector<StringRef> parts;
    left.split(parts, ',');
    if (parts.size() != n.numInputs())
      return n.error("the equation " + quoted(equation) + " has " +
                     Twine(parts.size()) + " terms for " +
                     Twine(n.numInputs()) + " inputs");
    for (StringRef part : parts)
      if (failed(checkLetters(part, /*canRepeat=*/true)))
        return failure();
    bool isExplicit = StringRef(equation).contains("->");
    output = isExplicit ? right.str() : implicitOutput(left);
    if (failed(checkLetters(output, /*canRepeat=*/false)))
      return failure();
    for (auto [i, part] : llvm::enumerate(parts)) {
      StringSet<> seen;
      for (char letter : part)
        if (!seen.insert(StringRef(&letter, 1)).second)
          return n.unsupported("a diagonal in the equation");
      terms.push_back({part.str(), n.in(i)});
    }
    return success();
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
      if (letter != ',' && left.count(letter) == 1)
        letters += letter;
    llvm::sort(letters);
    return letters;
  }

  LogicalResult bindExtents() {
    for (const Term &term : terms) {
      if (term.letters.size() != term.operand.shape.size())
        return n.error("the term " + quoted(term.letters) +
                       " labels a tensor of rank " +
                       Twine(term.operand.shape.size()));
      for (auto [letter, extent] :
           llvm::zip_equal(term.letters, term.operand.shape)) {
        auto [it, isNew] = extents.try_emplace(letter, extent);
        if (!isNew && it->second != extent)
          return n.error("the letter " + quoted(StringRef(&letter, 1)) +
                         " labels extents " + n.math.toString(it->second) +
                         " and " + n.math.toString(extent));
      }
    }
    for (char letter : output)
      if (!extents.count(letter))
        return n.error("no term has the result's letter " +
                       quoted(StringRef(&letter, 1)));
    return success();
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
  llvm::DenseMap<char, Index> extents;
};

} // namespace

static LogicalResult importEinsum(NodeImport &n) { return Einsum(n).run(); }

static constexpr OpEntry kOps[] = {
    {"Einsum", {12, 28}, 1, kVariadic, 1, kNumber | kSame, importEinsum},
    {"Gemm", {7, 9, 11, 13}, 2, 3, 1, kNumber | kSame, importGemm},
    {"MatMul", {1, 9, 13}, 2, 2, 1, kNumber | kSame, importMatMul},
};

void msc::onnx::addContractionOps(OpTable &table) { table.add(kOps); }
