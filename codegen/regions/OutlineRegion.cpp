//===- OutlineRegion.cpp - a fusion group becomes a function --------------===//

#include "codegen/regions/OutlineRegion.h"

#include "analysis/RegionCost.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace msc;
using namespace msc::codegen;
using linalg::LinalgOp;

namespace {

/// Where the chain of one result's inits begins.
struct Destination {
  OpOperand *use; // the init operand of the chain's first op
  bool isFresh;   // a tensor.empty: nothing to preserve
  bool isRead;    // the region reads what it holds
};

class Outliner {
public:
  Outliner(ModuleOp regions, StringRef name, const FusionGroup &group)
      : regions(regions), name(name), group(group),
        members(group.ops.begin(), group.ops.end()) {}

  plan::DispatchOp run();

private:
  Destination findDestination(OpResult result) const;
  void collectCaptures();
  void collectCapture(OpOperand &operand);
  func::FuncOp createFunction();
  void mapSizes(OpBuilder &builder, Block *body, IRMapping &mapping);
  void describe(func::FuncOp function);
  plan::DispatchOp createDispatch(func::FuncOp function);

  ModuleOp regions;
  StringRef name;
  const FusionGroup &group;
  llvm::SmallPtrSet<Operation *, 16> members;
  SmallVector<Destination> destinations;
  llvm::SetVector<Value> inputs;
  llvm::SetVector<Operation *> leaves; // cloned into the region
  DenseSet<Value> destinationSizes;    // dynamic sizes of fresh destinations
};

} // namespace

// Follows the inits of `result` to the tensor that the group starts from.
Destination Outliner::findDestination(OpResult result) const {
  bool isPartial = false;
  OpOperand *init = nullptr;
  for (OpResult current = result;;) {
    Operation *op = current.getOwner();
    if (auto loop = dyn_cast<scf::ForOp>(op))
      init = loop.getTiedLoopInit(current);
    else
      init = cast<DestinationStyleOpInterface>(op).getTiedOpOperand(current);
    isPartial |= isa<tensor::InsertSliceOp>(op) || isKernel(op);
    Operation *before = init->get().getDefiningOp();
    if (!before || !members.contains(before))
      break;
    current = cast<OpResult>(init->get());
  }
  bool isFresh = init->get().getDefiningOp<tensor::EmptyOp>() != nullptr;
  auto first = dyn_cast<LinalgOp>(init->getOwner());
  bool isRead = isPartial || (first && first.payloadUsesValueFromOperand(init));
  return {init, isFresh, !isFresh && isRead};
}

// Sorts what an operand refers to into inputs and leaves. Leaves are what has
// no memory of its own: scalars, splats and uninitialised tensors.
void Outliner::collectCapture(OpOperand &operand) {
  Value value = operand.get();
  Operation *def = value.getDefiningOp();
  if ((def && (members.contains(def) || leaves.contains(def))) ||
      destinationSizes.contains(value))
    return;
  for (const Destination &dest : destinations) {
    if (dest.use == &operand)
      return;
    // The slice of a destination that a slab is cut from.
    if (dest.use->get() == value &&
        isa<tensor::ExtractSliceOp>(operand.getOwner()))
      return;
  }
  if (def && def->hasTrait<OpTrait::ConstantLike>()) {
    DenseElementsAttr elements;
    bool isSmall =
        !isa<ShapedType>(value.getType()) ||
        (matchPattern(value, m_Constant(&elements)) && elements.isSplat());
    if (isSmall) {
      leaves.insert(def);
      return;
    }
  }
  if (auto empty = dyn_cast_or_null<tensor::EmptyOp>(def)) {
    for (OpOperand &size : empty->getOpOperands())
      collectCapture(size);
    leaves.insert(def);
    return;
  }
  inputs.insert(value);
}

void Outliner::collectCaptures() {
  for (Operation *op : group.ops)
    op->walk([&](Operation *inner) {
      for (OpOperand &operand : inner->getOpOperands()) {
        Region *scope = operand.get().getParentRegion();
        if (inner == op || !op->isAncestor(scope->getParentOp()))
          collectCapture(operand);
      }
    });
}

// A size that a fresh destination was made with is a dim of the destination:
// saying so in the body relates the shapes there and saves an argument.
void Outliner::mapSizes(OpBuilder &builder, Block *body, IRMapping &mapping) {
  for (auto [number, dest] : llvm::enumerate(destinations)) {
    auto empty = dest.use->get().getDefiningOp<tensor::EmptyOp>();
    if (!empty)
      continue;
    Value arg = body->getArgument(inputs.size() + number);
    for (auto [dim, extent] : llvm::enumerate(empty.getType().getShape())) {
      if (!ShapedType::isDynamic(extent))
        continue;
      Value size = empty.getDynamicSize(dim);
      if (!mapping.contains(size))
        mapping.map(
            size,
            tensor::DimOp::create(builder, arg.getLoc(), arg, dim).getResult());
    }
  }
}

static std::string getOpName(Operation *op) {
  if (auto name = op->getAttrOfType<StringAttr>("msc.op"))
    return name.str();
  if (isa<tensor::InsertSliceOp>(op))
    return "frame";
  if (!isa<linalg::GenericOp>(op))
    return op->getName().stripDialect().str();
  switch (classify(cast<LinalgOp>(op))) {
  case OpShape::Elementwise:
    return "map";
  case OpShape::RowReduction:
    return "reduce";
  case OpShape::Window:
    return linalg::isaContractionOpInterface(cast<LinalgOp>(op)) ? "contract"
                                                                 : "window";
  case OpShape::Fill:
    break;
  }
  return "fill";
}

void Outliner::describe(func::FuncOp function) {
  SmallVector<std::string> names;
  for (Operation *op : group.ops) {
    // The fills and slices of a group are how its ops begin.
    if (op != group.root() && !op->hasAttr("msc.op") &&
        isa<linalg::FillOp, tensor::ExtractSliceOp, tensor::InsertSliceOp>(op))
      continue;
    std::string opName = getOpName(op);
    if (names.empty() || names.back() != opName)
      names.push_back(opName);
  }
  Builder builder(function.getContext());
  function->setAttr(plan::kOpsAttr,
                    builder.getStringAttr(llvm::join(names, "+")));
  auto readsOut = [&](int64_t out) { return destinations[out].isRead; };
  if (auto cost = analysis::computeRegionCost(function, readsOut)) {
    function->setAttr(plan::kFlopsAttr, builder.getI64IntegerAttr(cost->flops));
    function->setAttr(plan::kBytesAttr, builder.getI64IntegerAttr(cost->bytes));
  }
}

func::FuncOp Outliner::createFunction() {
  SmallVector<Type> argTypes =
      llvm::to_vector(ValueRange(inputs.getArrayRef()).getTypes());
  SmallVector<Type> resultTypes;
  for (Value result : group.results)
    resultTypes.push_back(result.getType());
  llvm::append_range(argTypes, resultTypes);

  SmallVector<Location> locs;
  for (Operation *op : group.ops)
    if (!llvm::is_contained(locs, op->getLoc()))
      locs.push_back(op->getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(regions.getBody());
  Location loc = FusedLoc::get(builder.getContext(), locs);
  auto function = func::FuncOp::create(
      builder, loc, name, builder.getFunctionType(argTypes, resultTypes));
  function.setPrivate();

  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  IRMapping mapping;
  for (auto [input, arg] : llvm::zip(inputs, body->getArguments()))
    mapping.map(input, arg);
  auto setWritable = [&](unsigned number, bool writable) {
    if (isa<TensorType>(argTypes[number]))
      function.setArgAttr(number, "bufferization.writable",
                          builder.getBoolAttr(writable));
  };
  for (unsigned number = 0; number < argTypes.size(); ++number)
    setWritable(number, number >= inputs.size());

  mapSizes(builder, body, mapping);
  for (Operation *leaf : leaves)
    builder.clone(*leaf, mapping);
  for (Operation *op : group.ops) {
    Operation *clone = builder.clone(*op, mapping);
    for (auto [number, dest] : llvm::enumerate(destinations)) {
      Value arg = body->getArgument(inputs.size() + number);
      if (dest.use->getOwner() == op)
        clone->setOperand(dest.use->getOperandNumber(), arg);
      else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op);
               slice && slice.getSource() == dest.use->get())
        clone->setOperand(0, arg);
    }
  }
  SmallVector<Value> results;
  for (Value result : group.results)
    results.push_back(mapping.lookup(result));
  func::ReturnOp::create(builder, loc, results);
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*body)))
    if (isOpTriviallyDead(&op))
      op.erase();
  return function;
}

// Whether `value` is an argument of the program that it may not change.
static bool isConstantArgument(Value value) {
  auto arg = dyn_cast<BlockArgument>(value);
  auto function =
      arg ? dyn_cast<func::FuncOp>(arg.getOwner()->getParentOp()) : nullptr;
  return function &&
         !function.getArgAttr(arg.getArgNumber(), plan::kDonatedAttr);
}

plan::DispatchOp Outliner::createDispatch(func::FuncOp function) {
  OpBuilder builder(group.root());
  SmallVector<Value> outs;
  SmallVector<int64_t> reads;
  for (auto [number, dest] : llvm::enumerate(destinations)) {
    Value out = dest.use->get();
    if (dest.isFresh) {
      out = builder.clone(*out.getDefiningOp())->getResult(0);
    } else if (isKernel(group.root()) && isConstantArgument(out)) {
      // Bufferisation would copy it, and the result into its destination once
      // more; said here, the copy is made in the destination.
      Location loc = function.getLoc();
      Value place = tensor::EmptyOp::create(
          builder, loc, tensor::getMixedSizes(builder, loc, out),
          getElementTypeOrSelf(out.getType()));
      out = bufferization::MaterializeInDestinationOp::create(
                builder, loc, out.getType(), out, place)
                .getResult();
    }
    outs.push_back(out);
    if (dest.isRead)
      reads.push_back(number);
  }
  auto symbol = SymbolRefAttr::get(builder.getStringAttr(plan::kRegionsModule),
                                   {FlatSymbolRefAttr::get(function)});
  return plan::DispatchOp::create(
      builder, function.getLoc(), function.getResultTypes(), symbol,
      inputs.getArrayRef(), outs, /*scratch=*/ValueRange{}, reads,
      /*inplace=*/ArrayRef<int64_t>{});
}

plan::DispatchOp Outliner::run() {
  SmallVector<Operation *> abandoned; // empties that lose their last use
  for (Value result : group.results) {
    destinations.push_back(findDestination(cast<OpResult>(result)));
    Value begin = destinations.back().use->get();
    if (auto empty = begin.getDefiningOp<tensor::EmptyOp>()) {
      destinationSizes.insert_range(empty.getDynamicSizes());
      abandoned.push_back(empty);
    }
  }
  collectCaptures();
  func::FuncOp function = createFunction();
  describe(function);
  plan::DispatchOp dispatch = createDispatch(function);
  for (auto [number, result] : llvm::enumerate(group.results))
    Value(result).replaceAllUsesWith(dispatch.getResult(number));
  for (Operation *op : llvm::reverse(group.ops))
    op->erase();
  llvm::append_range(abandoned, leaves);
  for (Operation *op : abandoned)
    if (isa<tensor::EmptyOp>(op) && op->use_empty())
      op->erase();
  return dispatch;
}

plan::DispatchOp msc::codegen::outlineRegion(ModuleOp regions, StringRef name,
                                             const FusionGroup &group) {
  return Outliner(regions, name, group).run();
}
