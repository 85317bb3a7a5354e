//===- WeightsObject.h - Room for weights in a linked file ------*- C++ -*-===//
//
// Weights can be gigabytes, and linking would copy them once more. So the
// linker is given an object that only asks for room: it gets a hole in the file
// that the linker writes, and the weights are written there afterwards, through
// a mapping of the file.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_EMIT_WEIGHTSOBJECT_H
#define MSC_CODEGEN_EMIT_WEIGHTSOBJECT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/TargetParser/Triple.h"
#include <cstdint>

namespace msc::emit {

/// Writes a relocatable object to `path` that reserves `bytes` bytes of
/// read-only data, aligned to MSC_WEIGHTS_ALIGNMENT, under the hidden symbol
/// `symbol`. In what is linked of it they have a place in the file and are 0.
llvm::Error writeWeightsObject(llvm::StringRef path, const llvm::Triple &triple,
                               llvm::StringRef symbol, uint64_t bytes);

/// The bytes of a symbol in a linked file, mapped to be written.
class LinkedWeights {
public:
  /// Finds `symbol`, of `bytes` bytes, in the executable, shared library or
  /// relocatable object at `path`.
  static llvm::Expected<LinkedWeights>
  map(llvm::StringRef path, llvm::StringRef symbol, uint64_t bytes);

  llvm::MutableArrayRef<char> getBytes() { return bytes; }

private:
  llvm::sys::fs::mapped_file_region file;
  llvm::MutableArrayRef<char> bytes;
};

} // namespace msc::emit

#endif // MSC_CODEGEN_EMIT_WEIGHTSOBJECT_H
