//===- main.cpp - msc: models in, programs out ----------------------------===//

#include "tools/msc/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"

using namespace msc::tools;

static constexpr llvm::StringLiteral kUsageText = R"(msc - an ahead-of-time compiler for machine learning

usage: msc <command> [options] <model>

commands:
  compile   make an executable, a library or an object of a model
  inspect   show a model's signature, ops, parameters, FLOPs and memory

'msc <command> --help' describes a command.
)";

static constexpr llvm::StringLiteral kVersionText = "msc 0.1\n";

static int run(llvm::ArrayRef<const char *> args) {
  if (args.empty())
    return fail(kUsage, "no command given", "see 'msc --help'");
  llvm::StringRef command = args.front();
  if (command == "--help" || command == "-h" || command == "help") {
    llvm::outs() << kUsageText;
    return kOk;
  }
  if (command == "--version") {
    llvm::outs() << kVersionText;
    return kOk;
  }
  if (command == "compile")
    return runCompile(args.drop_front());
  if (command == "inspect")
    return runInspect(args.drop_front());
  return fail(kUsage, "unknown command '" + command + "'", "see 'msc --help'");
}

int main(int argc, char **argv) {
  llvm::setBugReportMsg("msc: internal error; please report it with the model "
                        "and the command\n");
  llvm::InitLLVM init(argc, argv);
  llvm::InitializeAllTargets();
  llvm::InitializeAllTargetMCs();
  llvm::InitializeAllAsmPrinters();
  llvm::InitializeAllAsmParsers();
  int code = run(llvm::ArrayRef<const char *>(argv + 1, argv + argc));
  // Else the stream would end the program itself, and not politely.
  llvm::outs().flush();
  if (llvm::outs().has_error()) {
    std::string why = llvm::outs().error().message();
    llvm::outs().clear_error();
    return fail(kFailed, "can't write to standard output: " + why);
  }
  return code;
}
