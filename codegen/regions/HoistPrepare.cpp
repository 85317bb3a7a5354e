//===- HoistPrepare.cpp - what depends on parameters only is done once ----===//
//
// Packed and transposed weights, folded scales: whatever @main would compute
// from parameters alone moves to @prepare, which the compiler runs itself. The
// results become the weights of the artefact.
//
// Not everything that could move should: a broadcast would turn a vector of
// weights into a tensor of them. Such ops stay in @main and only what they
// read moves.
//
//===----------------------------------------------------------------------===//

#include "analysis/RegionCost.h"
#include "codegen/regions/FusionGroups.h"
#include "codegen/regions/Passes.h"
#include "dialects/plan/Plan.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

namespace msc::codegen {
#define GEN_PASS_DEF_LINALGHOISTPREPARE
#include "codegen/regions/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using namespace msc::codegen;

// Everything that `op` refers to, captured values of its regions included.
static SmallVector<Value> getDependences(Operation *op) {
  SmallVector<Value> values(op->getOperands());
  op->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (inner != op &&
          !op->isAncestor(operand.getParentRegion()->getParentOp()))
        values.push_back(operand);
  });
  return values;
}

// Whether running `op` at compile time saves more than loading its result
// costs: it is more than a view or a constant, and is not a cheap op that makes
// more data than it reads.
static bool isWorthHoisting(Operation *op) {
  // What a loop begins with is overwritten: it would have to be copied.
  if (llvm::any_of(op->getUsers(), [](Operation *user) {
        return isa<LoopLikeOpInterface>(user);
      }))
    return false;
  if (isa<linalg::PackOp, linalg::UnPackOp, tensor::PadOp, tensor::ConcatOp,
          tensor::InsertSliceOp>(op))
    return true;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp || isa<linalg::FillOp>(op))
    return false;
  if (!isCheapToRecompute(linalgOp))
    return true;
  int64_t read = 0, written = 0;
  auto add = [](int64_t &sum, Value value) {
    if (auto type = dyn_cast<RankedTensorType>(value.getType()))
      sum += analysis::countBytes(type).value_or(0);
  };
  for (Value input : linalgOp.getDpsInputs())
    add(read, input);
  for (Value result : op->getResults())
    add(written, result);
  return written <= read;
}

namespace {

class PrepareHoister {
public:
  explicit PrepareHoister(func::FuncOp main) : main(main) {}

  void findDerived();
  void findResults();
  bool hasResults() const { return !results.empty(); }
  void createPrepare();
  void replaceInMain();

private:
  void collect(Region &region);
  bool isParameter(unsigned arg) {
    return bool(main.getArgAttr(arg, "graph.parameter"));
  }
  void demand(Value value);

  func::FuncOp main;
  /// Of the function, its loops and its branches, in program order.
  SmallVector<Operation *> ops;
  DenseSet<Value> derived;        // computable before any input is known
  llvm::SetVector<Value> results; // of @prepare
  DenseSet<Value> demanded;
};

} // namespace

void PrepareHoister::findDerived() {
  for (BlockArgument arg : main.getArguments())
    if (isParameter(arg.getArgNumber()))
      derived.insert(arg);
  collect(main.getBody());
}

// Loops and branches are entered: a weight that is used in one may as well be
// packed before it.
static bool isEntered(Operation &op) {
  return isa<scf::ForOp, scf::IfOp, scf::WhileOp>(op);
}

void PrepareHoister::collect(Region &region) {
  for (Operation &op : region.getOps()) {
    ops.push_back(&op);
    if (!op.hasTrait<OpTrait::IsTerminator>() &&
        (isPure(&op) || isMemoryEffectFree(&op)) &&
        llvm::all_of(getDependences(&op),
                     [&](Value value) { return derived.contains(value); }))
      derived.insert(op.result_begin(), op.result_end());
    else if (isEntered(op))
      for (Region &inner : op.getRegions())
        collect(inner);
  }
}

// @main needs `value`: as a result of @prepare, or computed from such.
void PrepareHoister::demand(Value value) {
  if (!derived.contains(value) || !demanded.insert(value).second)
    return;
  Operation *def = value.getDefiningOp();
  if (!def)
    return;
  if (isWorthHoisting(def) &&
      cast<ShapedType>(value.getType()).hasStaticShape()) {
    results.insert(value);
    return;
  }
  for (Value operand : getDependences(def))
    demand(operand);
}

void PrepareHoister::findResults() {
  for (Operation *op : ops)
    if (op->getNumResults() == 0 || !derived.contains(op->getResult(0)))
      for (Value value : isEntered(*op) ? SmallVector<Value>(op->getOperands())
                                        : getDependences(op))
        demand(value);
}

void PrepareHoister::createPrepare() {
  // The ops behind the results, in program order.
  DenseSet<Operation *> needed;
  llvm::SetVector<Value> worklist(results.begin(), results.end());
  llvm::SetVector<Value> parameters;
  for (size_t i = 0; i < worklist.size(); ++i) {
    Operation *def = worklist[i].getDefiningOp();
    if (!def)
      parameters.insert(worklist[i]);
    else if (needed.insert(def).second)
      worklist.insert_range(getDependences(def));
  }
  SmallVector<Value> args = parameters.takeVector();
  llvm::sort(args, [](Value a, Value b) {
    return cast<BlockArgument>(a).getArgNumber() <
           cast<BlockArgument>(b).getArgNumber();
  });

  OpBuilder builder(main);
  auto prepare = func::FuncOp::create(
      builder, main.getLoc(), "prepare",
      builder.getFunctionType(ValueRange(args).getTypes(),
                              ValueRange(results.getArrayRef()).getTypes()));
  prepare->setAttr("msc.prepare", builder.getUnitAttr());
  builder.setInsertionPointToStart(prepare.addEntryBlock());
  IRMapping mapping;
  for (auto [number, arg] : llvm::enumerate(args)) {
    mapping.map(arg, prepare.getArgument(number));
    prepare.setArgAttrs(number,
                        mlir::function_interface_impl::getArgAttrs(
                            main, cast<BlockArgument>(arg).getArgNumber()));
  }
  for (Operation *op : ops)
    if (needed.contains(op))
      builder.clone(*op, mapping);
  SmallVector<Value> returned;
  for (Value result : results)
    returned.push_back(mapping.lookup(result));
  func::ReturnOp::create(builder, main.getLoc(), returned);
}

void PrepareHoister::replaceInMain() {
  Builder builder(main.getContext());
  for (auto [number, result] : llvm::enumerate(results.takeVector())) {
    unsigned arg = main.getNumArguments();
    NamedAttribute index(builder.getStringAttr(plan::kPreparedAttr),
                         builder.getI64IntegerAttr(number));
    (void)main.insertArgument(arg, result.getType(),
                              builder.getDictionaryAttr(index),
                              result.getLoc());
    result.replaceAllUsesWith(main.getArgument(arg));
  }
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
  llvm::BitVector unused(main.getNumArguments());
  for (BlockArgument arg : main.getArguments())
    if (isParameter(arg.getArgNumber()) && arg.use_empty())
      unused.set(arg.getArgNumber());
  (void)main.eraseArguments(unused);
}

namespace {

struct HoistPrepare : codegen::impl::LinalgHoistPrepareBase<HoistPrepare> {
  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!main || main.isDeclaration())
      return;
    PrepareHoister hoister(main);
    hoister.findDerived();
    hoister.findResults();
    if (!hoister.hasResults())
      return;
    if (Operation *other = getOperation().lookupSymbol("prepare")) {
      other->emitError("expected no symbol 'prepare' yet");
      return signalPassFailure();
    }
    hoister.createPrepare();
    hoister.replaceInMain();
  }
};

} // namespace
