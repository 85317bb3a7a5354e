//===- ReductionCost.cpp - Cost of reductions -----------------------------===//
//
// One operation for each element of the operand, the first included: it is
// combined with the identity. For an index it is three: a comparison and two
// selections, of the value and of the index.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/reduction/Reduction.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

static OpCost costOfReduction(Operation *op, DimSizeFn dimSize,
                              double perElement) {
  OpCost cost = trafficCost(op, dimSize);
  cost.flops = perElement * numElements(op->getOperand(0), dimSize);
  return cost;
}

#define REDUCTION(OP, PER_ELEMENT)                                             \
  OpCost OP::getCost(DimSizeFn dimSize) {                                      \
    return costOfReduction(*this, dimSize, PER_ELEMENT);                       \
  }

REDUCTION(ReduceSumOp, 1)
REDUCTION(ReduceProdOp, 1)
REDUCTION(ReduceMaxOp, 1)
REDUCTION(ReduceMinOp, 1)
REDUCTION(ReduceAndOp, 1)
REDUCTION(ReduceOrOp, 1)
REDUCTION(ArgMaxOp, 3)
REDUCTION(ArgMinOp, 3)
