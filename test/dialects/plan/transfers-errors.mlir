// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @element(%x: tensor<4xf32>, %y: tensor<4xf16>) -> tensor<4xf16> {
  // expected-error @below {{expected one element type, got 'f32' and 'f16' (transfer_c1)}}
  %0 = plan.collective copy ins(%x : tensor<4xf32>) outs(%y : tensor<4xf16>) -> tensor<4xf16>
  return %0 : tensor<4xf16>
}

// -----

func.func @shape(%x: tensor<4xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @below {{expected source and destination of one shape, got 'tensor<4xf32>' and 'tensor<8xf32>' (transfer_c2)}}
  %0 = plan.collective all_reduce sum channel 0 ins(%x : tensor<4xf32>) outs(%y : tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

func.func @no_reduction(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected 'all_reduce' with a reduction (transfer_c3)}}
  %0 = plan.collective all_reduce channel 0 ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @reduction(%x: tensor<4xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @below {{expected 'all_gather' without a reduction (transfer_c3)}}
  %0 = plan.collective all_gather max channel 0 ins(%x : tensor<4xf32>) outs(%y : tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

func.func @channel(%x: tensor<4xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @below {{expected 'all_gather' with a channel (transfer_c4)}}
  %0 = plan.collective all_gather ins(%x : tensor<4xf32>) outs(%y : tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

func.func @mixed(%x: memref<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{expected source and destination to be both tensors or both memrefs (transfer_c5)}}
  %0 = plan.collective copy ins(%x : memref<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @no_result(%x: tensor<4xf32>, %y: tensor<4xf32>) {
  // expected-error @below {{expected a result of the destination's type with tensors and none with memrefs (transfer_c5)}}
  %t = plan.start copy ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>)
  return
}

// -----

func.func @no_wait(%x: tensor<4xf32>, %y: tensor<4xf32>) {
  // expected-error @below {{expected the token to go to one 'plan.wait' of the same block (start_c1)}}
  %t, %f = plan.start copy ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// A token that a loop carries would outlive the knowledge of its source.

func.func @carried(%x: memref<4xf32>, %y: memref<4xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @below {{expected the token to go to one 'plan.wait' of the same block (start_c1)}}
  %t = plan.start copy ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%u = %t) -> !plan.token {
    scf.yield %u : !plan.token
  }
  return
}

// -----

func.func @in_flight(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // expected-error @below {{expected only the wait to use what is in flight (start_c2)}}
  %t, %f = plan.start copy ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  %r = plan.wait %t, %f : tensor<4xf32> keep(%x : tensor<4xf32>) -> tensor<4xf32>
  // expected-note @below {{used here}}
  return %f, %r : tensor<4xf32>, tensor<4xf32>
}

// -----

func.func @not_kept(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-note @below {{the transfer starts here}}
  %t, %f = plan.start copy ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  // expected-error @below {{expected 'keep' to hold the transfer's source (wait_c1)}}
  %r = plan.wait %t, %f : tensor<4xf32> -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @other_dest(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-note @below {{the transfer starts here}}
  %t, %f = plan.start copy ins(%x : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  // expected-error @below {{expected the destination that is in flight (wait_c2)}}
  %r = plan.wait %t, %y : tensor<4xf32> keep(%x : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @wait_result(%x: memref<4xf32>, %y: memref<4xf32>) -> tensor<4xf32> {
  %t = plan.start copy ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
  // expected-error @below {{expected a result of the destination's type with tensors and none with memrefs (wait_c3)}}
  %r = plan.wait %t, %y : memref<4xf32> keep(%x : memref<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
