//===- Normalization.h - Ops of the family normalization -----------*- C++ -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_NORMALIZATION_NORMALIZATION_H
#define MSC_DIALECTS_GRAPH_OPS_NORMALIZATION_NORMALIZATION_H

#include "dialects/graph/Graph.h"

#define GET_OP_CLASSES
#include "dialects/graph/ops/normalization/Normalization.h.inc"

#endif // MSC_DIALECTS_GRAPH_OPS_NORMALIZATION_NORMALIZATION_H
