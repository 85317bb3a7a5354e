// A weighted sum over the neighbours, whose elements the payload takes.

// RUN: msc-opt %s -graph-to-linalg -canonicalize | FileCheck %s

// CHECK-DAG:   #[[TABLE:.*]] = affine_map<(d0, d1, d2, d3) -> (d1, d3)>
// CHECK-DAG:   #[[RESULT:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
// CHECK-LABEL: func @resample(
// CHECK-SAME:    %[[A:.*]]: tensor<2x?x4xf32>, %[[I:.*]]: tensor<6x2xi64>, %[[W:.*]]: tensor<6x2xf32>)
// CHECK:         linalg.fill {msc.op = "resample"}
// CHECK:         linalg.generic {indexing_maps = [#[[TABLE]], #[[TABLE]], #[[RESULT]]], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
// CHECK-SAME:      ins(%[[I]], %[[W]] : tensor<6x2xi64>, tensor<6x2xf32>)
// CHECK:         ^bb0(%{{.*}}: i64, %[[WEIGHT:.*]]: f32, %[[SUM:.*]]: f32):
// CHECK:           %[[X:.*]] = tensor.extract %[[A]]
// CHECK:           %[[P:.*]] = arith.mulf %[[X]], %[[WEIGHT]]
// CHECK:           arith.addf %[[SUM]], %[[P]]
func.func @resample(%a: tensor<2x?x4xf32>, %i: tensor<6x2xi64>, %w: tensor<6x2xf32>) -> tensor<2x6x4xf32> {
  %0 = graph.resample %a, %i, %w axis = 1 : (tensor<2x?x4xf32>, tensor<6x2xi64>, tensor<6x2xf32>) -> tensor<2x6x4xf32>
  return %0 : tensor<2x6x4xf32>
}
