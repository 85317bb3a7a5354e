// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @unknown(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected @regions::@r to name a function (dispatch_c1)}}
  %0 = plan.dispatch @regions::@r ins() outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @count(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected 2 operands, got 1 (dispatch_c2)}}
  %0 = plan.dispatch @regions::@r ins() outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
module @regions {
  // expected-note @below {{the region is here}}
  func.func private @r(tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
}

// -----

func.func @type(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected operand 0 like 'tensor<5xf32>', got 'tensor<4xf32>' (dispatch_c3)}}
  %0 = plan.dispatch @regions::@r ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
module @regions {
  // expected-note @below {{the region is here}}
  func.func private @r(tensor<5xf32>, tensor<4xf32>) -> tensor<4xf32>
}

// -----

func.func @reads(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected 'reads' to list outs below 1 in ascending order, got 1 (dispatch_c4)}}
  %0 = plan.dispatch @regions::@r ins() outs(%x : tensor<4xf32>) reads [1] -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
module @regions {
  func.func private @r(tensor<4xf32>) -> tensor<4xf32>
}

// -----

func.func @pairs(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected 'inplace' to hold pairs (dispatch_c5)}}
  %0 = "plan.dispatch"(%x) <{region = @regions::@r, operandSegmentSizes = array<i32: 0, 1, 0>, inplace = array<i64: 0>}> : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
module @regions {
  func.func private @r(tensor<4xf32>) -> tensor<4xf32>
}

// -----

func.func @pair_range(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected 'inplace' to pair an input and an out, got 1 -> 0 (dispatch_c5)}}
  %0 = plan.dispatch @regions::@r ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) inplace [1 -> 0] -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
module @regions {
  func.func private @r(tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
}

// -----

func.func @pair_type(%x: tensor<4xf32>, %y: tensor<4xf16>) -> tensor<4xf32> {
  // expected-error @below {{expected an in-place pair of one shape and element type, got 'tensor<4xf16>' and 'tensor<4xf32>' (dispatch_c5)}}
  %0 = plan.dispatch @regions::@r ins(%y : tensor<4xf16>) outs(%x : tensor<4xf32>) inplace [0 -> 0] -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
module @regions {
  func.func private @r(tensor<4xf16>, tensor<4xf32>) -> tensor<4xf32>
}

// -----

func.func @mixed(%x: tensor<4xf32>, %y: memref<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected outs to be all tensors or all memrefs (dispatch_c6)}}
  %0 = plan.dispatch @regions::@r ins() outs(%x, %y : tensor<4xf32>, memref<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
module @regions {
  func.func private @r(tensor<4xf32>, memref<4xf32>) -> tensor<4xf32>
}

// -----

func.func @scratch(%x: tensor<4xf32>, %y: memref<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected scratch with memrefs only (dispatch_c6)}}
  %0 = plan.dispatch @regions::@r ins() outs(%x : tensor<4xf32>) scratch(%y : memref<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
module @regions {
  func.func private @r(tensor<4xf32>, memref<4xf32>) -> tensor<4xf32>
}
