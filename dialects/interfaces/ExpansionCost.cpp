//===- ExpansionCost.cpp - Cost by decomposition --------------------------===//

#include "dialects/interfaces/ExpansionCost.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

using namespace mlir;
using namespace msc;

/// The type with all extents known.
static Type staticType(Value value, DimSizeFn dimSize) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.hasStaticShape())
    return value.getType();
  SmallVector<int64_t> shape(type.getShape());
  for (auto [dim, extent] : llvm::enumerate(shape))
    if (ShapedType::isDynamic(extent))
      extent = dimSize(value, dim);
  return type.clone(shape);
}

static int64_t noDim(Value, unsigned) { return 1; }

/// Adds the work of the ops in the block, expanded where they have no cost.
static void addWork(Block &block, OpCost &cost) {
  for (Operation &op : block) {
    auto costed = dyn_cast<CostOpInterface>(op);
    if (!costed)
      continue;
    OpCost part = costed.getCost(noDim);
    cost.flops += part.flops;
    cost.transcendentals += part.transcendentals;
  }
}

OpCost msc::costByExpansion(DecomposableOpInterface op, DimSizeFn dimSize) {
  OpCost cost = trafficCost(op, dimSize);
  OwningOpRef<ModuleOp> scratch = ModuleOp::create(op->getLoc());
  OpBuilder builder = OpBuilder::atBlockBegin(scratch->getBody());
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(
        UnrealizedConversionCastOp::create(
            builder, op->getLoc(), staticType(operand, dimSize), ValueRange())
            .getResult(0));
  SmallVector<Type> types;
  for (Value result : op->getResults())
    types.push_back(staticType(result, dimSize));
  OperationState state(op->getLoc(), op->getName(), operands, types,
                       op->getAttrs());
  auto copy = cast<DecomposableOpInterface>(builder.create(state));
  builder.setInsertionPoint(copy);
  if (succeeded(copy.decompose(builder, operands))) {
    copy->erase();
    addWork(*scratch->getBody(), cost);
  }
  return cost;
}
