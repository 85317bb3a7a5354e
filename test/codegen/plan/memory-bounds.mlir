// RUN: msc-opt %s -plan-memory -canonicalize -cse | FileCheck %s

// Sizes that the number of an iteration or a branch decides: room for the
// greatest, a view of what is needed.

// CHECK-LABEL: func.func @main(
// CHECK-SAME:    plan.arena = {bound = 256 : i64, buffers = 2 : i64, {{.*}} plan.arena_bytes = 256 : i64}
// CHECK:         %[[R:.*]] = scf.if
// CHECK:         memref.view %{{.*}}[%{{.*}}][%{{.*}}] : memref<?xi8> to memref<?x4xf32>
// CHECK:         scf.for
// CHECK:           memref.view %{{.*}}[%{{.*}}][%{{.*}}] : memref<?xi8> to memref<?x4xf32>
func.func @main(%c: i1, %x: memref<8x4xf32>, %y: memref<5x4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %r = scf.if %c -> memref<?x4xf32> {
    %d = memref.cast %x : memref<8x4xf32> to memref<?x4xf32>
    scf.yield %d : memref<?x4xf32>
  } else {
    %d = memref.cast %y : memref<5x4xf32> to memref<?x4xf32>
    scf.yield %d : memref<?x4xf32>
  }
  %n = memref.dim %r, %c0 : memref<?x4xf32>
  %a = memref.alloc(%n) : memref<?x4xf32>
  plan.dispatch @regions::@r ins(%r : memref<?x4xf32>) outs(%a : memref<?x4xf32>)
  scf.for %i = %c1 to %c8 step %c1 {
    %b = memref.alloc(%i) : memref<?x4xf32>
    plan.dispatch @regions::@r ins(%a : memref<?x4xf32>) outs(%b : memref<?x4xf32>)
  }
  return
}

// What the data decide has a bound beside it.

// CHECK-LABEL: func.func @counted(
// CHECK-SAME:    extents = ["n", "formula1"]
// CHECK:         memref.view %{{.*}}[%{{.*}}][%{{.*}}] : memref<?xi8> to memref<?x4xf32>
// CHECK-LABEL: func.func @counted_arena_bytes(
// CHECK-SAME:    %[[N:.*]]: index {plan.extent = "n"})
// CHECK:         arith.maxsi %[[N]]
func.func @counted(%x: memref<?x4xf32> {graph.dims = ["n", ""]}, %k: memref<index>) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?x4xf32>
  %given = memref.load %k[] : memref<index>
  %count = arith.minsi %given, %n : index
  %a = memref.alloc(%count) : memref<?x4xf32>
  plan.dispatch @regions::@r ins(%x : memref<?x4xf32>) outs(%a : memref<?x4xf32>)
  return
}

module @regions {
  func.func private @r(memref<?x4xf32>, memref<?x4xf32>)
}
