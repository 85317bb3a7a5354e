// RUN: msc-opt %s -graph-to-linalg -canonicalize -split-input-file | FileCheck %s

// The padding is never the largest; NaN is.
// CHECK-DAG: #[[IMAGE:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1 * 2 + d3, d2)>
// CHECK-DAG: #[[WINDOW:.*]] = affine_map<(d0, d1, d2, d3) -> (d3)>
// CHECK-LABEL: @max_pool
// CHECK: %[[LEAST:.*]] = arith.constant 0xFF800000 : f32
// CHECK: tensor.pad %{{.*}} low[0, 1, 0] high[0, 0, 0]
// CHECK: tensor.yield %[[LEAST]]
// CHECK: linalg.fill {msc.op = "max_pool"} ins(%[[LEAST]]
// CHECK: linalg.generic {indexing_maps = [#[[IMAGE]], #[[WINDOW]], #{{.*}}],
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
// CHECK-SAME: msc.op = "max_pool"
// CHECK: arith.maximumf
func.func @max_pool(%x: tensor<?x7x4xf32>) -> tensor<?x4x4xf32> {
  %r = graph.max_pool %x {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, layout = #graph.layout<channels_last>}
      : (tensor<?x7x4xf32>) -> tensor<?x4x4xf32>
  return %r : tensor<?x4x4xf32>
}

// -----

// CHECK-LABEL: @unsigned
// CHECK: linalg.fill {msc.op = "max_pool"} ins(%c0_i8 : i8)
// CHECK: arith.maxui
func.func @unsigned(%x: tensor<1x4x8xui8>) -> tensor<1x4x4xui8> {
  %r = graph.max_pool %x {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 0>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x4x8xui8>) -> tensor<1x4x4xui8>
  return %r : tensor<1x4x4xui8>
}

// -----

// CHECK-LABEL: @signed
// CHECK: arith.constant -128 : i8
// CHECK: arith.maxsi
func.func @signed(%x: tensor<1x4x8xi8>) -> tensor<1x4x4xi8> {
  %r = graph.max_pool %x {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 0>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x4x8xi8>) -> tensor<1x4x4xi8>
  return %r : tensor<1x4x4xi8>
}

// -----

// Where the maxima are, then what is there.
// CHECK-LABEL: @gather
// CHECK-SAME: %[[X:.*]]: tensor<1x4x8xf32>, %[[V:.*]]: tensor<1x4x8xf32>
// CHECK: %[[MAXIMA:.*]]:2 = linalg.generic
// CHECK-SAME: outs(%{{.*}}, %{{.*}} : tensor<1x4x4xf32>, tensor<1x4x4xi32>)
// CHECK: arith.cmpf ugt
// CHECK: arith.cmpf ord
// CHECK: linalg.generic
// CHECK-SAME: ins(%[[V]], %[[MAXIMA]]#1,
// CHECK: arith.cmpi eq
// CHECK: arith.select
func.func @gather(%x: tensor<1x4x8xf32>, %v: tensor<1x4x8xf32>) -> tensor<1x4x4xf32> {
  %r = graph.max_pool_gather %x, %v {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 0>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x4x8xf32>, tensor<1x4x8xf32>) -> tensor<1x4x4xf32>
  return %r : tensor<1x4x4xf32>
}

// -----

// Windows are spread out to where an element of the image meets all it is in.
// CHECK-DAG: #[[WINDOWS:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2 + d3)>
// CHECK-LABEL: @scatter
// CHECK-SAME: %{{.*}}: tensor<1x4x9xf32>, %[[DY:.*]]: tensor<1x4x4xf32>
// CHECK: %[[MAXIMA:.*]]:2 = linalg.generic
// CHECK: %[[SPREAD:.*]] = tensor.insert_slice %[[DY]] into %{{.*}}[0, 0, 2] [1, 4, 4] [1, 1, 2] : tensor<1x4x4xf32> into tensor<1x4x11xf32>
// CHECK: %[[WHERE:.*]] = tensor.insert_slice %[[MAXIMA]]#1 into
// CHECK: linalg.generic {indexing_maps = [#[[WINDOWS]], #[[WINDOWS]], #{{.*}}, #{{.*}}],
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
// CHECK-SAME: ins(%[[SPREAD]], %[[WHERE]],
// CHECK: arith.addf
func.func @scatter(%x: tensor<1x4x9xf32>, %dy: tensor<1x4x4xf32>) -> tensor<1x4x9xf32> {
  %r = graph.max_pool_scatter %x, %dy {window = array<i64: 3>, strides = array<i64: 2>, padding_low = array<i64: 0>,
      padding_high = array<i64: 0>, dilations = array<i64: 1>, layout = #graph.layout<channels_first>}
      : (tensor<1x4x9xf32>, tensor<1x4x4xf32>) -> tensor<1x4x9xf32>
  return %r : tensor<1x4x9xf32>
}

// -----

// CHECK-LABEL: @avg_pool
// CHECK: %[[COUNT:.*]] = arith.constant 4.0{{.*}} : f32
// CHECK: linalg.generic
// CHECK: arith.addf
// CHECK: linalg.generic
// CHECK: arith.divf %{{.*}}, %[[COUNT]]
func.func @avg_pool(%x: tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32> {
  %r = graph.avg_pool %x {window = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 0, 0>,
      padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, layout = #graph.layout<channels_last>,
      count_include_pad = false} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  return %r : tensor<1x4x4x4xf32>
}

// -----

// Padding isn't counted: what is depends on where the window is.
// CHECK-LABEL: @avg_pool_padded
// CHECK: linalg.generic
// CHECK: arith.addf
// CHECK: linalg.generic
// CHECK: linalg.index 1
// CHECK: arith.sitofp
// CHECK: arith.divf
func.func @avg_pool_padded(%x: tensor<1x8x4xf32>) -> tensor<1x5x4xf32> {
  %r = graph.avg_pool %x {window = array<i64: 2>, strides = array<i64: 2>, padding_low = array<i64: 1>,
      padding_high = array<i64: 1>, dilations = array<i64: 1>, layout = #graph.layout<channels_last>,
      count_include_pad = false} : (tensor<1x8x4xf32>) -> tensor<1x5x4xf32>
  return %r : tensor<1x5x4xf32>
}

// -----

// CHECK-LABEL: @avg_pool_grad
// CHECK-SAME: %{{.*}}: tensor<?x4x4xf32>, %[[N:.*]]: index
// CHECK: arith.divf
// CHECK: tensor.insert_slice
// CHECK: tensor.empty(%[[N]]) : tensor<?x8x4xf32>
// CHECK: arith.addf
func.func @avg_pool_grad(%dy: tensor<?x4x4xf32>, %n: index) -> tensor<?x8x4xf32> {
  %r = graph.avg_pool_grad %dy sizes(%n) {window = array<i64: 2>, strides = array<i64: 2>,
      padding_low = array<i64: 0>, padding_high = array<i64: 0>, dilations = array<i64: 1>,
      layout = #graph.layout<channels_last>, count_include_pad = true} : tensor<?x4x4xf32> to tensor<?x8x4xf32>
  return %r : tensor<?x8x4xf32>
}
