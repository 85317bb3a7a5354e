// RUN: msc-opt %s -plan-hoist-scratch | FileCheck %s

// A fixed temporary; one with a dim of an argument; one whose size changes in a
// loop, for which there are bytes for the largest.

// CHECK-LABEL: func.func @main(
// CHECK:         %[[A:.*]] = memref.alloc() : memref<16xf32>
// CHECK:         %[[N:.*]] = memref.dim %arg0
// CHECK:         %[[B:.*]] = memref.alloc(%[[N]]) : memref<?xf32>
// CHECK:         %[[C:.*]] = memref.alloc(%{{.*}}) : memref<?xi8>
// CHECK:         plan.dispatch @regions::@r ins(%arg0 : {{.*}}) outs(%arg1 : {{.*}}) scratch(%[[A]], %[[B]], %[[C]] :
// CHECK:       func.func private @r(
// CHECK-SAME:    %[[A:[^:]*]]: memref<16xf32>, %[[B:[^:]*]]: memref<?xf32>, %[[C:[^:]*]]: memref<?xi8>)
// CHECK-NOT:     memref.alloc
// CHECK:         linalg.exp ins(%[[B]]
// CHECK:         memref.view %[[C]]
func.func @main(%x: memref<?xf32>, %y: memref<16xf32>) {
  plan.dispatch @regions::@r ins(%x : memref<?xf32>) outs(%y : memref<16xf32>)
  return
}
module @regions {
  func.func private @r(%x: memref<?xf32>, %y: memref<16xf32>) {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %a = memref.alloc() : memref<16xf32>
    linalg.exp ins(%a : memref<16xf32>) outs(%y : memref<16xf32>)
    %n = memref.dim %x, %c0 : memref<?xf32>
    %b = memref.alloc(%n) : memref<?xf32>
    linalg.exp ins(%b : memref<?xf32>) outs(%x : memref<?xf32>)
    scf.for %i = %c0 to %n step %c4 {
      %m = affine.min affine_map<(i)[n] -> (4, n - i)>(%i)[%n]
      %c = memref.alloc(%m) : memref<?xf32>
      linalg.exp ins(%c : memref<?xf32>) outs(%c : memref<?xf32>)
      memref.dealloc %c : memref<?xf32>
    }
    return
  }
}
