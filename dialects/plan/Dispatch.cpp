//===- Dispatch.cpp - plan.dispatch ---------------------------------------===//
//
// The op that carries bufferisation between fused regions. What it answers
// decides how many copies a program has: through `inplace` it may be given one
// buffer twice (a donated weight), which no call can express, and rows of one
// tensor that provably do not overlap do not conflict.
//
//===----------------------------------------------------------------------===//

#include "dialects/plan/Plan.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace msc::plan;

//===----------------------------------------------------------------------===//
// Syntax of in-place pairs: `[0 -> 1, 2 -> 0]`
//===----------------------------------------------------------------------===//

static ParseResult parseInPlacePairs(OpAsmParser &parser,
                                     DenseI64ArrayAttr &inplace) {
  SmallVector<int64_t> pairs;
  auto parsePair = [&]() -> ParseResult {
    return failure(parser.parseInteger(pairs.emplace_back()) ||
                   parser.parseArrow() ||
                   parser.parseInteger(pairs.emplace_back()));
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parsePair))
    return failure();
  inplace = parser.getBuilder().getDenseI64ArrayAttr(pairs);
  return success();
}

static void printInPlacePairs(OpAsmPrinter &printer, Operation *,
                              DenseI64ArrayAttr inplace) {
  ArrayRef<int64_t> pairs = inplace;
  printer << "[";
  for (size_t i = 0; i + 1 < pairs.size(); i += 2)
    printer << (i ? ", " : "") << pairs[i] << " -> " << pairs[i + 1];
  printer << "]";
}

#define GET_OP_CLASSES
#include "dialects/plan/PlanOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Queries
//===----------------------------------------------------------------------===//

func::FuncOp DispatchOp::lookupRegion(SymbolTableCollection &symbols) {
  return symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getRegionAttr());
}

int64_t DispatchOp::getOutNumber(OpOperand &operand) {
  auto [begin, size] = getODSOperandIndexAndLength(1);
  unsigned number = operand.getOperandNumber();
  return number >= begin && number < begin + size ? int64_t(number - begin)
                                                  : -1;
}

bool DispatchOp::readsOut(int64_t out) {
  return llvm::is_contained(getReads(), out);
}

bool DispatchOp::mayShare(int64_t input, int64_t out) {
  ArrayRef<int64_t> pairs = getInplace();
  for (size_t i = 0; i + 1 < pairs.size(); i += 2)
    if (pairs[i] == input && pairs[i + 1] == out)
      return true;
  return false;
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

static bool haveSameShape(Type a, Type b) {
  auto shapedA = dyn_cast<ShapedType>(a), shapedB = dyn_cast<ShapedType>(b);
  return shapedA && shapedB &&
         shapedA.getElementType() == shapedB.getElementType() &&
         succeeded(
             verifyCompatibleShape(shapedA.getShape(), shapedB.getShape()));
}

LogicalResult DispatchOp::verify() {
  int64_t numInputs = getInputs().size(), numOuts = getOuts().size();
  int64_t last = -1;
  for (int64_t out : getReads()) {
    if (out <= last || out >= numOuts)
      return emitOpError("expected 'reads' to list outs below ")
             << numOuts << " in ascending order, got " << out
             << " (dispatch_c4)";
    last = out;
  }

  ArrayRef<int64_t> pairs = getInplace();
  if (pairs.size() % 2)
    return emitOpError("expected 'inplace' to hold pairs (dispatch_c5)");
  for (size_t i = 0; i < pairs.size(); i += 2) {
    int64_t input = pairs[i], out = pairs[i + 1];
    if (input < 0 || input >= numInputs || out < 0 || out >= numOuts)
      return emitOpError("expected 'inplace' to pair an input and an out, got ")
             << input << " -> " << out << " (dispatch_c5)";
    Type inputType = getInputs()[input].getType();
    Type outType = getOuts()[out].getType();
    if (!haveSameShape(inputType, outType))
      return emitOpError("expected an in-place pair of one shape and element "
                         "type, got ")
             << inputType << " and " << outType << " (dispatch_c5)";
  }

  bool onTensors = llvm::any_of(
      getOuts(), [](Value out) { return isa<TensorType>(out.getType()); });
  bool onMemRefs = llvm::any_of(
      getOuts(), [](Value out) { return isa<BaseMemRefType>(out.getType()); });
  if (onTensors && onMemRefs)
    return emitOpError("expected outs to be all tensors or all memrefs "
                       "(dispatch_c6)");
  if (onTensors && !getScratch().empty())
    return emitOpError("expected scratch with memrefs only (dispatch_c6)");
  return success();
}

LogicalResult DispatchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  func::FuncOp function = lookupRegion(symbols);
  if (!function)
    return emitOpError("expected ")
           << getRegionAttr() << " to name a function (dispatch_c1)";
  if (function.getNumArguments() != getNumOperands()) {
    InFlightDiagnostic diag = emitOpError("expected ")
                              << function.getNumArguments() << " operands, got "
                              << getNumOperands() << " (dispatch_c2)";
    diag.attachNote(function.getLoc()) << "the region is here";
    return diag;
  }
  for (auto [number, operand, type] :
       llvm::enumerate(getOperandTypes(), function.getArgumentTypes())) {
    if (operand == type || haveSameShape(operand, type))
      continue;
    InFlightDiagnostic diag = emitOpError("expected operand ")
                              << number << " like " << type << ", got "
                              << operand << " (dispatch_c3)";
    diag.attachNote(function.getLoc()) << "the region is here";
    return diag;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Effects and shapes
//===----------------------------------------------------------------------===//

// Tensors have no effects; buffers are read, written or both.
void DispatchOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  auto add = [&](OpOperand &operand, bool read, bool write) {
    if (!isa<BaseMemRefType>(operand.get().getType()))
      return;
    if (read)
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
    if (write)
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
  };
  for (OpOperand &input : getInputsMutable())
    add(input, /*read=*/true, /*write=*/false);
  for (auto [number, out] : llvm::enumerate(getOutsMutable()))
    add(out, readsOut(number), /*write=*/true);
  for (OpOperand &scratch : getScratchMutable())
    add(scratch, /*read=*/false, /*write=*/true);
}

LogicalResult
DispatchOp::reifyResultShapes(OpBuilder &builder,
                              ReifiedRankedShapedTypeDims &shapes) {
  for (Value out : getOuts())
    shapes.push_back(tensor::getMixedSizes(builder, getLoc(), out));
  return success();
}

//===----------------------------------------------------------------------===//
// Bufferisation
//===----------------------------------------------------------------------===//

bool DispatchOp::bufferizesToMemoryRead(OpOperand &operand,
                                        const AnalysisState &) {
  int64_t out = getOutNumber(operand);
  return out < 0 || readsOut(out);
}

bool DispatchOp::bufferizesToMemoryWrite(OpOperand &operand,
                                         const AnalysisState &) {
  return getOutNumber(operand) >= 0;
}

AliasingValueList DispatchOp::getAliasingValues(OpOperand &operand,
                                                const AnalysisState &) {
  int64_t out = getOutNumber(operand);
  if (out < 0)
    return {};
  return {{getResult(out), BufferRelation::Equivalent}};
}

// Asked about operands that would become one buffer, of which some are read
// and some written: fine if each such pair is an in-place pair.
bool DispatchOp::bufferizesToElementwiseAccess(const AnalysisState &,
                                               ArrayRef<OpOperand *> operands) {
  for (OpOperand *read : operands)
    for (OpOperand *written : operands) {
      int64_t out = getOutNumber(*written);
      if (read == written || out < 0 || getOutNumber(*read) >= 0)
        continue;
      if (!mayShare(read->getOperandNumber(), out))
        return false;
    }
  return true;
}

// Two slices of one tensor that provably do not overlap, such as the rows t
// and t + 1 of a loop's residuals. The proof holds within one iteration only,
// since SSA values differ between iterations: everything has to stand in the
// block that defines the common source.
bool DispatchOp::isNotConflicting(OpOperand *read, OpOperand *write,
                                  const AnalysisState &) {
  auto readSlice = read->get().getDefiningOp<tensor::ExtractSliceOp>();
  auto writtenSlice = write->get().getDefiningOp<tensor::ExtractSliceOp>();
  if (!readSlice || !writtenSlice ||
      readSlice.getSource() != writtenSlice.getSource())
    return false;
  Block *block = readSlice.getSource().getParentBlock();
  if (readSlice->getBlock() != block || writtenSlice->getBlock() != block ||
      read->getOwner()->getBlock() != block ||
      write->getOwner()->getBlock() != block)
    return false;
  using Offsets = OffsetSizeAndStrideOpInterface;
  HyperrectangularSlice a(cast<Offsets>(readSlice.getOperation()));
  HyperrectangularSlice b(cast<Offsets>(writtenSlice.getOperation()));
  FailureOr<bool> overlap =
      ValueBoundsConstraintSet::areOverlappingSlices(getContext(), a, b);
  return succeeded(overlap) && !*overlap;
}

LogicalResult DispatchOp::bufferize(RewriterBase &rewriter,
                                    const BufferizationOptions &options,
                                    BufferizationState &state) {
  auto getBuffers = [&](ValueRange values,
                        SmallVectorImpl<Value> &buffers) -> LogicalResult {
    for (Value value : values) {
      if (!isa<TensorType>(value.getType())) {
        buffers.push_back(value);
        continue;
      }
      FailureOr<Value> buffer = getBuffer(rewriter, value, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
    }
    return success();
  };
  SmallVector<Value> inputs, outs;
  if (failed(getBuffers(getInputs(), inputs)) ||
      failed(getBuffers(getOuts(), outs)))
    return failure();
  DispatchOp::create(rewriter, getLoc(), TypeRange{}, getRegionAttr(), inputs,
                     outs, /*scratch=*/ValueRange{}, getReads(), getInplace());
  replaceOpWithBufferizedValues(rewriter, *this, outs);
  return success();
}
