// Weighted sums of neighbours.

func.func @resample(%a: tensor<2x3x4xf64>, %i: tensor<6x2xi64>, %w: tensor<6x2xf64>) -> tensor<2x6x4xf64>
    attributes {splits = 4} {
  %r = graph.resample %a, %i, %w axis = 1 : (tensor<2x3x4xf64>, tensor<6x2xi64>, tensor<6x2xf64>) -> tensor<2x6x4xf64>
  return %r : tensor<2x6x4xf64>
}

func.func @resample_last(%a: tensor<2x8xf64>, %i: tensor<4x3xi32>, %w: tensor<4x3xf64>) -> tensor<2x4xf64>
    attributes {splits = 2} {
  %r = graph.resample %a, %i, %w axis = 1 : (tensor<2x8xf64>, tensor<4x3xi32>, tensor<4x3xf64>) -> tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @resample_dynamic(%a: tensor<2x3x4xf64>, %i: tensor<6x2xi64>, %w: tensor<6x2xf64>) -> tensor<2x6x4xf64> {
  %d = tensor.cast %a : tensor<2x3x4xf64> to tensor<2x?x?xf64>
  %e = tensor.cast %i : tensor<6x2xi64> to tensor<?x2xi64>
  %f = tensor.cast %w : tensor<6x2xf64> to tensor<?x2xf64>
  %r = graph.resample %d, %e, %f axis = 1 : (tensor<2x?x?xf64>, tensor<?x2xi64>, tensor<?x2xf64>) -> tensor<2x?x?xf64>
  %s = tensor.cast %r : tensor<2x?x?xf64> to tensor<2x6x4xf64>
  return %s : tensor<2x6x4xf64>
}
