// msc-run: runs the model in a package. It does with a package what an
// executable does with the model in itself, by the same command line.
#include "runtime/cli/Cli.h"
#include "runtime/cli/Files.h"
#include "runtime/include/msc/driver.h"
#include "runtime/package/PackageModel.h"
#include "runtime/run/List.h"

#include <cstdio>

using namespace msc::rt;
namespace package = msc::package;

namespace {

constexpr const char *kHelp =
    "usage: msc-run MODEL.mscpkg [--input [NAME=]FILE]... [options]\n"
    "\n"
    "Runs a model that 'msc compile --emit=pkg' made.\n"
    "\n"
    "options:\n"
    "  --device NAME      which of the package's programs, and where it runs\n"
    "                     (default: cpu if there is one for it, else the "
    "first)\n"
    "  --list             print what the package consists of\n"
    "  --verify-weights   read all weights and compare them with their hash\n"
    "  --version          print the version\n"
    "\n"
    "'msc-run MODEL.mscpkg --help' prints the model's inputs, outputs and "
    "options.\n";

/// The command line, taken apart: what is msc-run's own, and the rest.
struct Request {
  const char *path = nullptr;
  const char *device = nullptr;
  bool list = false;
  bool verifyWeights = false;
  bool describeOnly = false; // --help or --version of the model
  Array<char *> rest;        // begins with the program's name
};

class Run {
public:
  int run(int argc, char **argv);

private:
  int fail(const char *text, int code) {
    std::fprintf(stderr, "msc-run: %s\n", text);
    return code;
  }
  /// With the package's name before the text.
  int fail(msc_status status) {
    error.prefix("%s", request.path);
    return fail(error.text(), exitCodeOf(status));
  }
  bool parse(int argc, char **argv);
  msc_status findTarget(const package::Target *&target);

  Request request;
  Error error;
  Package package;
  PackageModel model;
};

/// Null if there is none.
const msc_device_driver *findDriver(const char *device) {
  for (const msc_device_driver *driver :
       {msc_cpu_driver(), msc_npu_sim_driver()})
    if (std::strcmp(driver->name, device) == 0)
      return driver;
  return nullptr;
}

/// "--name VALUE" and "--name=VALUE"; moves on to the value.
bool takeValue(const char *name, int argc, char **argv, int &at,
               const char *&value) {
  size_t length = std::strlen(name);
  if (std::strncmp(argv[at], name, length) != 0)
    return false;
  if (argv[at][length] == '=') {
    value = argv[at] + length + 1;
    return true;
  }
  if (argv[at][length])
    return false;
  value = at + 1 < argc ? argv[++at] : "";
  return true;
}

} // namespace

/// The package comes first, so that nothing need be known of the model's
/// options to find it.
bool Run::parse(int argc, char **argv) {
  request.path = argv[1];
  if (!request.rest.push(argv[0]))
    return false;
  for (int i = 2; i < argc; ++i) {
    if (takeValue("--device", argc, argv, i, request.device)) {
      if (*request.device)
        continue;
      error.fail(MSC_INVALID_ARGUMENT,
                 "a value is missing after '--device'; see --help");
      return false;
    }
    if (std::strcmp(argv[i], "--list") == 0) {
      request.list = true;
      continue;
    }
    if (std::strcmp(argv[i], "--verify-weights") == 0) {
      request.verifyWeights = true;
      continue;
    }
    request.describeOnly |= std::strcmp(argv[i], "--help") == 0 ||
                            std::strcmp(argv[i], "-h") == 0 ||
                            std::strcmp(argv[i], "--version") == 0;
    if (!request.rest.push(argv[i])) {
      error.fail(MSC_OUT_OF_MEMORY, "out of memory");
      return false;
    }
    // A value of an option of the model is none of ours.
    if (takesValue(argv[i]) && i + 1 < argc && !request.rest.push(argv[++i]))
      return false;
  }
  return true;
}

msc_status Run::findTarget(const package::Target *&target) {
  if (!request.device) {
    Error none;
    if (!package.findTarget("cpu", target, none))
      return MSC_OK;
  }
  return package.findTarget(request.device, target, error);
}

int Run::run(int argc, char **argv) {
  if (argc < 2)
    return fail("no package given; see --help", kUsage);
  if (std::strcmp(argv[1], "--help") == 0 || std::strcmp(argv[1], "-h") == 0) {
    std::fputs(kHelp, stdout);
    return kSuccess;
  }
  if (std::strcmp(argv[1], "--version") == 0) {
    std::puts("msc-run " MSC_VERSION_STRING);
    return kSuccess;
  }
  if (argv[1][0] == '-')
    return fail("the package comes first; see --help", kUsage);
  if (!parse(argc, argv))
    return fail(error.text(), kUsage);

  if (msc_status status = package.open(request.path, error))
    return fail(status);
  const package::Section *weights = package.description().weights();
  if (request.verifyWeights && weights)
    if (msc_status status = package.checkHash(*weights, "its weights", error))
      return fail(status);
  const package::Target *target;
  if (msc_status status = findTarget(target))
    return fail(status);
  if (request.list) {
    printPackage(stdout, request.path, package);
    return kSuccess;
  }
  if (msc_status status = model.describe(package, *target, error))
    return fail(status);
  if (!request.describeOnly)
    if (msc_status status =
            model.load(findDriver(target->name()->c_str()), error))
      return fail(status);
  char program[512] = "msc-run";
  if (request.describeOnly)
    TextBuffer(program, sizeof program).add("msc-run %s", request.path);
  request.rest[0] = program;
  return msc_cli_main(&model.descriptor(),
                      static_cast<int>(request.rest.size()),
                      request.rest.data());
}

int main(int argc, char **argv) {
  int code = Run().run(argc, argv);
  if (std::fflush(stdout) != 0 && code == kSuccess) {
    std::fputs("msc-run: standard output cannot be written\n", stderr);
    code = kInternal;
  }
  return code;
}
