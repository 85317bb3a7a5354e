// The best elements along an axis. How many comparisons it takes depends on the
// data: the cost is an estimate.

func.func @top_k(%a: tensor<2x7xf64>) -> (tensor<2x3xf64>, tensor<2x3xi64>)
    attributes {estimated, splits = 1} {
  %v, %i = graph.top_k %a axis = 1 : tensor<2x7xf64> to tensor<2x3xf64>, tensor<2x3xi64>
  return %v, %i : tensor<2x3xf64>, tensor<2x3xi64>
}

func.func @top_k_smallest(%a: tensor<2x6x4xf64>) -> (tensor<2x5x4xf64>, tensor<2x5x4xi64>)
    attributes {estimated, splits = 2} {
  %v, %i = graph.top_k %a axis = 1 smallest : tensor<2x6x4xf64> to tensor<2x5x4xf64>, tensor<2x5x4xi64>
  return %v, %i : tensor<2x5x4xf64>, tensor<2x5x4xi64>
}

func.func @top_k_sort(%a: tensor<9xf64>) -> (tensor<9xf64>, tensor<9xi64>)
    attributes {estimated, splits = 0} {
  %v, %i = graph.top_k %a axis = 0 : tensor<9xf64> to tensor<9xf64>, tensor<9xi64>
  return %v, %i : tensor<9xf64>, tensor<9xi64>
}

func.func @top_k_ui8(%a: tensor<4x9xui8>) -> (tensor<4x6xui8>, tensor<4x6xi64>)
    attributes {estimated, splits = 1} {
  %v, %i = graph.top_k %a axis = 1 : tensor<4x9xui8> to tensor<4x6xui8>, tensor<4x6xi64>
  return %v, %i : tensor<4x6xui8>, tensor<4x6xi64>
}

func.func @top_k_dynamic(%a: tensor<2x7xf64>) -> (tensor<2x3xf64>, tensor<2x3xi64>) attributes {estimated} {
  %c3 = arith.constant 3 : index
  %d = tensor.cast %a : tensor<2x7xf64> to tensor<?x?xf64>
  %v, %i = graph.top_k %d axis = 1 size(%c3) : tensor<?x?xf64> to tensor<?x?xf64>, tensor<?x?xi64>
  %w = tensor.cast %v : tensor<?x?xf64> to tensor<2x3xf64>
  %j = tensor.cast %i : tensor<?x?xi64> to tensor<2x3xi64>
  return %w, %j : tensor<2x3xf64>, tensor<2x3xi64>
}
