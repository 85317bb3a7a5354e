// Code of the CPU, loaded by the dynamic linker.
#ifndef MSC_RUNTIME_PACKAGE_CODEOBJECT_H
#define MSC_RUNTIME_PACKAGE_CODEOBJECT_H

#include "runtime/abi/code.h"
#include "runtime/core/Error.h"
#include "runtime/io/File.h"

namespace msc::rt {

/// The format of code objects that this machine runs: "elf-x86_64".
const char *codeFormatOfHost();

/// Checks the headers of an ELF shared object for this machine, as far as the
/// dynamic linker trusts them.
msc_status checkElf(Bytes bytes, Error &error);

class CodeObject {
public:
  CodeObject() = default;
  CodeObject(const CodeObject &) = delete;
  CodeObject &operator=(const CodeObject &) = delete;
  ~CodeObject();

  /// Loads an ELF shared object that exports msc_code (runtime/abi/code.h).
  /// From then on the bytes are not needed.
  msc_status load(Bytes bytes, Error &error);

  const msc_code &code() const { return functions; }

private:
  void *library = nullptr;
  msc_code functions = {};
};

} // namespace msc::rt

#endif
