// RUN: msc-opt %s -plan-mark-in-place | FileCheck %s

// CHECK-LABEL: func.func @main(
// CHECK:         @regions::@add {{.*}} inplace [0 -> 0, 1 -> 0] ->
// CHECK:         @regions::@twice {{.*}} outs(%{{.*}}) ->
// CHECK:         @regions::@transposed {{.*}} outs(%{{.*}}) ->
// CHECK:         @regions::@epilogue {{.*}} inplace [2 -> 0] ->
func.func @main(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>, %o: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = plan.dispatch @regions::@add ins(%x, %y : tensor<4x4xf32>, tensor<4x4xf32>) outs(%o : tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = plan.dispatch @regions::@twice ins(%0 : tensor<4x4xf32>) outs(%o : tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = plan.dispatch @regions::@transposed ins(%1 : tensor<4x4xf32>) outs(%o : tensor<4x4xf32>) -> tensor<4x4xf32>
  %3 = plan.dispatch @regions::@epilogue ins(%2, %x, %y : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) outs(%o : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %3 : tensor<4x4xf32>
}
module @regions {
  func.func private @add(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>, %o: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %r = linalg.add ins(%x, %y : tensor<4x4xf32>, tensor<4x4xf32>) outs(%o : tensor<4x4xf32>) -> tensor<4x4xf32>
    return %r : tensor<4x4xf32>
  }
  // The second use reads what the first may have overwritten.
  func.func private @twice(%x: tensor<4x4xf32>, %o: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %e = tensor.empty() : tensor<4x4xf32>
    %s = linalg.exp ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    %r = linalg.add ins(%x, %s : tensor<4x4xf32>, tensor<4x4xf32>) outs(%o : tensor<4x4xf32>) -> tensor<4x4xf32>
    return %r : tensor<4x4xf32>
  }
  func.func private @transposed(%x: tensor<4x4xf32>, %o: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %r = linalg.transpose ins(%x : tensor<4x4xf32>) outs(%o : tensor<4x4xf32>) permutation = [1, 0]
    return %r : tensor<4x4xf32>
  }
  // The operands of the contraction are read more than once.
  func.func private @epilogue(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>, %y: tensor<4x4xf32>, %o: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<4x4xf32>
    %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    %m = linalg.matmul ins(%x, %w : tensor<4x4xf32>, tensor<4x4xf32>) outs(%f : tensor<4x4xf32>) -> tensor<4x4xf32>
    %r = linalg.add ins(%m, %y : tensor<4x4xf32>, tensor<4x4xf32>) outs(%o : tensor<4x4xf32>) -> tensor<4x4xf32>
    return %r : tensor<4x4xf32>
  }
}
