#include "test/facets/Case.h"
#include "dialects/graph/Graph.h"
#include <random>

using namespace mlir;
using namespace msc;
using namespace msc::facets;

Operation *facets::graphOpOf(func::FuncOp function) {
  Operation *found = nullptr;
  for (Operation &op : function.getBody().front()) {
    if (!isa<graph::GraphDialect>(op.getDialect()))
      continue;
    if (found)
      return nullptr;
    found = &op;
  }
  return found;
}

func::FuncOp facets::primalOf(ModuleOp module) {
  return module.lookupSymbol<func::FuncOp>("primal");
}

Operation *Case::op() const { return graphOpOf(function); }

bool Case::isStatic() const {
  Operation *op = this->op();
  auto isStaticType = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return !tensor || tensor.hasStaticShape();
  };
  return llvm::all_of(op->getOperandTypes(), isStaticType) &&
         llvm::all_of(op->getResultTypes(), isStaticType);
}

OwningOpRef<ModuleOp> Case::module() const {
  OwningOpRef<ModuleOp> module = ModuleOp::create(function.getLoc());
  func::FuncOp copy = function.clone();
  copy.setName("primal");
  module->push_back(copy);
  return module;
}

/// `domain = [low, high]`, or one such pair for each argument in `domains`.
static std::pair<double, double> domainOf(func::FuncOp function,
                                          unsigned argument) {
  auto pair = function->getAttrOfType<ArrayAttr>("domain");
  if (auto all = function->getAttrOfType<ArrayAttr>("domains"))
    pair = argument < all.size() ? dyn_cast<ArrayAttr>(all[argument]) : pair;
  if (!pair || argument >= function.getNumArguments())
    return {-1.0, 1.0};
  auto number = [](Attribute attribute) {
    return cast<FloatAttr>(attribute).getValueAsDouble();
  };
  return {number(pair[0]), number(pair[1])};
}

std::vector<Array> Case::inputs(func::FuncOp of) const {
  std::mt19937 random(20240229);
  std::vector<Array> inputs;
  for (auto [index, type] : llvm::enumerate(of.getArgumentTypes())) {
    Array array(cast<RankedTensorType>(type));
    Type element = array.type().getElementType();
    auto [low, high] = domainOf(function, index);
    if (element.isInteger(1))
      low = 0.0, high = 1.0;
    else if (!array.isFloat() && low == -1.0 && high == 1.0)
      low = element.isUnsignedInteger() ? 0.0 : -5.0, high = 5.0;
    std::uniform_real_distribution<double> real(low, high);
    std::uniform_int_distribution<int64_t> integer(std::ceil(low),
                                                   std::floor(high));
    for (int64_t i = 0; i < array.size(); ++i)
      array.set(i, array.isFloat() ? real(random)
                                   : static_cast<double>(integer(random)));
    inputs.push_back(std::move(array));
  }
  return inputs;
}
