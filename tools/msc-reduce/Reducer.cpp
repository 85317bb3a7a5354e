#include "tools/msc-reduce/Reducer.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace msc;

//===----------------------------------------------------------------------===//
// Edits
//===----------------------------------------------------------------------===//

/// A function, a global, or an op without results amid others.
static bool erase(Operation *op) {
  if (op->getNumResults() != 0 || op->hasTrait<OpTrait::IsTerminator>())
    return false;
  op->erase();
  return true;
}

/// op(x, y) -> x, if all results have such operands.
static bool replaceByOperands(Operation *op) {
  if (op->getNumResults() == 0)
    return false;
  SmallVector<Value> values;
  for (Value result : op->getResults()) {
    auto same = llvm::find_if(op->getOperands(), [&](Value operand) {
      return operand.getType() == result.getType();
    });
    if (same == op->getOperands().end())
      return false;
    values.push_back(*same);
  }
  op->replaceAllUsesWith(values);
  op->erase();
  return true;
}

/// op { ... yield x } -> ... x, for the first region that takes no arguments.
static bool inlineRegion(Operation *op) {
  for (Region &region : op->getRegions()) {
    if (!region.hasOneBlock() || region.getNumArguments() != 0 ||
        !op->getBlock() || isa<SymbolOpInterface>(op))
      continue;
    Block &block = region.front();
    if (!block.mightHaveTerminator() ||
        block.getTerminator()->getOperandTypes() != op->getResultTypes())
      continue;
    Operation *yield = block.getTerminator();
    op->replaceAllUsesWith(yield->getOperands());
    yield->erase();
    op->getBlock()->getOperations().splice(op->getIterator(),
                                           block.getOperations());
    op->erase();
    return true;
  }
  return false;
}

/// op(x) -> 0
static bool replaceByZeros(Operation *op) {
  if (op->getNumResults() == 0 || op->hasTrait<OpTrait::ConstantLike>())
    return false;
  OpBuilder builder(op);
  SmallVector<Value> values;
  for (Type type : op->getResultTypes()) {
    auto shaped = dyn_cast<ShapedType>(type);
    TypedAttr zero;
    if (!shaped || (isa<RankedTensorType>(type) && shaped.hasStaticShape()))
      zero = builder.getZeroAttr(type);
    if (!zero)
      return false;
    values.push_back(arith::ConstantOp::create(builder, op->getLoc(), zero));
  }
  op->replaceAllUsesWith(values);
  op->erase();
  return true;
}

/// A function returns nothing.
static bool dropResults(Operation *op) {
  auto function = dyn_cast<func::FuncOp>(op);
  if (!function || function.isDeclaration() || function.getNumResults() == 0)
    return false;
  BitVector all(function.getNumResults(), true);
  if (failed(function.eraseResults(all)))
    return false;
  function.walk([](func::ReturnOp result) { result->setOperands({}); });
  return true;
}

/// A function takes what it uses.
static bool dropArguments(Operation *op) {
  auto function = dyn_cast<func::FuncOp>(op);
  if (!function || function.isDeclaration())
    return false;
  BitVector unused(function.getNumArguments());
  for (BlockArgument argument : function.getArguments())
    if (argument.use_empty())
      unused.set(argument.getArgNumber());
  return unused.any() && succeeded(function.eraseArguments(unused));
}

static bool dropAttributes(Operation *op) {
  if (isa<ModuleOp>(op) || op->getDiscardableAttrs().empty())
    return false;
  op->setDiscardableAttrs(DictionaryAttr::get(op->getContext()));
  return true;
}

//===----------------------------------------------------------------------===//
// Trials
//===----------------------------------------------------------------------===//

/// All ops but the module itself, in a fixed order.
static SmallVector<Operation *> opsOf(ModuleOp module) {
  SmallVector<Operation *> ops;
  module->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op != module)
      ops.push_back(op);
  });
  return ops;
}

bool Reducer::tryRange(EditFn edit, size_t begin, size_t end) {
  OwningOpRef<ModuleOp> copy = module->clone();
  SmallVector<Operation *> ops = opsOf(*copy);
  bool changed = false;
  // From the end, so that what an op holds goes before the op.
  for (size_t i = end; i-- > begin;) {
    // An op that others use stays, unless the edit gives them something else.
    bool isErasing = edit == erase;
    if (isErasing && isa<SymbolOpInterface>(ops[i]) &&
        !SymbolTable::symbolKnownUseEmpty(ops[i], *copy))
      continue;
    changed |= edit(ops[i]);
  }
  if (!changed)
    return false;
  IRRewriter rewriter(copy->getContext());
  for (Operation &op : *copy->getBody())
    (void)runRegionDCE(rewriter, op.getRegions());
  {
    ScopedDiagnosticHandler quiet(copy->getContext(),
                                  [](Diagnostic &) { return success(); });
    if (failed(verify(*copy)))
      return false;
  }
  ++trials;
  if (!isInteresting(*copy))
    return false;
  module = std::move(copy);
  return true;
}

bool Reducer::tryEdit(EditFn edit) {
  bool changed = false;
  size_t count = opsOf(*module).size();
  for (size_t length = count; length > 0; length /= 2) {
    // Runs that come before others are numbered the same when those are gone.
    for (size_t end = opsOf(*module).size(); end > 0;) {
      size_t begin = end > length ? end - length : 0;
      changed |= tryRange(edit, begin, end);
      end = std::min(begin, opsOf(*module).size());
    }
  }
  return changed;
}

void Reducer::run() {
  bool changed = true;
  while (changed) {
    changed = false;
    for (EditFn edit : {EditFn(erase), EditFn(replaceByOperands),
                        EditFn(inlineRegion), EditFn(replaceByZeros),
                        EditFn(dropResults), EditFn(dropArguments),
                        EditFn(dropAttributes)})
      changed |= tryEdit(edit);
  }
}
