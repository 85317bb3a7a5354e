//===- Elementwise.h - Ops of the family elementwise ---------------*- C++ -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_ELEMENTWISE_ELEMENTWISE_H
#define MSC_DIALECTS_GRAPH_OPS_ELEMENTWISE_ELEMENTWISE_H

#include "dialects/graph/Graph.h"

#define GET_OP_CLASSES
#include "dialects/graph/ops/elementwise/Elementwise.h.inc"

#endif // MSC_DIALECTS_GRAPH_OPS_ELEMENTWISE_ELEMENTWISE_H
