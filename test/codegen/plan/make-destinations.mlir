// RUN: msc-opt %s -plan-make-destinations | FileCheck %s

// A result becomes an argument with the result's attributes; a donated argument
// is its own destination; inputs are read only.

// CHECK-LABEL: func.func @main(
// CHECK-SAME:    %[[W:.*]]: tensor<4xf32> {bufferization.writable = true, plan.donated = 0 : i64},
// CHECK-SAME:    %[[G:.*]]: tensor<4xf32> {bufferization.writable = false},
// CHECK-SAME:    %[[Y:.*]]: tensor<4xf32> {bufferization.writable = true, graph.name = "y", plan.result = 1 : i64})
// CHECK:         %[[N:.*]] = linalg.add
// CHECK:         %[[R:.*]] = bufferization.materialize_in_destination %[[N]] in %[[W]]
// CHECK:         %[[S:.*]] = bufferization.materialize_in_destination %[[G]] in %[[Y]]
// CHECK:         return %[[R]], %[[S]]
func.func @main(%w: tensor<4xf32> {plan.donated = 0 : i64}, %g: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32> {graph.name = "y"}) {
  %e = tensor.empty() : tensor<4xf32>
  %n = linalg.add ins(%w, %g : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %n, %g : tensor<4xf32>, tensor<4xf32>
}

// What is made in the donated argument already needs no tie.

// CHECK-LABEL: func.func @tied(
// CHECK-NOT:     materialize_in_destination
func.func @tied(%w: tensor<4xf32> {plan.donated = 0 : i64}, %g: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%v = %w) -> tensor<4xf32> {
    %s = linalg.add ins(%v, %g : tensor<4xf32>, tensor<4xf32>) outs(%v : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %s : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// What begins as a tensor.empty begins in the destination, through inserts,
// branches and reshapes too.

// CHECK-LABEL: func.func @inserted(
// CHECK:         %[[I:.*]] = tensor.insert_slice %arg0 into %arg1
// CHECK:         %[[R:.*]] = bufferization.materialize_in_destination %[[I]] in %arg1
// CHECK:         return %[[R]]
// CHECK-LABEL: func.func @branch(
// CHECK:         linalg.exp {{.*}} outs(%arg2
// CHECK:         linalg.negf {{.*}} outs(%arg2
// CHECK-LABEL: func.func @collapsed(
// CHECK:         %[[B:.*]] = tensor.expand_shape %arg1 {{\[}}[0, 1]]
// CHECK:         %[[N:.*]] = linalg.exp {{.*}} outs(%[[B]]
// CHECK:         %[[M:.*]] = bufferization.materialize_in_destination %[[N]] in %[[B]]
// CHECK:         %[[R:.*]] = tensor.collapse_shape %[[M]]
// CHECK:         return %[[R]]
// CHECK-LABEL: func.func @expanded(
// CHECK:         %[[B:.*]] = tensor.collapse_shape %arg1 {{\[}}[0, 1]]
// CHECK:         %[[N:.*]] = linalg.exp {{.*}} outs(%[[B]]
// CHECK:         %[[M:.*]] = bufferization.materialize_in_destination %[[N]] in %[[B]]
// CHECK:         %[[R:.*]] = tensor.expand_shape %[[M]]
// CHECK:         return %[[R]]
func.func @inserted(%x: tensor<4xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %i = tensor.insert_slice %x into %e[2] [4] [1] : tensor<4xf32> into tensor<8xf32>
  return %i : tensor<8xf32>
}
func.func @branch(%x: tensor<4xf32>, %p: i1) -> tensor<4xf32> {
  %r = scf.if %p -> tensor<4xf32> {
    %e = tensor.empty() : tensor<4xf32>
    %n = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %n : tensor<4xf32>
  } else {
    %e = tensor.empty() : tensor<4xf32>
    %n = linalg.negf ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %n : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
func.func @collapsed(%x: tensor<2x4xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<2x4xf32>
  %n = linalg.exp ins(%x : tensor<2x4xf32>) outs(%e : tensor<2x4xf32>) -> tensor<2x4xf32>
  %r = tensor.collapse_shape %n [[0, 1]] : tensor<2x4xf32> into tensor<8xf32>
  return %r : tensor<8xf32>
}
func.func @expanded(%x: tensor<8xf32>) -> tensor<2x4xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %n = linalg.exp ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %r = tensor.expand_shape %n [[0, 1]] output_shape [2, 4] : tensor<8xf32> into tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// A second use of one result is copied from where the first one is.

// CHECK-LABEL: func.func @twice(
// CHECK:         %[[N:.*]] = linalg.exp {{.*}} outs(%arg1
// CHECK:         %[[S:.*]] = bufferization.materialize_in_destination %[[N]] in %arg2
// CHECK:         %[[R:.*]] = bufferization.materialize_in_destination %[[N]] in %arg1
// CHECK:         return %[[R]], %[[S]]
// What the first result is made from is a result too: that one begins in its
// destination, the first is copied.
// CHECK-LABEL: func.func @needed(
// CHECK:         %[[N:.*]] = linalg.exp {{.*}} outs(%arg3
// CHECK:         %[[I:.*]] = tensor.insert_slice %{{.*}} into %[[N]]
// CHECK:         bufferization.materialize_in_destination %[[I]] in %arg2
// CHECK:         bufferization.materialize_in_destination %[[N]] in %arg3
// Of two donated arguments that change places one is saved.
// CHECK-LABEL: func.func @swapped(
// CHECK:         %[[A:.*]] = bufferization.alloc_tensor() copy(%arg0)
// CHECK:         bufferization.materialize_in_destination %arg1 in %arg0
// CHECK:         bufferization.materialize_in_destination %[[A]] in %arg1
// A donated argument whose old contents are needed after the update.
// CHECK-LABEL: func.func @needed_later(
// CHECK:         %[[I:.*]] = tensor.insert_slice %{{.*}} into %arg0
// CHECK:         %[[N:.*]] = linalg.exp ins(%arg0
// CHECK:         %[[A:.*]] = bufferization.alloc_tensor() copy(%[[I]])
// CHECK:         bufferization.materialize_in_destination %[[A]] in %arg0
// A branch that leaves the argument as it is, and one that updates it: in place.
// Another destination is written first.
// CHECK-LABEL: func.func @either(
// CHECK:         %[[R:.*]] = scf.if
// CHECK:           linalg.exp ins(%arg0 : {{.*}}) outs(%arg0
// CHECK:         %[[C:.*]] = bufferization.materialize_in_destination %[[R]] in %arg2
// CHECK:         %[[D:.*]] = bufferization.materialize_in_destination %[[R]] in %arg0
// CHECK:         return %[[D]], %[[C]]
func.func @twice(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %n = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %n, %n : tensor<4xf32>, tensor<4xf32>
}

func.func @needed(%x: tensor<8xf32>, %y: tensor<4xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %e = tensor.empty() : tensor<8xf32>
  %n = linalg.exp ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %i = tensor.insert_slice %y into %n[2] [4] [1] : tensor<4xf32> into tensor<8xf32>
  return %i, %n : tensor<8xf32>, tensor<8xf32>
}
func.func @swapped(%a: tensor<4xf32> {plan.donated = 0 : i64}, %b: tensor<4xf32> {plan.donated = 1 : i64}) -> (tensor<4xf32>, tensor<4xf32>) {
  return %b, %a : tensor<4xf32>, tensor<4xf32>
}
func.func @needed_later(%w: tensor<8xf32> {plan.donated = 0 : i64}, %y: tensor<4xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %i = tensor.insert_slice %y into %w[2] [4] [1] : tensor<4xf32> into tensor<8xf32>
  %e = tensor.empty() : tensor<8xf32>
  %n = linalg.exp ins(%w : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  return %i, %n : tensor<8xf32>, tensor<8xf32>
}
func.func @either(%w: tensor<4xf32> {plan.donated = 0 : i64}, %p: i1) -> (tensor<4xf32>, tensor<4xf32>) {
  %r = scf.if %p -> tensor<4xf32> {
    %e = tensor.empty() : tensor<4xf32>
    %n = linalg.exp ins(%w : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %n : tensor<4xf32>
  } else {
    scf.yield %w : tensor<4xf32>
  }
  return %r, %r : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @prepare(
// CHECK-SAME:    %{{.*}}: tensor<4xf32>) -> tensor<4xf32>
func.func @prepare(%x: tensor<4xf32>) -> tensor<4xf32> attributes {msc.prepare} {
  return %x : tensor<4xf32>
}

// A loop that begins as the destination is left alone: to bufferisation, writing
// its result there once more would be a conflict.

// CHECK-LABEL: func.func @collected(
// CHECK-SAME:    %[[D:[a-z0-9]+]]: tensor<8x4xf32> {bufferization.writable = true, plan.result = 0 : i64}
// CHECK:         %[[R:.*]] = scf.for {{.*}} iter_args(%{{.*}} = %[[D]])
// CHECK-NOT:     materialize_in_destination
// CHECK:         return %[[R]]
func.func @collected(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %e = tensor.empty() : tensor<8x4xf32>
  %r = scf.for %i = %c0 to %c8 step %c1 iter_args(%rows = %e) -> tensor<8x4xf32> {
    %row = tensor.extract_slice %x[%i, 0] [1, 4] [1, 1] : tensor<8x4xf32> to tensor<4xf32>
    %d = tensor.extract_slice %rows[%i, 0] [1, 4] [1, 1] : tensor<8x4xf32> to tensor<4xf32>
    %s = linalg.exp ins(%row : tensor<4xf32>) outs(%d : tensor<4xf32>) -> tensor<4xf32>
    %n = tensor.insert_slice %s into %rows[%i, 0] [1, 4] [1, 1] : tensor<4xf32> into tensor<8x4xf32>
    scf.yield %n : tensor<8x4xf32>
  }
  return %r : tensor<8x4xf32>
}

// A result that nothing computes, of no elements say.

// CHECK-LABEL: func.func @nothing(
// CHECK-SAME:    %[[D:[a-z0-9]+]]: tensor<0x4xf32>
// CHECK-NEXT:    return %[[D]]
func.func @nothing() -> tensor<0x4xf32> {
  %e = tensor.empty() : tensor<0x4xf32>
  return %e : tensor<0x4xf32>
}

// The result's name stays with the argument that it is made in.

// CHECK-LABEL: func.func @named(
// CHECK-SAME:    %[[W:.*]]: tensor<4xf32> {bufferization.writable = true, graph.name = "past", plan.donated = 0 : i64, plan.donated_as = "present"}
func.func @named(%w: tensor<4xf32> {graph.name = "past", plan.donated = 0 : i64}) -> (tensor<4xf32> {graph.name = "present"}) {
  %e = tensor.empty() : tensor<4xf32>
  %n = linalg.exp ins(%w : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %n : tensor<4xf32>
}

// A result with an extent that the data decide is dense in the front of its
// destination.

// CHECK-LABEL: func.func @counted(
// CHECK-SAME:    %[[Y:[a-z0-9]+]]: tensor<2x?xf32> {bufferization.writable = true, {{.*}}plan.result = 0 : i64})
// CHECK:         %[[K:.*]] = tensor.extract
// CHECK:         %[[COUNT:.*]] = affine.apply #{{.*}}()[%[[K]]]
// CHECK:         %[[FLAT:.*]] = tensor.collapse_shape %[[Y]]
// CHECK:         %[[FRONT:.*]] = tensor.extract_slice %[[FLAT]][0] [%[[COUNT]]] [1]
// CHECK:         %[[DEST:.*]] = tensor.expand_shape %[[FRONT]] {{.*}} output_shape [2, %[[K]]]
// CHECK:         %[[R:.*]] = bufferization.materialize_in_destination %{{.*}} in %[[DEST]]
// CHECK:         return %[[R]], %[[K]]
func.func @counted(%x: tensor<2x?xf32>, %n: tensor<index>) -> (tensor<2x?xf32> {graph.dims = ["", "y:1"]}, index {plan.extent = "y:1"}) {
  %k = tensor.extract %n[] : tensor<index>
  %y = tensor.extract_slice %x[0, 0] [2, %k] [1, 1] : tensor<2x?xf32> to tensor<2x?xf32>
  return %y, %k : tensor<2x?xf32>, index
}
