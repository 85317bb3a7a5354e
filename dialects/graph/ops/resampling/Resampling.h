//===- Resampling.h - Ops of the family resampling -----------------*- C++
//-*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_RESAMPLING_RESAMPLING_H
#define MSC_DIALECTS_GRAPH_OPS_RESAMPLING_RESAMPLING_H

#include "dialects/graph/Graph.h"

#define GET_OP_CLASSES
#include "dialects/graph/ops/resampling/Resampling.h.inc"

#endif // MSC_DIALECTS_GRAPH_OPS_RESAMPLING_RESAMPLING_H
