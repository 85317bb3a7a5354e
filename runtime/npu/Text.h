// Code objects as text, for tests and for reading what a compiler made.
//
//     kernel scale buffers=2 scalars=1 local=4096 accumulators=0
//       arg r1, 0
//       loop r2, r1
//         load dma0, b0, r3, r4, r5, r6, r6, r6, r0, r0, r0, r0, r0, r0
//         wait vector, s0
//         vmul.f32.f16.f32 r4, r4, r7:value, r6, r1, r0, r0, r0
//       end
//       jump @done
//     done:
//       halt
//
// Operands stand in the order of Form in Isa.h; modes are suffixes of the name,
// broadcasts (row, column, value) of the register. Comments begin with '#'.
#ifndef MSC_RUNTIME_NPU_TEXT_H
#define MSC_RUNTIME_NPU_TEXT_H

#include "runtime/npu/Program.h"

namespace msc::npu {

/// False: `error` holds the line's number and what is wrong with it.
bool assemble(const std::string &text, std::vector<Kernel> &kernels,
              std::string &error);

/// Text that assembles to the same code object.
std::string disassemble(const CodeObject &object);
/// One instruction; targets are numbers ("@12").
std::string disassemble(const Instruction &instruction);

} // namespace msc::npu

#endif
