// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @rank(%a: tensor<1x3xf32>, %b: tensor<16x3xf32>) -> tensor<1x16xf32> {
  // expected-error @+2 {{conv_c1: expected a rank of 3 to 5, got 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64>, padding_low = array<i64>, padding_high = array<i64>, dilations = array<i64>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3xf32>, tensor<16x3xf32>) -> tensor<1x16xf32>
  return %r : tensor<1x16xf32>
}

// -----

func.func @strides(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32> {
  // expected-error @+2 {{conv_c1: expected 2 strides, one per spatial dim, got 1}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

func.func @padding(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32> {
  // expected-error @+2 {{conv_c1: expected 2 padding_low, one per spatial dim, got 3}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

func.func @zero_stride(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32> {
  // expected-error @+2 {{conv_c1: expected strides of at least 1 and below 2^31, got 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 0>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

func.func @negative_padding(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32> {
  // expected-error @+2 {{conv_c1: expected padding_high of at least 0 and below 2^31, got -1}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, -1>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

func.func @huge_dilation(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32> {
  // expected-error @+2 {{conv_c1: expected dilations of at least 1 and below 2^31, got 4611686018427387904}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 4611686018427387904>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

func.func @filter_rank(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x3xf32>) -> tensor<1x16x6x6xf32> {
  // expected-error @+2 {{conv_c1: expected a filter of the image's rank 4, got 3}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3xf32>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

func.func @empty_filter(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x0x3xf32>) -> tensor<1x16x6x6xf32> {
  // expected-error @+2 {{conv_c1: expected spatial extents of the filter of at least 1 and below 2^31, got 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x0x3xf32>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

func.func @groups(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32> {
  // expected-error @+2 {{conv_c2: expected at least 1 group, got 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 0 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

func.func @channels(%a: tensor<1x4x8x8xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32> {
  // expected-error @+2 {{conv_c2: expected 1 groups of the filter's input channels to be the 4 channels of the image, got 3 a group}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x4x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

func.func @outputs(%a: tensor<1x3x8x8xf32>, %b: tensor<16x1x3x3xf32>) -> tensor<1x16x6x6xf32> {
  // expected-error @+2 {{conv_c2: expected output channels in 3 groups, got 16}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 3 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x1x3x3xf32>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

func.func @element_type(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x3x3xf64>) -> tensor<1x16x6x6xf32> {
  // expected-error @+2 {{conv_c3: expected the image's element type 'f32', got 'f64'}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf64>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

func.func @too_small(%a: tensor<1x3x1x8xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x16x0x6xf32> {
  // expected-error @+2 {{conv_c4: expected windows that fit into the padded image, got an output extent of -1}}
  // expected-error @+1 {{failed to infer returned types}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x1x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x0x6xf32>
  return %r : tensor<1x16x0x6xf32>
}

// -----

func.func @result(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32> {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{inferred type(s) 'tensor<1x16x6x6xf32>' are incompatible with return type(s) of operation 'tensor<1x16x8x8xf32>'}}
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  return %r : tensor<1x16x8x8xf32>
}

// -----

func.func @input_grad(%a: tensor<1x16x6x6xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x3x10x10xf32> {
  // expected-error @+1 {{conv_input_grad_c1: expected a cotangent of type 'tensor<1x16x8x8xf32>', got 'tensor<1x16x6x6xf32>'}}
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x16x6x6xf32>, tensor<16x3x3x3xf32>) -> tensor<1x3x10x10xf32>
  return %r : tensor<1x3x10x10xf32>
}

// -----

func.func @input_grad_element(%a: tensor<1x16x6x6xf64>, %b: tensor<16x3x3x3xf32>) -> tensor<1x3x8x8xf32> {
  // expected-error @+1 {{conv_input_grad_c1: expected the image's element type 'f32', got 'f64'}}
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x16x6x6xf64>, tensor<16x3x3x3xf32>) -> tensor<1x3x8x8xf32>
  return %r : tensor<1x3x8x8xf32>
}

// -----

func.func @input_grad_channels(%a: tensor<1x16x6x6xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x4x8x8xf32> {
  // expected-error @+1 {{conv_input_grad_c1: expected 1 groups of the filter's input channels to be the 4 channels of the image, got 3 a group}}
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x16x6x6xf32>, tensor<16x3x3x3xf32>) -> tensor<1x4x8x8xf32>
  return %r : tensor<1x4x8x8xf32>
}

// -----

func.func @input_grad_sizes(%a: tensor<?x16x6x6xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<?x3x8x8xf32> {
  // expected-error @+1 {{conv_input_grad_c2: expected 1 sizes, one per dynamic dim of 'tensor<?x3x8x8xf32>', got 0}}
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<?x16x6x6xf32>, tensor<16x3x3x3xf32>) -> tensor<?x3x8x8xf32>
  return %r : tensor<?x3x8x8xf32>
}

// -----

func.func @filter_grad(%a: tensor<1x3x8x8xf32>, %b: tensor<1x16x6x6xf32>) -> tensor<16x3x4x4xf32> {
  // expected-error @+1 {{conv_filter_grad_c1: expected a cotangent of type 'tensor<1x16x5x5xf32>', got 'tensor<1x16x6x6xf32>'}}
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<1x16x6x6xf32>) -> tensor<16x3x4x4xf32>
  return %r : tensor<16x3x4x4xf32>
}

// -----

func.func @filter_grad_sizes(%a: tensor<1x3x8x8xf32>, %b: tensor<1x16x6x6xf32>, %s0: index) -> tensor<16x3x3x3xf32> {
  // expected-error @+1 {{conv_filter_grad_c2: expected 0 sizes, one per dynamic dim of 'tensor<16x3x3x3xf32>', got 1}}
  %r = graph.conv_filter_grad %a, %b sizes(%s0) {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<1x16x6x6xf32>) -> tensor<16x3x3x3xf32>
  return %r : tensor<16x3x3x3xf32>
}
