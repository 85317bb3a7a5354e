// RUN: msc-opt %s -split-input-file -plan-make-destinations -verify-diagnostics

// expected-error @below {{expected result 0 to be a ranked tensor, got 'index'}}
func.func @main(%n: index) -> index {
  return %n : index
}

// -----

// expected-error @below {{expected a function of one block}}
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  cf.br ^bb1
^bb1:
  return %x : tensor<4xf32>
}
