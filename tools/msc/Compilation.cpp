#include "tools/msc/Compilation.h"
#include "codegen/cpu/CompileToObject.h"
#include "codegen/emit/WeightsObject.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>

using namespace mlir;
using namespace msc;
using namespace msc::tools;

Compilation::Compilation(CompileSettings settings, bool printRemarks,
                         bool printTimes)
    : settings(std::move(settings)), printTimes(printTimes) {
  registerPasses();
  registerDialects(registry);
  context = std::make_unique<MLIRContext>(registry);
  context->printOpOnDiagnostic(false);
  diagnostics = std::make_unique<DiagnosticPrinter>(*context, printRemarks);
}

LogicalResult Compilation::runStage(const Stage &stage) {
  auto begin = std::chrono::steady_clock::now();
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
  if (printTimes)
    llvm::errs() << llvm::format(
        "%8.3f s  %s\n",
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
            .count(),
        stage.emit.c_str());
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

LogicalResult Compilation::writeCode(StringRef path, bool assembly) {
  Location loc = UnknownLoc::get(context.get());
  auto target = cpu::CpuTarget::get(settings.triple, settings.march);
  if (!target)
    return emitError(loc) << llvm::toString(target.takeError());
  std::error_code error;
  llvm::raw_fd_ostream stream(path, error);
  if (error)
    return emitError(loc) << "can't write '" << path
                          << "': " << error.message();
  auto begin = std::chrono::steady_clock::now();
  if (llvm::Error failed = cpu::compileToObject(
          *module, *target, settings.optimize ? 3 : 1, stream,
          assembly ? cpu::OutputKind::Assembly : cpu::OutputKind::Object))
    return emitError(loc) << "code generation failed: "
                          << llvm::toString(std::move(failed));
  stream.close();
  if (stream.has_error()) {
    error = stream.error();
    stream.clear_error();
    return emitError(loc) << "can't write '" << path
                          << "': " << error.message();
  }
  if (printTimes)
    llvm::errs() << llvm::format(
        "%8.3f s  code\n",
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
            .count());
  return success();
}

LogicalResult Compilation::writeWeights(StringRef path, bool &written) {
  written = signature.weightsBytes > 0;
  if (!written)
    return success();
  Location loc = UnknownLoc::get(context.get());
  auto target = cpu::CpuTarget::get(settings.triple, settings.march);
  if (!target)
    return emitError(loc) << llvm::toString(target.takeError());
  auto begin = std::chrono::steady_clock::now();
  bool filled = false;
  llvm::Error error = emit::writeWeightsObject(
      path, llvm::Triple(target->triple), settings.name + "_weights",
      signature.weightsBytes, [&](MutableArrayRef<char> section) {
        filled = succeeded(
            emit::fillWeights(prepare ? *prepare : ModuleOp(), weights, section,
                              loc));
        return llvm::Error::success();
      });
  if (error)
    return emitError(loc) << llvm::toString(std::move(error));
  if (printTimes)
    llvm::errs() << llvm::format(
        "%8.3f s  weights\n",
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
            .count());
  return success(filled);
}
