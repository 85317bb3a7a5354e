//===- ToLinalg.h - Patterns from graph to linalg ---------------*- C++ -*-===//
//
// One file and one populate function a family of ops. All patterns run in one
// dialect conversion with the type converter below.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_TO_LINALG_TOLINALG_H
#define MSC_CODEGEN_TO_LINALG_TOLINALG_H

#include "dialects/graph/Graph.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Transforms/DialectConversion.h"

namespace msc {

/// Name of the attribute that says which graph op a linalg op came from.
inline constexpr llvm::StringLiteral kSourceOpAttr = "msc.op";

/// Strips signedness: `tensor<4xui8>` becomes `tensor<4xi8>`.
class SignlessTypeConverter : public mlir::TypeConverter {
public:
  SignlessTypeConverter();
};

/// `msc.op = "<mnemonic>"`, for the attributes of a linalg op made for `op`.
mlir::NamedAttribute sourceOpAttr(mlir::Operation *op);

/// Is this integer type unsigned, or a boolean?
bool isUnsignedElement(mlir::Type type);
/// The same of the elements of a tensor of the graph.
bool isUnsignedTensor(mlir::Value tensor);

/// `value` under another type of compatible shape: extents that fold to
/// constants are known to the values that are made, not to the op's type.
mlir::Value castTo(mlir::OpBuilder &builder, mlir::Location loc,
                   mlir::Value value, mlir::Type type);

/// Two scalars by the op for their type, which has lost its sign.
template <typename FloatOp, typename SignedOp, typename UnsignedOp = SignedOp>
mlir::Value combine(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value a,
                    mlir::Value b, bool isUnsigned) {
  if (llvm::isa<mlir::FloatType>(a.getType()))
    return FloatOp::create(builder, loc, a, b);
  if (isUnsigned)
    return UnsignedOp::create(builder, loc, a, b);
  return SignedOp::create(builder, loc, a, b);
}

/// A destination of the shape of `like` (a value of the result's shape).
mlir::Value emptyLike(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value like, mlir::Type elementType);

/// A destination of the given extents.
mlir::Value emptyTensor(mlir::OpBuilder &builder, mlir::Location loc,
                        llvm::ArrayRef<mlir::OpFoldResult> sizes,
                        mlir::Type elementType);

/// A tensor of the given extents that is `value` (a scalar attribute)
/// everywhere.
mlir::Value filledTensor(mlir::OpBuilder &builder, mlir::Location loc,
                         llvm::ArrayRef<mlir::OpFoldResult> sizes,
                         mlir::TypedAttr value);

/// A composite op that has no loops of its own becomes its expansion.
template <typename OpTy>
struct LowerByExpansion : mlir::OpConversionPattern<OpTy> {
  using mlir::OpConversionPattern<OpTy>::OpConversionPattern;
  mlir::LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor,
                  mlir::ConversionPatternRewriter &rewriter) const override {
    // On the op's own operands: what the expansion is made of is converted in
    // its turn.
    auto values = op.decompose(rewriter, op->getOperands());
    if (mlir::failed(values))
      return rewriter.notifyMatchFailure(op, "has no expansion");
    rewriter.replaceOp(op, *values);
    return mlir::success();
  }
};

void populateAttentionToLinalgPatterns(const mlir::TypeConverter &converter,
                                       mlir::RewritePatternSet &patterns);
void populateContractionToLinalgPatterns(const mlir::TypeConverter &converter,
                                         mlir::RewritePatternSet &patterns);
void populateControlFlowToLinalgPatterns(const mlir::TypeConverter &converter,
                                         mlir::RewritePatternSet &patterns);
void populateConvolutionToLinalgPatterns(const mlir::TypeConverter &converter,
                                         mlir::RewritePatternSet &patterns);
void populateElementwiseToLinalgPatterns(const mlir::TypeConverter &converter,
                                         mlir::RewritePatternSet &patterns);
void populateIndexingToLinalgPatterns(const mlir::TypeConverter &converter,
                                      mlir::RewritePatternSet &patterns);
void populateNormalizationToLinalgPatterns(const mlir::TypeConverter &converter,
                                           mlir::RewritePatternSet &patterns);
void populatePoolingToLinalgPatterns(const mlir::TypeConverter &converter,
                                     mlir::RewritePatternSet &patterns);
void populateReductionToLinalgPatterns(const mlir::TypeConverter &converter,
                                       mlir::RewritePatternSet &patterns);
void populateResamplingToLinalgPatterns(const mlir::TypeConverter &converter,
                                        mlir::RewritePatternSet &patterns);
void populateShapeToLinalgPatterns(const mlir::TypeConverter &converter,
                                   mlir::RewritePatternSet &patterns);
void populateSortingToLinalgPatterns(const mlir::TypeConverter &converter,
                                     mlir::RewritePatternSet &patterns);

} // namespace msc

#endif // MSC_CODEGEN_TO_LINALG_TOLINALG_H
