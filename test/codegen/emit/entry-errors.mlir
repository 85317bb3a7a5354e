// RUN: msc-opt %s -split-input-file -verify-diagnostics -emit-entry

// expected-error@+1 {{expected a function 'main'}}
module {
}

// -----

module {
  // expected-error@+1 {{expected 'main' to be planned, with an arena}}
  func.func @main(%x: memref<4xf32> {graph.name = "x"}) {
    return
  }
}

// -----

module {
  // expected-error@+1 {{expected a name on argument 0}}
  func.func @main(%x: memref<4xf32>, %arena: memref<0xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
}

// -----

module {
  // expected-error@+2 {{dim 0 of 'x' is dynamic and has no name}}
  // expected-note@+1 {{make it static with '--dims NAME=EXTENT'}}
  func.func @main(%x: memref<?xf32> {graph.name = "x"}, %arena: memref<0xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
}

// -----

module {
  // expected-error@+1 {{'x' has element type 'i3', which programs can't exchange}}
  func.func @main(%x: memref<4xi3> {graph.name = "x"}, %arena: memref<0xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
}

// -----

module {
  // expected-error@+1 {{expected a function that gives its arena's size}}
  func.func @main(%x: memref<4xf32> {graph.name = "x"}, %arena: memref<0xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
}

// -----

module {
  func.func @main(%x: memref<4xf32> {graph.name = "x"}, %arena: memref<0xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
  func.func @main_arena_bytes() -> index {
    %c0 = arith.constant 0 : index
    return %c0 : index
  }
  // expected-error@+1 {{expected the name of a dim on result 0, got "k"}}
  func.func private @main_extents() -> (index {plan.extent = "k"}) {
    %c0 = arith.constant 0 : index
    return %c0 : index
  }
}

// -----

module {
  // expected-error@+1 {{expected 'x' to have a rank of at most 16, got 17}}
  func.func @main(%arg0: memref<1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x4xi8> {graph.name = "x"}, %arena: memref<0xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
}

// -----

module {
  // expected-error@+1 {{expected the name of the result that argument 0 is donated to}}
  func.func @main(%c: memref<4xf32> {graph.name = "past", plan.donated = 0 : i64}, %arena: memref<0xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
}

// -----

module attributes {graph.dim_ranges = {batch = ["one", 8]}} {
  // expected-error@+1 {{expected integers in the range of dim 'batch'}}
  func.func @main(%x: memref<?xf32> {graph.name = "x", graph.dims = ["batch"]}, %arena: memref<0xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
}

// -----

module {
  // expected-error@+1 {{expected argument 0 to be a memref of identity layout, got 'memref<4xf32, strided<[2]>>'}}
  func.func @main(%x: memref<4xf32, strided<[2]>> {graph.name = "x"}, %arena: memref<0xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
}

// -----

module {
  // expected-error@+1 {{expected weights of static shape, got 'memref<?xf32>'}}
  func.func @main(%w: memref<?xf32> {plan.prepared}, %arena: memref<0xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
}

// -----

module {
  // expected-error@+1 {{expected the name of a dim on result 0}}
  func.func @main(%x: memref<4xf32> {graph.name = "x"}, %arena: memref<0xi8>) -> index attributes {plan.arena_bytes = 0 : i64} {
    %c0 = arith.constant 0 : index
    return %c0 : index
  }
  func.func @main_arena_bytes() -> index {
    %c0 = arith.constant 0 : index
    return %c0 : index
  }
}

// -----

module {
  // expected-error@+1 {{expected intermediate values to be the last results, got 'z' after one}}
  func.func @main(%y: memref<4xf32> {graph.name = "y", graph.intermediate, plan.result = 0 : i64},
                  %z: memref<4xf32> {graph.name = "z", plan.result = 1 : i64},
                  %arena: memref<0xi8>) attributes {plan.arena_bytes = 0 : i64} {
    return
  }
}
