//===- TieCarries.cpp - what a loop carries stays in its buffer -----------===//
//
// Bufferisation keeps a carried tensor in place if the yielded value is made
// in the buffer of the iteration's argument. Said explicitly, whoever computes
// it computes it there, and loops allocate nothing:
//
//   for iter_args(%w = ..) { %w1 = ..; yield %w1 }
// ->
//   for iter_args(%w = ..) { %w1 = ..; yield (%w1 written into %w) }
//
// Carries that change places are saved first.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"
#include "codegen/plan/Ties.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANTIECARRIES
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;
using namespace msc::codegen;

// `carries` are the block's arguments for the operands of its terminator.
static void tieCarries(Block::BlockArgListType carries,
                       MutableArrayRef<OpOperand> yielded) {
  SmallVector<Tie> ties;
  for (auto [carry, value] : llvm::zip(carries, yielded))
    if (isa<RankedTensorType>(carry.getType()) &&
        carry.getType() == value.get().getType())
      ties.push_back({&value, carry});
  tieValues(ties);
}

namespace {

struct TieCarries : codegen::impl::PlanTieCarriesBase<TieCarries> {
  void runOnOperation() override {
    if (getOperation()->hasAttr("msc.prepare"))
      return;
    getOperation().walk([](Operation *op) {
      if (auto loop = dyn_cast<scf::ForOp>(op))
        tieCarries(loop.getRegionIterArgs(),
                   loop.getYieldedValuesMutable().value_or(
                       MutableArrayRef<OpOperand>{}));
      // A while loop is tied if its condition passes the carries on as they
      // are: then the arguments of both blocks are the same buffers.
      if (auto loop = dyn_cast<scf::WhileOp>(op);
          loop && llvm::equal(loop.getConditionOp().getArgs(),
                              loop.getBeforeArguments()))
        tieCarries(loop.getAfterArguments(),
                   loop.getYieldOp()->getOpOperands());
    });
  }
};

} // namespace
