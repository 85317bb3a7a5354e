//===- CodeParts.h - A program in parts that compile alone ------*- C++ -*-===//
//
// Most of a compilation is LLVM's work on the regions, which know nothing of
// each other. So a program is cut into parts of some regions each, and these
// are compiled on several threads. How it is cut follows from the program
// alone, and so does every object: the number of threads changes nothing but
// the time.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_CPU_CODEPARTS_H
#define MSC_CODEGEN_CPU_CODEPARTS_H

#include "codegen/cpu/CpuTarget.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace llvm {
class ThreadPoolInterface;
} // namespace llvm

namespace msc::cpu {

/// Cuts a module in the LLVM dialect, which is empty afterwards, into modules
/// to be linked together. A function stands in the part of the one that takes
/// its address; functions that are only called may stand in any. What one part
/// defines and another one refers to becomes a hidden symbol, whose name gets
/// `prefix` so that several programs can be linked into one; arguments that
/// such a function does not use are dropped. Parts have about `opsPerPart` ops
/// or more, unless a single function has.
std::vector<mlir::OwningOpRef<mlir::ModuleOp>>
splitCode(mlir::ModuleOp module, llvm::StringRef prefix,
          unsigned opsPerPart = 1500);

using ObjectCode = llvm::SmallVector<char, 0>;

/// The objects of the modules, in their order. `pool` may be null: then nothing
/// runs beside the caller. Changes the modules.
llvm::Expected<std::vector<ObjectCode>>
compileParts(llvm::ArrayRef<mlir::OwningOpRef<mlir::ModuleOp>> parts,
             const CpuTarget &target, unsigned optLevel,
             llvm::ThreadPoolInterface *pool);

} // namespace msc::cpu

#endif // MSC_CODEGEN_CPU_CODEPARTS_H
