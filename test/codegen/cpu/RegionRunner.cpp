//===- RegionRunner.cpp - Runs a region as loops and as scheduled ---------===//
#include "test/codegen/cpu/RegionRunner.h"

#include "codegen/cpu/CompileToObject.h"
#include "codegen/cpu/Pipeline.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/APFloat.h"
#include <cstring>

using namespace mlir;
using namespace msc::test;

Tensor::Tensor(std::string type, std::vector<int64_t> shape)
    : type(std::move(type)), shape(std::move(shape)) {
  lines.resize(count() * elementBytes() / sizeof(Line) + 1);
}

int64_t Tensor::count() const {
  int64_t n = 1;
  for (int64_t size : shape)
    n *= size;
  return n;
}

unsigned Tensor::elementBytes() const {
  if (type == "i1" || type == "i8")
    return 1;
  if (type == "f16" || type == "bf16" || type == "i16")
    return 2;
  return type == "f64" || type == "i64" ? 8 : 4;
}

template <typename T> static T read(const char *from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

static const llvm::fltSemantics &semantics(const std::string &type) {
  return type == "f16" ? llvm::APFloat::IEEEhalf() : llvm::APFloat::BFloat();
}

double Tensor::get(int64_t index) const {
  const char *at = data() + index * elementBytes();
  if (type == "f32")
    return read<float>(at);
  if (type == "f64")
    return read<double>(at);
  if (type == "i64")
    return double(read<int64_t>(at));
  if (type == "i32")
    return read<int32_t>(at);
  if (type == "i16")
    return read<int16_t>(at);
  if (type == "i8" || type == "i1")
    return read<int8_t>(at);
  llvm::APFloat value(semantics(type), llvm::APInt(16, read<uint16_t>(at)));
  bool lost;
  value.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven,
                &lost);
  return value.convertToDouble();
}

template <typename T> static void write(char *to, T value) {
  std::memcpy(to, &value, sizeof(T));
}

void Tensor::set(int64_t index, double value) {
  char *at = data() + index * elementBytes();
  if (type == "f32")
    return write(at, float(value));
  if (type == "f64")
    return write(at, value);
  if (type == "i64")
    return write(at, int64_t(value));
  if (type == "i32")
    return write(at, int32_t(value));
  if (type == "i16")
    return write(at, int16_t(value));
  if (type == "i8")
    return write(at, int8_t(value));
  if (type == "i1")
    return write(at, int8_t(value > 0));
  llvm::APFloat converted(value);
  bool lost;
  converted.convert(semantics(type), llvm::APFloat::rmNearestTiesToEven, &lost);
  write(at, uint16_t(converted.bitcastToAPInt().getZExtValue()));
}

static MLIRContext &sharedContext() {
  static MLIRContext *context = [] {
    DialectRegistry registry;
    registerAllDialects(registry);
    registerAllExtensions(registry);
    msc::cpu::registerTranslations(registry);
    auto *made = new MLIRContext(registry, MLIRContext::Threading::DISABLED);
    made->loadAllAvailableDialects();
    return made;
  }();
  return *context;
}

/// A single-threaded stand-in for the runtime's pool that splits the range at
/// odd places.
static void parallelFor(int64_t n, void (*body)(void *, int64_t, int64_t),
                        void *closure) {
  int64_t middle = n / 3;
  if (middle > 0)
    body(closure, 0, middle);
  body(closure, middle, n);
}

CompiledRegion::CompiledRegion(const std::string &text, const Mode &mode) {
  MLIRContext &context = sharedContext();
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      failure += diagnostic.str() + "\n";
    return success();
  });
  auto module = parseSourceString<ModuleOp>(text, &context);
  if (!module) {
    failure += "the region does not parse:\n" + text;
    return;
  }
  auto function = module->lookupSymbol<func::FuncOp>("f");
  function->setAttr("llvm.emit_c_interface", UnitAttr::get(&context));
  // Otherwise equivalent results aren't dropped.
  function.setPrivate();
  if (mode.schedule == "loops") {
    // Bufferisation alone doesn't promise that a result is in its destination.
    auto *terminator = function.getBody().front().getTerminator();
    OpBuilder builder(terminator);
    Value out = function.getArguments().back();
    terminator->setOperand(0, bufferization::MaterializeInDestinationOp::create(
                                  builder, function.getLoc(), out.getType(),
                                  terminator->getOperand(0), out)
                                  .getResult());
  }

  cpu::CpuPipelineOptions options;
  options.march = mode.march;
  options.schedule = mode.schedule;
  options.fp = mode.fp;
  options.threads = mode.threads;
  PassManager scheduling(&context);
  cpu::buildCpuPipeline(scheduling, options);
  if (failed(scheduling.run(*module))) {
    failure += "scheduling failed\n";
    return;
  }
  function = module->lookupSymbol<func::FuncOp>("f");
  scheduleText =
      function->getAttrOfType<StringAttr>("cpu.schedule").getValue().str();

  PassManager lowering(&context);
  lowering.addPass(createCanonicalizerPass());
  lowering.addPass(createCSEPass());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  lowering.addPass(bufferization::createOneShotBufferizePass(bufferize));
  lowering.addPass(createCanonicalizerPass());
  lowering.addPass(createCSEPass());
  lowering.addPass(bufferization::createDropEquivalentBufferResultsPass());
  if (failed(lowering.run(*module))) {
    failure += "bufferisation failed\n";
    return;
  }
  // Scratch; in a model it lies in the arena.
  module->walk([](memref::AllocOp scratch) {
    OpBuilder builder(scratch->getBlock()->getTerminator());
    memref::DeallocOp::create(builder, scratch.getLoc(), scratch);
  });
  lowering.clear();
  cpu::buildLlvmPipeline(lowering, options);
  if (failed(lowering.run(*module))) {
    failure += "lowering failed\n";
    return;
  }
  auto target = cpu::CpuTarget::get("", mode.march);
  if (!target) {
    failure += llvm::toString(target.takeError());
    return;
  }
  bool hasResult = false;
  module->walk([&](LLVM::LLVMFuncOp op) {
    if (op.getName() == "_mlir_ciface_f")
      hasResult =
          !isa<LLVM::LLVMVoidType>(op.getFunctionType().getReturnType()) ||
          op.getArgAttr(0, "llvm.sret");
    hasResult |= op.getName() == "f" &&
                 !isa<LLVM::LLVMVoidType>(op.getFunctionType().getReturnType());
  });
  if (hasResult) {
    failure += "the result is not computed in its destination\n";
    return;
  }
  auto made = cpu::Jit::create(
      *module, *target, mode.schedule == "loops" ? 1 : 2,
      {{"msc_rt_parallel_for", reinterpret_cast<void *>(&parallelFor)}});
  if (!made) {
    failure += llvm::toString(made.takeError());
    return;
  }
  jit = std::move(*made);
  auto address = jit->lookup("_mlir_ciface_f");
  if (!address) {
    failure += llvm::toString(address.takeError());
    return;
  }
  entry = *address;
}

void CompiledRegion::bind(const std::vector<Tensor *> &arguments) {
  descriptors.clear();
  pointers.clear();
  for (Tensor *tensor : arguments) {
    auto data = reinterpret_cast<int64_t>(tensor->data());
    std::vector<int64_t> descriptor{data, data, 0};
    for (int64_t size : tensor->shape)
      descriptor.push_back(size);
    for (unsigned i = 0; i < tensor->shape.size(); ++i) {
      int64_t stride = 1;
      for (unsigned j = i + 1; j < tensor->shape.size(); ++j)
        stride *= tensor->shape[j];
      descriptor.push_back(stride);
    }
    descriptors.push_back(std::move(descriptor));
  }
  for (auto &descriptor : descriptors)
    pointers.push_back(descriptor.data());
  pointers.resize(8);
}

void CompiledRegion::call() const {
  using Entry =
      void (*)(void *, void *, void *, void *, void *, void *, void *, void *);
  // Arguments beyond those that the function has are ignored by the ABI.
  reinterpret_cast<Entry>(entry)(pointers[0], pointers[1], pointers[2],
                                 pointers[3], pointers[4], pointers[5],
                                 pointers[6], pointers[7]);
}
