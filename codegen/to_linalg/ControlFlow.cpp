//===- ControlFlow.cpp - Tensor ops between graph ops ---------------------===//
//
// Loops and branches of the scf dialect stay as they are; upstream converts
// their types. What stands beside them in a graph, slices of carried tensors,
// conditions that are read, casts to the common type of two branches, is of the
// tensor dialect already and only loses the signs of its element types.
//
//===----------------------------------------------------------------------===//

#include "codegen/to_linalg/ToLinalg.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace msc {
namespace {

/// tensor.op on tensor<4xui8>  ->  tensor.op on tensor<4xi8>
struct RetypeTensorOp : ConversionPattern {
  RetypeTensorOp(const TypeConverter &converter, MLIRContext *context)
      : ConversionPattern(converter, MatchAnyOpTypeTag(), /*benefit=*/1,
                          context) {}

  LogicalResult
  matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const override {
    // A branch that computes nothing is a select of whole tensors.
    bool isPlain = isa<tensor::TensorDialect>(op->getDialect()) ||
                   isa<arith::SelectOp>(op);
    if (!isPlain || op->getNumRegions())
      return rewriter.notifyMatchFailure(op, "not a plain tensor op");
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op->getResultTypes(), types)))
      return rewriter.notifyMatchFailure(op, "result types have no conversion");
    IRMapping mapping;
    mapping.map(op->getOperands(), operands);
    Operation *copy = rewriter.clone(*op, mapping);
    for (auto [result, type] : llvm::zip_equal(copy->getResults(), types))
      result.setType(type);
    rewriter.replaceOp(op, copy);
    return success();
  }
};

} // namespace

void populateControlFlowToLinalgPatterns(const TypeConverter &converter,
                                         RewritePatternSet &patterns) {
  patterns.add<RetypeTensorOp>(converter, patterns.getContext());
}

} // namespace msc
