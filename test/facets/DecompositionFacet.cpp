//===- DecompositionFacet.cpp - Expansions against whole ops --------------===//

#include "dialects/interfaces/Decomposition.h"
#include "mlir/IR/Verifier.h"
#include "test/facets/Case.h"
#include "test/facets/Execution.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace msc;
using namespace msc::facets;

static constexpr double kTolerance = 1e-12;

void facets::checkDecomposition(const Case &testCase) {
  OwningOpRef<ModuleOp> module = testCase.module();
  func::FuncOp expanded = primalOf(*module).clone();
  expanded.setName("expanded");
  module->push_back(expanded);
  auto op = cast<DecomposableOpInterface>(graphOpOf(expanded));
  OpBuilder builder(op);
  auto values = op.decompose(builder, op->getOperands());
  ASSERT_TRUE(succeeded(values)) << "no decomposition";
  op->replaceAllUsesWith(*values);
  op->erase();
  ASSERT_TRUE(succeeded(verify(*module)));

  auto execution = Execution::lower(*module);
  ASSERT_TRUE(succeeded(execution)) << "does not compile";
  std::vector<Array> inputs = testCase.inputs(expanded);
  std::vector<Array> whole = (*execution)->run("primal", inputs);
  std::vector<Array> parts = (*execution)->run("expanded", inputs);
  for (unsigned i = 0; i < whole.size(); ++i)
    for (int64_t j = 0; j < whole[i].size(); ++j)
      ASSERT_NEAR(whole[i].get(j), parts[i].get(j),
                  kTolerance * (1 + std::abs(whole[i].get(j))))
          << "result " << i << ", element " << j;
}
