#include "codegen/to_linalg/KernelLoops.h"
#include "codegen/to_linalg/ToLinalg.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace msc;

KernelLoops::KernelLoops(OpBuilder &builder, Operation *op)
    : builder(builder), loc(op->getLoc()), op(op) {}

KernelLoops::Values KernelLoops::loop(Value lower, Value upper,
                                      ValueRange carried, Body body) {
  auto made =
      scf::ForOp::create(builder, loc, lower, upper, constant(1), carried);
  made->setAttr(kKernelAttr, builder.getUnitAttr());
  NamedAttribute source = sourceOpAttr(op);
  made->setAttr(source.getName(), source.getValue());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(made.getBody());
  Values next = body(made.getInductionVar(), made.getRegionIterArgs());
  scf::YieldOp::create(builder, loc, next);
  return Values(made.getResults());
}

KernelLoops::Values KernelLoops::nest(ArrayRef<OpFoldResult> sizes,
                                      ValueRange carried, NestBody body) {
  Values indices;
  std::function<Values(ValueRange)> descend = [&](ValueRange values) {
    if (indices.size() == sizes.size())
      return body(indices, values);
    Value upper = value(sizes[indices.size()]);
    return loop(constant(0), upper, values, [&](Value index, ValueRange inner) {
      indices.push_back(index);
      Values next = descend(inner);
      indices.pop_back();
      return next;
    });
  };
  return descend(carried);
}

Value KernelLoops::constant(int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value KernelLoops::value(OpFoldResult size) {
  return getValueOrCreateConstantIndexOp(builder, loc, size);
}

Value KernelLoops::add(Value lhs, Value rhs) {
  return arith::AddIOp::create(builder, loc, lhs, rhs);
}

Value KernelLoops::sub(Value lhs, Value rhs) {
  return arith::SubIOp::create(builder, loc, lhs, rhs);
}

Value KernelLoops::take(Value tensor, ValueRange at) {
  return tensor::ExtractOp::create(builder, loc, tensor, at);
}

Value KernelLoops::put(Value element, Value tensor, ValueRange at) {
  return tensor::InsertOp::create(builder, loc, element, tensor, at);
}

Value msc::wrapIndex(OpBuilder &builder, Location loc, Value element,
                     bool isUnsigned, Value extent) {
  Type index = builder.getIndexType();
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value last = arith::SubIOp::create(builder, loc, extent, one);
  if (isUnsigned) {
    Value place = arith::IndexCastUIOp::create(builder, loc, index, element);
    return arith::MinUIOp::create(builder, loc, place, last);
  }
  Value place = arith::IndexCastOp::create(builder, loc, index, element);
  Value isNegative = arith::CmpIOp::create(
      builder, loc, arith::CmpIPredicate::slt, place, zero);
  Value fromEnd = arith::AddIOp::create(builder, loc, place, extent);
  place = arith::SelectOp::create(builder, loc, isNegative, fromEnd, place);
  place = arith::MinSIOp::create(builder, loc, place, last);
  return arith::MaxSIOp::create(builder, loc, place, zero);
}
