// RUN: msc-opt %s -split-input-file -plan-verify-memory=allow-copies=false -verify-diagnostics

func.func @allocates(%x: memref<4xf32>) {
  // expected-error @below {{expected no allocation once memory is planned}}
  %a = memref.alloc() : memref<4xf32>
  return
}

// -----

func.func private @other()
module @regions {
  func.func private @r(%x: memref<4xf32>) {
    // expected-error @below {{expected no allocation once memory is planned}}
    %a = memref.alloc() : memref<4xf32>
    return
  }
}

// -----

func.func @tensor(%n: index) {
  // expected-error @below {{expected no tensor once memory is planned}}
  %a = tensor.empty(%n) : tensor<?xf32>
  return
}

// -----

// expected-error @below {{expected no tensor once memory is planned}}
func.func @argument(%x: tensor<4xf32>) {
  return
}

// -----

func.func @computes(%x: memref<4xf32>, %y: memref<4xf32>) {
  // expected-error @below {{expected no computation outside of a region}}
  linalg.exp ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
  return
}

// -----

func.func @copies(%x: memref<4xf32>, %y: memref<4xf32>) {
  // expected-error @below {{expected no copy}}
  memref.copy %x, %y : memref<4xf32> to memref<4xf32>
  return
}
