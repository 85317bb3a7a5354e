// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @shapes(%a: tensor<4xf32>, %c: tensor<5xi1>) {
  // expected-error @+1 {{requires the same shape for all operands and results}}
  %0 = graph.select %c, %a, %a : tensor<5xi1>, tensor<4xf32>
  return
}

// -----

func.func @float_only(%a: tensor<4xi32>) {
  // expected-error @+1 {{operand #0 must be}}
  %0 = graph.exp %a : tensor<4xi32>
  return
}

// -----

func.func @integer_only(%a: tensor<4xf32>) {
  // expected-error @+1 {{operand #0 must be}}
  %0 = graph.xor %a, %a : tensor<4xf32>
  return
}

// -----

func.func @condition(%a: tensor<4xf32>) {
  // expected-error @+1 {{operand #0 must be}}
  %0 = graph.select %a, %a, %a : tensor<4xf32>, tensor<4xf32>
  return
}

// -----

func.func @convert_shape(%a: tensor<4xf32>) {
  // expected-error @+1 {{requires the same shape for all operands and results}}
  %0 = graph.convert %a : tensor<4xf32> to tensor<5xf64>
  return
}
