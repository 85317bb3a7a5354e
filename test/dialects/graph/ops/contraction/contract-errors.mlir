// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @arrow(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{contract_c1: expected '<letters>,<letters>-><letters>' with a letter at most once in each, got 'mk,kn'}}
  %r = graph.contract "mk,kn" %a, %b : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----

func.func @comma(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{contract_c1: expected '<letters>,<letters>-><letters>' with a letter at most once in each, got 'mkkn->mn'}}
  %r = graph.contract "mkkn->mn" %a, %b : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----

func.func @twice(%a: tensor<3x3xf32>, %b: tensor<3x4xf32>) -> tensor<3x4xf32> {
  // expected-error @+1 {{contract_c1: expected '<letters>,<letters>-><letters>' with a letter at most once in each, got 'kk,kn->kn'}}
  %r = graph.contract "kk,kn->kn" %a, %b : (tensor<3x3xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %r : tensor<3x4xf32>
}

// -----

func.func @no_letter(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{contract_c1: expected '<letters>,<letters>-><letters>' with a letter at most once in each, got 'm1,1n->mn'}}
  %r = graph.contract "m1,1n->mn" %a, %b : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----

func.func @rank(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{contract_c2: expected 2 letters for rhs, got 'bkn'}}
  %r = graph.contract "mk,bkn->mn" %a, %b : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----

func.func @extent(%a: tensor<2x3xf32>, %b: tensor<5x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{contract_c3: expected dims 'k' of one extent, got 3 and 5}}
  %r = graph.contract "mk,kn->mn" %a, %b : (tensor<2x3xf32>, tensor<5x4xf32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// -----

// An extent that one operand doesn't know is the other one's.
func.func @extent_of_result(%a: tensor<?x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x5xf32> {
  // expected-error @+1 {{contract_c3: expected dims 'n' of one extent, got 4 and 5}}
  %r = graph.contract "mk,kn->mn" %a, %b : (tensor<?x3xf32>, tensor<3x4xf32>) -> tensor<2x5xf32>
  return %r : tensor<2x5xf32>
}

// -----

func.func @new_letter(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4x7xf32> {
  // expected-error @+1 {{contract_c4: expected letter 'x' of the result in an operand}}
  %r = graph.contract "mk,kn->mnx" %a, %b : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4x7xf32>
  return %r : tensor<2x4x7xf32>
}

// -----

func.func @lost_letter(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{contract_c4: expected letter 'n', which only rhs has, in the result}}
  %r = graph.contract "mk,kn->m" %a, %b : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}

// -----

func.func @element_types(%a: tensor<2x3xf32>, %b: tensor<3x4xi32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{contract_c5: expected floats or integers only, got 'i32' and 'f32'}}
  %r = graph.contract "mk,kn->mn" %a, %b : (tensor<2x3xf32>, tensor<3x4xi32>) -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}
