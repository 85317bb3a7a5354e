//===- ExpandSelects.cpp - Choosing between buffers -----------------------===//
// A branch that computes nothing is canonicalised into a select, of buffers
// too; upstream lowers only those of scalars and vectors.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/Passes.h"

using namespace mlir;

namespace msc::cpu {
#define GEN_PASS_DEF_EXPANDSELECTS
#include "codegen/cpu/Passes.h.inc"
} // namespace msc::cpu

namespace {

struct ExpandSelects : msc::cpu::impl::ExpandSelectsBase<ExpandSelects> {
  void runOnOperation() override {
    SmallVector<arith::SelectOp> selects;
    getOperation().walk([&](arith::SelectOp select) {
      if (isa<MemRefType>(select.getType()))
        selects.push_back(select);
    });
    // select %c, %a, %b  ->  if %c { yield %a } else { yield %b }
    for (arith::SelectOp select : selects) {
      OpBuilder builder(select);
      auto branch = scf::IfOp::create(
          builder, select.getLoc(), select.getCondition(),
          [&](OpBuilder &inner, Location loc) {
            scf::YieldOp::create(inner, loc, select.getTrueValue());
          },
          [&](OpBuilder &inner, Location loc) {
            scf::YieldOp::create(inner, loc, select.getFalseValue());
          });
      select.replaceAllUsesWith(branch.getResult(0));
      select.erase();
    }
  }
};

} // namespace
