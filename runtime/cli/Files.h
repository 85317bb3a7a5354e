// The files of a run: inputs into memory, outputs out of it.
#ifndef MSC_RUNTIME_CLI_FILES_H
#define MSC_RUNTIME_CLI_FILES_H

#include "runtime/cli/Options.h"
#include "runtime/io/HostTensor.h"
#include "runtime/io/Npy.h"

namespace msc::rt {

/// Reads what --input names into one tensor per input of the model.
ExitCode readInputs(const msc_model_desc &model, const Options &options,
                    List<HostTensor> &inputs, Error &error);

/// Inputs for measuring without data: every dim at its minimum (1 rather than
/// 0), floats between 0 and 1, integers 0.
ExitCode makeInputs(const msc_model_desc &model, List<HostTensor> &inputs,
                    Error &error);

/// Checks --output before anything is run.
ExitCode checkOutputs(const msc_model_desc &model, const Options &options,
                      Error &error);

/// Writes what --output names: all of it or nothing.
ExitCode writeOutputs(const msc_model_desc &model, const Options &options,
                      const List<HostTensor> &outputs, Error &error);

/// The exit code that a failure of the library means.
ExitCode exitCodeOf(msc_status status);

} // namespace msc::rt

#endif
