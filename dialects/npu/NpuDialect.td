//===- NpuDialect.td - the npu dialect and its enums ------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_NPU_NPUDIALECT_TD
#define MSC_DIALECTS_NPU_NPUDIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/DialectBase.td"
include "mlir/IR/EnumAttr.td"

def Npu_Dialect : Dialect {
  let name = "npu";
  let cppNamespace = "::msc::npu";
  let summary = "Kernels of the reference accelerator";
  let description = [{
    The instructions of the reference accelerator (docs/npu.md) on memrefs. A
    kernel is a `func.func` with the attribute `npu.kernel`, without results,
    whose arguments are the buffers and the `index` scalars of its dispatch. Its
    body holds ops of this dialect, `arith` on `index`, constants, `scf.for` for
    the loops of the control unit and views of memory
    (`memref.reinterpret_cast`).

    | memory | memref |
    |---|---|
    | device | an argument, without memory space |
    | local | `npu.alloc` of memory space `#npu.local` |
    | accumulators | `npu.alloc` of memory space `#npu.acc` |

    Ops name the unit that does them, where there is a choice. As on the chip
    nothing but the order within a unit's queue, semaphores and `npu.fence`
    orders two of them.

    Discardable attributes of this dialect:

    | on | attribute | meaning |
    |---|---|---|
    | function | `npu.kernel` | a kernel, no longer a region on tensors |
    | function | `npu.schedule` | which way `-npu-schedule-regions` took, or why it took none |
    | function | `npu.local_bytes`, `npu.acc_bytes` | memory that the kernel uses, from `-npu-assign-memory` |
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
}

def Npu_Local : AttrDef<Npu_Dialect, "Local"> {
  let mnemonic = "local";
  let summary = "memory space of the chip's local memory";
}

def Npu_Acc : AttrDef<Npu_Dialect, "Acc"> {
  let mnemonic = "acc";
  let summary = "memory space of the matrix unit's accumulators";
}

// The numbers are those of msc::npu::Unit in runtime/npu/Isa.h.
def Npu_Unit : I32EnumAttr<"UnitKind", "a unit of the chip", [
    I32EnumAttrCase<"Control", 0, "control">,
    I32EnumAttrCase<"Matrix", 1, "matrix">,
    I32EnumAttrCase<"Vector", 2, "vector">,
    I32EnumAttrCase<"Dma0", 3, "dma0">,
    I32EnumAttrCase<"Dma1", 4, "dma1">,
    I32EnumAttrCase<"Dma2", 5, "dma2">,
    I32EnumAttrCase<"Dma3", 6, "dma3">]> {
  let cppNamespace = "::msc::npu";
}

// In the order of the opcodes VMov to VFma.
def Npu_Function : I32EnumAttr<"Function", "what the vector unit computes", [
    I32EnumAttrCase<"Mov", 0, "mov">,
    I32EnumAttrCase<"Neg", 1, "neg">,
    I32EnumAttrCase<"Abs", 2, "abs">,
    I32EnumAttrCase<"Sqrt", 3, "sqrt">,
    I32EnumAttrCase<"Rsqrt", 4, "rsqrt">,
    I32EnumAttrCase<"Recip", 5, "recip">,
    I32EnumAttrCase<"Exp", 6, "exp">,
    I32EnumAttrCase<"Log", 7, "log">,
    I32EnumAttrCase<"Tanh", 8, "tanh">,
    I32EnumAttrCase<"Erf", 9, "erf">,
    I32EnumAttrCase<"Sigmoid", 10, "sigmoid">,
    I32EnumAttrCase<"Sin", 11, "sin">,
    I32EnumAttrCase<"Cos", 12, "cos">,
    I32EnumAttrCase<"Floor", 13, "floor">,
    I32EnumAttrCase<"Ceil", 14, "ceil">,
    I32EnumAttrCase<"Rint", 15, "rint">,
    I32EnumAttrCase<"Not", 16, "not">,
    I32EnumAttrCase<"Add", 17, "add">,
    I32EnumAttrCase<"Sub", 18, "sub">,
    I32EnumAttrCase<"Mul", 19, "mul">,
    I32EnumAttrCase<"Div", 20, "div">,
    I32EnumAttrCase<"Min", 21, "min">,
    I32EnumAttrCase<"Max", 22, "max">,
    I32EnumAttrCase<"Pow", 23, "pow">,
    I32EnumAttrCase<"Eq", 24, "eq">,
    I32EnumAttrCase<"Ne", 25, "ne">,
    I32EnumAttrCase<"Lt", 26, "lt">,
    I32EnumAttrCase<"Le", 27, "le">,
    I32EnumAttrCase<"Gt", 28, "gt">,
    I32EnumAttrCase<"Ge", 29, "ge">,
    I32EnumAttrCase<"And", 30, "and">,
    I32EnumAttrCase<"Or", 31, "or">,
    I32EnumAttrCase<"Xor", 32, "xor">,
    I32EnumAttrCase<"Select", 33, "select">,
    I32EnumAttrCase<"Fma", 34, "fma">]> {
  let cppNamespace = "::msc::npu";
}

// In the order of the opcodes RSum to RProd.
def Npu_Combiner : I32EnumAttr<"Combiner", "how a reduction combines", [
    I32EnumAttrCase<"Sum", 0, "sum">,
    I32EnumAttrCase<"Max", 1, "max">,
    I32EnumAttrCase<"Min", 2, "min">,
    I32EnumAttrCase<"Prod", 3, "prod">]> {
  let cppNamespace = "::msc::npu";
}

def Npu_Axis : I32EnumAttr<"Axis", "a direction in a tile", [
    I32EnumAttrCase<"Rows", 0, "rows">,
    I32EnumAttrCase<"Cols", 1, "cols">]> {
  let cppNamespace = "::msc::npu";
}

#endif // MSC_DIALECTS_NPU_NPUDIALECT_TD
