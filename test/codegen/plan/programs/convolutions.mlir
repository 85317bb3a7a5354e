// RUN: msc-opt %s -msc-regions-plain -msc-plan-plain=allow-copies=false -o %t.plan.mlir
// RUN: FileCheck %s < %t.plan.mlir

// The planned program computes what the plainly bufferised one does, bit by bit.
// DEFINE: %{to_llvm} = -pass-pipeline='builtin.module(convert-linalg-to-loops,expand-strided-metadata,lower-affine,convert-scf-to-cf,convert-math-to-llvm,expand-strided-metadata,lower-affine,finalize-memref-to-llvm,convert-math-to-libm,convert-arith-to-llvm,convert-index-to-llvm,convert-func-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts)'
// DEFINE: %{run} = mlir-runner -e run -entry-point-result=void -shared-libs=%{mlir_lib}/libmlir_runner_utils.so,%{mlir_lib}/libmlir_c_runner_utils.so
// RUN: msc-opt %t.plan.mlir -plan-lower-to-calls=marks=false | sed -e '/^}$/d' > %t.planned.mlir
// RUN: sed -e 's/PLANNED: //; s/ARENA/, %%arena/; s/BYTES/, memref<?xi8>/' %S/Inputs/convolutions.mlir >> %t.planned.mlir
// RUN: msc-opt %t.planned.mlir %{to_llvm} | %{run} | sed -e 's/base@ = [0-9a-fx]*//' > %t.planned.txt
// RUN: msc-opt %s -pass-pipeline='builtin.module(func.func(plan-make-destinations,plan-tie-carries),one-shot-bufferize{bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map},canonicalize,func.func(plan-drop-results))' | sed -e '/^}$/d' > %t.plain.mlir
// RUN: sed -e '/PLANNED: /d; s/ ARENA//; s/ BYTES//' %S/Inputs/convolutions.mlir >> %t.plain.mlir
// RUN: msc-opt %t.plain.mlir %{to_llvm} | %{run} | sed -e 's/base@ = [0-9a-fx]*//' > %t.plain.txt
// RUN: diff %t.planned.txt %t.plain.txt
// RUN: FileCheck %s --check-prefix=OUT < %t.planned.txt

// So does the program of which each op is a region.
// RUN: msc-opt %s -msc-regions-plain=fuse=false -msc-plan-plain=allow-copies=false -plan-lower-to-calls=marks=false | sed -e '/^}$/d' > %t.single.mlir
// RUN: sed -e 's/PLANNED: //; s/ARENA/, %%arena/; s/BYTES/, memref<?xi8>/' %S/Inputs/convolutions.mlir >> %t.single.mlir
// RUN: msc-opt %t.single.mlir %{to_llvm} | %{run} | sed -e 's/base@ = [0-9a-fx]*//' > %t.single.txt
// RUN: diff %t.single.txt %t.plain.txt

// Weights are donated and updated in place, batches are slices, a branch clips
// the gradient: no copy, and less memory than the sum of the buffers (14336).

// Nor does scheduling add a copy.
// RUN: msc-opt %s -msc-regions-plain -msc-plan-tensors -msc-cpu -msc-plan-memory=allow-copies=false | FileCheck %s --check-prefix=SCHEDULED
// SCHEDULED-NOT: memref.copy
// SCHEDULED-COUNT-8: cpu.schedule = "{{(contraction|elementwise|moves|reduction|rows)}}
// SCHEDULED-NOT: memref.copy

// A small convolutional net. The input is copied into its frame, every other
// padded tensor is computed in its place, and nothing is copied at all.

// CHECK-LABEL: func.func @main(
// CHECK-NOT:     memref.copy
// CHECK:         %[[FRAMED:.*]] = memref.view {{.*}} to memref<1x10x10x4xf32>
// CHECK:         %[[INNER:.*]] = memref.subview %[[FRAMED]][0, 1, 1, 0] [1, 8, 8, 4]
// CHECK:         plan.dispatch {{.*}} outs(%[[INNER]]
// CHECK:       module @regions
// CHECK-DAG:     plan.ops = "frame"
// CHECK-DAG:     plan.ops = "copy"
// CHECK-DAG:     plan.ops = "conv+bias+relu"
// CHECK-DAG:     plan.ops = "conv+add+relu"
// CHECK-DAG:     plan.ops = "pool"
// CHECK-DAG:     plan.ops = "contract+bias"
// CHECK-DAG:     plan.ops = "max+exp+sum+div"

// OUT: rank = 2 offset = 0 sizes = [1, 10]

#x = affine_map<(n, y, x, f, ky, kx, c) -> (n, y + ky, x + kx, c)>
#w = affine_map<(n, y, x, f, ky, kx, c) -> (ky, kx, c, f)>
#o = affine_map<(n, y, x, f, ky, kx, c) -> (n, y, x, f)>
#px = affine_map<(n, y, x, c, ky, kx) -> (n, y * 2 + ky, x * 2 + kx, c)>
#pw = affine_map<(n, y, x, c, ky, kx) -> (ky, kx)>
#po = affine_map<(n, y, x, c, ky, kx) -> (n, y, x, c)>
#id4 = affine_map<(n, y, x, c) -> (n, y, x, c)>
#c4 = affine_map<(n, y, x, c) -> (c)>
#id = affine_map<(i, j) -> (i, j)>
#col = affine_map<(i, j) -> (j)>
#row = affine_map<(i, j) -> (i)>
func.func @main(%image: tensor<1x8x8x1xf32>, %w1: tensor<3x3x1x4xf32>, %b1: tensor<4xf32>, %w2: tensor<3x3x4x4xf32>,
    %w3: tensor<64x10xf32>, %b3: tensor<10xf32>) -> tensor<1x10xf32> {
  %zero = arith.constant 0.0 : f32
  %ninf = arith.constant 0xFF800000 : f32
  // Two convolutions, the second with a residual.
  %p0 = tensor.pad %image low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x8x8x1xf32> to tensor<1x10x10x1xf32>
  %e = tensor.empty() : tensor<1x8x8x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  %c1 = linalg.generic {msc.op = "conv", indexing_maps = [#x, #w, #o], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%p0, %w1 : tensor<1x10x10x1xf32>, tensor<3x3x1x4xf32>) outs(%f : tensor<1x8x8x4xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %m = arith.mulf %a, %b : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<1x8x8x4xf32>
  %h1 = linalg.generic {msc.op = "bias", indexing_maps = [#id4, #c4, #id4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%c1, %b1 : tensor<1x8x8x4xf32>, tensor<4xf32>) outs(%e : tensor<1x8x8x4xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %t = arith.addf %a, %b : f32
    linalg.yield %t : f32
  } -> tensor<1x8x8x4xf32>
  %r1 = linalg.generic {msc.op = "relu", indexing_maps = [#id4, #id4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%h1 : tensor<1x8x8x4xf32>) outs(%e : tensor<1x8x8x4xf32>) {
  ^bb0(%a: f32, %s: f32):
    %t = arith.cmpf ogt, %zero, %a : f32
    %u = arith.select %t, %zero, %a : f32
    linalg.yield %u : f32
  } -> tensor<1x8x8x4xf32>
  %p1 = tensor.pad %r1 low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x8x8x4xf32> to tensor<1x10x10x4xf32>
  %c2 = linalg.generic {msc.op = "conv", indexing_maps = [#x, #w, #o], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%p1, %w2 : tensor<1x10x10x4xf32>, tensor<3x3x4x4xf32>) outs(%f : tensor<1x8x8x4xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %m = arith.mulf %a, %b : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<1x8x8x4xf32>
  %h2 = linalg.add {msc.op = "add"} ins(%c2, %r1 : tensor<1x8x8x4xf32>, tensor<1x8x8x4xf32>) outs(%e : tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  %r2 = linalg.generic {msc.op = "relu", indexing_maps = [#id4, #id4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%h2 : tensor<1x8x8x4xf32>) outs(%e : tensor<1x8x8x4xf32>) {
  ^bb0(%a: f32, %s: f32):
    %t = arith.cmpf ogt, %zero, %a : f32
    %u = arith.select %t, %zero, %a : f32
    linalg.yield %u : f32
  } -> tensor<1x8x8x4xf32>
  // Pooling, a dense layer, softmax.
  %k = tensor.empty() : tensor<2x2xf32>
  %e3 = tensor.empty() : tensor<1x4x4x4xf32>
  %f3 = linalg.fill ins(%ninf : f32) outs(%e3 : tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  %pool = linalg.generic {msc.op = "pool", indexing_maps = [#px, #pw, #po], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%r2, %k : tensor<1x8x8x4xf32>, tensor<2x2xf32>) outs(%f3 : tensor<1x4x4x4xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %t = arith.maximumf %a, %s : f32
    linalg.yield %t : f32
  } -> tensor<1x4x4x4xf32>
  %flat = tensor.collapse_shape %pool [[0], [1, 2, 3]] : tensor<1x4x4x4xf32> into tensor<1x64xf32>
  %e4 = tensor.empty() : tensor<1x10xf32>
  %f4 = linalg.fill ins(%zero : f32) outs(%e4 : tensor<1x10xf32>) -> tensor<1x10xf32>
  %m4 = linalg.matmul {msc.op = "contract"} ins(%flat, %w3 : tensor<1x64xf32>, tensor<64x10xf32>) outs(%f4 : tensor<1x10xf32>) -> tensor<1x10xf32>
  %h4 = linalg.generic {msc.op = "bias", indexing_maps = [#id, #col, #id], iterator_types = ["parallel", "parallel"]} ins(%m4, %b3 : tensor<1x10xf32>, tensor<10xf32>) outs(%e4 : tensor<1x10xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %t = arith.addf %a, %b : f32
    linalg.yield %t : f32
  } -> tensor<1x10xf32>
  %e5 = tensor.empty() : tensor<1xf32>
  %f5 = linalg.fill ins(%ninf : f32) outs(%e5 : tensor<1xf32>) -> tensor<1xf32>
  %max = linalg.generic {msc.op = "max", indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%h4 : tensor<1x10xf32>) outs(%f5 : tensor<1xf32>) {
  ^bb0(%a: f32, %s: f32):
    %t = arith.maximumf %a, %s : f32
    linalg.yield %t : f32
  } -> tensor<1xf32>
  %exp = linalg.generic {msc.op = "exp", indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%h4, %max : tensor<1x10xf32>, tensor<1xf32>) outs(%e4 : tensor<1x10xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %t = arith.subf %a, %b : f32
    %u = math.exp %t : f32
    linalg.yield %u : f32
  } -> tensor<1x10xf32>
  %f6 = linalg.fill ins(%zero : f32) outs(%e5 : tensor<1xf32>) -> tensor<1xf32>
  %sum = linalg.generic {msc.op = "sum", indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%exp : tensor<1x10xf32>) outs(%f6 : tensor<1xf32>) {
  ^bb0(%a: f32, %s: f32):
    %t = arith.addf %a, %s : f32
    linalg.yield %t : f32
  } -> tensor<1xf32>
  %y = linalg.generic {msc.op = "div", indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%exp, %sum : tensor<1x10xf32>, tensor<1xf32>) outs(%e4 : tensor<1x10xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %t = arith.divf %a, %b : f32
    linalg.yield %t : f32
  } -> tensor<1x10xf32>
  return %y : tensor<1x10xf32>
}
