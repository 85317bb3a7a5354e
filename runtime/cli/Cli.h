// The command line of an inference executable.
#ifndef MSC_RUNTIME_CLI_CLI_H
#define MSC_RUNTIME_CLI_CLI_H

#include "runtime/abi/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Runs the command line of a program that consists of this model; returns the
/// exit code: 0, or kBadInput, kUsage, kInternal of Options.h.
int msc_cli_main(const struct msc_model_desc *model, int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
