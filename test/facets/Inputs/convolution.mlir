// The three partners of a convolution, in both layouts.

func.func @conv_first(%a: tensor<2x2x4x4xf64>, %b: tensor<4x2x3x3xf64>) -> tensor<2x4x4x4xf64> attributes {splits = 5} {
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>,
    padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, layout = #graph.layout<channels_first>} : (tensor<2x2x4x4xf64>, tensor<4x2x3x3xf64>) -> tensor<2x4x4x4xf64>
  return %r : tensor<2x4x4x4xf64>
}

func.func @conv_input_grad_first(%a: tensor<2x4x4x4xf64>, %b: tensor<4x2x3x3xf64>) -> tensor<2x2x4x4xf64> attributes {splits = 5} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>,
    padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, layout = #graph.layout<channels_first>} : (tensor<2x4x4x4xf64>, tensor<4x2x3x3xf64>) -> tensor<2x2x4x4xf64>
  return %r : tensor<2x2x4x4xf64>
}

func.func @conv_filter_grad_first(%a: tensor<2x2x4x4xf64>, %b: tensor<2x4x4x4xf64>) -> tensor<4x2x3x3xf64> attributes {splits = 5} {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>,
    padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, layout = #graph.layout<channels_first>} : (tensor<2x2x4x4xf64>, tensor<2x4x4x4xf64>) -> tensor<4x2x3x3xf64>
  return %r : tensor<4x2x3x3xf64>
}

func.func @conv_last(%a: tensor<2x4x5x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x4x5x2xf64> attributes {splits = 4} {
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 1>,
    padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, layout = #graph.layout<channels_last>} : (tensor<2x4x5x2xf64>, tensor<2x3x2x2xf64>) -> tensor<2x4x5x2xf64>
  return %r : tensor<2x4x5x2xf64>
}

func.func @conv_input_grad_last(%a: tensor<2x4x5x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x4x5x2xf64> attributes {splits = 4} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 1>,
    padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, layout = #graph.layout<channels_last>} : (tensor<2x4x5x2xf64>, tensor<2x3x2x2xf64>) -> tensor<2x4x5x2xf64>
  return %r : tensor<2x4x5x2xf64>
}

func.func @conv_filter_grad_last(%a: tensor<2x4x5x2xf64>, %b: tensor<2x4x5x2xf64>) -> tensor<2x3x2x2xf64> attributes {splits = 4} {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 1>,
    padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, layout = #graph.layout<channels_last>} : (tensor<2x4x5x2xf64>, tensor<2x4x5x2xf64>) -> tensor<2x3x2x2xf64>
  return %r : tensor<2x3x2x2xf64>
}

func.func @conv_strided(%a: tensor<1x2x5xf64>, %b: tensor<2x2x3xf64>) -> tensor<1x2x3xf64> attributes {splits = 2} {
  %r = graph.conv %a, %b {strides = array<i64: 2>, padding_low = array<i64: 1>,
    padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, layout = #graph.layout<channels_first>} : (tensor<1x2x5xf64>, tensor<2x2x3xf64>) -> tensor<1x2x3xf64>
  return %r : tensor<1x2x3xf64>
}

func.func @conv_input_grad_strided(%a: tensor<1x2x3xf64>, %b: tensor<2x2x3xf64>) -> tensor<1x2x5xf64> attributes {splits = 2} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 2>, padding_low = array<i64: 1>,
    padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, layout = #graph.layout<channels_first>} : (tensor<1x2x3xf64>, tensor<2x2x3xf64>) -> tensor<1x2x5xf64>
  return %r : tensor<1x2x5xf64>
}

func.func @conv_filter_grad_strided(%a: tensor<1x2x5xf64>, %b: tensor<1x2x3xf64>) -> tensor<2x2x3xf64> {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 2>, padding_low = array<i64: 1>,
    padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, layout = #graph.layout<channels_first>} : (tensor<1x2x5xf64>, tensor<1x2x3xf64>) -> tensor<2x2x3xf64>
  return %r : tensor<2x2x3xf64>
}

func.func @conv_dilated(%a: tensor<1x8x1xf64>, %b: tensor<2x1x2xf64>) -> tensor<1x8x2xf64> {
  %r = graph.conv %a, %b {strides = array<i64: 1>, padding_low = array<i64: 1>,
    padding_high = array<i64: 1>, dilations = array<i64: 2>, groups = 1 : i64, layout = #graph.layout<channels_last>} : (tensor<1x8x1xf64>, tensor<2x1x2xf64>) -> tensor<1x8x2xf64>
  return %r : tensor<1x8x2xf64>
}

func.func @conv_input_grad_dilated(%a: tensor<1x8x2xf64>, %b: tensor<2x1x2xf64>) -> tensor<1x8x1xf64> attributes {splits = 2} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1>, padding_low = array<i64: 1>,
    padding_high = array<i64: 1>, dilations = array<i64: 2>, groups = 1 : i64, layout = #graph.layout<channels_last>} : (tensor<1x8x2xf64>, tensor<2x1x2xf64>) -> tensor<1x8x1xf64>
  return %r : tensor<1x8x1xf64>
}

func.func @conv_filter_grad_dilated(%a: tensor<1x8x1xf64>, %b: tensor<1x8x2xf64>) -> tensor<2x1x2xf64> {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 1>, padding_low = array<i64: 1>,
    padding_high = array<i64: 1>, dilations = array<i64: 2>, groups = 1 : i64, layout = #graph.layout<channels_last>} : (tensor<1x8x1xf64>, tensor<1x8x2xf64>) -> tensor<2x1x2xf64>
  return %r : tensor<2x1x2xf64>
}

func.func @conv_groups(%a: tensor<1x4x4xf64>, %b: tensor<4x2x3xf64>) -> tensor<1x4x4xf64> {
  %r = graph.conv %a, %b {strides = array<i64: 1>, padding_low = array<i64: 1>,
    padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 2 : i64, layout = #graph.layout<channels_first>} : (tensor<1x4x4xf64>, tensor<4x2x3xf64>) -> tensor<1x4x4xf64>
  return %r : tensor<1x4x4xf64>
}

func.func @conv_input_grad_groups(%a: tensor<1x4x4xf64>, %b: tensor<4x2x3xf64>) -> tensor<1x4x4xf64> {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1>, padding_low = array<i64: 1>,
    padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 2 : i64, layout = #graph.layout<channels_first>} : (tensor<1x4x4xf64>, tensor<4x2x3xf64>) -> tensor<1x4x4xf64>
  return %r : tensor<1x4x4xf64>
}

func.func @conv_filter_grad_groups(%a: tensor<1x4x4xf64>, %b: tensor<1x4x4xf64>) -> tensor<4x2x3xf64> {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 1>, padding_low = array<i64: 1>,
    padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 2 : i64, layout = #graph.layout<channels_first>} : (tensor<1x4x4xf64>, tensor<1x4x4xf64>) -> tensor<4x2x3xf64>
  return %r : tensor<4x2x3xf64>
}

func.func @conv_depthwise(%a: tensor<1x4x4x4xf64>, %b: tensor<3x3x1x4xf64>) -> tensor<1x4x4x4xf64> {
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>,
    padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 4 : i64, layout = #graph.layout<channels_last>} : (tensor<1x4x4x4xf64>, tensor<3x3x1x4xf64>) -> tensor<1x4x4x4xf64>
  return %r : tensor<1x4x4x4xf64>
}

func.func @conv_input_grad_depthwise(%a: tensor<1x4x4x4xf64>, %b: tensor<3x3x1x4xf64>) -> tensor<1x4x4x4xf64> {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>,
    padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 4 : i64, layout = #graph.layout<channels_last>} : (tensor<1x4x4x4xf64>, tensor<3x3x1x4xf64>) -> tensor<1x4x4x4xf64>
  return %r : tensor<1x4x4x4xf64>
}

func.func @conv_filter_grad_depthwise(%a: tensor<1x4x4x4xf64>, %b: tensor<1x4x4x4xf64>) -> tensor<3x3x1x4xf64> attributes {splits = 3} {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>,
    padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 4 : i64, layout = #graph.layout<channels_last>} : (tensor<1x4x4x4xf64>, tensor<1x4x4x4xf64>) -> tensor<3x3x1x4xf64>
  return %r : tensor<3x3x1x4xf64>
}

func.func @conv_pointwise(%a: tensor<2x2x2x4xf64>, %b: tensor<4x2x1x1xf64>) -> tensor<2x4x2x4xf64> attributes {splits = 5} {
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>,
    padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, layout = #graph.layout<channels_first>} : (tensor<2x2x2x4xf64>, tensor<4x2x1x1xf64>) -> tensor<2x4x2x4xf64>
  return %r : tensor<2x4x2x4xf64>
}

func.func @conv_input_grad_pointwise(%a: tensor<2x4x2x4xf64>, %b: tensor<4x2x1x1xf64>) -> tensor<2x2x2x4xf64> attributes {splits = 5} {
  %r = graph.conv_input_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>,
    padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, layout = #graph.layout<channels_first>} : (tensor<2x4x2x4xf64>, tensor<4x2x1x1xf64>) -> tensor<2x2x2x4xf64>
  return %r : tensor<2x2x2x4xf64>
}

func.func @conv_filter_grad_pointwise(%a: tensor<2x2x2x4xf64>, %b: tensor<2x4x2x4xf64>) -> tensor<4x2x1x1xf64> attributes {splits = 5} {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>,
    padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, layout = #graph.layout<channels_first>} : (tensor<2x2x2x4xf64>, tensor<2x4x2x4xf64>) -> tensor<4x2x1x1xf64>
  return %r : tensor<4x2x1x1xf64>
}
