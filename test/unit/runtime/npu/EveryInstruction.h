// A kernel with every instruction in it, for tests of encodings.
#ifndef MSC_TEST_UNIT_RUNTIME_NPU_EVERYINSTRUCTION_H
#define MSC_TEST_UNIT_RUNTIME_NPU_EVERYINSTRUCTION_H

#include "runtime/npu/Text.h"

namespace msc::test {

/// It runs on one buffer of 4096 bytes and two scalars: 64 and 3.
inline std::string everyInstruction() {
  std::string text =
      R"(kernel every buffers=1 scalars=2 local=65536 accumulators=8192
  arg r1, 0
  arg r2, 1
  size r3, 0
  li r4, -7
  li r5, 0x1000
  li r6, 0x2000
  li r7, 0x100000
  li r8, 16
  li r9, 1
  li r10, 4096
)";
  for (const char *name :
       {"add", "sub", "mul", "div", "rem", "min", "max", "and", "or", "shl",
        "shr", "slt", "sle", "seq", "sne"})
    text += std::string("  ") + name + " r20, r4, r2\n";
  text += R"(  addi r20, r4, -1
  muli r20, r4, 3
  select r20, r4, r1, r2
  beq r1, r2, @on
  bne r1, r1, @on
  blt r1, r2, @on
  bge r2, r1, @on
  jump @on
  li r20, 1
on:
  loop r21, r2
    loop r22, r2
      add r20, r21, r22
    end
  end
  load dma0, b0, r0, r0, r10, r9, r9, r9, r0, r0, r0, r0, r0, r0
  fill.2 dma1, r5, r0, r10, r9, r9, r9, r0, r0, r0
  signal dma0, s0
  wait dma2, s0
  move dma2, r6, r0, r10, r9, r9, r9, r0, r0, r0, r0, r0, r0
  signal dma2, s1
  wait control, s1
  peek.i32 r20, r6
  fence
)";
  for (const char *mode : {".f16", ".bf16.acc", ".f16.ta", ".f16.acc.ta.tb",
                           ".i8.ua", ".i8.ub", ".i8.acc.tb.ua.ub"})
    text +=
        std::string("  mm") + mode + " r5, r5, r7, r8, r8, r8, r1, r1, r1\n";
  text += "  fence\n";
  for (const char *name : {"vmov", "vneg", "vabs", "vsqrt", "vrsqrt", "vrecip",
                           "vexp", "vlog", "vtanh", "verf", "vsigmoid", "vsin",
                           "vcos", "vfloor", "vceil", "vrint"})
    text += std::string("  ") + name + ".f32.f16 r6, r5, r8, r8, r1, r1\n";
  text += "  vnot.i32.i8 r6, r5, r8, r8, r1, r1\n";
  for (const char *name : {"vadd", "vsub", "vmul", "vdiv", "vmin", "vmax",
                           "vpow", "veq", "vne", "vlt", "vle", "vgt", "vge"})
    text += std::string("  ") + name +
            ".f32.bf16.f32 r6, r5:column, r4:value, r8, r8, r1, r1, r0\n";
  for (const char *name : {"vand", "vor", "vxor"})
    text += std::string("  ") + name +
            ".u8.i32.i8 r6, r5, r5:row, r8, r8, r1, r1, r1\n";
  text += "  vselect.f16.u8.f32.f16 r6, r5, r4:value, r5:row, r8, r8, r1, r1, "
          "r0, r0\n"
          "  vfma.f32.f32.f16.f32 r6, r5:row, r5:column, r5, r8, r8, r1, r0, "
          "r1, r1\n";
  for (const char *name : {"rsum", "rmax", "rmin", "rprod"})
    text += std::string("  ") + name +
            ".f32.f32.cols r6, r5, r8, r8, r1, r1\n" + "  " + name +
            ".i32.i8.rows.into r6, r5, r8, r8, r1, r1\n";
  return text + R"(  transpose.f16.f16 r6, r5, r8, r8, r1, r1
  iota.i32.cols r6, r4, r8, r8, r1
  iota.f16.rows r6, r4, r8, r8, r1
  fence
  store dma3, b0, r0, r6, r1, r9, r9, r9, r0, r0, r0, r0, r0, r0
  halt
)";
}

} // namespace msc::test

#endif
