//===- FusionGroups.cpp - which ops of a block become one region ----------===//
//
// Walks a block backwards. Each op either joins the group of its consumers or
// becomes the root of a new one. What joins, so that a group can be executed
// tile by tile of its root with nothing computed twice:
//
//  * a fill, always;
//  * an elementwise op over the root's iteration space, or one that is cheap to
//    recompute, or one that is computed once for each row of the root;
//  * a reduction whose result has one element a row (softmax, layer norm), if
//    a row stays in cache;
//  * one contraction, convolution or pooling, if everything behind it is
//    elementwise on its result: its epilogue.
//
// An elementwise op over the root's whole iteration space may have users
// outside too; it is then a further result of the group.
//
// What is no linalg op but a kernel (a scatter, a sort) is a group by itself.
//
// To compare iteration spaces, each loop of each op of a group has a label, and
// labels are united along the operands' indexing maps. The first labels are the
// root's loops.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/FusionGroups.h"

#include "analysis/RegionCost.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace msc::codegen;
using linalg::LinalgOp;

// A row of a softmax or normalisation is read several times: it should stay in
// a core's own cache.
static constexpr int64_t kMaxRowBytes = 256 * 1024;

static constexpr unsigned kMaxCheapOps = 4;

// More than models have in a row. The time to fuse and to compile a group grows
// faster than its size.
static constexpr size_t kMaxGroupOps = 128;

//===----------------------------------------------------------------------===//
// Single ops
//===----------------------------------------------------------------------===//

OpShape msc::codegen::classify(LinalgOp op) {
  if (isa<linalg::FillOp>(op))
    return OpShape::Fill;
  bool isParallel = op.getNumLoops() == op.getNumParallelLoops();
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  unsigned numInputs = op.getNumDpsInputs();
  ArrayRef<AffineMap> outMaps = ArrayRef(maps).drop_front(numInputs);
  if (isParallel)
    return llvm::all_of(outMaps,
                        [](AffineMap map) { return map.isPermutation(); })
               ? OpShape::Elementwise
               : OpShape::Window;

  auto isProjection = [](AffineMap map) {
    return map.isProjectedPermutation();
  };
  bool streams =
      llvm::all_of(maps, isProjection) &&
      llvm::any_of(ArrayRef(maps).take_front(numInputs),
                   [](AffineMap map) { return map.isPermutation(); });
  return streams && !linalg::isaContractionOpInterface(op)
             ? OpShape::RowReduction
             : OpShape::Window;
}

bool msc::codegen::isCheapToRecompute(LinalgOp op) {
  if (classify(op) != OpShape::Elementwise)
    return false;
  unsigned numOps = 0;
  for (Operation &inner : op.getBlock()->without_terminator()) {
    if (isa<math::MathDialect>(inner.getDialect()) ||
        isa<arith::DivFOp, arith::RemFOp, tensor::ExtractOp>(inner))
      return false;
    ++numOps;
  }
  return numOps <= kMaxCheapOps;
}

bool msc::codegen::isBroadcast(LinalgOp op) {
  if (classify(op) != OpShape::Elementwise || !op.hasPureTensorSemantics())
    return false;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  return llvm::all_of(op.getDpsInputOperands(), [&](OpOperand *operand) {
    AffineMap map = op.getMatchingIndexingMap(operand);
    if (!map.isProjectedPermutation(/*allowZeroInResults=*/true))
      return false;
    // Smaller unless the loops that are missing all have extent one.
    for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
      if (extents[loop] != 1 && !map.isFunctionOfDim(loop))
        return true;
    return false;
  });
}

bool msc::codegen::isFilledSlab(tensor::InsertSliceOp op) {
  auto fill = op.getSource().getDefiningOp<linalg::FillOp>();
  if (!fill || !fill->hasOneUse())
    return false;
  auto slab = fill.getOutputs()[0].getDefiningOp<tensor::ExtractSliceOp>();
  return slab && slab->hasOneUse() && slab.getSource() == op.getDest() &&
         slab.getMixedOffsets() == op.getMixedOffsets() &&
         slab.getMixedSizes() == op.getMixedSizes() &&
         slab.getMixedStrides() == op.getMixedStrides();
}

bool msc::codegen::isKernel(Operation *op) {
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return loop->hasAttr("msc.kernel") && loop->getNumResults() > 0 &&
           llvm::all_of(loop->getResultTypes(),
                        llvm::IsaPred<RankedTensorType>);
  return isa<tensor::InsertOp>(op);
}

//===----------------------------------------------------------------------===//
// A group while it grows
//===----------------------------------------------------------------------===//

namespace {

class GrowingGroup {
public:
  explicit GrowingGroup(Operation *root);

  /// Adds `producer` if that is legal and worthwhile. `escapes`: it has users
  /// outside of the group as well.
  LogicalResult tryJoin(LinalgOp producer, bool escapes);

  /// Adds an op without asking.
  void add(Operation *op) { reversedOps.push_back(op); }

  bool contains(Operation *op) const {
    return llvm::is_contained(reversedOps, op);
  }
  ArrayRef<Operation *> getReversedOps() const { return reversedOps; }
  FusionGroup finish() const;

private:
  using Labels = SmallVector<int>;

  int find(int label) const {
    while (parents[label] != label)
      label = parents[label];
    return label;
  }
  int makeLabel() {
    parents.push_back(parents.size());
    return parents.back();
  }
  LogicalResult unite(int &label, int other);
  FailureOr<Labels> labelLoops(LinalgOp producer);
  llvm::SmallBitVector coveredRootLoops(const Labels &labels,
                                        LinalgOp producer) const;
  bool coversRootInOrder(const Labels &labels, AffineMap resultMap) const;
  LogicalResult joinElementwise(LinalgOp op, const Labels &labels,
                                bool escapes);
  LogicalResult joinReduction(LinalgOp op, const Labels &labels);
  LogicalResult joinWindow(LinalgOp op, const Labels &labels);
  bool narrowRows(const llvm::SmallBitVector &covered);

  SmallVector<Operation *> reversedOps;
  LinalgOp root; // null for a chain of slabs or a kernel
  OpShape rootShape = OpShape::Window;
  SmallVector<int> parents;
  DenseMap<Operation *, Labels> loopLabels;
  /// The root's loops that may be tiled with nothing computed twice.
  llvm::SmallBitVector rows;
  bool hasWindow = false, hasReduction = false;
};

} // namespace

GrowingGroup::GrowingGroup(Operation *rootOp)
    : root(dyn_cast<LinalgOp>(rootOp)) {
  reversedOps.push_back(rootOp);
  if (!root)
    return;
  rootShape = classify(root);
  hasWindow = rootShape == OpShape::Window;
  hasReduction = rootShape == OpShape::RowReduction;
  Labels &labels = loopLabels[rootOp];
  rows.resize(root.getNumLoops());
  for (auto [loop, kind] : llvm::enumerate(root.getIteratorTypesArray())) {
    labels.push_back(makeLabel());
    if (kind == utils::IteratorType::parallel)
      rows.set(loop);
  }
}

FusionGroup GrowingGroup::finish() const {
  FusionGroup group;
  group.ops.assign(reversedOps.rbegin(), reversedOps.rend());
  llvm::sort(group.ops,
             [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  for (Operation *op : group.ops)
    for (Value result : op->getResults())
      if (op == group.root() ||
          llvm::any_of(result.getUsers(),
                       [&](Operation *user) { return !contains(user); }))
        group.results.push_back(result);
  return group;
}

// Makes the loops behind two labels one, unless they are two loops of the root.
LogicalResult GrowingGroup::unite(int &label, int other) {
  other = find(other);
  if (label < 0) {
    label = other;
    return success();
  }
  int a = find(label);
  if (a == other)
    return success();
  int numRootLoops = root.getNumLoops();
  if (a < numRootLoops && other < numRootLoops)
    return failure();
  parents[std::max(a, other)] = std::min(a, other);
  return success();
}

// Labels of the producer's loops, by the maps of all uses of its results.
FailureOr<GrowingGroup::Labels> GrowingGroup::labelLoops(LinalgOp producer) {
  Labels labels(producer.getNumLoops(), -1);
  for (OpResult result : producer->getResults()) {
    AffineMap resultMap = producer.getIndexingMapMatchingResult(result);
    if (!resultMap.isProjectedPermutation())
      return failure();
    for (OpOperand &use : result.getUses()) {
      auto user = dyn_cast<LinalgOp>(use.getOwner());
      auto userLabels = loopLabels.find(use.getOwner());
      if (!user || userLabels == loopLabels.end())
        continue; // outside, or captured by a payload: seen by the caller
      AffineMap map = user.getMatchingIndexingMap(&use);
      if (!user.isDpsInput(&use) || !map.isProjectedPermutation())
        return failure();
      for (unsigned dim = 0; dim < map.getNumResults(); ++dim)
        if (failed(unite(labels[resultMap.getDimPosition(dim)],
                         userLabels->second[map.getDimPosition(dim)])))
          return failure();
    }
  }
  for (int &label : labels)
    if (label < 0)
      label = makeLabel();
  return labels;
}

// The root's loops that the producer's parallel loops run along.
llvm::SmallBitVector GrowingGroup::coveredRootLoops(const Labels &labels,
                                                    LinalgOp producer) const {
  llvm::SmallBitVector covered(rows.size());
  for (auto [label, kind] :
       llvm::zip(labels, producer.getIteratorTypesArray())) {
    int loop = find(label);
    if (kind == utils::IteratorType::parallel && loop < int(rows.size()))
      covered.set(loop);
  }
  return covered;
}

// Whether the producer's result has the root's dims in the root's order.
bool GrowingGroup::coversRootInOrder(const Labels &labels,
                                     AffineMap resultMap) const {
  if (rootShape != OpShape::Elementwise ||
      resultMap.getNumResults() != rows.size())
    return false;
  for (unsigned dim = 0; dim < resultMap.getNumResults(); ++dim)
    if (find(labels[resultMap.getDimPosition(dim)]) != int(dim))
      return false;
  return true;
}

// Restricts tiling to the loops that are in `covered` too. What remains has to
// be outer loops of the root, or a row would be scattered over memory.
bool GrowingGroup::narrowRows(const llvm::SmallBitVector &covered) {
  llvm::SmallBitVector left = rows, dropped = rows;
  left &= covered;
  dropped.reset(covered);
  if (left.none() || (dropped.any() && dropped.find_first() < left.find_last()))
    return false;
  rows = left;
  return true;
}

//===----------------------------------------------------------------------===//
// Joining
//===----------------------------------------------------------------------===//

// Whether `op` is the beginning of the epilogue of a contraction or
// convolution, where it costs nothing: it should not be drawn into a reduction
// behind it.
static bool isEpilogue(LinalgOp op) {
  if (classify(op) != OpShape::Elementwise)
    return false;
  return llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *operand) {
    auto producer = operand->get().getDefiningOp<LinalgOp>();
    if (!producer || !producer->hasOneUse() ||
        !op.getMatchingIndexingMap(operand).isIdentity())
      return false;
    return classify(producer) == OpShape::Window || isEpilogue(producer);
  });
}

LogicalResult GrowingGroup::joinElementwise(LinalgOp op, const Labels &labels,
                                            bool escapes) {
  if (hasReduction && isEpilogue(op))
    return failure();
  llvm::SmallBitVector covered = coveredRootLoops(labels, op);
  if (escapes)
    return success(
        op->getNumResults() == 1 &&
        coversRootInOrder(labels, op.getIndexingMapsArray().back()) &&
        (root.getIndexingMapsArray().back().isIdentity()));
  llvm::SmallBitVector missed = rows;
  missed.reset(covered);
  if (missed.none() || isCheapToRecompute(op))
    return success();
  return success(!hasWindow && narrowRows(covered));
}

LogicalResult GrowingGroup::joinReduction(LinalgOp op, const Labels &labels) {
  if (hasWindow)
    return failure();
  llvm::SmallBitVector covered = coveredRootLoops(labels, op);

  int64_t rowBytes = 1;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  for (auto [label, extent] : llvm::zip(labels, extents)) {
    int loop = find(label);
    bool isRow =
        loop < int(rows.size()) && covered.test(loop) && rows.test(loop);
    // A dynamic row is taken for one that fits: sequence lengths mostly do.
    if (!isRow && !ShapedType::isDynamic(extent))
      rowBytes *= extent;
  }
  Type element = getElementTypeOrSelf(op.getDpsInputs()[0]);
  rowBytes *= llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
  if (rowBytes > kMaxRowBytes || !narrowRows(covered))
    return failure();
  hasReduction = true;
  return success();
}

LogicalResult GrowingGroup::joinWindow(LinalgOp op, const Labels &labels) {
  if (hasWindow || hasReduction || !rows.all() || op->getNumResults() != 1 ||
      !coversRootInOrder(labels, op.getIndexingMapsArray().back()) ||
      !root.getIndexingMapsArray().back().isIdentity())
    return failure();
  hasWindow = true;
  return success();
}

LogicalResult GrowingGroup::tryJoin(LinalgOp producer, bool escapes) {
  OpShape shape = classify(producer);
  if (shape == OpShape::Fill) {
    add(producer);
    return success();
  }
  if (reversedOps.size() >= kMaxGroupOps)
    return failure();
  if (!root || rootShape == OpShape::Window || rootShape == OpShape::Fill ||
      (escapes && shape != OpShape::Elementwise))
    return failure();

  // A payload that reads the result at computed places needs all of it.
  for (Operation *user : producer->getUsers())
    if (!isa<LinalgOp>(user))
      for (Operation *op : reversedOps)
        if (op->isProperAncestor(user))
          return failure();

  // The operands of a contraction have to be in memory.
  for (Operation *user : producer->getUsers())
    if (auto consumer = dyn_cast<LinalgOp>(user))
      if (contains(user) && classify(consumer) == OpShape::Window)
        return failure();

  SmallVector<int> saved = parents;
  auto rollBack = [&] { parents = saved; };
  FailureOr<Labels> labels = labelLoops(producer);
  if (failed(labels)) {
    rollBack();
    return failure();
  }
  LogicalResult joined = shape == OpShape::Elementwise
                             ? joinElementwise(producer, *labels, escapes)
                         : shape == OpShape::RowReduction
                             ? joinReduction(producer, *labels)
                             : joinWindow(producer, *labels);
  if (failed(joined)) {
    rollBack();
    return failure();
  }
  loopLabels[producer] = *labels;
  add(producer);
  return success();
}

//===----------------------------------------------------------------------===//
// A block
//===----------------------------------------------------------------------===//

namespace {

class BlockPartition {
public:
  BlockPartition(Block &block, bool fuse) : block(block), fuse(fuse) {}

  SmallVector<FusionGroup> run();

private:
  void visit(LinalgOp op);
  void visitSlabs(tensor::InsertSliceOp last);
  void startGroup(Operation *root);
  bool closesCycle(LinalgOp producer, unsigned group) const;

  Block &block;
  bool fuse;
  SmallVector<GrowingGroup> groups;
  DenseMap<Operation *, unsigned> groupOf;
};

} // namespace

void BlockPartition::startGroup(Operation *root) {
  groupOf[root] = groups.size();
  groups.emplace_back(root);
}

// Whether a use of `producer` outside of `group` leads back into it. The other
// groups count as single ops, which they will be.
bool BlockPartition::closesCycle(LinalgOp producer, unsigned group) const {
  SmallVector<Operation *> worklist;
  DenseSet<Operation *> seen;
  auto push = [&](Operation *op) {
    if ((op = block.findAncestorOpInBlock(*op)) && seen.insert(op).second)
      worklist.push_back(op);
  };
  for (Operation *user : producer->getUsers()) {
    auto it = groupOf.find(user);
    if (it == groupOf.end() || it->second != group)
      push(user);
  }
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    if (auto it = groupOf.find(op); it != groupOf.end()) {
      if (it->second == group)
        return true;
      for (Operation *member : groups[it->second].getReversedOps())
        push(member);
    }
    for (Operation *user : op->getUsers())
      push(user);
  }
  return false;
}

void BlockPartition::visit(LinalgOp op) {
  SmallVector<unsigned> candidates; // groups of direct users, nearest first
  bool hasOutsider = false;
  for (Operation *user : op->getUsers()) {
    auto it = groupOf.find(user);
    if (it == groupOf.end())
      hasOutsider = true;
    else if (!llvm::is_contained(candidates, it->second))
      candidates.push_back(it->second);
  }
  if (!fuse && !isa<linalg::FillOp>(op))
    candidates.clear();
  bool escapes = hasOutsider || candidates.size() > 1;
  llvm::sort(candidates, std::greater<unsigned>()); // made last = nearest
  for (unsigned group : candidates) {
    if (escapes && (isa<linalg::FillOp>(op) || closesCycle(op, group)))
      continue;
    if (succeeded(groups[group].tryJoin(op, escapes))) {
      groupOf[op] = group;
      return;
    }
  }
  startGroup(op);
}

void BlockPartition::visitSlabs(tensor::InsertSliceOp last) {
  startGroup(last);
  unsigned group = groupOf[last];
  for (tensor::InsertSliceOp slab = last;;) {
    Operation *fill = slab.getSource().getDefiningOp();
    Operation *cut = cast<linalg::FillOp>(fill).getOutputs()[0].getDefiningOp();
    for (Operation *op : {fill, cut}) {
      groups[group].add(op);
      groupOf[op] = group;
    }
    // The next one, if nobody else sees the tensor between the two.
    auto next = slab.getDest().getDefiningOp<tensor::InsertSliceOp>();
    if (!next || next->getBlock() != &block || !next.getResult().hasNUses(2) ||
        !isFilledSlab(next))
      return;
    groups[group].add(next);
    groupOf[next] = group;
    slab = next;
  }
}

SmallVector<FusionGroup> BlockPartition::run() {
  for (Operation &op : llvm::reverse(block)) {
    if (groupOf.contains(&op))
      continue;
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(op)) {
      if (isFilledSlab(insert))
        visitSlabs(insert);
    } else if (isKernel(&op)) {
      startGroup(&op);
    } else if (auto linalgOp = dyn_cast<LinalgOp>(op)) {
      if (linalgOp.hasPureTensorSemantics())
        visit(linalgOp);
    }
  }
  SmallVector<FusionGroup> result;
  for (const GrowingGroup &group : groups)
    result.push_back(group.finish());
  llvm::sort(result, [](const FusionGroup &a, const FusionGroup &b) {
    return a.root()->isBeforeInBlock(b.root());
  });
  return result;
}

SmallVector<FusionGroup> msc::codegen::formFusionGroups(Block &block,
                                                        bool fuse) {
  return BlockPartition(block, fuse).run();
}
