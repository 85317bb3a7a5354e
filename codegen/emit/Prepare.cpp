//===- Prepare.cpp - Running @prepare at compile time ---------------------===//
//
// Packing and folding of parameters is compiled for the machine at hand by the
// same lowering as everything else and run once, straight from the mapped model
// file into the mapped artefact: no parameter is ever held in memory.
//
//===----------------------------------------------------------------------===//

#include "codegen/emit/Prepare.h"
#include "codegen/cpu/CompileToObject.h"
#include "codegen/cpu/Pipeline.h"
#include "codegen/emit/MappedPages.h"
#include "codegen/emit/Passes.h"
#include "codegen/emit/PointerCall.h"
#include "dialects/graph/Graph.h"
#include "dialects/plan/Plan.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace msc;
using namespace msc::emit;

OwningOpRef<ModuleOp> msc::emit::takePrepare(ModuleOp module) {
  auto prepare = module.lookupSymbol<func::FuncOp>("prepare");
  if (!prepare)
    return {};
  OwningOpRef<ModuleOp> taken = ModuleOp::create(prepare.getLoc());
  prepare->remove();
  taken->push_back(prepare);
  // Constants that bufferisation has made globals.
  SymbolTable symbols(*taken);
  prepare.walk([&](memref::GetGlobalOp use) {
    if (symbols.lookup(use.getName()))
      return;
    if (Operation *global = module.lookupSymbol(use.getName()))
      symbols.insert(global->clone(), taken->getBody()->begin());
  });
  return taken;
}

FailureOr<SmallVector<WeightSource>>
msc::emit::readWeightSources(func::FuncOp main) {
  FailureOr<Signature> signature = readSignature(main);
  if (failed(signature))
    return failure();
  SmallVector<WeightSource> sources;
  for (auto [argument, offset, bytes] : signature->weights) {
    WeightSource source{offset, bytes, -1, {}};
    if (auto prepared =
            main.getArgAttrOfType<IntegerAttr>(argument, plan::kPreparedAttr)) {
      source.prepared = prepared.getInt();
    } else {
      auto blob = main.getArgAttrOfType<graph::FileBlobAttr>(
          argument, graph::GraphDialect::kParameterAttr);
      if (blob.getLength() != bytes)
        return main.emitError() << "expected " << bytes
                                << " bytes for a parameter, got "
                                << blob.getLength();
      source.blob = blob;
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

using Mapping = std::unique_ptr<llvm::MemoryBuffer>;

/// Maps the bytes, after checking that they lie inside the file, and that they
/// are what was imported. `pages`, which must not outlive the mapping, gives
/// them back.
static FailureOr<Mapping> mapBlob(graph::FileBlobAttr blob, MappedPages &pages,
                                  Location loc) {
  StringRef path = blob.getPath();
  uint64_t offset = blob.getOffset(), bytes = blob.getLength(), size;
  if (std::error_code error = llvm::sys::fs::file_size(path, size))
    return emitError(loc) << "can't read parameters from '" << path
                          << "': " << error.message();
  if (bytes > size || offset > size - bytes)
    return emitError(loc) << "expected " << bytes << " bytes at " << offset
                          << " of '" << path << "', got a file of " << size;
  auto buffer = llvm::MemoryBuffer::getFileSlice(path, bytes, offset);
  if (!buffer)
    return emitError(loc) << "can't read parameters from '" << path
                          << "': " << buffer.getError().message();
  // LLVM reads short pieces instead of mapping them.
  if ((*buffer)->getBufferKind() == llvm::MemoryBuffer::MemoryBuffer_MMap)
    pages.add(ArrayRef<char>((*buffer)->getBufferStart(), bytes));
  uint64_t hash = llvm::xxh3_64bits((*buffer)->getBuffer());
  if (!blob.getHash().empty() &&
      blob.getHash() != llvm::utohexstr(hash, /*LowerCase=*/true, 16))
    return emitError(loc) << "'" << path
                          << "' has changed since it was imported";
  return std::move(*buffer);
}

//===----------------------------------------------------------------------===//
// @prepare
//===----------------------------------------------------------------------===//

static constexpr StringLiteral kRunPrepare = "msc_run_prepare";

/// On tensors -> on buffers, results through arguments.
static LogicalResult bufferise(ModuleOp module) {
  PassManager pm(module.getContext());
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(bufferization::createOneShotBufferizePass(options));
  bufferization::BufferResultsToOutParamsPassOptions results;
  results.hoistStaticAllocs = true;
  results.modifyPublicFunctions = true;
  pm.addPass(bufferization::createBufferResultsToOutParamsPass(results));
  bufferization::buildBufferDeallocationPipeline(
      pm, bufferization::BufferDeallocationPipelineOptions());
  pm.addPass(createEmitOutlinePrepare());
  return pm.run(module);
}

/// Adds `void msc_run_prepare(void **buffers)`, which calls @prepare with one
/// buffer an argument.
static void addPointerEntry(ModuleOp module, func::FuncOp prepare) {
  Location loc = prepare.getLoc();
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  MLIRContext *context = module.getContext();
  auto function = LLVM::LLVMFuncOp::create(
      builder, loc, kRunPrepare,
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context),
                                  {LLVM::LLVMPointerType::get(context)}));
  OpBuilder body = OpBuilder::atBlockBegin(function.addEntryBlock(builder));
  SmallVector<Value> arguments;
  for (auto [index, type] : llvm::enumerate(prepare.getArgumentTypes()))
    arguments.push_back(memrefAt(
        body, loc, cast<MemRefType>(type),
        loadPointer(body, loc, function.getArgument(0), index), {}));
  func::CallOp::create(body, loc, prepare, arguments);
  LLVM::ReturnOp::create(body, loc, ValueRange());
}

/// Compiles for this machine.
static llvm::Expected<llvm::SmallVector<char, 0>> compileHere(ModuleOp module) {
  PassManager pm(module.getContext());
  cpu::CpuPipelineOptions options;
  cpu::buildLlvmPipeline(pm, options);
  if (failed(pm.run(module)))
    return llvm::createStringError("can't lower the preparation of parameters");
  auto target = cpu::CpuTarget::get();
  if (!target)
    return target.takeError();
  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream stream(object);
  if (llvm::Error error = cpu::compileToObject(module, *target, 2, stream))
    return std::move(error);
  return object;
}

static llvm::Error runObject(ArrayRef<char> object, ArrayRef<void *> buffers) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto jit = llvm::orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      (*jit)->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  (*jit)->getMainJITDylib().addGenerator(std::move(*process));
  if (llvm::Error error =
          (*jit)->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
              StringRef(object.data(), object.size()), "prepare")))
    return error;
  auto symbol = (*jit)->lookup(kRunPrepare);
  if (!symbol)
    return symbol.takeError();
  symbol->toPtr<void (*)(void *const *)>()(buffers.data());
  return llvm::Error::success();
}

/// The parameters that @prepare reads. LLVM's buffers may be unaligned, which
/// the code that is generated here allows (it is plain loops).
static FailureOr<SmallVector<Mapping>> mapParameters(func::FuncOp prepare,
                                                     MappedPages &pages) {
  SmallVector<Mapping> files;
  for (unsigned argument = 0; argument < prepare.getNumArguments();
       ++argument) {
    auto blob = prepare.getArgAttrOfType<graph::FileBlobAttr>(
        argument, graph::GraphDialect::kParameterAttr);
    auto file = mapBlob(blob, pages, prepare.getLoc());
    if (failed(file))
      return failure();
    files.push_back(std::move(*file));
  }
  return files;
}

/// `files` holds the parameters of @prepare.
static LogicalResult runPrepare(ModuleOp module, ArrayRef<Mapping> files,
                                ArrayRef<WeightSource> sources,
                                MutableArrayRef<char> section) {
  auto prepare = module.lookupSymbol<func::FuncOp>("prepare");
  Location loc = prepare.getLoc();
  SmallVector<void *> buffers;
  for (const Mapping &file : files)
    buffers.push_back(const_cast<char *>(file->getBufferStart()));
  unsigned numParameters = files.size();
  unsigned numResults = prepare.getNumResults();
  buffers.resize(numParameters + numResults);
  for (const WeightSource &source : sources)
    if (source.prepared >= 0)
      buffers[numParameters + source.prepared] =
          section.data() + source.offset;

  prepare->removeAttr("msc.prepare");
  if (failed(bufferise(module)))
    return failure();
  prepare = module.lookupSymbol<func::FuncOp>("prepare");
  addPointerEntry(module, prepare);
  auto object = compileHere(module);
  llvm::Error error = object ? runObject(*object, buffers) : object.takeError();
  if (error)
    return emitError(loc) << "can't prepare parameters: "
                          << llvm::toString(std::move(error));
  return success();
}

/// Copies what the program takes as it is.
static LogicalResult copyParameters(ArrayRef<WeightSource> sources,
                                    SmallVectorImpl<Mapping> &files,
                                    MappedPages &pages,
                                    MutableArrayRef<char> section,
                                    Location loc) {
  for (const WeightSource &source : sources) {
    if (source.prepared >= 0 || source.bytes == 0)
      continue;
    auto file = mapBlob(source.blob, pages, loc);
    if (failed(file))
      return failure();
    memcpy(section.data() + source.offset, (*file)->getBufferStart(),
           source.bytes);
    files.push_back(std::move(*file));
  }
  return success();
}

LogicalResult msc::emit::fillWeights(ModuleOp prepare,
                                     ArrayRef<WeightSource> sources,
                                     MutableArrayRef<char> section,
                                     Location loc) {
  SmallVector<Mapping> copied, prepared; // before `pages`, as they outlive it
  MappedPages pages;
  pages.add(section);
  if (failed(copyParameters(sources, copied, pages, section, loc)))
    return failure();
  if (!prepare)
    return success();
  auto files =
      mapParameters(prepare.lookupSymbol<func::FuncOp>("prepare"), pages);
  if (failed(files))
    return failure();
  prepared = std::move(*files);
  return runPrepare(prepare, prepared, sources, section);
}
