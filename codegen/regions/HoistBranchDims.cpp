//===- HoistBranchDims.cpp - extents that do not depend on the branch -----===//
//
// What comes out of an `scf.if` mostly has the same extents whichever branch is
// taken, but a `tensor.dim` of it says nothing of the sort: destinations and
// memory behind it would depend on what the program computes, and could not be
// planned.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

namespace msc::codegen {
#define GEN_PASS_DEF_LINALGHOISTBRANCHDIMS
#include "codegen/regions/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;

namespace {

/// An extent that is known outside of a branch: a number, an index, or a dim of
/// a tensor.
struct Extent {
  int64_t number = ShapedType::kDynamic; // of the dim, if there is a tensor
  Value value;                           // an index or a tensor

  bool operator==(const Extent &other) const {
    return number == other.number && value == other.value;
  }
};

/// Follows extents out of the branches of one `scf.if`.
class BranchReader {
public:
  explicit BranchReader(scf::IfOp branch) : branch(branch) {}

  /// The extent of a result, if both branches agree.
  std::optional<Extent> extentOf(OpResult result, int64_t dim) {
    unsigned number = result.getResultNumber();
    auto then = extentOf(branch.thenYield().getOperand(number), dim);
    auto otherwise = extentOf(branch.elseYield().getOperand(number), dim);
    return then && otherwise && *then == *otherwise ? then : std::nullopt;
  }

private:
  std::optional<Extent> extentOf(Value tensor, int64_t dim) {
    auto type = cast<RankedTensorType>(tensor.getType());
    if (!type.isDynamicDim(dim))
      return Extent{type.getDimSize(dim), Value()};
    if (isOutside(tensor))
      return Extent{dim, tensor};
    Operation *op = tensor.getDefiningOp();
    if (auto style = dyn_cast_if_present<DestinationStyleOpInterface>(op))
      return extentOf(style.getTiedOpOperand(cast<OpResult>(tensor))->get(),
                      dim);
    if (auto empty = dyn_cast_if_present<tensor::EmptyOp>(op))
      return extentOf(empty.getDynamicSize(dim));
    if (auto cast = dyn_cast_if_present<tensor::CastOp>(op))
      return extentOf(cast.getSource(), dim);
    if (auto insert = dyn_cast_if_present<tensor::InsertSliceOp>(op))
      return extentOf(insert.getDest(), dim);
    return std::nullopt;
  }

  std::optional<Extent> extentOf(Value index) {
    if (auto known = getConstantIntValue(index))
      return Extent{*known, Value()};
    if (auto of = index.getDefiningOp<tensor::DimOp>())
      if (auto dim = of.getConstantIndex())
        if (auto type = dyn_cast<RankedTensorType>(of.getSource().getType());
            type && *dim >= 0 && *dim < type.getRank())
          return extentOf(of.getSource(), *dim);
    if (isOutside(index))
      return Extent{ShapedType::kDynamic, index};
    return std::nullopt;
  }

  bool isOutside(Value value) {
    return !branch->isAncestor(value.getParentRegion()->getParentOp());
  }

  scf::IfOp branch;
};

Value materialize(OpBuilder &builder, Location loc, const Extent &extent) {
  if (!extent.value)
    return arith::ConstantIndexOp::create(builder, loc, extent.number);
  if (extent.value.getType().isIndex())
    return extent.value;
  return tensor::DimOp::create(builder, loc, extent.value, extent.number);
}

struct HoistBranchDims
    : msc::codegen::impl::LinalgHoistBranchDimsBase<HoistBranchDims> {
  void runOnOperation() override {
    // From the inside to the outside: dims of inner ones lead to outer ones.
    getOperation().walk([](tensor::DimOp op) {
      auto branch = op.getSource().getDefiningOp<scf::IfOp>();
      auto dim = op.getConstantIndex();
      if (!branch || !dim || *dim < 0 ||
          *dim >= cast<RankedTensorType>(op.getSource().getType()).getRank())
        return;
      auto extent =
          BranchReader(branch).extentOf(cast<OpResult>(op.getSource()), *dim);
      if (!extent)
        return;
      OpBuilder builder(branch);
      op.replaceAllUsesWith(materialize(builder, op.getLoc(), *extent));
      op.erase();
    });
  }
};

} // namespace
