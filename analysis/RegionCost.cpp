//===- RegionCost.cpp - static cost of a fused region ---------------------===//

#include "analysis/RegionCost.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace msc::analysis;

// Whether a payload op computes a number, rather than choosing or moving one.
static bool isArithmetic(Operation &op) {
  if (isa<math::MathDialect>(op.getDialect()))
    return true;
  if (!isa<arith::ArithDialect>(op.getDialect()))
    return false;
  return op.getNumOperands() != 0 &&
         !isa<arith::CmpFOp, arith::CmpIOp, arith::SelectOp, arith::IndexCastOp,
              arith::IndexCastUIOp>(op) &&
         !isa<CastOpInterface>(op);
}

std::optional<int64_t> msc::analysis::countFlops(linalg::LinalgOp op) {
  int64_t flops =
      llvm::count_if(op.getBlock()->without_terminator(),
                     [](Operation &inner) { return isArithmetic(inner); });
  for (int64_t extent : op.getStaticLoopRanges())
    if (ShapedType::isDynamic(extent) ||
        llvm::MulOverflow(flops, extent, flops))
      return std::nullopt;
  return flops;
}

std::optional<int64_t> msc::analysis::countBytes(ShapedType type) {
  if (!type.hasStaticShape() || !type.getElementType().isIntOrIndexOrFloat())
    return std::nullopt;
  int64_t bits =
      type.getElementType().isIndex() ? 64 : type.getElementTypeBitWidth();
  if (bits == 1)
    bits = 8; // a bool takes a byte
  for (int64_t extent : type.getShape())
    if (llvm::MulOverflow(bits, extent, bits))
      return std::nullopt;
  return llvm::divideCeil(bits, 8);
}

std::optional<RegionCost>
msc::analysis::computeRegionCost(func::FuncOp region,
                                 llvm::function_ref<bool(int64_t)> readsOut) {
  RegionCost cost;
  bool isStatic = true;
  auto add = [&](int64_t &sum, std::optional<int64_t> count) {
    isStatic &= count && !llvm::AddOverflow(sum, *count, sum);
  };
  region.walk([&](linalg::LinalgOp op) { add(cost.flops, countFlops(op)); });

  int64_t numInputs = region.getNumArguments() - region.getNumResults();
  for (auto [number, type] : llvm::enumerate(region.getArgumentTypes()))
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      if (int64_t(number) < numInputs || readsOut(number - numInputs))
        add(cost.bytes, countBytes(tensor));
  for (Type type : region.getResultTypes())
    add(cost.bytes, countBytes(cast<ShapedType>(type)));
  if (!isStatic)
    return std::nullopt;
  return cost;
}
