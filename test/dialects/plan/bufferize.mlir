// RUN: msc-opt %s -one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" -canonicalize -cse -canonicalize | FileCheck %s

// A donated weight is read and written as one buffer: what a call cannot say.

// CHECK-LABEL: func.func @donated(
// CHECK-NEXT:    plan.dispatch @regions::@ew ins(%arg0, %arg1 : {{.*}}) outs(%arg0 : memref<4xf32>) inplace [0 -> 0]
// CHECK-NEXT:    return %arg0
func.func @donated(%w: tensor<4xf32> {bufferization.writable = true}, %g: tensor<4xf32> {bufferization.writable = false}) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %0 = plan.dispatch @regions::@ew ins(%w, %g : tensor<4xf32>, tensor<4xf32>) outs(%w : tensor<4xf32>) inplace [0 -> 0] -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Without the pair the region may read what it has overwritten: a new buffer.

// CHECK-LABEL: func.func @not_inplace(
// CHECK:         %[[A:.*]] = memref.alloc
// CHECK:         plan.dispatch @regions::@ew ins(%arg0, %arg1 : {{.*}}) outs(%[[A]]
func.func @not_inplace(%w: tensor<4xf32> {bufferization.writable = true}, %g: tensor<4xf32> {bufferization.writable = false}) -> tensor<4xf32> {
  %0 = plan.dispatch @regions::@ew ins(%w, %g : tensor<4xf32>, tensor<4xf32>) outs(%w : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The old contents of an out are preserved for a later reader only if read.

// CHECK-LABEL: func.func @overwritten(
// CHECK-NOT:     memref.copy
// CHECK-LABEL: func.func @accumulated(
// CHECK:         memref.copy %arg0
func.func @overwritten(%w: tensor<4xf32> {bufferization.writable = true}, %o: tensor<4xf32> {bufferization.writable = true}) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = plan.dispatch @regions::@one ins() outs(%w : tensor<4xf32>) -> tensor<4xf32>
  %1 = plan.dispatch @regions::@ew ins(%w, %0 : tensor<4xf32>, tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
func.func @accumulated(%w: tensor<4xf32> {bufferization.writable = true}, %o: tensor<4xf32> {bufferization.writable = true}) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = plan.dispatch @regions::@one ins() outs(%w : tensor<4xf32>) reads [0] -> tensor<4xf32>
  %1 = plan.dispatch @regions::@ew ins(%w, %0 : tensor<4xf32>, tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// Rows t and t + 1 of the carried tensor do not overlap: no copy.

// CHECK-LABEL: func.func @rows(
// CHECK-NOT:     memref.alloc
// CHECK-NOT:     memref.copy
// CHECK:         scf.for
// CHECK:           %[[ROW:.*]] = memref.subview %arg0[%arg2, 0]
// CHECK:           %[[NEXT:.*]] = memref.subview %arg0[%{{.*}}, 0]
// CHECK:           plan.dispatch @regions::@map ins(%[[ROW]] : {{.*}}) outs(%[[NEXT]]
// CHECK-LABEL: func.func @maybe_same_row(
// CHECK:         memref.alloc
func.func @rows(%s: tensor<9x4xf32> {bufferization.writable = true}, %n: index) -> tensor<9x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %s) -> tensor<9x4xf32> {
    %x = tensor.extract_slice %a[%i, 0] [1, 4] [1, 1] : tensor<9x4xf32> to tensor<4xf32>
    %i1 = arith.addi %i, %c1 : index
    %y = tensor.extract_slice %a[%i1, 0] [1, 4] [1, 1] : tensor<9x4xf32> to tensor<4xf32>
    %z = plan.dispatch @regions::@map ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
    %b = tensor.insert_slice %z into %a[%i1, 0] [1, 4] [1, 1] : tensor<4xf32> into tensor<9x4xf32>
    scf.yield %b : tensor<9x4xf32>
  }
  return %r : tensor<9x4xf32>
}
func.func @maybe_same_row(%s: tensor<9x4xf32> {bufferization.writable = true}, %n: index, %j: index) -> tensor<9x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %s) -> tensor<9x4xf32> {
    %x = tensor.extract_slice %a[%i, 0] [1, 4] [1, 1] : tensor<9x4xf32> to tensor<4xf32>
    %y = tensor.extract_slice %a[%j, 0] [1, 4] [1, 1] : tensor<9x4xf32> to tensor<4xf32>
    %z = plan.dispatch @regions::@map ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
    %b = tensor.insert_slice %z into %a[%j, 0] [1, 4] [1, 1] : tensor<4xf32> into tensor<9x4xf32>
    scf.yield %b : tensor<9x4xf32>
  }
  return %r : tensor<9x4xf32>
}

// The source of a transfer in flight is not handed to the next region, though
// that is its last reader and would work in place.

// CHECK-LABEL: func.func @in_flight(
// CHECK:         %[[T:.*]] = plan.start all_reduce sum channel 0 ins(%arg0
// CHECK-NOT:     outs(%arg0
// CHECK:         plan.wait %[[T]], {{.*}} keep(%arg0
// CHECK:         plan.dispatch {{.*}} outs(%arg0 : memref<4xf32>)
func.func @in_flight(%g: tensor<4xf32> {bufferization.writable = true}, %o: tensor<4xf32> {bufferization.writable = true}) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %t, %f = plan.start all_reduce sum channel 0 ins(%g : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %h = plan.dispatch @regions::@map ins(%g : tensor<4xf32>) outs(%g : tensor<4xf32>) inplace [0 -> 0] -> tensor<4xf32>
  %r = plan.wait %t, %f : tensor<4xf32> keep(%g : tensor<4xf32>) -> tensor<4xf32>
  %k = plan.dispatch @regions::@ew ins(%r, %h : tensor<4xf32>, tensor<4xf32>) outs(%g : tensor<4xf32>) -> tensor<4xf32>
  %c = plan.collective copy ins(%k : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  return %k, %c : tensor<4xf32>, tensor<4xf32>
}

module @regions {
  func.func private @one(tensor<4xf32>) -> tensor<4xf32>
  func.func private @map(tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.func private @ew(tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
}
