//===- Lifetimes.cpp - when each allocation of a function is in use -------===//

#include "codegen/plan/Lifetimes.h"

#include "dialects/plan/Plan.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace msc;
using namespace msc::codegen;

namespace {

class LifetimeAnalysis {
public:
  explicit LifetimeAnalysis(func::FuncOp function) : flow(function) {
    number(function);
  }
  FailureOr<Lifetime> run(memref::AllocOp alloc);

private:
  void number(Operation *op) {
    unsigned begin = clock++;
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (Operation &inner : block)
          number(&inner);
    times[op] = {begin, clock++};
  }

  BufferViewFlowAnalysis flow;
  DenseMap<Operation *, std::pair<unsigned, unsigned>> times;
  unsigned clock = 0;
};

} // namespace

// The op that stands for a use of what `alloc` made: the outermost loop around
// it that does not allocate anew in each iteration, or else the use itself.
static Operation *getSpan(Operation *use, memref::AllocOp alloc) {
  Operation *span = use;
  for (Operation *parent = use->getParentOp();
       parent && !parent->isProperAncestor(alloc);
       parent = parent->getParentOp())
    if (isa<LoopLikeOpInterface>(parent))
      span = parent;
  return span;
}

FailureOr<Lifetime> LifetimeAnalysis::run(memref::AllocOp alloc) {
  Lifetime life{alloc};
  for (Value value : flow.resolve(alloc)) {
    if (auto arg = dyn_cast<BlockArgument>(value)) {
      Operation *parent = arg.getOwner()->getParentOp();
      if (isa<LoopLikeOpInterface>(parent) && parent->isProperAncestor(alloc)) {
        InFlightDiagnostic diag =
            alloc.emitError("expected the loop to carry its tensors in place");
        diag.attachNote(parent->getLoc()) << "carried by this loop";
        return diag;
      }
    }
    for (Operation *user : value.getUsers()) {
      // Taking a view or passing a buffer on touches no memory.
      if (isa<memref::DeallocOp, memref::DimOp>(user))
        continue;
      Operation *span = getSpan(user, alloc);
      auto [begin, end] = times[span];
      if (begin < life.first) {
        life.first = begin;
        life.firstOp = span;
        life.firstUses = 0;
      }
      if (end > life.last) {
        life.last = end;
        life.lastOp = span;
        life.lastUses = 0;
      }
      life.firstUses += life.firstOp == user;
      life.lastUses += life.lastOp == user;
    }
  }
  return life;
}

FailureOr<SmallVector<Lifetime>>
msc::codegen::computeLifetimes(func::FuncOp function) {
  LifetimeAnalysis analysis(function);
  SmallVector<Lifetime> lifetimes;
  WalkResult walked = function.walk([&](memref::AllocOp alloc) {
    FailureOr<Lifetime> life = analysis.run(alloc);
    if (failed(life))
      return WalkResult::interrupt();
    if (life->firstOp)
      lifetimes.push_back(*life);
    return WalkResult::advance();
  });
  if (walked.wasInterrupted())
    return failure();
  return lifetimes;
}

// `early` dies in the dispatch that writes `late`, which may be in place.
static bool diesInto(Lifetime early, Lifetime late) {
  auto dispatch = dyn_cast_or_null<plan::DispatchOp>(early.lastOp);
  if (!dispatch || late.firstOp != dispatch || early.lastUses != 1 ||
      late.firstUses != 1)
    return false;
  Value from = early.alloc.getResult(), to = late.alloc.getResult();
  std::optional<int64_t> input, out;
  for (auto [number, value] : llvm::enumerate(dispatch.getInputs()))
    if (value == from) {
      if (input)
        return false;
      input = number;
    }
  for (auto [number, value] : llvm::enumerate(dispatch.getOuts())) {
    if (value == from)
      return false;
    if (value == to)
      out = number;
  }
  return input && out && dispatch.mayShare(*input, *out);
}

bool msc::codegen::maySharePlace(const Lifetime &a, const Lifetime &b) {
  return diesInto(a, b) || diesInto(b, a);
}
