//===- Jit.cpp - Compiled code that runs in this process ------------------===//
#include "codegen/cpu/Jit.h"

#include "codegen/cpu/CompileToObject.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Target/TargetMachine.h"

using namespace msc::cpu;

Jit::Jit(std::unique_ptr<llvm::orc::LLJIT> engine)
    : engine(std::move(engine)) {}
Jit::~Jit() = default;

llvm::Expected<std::unique_ptr<Jit>> Jit::create(mlir::ModuleOp module,
                                                 const CpuTarget &target,
                                                 unsigned optLevel,
                                                 Symbols symbols) {
  llvm::SmallVector<char> object;
  llvm::raw_svector_ostream stream(object);
  if (auto error = compileToObject(module, target, optLevel, stream))
    return std::move(error);

  auto machine = target.createTargetMachine(optLevel);
  if (!machine)
    return machine.takeError();
  llvm::orc::JITTargetMachineBuilder builder((*machine)->getTargetTriple());
  builder.setCPU(target.cpu);
  auto engine = llvm::orc::LLJITBuilder()
                    .setJITTargetMachineBuilder(std::move(builder))
                    .create();
  if (!engine)
    return engine.takeError();
  auto &library = (*engine)->getMainJITDylib();
  auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      (*engine)->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  library.addGenerator(std::move(*process));
  llvm::orc::SymbolMap own;
  for (auto &[name, address] : symbols)
    own[(*engine)->mangleAndIntern(name)] = {
        llvm::orc::ExecutorAddr::fromPtr(address),
        llvm::JITSymbolFlags::Exported};
  if (auto error = library.define(llvm::orc::absoluteSymbols(std::move(own))))
    return std::move(error);
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(
      llvm::StringRef(object.data(), object.size()), "msc");
  if (auto error = (*engine)->addObjectFile(std::move(buffer)))
    return std::move(error);
  return std::unique_ptr<Jit>(new Jit(std::move(*engine)));
}

llvm::Expected<void *> Jit::lookup(llvm::StringRef name) {
  auto symbol = engine->lookup(name);
  if (!symbol)
    return symbol.takeError();
  return symbol->toPtr<void *>();
}
