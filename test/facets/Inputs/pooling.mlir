// Windows of images: overlapping, strided, padded, tiling.

func.func @max_pool_first(%a: tensor<2x2x4x4xf64>) -> tensor<2x2x2x2xf64> {
  %r = graph.max_pool %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>,
    padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>} : (tensor<2x2x4x4xf64>) -> tensor<2x2x2x2xf64>
  return %r : tensor<2x2x2x2xf64>
}

func.func @max_pool_gather_first(%a: tensor<2x2x4x4xf64>, %b: tensor<2x2x4x4xf64>) -> tensor<2x2x2x2xf64> {
  %r = graph.max_pool_gather %a, %b {window = array<i64: 2, 2>, strides = array<i64: 2, 2>,
    padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>} : (tensor<2x2x4x4xf64>, tensor<2x2x4x4xf64>) -> tensor<2x2x2x2xf64>
  return %r : tensor<2x2x2x2xf64>
}

func.func @max_pool_scatter_first(%a: tensor<2x2x4x4xf64>, %b: tensor<2x2x2x2xf64>) -> tensor<2x2x4x4xf64> {
  %r = graph.max_pool_scatter %a, %b {window = array<i64: 2, 2>, strides = array<i64: 2, 2>,
    padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>} : (tensor<2x2x4x4xf64>, tensor<2x2x2x2xf64>) -> tensor<2x2x4x4xf64>
  return %r : tensor<2x2x4x4xf64>
}

func.func @avg_pool_first(%a: tensor<2x2x4x4xf64>) -> tensor<2x2x2x2xf64> {
  %r = graph.avg_pool %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>,
    padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>, count_include_pad = true} : (tensor<2x2x4x4xf64>) -> tensor<2x2x2x2xf64>
  return %r : tensor<2x2x2x2xf64>
}

func.func @avg_pool_grad_first(%a: tensor<2x2x2x2xf64>) -> tensor<2x2x4x4xf64> {
  %r = graph.avg_pool_grad %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>,
    padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>, count_include_pad = true} : tensor<2x2x2x2xf64> to tensor<2x2x4x4xf64>
  return %r : tensor<2x2x4x4xf64>
}

func.func @avg_pool_first_exact(%a: tensor<2x2x4x4xf64>) -> tensor<2x2x2x2xf64> {
  %r = graph.avg_pool %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>,
    padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>, count_include_pad = false} : (tensor<2x2x4x4xf64>) -> tensor<2x2x2x2xf64>
  return %r : tensor<2x2x2x2xf64>
}

func.func @avg_pool_grad_first_exact(%a: tensor<2x2x2x2xf64>) -> tensor<2x2x4x4xf64> {
  %r = graph.avg_pool_grad %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>,
    padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>, count_include_pad = false} : tensor<2x2x2x2xf64> to tensor<2x2x4x4xf64>
  return %r : tensor<2x2x4x4xf64>
}

func.func @max_pool_last(%a: tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64> {
  %r = graph.max_pool %a {window = array<i64: 3, 3>, strides = array<i64: 1, 1>,
    padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>} : (tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64>
  return %r : tensor<1x5x4x2xf64>
}

func.func @max_pool_gather_last(%a: tensor<1x5x4x2xf64>, %b: tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64> attributes {splits = 1} {
  %r = graph.max_pool_gather %a, %b {window = array<i64: 3, 3>, strides = array<i64: 1, 1>,
    padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>} : (tensor<1x5x4x2xf64>, tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64>
  return %r : tensor<1x5x4x2xf64>
}

func.func @max_pool_scatter_last(%a: tensor<1x5x4x2xf64>, %b: tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64> attributes {splits = 1} {
  %r = graph.max_pool_scatter %a, %b {window = array<i64: 3, 3>, strides = array<i64: 1, 1>,
    padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>} : (tensor<1x5x4x2xf64>, tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64>
  return %r : tensor<1x5x4x2xf64>
}

func.func @avg_pool_last(%a: tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64> {
  %r = graph.avg_pool %a {window = array<i64: 3, 3>, strides = array<i64: 1, 1>,
    padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>, count_include_pad = true} : (tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64>
  return %r : tensor<1x5x4x2xf64>
}

func.func @avg_pool_grad_last(%a: tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64> attributes {splits = 1} {
  %r = graph.avg_pool_grad %a {window = array<i64: 3, 3>, strides = array<i64: 1, 1>,
    padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>, count_include_pad = true} : tensor<1x5x4x2xf64> to tensor<1x5x4x2xf64>
  return %r : tensor<1x5x4x2xf64>
}

func.func @avg_pool_last_exact(%a: tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64> attributes {splits = 1} {
  %r = graph.avg_pool %a {window = array<i64: 3, 3>, strides = array<i64: 1, 1>,
    padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>, count_include_pad = false} : (tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64>
  return %r : tensor<1x5x4x2xf64>
}

func.func @avg_pool_grad_last_exact(%a: tensor<1x5x4x2xf64>) -> tensor<1x5x4x2xf64> attributes {splits = 1} {
  %r = graph.avg_pool_grad %a {window = array<i64: 3, 3>, strides = array<i64: 1, 1>,
    padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>, count_include_pad = false} : tensor<1x5x4x2xf64> to tensor<1x5x4x2xf64>
  return %r : tensor<1x5x4x2xf64>
}

func.func @max_pool_strided(%a: tensor<1x2x7xf64>) -> tensor<1x2x4xf64> {
  %r = graph.max_pool %a {window = array<i64: 3>, strides = array<i64: 2>,
    padding_low = array<i64: 1>, padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>} : (tensor<1x2x7xf64>) -> tensor<1x2x4xf64>
  return %r : tensor<1x2x4xf64>
}

func.func @max_pool_gather_strided(%a: tensor<1x2x7xf64>, %b: tensor<1x2x7xf64>) -> tensor<1x2x4xf64> attributes {splits = 1} {
  %r = graph.max_pool_gather %a, %b {window = array<i64: 3>, strides = array<i64: 2>,
    padding_low = array<i64: 1>, padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>} : (tensor<1x2x7xf64>, tensor<1x2x7xf64>) -> tensor<1x2x4xf64>
  return %r : tensor<1x2x4xf64>
}

func.func @max_pool_scatter_strided(%a: tensor<1x2x7xf64>, %b: tensor<1x2x4xf64>) -> tensor<1x2x7xf64> {
  %r = graph.max_pool_scatter %a, %b {window = array<i64: 3>, strides = array<i64: 2>,
    padding_low = array<i64: 1>, padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>} : (tensor<1x2x7xf64>, tensor<1x2x4xf64>) -> tensor<1x2x7xf64>
  return %r : tensor<1x2x7xf64>
}

func.func @avg_pool_strided(%a: tensor<1x2x7xf64>) -> tensor<1x2x4xf64> {
  %r = graph.avg_pool %a {window = array<i64: 3>, strides = array<i64: 2>,
    padding_low = array<i64: 1>, padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>, count_include_pad = true} : (tensor<1x2x7xf64>) -> tensor<1x2x4xf64>
  return %r : tensor<1x2x4xf64>
}

func.func @avg_pool_grad_strided(%a: tensor<1x2x4xf64>) -> tensor<1x2x7xf64> {
  %r = graph.avg_pool_grad %a {window = array<i64: 3>, strides = array<i64: 2>,
    padding_low = array<i64: 1>, padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>, count_include_pad = true} : tensor<1x2x4xf64> to tensor<1x2x7xf64>
  return %r : tensor<1x2x7xf64>
}

func.func @avg_pool_strided_exact(%a: tensor<1x2x7xf64>) -> tensor<1x2x4xf64> attributes {splits = 1} {
  %r = graph.avg_pool %a {window = array<i64: 3>, strides = array<i64: 2>,
    padding_low = array<i64: 1>, padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>, count_include_pad = false} : (tensor<1x2x7xf64>) -> tensor<1x2x4xf64>
  return %r : tensor<1x2x4xf64>
}

func.func @avg_pool_grad_strided_exact(%a: tensor<1x2x4xf64>) -> tensor<1x2x7xf64> {
  %r = graph.avg_pool_grad %a {window = array<i64: 3>, strides = array<i64: 2>,
    padding_low = array<i64: 1>, padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>, count_include_pad = false} : tensor<1x2x4xf64> to tensor<1x2x7xf64>
  return %r : tensor<1x2x7xf64>
}
