#include "autodiff/graph/StraightLine.h"
#include "dialects/graph/Graph.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace msc;

namespace {

/// A derived function under construction: the original body comes first, what
/// is derived follows.
class Derivation {
public:
  Derivation(func::FuncOp function)
      : function(function), builder(function.getContext()) {}

  /// Makes the function with the given further arguments, and copies the body.
  void start(StringRef name, TypeRange further, TypeRange results) {
    SmallVector<Type> arguments(function.getArgumentTypes());
    llvm::append_range(arguments, further);
    builder.setInsertionPointAfter(function);
    derived = func::FuncOp::create(builder, function.getLoc(), name,
                                   builder.getFunctionType(arguments, results));
    Block *body = derived.addEntryBlock();
    builder.setInsertionPointToStart(body);
    for (auto [from, to] :
         llvm::zip(function.getArguments(), body->getArguments())) {
      primals.map(from, to);
      if (isDifferentiableType(from.getType()))
        active.insert(from);
    }
    for (Operation &op : function.getBody().front().without_terminator()) {
      builder.clone(op, primals);
      if (llvm::any_of(op.getOperands(),
                       [&](Value v) { return active.contains(v); }))
        for (Value result : op.getResults())
          if (isDifferentiableType(result.getType()))
            active.insert(result);
    }
  }

  ValueRange furtherArguments() {
    return derived.getArguments().drop_front(function.getNumArguments());
  }

  FailureOr<func::FuncOp> finish(ValueRange results) {
    func::ReturnOp::create(builder, function.getLoc(), results);
    if (failed(verify(derived)))
      return failure();
    return derived;
  }

  const CotangentDialectInterface &arithmetic() {
    return *builder.getContext()
                ->getOrLoadDialect<graph::GraphDialect>()
                ->getRegisteredInterface<CotangentDialectInterface>();
  }

  static SmallVector<Type> differentiable(TypeRange types) {
    return llvm::filter_to_vector(
        types, [](Type type) { return isDifferentiableType(type); });
  }

  func::FuncOp function, derived;
  OpBuilder builder;
  IRMapping primals;
  DenseSet<Value> active;
};

class StraightLineVjp : public VjpContext, public Derivation {
public:
  using Derivation::Derivation;

  OpBuilder &builder() override { return Derivation::builder; }
  Value primal(Value value) override { return primals.lookup(value); }
  Value cotangent(OpResult result) override {
    return cotangents.lookup(result);
  }
  bool wants(OpOperand &operand) override {
    return active.contains(operand.get());
  }
  void accumulate(OpOperand &operand, Value contribution) override {
    if (contribution.getType() != operand.get().getType()) {
      operand.getOwner()->emitError("cotangent of operand ")
          << operand.getOperandNumber() << " has type "
          << contribution.getType();
      isBroken = true;
      return;
    }
    Value &sum = cotangents[operand.get()];
    sum = sum ? arithmetic().buildAdd(Derivation::builder,
                                      operand.getOwner()->getLoc(), sum,
                                      contribution)
              : contribution;
  }
  void accumulateSlice(OpOperand &operand, Value contribution,
                       ArrayRef<OpFoldResult> offsets,
                       ArrayRef<OpFoldResult> sizes,
                       ArrayRef<OpFoldResult> strides) override {
    accumulate(operand, arithmetic().buildScatteredSlice(
                            Derivation::builder, operand.getOwner()->getLoc(),
                            primal(operand.get()), contribution, offsets, sizes,
                            strides));
  }

  LogicalResult derive(Operation *op) {
    if (llvm::none_of(op->getResults(),
                      [&](Value v) { return cotangents.contains(v); }) ||
        llvm::none_of(op->getOperands(),
                      [&](Value v) { return active.contains(v); }))
      return success();
    if (auto cast = dyn_cast<tensor::CastOp>(op)) {
      accumulate(op->getOpOperand(0),
                 tensor::CastOp::create(Derivation::builder, op->getLoc(),
                                        cast.getSource().getType(),
                                        cotangents[cast.getDest()]));
      return success();
    }
    auto gradient = dyn_cast<GradientOpInterface>(op);
    if (!gradient)
      return op->emitError("has no gradient");
    if (failed(gradient.vjp(*this)) || isBroken)
      return failure();
    return success();
  }

  DenseMap<Value, Value> cotangents;
  bool isBroken = false;
};

class StraightLineJvp : public JvpContext, public Derivation {
public:
  using Derivation::Derivation;

  OpBuilder &builder() override { return Derivation::builder; }
  Value primal(Value value) override { return primals.lookup(value); }
  Value tangent(OpOperand &operand) override {
    return tangents.lookup(operand.get());
  }
  void setTangent(OpResult result, Value tangent) override {
    if (tangent.getType() != result.getType()) {
      result.getOwner()->emitError("tangent of result ")
          << result.getResultNumber() << " has type " << tangent.getType();
      isBroken = true;
    }
    tangents[result] = tangent;
  }

  LogicalResult derive(Operation *op) {
    if (llvm::none_of(op->getOperands(),
                      [&](Value v) { return tangents.contains(v); }) ||
        differentiable(op->getResultTypes()).empty())
      return success();
    if (auto cast = dyn_cast<tensor::CastOp>(op)) {
      setTangent(op->getResult(0),
                 tensor::CastOp::create(Derivation::builder, op->getLoc(),
                                        cast.getDest().getType(),
                                        tangents[cast.getSource()]));
      return success();
    }
    auto gradient = dyn_cast<GradientOpInterface>(op);
    if (!gradient)
      return op->emitError("has no gradient");
    if (failed(gradient.jvp(*this)) || isBroken)
      return failure();
    return success();
  }

  DenseMap<Value, Value> tangents;
  bool isBroken = false;
};

/// What stands for `value` in the map, or zero.
Value orZero(Derivation &derivation, DenseMap<Value, Value> &map, Value value) {
  if (Value found = map.lookup(value))
    return found;
  return derivation.arithmetic().buildZero(derivation.builder, value.getLoc(),
                                           derivation.primals.lookup(value));
}

} // namespace

FailureOr<func::FuncOp> msc::buildVjp(func::FuncOp function, StringRef name) {
  StraightLineVjp vjp(function);
  vjp.start(name, Derivation::differentiable(function.getResultTypes()),
            Derivation::differentiable(function.getArgumentTypes()));
  Block &body = function.getBody().front();
  auto seed = vjp.furtherArguments().begin();
  for (OpOperand &operand : body.getTerminator()->getOpOperands())
    if (isDifferentiableType(operand.get().getType()))
      vjp.accumulate(operand, *seed++);
  for (Operation &op : llvm::reverse(body.without_terminator()))
    if (failed(vjp.derive(&op)))
      return failure();
  SmallVector<Value> results;
  for (Value argument : function.getArguments())
    if (isDifferentiableType(argument.getType()))
      results.push_back(orZero(vjp, vjp.cotangents, argument));
  return vjp.finish(results);
}

FailureOr<func::FuncOp> msc::buildJvp(func::FuncOp function, StringRef name) {
  StraightLineJvp jvp(function);
  jvp.start(name, Derivation::differentiable(function.getArgumentTypes()),
            Derivation::differentiable(function.getResultTypes()));
  auto seed = jvp.furtherArguments().begin();
  for (Value argument : function.getArguments())
    if (isDifferentiableType(argument.getType()))
      jvp.tangents[argument] = *seed++;
  Block &body = function.getBody().front();
  for (Operation &op : body.without_terminator())
    if (failed(jvp.derive(&op)))
      return failure();
  SmallVector<Value> results;
  for (Value value : body.getTerminator()->getOperands())
    if (isDifferentiableType(value.getType()))
      results.push_back(orZero(jvp, jvp.tangents, value));
  return jvp.finish(results);
}
