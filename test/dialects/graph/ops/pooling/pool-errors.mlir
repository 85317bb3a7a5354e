// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @rank(%a: tensor<1x3xf32>) -> tensor<1x3xf32> {
  // expected-error @+2 {{pool_c1: expected a rank of 3 to 5, got 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.max_pool %a {window = array<i64>, strides = array<i64>, padding_low = array<i64>, padding_high = array<i64>,
      dilations = array<i64>, layout = #graph.layout<channels_first>}
      : (tensor<1x3xf32>) -> tensor<1x3xf32>
  return %r : tensor<1x3xf32>
}

// -----

func.func @window(%a: tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32> {
  // expected-error @+2 {{pool_c1: expected 2 window extents, one per spatial dim, got 1}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.max_pool %a {window = array<i64: 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32>
  return %r : tensor<1x3x4x4xf32>
}

// -----

func.func @empty_window(%a: tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32> {
  // expected-error @+2 {{pool_c1: expected window extents of at least 1 and below 2^31, got 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.max_pool %a {window = array<i64: 2, 0>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32>
  return %r : tensor<1x3x4x4xf32>
}

// -----

func.func @strides(%a: tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32> {
  // expected-error @+2 {{pool_c1: expected strides of at least 1 and below 2^31, got -2}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.avg_pool %a {window = array<i64: 2, 2>, strides = array<i64: -2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>, count_include_pad = true}
      : (tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32>
  return %r : tensor<1x3x4x4xf32>
}

// -----

func.func @padding(%a: tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32> {
  // expected-error @+2 {{pool_c1: expected paddings smaller than the window's length of 2, got 0 and 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.max_pool %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 2>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32>
  return %r : tensor<1x3x4x4xf32>
}

// -----

func.func @too_small(%a: tensor<1x3x8x1xf32>) -> tensor<1x3x7x0xf32> {
  // expected-error @+2 {{pool_c2: expected windows that fit into the padded image, got an extent of -1 for one of 1}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.max_pool %a {window = array<i64: 2, 3>, strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x1xf32>) -> tensor<1x3x7x0xf32>
  return %r : tensor<1x3x7x0xf32>
}

// -----

func.func @result(%a: tensor<1x3x8x8xf32>) -> tensor<1x3x4x5xf32> {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{inferred type(s) 'tensor<1x3x4x4xf32>' are incompatible with return type(s) of operation 'tensor<1x3x4x5xf32>'}}
  %r = graph.max_pool %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>) -> tensor<1x3x4x5xf32>
  return %r : tensor<1x3x4x5xf32>
}

// -----

func.func @gather(%a: tensor<1x3x8x8xf32>, %b: tensor<1x3x4x4xf32>) -> tensor<1x3x4x4xf32> {
  // expected-error @+2 {{max_pool_gather_c1: expected values of the shape of the input 'tensor<1x3x8x8xf32>', got 'tensor<1x3x4x4xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.max_pool_gather %a, %b {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<1x3x4x4xf32>) -> tensor<1x3x4x4xf32>
  return %r : tensor<1x3x4x4xf32>
}

// -----

func.func @scatter(%a: tensor<1x3x8x8xf32>, %b: tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32> {
  // expected-error @+2 {{max_pool_scatter_c1: expected a cotangent of type 'tensor<1x3x4x4xf32>', got 'tensor<1x3x8x8xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.max_pool_scatter %a, %b {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32>
  return %r : tensor<1x3x8x8xf32>
}

// -----

func.func @grad(%a: tensor<1x3x4x5xf32>) -> tensor<1x3x8x8xf32> {
  // expected-error @+1 {{avg_pool_grad_c1: expected a cotangent of type 'tensor<1x3x4x4xf32>', got 'tensor<1x3x4x5xf32>'}}
  %r = graph.avg_pool_grad %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>, count_include_pad = true}
      : tensor<1x3x4x5xf32> to tensor<1x3x8x8xf32>
  return %r : tensor<1x3x8x8xf32>
}

// -----

func.func @grad_attributes(%a: tensor<1x3x4x4xf32>) -> tensor<1x3x8x8xf32> {
  // expected-error @+1 {{pool_c1: expected 2 dilations, one per spatial dim, got 1}}
  %r = graph.avg_pool_grad %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1>, layout = #graph.layout<channels_first>, count_include_pad = true}
      : tensor<1x3x4x4xf32> to tensor<1x3x8x8xf32>
  return %r : tensor<1x3x8x8xf32>
}

// -----

func.func @grad_sizes(%a: tensor<?x3x4x4xf32>) -> tensor<?x3x8x8xf32> {
  // expected-error @+1 {{avg_pool_grad_c2: expected 1 sizes, one per dynamic dim of 'tensor<?x3x8x8xf32>', got 0}}
  %r = graph.avg_pool_grad %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>, count_include_pad = true}
      : tensor<?x3x4x4xf32> to tensor<?x3x8x8xf32>
  return %r : tensor<?x3x8x8xf32>
}
