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

// Bufferisation takes argument i of the condition for carry i, and so does what
// follows; canonicalisation drops the arguments that nobody reads. Each carry is
// passed on again, if those that are passed on are carries as they are:
//   while (%a, %b) { condition(%c) %b }  ->  while (%a, %b) { condition(%c) %a, %b }
static void passCarriesOn(scf::WhileOp loop) {
  scf::ConditionOp condition = loop.getConditionOp();
  Block &before = loop.getBefore().front(), &after = loop.getAfter().front();
  SmallVector<unsigned> positions; // of what is passed on
  for (Value value : condition.getArgs()) {
    auto carry = dyn_cast<BlockArgument>(value);
    if (!carry || carry.getOwner() != &before)
      return;
    positions.push_back(carry.getArgNumber());
  }
  if (llvm::equal(condition.getArgs(), before.getArguments()))
    return;
  OpBuilder builder(loop);
  auto whole = scf::WhileOp::create(builder, loop.getLoc(),
                                    before.getArgumentTypes(), loop.getInits());
  whole.getBefore().takeBody(loop.getBefore());
  condition.getArgsMutable().assign(
      ValueRange(whole.getBefore().getArguments()));
  Block *body = new Block();
  whole.getAfter().push_back(body);
  for (BlockArgument carry : whole.getBefore().getArguments())
    body->addArgument(carry.getType(), carry.getLoc());
  for (auto [argument, position] :
       llvm::zip_equal(after.getArguments(), positions))
    argument.replaceAllUsesWith(body->getArgument(position));
  body->getOperations().splice(body->end(), after.getOperations());
  for (auto [result, position] : llvm::zip_equal(loop.getResults(), positions))
    result.replaceAllUsesWith(whole.getResult(position));
  loop.erase();
}

namespace {

struct TieCarries : codegen::impl::PlanTieCarriesBase<TieCarries> {
  void runOnOperation() override {
    if (getOperation()->hasAttr("msc.prepare"))
      return;
    SmallVector<scf::WhileOp> whiles;
    getOperation().walk([&](scf::WhileOp loop) { whiles.push_back(loop); });
    for (scf::WhileOp loop : whiles)
      passCarriesOn(loop);
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
