#include "tools/msc/CommandLine.h"
#include "frontends/onnx/DimOptions.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace msc::tools;

static ColorMode colorMode() {
  return sys::Process::StandardErrHasColors() ? ColorMode::Enable
                                              : ColorMode::Disable;
}

/// Longer messages are cut: they quote a model's names.
static constexpr size_t kMaxMessage = 4096;

std::string msc::tools::printable(StringRef text) {
  std::string result;
  raw_string_ostream stream(result);
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      stream << ' ';
    else if (byte < 0x20 || byte == 0x7f)
      stream << "\\x" << utohexstr(byte);
    else
      stream << c;
  }
  return result;
}

static void printLine(HighlightColor color, StringRef prefix,
                      const Twine &message) {
  WithColor(errs(), color, colorMode()) << prefix << ": ";
  std::string text = message.str();
  errs() << printable(StringRef(text).take_front(kMaxMessage))
         << (text.size() > kMaxMessage ? "...\n" : "\n");
}

int msc::tools::fail(ExitCode code, const Twine &message, StringRef hint) {
  printLine(HighlightColor::Error, "error", message);
  if (!hint.empty())
    printLine(HighlightColor::Note, "hint", hint);
  return code;
}

std::optional<opt::InputArgList>
msc::tools::parseArgs(const opt::OptTable &table, ArrayRef<const char *> args,
                      StringRef command) {
  unsigned missingIndex = 0, missingCount = 0;
  opt::InputArgList parsed = table.ParseArgs(args, missingIndex, missingCount);
  std::string help = ("see 'msc " + command + " --help'").str();
  if (missingCount) {
    fail(kUsage,
         Twine("'") + parsed.getArgString(missingIndex) + "' needs a value",
         help);
    return std::nullopt;
  }
  for (const opt::Arg *arg : parsed) {
    if (arg->getOption().getKind() != opt::Option::UnknownClass)
      continue;
    std::string nearest;
    StringRef text = arg->getSpelling();
    if (table.findNearest(text, nearest) <= 2)
      help = "did you mean '" + nearest + "'?";
    fail(kUsage, "unknown option '" + text + "'", help);
    return std::nullopt;
  }
  return parsed;
}

bool msc::tools::readSettings(const opt::InputArgList &args,
                              const SettingIds &ids, StringRef command,
                              CompileSettings &settings) {
  SmallVector<StringRef> inputs;
  for (const opt::Arg *arg : args)
    if (arg->getOption().getKind() == opt::Option::InputClass)
      inputs.push_back(arg->getValue());
  std::string help = ("see 'msc " + command + " --help'").str();
  if (inputs.size() != 1) {
    fail(kUsage,
         "expected one model file, got " + Twine(inputs.size()), help);
    return false;
  }
  settings.model = inputs.front().str();
  settings.dims = args.getLastArgValue(ids.dims).str();
  settings.donate = args.getLastArgValue(ids.donate).str();
  if (StringRef(settings.donate).find_first_of(" '\"{}()\\\n\t") !=
      StringRef::npos) {
    fail(kUsage, "'" + settings.donate + "' can't be written in a pipeline",
         "name the inputs and outputs of --donate plainly");
    return false;
  }
  if (auto dims = onnx::DimOptions::parse({settings.dims}); !dims) {
    fail(kUsage, toString(dims.takeError()), help);
    return false;
  }
  const opt::Arg *level =
      ids.O2 ? args.getLastArg(ids.O0, ids.O2) : args.getLastArg(ids.O0);
  settings.optimize = !level || !level->getOption().matches(ids.O0);
  settings.march = args.getLastArgValue(ids.march, "native").str();
  settings.triple = args.getLastArgValue(ids.triple).str();
  for (StringRef text : {settings.march, settings.triple})
    if (!all_of(text, [](char c) { return isAlnum(c) || StringRef("-_.+").contains(c); })) {
      fail(kUsage, "'" + text + "' is the name of no CPU and of no target",
           "as LLVM names them: --march znver4, --triple x86_64-linux-gnu");
      return false;
    }
  StringRef fp = args.getLastArgValue(ids.fp, "fast");
  if (fp != "fast" && fp != "strict") {
    fail(kUsage, "unknown value '" + fp + "' of --fp",
         "it is fast or strict");
    return false;
  }
  settings.strict = fp == "strict";
  if (ids.noThreads)
    settings.threads = !args.hasArg(ids.noThreads);
  if (!settings.triple.empty() && !args.hasArg(ids.march))
    settings.march = "generic";
  return true;
}

DiagnosticPrinter::DiagnosticPrinter(mlir::MLIRContext &context,
                                     bool printRemarks)
    : handler(&context,
              [this](mlir::Diagnostic &diagnostic) { return print(diagnostic); }),
      printRemarks(printRemarks) {}

/// The name of the innermost named location: a node of the model.
static StringRef nodeOf(mlir::Location loc) {
  StringRef name;
  loc->walk([&](mlir::Location inner) {
    if (auto named = dyn_cast<mlir::NameLoc>(inner)) {
      name = named.getName().getValue();
      return mlir::WalkResult::interrupt();
    }
    return mlir::WalkResult::advance();
  });
  return name;
}

LogicalResult DiagnosticPrinter::print(mlir::Diagnostic &diagnostic) {
  using mlir::DiagnosticSeverity;
  DiagnosticSeverity severity = diagnostic.getSeverity();
  if (severity == DiagnosticSeverity::Remark && !printRemarks)
    return success();
  if (severity == DiagnosticSeverity::Error)
    ++errors;
  std::string message = diagnostic.str();
  if (StringRef node = nodeOf(diagnostic.getLocation()); !node.empty())
    message = ("at '" + node + "': " + message).str();
  switch (severity) {
  case DiagnosticSeverity::Error:
    printLine(HighlightColor::Error, "error", message);
    break;
  case DiagnosticSeverity::Warning:
    printLine(HighlightColor::Warning, "warning", message);
    break;
  default:
    printLine(HighlightColor::Remark, "remark", message);
  }
  for (mlir::Diagnostic &note : diagnostic.getNotes())
    printLine(HighlightColor::Note, "hint", note.str());
  return success();
}
