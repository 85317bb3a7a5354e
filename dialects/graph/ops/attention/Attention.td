//===- Attention.td - Scaled dot-product attention ---------*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_ATTENTION
#define MSC_DIALECTS_GRAPH_OPS_ATTENTION

include "dialects/graph/GraphAttrs.td"

def Graph_AttentionOp : Graph_Op<"attention", [
    Graph_InferType, Graph_Gradient, Graph_Sharding, Graph_Cost,
    Graph_Composite]> {
  let summary = "Values weighed by the softmax of query times key";
  let description = [{
    `query` [B, H, S, D], `key` [B, K, T, D] and `value` [B, K, T, E] give
    `result` [B, H, S, E]. Query head `h` reads head `h / (H / K)` of key and
    value (grouped queries). For query `i` and key `j`:

    - `score = scale * sum over d of query[i, d] * key[j, d]`;
    - with `softcap` c: `c * tanh(score / c)`;
    - `mask` is added if it is float; if it is boolean, or `causal` is set, -inf
      takes the place of a score where the mask is false, or where
      `j > i + T - S` (the last query sees all keys).

    The weights are the softmax of the scores over `j`; a query that sees no key
    (all scores -inf, with a mask or `causal`) has weights and a result of zero.
    `lse` [B, H, S] is the logarithm of the sum of exp(score), from which
    `graph.attention_grad` makes the weights again. Scores, weights and `lse`
    are f32 where the operands are narrower; the result is rounded once.

    `mask` is [B or 1, H or 1, S or 1, T], each 1 being static and repeated.

    Vaswani et al., Attention Is All You Need (2017); Dao et al.,
    FlashAttention (2022) for the backward pass. Front ends and
    `-graph-raise-composites` create it.

    Constraints:
    - `attention_c1`: operands of rank 4 and one float type (but a boolean
      mask);
    - `attention_c2`: B, D, K and T are compatible where they occur twice;
    - `attention_c3`: H and K are static and K divides H;
    - `attention_c4`: dims of the mask are 1 or compatible.

    Example: `%r:2 = graph.attention %q, %k, %v scale = 0.125 : (tensor<1x8x4x64xf32>, tensor<1x8x6x64xf32>, tensor<1x8x6x64xf32>) -> (tensor<1x8x4x64xf32>, tensor<1x8x4xf32>)`
  }];
  let arguments = (ins Graph_FloatTensor:$query, Graph_FloatTensor:$key,
    Graph_FloatTensor:$value, Optional<Graph_Tensor>:$mask, F64Attr:$scale,
    OptionalAttr<F64Attr>:$softcap, UnitAttr:$causal);
  let results = (outs Graph_FloatTensor:$result, Graph_FloatTensor:$lse);
  let assemblyFormat = [{
    $query `,` $key `,` $value (`mask` `(` $mask^ `)`)? `scale` `=` $scale
    (`softcap` `=` $softcap^)? (`causal` $causal^)? attr-dict `:`
    functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Graph_AttentionGradOp : Graph_Op<"attention_grad", [
    Graph_InferType, Graph_Gradient, Graph_Sharding, Graph_Cost,
    Graph_Composite]> {
  let summary = "Cotangents of query, key, value and mask of an attention";
  let description = [{
    For the cotangent `g` [B, H, S, E] of the result of `graph.attention` with
    these operands and attributes, its `lse`, and
    `delta = sum over e of g * result` less the cotangent of `lse`, both
    [B, H, S]: with the weights `P = exp(score - lse)`,

    - `d_value = P^T g`, summed over the heads of a group;
    - the scores' cotangent `P * (g value^T - delta)`, which is also that of a
      float mask (summed over its dims of 1);
    - before the mask, with `softcap`: times `1 - tanh(score / c)^2`;
    - `d_query = scale * d_score key`, `d_key = scale * d_score^T query`.

    `d_mask` is there if the mask is float. Created by the gradient of
    `graph.attention`; nothing of size S x T has to be stored between them.

    Constraints: as `graph.attention`; and
    - `attention_grad_c1`: `g`, `lse` and `delta` have the types that the
      attention's results have (`delta` that of `lse`).
  }];
  let arguments = (ins Graph_FloatTensor:$query, Graph_FloatTensor:$key,
    Graph_FloatTensor:$value, Graph_FloatTensor:$lse, Graph_FloatTensor:$delta,
    Graph_FloatTensor:$g, Optional<Graph_Tensor>:$mask, F64Attr:$scale,
    OptionalAttr<F64Attr>:$softcap, UnitAttr:$causal);
  let results = (outs Graph_FloatTensor:$d_query, Graph_FloatTensor:$d_key,
    Graph_FloatTensor:$d_value, Optional<Graph_FloatTensor>:$d_mask);
  let assemblyFormat = [{
    $query `,` $key `,` $value `,` $lse `,` $delta `,` $g
    (`mask` `(` $mask^ `)`)? `scale` `=` $scale (`softcap` `=` $softcap^)?
    (`causal` $causal^)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif
