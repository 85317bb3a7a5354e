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

/// A shared object that the dynamic linker has loaded.
class Library {
public:
  Library() = default;
  Library(const Library &) = delete;
  Library &operator=(const Library &) = delete;
  ~Library();

  /// From then on the bytes are not needed.
  msc_status load(Bytes bytes, Error &error);
  /// Null if there is none.
  void *symbol(const char *name) const;

private:
  void *handle = nullptr;
};

/// The code of a whole program.
class CodeObject {
public:
  /// Loads an ELF shared object that exports msc_code (runtime/abi/code.h).
  msc_status load(Bytes bytes, Error &error);

  const msc_code &code() const { return functions; }

private:
  Library library;
  msc_code functions = {};
};

} // namespace msc::rt

#endif
