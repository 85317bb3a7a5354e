//===- ExpandCopies.cpp - Copies between strided buffers as loops ---------===//
// Upstream lowers these to a call of `memrefCopy`, which lives in a library
// that compiled models don't link.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/Passes.h"

using namespace mlir;

namespace msc::cpu {
#define GEN_PASS_DEF_EXPANDCOPIES
#include "codegen/cpu/Passes.h.inc"
} // namespace msc::cpu

namespace {

struct ExpandCopies : msc::cpu::impl::ExpandCopiesBase<ExpandCopies> {
  void runOnOperation() override {
    SmallVector<memref::CopyOp> copies;
    getOperation().walk([&](memref::CopyOp copy) { copies.push_back(copy); });
    for (memref::CopyOp copy : copies) {
      auto source = dyn_cast<MemRefType>(copy.getSource().getType());
      auto target = dyn_cast<MemRefType>(copy.getTarget().getType());
      if (!source || !target ||
          (source.getLayout().isIdentity() && target.getLayout().isIdentity()))
        continue;
      OpBuilder builder(copy);
      SmallVector<AffineMap> maps(
          2, builder.getMultiDimIdentityMap(source.getRank()));
      SmallVector<utils::IteratorType> kinds(source.getRank(),
                                             utils::IteratorType::parallel);
      linalg::GenericOp::create(
          builder, copy.getLoc(), ValueRange(copy.getSource()),
          ValueRange(copy.getTarget()), maps, kinds,
          [](OpBuilder &inner, Location loc, ValueRange arguments) {
            linalg::YieldOp::create(inner, loc, arguments[0]);
          });
      copy.erase();
    }
  }
};

} // namespace
