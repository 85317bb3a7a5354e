// RUN: msc-opt %s -plan-tie-carries | FileCheck %s

// CHECK-LABEL: func.func @for(
// CHECK:         scf.for {{.*}} iter_args(%[[V:.*]] = %arg0)
// CHECK:           %[[S:.*]] = linalg.exp
// CHECK:           %[[T:.*]] = bufferization.materialize_in_destination %[[S]] in %[[V]]
// CHECK:           scf.yield %[[T]]
func.func @for(%w: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%v = %w) -> tensor<4xf32> {
    %e = tensor.empty() : tensor<4xf32>
    %s = linalg.exp ins(%v : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %s : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// A row that is inserted into the carry is tied already.

// CHECK-LABEL: func.func @inserted(
// CHECK-NOT:     materialize_in_destination
func.func @inserted(%w: tensor<8x4xf32>, %x: tensor<4xf32>, %n: index) -> tensor<8x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%v = %w) -> tensor<8x4xf32> {
    %s = tensor.insert_slice %x into %v[%i, 0] [1, 4] [1, 1] : tensor<4xf32> into tensor<8x4xf32>
    scf.yield %s : tensor<8x4xf32>
  }
  return %r : tensor<8x4xf32>
}

// Of two carries that change places one is saved.

// CHECK-LABEL: func.func @swapped(
// CHECK:         iter_args(%[[V:.*]] = %arg0, %[[U:.*]] = %arg1)
// CHECK:           %[[B:.*]] = bufferization.alloc_tensor() copy(%[[V]])
// CHECK:           %[[C:.*]] = bufferization.materialize_in_destination %[[U]] in %[[V]]
// CHECK:           %[[D:.*]] = bufferization.materialize_in_destination %[[B]] in %[[U]]
// CHECK:           scf.yield %[[C]], %[[D]]
func.func @swapped(%a: tensor<4xf32>, %b: tensor<4xf32>, %n: index) -> (tensor<4xf32>, tensor<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%v = %a, %u = %b) -> (tensor<4xf32>, tensor<4xf32>) {
    scf.yield %u, %v : tensor<4xf32>, tensor<4xf32>
  }
  return %r#0, %r#1 : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @while(
// CHECK:         ^bb0(%{{.*}}: index, %[[V:.*]]: tensor<4xf32>):
// CHECK:           bufferization.materialize_in_destination %{{.*}} in %[[V]]
func.func @while(%w: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.while (%i = %c0, %v = %w) : (index, tensor<4xf32>) -> (index, tensor<4xf32>) {
    %p = arith.cmpi slt, %i, %n : index
    scf.condition(%p) %i, %v : index, tensor<4xf32>
  } do {
  ^bb0(%i: index, %v: tensor<4xf32>):
    %e = tensor.empty() : tensor<4xf32>
    %s = linalg.exp ins(%v : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    %j = arith.addi %i, %c1 : index
    scf.yield %j, %s : index, tensor<4xf32>
  }
  return %r#1 : tensor<4xf32>
}

// A carry that is not passed on, since nobody reads it there, is passed on.

// CHECK-LABEL: func.func @dropped(
// CHECK:         %[[R:.*]]:3 = scf.while (%[[G:.*]] = %arg1, %[[I:.*]] = %c0, %[[V:.*]] = %arg0)
// CHECK:           scf.condition(%[[G]]) %[[G]], %[[I]], %[[V]] : i1, index, tensor<4xf32>
// CHECK:         ^bb0(%{{.*}}: i1, %[[J:.*]]: index, %[[U:.*]]: tensor<4xf32>):
// CHECK:           arith.addi %[[J]]
// CHECK:           bufferization.materialize_in_destination %{{.*}} in %[[U]]
// CHECK:         return %[[R]]#2
func.func @dropped(%w: tensor<4xf32>, %begins: i1, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.while (%g = %begins, %i = %c0, %v = %w) : (i1, index, tensor<4xf32>) -> (tensor<4xf32>, index) {
    scf.condition(%g) %v, %i : tensor<4xf32>, index
  } do {
  ^bb0(%v: tensor<4xf32>, %i: index):
    %e = tensor.empty() : tensor<4xf32>
    %s = linalg.exp ins(%v : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    %j = arith.addi %i, %c1 : index
    %p = arith.cmpi slt, %j, %n : index
    scf.yield %p, %j, %s : i1, index, tensor<4xf32>
  }
  return %r#0 : tensor<4xf32>
}

// What is selected may be the carry itself: it is saved before it is written.

// CHECK-LABEL: func.func @selected(
// CHECK:           %[[S:.*]] = arith.select
// CHECK:           bufferization.alloc_tensor() copy(%[[S]])
func.func @selected(%w: tensor<4xf32>, %x: tensor<4xf32>, %n: index, %c: i1) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%v = %w) -> tensor<4xf32> {
    %s = arith.select %c, %v, %x : tensor<4xf32>
    scf.yield %s : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
