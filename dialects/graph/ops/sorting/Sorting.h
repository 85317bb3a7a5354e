//===- Sorting.h - Ops of the family sorting -----------------------*- C++
//-*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_SORTING_SORTING_H
#define MSC_DIALECTS_GRAPH_OPS_SORTING_SORTING_H

#include "dialects/graph/Graph.h"

#define GET_OP_CLASSES
#include "dialects/graph/ops/sorting/Sorting.h.inc"

#endif // MSC_DIALECTS_GRAPH_OPS_SORTING_SORTING_H
