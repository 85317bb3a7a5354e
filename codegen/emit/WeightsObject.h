//===- WeightsObject.h - Weights as an object file --------------*- C++ -*-===//
//
// Weights can be gigabytes. They go into an ELF object of their own, written
// through a memory-mapped file, so that neither LLVM nor this program ever
// holds them as data; the linker maps the file again.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_EMIT_WEIGHTSOBJECT_H
#define MSC_CODEGEN_EMIT_WEIGHTSOBJECT_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/TargetParser/Triple.h"
#include <cstdint>

namespace msc::emit {

/// Writes a relocatable object to `path` with one read-only section of `bytes`
/// bytes, aligned to MSC_WEIGHTS_ALIGNMENT, under the hidden symbol `symbol`.
/// `fill` writes the section's content, which is zero before.
llvm::Error
writeWeightsObject(llvm::StringRef path, const llvm::Triple &triple,
                   llvm::StringRef symbol, uint64_t bytes,
                   llvm::function_ref<llvm::Error(llvm::MutableArrayRef<char>)>
                       fill);

} // namespace msc::emit

#endif // MSC_CODEGEN_EMIT_WEIGHTSOBJECT_H
