//===- SizeFormula.cpp - sizes and offsets in the arena as closed formulas ===//

#include "codegen/plan/SizeFormula.h"

#include "codegen/plan/ExtentBound.h"
#include "codegen/plan/ExtentFormula.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace msc::codegen;

// More extents than these and proofs at corners would take too long.
static constexpr unsigned kMaxCornerExtents = 10;

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

BlockSum BlockSum::operator+(const BlockSum &other) const {
  BlockSum sum = *this;
  sum.constant += other.constant;
  sum.counts.resize(std::max(counts.size(), other.counts.size()));
  for (auto [number, count] : llvm::enumerate(other.counts))
    sum.counts[number] += count;
  return sum;
}

bool BlockSum::operator==(const BlockSum &other) const {
  BlockSum a = *this, b = other;
  a.counts.resize(std::max(counts.size(), other.counts.size()));
  b.counts.resize(a.counts.size());
  return a.constant == b.constant && a.counts == b.counts;
}

bool BlockSum::isConstant() const {
  return llvm::all_of(counts, [](int64_t count) { return count == 0; });
}

//===----------------------------------------------------------------------===//
// Extents
//===----------------------------------------------------------------------===//

// Without a range a dim may be anything; planning for the greatest of that
// would only compare astronomical numbers.
static constexpr int64_t kModerateExtent = 65536, kTypicalExtent = 256;

int64_t CallExtent::getTypical() const {
  return max <= kModerateExtent ? max : std::max(min, kTypicalExtent);
}

unsigned SizeFormulas::getExtent(Value arg, std::optional<int64_t> dim) {
  std::string name = getExtentName(function, cast<BlockArgument>(arg), dim);
  for (auto [index, extent] : llvm::enumerate(extents))
    if (extent.name == name)
      return index;
  CallExtent extent{arg, dim, name, 1, defaultMax};
  // The caller does not choose the extents of results.
  extent.isBounded = !function.getArgAttr(
      cast<BlockArgument>(arg).getArgNumber(), "plan.result");
  auto module = function->getParentOfType<ModuleOp>();
  if (auto ranges = module->getAttrOfType<DictionaryAttr>("graph.dim_ranges"))
    if (auto range = ranges.getAs<ArrayAttr>(name);
        range && range.size() == 2) {
      extent.min = cast<IntegerAttr>(range[0]).getInt();
      extent.max = cast<IntegerAttr>(range[1]).getInt();
      extent.isBounded = true;
    }
  extents.push_back(extent);
  return extents.size() - 1;
}

unsigned SizeFormulas::getFormula(Value size) {
  for (auto [index, extent] : llvm::enumerate(extents))
    if (extent.isFormula && extent.value == size)
      return index;
  walkExtents(size, [&](BlockArgument arg, std::optional<int64_t> dim) {
    (void)getExtent(arg, dim);
  });
  CallExtent formula{size, std::nullopt,
                     "formula" + std::to_string(extents.size()), 0, INT64_MAX};
  formula.isFormula = true;
  formula.isBounded = false;
  extents.push_back(formula);
  return extents.size() - 1;
}

SmallVector<int64_t>
SizeFormulas::getValues(function_ref<int64_t(const CallExtent &)> get) const {
  SmallVector<int64_t> values;
  for (const CallExtent &extent : extents)
    values.push_back(get(extent));
  return values;
}

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

// Sizes are products of extents and may exceed any integer. What has reached
// this proves nothing.
static constexpr __int128 kHuge = (__int128)1 << 120;

static __int128 clamp(__int128 value) {
  return std::max(-kHuge, std::min(kHuge, value));
}

static __int128 multiply(__int128 a, __int128 b) {
  __int128 product;
  if (__builtin_mul_overflow(a, b, &product))
    return (a < 0) == (b < 0) ? kHuge : -kHuge;
  return clamp(product);
}

__int128 SizeFormulas::evaluate(AffineExpr expr,
                                ArrayRef<int64_t> values) const {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return values[symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  __int128 lhs = evaluate(binary.getLHS(), values);
  __int128 rhs = evaluate(binary.getRHS(), values);
  if (expr.getKind() == AffineExprKind::Add)
    return clamp(lhs + rhs);
  if (expr.getKind() == AffineExprKind::Mul)
    return multiply(lhs, rhs);
  __int128 quotient = lhs / rhs, remainder = lhs % rhs;
  if (remainder < 0) { // floor
    remainder += rhs;
    --quotient;
  }
  if (expr.getKind() == AffineExprKind::Mod)
    return remainder;
  return quotient + (expr.getKind() == AffineExprKind::CeilDiv && remainder);
}

// The greatest power of one symbol in `expr`; 2 also stands for what is no
// polynomial. Degree 1 in each symbol is what makes extremes lie at corners.
static unsigned getDegree(AffineExpr expr, unsigned symbol) {
  if (auto other = dyn_cast<AffineSymbolExpr>(expr))
    return other.getPosition() == symbol;
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return 0;
  unsigned lhs = getDegree(binary.getLHS(), symbol);
  unsigned rhs = getDegree(binary.getRHS(), symbol);
  if (expr.getKind() == AffineExprKind::Add)
    return std::max(lhs, rhs);
  if (expr.getKind() == AffineExprKind::Mul)
    return lhs + rhs;
  return lhs + rhs ? 2 : 0;
}

__int128 SizeFormulas::evaluate(const BlockSum &sum,
                                ArrayRef<int64_t> values) const {
  __int128 total = sum.constant;
  for (auto [number, count] : llvm::enumerate(sum.counts)) {
    if (!count)
      continue;
    __int128 blocks = 0;
    if (sizes[number].bytes)
      blocks = (evaluate(sizes[number].bytes, values) + kBlockBytes - 1) /
               kBlockBytes;
    for (const BlockSum &other : sizes[number].sums)
      blocks = std::max(blocks, evaluate(other, values));
    total = clamp(total + multiply(count, blocks));
  }
  return total;
}

int64_t SizeFormulas::evaluateTypical(const BlockSum &sum) const {
  __int128 total = evaluate(
      sum, getValues([](const CallExtent &e) { return e.getTypical(); }));
  return int64_t(std::min<__int128>(total, INT64_MAX));
}

static constexpr __int128 kMaxBytes = (__int128)1 << 62;

bool SizeFormulas::mayOverflow(const BlockSum &sum) const {
  if (sum.isConstant())
    return false;
  // Extents of results are computed, perhaps from many others.
  bool isBounded = llvm::all_of(
      extents, [](const CallExtent &extent) { return extent.isBounded; });
  return !isBounded ||
         evaluate(sum, getValues([](const CallExtent &e) { return e.max; })) >=
             kMaxBytes / kBlockBytes;
}

//===----------------------------------------------------------------------===//
// Sizes and their order
//===----------------------------------------------------------------------===//

FailureOr<BlockSum> SizeFormulas::getBlocks(memref::AllocOp alloc) {
  MemRefType type = alloc.getType();
  Type element = type.getElementType();
  __int128 elementBytes =
      element.isIndex() ? 8
                        : llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  for (int64_t extent : type.getShape())
    if (!ShapedType::isDynamic(extent))
      elementBytes = multiply(elementBytes, extent);
  if (elementBytes >= kMaxBytes)
    return alloc.emitError("expected a buffer of fewer than 2^62 bytes");
  BlockSum blocks;
  if (type.hasStaticShape()) {
    blocks.constant = llvm::divideCeil(int64_t(elementBytes), kBlockBytes);
    return blocks;
  }

  MLIRContext *context = alloc.getContext();
  AffineExpr bytes = getAffineConstantExpr(int64_t(elementBytes), context);
  auto isArgument = [&](Value value, std::optional<int64_t>,
                        ValueBoundsConstraintSet &) {
    auto arg = dyn_cast<BlockArgument>(value);
    return arg && arg.getOwner() == &function.front();
  };
  for (Value size : alloc.getDynamicSizes()) {
    AffineMap map;
    ValueDimList operands;
    auto computeBound = [&](presburger::BoundType type) {
      return ValueBoundsConstraintSet::computeBound(
          map, operands, type, ValueBoundsConstraintSet::Variable(size),
          isArgument, /*closedUB=*/true);
    };
    if (failed(computeBound(presburger::BoundType::EQ))) {
      // Of what the data decide, the formula that bounds it.
      if (Value formula = getExtentBound(size, function)) {
        bytes = bytes * getAffineSymbolExpr(getFormula(formula), context);
        continue;
      }
      // What a branch or the number of an iteration decides has its place by
      // the greatest size.
      if (failed(computeBound(presburger::BoundType::UB)) ||
          map.getNumResults() != 1)
        return alloc.emitError("expected a size that is a closed formula in "
                               "the function's arguments, or has one as bound");
    }
    SmallVector<AffineExpr> dims, symbols;
    for (auto [number, operand] : llvm::enumerate(operands))
      (number < map.getNumDims() ? dims : symbols)
          .push_back(getAffineSymbolExpr(
              getExtent(operand.first, operand.second), context));
    bytes = bytes * map.getResult(0).replaceDimsAndSymbols(dims, symbols);
  }
  return getTerm({bytes, {}});
}

BlockSum SizeFormulas::getTerm(Size size) {
  unsigned number = 0;
  while (number < sizes.size() &&
         (sizes[number].bytes != size.bytes || sizes[number].sums != size.sums))
    ++number;
  if (number == sizes.size())
    sizes.push_back(std::move(size));
  BlockSum term;
  term.counts.resize(number + 1);
  term.counts[number] = 1;
  return term;
}

BlockSum SizeFormulas::getGreatest(ArrayRef<BlockSum> sums) {
  SmallVector<BlockSum> greatest;
  for (const BlockSum &sum : sums) {
    auto isAtMostOther = [&](const BlockSum &other) {
      return isAtMost(sum, other);
    };
    if (llvm::any_of(greatest, isAtMostOther))
      continue;
    llvm::erase_if(greatest,
                   [&](const BlockSum &other) { return isAtMost(other, sum); });
    greatest.push_back(sum);
  }
  return greatest.size() == 1 ? greatest.front() : getTerm({{}, greatest});
}

// b - a >= 0 everywhere. Common terms cancel exactly; of the others, with
// 64 * blocks in [bytes, bytes + 63], a lower bound is multilinear in the
// extents and so least at a corner of their ranges.
bool SizeFormulas::isAtMost(const BlockSum &a, const BlockSum &b) const {
  BlockSum difference = b;
  difference.counts.resize(std::max(a.counts.size(), b.counts.size()));
  difference.constant -= a.constant;
  for (auto [number, count] : llvm::enumerate(a.counts))
    difference.counts[number] -= count;
  auto isNegative = [](int64_t count) { return count < 0; };
  if (difference.constant >= 0 && llvm::none_of(difference.counts, isNegative))
    return true;
  if (difference.isConstant())
    return false;

  __int128 slack = 64 * (__int128)difference.constant;
  SmallVector<unsigned> varying;
  for (auto [number, count] : llvm::enumerate(difference.counts)) {
    if (!count)
      continue;
    if (!sizes[number].bytes)
      return false;
    for (auto [position, extent] : llvm::enumerate(extents)) {
      unsigned degree = getDegree(sizes[number].bytes, position);
      if (degree > 1 || (degree && !extent.isBounded))
        return false;
      if (degree && !llvm::is_contained(varying, position))
        varying.push_back(position);
    }
    if (count < 0)
      slack += (__int128)count * (kBlockBytes - 1);
  }
  if (varying.size() > kMaxCornerExtents)
    return false;
  SmallVector<int64_t> values =
      getValues([](const CallExtent &extent) { return extent.min; });
  for (unsigned corner = 0; corner < 1u << varying.size(); ++corner) {
    for (auto [bit, position] : llvm::enumerate(varying))
      values[position] =
          corner >> bit & 1 ? extents[position].max : extents[position].min;
    __int128 least = slack;
    for (auto [number, count] : llvm::enumerate(difference.counts)) {
      if (!count)
        continue;
      __int128 term = multiply(count, evaluate(sizes[number].bytes, values));
      if (term <= -kHuge || term >= kHuge)
        return false;
      least = clamp(least + term);
    }
    if (least < 0)
      return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// As IR
//===----------------------------------------------------------------------===//

Value SizeFormulas::emitBlocks(OpBuilder &builder, Location loc,
                               const BlockSum &sum,
                               ValueRange extentValues) const {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  Value total = constant(sum.constant);
  for (auto [number, count] : llvm::enumerate(sum.counts)) {
    if (!count)
      continue;
    Value blocks;
    if (sizes[number].bytes) {
      Value bytes = affine::expandAffineExpr(builder, loc, sizes[number].bytes,
                                             /*dimValues=*/{}, extentValues);
      blocks = arith::CeilDivUIOp::create(builder, loc, bytes,
                                          constant(kBlockBytes));
    }
    for (const BlockSum &other : sizes[number].sums) {
      Value value = emitBlocks(builder, loc, other, extentValues);
      blocks =
          blocks
              ? arith::MaxUIOp::create(builder, loc, blocks, value).getResult()
              : value;
    }
    if (count != 1)
      blocks = arith::MulIOp::create(builder, loc, blocks, constant(count));
    total = arith::AddIOp::create(builder, loc, total, blocks);
  }
  return total;
}

Value SizeFormulas::emitBytes(OpBuilder &builder, Location loc,
                              const BlockSum &sum,
                              ValueRange extentValues) const {
  if (sum.isConstant())
    return arith::ConstantIndexOp::create(builder, loc,
                                          sum.constant * kBlockBytes);
  Value blocks = emitBlocks(builder, loc, sum, extentValues);
  return arith::MulIOp::create(
      builder, loc, blocks,
      arith::ConstantIndexOp::create(builder, loc, kBlockBytes));
}

static Value emitDouble(OpBuilder &builder, Location loc, double value) {
  return arith::ConstantOp::create(builder, loc,
                                   builder.getF64FloatAttr(value));
}

// Differences count as sums and quotients are rounded up.
Value SizeFormulas::emitMagnitude(OpBuilder &builder, Location loc,
                                  AffineExpr expr,
                                  ValueRange extentValues) const {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return emitDouble(builder, loc, std::abs(double(constant.getValue())));
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr)) {
    Value extent = arith::IndexCastOp::create(
        builder, loc, builder.getI64Type(), extentValues[symbol.getPosition()]);
    // A negative one is an error that the runtime has seen before.
    return arith::UIToFPOp::create(builder, loc, builder.getF64Type(), extent);
  }
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Value lhs = emitMagnitude(builder, loc, binary.getLHS(), extentValues);
  if (expr.getKind() == AffineExprKind::Mod)
    return lhs;
  Value rhs = emitMagnitude(builder, loc, binary.getRHS(), extentValues);
  if (expr.getKind() == AffineExprKind::Add)
    return arith::AddFOp::create(builder, loc, lhs, rhs);
  if (expr.getKind() == AffineExprKind::Mul)
    return arith::MulFOp::create(builder, loc, lhs, rhs);
  lhs = arith::DivFOp::create(builder, loc, lhs, rhs);
  return arith::AddFOp::create(builder, loc, lhs, emitDouble(builder, loc, 1));
}

Value SizeFormulas::emitMagnitude(OpBuilder &builder, Location loc,
                                  const BlockSum &sum,
                                  ValueRange extentValues) const {
  Value total = emitDouble(builder, loc, double(sum.constant) * kBlockBytes);
  for (auto [number, count] : llvm::enumerate(sum.counts)) {
    if (!count)
      continue;
    Value bytes;
    if (AffineExpr expr = sizes[number].bytes)
      bytes = arith::AddFOp::create(
          builder, loc, emitMagnitude(builder, loc, expr, extentValues),
          emitDouble(builder, loc, kBlockBytes));
    for (const BlockSum &other : sizes[number].sums) {
      Value value = emitMagnitude(builder, loc, other, extentValues);
      bytes = bytes ? arith::MaximumFOp::create(builder, loc, bytes, value)
                          .getResult()
                    : value;
    }
    bytes = arith::MulFOp::create(builder, loc, bytes,
                                  emitDouble(builder, loc, count));
    total = arith::AddFOp::create(builder, loc, total, bytes);
  }
  return total;
}

AffineExpr SizeFormulas::getBytes(const BlockSum &sum) const {
  AffineExpr total = getAffineConstantExpr(sum.constant * kBlockBytes,
                                           func::FuncOp(function).getContext());
  for (auto [number, count] : llvm::enumerate(sum.counts)) {
    if (!count)
      continue;
    if (!sizes[number].bytes)
      return {};
    total =
        total + sizes[number].bytes.ceilDiv(kBlockBytes) * kBlockBytes * count;
  }
  return total;
}
