//===- CostFacet.cpp - Costs against counted operations -------------------===//
//
// What an op says is held against the loops that it becomes: scalar ops of a
// payload times the points of the iteration space. README.md has the rules of
// what counts.
//
//===----------------------------------------------------------------------===//

#include "codegen/to_linalg/Passes.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "dialects/interfaces/Cost.h"
#include "dialects/interfaces/Decomposition.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Pass/PassManager.h"
#include "test/facets/Case.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace msc;
using namespace msc::facets;

/// So many operations guard one of integers at most.
static constexpr double kMaxGuards = 12;

namespace {

struct Count {
  double flops = 0, transcendentals = 0;
};

/// Whether an op joins conditions that were made in the payload.
bool isConnective(Operation *op) {
  return isa<arith::AndIOp, arith::OrIOp>(op) &&
         llvm::any_of(op->getOperands(), [](Value operand) {
           Operation *producer = operand.getDefiningOp();
           return producer && (isa<arith::CmpFOp, arith::CmpIOp>(producer) ||
                               isConnective(producer));
         });
}

/// A comparison that asks for NaN only, and what connects it with others, guard
/// a case; they compute nothing.
bool isGuard(Operation *op) {
  using P = arith::CmpFPredicate;
  if (auto compare = dyn_cast<arith::CmpFOp>(op))
    return compare.getPredicate() == P::ORD || compare.getPredicate() == P::UNO;
  if (isConnective(op))
    return true;
  // Of indices nothing counts.
  auto isIndex = [](Type type) { return type.isIndex(); };
  if (llvm::any_of(op->getOperandTypes(), isIndex) ||
      llvm::any_of(op->getResultTypes(), isIndex))
    return true;
  // The number of a loop as an element.
  if (isa<arith::SIToFPOp>(op))
    return op->getOperand(0).getDefiningOp<arith::IndexCastOp>();
  return isa<arith::ConstantOp>(op);
}

void countScalar(Operation *op, double points, Count &count) {
  if (isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::FloorOp,
          math::RoundEvenOp>(op))
    count.flops += points;
  else if (isa<math::MathDialect>(op->getDialect()))
    count.transcendentals += points;
  else if (isa<arith::ArithDialect>(op->getDialect()) && !isGuard(op))
    count.flops += points;
}

/// Trips of a loop, whose bounds are constants or minima of such.
double iterations(scf::ForOp loop) {
  std::function<int64_t(Value)> valueOf = [&](Value value) -> int64_t {
    if (auto constant = getConstantIntValue(value))
      return *constant;
    if (auto minimum = value.getDefiningOp<arith::MinSIOp>())
      return std::min(valueOf(minimum.getLhs()), valueOf(minimum.getRhs()));
    ADD_FAILURE() << "a bound that is not known";
    return 0;
  };
  return static_cast<double>(valueOf(loop.getUpperBound()) -
                             valueOf(loop.getLowerBound()));
}

Count countLoops(ModuleOp module) {
  Count count;
  module.walk([&](linalg::GenericOp generic) {
    double points = 1;
    for (int64_t extent : generic.getStaticLoopRanges())
      points *= static_cast<double>(extent);
    for (Operation &op : generic.getBody()->without_terminator())
      countScalar(&op, points, count);
  });
  module.walk([&](scf::ForOp loop) {
    double points = iterations(loop);
    for (auto outer = loop->getParentOfType<scf::ForOp>(); outer;
         outer = outer->getParentOfType<scf::ForOp>())
      points *= iterations(outer);
    for (Operation &op : loop.getBody()->without_terminator())
      countScalar(&op, points, count);
  });
  // A nest without loops.
  for (auto function : module.getOps<func::FuncOp>())
    for (Operation &op : function.getBody().front().without_terminator())
      countScalar(&op, 1, count);
  return count;
}

void decomposeAll(ModuleOp module) {
  bool changed = true;
  while (changed) {
    changed = false;
    SmallVector<DecomposableOpInterface> composites;
    module.walk([&](DecomposableOpInterface op) { composites.push_back(op); });
    for (DecomposableOpInterface op : composites) {
      OpBuilder builder(op);
      auto values = op.decompose(builder, op->getOperands());
      ASSERT_TRUE(succeeded(values)) << "no decomposition";
      op->replaceAllUsesWith(*values);
      op->erase();
      changed = true;
    }
  }
}

int64_t unknownDim(Value, unsigned) {
  ADD_FAILURE() << "asks for an extent that its type knows";
  return 0;
}

/// Tensors of these values, or what the case says.
double expectedBytes(const Case &testCase, StringRef attribute,
                     ValueRange values) {
  if (auto stated =
          testCase.getFunction()->getAttrOfType<IntegerAttr>(attribute))
    return static_cast<double>(stated.getInt());
  double bytes = 0;
  for (Value value : values)
    if (auto type = dyn_cast<RankedTensorType>(value.getType()))
      bytes += static_cast<double>(Array(type).size() *
                                   ((type.getElementTypeBitWidth() + 7) / 8));
  return bytes;
}

} // namespace

void facets::checkCost(const Case &testCase) {
  Operation *op = testCase.op();
  OpCost cost = cast<CostOpInterface>(op).getCost(unknownDim);
  EXPECT_EQ(cost.bytesRead,
            expectedBytes(testCase, "bytes_read", op->getOperands()));
  EXPECT_EQ(cost.bytesWritten,
            expectedBytes(testCase, "bytes_written", op->getResults()));

  if (testCase.getFunction()->hasAttr("estimated"))
    return;
  OwningOpRef<ModuleOp> module = testCase.module();
  decomposeAll(*module);
  PassManager pm(module->getContext());
  pm.addPass(createGraphToLinalg());
  ASSERT_TRUE(succeeded(pm.run(*module)));
  Count count = countLoops(*module);
  EXPECT_EQ(cost.transcendentals, count.transcendentals);
  auto isFloat = [](Type type) {
    return isa<FloatType>(getElementTypeOrSelf(type));
  };
  // Lowerings of integers guard against what would be undefined or trap.
  bool convertsToInt =
      isa<graph::ConvertOp>(op) && !isFloat(op->getResult(0).getType());
  if (llvm::all_of(op->getOperandTypes(), isFloat) && !convertsToInt)
    EXPECT_EQ(cost.flops, count.flops);
  else {
    EXPECT_LE(cost.flops, count.flops);
    EXPECT_LE(count.flops, cost.flops * kMaxGuards);
  }
}
