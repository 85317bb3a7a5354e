#include "test/facets/Execution.h"
#include "codegen/to_linalg/Passes.h"
#include "dialects/graph/Graph.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ExecutionEngine/Orc/ThreadSafeModule.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;
using namespace msc::facets;

void msc::facets::registerDialects(DialectRegistry &registry) {
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  registry.insert<msc::graph::GraphDialect>();
}

namespace {

/// Copies between strided buffers become loops too: upstream's lowering calls
/// a runtime library.
struct CopiesToLinalg : PassWrapper<CopiesToLinalg, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CopiesToLinalg)
  void runOnOperation() override {
    getOperation().walk([](memref::CopyOp copy) {
      OpBuilder builder(copy);
      linalg::makeMemRefCopyOp(builder, copy.getLoc(), copy.getSource(),
                               copy.getTarget());
      copy.erase();
    });
  }
};

void buildPipeline(PassManager &pm) {
  pm.addPass(msc::createGraphToLinalg());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(bufferization::createOneShotBufferizePass(bufferize));
  bufferization::BufferResultsToOutParamsPassOptions outParams;
  outParams.modifyPublicFunctions = true;
  pm.addPass(bufferization::createBufferResultsToOutParamsPass(outParams));
  pm.addPass(createCanonicalizerPass());
  // Nobody frees what is left; all of it is small.
  pm.addNestedPass<func::FuncOp>(bufferization::createPromoteBuffersToStackPass(
      [](Value) { return true; }));
  pm.addPass(std::make_unique<CopiesToLinalg>());
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
  // Intrinsics where there are any, else the C library.
  ConvertMathToLLVMPassOptions math;
  math.approximateLog1p = false;
  pm.addPass(createConvertMathToLLVMPass(math));
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  ConvertFuncToLLVMPassOptions func;
  func.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(func));
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
}

/// A function of one argument, an array of pointers, for every function.
void addPackedEntries(llvm::Module &module) {
  llvm::LLVMContext &context = module.getContext();
  auto *pointer = llvm::PointerType::get(context, 0);
  llvm::SmallVector<llvm::Function *> functions;
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      functions.push_back(&function);
  for (llvm::Function *function : functions) {
    auto *type = llvm::FunctionType::get(llvm::Type::getVoidTy(context),
                                         {pointer}, false);
    auto *entry =
        llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage,
                               "packed." + function->getName(), module);
    llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", entry));
    llvm::SmallVector<llvm::Value *> arguments;
    for (unsigned i = 0; i < function->arg_size(); ++i)
      arguments.push_back(builder.CreateLoad(
          pointer, builder.CreateConstGEP1_64(pointer, entry->getArg(0), i)));
    builder.CreateCall(function, arguments);
    builder.CreateRetVoid();
  }
}

/// Unwraps an LLVM result or says what is wrong with it.
template <typename T>
FailureOr<T> unwrap(Location loc, llvm::Expected<T> value) {
  if (value)
    return std::move(*value);
  return emitError(loc) << llvm::toString(value.takeError()), failure();
}

} // namespace

FailureOr<std::unique_ptr<Execution>> Execution::lower(ModuleOp module) {
  auto execution = std::make_unique<Execution>();
  for (auto function : module.getOps<func::FuncOp>())
    execution->resultTypes[function.getName()] =
        SmallVector<Type>(function.getResultTypes());

  OwningOpRef<ModuleOp> lowered = module.clone();
  PassManager pm(module.getContext());
  buildPipeline(pm);
  if (failed(pm.run(*lowered)))
    return failure();

  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto context = std::make_unique<llvm::LLVMContext>();
  auto code = translateModuleToLLVMIR(*lowered, *context);
  if (!code)
    return failure();
  addPackedEntries(*code);

  Location loc = module.getLoc();
  auto target = unwrap(loc, llvm::orc::JITTargetMachineBuilder::detectHost());
  if (failed(target))
    return failure();
  target->setCodeGenOptLevel(llvm::CodeGenOptLevel::None);
  auto jit = unwrap(loc, llvm::orc::LLJITBuilder()
                             .setJITTargetMachineBuilder(std::move(*target))
                             .create());
  if (failed(jit))
    return failure();
  execution->jit = std::move(*jit);
  code->setDataLayout(execution->jit->getDataLayout());
  if (auto error = execution->jit->addIRModule(
          llvm::orc::ThreadSafeModule(std::move(code), std::move(context))))
    return emitError(loc) << llvm::toString(std::move(error)), failure();
  return std::move(execution);
}

std::vector<Array> Execution::run(StringRef function, ArrayRef<Array> inputs) {
  std::vector<Array> arguments(inputs), results;
  for (Type type : resultTypes[function])
    results.emplace_back(cast<RankedTensorType>(type));
  std::vector<char *> pointers;
  for (Array &argument : arguments)
    pointers.push_back(argument.data());
  for (Array &result : results)
    pointers.push_back(result.data());
  auto entry = jit->lookup(("packed." + function).str());
  if (!entry)
    llvm::report_fatal_error(entry.takeError());
  entry->toPtr<void (*)(char **)>()(pointers.data());
  return results;
}
