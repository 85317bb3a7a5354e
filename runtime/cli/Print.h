// What an executable prints for people.
#ifndef MSC_RUNTIME_CLI_PRINT_H
#define MSC_RUNTIME_CLI_PRINT_H

#include "runtime/abi/model.h"
#include "runtime/io/HostTensor.h"

#include <cstdio>

namespace msc::rt {

void printHelp(FILE *out, const msc_model_desc &model, const char *program);
void printVersion(FILE *out, const msc_model_desc &model);
/// Small tensors in full, long ones by their first values and statistics.
void printTensor(FILE *out, const char *name, const HostTensor &tensor);

} // namespace msc::rt

#endif
