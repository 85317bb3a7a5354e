// RUN: msc-opt %s -split-input-file -plan-derive-extents -verify-diagnostics

// expected-error @below {{expected dim 'k' to be a formula in the extents of the arguments, or at most such a formula}}
func.func @data(%x: tensor<4xindex>, %y: tensor<4xf32>) -> (tensor<?xf32> {graph.dims = ["k"]}) {
  %c0 = arith.constant 0 : index
  %k = tensor.extract %x[%c0] : tensor<4xindex>
  %0 = tensor.extract_slice %y[0] [%k] [1] : tensor<4xf32> to tensor<?xf32>
  return %0 : tensor<?xf32>
}
