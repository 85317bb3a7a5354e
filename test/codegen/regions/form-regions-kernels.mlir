// Loops that are one kernel are one region; nothing within becomes another.

// RUN: msc-opt %s -split-input-file -plan-form-regions | FileCheck %s

// The operand is the destination, and is read: donated, it is changed in place.

// CHECK-LABEL: func.func @in_place(
// CHECK-SAME:    %[[A:.*]]: tensor<9x8xf32> {{{.*}}}, %[[I:.*]]: tensor<4xi64>, %[[U:.*]]: tensor<4x8xf32>)
// CHECK:         %[[R:.*]] = plan.dispatch @regions::@r0 ins(%[[I]], %[[U]] : tensor<4xi64>, tensor<4x8xf32>) outs(%[[A]] : tensor<9x8xf32>) reads [0]
// CHECK-NEXT:    return %[[R]]
// CHECK:       func.func private @r0(
// CHECK-SAME:    plan.ops = "scatter"
// CHECK-NOT:     plan.dispatch
func.func @in_place(%a: tensor<9x8xf32> {plan.donated = 0 : i64}, %i: tensor<4xi64>, %u: tensor<4x8xf32>) -> tensor<9x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %r = scf.for %b = %c0 to %c4 step %c1 iter_args(%t = %a) -> (tensor<9x8xf32>) {
    %p = tensor.extract %i[%b] : tensor<4xi64>
    %row = arith.index_cast %p : i64 to index
    %s = scf.for %d = %c0 to %c8 step %c1 iter_args(%v = %t) -> (tensor<9x8xf32>) {
      %x = tensor.extract %u[%b, %d] : tensor<4x8xf32>
      %w = tensor.insert %x into %v[%row, %d] : tensor<9x8xf32>
      scf.yield %w : tensor<9x8xf32>
    } {msc.kernel, msc.op = "scatter"}
    scf.yield %s : tensor<9x8xf32>
  } {msc.kernel, msc.op = "scatter"}
  return %r : tensor<9x8xf32>
}

// -----

// What may not be changed is copied into the destination first.

// CHECK-LABEL: func.func @copied(
// CHECK-SAME:    %[[A:.*]]: tensor<9xf32>, %[[V:.*]]: f32)
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<9xf32>
// CHECK-NEXT:    %[[C:.*]] = bufferization.materialize_in_destination %[[A]] in %[[E]]
// CHECK-NEXT:    plan.dispatch @regions::@r0 ins(%[[V]] : f32) outs(%[[C]] : tensor<9xf32>) reads [0]
func.func @copied(%a: tensor<9xf32>, %v: f32) -> tensor<9xf32> {
  %c1 = arith.constant 1 : index
  %r = tensor.insert %v into %a[%c1] : tensor<9xf32>
  return %r : tensor<9xf32>
}

// -----

// A fill belongs to the loops that start from it; the destination is fresh.

// CHECK-LABEL: func.func @from_zero(
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<9xf32>
// CHECK-NEXT:    plan.dispatch @regions::@r0 ins({{.*}}) outs(%[[E]] : tensor<9xf32>) -> tensor<9xf32>
// CHECK:       func.func private @r0(
// CHECK:         linalg.fill
// CHECK:         scf.for
func.func @from_zero(%i: tensor<4xi64>, %u: tensor<4xf32>) -> tensor<9xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %e = tensor.empty() : tensor<9xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<9xf32>) -> tensor<9xf32>
  %r = scf.for %b = %c0 to %c4 step %c1 iter_args(%t = %f) -> (tensor<9xf32>) {
    %p = tensor.extract %i[%b] : tensor<4xi64>
    %row = arith.index_cast %p : i64 to index
    %x = tensor.extract %u[%b] : tensor<4xf32>
    %w = tensor.insert %x into %t[%row] : tensor<9xf32>
    scf.yield %w : tensor<9xf32>
  } {msc.kernel, msc.op = "scatter"}
  return %r : tensor<9xf32>
}

// -----

// Two results, and a single element that is put into a tensor.

// CHECK-LABEL: func.func @two_results(
// CHECK:         plan.dispatch @regions::@r0 ins(%{{.*}} : tensor<4xf32>) outs(%{{.*}}, %{{.*}} : tensor<4xf32>, tensor<4xi64>) -> tensor<4xf32>, tensor<4xi64>
// CHECK:         plan.dispatch @regions::@r1
// CHECK-SAME:      reads [0]
func.func @two_results(%x: tensor<4xf32>, %v: f32) -> (tensor<4xf32>, tensor<4xi64>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %e = tensor.empty() : tensor<4xf32>
  %f = tensor.empty() : tensor<4xi64>
  %r:2 = scf.for %b = %c0 to %c4 step %c1 iter_args(%s = %e, %t = %f) -> (tensor<4xf32>, tensor<4xi64>) {
    %y = tensor.extract %x[%b] : tensor<4xf32>
    %n = arith.index_cast %b : index to i64
    %u = tensor.insert %y into %s[%b] : tensor<4xf32>
    %w = tensor.insert %n into %t[%b] : tensor<4xi64>
    scf.yield %u, %w : tensor<4xf32>, tensor<4xi64>
  } {msc.kernel, msc.op = "top_k"}
  %o = tensor.insert %v into %r#0[%c1] : tensor<4xf32>
  return %o, %r#1 : tensor<4xf32>, tensor<4xi64>
}

// -----

// A loop of the program is none: its body has regions of its own.

// CHECK-LABEL: func.func @plain_loop(
// CHECK:         scf.for
// CHECK:           plan.dispatch
func.func @plain_loop(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %r = scf.for %b = %c0 to %c4 step %c1 iter_args(%s = %x) -> (tensor<4xf32>) {
    %e = tensor.empty() : tensor<4xf32>
    %y = linalg.exp ins(%s : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %y : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
