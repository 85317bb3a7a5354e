//===- Reduction.h - Ops of the family reduction -------------------*- C++ -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_REDUCTION_REDUCTION_H
#define MSC_DIALECTS_GRAPH_OPS_REDUCTION_REDUCTION_H

#include "dialects/graph/Graph.h"

#define GET_OP_CLASSES
#include "dialects/graph/ops/reduction/Reduction.h.inc"

#endif // MSC_DIALECTS_GRAPH_OPS_REDUCTION_REDUCTION_H
