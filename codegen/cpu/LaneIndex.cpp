//===- LaneIndex.cpp - Indices of all lanes of a vector as one expression -===//
#include "codegen/cpu/LaneIndex.h"

#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace mlir;
using namespace msc::cpu;

static std::optional<LaneSplit> splitDivision(AffineBinaryOpExpr expr,
                                              LaneSplit lhs, unsigned width) {
  auto divisor = dyn_cast<AffineConstantExpr>(expr.getRHS());
  if (!divisor || divisor.getValue() <= 0)
    return std::nullopt;
  int64_t c = divisor.getValue(), stride = lhs.stride;
  bool isMod = expr.getKind() == AffineExprKind::Mod;
  if (stride % c == 0)
    return isMod ? LaneSplit{lhs.base % c, 0}
                 : LaneSplit{lhs.base.floorDiv(c), stride / c};
  // base mod c is a multiple of g and at most c - g: the lanes stay below c.
  int64_t g = std::gcd(lhs.base.getLargestKnownDivisor(), c);
  if (g == 0)
    g = c;
  if (stride < 0 || (width - 1) * stride >= g)
    return std::nullopt;
  return isMod ? LaneSplit{lhs.base % c, stride}
               : LaneSplit{lhs.base.floorDiv(c), 0};
}

std::optional<LaneSplit> msc::cpu::splitLanes(AffineExpr index,
                                              unsigned width) {
  if (!index.isFunctionOfDim(0))
    return LaneSplit{index, 0};
  if (isa<AffineDimExpr>(index))
    return LaneSplit{getAffineConstantExpr(0, index.getContext()), 1};
  auto binary = cast<AffineBinaryOpExpr>(index);
  auto lhs = splitLanes(binary.getLHS(), width);
  auto rhs = splitLanes(binary.getRHS(), width);
  if (!lhs || !rhs)
    return std::nullopt;
  switch (binary.getKind()) {
  case AffineExprKind::Add:
    return LaneSplit{lhs->base + rhs->base, lhs->stride + rhs->stride};
  case AffineExprKind::Mul: {
    auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
    if (!factor)
      return std::nullopt;
    return LaneSplit{lhs->base * factor.getValue(),
                     lhs->stride * factor.getValue()};
  }
  case AffineExprKind::FloorDiv:
  case AffineExprKind::Mod:
    return splitDivision(binary, *lhs, width);
  default:
    return std::nullopt;
  }
}

AffineExpr msc::cpu::indexOfLane(AffineExpr index, int64_t lane) {
  return index.replace(getAffineDimExpr(0, index.getContext()),
                       getAffineConstantExpr(lane, index.getContext()));
}
