// RUN: msc-opt %s -cpu-expand-selects | FileCheck %s

// CHECK-LABEL: func @buffers
// CHECK:         %[[R:.*]] = scf.if %arg0 -> (memref<?xf32>) {
// CHECK:           scf.yield %arg1
// CHECK:         } else {
// CHECK:           scf.yield %arg2
// CHECK:         return %[[R]]
func.func @buffers(%c: i1, %a: memref<?xf32>, %b: memref<?xf32>) -> memref<?xf32> {
  %r = arith.select %c, %a, %b : memref<?xf32>
  return %r : memref<?xf32>
}

// Scalars have an instruction.
// CHECK-LABEL: func @scalars
// CHECK:         arith.select
func.func @scalars(%c: i1, %a: f32, %b: f32) -> f32 {
  %r = arith.select %c, %a, %b : f32
  return %r : f32
}
