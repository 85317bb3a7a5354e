#include "tools/msc/OutputFile.h"
#include "tools/msc/CommandLine.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"

using namespace llvm;
using namespace msc::tools;

bool msc::tools::checkOutput(StringRef path, StringRef input) {
  std::string title = "can't write '" + path.str() + "': ";
  sys::fs::file_status status;
  if (!sys::fs::status(path, status)) {
    if (!sys::fs::is_regular_file(status)) {
      // A rename would put a file in the place of a directory or a device.
      fail(kFailed, title + "it is there and is no regular file");
      return false;
    }
    if (sys::fs::equivalent(path, input)) {
      fail(kFailed, title + "it is the model", "give -o another name");
      return false;
    }
  }
  StringRef directory = sys::path::parent_path(path);
  if (directory.empty())
    directory = ".";
  if (!sys::fs::is_directory(directory)) {
    fail(kFailed, title + "there is no directory '" + directory + "'");
    return false;
  }
  if (std::error_code error =
          sys::fs::access(directory, sys::fs::AccessMode::Write)) {
    fail(kFailed, title + error.message());
    return false;
  }
  return true;
}

OutputFile::OutputFile(StringRef path) : path(path.str()) {
  SmallString<128> unique;
  sys::fs::createUniquePath(path + ".%%%%%%.tmp", unique,
                            /*MakeAbsolute=*/false);
  temporary = std::string(unique);
  sys::RemoveFileOnSignal(temporary);
}

OutputFile::~OutputFile() {
  if (!committed)
    (void)sys::fs::remove(temporary);
  sys::DontRemoveFileOnSignal(temporary);
}

bool OutputFile::commit() {
  if (std::error_code error = sys::fs::rename(temporary, path)) {
    fail(kFailed, "can't write '" + path + "': " + error.message());
    return false;
  }
  committed = true;
  return true;
}

ScratchFile::ScratchFile(StringRef suffix) {
  SmallString<128> unique;
  if (sys::fs::createTemporaryFile("msc", suffix, unique))
    return;
  path = std::string(unique);
  sys::RemoveFileOnSignal(path);
}

ScratchFile::~ScratchFile() {
  if (path.empty())
    return;
  (void)sys::fs::remove(path);
  sys::DontRemoveFileOnSignal(path);
}
