//===- Link.h - Linking in process ------------------------------*- C++ -*-===//

#ifndef MSC_CODEGEN_EMIT_LINK_H
#define MSC_CODEGEN_EMIT_LINK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/TargetParser/Triple.h"
#include <string>

namespace msc::emit {

enum class LinkKind {
  Executable,
  SharedLibrary,
  /// One relocatable object of several.
  Object,
};

struct LinkJob {
  LinkKind kind;
  llvm::Triple triple;
  /// Objects and archives, in order.
  std::vector<std::string> inputs;
  /// Archives that go in whole.
  std::vector<std::string> wholeArchives;
  std::string output;
  /// Shared library: the symbols that it exports, globs allowed.
  std::vector<std::string> exports;
  /// Leave out names that only debuggers read.
  bool strip = false;
  /// Aliases of symbols, as {new, old}.
  std::vector<std::pair<std::string, std::string>> aliases;
};

/// Links with lld. Executables and shared libraries use the C library that the
/// system's compiler would use; its files are looked for where gcc and Debian
/// put them. The error says what is missing.
llvm::Error link(const LinkJob &job);

} // namespace msc::emit

#endif // MSC_CODEGEN_EMIT_LINK_H
