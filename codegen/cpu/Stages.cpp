//===- Stages.cpp - How a region is cut into loop nests -------------------===//
// Walks a region from its results upwards. What is computed for one nest only,
// or cheaply enough to be computed twice, is inlined into it; everything else
// gets memory and a nest of its own.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/Stages.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace msc::cpu;

bool msc::cpu::isReduction(Operation *op) {
  auto generic = dyn_cast_or_null<linalg::GenericOp>(op);
  return generic && generic.getNumReductionLoops() > 0;
}

bool msc::cpu::hasReuse(linalg::GenericOp reduction) {
  unsigned inputs = 0;
  bool reuse = false;
  for (OpOperand *input : reduction.getDpsInputOperands()) {
    // A pooling's window is an operand that nothing reads.
    if (!isa<RankedTensorType>(input->get().getType()) ||
        !reduction.payloadUsesValueFromOperand(input))
      continue;
    ++inputs;
    AffineMap map = reduction.getMatchingIndexingMap(input);
    for (auto [dim, type] : llvm::enumerate(reduction.getIteratorTypesArray()))
      reuse |= type == utils::IteratorType::parallel &&
               !map.isFunctionOfDim(dim) &&
               reduction.getStaticLoopRanges()[dim] != 1;
  }
  return reuse && inputs >= 2;
}

namespace {

/// Few operations and none that takes more than a few cycles.
bool isCheap(linalg::GenericOp op) {
  unsigned count = 0;
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (isa<arith::DivFOp, arith::RemFOp, arith::DivSIOp, arith::DivUIOp,
            arith::RemSIOp, arith::RemUIOp, tensor::ExtractOp>(inner) ||
        isa<math::MathDialect>(inner.getDialect()))
      return false;
    ++count;
  }
  return count <= 3;
}

/// Nothing but conversions of the element type.
bool isConversion(linalg::GenericOp op) {
  return llvm::all_of(op.getBody()->without_terminator(), [](Operation &inner) {
    return isa<CastOpInterface>(inner);
  });
}

class StageCutter {
public:
  explicit StageCutter(func::FuncOp region) : region(region) {}

  StageGraph run() {
    Block &body = region.getBody().front();
    auto *terminator = body.getTerminator();
    for (Value result : terminator->getOperands()) {
      Operation *op = result.getDefiningOp();
      if (!op || op->hasTrait<OpTrait::ConstantLike>() ||
          isa<tensor::EmptyOp>(op))
        return failed("a result is an argument or a constant");
      if (!material.insert(result).second)
        return failed("one value is returned twice");
    }
    for (Operation &op : llvm::reverse(body.without_terminator())) {
      SmallVector<Value> roots;
      for (Value result : op.getResults())
        if (material.contains(result))
          roots.push_back(result);
      if (roots.empty() || op.hasTrait<OpTrait::ConstantLike>() ||
          isa<tensor::EmptyOp>(op) || streamed.contains(&op))
        continue;
      if (!cut(op, roots))
        return std::move(graph);
    }
    std::reverse(graph.stages.begin(), graph.stages.end());
    return std::move(graph);
  }

private:
  /// An access to a value: its index in terms of the root's dims, or empty
  /// where that isn't known or doesn't matter (behind a reduction).
  using Access = SmallVector<AffineExpr>;

  void fail(const Twine &why) {
    graph.stages.clear();
    graph.failure = why.str();
  }
  StageGraph failed(const Twine &why) {
    fail(why);
    return std::move(graph);
  }

  bool cut(Operation &op, ArrayRef<Value> roots) {
    Stage stage;
    stage.roots.assign(roots.begin(), roots.end());
    stage.inlined.insert(&op);
    reached.clear();
    if (isReduction(&op)) {
      auto generic = cast<linalg::GenericOp>(op);
      // Accumulators are registers; what is accumulated must be used or not
      // produced, so all results of a reduction are roots.
      stage.roots.assign(op.result_begin(), op.result_end());
      if (!allowAsCore(generic))
        return false;
      stage.core = generic;
      unsigned rank = cast<RankedTensorType>(roots[0].getType()).getRank();
      for (unsigned dim = 0; dim < rank; ++dim)
        stage.coreDims.push_back(dim);
      reachOperands(stage, generic, coreIndex(stage), /*behindCore=*/true);
    } else {
      if (roots.size() > 1) {
        fail("an elementwise op has several results");
        return false;
      }
      Access identity;
      auto type = cast<RankedTensorType>(roots[0].getType());
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        identity.push_back(getAffineDimExpr(dim, op.getContext()));
      if (!expand(stage, &op, identity, /*behindCore=*/false))
        return false;
    }
    // Latest first: when an op's turn comes all its users in this stage have
    // been seen.
    while (!reached.empty()) {
      auto latest = std::max_element(
          reached.begin(), reached.end(),
          [](auto &a, auto &b) { return a.first->isBeforeInBlock(b.first); });
      Operation *current = latest->first;
      Reached how = std::move(latest->second);
      reached.erase(latest);
      if (!place(stage, current, how))
        return false;
    }
    graph.stages.push_back(std::move(stage));
    return true;
  }

  struct Reached {
    SmallVector<Access> accesses;
    SmallVector<Value> values;
    bool behindCore = false, behindReuse = false;
  };

  /// The loops of a stage's core in terms of the root's dims.
  static Access coreIndex(const Stage &stage) {
    linalg::GenericOp core = stage.core;
    MLIRContext *context = core.getContext();
    Access index;
    unsigned reduced = 0;
    for (auto type : core.getIteratorTypesArray())
      index.push_back(type == utils::IteratorType::reduction
                          ? getAffineSymbolExpr(reduced++, context)
                          : AffineExpr());
    AffineMap out = core.getIndexingMapsArray().back();
    for (auto [i, expr] : llvm::enumerate(out.getResults()))
      index[cast<AffineDimExpr>(expr).getPosition()] =
          getAffineDimExpr(stage.coreDims[i], context);
    return index;
  }

  void reach(Stage &stage, Value value, const Access &access, bool behindCore,
             bool behindReuse = false) {
    Operation *op = value.getDefiningOp();
    if (!op) {
      stage.reads.push_back({value, access});
      return;
    }
    Reached &how = reached[op];
    how.accesses.push_back(access);
    if (!llvm::is_contained(how.values, value))
      how.values.push_back(value);
    how.behindCore |= behindCore;
    how.behindReuse |= behindReuse;
  }

  void reachOperands(Stage &stage, linalg::GenericOp op,
                     const Access &loopIndex, bool behindCore) {
    bool reuse = behindCore && isReduction(op) && hasReuse(op);
    // What the payload takes at computed places has to be in memory.
    for (Operation &inner : op.getBody()->without_terminator())
      if (auto extract = dyn_cast<tensor::ExtractOp>(inner))
        forceMaterial(stage, extract.getTensor(), {});
    for (OpOperand &operand : op->getOpOperands()) {
      if (!isa<RankedTensorType>(operand.get().getType()))
        continue;
      bool isInit = op.isDpsInit(&operand);
      if (isInit && !isReduction(op) &&
          !op.payloadUsesValueFromOperand(&operand))
        continue;
      Access access;
      if (!loopIndex.empty() || op.getNumLoops() == 0)
        for (AffineExpr expr : op.getMatchingIndexingMap(&operand).getResults())
          access.push_back(expr.replaceDims(loopIndex));
      // An init is read once per result, whatever the reuse of the inputs.
      reach(stage, operand.get(), access, behindCore, reuse && !isInit);
    }
  }

  /// Follows an op that is inlined (or the root) to its operands.
  bool expand(Stage &stage, Operation *op, const Access &access,
              bool behindCore, bool behindReuse = false) {
    if (isa<linalg::FillOp, tensor::EmptyOp>(op) ||
        op->hasTrait<OpTrait::ConstantLike>())
      return true;
    if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
      AffineMap out = generic.getIndexingMapsArray().back();
      if (!out.isPermutation()) {
        fail("an elementwise op writes through a map that is no permutation");
        return false;
      }
      Access loopIndex;
      if (!access.empty()) {
        loopIndex.resize(access.size());
        for (auto [i, expr] : llvm::enumerate(out.getResults()))
          loopIndex[cast<AffineDimExpr>(expr).getPosition()] = access[i];
      }
      reachOperands(stage, generic, loopIndex, behindCore);
      if (behindReuse)
        for (Value operand : generic.getDpsInputs())
          if (Operation *def = operand.getDefiningOp())
            reached[def].behindReuse = true;
      return true;
    }
    if (isa<bufferization::MaterializeInDestinationOp>(op)) {
      reach(stage, op->getOperand(0), access, behindCore, behindReuse);
      return true;
    }
    if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op) &&
        op == stage.roots[0].getDefiningOp() &&
        isa_and_nonnull<linalg::GenericOp, tensor::PadOp>(
            op->getOperand(0).getDefiningOp())) {
      // Computed in its own shape, in place.
      forceMaterial(stage, op->getOperand(0), {});
      return true;
    }
    if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp,
            tensor::ExtractSliceOp, tensor::CastOp>(op)) {
      reach(stage, op->getOperand(0), {}, behindCore, behindReuse);
      return true;
    }
    if (auto pad = dyn_cast<tensor::PadOp>(op)) {
      if (!pad.getConstantPaddingValue()) {
        fail("padding with a value that is no constant");
        return false;
      }
      reach(stage, pad.getSource(), {}, behindCore);
      return true;
    }
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(op)) {
      if (isa_and_nonnull<linalg::GenericOp>(
              insert.getSource().getDefiningOp()))
        forceMaterial(stage, insert.getSource(), {});
      else
        reach(stage, insert.getSource(), {}, behindCore);
      if (insert.getDest().getDefiningOp())
        forceMaterial(stage, insert.getDest(), {});
      else
        stage.reads.push_back({insert.getDest(), {}});
      return true;
    }
    fail("no schedule for '" + op->getName().getStringRef() + "'");
    return false;
  }

  void forceMaterial(Stage &stage, Value value, const Access &access) {
    stage.reads.push_back({value, access});
    if (value.getDefiningOp())
      material.insert(value);
  }

  bool allInStage(const Stage &stage, Operation *op) {
    return llvm::all_of(op->getUsers(), [&](Operation *user) {
      while (user->getBlock() != op->getBlock())
        user = user->getParentOp();
      return stage.inlined.contains(user);
    });
  }

  bool place(Stage &stage, Operation *op, const Reached &how) {
    if (op->hasTrait<OpTrait::ConstantLike>()) {
      if (!matchPattern(op, m_Constant<DenseElementsAttr>(nullptr)) ||
          isSplat(op))
        return true;
      for (Value value : how.values)
        stage.reads.push_back({value, {}});
      return true;
    }
    bool isMaterial = llvm::any_of(
        op->getResults(), [&](Value v) { return material.contains(v); });
    if (!isMaterial && canInline(stage, op, how)) {
      stage.inlined.insert(op);
      // One access stands for all but for the search for a core, which needs
      // them to be equal.
      bool equal = llvm::all_equal(how.accesses);
      return expand(stage, op, equal ? how.accesses[0] : Access(),
                    how.behindCore, how.behindReuse);
    }
    if (!isMaterial && isReduction(op) && takeAsCore(stage, op, how))
      return true;
    if (takeAsStream(stage, op, how))
      return expand(stage, op, how.accesses[0], how.behindCore);
    if (isReduction(op) && !allowAsCore(cast<linalg::GenericOp>(op)))
      return false;
    Access access = llvm::all_equal(how.accesses) ? how.accesses[0] : Access();
    for (Value value : how.values)
      forceMaterial(stage, value, access);
    return true;
  }

  static bool isSplat(Operation *op) {
    DenseElementsAttr attr;
    return matchPattern(op, m_Constant(&attr)) && attr.isSplat();
  }

  bool canInline(Stage &stage, Operation *op, const Reached &how) {
    if (isa<linalg::FillOp, tensor::EmptyOp, tensor::CastOp>(op))
      return true;
    if (isa<bufferization::MaterializeInDestinationOp>(op))
      return false;
    if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp,
            tensor::ExtractSliceOp>(op))
      return true;
    auto generic = dyn_cast<linalg::GenericOp>(op);
    if (!generic || isReduction(op) || generic.getNumResults() != 1 ||
        !generic.getIndexingMapsArray().back().isPermutation())
      return false;
    if (how.behindReuse)
      return isConversion(generic);
    return allInStage(stage, op) || isCheap(generic);
  }

  bool takeAsCore(Stage &stage, Operation *op, const Reached &how) {
    auto generic = cast<linalg::GenericOp>(op);
    if (stage.core || how.behindCore || generic.getNumResults() != 1 ||
        !allInStage(stage, op) || !llvm::all_equal(how.accesses))
      return false;
    const Access &access = how.accesses[0];
    auto rootType = cast<RankedTensorType>(stage.roots[0].getType());
    if (int64_t(access.size()) != rootType.getRank() ||
        generic.getNumParallelLoops() != access.size())
      return false;
    SmallVector<unsigned> dims;
    for (AffineExpr expr : access) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      if (!dim || llvm::is_contained(dims, dim.getPosition()))
        return false;
      dims.push_back(dim.getPosition());
    }
    if (!hasPlainResults(generic))
      return false;
    stage.core = generic;
    stage.coreDims = dims;
    stage.inlined.insert(op);
    reachOperands(stage, generic, coreIndex(stage), /*behindCore=*/true);
    return true;
  }

  /// What a reduction reads at each point of its loops and stages behind it
  /// read again is stored on the way.
  bool takeAsStream(Stage &stage, Operation *op, const Reached &how) {
    auto generic = dyn_cast<linalg::GenericOp>(op);
    if (!stage.core || !how.behindCore || how.behindReuse || !generic ||
        isReduction(op) || generic.getNumResults() != 1 ||
        !generic.getIndexingMapsArray().back().isPermutation() ||
        hasReuse(stage.core) || !llvm::all_equal(how.accesses))
      return false;
    Stage::Stream stream{op->getResult(0), {}, how.accesses[0]};
    Access loops = coreIndex(stage);
    for (AffineExpr expr : stream.index) {
      auto loop = llvm::find(loops, expr);
      if (loop == loops.end())
        return false;
      stream.loops.push_back(loop - loops.begin());
    }
    if (stream.loops.size() != loops.size() ||
        llvm::SmallDenseSet<unsigned>(llvm::from_range, stream.loops).size() !=
            loops.size())
      return false;
    // Whoever reads it must come later.
    Operation *root = stage.roots[0].getDefiningOp();
    for (Operation *user : op->getUsers()) {
      while (user->getBlock() != op->getBlock())
        user = user->getParentOp();
      if (!stage.inlined.contains(user) && !root->isBeforeInBlock(user))
        return false;
    }
    material.insert(stream.value);
    streamed.insert(op);
    stage.inlined.insert(op);
    stage.streams.push_back(std::move(stream));
    return true;
  }

  /// All results are indexed by all parallel dims, in any order.
  static bool hasPlainResults(linalg::GenericOp op) {
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    AffineMap first = maps[op.getNumDpsInputs()];
    for (unsigned i = op.getNumDpsInputs(); i < maps.size(); ++i)
      if (maps[i] != first)
        return false;
    auto types = op.getIteratorTypesArray();
    for (AffineExpr expr : first.getResults()) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      if (!dim || types[dim.getPosition()] != utils::IteratorType::parallel)
        return false;
    }
    return first.isProjectedPermutation() &&
           first.getNumResults() == op.getNumParallelLoops();
  }

  bool allowAsCore(linalg::GenericOp op) {
    if (hasPlainResults(op))
      return true;
    fail("a reduction whose result is not indexed by its parallel dims");
    return false;
  }

  func::FuncOp region;
  StageGraph graph;
  DenseSet<Value> material;
  DenseSet<Operation *> streamed;
  DenseMap<Operation *, Reached> reached;
};

} // namespace

StageGraph msc::cpu::cutIntoStages(func::FuncOp region) {
  return StageCutter(region).run();
}
