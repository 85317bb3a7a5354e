//===- Pipeline.cpp - The CPU's named pipelines ---------------------------===//
#include "codegen/cpu/Pipeline.h"

#include "codegen/cpu/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace msc;

void cpu::buildCpuPipeline(OpPassManager &pm,
                           const CpuPipelineOptions &options) {
  ScheduleRegionsOptions schedule;
  schedule.triple = options.triple;
  schedule.march = options.march;
  schedule.features = options.features;
  schedule.schedule = options.schedule;
  schedule.fp = options.fp;
  schedule.threads = options.threads;
  pm.addPass(createScheduleRegions(schedule));
}

void cpu::buildLlvmPipeline(OpPassManager &pm,
                            const CpuPipelineOptions &options) {
  pm.addNestedPass<func::FuncOp>(createExpandCopies());
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  pm.addPass(createOutlineParallel());
  pm.addNestedPass<func::FuncOp>(createExpandMaxima());
  if (options.fp != "strict")
    pm.addNestedPass<func::FuncOp>(createApproximateMath());
  // Arithmetic on f16 and bf16 is done in f32 and rounded where a value of the
  // narrow type is needed; few CPUs have more.
  math::MathExtendToSupportedTypesOptions extend;
  extend.extraTypeStrs = {"f64"};
  extend.targetTypeStr = "f32";
  pm.addNestedPass<func::FuncOp>(
      math::createMathExtendToSupportedTypes(extend));
  arith::ArithEmulateUnsupportedFloatsOptions emulate;
  emulate.sourceTypeStrs = {"bf16", "f16"};
  emulate.targetTypeStr = "f32";
  pm.addNestedPass<func::FuncOp>(
      arith::createArithEmulateUnsupportedFloats(emulate));
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  pm.addNestedPass<func::FuncOp>(arith::createArithExpandOpsPass(expand));
  pm.addNestedPass<func::FuncOp>(memref::createExpandOpsPass());
  pm.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  pm.addNestedPass<func::FuncOp>(createCSEPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addNestedPass<func::FuncOp>(createLoopInvariantCodeMotionPass());
  pm.addNestedPass<func::FuncOp>(createExpandSelects());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createLowerAsserts());
  // What has no instruction becomes calls of libm, lane by lane: before vectors
  // are lowered, since these take them apart.
  ConvertMathToLLVMPassOptions mathOptions;
  mathOptions.approximateLog1p = false; // log(1 + x) is 0 for small x
  pm.addPass(createConvertMathToLLVMPass(mathOptions));
  pm.addPass(createConvertMathToLibmPass());
  ConvertVectorToLLVMPassOptions vector;
  vector.reassociateFPReductions = options.fp != "strict";
  pm.addPass(createConvertVectorToLLVMPass(vector));
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void cpu::registerCpuPipelines() {
  PassPipelineRegistration<CpuPipelineOptions>(
      "msc-cpu", "Schedule the regions of a module for a CPU",
      buildCpuPipeline);
  PassPipelineRegistration<CpuPipelineOptions>(
      "msc-llvm", "Lower a bufferised module to the LLVM dialect",
      buildLlvmPipeline);
}
