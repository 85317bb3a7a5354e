//===- Pipelines.h - The stages from model to program -----------*- C++ -*-===//
//
// Each stage is a named pipeline of msc-opt; `msc compile` runs the same
// builders one after the other, so that every compilation can be replayed stage
// by stage.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_TOOLS_PIPELINES_PIPELINES_H
#define MSC_TOOLS_PIPELINES_PIPELINES_H

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"
#include <functional>
#include <string>
#include <vector>

namespace msc {

/// What a compilation depends on; plain, so that both command lines can fill
/// it.
struct CompileSettings {
  /// Path of the model file.
  std::string model;
  /// `batch=8,sequence=1..512`, empty: as the model says.
  std::string dims;
  /// `past.*=present.*`, empty: each output has a buffer of its own.
  std::string donate;
  /// Give out what the model's nodes make, too.
  bool keepIntermediates = false;
  /// Of that, these tensors only, if there are any.
  std::vector<std::string> keep;
  bool optimize = true;
  bool strict = false;
  bool threads = true;
  std::string triple;
  std::string march = "native";
  /// Prefix of the artefact's symbols.
  std::string name = "model";
};

/// A stage: the name under which `--emit` stops after it, and the pipeline in
/// the syntax of `msc-opt --pass-pipeline`, which is what is run.
struct Stage {
  std::string emit;
  std::string pipeline;
  /// Builds the same where options come from the user, whose file names can
  /// hold what the syntax can't; else empty.
  std::function<void(mlir::OpPassManager &)> build = {};
};

/// The stages up to the LLVM dialect, in order.
std::vector<Stage> getStages(const CompileSettings &settings);

/// Registers every pass and named pipeline of msc.
void registerPasses();

/// Adds all dialects, ours and upstream's, with their extensions.
void registerDialects(mlir::DialectRegistry &registry);

} // namespace msc

#endif // MSC_TOOLS_PIPELINES_PIPELINES_H
