// Convolutions: uneven paddings, strides that leave elements out, groups of one
// channel with several outputs, volumes, paddings beyond the window, unknown
// extents.

func.func @conv_uneven(%a: tensor<2x2x8xf64>, %b: tensor<2x2x3xf64>) -> tensor<2x2x4xf64>
    attributes {splits = 4} {
  %r = graph.conv %a, %b {strides = array<i64: 2>, padding_low = array<i64: 2>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<2x2x8xf64>, tensor<2x2x3xf64>) -> tensor<2x2x4xf64>
  return %r : tensor<2x2x4xf64>
}

func.func @conv_input_grad_uneven(%a: tensor<2x2x4xf64>, %b: tensor<2x2x3xf64>) -> tensor<2x2x8xf64>
    attributes {splits = 3} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 2>, padding_low = array<i64: 2>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<2x2x4xf64>, tensor<2x2x3xf64>) -> tensor<2x2x8xf64>
  return %r : tensor<2x2x8xf64>
}

func.func @conv_filter_grad_uneven(%a: tensor<2x2x8xf64>, %b: tensor<2x2x4xf64>) -> tensor<2x2x3xf64>
    attributes {splits = 4} {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 2>, padding_low = array<i64: 2>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<2x2x8xf64>, tensor<2x2x4xf64>) -> tensor<2x2x3xf64>
  return %r : tensor<2x2x3xf64>
}

func.func @conv_all(%a: tensor<1x3x4x4xf64>, %b: tensor<2x3x2x4xf64>) -> tensor<1x2x4x4xf64>
    attributes {splits = 3} {
  %r = graph.conv %a, %b {strides = array<i64: 2, 1>, padding_low = array<i64: 1, 2>,
      padding_high = array<i64: 0, 2>, dilations = array<i64: 1, 2>, groups = 2 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<1x3x4x4xf64>, tensor<2x3x2x4xf64>) -> tensor<1x2x4x4xf64>
  return %r : tensor<1x2x4x4xf64>
}

func.func @conv_input_grad_all(%a: tensor<1x2x4x4xf64>, %b: tensor<2x3x2x4xf64>) -> tensor<1x3x4x4xf64>
    attributes {splits = 2} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 2, 1>, padding_low = array<i64: 1, 2>,
      padding_high = array<i64: 0, 2>, dilations = array<i64: 1, 2>, groups = 2 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<1x2x4x4xf64>, tensor<2x3x2x4xf64>) -> tensor<1x3x4x4xf64>
  return %r : tensor<1x3x4x4xf64>
}

func.func @conv_filter_grad_all(%a: tensor<1x3x4x4xf64>, %b: tensor<1x2x4x4xf64>) -> tensor<2x3x2x4xf64>
    attributes {splits = 3} {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 2, 1>, padding_low = array<i64: 1, 2>,
      padding_high = array<i64: 0, 2>, dilations = array<i64: 1, 2>, groups = 2 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<1x3x4x4xf64>, tensor<1x2x4x4xf64>) -> tensor<2x3x2x4xf64>
  return %r : tensor<2x3x2x4xf64>
}

func.func @conv_multiplier(%a: tensor<2x4x2xf64>, %b: tensor<3x1x4xf64>) -> tensor<2x4x4xf64>
    attributes {splits = 3} {
  %r = graph.conv %a, %b {strides = array<i64: 1>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 2 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<2x4x2xf64>, tensor<3x1x4xf64>) -> tensor<2x4x4xf64>
  return %r : tensor<2x4x4xf64>
}

func.func @conv_input_grad_multiplier(%a: tensor<2x4x4xf64>, %b: tensor<3x1x4xf64>) -> tensor<2x4x2xf64>
    attributes {splits = 3} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 2 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<2x4x4xf64>, tensor<3x1x4xf64>) -> tensor<2x4x2xf64>
  return %r : tensor<2x4x2xf64>
}

func.func @conv_filter_grad_multiplier(%a: tensor<2x4x2xf64>, %b: tensor<2x4x4xf64>) -> tensor<3x1x4xf64>
    attributes {splits = 3} {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 1>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 2 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<2x4x2xf64>, tensor<2x4x4xf64>) -> tensor<3x1x4xf64>
  return %r : tensor<3x1x4xf64>
}

func.func @conv_multiplier_strided(%a: tensor<1x2x5xf64>, %b: tensor<6x1x2xf64>) -> tensor<1x6x2xf64>
    attributes {splits = 2} {
  %r = graph.conv %a, %b {strides = array<i64: 3>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 2 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x2x5xf64>, tensor<6x1x2xf64>) -> tensor<1x6x2xf64>
  return %r : tensor<1x6x2xf64>
}

func.func @conv_input_grad_multiplier_strided(%a: tensor<1x6x2xf64>, %b: tensor<6x1x2xf64>) -> tensor<1x2x5xf64>
    attributes {splits = 1} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 3>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 2 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x6x2xf64>, tensor<6x1x2xf64>) -> tensor<1x2x5xf64>
  return %r : tensor<1x2x5xf64>
}

func.func @conv_filter_grad_multiplier_strided(%a: tensor<1x2x5xf64>, %b: tensor<1x6x2xf64>) -> tensor<6x1x2xf64>
    attributes {splits = 2} {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 3>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 2 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x2x5xf64>, tensor<1x6x2xf64>) -> tensor<6x1x2xf64>
  return %r : tensor<6x1x2xf64>
}

func.func @conv_volume(%a: tensor<1x1x2x3x2xf64>, %b: tensor<2x1x2x2x1xf64>) -> tensor<1x2x1x2x2xf64>
    attributes {splits = 3} {
  %r = graph.conv %a, %b {strides = array<i64: 1, 1, 1>, padding_low = array<i64: 0, 0, 0>,
      padding_high = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x1x2x3x2xf64>, tensor<2x1x2x2x1xf64>) -> tensor<1x2x1x2x2xf64>
  return %r : tensor<1x2x1x2x2xf64>
}

func.func @conv_input_grad_volume(%a: tensor<1x2x1x2x2xf64>, %b: tensor<2x1x2x2x1xf64>) -> tensor<1x1x2x3x2xf64>
    attributes {splits = 3} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1, 1, 1>, padding_low = array<i64: 0, 0, 0>,
      padding_high = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x2x1x2x2xf64>, tensor<2x1x2x2x1xf64>) -> tensor<1x1x2x3x2xf64>
  return %r : tensor<1x1x2x3x2xf64>
}

func.func @conv_filter_grad_volume(%a: tensor<1x1x2x3x2xf64>, %b: tensor<1x2x1x2x2xf64>) -> tensor<2x1x2x2x1xf64>
    attributes {splits = 3} {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 1, 1, 1>, padding_low = array<i64: 0, 0, 0>,
      padding_high = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x1x2x3x2xf64>, tensor<1x2x1x2x2xf64>) -> tensor<2x1x2x2x1xf64>
  return %r : tensor<2x1x2x2x1xf64>
}

func.func @conv_volume_last(%a: tensor<1x3x2x3x2xf64>, %b: tensor<2x1x2x2x2xf64>) -> tensor<1x2x2x2x2xf64>
    attributes {splits = 5} {
  %r = graph.conv %a, %b {strides = array<i64: 1, 1, 2>, padding_low = array<i64: 0, 0, 1>,
      padding_high = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<1x3x2x3x2xf64>, tensor<2x1x2x2x2xf64>) -> tensor<1x2x2x2x2xf64>
  return %r : tensor<1x2x2x2x2xf64>
}

func.func @conv_input_grad_volume_last(%a: tensor<1x2x2x2x2xf64>, %b: tensor<2x1x2x2x2xf64>) -> tensor<1x3x2x3x2xf64>
    attributes {splits = 3} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1, 1, 2>, padding_low = array<i64: 0, 0, 1>,
      padding_high = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<1x2x2x2x2xf64>, tensor<2x1x2x2x2xf64>) -> tensor<1x3x2x3x2xf64>
  return %r : tensor<1x3x2x3x2xf64>
}

func.func @conv_filter_grad_volume_last(%a: tensor<1x3x2x3x2xf64>, %b: tensor<1x2x2x2x2xf64>) -> tensor<2x1x2x2x2xf64>
    attributes {splits = 5} {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 1, 1, 2>, padding_low = array<i64: 0, 0, 1>,
      padding_high = array<i64: 0, 0, 0>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<1x3x2x3x2xf64>, tensor<1x2x2x2x2xf64>) -> tensor<2x1x2x2x2xf64>
  return %r : tensor<2x1x2x2x2xf64>
}

func.func @conv_over_padded(%a: tensor<1x1x3xf64>, %b: tensor<2x1x1xf64>) -> tensor<1x2x4xf64>
    attributes {splits = 2} {
  %r = graph.conv %a, %b {strides = array<i64: 2>, padding_low = array<i64: 3>,
      padding_high = array<i64: 2>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x1x3xf64>, tensor<2x1x1xf64>) -> tensor<1x2x4xf64>
  return %r : tensor<1x2x4xf64>
}

func.func @conv_input_grad_over_padded(%a: tensor<1x2x4xf64>, %b: tensor<2x1x1xf64>) -> tensor<1x1x3xf64>
    attributes {splits = 1} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 2>, padding_low = array<i64: 3>,
      padding_high = array<i64: 2>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x2x4xf64>, tensor<2x1x1xf64>) -> tensor<1x1x3xf64>
  return %r : tensor<1x1x3xf64>
}

func.func @conv_filter_grad_over_padded(%a: tensor<1x1x3xf64>, %b: tensor<1x2x4xf64>) -> tensor<2x1x1xf64>
    attributes {splits = 2} {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 2>, padding_low = array<i64: 3>,
      padding_high = array<i64: 2>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x1x3xf64>, tensor<1x2x4xf64>) -> tensor<2x1x1xf64>
  return %r : tensor<2x1x1xf64>
}

func.func @conv_dynamic(%a: tensor<2x2x5xf64>, %b: tensor<2x2x2xf64>) -> tensor<2x2x3xf64> {
  %ad = tensor.cast %a : tensor<2x2x5xf64> to tensor<?x2x?xf64>
  %r = graph.conv %ad, %b {strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<?x2x?xf64>, tensor<2x2x2xf64>) -> tensor<?x2x?xf64>
  %rs = tensor.cast %r : tensor<?x2x?xf64> to tensor<2x2x3xf64>
  return %rs : tensor<2x2x3xf64>
}

func.func @conv_input_grad_dynamic(%a: tensor<2x2x3xf64>, %b: tensor<2x2x2xf64>) -> tensor<2x2x5xf64> {
  %ad = tensor.cast %a : tensor<2x2x3xf64> to tensor<?x2x?xf64>
  %s0 = arith.constant 2 : index
  %s2 = arith.constant 5 : index
  %r = graph.conv_input_grad %ad, %b sizes(%s0, %s2) {strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<?x2x?xf64>, tensor<2x2x2xf64>) -> tensor<?x2x?xf64>
  %rs = tensor.cast %r : tensor<?x2x?xf64> to tensor<2x2x5xf64>
  return %rs : tensor<2x2x5xf64>
}

func.func @conv_filter_grad_dynamic(%a: tensor<2x2x5xf64>, %b: tensor<2x2x3xf64>) -> tensor<2x2x2xf64> {
  %ad = tensor.cast %a : tensor<2x2x5xf64> to tensor<?x2x?xf64>
  %bd = tensor.cast %b : tensor<2x2x3xf64> to tensor<?x2x?xf64>
  %r = graph.conv_filter_grad %ad, %bd {strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<?x2x?xf64>, tensor<?x2x?xf64>) -> tensor<2x2x2xf64>
  return %r : tensor<2x2x2xf64>
}

func.func @conv_dynamic_groups(%a: tensor<1x3x2x4xf64>, %b: tensor<2x2x2x2xf64>) -> tensor<1x3x2x2xf64> {
  %ad = tensor.cast %a : tensor<1x3x2x4xf64> to tensor<?x?x?x4xf64>
  %r = graph.conv %ad, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 1>,
      padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<?x?x?x4xf64>, tensor<2x2x2x2xf64>) -> tensor<?x?x?x2xf64>
  %rs = tensor.cast %r : tensor<?x?x?x2xf64> to tensor<1x3x2x2xf64>
  return %rs : tensor<1x3x2x2xf64>
}

func.func @conv_input_grad_dynamic_groups(%a: tensor<1x3x2x2xf64>, %b: tensor<2x2x2x2xf64>) -> tensor<1x3x2x4xf64> {
  %ad = tensor.cast %a : tensor<1x3x2x2xf64> to tensor<?x?x?x2xf64>
  %s0 = arith.constant 1 : index
  %s1 = arith.constant 3 : index
  %s2 = arith.constant 2 : index
  %r = graph.conv_input_grad %ad, %b sizes(%s0, %s1, %s2) {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 1>,
      padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<?x?x?x2xf64>, tensor<2x2x2x2xf64>) -> tensor<?x?x?x4xf64>
  %rs = tensor.cast %r : tensor<?x?x?x4xf64> to tensor<1x3x2x4xf64>
  return %rs : tensor<1x3x2x4xf64>
}

func.func @conv_filter_grad_dynamic_groups(%a: tensor<1x3x2x4xf64>, %b: tensor<1x3x2x2xf64>) -> tensor<2x2x2x2xf64> {
  %ad = tensor.cast %a : tensor<1x3x2x4xf64> to tensor<?x?x?x4xf64>
  %bd = tensor.cast %b : tensor<1x3x2x2xf64> to tensor<?x?x?x2xf64>
  %r = graph.conv_filter_grad %ad, %bd {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 1>,
      padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<?x?x?x4xf64>, tensor<?x?x?x2xf64>) -> tensor<2x2x2x2xf64>
  return %r : tensor<2x2x2x2xf64>
}
