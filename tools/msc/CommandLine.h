//===- CommandLine.h - What the subcommands share ---------------*- C++ -*-===//

#ifndef MSC_TOOLS_MSC_COMMANDLINE_H
#define MSC_TOOLS_MSC_COMMANDLINE_H

#include "tools/pipelines/Pipelines.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include <optional>

namespace msc::tools {

/// Exit codes of msc.
enum ExitCode {
  kOk = 0,
  /// The model or a file is at fault.
  kFailed = 1,
  kUsage = 64,
  kInternal = 70,
};

int runCompile(llvm::ArrayRef<const char *> args);
int runInspect(llvm::ArrayRef<const char *> args);

/// Prints `error: <message>` and, if not empty, `hint: <hint>` to stderr; in
/// colour on a terminal. Returns `code`.
int fail(ExitCode code, const llvm::Twine &message, llvm::StringRef hint = "");

/// The text with what could steer a terminal escaped: names come from models.
std::string printable(llvm::StringRef text);

/// Parses the arguments of a subcommand. Prints what is wrong with them, with
/// the nearest option as a hint, and returns nothing then.
std::optional<llvm::opt::InputArgList>
parseArgs(const llvm::opt::OptTable &table, llvm::ArrayRef<const char *> args,
          llvm::StringRef command);

/// The path and the settings of the compilation that the options ask for; the
/// IDs are the options' in the subcommand's table.
struct SettingIds {
  unsigned dims, donate, O0, O2, fp, march, triple, noThreads;
};
bool readSettings(const llvm::opt::InputArgList &args, const SettingIds &ids,
                  llvm::StringRef command, CompileSettings &settings);

/// Forwards MLIR's diagnostics to stderr in the form of `fail`, notes as hints.
class DiagnosticPrinter {
public:
  DiagnosticPrinter(mlir::MLIRContext &context, bool printRemarks);
  bool hasErrors() const { return errors > 0; }

private:
  llvm::LogicalResult print(mlir::Diagnostic &diagnostic);

  mlir::ScopedDiagnosticHandler handler;
  bool printRemarks;
  unsigned errors = 0;
};

} // namespace msc::tools

#endif // MSC_TOOLS_MSC_COMMANDLINE_H
