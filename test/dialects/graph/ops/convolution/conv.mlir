// RUN: msc-opt %s -split-input-file | msc-opt -split-input-file | FileCheck %s

// CHECK-LABEL: @first
// CHECK: graph.conv %{{.*}}, %{{.*}} {{{.*}}groups = 1 : i64, layout = #graph.layout<channels_first>
func.func @first(%a: tensor<1x3x8x8xf32>, %b: tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32> {
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x8x8xf32>
  return %r : tensor<1x16x8x8xf32>
}

// -----

// The filter's channels are last too.
// CHECK-LABEL: @last
// CHECK: graph.conv {{.*}}layout = #graph.layout<channels_last>
func.func @last(%a: tensor<1x8x8x3xf32>, %b: tensor<3x3x3x16xf32>) -> tensor<1x8x8x16xf32> {
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_last>}
      : (tensor<1x8x8x3xf32>, tensor<3x3x3x16xf32>) -> tensor<1x8x8x16xf32>
  return %r : tensor<1x8x8x16xf32>
}

// -----

// Strides that leave elements out; groups; a batch that is not known.
// CHECK-LABEL: @one_dim
// CHECK: graph.conv
func.func @one_dim(%a: tensor<?x4x11xf32>, %b: tensor<6x2x3xf32>) -> tensor<?x6x5xf32> {
  %r = graph.conv %a, %b {strides = array<i64: 2>, padding_low = array<i64: 1>, padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 2 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<?x4x11xf32>, tensor<6x2x3xf32>) -> tensor<?x6x5xf32>
  return %r : tensor<?x6x5xf32>
}

// -----

// An extent follows from what is known.
// CHECK-LABEL: @three_dims
// CHECK: graph.conv
func.func @three_dims(%a: tensor<1x2x?x6x7xf32>, %b: tensor<3x2x?x3x3xf32>) -> tensor<1x3x?x2x5xf32> {
  %r = graph.conv %a, %b {strides = array<i64: 1, 1, 1>, padding_low = array<i64: 0, 0, 0>, padding_high = array<i64: 0, 0, 0>, dilations = array<i64: 1, 2, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x2x?x6x7xf32>, tensor<3x2x?x3x3xf32>) -> tensor<1x3x?x2x5xf32>
  return %r : tensor<1x3x?x2x5xf32>
}

// -----

// A window that just does not fit.
// CHECK-LABEL: @no_output
// CHECK: graph.conv
func.func @no_output(%a: tensor<1x3x2x2xf32>, %b: tensor<4x3x3x3xf32>) -> tensor<1x4x0x0xf32> {
  %r = graph.conv %a, %b {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<1x3x2x2xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x0x0xf32>
  return %r : tensor<1x4x0x0xf32>
}

// -----

// CHECK-LABEL: @input_grad
// CHECK: graph.conv_input_grad %{{.*}}, %{{.*}} sizes(%{{.*}}) {
func.func @input_grad(%a: tensor<?x16x4x4xf32>, %b: tensor<16x3x3x3xf32>, %s0: index) -> tensor<?x3x8x8xf32> {
  %r = graph.conv_input_grad %a, %b sizes(%s0) {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<?x16x4x4xf32>, tensor<16x3x3x3xf32>) -> tensor<?x3x8x8xf32>
  return %r : tensor<?x3x8x8xf32>
}

// -----

// CHECK-LABEL: @filter_grad
// CHECK: graph.conv_filter_grad %{{.*}}, %{{.*}} {
func.func @filter_grad(%a: tensor<2x3x8x8xf32>, %b: tensor<2x16x4x4xf32>) -> tensor<16x3x3x3xf32> {
  %r = graph.conv_filter_grad %a, %b {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>}
      : (tensor<2x3x8x8xf32>, tensor<2x16x4x4xf32>) -> tensor<16x3x3x3xf32>
  return %r : tensor<16x3x3x3xf32>
}
