// Gathers, scatters and running sums. Indices are in [-5, 5] unless a domain
// says more, so some count from the end and some are out of range.

func.func @gather_rows(%a: tensor<3x4xf64>, %i: tensor<2x6xi64>) -> tensor<2x6x4xf64>
    attributes {bytes_read = 480, splits = 3} {
  %r = graph.gather "*d,bs->bsd" %a, %i : (tensor<3x4xf64>, tensor<2x6xi64>) -> tensor<2x6x4xf64>
  return %r : tensor<2x6x4xf64>
}

func.func @gather_scalar(%a: tensor<2x3x4xf64>, %i: tensor<i32>) -> tensor<2x4xf64>
    attributes {bytes_read = 68, splits = 2} {
  %r = graph.gather "a*c,->ac" %a, %i : (tensor<2x3x4xf64>, tensor<i32>) -> tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @gather_elements(%a: tensor<2x3x4xf64>, %i: tensor<2x6x4xi64>) -> tensor<2x6x4xf64>
    attributes {bytes_read = 768, splits = 3} {
  %r = graph.gather "a*c,abc->abc" %a, %i : (tensor<2x3x4xf64>, tensor<2x6x4xi64>) -> tensor<2x6x4xf64>
  return %r : tensor<2x6x4xf64>
}

func.func @gather_nd(%a: tensor<2x3x4x2xf64>, %i: tensor<2x6x2xi64>) -> tensor<2x6x2xf64>
    attributes {bytes_read = 384, splits = 3} {
  %r = graph.gather "a**b,aA*->aAb" %a, %i : (tensor<2x3x4x2xf64>, tensor<2x6x2xi64>) -> tensor<2x6x2xf64>
  return %r : tensor<2x6x2xf64>
}

func.func @gather_transposed(%a: tensor<2x3x4xf64>, %i: tensor<2xui8>) -> tensor<4x2x2xf64>
    attributes {bytes_read = 130, splits = 3} {
  %r = graph.gather "a*c,i->cia" %a, %i : (tensor<2x3x4xf64>, tensor<2xui8>) -> tensor<4x2x2xf64>
  return %r : tensor<4x2x2xf64>
}

func.func @gather_all(%a: tensor<3xf64>, %i: tensor<1xi64>) -> tensor<f64>
    attributes {bytes_read = 16, splits = 0} {
  %r = graph.gather "*,*->" %a, %i : (tensor<3xf64>, tensor<1xi64>) -> tensor<f64>
  return %r : tensor<f64>
}

func.func @gather_i8(%a: tensor<4x3xsi8>, %i: tensor<2xi32>) -> tensor<4x2xsi8>
    attributes {bytes_read = 16, splits = 2} {
  %r = graph.gather "a*,i->ai" %a, %i : (tensor<4x3xsi8>, tensor<2xi32>) -> tensor<4x2xsi8>
  return %r : tensor<4x2xsi8>
}

func.func @gather_dynamic(%a: tensor<3x4xf64>, %i: tensor<2x3xi64>) -> tensor<2x3x4xf64> {
  %d = tensor.cast %a : tensor<3x4xf64> to tensor<?x?xf64>
  %e = tensor.cast %i : tensor<2x3xi64> to tensor<?x3xi64>
  %r = graph.gather "*d,bs->bsd" %d, %e : (tensor<?x?xf64>, tensor<?x3xi64>) -> tensor<?x3x?xf64>
  %s = tensor.cast %r : tensor<?x3x?xf64> to tensor<2x3x4xf64>
  return %s : tensor<2x3x4xf64>
}

func.func @scatter_add(%a: tensor<3x4xf64>, %i: tensor<6xi64>, %u: tensor<6x4xf64>) -> tensor<3x4xf64>
    attributes {splits = 1} {
  %r = graph.scatter add "*d,b,bd" %a, %i, %u : tensor<3x4xf64>, tensor<6xi64>, tensor<6x4xf64>
  return %r : tensor<3x4xf64>
}

func.func @scatter_set(%a: tensor<3x4xf64>, %i: tensor<6xi64>, %u: tensor<6x4xf64>) -> tensor<3x4xf64>
    attributes {splits = 1} {
  %r = graph.scatter set "*d,b,bd" %a, %i, %u : tensor<3x4xf64>, tensor<6xi64>, tensor<6x4xf64>
  return %r : tensor<3x4xf64>
}

func.func @scatter_set_some(%a: tensor<9x2xf64>, %i: tensor<3xi64>, %u: tensor<2x3xf64>) -> tensor<9x2xf64>
    attributes {splits = 1} {
  %r = graph.scatter set "*d,b,db" %a, %i, %u : tensor<9x2xf64>, tensor<3xi64>, tensor<2x3xf64>
  return %r : tensor<9x2xf64>
}

func.func @scatter_mul(%a: tensor<3x2xf64>, %i: tensor<6xi64>, %u: tensor<6x2xf64>) -> tensor<3x2xf64>
    attributes {splits = 1} {
  %r = graph.scatter mul "*d,b,bd" %a, %i, %u : tensor<3x2xf64>, tensor<6xi64>, tensor<6x2xf64>
  return %r : tensor<3x2xf64>
}

func.func @scatter_max(%a: tensor<3x2xf64>, %i: tensor<6xi64>, %u: tensor<6x2xf64>) -> tensor<3x2xf64>
    attributes {splits = 1} {
  %r = graph.scatter max "*d,b,bd" %a, %i, %u : tensor<3x2xf64>, tensor<6xi64>, tensor<6x2xf64>
  return %r : tensor<3x2xf64>
}

func.func @scatter_min(%a: tensor<3x2xf64>, %i: tensor<6xi64>, %u: tensor<6x2xf64>) -> tensor<3x2xf64>
    attributes {splits = 1} {
  %r = graph.scatter min "*d,b,bd" %a, %i, %u : tensor<3x2xf64>, tensor<6xi64>, tensor<6x2xf64>
  return %r : tensor<3x2xf64>
}

func.func @scatter_elements(%a: tensor<2x3x4xf64>, %i: tensor<2x5x4xi64>, %u: tensor<2x5x4xf64>) -> tensor<2x3x4xf64>
    attributes {splits = 2} {
  %r = graph.scatter add "a*c,abc,abc" %a, %i, %u : tensor<2x3x4xf64>, tensor<2x5x4xi64>, tensor<2x5x4xf64>
  return %r : tensor<2x3x4xf64>
}

func.func @scatter_nd(%a: tensor<2x3x4x2xf64>, %i: tensor<2x6x2xi64>, %u: tensor<2x6x2xf64>) -> tensor<2x3x4x2xf64>
    attributes {splits = 2} {
  %r = graph.scatter set "a**b,aA*,aAb" %a, %i, %u : tensor<2x3x4x2xf64>, tensor<2x6x2xi64>, tensor<2x6x2xf64>
  return %r : tensor<2x3x4x2xf64>
}

func.func @scatter_one(%a: tensor<3xf64>, %i: tensor<i32>, %u: tensor<f64>) -> tensor<3xf64>
    attributes {splits = 0} {
  %r = graph.scatter add "*,," %a, %i, %u : tensor<3xf64>, tensor<i32>, tensor<f64>
  return %r : tensor<3xf64>
}

func.func @scatter_ui8(%a: tensor<4x2xui8>, %i: tensor<6xui8>, %u: tensor<6x2xui8>) -> tensor<4x2xui8>
    attributes {splits = 1} {
  %r = graph.scatter max "*d,b,bd" %a, %i, %u : tensor<4x2xui8>, tensor<6xui8>, tensor<6x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @scatter_set_dynamic(%a: tensor<3x2xf64>, %i: tensor<6xi64>, %u: tensor<6x2xf64>) -> tensor<3x2xf64> {
  %d = tensor.cast %a : tensor<3x2xf64> to tensor<?x2xf64>
  %e = tensor.cast %i : tensor<6xi64> to tensor<?xi64>
  %f = tensor.cast %u : tensor<6x2xf64> to tensor<?x?xf64>
  %r = graph.scatter set "*d,b,bd" %d, %e, %f : tensor<?x2xf64>, tensor<?xi64>, tensor<?x?xf64>
  %s = tensor.cast %r : tensor<?x2xf64> to tensor<3x2xf64>
  return %s : tensor<3x2xf64>
}

func.func @cumsum(%a: tensor<2x5x4xf64>) -> tensor<2x5x4xf64> attributes {splits = 2} {
  %r = graph.cumsum %a axis = 1 : tensor<2x5x4xf64>
  return %r : tensor<2x5x4xf64>
}

func.func @cumsum_exclusive(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {splits = 1} {
  %r = graph.cumsum %a axis = 1 exclusive : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @cumsum_reverse(%a: tensor<5x2xf64>) -> tensor<5x2xf64> attributes {splits = 1} {
  %r = graph.cumsum %a axis = 0 reverse : tensor<5x2xf64>
  return %r : tensor<5x2xf64>
}

func.func @cumsum_exclusive_reverse(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {splits = 1} {
  %r = graph.cumsum %a axis = 1 exclusive reverse : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @cumsum_i32(%a: tensor<2x4xi32>) -> tensor<2x4xi32> attributes {splits = 1} {
  %r = graph.cumsum %a axis = 1 : tensor<2x4xi32>
  return %r : tensor<2x4xi32>
}

func.func @cumsum_dynamic(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %d = tensor.cast %a : tensor<2x4xf64> to tensor<2x?xf64>
  %r = graph.cumsum %d axis = 1 : tensor<2x?xf64>
  %s = tensor.cast %r : tensor<2x?xf64> to tensor<2x4xf64>
  return %s : tensor<2x4xf64>
}
