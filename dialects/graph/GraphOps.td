//===- GraphOps.td - All families --------------------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS
#define MSC_DIALECTS_GRAPH_OPS

include "dialects/graph/ops/attention/Attention.td"
include "dialects/graph/ops/contraction/Contraction.td"
include "dialects/graph/ops/convolution/Convolution.td"
include "dialects/graph/ops/elementwise/Elementwise.td"
include "dialects/graph/ops/indexing/Indexing.td"
include "dialects/graph/ops/normalization/Normalization.td"
include "dialects/graph/ops/pooling/Pooling.td"
include "dialects/graph/ops/reduction/Reduction.td"
include "dialects/graph/ops/resampling/Resampling.td"
include "dialects/graph/ops/shape/Shape.td"
include "dialects/graph/ops/sorting/Sorting.td"

#endif
