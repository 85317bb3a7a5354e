// main() of an inference executable, an object of its own: it is linked into
// programs and left out of shared libraries.
#include "runtime/cli/Cli.h"

// The program's model. The linker makes this name an alias of the model's
// descriptor: --defsym=msc_main_model=<name>_model.
extern "C" const struct msc_model_desc msc_main_model;

int main(int argc, char **argv) {
  return msc_cli_main(&msc_main_model, argc, argv);
}
