//===- SizeFormula.cpp - sizes and offsets in the arena as closed formulas ===//

#include "codegen/plan/SizeFormula.h"

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

unsigned SizeFormulas::getExtent(Value arg, std::optional<int64_t> dim) {
  unsigned number = cast<BlockArgument>(arg).getArgNumber();
  std::string name = "arg" + std::to_string(number);
  int64_t min = 1, max = defaultMax;
  if (dim) {
    name += "." + std::to_string(*dim);
    auto dims = function.getArgAttrOfType<ArrayAttr>(number, "graph.dims");
    if (dims && *dim < int64_t(dims.size()))
      if (auto given = dyn_cast<StringAttr>(dims[*dim]);
          given && !given.empty())
        name = given.str();
  }
  for (auto [index, extent] : llvm::enumerate(extents))
    if (extent.name == name)
      return index;
  auto module = function->getParentOfType<ModuleOp>();
  if (auto ranges = module->getAttrOfType<DictionaryAttr>("graph.dim_ranges"))
    if (auto range = ranges.getAs<ArrayAttr>(name);
        range && range.size() == 2) {
      min = cast<IntegerAttr>(range[0]).getInt();
      max = cast<IntegerAttr>(range[1]).getInt();
    }
  extents.push_back({arg, dim, name, min, max});
  return extents.size() - 1;
}

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

// Sizes are products of extents: 128 bits hold two of 63, and what is greater
// has been rejected before it is compared.
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

int64_t SizeFormulas::evaluateAtMax(const BlockSum &sum) const {
  SmallVector<int64_t> values;
  for (const CallExtent &extent : extents)
    values.push_back(extent.max);
  __int128 total = sum.constant;
  for (auto [number, count] : llvm::enumerate(sum.counts))
    if (count) {
      __int128 bytes = evaluate(sizes[number], values);
      total = clamp(total +
                    multiply(count, (bytes + kBlockBytes - 1) / kBlockBytes));
    }
  return int64_t(std::min<__int128>(total, INT64_MAX));
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
  constexpr __int128 kMaxBytes = (__int128)1 << 62;
  auto reject = [&]() -> FailureOr<BlockSum> {
    return alloc.emitError("expected a buffer of fewer than 2^62 bytes for all "
                           "extents in range");
  };
  if (elementBytes >= kMaxBytes)
    return reject();
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
    if (failed(ValueBoundsConstraintSet::computeBound(
            map, operands, presburger::BoundType::EQ,
            ValueBoundsConstraintSet::Variable(size), isArgument)))
      return alloc.emitError("expected a size that is a closed formula in the "
                             "function's arguments");
    SmallVector<AffineExpr> dims, symbols;
    for (auto [number, operand] : llvm::enumerate(operands))
      (number < map.getNumDims() ? dims : symbols)
          .push_back(getAffineSymbolExpr(
              getExtent(operand.first, operand.second), context));
    bytes = bytes * map.getResult(0).replaceDimsAndSymbols(dims, symbols);
  }
  SmallVector<int64_t> values;
  for (const CallExtent &extent : extents)
    values.push_back(extent.max);
  if (evaluate(bytes, values) >= kMaxBytes)
    return reject();

  auto *known = llvm::find(sizes, bytes);
  unsigned number = known - sizes.begin();
  if (known == sizes.end())
    sizes.push_back(bytes);
  blocks.counts.resize(number + 1);
  blocks.counts[number] = 1;
  return blocks;
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
  if (difference.isConstant() || extents.size() > kMaxCornerExtents)
    return false;

  __int128 slack = 64 * (__int128)difference.constant;
  for (auto [number, count] : llvm::enumerate(difference.counts)) {
    if (!count)
      continue;
    for (unsigned extent = 0; extent < extents.size(); ++extent)
      if (getDegree(sizes[number], extent) > 1)
        return false;
    if (count < 0)
      slack += (__int128)count * (kBlockBytes - 1);
  }
  for (unsigned corner = 0; corner < 1u << extents.size(); ++corner) {
    SmallVector<int64_t> values;
    for (auto [number, extent] : llvm::enumerate(extents))
      values.push_back(corner >> number & 1 ? extent.max : extent.min);
    __int128 least = slack;
    for (auto [number, count] : llvm::enumerate(difference.counts))
      if (count)
        least = clamp(least + multiply(count, evaluate(sizes[number], values)));
    if (least < 0)
      return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// As IR
//===----------------------------------------------------------------------===//

Value SizeFormulas::emitBytes(OpBuilder &builder, Location loc,
                              const BlockSum &sum, ValueRange extentValues) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  if (sum.isConstant())
    return constant(sum.constant * kBlockBytes);
  Value total = constant(sum.constant);
  for (auto [number, count] : llvm::enumerate(sum.counts)) {
    if (!count)
      continue;
    Value bytes = affine::expandAffineExpr(builder, loc, sizes[number],
                                           /*dimValues=*/{}, extentValues);
    Value blocks =
        arith::CeilDivUIOp::create(builder, loc, bytes, constant(kBlockBytes));
    if (count != 1)
      blocks = arith::MulIOp::create(builder, loc, blocks, constant(count));
    total = arith::AddIOp::create(builder, loc, total, blocks);
  }
  return arith::MulIOp::create(builder, loc, total, constant(kBlockBytes));
}

AffineExpr SizeFormulas::getBytes(const BlockSum &sum) const {
  AffineExpr total = getAffineConstantExpr(sum.constant * kBlockBytes,
                                           func::FuncOp(function).getContext());
  for (auto [number, count] : llvm::enumerate(sum.counts))
    if (count)
      total = total + sizes[number].ceilDiv(kBlockBytes) * kBlockBytes * count;
  return total;
}
