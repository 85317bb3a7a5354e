//===- Reducer.h - Smaller programs that still fail -------------*- C++ -*-===//
//
// Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating
// failure-inducing input", 2002) of a module: edits are tried on runs of ops,
// first long ones, then shorter ones down to a single op, and kept where the
// program is valid and the test still finds it interesting.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_TOOLS_MSCREDUCE_REDUCER_H
#define MSC_TOOLS_MSCREDUCE_REDUCER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace msc {

class Reducer {
public:
  /// Whether a program still shows what is looked for.
  using InterestingFn = llvm::function_ref<bool(mlir::ModuleOp)>;

  Reducer(mlir::OwningOpRef<mlir::ModuleOp> module, InterestingFn isInteresting)
      : module(std::move(module)), isInteresting(isInteresting) {}

  /// Until no edit makes the program smaller. The module has to be interesting.
  void run();

  mlir::ModuleOp getModule() { return *module; }
  unsigned getNumTrials() const { return trials; }

private:
  /// Changes one op; false where it can't. The op may be gone then, and others
  /// that it alone used are dead.
  using EditFn = bool (*)(mlir::Operation *);

  /// Tries an edit on runs of all lengths.
  bool tryEdit(EditFn edit);
  /// Tries it on ops [begin, end), numbered as the module is walked.
  bool tryRange(EditFn edit, size_t begin, size_t end);

  mlir::OwningOpRef<mlir::ModuleOp> module;
  InterestingFn isInteresting;
  unsigned trials = 0;
};

} // namespace msc

#endif // MSC_TOOLS_MSCREDUCE_REDUCER_H
