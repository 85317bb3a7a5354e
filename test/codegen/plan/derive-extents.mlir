// RUN: msc-opt %s -split-input-file -plan-derive-extents | FileCheck %s

// The extent of a result is a formula in those of the arguments; what only
// some name has in common with an argument needs none.

// CHECK-LABEL: func.func @main(
// CHECK-NOT:     cf.assert
// CHECK:       func.func private @main_extents(
// CHECK-SAME:    %[[A:.*]]: index {plan.extent = "{{[nm]}}"}, %[[B:.*]]: index {plan.extent = "{{[nm]}}"})
// CHECK-SAME:    -> (index {plan.extent = "n + m"}, i1 {plan.requires = "n is not m"})
// CHECK-DAG:     %[[SUM:.*]] = affine.apply #{{.*}}()[%[[A]], %[[B]]]
// CHECK-DAG:     %[[CMP:.*]] = arith.cmpi ne
// CHECK:         return %[[SUM]], %[[CMP]]
func.func @main(%x: tensor<?xf32> {graph.dims = ["n"]}, %y: tensor<?xf32> {graph.dims = ["m"]})
    -> (tensor<?xf32> {graph.dims = ["n + m"]}, tensor<?xf32> {graph.dims = ["n"]}, tensor<?xf32> {graph.dims = ["n + m"]}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %m = tensor.dim %y, %c0 : tensor<?xf32>
  %differ = arith.cmpi ne, %n, %m : index
  cf.assert %differ, "n is not m"
  %0 = tensor.concat dim(0) %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %0, %x, %0 : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
}

// -----

// A dim without a name is called by its place.

// CHECK-LABEL: func.func @unnamed(
// CHECK-SAME:    -> (tensor<2x?xf32> {graph.dims = ["", "y:1"], graph.name = "y"})
// CHECK:       func.func private @unnamed_extents(%{{.*}}: index {plan.extent = "n"}) -> (index {plan.extent = "y:1"})
func.func @unnamed(%x: tensor<?xf32> {graph.dims = ["n"]}) -> (tensor<2x?xf32> {graph.name = "y"}) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %h = arith.divui %n, %c2 : index
  %0 = tensor.expand_shape %x [[0, 1]] output_shape [2, %h] : tensor<?xf32> into tensor<2x?xf32>
  return %0 : tensor<2x?xf32>
}

// -----

// Near miss: everything is static, or has the extents of an argument.

// CHECK-LABEL: func.func @known(
// CHECK-NOT:   @known_extents
func.func @known(%x: tensor<?xf32> {graph.dims = ["n"]}) -> (tensor<?xf32> {graph.dims = ["n"]}) {
  return %x : tensor<?xf32>
}
