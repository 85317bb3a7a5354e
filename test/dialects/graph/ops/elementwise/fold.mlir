// What changes nothing goes, but for what changes the sign of a zero.

// RUN: msc-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: func @neutral
// CHECK-NEXT:    return %arg0, %arg0, %arg0, %arg0
func.func @neutral(%a: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %minus_zero = graph.constant dense<-0.0> : tensor<2xf32>
  %zero = graph.constant dense<0.0> : tensor<2xf32>
  %one = graph.constant dense<1.0> : tensor<2xf32>
  %0 = graph.add %a, %minus_zero : tensor<2xf32>
  %1 = graph.sub %a, %zero : tensor<2xf32>
  %2 = graph.mul %one, %a : tensor<2xf32>
  %3 = graph.div %a, %one : tensor<2xf32>
  return %0, %1, %2, %3 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: func @plus_zero
// CHECK:         graph.add
func.func @plus_zero(%a: tensor<2xf32>) -> tensor<2xf32> {
  %zero = graph.constant dense<0.0> : tensor<2xf32>
  %0 = graph.add %a, %zero : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: func @plus_integer_zero
// CHECK-NEXT:    return %arg0
func.func @plus_integer_zero(%a: tensor<2xi64>) -> tensor<2xi64> {
  %zero = graph.constant dense<0> : tensor<2xi64>
  %0 = graph.add %a, %zero : tensor<2xi64>
  return %0 : tensor<2xi64>
}

// CHECK-LABEL: func @constants
// CHECK:         graph.constant dense<[3, -2]> : tensor<2xi32>
// CHECK-NEXT:    return
func.func @constants() -> tensor<2xi32> {
  %a = graph.constant dense<[7, -5]> : tensor<2xi32>
  %b = graph.constant dense<2> : tensor<2xi32>
  %0 = graph.div %a, %b : tensor<2xi32>
  return %0 : tensor<2xi32>
}

// Of the value of a division by zero nothing is said, but that there is one.

// CHECK-LABEL: func @by_zero
// CHECK:         return %{{.*}} : tensor<2xi32>
func.func @by_zero() -> tensor<2xi32> {
  %a = graph.constant dense<[7, -5]> : tensor<2xi32>
  %b = graph.constant dense<0> : tensor<2xi32>
  %0 = graph.div %a, %b : tensor<2xi32>
  return %0 : tensor<2xi32>
}

// CHECK-LABEL: func @twice_negative
// CHECK-NEXT:    return %arg0
func.func @twice_negative(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = graph.neg %a : tensor<?xf32>
  %1 = graph.neg %0 : tensor<?xf32>
  return %1 : tensor<?xf32>
}
