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

// -----

// How many elements there are the data decide: before the call there is a bound,
// after it the extent.

// CHECK-LABEL: func.func @counted(
// CHECK-SAME:    -> (tensor<?xf32> {graph.dims = ["y:0"], graph.name = "y"}, index {plan.extent = "y:0"})
// CHECK:         %[[K:.*]] = arith.minsi
// CHECK:         return %{{.*}}, %[[K]]
// CHECK:       func.func private @counted_extents(%[[N:.*]]: index {plan.extent = "n"}) -> (index {plan.extent = "y:0"})
// CHECK:         %[[MOST:.*]] = arith.maxsi %[[N]], %{{.*}}
// CHECK:         return %[[MOST]]
func.func @counted(%x: tensor<?xf32> {graph.dims = ["n"]}, %k: tensor<index>) -> (tensor<?xf32> {graph.name = "y"}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %given = tensor.extract %k[] : tensor<index>
  %count = arith.minsi %given, %n : index
  %0 = tensor.extract_slice %x[0] [%count] [1] : tensor<?xf32> to tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// In a branch that extents decide, what is required is required of the calls
// that take it; in one that the data decide it stays where it is.

// CHECK-LABEL: func.func @branches(
// CHECK:         scf.if
// CHECK-NOT:       cf.assert
// CHECK:         scf.if
// CHECK:           cf.assert %{{.*}}, "n is not 4"
// CHECK:       func.func private @branches_extents(%[[N:.*]]: index {plan.extent = "n"}) -> (i1 {plan.requires = "n is not 3"})
// CHECK:         %[[IS:.*]] = arith.cmpi eq
// CHECK:         %[[ELSE:.*]] = arith.xori
// CHECK:         arith.ori %[[IS]], %[[ELSE]]
func.func @branches(%x: tensor<?xf32> {graph.dims = ["n"]}, %b: tensor<i1>) {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %isSmall = arith.cmpi slt, %n, %c4 : index
  %data = tensor.extract %b[] : tensor<i1>
  scf.if %isSmall {
    %is = arith.cmpi eq, %n, %c3 : index
    cf.assert %is, "n is not 3"
  }
  scf.if %data {
    %is = arith.cmpi eq, %n, %c4 : index
    cf.assert %is, "n is not 4"
  }
  return
}
