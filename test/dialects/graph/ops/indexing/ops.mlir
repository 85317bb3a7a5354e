// Indexing ops are printed as they are read, and those of constants fold.

// RUN: msc-opt %s | msc-opt | FileCheck %s
// RUN: msc-opt %s -canonicalize | FileCheck %s --check-prefix=FOLD

// CHECK-LABEL: func @all
func.func @all(%a: tensor<9x?xf32>, %i: tensor<?x3xi64>, %j: tensor<4x2xi32>, %u: tensor<4xf32>) {
  // CHECK-NEXT: graph.gather "*d,bs->bsd" %arg0, %arg1 : (tensor<9x?xf32>, tensor<?x3xi64>) -> tensor<?x3x?xf32>
  %0 = graph.gather "*d,bs->bsd" %a, %i : (tensor<9x?xf32>, tensor<?x3xi64>) -> tensor<?x3x?xf32>
  // CHECK-NEXT: graph.gather "**,p*->p" %arg0, %arg2 : (tensor<9x?xf32>, tensor<4x2xi32>) -> tensor<4xf32>
  %1 = graph.gather "**,p*->p" %a, %j : (tensor<9x?xf32>, tensor<4x2xi32>) -> tensor<4xf32>
  // CHECK-NEXT: graph.scatter add "**,p*,p" %arg0, %arg2, %arg3 : tensor<9x?xf32>, tensor<4x2xi32>, tensor<4xf32>
  %2 = graph.scatter add "**,p*,p" %a, %j, %u : tensor<9x?xf32>, tensor<4x2xi32>, tensor<4xf32>
  // CHECK-NEXT: graph.cumsum %arg0 axis = 1 : tensor<9x?xf32>
  %3 = graph.cumsum %a axis = 1 : tensor<9x?xf32>
  // CHECK-NEXT: graph.cumsum %arg0 axis = 0 exclusive reverse : tensor<9x?xf32>
  %4 = graph.cumsum %a axis = 0 exclusive reverse : tensor<9x?xf32>
  return
}

// FOLD-LABEL: func @constants
// FOLD-DAG:     graph.constant dense<{{\[}}[5, 6], [5, 6], [1, 2], [5, 6]]> : tensor<4x2xi32>
// FOLD-DAG:     graph.constant dense<2.000000e+00> : tensor<2x3x4xf32>
// FOLD:         return
func.func @constants(%i: tensor<2x3xi64>) -> (tensor<4x2xi32>, tensor<2x3x4xf32>) {
  %a = graph.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi32>
  %j = graph.constant dense<[2, -1, -7, 9]> : tensor<4xi64>
  %0 = graph.gather "*b,i->ib" %a, %j : (tensor<3x2xi32>, tensor<4xi64>) -> tensor<4x2xi32>
  %b = graph.constant dense<2.0> : tensor<9x4xf32>
  %1 = graph.gather "*d,bs->bsd" %b, %i : (tensor<9x4xf32>, tensor<2x3xi64>) -> tensor<2x3x4xf32>
  return %0, %1 : tensor<4x2xi32>, tensor<2x3x4xf32>
}

// FOLD-LABEL: func @no_updates
// FOLD-NEXT:    return %arg0
func.func @no_updates(%a: tensor<9x4xf32>, %i: tensor<0xi64>, %u: tensor<0x4xf32>) -> tensor<9x4xf32> {
  %0 = graph.scatter set "*d,b,bd" %a, %i, %u : tensor<9x4xf32>, tensor<0xi64>, tensor<0x4xf32>
  return %0 : tensor<9x4xf32>
}

// FOLD-LABEL: func @sums_of_one
// FOLD-NEXT:    %[[E:.*]] = graph.cumsum %arg0 axis = 1 exclusive
// FOLD-NEXT:    return %arg0, %[[E]], %arg1
func.func @sums_of_one(%a: tensor<9x1xf32>, %b: tensor<9x0xf32>) -> (tensor<9x1xf32>, tensor<9x1xf32>, tensor<9x0xf32>) {
  %0 = graph.cumsum %a axis = 1 : tensor<9x1xf32>
  %1 = graph.cumsum %a axis = 1 exclusive : tensor<9x1xf32>
  %2 = graph.cumsum %b axis = 1 exclusive : tensor<9x0xf32>
  return %0, %1, %2 : tensor<9x1xf32>, tensor<9x1xf32>, tensor<9x0xf32>
}
