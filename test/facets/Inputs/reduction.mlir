// Reductions over minor, major and all dims.

func.func @reduce_sum(%a: tensor<4x2x6xf64>) -> tensor<4x6xf64> attributes {splits = 3} {
  %r = graph.reduce_sum %a dims = [1] : tensor<4x2x6xf64> to tensor<4x6xf64>
  return %r : tensor<4x6xf64>
}

func.func @reduce_sum_major(%a: tensor<4x2x6xf64>) -> tensor<2xf64> attributes {splits = 3} {
  %r = graph.reduce_sum %a dims = [0, 2] : tensor<4x2x6xf64> to tensor<2xf64>
  return %r : tensor<2xf64>
}

func.func @reduce_sum_all(%a: tensor<4x2x6xf64>) -> tensor<f64> attributes {splits = 3} {
  %r = graph.reduce_sum %a dims = [0, 1, 2] : tensor<4x2x6xf64> to tensor<f64>
  return %r : tensor<f64>
}

func.func @reduce_sum_si32(%a: tensor<4x6xsi32>) -> tensor<4xsi32> attributes {splits = 2} {
  %r = graph.reduce_sum %a dims = [1] : tensor<4x6xsi32> to tensor<4xsi32>
  return %r : tensor<4xsi32>
}

func.func @reduce_sum_ui8(%a: tensor<4x6xui8>) -> tensor<6xui8> attributes {splits = 2, domain = [0.0, 255.0]} {
  %r = graph.reduce_sum %a dims = [0] : tensor<4x6xui8> to tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @reduce_sum_dynamic(%a: tensor<4x3xf64>) -> tensor<3xf64> {
  %d = tensor.cast %a : tensor<4x3xf64> to tensor<?x?xf64>
  %r = graph.reduce_sum %d dims = [0] : tensor<?x?xf64> to tensor<?xf64>
  %s = tensor.cast %r : tensor<?xf64> to tensor<3xf64>
  return %s : tensor<3xf64>
}

func.func @reduce_prod(%a: tensor<4x2x6xf64>) -> tensor<4x6xf64> attributes {splits = 3} {
  %r = graph.reduce_prod %a dims = [1] : tensor<4x2x6xf64> to tensor<4x6xf64>
  return %r : tensor<4x6xf64>
}

func.func @reduce_prod_major(%a: tensor<4x2x6xf64>) -> tensor<2xf64> attributes {splits = 3} {
  %r = graph.reduce_prod %a dims = [0, 2] : tensor<4x2x6xf64> to tensor<2xf64>
  return %r : tensor<2xf64>
}

func.func @reduce_prod_all(%a: tensor<4x2x6xf64>) -> tensor<f64> attributes {splits = 3} {
  %r = graph.reduce_prod %a dims = [0, 1, 2] : tensor<4x2x6xf64> to tensor<f64>
  return %r : tensor<f64>
}

func.func @reduce_prod_si32(%a: tensor<4x6xsi32>) -> tensor<4xsi32> attributes {splits = 2} {
  %r = graph.reduce_prod %a dims = [1] : tensor<4x6xsi32> to tensor<4xsi32>
  return %r : tensor<4xsi32>
}

func.func @reduce_prod_ui8(%a: tensor<4x6xui8>) -> tensor<6xui8> attributes {splits = 2, domain = [0.0, 255.0]} {
  %r = graph.reduce_prod %a dims = [0] : tensor<4x6xui8> to tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @reduce_prod_dynamic(%a: tensor<4x3xf64>) -> tensor<3xf64> {
  %d = tensor.cast %a : tensor<4x3xf64> to tensor<?x?xf64>
  %r = graph.reduce_prod %d dims = [0] : tensor<?x?xf64> to tensor<?xf64>
  %s = tensor.cast %r : tensor<?xf64> to tensor<3xf64>
  return %s : tensor<3xf64>
}

func.func @reduce_max(%a: tensor<4x2x6xf64>) -> tensor<4x6xf64> attributes {splits = 3} {
  %r = graph.reduce_max %a dims = [1] : tensor<4x2x6xf64> to tensor<4x6xf64>
  return %r : tensor<4x6xf64>
}

func.func @reduce_max_major(%a: tensor<4x2x6xf64>) -> tensor<2xf64> attributes {splits = 3} {
  %r = graph.reduce_max %a dims = [0, 2] : tensor<4x2x6xf64> to tensor<2xf64>
  return %r : tensor<2xf64>
}

func.func @reduce_max_all(%a: tensor<4x2x6xf64>) -> tensor<f64> attributes {splits = 3} {
  %r = graph.reduce_max %a dims = [0, 1, 2] : tensor<4x2x6xf64> to tensor<f64>
  return %r : tensor<f64>
}

func.func @reduce_max_si32(%a: tensor<4x6xsi32>) -> tensor<4xsi32> attributes {splits = 2} {
  %r = graph.reduce_max %a dims = [1] : tensor<4x6xsi32> to tensor<4xsi32>
  return %r : tensor<4xsi32>
}

func.func @reduce_max_ui8(%a: tensor<4x6xui8>) -> tensor<6xui8> attributes {splits = 2, domain = [0.0, 255.0]} {
  %r = graph.reduce_max %a dims = [0] : tensor<4x6xui8> to tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @reduce_max_dynamic(%a: tensor<4x3xf64>) -> tensor<3xf64> {
  %d = tensor.cast %a : tensor<4x3xf64> to tensor<?x?xf64>
  %r = graph.reduce_max %d dims = [0] : tensor<?x?xf64> to tensor<?xf64>
  %s = tensor.cast %r : tensor<?xf64> to tensor<3xf64>
  return %s : tensor<3xf64>
}

func.func @reduce_min(%a: tensor<4x2x6xf64>) -> tensor<4x6xf64> attributes {splits = 3} {
  %r = graph.reduce_min %a dims = [1] : tensor<4x2x6xf64> to tensor<4x6xf64>
  return %r : tensor<4x6xf64>
}

func.func @reduce_min_major(%a: tensor<4x2x6xf64>) -> tensor<2xf64> attributes {splits = 3} {
  %r = graph.reduce_min %a dims = [0, 2] : tensor<4x2x6xf64> to tensor<2xf64>
  return %r : tensor<2xf64>
}

func.func @reduce_min_all(%a: tensor<4x2x6xf64>) -> tensor<f64> attributes {splits = 3} {
  %r = graph.reduce_min %a dims = [0, 1, 2] : tensor<4x2x6xf64> to tensor<f64>
  return %r : tensor<f64>
}

func.func @reduce_min_si32(%a: tensor<4x6xsi32>) -> tensor<4xsi32> attributes {splits = 2} {
  %r = graph.reduce_min %a dims = [1] : tensor<4x6xsi32> to tensor<4xsi32>
  return %r : tensor<4xsi32>
}

func.func @reduce_min_ui8(%a: tensor<4x6xui8>) -> tensor<6xui8> attributes {splits = 2, domain = [0.0, 255.0]} {
  %r = graph.reduce_min %a dims = [0] : tensor<4x6xui8> to tensor<6xui8>
  return %r : tensor<6xui8>
}

func.func @reduce_min_dynamic(%a: tensor<4x3xf64>) -> tensor<3xf64> {
  %d = tensor.cast %a : tensor<4x3xf64> to tensor<?x?xf64>
  %r = graph.reduce_min %d dims = [0] : tensor<?x?xf64> to tensor<?xf64>
  %s = tensor.cast %r : tensor<?xf64> to tensor<3xf64>
  return %s : tensor<3xf64>
}

func.func @reduce_and(%a: tensor<4x6xi1>) -> tensor<4xi1> attributes {splits = 2} {
  %r = graph.reduce_and %a dims = [1] : tensor<4x6xi1> to tensor<4xi1>
  return %r : tensor<4xi1>
}

func.func @reduce_or(%a: tensor<4x6xi1>) -> tensor<4xi1> attributes {splits = 2} {
  %r = graph.reduce_or %a dims = [1] : tensor<4x6xi1> to tensor<4xi1>
  return %r : tensor<4xi1>
}

func.func @argmax(%a: tensor<4x5xf64>) -> tensor<4xi64> attributes {splits = 1} {
  %r = graph.argmax %a axis = 1 {select_last = false} : tensor<4x5xf64> to tensor<4xi64>
  return %r : tensor<4xi64>
}

func.func @argmax_ties(%a: tensor<5x4xui8>) -> tensor<4xi64> attributes {splits = 1, domain = [0.0, 2.0]} {
  %r = graph.argmax %a axis = 0 {select_last = false} : tensor<5x4xui8> to tensor<4xi64>
  return %r : tensor<4xi64>
}

func.func @argmax_last(%a: tensor<4x5xf64>) -> tensor<4xi64> attributes {splits = 1} {
  %r = graph.argmax %a axis = 1 {select_last = true} : tensor<4x5xf64> to tensor<4xi64>
  return %r : tensor<4xi64>
}

func.func @argmax_last_ties(%a: tensor<5x4xui8>) -> tensor<4xi64> attributes {splits = 1, domain = [0.0, 2.0]} {
  %r = graph.argmax %a axis = 0 {select_last = true} : tensor<5x4xui8> to tensor<4xi64>
  return %r : tensor<4xi64>
}

func.func @argmin(%a: tensor<4x5xf64>) -> tensor<4xi64> attributes {splits = 1} {
  %r = graph.argmin %a axis = 1 {select_last = false} : tensor<4x5xf64> to tensor<4xi64>
  return %r : tensor<4xi64>
}

func.func @argmin_ties(%a: tensor<5x4xui8>) -> tensor<4xi64> attributes {splits = 1, domain = [0.0, 2.0]} {
  %r = graph.argmin %a axis = 0 {select_last = false} : tensor<5x4xui8> to tensor<4xi64>
  return %r : tensor<4xi64>
}

func.func @argmin_last(%a: tensor<4x5xf64>) -> tensor<4xi64> attributes {splits = 1} {
  %r = graph.argmin %a axis = 1 {select_last = true} : tensor<4x5xf64> to tensor<4xi64>
  return %r : tensor<4xi64>
}

func.func @argmin_last_ties(%a: tensor<5x4xui8>) -> tensor<4xi64> attributes {splits = 1, domain = [0.0, 2.0]} {
  %r = graph.argmin %a axis = 0 {select_last = true} : tensor<5x4xui8> to tensor<4xi64>
  return %r : tensor<4xi64>
}
