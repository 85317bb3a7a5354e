//===- OwnDestinations.cpp - a destination of its own for each use --------===//
//
// CSE and loop-invariant code motion merge equal `tensor.empty` and
// `linalg.fill` ops. To bufferisation that reads as if their users shared one
// buffer, and each but the last gets a copy of it. Undone here, before anything
// looks at destinations.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANOWNDESTINATIONS
#include "codegen/regions/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;

// %e used by a, b  ->  %e0 used by a, %e1 used by b, each before its user.
template <typename OpTy> static void cloneForEachUse(func::FuncOp function) {
  SmallVector<OpTy> ops;
  function.walk([&](OpTy op) { ops.push_back(op); });
  for (OpTy op : ops) {
    if (op->getNumResults() != 1) // a fill on buffers
      continue;
    for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
      OpBuilder builder(use.getOwner());
      use.set(builder.clone(*op.getOperation())->getResult(0));
    }
    op->erase();
  }
}

namespace {

struct OwnDestinations
    : codegen::impl::PlanOwnDestinationsBase<OwnDestinations> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function->hasAttr("msc.prepare"))
      return;
    cloneForEachUse<linalg::FillOp>(function); // first: it uses empties
    cloneForEachUse<tensor::EmptyOp>(function);
  }
};

} // namespace
