//===- Shape.h - Ops of the family shape ---------------------------*- C++ -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_SHAPE_SHAPE_H
#define MSC_DIALECTS_GRAPH_OPS_SHAPE_SHAPE_H

#include "dialects/graph/Graph.h"

#define GET_OP_CLASSES
#include "dialects/graph/ops/shape/Shape.h.inc"

#endif // MSC_DIALECTS_GRAPH_OPS_SHAPE_SHAPE_H
