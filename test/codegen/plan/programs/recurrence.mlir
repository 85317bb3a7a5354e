// RUN: msc-opt %s -msc-to-linalg -msc-form-regions -msc-plan | FileCheck %s
// RUN: msc-opt %s -msc-to-linalg -msc-form-regions=optimize=false -msc-plan=optimize=false | FileCheck %s

// An LSTM whose hidden states are all wanted: one row more than there are
// steps, of which a step reads one and writes the next. The cell is carried in
// place. Nothing in the loop is copied; what the loop begins with is, once.

// CHECK-LABEL: func.func @main(
// CHECK:         scf.for
// CHECK-NOT:     {{memref.copy|@copy}}
// CHECK:           plan.dispatch
// CHECK-NOT:     {{memref.copy|@copy}}
// CHECK:         }
// CHECK:         return
func.func @main(%x: tensor<7x2x5xf32> {graph.name = "x"}, %w: tensor<12x5xf32> {graph.name = "w", graph.parameter = #graph.blob<"w.bin", offset = 0, length = 240, hash = "">},
   %r: tensor<12x4xf32> {graph.name = "r", graph.parameter = #graph.blob<"w.bin", offset = 240, length = 192, hash = "">}) -> (tensor<7x2x4xf32> {graph.name = "y"}, tensor<2x4xf32> {graph.name="h"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %xw = graph.contract "tbi,gi->tbg" %x, %w : (tensor<7x2x5xf32>, tensor<12x5xf32>) -> tensor<7x2x12xf32>
  %h0 = graph.constant dense<0.0> : tensor<2x4xf32>
  %e = tensor.empty() : tensor<8x2x4xf32>
  %y0 = tensor.insert_slice %h0 into %e[0, 0, 0] [1, 2, 4] [1, 1, 1] : tensor<2x4xf32> into tensor<8x2x4xf32>
  %res:2 = scf.for %t = %c0 to %c7 step %c1 iter_args(%y = %y0, %c = %h0) -> (tensor<8x2x4xf32>, tensor<2x4xf32>) {
    %n = arith.addi %t, %c1 : index
    %h = tensor.extract_slice %y[%t, 0, 0] [1, 2, 4] [1, 1, 1] : tensor<8x2x4xf32> to tensor<2x4xf32>
    %xt = tensor.extract_slice %xw[%t, 0, 0] [1, 2, 12] [1, 1, 1] : tensor<7x2x12xf32> to tensor<2x12xf32>
    %hr = graph.contract "bh,gh->bg" %h, %r : (tensor<2x4xf32>, tensor<12x4xf32>) -> tensor<2x12xf32>
    %z = graph.add %hr, %xt : tensor<2x12xf32>
    %i = tensor.extract_slice %z[0, 0] [2, 4] [1, 1] : tensor<2x12xf32> to tensor<2x4xf32>
    %f = tensor.extract_slice %z[0, 4] [2, 4] [1, 1] : tensor<2x12xf32> to tensor<2x4xf32>
    %o = tensor.extract_slice %z[0, 8] [2, 4] [1, 1] : tensor<2x12xf32> to tensor<2x4xf32>
    %si = graph.sigmoid %i : tensor<2x4xf32>
    %so = graph.sigmoid %o : tensor<2x4xf32>
    %tf = graph.tanh %f : tensor<2x4xf32>
    %cc = graph.mul %si, %c : tensor<2x4xf32>
    %c2 = graph.add %cc, %tf : tensor<2x4xf32>
    %tc = graph.tanh %c2 : tensor<2x4xf32>
    %h2 = graph.mul %so, %tc : tensor<2x4xf32>
    %y2 = tensor.insert_slice %h2 into %y[%n, 0, 0] [1, 2, 4] [1, 1, 1] : tensor<2x4xf32> into tensor<8x2x4xf32>
    scf.yield %y2, %c2 : tensor<8x2x4xf32>, tensor<2x4xf32>
  }
  %yy = tensor.extract_slice %res#0[1, 0, 0] [7, 2, 4] [1, 1, 1] : tensor<8x2x4xf32> to tensor<7x2x4xf32>
  %hh = tensor.extract_slice %res#0[7, 0, 0] [1, 2, 4] [1, 1, 1] : tensor<8x2x4xf32> to tensor<2x4xf32>
  return %yy, %hh : tensor<7x2x4xf32>, tensor<2x4xf32>
}
