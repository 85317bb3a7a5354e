//===- TiedValues.cpp - which tensors are the new contents of which
//---------===//

#include "codegen/plan/TiedValues.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

using namespace mlir;

bool msc::codegen::isMadeIn(Value value, Value dest) {
  while (value != dest) {
    auto result = dyn_cast<OpResult>(value);
    if (!result)
      return false;
    Operation *op = result.getOwner();
    if (auto materialize =
            dyn_cast<bufferization::MaterializeInDestinationOp>(op)) {
      value = materialize.getDest();
    } else if (auto styled = dyn_cast<DestinationStyleOpInterface>(op)) {
      value = styled.getTiedOpOperand(result)->get();
    } else if (auto loop = dyn_cast<LoopLikeOpInterface>(op)) {
      OpOperand *init = loop.getTiedLoopInit(result);
      if (!init)
        return false;
      value = init->get();
    } else {
      return false;
    }
  }
  return true;
}
