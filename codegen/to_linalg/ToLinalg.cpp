//===- ToLinalg.cpp - The pass -graph-to-linalg ---------------------------===//
//
// Linalg is where fusion and scheduling happen: ops of the graph dialect, with
// one meaning each, become loops over indexed elements, which can be fused
// without knowing what they mean.
//
//===----------------------------------------------------------------------===//

#include "codegen/to_linalg/ToLinalg.h"
#include "codegen/to_linalg/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/Dialect/SCF/Transforms/Patterns.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace msc {

#define GEN_PASS_DEF_GRAPHTOLINALG
#include "codegen/to_linalg/Passes.h.inc"

static Type stripSignedness(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || integer.isSignless())
    return type;
  return IntegerType::get(type.getContext(), integer.getWidth());
}

SignlessTypeConverter::SignlessTypeConverter() {
  addConversion([](Type type) { return type; });
  addConversion([](IntegerType type) { return stripSignedness(type); });
  addConversion([](RankedTensorType type) {
    return type.clone(stripSignedness(type.getElementType()));
  });
  auto cast = [](OpBuilder &builder, Type type, ValueRange inputs,
                 Location loc) -> Value {
    return UnrealizedConversionCastOp::create(builder, loc, type, inputs)
        .getResult(0);
  };
  addSourceMaterialization(cast);
  addTargetMaterialization(cast);
}

NamedAttribute sourceOpAttr(Operation *op) {
  MLIRContext *context = op->getContext();
  return {StringAttr::get(context, kSourceOpAttr),
          StringAttr::get(context, op->getName().stripDialect())};
}

bool isUnsignedElement(Type type) {
  return type.isUnsignedInteger() || type.isInteger(1);
}

bool isUnsignedTensor(Value tensor) {
  return isUnsignedElement(getElementTypeOrSelf(tensor.getType()));
}

Value castTo(OpBuilder &builder, Location loc, Value value, Type type) {
  if (value.getType() == type)
    return value;
  return tensor::CastOp::create(builder, loc, type, value);
}

Value emptyTensor(OpBuilder &builder, Location loc,
                  ArrayRef<OpFoldResult> sizes, Type elementType) {
  return tensor::EmptyOp::create(builder, loc, sizes, elementType);
}

Value emptyLike(OpBuilder &builder, Location loc, Value like,
                Type elementType) {
  return emptyTensor(builder, loc, tensor::getMixedSizes(builder, loc, like),
                     elementType);
}

Value filledTensor(OpBuilder &builder, Location loc,
                   ArrayRef<OpFoldResult> sizes, TypedAttr value) {
  Value scalar = arith::ConstantOp::create(builder, loc, value);
  Value empty = emptyTensor(builder, loc, sizes, value.getType());
  return linalg::FillOp::create(builder, loc, scalar, empty).getResult(0);
}

/// The types that models know and linalg doesn't are written beside arguments
/// and results.
static void recordElementTypes(func::FuncOp function) {
  auto record = [&](Type type) -> TypeAttr {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || stripSignedness(tensor.getElementType()) ==
                       tensor.getElementType())
      return {};
    return TypeAttr::get(tensor.getElementType());
  };
  StringRef name = graph::GraphDialect::kElementTypeAttr;
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
    if (TypeAttr attr = record(type))
      function.setArgAttr(index, name, attr);
  for (auto [index, type] : llvm::enumerate(function.getResultTypes()))
    if (TypeAttr attr = record(type))
      function.setResultAttr(index, name, attr);
}

namespace {

struct GraphToLinalg : impl::GraphToLinalgBase<GraphToLinalg> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    MLIRContext *context = &getContext();
    for (func::FuncOp function : module.getOps<func::FuncOp>())
      recordElementTypes(function);

    SignlessTypeConverter converter;
    RewritePatternSet patterns(context);
    ConversionTarget target(*context);
    target.addIllegalDialect<graph::GraphDialect>();
    target.markUnknownOpDynamicallyLegal(
        [&](Operation *op) { return converter.isLegal(op); });
    target.addDynamicallyLegalOp<func::FuncOp>([&](func::FuncOp function) {
      return converter.isSignatureLegal(function.getFunctionType()) &&
             converter.isLegal(&function.getBody());
    });
    populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns,
                                                                   converter);
    populateCallOpTypeConversionPattern(patterns, converter);
    populateReturnOpTypeConversionPattern(patterns, converter);
    scf::populateSCFStructuralTypeConversionsAndLegality(converter, patterns,
                                                         target);
    populateAttentionToLinalgPatterns(converter, patterns);
    populateContractionToLinalgPatterns(converter, patterns);
    populateControlFlowToLinalgPatterns(converter, patterns);
    populateConvolutionToLinalgPatterns(converter, patterns);
    populateElementwiseToLinalgPatterns(converter, patterns);
    populateIndexingToLinalgPatterns(converter, patterns);
    populateNormalizationToLinalgPatterns(converter, patterns);
    populatePoolingToLinalgPatterns(converter, patterns);
    populateReductionToLinalgPatterns(converter, patterns);
    populateResamplingToLinalgPatterns(converter, patterns);
    populateShapeToLinalgPatterns(converter, patterns);
    populateSortingToLinalgPatterns(converter, patterns);
    if (failed(applyFullConversion(module, target, std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace msc
