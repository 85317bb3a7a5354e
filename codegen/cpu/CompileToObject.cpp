//===- CompileToObject.cpp - From LLVM to object code ---------------------===//
#include "codegen/cpu/CompileToObject.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"

using namespace msc;

void cpu::registerTranslations(mlir::DialectRegistry &registry) {
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
}

std::unique_ptr<llvm::Module> cpu::translateToLlvm(mlir::ModuleOp module,
                                                   llvm::LLVMContext &context) {
  return mlir::translateModuleToLLVMIR(module, context, "msc");
}

static llvm::OptimizationLevel passLevel(unsigned optLevel) {
  switch (optLevel) {
  case 0:
    return llvm::OptimizationLevel::O0;
  case 1:
    return llvm::OptimizationLevel::O1;
  case 2:
    return llvm::OptimizationLevel::O2;
  default:
    return llvm::OptimizationLevel::O3;
  }
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine,
                     unsigned optLevel) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PipelineTuningOptions tuning;
  // Regions arrive vectorised; LLVM's vectoriser is for what was left to loops.
  // Combining the scalars of a register tile again would undo it.
  tuning.LoopVectorization = optLevel >= 2;
  tuning.SLPVectorization = false;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  auto level = passLevel(optLevel);
  auto passes = level == llvm::OptimizationLevel::O0
                    ? builder.buildO0DefaultPipeline(level)
                    : builder.buildPerModuleDefaultPipeline(level);
  passes.run(module, modules);
}

llvm::Error cpu::compileToObject(llvm::Module &module, const CpuTarget &target,
                                 unsigned optLevel,
                                 llvm::raw_pwrite_stream &out,
                                 OutputKind kind) {
  auto machine = target.createTargetMachine(optLevel);
  if (!machine)
    return machine.takeError();
  module.setTargetTriple((*machine)->getTargetTriple());
  module.setDataLayout((*machine)->createDataLayout());
  std::string broken;
  llvm::raw_string_ostream brokenStream(broken);
  if (llvm::verifyModule(module, &brokenStream))
    return llvm::createStringError("invalid LLVM IR: " + broken);
  optimize(module, **machine, optLevel);
  if (kind == OutputKind::LlvmIr) {
    module.print(out, nullptr);
    return llvm::Error::success();
  }
  llvm::legacy::PassManager codegen;
  auto fileType = kind == OutputKind::Object
                      ? llvm::CodeGenFileType::ObjectFile
                      : llvm::CodeGenFileType::AssemblyFile;
  if ((*machine)->addPassesToEmitFile(codegen, out, nullptr, fileType))
    return llvm::createStringError("the back end for \"" + target.triple +
                                   "\" cannot write this kind of file");
  codegen.run(module);
  out.flush();
  return llvm::Error::success();
}

llvm::Error cpu::compileToObject(mlir::ModuleOp module, const CpuTarget &target,
                                 unsigned optLevel,
                                 llvm::raw_pwrite_stream &out,
                                 OutputKind kind) {
  llvm::LLVMContext context;
  auto translated = translateToLlvm(module, context);
  if (!translated)
    return llvm::createStringError("translation to LLVM IR failed");
  return compileToObject(*translated, target, optLevel, out, kind);
}
