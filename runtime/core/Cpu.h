// Features of the machine's CPU, under LLVM's names.
#ifndef MSC_RUNTIME_CORE_CPU_H
#define MSC_RUNTIME_CORE_CPU_H

#include <cstddef>

namespace msc::rt {

/// Looks for the first feature of `required` ("+avx2,+fma") that this CPU, or
/// the operating system under it, lacks, and copies its name to `missing`.
/// Names without '+' and tuning flags ask for nothing. False if all are there.
/// A name that is not known counts as missing: better a clear error than an
/// illegal instruction. Only x86-64 is checked.
bool findMissingCpuFeature(const char *required, char *missing, size_t size);

} // namespace msc::rt

#endif
