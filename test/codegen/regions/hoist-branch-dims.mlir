// RUN: msc-opt %s -linalg-hoist-branch-dims -canonicalize -cse -split-input-file | FileCheck %s

// CHECK-LABEL: func.func @equal(
// CHECK:         %[[N:.*]] = tensor.dim %arg1
// CHECK:         scf.if
// CHECK:         return %{{.*}}, %[[N]], %arg2
func.func @equal(%c: i1, %x: tensor<?x?xf32>, %m: index) -> (tensor<?x?xf32>, index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y = scf.if %c -> tensor<?x?xf32> {
    %n = tensor.dim %x, %c0 : tensor<?x?xf32>
    %e = tensor.empty(%n, %m) : tensor<?x?xf32>
    %t = linalg.exp ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    scf.yield %t : tensor<?x?xf32>
  } else {
    %n = tensor.dim %x, %c0 : tensor<?x?xf32>
    %e = tensor.empty(%m) : tensor<4x?xf32>
    %l = tensor.empty(%n, %m) : tensor<?x?xf32>
    %t = tensor.insert_slice %e into %l[0, 0] [4, %m] [1, 1] : tensor<4x?xf32> into tensor<?x?xf32>
    scf.yield %t : tensor<?x?xf32>
  }
  %d = tensor.dim %y, %c0 : tensor<?x?xf32>
  %e = tensor.dim %y, %c1 : tensor<?x?xf32>
  return %y, %d, %e : tensor<?x?xf32>, index, index
}

// -----

// Of a branch in a branch.
// CHECK-LABEL: func.func @nested(
// CHECK:         %[[N:.*]] = tensor.dim %arg1
// CHECK:         return %[[N]]
func.func @nested(%c: i1, %x: tensor<?xf32>, %y: tensor<3xf32>) -> index {
  %c0 = arith.constant 0 : index
  %o = scf.if %c -> tensor<?xf32> {
    %i = scf.if %c -> tensor<?xf32> {
      scf.yield %x : tensor<?xf32>
    } else {
      %n = tensor.dim %x, %c0 : tensor<?xf32>
      %e = tensor.empty(%n) : tensor<?xf32>
      scf.yield %e : tensor<?xf32>
    }
    %d = tensor.dim %i, %c0 : tensor<?xf32>
    %e = tensor.empty(%d) : tensor<?xf32>
    scf.yield %e : tensor<?xf32>
  } else {
    scf.yield %x : tensor<?xf32>
  }
  %d = tensor.dim %o, %c0 : tensor<?xf32>
  return %d : index
}

// -----

// Two extents, and one that only the branch knows.
// CHECK-LABEL: func.func @different(
// CHECK:         %[[Y:.*]]:2 = scf.if
// CHECK:         %[[D:.*]] = tensor.dim %[[Y]]#0
// CHECK:         %[[E:.*]] = tensor.dim %[[Y]]#1
// CHECK:         return %[[D]], %[[E]]
func.func @different(%c: i1, %x: tensor<?xf32>, %y: tensor<?xf32>, %n: tensor<index>) -> (index, index) {
  %c0 = arith.constant 0 : index
  %o:2 = scf.if %c -> (tensor<?xf32>, tensor<?xf32>) {
    %d = tensor.dim %x, %c0 : tensor<?xf32>
    %e = tensor.empty(%d) : tensor<?xf32>
    scf.yield %e, %e : tensor<?xf32>, tensor<?xf32>
  } else {
    %i = tensor.extract %n[] : tensor<index>
    %e = tensor.empty(%i) : tensor<?xf32>
    scf.yield %y, %e : tensor<?xf32>, tensor<?xf32>
  }
  %d = tensor.dim %o#0, %c0 : tensor<?xf32>
  %e = tensor.dim %o#1, %c0 : tensor<?xf32>
  return %d, %e : index, index
}
