//===- Transfers.cpp - plan.collective, plan.start and plan.wait ----------===//
//
// Bufferisation works on what SSA shows: a transfer in flight is shown to it
// as a value (`inflight`) and, at the wait, as a read of the source (`keep`).
//
//===----------------------------------------------------------------------===//

#include "dialects/plan/Plan.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace msc::plan;

using Effects = SmallVectorImpl<MemoryEffects::EffectInstance>;

template <typename Effect>
static void addEffect(Effects &effects, OpOperand &operand) {
  if (isa<BaseMemRefType>(operand.get().getType()))
    effects.emplace_back(Effect::get(), &operand);
}

//===----------------------------------------------------------------------===//
// What collective and start have in common
//===----------------------------------------------------------------------===//

template <typename OpTy>
static LogicalResult verifyTransfer(OpTy op, Value result) {
  auto source = cast<ShapedType>(op.getSource().getType());
  auto dest = cast<ShapedType>(op.getDest().getType());
  if (source.getElementType() != dest.getElementType())
    return op.emitOpError("expected one element type, got ")
           << source.getElementType() << " and " << dest.getElementType()
           << " (transfer_c1)";

  TransferKind kind = op.getKind();
  bool keepsShape = kind == TransferKind::Copy ||
                    kind == TransferKind::AllReduce ||
                    kind == TransferKind::Permute;
  if (keepsShape &&
      failed(verifyCompatibleShape(source.getShape(), dest.getShape())))
    return op.emitOpError("expected source and destination of one shape, got ")
           << source << " and " << dest << " (transfer_c2)";

  bool reduces =
      kind == TransferKind::AllReduce || kind == TransferKind::ReduceScatter;
  if (reduces != op.getReduction().has_value())
    return op.emitOpError("expected '")
           << stringifyTransferKind(kind) << "' "
           << (reduces ? "with" : "without") << " a reduction (transfer_c3)";
  if (kind != TransferKind::Copy && !op.getChannel())
    return op.emitOpError("expected '")
           << stringifyTransferKind(kind) << "' with a channel (transfer_c4)";

  bool onTensors = isa<TensorType>(dest);
  if (onTensors != isa<TensorType>(source))
    return op.emitOpError("expected source and destination to be both tensors "
                          "or both memrefs (transfer_c5)");
  if (onTensors != bool(result) || (result && result.getType() != dest))
    return op.emitOpError("expected a result of the destination's type with "
                          "tensors and none with memrefs (transfer_c5)");
  return success();
}

static bool isSource(OpOperand &operand) {
  return operand.getOperandNumber() == 0;
}

static FailureOr<std::pair<Value, Value>>
getEndBuffers(RewriterBase &rewriter, Value source, Value dest,
              const BufferizationOptions &options, BufferizationState &state) {
  FailureOr<Value> from = getBuffer(rewriter, source, options, state);
  FailureOr<Value> to = getBuffer(rewriter, dest, options, state);
  if (failed(from) || failed(to))
    return failure();
  return std::make_pair(*from, *to);
}

//===----------------------------------------------------------------------===//
// Collective
//===----------------------------------------------------------------------===//

LogicalResult CollectiveOp::verify() {
  return verifyTransfer(*this, getResult());
}

void CollectiveOp::getEffects(Effects &effects) {
  addEffect<MemoryEffects::Read>(effects, getSourceMutable());
  addEffect<MemoryEffects::Write>(effects, getDestMutable());
}

bool CollectiveOp::bufferizesToMemoryRead(OpOperand &operand,
                                          const AnalysisState &) {
  return isSource(operand);
}

bool CollectiveOp::bufferizesToMemoryWrite(OpOperand &operand,
                                           const AnalysisState &) {
  return !isSource(operand);
}

AliasingValueList CollectiveOp::getAliasingValues(OpOperand &operand,
                                                  const AnalysisState &) {
  if (isSource(operand))
    return {};
  return {{getResult(), BufferRelation::Equivalent}};
}

LogicalResult CollectiveOp::bufferize(RewriterBase &rewriter,
                                      const BufferizationOptions &options,
                                      BufferizationState &state) {
  auto ends = getEndBuffers(rewriter, getSource(), getDest(), options, state);
  if (failed(ends))
    return failure();
  CollectiveOp::create(rewriter, getLoc(), Type(), getKindAttr(),
                       getReductionAttr(), getChannelAttr(), ends->first,
                       ends->second);
  replaceOpWithBufferizedValues(rewriter, *this, ends->second);
  return success();
}

//===----------------------------------------------------------------------===//
// Start
//===----------------------------------------------------------------------===//

LogicalResult StartOp::verify() {
  if (failed(verifyTransfer(*this, getInflight())))
    return failure();
  auto wait = getToken().hasOneUse()
                  ? dyn_cast<WaitOp>(*getToken().user_begin())
                  : WaitOp();
  if (!wait || wait->getBlock() != (*this)->getBlock())
    return emitOpError("expected the token to go to one 'plan.wait' of the "
                       "same block (start_c1)");
  if (getInflight())
    for (Operation *user : getInflight().getUsers())
      if (user != wait.getOperation()) {
        InFlightDiagnostic diag = emitOpError(
            "expected only the wait to use what is in flight (start_c2)");
        diag.attachNote(user->getLoc()) << "used here";
        return diag;
      }
  return success();
}

void StartOp::getEffects(Effects &effects) {
  addEffect<MemoryEffects::Read>(effects, getSourceMutable());
  addEffect<MemoryEffects::Write>(effects, getDestMutable());
}

bool StartOp::bufferizesToMemoryRead(OpOperand &operand,
                                     const AnalysisState &) {
  return isSource(operand);
}

bool StartOp::bufferizesToMemoryWrite(OpOperand &operand,
                                      const AnalysisState &) {
  return !isSource(operand);
}

AliasingValueList StartOp::getAliasingValues(OpOperand &operand,
                                             const AnalysisState &) {
  if (isSource(operand))
    return {};
  return {{getInflight(), BufferRelation::Equivalent}};
}

LogicalResult StartOp::bufferize(RewriterBase &rewriter,
                                 const BufferizationOptions &options,
                                 BufferizationState &state) {
  auto ends = getEndBuffers(rewriter, getSource(), getDest(), options, state);
  if (failed(ends))
    return failure();
  auto start = StartOp::create(rewriter, getLoc(), getToken().getType(), Type(),
                               getKindAttr(), getReductionAttr(),
                               getChannelAttr(), ends->first, ends->second);
  replaceOpWithBufferizedValues(rewriter, *this,
                                ValueRange{start.getToken(), ends->second});
  return success();
}

//===----------------------------------------------------------------------===//
// Wait
//===----------------------------------------------------------------------===//

LogicalResult WaitOp::verify() {
  bool onTensors = isa<TensorType>(getDest().getType());
  if (onTensors != bool(getResult()) ||
      (onTensors && getResult().getType() != getDest().getType()))
    return emitOpError("expected a result of the destination's type with "
                       "tensors and none with memrefs (wait_c3)");
  auto start = getToken().getDefiningOp<StartOp>();
  if (!start)
    return success(); // reported at the start that lacks its wait

  // After bufferisation a view may be built twice, so that only tensors can be
  // compared as values.
  bool keepsSource =
      onTensors
          ? llvm::is_contained(getKeep(), start.getSource())
          : llvm::any_of(getKeep(), [&](Value kept) {
              return cast<ShapedType>(kept.getType()).getShape() ==
                     cast<ShapedType>(start.getSource().getType()).getShape();
            });
  if (!keepsSource) {
    InFlightDiagnostic diag =
        emitOpError("expected 'keep' to hold the transfer's source (wait_c1)");
    diag.attachNote(start.getLoc()) << "the transfer starts here";
    return diag;
  }
  if (onTensors && getDest() != start.getInflight()) {
    InFlightDiagnostic diag =
        emitOpError("expected the destination that is in flight (wait_c2)");
    diag.attachNote(start.getLoc()) << "the transfer starts here";
    return diag;
  }
  return success();
}

static bool isWaitDest(OpOperand &operand) {
  return operand.getOperandNumber() == 1;
}

void WaitOp::getEffects(Effects &effects) {
  addEffect<MemoryEffects::Read>(effects, getDestMutable());
  addEffect<MemoryEffects::Write>(effects, getDestMutable());
  for (OpOperand &kept : getKeepMutable())
    addEffect<MemoryEffects::Read>(effects, kept);
}

bool WaitOp::bufferizesToMemoryRead(OpOperand &, const AnalysisState &) {
  return true;
}

bool WaitOp::bufferizesToMemoryWrite(OpOperand &operand,
                                     const AnalysisState &) {
  return isWaitDest(operand);
}

bool WaitOp::mustBufferizeInPlace(OpOperand &operand, const AnalysisState &) {
  return isWaitDest(operand);
}

AliasingValueList WaitOp::getAliasingValues(OpOperand &operand,
                                            const AnalysisState &) {
  if (!isWaitDest(operand))
    return {};
  return {{getResult(), BufferRelation::Equivalent}};
}

LogicalResult WaitOp::bufferize(RewriterBase &rewriter,
                                const BufferizationOptions &options,
                                BufferizationState &state) {
  FailureOr<Value> dest = getBuffer(rewriter, getDest(), options, state);
  if (failed(dest))
    return failure();
  SmallVector<Value> kept;
  for (Value value : getKeep()) {
    FailureOr<Value> buffer = getBuffer(rewriter, value, options, state);
    if (failed(buffer))
      return failure();
    kept.push_back(*buffer);
  }
  WaitOp::create(rewriter, getLoc(), Type(), getToken(), *dest, kept);
  replaceOpWithBufferizedValues(rewriter, *this, *dest);
  return success();
}
