// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @axis(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{top_k_c1: expected an axis below the rank 2, got 2}}
  %v, %i = graph.top_k %a axis = 2 : tensor<2x8xf32> to tensor<2x8xf32>, tensor<2x8xi64>
  return
}

// -----

func.func @rank(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{top_k_c2: expected results of rank 2, got 1}}
  %v, %i = graph.top_k %a axis = 1 : tensor<2x8xf32> to tensor<2x3xf32>, tensor<3xi64>
  return
}

// -----

func.func @shape(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{top_k_c2: expected results of type 'tensor<2x3xf32>', got 'tensor<1x3xf32>'}}
  %v, %i = graph.top_k %a axis = 1 : tensor<2x8xf32> to tensor<1x3xf32>, tensor<2x3xi64>
  return
}

// -----

func.func @places(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{top_k_c2: expected as many places as values, 3, got 4}}
  %v, %i = graph.top_k %a axis = 1 : tensor<2x8xf32> to tensor<2x3xf32>, tensor<2x4xi64>
  return
}

// -----

func.func @count(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{top_k_c3: expected at most 8 elements along axis 1, got 9}}
  %v, %i = graph.top_k %a axis = 1 : tensor<2x8xf32> to tensor<2x9xf32>, tensor<2x9xi64>
  return
}

// -----

func.func @size(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{top_k_c4: expected a size for the results' extent along axis 1}}
  %v, %i = graph.top_k %a axis = 1 : tensor<2x8xf32> to tensor<2x?xf32>, tensor<2x?xi64>
  return
}

// -----

func.func @no_size(%a: tensor<2x8xf32>, %n: index) {
  // expected-error @+1 {{top_k_c4: expected no size for the results' extent along axis 1}}
  %v, %i = graph.top_k %a axis = 1 size(%n) : tensor<2x8xf32> to tensor<2x3xf32>, tensor<2x3xi64>
  return
}

// -----

func.func @type(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{top_k_c5: expected values of element type 'f32', got 'f64'}}
  %v, %i = graph.top_k %a axis = 1 : tensor<2x8xf32> to tensor<2x3xf64>, tensor<2x3xi64>
  return
}

// -----

func.func @bool(%a: tensor<8xi1>) {
  // expected-error @+1 {{top_k_c5: expected numbers, got booleans}}
  %v, %i = graph.top_k %a axis = 0 : tensor<8xi1> to tensor<3xi1>, tensor<3xi64>
  return
}
