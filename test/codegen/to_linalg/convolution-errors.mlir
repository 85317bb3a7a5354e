// RUN: msc-opt %s -graph-to-linalg -split-input-file -verify-diagnostics

// The reversed filter of a cotangent needs its extents.
func.func @dynamic_filter(%dy: tensor<1x4x16xf32>, %w: tensor<?x3x16xf32>) -> tensor<1x8x3xf32> {
  // expected-error @+1 {{failed to legalize operation 'graph.conv_input_grad'}}
  %r = graph.conv_input_grad %dy, %w {strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_last>} : (tensor<1x4x16xf32>, tensor<?x3x16xf32>) -> tensor<1x8x3xf32>
  return %r : tensor<1x8x3xf32>
}
