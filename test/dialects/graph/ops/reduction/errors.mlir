// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @reduce_order(%a: tensor<4x8xf32>) {
  // expected-error @+2 {{reduce_c1: expected increasing dims below the rank 2, got 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.reduce_sum %a dims = [1, 0] : tensor<4x8xf32> to tensor<f32>
  return
}

// -----

func.func @reduce_range(%a: tensor<4x8xf32>) {
  // expected-error @+2 {{reduce_c1: expected increasing dims below the rank 2, got 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.reduce_max %a dims = [2] : tensor<4x8xf32> to tensor<4x8xf32>
  return
}

// -----

func.func @reduce_result(%a: tensor<4x8xf32>) {
  // expected-error @+2 {{inferred type(s) 'tensor<4xf32>' are incompatible with return type(s) of operation 'tensor<8xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.reduce_prod %a dims = [1] : tensor<4x8xf32> to tensor<8xf32>
  return
}

// -----

func.func @argmax_axis(%a: tensor<4x8xf32>) {
  // expected-error @+2 {{arg_reduce_c1: expected an axis below the rank 2, got 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.argmax %a axis = 2 {select_last = false} : tensor<4x8xf32> to tensor<4xi64>
  return
}

// -----

func.func @argmin_empty(%a: tensor<4x0xf32>) {
  // expected-error @+2 {{arg_reduce_c1: expected at least one element along axis 1, got 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.argmin %a axis = 1 {select_last = false} : tensor<4x0xf32> to tensor<4xi64>
  return
}
