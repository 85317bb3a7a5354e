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

/// The weight with the columns of full panels; those that it lacks are zero.
Value padColumns(OpBuilder &b, const Candidate &c, int64_t columns) {
  Value weight = c.weight->get();
  auto type = cast<RankedTensorType>(weight.getType());
  if (columns == c.width)
    return weight;
  Location loc = c.weight->getOwner()->getLoc();
  SmallVector<int64_t> shape(type.getShape());
  shape[c.position] = columns;
  SmallVector<OpFoldResult> low(type.getRank(), b.getIndexAttr(0)), high = low;
  high[c.position] = b.getIndexAttr(columns - c.width);
  Value zero =
      arith::ConstantOp::create(b, loc, b.getZeroAttr(type.getElementType()));
  return tensor::PadOp::create(b, loc, type.clone(shape), weight, low, high,
                               zero);
}

/// [.., columns, ..] -> [.., panels, panel, ..]. As a reshape and a
/// transposition: reading at number * panel + column is no map that upstream
/// can tile.
Value splitColumns(OpBuilder &b, const Candidate &c, Value weight,
                   int64_t panel) {
  auto type = cast<RankedTensorType>(weight.getType());
  SmallVector<ReassociationIndices> split;
  SmallVector<int64_t> shape;
  for (int64_t position = 0; position < type.getRank(); ++position) {
    split.push_back({int64_t(shape.size())});
    shape.push_back(type.getDimSize(position));
    if (position != c.position)
      continue;
    shape.back() /= panel;
    split.back().push_back(shape.size());
    shape.push_back(panel);
  }
  return tensor::ExpandShapeOp::create(b, c.weight->getOwner()->getLoc(), type.clone(shape),
                                       weight, split);
}

/// The weight's dims in the order of its packed form: batch dims, the columns
/// (now the panel's number), what is reduced in the order of the loops. The
/// column in the panel follows.
SmallVector<unsigned> packedOrder(const Candidate &c) {
  linalg::GenericOp op = c.op;
  auto kinds = op.getIteratorTypesArray();
  SmallVector<std::pair<unsigned, unsigned>> byLoop;
  AffineMap map = op.getMatchingIndexingMap(c.weight);
  for (auto [position, expr] : llvm::enumerate(map.getResults()))
    byLoop.push_back({cast<AffineDimExpr>(expr).getPosition(), position});
  llvm::sort(byLoop);
  SmallVector<unsigned> order, reduced;
  for (auto [loop, position] : byLoop)
    if (position != c.position)
      (kinds[loop] == utils::IteratorType::reduction ? reduced : order)
          .push_back(position);
  order.push_back(c.position);
  llvm::append_range(order, reduced);
  return order;
}

/// The split weight, transposed.
Value transposeToPanels(OpBuilder &b, const Candidate &c, Value parts,
                        ArrayRef<unsigned> order) {
  auto type = cast<RankedTensorType>(parts.getType());
  unsigned rank = type.getRank();
  SmallVector<int64_t> shape;
  SmallVector<AffineExpr> read(rank);
  auto add = [&](unsigned dim) {
    read[dim] = b.getAffineDimExpr(shape.size());
    shape.push_back(type.getDimSize(dim));
  };
  for (unsigned position : order)
    add(position + (position > c.position));
  add(c.position + 1);
  Location loc = c.weight->getOwner()->getLoc();
  Value empty = tensor::EmptyOp::create(b, loc, shape, type.getElementType());
  AffineMap maps[] = {AffineMap::get(rank, 0, read, b.getContext()),
                      b.getMultiDimIdentityMap(rank)};
  SmallVector<utils::IteratorType> parallel(rank,
                                            utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             b, loc, type.clone(shape), parts, empty, maps, parallel,
             [](OpBuilder &inner, Location at, ValueRange arguments) {
               linalg::YieldOp::create(inner, at, arguments[0]);
             })
      .getResult(0);
}

void pack(const Candidate &c, int64_t panel) {
  linalg::GenericOp op = c.op;
  OpBuilder b(op);
  SmallVector<unsigned> order = packedOrder(c);
  AffineMap map = op.getMatchingIndexingMap(c.weight);
  AffineExpr column = b.getAffineDimExpr(c.column);
  SmallVector<AffineExpr> use;
  for (unsigned position : order)
    use.push_back(position == c.position ? column.floorDiv(panel)
                                         : map.getResult(position));
  use.push_back(column % panel);

  Value weight = padColumns(b, c, llvm::alignTo(c.width, panel));
  Value parts = splitColumns(b, c, weight, panel);
  c.weight->set(transposeToPanels(b, c, parts, order));
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  maps[c.weight->getOperandNumber()] =
      AffineMap::get(map.getNumDims(), 0, use, op.getContext());
  op.setIndexingMapsAttr(b.getAffineMapArrayAttr(maps));
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
