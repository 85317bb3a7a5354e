//===- Contraction.h - Ops of the family contraction ---------------*- C++ -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_CONTRACTION_CONTRACTION_H
#define MSC_DIALECTS_GRAPH_OPS_CONTRACTION_CONTRACTION_H

#include "dialects/graph/Graph.h"

#define GET_OP_CLASSES
#include "dialects/graph/ops/contraction/Contraction.h.inc"

#endif // MSC_DIALECTS_GRAPH_OPS_CONTRACTION_CONTRACTION_H
