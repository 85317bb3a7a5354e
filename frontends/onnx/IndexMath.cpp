//===- IndexMath.cpp - Extents and shape arithmetic -----------------------===//

#include "frontends/onnx/IndexMath.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace msc::onnx;

static constexpr double kMaxMagnitude = IndexRange::kMax;

std::optional<int64_t> msc::onnx::constantOf(Index index) {
  if (auto constant = dyn_cast_or_null<AffineConstantExpr>(index))
    return constant.getValue();
  return std::nullopt;
}

void IndexMath::measure(Index index, unsigned &nodes, double &magnitude) {
  ++nodes;
  if (auto constant = constantOf(index)) {
    magnitude = std::abs(static_cast<double>(*constant));
    return;
  }
  magnitude = 1;
  auto binary = dyn_cast<AffineBinaryOpExpr>(index);
  if (!binary)
    return;
  double lhs, rhs;
  measure(binary.getLHS(), nodes, lhs);
  measure(binary.getRHS(), nodes, rhs);
  magnitude = binary.getKind() == AffineExprKind::Mul   ? lhs * rhs
              : binary.getKind() == AffineExprKind::Add ? lhs + rhs
                                                        : lhs;
}

double IndexMath::magnitudeOf(Index index) {
  unsigned nodes = 0;
  double magnitude;
  measure(index, nodes, magnitude);
  return magnitude;
}

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

static int64_t saturate(double value) {
  constexpr double kMax = IndexRange::kMax;
  return static_cast<int64_t>(std::clamp(value, -kMax, kMax));
}

IndexRange IndexMath::rangeOf(Index index) {
  if (auto constant = constantOf(index))
    return {*constant, *constant};
  if (auto symbol = dyn_cast<AffineSymbolExpr>(index))
    return symbols[symbol.getPosition()].range;
  auto binary = cast<AffineBinaryOpExpr>(index);
  IndexRange lhs = rangeOf(binary.getLHS()), rhs = rangeOf(binary.getRHS());
  // Doubles, since they saturate; they are exact below kMax.
  double a = lhs.min, b = lhs.max, c = rhs.min, d = rhs.max;
  switch (binary.getKind()) {
  case AffineExprKind::Add:
    return {saturate(a + c), saturate(b + d)};
  case AffineExprKind::Mul: {
    auto [low, high] = std::minmax({a * c, a * d, b * c, b * d});
    return {saturate(low), saturate(high)};
  }
  case AffineExprKind::FloorDiv:
  case AffineExprKind::CeilDiv:
    if (c == d && c > 0) {
      bool down = binary.getKind() == AffineExprKind::FloorDiv;
      return {saturate(down ? std::floor(a / c) : std::ceil(a / c)),
              saturate(down ? std::floor(b / c) : std::ceil(b / c))};
    }
    break;
  case AffineExprKind::Mod:
    if (c == d && c > 0)
      return {0, saturate(c - 1)};
    break;
  default:
    break;
  }
  return {-IndexRange::kMax, IndexRange::kMax};
}

bool IndexMath::requireNonNegative(Index index) {
  if (!index)
    return false;
  if (rangeOf(index).min >= 0)
    return true;
  llvm::SmallDenseSet<unsigned> positions;
  index.walk([&](AffineExpr expr) {
    if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
      positions.insert(symbol.getPosition());
  });
  if (positions.size() != 1)
    return false;
  Symbol &symbol = symbols[*positions.begin()];
  if (symbol.kind != Kind::Dim)
    return false;
  // The least extent from which on the index' lower bound is not negative.
  int64_t given = symbol.range.min, low = given, high = symbol.range.max;
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    symbol.range.min = middle;
    if (rangeOf(index).min >= 0)
      high = middle;
    else
      low = middle + 1;
  }
  symbol.range.min = low;
  if (rangeOf(index).min >= 0)
    return true;
  symbol.range.min = given;
  return false;
}

std::vector<std::pair<std::string, IndexRange>> IndexMath::getDims() const {
  std::vector<std::pair<std::string, IndexRange>> dims;
  for (const Symbol &symbol : symbols)
    if (symbol.kind == Kind::Dim)
      dims.emplace_back(symbol.name, symbol.range);
  return dims;
}

//===----------------------------------------------------------------------===//
// What is decided at run time
//===----------------------------------------------------------------------===//

bool IndexMath::isFirstDecision(Index lhs, Index rhs) {
  for (const Scope &scope : blocks)
    if (scope.decided.contains({lhs, rhs}) ||
        scope.decided.contains({rhs, lhs}))
      return false;
  if (!blocks.empty())
    blocks.back().decided.insert({lhs, rhs});
  return true;
}

void IndexMath::leaveBlock() {
  for (Index index : llvm::reverse(blocks.back().equal))
    equals.erase(index);
  blocks.pop_back();
}

/// The dims that decide an index; false if something else does too.
bool IndexMath::collectDims(Index index, llvm::SmallDenseSet<unsigned> &dims) {
  SmallVector<Index> worklist{index};
  llvm::SmallDenseSet<unsigned> seen;
  bool isDecided = true;
  while (!worklist.empty())
    worklist.pop_back_val().walk([&](AffineExpr expr) {
      auto reference = dyn_cast<AffineSymbolExpr>(expr);
      if (!reference || !seen.insert(reference.getPosition()).second)
        return;
      const Symbol &symbol = symbols[reference.getPosition()];
      if (symbol.kind == Kind::Dim)
        dims.insert(reference.getPosition());
      else if (symbol.kind == Kind::Value || symbol.kind == Kind::Content)
        isDecided = false;
      else
        worklist.append({symbol.lhs, symbol.rhs});
    });
  return isDecided;
}

bool IndexMath::dependOnSameDims(Index lhs, Index rhs) {
  llvm::SmallDenseSet<unsigned> ofLhs, ofRhs;
  return collectDims(lhs, ofLhs) && collectDims(rhs, ofRhs) &&
         !ofLhs.empty() && ofLhs == ofRhs;
}

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

Index IndexMath::constant(int64_t value) {
  return getAffineConstantExpr(value, context);
}

Index IndexMath::dim(Value argument, int64_t dim, StringRef name,
                     IndexRange range) {
  Symbol entry{Kind::Dim, name.str(), argument, dim, {}, {}, range, {}, 0};
  symbols.push_back(entry);
  return getAffineSymbolExpr(symbols.size() - 1, context);
}

Index IndexMath::value(Value value, IndexRange range) {
  symbols.push_back({Kind::Value, "", {}, 0, {}, {}, range, value, getDepth()});
  return getAffineSymbolExpr(symbols.size() - 1, context);
}

Index IndexMath::content(Value argument, StringRef name, IndexRange range) {
  symbols.push_back(
      {Kind::Content, name.str(), argument, 0, {}, {}, range, {}, 0, true});
  return getAffineSymbolExpr(symbols.size() - 1, context);
}

bool IndexMath::dependsOnContents(Index index) {
  return llvm::any_of(positionsIn(index), [&](unsigned position) {
    return symbols[position].isOfContents;
  });
}

unsigned IndexMath::depthOf(Index index) {
  unsigned depth = 0;
  index.walk([&](AffineExpr expr) {
    if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
      depth = std::max(depth, symbols[symbol.getPosition()].depth);
  });
  return depth;
}

Index IndexMath::symbol(Kind kind, Index lhs, Index rhs, IndexRange range) {
  Index &entry = derived[{static_cast<int>(kind), lhs, rhs}];
  if (!entry) {
    symbols.push_back({kind,
                       "",
                       {},
                       0,
                       lhs,
                       rhs,
                       range,
                       {},
                       std::max(depthOf(lhs), depthOf(rhs)),
                       dependsOnContents(lhs) || dependsOnContents(rhs)});
    entry = getAffineSymbolExpr(symbols.size() - 1, context);
  }
  return entry;
}

Index IndexMath::finish(Index index) {
  index = simplifyAffineExpr(index, 0, symbols.size());
  // Not to a constant: ops infer `?` where extents are of a dim.
  if (Index resolved = resolve(index); !constantOf(resolved))
    index = resolved;
  unsigned nodes = 0;
  double magnitude;
  measure(index, nodes, magnitude);
  if (magnitude > kMaxMagnitude)
    return {};
  if (nodes > kMaxNodes)
    return symbol(Kind::Large, index, index, rangeOf(index));
  return index;
}

Index IndexMath::add(Index lhs, Index rhs) {
  if (!lhs || !rhs || magnitudeOf(lhs) + magnitudeOf(rhs) > kMaxMagnitude)
    return {};
  return finish(lhs + rhs);
}

Index IndexMath::sub(Index lhs, Index rhs) { return add(lhs, mul(rhs, -1)); }

Index IndexMath::mul(Index lhs, Index rhs) {
  if (!lhs || !rhs || magnitudeOf(lhs) * magnitudeOf(rhs) > kMaxMagnitude)
    return {};
  return finish(lhs * rhs);
}

/// The terms of a sum.
static void collectTerms(Index index, Shape &terms) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(index);
  if (binary && binary.getKind() == AffineExprKind::Add) {
    collectTerms(binary.getLHS(), terms);
    collectTerms(binary.getRHS(), terms);
    return;
  }
  terms.push_back(index);
}

/// The factors of a product, constants aside, which are multiplied; false if
/// they grow too large.
static bool collectFactors(Index index, Shape &factors, int64_t &constants) {
  if (auto value = constantOf(index)) {
    if (std::abs(static_cast<double>(constants) * *value) > kMaxMagnitude)
      return false;
    constants *= *value;
    return true;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(index);
  if (binary && binary.getKind() == AffineExprKind::Mul)
    return collectFactors(binary.getLHS(), factors, constants) &&
           collectFactors(binary.getRHS(), factors, constants);
  factors.push_back(index);
  return true;
}

/// term / divisor, if the divisor's factors are among the term's.
std::optional<Index> IndexMath::divideTerm(Index term, Index divisor) {
  Shape above, below;
  int64_t factor = 1, constant = 1;
  if (!collectFactors(term, above, factor) ||
      !collectFactors(divisor, below, constant) || factor % constant != 0)
    return std::nullopt;
  for (Index index : below) {
    auto *it = llvm::find(above, index);
    if (it == above.end())
      return std::nullopt;
    above.erase(it);
  }
  return mul(product(above), factor / constant);
}

Index IndexMath::floorDiv(Index lhs, Index rhs) {
  if (!lhs || !rhs)
    return {};
  if (lhs == rhs)
    return constant(1);
  auto divisor = constantOf(rhs);
  if (divisor && *divisor <= 0)
    return {};
  if (divisor) {
    // a / b / c is a / (b * c).
    auto inner = dyn_cast<AffineBinaryOpExpr>(lhs);
    auto before = inner && inner.getKind() == AffineExprKind::FloorDiv
                      ? constantOf(inner.getRHS())
                      : std::nullopt;
    if (before && static_cast<double>(*before) * *divisor <= kMaxMagnitude)
      return floorDiv(inner.getLHS(), *before * *divisor);
    return finish(lhs.floorDiv(*divisor));
  }
  if (rangeOf(rhs).min > 0) {
    if (isAtMost(constant(0), lhs) && isAtMost(add(lhs, 1), rhs))
      return constant(0);
    if (isAtMost(lhs, constant(-1)) && isAtMost(mul(rhs, -1), lhs))
      return constant(-1);
    // What the divisor divides goes ahead: (n * m + k) / n is m + k / n.
    Shape terms;
    collectTerms(lhs, terms);
    Index whole = constant(0), rest = constant(0);
    for (Index term : terms) {
      auto part = divideTerm(term, rhs);
      if (part)
        whole = add(whole, *part);
      else
        rest = add(rest, term);
    }
    if (rest && whole && whole != constant(0))
      return add(whole, floorDiv(rest, rhs));
    if (auto symbol = dyn_cast<AffineSymbolExpr>(lhs)) {
      Symbol inner = symbols[symbol.getPosition()];
      if (inner.kind == Kind::FloorDiv && rangeOf(inner.rhs).min > 0)
        if (Index both = mul(inner.rhs, rhs))
          return floorDiv(inner.lhs, both);
    }
  }
  IndexRange range = rangeOf(lhs);
  return symbol(Kind::FloorDiv, lhs, rhs,
                {std::min<int64_t>(range.min, 0), range.max});
}

Index IndexMath::ceilDiv(Index lhs, int64_t rhs) {
  return floorDiv(add(lhs, rhs - 1), rhs);
}

Index IndexMath::product(ArrayRef<Index> indices) {
  Index result = constant(1);
  for (Index index : indices)
    result = mul(result, index);
  return result;
}

Index IndexMath::quotient(ArrayRef<Index> numerator,
                          ArrayRef<Index> denominator) {
  Shape above, below;
  int64_t factor = 1, divisor = 1;
  // Products are taken apart first, so that a dim of one cancels in the other.
  for (Index index : numerator)
    if (!index || !collectFactors(index, above, factor))
      return {};
  for (Index index : denominator)
    if (!index || !collectFactors(index, below, divisor))
      return {};
  if (divisor <= 0)
    return {};
  Shape remaining;
  for (Index index : below) {
    auto *it = llvm::find(above, index);
    if (it == above.end())
      remaining.push_back(index);
    else
      above.erase(it);
  }
  int64_t common = std::gcd(factor, divisor);
  if (common > 1) {
    factor /= common;
    divisor /= common;
  }
  above.push_back(constant(factor));
  remaining.push_back(constant(divisor));
  // Nothing is divided by what turns out to be 0.
  return floorDiv(product(above), max(product(remaining), constant(1)));
}

//===----------------------------------------------------------------------===//
// Text and values
//===----------------------------------------------------------------------===//

StringRef IndexMath::nameOf(Index index) {
  if (auto expr = dyn_cast<AffineSymbolExpr>(index))
    if (const Symbol &symbol = symbols[expr.getPosition()];
        symbol.kind == Kind::Dim)
      return symbol.name;
  return "";
}

/// In quotes where the name of a dim reads like a formula: 'past + 1'.
static std::string quotedName(StringRef name) {
  auto isPlain = [](char c) {
    return llvm::isAlnum(c) || c == '_' || c == '.' || c == ':';
  };
  return llvm::all_of(name, isPlain) ? name.str() : "'" + name.str() + "'";
}

std::string IndexMath::uniqueNameOf(Index index) {
  StringRef name = nameOf(index);
  if (!name.empty())
    return name.str();
  std::string text = toString(index);
  if (StringRef(text).contains("..."))
    return "";
  if (text.front() == '(')
    text = text.substr(1, text.size() - 2);
  // A dim of the model may be called "past + 1" and be something else.
  for (const Symbol &symbol : symbols)
    if (symbol.kind == Kind::Dim && symbol.name == text)
      return "";
  return text;
}

std::string IndexMath::toString(Index index, unsigned depth) {
  if (depth == 0)
    return "...";
  --depth;
  if (auto constant = constantOf(index))
    return std::to_string(*constant);
  if (auto expr = dyn_cast<AffineSymbolExpr>(index)) {
    const Symbol &symbol = symbols[expr.getPosition()];
    switch (symbol.kind) {
    case Kind::Dim:
    case Kind::Content:
      return quotedName(symbol.name);
    case Kind::Min:
      return "min(" + toString(symbol.lhs, depth) + ", " +
             toString(symbol.rhs, depth) + ")";
    case Kind::Max:
      return "max(" + toString(symbol.lhs, depth) + ", " +
             toString(symbol.rhs, depth) + ")";
    case Kind::FloorDiv:
      return "(" + toString(symbol.lhs, depth) + " / " +
             toString(symbol.rhs, depth) + ")";
    case Kind::Value:
    case Kind::Large:
      return "...";
    }
  }
  auto binary = cast<AffineBinaryOpExpr>(index);
  auto constant = constantOf(binary.getRHS());
  if (binary.getKind() == AffineExprKind::Add && constant && *constant < 0)
    return "(" + toString(binary.getLHS(), depth) + " - " +
           std::to_string(-*constant) + ")";
  const char *name = binary.getKind() == AffineExprKind::Add   ? " + "
                     : binary.getKind() == AffineExprKind::Mul ? " * "
                     : binary.getKind() == AffineExprKind::Mod ? " mod "
                                                               : " / ";
  return "(" + toString(binary.getLHS(), depth) + name +
         toString(binary.getRHS(), depth) + ")";
}

Value IndexMath::materializeSymbol(OpBuilder &builder, Location loc,
                                   unsigned position) {
  // By position: the vector may grow while operands are made.
  if (Value value = symbols[position].value)
    return value;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(blocks[symbols[position].depth].block);
  Symbol symbol = symbols[position];
  Value value;
  if (symbol.kind == Kind::Dim) {
    builder.setInsertionPointToStart(symbol.argument.getParentBlock());
    value = tensor::DimOp::create(builder, symbol.argument.getLoc(),
                                  symbol.argument, symbol.dim);
  } else if (symbol.kind == Kind::Content) {
    builder.setInsertionPointToStart(symbol.argument.getParentBlock());
    Location at = symbol.argument.getLoc();
    value =
        tensor::ExtractOp::create(builder, at, symbol.argument, ValueRange{});
    value =
        arith::IndexCastOp::create(builder, at, builder.getIndexType(), value);
  } else {
    Value lhs = materializeValue(builder, loc, symbol.lhs);
    Value rhs = materializeValue(builder, loc, symbol.rhs);
    if (symbol.kind == Kind::Min)
      value = arith::MinSIOp::create(builder, loc, lhs, rhs);
    else if (symbol.kind == Kind::Max)
      value = arith::MaxSIOp::create(builder, loc, lhs, rhs);
    else if (symbol.kind == Kind::FloorDiv) {
      // Where the program never gets with such a divisor it is computed too.
      if (rangeOf(symbol.rhs).min < 1)
        rhs = arith::MaxSIOp::create(
            builder, loc, rhs, arith::ConstantIndexOp::create(builder, loc, 1));
      value = arith::FloorDivSIOp::create(builder, loc, lhs, rhs);
    }
    else {
      value = lhs;
    }
  }
  symbols[position].value = value;
  return value;
}

Value IndexMath::materializeValue(OpBuilder &builder, Location loc,
                                  Index index) {
  if (auto symbol = dyn_cast<AffineSymbolExpr>(index))
    return materializeSymbol(builder, loc, symbol.getPosition());
  if (Value value = values.lookup(index))
    return value;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(blocks[depthOf(index)].block);
  Value value;
  if (auto constant = constantOf(index)) {
    value = arith::ConstantIndexOp::create(builder, loc, *constant);
  } else {
    auto binary = cast<AffineBinaryOpExpr>(index);
    Value lhs = materializeValue(builder, loc, binary.getLHS());
    Value rhs = materializeValue(builder, loc, binary.getRHS());
    switch (binary.getKind()) {
    case AffineExprKind::Add:
      value = arith::AddIOp::create(builder, loc, lhs, rhs);
      break;
    case AffineExprKind::Mul:
      value = arith::MulIOp::create(builder, loc, lhs, rhs);
      break;
    case AffineExprKind::FloorDiv:
      value = arith::FloorDivSIOp::create(builder, loc, lhs, rhs);
      break;
    case AffineExprKind::CeilDiv:
      value = arith::CeilDivSIOp::create(builder, loc, lhs, rhs);
      break;
    default: {
      // Simplification makes these of floorDiv by a constant: a - a / c * c.
      Value quotient = arith::FloorDivSIOp::create(builder, loc, lhs, rhs);
      Value multiple = arith::MulIOp::create(builder, loc, quotient, rhs);
      value = arith::SubIOp::create(builder, loc, lhs, multiple);
      break;
    }
    }
  }
  values[index] = value;
  return value;
}

OpFoldResult IndexMath::materialize(OpBuilder &builder, Location loc,
                                    Index index) {
  if (auto constant = constantOf(index))
    return builder.getIndexAttr(*constant);
  return materializeValue(builder, loc, index);
}

SmallVector<OpFoldResult>
IndexMath::materialize(OpBuilder &builder, Location loc, ArrayRef<Index> list) {
  SmallVector<OpFoldResult> results;
  for (Index index : list)
    results.push_back(materialize(builder, loc, index));
  return results;
}
