// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @slice_entries(%a: tensor<4x4xf32>) {
  // expected-error @+1 {{slice_c1: expected one offset per dim, 2, got 1}}
  %0 = graph.slice %a [0] [4, 4] [1, 1] : tensor<4x4xf32> to tensor<4x4xf32>
  return
}

// -----

func.func @slice_stride(%a: tensor<4xf32>) {
  // expected-error @+1 {{slice_c2: expected a positive stride for dim 0, got 0}}
  %0 = graph.slice %a [0] [4] [0] : tensor<4xf32> to tensor<4xf32>
  return
}

// -----

func.func @slice_negative(%a: tensor<4xf32>) {
  // expected-error @+1 {{slice_c2: expected no negative offset or size for dim 0, got -1}}
  %0 = graph.slice %a [-1] [2] [1] : tensor<4xf32> to tensor<2xf32>
  return
}

// -----

func.func @slice_outside(%a: tensor<4xf32>) {
  // expected-error @+1 {{slice_c2: expected a slice inside dim 0 of extent 4, got one that ends at 5}}
  %0 = graph.slice %a [0] [3] [2] : tensor<4xf32> to tensor<3xf32>
  return
}

// -----

func.func @slice_result(%a: tensor<4xf32>) {
  // expected-error @+1 {{slice_c3: expected result type 'tensor<2xf32>', got 'tensor<3xf32>'}}
  %0 = graph.slice %a [0] [2] [1] : tensor<4xf32> to tensor<3xf32>
  return
}

// -----

func.func @pad_entries(%a: tensor<4x4xf32>, %z: tensor<f32>) {
  // expected-error @+1 {{pad_c1: expected one interior per dim, 2, got 1}}
  %0 = graph.pad %a, %z low [0, 0] high [0, 0] interior = [0] : tensor<4x4xf32>, tensor<f32> to tensor<4x4xf32>
  return
}

// -----

func.func @pad_negative(%a: tensor<4xf32>, %z: tensor<f32>) {
  // expected-error @+1 {{pad_c1: expected no negative high, got -1}}
  %0 = graph.pad %a, %z low [0] high [-1] interior = [0] : tensor<4xf32>, tensor<f32> to tensor<3xf32>
  return
}

// -----

func.func @pad_type(%a: tensor<4xf32>, %z: tensor<f64>) {
  // expected-error @+1 {{pad_c2: expected element type 'f32', got 'f64'}}
  %0 = graph.pad %a, %z low [0] high [1] interior = [0] : tensor<4xf32>, tensor<f64> to tensor<5xf32>
  return
}

// -----

func.func @pad_result(%a: tensor<4xf32>, %z: tensor<f32>) {
  // expected-error @+1 {{pad_c3: expected result type 'tensor<8xf32>', got 'tensor<5xf32>'}}
  %0 = graph.pad %a, %z low [0] high [1] interior = [1] : tensor<4xf32>, tensor<f32> to tensor<5xf32>
  return
}
