// RUN: msc-opt %s -split-input-file -plan-drop-operands -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @main(
// CHECK:         plan.dispatch @regions::@r ins(%arg1 : tensor<4xf32>) outs(%arg3 : tensor<4xf32>) ->
// CHECK:         plan.dispatch @regions::@r ins(%arg3 : tensor<4xf32>) outs(%arg1 : tensor<4xf32>) ->
// CHECK:       func.func private @r(%arg0: tensor<4xf32>, %arg1: tensor<4xf32>) ->
func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>, %n: index, %o: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = plan.dispatch @regions::@r ins(%x, %y, %n : tensor<4xf32>, tensor<4xf32>, index) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %1 = plan.dispatch @regions::@r ins(%x, %o, %n : tensor<4xf32>, tensor<4xf32>, index) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
module @regions {
  func.func private @r(%x: tensor<4xf32>, %y: tensor<4xf32>, %n: index, %o: tensor<4xf32>) -> tensor<4xf32> {
    %e = tensor.empty() : tensor<4xf32>
    %r = linalg.exp ins(%y : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    return %r : tensor<4xf32>
  }
}

// -----

// CHECK-LABEL: func.func @repeated(
// CHECK:         %[[R:.*]]:2 = plan.dispatch @regions::@r ins(%arg0 : tensor<4xf32>) outs(%arg1, %arg3 : tensor<4xf32>, tensor<4xf32>) reads [1]
// CHECK:         return %[[R]]#0, %[[R]]#0, %[[R]]#1
// CHECK:       func.func private @r(%arg0: tensor<4xf32>, %arg1: tensor<4xf32>, %arg2: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
// CHECK:         return %[[E:.*]], %arg2
func.func @repeated(%x: tensor<4xf32>, %o: tensor<4xf32>, %p: tensor<4xf32>, %q: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %0:3 = plan.dispatch @regions::@r ins(%x : tensor<4xf32>) outs(%o, %p, %q : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) reads [2] -> tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  return %0#0, %0#1, %0#2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
module @regions {
  func.func private @r(%x: tensor<4xf32>, %o: tensor<4xf32>, %p: tensor<4xf32>, %q: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
    %r = linalg.exp ins(%x : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    return %r, %r, %q : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
}

// -----

func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected no in-place pairs yet}}
  %0 = plan.dispatch @regions::@r ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) inplace [0 -> 0] -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
module @regions {
  func.func private @r(%x: tensor<4xf32>, %o: tensor<4xf32>) -> tensor<4xf32> {
    return %o : tensor<4xf32>
  }
}
