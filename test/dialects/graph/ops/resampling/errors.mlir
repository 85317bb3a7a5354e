// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @axis(%a: tensor<2x8xf32>, %i: tensor<6x2xi64>, %w: tensor<6x2xf32>) {
  // expected-error @+2 {{resample_c1: expected an axis below the rank 2, got 2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.resample %a, %i, %w axis = 2 : (tensor<2x8xf32>, tensor<6x2xi64>, tensor<6x2xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @empty(%a: tensor<2x0xf32>, %i: tensor<6x2xi64>, %w: tensor<6x2xf32>) {
  // expected-error @+2 {{resample_c1: expected at least one element along axis 1, got 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.resample %a, %i, %w axis = 1 : (tensor<2x0xf32>, tensor<6x2xi64>, tensor<6x2xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @tables(%a: tensor<2x8xf32>, %i: tensor<6x2xi64>, %w: tensor<6x3xf32>) {
  // expected-error @+2 {{resample_c2: expected matrices of one shape, got 'tensor<6x2xi64>' and 'tensor<6x3xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.resample %a, %i, %w axis = 1 : (tensor<2x8xf32>, tensor<6x2xi64>, tensor<6x3xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @type(%a: tensor<2x8xf64>, %i: tensor<6x2xi64>, %w: tensor<6x2xf32>) {
  // expected-error @+2 {{resample_c3: expected weights of element type 'f64', got 'f32'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.resample %a, %i, %w axis = 1 : (tensor<2x8xf64>, tensor<6x2xi64>, tensor<6x2xf32>) -> tensor<2x6xf64>
  return
}
