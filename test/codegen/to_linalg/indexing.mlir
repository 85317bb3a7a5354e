// A gather is elementwise on its result; a scatter is loops over its updates,
// where each index is read in the outermost loop that has its letters.

// RUN: msc-opt %s -graph-to-linalg -canonicalize -split-input-file | FileCheck %s

// CHECK-DAG:   #[[ROWS:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG:   #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func @rows(
// CHECK-SAME:    %[[A:.*]]: tensor<9x?xf32>, %[[I:.*]]: tensor<4xi64>)
// CHECK:         linalg.generic {indexing_maps = [#[[ROWS]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
// CHECK-SAME:      ins(%[[I]] : tensor<4xi64>)
// CHECK-SAME:      attrs = {msc.op = "gather"}
// CHECK:           %[[P:.*]] = arith.index_cast
// CHECK:           arith.cmpi slt, %[[P]]
// CHECK:           arith.minsi
// CHECK:           %[[ROW:.*]] = arith.maxsi
// CHECK:           %[[D:.*]] = linalg.index 1
// CHECK:           tensor.extract %[[A]][%[[ROW]], %[[D]]] : tensor<9x?xf32>
func.func @rows(%a: tensor<9x?xf32>, %i: tensor<4xi64>) -> tensor<4x?xf32> {
  %0 = graph.gather "*d,b->bd" %a, %i : (tensor<9x?xf32>, tensor<4xi64>) -> tensor<4x?xf32>
  return %0 : tensor<4x?xf32>
}

// -----

// One operand for each index of a place.

// CHECK-DAG:   #[[FIRST:.*]] = affine_map<(d0) -> (d0, 0)>
// CHECK-DAG:   #[[SECOND:.*]] = affine_map<(d0) -> (d0, 1)>
// CHECK-LABEL: func @pixels(
// CHECK:         linalg.generic {indexing_maps = [#[[FIRST]], #[[SECOND]], #{{.*}}]
// CHECK-SAME:      ins(%arg1, %arg1 : tensor<4x2xi8>, tensor<4x2xi8>)
// CHECK:           arith.index_castui
// CHECK:           arith.minui
func.func @pixels(%a: tensor<9x5xf32>, %i: tensor<4x2xui8>) -> tensor<4xf32> {
  %0 = graph.gather "**,p*->p" %a, %i : (tensor<9x5xf32>, tensor<4x2xui8>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// CHECK-LABEL: func @add_rows(
// CHECK-SAME:    %[[A:.*]]: tensor<9x8xf32>, %[[I:.*]]: tensor<4xi64>, %[[U:.*]]: tensor<4x8xf32>)
// CHECK:         %[[R:.*]] = scf.for %[[B:[a-z0-9]+]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[T:[a-z0-9]+]] = %[[A]]) -> (tensor<9x8xf32>) {
// CHECK:           tensor.extract %[[I]][%[[B]]]
// CHECK:           %[[ROW:.*]] = arith.maxsi
// CHECK:           scf.for %[[D:[a-z0-9]+]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[S:[a-z0-9]+]] = %[[T]])
// CHECK-NEXT:        %[[NEW:.*]] = tensor.extract %[[U]][%[[B]], %[[D]]]
// CHECK-NEXT:        %[[OLD:.*]] = tensor.extract %[[S]][%[[ROW]], %[[D]]]
// CHECK-NEXT:        %[[SUM:.*]] = arith.addf %[[OLD]], %[[NEW]]
// CHECK-NEXT:        tensor.insert %[[SUM]] into %[[S]][%[[ROW]], %[[D]]]
// CHECK:           } {msc.kernel, msc.op = "scatter"}
// CHECK:         } {msc.kernel, msc.op = "scatter"}
// CHECK:         return %[[R]]
func.func @add_rows(%a: tensor<9x8xf32>, %i: tensor<4xi64>, %u: tensor<4x8xf32>) -> tensor<9x8xf32> {
  %0 = graph.scatter add "*d,b,bd" %a, %i, %u : tensor<9x8xf32>, tensor<4xi64>, tensor<4x8xf32>
  return %0 : tensor<9x8xf32>
}

// -----

// CHECK-LABEL: func @unsigned_max(
// CHECK:         arith.maxui
func.func @unsigned_max(%a: tensor<9xui8>, %i: tensor<4xi64>, %u: tensor<4xui8>) -> tensor<9xui8> {
  %0 = graph.scatter max "*,b,b" %a, %i, %u : tensor<9xui8>, tensor<4xi64>, tensor<4xui8>
  return %0 : tensor<9xui8>
}

// -----

// The first row, then each from the one before; rows are inner loops.

// CHECK-LABEL: func @running(
// CHECK-SAME:    %[[A:.*]]: tensor<5x8xf32>)
// CHECK:         %[[C1:.*]] = arith.constant 1 : index
// CHECK:         tensor.empty
// CHECK:         scf.for
// CHECK:         scf.for %[[N:[a-z0-9]+]] = %[[C1]] to
// CHECK:           %[[P:.*]] = arith.subi %[[N]], %[[C1]]
// CHECK:           scf.for %[[Q:[a-z0-9]+]] =
// CHECK:             tensor.extract %[[A]][%[[N]], %[[Q]]]
// CHECK:             tensor.extract %{{.*}}[%[[P]], %[[Q]]]
// CHECK:             arith.addf
func.func @running(%a: tensor<5x8xf32>) -> tensor<5x8xf32> {
  %0 = graph.cumsum %a axis = 0 : tensor<5x8xf32>
  return %0 : tensor<5x8xf32>
}
