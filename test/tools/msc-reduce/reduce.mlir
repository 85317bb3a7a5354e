// What the failure does not need goes: functions, ops amid others, arguments.

// RUN: msc-reduce %s --test=%S/Inputs/has-softmax.sh -o %t 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: FileCheck %s < %t

// COUNT: programs tried

// CHECK:      module {
// CHECK-NEXT:   func.func @main(%[[A:.*]]: tensor<4x8xf32>) -> tensor<4x8xf32> {
// CHECK-NEXT:     %[[S:.*]] = graph.softmax %[[A]]
// CHECK-NEXT:     return %[[S]]
// CHECK-NEXT:   }
// CHECK-NEXT: }

// RUN: not msc-reduce %s --test=%S/Inputs/none.sh 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: no program '{{.*}}none.sh' to test with

// RUN: not msc-reduce %s --test=true 2>&1 | FileCheck %s --check-prefix=BORING
// BORING: error: 'true' does not exit with 1 for

func.func @other(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = graph.exp %a : tensor<4xf32>
  return %0 : tensor<4xf32>
}

func.func @main(%a: tensor<4x4xf32>, %b: tensor<4x8xf32>, %c: i1) -> tensor<4x8xf32> {
  %0 = graph.exp %a : tensor<4x4xf32>
  %1 = graph.contract "mk,kn->mn" %0, %b : (tensor<4x4xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = scf.if %c -> tensor<4x8xf32> {
    %3 = graph.softmax %1 axis = 1 : tensor<4x8xf32>
    scf.yield %3 : tensor<4x8xf32>
  } else {
    scf.yield %b : tensor<4x8xf32>
  }
  %4 = graph.relu %2 : tensor<4x8xf32>
  return %4 : tensor<4x8xf32>
}
