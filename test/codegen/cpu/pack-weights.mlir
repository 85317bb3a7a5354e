// RUN: msc-opt %s -cpu-pack-weights=march=x86-64-v4 | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>

// CHECK-DAG: #[[PANEL:.*]] = affine_map<(d0, d1, d2) -> (d1 floordiv 64, d2, d1 mod 64)>
// CHECK-DAG: #[[NARROW:.*]] = affine_map<(d0, d1, d2) -> (d1 floordiv 32, d2, d1 mod 32)>

// CHECK-LABEL: func @packed
// CHECK:         tensor.expand_shape %arg1
// CHECK-SAME:      tensor<64x128xf32> into tensor<64x2x64xf32>
// CHECK:         %[[PACKED:.*]] = linalg.generic
// CHECK:         } -> tensor<2x64x64xf32>
// CHECK:         linalg.generic {indexing_maps = [#{{.*}}, #[[PANEL]], #{{.*}}]
// CHECK-SAME:      ins(%arg0, %[[PACKED]] : tensor<12x64xf32>, tensor<2x64x64xf32>)
func.func @packed(%a: tensor<12x64xf32>, %b: tensor<64x128xf32> {graph.parameter = #graph.blob<"w", offset = 0, length = 0, hash = "">},
                  %c: tensor<12x128xf32>) -> tensor<12x128xf32> {
  %r = linalg.generic {indexing_maps = [#mk, #kn, #mn],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<12x64xf32>, tensor<64x128xf32>) outs(%c : tensor<12x128xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<12x128xf32>
  return %r : tensor<12x128xf32>
}

// Columns are added where the panels don't fit; a transposed weight ends in the
// same form.
// CHECK-LABEL: func @ragged
// CHECK:         tensor.pad %arg1
// CHECK:         linalg.generic {indexing_maps = [#{{.*}}, #[[NARROW]], #{{.*}}]
func.func @ragged(%a: tensor<12x8xf32>, %b: tensor<20x8xf32> {graph.parameter = #graph.blob<"w", offset = 0, length = 0, hash = "">},
                  %c: tensor<12x20xf32>) -> tensor<12x20xf32> {
  %r = linalg.generic {indexing_maps = [#mk, #nk, #mn],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<12x8xf32>, tensor<20x8xf32>) outs(%c : tensor<12x20xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<12x20xf32>
  return %r : tensor<12x20xf32>
}

// Not a parameter.
// CHECK-LABEL: func @activation
// CHECK-NOT:     tensor.expand_shape
// CHECK:         return
func.func @activation(%a: tensor<12x64xf32>, %b: tensor<64x128xf32>,
                      %c: tensor<12x128xf32>) -> tensor<12x128xf32> {
  %r = linalg.generic {indexing_maps = [#mk, #kn, #mn],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<12x64xf32>, tensor<64x128xf32>) outs(%c : tensor<12x128xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<12x128xf32>
  return %r : tensor<12x128xf32>
}

// One panel, row-major: packed as it is.
// CHECK-LABEL: func @onePanel
// CHECK-NOT:     tensor.expand_shape
// CHECK:         return
func.func @onePanel(%a: tensor<12x64xf32>, %b: tensor<64x64xf32> {graph.parameter = #graph.blob<"w", offset = 0, length = 0, hash = "">},
                    %c: tensor<12x64xf32>) -> tensor<12x64xf32> {
  %r = linalg.generic {indexing_maps = [#mk, #kn, #mn],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<12x64xf32>, tensor<64x64xf32>) outs(%c : tensor<12x64xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<12x64xf32>
  return %r : tensor<12x64xf32>
}

// What has no elements has no panels.
// CHECK-LABEL: func @no_sum
// CHECK-NOT:     tensor.pad
// CHECK:         return
func.func @no_sum(%a: tensor<12x0xf32>, %b: tensor<0x20xf32> {graph.parameter = #graph.blob<"w", offset = 0, length = 0, hash = "">},
                  %c: tensor<12x20xf32>) -> tensor<12x20xf32> {
  %r = linalg.generic {indexing_maps = [#mk, #kn, #mn],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<12x0xf32>, tensor<0x20xf32>) outs(%c : tensor<12x20xf32>) {
  ^bb0(%x: f32, %y: f32, %s: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<12x20xf32>
  return %r : tensor<12x20xf32>
}
