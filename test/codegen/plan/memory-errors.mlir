// RUN: msc-opt %s -split-input-file -plan-memory -verify-diagnostics

func.func @computed(%x: memref<16xindex>) {
  %c0 = arith.constant 0 : index
  %n = memref.load %x[%c0] : memref<16xindex>
  // expected-error @below {{expected a size that is a closed formula in the function's arguments}}
  %a = memref.alloc(%n) : memref<?xindex>
  memref.store %n, %a[%c0] : memref<?xindex>
  return
}

// -----

func.func @huge(%x: memref<1073741824x1073741824xf32>) {
  // expected-error @below {{expected a buffer of fewer than 2^62 bytes}}
  %a = memref.alloc() : memref<1073741824x1073741824xf32>
  memref.copy %x, %a : memref<1073741824x1073741824xf32> to memref<1073741824x1073741824xf32>
  return
}

// -----

// expected-error @below {{expected an arena of fewer than 2^62 bytes}}
func.func @huge_sum(%x: memref<536870912x1073741824xf32>) {
  %a = memref.alloc() : memref<536870912x1073741824xf32>
  %b = memref.alloc() : memref<536870912x1073741824xf32>
  memref.copy %x, %a : memref<536870912x1073741824xf32> to memref<536870912x1073741824xf32>
  memref.copy %x, %b : memref<536870912x1073741824xf32> to memref<536870912x1073741824xf32>
  memref.copy %a, %x : memref<536870912x1073741824xf32> to memref<536870912x1073741824xf32>
  memref.copy %b, %x : memref<536870912x1073741824xf32> to memref<536870912x1073741824xf32>
  return
}

// -----

func.func @carried(%x: memref<4xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-note @below {{carried by this loop}}
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%v = %x) -> memref<4xf32> {
    // expected-error @below {{expected the loop to carry its tensors in place}}
    %a = memref.alloc() : memref<4xf32>
    memref.copy %v, %a : memref<4xf32> to memref<4xf32>
    scf.yield %a : memref<4xf32>
  }
  memref.copy %r, %x : memref<4xf32> to memref<4xf32>
  return
}
