// RUN: msc-opt %s -plan-dedup-regions | FileCheck %s

// CHECK-LABEL: func.func @main(
// CHECK:         plan.dispatch @regions::@a
// CHECK:         plan.dispatch @regions::@a
// CHECK:         plan.dispatch @regions::@c
// CHECK:         plan.dispatch @regions::@d
func.func @main(%x: tensor<4xf32>, %o: tensor<4xf32>) -> tensor<4xf32> {
  %0 = plan.dispatch @regions::@a ins(%x : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %1 = plan.dispatch @regions::@b ins(%0 : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %2 = plan.dispatch @regions::@c ins(%1 : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %3 = plan.dispatch @regions::@d ins(%2 : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  return %3 : tensor<4xf32>
}
// CHECK:       module @regions
// CHECK:         @a{{.*}}plan.ops = "exp"
// CHECK-NOT:     @b
// CHECK:         @c
// CHECK:         @d
module @regions {
  func.func private @a(%x: tensor<4xf32>, %o: tensor<4xf32>) -> tensor<4xf32> attributes {plan.ops = "exp"} {
    %r = linalg.exp ins(%x : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    return %r : tensor<4xf32>
  }
  func.func private @b(%x: tensor<4xf32>, %o: tensor<4xf32>) -> tensor<4xf32> attributes {plan.ops = "also exp"} {
    %r = linalg.exp ins(%x : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    return %r : tensor<4xf32>
  }
  // Another op; another use of the arguments.
  func.func private @c(%x: tensor<4xf32>, %o: tensor<4xf32>) -> tensor<4xf32> {
    %r = linalg.negf ins(%x : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    return %r : tensor<4xf32>
  }
  func.func private @d(%x: tensor<4xf32>, %o: tensor<4xf32>) -> tensor<4xf32> {
    %r = linalg.exp ins(%o : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    return %r : tensor<4xf32>
  }
}
