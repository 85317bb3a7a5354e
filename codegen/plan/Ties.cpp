//===- Ties.cpp - values that are computed into given tensors -------------===//
//
// Upstream's elimination of empty tensors does the like, but looks at one value
// at a time: when a second one needs a buffer that it has given to the first,
// one-shot bufferisation refuses the program instead of copying. So it runs
// before there are any ties, and ties are made here.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Ties.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace msc::codegen;
using bufferization::MaterializeInDestinationOp;

// The tensor that `result` is the new contents of, through ops that write into
// their operands and through loops; null if there is none.
static Value getTiedOperand(OpResult result) {
  Operation *op = result.getOwner();
  if (auto materialize = dyn_cast<MaterializeInDestinationOp>(op))
    return materialize.getDest();
  if (auto styled = dyn_cast<DestinationStyleOpInterface>(op))
    return styled.getTiedOpOperand(result)->get();
  if (auto loop = dyn_cast<LoopLikeOpInterface>(op))
    if (OpOperand *init = loop.getTiedLoopInit(result))
      return init->get();
  return nullptr;
}

static bool isMadeIn(Value value, Value dest) {
  while (value && value != dest) {
    auto result = dyn_cast<OpResult>(value);
    value = result ? getTiedOperand(result) : Value();
  }
  return value == dest;
}

// What a value is a view of.
static Value getViewed(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tensor::CastOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp,
             tensor::ExtractSliceOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

// The empties that `value` begins as, on all ways through branches. False if it
// begins otherwise, or if what it is made from is needed at the terminator.
static bool findOrigins(Value value, Operation *terminator,
                        llvm::SetVector<tensor::EmptyOp> &origins) {
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return false;
  auto recurse = [&](Value before) {
    return before && !llvm::is_contained(before.getUsers(), terminator) &&
           findOrigins(before, terminator, origins);
  };
  if (auto empty = dyn_cast<tensor::EmptyOp>(result.getOwner())) {
    origins.insert(empty);
    return true;
  }
  if (auto branch = dyn_cast<scf::IfOp>(result.getOwner()))
    return llvm::all_of(branch->getRegions(), [&](Region &region) {
      return recurse(
          region.front().getTerminator()->getOperand(result.getResultNumber()));
    });
  return recurse(getTiedOperand(result));
}

//===----------------------------------------------------------------------===//
// Reshapes
//===----------------------------------------------------------------------===//

// `dest` seen through the inverse of `reshape`, whose source has `sizes`.
static Value invertReshape(OpBuilder &builder, Operation *reshape, Value dest,
                           ArrayRef<OpFoldResult> sizes) {
  Location loc = reshape->getLoc();
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(reshape))
    return tensor::ExpandShapeOp::create(
        builder, loc, collapse.getSrcType(), dest,
        collapse.getReassociationIndices(), sizes);
  auto expand = cast<tensor::ExpandShapeOp>(reshape);
  return tensor::CollapseShapeOp::create(builder, loc, expand.getSrcType(),
                                         dest,
                                         expand.getReassociationIndices());
}

//===----------------------------------------------------------------------===//
// Tying
//===----------------------------------------------------------------------===//

namespace {

/// One tie while it is made. Of a reshape it is the source that is written,
/// seen through the inverse reshape, since a buffer cannot be computed through
/// a view that comes later:
///   collapse_shape %s  ->  collapse_shape(%s written into expand_shape(%dest))
class TieMaker {
public:
  TieMaker(Tie tie)
      : tie(tie), terminator(tie.value->getOwner()), source(tie.value->get()) {
    Operation *op = source.getDefiningOp();
    if (!isa_and_nonnull<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op))
      return;
    reshape = op;
    source = op->getOperand(0);
  }

  /// Lets the source begin as the destination, if it begins as empties:
  ///   %e = empty; op outs(%e)  ->  op outs(%dest)
  bool begin();

  /// Writes the source into the destination before the terminator.
  void write();

private:
  Value getInnerDest(OpBuilder &builder, ArrayRef<OpFoldResult> sizes) {
    return reshape ? invertReshape(builder, reshape, tie.dest, sizes)
                   : tie.dest;
  }

  Tie tie;
  Operation *terminator;
  Operation *reshape = nullptr;
  Value source;
  Value inner; // the destination as the source sees it, if it exists already
};

} // namespace

bool TieMaker::begin() {
  llvm::SetVector<tensor::EmptyOp> origins;
  if (!findOrigins(source, terminator, origins))
    return false;
  Block *scope = tie.dest.getParentBlock();
  for (tensor::EmptyOp origin : origins)
    if (!scope->findAncestorOpInBlock(*origin))
      return false; // made before there is a destination
  for (tensor::EmptyOp origin : origins) {
    OpBuilder builder(origin);
    Value start = getInnerDest(builder, origin.getMixedSizes());
    if (origin->getBlock() == terminator->getBlock())
      inner = start;
    origin.replaceAllUsesWith(start);
    origin.erase();
  }
  return true;
}

void TieMaker::write() {
  OpBuilder builder(terminator);
  Location loc = source.getLoc();
  if (!inner)
    inner = getInnerDest(builder, tensor::getMixedSizes(builder, loc, source));
  Value written = MaterializeInDestinationOp::create(
                      builder, loc, inner.getType(), source, inner)
                      .getResult();
  if (reshape) {
    Operation *again = builder.clone(*reshape);
    again->setOperand(0, written);
    written = again->getResult(0);
  }
  tie.value->set(written);
}

void msc::codegen::tieValues(MutableArrayRef<Tie> ties) {
  if (ties.empty())
    return;
  OpBuilder builder(ties.front().value->getOwner());

  // Old contents that another value is made of.
  for (Tie &tie : ties) {
    Value value = tie.value->get();
    auto isViewed = [&](const Tie &other) {
      return other.dest == getViewed(value);
    };
    if (value != tie.dest && llvm::any_of(ties, isViewed)) {
      auto type = cast<RankedTensorType>(value.getType());
      tie.value->set(bufferization::AllocTensorOp::create(
          builder, value.getLoc(), type, /*dynamicSizes=*/ValueRange{},
          /*copy=*/value));
    }
  }

  // What is copied may be made of what another destination begins as: it is
  // copied first.
  SmallVector<TieMaker> begun, copied;
  for (Tie &tie : ties) {
    if (isMadeIn(tie.value->get(), tie.dest))
      continue;
    TieMaker maker(tie);
    (maker.begin() ? begun : copied).push_back(maker);
  }
  for (TieMaker &maker : copied)
    maker.write();
  for (TieMaker &maker : begun)
    maker.write();
}
