// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @softmax_axis(%a: tensor<4xf32>) {
  // expected-error @+1 {{softmax_c1: expected an axis below the rank 1, got 1}}
  %0 = graph.softmax %a axis = 1 : tensor<4xf32>
  return
}

// -----

func.func @log_softmax_axis(%a: tensor<4xf32>) {
  // expected-error @+1 {{softmax_c1: expected an axis below the rank 1, got -1}}
  %0 = graph.log_softmax %a axis = -1 : tensor<4xf32>
  return
}

// -----

func.func @batch_norm_axis(%a: tensor<4x8xf32>, %v: tensor<8xf32>) {
  // expected-error @+1 {{batch_norm_c1: expected an axis below the rank 2, got 2}}
  %0 = graph.batch_norm %a, %v, %v, %v, %v axis = 2 epsilon = 1.0e-5 : tensor<4x8xf32>, tensor<8xf32>
  return
}

// -----

func.func @batch_norm_vectors(%a: tensor<4x8xf32>, %v: tensor<4xf32>) {
  // expected-error @+1 {{batch_norm_c2: expected vectors of type 'tensor<8xf32>', got 'tensor<4xf32>'}}
  %0 = graph.batch_norm %a, %v, %v, %v, %v axis = 1 epsilon = 1.0e-5 : tensor<4x8xf32>, tensor<4xf32>
  return
}
