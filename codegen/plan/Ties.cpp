//===- Ties.cpp - values that are computed into given tensors -------------===//
//
// Upstream's elimination of empty tensors does the like, but looks at one value
// at a time: when a second one needs a buffer that it has given to the first,
// one-shot bufferisation refuses the program instead of copying. So it runs
// before there are any ties, and ties are made here.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Ties.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
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

static bool isView(Operation *op) {
  return isa<tensor::CastOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp,
             tensor::ExtractSliceOp>(op);
}

// Whether `value` may be in the buffer of `dest` once bufferised.
static bool mayAlias(Value value, Value dest) {
  if (value == dest)
    return true;
  auto result = dyn_cast_or_null<OpResult>(value);
  if (!result)
    return false;
  Operation *op = result.getOwner();
  if (isView(op))
    return mayAlias(op->getOperand(0), dest);
  if (isa<scf::IfOp>(op))
    return llvm::any_of(op->getRegions(), [&](Region &region) {
      return mayAlias(
          region.front().getTerminator()->getOperand(result.getResultNumber()),
          dest);
    });
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return mayAlias(select.getTrueValue(), dest) ||
           mayAlias(select.getFalseValue(), dest);
  return mayAlias(getTiedOperand(result), dest);
}

static bool isMadeIn(Value value, Value dest) {
  while (value && value != dest) {
    auto result = dyn_cast<OpResult>(value);
    value = result ? getTiedOperand(result) : Value();
  }
  return value == dest;
}

// Whether all uses of `value` and of its views but those by `op` come before
// `op`.
static bool isLastUser(Operation *op, Value value) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    if (user == op)
      return true;
    Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*user);
    if (!ancestor || !ancestor->isBeforeInBlock(op))
      return false;
    return !isView(user) || isLastUser(op, user->getResult(0));
  });
}

// Whether `value`, which is made in `dest`, surely stays there: nobody needs
// what each step overwrites.
static bool isMadeInPlace(Value value, Value dest) {
  while (value != dest) {
    auto result = cast<OpResult>(value);
    Operation *op = result.getOwner();
    Value before = getTiedOperand(result);
    if (llvm::count(op->getOperands(), before) != 1 || !isLastUser(op, before))
      return false;
    value = before;
  }
  return true;
}

// The empties that `value` begins as, on all ways through branches but those on
// which it is `dest` anyway. False if it begins otherwise, or if what it is
// made from is needed at the terminator. (Of a loop that begins as `dest` on
// some ways only, one-shot bufferisation would not see that it is made in
// place.)
static bool findOrigins(Value value, Value dest, Operation *terminator,
                        llvm::SetVector<tensor::EmptyOp> &origins) {
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return value == dest;
  auto recurse = [&](Value before) {
    return before && !llvm::is_contained(before.getUsers(), terminator) &&
           findOrigins(before, dest, terminator, origins);
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
  if (isa<LoopLikeOpInterface>(result.getOwner()))
    dest = nullptr;
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
  if (!findOrigins(source, reshape ? Value() : tie.dest, terminator, origins) ||
      origins.empty())
    return false;
  Block *scope = tie.dest.getParentBlock();
  Operation *view = tie.dest.getDefiningOp();
  for (tensor::EmptyOp origin : origins) {
    Operation *user = scope->findAncestorOpInBlock(*origin);
    if (!user || (view && !view->isBeforeInBlock(user)))
      return false; // made before there is a destination
  }
  for (tensor::EmptyOp origin : origins) {
    OpBuilder builder(origin);
    Value start = getInnerDest(builder, origin.getMixedSizes());
    if (origin->getBlock() == terminator->getBlock())
      inner = start;
    if (source == origin.getResult())
      source = start; // nothing is computed at all
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

static void saveFirst(Tie &tie) {
  OpBuilder builder(tie.value->getOwner());
  Value value = tie.value->get();
  tie.value->set(bufferization::AllocTensorOp::create(
      builder, value.getLoc(), cast<RankedTensorType>(value.getType()),
      /*dynamicSizes=*/ValueRange{}, /*copy=*/value));
}

void msc::codegen::tieValues(MutableArrayRef<Tie> ties) {
  SmallVector<Tie *> remaining;
  for (Tie &tie : ties) {
    if (isMadeIn(tie.value->get(), tie.dest)) {
      if (isMadeInPlace(tie.value->get(), tie.dest))
        continue;
      saveFirst(tie);
    }
    remaining.push_back(&tie);
  }
  DenseMap<Tie *, TieMaker> makers;
  llvm::erase_if(remaining, [&](Tie *tie) {
    // Of a loop that begins as the destination, one-shot bufferisation does not
    // see that to write its result there is nothing to do.
    if (makers.try_emplace(tie, *tie).first->second.begin()) {
      Value value = tie->value->get();
      return value == tie->dest ||
             (value.getDefiningOp<LoopLikeOpInterface>() &&
              isMadeIn(value, tie->dest) && isMadeInPlace(value, tie->dest));
    }
    if (!mayAlias(tie->value->get(), tie->dest))
      return false;
    // Half of it would be copied onto itself.
    saveFirst(*tie);
    makers.find(tie)->second = TieMaker(*tie);
    return false;
  });

  // A destination is written once nobody else needs what may be in its buffer.
  // Where that goes in a circle, the others are saved.
  while (!remaining.empty()) {
    auto isNeeded = [&](Tie *tie) {
      return llvm::any_of(remaining, [&](Tie *other) {
        return other != tie && mayAlias(other->value->get(), tie->dest);
      });
    };
    auto *next = llvm::find_if_not(remaining, isNeeded);
    if (next == remaining.end()) {
      next = remaining.begin();
      for (Tie *other : remaining)
        if (other != *next && mayAlias(other->value->get(), (*next)->dest)) {
          saveFirst(*other);
          makers.find(other)->second = TieMaker(*other);
        }
    }
    makers.find(*next)->second.write();
    remaining.erase(next);
  }
}
