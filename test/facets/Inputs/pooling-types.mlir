// Poolings of unknown extents and of integers.

func.func @max_pool_dynamic(%a: tensor<1x2x5xf64>) -> tensor<1x2x3xf64> {
  %ad = tensor.cast %a : tensor<1x2x5xf64> to tensor<?x?x?xf64>
  %r = graph.max_pool %ad {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<?x?x?xf64>) -> tensor<?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?xf64> to tensor<1x2x3xf64>
  return %rs : tensor<1x2x3xf64>
}

func.func @max_pool_gather_dynamic(%a: tensor<1x2x5xf64>, %b: tensor<1x2x5xf64>) -> tensor<1x2x3xf64> {
  %ad = tensor.cast %a : tensor<1x2x5xf64> to tensor<?x?x?xf64>
  %bd = tensor.cast %b : tensor<1x2x5xf64> to tensor<?x?x?xf64>
  %r = graph.max_pool_gather %ad, %bd {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<?x?x?xf64>, tensor<?x?x?xf64>) -> tensor<?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?xf64> to tensor<1x2x3xf64>
  return %rs : tensor<1x2x3xf64>
}

func.func @max_pool_scatter_dynamic(%a: tensor<1x2x5xf64>, %b: tensor<1x2x3xf64>) -> tensor<1x2x5xf64> {
  %ad = tensor.cast %a : tensor<1x2x5xf64> to tensor<?x?x?xf64>
  %bd = tensor.cast %b : tensor<1x2x3xf64> to tensor<?x?x?xf64>
  %r = graph.max_pool_scatter %ad, %bd {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<?x?x?xf64>, tensor<?x?x?xf64>) -> tensor<?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?xf64> to tensor<1x2x5xf64>
  return %rs : tensor<1x2x5xf64>
}

func.func @avg_pool_dynamic(%a: tensor<1x2x5xf64>) -> tensor<1x2x3xf64> {
  %ad = tensor.cast %a : tensor<1x2x5xf64> to tensor<?x?x?xf64>
  %r = graph.avg_pool %ad {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>,
      count_include_pad = true}
      : (tensor<?x?x?xf64>) -> tensor<?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?xf64> to tensor<1x2x3xf64>
  return %rs : tensor<1x2x3xf64>
}

func.func @avg_pool_grad_dynamic(%a: tensor<1x2x3xf64>) -> tensor<1x2x5xf64> {
  %ad = tensor.cast %a : tensor<1x2x3xf64> to tensor<?x?x?xf64>
  %s0 = arith.constant 1 : index
  %s1 = arith.constant 2 : index
  %s2 = arith.constant 5 : index
  %r = graph.avg_pool_grad %ad sizes(%s0, %s1, %s2) {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>,
      count_include_pad = true}
      : tensor<?x?x?xf64> to tensor<?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?xf64> to tensor<1x2x5xf64>
  return %rs : tensor<1x2x5xf64>
}

func.func @avg_pool_dynamic_exact(%a: tensor<1x2x5xf64>) -> tensor<1x2x3xf64> {
  %ad = tensor.cast %a : tensor<1x2x5xf64> to tensor<?x?x?xf64>
  %r = graph.avg_pool %ad {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>,
      count_include_pad = false}
      : (tensor<?x?x?xf64>) -> tensor<?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?xf64> to tensor<1x2x3xf64>
  return %rs : tensor<1x2x3xf64>
}

func.func @avg_pool_grad_dynamic_exact(%a: tensor<1x2x3xf64>) -> tensor<1x2x5xf64> {
  %ad = tensor.cast %a : tensor<1x2x3xf64> to tensor<?x?x?xf64>
  %s0 = arith.constant 1 : index
  %s1 = arith.constant 2 : index
  %s2 = arith.constant 5 : index
  %r = graph.avg_pool_grad %ad sizes(%s0, %s1, %s2) {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>,
      count_include_pad = false}
      : tensor<?x?x?xf64> to tensor<?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?xf64> to tensor<1x2x5xf64>
  return %rs : tensor<1x2x5xf64>
}

func.func @max_pool_dynamic_last(%a: tensor<2x3x4x1xf64>) -> tensor<2x3x2x1xf64> {
  %ad = tensor.cast %a : tensor<2x3x4x1xf64> to tensor<?x?x?x?xf64>
  %r = graph.max_pool %ad {window = array<i64: 2, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>}
      : (tensor<?x?x?x?xf64>) -> tensor<?x?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?x?xf64> to tensor<2x3x2x1xf64>
  return %rs : tensor<2x3x2x1xf64>
}

func.func @max_pool_gather_dynamic_last(%a: tensor<2x3x4x1xf64>, %b: tensor<2x3x4x1xf64>) -> tensor<2x3x2x1xf64> {
  %ad = tensor.cast %a : tensor<2x3x4x1xf64> to tensor<?x?x?x?xf64>
  %bd = tensor.cast %b : tensor<2x3x4x1xf64> to tensor<?x?x?x?xf64>
  %r = graph.max_pool_gather %ad, %bd {window = array<i64: 2, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>}
      : (tensor<?x?x?x?xf64>, tensor<?x?x?x?xf64>) -> tensor<?x?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?x?xf64> to tensor<2x3x2x1xf64>
  return %rs : tensor<2x3x2x1xf64>
}

func.func @max_pool_scatter_dynamic_last(%a: tensor<2x3x4x1xf64>, %b: tensor<2x3x2x1xf64>) -> tensor<2x3x4x1xf64> {
  %ad = tensor.cast %a : tensor<2x3x4x1xf64> to tensor<?x?x?x?xf64>
  %bd = tensor.cast %b : tensor<2x3x2x1xf64> to tensor<?x?x?x?xf64>
  %r = graph.max_pool_scatter %ad, %bd {window = array<i64: 2, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>}
      : (tensor<?x?x?x?xf64>, tensor<?x?x?x?xf64>) -> tensor<?x?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?x?xf64> to tensor<2x3x4x1xf64>
  return %rs : tensor<2x3x4x1xf64>
}

func.func @avg_pool_dynamic_last(%a: tensor<2x3x4x1xf64>) -> tensor<2x3x2x1xf64> {
  %ad = tensor.cast %a : tensor<2x3x4x1xf64> to tensor<?x?x?x?xf64>
  %r = graph.avg_pool %ad {window = array<i64: 2, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = true}
      : (tensor<?x?x?x?xf64>) -> tensor<?x?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?x?xf64> to tensor<2x3x2x1xf64>
  return %rs : tensor<2x3x2x1xf64>
}

func.func @avg_pool_grad_dynamic_last(%a: tensor<2x3x2x1xf64>) -> tensor<2x3x4x1xf64> {
  %ad = tensor.cast %a : tensor<2x3x2x1xf64> to tensor<?x?x?x?xf64>
  %s0 = arith.constant 2 : index
  %s1 = arith.constant 3 : index
  %s2 = arith.constant 4 : index
  %s3 = arith.constant 1 : index
  %r = graph.avg_pool_grad %ad sizes(%s0, %s1, %s2, %s3) {window = array<i64: 2, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = true}
      : tensor<?x?x?x?xf64> to tensor<?x?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?x?xf64> to tensor<2x3x4x1xf64>
  return %rs : tensor<2x3x4x1xf64>
}

func.func @avg_pool_dynamic_last_exact(%a: tensor<2x3x4x1xf64>) -> tensor<2x3x2x1xf64> {
  %ad = tensor.cast %a : tensor<2x3x4x1xf64> to tensor<?x?x?x?xf64>
  %r = graph.avg_pool %ad {window = array<i64: 2, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = false}
      : (tensor<?x?x?x?xf64>) -> tensor<?x?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?x?xf64> to tensor<2x3x2x1xf64>
  return %rs : tensor<2x3x2x1xf64>
}

func.func @avg_pool_grad_dynamic_last_exact(%a: tensor<2x3x2x1xf64>) -> tensor<2x3x4x1xf64> {
  %ad = tensor.cast %a : tensor<2x3x2x1xf64> to tensor<?x?x?x?xf64>
  %s0 = arith.constant 2 : index
  %s1 = arith.constant 3 : index
  %s2 = arith.constant 4 : index
  %s3 = arith.constant 1 : index
  %r = graph.avg_pool_grad %ad sizes(%s0, %s1, %s2, %s3) {window = array<i64: 2, 2>, strides = array<i64: 1, 2>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = false}
      : tensor<?x?x?x?xf64> to tensor<?x?x?x?xf64>
  %rs = tensor.cast %r : tensor<?x?x?x?xf64> to tensor<2x3x4x1xf64>
  return %rs : tensor<2x3x4x1xf64>
}

func.func @max_pool_ui8(%a: tensor<1x2x7xui8>) -> tensor<1x2x4xui8>
    attributes {splits = 2, domain = [0.0, 255.0]} {
  %r = graph.max_pool %a {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x2x7xui8>) -> tensor<1x2x4xui8>
  return %r : tensor<1x2x4xui8>
}

func.func @max_pool_gather_ui8(%a: tensor<1x2x7xui8>, %b: tensor<1x2x7xui8>) -> tensor<1x2x4xui8>
    attributes {splits = 1, domain = [0.0, 255.0]} {
  %r = graph.max_pool_gather %a, %b {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x2x7xui8>, tensor<1x2x7xui8>) -> tensor<1x2x4xui8>
  return %r : tensor<1x2x4xui8>
}

func.func @max_pool_i8(%a: tensor<1x2x7xi8>) -> tensor<1x2x4xi8>
    attributes {splits = 2, domain = [-128.0, 127.0]} {
  %r = graph.max_pool %a {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x2x7xi8>) -> tensor<1x2x4xi8>
  return %r : tensor<1x2x4xi8>
}

func.func @max_pool_gather_i8(%a: tensor<1x2x7xi8>, %b: tensor<1x2x7xi8>) -> tensor<1x2x4xi8>
    attributes {splits = 1, domain = [-128.0, 127.0]} {
  %r = graph.max_pool_gather %a, %b {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x2x7xi8>, tensor<1x2x7xi8>) -> tensor<1x2x4xi8>
  return %r : tensor<1x2x4xi8>
}
