//===- Convolution.h - Ops of the family convolution ---------------*- C++ -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_CONVOLUTION_CONVOLUTION_H
#define MSC_DIALECTS_GRAPH_OPS_CONVOLUTION_CONVOLUTION_H

#include "dialects/graph/Graph.h"

#define GET_OP_CLASSES
#include "dialects/graph/ops/convolution/Convolution.h.inc"

#endif // MSC_DIALECTS_GRAPH_OPS_CONVOLUTION_CONVOLUTION_H
