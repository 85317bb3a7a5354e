#include "tools/msc/Compilation.h"
#include "codegen/cpu/CodeParts.h"
#include "codegen/cpu/CompileToObject.h"
#include "codegen/emit/CpuFeatures.h"
#include "codegen/emit/Package.h"
#include "codegen/emit/WeightsObject.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>

using namespace mlir;
using namespace msc;
using namespace msc::tools;

namespace {

/// Prints how long something took.
class Stopwatch {
public:
  explicit Stopwatch(bool isOn) : isOn(isOn) {}

  void print(const Twine &what) const {
    if (isOn)
      llvm::errs()
          << llvm::format(
                 "%8.3f s  ",
                 std::chrono::duration<double>(Clock::now() - begin).count())
          << what << '\n';
  }

private:
  using Clock = std::chrono::steady_clock;
  bool isOn;
  Clock::time_point begin = Clock::now();
};

} // namespace

Compilation::Compilation(CompileSettings settings, bool printRemarks,
                         bool printTimes, unsigned jobs)
    : settings(std::move(settings)), printTimes(printTimes) {
  registerPasses();
  registerDialects(registry);
  context =
      std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  if (jobs != 1) {
    pool = std::make_unique<llvm::DefaultThreadPool>(
        llvm::hardware_concurrency(jobs));
    context->setThreadPool(*pool);
  }
  context->printOpOnDiagnostic(false);
  diagnostics = std::make_unique<DiagnosticPrinter>(*context, printRemarks);
}

LogicalResult Compilation::runStage(const Stage &stage) {
  Stopwatch watch(printTimes);
  if (!module)
    module = ModuleOp::create(UnknownLoc::get(context.get()));
  if (stage.emit == "llvm" && failed(takeWeights()))
    return failure();
  PassManager pm(context.get());
  std::string errors;
  llvm::raw_string_ostream stream(errors);
  if (stage.build)
    stage.build(pm);
  else if (failed(parsePassPipeline(stage.pipeline, pm, stream))) {
    emitError(UnknownLoc::get(context.get()))
        << "can't set up the stage '" << stage.emit << "': " << errors;
    return failure();
  }
  LogicalResult result = pm.run(*module);
  watch.print(stage.emit);
  if (failed(result) && !diagnostics->hasErrors())
    emitError(UnknownLoc::get(context.get()))
        << "the stage '" << stage.emit << "' failed";
  return result;
}

LogicalResult Compilation::runUntil(StringRef last) {
  std::vector<Stage> stages = getStages(settings);
  while (nextStage < stages.size()) {
    const Stage &stage = stages[nextStage++];
    if (failed(runStage(stage)))
      return failure();
    if (stage.emit == last)
      break;
  }
  return success();
}

/// The last stage drops @prepare and what is known of parameters.
LogicalResult Compilation::takeWeights() {
  auto main = module->lookupSymbol<func::FuncOp>("main");
  if (!main)
    return success(); // the stage itself complains
  FailureOr<emit::Signature> read = emit::readSignature(main);
  if (failed(read))
    return failure();
  signature = std::move(*read);
  auto sources = emit::readWeightSources(main);
  if (failed(sources))
    return failure();
  weights = std::move(*sources);
  prepare = emit::takePrepare(*module);
  return success();
}

InFlightDiagnostic Compilation::error() {
  return emitError(UnknownLoc::get(context.get()));
}

FailureOr<cpu::CpuTarget> Compilation::getTarget() {
  auto target = cpu::CpuTarget::get(settings.triple, settings.march);
  if (!target)
    return error() << llvm::toString(target.takeError());
  return std::move(*target);
}

LogicalResult Compilation::writeFile(StringRef path, ArrayRef<char> content) {
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code);
  if (!code) {
    stream.write(content.data(), content.size());
    stream.close();
    code = stream.error();
    stream.clear_error();
  }
  if (code)
    return error() << "can't write '" << path << "': " << code.message();
  return success();
}

/// LLVM's level of optimisation.
static unsigned getCodeLevel(const CompileSettings &settings) {
  return settings.optimize ? 3 : 1;
}

LogicalResult Compilation::writeAssembly(StringRef path) {
  Stopwatch watch(printTimes);
  auto target = getTarget();
  if (failed(target))
    return failure();
  cpu::ObjectCode text;
  llvm::raw_svector_ostream stream(text);
  if (llvm::Error failed =
          cpu::compileToObject(*module, *target, getCodeLevel(settings), stream,
                               cpu::OutputKind::Assembly))
    return error() << "code generation failed: "
                   << llvm::toString(std::move(failed));
  watch.print("code");
  return writeFile(path, text);
}

LogicalResult
Compilation::writeObjects(std::vector<std::unique_ptr<ScratchFile>> &objects,
                          bool withWeights) {
  Stopwatch watch(printTimes);
  auto target = getTarget();
  if (failed(target))
    return failure();
  auto parts = cpu::splitCode(*module, settings.name);
  auto code =
      cpu::compileParts(parts, *target, getCodeLevel(settings), pool.get());
  if (!code)
    return error() << "code generation failed: "
                   << llvm::toString(code.takeError());
  watch.print("code, " + Twine(parts.size()) + " parts");

  auto addFile = [&]() -> FailureOr<StringRef> {
    objects.push_back(std::make_unique<ScratchFile>("o"));
    if (!objects.back()->isValid()) {
      auto diagnostic = error() << "can't make a temporary file";
      diagnostic.attachNote() << "set TMPDIR to a place that can be written";
      return diagnostic;
    }
    return StringRef(objects.back()->getPath());
  };
  for (const cpu::ObjectCode &object : *code) {
    auto path = addFile();
    if (failed(path) || failed(writeFile(*path, object)))
      return failure();
  }
  if (signature.weightsBytes == 0 || !withWeights)
    return success();
  auto path = addFile();
  if (failed(path))
    return failure();
  if (llvm::Error failed =
          emit::writeWeightsObject(*path, llvm::Triple(target->triple),
                                   getWeightsSymbol(), signature.weightsBytes))
    return error() << llvm::toString(std::move(failed));
  return success();
}

LogicalResult Compilation::fillWeights(StringRef linked) {
  if (signature.weightsBytes == 0)
    return success();
  Stopwatch watch(printTimes);
  auto room = emit::LinkedWeights::map(linked, getWeightsSymbol(),
                                       signature.weightsBytes);
  if (!room)
    return error() << llvm::toString(room.takeError());
  if (failed(emit::fillWeights(prepare ? *prepare : ModuleOp(), weights,
                               room->getBytes(),
                               UnknownLoc::get(context.get()))))
    return failure();
  watch.print("weights");
  return success();
}

LogicalResult Compilation::writePackage(StringRef linked, StringRef path) {
  Stopwatch watch(printTimes);
  auto target = getTarget();
  if (failed(target))
    return failure();
  auto code = llvm::MemoryBuffer::getFile(linked);
  if (!code)
    return error() << "can't read the code that was linked: "
                   << code.getError().message();
  std::vector<emit::PackageTarget> targets;
  targets.push_back(emit::describeCpuTarget(
      emit::readAttachedRegions(*module), target->triple,
      emit::getNeededFeatures(*target), (*code)->getBuffer().str()));
  auto package = emit::PackageFile::create(path, settings.name, signature,
                                           std::move(targets));
  if (!package)
    return error() << llvm::toString(package.takeError());
  if (signature.weightsBytes &&
      failed(emit::fillWeights(prepare ? *prepare : ModuleOp(), weights,
                               package->getWeights(),
                               UnknownLoc::get(context.get()))))
    return failure();
  if (llvm::Error failed = package->finish())
    return error() << llvm::toString(std::move(failed));
  watch.print("package");
  return success();
}
