// RUN: msc-opt %s -graph-to-linalg -canonicalize -split-input-file | FileCheck %s

// CHECK-DAG: #[[IMAGE:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 2 + d4, d2 + d5 * 3, d6)>
// CHECK-DAG: #[[FILTER:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d4, d5, d6, d3)>
// CHECK-DAG: #[[OUTPUT:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>
// CHECK-LABEL: @channels_last
// CHECK-SAME: %[[X:.*]]: tensor<1x9x9x3xf32>, %[[W:.*]]: tensor<3x3x3x16xf32>
// CHECK: %[[PADDED:.*]] = tensor.pad %[[X]] low[0, 1, 0, 0] high[0, 1, 0, 0]
// CHECK: linalg.fill {msc.op = "conv"}
// CHECK: linalg.generic {indexing_maps = [#[[IMAGE]], #[[FILTER]], #[[OUTPUT]]],
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
// CHECK-SAME: ins(%[[PADDED]], %[[W]] :
// CHECK-SAME: msc.op = "conv"
// CHECK: arith.mulf
// CHECK: arith.addf
func.func @channels_last(%x: tensor<1x9x9x3xf32>, %w: tensor<3x3x3x16xf32>) -> tensor<1x5x3x16xf32> {
  %r = graph.conv %x, %w {strides = array<i64: 2, 1>, padding_low = array<i64: 1, 0>,
      padding_high = array<i64: 1, 0>, dilations = array<i64: 1, 3>, groups = 1 : i64,
      layout = #graph.layout<channels_last>} : (tensor<1x9x9x3xf32>, tensor<3x3x3x16xf32>) -> tensor<1x5x3x16xf32>
  return %r : tensor<1x5x3x16xf32>
}

// -----

// Nothing is padded; the order of the loops is that of the result's dims.
// CHECK-DAG: #[[IMAGE:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d2 + d4)>
// CHECK-DAG: #[[FILTER:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d3, d4)>
// CHECK-LABEL: @channels_first
// CHECK-NOT: tensor.pad
// CHECK: linalg.generic {indexing_maps = [#[[IMAGE]], #[[FILTER]], #{{.*}}],
func.func @channels_first(%x: tensor<?x3x9xf32>, %w: tensor<4x3x3xf32>) -> tensor<?x4x7xf32> {
  %r = graph.conv %x, %w {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>,
      dilations = array<i64: 1>, groups = 1 : i64, layout = #graph.layout<channels_first>}
      : (tensor<?x3x9xf32>, tensor<4x3x3xf32>) -> tensor<?x4x7xf32>
  return %r : tensor<?x4x7xf32>
}

// -----

// Groups are a parallel loop of their own.
// CHECK-DAG: #[[IMAGE:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1 + d4, d2, d5)>
// CHECK-DAG: #[[FILTER:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5, d2, d3)>
// CHECK-LABEL: @groups
// CHECK-DAG: tensor.expand_shape %{{.*}} {{\[\[}}0], [1], [2, 3]] output_shape [1, 8, 2, 3]
// CHECK-DAG: tensor.expand_shape %{{.*}} {{\[\[}}0], [1], [2, 3]] output_shape [3, 3, 2, 4]
// CHECK: linalg.generic {indexing_maps = [#[[IMAGE]], #[[FILTER]], #{{.*}}],
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1], [2, 3]] : tensor<1x6x2x4xf32> into tensor<1x6x8xf32>
func.func @groups(%x: tensor<1x8x6xf32>, %w: tensor<3x3x8xf32>) -> tensor<1x6x8xf32> {
  %r = graph.conv %x, %w {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>,
      dilations = array<i64: 1>, groups = 2 : i64, layout = #graph.layout<channels_last>}
      : (tensor<1x8x6xf32>, tensor<3x3x8xf32>) -> tensor<1x6x8xf32>
  return %r : tensor<1x6x8xf32>
}

// -----

// A depthwise convolution sums over the window only.
// CHECK-DAG: #[[IMAGE:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1 + d3, d2)>
// CHECK-DAG: #[[FILTER:.*]] = affine_map<(d0, d1, d2, d3) -> (d3, d2)>
// CHECK-LABEL: @depthwise
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]] : tensor<3x1x6xf32> into tensor<3x6xf32>
// CHECK: linalg.generic {indexing_maps = [#[[IMAGE]], #[[FILTER]], #{{.*}}],
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
func.func @depthwise(%x: tensor<1x8x6xf32>, %w: tensor<3x1x6xf32>) -> tensor<1x6x6xf32> {
  %r = graph.conv %x, %w {strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>,
      dilations = array<i64: 1>, groups = 6 : i64, layout = #graph.layout<channels_last>}
      : (tensor<1x8x6xf32>, tensor<3x1x6xf32>) -> tensor<1x6x6xf32>
  return %r : tensor<1x6x6xf32>
}

// -----

// The cotangent is spread out by the strides and meets the reversed filter, so
// that each element of the result is written by one iteration.
// CHECK-DAG: #[[REVERSED:.*]] = affine_map<(d0, d1, d2) -> (-d0 + 2, d1, d2)>
// CHECK-DAG: #[[SPREAD:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1 + d3, d4)>
// CHECK-DAG: #[[FILTER:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d3, d2, d4)>
// CHECK-DAG: #[[RESULT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2)>
// CHECK-LABEL: @input_grad
// CHECK-SAME: %[[DY:.*]]: tensor<1x4x16xf32>
// CHECK: tensor.insert_slice %[[DY]] into %{{.*}}[0, 1, 0] [1, 4, 16] [1, 2, 1] : tensor<1x4x16xf32> into tensor<1x10x16xf32>
// CHECK: linalg.generic {indexing_maps = [#[[REVERSED]], #{{.*}}], iterator_types = ["parallel", "parallel", "parallel"]}
// CHECK: linalg.generic {indexing_maps = [#[[SPREAD]], #[[FILTER]], #[[RESULT]]],
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
// CHECK-SAME: msc.op = "conv_input_grad"
func.func @input_grad(%dy: tensor<1x4x16xf32>, %w: tensor<3x3x16xf32>) -> tensor<1x8x3xf32> {
  %r = graph.conv_input_grad %dy, %w {strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_last>} : (tensor<1x4x16xf32>, tensor<3x3x16xf32>) -> tensor<1x8x3xf32>
  return %r : tensor<1x8x3xf32>
}

// -----

// The result's dims are the filter's; batch and positions are summed over.
// CHECK-DAG: #[[IMAGE:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d3, d4 * 2 + d0, d1)>
// CHECK-DAG: #[[COTANGENT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d3, d4, d2)>
// CHECK-DAG: #[[RESULT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2)>
// CHECK-LABEL: @filter_grad
// CHECK: tensor.pad
// CHECK: linalg.generic {indexing_maps = [#[[IMAGE]], #[[COTANGENT]], #[[RESULT]]],
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
// CHECK-SAME: msc.op = "conv_filter_grad"
func.func @filter_grad(%x: tensor<1x8x3xf32>, %dy: tensor<1x4x16xf32>) -> tensor<3x3x16xf32> {
  %r = graph.conv_filter_grad %x, %dy {strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_last>} : (tensor<1x8x3xf32>, tensor<1x4x16xf32>) -> tensor<3x3x16xf32>
  return %r : tensor<3x3x16xf32>
}

// -----

// Extents that turn out to be constant don't change the op's type.
// CHECK-LABEL: @folded
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<?x8x3xf32>)
// CHECK: tensor.cast %{{.*}} : tensor<?x8x3xf32> to tensor<?x?x3xf32>
func.func @folded(%x: tensor<1x4x16xf32>, %w: tensor<3x3x16xf32>, %n: index) -> tensor<?x?x3xf32> {
  %dy = tensor.cast %x : tensor<1x4x16xf32> to tensor<?x?x16xf32>
  %s = arith.constant 8 : index
  %r = graph.conv_input_grad %dy, %w sizes(%n, %s) {strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64,
      layout = #graph.layout<channels_last>} : (tensor<?x?x16xf32>, tensor<3x3x16xf32>) -> tensor<?x?x3xf32>
  return %r : tensor<?x?x3xf32>
}
