// RUN: split-file %s %t
// RUN: not msc-opt %t/empty.mlir -graph-donate-arguments='pairs=a=b' 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not msc-opt %t/main.mlir -graph-donate-arguments='pairs=a' 2>&1 | FileCheck %s --check-prefix=HALF
// RUN: not msc-opt %t/main.mlir -graph-donate-arguments='pairs=*=b' 2>&1 | FileCheck %s --check-prefix=STAR
// RUN: not msc-opt %t/main.mlir -graph-donate-arguments='pairs=q=b' 2>&1 | FileCheck %s --check-prefix=INPUT
// RUN: not msc-opt %t/main.mlir -graph-donate-arguments='pairs=a=q' 2>&1 | FileCheck %s --check-prefix=OUTPUT
// RUN: not msc-opt %t/main.mlir -graph-donate-arguments='pairs=a=d' 2>&1 | FileCheck %s --check-prefix=TYPE
// RUN: not msc-opt %t/main.mlir -graph-donate-arguments='pairs=v=w' 2>&1 | FileCheck %s --check-prefix=DIMS
// RUN: not msc-opt %t/main.mlir -graph-donate-arguments='pairs=a=b,a=b' 2>&1 | FileCheck %s --check-prefix=AGAIN
// RUN: not msc-opt %t/main.mlir -graph-donate-arguments='pairs=a=b,c=b' 2>&1 | FileCheck %s --check-prefix=TWICE

// EMPTY: expected a function 'main'
// HALF: expected INPUT=OUTPUT, each with a '*' or neither, got 'a'
// STAR: expected INPUT=OUTPUT, each with a '*' or neither, got '*=b'
// INPUT: no input is named 'q'
// OUTPUT: no output is named 'q'
// TYPE: expected input 'a' and output 'd' to have one type and the same dims
// TYPE: note: 'a' is 'tensor<4xf32>'
// TYPE: note: 'd' is 'tensor<8xf32>'
// DIMS: expected input 'v' and output 'w' to have one type and the same dims
// DIMS: note: 'v' is 'tensor<?xf32>' with the dims ["n"]
// DIMS: note: 'w' is 'tensor<?xf32>' with the dims ["m"]
// AGAIN: 'a' is given twice
// TWICE: 'b' is given twice

//--- empty.mlir
module {
}

//--- main.mlir
module attributes {graph.dim_ranges = {n = [1, 64], m = [1, 64]}} {
  func.func @main(%a: tensor<4xf32> {graph.name = "a"}, %c: tensor<4xf32> {graph.name = "c"},
                  %d: tensor<8xf32> {graph.name = "e"},
                  %v: tensor<?xf32> {graph.name = "v", graph.dims = ["n"]},
                  %w: tensor<?xf32> {graph.name = "u", graph.dims = ["m"]})
      -> (tensor<4xf32> {graph.name = "b"}, tensor<8xf32> {graph.name = "d"},
          tensor<?xf32> {graph.name = "w", graph.dims = ["m"]}) {
    return %a, %d, %w : tensor<4xf32>, tensor<8xf32>, tensor<?xf32>
  }
}
