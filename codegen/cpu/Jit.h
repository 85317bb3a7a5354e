//===- Jit.h - Compiled code that runs in this process ----------*- C++ -*-===//
#ifndef MSC_CODEGEN_CPU_JIT_H
#define MSC_CODEGEN_CPU_JIT_H

#include "codegen/cpu/CpuTarget.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>
#include <utility>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace msc::cpu {

/// A module in the LLVM dialect, compiled to an object by the same route as an
/// artefact and loaded here. Symbols that it lacks are looked up in `symbols`,
/// then in this process (libm and libc are there).
class Jit {
public:
  using Symbols = llvm::ArrayRef<std::pair<llvm::StringRef, void *>>;

  static llvm::Expected<std::unique_ptr<Jit>> create(mlir::ModuleOp module,
                                                     const CpuTarget &target,
                                                     unsigned optLevel,
                                                     Symbols symbols = {});
  ~Jit();

  /// The address of a function; an error if there is none of this name.
  llvm::Expected<void *> lookup(llvm::StringRef name);

private:
  explicit Jit(std::unique_ptr<llvm::orc::LLJIT> engine);
  std::unique_ptr<llvm::orc::LLJIT> engine;
};

} // namespace msc::cpu

#endif
