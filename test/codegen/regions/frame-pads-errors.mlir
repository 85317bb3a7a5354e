// RUN: msc-opt %s -linalg-frame-pads -verify-diagnostics

func.func @position(%x: tensor<4xindex>) -> tensor<6xindex> {
  // expected-error @below {{expected padding by one value that does not depend on the position}}
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %i : index
  } : tensor<4xindex> to tensor<6xindex>
  return %p : tensor<6xindex>
}
