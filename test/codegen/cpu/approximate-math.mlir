// RUN: msc-opt %s -cpu-approximate-math | FileCheck %s

// CHECK-LABEL: func @vector
// CHECK-NOT:     math.exp
// CHECK:         arith.bitcast {{.*}} : vector<8xf32> to vector<8xi32>
func.func @vector(%x: vector<8xf32>) -> vector<8xf32> {
  %r = math.exp %x : vector<8xf32>
  return %r : vector<8xf32>
}

// CHECK-LABEL: func @scalar
// CHECK-NOT:     math.{{log|tanh|erf}}
func.func @scalar(%x: f32) -> f32 {
  %a = math.log %x : f32
  %b = math.tanh %a : f32
  %c = math.erf %b : f32
  return %c : f32
}

// Only f32 has polynomials.
// CHECK-LABEL: func @double
// CHECK:         math.exp %{{.*}} : f64
func.func @double(%x: f64) -> f64 {
  %r = math.exp %x : f64
  return %r : f64
}

// No range above zero: one factor for the power of two, no second clamp.
// CHECK-LABEL: func @nonpositive
// CHECK-NOT:     math.exp
// CHECK:         arith.shli
// CHECK-NOT:     arith.shrsi
// CHECK:         return
func.func @nonpositive(%x: vector<8xf32>) -> vector<8xf32> {
  %r = math.exp %x {cpu.nonpositive} : vector<8xf32>
  return %r : vector<8xf32>
}
