//===- NpuDialect.cpp - registration of the npu dialect, kernels ----------===//

#include "dialects/npu/Npu.h"

#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace msc::npu;

#include "dialects/npu/NpuDialect.cpp.inc"
#include "dialects/npu/NpuEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/npu/NpuAttrs.cpp.inc"

void NpuDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/npu/NpuAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/npu/NpuOps.cpp.inc"
      >();
}

namespace {

/// The op that was first at one end of a semaphore.
struct Ends {
  Operation *signal = nullptr, *wait = nullptr;
};

} // namespace

static UnitKind getUnit(Operation *op) {
  if (auto signal = dyn_cast<SignalOp>(op))
    return signal.getUnit();
  return cast<WaitOp>(op).getUnit();
}

/// One unit at each end, and not the same.
static LogicalResult verifyEnd(Operation *op, Operation *&mine,
                               Operation *other) {
  if (!mine)
    mine = op;
  if (getUnit(mine) != getUnit(op)) {
    InFlightDiagnostic diag = op->emitOpError()
                              << "expected one unit at this end of a "
                                 "semaphore, got '"
                              << stringifyUnitKind(getUnit(op)) << "' and '"
                              << stringifyUnitKind(getUnit(mine))
                              << "' [kernel_c3]";
    diag.attachNote(mine->getLoc()) << "the other use";
    return diag;
  }
  if (other && getUnit(other) == getUnit(op))
    return op->emitOpError()
           << "expected two units at the ends of a "
              "semaphore, got '"
           << stringifyUnitKind(getUnit(op)) << "' at both [kernel_c3]";
  return success();
}

static LogicalResult verifySemaphores(Operation *kernel) {
  Ends ends[32];
  WalkResult result = kernel->walk([&](Operation *op) {
    bool good = true;
    if (auto signal = dyn_cast<SignalOp>(op)) {
      Ends &end = ends[signal.getSemaphore()];
      good = succeeded(verifyEnd(op, end.signal, end.wait));
    } else if (auto wait = dyn_cast<WaitOp>(op)) {
      Ends &end = ends[wait.getSemaphore()];
      good = succeeded(verifyEnd(op, end.wait, end.signal));
    }
    return good ? WalkResult::advance() : WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

LogicalResult NpuDialect::verifyOperationAttribute(Operation *op,
                                                   NamedAttribute attribute) {
  if (attribute.getName() != kKernelAttr)
    return success();
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function)
    return op->emitError() << "attribute '" << kKernelAttr
                           << "' is for functions only [kernel_c1]";
  if (function.getNumResults())
    return op->emitError() << "expected a kernel without results, got "
                           << function.getNumResults() << " [kernel_c2]";
  for (Type type : function.getArgumentTypes()) {
    auto buffer = dyn_cast<MemRefType>(type);
    if (type.isIndex() || (buffer && !buffer.getMemorySpace()))
      continue;
    return op->emitError() << "expected buffers without memory space and "
                              "'index' as arguments of a kernel, got "
                           << type << " [kernel_c2]";
  }
  return verifySemaphores(op);
}
