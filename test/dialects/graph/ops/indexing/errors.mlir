// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @gather_spec(%a: tensor<9x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+2 {{gather_c1: expected '<dims>,<dims>-><letters>' with a letter at most once in each and '*' at most once in the indices, got '*d,bb->bd'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.gather "*d,bb->bd" %a, %i : (tensor<9x4xf32>, tensor<2x3xi64>) -> tensor<2x4xf32>
  return
}

// -----

func.func @gather_arrow(%a: tensor<9x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+2 {{gather_c1: expected}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.gather "*d,bs,bsd" %a, %i : (tensor<9x4xf32>, tensor<2x3xi64>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @gather_rank(%a: tensor<9x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+2 {{gather_c2: expected 2 letters for indices, got 'b'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.gather "*d,b->bd" %a, %i : (tensor<9x4xf32>, tensor<2x3xi64>) -> tensor<2x4xf32>
  return
}

// -----

func.func @gather_extent(%a: tensor<9x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+2 {{gather_c3: expected dims 'd' of one extent, got 4 and 3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.gather "*d,bd->bd" %a, %i : (tensor<9x4xf32>, tensor<2x3xi64>) -> tensor<2x4xf32>
  return
}

// -----

func.func @gather_missing(%a: tensor<9x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+2 {{gather_c4: expected letter 's' in the result}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.gather "*d,bs->bd" %a, %i : (tensor<9x4xf32>, tensor<2x3xi64>) -> tensor<2x4xf32>
  return
}

// -----

func.func @gather_unknown(%a: tensor<9x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+2 {{gather_c4: expected letter 'x' of the result in operand or indices}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.gather "*d,bs->bsdx" %a, %i : (tensor<9x4xf32>, tensor<2x3xi64>) -> tensor<2x3x4x1xf32>
  return
}

// -----

func.func @gather_count(%a: tensor<9x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+2 {{gather_c5: expected 2 indices a place, one per '*' of the operand, got 3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.gather "**,b*->b" %a, %i : (tensor<9x4xf32>, tensor<2x3xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @gather_count_dynamic(%a: tensor<9x4xf32>, %i: tensor<2x?xi64>) {
  // expected-error @+2 {{gather_c5: expected 2 indices a place, one per '*' of the operand, got ?}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.gather "**,b*->b" %a, %i : (tensor<9x4xf32>, tensor<2x?xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @gather_empty(%a: tensor<0x4xf32>, %i: tensor<2xi64>) {
  // expected-error @+2 {{gather_c6: expected no indexed dim of extent 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = graph.gather "*d,b->bd" %a, %i : (tensor<0x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  return
}

// -----

func.func @scatter_spec(%a: tensor<9x4xf32>, %i: tensor<2xi64>, %u: tensor<2x4xf32>) {
  // expected-error @+1 {{scatter_c1: expected '<dims>,<dims>,<letters>' with a letter at most once in each and '*' at most once in the indices, got '*d,b->bd'}}
  %0 = graph.scatter set "*d,b->bd" %a, %i, %u : tensor<9x4xf32>, tensor<2xi64>, tensor<2x4xf32>
  return
}

// -----

func.func @scatter_rank(%a: tensor<9x4xf32>, %i: tensor<2xi64>, %u: tensor<2x4xf32>) {
  // expected-error @+1 {{scatter_c2: expected 2 letters for the updates, got 'bde'}}
  %0 = graph.scatter set "*d,b,bde" %a, %i, %u : tensor<9x4xf32>, tensor<2xi64>, tensor<2x4xf32>
  return
}

// -----

func.func @scatter_extent(%a: tensor<9x4xf32>, %i: tensor<2xi64>, %u: tensor<2x4xf32>) {
  // expected-error @+1 {{scatter_c3: expected dims 'd' of one extent, got 4 and 2}}
  %0 = graph.scatter set "*d,b,db" %a, %i, %u : tensor<9x4xf32>, tensor<2xi64>, tensor<2x4xf32>
  return
}

// -----

func.func @scatter_missing(%a: tensor<9x4xf32>, %i: tensor<2xi64>, %u: tensor<2x4xf32>) {
  // expected-error @+1 {{scatter_c4: expected letter 'b' in the updates}}
  %0 = graph.scatter set "*d,b,ed" %a, %i, %u : tensor<9x4xf32>, tensor<2xi64>, tensor<2x4xf32>
  return
}

// -----

func.func @scatter_count(%a: tensor<9x4xf32>, %i: tensor<2xi64>, %u: tensor<2xf32>) {
  // expected-error @+1 {{scatter_c5: expected 2 indices a place, one per '*' of the operand, got 1}}
  %0 = graph.scatter set "**,b,b" %a, %i, %u : tensor<9x4xf32>, tensor<2xi64>, tensor<2xf32>
  return
}

// -----

func.func @scatter_empty(%a: tensor<0x4xf32>, %i: tensor<2xi64>, %u: tensor<2x4xf32>) {
  // expected-error @+1 {{scatter_c6: expected no indexed dim of extent 0}}
  %0 = graph.scatter set "*d,b,bd" %a, %i, %u : tensor<0x4xf32>, tensor<2xi64>, tensor<2x4xf32>
  return
}

// -----

func.func @scatter_type(%a: tensor<9x4xf32>, %i: tensor<2xi64>, %u: tensor<2x4xf64>) {
  // expected-error @+1 {{scatter_c7: expected updates of element type 'f32', got 'f64'}}
  %0 = graph.scatter set "*d,b,bd" %a, %i, %u : tensor<9x4xf32>, tensor<2xi64>, tensor<2x4xf64>
  return
}

// -----

func.func @scatter_bool(%a: tensor<9xi1>, %i: tensor<2xi64>, %u: tensor<2xi1>) {
  // expected-error @+1 {{scatter_c7: expected numbers for combiner 'add', got 'i1'}}
  %0 = graph.scatter add "*,b,b" %a, %i, %u : tensor<9xi1>, tensor<2xi64>, tensor<2xi1>
  return
}

// -----

func.func @cumsum_axis(%a: tensor<4xf32>) {
  // expected-error @+1 {{cumsum_c1: expected an axis below the rank 1, got 1}}
  %0 = graph.cumsum %a axis = 1 : tensor<4xf32>
  return
}

// -----

func.func @cumsum_bool(%a: tensor<4xi1>) {
  // expected-error @+1 {{cumsum_c2: expected numbers, got booleans}}
  %0 = graph.cumsum %a axis = 0 : tensor<4xi1>
  return
}
