// RUN: msc-opt %s -cpu-schedule-regions=march=x86-64-v4 | FileCheck %s
// RUN: msc-opt %s -cpu-schedule-regions="march=x86-64-v4 fp=strict" | FileCheck %s --check-prefix=STRICT

// By the same divisor in all lanes a product with its reciprocal does, unless
// the quotient decides.

#id = affine_map<(m) -> (m)>
#none = affine_map<(m) -> ()>

module @regions {

// CHECK-LABEL: func.func private @plain(
// CHECK:         %[[R:.*]] = arith.divf {{.*}} : f32
// CHECK:         arith.mulf {{.*}} : vector<16xf32>
// STRICT-LABEL: func.func private @plain(
// STRICT:         arith.divf {{.*}} : vector<16xf32>
func.func private @plain(
    %x: tensor<64xf32> {bufferization.writable = false}, %s: tensor<f32> {bufferization.writable = false},
    %out: tensor<64xf32> {bufferization.writable = true}) -> tensor<64xf32> {
  %y = linalg.generic {indexing_maps = [#id, #none, #id], iterator_types = ["parallel"]}
      ins(%x, %s : tensor<64xf32>, tensor<f32>) outs(%out : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %q = arith.divf %a, %b : f32
    linalg.yield %q : f32
  } -> tensor<64xf32>
  return %y : tensor<64xf32>
}

// Rounded in another op, after ops that round once at most.
// CHECK-LABEL: func.func private @rounded(
// CHECK:         arith.divf {{.*}} {cpu.exact} : vector<16xf32>
// CHECK:         math.roundeven {{.*}} : vector<16xf32>
func.func private @rounded(
    %x: tensor<64xf32> {bufferization.writable = false}, %s: tensor<f32> {bufferization.writable = false},
    %out: tensor<64xf32> {bufferization.writable = true}) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %z = linalg.generic {indexing_maps = [#id, #none, #id], iterator_types = ["parallel"]}
      ins(%x, %s : tensor<64xf32>, tensor<f32>) outs(%e : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %q = arith.divf %a, %b : f32
    linalg.yield %q : f32
  } -> tensor<64xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%z : tensor<64xf32>) outs(%out : tensor<64xf32>) {
  ^bb0(%a: f32, %o: f32):
    %d = arith.addf %a, %a : f32
    %r = math.roundeven %d : f32
    linalg.yield %r : f32
  } -> tensor<64xf32>
  return %y : tensor<64xf32>
}

// Behind an exponential no digit is certain; nor does the sign of a quotient
// depend on its digits.
// CHECK-LABEL: func.func private @approximate(
// CHECK-NOT:     cpu.exact
// CHECK:         return
func.func private @approximate(
    %x: tensor<64xf32> {bufferization.writable = false}, %s: tensor<f32> {bufferization.writable = false},
    %out: tensor<64xf32> {bufferization.writable = true}) -> tensor<64xf32> {
  %zero = arith.constant 0.0 : f32
  %y = linalg.generic {indexing_maps = [#id, #none, #id], iterator_types = ["parallel"]}
      ins(%x, %s : tensor<64xf32>, tensor<f32>) outs(%out : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %q = arith.divf %a, %b : f32
    %v = math.exp %q : f32
    %r = math.roundeven %v : f32
    %c = arith.cmpf ogt, %q, %zero : f32
    %t = arith.select %c, %r, %v : f32
    linalg.yield %t : f32
  } -> tensor<64xf32>
  return %y : tensor<64xf32>
}

// CHECK-LABEL: func.func private @compared(
// CHECK:         arith.divf {{.*}} {cpu.exact} : vector<16xf32>
func.func private @compared(
    %x: tensor<64xf32> {bufferization.writable = false}, %s: tensor<f32> {bufferization.writable = false},
    %out: tensor<64xf32> {bufferization.writable = true}) -> tensor<64xf32> {
  %half = arith.constant 0.5 : f32
  %y = linalg.generic {indexing_maps = [#id, #none, #id], iterator_types = ["parallel"]}
      ins(%x, %s : tensor<64xf32>, tensor<f32>) outs(%out : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %q = arith.divf %a, %b : f32
    %c = arith.cmpf oge, %q, %half : f32
    %t = arith.select %c, %a, %q : f32
    linalg.yield %t : f32
  } -> tensor<64xf32>
  return %y : tensor<64xf32>
}
}
