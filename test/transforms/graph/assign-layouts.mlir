// RUN: msc-opt %s -graph-assign-layouts -split-input-file | FileCheck %s

// CHECK-LABEL: @conv
// CHECK-SAME: %[[X:.*]]: tensor<1x3x8x8xf32>, %[[W:.*]]: tensor<16x3x3x3xf32>
// CHECK-DAG: %[[XL:.*]] = graph.transpose %[[X]] perm = [0, 2, 3, 1] : tensor<1x3x8x8xf32> to tensor<1x8x8x3xf32>
// CHECK-DAG: %[[WL:.*]] = graph.transpose %[[W]] perm = [2, 3, 1, 0] : tensor<16x3x3x3xf32> to tensor<3x3x3x16xf32>
// CHECK: %[[Y:.*]] = graph.conv %[[XL]], %[[WL]] {{.*}}layout = #graph.layout<channels_last>
// CHECK-SAME: -> tensor<1x6x6x16xf32>
// CHECK: graph.transpose %[[Y]] perm = [0, 3, 1, 2] : tensor<1x6x6x16xf32> to tensor<1x16x6x6xf32>
func.func @conv(%x: tensor<1x3x8x8xf32>, %w: tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32> {
  %r = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>} : (tensor<1x3x8x8xf32>, tensor<16x3x3x3xf32>) -> tensor<1x16x6x6xf32>
  return %r : tensor<1x16x6x6xf32>
}

// -----

// Sizes follow the order of the dims.
// CHECK-LABEL: @input_grad
// CHECK-SAME: %[[N:[a-z0-9]+]]: index, %[[C:[a-z0-9]+]]: index, %[[S:[a-z0-9]+]]: index
// CHECK: graph.conv_input_grad %{{.*}}, %{{.*}} sizes(%[[N]], %[[S]], %[[C]])
// CHECK-SAME: -> tensor<?x?x?xf32>
// CHECK: graph.transpose %{{.*}} perm = [0, 2, 1]
func.func @input_grad(%dy: tensor<?x4x?xf32>, %w: tensor<4x?x3xf32>, %n: index, %c: index, %s: index)
    -> tensor<?x?x?xf32> {
  %r = graph.conv_input_grad %dy, %w sizes(%n, %c, %s) {strides = array<i64: 1>, padding_low = array<i64: 0>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>} : (tensor<?x4x?xf32>, tensor<4x?x3xf32>) -> tensor<?x?x?xf32>
  return %r : tensor<?x?x?xf32>
}

// -----

// Both operands of this one are images, and the result is a filter.
// CHECK-LABEL: @filter_grad
// CHECK-COUNT-2: graph.transpose %{{.*}} perm = [0, 2, 3, 1]
// CHECK: graph.conv_filter_grad {{.*}}channels_last{{.*}} -> tensor<3x3x2x5xf32>
// CHECK: graph.transpose %{{.*}} perm = [3, 2, 0, 1] : tensor<3x3x2x5xf32> to tensor<5x2x3x3xf32>
func.func @filter_grad(%x: tensor<1x2x8x8xf32>, %dy: tensor<1x5x6x6xf32>) -> tensor<5x2x3x3xf32> {
  %r = graph.conv_filter_grad %x, %dy {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64,
      layout = #graph.layout<channels_first>} : (tensor<1x2x8x8xf32>, tensor<1x5x6x6xf32>) -> tensor<5x2x3x3xf32>
  return %r : tensor<5x2x3x3xf32>
}

// -----

// CHECK-LABEL: @pool
// CHECK: graph.transpose %{{.*}} perm = [0, 2, 1]
// CHECK: graph.max_pool {{.*}}channels_last
// CHECK: graph.transpose %{{.*}} perm = [0, 2, 1]
func.func @pool(%x: tensor<1x4x8xf32>) -> tensor<1x4x4xf32> {
  %r = graph.max_pool %x {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 0>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x4x8xf32>) -> tensor<1x4x4xf32>
  return %r : tensor<1x4x4xf32>
}

// -----

// What has its channels last already stays.
// CHECK-LABEL: @last
// CHECK-NOT: graph.transpose
func.func @last(%x: tensor<1x8x4xf32>) -> tensor<1x4x4xf32> {
  %r = graph.avg_pool %x {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 0>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, layout = #graph.layout<channels_last>,
      count_include_pad = true} : (tensor<1x8x4xf32>) -> tensor<1x4x4xf32>
  return %r : tensor<1x4x4xf32>
}
