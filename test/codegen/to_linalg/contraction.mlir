// RUN: msc-opt %s -graph-to-linalg -split-input-file | FileCheck %s

// CHECK-DAG: #[[LHS:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[RHS:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-DAG: #[[RESULT:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: @matmul
// CHECK-SAME: %[[A:.*]]: tensor<2x3xf32>, %[[B:.*]]: tensor<3x4xf32>
// CHECK: %[[ZERO:.*]] = arith.constant 0.0
// CHECK: %[[INIT:.*]] = linalg.fill {msc.op = "contract"} ins(%[[ZERO]] : f32)
// CHECK: linalg.generic
// CHECK-SAME: indexing_maps = [#[[LHS]], #[[RHS]], #[[RESULT]]]
// CHECK-SAME: iterator_types = ["parallel", "parallel", "reduction"]
// CHECK-SAME: ins(%[[A]], %[[B]] : {{.*}}) outs(%[[INIT]] : tensor<2x4xf32>)
// CHECK-SAME: msc.op = "contract"
// CHECK: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %[[SUM:.*]]: f32):
// CHECK: %[[PRODUCT:.*]] = arith.mulf %[[X]], %[[Y]]
// CHECK: arith.addf %[[SUM]], %[[PRODUCT]]
func.func @matmul(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
  %r = graph.contract "mk,kn->mn" %a, %b : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----

// The loops are the result's dims in order; extents come from where they are.
// CHECK-DAG: #[[LHS:.*]] = affine_map<(d0, d1, d2, d3) -> (d1, d2, d3)>
// CHECK-DAG: #[[RHS:.*]] = affine_map<(d0, d1, d2, d3) -> (d1, d0, d3)>
// CHECK-LABEL: @transposed
// CHECK-SAME: %[[A:.*]]: tensor<2x?x5xf32>, %[[B:.*]]: tensor<2x?x5xf32>
// CHECK-DAG: %[[N:.*]] = tensor.dim %[[B]], %{{.*}}
// CHECK-DAG: %[[M:.*]] = tensor.dim %[[A]], %{{.*}}
// CHECK: tensor.empty(%[[N]], %[[M]]) : tensor<?x2x?xf32>
// CHECK: linalg.generic {indexing_maps = [#[[LHS]], #[[RHS]], #{{.*}}], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
func.func @transposed(%a: tensor<2x?x5xf32>, %b: tensor<2x?x5xf32>) -> tensor<?x2x?xf32> {
  %r = graph.contract "bmk,bnk->nbm" %a, %b : (tensor<2x?x5xf32>, tensor<2x?x5xf32>) -> tensor<?x2x?xf32>
  return %r : tensor<?x2x?xf32>
}

// -----

// Operands are converted in the payload, by their signedness.
// CHECK-LABEL: @mixed
// CHECK: linalg.generic
// CHECK: ^bb0(%[[X:.*]]: i8, %[[Y:.*]]: i8, %{{.*}}: i32):
// CHECK-DAG: arith.extsi %[[X]] : i8 to i32
// CHECK-DAG: arith.extui %[[Y]] : i8 to i32
// CHECK: arith.muli
// CHECK: arith.addi
func.func @mixed(%a: tensor<2x3xi8>, %b: tensor<3x4xui8>) -> tensor<2x4xi32> {
  %r = graph.contract "mk,kn->mn" %a, %b : (tensor<2x3xi8>, tensor<3x4xui8>) -> tensor<2x4xi32>
  return %r : tensor<2x4xi32>
}

// -----

// CHECK-LABEL: @half
// CHECK-COUNT-2: arith.extf {{.*}} : bf16 to f32
// CHECK: arith.mulf {{.*}} : f32
func.func @half(%a: tensor<3xbf16>, %b: tensor<3xbf16>) -> tensor<f32> {
  %r = graph.contract "k,k->" %a, %b : (tensor<3xbf16>, tensor<3xbf16>) -> tensor<f32>
  return %r : tensor<f32>
}
