//===- AssignMemory.cpp - Addresses of buffers on the chip ----------------===//
// Units run ahead of each other, so that two buffers could share memory only
// with signals between their users: none do, and each gets a place of its own.
//===----------------------------------------------------------------------===//
#include "codegen/npu/Passes.h"
#include "dialects/npu/Npu.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "runtime/npu/Isa.h"

using namespace mlir;

namespace msc::npu {
#define GEN_PASS_DEF_ASSIGNMEMORY
#include "codegen/npu/Passes.h.inc"
} // namespace msc::npu

using namespace msc::npu;

namespace {

struct AssignMemory : msc::npu::impl::AssignMemoryBase<AssignMemory> {
  using AssignMemoryBase::AssignMemoryBase;

  void runOnOperation() override {
    func::FuncOp kernel = getOperation();
    if (!kernel->hasAttr(kKernelAttr))
      return;
    int64_t local = 0, accumulators = 0;
    OpBuilder builder(kernel);
    kernel.walk([&](AllocOp alloc) {
      bool isAcc = isAccumulator(cast<MemRefType>(alloc.getBuffer().getType()));
      int64_t &used = isAcc ? accumulators : local;
      int64_t base = isAcc ? int64_t(kAccumulatorBase) : 0;
      alloc.setAddressAttr(builder.getI64IntegerAttr(base + used));
      used += alloc.getBytes();
    });
    kernel->setAttr(kLocalBytesAttr, builder.getI64IntegerAttr(local));
    kernel->setAttr(kAccBytesAttr, builder.getI64IntegerAttr(accumulators));
    if (failed(check(kernel, "local memory", local, kLocalBytes)) ||
        failed(check(kernel, "accumulators", accumulators, kAccumulatorBytes)))
      signalPassFailure();
  }

  static LogicalResult check(func::FuncOp kernel, StringRef what, int64_t used,
                             int64_t available) {
    if (used <= available)
      return success();
    return kernel.emitError()
           << "expected at most " << available << " bytes of " << what
           << " to be used, got " << used;
  }
};

} // namespace
