// Attention and its backward op.

func.func @attention(%q: tensor<2x2x2x3xf64>, %k: tensor<2x2x3x3xf64>, %v: tensor<2x2x3x2xf64>)
    -> (tensor<2x2x2x2xf64>, tensor<2x2x2xf64>) attributes {splits = 3} {
  %r:2 = graph.attention %q, %k, %v scale = 0.5
    : (tensor<2x2x2x3xf64>, tensor<2x2x3x3xf64>, tensor<2x2x3x2xf64>) -> (tensor<2x2x2x2xf64>, tensor<2x2x2xf64>)
  return %r#0, %r#1 : tensor<2x2x2x2xf64>, tensor<2x2x2xf64>
}

// Two query heads a key head, a mask for all heads, capped scores.
func.func @attention_grouped(%q: tensor<2x4x2x3xf64>, %k: tensor<2x2x3x3xf64>, %v: tensor<2x2x3x2xf64>,
                             %m: tensor<2x1x2x3xf64>)
    -> (tensor<2x4x2x2xf64>, tensor<2x4x2xf64>) attributes {splits = 4} {
  %r:2 = graph.attention %q, %k, %v mask(%m) scale = 0.5 softcap = 2.0
    : (tensor<2x4x2x3xf64>, tensor<2x2x3x3xf64>, tensor<2x2x3x2xf64>, tensor<2x1x2x3xf64>)
    -> (tensor<2x4x2x2xf64>, tensor<2x4x2xf64>)
  return %r#0, %r#1 : tensor<2x4x2x2xf64>, tensor<2x4x2xf64>
}

// The first of three queries sees one of three keys.
func.func @attention_causal(%q: tensor<2x1x3x2xf64>, %k: tensor<2x1x3x2xf64>, %v: tensor<2x1x3x2xf64>)
    -> (tensor<2x1x3x2xf64>, tensor<2x1x3xf64>) attributes {splits = 1} {
  %r:2 = graph.attention %q, %k, %v scale = 1.0 causal
    : (tensor<2x1x3x2xf64>, tensor<2x1x3x2xf64>, tensor<2x1x3x2xf64>) -> (tensor<2x1x3x2xf64>, tensor<2x1x3xf64>)
  return %r#0, %r#1 : tensor<2x1x3x2xf64>, tensor<2x1x3xf64>
}

func.func @attention_boolean(%q: tensor<1x2x2x2xf64>, %k: tensor<1x2x3x2xf64>, %v: tensor<1x2x3x2xf64>,
                             %m: tensor<1x1x2x3xi1>) -> tensor<1x2x2x2xf64> {
  %d = tensor.cast %q : tensor<1x2x2x2xf64> to tensor<?x2x?x2xf64>
  %e = tensor.cast %k : tensor<1x2x3x2xf64> to tensor<?x2x?x2xf64>
  %f = tensor.cast %v : tensor<1x2x3x2xf64> to tensor<?x2x?x2xf64>
  %n = tensor.cast %m : tensor<1x1x2x3xi1> to tensor<1x1x?x?xi1>
  %r:2 = graph.attention %d, %e, %f mask(%n) scale = 0.5 causal
    : (tensor<?x2x?x2xf64>, tensor<?x2x?x2xf64>, tensor<?x2x?x2xf64>, tensor<1x1x?x?xi1>)
    -> (tensor<?x2x?x2xf64>, tensor<?x2x?xf64>)
  %s = tensor.cast %r#0 : tensor<?x2x?x2xf64> to tensor<1x2x2x2xf64>
  return %s : tensor<1x2x2x2xf64>
}

func.func @attention_grad(%q: tensor<2x2x2x3xf64>, %k: tensor<2x2x3x3xf64>, %v: tensor<2x2x3x2xf64>,
                          %l: tensor<2x2x2xf64>, %delta: tensor<2x2x2xf64>, %g: tensor<2x2x2x2xf64>)
    -> (tensor<2x2x2x3xf64>, tensor<2x2x3x3xf64>, tensor<2x2x3x2xf64>) attributes {splits = 2} {
  %r:3 = graph.attention_grad %q, %k, %v, %l, %delta, %g scale = 0.5
    : (tensor<2x2x2x3xf64>, tensor<2x2x3x3xf64>, tensor<2x2x3x2xf64>, tensor<2x2x2xf64>, tensor<2x2x2xf64>,
       tensor<2x2x2x2xf64>) -> (tensor<2x2x2x3xf64>, tensor<2x2x3x3xf64>, tensor<2x2x3x2xf64>)
  return %r#0, %r#1, %r#2 : tensor<2x2x2x3xf64>, tensor<2x2x3x3xf64>, tensor<2x2x3x2xf64>
}

func.func @attention_grad_mask(%q: tensor<2x4x2x2xf64>, %k: tensor<2x2x3x2xf64>, %v: tensor<2x2x3x2xf64>,
                               %l: tensor<2x4x2xf64>, %delta: tensor<2x4x2xf64>, %g: tensor<2x4x2x2xf64>,
                               %m: tensor<2x1x1x3xf64>)
    -> (tensor<2x4x2x2xf64>, tensor<2x2x3x2xf64>, tensor<2x2x3x2xf64>, tensor<2x1x1x3xf64>) attributes {splits = 1} {
  %r:4 = graph.attention_grad %q, %k, %v, %l, %delta, %g mask(%m) scale = 0.5 softcap = 2.0 causal
    : (tensor<2x4x2x2xf64>, tensor<2x2x3x2xf64>, tensor<2x2x3x2xf64>, tensor<2x4x2xf64>, tensor<2x4x2xf64>,
       tensor<2x4x2x2xf64>, tensor<2x1x1x3xf64>)
    -> (tensor<2x4x2x2xf64>, tensor<2x2x3x2xf64>, tensor<2x2x3x2xf64>, tensor<2x1x1x3xf64>)
  return %r#0, %r#1, %r#2, %r#3
    : tensor<2x4x2x2xf64>, tensor<2x2x3x2xf64>, tensor<2x2x3x2xf64>, tensor<2x1x1x3xf64>
}
