// RUN: msc-opt %s -split-input-file -plan-lower-to-calls -verify-diagnostics

func.func @main(%x: memref<4xf32>, %y: memref<4xf32>) {
  // expected-error @below {{expected no transfer between devices, got 'all_reduce'}}
  plan.collective all_reduce sum channel 0 ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
  return
}

// -----

func.func private @other()
module @regions {
  // expected-error @below {{expected a region without results}}
  func.func private @r(%x: memref<4xf32>) -> memref<4xf32> {
    return %x : memref<4xf32>
  }
}

// -----

// expected-error @below {{expected no symbol with a region's name}}
func.func private @r()
module @regions {
  func.func private @r(%x: memref<4xf32>) {
    return
  }
}

// -----

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected a dispatch on memrefs}}
  %0 = plan.dispatch @regions::@r ins() outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
module @regions {
  func.func private @r(%x: memref<4xf32>) {
    return
  }
}

// -----

// expected-error @below {{expected 'msc_rt_mark' to be a function of '(i32, i32) -> ()'}}
func.func private @msc_rt_mark()
