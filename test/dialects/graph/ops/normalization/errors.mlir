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

// -----

func.func @layer_norm_dims(%a: tensor<4x8xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{layer_norm_c1: expected increasing dims below the rank 2, got 2}}
  %0:3 = graph.layer_norm %a dims = [1, 2] epsilon = 1.0e-5 : (tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4xf32>, tensor<4xf32>)
  return
}

// -----

func.func @layer_norm_scale(%a: tensor<4x8xf32>, %v: tensor<4xf32>) {
  // expected-error @+1 {{layer_norm_c2: expected scale and offset of type 'tensor<8xf32>', got 'tensor<4xf32>'}}
  %0:3 = graph.layer_norm %a offset(%v) dims = [1] epsilon = 1.0e-5
    : (tensor<4x8xf32>, tensor<4xf32>) -> (tensor<4x8xf32>, tensor<4xf32>, tensor<4xf32>)
  return
}

// -----

func.func @rms_norm_scale(%a: tensor<4x8xf32>, %v: tensor<8xf64>) {
  // expected-error @+1 {{layer_norm_c2: expected scale and offset of type 'tensor<8xf32>', got 'tensor<8xf64>'}}
  %0:2 = graph.rms_norm %a scale(%v) dims = [1] epsilon = 1.0e-5
    : (tensor<4x8xf32>, tensor<8xf64>) -> (tensor<4x8xf32>, tensor<4xf32>)
  return
}

// -----

func.func @group_norm_axis(%a: tensor<4x8xf32>) {
  // expected-error @+1 {{group_norm_c1: expected an axis in [1, 2), got 0}}
  %0 = graph.group_norm %a axis = 0 groups = 2 epsilon = 1.0e-5 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @group_norm_groups(%a: tensor<4x8xf32>) {
  // expected-error @+1 {{group_norm_c2: expected groups that divide the extent 8 of axis 1, got 3}}
  %0 = graph.group_norm %a axis = 1 groups = 3 epsilon = 1.0e-5 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @group_norm_unknown(%a: tensor<4x?xf32>) {
  // expected-error @+1 {{group_norm_c2: expected groups that divide the unknown extent of axis 1, got 2}}
  %0 = graph.group_norm %a axis = 1 groups = 2 epsilon = 1.0e-5 : (tensor<4x?xf32>) -> tensor<4x?xf32>
  return
}

// -----

func.func @group_norm_scale(%a: tensor<4x8xf32>, %v: tensor<4xf32>) {
  // expected-error @+1 {{group_norm_c3: expected scale and offset of type 'tensor<8xf32>', got 'tensor<4xf32>'}}
  %0 = graph.group_norm %a scale(%v) axis = 1 groups = 2 epsilon = 1.0e-5 : (tensor<4x8xf32>, tensor<4xf32>) -> tensor<4x8xf32>
  return
}
