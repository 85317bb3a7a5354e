#ifndef MSC_CODEGEN_NPU_PASSES
#define MSC_CODEGEN_NPU_PASSES

include "mlir/Pass/PassBase.td"

def ScheduleRegions : Pass<"npu-schedule-regions", "::mlir::ModuleOp"> {
  let summary = "Turn region functions into kernels of the accelerator";
  let description = [{
    Works on each `func.func` of the nested module `@regions` (without one: on
    every function of the module): tensors in, destination-passing, static
    shapes. A region becomes a kernel on memrefs (`npu.kernel`), whose buffers
    are the region's arguments in their order, in one of two ways:

    | `npu.schedule` | the region is |
    |---|---|
    | `product MxNxK` | a contraction or convolution with any elementwise ops on its result; each dim is of one operand and the result, of both operands, or of all three |
    | `tiles RxC` | elementwise ops, reductions and poolings that share dims; what is reduced is in one tile, whole |

    Bools are bytes. Products multiply f16 or bf16 and add in f32. Operands in
    f32 are rounded to f16 first (`product MxNxK rounded`): 11 bits, and
    infinity from 65520 on. Elementwise ops are rounded to their own type, but
    for extensions to f32, which are no ops at all.

    What fits no way stays as it is and gets `npu.schedule = "none: <reason>"`,
    a remark as well: dynamic extents and those of 0, elements of other types
    than f32, f16, bf16, i32, i8 and i1 (of an i64 input the low half is read),
    products that add to a tensor, reductions of a product, reshapes that split
    or join dims, windows of computed tensors and of more than 16 elements to be
    reduced, `linalg.index`, slices, pads, loops, more than 32 tensors.

    ```mlir
    func.func @f(%a: tensor<4x8xf32>, %out: tensor<4x8xf32>) -> tensor<4x8xf32> {
      %r = linalg.exp ins(%a : tensor<4x8xf32>) outs(%out : tensor<4x8xf32>) -> tensor<4x8xf32>
      return %r : tensor<4x8xf32>
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::msc::npu::NpuDialect"
  ];
}

def AssignMemory : Pass<"npu-assign-memory", "::mlir::func::FuncOp"> {
  let summary = "Give the buffers of a kernel their addresses";
  let description = [{
    Each `npu.alloc` of a kernel gets `at`, and the function says how much of both
    memories it takes. Buffers do not overlap. It is an error if they exceed the
    chip's memory. Other functions stay as they are.
  }];
  let dependentDialects = ["::msc::npu::NpuDialect"];
}

#endif
