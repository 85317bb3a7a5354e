// RUN: not msc-opt %s -cpu-schedule-regions=march=pentium-nine 2>&1 | FileCheck %s --check-prefix=MARCH
// RUN: not msc-opt %s -cpu-schedule-regions=triple=abacus-unknown-none 2>&1 | FileCheck %s --check-prefix=TRIPLE
// RUN: not msc-opt %s -cpu-schedule-regions=schedule=fastest 2>&1 | FileCheck %s --check-prefix=SCHEDULE
// RUN: not msc-opt %s -cpu-schedule-regions=fp=loose 2>&1 | FileCheck %s --check-prefix=FP
// RUN: msc-opt %s -cpu-schedule-regions=march=x86-64-v3 2>&1 | FileCheck %s

// MARCH: error: unknown CPU "pentium-nine" for triple
// TRIPLE: error: no back end for triple "abacus-unknown-none"
// SCHEDULE: error: unknown schedule "fastest", expected "auto" or "loops"
// FP: error: unknown fp mode "loose", expected "fast" or "strict"

module @regions {

// What has no schedule says so, and keeps its body.
// CHECK: remark: region left to plain loops: no schedule for 'tensor.reshape'
// CHECK: cpu.schedule = "loops: no schedule for 'tensor.reshape'"
// CHECK: tensor.reshape
func.func private @reshape(%a: tensor<8xf32> {bufferization.writable = false},
                           %s: tensor<2xi64> {bufferization.writable = false},
                           %c: tensor<2x4xf32> {bufferization.writable = true}) -> tensor<2x4xf32> {
  %r = tensor.reshape %a(%s) : (tensor<8xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

}
