// Elementwise ops, each in a domain where it is smooth.

func.func @add(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.add %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @sub(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.sub %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @mul(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.mul %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @max(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.max %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @min(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.min %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @div(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.5, 2.0]} {
  %r = graph.div %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @pow(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.5, 2.0]} {
  %r = graph.pow %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @rem(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domains = [[3.1, 3.9], [0.91, 0.99]]} {
  %r = graph.rem %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @neg(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.neg %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @abs(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.5, 2.0]} {
  %r = graph.abs %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @abs_negative(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [-2.0, -0.5]} {
  %r = graph.abs %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @sign(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.5, 2.0]} {
  %r = graph.sign %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @exp(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.exp %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @sin(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.sin %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @cos(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.cos %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @tan(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.tan %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @atan(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.atan %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @sinh(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.sinh %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @cosh(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.cosh %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @tanh(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.tanh %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @asinh(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.asinh %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @erf(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.erf %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @expm1(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.expm1 %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @gelu(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.gelu %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @sigmoid(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.sigmoid %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @softplus(%a: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.softplus %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @log(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.5, 2.0]} {
  %r = graph.log %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @sqrt(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.5, 2.0]} {
  %r = graph.sqrt %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @rsqrt(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.5, 2.0]} {
  %r = graph.rsqrt %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @log1p(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.5, 2.0]} {
  %r = graph.log1p %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @asin(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [-0.8, 0.8]} {
  %r = graph.asin %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @acos(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [-0.8, 0.8]} {
  %r = graph.acos %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @atanh(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [-0.8, 0.8]} {
  %r = graph.atanh %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @acosh(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [1.5, 3.0]} {
  %r = graph.acosh %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @relu(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.1, 1.0]} {
  %r = graph.relu %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @relu_negative(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [-1.0, -0.1]} {
  %r = graph.relu %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @floor(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.1, 0.9]} {
  %r = graph.floor %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @ceil(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.1, 0.9]} {
  %r = graph.ceil %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @round_even(%a: tensor<2x4xf64>) -> tensor<2x4xf64> attributes {domain = [0.6, 0.9]} {
  %r = graph.round_even %a : tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @compare_eq(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xi1> {
  %r = graph.compare eq %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xi1>
}

func.func @compare_ne(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xi1> {
  %r = graph.compare ne %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xi1>
}

func.func @compare_lt(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xi1> {
  %r = graph.compare lt %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xi1>
}

func.func @compare_le(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xi1> {
  %r = graph.compare le %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xi1>
}

func.func @compare_gt(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xi1> {
  %r = graph.compare gt %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xi1>
}

func.func @compare_ge(%a: tensor<2x4xf64>, %b: tensor<2x4xf64>) -> tensor<2x4xi1> {
  %r = graph.compare ge %a, %b : tensor<2x4xf64>
  return %r : tensor<2x4xi1>
}

func.func @select(%a: tensor<2x4xi1>, %b: tensor<2x4xf64>, %c: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %r = graph.select %a, %b, %c : tensor<2x4xi1>, tensor<2x4xf64>
  return %r : tensor<2x4xf64>
}

func.func @convert_to_f32(%a: tensor<2x4xf64>) -> tensor<2x4xf32> attributes {kinked, domain = [-3.0, 3.0]} {
  %r = graph.convert %a : tensor<2x4xf64> to tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

func.func @convert_to_i32(%a: tensor<2x4xf64>) -> tensor<2x4xi32> attributes {domain = [-3.0, 3.0]} {
  %r = graph.convert %a : tensor<2x4xf64> to tensor<2x4xi32>
  return %r : tensor<2x4xi32>
}

func.func @add_scalar(%a: tensor<f64>, %b: tensor<f64>) -> tensor<f64> {
  %r = graph.add %a, %b : tensor<f64>
  return %r : tensor<f64>
}
