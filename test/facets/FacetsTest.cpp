//===- FacetsTest.cpp - Every facet of every graph op ---------------------===//
//
// Arguments: case files. Each function in them is a test of every facet that
// its op declares; a facet that no case of the op runs is a failure.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/Graph.h"
#include "mlir/Parser/Parser.h"
#include "test/facets/Case.h"
#include "test/facets/Execution.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace msc;
using namespace msc::facets;

namespace {

using CheckFn = std::function<void()>;

class Check : public testing::Test {
public:
  explicit Check(CheckFn check) : check(std::move(check)) {}
  void TestBody() override { check(); }

private:
  CheckFn check;
};

/// GoogleTest's suites are the facets, its tests are the cases.
void add(const char *facet, const std::string &name, CheckFn check) {
  testing::RegisterTest(
      facet, name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
      [check]() -> testing::Test * { return new Check(check); });
}

bool hasFloat(TypeRange types) {
  return llvm::any_of(types, isDifferentiableType);
}

/// "facet of op" for each facet that some case runs.
using Coverage = llvm::StringSet<>;

std::string facetOf(StringRef facet, StringRef op) {
  return (facet + " of " + op).str();
}

void addCase(const Case &testCase, Coverage &covered) {
  Operation *op = testCase.op();
  func::FuncOp function = testCase.getFunction();
  std::string name = testCase.name();
  auto addCheck = [&](const char *facet, void (*check)(const Case &)) {
    add(facet, name, [=] { check(testCase); });
    covered.insert(facetOf(facet, op->getName().getStringRef()));
  };
  if (isa<GradientOpInterface>(op) && hasFloat(function.getArgumentTypes()) &&
      hasFloat(function.getResultTypes())) {
    addCheck("vjp", checkVjp);
    addCheck("jvp", checkJvp);
    if (!function->hasAttr("kinked"))
      addCheck("second_vjp", checkSecondVjp);
  }
  if (isa<ShardingRuleOpInterface>(op) && testCase.isStatic())
    addCheck("sharding", checkSharding);
  if (isa<CostOpInterface>(op) && testCase.isStatic())
    addCheck("cost", checkCost);
  if (isa<DecomposableOpInterface>(op))
    addCheck("decomposition", checkDecomposition);
}

void addFile(ModuleOp module, Coverage &covered) {
  for (auto function : module.getOps<func::FuncOp>()) {
    Case testCase(function);
    if (testCase.op())
      addCase(testCase, covered);
    else
      add("coverage", testCase.name(),
          [] { FAIL() << "expected one graph op in the function"; });
  }
}

/// Ops whose operands or results are never floats: no derivative reaches them.
bool isDiscrete(StringRef op) {
  return StringSwitch<bool>(op)
      .Cases({"graph.and", "graph.or", "graph.xor", "graph.not"}, true)
      .Cases({"graph.shift_left", "graph.shift_right"}, true)
      .Cases({"graph.reduce_and", "graph.reduce_or"}, true)
      .Cases({"graph.argmax", "graph.argmin", "graph.compare"}, true)
      .Cases({"graph.constant", "graph.iota"}, true)
      .Default(false);
}

/// Asks for a case of each facet that an op declares.
void addCoverage(MLIRContext &context, const Coverage &covered) {
  for (RegisteredOperationName name : context.getRegisteredOperations()) {
    if (!isa<graph::GraphDialect>(name.getDialect()))
      continue;
    auto require = [&](const char *facet, bool isDeclared) {
      if (!isDeclared)
        return;
      std::string wanted = facetOf(facet, name.getStringRef());
      bool isCovered = covered.contains(wanted);
      add("coverage", wanted,
          [=] { EXPECT_TRUE(isCovered) << "no case runs it"; });
    };
    bool hasGradient = name.hasInterface<GradientOpInterface>() &&
                       !isDiscrete(name.getStringRef());
    require("vjp", hasGradient);
    require("jvp", hasGradient);
    require("sharding", name.hasInterface<ShardingRuleOpInterface>());
    require("cost", name.hasInterface<CostOpInterface>());
    require("decomposition", name.hasInterface<DecomposableOpInterface>());
  }
}

void printCounts() {
  auto &all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const testing::TestSuite &suite = *all.GetTestSuite(i);
    llvm::outs() << suite.name() << ": " << suite.successful_test_count()
                 << " passed, " << suite.failed_test_count() << " failed\n";
  }
}

} // namespace

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  DialectRegistry registry;
  registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();

  Coverage covered;
  std::vector<OwningOpRef<ModuleOp>> modules;
  for (int i = 1; i < argc; ++i) {
    modules.push_back(parseSourceFile<ModuleOp>(argv[i], &context));
    if (!modules.back()) {
      llvm::errs() << argv[i] << ": cannot be read\n";
      return 1;
    }
    addFile(*modules.back(), covered);
  }
  addCoverage(context, covered);
  int status = RUN_ALL_TESTS();
  printCounts();
  return status;
}
