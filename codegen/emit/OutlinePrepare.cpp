//===- OutlinePrepare.cpp - one function for all steps of a kind ----------===//
//
// A network repeats its layers in many shapes, and the preparation of its
// parameters consists of the same few steps for each. Run once, they need to
// compile fast rather than to run fast.
//
//===----------------------------------------------------------------------===//

#include "codegen/emit/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/StringMap.h"

namespace msc::emit {
#define GEN_PASS_DEF_EMITOUTLINEPREPARE
#include "codegen/emit/Passes.h.inc"
} // namespace msc::emit

using namespace mlir;
using namespace msc;

/// The type with all that may differ between steps of one kind left open. An
/// innermost stride of 1 stays, since vectors want it.
static MemRefType openType(MemRefType type) {
  SmallVector<int64_t> strides(type.getRank(), ShapedType::kDynamic);
  SmallVector<int64_t> known;
  int64_t offset;
  if (succeeded(type.getStridesAndOffset(known, offset)) && !known.empty() &&
      known.back() == 1)
    strides.back() = 1;
  auto layout = StridedLayoutAttr::get(type.getContext(), ShapedType::kDynamic,
                                       strides);
  return MemRefType::get(
      SmallVector<int64_t>(type.getRank(), ShapedType::kDynamic),
      type.getElementType(), layout, type.getMemorySpace());
}

namespace {

struct OutlinePrepare : emit::impl::EmitOutlinePrepareBase<OutlinePrepare> {
  void runOnOperation() override {
    auto prepare = getOperation().lookupSymbol<func::FuncOp>("prepare");
    if (!prepare || prepare.isExternal())
      return;
    SmallVector<Operation *> steps;
    prepare.walk([&](Operation *op) {
      if (isa<linalg::LinalgOp, memref::CopyOp>(op) && op->getNumResults() == 0)
        steps.push_back(op);
    });
    for (Operation *step : steps)
      outline(step);
  }

  void outline(Operation *step);

  /// Functions by their text under the name of `kDraft`.
  llvm::StringMap<func::FuncOp> functions;
  static constexpr StringLiteral kDraft = "prepare_step";
};

} // namespace

void OutlinePrepare::outline(Operation *step) {
  Location loc = step->getLoc();
  // Constants belong to the kind of step, other values are arguments.
  llvm::SetVector<Value> used(step->operand_begin(), step->operand_end());
  getUsedValuesDefinedAbove(step->getRegions(), used);
  SmallVector<Value> arguments;
  SmallVector<Operation *> constants;
  for (Value value : used)
    if (Operation *op = value.getDefiningOp();
        op && op->hasTrait<OpTrait::ConstantLike>())
      constants.push_back(op);
    else
      arguments.push_back(value);

  OpBuilder builder(step);
  SmallVector<Value> operands;
  SmallVector<Type> types;
  for (Value argument : arguments) {
    if (auto type = dyn_cast<MemRefType>(argument.getType()))
      if (MemRefType open = openType(type);
          memref::CastOp::areCastCompatible(type, open))
        argument = memref::CastOp::create(builder, loc, open, argument);
    operands.push_back(argument);
    types.push_back(argument.getType());
  }

  OpBuilder outside(&getContext());
  auto function = func::FuncOp::create(loc, kDraft,
                                       outside.getFunctionType(types, {}));
  function.setPrivate();
  // Inlined everywhere nothing would be gained.
  function->setAttr("passthrough", outside.getStrArrayAttr({"noinline"}));
  Block *body = function.addEntryBlock();
  outside.setInsertionPointToStart(body);
  IRMapping mapping;
  mapping.map(arguments, body->getArguments());
  for (Operation *constant : constants)
    outside.clone(*constant, mapping);
  Operation *clone = outside.clone(*step, mapping);
  clone->setDiscardableAttrs(builder.getDictionaryAttr({}));
  func::ReturnOp::create(outside, loc);

  std::string text;
  llvm::raw_string_ostream(text) << function;
  auto [known, isNew] = functions.try_emplace(text, function);
  if (isNew) {
    SymbolTable(getOperation()).insert(function);
  } else {
    function->destroy();
  }
  func::CallOp::create(builder, loc, known->second, operands);
  step->erase();
}
