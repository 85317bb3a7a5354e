// RUN: msc-opt %s -cpu-expand-maxima | FileCheck %s

// CHECK-LABEL: func.func @maximum(
// CHECK-SAME:    %[[A:.*]]: vector<4xf32>, %[[X:.*]]: vector<4xf32>
// CHECK:         %[[B:.*]] = arith.cmpf ogt, %[[X]], %[[A]]
// CHECK:         %[[M:.*]] = arith.select %[[B]], %[[X]], %[[A]]
// CHECK:         %[[N:.*]] = arith.cmpf uno, %[[X]], %[[X]]
// CHECK:         %[[S:.*]] = arith.addf %[[M]], %[[X]]
// CHECK:         %[[R:.*]] = arith.select %[[N]], %[[S]], %[[M]]
// CHECK:         return %[[R]]
func.func @maximum(%a: vector<4xf32>, %x: vector<4xf32>) -> vector<4xf32> {
  %r = arith.maximumf %a, %x : vector<4xf32>
  return %r : vector<4xf32>
}

// CHECK-LABEL: func.func @minimum(
// CHECK-SAME:    %[[A:.*]]: f64, %[[X:.*]]: f64
// CHECK:         arith.cmpf olt, %[[X]], %[[A]]
// CHECK-NOT:     minimumf
func.func @minimum(%a: f64, %x: f64) -> f64 {
  %r = arith.minimumf %a, %x : f64
  return %r : f64
}

// What swallows NaN is one instruction already.
// CHECK-LABEL: func.func @maxnum(
// CHECK:         arith.maxnumf
func.func @maxnum(%a: f32, %x: f32) -> f32 {
  %r = arith.maxnumf %a, %x : f32
  return %r : f32
}
