// Sums of products in any order of dims.

func.func @contract_matmul(%a: tensor<2x4xf64>, %b: tensor<4x6xf64>) -> tensor<2x6xf64> attributes {splits = 3} {
  %r = graph.contract "mk,kn->mn" %a, %b : (tensor<2x4xf64>, tensor<4x6xf64>) -> tensor<2x6xf64>
  return %r : tensor<2x6xf64>
}

func.func @contract_batch(%a: tensor<2x4x6xf64>, %b: tensor<2x2x6xf64>) -> tensor<2x2x4xf64> attributes {splits = 4} {
  %r = graph.contract "bmk,bnk->bnm" %a, %b : (tensor<2x4x6xf64>, tensor<2x2x6xf64>) -> tensor<2x2x4xf64>
  return %r : tensor<2x2x4xf64>
}

func.func @contract_dot(%a: tensor<4xf64>, %b: tensor<4xf64>) -> tensor<f64> attributes {splits = 1} {
  %r = graph.contract "k,k->" %a, %b : (tensor<4xf64>, tensor<4xf64>) -> tensor<f64>
  return %r : tensor<f64>
}

func.func @contract_outer(%a: tensor<4xf64>, %b: tensor<2xf64>) -> tensor<2x4xf64> attributes {splits = 2} {
  %r = graph.contract "m,n->nm" %a, %b : (tensor<4xf64>, tensor<2xf64>) -> tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @contract_scale(%a: tensor<4x2xf64>, %b: tensor<2xf64>) -> tensor<4x2xf64> attributes {splits = 2} {
  %r = graph.contract "mn,n->mn" %a, %b : (tensor<4x2xf64>, tensor<2xf64>) -> tensor<4x2xf64>
  return %r : tensor<4x2xf64>
}

func.func @contract_i32(%a: tensor<2x4xi8>, %b: tensor<4x2xi8>) -> tensor<2x2xi32> attributes {splits = 3} {
  %r = graph.contract "mk,kn->mn" %a, %b : (tensor<2x4xi8>, tensor<4x2xi8>) -> tensor<2x2xi32>
  return %r : tensor<2x2xi32>
}

func.func @contract_dynamic(%a: tensor<2x4xf64>, %b: tensor<4x3xf64>) -> tensor<2x3xf64> {
  %d = tensor.cast %a : tensor<2x4xf64> to tensor<?x?xf64>
  %r = graph.contract "mk,kn->mn" %d, %b : (tensor<?x?xf64>, tensor<4x3xf64>) -> tensor<?x3xf64>
  %s = tensor.cast %r : tensor<?x3xf64> to tensor<2x3xf64>
  return %s : tensor<2x3xf64>
}
