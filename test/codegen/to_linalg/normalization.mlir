// Rows are read through projections and never repeated in memory.

// RUN: msc-opt %s -graph-to-linalg -canonicalize -split-input-file | FileCheck %s

// CHECK-DAG:   #[[FULL:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG:   #[[ROW:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-LABEL: func @softmax
// CHECK-SAME:    %[[X:.*]]: tensor<?x8xf32>
// CHECK:         %[[MAX:.*]] = linalg.generic {indexing_maps = [#[[FULL]], #[[ROW]]], iterator_types = ["parallel", "reduction"]}
// CHECK:           arith.maximumf
// CHECK:         %[[E:.*]]:2 = linalg.generic {indexing_maps = [#[[FULL]], #[[ROW]], #[[FULL]], #[[ROW]]], iterator_types = ["parallel", "reduction"]}
// CHECK-SAME:      ins(%[[X]], %[[MAX]] : tensor<?x8xf32>, tensor<?xf32>) {{.*}} attrs = {msc.op = "softmax"}
// CHECK:           math.exp
// CHECK:           arith.addf
// CHECK:         linalg.generic {indexing_maps = [#[[FULL]], #[[ROW]], #[[FULL]]], iterator_types = ["parallel", "parallel"]}
// CHECK-SAME:      ins(%[[E]]#0, %[[E]]#1 : tensor<?x8xf32>, tensor<?xf32>)
// CHECK:           arith.divf
func.func @softmax(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = graph.softmax %x axis = 1 : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

// CHECK-LABEL: func @log_softmax
// CHECK:           arith.maximumf
// CHECK:           math.exp
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel"]
// CHECK:           math.log
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]
// CHECK-COUNT-2:   arith.subf
func.func @log_softmax(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = graph.log_softmax %x axis = 0 : tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

// One generic over the features, which can be hoisted, and one over the tensor.
// CHECK-DAG:   #[[FULL:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG:   #[[VECTOR:.*]] = affine_map<(d0, d1, d2) -> (d1)>
// CHECK-LABEL: func @batch_norm
// CHECK-SAME:    %[[X:.*]]: tensor<?x8x4xf32>, %[[V:.*]]: tensor<8xf32>
// CHECK:         %[[F:.*]] = linalg.generic {{.*}} ins(%[[V]], %[[V]] : tensor<8xf32>, tensor<8xf32>)
// CHECK:           math.rsqrt
// CHECK:         linalg.generic {indexing_maps = [#[[FULL]], #[[VECTOR]], #[[VECTOR]], #[[VECTOR]], #[[FULL]]]
// CHECK-SAME:      ins(%[[X]], %[[V]], %[[F]], %[[V]] :
// CHECK:           arith.subf
// CHECK:           arith.mulf
// CHECK:           arith.addf
func.func @batch_norm(%x: tensor<?x8x4xf32>, %v: tensor<8xf32>) -> tensor<?x8x4xf32> {
  %0 = graph.batch_norm %x, %v, %v, %v, %v axis = 1 epsilon = 1.0e-3 : tensor<?x8x4xf32>, tensor<8xf32>
  return %0 : tensor<?x8x4xf32>
}

// -----

// The mean, the root of the mean square of the rest, and one map; the unused mean is no result.
// CHECK-DAG:   #[[FULL:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG:   #[[ROW:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG:   #[[VECTOR:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: func @layer_norm
// CHECK-SAME:    %[[X:.*]]: tensor<?x8xf32>, %[[S:.*]]: tensor<8xf32>, %[[O:.*]]: tensor<8xf32>
// CHECK:         %[[SUM:.*]] = linalg.generic {indexing_maps = [#[[FULL]], #[[ROW]]], iterator_types = ["parallel", "reduction"]} ins(%[[X]]
// CHECK:         %[[MEAN:.*]] = linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%[[SUM]]
// CHECK:           arith.divf
// CHECK:         %[[SQUARES:.*]] = linalg.generic {indexing_maps = [#[[FULL]], #[[ROW]], #[[ROW]]], iterator_types = ["parallel", "reduction"]} ins(%[[X]], %[[MEAN]]
// CHECK:           arith.subf
// CHECK:           arith.mulf
// CHECK:           arith.addf
// CHECK:         %[[RSTD:.*]] = linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%[[SQUARES]]
// CHECK:           math.rsqrt
// CHECK:         linalg.generic {indexing_maps = [#[[FULL]], #[[ROW]], #[[ROW]], #[[VECTOR]], #[[VECTOR]], #[[FULL]]]
// CHECK-SAME:      ins(%[[X]], %[[MEAN]], %[[RSTD]], %[[S]], %[[O]] :
func.func @layer_norm(%x: tensor<?x8xf32>, %s: tensor<8xf32>, %o: tensor<8xf32>) -> tensor<?x8xf32> {
  %0:3 = graph.layer_norm %x scale(%s) offset(%o) dims = [1] epsilon = 1.0e-3
    : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<?x8xf32>, tensor<?xf32>, tensor<?xf32>)
  return %0#0 : tensor<?x8xf32>
}

// -----

// Narrow elements are widened where they are read, and rounded before the scale.
// CHECK-LABEL: func @rms_norm
// CHECK:         linalg.generic
// CHECK:           arith.extf
// CHECK:           arith.mulf {{.*}} : f32
// CHECK:         math.rsqrt
// CHECK:         linalg.generic
// CHECK:           arith.extf
// CHECK:           arith.mulf {{.*}} : f32
// CHECK:           arith.truncf
// CHECK:           arith.mulf {{.*}} : f16
func.func @rms_norm(%x: tensor<4x8xf16>, %s: tensor<8xf16>) -> tensor<4x8xf16> {
  %0:2 = graph.rms_norm %x scale(%s) dims = [1] epsilon = 1.0e-3
    : (tensor<4x8xf16>, tensor<8xf16>) -> (tensor<4x8xf16>, tensor<4xf32>)
  return %0#0 : tensor<4x8xf16>
}

// -----

// Groups are rows of two dims; the way there moves nothing.
// CHECK-LABEL: func @group_norm
// CHECK:         tensor.expand_shape
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction", "reduction"]
// CHECK:         tensor.collapse_shape
func.func @group_norm(%x: tensor<2x8x5xf32>) -> tensor<2x8x5xf32> {
  %0 = graph.group_norm %x axis = 1 groups = 4 epsilon = 1.0e-3 : (tensor<2x8x5xf32>) -> tensor<2x8x5xf32>
  return %0 : tensor<2x8x5xf32>
}
