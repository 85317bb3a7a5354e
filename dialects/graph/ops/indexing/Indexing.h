//===- Indexing.h - Ops of the family indexing ---------------------*- C++
//-*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_INDEXING_INDEXING_H
#define MSC_DIALECTS_GRAPH_OPS_INDEXING_INDEXING_H

#include "dialects/graph/Graph.h"
#include "dialects/graph/ops/indexing/IndexSpec.h"

#define GET_OP_CLASSES
#include "dialects/graph/ops/indexing/Indexing.h.inc"

#endif // MSC_DIALECTS_GRAPH_OPS_INDEXING_INDEXING_H
