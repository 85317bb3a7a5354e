//===- GradientFacet.cpp - vjp and jvp against differences and each other -===//

#include "autodiff/graph/StraightLine.h"
#include "dialects/interfaces/Gradient.h"
#include "mlir/IR/TypeUtilities.h"
#include "test/facets/Case.h"
#include "test/facets/Execution.h"
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace mlir;
using namespace msc;
using namespace msc::facets;

/// Central differences of a smooth function of size 1 in f64 are good to about
/// 1e-10; larger values and derivatives take their part of it. Narrower types
/// need larger steps, and serve linear ops only.
struct Precision {
  double step = 1e-5, difference = 1e-6, transpose = 1e-10;
};

static bool isFloat(Type type) { return isDifferentiableType(type); }

static Precision precisionOf(func::FuncOp function) {
  SmallVector<Type> types(function.getArgumentTypes());
  llvm::append_range(types, function.getResultTypes());
  for (Type type : types)
    if (isFloat(type) && !getElementTypeOrSelf(type).isF64())
      return {1.0 / 64, 1e-4, 1e-6};
  return {};
}

/// The float ones of some arrays.
static std::vector<Array> floats(ArrayRef<Array> arrays) {
  std::vector<Array> result;
  for (const Array &array : arrays)
    if (array.isFloat())
      result.push_back(array);
  return result;
}

static double dot(ArrayRef<Array> a, ArrayRef<Array> b) {
  double sum = 0;
  for (auto [x, y] : llvm::zip_equal(a, b))
    for (int64_t i = 0; i < x.size(); ++i)
      sum += x.get(i) * y.get(i);
  return sum;
}

static std::vector<Array> randomFor(TypeRange types, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> real(-1.0, 1.0);
  std::vector<Array> arrays;
  for (Type type : types) {
    if (!isFloat(type))
      continue;
    Array array(cast<RankedTensorType>(type));
    for (int64_t i = 0; i < array.size(); ++i)
      array.set(i, real(random));
    arrays.push_back(std::move(array));
  }
  return arrays;
}

static std::vector<Array> joined(ArrayRef<Array> a, ArrayRef<Array> b) {
  std::vector<Array> result(a);
  result.insert(result.end(), b.begin(), b.end());
  return result;
}

/// J^T v of `function`, as `vjp` gives it, against (f(x + h) - f(x - h)) / 2h.
static void compareWithDifferences(const Case &testCase, Execution &execution,
                                   func::FuncOp function, func::FuncOp vjp) {
  const Precision precision = precisionOf(function);
  std::vector<Array> x = testCase.inputs(function);
  std::vector<Array> v = randomFor(function.getResultTypes(), 17);
  std::vector<Array> gradient = execution.run(vjp.getName(), joined(x, v));
  auto valueAt = [&](ArrayRef<Array> inputs) {
    return dot(floats(execution.run(function.getName(), inputs)), v);
  };
  unsigned position = 0;
  for (Array &argument : x) {
    if (!argument.isFloat())
      continue;
    Array &partial = gradient[position++];
    for (int64_t i = 0; i < argument.size(); ++i) {
      double at = argument.get(i);
      argument.set(i, at + precision.step);
      double above = valueAt(x);
      argument.set(i, at - precision.step);
      double below = valueAt(x);
      argument.set(i, at);
      double difference = (above - below) / (2 * precision.step);
      ASSERT_NEAR(partial.get(i), difference,
                  precision.difference * (1 + std::abs(difference)))
          << "float argument " << position - 1 << ", element " << i;
    }
  }
}

/// Compiles the module and runs `check`, or fails with the diagnostics.
static void withExecution(ModuleOp module,
                          function_ref<void(Execution &)> check) {
  auto execution = Execution::lower(module);
  ASSERT_TRUE(succeeded(execution)) << "derivative does not compile";
  check(**execution);
}

void facets::checkVjp(const Case &testCase) {
  OwningOpRef<ModuleOp> module = testCase.module();
  func::FuncOp primal = primalOf(*module);
  auto vjp = buildVjp(primal, "vjp");
  ASSERT_TRUE(succeeded(vjp)) << "no vjp";
  withExecution(*module, [&](Execution &execution) {
    compareWithDifferences(testCase, execution, primal, *vjp);
  });
}

void facets::checkJvp(const Case &testCase) {
  OwningOpRef<ModuleOp> module = testCase.module();
  func::FuncOp primal = primalOf(*module);
  auto vjp = buildVjp(primal, "vjp");
  auto jvp = buildJvp(primal, "jvp");
  ASSERT_TRUE(succeeded(vjp)) << "no vjp";
  ASSERT_TRUE(succeeded(jvp)) << "no jvp";
  withExecution(*module, [&](Execution &execution) {
    std::vector<Array> x = testCase.inputs(primal);
    std::vector<Array> u = randomFor(primal.getArgumentTypes(), 5);
    std::vector<Array> v = randomFor(primal.getResultTypes(), 6);
    double forward = dot(v, execution.run("jvp", joined(x, u)));
    double backward = dot(execution.run("vjp", joined(x, v)), u);
    EXPECT_NEAR(forward, backward,
                precisionOf(primal).transpose * (1 + std::abs(forward)))
        << "<v, J u> and <J^T v, u>";
  });
}

void facets::checkSecondVjp(const Case &testCase) {
  OwningOpRef<ModuleOp> module = testCase.module();
  auto first = buildVjp(primalOf(*module), "vjp");
  ASSERT_TRUE(succeeded(first)) << "no vjp";
  auto second = buildVjp(*first, "vjp2");
  ASSERT_TRUE(succeeded(second)) << "no vjp of the vjp";
  withExecution(*module, [&](Execution &execution) {
    compareWithDifferences(testCase, execution, *first, *second);
  });
}
