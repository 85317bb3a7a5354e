#include "tools/pipelines/Pipelines.h"
#include "codegen/cpu/CompileToObject.h"
#include "codegen/cpu/Passes.h"
#include "codegen/cpu/Pipeline.h"
#include "codegen/emit/Passes.h"
#include "codegen/npu/Passes.h"
#include "codegen/plan/Passes.h"
#include "codegen/plan/Pipeline.h"
#include "codegen/regions/Passes.h"
#include "codegen/regions/Pipeline.h"
#include "codegen/to_linalg/Passes.h"
#include "dialects/graph/Graph.h"
#include "dialects/npu/Npu.h"
#include "dialects/plan/Plan.h"
#include "frontends/onnx/Passes.h"
#include "transforms/graph/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace msc;

namespace {

/// Options of every stage after the import; a stage uses those that concern it.
struct StageOptions : PassPipelineOptions<StageOptions> {
  Option<bool> optimize{*this, "optimize", llvm::cl::init(true),
                        llvm::cl::desc("false: the plain lowering of -O0")};
  Option<std::string> fp{*this, "fp", llvm::cl::init("fast"),
                         llvm::cl::desc("fast or strict")};
  Option<bool> threads{*this, "threads", llvm::cl::init(true),
                       llvm::cl::desc("regions may be parallel")};
  Option<std::string> triple{*this, "triple", llvm::cl::init(""),
                             llvm::cl::desc("target triple; default: host")};
  Option<std::string> march{*this, "march", llvm::cl::init("native"),
                            llvm::cl::desc("CPU as LLVM names it")};
  Option<std::string> name{*this, "name", llvm::cl::init("model"),
                           llvm::cl::desc("prefix of the model's symbols")};
  ListOption<std::string> donate{
      *this, "donate", llvm::cl::desc("INPUT=OUTPUT: one buffer for the two")};
};

} // namespace

static void setCpuOptions(cpu::CpuPipelineOptions &cpu,
                          const StageOptions &options) {
  cpu.triple = options.triple;
  cpu.march = options.march;
  cpu.fp = options.fp;
  cpu.threads = options.threads && options.optimize;
  cpu.schedule = options.optimize ? "auto" : "loops";
}

/// graph -> graph
static void buildOptimize(OpPassManager &pm, const StageOptions &options) {
  if (!options.donate.empty()) {
    GraphDonateArgumentsOptions donate;
    donate.pairs.assign(options.donate.begin(), options.donate.end());
    pm.addPass(createGraphDonateArguments(donate));
  }
  if (!options.optimize) {
    pm.addNestedPass<func::FuncOp>(createGraphDecompose());
    return;
  }
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // What is raised and what has scaled filters rounds differently.
  if (options.fp != "strict") {
    // Attention as a whole has no schedule of its own yet, and its parts do.
    GraphRaiseCompositesOptions raise;
    raise.attention = false;
    pm.addNestedPass<func::FuncOp>(createGraphRaiseComposites(raise));
    pm.addNestedPass<func::FuncOp>(createGraphFoldBatchNorms());
  }
  pm.addNestedPass<func::FuncOp>(createGraphAssignLayouts());
  pm.addNestedPass<func::FuncOp>(createGraphSinkTransposes());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

/// graph -> linalg
static void buildToLinalg(OpPassManager &pm, const StageOptions &options) {
  pm.addPass(createGraphToLinalg());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

/// linalg -> dispatches of regions
static void buildFormRegions(OpPassManager &pm, const StageOptions &options) {
  if (options.optimize) {
    cpu::PackWeightsOptions pack;
    pack.triple = options.triple;
    pack.march = options.march;
    pm.addNestedPass<func::FuncOp>(cpu::createPackWeights(pack));
    pm.addPass(createCanonicalizerPass());
    pm.addPass(codegen::createLinalgHoistPrepare());
  }
  codegen::FormRegionsOptions regions;
  regions.fuse = options.optimize;
  codegen::buildFormRegionsPipeline(pm, regions);
}

/// dispatches -> plan, with regions scheduled for the CPU
static void buildPlan(OpPassManager &pm, const StageOptions &options) {
  cpu::CpuPipelineOptions cpu;
  setCpuOptions(cpu, options);
  codegen::buildPlanTensorsPipeline(pm);
  cpu::buildCpuPipeline(pm, cpu);
  codegen::buildPlanMemoryPipeline(pm, codegen::PlanOptions());
}

/// plan -> LLVM dialect, with what the runtime needs
static void buildEmit(OpPassManager &pm, const StageOptions &options) {
  pm.addPass(codegen::createPlanLowerToCalls());
  emit::EmitEntryOptions entry;
  entry.name = options.name;
  entry.triple = options.triple;
  entry.march = options.march;
  pm.addPass(emit::createEmitEntry(entry));
  cpu::CpuPipelineOptions cpu;
  setCpuOptions(cpu, options);
  cpu::buildLlvmPipeline(pm, cpu);
}

static void registerPipelines() {
  PassPipelineRegistration<StageOptions>(
      "msc-optimize", "Simplify a graph, fold batch norms, choose layouts",
      buildOptimize);
  PassPipelineRegistration<StageOptions>("msc-to-linalg", "Lower to linalg",
                                         buildToLinalg);
  PassPipelineRegistration<StageOptions>(
      "msc-form-regions",
      "Pack weights, hoist what depends on parameters only, fuse",
      buildFormRegions);
  PassPipelineRegistration<StageOptions>(
      "msc-plan", "Schedule regions for the CPU and plan memory", buildPlan);
  PassPipelineRegistration<StageOptions>(
      "msc-emit", "Lower a plan to the LLVM dialect, with its descriptor",
      buildEmit);
}

std::vector<Stage> msc::getStages(const CompileSettings &settings) {
  std::string options = "optimize=";
  options += settings.optimize ? "true" : "false";
  std::string fp = settings.strict ? " fp=strict" : "";
  std::string threads = settings.threads ? "" : " threads=false";
  std::string target = " march=" + settings.march;
  if (!settings.triple.empty())
    target += " triple=" + settings.triple;
  std::string donate =
      settings.donate.empty() ? "" : " donate=" + settings.donate;
  std::string import = "msc-import{model=" + settings.model;
  if (!settings.dims.empty())
    import += " dims=" + settings.dims;
  if (settings.keepIntermediates)
    import += " keep-intermediates=true";
  if (!settings.keep.empty())
    import += " keep=" + llvm::join(settings.keep, ",");
  return {
      {"import", import + "}",
       [settings](OpPassManager &pm) {
         onnx::ImportPipelineOptions options;
         options.model = settings.model;
         if (!settings.dims.empty())
           options.dims.push_back(settings.dims);
         options.keepIntermediates = settings.keepIntermediates;
         for (const std::string &name : settings.keep)
           options.keep.push_back(name);
         onnx::buildImportPipeline(pm, options);
       }},
      {"graph", "msc-optimize{" + options + fp + donate + "}"},
      {"linalg", "msc-to-linalg{" + options + fp + "}"},
      {"regions", "msc-form-regions{" + options + target + "}"},
      {"plan", "msc-plan{" + options + fp + threads + target + "}"},
      {"llvm",
       "msc-emit{" + options + fp + target + " name=" + settings.name + "}"},
  };
}

void msc::registerPasses() {
  // Upstream's registry is filled once; a second registration is an error.
  static bool registered = (registerAllPasses(), true);
  static bool ours = [] {
    cpu::registerCpuPasses();
    cpu::registerCpuPipelines();
    emit::registerEmitPasses();
    npu::registerNpuPasses();
    codegen::registerPlanPasses();
    codegen::registerRegionsPasses();
    codegen::registerFormRegionsPipeline();
    codegen::registerPlanPipelines();
    registerToLinalgPasses();
    registerGraphTransformsPasses();
    onnx::registerImportPipeline();
    onnx::registerOnnxPasses();
    registerPipelines();
    return true;
  }();
  (void)registered;
  (void)ours;
}

void msc::registerDialects(DialectRegistry &registry) {
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registry.insert<graph::GraphDialect, npu::NpuDialect, plan::PlanDialect>();
  cpu::registerTranslations(registry);
}
