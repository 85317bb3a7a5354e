//===- IndexOrder.cpp - Which of two extents is greater -------------------===//
//
// Slices clamp their bounds and broadcasts take the greater extent, so models
// are full of minima and maxima: max(max(n, min(n, 512)), n) is n. Bounds of
// the operands do not show that, since they take each n for another one.
//
// lhs <= rhs is proven of rhs - lhs, by eliminating one symbol after the other,
// the latest first, since the later ones are made of the earlier ones. A
// minimum is one of its operands, and at most each of them; a dim lies in its
// range; a quotient by c is within 1 of the real one. What is left in the end
// has bounds that say it. A proof gives up after a fixed number of steps: what
// is not proven is no error, but decided at run time.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/IndexMath.h"
#include <cmath>

using namespace mlir;
using namespace msc::onnx;

// Steps of one proof: enough for a few minima within each other.
static constexpr unsigned kMaxSteps = 32;
// A minimum of more than this is not taken apart again.
static constexpr size_t kMaxOperands = 4;
// Facts that each proof tries, and symbols that a new one is tried on.
static constexpr size_t kMaxFacts = 4, kMaxLearning = 256;

//===----------------------------------------------------------------------===//
// Symbols of an index
//===----------------------------------------------------------------------===//

/// The latest first.
SmallVector<unsigned> IndexMath::positionsIn(Index index) {
  SmallVector<unsigned> positions;
  index.walk([&](AffineExpr expr) {
    if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
      if (!llvm::is_contained(positions, symbol.getPosition()))
        positions.push_back(symbol.getPosition());
  });
  llvm::sort(positions, std::greater<>());
  return positions;
}

/// The greatest power of a symbol; nullopt where it is no polynomial.
static std::optional<unsigned> degreeOf(Index index, unsigned position) {
  if (auto symbol = dyn_cast<AffineSymbolExpr>(index))
    return symbol.getPosition() == position;
  auto binary = dyn_cast<AffineBinaryOpExpr>(index);
  if (!binary)
    return 0;
  auto lhs = degreeOf(binary.getLHS(), position);
  auto rhs = degreeOf(binary.getRHS(), position);
  if (!lhs || !rhs)
    return std::nullopt;
  if (binary.getKind() == AffineExprKind::Add)
    return std::max(*lhs, *rhs);
  if (binary.getKind() == AffineExprKind::Mul)
    return *lhs + *rhs;
  return *lhs + *rhs == 0 ? std::optional<unsigned>(0) : std::nullopt;
}

/// Null where constants would grow too large.
Index IndexMath::substitute(Index index, unsigned position, Index by) {
  if (!by)
    return {};
  unsigned degree = degreeOf(index, position).value_or(1);
  if (magnitudeOf(index) *
          std::pow(std::max(magnitudeOf(by), 1.0), std::max(degree, 1u)) >
      kMax)
    return {};
  Index symbol = getAffineSymbolExpr(position, context);
  index = simplifyAffineExpr(index.replace(symbol, by), 0, symbols.size());
  unsigned nodes = 0;
  double magnitude;
  measure(index, nodes, magnitude);
  return nodes > kMaxNodes || magnitude > kMax ? Index() : index;
}

/// Of a product: the slope of one factor, where the other one has that range.
IndexMath::Slope IndexMath::scale(Slope slope, IndexRange factor) {
  if (slope == Slope::None || slope == Slope::Unknown || factor.min >= 0)
    return slope;
  if (factor.max > 0)
    return Slope::Unknown;
  return slope == Slope::Rising ? Slope::Falling : Slope::Rising;
}

IndexMath::Slope IndexMath::slopeOf(Index index, unsigned position) {
  if (auto symbol = dyn_cast<AffineSymbolExpr>(index))
    return symbol.getPosition() == position ? Slope::Rising : Slope::None;
  auto binary = dyn_cast<AffineBinaryOpExpr>(index);
  if (!binary)
    return Slope::None;
  Slope lhs = slopeOf(binary.getLHS(), position);
  Slope rhs = slopeOf(binary.getRHS(), position);
  switch (binary.getKind()) {
  case AffineExprKind::Mul:
    lhs = scale(lhs, rangeOf(binary.getRHS()));
    rhs = scale(rhs, rangeOf(binary.getLHS()));
    [[fallthrough]];
  case AffineExprKind::Add:
    if (lhs == Slope::None || lhs == rhs)
      return rhs;
    return rhs == Slope::None ? lhs : Slope::Unknown;
  case AffineExprKind::FloorDiv:
  case AffineExprKind::CeilDiv:
    return rhs == Slope::None ? lhs : Slope::Unknown;
  default:
    return lhs == Slope::None && rhs == Slope::None ? Slope::None
                                                    : Slope::Unknown;
  }
}

//===----------------------------------------------------------------------===//
// Proofs
//===----------------------------------------------------------------------===//

/// Of a minimum or maximum; nullopt if there is none. Where the index is least
/// with the symbol at its bound, either operand will do, since each is one; but
/// which one does may depend on the cases of another symbol, so these go first.
std::optional<bool> IndexMath::byExtreme(Index index, unsigned &budget) {
  std::optional<unsigned> chosen;
  bool isEither = false;
  for (unsigned position : positionsIn(index)) {
    bool isMin = symbols[position].kind == Kind::Min;
    if ((!isMin && symbols[position].kind != Kind::Max) ||
        (chosen && !isEither))
      continue;
    bool either =
        slopeOf(index, position) == (isMin ? Slope::Falling : Slope::Rising);
    if (chosen && either)
      continue;
    chosen = position;
    isEither = either;
  }
  if (!chosen)
    return std::nullopt;
  Symbol symbol = symbols[*chosen];
  Index first = substitute(index, *chosen, symbol.lhs);
  Index second = substitute(index, *chosen, symbol.rhs);
  if (isEither)
    return isNonNegative(first, budget) || isNonNegative(second, budget);
  return isNonNegative(first, budget) && isNonNegative(second, budget);
}

/// Of a term k * (e floordiv c) or k * (e mod c); nullopt if there is none.
std::optional<bool> IndexMath::byQuotient(Index index, unsigned &budget) {
  Index rest = index;
  while (rest) {
    auto sum = dyn_cast<AffineBinaryOpExpr>(rest);
    bool isSum = sum && sum.getKind() == AffineExprKind::Add;
    Index term = isSum ? sum.getRHS() : rest;
    rest = isSum ? sum.getLHS() : Index();
    auto product = dyn_cast<AffineBinaryOpExpr>(term);
    auto factor = product && product.getKind() == AffineExprKind::Mul
                      ? constantOf(product.getRHS())
                      : std::nullopt;
    Index atom = factor ? product.getLHS() : term;
    int64_t k = factor.value_or(1);
    auto quotient = dyn_cast<AffineBinaryOpExpr>(atom);
    auto divisor = quotient ? constantOf(quotient.getRHS()) : std::nullopt;
    if (!divisor || *divisor <= 0 || k == 0)
      continue;
    Index others = sub(index, term), dividend = quotient.getLHS();
    if (quotient.getKind() == AffineExprKind::Mod) {
      Index least = constant(k > 0 ? 0 : *divisor - 1);
      return isNonNegative(add(others, mul(least, k)), budget);
    }
    if (quotient.getKind() == AffineExprKind::CeilDiv)
      dividend = add(dividend, *divisor - 1);
    else if (quotient.getKind() != AffineExprKind::FloorDiv)
      continue;
    // c * floor(e / c) is from e - (c - 1) to e; and an integer that is more
    // than -1 is not negative.
    if (k > 0)
      dividend = add(dividend, 1 - *divisor);
    Index scaled = add(mul(others, *divisor), mul(dividend, k));
    return isNonNegative(add(scaled, *divisor - 1), budget);
  }
  return std::nullopt;
}

/// At that end of a symbol's range where the index, linear in it, is least.
bool IndexMath::bySlope(Index index, unsigned &budget) {
  for (unsigned position : positionsIn(index)) {
    if (degreeOf(index, position) != 1u)
      continue;
    Symbol symbol = symbols[position];
    Index at0 = substitute(index, position, constant(0));
    Index at1 = substitute(index, position, constant(1));
    Index slope = at0 && at1 ? sub(at1, at0) : Index();
    if (!slope)
      continue;
    if (isNonNegative(slope, budget))
      return isNonNegative(
          substitute(index, position, constant(symbol.range.min)), budget);
    if (!isNonNegative(mul(slope, -1), budget))
      continue;
    if (isNonNegative(substitute(index, position, constant(symbol.range.max)),
                      budget))
      return true;
    // A quotient is at most the dividend by the least divisor.
    if (symbol.kind != Kind::FloorDiv || rangeOf(symbol.lhs).min < 0 ||
        rangeOf(symbol.rhs).min < 1)
      return false;
    Index most = floorDiv(symbol.lhs, rangeOf(symbol.rhs).min);
    return isNonNegative(substitute(index, position, most), budget);
  }
  return false;
}

bool IndexMath::isNonNegative(Index index, unsigned &budget) {
  if (!index || budget == 0)
    return false;
  --budget;
  IndexRange range = rangeOf(index);
  if (range.min >= 0)
    return true;
  if (range.max < 0)
    return false;
  if (auto known = byExtreme(index, budget))
    return *known;
  if (auto known = byQuotient(index, budget))
    return *known;
  return bySlope(index, budget);
}

bool IndexMath::isAtMost(Index lhs, Index rhs) {
  if (!lhs || !rhs)
    return false;
  if (lhs == rhs || rangeOf(lhs).max <= rangeOf(rhs).min)
    return true;
  if (rangeOf(lhs).min > rangeOf(rhs).max)
    return false;
  Index difference = sub(resolve(rhs), resolve(lhs));
  unsigned budget = kMaxSteps;
  if (isNonNegative(difference, budget))
    return true;
  return llvm::any_of(facts, [&](Index fact) {
    unsigned budget = kMaxSteps;
    return isNonNegative(sub(difference, fact), budget);
  });
}

//===----------------------------------------------------------------------===//
// Minima and maxima
//===----------------------------------------------------------------------===//

/// A total order that does not depend on where things are in memory: symbols as
/// they were made, then expressions, then constants.
static int compare(Index lhs, Index rhs) {
  if (lhs == rhs)
    return 0;
  auto rank = [](Index index) {
    if (isa<AffineSymbolExpr>(index))
      return 0;
    return isa<AffineBinaryOpExpr>(index)
               ? 1 + static_cast<int>(index.getKind())
               : 100;
  };
  if (int order = rank(lhs) - rank(rhs))
    return order;
  if (auto symbol = dyn_cast<AffineSymbolExpr>(lhs))
    return symbol.getPosition() < cast<AffineSymbolExpr>(rhs).getPosition() ? -1
                                                                            : 1;
  if (auto binary = dyn_cast<AffineBinaryOpExpr>(lhs)) {
    auto other = cast<AffineBinaryOpExpr>(rhs);
    if (int order = compare(binary.getLHS(), other.getLHS()))
      return order;
    return compare(binary.getRHS(), other.getRHS());
  }
  return *constantOf(lhs) < *constantOf(rhs) ? -1 : 1;
}

/// min(min(a, b) + 1, c) has the operands a + 1, b + 1 and c.
void IndexMath::addOperands(Kind kind, Index index, int64_t offset,
                            SmallVectorImpl<Operand> &operands) {
  auto sum = dyn_cast<AffineBinaryOpExpr>(index);
  auto constant = sum && sum.getKind() == AffineExprKind::Add
                      ? constantOf(sum.getRHS())
                      : std::nullopt;
  Index base = constant ? sum.getLHS() : index;
  int64_t moved = offset + constant.value_or(0);
  auto symbol = dyn_cast<AffineSymbolExpr>(base);
  if (symbol && symbols[symbol.getPosition()].kind == kind &&
      operands.size() + 2 <= kMaxOperands) {
    Symbol inner = symbols[symbol.getPosition()];
    addOperands(kind, inner.lhs, moved, operands);
    addOperands(kind, inner.rhs, moved, operands);
    return;
  }
  operands.push_back({base, moved});
}

/// The same symbol whatever the order in which the operands come, where they
/// all grow by one constant, and with operands that do not count.
Index IndexMath::extreme(Kind kind, Index lhs, Index rhs) {
  if (!lhs || !rhs)
    return {};
  bool isMin = kind == Kind::Min;
  if (isAtMost(lhs, rhs))
    return isMin ? lhs : rhs;
  if (isAtMost(rhs, lhs))
    return isMin ? rhs : lhs;
  SmallVector<Operand> operands;
  addOperands(kind, lhs, 0, operands);
  addOperands(kind, rhs, 0, operands);
  for (size_t i = 0; i < operands.size();) {
    Index value = add(operands[i].base, operands[i].offset);
    bool isRedundant = false;
    for (size_t j = 0; j < operands.size() && !isRedundant; ++j) {
      Index other = add(operands[j].base, operands[j].offset);
      isRedundant =
          i != j && (isMin ? isAtMost(other, value) : isAtMost(value, other));
    }
    if (isRedundant)
      operands.erase(operands.begin() + i);
    else
      ++i;
  }
  llvm::sort(operands, [](const Operand &a, const Operand &b) {
    int order = compare(a.base, b.base);
    return order ? order < 0 : a.offset < b.offset;
  });
  int64_t shift =
      constantOf(operands.front().base) ? 0 : operands.front().offset;
  Index result;
  for (const Operand &operand : operands) {
    Index value = add(operand.base, operand.offset - shift);
    if (!value)
      return {};
    if (!result) {
      result = value;
      continue;
    }
    IndexRange a = rangeOf(result), b = rangeOf(value);
    IndexRange range =
        isMin ? IndexRange{std::min(a.min, b.min), std::min(a.max, b.max)}
              : IndexRange{std::max(a.min, b.min), std::max(a.max, b.max)};
    result = symbol(kind, result, value, range);
  }
  return add(result, shift);
}

Index IndexMath::min(Index lhs, Index rhs) {
  return extreme(Kind::Min, lhs, rhs);
}

Index IndexMath::max(Index lhs, Index rhs) {
  return extreme(Kind::Max, lhs, rhs);
}

//===----------------------------------------------------------------------===//
// Equality that calls have to keep to
//===----------------------------------------------------------------------===//

Index IndexMath::representative(Index index) {
  while (Index next = equals.lookup(index))
    index = next;
  return index;
}

Index IndexMath::resolve(Index index) {
  if (!someEqual || !index)
    return index;
  for (unsigned position : positionsIn(index))
    if (symbols[position].equal)
      if (Index next = substitute(index, position, symbols[position].equal))
        return resolve(next);
  return index;
}

/// A minimum that is the same as one operand says that the other is not less;
/// so other minima may turn out to be one of their operands.
void IndexMath::learnFrom(unsigned position) {
  Symbol symbol = symbols[position];
  bool isMin = symbol.kind == Kind::Min;
  if ((!isMin && symbol.kind != Kind::Max) || facts.size() == kMaxFacts ||
      (symbol.equal != symbol.lhs && symbol.equal != symbol.rhs))
    return;
  Index other = symbol.equal == symbol.lhs ? symbol.rhs : symbol.lhs;
  Index fact = isMin ? sub(other, symbol.equal) : sub(symbol.equal, other);
  if (!fact)
    return;
  facts.push_back(fact);
  for (size_t i = 0, e = std::min(symbols.size(), kMaxLearning); i < e; ++i) {
    Symbol open = symbols[i];
    if ((open.kind != Kind::Min && open.kind != Kind::Max) || open.equal)
      continue;
    bool isLess = isAtMost(open.lhs, open.rhs);
    if (!isLess && !isAtMost(open.rhs, open.lhs))
      continue;
    Index equal = isLess == (open.kind == Kind::Min) ? open.lhs : open.rhs;
    if (!constantOf(equal))
      symbols[i].equal = equal;
  }
}

void IndexMath::setEqual(Index lhs, Index rhs) {
  lhs = representative(resolve(lhs));
  rhs = representative(resolve(rhs));
  if (lhs == rhs)
    return;
  // The plainer one stands for both.
  if (!constantOf(lhs) && (constantOf(rhs) || compare(rhs, lhs) < 0))
    std::swap(lhs, rhs);
  equals[rhs] = lhs;
  // In a branch that holds for the calls that take it only.
  if (blocks.size() > 1) {
    blocks.back().equal.push_back(rhs);
    return;
  }
  // The later symbol becomes the earlier ones.
  for (auto [from, to] : {std::pair(rhs, lhs), std::pair(lhs, rhs)}) {
    auto symbol = dyn_cast<AffineSymbolExpr>(from);
    auto others = positionsIn(to);
    if (!symbol || others.empty() || others.front() >= symbol.getPosition())
      continue;
    symbols[symbol.getPosition()].equal = to;
    someEqual = true;
    learnFrom(symbol.getPosition());
    return;
  }
}

bool IndexMath::areEqual(Index lhs, Index rhs) {
  return lhs == rhs ||
         representative(resolve(lhs)) == representative(resolve(rhs));
}
