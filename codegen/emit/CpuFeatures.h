//===- CpuFeatures.h - What code asks of a machine --------------*- C++ -*-===//

#ifndef MSC_CODEGEN_EMIT_CPUFEATURES_H
#define MSC_CODEGEN_EMIT_CPUFEATURES_H

#include "codegen/cpu/CpuTarget.h"

namespace msc::emit {

/// `+avx2,+fma`: what a machine must have to run code for `target`, as the
/// runtime checks it.
std::string getNeededFeatures(const cpu::CpuTarget &target);

} // namespace msc::emit

#endif // MSC_CODEGEN_EMIT_CPUFEATURES_H
