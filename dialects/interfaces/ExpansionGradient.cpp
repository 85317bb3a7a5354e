//===- ExpansionGradient.cpp - Derivatives by decomposition ---------------===//

#include "dialects/interfaces/ExpansionGradient.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace msc;

namespace {

/// An expansion in a derived program. Its leaves stand for the operands and are
/// distinct even where two operands are one value there, since each has a
/// derivative of its own.
class Expansion {
public:
  template <typename Context>
  Expansion(DecomposableOpInterface op, Context &context) : op(op) {
    OpBuilder &builder = context.builder();
    for (Value operand : op->getOperands()) {
      // What has no derivative (an index) is what it is.
      Value primal = context.primal(operand);
      if (llvm::is_contained(leaves, primal) &&
          isDifferentiableType(primal.getType())) {
        auto stand = UnrealizedConversionCastOp::create(
            builder, op->getLoc(), primal.getType(), primal);
        stands.push_back(stand);
        primal = stand.getResult(0);
      }
      leaves.push_back(primal);
    }
  }

  ~Expansion() {
    for (UnrealizedConversionCastOp stand : stands) {
      stand.getResult(0).replaceAllUsesWith(stand.getOperand(0));
      stand.erase();
    }
  }

  LogicalResult build(OpBuilder &builder) {
    Block *block = builder.getInsertionBlock();
    Block::iterator end = builder.getInsertionPoint();
    Operation *before = end == block->begin() ? nullptr : &*std::prev(end);
    auto expanded = op.decompose(builder, leaves);
    if (failed(expanded))
      return op->emitError("has no expansion");
    results = *expanded;
    auto next = before ? std::next(before->getIterator()) : block->begin();
    for (; next != end; ++next)
      ops.push_back(&*next);
    return success();
  }

  DecomposableOpInterface op;
  SmallVector<Value> leaves, results;
  SmallVector<Operation *> ops;

private:
  SmallVector<UnrealizedConversionCastOp> stands;
};

const CotangentDialectInterface *arithmeticOf(Operation *op) {
  return op->getDialect()->getRegisteredInterface<CotangentDialectInterface>();
}

class ExpansionVjp : public VjpContext {
public:
  ExpansionVjp(Expansion &expansion, VjpContext &outer)
      : expansion(expansion), outer(outer) {
    for (auto [operand, leaf] :
         llvm::zip_equal(expansion.op->getOpOperands(), expansion.leaves))
      if (isDifferentiableType(leaf.getType()) && outer.wants(operand))
        active.insert(leaf);
    for (Operation *op : expansion.ops)
      if (llvm::any_of(op->getOperands(),
                       [&](Value v) { return active.contains(v); }))
        for (Value result : op->getResults())
          if (isDifferentiableType(result.getType()))
            active.insert(result);
  }

  OpBuilder &builder() override { return outer.builder(); }
  Value primal(Value value) override { return value; }
  Value cotangent(OpResult result) override {
    return cotangents.lookup(result);
  }
  bool wants(OpOperand &operand) override {
    return active.contains(operand.get());
  }
  void accumulate(OpOperand &operand, Value contribution) override {
    add(operand.get(), contribution, operand.getOwner()->getLoc());
  }
  void accumulateSlice(OpOperand &operand, Value contribution,
                       ArrayRef<OpFoldResult> offsets,
                       ArrayRef<OpFoldResult> sizes,
                       ArrayRef<OpFoldResult> strides) override {
    Location loc = operand.getOwner()->getLoc();
    add(operand.get(),
        arithmeticOf(expansion.op)
            ->buildScatteredSlice(builder(), loc, operand.get(), contribution,
                                  offsets, sizes, strides),
        loc);
  }

  LogicalResult run() {
    Location loc = expansion.op->getLoc();
    for (auto [result, value] :
         llvm::zip_equal(expansion.op->getResults(), expansion.results))
      if (Value cotangent = outer.cotangent(result);
          cotangent && active.contains(value))
        add(value, cotangent, loc);
    for (Operation *op : llvm::reverse(expansion.ops))
      if (failed(derive(op)))
        return failure();
    for (auto [operand, leaf] :
         llvm::zip_equal(expansion.op->getOpOperands(), expansion.leaves))
      if (Value cotangent = cotangents.lookup(leaf))
        outer.accumulate(operand, cotangent);
    return success();
  }

private:
  void add(Value value, Value contribution, Location loc) {
    Value &sum = cotangents[value];
    sum = sum ? arithmeticOf(expansion.op)
                    ->buildAdd(builder(), loc, sum, contribution)
              : contribution;
  }

  LogicalResult derive(Operation *op) {
    auto hasCotangent = [&](Value result) {
      return cotangents.contains(result);
    };
    auto isActive = [&](Value operand) { return active.contains(operand); };
    if (llvm::none_of(op->getResults(), hasCotangent) ||
        llvm::none_of(op->getOperands(), isActive))
      return success();
    if (auto gradient = dyn_cast<GradientOpInterface>(op))
      return gradient.vjp(*this);
    if (auto composite = dyn_cast<DecomposableOpInterface>(op))
      return vjpByExpansion(composite, *this);
    return op->emitError("has no gradient");
  }

  Expansion &expansion;
  VjpContext &outer;
  DenseMap<Value, Value> cotangents;
  DenseSet<Value> active;
};

class ExpansionJvp : public JvpContext {
public:
  ExpansionJvp(Expansion &expansion, JvpContext &outer)
      : expansion(expansion), outer(outer) {}

  OpBuilder &builder() override { return outer.builder(); }
  Value primal(Value value) override { return value; }
  Value tangent(OpOperand &operand) override {
    return tangents.lookup(operand.get());
  }
  void setTangent(OpResult result, Value tangent) override {
    tangents[result] = tangent;
  }

  LogicalResult run() {
    for (auto [operand, leaf] :
         llvm::zip_equal(expansion.op->getOpOperands(), expansion.leaves))
      if (isDifferentiableType(leaf.getType()))
        if (Value tangent = outer.tangent(operand))
          tangents[leaf] = tangent;
    for (Operation *op : expansion.ops)
      if (failed(derive(op)))
        return failure();
    for (auto [result, value] :
         llvm::zip_equal(expansion.op->getResults(), expansion.results))
      if (Value tangent = tangents.lookup(value))
        outer.setTangent(result, tangent);
    return success();
  }

private:
  LogicalResult derive(Operation *op) {
    auto hasTangent = [&](Value operand) { return tangents.contains(operand); };
    if (llvm::none_of(op->getOperands(), hasTangent) ||
        llvm::none_of(op->getResultTypes(), isDifferentiableType))
      return success();
    if (auto gradient = dyn_cast<GradientOpInterface>(op))
      return gradient.jvp(*this);
    if (auto composite = dyn_cast<DecomposableOpInterface>(op))
      return jvpByExpansion(composite, *this);
    return op->emitError("has no gradient");
  }

  Expansion &expansion;
  JvpContext &outer;
  DenseMap<Value, Value> tangents;
};

} // namespace

LogicalResult msc::vjpByExpansion(DecomposableOpInterface op,
                                  VjpContext &context) {
  Expansion expansion(op, context);
  if (failed(expansion.build(context.builder())))
    return failure();
  return ExpansionVjp(expansion, context).run();
}

LogicalResult msc::jvpByExpansion(DecomposableOpInterface op,
                                  JvpContext &context) {
  Expansion expansion(op, context);
  if (failed(expansion.build(context.builder())))
    return failure();
  return ExpansionJvp(expansion, context).run();
}
