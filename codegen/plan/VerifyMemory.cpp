//===- VerifyMemory.cpp - all memory is planned ---------------------------===//
//
// The border between planning and code: whatever allocates, still is a tensor,
// or computes outside of a region has been missed by a pass before.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANVERIFYMEMORY
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;

static bool isTensor(Type type) { return isa<TensorType>(type); }

// What is wrong anywhere in planned code.
static LogicalResult verifyOp(Operation *op) {
  if (isa<memref::AllocOp, memref::ReallocOp, bufferization::AllocTensorOp,
          bufferization::CloneOp>(op))
    return op->emitError("expected no allocation once memory is planned");
  if (llvm::any_of(op->getOperandTypes(), isTensor) ||
      llvm::any_of(op->getResultTypes(), isTensor))
    return op->emitError("expected no tensor once memory is planned");
  return success();
}

namespace {

struct VerifyMemory : codegen::impl::PlanVerifyMemoryBase<VerifyMemory> {
  using PlanVerifyMemoryBase::PlanVerifyMemoryBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    bool ok = true;
    auto check = [&](func::FuncOp function, bool isRegion) {
      if (function->hasAttr("msc.prepare"))
        return;
      if (llvm::any_of(function.getArgumentTypes(), isTensor)) {
        function.emitError("expected no tensor once memory is planned");
        ok = false;
      }
      function.walk([&](Operation *op) {
        ok &= succeeded(verifyOp(op));
        if (isRegion)
          return;
        if (isa<linalg::LinalgOp>(op)) {
          op->emitError("expected no computation outside of a region");
          ok = false;
        } else if (isa<memref::CopyOp>(op) && !allowCopies) {
          op->emitError("expected no copy");
          ok = false;
        }
      });
    };
    for (auto function : module.getOps<func::FuncOp>())
      check(function, /*isRegion=*/false);
    if (ModuleOp regions = plan::lookupRegions(module))
      for (auto function : regions.getOps<func::FuncOp>())
        check(function, /*isRegion=*/true);
    if (!ok)
      signalPassFailure();
  }
};

} // namespace
