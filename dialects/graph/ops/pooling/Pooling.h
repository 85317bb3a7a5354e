//===- Pooling.h - Ops of the family pooling -----------------------*- C++ -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_POOLING_POOLING_H
#define MSC_DIALECTS_GRAPH_OPS_POOLING_POOLING_H

#include "dialects/graph/Graph.h"

#define GET_OP_CLASSES
#include "dialects/graph/ops/pooling/Pooling.h.inc"

#endif // MSC_DIALECTS_GRAPH_OPS_POOLING_POOLING_H
