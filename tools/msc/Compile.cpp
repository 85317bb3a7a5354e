//===- Compile.cpp - msc compile ------------------------------------------===//

#include "codegen/cpu/CpuTarget.h"
#include "tools/msc/Compilation.h"
#include "tools/msc/OutputFile.h"
#include "tools/msc/Regions.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;
using namespace msc;
using namespace msc::tools;

namespace {

using namespace llvm::opt; // what the generated tables name

#define OPTTABLE_STR_TABLE_CODE
#include "tools/msc/CompileOptions.inc"
#undef OPTTABLE_STR_TABLE_CODE

#define OPTTABLE_PREFIXES_TABLE_CODE
#include "tools/msc/CompileOptions.inc"
#undef OPTTABLE_PREFIXES_TABLE_CODE

enum ID {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "tools/msc/CompileOptions.inc"
#undef OPTION
};

constexpr opt::OptTable::Info kInfos[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "tools/msc/CompileOptions.inc"
#undef OPTION
};

struct CompileTable : opt::GenericOptTable {
  CompileTable()
      : GenericOptTable(OptionStrTable, OptionPrefixesTable, kInfos) {}
};

constexpr StringLiteral kUsageLine =
    "msc compile [options] <model.onnx> -o <file>";
constexpr StringLiteral kTitle =
    "Makes a program of a model: an executable by default, that needs nothing "
    "else.";
constexpr StringLiteral kExamples = R"(
EXAMPLES:
  msc compile digits.onnx -o digits
      an executable for this machine; './digits --help' shows its signature
  msc compile digits.onnx --dims=batch=8 --emit=so -o libdigits.so
      a shared library and its header digits.h, for batches of 8
  msc compile digits.onnx --emit=pkg -o digits.mscpkg
      a package, which 'msc-run digits.mscpkg' runs
  msc compile digits.onnx --emit=plan
      the program as text, as it is after planning

EXIT STATUS:
  0  done    1  the model or a file is at fault    64  wrong usage
  70 an error of msc itself, or its runtime is missing
)";

struct CompileJob {
  std::string kind, output;
  CompileSettings settings;
  bool explain, printTimes;
  unsigned jobs = 0;
};

/// The runtime's archive, main() and headers: beside the program when
/// installed, in the runfiles when Bazel runs it.
std::string findRuntimeDirectory() {
  static int anchor;
  std::string self = sys::fs::getMainExecutable("msc", &anchor);
  StringRef directory = sys::path::parent_path(self);
  for (StringRef relative :
       {"/../lib/msc", "/../../runtime/lib", "/msc.runfiles/msc/runtime/lib"}) {
    std::string candidate = (directory + relative).str();
    if (sys::fs::exists(candidate + "/libmsc_runtime.a"))
      return candidate;
  }
  return "";
}

/// A C identifier of a file's name: "lib" and the extension go.
std::string identifierOf(StringRef path) {
  StringRef stem = sys::path::stem(path);
  stem.consume_front("lib");
  std::string name;
  for (char c : stem)
    name.push_back(isAlnum(c) || c == '_' ? c : '_');
  if (name.empty() || isDigit(name.front()))
    name.insert(0, "model_");
  return name;
}

bool isIdentifier(StringRef name) {
  return !name.empty() && !isDigit(name.front()) &&
         all_of(name, [](char c) { return isAlnum(c) || c == '_'; });
}

} // namespace

static int writeText(Compilation &compilation, StringRef output) {
  if (output.empty() || output == "-") {
    compilation.getModule().print(outs());
    outs() << '\n';
    return kOk;
  }
  OutputFile file(output);
  std::error_code error;
  raw_fd_ostream stream(file.getTemporary(), error);
  if (!error) {
    compilation.getModule().print(stream);
    stream << '\n';
    stream.close();
    error = stream.error();
    stream.clear_error();
  }
  if (error)
    return fail(kFailed, "can't write '" + output + "': " + error.message());
  return file.commit() ? kOk : kFailed;
}

/// f32[batch, 10], as the program's --help says it.
static std::string typeText(const emit::TensorSpec &tensor,
                            const emit::Signature &signature) {
  std::string text = emit::getDtypeName(tensor.dtype).str() + "[";
  for (auto [i, dim] : enumerate(tensor.dims)) {
    text += i ? ", " : "";
    if (dim.extent >= 0)
      text += std::to_string(dim.extent);
    else
      text += dim.id < 0 ? "?" : signature.dims[dim.id].name;
  }
  return text + "]";
}

/// A name out of a model, inside a comment.
static std::string commentText(StringRef name) {
  std::string text;
  for (char c : name)
    text.push_back(isPrint(c) && c != '*' && c != '\\' ? c : '?');
  return text;
}

/// digits.h beside libdigits.so or digits.o.
static std::string headerPath(const CompileJob &job) {
  SmallString<128> path(sys::path::parent_path(job.output));
  sys::path::append(path, job.settings.name + ".h");
  return std::string(path);
}

static int writeHeader(const CompileJob &job, const emit::Signature &signature,
                       const OutputFile &file) {
  std::error_code error;
  raw_fd_ostream stream(file.getTemporary(), error);
  std::string guard = "MSC_MODEL_" + StringRef(job.settings.name).upper() + "_H";
  if (!error) {
    stream << "/* The model '" << job.settings.name << "', compiled by msc.\n";
    auto list = [&](StringRef role, ArrayRef<emit::TensorSpec> tensors) {
      for (auto [i, tensor] : enumerate(tensors))
        stream << " * " << role << ' ' << i << ": " << commentText(tensor.name)
               << "  " << commentText(typeText(tensor, signature))
               << (tensor.donor < 0 ? ""
                                    : ", in the buffer of input " +
                                          std::to_string(tensor.donor))
               << (tensor.isIntermediate ? "  (intermediate)\n" : "\n");
    };
    list("input", signature.inputs);
    list("output", signature.outputs);
    stream << " * msc_model_load() loads it; <msc/msc.h> comes with msc's "
              "runtime. */\n"
           << "#ifndef " << guard << "\n#define " << guard << "\n\n"
           << "#include <msc/msc.h>\n\n"
           << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
           << "extern const struct msc_model_desc " << job.settings.name
           << "_model;\n\n"
           << "#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
    stream.close();
    error = stream.error();
    stream.clear_error();
  }
  if (error)
    return fail(kFailed, "can't write '" + headerPath(job) +
                             "': " + error.message());
  return kOk;
}

static int linkArtefact(const CompileJob &job, const Compilation &compilation,
                        ArrayRef<std::unique_ptr<ScratchFile>> objects,
                        const std::string &output) {
  auto target = cpu::CpuTarget::get(job.settings.triple, job.settings.march);
  if (!target)
    return fail(kFailed, toString(target.takeError()));
  emit::LinkJob link;
  link.triple = Triple(target->triple);
  link.output = output;
  for (const std::unique_ptr<ScratchFile> &object : objects)
    link.inputs.push_back(object->getPath());
  std::string model = job.settings.name + "_model";
  if (job.kind == "obj") {
    link.kind = emit::LinkKind::Object;
  } else {
    std::string runtime = findRuntimeDirectory();
    if (runtime.empty())
      return fail(kInternal, "libmsc_runtime.a not found beside msc",
                  "build //runtime:artefacts and keep msc where Bazel puts it");
    if (link.triple.getArch() != Triple(sys::getProcessTriple()).getArch())
      return fail(kFailed,
                  "there is no runtime for '" + target->triple + "' here",
                  "use --emit=obj and link with a runtime built for it");
    if (job.kind == "exe") {
      link.kind = emit::LinkKind::Executable;
      link.aliases = {{"msc_main_model", model}};
      link.inputs.push_back(runtime + "/msc_main.o");
      link.inputs.push_back(runtime + "/libmsc_runtime.a");
    } else if (job.kind == "pkg") {
      link.kind = emit::LinkKind::SharedLibrary;
      link.exports = {"msc_code"};
      link.strip = true;
      link.aliases = {{"msc_code_model", model}};
      // They come with each call, out of the package.
      if (compilation.getSignature().weightsBytes)
        link.aliases.push_back({compilation.getWeightsSymbol(), "0"});
      link.inputs.push_back(runtime + "/msc_code.o");
    } else {
      link.kind = emit::LinkKind::SharedLibrary;
      link.exports = {model, "msc_*"};
      link.wholeArchives = {runtime + "/libmsc_runtime.a"};
    }
  }
  if (Error error = emit::link(link))
    return fail(kFailed, toString(std::move(error)));
  return kOk;
}

static int compileArtefact(Compilation &compilation, const CompileJob &job) {
  if (failed(compilation.runUntil("llvm")))
    return kFailed;
  OutputFile file(job.output);
  if (job.kind == "asm") {
    if (failed(compilation.writeAssembly(file.getTemporary())))
      return kFailed;
    return file.commit() ? kOk : kFailed;
  }
  std::vector<std::unique_ptr<ScratchFile>> objects;
  bool isPackage = job.kind == "pkg";
  if (failed(compilation.writeObjects(objects, /*withWeights=*/!isPackage)))
    return kFailed;
  if (isPackage) {
    ScratchFile linked("so");
    if (int code = linkArtefact(job, compilation, objects, linked.getPath()))
      return code;
    if (failed(compilation.writePackage(linked.getPath(), file.getTemporary())))
      return kFailed;
    return file.commit() ? kOk : kFailed;
  }
  if (int code = linkArtefact(job, compilation, objects, file.getTemporary()))
    return code;
  if (failed(compilation.fillWeights(file.getTemporary())))
    return kFailed;
  if (job.kind == "exe")
    return file.commit() ? kOk : kFailed;
  OutputFile header(headerPath(job));
  if (int code = writeHeader(job, compilation.getSignature(), header))
    return code;
  return file.commit() && header.commit() ? kOk : kFailed;
}

/// A comma separates the targets of a package; so far there is one to name.
static bool checkTargets(StringRef list) {
  SmallVector<StringRef> targets;
  list.split(targets, ',');
  StringSet<> seen;
  for (StringRef target : targets) {
    if (target != "cpu") {
      fail(kUsage, "unknown target '" + target + "'", "it is cpu");
      return false;
    }
    if (!seen.insert(target).second) {
      fail(kUsage, "target '" + target + "' is there twice");
      return false;
    }
  }
  return true;
}

static bool readJob(const opt::InputArgList &args, CompileJob &job) {
  SettingIds ids = {OPT_dims, OPT_donate, OPT_O0,     OPT_O2,
                    OPT_fp,   OPT_march,  OPT_triple, OPT_no_threads};
  if (!readSettings(args, ids, "compile", job.settings))
    return false;
  if (!checkTargets(args.getLastArgValue(OPT_target, "cpu")))
    return false;
  job.kind = args.getLastArgValue(OPT_emit, "exe").str();
  static const StringSet<> texts = {"import",  "graph", "linalg",
                                    "regions", "plan",  "llvm"};
  static const StringSet<> files = {"exe", "so", "obj", "asm", "pkg"};
  if (!texts.contains(job.kind) && !files.contains(job.kind)) {
    fail(kUsage, "unknown kind '" + job.kind + "' of --emit",
         "it is exe, so, obj, asm, pkg, import, graph, linalg, regions, plan "
         "or llvm");
    return false;
  }
  job.output = args.getLastArgValue(OPT_o).str();
  if (job.output.empty() && files.contains(job.kind) &&
      !args.hasArg(OPT_print_pipeline)) {
    fail(kUsage, "no output file given", "add -o <file>");
    return false;
  }
  job.settings.name = args.getLastArgValue(OPT_name).str();
  if (job.settings.name.empty())
    job.settings.name = identifierOf(
        job.output.empty() || job.output == "-" ? job.settings.model
                                                : job.output);
  if (!isIdentifier(job.settings.name)) {
    fail(kUsage, "'" + job.settings.name + "' is no identifier of C",
         "--name takes letters, digits and _");
    return false;
  }
  StringRef jobs = args.getLastArgValue(OPT_jobs, "0");
  if (jobs.getAsInteger(10, job.jobs) || job.jobs > 1024 ||
      (job.jobs == 0 && args.hasArg(OPT_jobs))) {
    fail(kUsage, "'" + jobs + "' is no number of threads",
         "--jobs takes one from 1 to 1024");
    return false;
  }
  job.settings.keepIntermediates = args.hasArg(OPT_keep_intermediates);
  job.settings.keep = args.getAllArgValues(OPT_keep_intermediates_eq);
  if (job.settings.keepIntermediates && !job.settings.keep.empty()) {
    fail(kUsage, "--keep-intermediates both with a tensor and without",
         "without it keeps all");
    return false;
  }
  if (job.kind == "pkg" &&
      (job.settings.keepIntermediates || !job.settings.keep.empty())) {
    fail(kUsage, "a package gives no intermediate values",
         "--keep-intermediates takes --emit=exe or --emit=so");
    return false;
  }
  job.explain = args.hasArg(OPT_explain_codegen);
  job.printTimes = args.hasArg(OPT_time);
  return true;
}

static int printPipeline(const CompileSettings &settings) {
  // The shell and the syntax of pipelines would take others apart.
  std::vector<std::string> texts = settings.keep;
  texts.insert(texts.end(), {settings.model, settings.dims});
  for (StringRef text : texts)
    if (text.find_first_of(" '\"{}()\\\n\t") != StringRef::npos)
      return fail(kFailed, "'" + text + "' can't be written in a pipeline",
                  "name the model and its dims plainly");
  const char *input = "echo 'module {}' | ";
  for (const Stage &stage : getStages(settings)) {
    outs() << input << "msc-opt --pass-pipeline='builtin.module("
           << stage.pipeline << ")'";
    input = " |\n";
  }
  outs() << '\n';
  return kOk;
}

int msc::tools::runCompile(ArrayRef<const char *> arguments) {
  CompileTable table;
  auto args = parseArgs(table, arguments, "compile");
  if (!args)
    return kUsage;
  if (args->hasArg(OPT_help)) {
    table.printHelp(outs(), kUsageLine.data(), kTitle.data());
    outs() << kExamples;
    return kOk;
  }
  CompileJob job;
  if (!readJob(*args, job))
    return kUsage;
  if (args->hasArg(OPT_print_pipeline))
    return printPipeline(job.settings);
  bool isArtefact = job.kind == "exe" || job.kind == "so" ||
                    job.kind == "obj" || job.kind == "asm" ||
                    job.kind == "pkg";
  if (!job.output.empty() && (isArtefact || job.output != "-") &&
      !checkOutput(job.output, job.settings.model))
    return kFailed;
  if ((job.kind == "so" || job.kind == "obj") &&
      !checkOutput(headerPath(job), job.settings.model))
    return kFailed;
  Compilation compilation(job.settings, job.explain, job.printTimes, job.jobs);
  if (job.explain) {
    if (failed(compilation.runUntil("plan")))
      return kFailed;
    printRegions(compilation.getModule(), errs());
  }
  if (isArtefact)
    return compileArtefact(compilation, job);
  if (failed(compilation.runUntil(job.kind)))
    return kFailed;
  return writeText(compilation, job.output);
}
