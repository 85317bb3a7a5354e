//===- OutputFile.h - Files that are whole or not there ---------*- C++ -*-===//

#ifndef MSC_TOOLS_MSC_OUTPUTFILE_H
#define MSC_TOOLS_MSC_OUTPUTFILE_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace msc::tools {

/// Whether a file can be written at `path`, which must not be `input`; prints
/// why not. Asked before a compilation, which may take minutes.
bool checkOutput(llvm::StringRef path, llvm::StringRef input);

/// A file beside `path`, renamed to it when it is whole; else removed, by a
/// signal too.
class OutputFile {
public:
  explicit OutputFile(llvm::StringRef path);
  ~OutputFile();
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;

  /// Where to write.
  const std::string &getTemporary() const { return temporary; }
  /// Prints what is wrong where it returns false.
  bool commit();

private:
  std::string path, temporary;
  bool committed = false;
};

/// A file of the system's temporary directory that goes when this does.
class ScratchFile {
public:
  explicit ScratchFile(llvm::StringRef suffix);
  ~ScratchFile();
  ScratchFile(const ScratchFile &) = delete;
  ScratchFile &operator=(const ScratchFile &) = delete;

  bool isValid() const { return !path.empty(); }
  const std::string &getPath() const { return path; }

private:
  std::string path;
};

} // namespace msc::tools

#endif // MSC_TOOLS_MSC_OUTPUTFILE_H
