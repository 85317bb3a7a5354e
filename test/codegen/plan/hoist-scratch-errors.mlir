// RUN: msc-opt %s -split-input-file -plan-hoist-scratch -verify-diagnostics

func.func @main(%y: memref<16xf32>) {
  plan.dispatch @regions::@r ins() outs(%y : memref<16xf32>)
  return
}
module @regions {
  func.func private @r(%y: memref<16xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c16 = arith.constant 16 : index
    scf.parallel (%i) = (%c0) to (%c16) step (%c1) {
      // expected-error @below {{expected no allocation in a parallel loop}}
      %a = memref.alloc() : memref<4xf32>
      %v = memref.load %a[%c0] : memref<4xf32>
      memref.store %v, %y[%i] : memref<16xf32>
    }
    return
  }
}

// -----

func.func @main(%y: memref<16xindex>) {
  plan.dispatch @regions::@r ins() outs(%y : memref<16xindex>)
  return
}
module @regions {
  func.func private @r(%y: memref<16xindex>) {
    %c0 = arith.constant 0 : index
    %n = memref.load %y[%c0] : memref<16xindex>
    // expected-error @below {{expected sizes that are bounded by the region's arguments}}
    %a = memref.alloc(%n) : memref<?xf32>
    %m = memref.dim %a, %c0 : memref<?xf32>
    memref.store %m, %y[%c0] : memref<16xindex>
    return
  }
}
