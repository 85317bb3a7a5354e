// RUN: msc-opt %s -split-input-file -plan-memory -canonicalize -cse | FileCheck %s

// %c may take %a's place, since the region works in place; %b is as long-lived
// and stands behind it.

// CHECK-LABEL: func.func @in_place(
// CHECK-SAME:    %[[ARENA:arg1]]: memref<?xi8> {plan.arena})
// CHECK-SAME:    plan.arena = {bound = 3072 : i64, buffers = 3 : i64, extents = [], heuristic = "size", max = 2048 : i64}
// CHECK-SAME:    plan.arena_bytes = 2048 : i64
// CHECK:         %[[A:.*]] = memref.view %[[ARENA]][%c0][] : memref<?xi8> to memref<256xf32>
// CHECK:         plan.dispatch @regions::@ew ins(%[[A]], %[[B:.*]] : {{.*}}) outs(%[[A]] :
// CHECK:       func.func @in_place_arena_bytes() -> index
// CHECK:         %[[S:.*]] = arith.constant 2048
// CHECK:         return %[[S]]
func.func @in_place(%x: memref<256xf32>) {
  %a = memref.alloc() : memref<256xf32>
  plan.dispatch @regions::@map ins(%x : memref<256xf32>) outs(%a : memref<256xf32>)
  %b = memref.alloc() : memref<256xf32>
  plan.dispatch @regions::@map ins(%x : memref<256xf32>) outs(%b : memref<256xf32>)
  %c = memref.alloc() : memref<256xf32>
  plan.dispatch @regions::@ew ins(%a, %b : memref<256xf32>, memref<256xf32>) outs(%c : memref<256xf32>) inplace [0 -> 0]
  plan.dispatch @regions::@ew ins(%b, %c : memref<256xf32>, memref<256xf32>) outs(%x : memref<256xf32>)
  return
}
module @regions {
  func.func private @map(memref<256xf32>, memref<256xf32>)
  func.func private @ew(memref<256xf32>, memref<256xf32>, memref<256xf32>)
}

// -----

// Near misses: no pair; a view of the input is another operand.

// CHECK-LABEL: func.func @no_pair(
// CHECK-SAME:    plan.arena_bytes = 2048 : i64
// CHECK-LABEL: func.func @viewed(
// CHECK-SAME:    plan.arena_bytes = 2048 : i64
func.func @no_pair(%x: memref<256xf32>) {
  %a = memref.alloc() : memref<256xf32>
  plan.dispatch @regions::@map ins(%x : memref<256xf32>) outs(%a : memref<256xf32>)
  %c = memref.alloc() : memref<256xf32>
  plan.dispatch @regions::@map ins(%a : memref<256xf32>) outs(%c : memref<256xf32>)
  plan.dispatch @regions::@map ins(%c : memref<256xf32>) outs(%x : memref<256xf32>)
  return
}
func.func @viewed(%x: memref<256xf32>) {
  %a = memref.alloc() : memref<256xf32>
  plan.dispatch @regions::@map ins(%x : memref<256xf32>) outs(%a : memref<256xf32>)
  %v = memref.expand_shape %a [[0, 1]] output_shape [16, 16] : memref<256xf32> into memref<16x16xf32>
  %c = memref.alloc() : memref<256xf32>
  plan.dispatch @regions::@views ins(%a, %v : memref<256xf32>, memref<16x16xf32>) outs(%c : memref<256xf32>) inplace [0 -> 0]
  plan.dispatch @regions::@map ins(%c : memref<256xf32>) outs(%x : memref<256xf32>)
  return
}
module @regions {
  func.func private @map(memref<256xf32>, memref<256xf32>)
  func.func private @views(memref<256xf32>, memref<16x16xf32>, memref<256xf32>)
}

// -----

// Buffers of disjoint lifetimes share. A buffer that a loop uses lives as long
// as the loop; the one inside of the loop is one place for all iterations; a
// transfer's ends live until the wait.

// CHECK-LABEL: func.func @lifetimes(
// CHECK-SAME:    plan.arena_bytes = 2048 : i64
// CHECK-LABEL: func.func @in_flight(
// CHECK-SAME:    plan.arena_bytes = 3072 : i64
func.func @lifetimes(%x: memref<256xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<256xf32>
  plan.dispatch @regions::@map ins(%x : memref<256xf32>) outs(%a : memref<256xf32>)
  plan.dispatch @regions::@map ins(%a : memref<256xf32>) outs(%x : memref<256xf32>)
  %b = memref.alloc() : memref<256xf32>
  plan.dispatch @regions::@map ins(%x : memref<256xf32>) outs(%b : memref<256xf32>)
  scf.for %i = %c0 to %n step %c1 {
    plan.dispatch @regions::@map ins(%b : memref<256xf32>) outs(%x : memref<256xf32>)
    %c = memref.alloc() : memref<256xf32>
    plan.dispatch @regions::@map ins(%x : memref<256xf32>) outs(%c : memref<256xf32>)
    plan.dispatch @regions::@map ins(%c : memref<256xf32>) outs(%x : memref<256xf32>)
  }
  return
}
func.func @in_flight(%x: memref<256xf32>) {
  %a = memref.alloc() : memref<256xf32>
  plan.dispatch @regions::@map ins(%x : memref<256xf32>) outs(%a : memref<256xf32>)
  %b = memref.alloc() : memref<256xf32>
  %t = plan.start all_reduce sum channel 0 ins(%a : memref<256xf32>) outs(%b : memref<256xf32>)
  %c = memref.alloc() : memref<256xf32>
  plan.dispatch @regions::@map ins(%x : memref<256xf32>) outs(%c : memref<256xf32>)
  plan.dispatch @regions::@map ins(%c : memref<256xf32>) outs(%x : memref<256xf32>)
  plan.wait %t, %b : memref<256xf32> keep(%a : memref<256xf32>)
  plan.dispatch @regions::@map ins(%b : memref<256xf32>) outs(%x : memref<256xf32>)
  return
}
module @regions {
  func.func private @map(memref<256xf32>, memref<256xf32>)
}
