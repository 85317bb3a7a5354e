//===- Package.h - Writing .mscpkg files ------------------------*- C++ -*-===//
//
// runtime/schema/package.fbs is what stands in a package, docs/package.md how
// the file is laid out. Targets describe their programs in the types that flatc
// makes of the schema (package::TargetT, with a plan of any kind); the writer
// decides where things lie in the file.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_EMIT_PACKAGE_H
#define MSC_CODEGEN_EMIT_PACKAGE_H

#include "codegen/emit/Signature.h"
#include "runtime/schema/package_generated.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"

namespace msc::emit {

/// What the program for one device adds to a package.
struct PackageTarget {
  /// Sections of code objects are left empty.
  package::TargetT description;
  /// The bytes of description.code, in order.
  std::vector<std::string> code;
};

/// The CPU's program: one code object, an ELF shared object that exports
/// msc_code, runs all of it.
PackageTarget describeCpuTarget(llvm::ArrayRef<RegionSpec> regions,
                                llvm::StringRef triple,
                                llvm::StringRef features, std::string code);

/// A package while it is written. Equal contents give equal bytes.
class PackageFile {
public:
  /// Makes a file with room for everything at `path`. Names too long for the
  /// format, say, are errors.
  static llvm::Expected<PackageFile> create(llvm::StringRef path,
                                            llvm::StringRef name,
                                            const Signature &signature,
                                            std::vector<PackageTarget> targets);

  /// Of signature.weightsBytes bytes: a mapping of the file, to be filled in.
  llvm::MutableArrayRef<char> getWeights();

  /// Writes everything else.
  llvm::Error finish();

private:
  llvm::Error layOut(uint64_t weightsBytes);
  std::string packDescription() const;

  package::PackageT description;
  std::vector<std::string> code; // of all targets
  llvm::sys::fs::mapped_file_region file;
};

} // namespace msc::emit

#endif // MSC_CODEGEN_EMIT_PACKAGE_H
