//===- AttentionCost.cpp - Work of attention ------------------------------===//
//
// The work of the expansions, which grows with S x T; the traffic of the ops as
// wholes, which doesn't.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/attention/Attention.h"
#include "dialects/interfaces/ExpansionCost.h"

using namespace msc;
using namespace msc::graph;

OpCost AttentionOp::getCost(DimSizeFn dimSize) {
  return costByExpansion(*this, dimSize);
}
OpCost AttentionGradOp::getCost(DimSizeFn dimSize) {
  return costByExpansion(*this, dimSize);
}
