// What the user asks for.
#ifndef MSC_RUNTIME_CLI_OPTIONS_H
#define MSC_RUNTIME_CLI_OPTIONS_H

#include "runtime/abi/model.h"
#include "runtime/core/Error.h"
#include "runtime/core/Memory.h"

namespace msc::rt {

enum ExitCode {
  kSuccess = 0,
  kBadInput = 2,  // a name, dtype, shape or file that does not fit
  kUsage = 64,    // a command line that makes no sense (EX_USAGE)
  kInternal = 70, // this machine or program (EX_SOFTWARE)
};

/// "[NAME=]FILE", as yet not looked into.
struct FileArgument {
  int32_t tensor; // index into the signature; -1: no name
  const char *path;
  bool isForIntermediates = false; // all of them
};

/// The outputs that the model's signature has without what is kept for
/// debugging, which comes after them.
inline uint32_t countOutputs(const msc_model_desc &model) {
  return model.num_outputs - model.num_intermediates;
}

struct Options {
  bool help = false;
  bool version = false;
  bool printMemory = false;
  unsigned threads = 0;   // 0: what the system grants
  unsigned benchmark = 0; // runs
  const char *profile = nullptr;
  Array<FileArgument> inputs, outputs;
};

/// Parses the command line. Returns an exit code; on failure `error` says why.
ExitCode parseOptions(const msc_model_desc &model, int argc, char **argv,
                      Options &options, Error &error);

/// Whether the argument behind this one is its value.
bool takesValue(const char *argument);

bool hasExtension(const char *path, const char *extension);

} // namespace msc::rt

#endif
