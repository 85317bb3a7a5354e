// RUN: msc-opt %s -split-input-file | msc-opt -split-input-file | FileCheck %s

// CHECK-LABEL: @max_pool
// CHECK: graph.max_pool %{{.*}} {{{.*}}window = array<i64: 2, 2>
func.func @max_pool(%a: tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32> {
  %r = graph.max_pool %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32>
  return %r : tensor<1x3x4x4xf32>
}

// -----

// CHECK-LABEL: @padded
// CHECK: graph.max_pool {{.*}}channels_last
func.func @padded(%a: tensor<1x8x?x3xui8>) -> tensor<1x5x?x3xui8> {
  %r = graph.max_pool %a {window = array<i64: 3, 2>, strides = array<i64: 2, 1>, padding_low = array<i64: 2, 0>, padding_high = array<i64: 1, 1>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>}
      : (tensor<1x8x?x3xui8>) -> tensor<1x5x?x3xui8>
  return %r : tensor<1x5x?x3xui8>
}

// -----

// The result has the element type of the values.
// CHECK-LABEL: @gather
// CHECK: graph.max_pool_gather %{{.*}}, %{{.*}} {
func.func @gather(%a: tensor<1x3x8xi32>, %b: tensor<1x3x8xf32>) -> tensor<1x3x4xf32> {
  %r = graph.max_pool_gather %a, %b {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 0>, padding_high = array<i64: 0>,
      dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x3x8xi32>, tensor<1x3x8xf32>) -> tensor<1x3x4xf32>
  return %r : tensor<1x3x4xf32>
}

// -----

// CHECK-LABEL: @scatter
// CHECK: graph.max_pool_scatter %{{.*}}, %{{.*}} {
func.func @scatter(%a: tensor<1x3x8xi32>, %b: tensor<1x3x4xf32>) -> tensor<1x3x8xf32> {
  %r = graph.max_pool_scatter %a, %b {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 0>, padding_high = array<i64: 0>,
      dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x3x8xi32>, tensor<1x3x4xf32>) -> tensor<1x3x8xf32>
  return %r : tensor<1x3x8xf32>
}

// -----

// CHECK-LABEL: @avg_pool
// CHECK: graph.avg_pool %{{.*}} {count_include_pad = false
func.func @avg_pool(%a: tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32> {
  %r = graph.avg_pool %a {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>, count_include_pad = false}
      : (tensor<1x3x8x8xf32>) -> tensor<1x3x4x4xf32>
  return %r : tensor<1x3x4x4xf32>
}

// -----

// CHECK-LABEL: @avg_pool_grad
// CHECK: graph.avg_pool_grad %{{.*}} sizes(%{{.*}}) {count_include_pad = true
func.func @avg_pool_grad(%a: tensor<?x3x4x4xf32>, %s0: index) -> tensor<?x3x8x8xf32> {
  %r = graph.avg_pool_grad %a sizes(%s0) {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>,
      dilations = array<i64: 1, 1>, layout = #graph.layout<channels_first>, count_include_pad = true}
      : tensor<?x3x4x4xf32> to tensor<?x3x8x8xf32>
  return %r : tensor<?x3x8x8xf32>
}
