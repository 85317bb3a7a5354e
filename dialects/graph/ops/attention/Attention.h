//===- Attention.h - Ops of the family attention -------------------*- C++
//-*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_ATTENTION_ATTENTION_H
#define MSC_DIALECTS_GRAPH_OPS_ATTENTION_ATTENTION_H

#include "dialects/graph/Graph.h"

#define GET_OP_CLASSES
#include "dialects/graph/ops/attention/Attention.h.inc"

#endif // MSC_DIALECTS_GRAPH_OPS_ATTENTION_ATTENTION_H
