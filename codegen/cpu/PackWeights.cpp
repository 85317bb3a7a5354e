//===- PackWeights.cpp - Panels of the operand that is known early --------===//
// A register tile reads NR consecutive columns of a weight for every step of
// the reduction. In a row-major matrix these steps are a whole row apart, a
// page or more for a wide layer. Packed, the steps follow each other:
//
//   B[k, n]                ->  P[n floordiv NR, k, n mod NR]
//   W[kh, kw, ic, oc]      ->  P[oc floordiv NR, kh, kw, ic, oc mod NR]
//   B[n, k] (transposed)   ->  the same P
//
// Only the operand and its map change: the contraction keeps its loops and its
// result, so fusion sees no difference. The packing ops depend on parameters
// only and are moved out by -linalg-hoist-prepare.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/CpuTarget.h"
#include "codegen/cpu/Passes.h"
#include "codegen/cpu/Stages.h"

using namespace mlir;

namespace msc::cpu {
#define GEN_PASS_DEF_PACKWEIGHTS
#include "codegen/cpu/Passes.h.inc"
} // namespace msc::cpu

using namespace msc;

namespace {

/// True if a value is computed from parameters and constants alone.
class EarlyValues {
public:
  explicit EarlyValues(func::FuncOp function) : function(function) {}

  bool isEarly(Value value) {
    auto [it, isNew] = known.try_emplace(value, false);
    if (!isNew)
      return it->second;
    bool early = compute(value);
    return known[value] = early;
  }

private:
  bool compute(Value value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return argument.getOwner() == &function.getBody().front() &&
             (function.getArgAttr(argument.getArgNumber(), "graph.parameter") ||
              function.getArgAttr(argument.getArgNumber(), "plan.prepared"));
    Operation *op = value.getDefiningOp();
    if (op->hasTrait<OpTrait::ConstantLike>() || isa<tensor::EmptyOp>(op))
      return true;
    if (!isPure(op))
      return false;
    bool early = llvm::all_of(op->getOperands(),
                              [&](Value operand) { return isEarly(operand); });
    op->walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        if (inner != op &&
            !op->isAncestor(operand.getParentRegion()->getParentOp()))
          early &= isEarly(operand);
    });
    return early;
  }

  func::FuncOp function;
  DenseMap<Value, bool> known;
};

/// What is known of a contraction whose right side can be packed.
struct Candidate {
  linalg::GenericOp op;
  OpOperand *weight;
  /// The loop over columns and its position in the weight.
  unsigned column, position;
  int64_t width;
};

std::optional<Candidate> match(linalg::GenericOp op, EarlyValues &values) {
  if (!cpu::isReduction(op) || !cpu::hasReuse(op) || op.getNumResults() != 1 ||
      op.getNumDpsInputs() != 2)
    return std::nullopt;
  AffineMap out = op.getIndexingMapsArray().back();
  if (out.getNumResults() == 0)
    return std::nullopt;
  auto kinds = op.getIteratorTypesArray();
  for (OpOperand *weight : op.getDpsInputOperands()) {
    OpOperand *other =
        op.getDpsInputOperand(weight->getOperandNumber() == 0 ? 1 : 0);
    auto type = dyn_cast<RankedTensorType>(weight->get().getType());
    AffineMap map = op.getMatchingIndexingMap(weight);
    if (!type || !type.hasStaticShape() || type.getNumElements() == 0 ||
        !map.isProjectedPermutation() ||
        !values.isEarly(weight->get()) || values.isEarly(other->get()))
      continue;
    // The column: the result's last dim, in the weight and not beside it.
    auto column = dyn_cast<AffineDimExpr>(out.getResults().back());
    if (!column ||
        kinds[column.getPosition()] != utils::IteratorType::parallel ||
        !map.isFunctionOfDim(column.getPosition()) ||
        op.getMatchingIndexingMap(other).isFunctionOfDim(column.getPosition()))
      continue;
    for (auto [position, expr] : llvm::enumerate(map.getResults()))
      if (expr == column)
        return Candidate{op, weight, column.getPosition(), unsigned(position),
                         type.getDimSize(position)};
  }
  return std::nullopt;
}

/// The number of columns of a panel: as many vectors as the register tile is
/// wide, the fewest wasted columns first.
int64_t panelWidth(int64_t columns, int64_t lanes, unsigned registers) {
  int64_t best = lanes, bestCost = INT64_MAX;
  for (int64_t vectors : {4, 3, 2, 1}) {
    // Below 4 rows of accumulators the loads dominate.
    if (registers < 32 && vectors > 2)
      continue;
    int64_t width = vectors * lanes;
    int64_t padded = llvm::divideCeil(columns, width) * width;
    // Narrow tiles reload the other operand more often.
    int64_t cost = padded * 32 + padded * 32 / (vectors * 8);
    if (cost < bestCost) {
      best = width;
      bestCost = cost;
    }
  }
  return best;
}

void pack(const Candidate &c, int64_t panel) {
  linalg::GenericOp op = c.op;
  OpBuilder b(op);
  Location loc = op.getLoc();
  MLIRContext *context = op.getContext();
  Value weight = c.weight->get();
  auto type = cast<RankedTensorType>(weight.getType());
  AffineMap map = op.getMatchingIndexingMap(c.weight);
  int64_t panels = llvm::divideCeil(c.width, panel);
  if (panels * panel != c.width) {
    SmallVector<int64_t> shape(type.getShape());
    shape[c.position] = panels * panel;
    SmallVector<OpFoldResult> low(type.getRank(), b.getIndexAttr(0)),
        high = low;
    high[c.position] = b.getIndexAttr(panels * panel - c.width);
    Value zero =
        arith::ConstantOp::create(b, loc, b.getZeroAttr(type.getElementType()));
    type = RankedTensorType::get(shape, type.getElementType());
    weight = tensor::PadOp::create(b, loc, type, weight, low, high, zero);
  }
  // The order of a panel: batch dims, the panel's number, what is reduced in
  // the order of the loops, the column.
  auto kinds = op.getIteratorTypesArray();
  SmallVector<unsigned> batch, reduced; // positions in the weight
  SmallVector<std::pair<unsigned, unsigned>> byLoop;
  for (auto [position, expr] : llvm::enumerate(map.getResults()))
    byLoop.push_back({cast<AffineDimExpr>(expr).getPosition(), position});
  llvm::sort(byLoop);
  for (auto [loop, position] : byLoop)
    if (position != c.position)
      (kinds[loop] == utils::IteratorType::reduction ? reduced : batch)
          .push_back(position);

  SmallVector<int64_t> shape;
  SmallVector<AffineExpr> read(type.getRank()), use;
  unsigned dim = 0;
  auto add = [&](unsigned position) {
    shape.push_back(type.getDimSize(position));
    read[position] = getAffineDimExpr(dim++, context);
    use.push_back(map.getResult(position));
  };
  for (unsigned position : batch)
    add(position);
  AffineExpr number = getAffineDimExpr(dim++, context);
  AffineExpr column = getAffineDimExpr(c.column, context);
  shape.push_back(panels);
  use.push_back(column.floorDiv(panel));
  for (unsigned position : reduced)
    add(position);
  shape.push_back(panel);
  read[c.position] = number * panel + getAffineDimExpr(dim++, context);
  use.push_back(column % panel);

  // As a reshape and a transposition: reading at number * panel + column is no
  // map that upstream can tile.
  SmallVector<ReassociationIndices> split;
  SmallVector<int64_t> splitShape;
  for (int64_t position = 0; position < type.getRank(); ++position) {
    split.push_back({int64_t(splitShape.size())});
    splitShape.push_back(type.getDimSize(position));
    if (position == c.position) {
      splitShape.back() = panels;
      split.back().push_back(splitShape.size());
      splitShape.push_back(panel);
    }
  }
  auto splitType = RankedTensorType::get(splitShape, type.getElementType());
  Value parts = tensor::ExpandShapeOp::create(b, loc, splitType, weight, split);
  SmallVector<AffineExpr> readParts;
  for (int64_t position = 0; position < type.getRank(); ++position) {
    if (position != c.position) {
      readParts.push_back(read[position]);
      continue;
    }
    readParts.push_back(number);
    readParts.push_back(getAffineDimExpr(shape.size() - 1, context));
  }
  auto packedType = RankedTensorType::get(shape, type.getElementType());
  Value empty = tensor::EmptyOp::create(b, loc, shape, type.getElementType());
  unsigned rank = shape.size();
  SmallVector<AffineMap> maps{AffineMap::get(rank, 0, readParts, context),
                              b.getMultiDimIdentityMap(rank)};
  SmallVector<utils::IteratorType> parallel(rank,
                                            utils::IteratorType::parallel);
  Value packed = linalg::GenericOp::create(
                     b, loc, packedType, parts, empty, maps, parallel,
                     [](OpBuilder &inner, Location at, ValueRange arguments) {
                       linalg::YieldOp::create(inner, at, arguments[0]);
                     })
                     .getResult(0);
  SmallVector<AffineMap> newMaps = op.getIndexingMapsArray();
  newMaps[c.weight->getOperandNumber()] =
      AffineMap::get(map.getNumDims(), 0, use, context);
  c.weight->set(packed);
  op.setIndexingMapsAttr(b.getAffineMapArrayAttr(newMaps));
}

struct PackWeights : cpu::impl::PackWeightsBase<PackWeights> {
  using PackWeightsBase::PackWeightsBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    auto target = cpu::CpuTarget::get(triple, march, features);
    if (!target) {
      function.emitError(llvm::toString(target.takeError()));
      return signalPassFailure();
    }
    EarlyValues values(function);
    SmallVector<Candidate> candidates;
    function.walk([&](linalg::GenericOp op) {
      if (auto candidate = match(op, values))
        candidates.push_back(*candidate);
    });
    for (const Candidate &candidate : candidates) {
      auto type = cast<RankedTensorType>(candidate.weight->get().getType());
      int64_t lanes =
          target->lanes(type.getElementType().getIntOrFloatBitWidth());
      // Narrower than a vector there is nothing to gain.
      if (lanes < 2 || candidate.width < lanes)
        continue;
      int64_t panel = panelWidth(candidate.width, lanes, target->registers);
      if (isPackedAlready(candidate, panel))
        continue;
      pack(candidate, panel);
    }
  }

  /// A row-major weight of one panel's width is its own packed form.
  static bool isPackedAlready(const Candidate &c, int64_t panel) {
    linalg::GenericOp op = c.op;
    AffineMap map = op.getMatchingIndexingMap(c.weight);
    return c.width == panel && c.position + 1 == map.getNumResults();
  }
};

} // namespace
