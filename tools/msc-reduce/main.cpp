//===- main.cpp - msc-reduce: smaller programs that still fail ------------===//

#include "tools/msc-reduce/Reducer.h"
#include "tools/pipelines/Pipelines.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace llvm;
using namespace msc;

namespace {

cl::OptionCategory kCategory("msc-reduce");

cl::opt<std::string> kInput(cl::Positional, cl::Required,
                            cl::desc("<program.mlir>"), cl::cat(kCategory));
cl::opt<std::string>
    kTest("test", cl::Required, cl::value_desc("script"),
          cl::desc("Gets the path of a program; exits with 1 where that still "
                   "shows what is looked for, else with another code"),
          cl::cat(kCategory));
cl::opt<unsigned> kTimeout("timeout", cl::init(60), cl::value_desc("seconds"),
                           cl::desc("A test that runs longer has failed to "
                                    "show it; default: 60"),
                           cl::cat(kCategory));
cl::opt<std::string> kOutput("o", cl::init("-"), cl::value_desc("file"),
                             cl::desc("Where the smaller program goes; "
                                      "default: standard output"),
                             cl::cat(kCategory));

/// Runs the script on programs.
class Tester {
public:
  /// An error where there is no such script, or no place for a program.
  static Expected<Tester> create() {
    Tester tester;
    auto script = sys::findProgramByName(kTest);
    // As the shell does it with a path.
    tester.script = script ? *script : kTest;
    if (!sys::fs::can_execute(tester.script))
      return createStringError("no program '" + kTest + "' to test with");
    if (std::error_code error = sys::fs::createTemporaryFile(
            "msc-reduce", "mlir", tester.program))
      return createStringError(error, "can't make a temporary file");
    return tester;
  }

  ~Tester() {
    if (!program.empty())
      sys::fs::remove(program);
  }
  Tester(Tester &&other) : script(std::move(other.script)) {
    std::swap(program, other.program);
  }

  bool isInteresting(mlir::ModuleOp module) {
    std::error_code error;
    raw_fd_ostream stream(program, error);
    if (error)
      return false;
    module.print(stream);
    stream.close();
    std::string why;
    int code = sys::ExecuteAndWait(script, {script, program}, std::nullopt,
                                   {std::nullopt, StringRef(), StringRef()},
                                   kTimeout, 0, &why);
    return code == 1;
  }

private:
  Tester() = default;

  std::string script;
  SmallString<64> program;
};

int fail(const Twine &message) {
  errs() << "error: " << message << '\n';
  return 1;
}

} // namespace

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(kCategory);
  cl::ParseCommandLineOptions(
      argc, argv, "msc-reduce: makes a program smaller that still fails\n");

  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(kInput, &context);
  if (!module)
    return 1;
  Expected<Tester> tester = Tester::create();
  if (!tester)
    return fail(toString(tester.takeError()));
  if (!tester->isInteresting(*module))
    return fail("'" + kTest + "' does not exit with 1 for '" + kInput + "'");

  std::string message;
  auto output = mlir::openOutputFile(kOutput, &message);
  if (!output)
    return fail(message);
  auto test = [&](mlir::ModuleOp smaller) {
    return tester->isInteresting(smaller);
  };
  Reducer reducer(std::move(module), test);
  reducer.run();
  reducer.getModule().print(output->os());
  output->keep();
  errs() << reducer.getNumTrials() << " programs tried\n";
  return 0;
}
