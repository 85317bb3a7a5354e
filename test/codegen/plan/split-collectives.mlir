// RUN: msc-opt %s -plan-split-collectives | FileCheck %s

// CHECK-LABEL: func.func @main(
// CHECK:         %[[T:.*]], %[[F:.*]] = plan.start all_reduce sum channel 0 ins(%arg0
// CHECK-NEXT:    %[[E:.*]] = linalg.exp
// CHECK-NEXT:    %[[R:.*]] = plan.wait %[[T]], %[[F]] : tensor<4xf32> keep(%arg0 : tensor<4xf32>)
// CHECK-NEXT:    linalg.add ins(%[[E]], %[[R]]
func.func @main(%g: tensor<4xf32>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %e0 = tensor.empty() : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e2 = tensor.empty() : tensor<4xf32>
  %r = plan.collective all_reduce sum channel 0 ins(%g : tensor<4xf32>) outs(%e0 : tensor<4xf32>) -> tensor<4xf32>
  %s = linalg.exp ins(%x : tensor<4xf32>) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %t = linalg.add ins(%s, %r : tensor<4xf32>, tensor<4xf32>) outs(%e2 : tensor<4xf32>) -> tensor<4xf32>
  return %t : tensor<4xf32>
}

// The first user is in a loop: the wait stands before it.

// CHECK-LABEL: func.func @loop(
// CHECK:         plan.start
// CHECK-NEXT:    plan.wait
// CHECK-NEXT:    scf.for
func.func @loop(%g: tensor<4xf32>, %x: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %e0 = tensor.empty() : tensor<4xf32>
  %r = plan.collective all_reduce sum channel 0 ins(%g : tensor<4xf32>) outs(%e0 : tensor<4xf32>) -> tensor<4xf32>
  %s = scf.for %i = %c0 to %n step %c1 iter_args(%v = %x) -> tensor<4xf32> {
    %t = linalg.add ins(%v, %r : tensor<4xf32>, tensor<4xf32>) outs(%v : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %t : tensor<4xf32>
  }
  return %s : tensor<4xf32>
}
