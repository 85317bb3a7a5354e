// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @iota_dim() {
  // expected-error @+1 {{iota_c1: expected a dim below the rank 1, got 1}}
  %0 = graph.iota dim = 1 : tensor<4xi64>
  return
}

// -----

func.func @iota_sizes() {
  // expected-error @+1 {{iota_c2: expected 1 sizes, one per dynamic dim of 'tensor<?xi64>', got 0}}
  %0 = graph.iota dim = 0 : tensor<?xi64>
  return
}

// -----

func.func @broadcast_number_of_dims(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{broadcast_c1: expected 2 dims, got 1}}
  %0 = graph.broadcast %a dims = [0] : tensor<2x3xf32> to tensor<2x3xf32>
  return
}

// -----

func.func @broadcast_order(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{broadcast_c1: expected increasing dims below the result's rank 2, got 0}}
  %0 = graph.broadcast %a dims = [1, 0] : tensor<2x3xf32> to tensor<3x2xf32>
  return
}

// -----

func.func @broadcast_range(%a: tensor<2xf32>) {
  // expected-error @+1 {{broadcast_c1: expected increasing dims below the result's rank 2, got 2}}
  %0 = graph.broadcast %a dims = [2] : tensor<2xf32> to tensor<3x2xf32>
  return
}

// -----

func.func @broadcast_extent(%a: tensor<2xf32>) {
  // expected-error @+1 {{broadcast_c2: expected extent 1 or 3 for dim 0, got 2}}
  %0 = graph.broadcast %a dims = [0] : tensor<2xf32> to tensor<3x2xf32>
  return
}

// -----

func.func @broadcast_type(%a: tensor<2xf32>) {
  // expected-error @+1 {{broadcast_c3: expected element type 'f64', got 'f32'}}
  %0 = graph.broadcast %a dims = [0] : tensor<2xf32> to tensor<2x2xf64>
  return
}

// -----

func.func @broadcast_sizes(%a: tensor<2xf32>) {
  // expected-error @+1 {{broadcast_c4: expected 1 sizes, one per dynamic dim of 'tensor<2x?xf32>', got 0}}
  %0 = graph.broadcast %a dims = [0] : tensor<2xf32> to tensor<2x?xf32>
  return
}

// -----

func.func @reshape_type(%a: tensor<2xf32>) {
  // expected-error @+1 {{reshape_c1: expected element type 'i32', got 'f32'}}
  %0 = graph.reshape %a : tensor<2xf32> to tensor<2xi32>
  return
}

// -----

func.func @reshape_elements(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{reshape_c2: expected 6 elements, got 5}}
  %0 = graph.reshape %a : tensor<2x3xf32> to tensor<5xf32>
  return
}

// -----

func.func @reshape_sizes(%a: tensor<2x3xf32>, %n: index) {
  // expected-error @+1 {{reshape_c3: expected 0 sizes, one per dynamic dim of 'tensor<6xf32>', got 1}}
  %0 = graph.reshape %a sizes(%n) : tensor<2x3xf32> to tensor<6xf32>
  return
}

// -----

func.func @transpose_permutation(%a: tensor<2x3xf32>) {
  // expected-error @+2 {{transpose_c1: expected a permutation of 2 dims, got [0, 0]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.transpose %a perm = [0, 0] : tensor<2x3xf32> to tensor<2x2xf32>
  return
}

// -----

func.func @transpose_result(%a: tensor<2x3xf32>) {
  // expected-error @+2 {{inferred type(s) 'tensor<3x2xf32>' are incompatible with return type(s) of operation 'tensor<2x3xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.transpose %a perm = [1, 0] : tensor<2x3xf32> to tensor<2x3xf32>
  return
}

// -----

func.func @concat_nothing() {
  // expected-error @+2 {{concat_c1: expected at least one operand, got 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = "graph.concat"() {axis = 0 : i64} : () -> tensor<2xf32>
  return
}

// -----

func.func @concat_axis(%a: tensor<2xf32>) {
  // expected-error @+2 {{concat_c1: expected an axis below the rank 1, got 1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.concat %a, %a axis = 1 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @concat_rank(%a: tensor<2xf32>, %b: tensor<2x1xf32>) {
  // expected-error @+2 {{concat_c1: expected rank 1, got 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.concat %a, %b axis = 0 : (tensor<2xf32>, tensor<2x1xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @concat_type(%a: tensor<2xf32>, %b: tensor<2xf64>) {
  // expected-error @+2 {{concat_c2: expected element type 'f32', got 'f64'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.concat %a, %b axis = 0 : (tensor<2xf32>, tensor<2xf64>) -> tensor<4xf32>
  return
}

// -----

func.func @concat_extent(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>) {
  // expected-error @+2 {{concat_c2: expected extent 3 for dim 1, got 4}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.concat %a, %b axis = 0 : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<4x3xf32>
  return
}

// -----

func.func @reverse_twice(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{reverse_c1: expected distinct dims below the rank 2, got [1, 1]}}
  %0 = graph.reverse %a dims = [1, 1] : tensor<2x3xf32>
  return
}
