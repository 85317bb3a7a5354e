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
