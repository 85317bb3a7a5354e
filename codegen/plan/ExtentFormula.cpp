//===- ExtentFormula.cpp - scalars computed from the extents of a call ----===//

#include "codegen/plan/ExtentFormula.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ShapedOpInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace msc::codegen;

namespace {

struct CallExtentRef {
  BlockArgument arg;
  std::optional<int64_t> dim;
};

} // namespace

// The extent of a call that `value` reads, if it reads one.
static std::optional<CallExtentRef> getReadExtent(Value value) {
  auto isArgument = [](BlockArgument arg) {
    return arg && isa<func::FuncOp>(arg.getOwner()->getParentOp());
  };
  if (auto arg = dyn_cast<BlockArgument>(value);
      isArgument(arg) && arg.getType().isIndex())
    return CallExtentRef{arg, std::nullopt};
  auto dimOp = value.getDefiningOp<ShapedDimOpInterface>();
  if (!dimOp)
    return std::nullopt;
  auto arg = dyn_cast<BlockArgument>(dimOp.getShapedValue());
  std::optional<int64_t> dim = getConstantIntValue(dimOp.getDimension());
  if (!isArgument(arg) || !dim)
    return std::nullopt;
  return CallExtentRef{arg, dim};
}

std::string msc::codegen::getExtentName(func::FuncOp function,
                                        BlockArgument arg,
                                        std::optional<int64_t> dim) {
  unsigned number = arg.getArgNumber();
  std::string name = "arg" + std::to_string(number);
  if (!dim)
    return name;
  auto dims = function.getArgAttrOfType<ArrayAttr>(number, "graph.dims");
  if (dims && *dim < int64_t(dims.size()))
    if (auto given = dyn_cast<StringAttr>(dims[*dim]); given && !given.empty())
      return given.str();
  return name + "." + std::to_string(*dim);
}

static bool isFormula(Value value, func::FuncOp function,
                      DenseMap<Value, bool> &known) {
  if (std::optional<CallExtentRef> extent = getReadExtent(value))
    return extent->arg.getOwner() == &function.front();
  Operation *op = value.getDefiningOp();
  if (!op || op->getNumRegions() || !isPure(op) ||
      !value.getType().isIntOrIndexOrFloat())
    return false;
  auto [it, isNew] = known.try_emplace(value, false);
  if (!isNew)
    return it->second;
  bool all = llvm::all_of(op->getOperands(), [&](Value operand) {
    return isFormula(operand, function, known);
  });
  return known[value] = all;
}

bool msc::codegen::isExtentFormula(Value value, func::FuncOp function) {
  DenseMap<Value, bool> known;
  return isFormula(value, function, known);
}

void msc::codegen::walkExtents(
    Value value, function_ref<void(BlockArgument, std::optional<int64_t>)> fn) {
  SmallVector<Value> worklist{value};
  DenseSet<Value> seen;
  while (!worklist.empty()) {
    Value next = worklist.pop_back_val();
    if (!seen.insert(next).second)
      continue;
    if (std::optional<CallExtentRef> extent = getReadExtent(next))
      fn(extent->arg, extent->dim);
    else
      llvm::append_range(worklist, next.getDefiningOp()->getOperands());
  }
}

Value ExtentCloner::clone(Value value) {
  if (Value copy = known.lookupOrNull(value))
    return copy;
  if (std::optional<CallExtentRef> extent = getReadExtent(value)) {
    Value copy = getExtent(extent->arg, extent->dim);
    known.map(value, copy);
    return copy;
  }
  Operation *op = value.getDefiningOp();
  for (Value operand : op->getOperands())
    (void)clone(operand);
  builder.clone(*op, known);
  return known.lookup(value);
}
