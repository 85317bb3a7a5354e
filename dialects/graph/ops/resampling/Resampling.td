//===- Resampling.td - Weighted sums of few neighbours -----*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_RESAMPLING
#define MSC_DIALECTS_GRAPH_OPS_RESAMPLING

include "dialects/graph/GraphAttrs.td"

def Graph_ResampleOp : Graph_Op<"resample", [
    Graph_InferType, Graph_Gradient, Graph_Sharding, Graph_Cost,
    Graph_Composite]> {
  let summary = "An axis of a tensor at new positions, interpolated";
  let description = [{
    `result[.., o, ..]` is the sum over `t` of `weights[o, t]` times the operand
    at `indices[o, t]` along `axis`. Indices are read as by `graph.gather`:
    negative ones count from the end, the rest is brought into the operand.

    Every separable resizing of an image is one of these an axis: what is
    interpolated, and how, is in the two small tables, which are made once.

    Constraints:
    - `resample_c1`: `axis` is a dim of the operand, its extent not 0;
    - `resample_c2`: indices and weights are matrices of one shape;
    - `resample_c3`: weights have the operand's element type.

    Example: `%r = graph.resample %a, %i, %w axis = 1 : (tensor<2x8xf32>, tensor<16x2xi64>, tensor<16x2xf32>) -> tensor<2x16xf32>`
  }];
  let arguments = (ins Graph_FloatTensor:$operand,
                       RankedTensorOf<[I32, I64]>:$indices,
                       Graph_FloatTensor:$weights, I64Attr:$axis);
  let results = (outs Graph_FloatTensor:$result);
  let assemblyFormat = [{
    $operand `,` $indices `,` $weights `axis` `=` $axis attr-dict `:`
    functional-type(operands, $result)
  }];
}

#endif
