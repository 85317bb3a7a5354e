// Elementwise ops on integers and booleans, and conversions to them.

func.func @and_i1(%a: tensor<4x2xi1>, %b: tensor<4x2xi1>) -> tensor<4x2xi1> {
  %r = graph.and %a, %b : tensor<4x2xi1>
  return %r : tensor<4x2xi1>
}

func.func @and_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> {
  %r = graph.and %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @or_i1(%a: tensor<4x2xi1>, %b: tensor<4x2xi1>) -> tensor<4x2xi1> {
  %r = graph.or %a, %b : tensor<4x2xi1>
  return %r : tensor<4x2xi1>
}

func.func @or_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> {
  %r = graph.or %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @xor_i1(%a: tensor<4x2xi1>, %b: tensor<4x2xi1>) -> tensor<4x2xi1> {
  %r = graph.xor %a, %b : tensor<4x2xi1>
  return %r : tensor<4x2xi1>
}

func.func @xor_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> {
  %r = graph.xor %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @not_i1(%a: tensor<4x2xi1>) -> tensor<4x2xi1> {
  %r = graph.not %a : tensor<4x2xi1>
  return %r : tensor<4x2xi1>
}

func.func @not_ui8(%a: tensor<4x2xui8>) -> tensor<4x2xui8> {
  %r = graph.not %a : tensor<4x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @shift_left_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> attributes {domains = [[-90.0, 90.0], [0.0, 40.0]]} {
  %r = graph.shift_left %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @shift_left_ui8(%a: tensor<4x2xui8>, %b: tensor<4x2xui8>) -> tensor<4x2xui8> attributes {domains = [[0.0, 255.0], [0.0, 10.0]]} {
  %r = graph.shift_left %a, %b : tensor<4x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @shift_right_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> attributes {domains = [[-90.0, 90.0], [0.0, 40.0]]} {
  %r = graph.shift_right %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @shift_right_ui8(%a: tensor<4x2xui8>, %b: tensor<4x2xui8>) -> tensor<4x2xui8> attributes {domains = [[0.0, 255.0], [0.0, 10.0]]} {
  %r = graph.shift_right %a, %b : tensor<4x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @add_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> {
  %r = graph.add %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @add_ui8(%a: tensor<4x2xui8>, %b: tensor<4x2xui8>) -> tensor<4x2xui8> attributes {domain = [0.0, 255.0]} {
  %r = graph.add %a, %b : tensor<4x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @sub_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> {
  %r = graph.sub %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @sub_ui8(%a: tensor<4x2xui8>, %b: tensor<4x2xui8>) -> tensor<4x2xui8> attributes {domain = [0.0, 255.0]} {
  %r = graph.sub %a, %b : tensor<4x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @mul_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> {
  %r = graph.mul %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @mul_ui8(%a: tensor<4x2xui8>, %b: tensor<4x2xui8>) -> tensor<4x2xui8> attributes {domain = [0.0, 255.0]} {
  %r = graph.mul %a, %b : tensor<4x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @div_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> {
  %r = graph.div %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @div_ui8(%a: tensor<4x2xui8>, %b: tensor<4x2xui8>) -> tensor<4x2xui8> attributes {domain = [0.0, 255.0]} {
  %r = graph.div %a, %b : tensor<4x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @rem_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> {
  %r = graph.rem %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @rem_ui8(%a: tensor<4x2xui8>, %b: tensor<4x2xui8>) -> tensor<4x2xui8> attributes {domain = [0.0, 255.0]} {
  %r = graph.rem %a, %b : tensor<4x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @max_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> {
  %r = graph.max %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @max_ui8(%a: tensor<4x2xui8>, %b: tensor<4x2xui8>) -> tensor<4x2xui8> attributes {domain = [0.0, 255.0]} {
  %r = graph.max %a, %b : tensor<4x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @min_si32(%a: tensor<4x2xsi32>, %b: tensor<4x2xsi32>) -> tensor<4x2xsi32> {
  %r = graph.min %a, %b : tensor<4x2xsi32>
  return %r : tensor<4x2xsi32>
}

func.func @min_ui8(%a: tensor<4x2xui8>, %b: tensor<4x2xui8>) -> tensor<4x2xui8> attributes {domain = [0.0, 255.0]} {
  %r = graph.min %a, %b : tensor<4x2xui8>
  return %r : tensor<4x2xui8>
}

func.func @neg_i64(%a: tensor<4x2xi64>) -> tensor<4x2xi64> {
  %r = graph.neg %a : tensor<4x2xi64>
  return %r : tensor<4x2xi64>
}

func.func @abs_i64(%a: tensor<4x2xi64>) -> tensor<4x2xi64> {
  %r = graph.abs %a : tensor<4x2xi64>
  return %r : tensor<4x2xi64>
}

func.func @sign_i64(%a: tensor<4x2xi64>) -> tensor<4x2xi64> {
  %r = graph.sign %a : tensor<4x2xi64>
  return %r : tensor<4x2xi64>
}

func.func @compare_lt_ui8(%a: tensor<4x2xui8>, %b: tensor<4x2xui8>) -> tensor<4x2xi1> attributes {domain = [0.0, 255.0]} {
  %r = graph.compare lt %a, %b : tensor<4x2xui8>
  return %r : tensor<4x2xi1>
}

func.func @convert_to_ui8(%a: tensor<2x3xf64>) -> tensor<2x3xui8> attributes {domain = [-3.0, 3.0]} {
  %r = graph.convert %a : tensor<2x3xf64> to tensor<2x3xui8>
  return %r : tensor<2x3xui8>
}

func.func @convert_to_i1(%a: tensor<2x3xf64>) -> tensor<2x3xi1> attributes {domain = [-3.0, 3.0]} {
  %r = graph.convert %a : tensor<2x3xf64> to tensor<2x3xi1>
  return %r : tensor<2x3xi1>
}

func.func @convert_to_i64(%a: tensor<2x3xf64>) -> tensor<2x3xi64> attributes {domain = [-3.0, 3.0]} {
  %r = graph.convert %a : tensor<2x3xf64> to tensor<2x3xi64>
  return %r : tensor<2x3xi64>
}

func.func @convert_from_ui8(%a: tensor<4x2xui8>) -> tensor<4x2xf64> attributes {domain = [0.0, 255.0]} {
  %r = graph.convert %a : tensor<4x2xui8> to tensor<4x2xf64>
  return %r : tensor<4x2xf64>
}
