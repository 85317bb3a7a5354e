//===- Sorting.td - Elements in order ----------------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_SORTING
#define MSC_DIALECTS_GRAPH_OPS_SORTING

include "dialects/graph/GraphAttrs.td"

def Graph_TopKOp : Graph_Op<"top_k", [
    Graph_Gradient, Graph_Sharding, Graph_Cost]> {
  let summary = "The largest or smallest elements along an axis, in order";
  let description = [{
    Along `axis` the results hold the `k` largest elements of the operand, the
    largest first, and their places (i64), or the smallest ones if `smallest`.
    Of equal elements the one at the lower place comes first. NaN is larger than
    any number, and all NaN are equal. `k` is the results' extent along `axis`;
    with the operand's own extent this is a stable sort.

    `size` is that extent where it is dynamic. What exceeds the operand's extent
    is 0 in both results.

    Constraints:
    - `top_k_c1`: `axis` is a dim of the operand;
    - `top_k_c2`: but for `axis` the results have the operand's shape;
    - `top_k_c3`: `k` is not larger than the operand's extent, as far as both
      are known;
    - `top_k_c4`: a size if, and only if, the results' extent along `axis` is
      dynamic;
    - `top_k_c5`: values have the operand's element type, which is no boolean.

    Example: `%v, %i = graph.top_k %a axis = 1 : tensor<2x8xf32> to tensor<2x3xf32>, tensor<2x3xi64>`
  }];
  let arguments = (ins Graph_Tensor:$operand, Optional<Index>:$size,
                       I64Attr:$axis, UnitAttr:$smallest);
  let results = (outs Graph_Tensor:$values, RankedTensorOf<[I64]>:$indices);
  let assemblyFormat = [{
    $operand `axis` `=` $axis (`size` `(` $size^ `)`)? (`smallest` $smallest^)?
    attr-dict `:` type($operand) `to` type($values) `,` type($indices)
  }];
  let hasVerifier = 1;
}

#endif
