// Poolings: tiles that can be split where the result is an image, windows that
// are padded along one dim only, dilations, volumes.

func.func @max_pool_tiles(%a: tensor<2x4x6x2xf64>) -> tensor<2x2x2x2xf64>
    attributes {splits = 4} {
  %r = graph.max_pool %a {window = array<i64: 2, 3>, strides = array<i64: 2, 3>, padding_low = array<i64: 0, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>}
      : (tensor<2x4x6x2xf64>) -> tensor<2x2x2x2xf64>
  return %r : tensor<2x2x2x2xf64>
}

func.func @max_pool_gather_tiles(%a: tensor<2x4x6x2xf64>, %b: tensor<2x4x6x2xf64>) -> tensor<2x2x2x2xf64>
    attributes {splits = 4} {
  %r = graph.max_pool_gather %a, %b {window = array<i64: 2, 3>, strides = array<i64: 2, 3>, padding_low = array<i64: 0, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>}
      : (tensor<2x4x6x2xf64>, tensor<2x4x6x2xf64>) -> tensor<2x2x2x2xf64>
  return %r : tensor<2x2x2x2xf64>
}

func.func @max_pool_scatter_tiles(%a: tensor<2x4x6x2xf64>, %b: tensor<2x2x2x2xf64>) -> tensor<2x4x6x2xf64>
    attributes {splits = 4} {
  %r = graph.max_pool_scatter %a, %b {window = array<i64: 2, 3>, strides = array<i64: 2, 3>, padding_low = array<i64: 0, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>}
      : (tensor<2x4x6x2xf64>, tensor<2x2x2x2xf64>) -> tensor<2x4x6x2xf64>
  return %r : tensor<2x4x6x2xf64>
}

func.func @avg_pool_tiles(%a: tensor<2x4x6x2xf64>) -> tensor<2x2x2x2xf64>
    attributes {splits = 4} {
  %r = graph.avg_pool %a {window = array<i64: 2, 3>, strides = array<i64: 2, 3>, padding_low = array<i64: 0, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = true}
      : (tensor<2x4x6x2xf64>) -> tensor<2x2x2x2xf64>
  return %r : tensor<2x2x2x2xf64>
}

func.func @avg_pool_grad_tiles(%a: tensor<2x2x2x2xf64>) -> tensor<2x4x6x2xf64>
    attributes {splits = 4} {
  %r = graph.avg_pool_grad %a {window = array<i64: 2, 3>, strides = array<i64: 2, 3>, padding_low = array<i64: 0, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = true}
      : tensor<2x2x2x2xf64> to tensor<2x4x6x2xf64>
  return %r : tensor<2x4x6x2xf64>
}

func.func @avg_pool_tiles_exact(%a: tensor<2x4x6x2xf64>) -> tensor<2x2x2x2xf64>
    attributes {splits = 4} {
  %r = graph.avg_pool %a {window = array<i64: 2, 3>, strides = array<i64: 2, 3>, padding_low = array<i64: 0, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = false}
      : (tensor<2x4x6x2xf64>) -> tensor<2x2x2x2xf64>
  return %r : tensor<2x2x2x2xf64>
}

func.func @avg_pool_grad_tiles_exact(%a: tensor<2x2x2x2xf64>) -> tensor<2x4x6x2xf64>
    attributes {splits = 4} {
  %r = graph.avg_pool_grad %a {window = array<i64: 2, 3>, strides = array<i64: 2, 3>, padding_low = array<i64: 0, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = false}
      : tensor<2x2x2x2xf64> to tensor<2x4x6x2xf64>
  return %r : tensor<2x4x6x2xf64>
}

func.func @max_pool_mixed(%a: tensor<1x2x4x6xf64>) -> tensor<1x2x4x3xf64>
    attributes {splits = 2} {
  %r = graph.max_pool %a {window = array<i64: 3, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x2x4x6xf64>) -> tensor<1x2x4x3xf64>
  return %r : tensor<1x2x4x3xf64>
}

func.func @max_pool_gather_mixed(%a: tensor<1x2x4x6xf64>, %b: tensor<1x2x4x6xf64>) -> tensor<1x2x4x3xf64>
    attributes {splits = 1} {
  %r = graph.max_pool_gather %a, %b {window = array<i64: 3, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x2x4x6xf64>, tensor<1x2x4x6xf64>) -> tensor<1x2x4x3xf64>
  return %r : tensor<1x2x4x3xf64>
}

func.func @max_pool_scatter_mixed(%a: tensor<1x2x4x6xf64>, %b: tensor<1x2x4x3xf64>) -> tensor<1x2x4x6xf64>
    attributes {splits = 1} {
  %r = graph.max_pool_scatter %a, %b {window = array<i64: 3, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x2x4x6xf64>, tensor<1x2x4x3xf64>) -> tensor<1x2x4x6xf64>
  return %r : tensor<1x2x4x6xf64>
}

func.func @avg_pool_mixed(%a: tensor<1x2x4x6xf64>) -> tensor<1x2x4x3xf64>
    attributes {splits = 2} {
  %r = graph.avg_pool %a {window = array<i64: 3, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>,
      count_include_pad = true}
      : (tensor<1x2x4x6xf64>) -> tensor<1x2x4x3xf64>
  return %r : tensor<1x2x4x3xf64>
}

func.func @avg_pool_grad_mixed(%a: tensor<1x2x4x3xf64>) -> tensor<1x2x4x6xf64>
    attributes {splits = 1} {
  %r = graph.avg_pool_grad %a {window = array<i64: 3, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>,
      count_include_pad = true}
      : tensor<1x2x4x3xf64> to tensor<1x2x4x6xf64>
  return %r : tensor<1x2x4x6xf64>
}

func.func @avg_pool_mixed_exact(%a: tensor<1x2x4x6xf64>) -> tensor<1x2x4x3xf64>
    attributes {splits = 1} {
  %r = graph.avg_pool %a {window = array<i64: 3, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>,
      count_include_pad = false}
      : (tensor<1x2x4x6xf64>) -> tensor<1x2x4x3xf64>
  return %r : tensor<1x2x4x3xf64>
}

func.func @avg_pool_grad_mixed_exact(%a: tensor<1x2x4x3xf64>) -> tensor<1x2x4x6xf64>
    attributes {splits = 1} {
  %r = graph.avg_pool_grad %a {window = array<i64: 3, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>,
      count_include_pad = false}
      : tensor<1x2x4x3xf64> to tensor<1x2x4x6xf64>
  return %r : tensor<1x2x4x6xf64>
}

func.func @max_pool_dilated(%a: tensor<1x1x7xf64>) -> tensor<1x1x4xf64>
    attributes {splits = 1} {
  %r = graph.max_pool %a {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 2>, dilations = array<i64: 3>, layout = #graph.layout<channels_first>}
      : (tensor<1x1x7xf64>) -> tensor<1x1x4xf64>
  return %r : tensor<1x1x4xf64>
}

func.func @max_pool_gather_dilated(%a: tensor<1x1x7xf64>, %b: tensor<1x1x7xf64>) -> tensor<1x1x4xf64>
    attributes {splits = 0} {
  %r = graph.max_pool_gather %a, %b {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 2>, dilations = array<i64: 3>, layout = #graph.layout<channels_first>}
      : (tensor<1x1x7xf64>, tensor<1x1x7xf64>) -> tensor<1x1x4xf64>
  return %r : tensor<1x1x4xf64>
}

func.func @max_pool_scatter_dilated(%a: tensor<1x1x7xf64>, %b: tensor<1x1x4xf64>) -> tensor<1x1x7xf64>
    attributes {splits = 0} {
  %r = graph.max_pool_scatter %a, %b {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 2>, dilations = array<i64: 3>, layout = #graph.layout<channels_first>}
      : (tensor<1x1x7xf64>, tensor<1x1x4xf64>) -> tensor<1x1x7xf64>
  return %r : tensor<1x1x7xf64>
}

func.func @avg_pool_dilated(%a: tensor<1x1x7xf64>) -> tensor<1x1x4xf64>
    attributes {splits = 1} {
  %r = graph.avg_pool %a {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 2>, dilations = array<i64: 3>, layout = #graph.layout<channels_first>,
      count_include_pad = true}
      : (tensor<1x1x7xf64>) -> tensor<1x1x4xf64>
  return %r : tensor<1x1x4xf64>
}

func.func @avg_pool_grad_dilated(%a: tensor<1x1x4xf64>) -> tensor<1x1x7xf64>
    attributes {splits = 0} {
  %r = graph.avg_pool_grad %a {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 2>, dilations = array<i64: 3>, layout = #graph.layout<channels_first>,
      count_include_pad = true}
      : tensor<1x1x4xf64> to tensor<1x1x7xf64>
  return %r : tensor<1x1x7xf64>
}

func.func @avg_pool_dilated_exact(%a: tensor<1x1x7xf64>) -> tensor<1x1x4xf64>
    attributes {splits = 0} {
  %r = graph.avg_pool %a {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 2>, dilations = array<i64: 3>, layout = #graph.layout<channels_first>,
      count_include_pad = false}
      : (tensor<1x1x7xf64>) -> tensor<1x1x4xf64>
  return %r : tensor<1x1x4xf64>
}

func.func @avg_pool_grad_dilated_exact(%a: tensor<1x1x4xf64>) -> tensor<1x1x7xf64>
    attributes {splits = 0} {
  %r = graph.avg_pool_grad %a {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 2>, dilations = array<i64: 3>, layout = #graph.layout<channels_first>,
      count_include_pad = false}
      : tensor<1x1x4xf64> to tensor<1x1x7xf64>
  return %r : tensor<1x1x7xf64>
}

func.func @max_pool_volume(%a: tensor<1x2x3x4x1xf64>) -> tensor<1x2x3x2x1xf64>
    attributes {splits = 2} {
  %r = graph.max_pool %a {window = array<i64: 2, 2, 2>, strides = array<i64: 1, 1, 2>, padding_low = array<i64: 0, 1, 0>,
      padding_high = array<i64: 1, 0, 0>, dilations = array<i64: 1, 1, 1>, layout = #graph.layout<channels_last>}
      : (tensor<1x2x3x4x1xf64>) -> tensor<1x2x3x2x1xf64>
  return %r : tensor<1x2x3x2x1xf64>
}

func.func @max_pool_gather_volume(%a: tensor<1x2x3x4x1xf64>, %b: tensor<1x2x3x4x1xf64>) -> tensor<1x2x3x2x1xf64>
    attributes {splits = 1} {
  %r = graph.max_pool_gather %a, %b {window = array<i64: 2, 2, 2>, strides = array<i64: 1, 1, 2>, padding_low = array<i64: 0, 1, 0>,
      padding_high = array<i64: 1, 0, 0>, dilations = array<i64: 1, 1, 1>, layout = #graph.layout<channels_last>}
      : (tensor<1x2x3x4x1xf64>, tensor<1x2x3x4x1xf64>) -> tensor<1x2x3x2x1xf64>
  return %r : tensor<1x2x3x2x1xf64>
}

func.func @max_pool_scatter_volume(%a: tensor<1x2x3x4x1xf64>, %b: tensor<1x2x3x2x1xf64>) -> tensor<1x2x3x4x1xf64>
    attributes {splits = 1} {
  %r = graph.max_pool_scatter %a, %b {window = array<i64: 2, 2, 2>, strides = array<i64: 1, 1, 2>, padding_low = array<i64: 0, 1, 0>,
      padding_high = array<i64: 1, 0, 0>, dilations = array<i64: 1, 1, 1>, layout = #graph.layout<channels_last>}
      : (tensor<1x2x3x4x1xf64>, tensor<1x2x3x2x1xf64>) -> tensor<1x2x3x4x1xf64>
  return %r : tensor<1x2x3x4x1xf64>
}

func.func @avg_pool_volume(%a: tensor<1x2x3x4x1xf64>) -> tensor<1x2x3x2x1xf64>
    attributes {splits = 2} {
  %r = graph.avg_pool %a {window = array<i64: 2, 2, 2>, strides = array<i64: 1, 1, 2>, padding_low = array<i64: 0, 1, 0>,
      padding_high = array<i64: 1, 0, 0>, dilations = array<i64: 1, 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = true}
      : (tensor<1x2x3x4x1xf64>) -> tensor<1x2x3x2x1xf64>
  return %r : tensor<1x2x3x2x1xf64>
}

func.func @avg_pool_grad_volume(%a: tensor<1x2x3x2x1xf64>) -> tensor<1x2x3x4x1xf64>
    attributes {splits = 1} {
  %r = graph.avg_pool_grad %a {window = array<i64: 2, 2, 2>, strides = array<i64: 1, 1, 2>, padding_low = array<i64: 0, 1, 0>,
      padding_high = array<i64: 1, 0, 0>, dilations = array<i64: 1, 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = true}
      : tensor<1x2x3x2x1xf64> to tensor<1x2x3x4x1xf64>
  return %r : tensor<1x2x3x4x1xf64>
}

func.func @avg_pool_volume_exact(%a: tensor<1x2x3x4x1xf64>) -> tensor<1x2x3x2x1xf64>
    attributes {splits = 1} {
  %r = graph.avg_pool %a {window = array<i64: 2, 2, 2>, strides = array<i64: 1, 1, 2>, padding_low = array<i64: 0, 1, 0>,
      padding_high = array<i64: 1, 0, 0>, dilations = array<i64: 1, 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = false}
      : (tensor<1x2x3x4x1xf64>) -> tensor<1x2x3x2x1xf64>
  return %r : tensor<1x2x3x2x1xf64>
}

func.func @avg_pool_grad_volume_exact(%a: tensor<1x2x3x2x1xf64>) -> tensor<1x2x3x4x1xf64>
    attributes {splits = 1} {
  %r = graph.avg_pool_grad %a {window = array<i64: 2, 2, 2>, strides = array<i64: 1, 1, 2>, padding_low = array<i64: 0, 1, 0>,
      padding_high = array<i64: 1, 0, 0>, dilations = array<i64: 1, 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = false}
      : tensor<1x2x3x2x1xf64> to tensor<1x2x3x4x1xf64>
  return %r : tensor<1x2x3x4x1xf64>
}
