//===- ExpandMaxima.cpp - maximum and minimum that let NaN pass -----------===//
// A CPU's maximum gives one of its operands if the other is NaN. Written so
// that this is the accumulator, whose NaN then stays, one comparison of the new
// element is left to do, off the chain from one accumulator to the next.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace msc::cpu {
#define GEN_PASS_DEF_EXPANDMAXIMA
#include "codegen/cpu/Passes.h.inc"
} // namespace msc::cpu

namespace {

// maximumf(a, x)  ->  m = (x > a ? x : a); isnan(x) ? m + x : m
//
// The sum is NaN. With x in its place the two selections would be made one
// again, of a condition that no maximum instruction has.
template <typename Op, arith::CmpFPredicate predicate>
struct Expand : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Value old = op.getLhs(), x = op.getRhs();
    Value better = arith::CmpFOp::create(b, loc, predicate, x, old);
    Value number = arith::SelectOp::create(b, loc, better, x, old);
    Value isNan =
        arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, x, x);
    Value nan = arith::AddFOp::create(b, loc, number, x);
    b.replaceOpWithNewOp<arith::SelectOp>(op, isNan, nan, number);
    return success();
  }
};

struct ExpandMaxima : msc::cpu::impl::ExpandMaximaBase<ExpandMaxima> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<Expand<arith::MaximumFOp, arith::CmpFPredicate::OGT>,
                 Expand<arith::MinimumFOp, arith::CmpFPredicate::OLT>>(
        &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
