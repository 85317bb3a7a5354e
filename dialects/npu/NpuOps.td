//===- NpuOps.td - what the units of the accelerator do ---------*- tablegen -*-===//

#ifndef MSC_DIALECTS_NPU_NPUOPS_TD
#define MSC_DIALECTS_NPU_NPUOPS_TD

include "dialects/npu/NpuDialect.td"
include "mlir/IR/OpBase.td"

class Npu_Op<string mnemonic, list<Trait> traits = []>
    : Op<Npu_Dialect, mnemonic, traits>;

// What one element is, or a value for all of them.
def Npu_Scalar : AnyTypeOf<[F32, I32], "f32 or i32">;
def Npu_Source : AnyTypeOf<[AnyStridedMemRef, F32, I32], "tile, f32 or i32">;

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

def Npu_AllocOp : Npu_Op<"alloc"> {
  let summary = "a buffer on the chip";
  let description = [{
    Memory of the kernel, for its whole run: no two buffers share any. It has
    no address until `-npu-assign-memory` gives it one; `at` is in bytes, within
    the chip's one space of local memory and accumulators. A first dim of 2
    makes a double buffer by convention, of which `memref.reinterpret_cast`
    takes a side.

    Created by `-npu-schedule-regions`.

    ```mlir
    %a = npu.alloc at 4096 : memref<2x128x128xf16, #npu.local>
    ```

    Constraints:
    * `alloc_c1`: the memory space is `#npu.local` or `#npu.acc`
    * `alloc_c2`: the shape is static
    * `alloc_c3`: `at` is a multiple of 32 and not negative
  }];
  let arguments = (ins OptionalAttr<I64Attr>:$address);
  let results = (outs AnyStridedMemRef:$buffer);
  let assemblyFormat = "(`at` $address^)? attr-dict `:` type($buffer)";
  let extraClassDeclaration = [{
    /// Bytes up to the end of the last element, a multiple of 32.
    int64_t getBytes();
  }];
  let hasVerifier = 1;
}

class Npu_TransferOp<string mnemonic> : Npu_Op<mnemonic> {
  let arguments = (ins Npu_Unit:$unit, AnyStridedMemRef:$source,
      AnyStridedMemRef:$dest);
  let assemblyFormat = [{
    $unit $source `to` $dest attr-dict `:` type($source) `to` type($dest)
  }];
  let hasVerifier = 1;
}

def Npu_LoadOp : Npu_TransferOp<"load"> {
  let summary = "moves a box from the device's memory to the chip";
  let description = [{
    Copies `source` to `dest`, element for element, in the queue of `unit`. Rows
    are moved whole where the innermost stride is 1 on both sides.

    ```mlir
    npu.load dma0 %x to %tile : memref<64x64xf32> to memref<64x64xf32, #npu.local>
    ```

    Constraints:
    * `transfer_c1`: `unit` is a DMA queue
    * `transfer_c2`: source and destination have one element type and, where they
      are static, one shape
    * `transfer_c3`: at most 4 dims
    * `transfer_c4`: each side lies in the memory that the op is for
  }];
}

def Npu_StoreOp : Npu_TransferOp<"store"> {
  let summary = "moves a box from the chip to the device's memory";
  let description = [{
    As `npu.load`, the other way, with the same constraints.

    ```mlir
    npu.store dma1 %tile to %y : memref<64x64xf32, #npu.local> to memref<64x64xf32>
    ```
  }];
}

def Npu_MoveOp : Npu_TransferOp<"move"> {
  let summary = "moves a box within the chip";
  let description = [{
    As `npu.load`, between two buffers on the chip, with the same constraints.

    ```mlir
    npu.move dma1 %a to %b : memref<8x8xf32, #npu.acc> to memref<8x8xf32, #npu.local>
    ```
  }];
}

def Npu_FillOp : Npu_Op<"fill"> {
  let summary = "writes one value into a box";
  let description = [{
    Every element of `dest` becomes the low bits of `value`, in the queue of
    `unit`.

    ```mlir
    npu.fill dma0 %zero to %tile : i32 to memref<8x8xf16, #npu.local>
    ```

    Constraints:
    * `fill_c1`: `unit` is a DMA queue
    * `fill_c2`: `dest` is on the chip, of at most 4 dims, its elements of 1, 2 or
      4 bytes; of 4 if the value is an f32
  }];
  let arguments = (ins Npu_Unit:$unit, Npu_Scalar:$value,
      AnyStridedMemRef:$dest);
  let assemblyFormat = [{
    $unit $value `to` $dest attr-dict `:` type($value) `to` type($dest)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Matrix and vector
//===----------------------------------------------------------------------===//

def Npu_MatmulOp : Npu_Op<"matmul"> {
  let summary = "a product of two tiles, by the matrix unit";
  let description = [{
    `c = a b`, or `c += a b` with `accumulate`. `a` is m x k, or k x m with
    `transpose_a`; `b` is k x n, or n x k with `transpose_b`; `c` is m x n. The
    products are exact; their sums are rounded to f32 one after the other.

    ```mlir
    npu.matmul accumulate ins(%a, %b : memref<16x32xf16, #npu.local>,
        memref<32x16xf16, #npu.local>) outs(%c : memref<16x16xf32, #npu.acc>)
    ```

    Constraints:
    * `matmul_c1`: `a` and `b` are f16, bf16 or i8, both the same; `c` is f32, of
      i8 it is i32
    * `matmul_c2`: tiles of two dims, contiguous in a row; `a` and `b` in local
      memory, `c` in the accumulators
    * `matmul_c3`: static extents agree
  }];
  let arguments = (ins UnitAttr:$accumulate, UnitAttr:$transpose_a,
      UnitAttr:$transpose_b, AnyStridedMemRef:$a, AnyStridedMemRef:$b,
      AnyStridedMemRef:$c);
  let assemblyFormat = [{
    (`accumulate` $accumulate^)? (`transpose_a` $transpose_a^)?
    (`transpose_b` $transpose_b^)?
    `ins` `(` $a `,` $b `:` type($a) `,` type($b) `)`
    `outs` `(` $c `:` type($c) `)` attr-dict
  }];
  let hasVerifier = 1;
}

def Npu_VectorOp : Npu_Op<"vector"> {
  let summary = "an elementwise function of tiles";
  let description = [{
    `dest = function(sources)`. A source is a tile of the destination's extents, a
    tile with a static extent of 1 where the destination's is another
    (broadcast along it), or a value for all elements. Floats are computed in f32
    and rounded once; integers in i32; docs/npu.md tells what each function takes.

    ```mlir
    npu.vector add ins(%x, %row : memref<8x64xf32, #npu.local>,
        memref<1x64xf32, #npu.local>) outs(%y : memref<8x64xf32, #npu.local>)
    ```

    Constraints:
    * `vector_c1`: as many sources as the function has operands
    * `vector_c2`: tiles of two dims on the chip, contiguous in a row unless they
      have one column
    * `vector_c3`: static extents of a source are 1 or the destination's
    * `vector_c4`: elements are f32, f16, bf16, i32 or i8; `unsigned`, a mask of
      bits, destination lowest, tells which i8 are u8
  }];
  let arguments = (ins Npu_Function:$function,
      DefaultValuedAttr<I32Attr, "0">:$unsigneds, Variadic<Npu_Source>:$sources,
      AnyStridedMemRef:$dest);
  let assemblyFormat = [{
    $function (`unsigned` $unsigneds^)? `ins` `(` $sources `:` type($sources) `)`
    `outs` `(` $dest `:` type($dest) `)` attr-dict
  }];
  let hasVerifier = 1;
}

def Npu_ReduceOp : Npu_Op<"reduce"> {
  let summary = "combines the rows or the columns of a tile";
  let description = [{
    Along `cols` the destination is rows x 1, along `rows` it is 1 x cols. With
    `into` what it held is combined as well, first.

    ```mlir
    npu.reduce sum cols ins(%x : memref<8x64xf32, #npu.local>)
        outs(%s : memref<8x1xf32, #npu.local>)
    ```

    Constraints: `vector_c2`, `vector_c4` and
    * `reduce_c1`: the destination has extent 1 along `axis` and the source's along
      the other
  }];
  let arguments = (ins Npu_Combiner:$combiner, Npu_Axis:$axis, UnitAttr:$into,
      AnyStridedMemRef:$source, AnyStridedMemRef:$dest);
  let assemblyFormat = [{
    $combiner $axis (`into` $into^)? `ins` `(` $source `:` type($source) `)`
    `outs` `(` $dest `:` type($dest) `)` attr-dict
  }];
  let hasVerifier = 1;
}

def Npu_TransposeOp : Npu_Op<"transpose"> {
  let summary = "exchanges rows and columns";
  let description = [{
    `dest[j][i] = source[i][j]`.

    ```mlir
    npu.transpose ins(%x : memref<8x64xf32, #npu.local>)
        outs(%y : memref<64x8xf32, #npu.local>)
    ```

    Constraints: `vector_c2`, `vector_c4` and
    * `transpose_c1`: the extents are exchanged and the element types equal
  }];
  let arguments = (ins AnyStridedMemRef:$source, AnyStridedMemRef:$dest);
  let assemblyFormat = [{
    `ins` `(` $source `:` type($source) `)` `outs` `(` $dest `:` type($dest) `)`
    attr-dict
  }];
  let hasVerifier = 1;
}

def Npu_IotaOp : Npu_Op<"iota"> {
  let summary = "counts along rows or columns";
  let description = [{
    `dest[i][j] = first + (axis is cols ? j : i)`.

    ```mlir
    npu.iota cols %first outs(%y : memref<8x64xi32, #npu.local>)
    ```

    Constraints: `vector_c2`, `vector_c4`
  }];
  let arguments = (ins Npu_Axis:$axis, Index:$first, AnyStridedMemRef:$dest);
  let assemblyFormat = [{
    $axis $first `outs` `(` $dest `:` type($dest) `)` attr-dict
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

class Npu_SemaphoreOp<string mnemonic> : Npu_Op<mnemonic> {
  let arguments = (ins Npu_Unit:$unit,
      ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<31>]>:$semaphore);
  let assemblyFormat = "$unit `,` $semaphore attr-dict";
}

def Npu_SignalOp : Npu_SemaphoreOp<"signal"> {
  let summary = "puts a token into a semaphore";
  let description = [{
    Once `unit` has done what is before it in its queue. A kernel's semaphore is
    signalled by one unit and waited for by one other (`kernel_c3`).

    ```mlir
    npu.signal dma0, 3
    ```
  }];
}

def Npu_WaitOp : Npu_SemaphoreOp<"wait"> {
  let summary = "takes a token from a semaphore";
  let description = [{
    `unit` stands until there is one.

    ```mlir
    npu.wait matrix, 3
    ```
  }];
}

def Npu_FenceOp : Npu_Op<"fence"> {
  let summary = "waits until all units are done";
  let description = [{
    What follows comes after everything before.

    ```mlir
    npu.fence
    ```
  }];
  let assemblyFormat = "attr-dict";
}

#endif // MSC_DIALECTS_NPU_NPUOPS_TD
