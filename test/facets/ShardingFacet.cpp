//===- ShardingFacet.cpp - Parts of an op against the whole ---------------===//
//
// Each factor is split in two, then all of them at once. Operands are cut as
// the rule says, every part is computed by what `buildShard` makes, and the
// results are put together again.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/Graph.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"
#include "parallel/PartLayout.h"
#include "test/facets/Case.h"
#include "test/facets/Execution.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace msc;
using namespace msc::facets;

static constexpr double kTolerance = 1e-12;

namespace {

/// A part of an operand, with what is read in the padding written out.
Array cut(const Array &whole, const ShardingTensor &tensor,
          ArrayRef<PartDim> dims) {
  ArrayRef<int64_t> shape = whole.type().getShape();
  Array part(whole.type().clone(localShape(dims)));
  for (int64_t i = 0; i < part.size(); ++i) {
    SmallVector<int64_t> position = positionOf(i, part.type().getShape());
    double value = 0;
    bool isPadding = false;
    for (auto [dim, coordinate] : llvm::enumerate(position)) {
      coordinate = dims[dim].globalOf(coordinate);
      if (coordinate >= 0 && coordinate < shape[dim])
        continue;
      isPadding = true;
      if (auto number =
              dyn_cast_or_null<FloatAttr>(tensor[dim].window->padValue))
        value = number.getValueAsDouble();
      else if (auto number =
                   dyn_cast_or_null<IntegerAttr>(tensor[dim].window->padValue))
        value = static_cast<double>(number.getValue().getSExtValue());
    }
    part.set(i, isPadding ? value : whole.get(indexOf(position, shape)));
  }
  return part;
}

double combine(Combiner combiner, double a, double b) {
  switch (combiner) {
  case Combiner::Sum:
    return a + b;
  case Combiner::Product:
    return a * b;
  case Combiner::Min:
    return std::min(a, b);
  case Combiner::Max:
    return std::max(a, b);
  case Combiner::And:
    return a != 0 && b != 0;
  case Combiner::Or:
    return a != 0 || b != 0;
  case Combiner::None:
    break;
  }
  ADD_FAILURE() << "two parts give one element, and nothing combines them";
  return std::nan("");
}

/// Results put together of parts.
struct Assembly {
  explicit Assembly(RankedTensorType type)
      : whole(type), isSet(type.getNumElements()) {}

  void add(const Array &part, ArrayRef<PartDim> dims, Combiner combiner) {
    ASSERT_EQ(SmallVector<int64_t>(part.type().getShape()), localShape(dims));
    for (int64_t i = 0; i < part.size(); ++i) {
      SmallVector<int64_t> position = positionOf(i, part.type().getShape());
      for (auto [dim, coordinate] : llvm::enumerate(position))
        coordinate = dims[dim].globalOf(coordinate);
      int64_t index = indexOf(position, whole.type().getShape());
      whole.set(index, isSet[index]
                           ? combine(combiner, whole.get(index), part.get(i))
                           : part.get(i));
      isSet[index] = true;
    }
  }

  void compare(const Array &expected) {
    for (int64_t i = 0; i < whole.size(); ++i) {
      ASSERT_TRUE(isSet[i]) << "no part gives element " << i;
      if (whole.isFloat())
        ASSERT_NEAR(whole.get(i), expected.get(i),
                    kTolerance * (1 + std::abs(expected.get(i))))
            << "element " << i;
      else
        ASSERT_EQ(whole.get(i), expected.get(i)) << "element " << i;
    }
  }

  Array whole;
  std::vector<bool> isSet;
};

/// Adds a function "part" that takes a part of each operand of `op` and the
/// number of the part in every factor. One function serves all parts.
LogicalResult buildPart(Operation *op, const ShardingRule &rule,
                        ArrayRef<int64_t> parts, ModuleOp module) {
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  SmallVector<int64_t> zeros(parts.size());
  SmallVector<Type> types;
  for (auto [operand, dims] : llvm::zip_equal(op->getOperands(), rule.operands))
    if (auto type = dyn_cast<RankedTensorType>(operand.getType()))
      types.push_back(type.clone(
          localShape(partDims(rule, dims, type.getShape(), parts, zeros))));
  types.push_back(RankedTensorType::get(parts.size(), builder.getI64Type()));
  SmallVector<Type> resultTypes;
  for (auto [result, dims] : llvm::zip_equal(op->getResults(), rule.results)) {
    auto type = cast<RankedTensorType>(result.getType());
    resultTypes.push_back(type.clone(
        localShape(partDims(rule, dims, type.getShape(), parts, zeros))));
  }
  auto function =
      func::FuncOp::create(builder, op->getLoc(), "part",
                           builder.getFunctionType(types, resultTypes));
  builder.setInsertionPointToStart(function.addEntryBlock());
  Value numbers = function.getArguments().back();
  Shard shard;
  shard.parts.assign(parts.begin(), parts.end());
  for (auto [factor, count] : llvm::enumerate(parts)) {
    if (count == 1) {
      shard.index.push_back(builder.getIndexAttr(0));
      continue;
    }
    Value position =
        arith::ConstantIndexOp::create(builder, op->getLoc(), factor);
    Value number =
        tensor::ExtractOp::create(builder, op->getLoc(), numbers, position);
    shard.index.push_back(arith::IndexCastOp::create(builder, op->getLoc(),
                                                     builder.getIndexType(),
                                                     number)
                              .getResult());
  }
  SmallVector<Value> operands;
  unsigned next = 0;
  for (Value operand : op->getOperands()) {
    if (isa<RankedTensorType>(operand.getType()))
      operands.push_back(function.getArgument(next++));
    else // a constant offset
      operands.push_back(builder.clone(*operand.getDefiningOp())->getResult(0));
  }
  auto results =
      cast<ShardingRuleOpInterface>(op).buildShard(builder, operands, shard);
  if (failed(results))
    return op->emitError("builds no part");
  func::ReturnOp::create(builder, op->getLoc(), *results);
  return verify(function);
}

/// The next part in the order of an odometer; false after the last one.
bool advance(SmallVectorImpl<int64_t> &index, ArrayRef<int64_t> parts) {
  for (auto [digit, count] : llvm::zip_equal(index, parts)) {
    if (++digit < count)
      return true;
    digit = 0;
  }
  return false;
}

/// Splits the op and compares.
void checkSplit(const Case &testCase, ArrayRef<int64_t> parts) {
  OwningOpRef<ModuleOp> module = testCase.module();
  func::FuncOp primal = primalOf(*module);
  Operation *op = graphOpOf(primal);
  ShardingRule rule = cast<ShardingRuleOpInterface>(op).getShardingRule();
  ASSERT_TRUE(succeeded(buildPart(op, rule, parts, *module)));
  auto execution = Execution::lower(*module);
  ASSERT_TRUE(succeeded(execution)) << "a part does not compile";

  std::vector<Array> inputs = testCase.inputs(primal);
  std::vector<Array> expected = (*execution)->run("primal", inputs);
  std::vector<Assembly> assembled;
  for (Array &result : expected)
    assembled.emplace_back(result.type());
  Combiner combiner = Combiner::None;
  for (auto [factor, count] : llvm::zip_equal(rule.factors, parts))
    if (count > 1 && factor.kind == ShardingFactor::Reduction)
      combiner = factor.combiner;

  SmallVector<int64_t> index(parts.size());
  do {
    std::vector<Array> local;
    for (OpOperand &operand : op->getOpOperands()) {
      auto argument = dyn_cast<BlockArgument>(operand.get());
      if (!argument)
        continue;
      const Array &whole = inputs[argument.getArgNumber()];
      const ShardingTensor &dims = rule.operands[operand.getOperandNumber()];
      local.push_back(
          cut(whole, dims,
              partDims(rule, dims, whole.type().getShape(), parts, index)));
    }
    Array numbers(RankedTensorType::get(
        parts.size(), IntegerType::get(op->getContext(), 64)));
    for (auto [factor, number] : llvm::enumerate(index))
      numbers.set(factor, static_cast<double>(number));
    local.push_back(numbers);
    std::vector<Array> results = (*execution)->run("part", local);
    for (unsigned i = 0; i < results.size(); ++i)
      assembled[i].add(results[i],
                       partDims(rule, rule.results[i],
                              expected[i].type().getShape(), parts, index),
                       combiner);
  } while (advance(index, parts));
  for (unsigned i = 0; i < expected.size(); ++i)
    assembled[i].compare(expected[i]);
}

/// The factors of a dim give its extent, and a window has one factor.
void checkForm(const ShardingRule &rule, const ShardingTensor &tensor,
               Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  ASSERT_EQ(static_cast<int64_t>(tensor.size()), type ? type.getRank() : 0);
  for (auto [index, dim] : llvm::enumerate(tensor)) {
    if (dim.window) {
      ASSERT_EQ(dim.factors.size(), 1u);
      continue;
    }
    if (dim.factors.empty())
      continue;
    int64_t product = 1;
    for (unsigned factor : dim.factors) {
      ASSERT_LT(factor, rule.factors.size());
      product *= rule.factors[factor].size;
    }
    ASSERT_EQ(product, type.getDimSize(index)) << "factors of dim " << index;
  }
}

} // namespace

void facets::checkSharding(const Case &testCase) {
  Operation *op = testCase.op();
  ShardingRule rule = cast<ShardingRuleOpInterface>(op).getShardingRule();
  ASSERT_EQ(rule.operands.size(), op->getNumOperands());
  ASSERT_EQ(rule.results.size(), op->getNumResults());
  for (auto [tensor, value] : llvm::zip_equal(rule.operands, op->getOperands()))
    checkForm(rule, tensor, value);
  for (auto [tensor, value] : llvm::zip_equal(rule.results, op->getResults()))
    checkForm(rule, tensor, value);

  SmallVector<int64_t> none(rule.factors.size(), 1), all = none;
  unsigned splits = 0;
  for (auto [index, factor] : llvm::enumerate(rule.factors)) {
    if (factor.kind == ShardingFactor::Replicated || factor.size % 2 != 0)
      continue;
    SmallVector<int64_t> one = none;
    one[index] = all[index] = 2;
    ++splits;
    SCOPED_TRACE("factor " + std::to_string(index) + " in two");
    checkSplit(testCase, one);
  }
  if (splits > 1) {
    SCOPED_TRACE("all factors in two");
    checkSplit(testCase, all);
  }
  // A rule that forgets a dim would pass: by default all dims of the result
  // that can be cut in two are factors.
  auto given = testCase.getFunction()->getAttrOfType<IntegerAttr>("splits");
  auto shape = cast<ShapedType>(op->getResult(0).getType()).getShape();
  EXPECT_EQ(splits, given ? given.getInt()
                          : llvm::count_if(shape, [](int64_t extent) {
                              return extent % 2 == 0;
                            }))
      << "factors that can be split in two";
}
