// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @rank(%q: tensor<8x4x16xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{attention_c1: expected operands of rank 4, got 'tensor<8x4x16xf32>'}}
  %0:2 = graph.attention %q, %q, %q scale = 1.0
    : (tensor<8x4x16xf32>, tensor<8x4x16xf32>, tensor<8x4x16xf32>) -> (tensor<8x4x16xf32>, tensor<8x4xf32>)
  return
}

// -----

func.func @type(%q: tensor<1x2x4x8xf32>, %k: tensor<1x2x4x8xf64>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{attention_c1: expected operands of element type 'f32', got 'f64'}}
  %0:2 = graph.attention %q, %k, %q scale = 1.0
    : (tensor<1x2x4x8xf32>, tensor<1x2x4x8xf64>, tensor<1x2x4x8xf32>) -> (tensor<1x2x4x8xf32>, tensor<1x2x4xf32>)
  return
}

// -----

func.func @mask_type(%q: tensor<1x2x4x8xf32>, %m: tensor<1x1x4x4xi32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{attention_c1: expected a mask of element type 'f32' or i1, got 'i32'}}
  %0:2 = graph.attention %q, %q, %q mask(%m) scale = 1.0
    : (tensor<1x2x4x8xf32>, tensor<1x2x4x8xf32>, tensor<1x2x4x8xf32>, tensor<1x1x4x4xi32>)
    -> (tensor<1x2x4x8xf32>, tensor<1x2x4xf32>)
  return
}

// -----

func.func @extents(%q: tensor<1x2x4x8xf32>, %k: tensor<1x2x6x8xf32>) {
  // expected-error @+1 {{attention_c2: expected query [B, H, S, D], key [B, K, T, D] and value [B, K, T, E], got 'tensor<1x2x4x8xf32>', 'tensor<1x2x6x8xf32>' and 'tensor<1x2x4x8xf32>'}}
  %0:2 = graph.attention %q, %k, %q scale = 1.0
    : (tensor<1x2x4x8xf32>, tensor<1x2x6x8xf32>, tensor<1x2x4x8xf32>) -> (tensor<1x2x4x8xf32>, tensor<1x2x4xf32>)
  return
}

// -----

func.func @heads(%q: tensor<1x3x4x8xf32>, %k: tensor<1x2x4x8xf32>) {
  // expected-error @+1 {{attention_c3: expected a number of query heads that is a multiple of the key heads, got 'tensor<1x3x4x8xf32>' and 'tensor<1x2x4x8xf32>'}}
  %0:2 = graph.attention %q, %k, %k scale = 1.0
    : (tensor<1x3x4x8xf32>, tensor<1x2x4x8xf32>, tensor<1x2x4x8xf32>) -> (tensor<1x3x4x8xf32>, tensor<1x3x4xf32>)
  return
}

// -----

func.func @mask(%q: tensor<1x2x4x8xf32>, %m: tensor<1x1x4x1xf32>) {
  // expected-error @+1 {{attention_c4: expected a mask of extents [1 or 1, 2 or 1, 4 or 1, 4], got 'tensor<1x1x4x1xf32>'}}
  %0:2 = graph.attention %q, %q, %q mask(%m) scale = 1.0
    : (tensor<1x2x4x8xf32>, tensor<1x2x4x8xf32>, tensor<1x2x4x8xf32>, tensor<1x1x4x1xf32>)
    -> (tensor<1x2x4x8xf32>, tensor<1x2x4xf32>)
  return
}

// -----

func.func @lse(%q: tensor<1x2x4x8xf16>, %l: tensor<1x2x4xf16>) {
  // expected-error @+1 {{attention_grad_c1: expected lse and delta of type 'tensor<1x2x4xf32>', got 'tensor<1x2x4xf16>'}}
  %0:3 = graph.attention_grad %q, %q, %q, %l, %l, %q scale = 1.0
    : (tensor<1x2x4x8xf16>, tensor<1x2x4x8xf16>, tensor<1x2x4x8xf16>, tensor<1x2x4xf16>, tensor<1x2x4xf16>,
       tensor<1x2x4x8xf16>) -> (tensor<1x2x4x8xf16>, tensor<1x2x4x8xf16>, tensor<1x2x4x8xf16>)
  return
}

// -----

func.func @g(%q: tensor<1x2x4x8xf32>, %l: tensor<1x2x4xf32>, %g: tensor<1x2x4x6xf32>) {
  // expected-error @+1 {{attention_grad_c1: expected g of type 'tensor<1x2x4x8xf32>', got 'tensor<1x2x4x6xf32>'}}
  %0:3 = graph.attention_grad %q, %q, %q, %l, %l, %g scale = 1.0
    : (tensor<1x2x4x8xf32>, tensor<1x2x4x8xf32>, tensor<1x2x4x8xf32>, tensor<1x2x4xf32>, tensor<1x2x4xf32>,
       tensor<1x2x4x6xf32>) -> (tensor<1x2x4x8xf32>, tensor<1x2x4x8xf32>, tensor<1x2x4x8xf32>)
  return
}
