//===- SplitReductions.cpp - One kind of result per reduction -------------===//
// What is stored on the way of a reduction is found by the schedule from the
// uses; two forms of the same thing would need two ways to find it.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/SplitReductions.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using linalg::GenericOp;

/// Results that have all loops as dims and don't accumulate.
static SmallVector<unsigned> elementwiseResults(GenericOp op) {
  SmallVector<unsigned> results;
  for (unsigned i = 0; i < op.getNumResults(); ++i) {
    OpOperand &init = op.getDpsInitsMutable()[i];
    if (op.getMatchingIndexingMap(&init).isPermutation() &&
        !op.payloadUsesValueFromOperand(&init))
      results.push_back(i);
  }
  return results;
}

/// A copy of `op` that has other operands: `arguments` are the numbers of the
/// block arguments that stay, in order, and `yields` what is yielded. What the
/// payload has of `known`, it takes from further arguments, placed behind those
/// of the inputs.
static GenericOp rebuild(GenericOp op, ArrayRef<unsigned> inputs,
                         ArrayRef<std::pair<Value, Value>> known,
                         AffineMap knownMap, ArrayRef<unsigned> results,
                         ArrayRef<utils::IteratorType> iterators) {
  OpBuilder b(op);
  SmallVector<Value> ins, outs;
  SmallVector<AffineMap> maps, all = op.getIndexingMapsArray();
  for (unsigned input : inputs) {
    ins.push_back(op->getOperand(input));
    maps.push_back(all[input]);
  }
  for (auto [inner, tensor] : known) {
    ins.push_back(tensor);
    maps.push_back(knownMap);
  }
  for (unsigned result : results) {
    outs.push_back(op.getDpsInits()[result]);
    maps.push_back(all[op.getNumDpsInputs() + result]);
  }
  Block &body = *op.getBody();
  return GenericOp::create(
      b, op.getLoc(), ValueRange(outs).getTypes(), ins, outs, maps, iterators,
      [&](OpBuilder &inside, Location loc, ValueRange arguments) {
        IRMapping map;
        unsigned next = 0;
        for (unsigned input : inputs)
          map.map(body.getArgument(input), arguments[next++]);
        for (auto [inner, tensor] : known)
          map.map(inner, arguments[next++]);
        for (unsigned result : results)
          map.map(body.getArgument(op.getNumDpsInputs() + result),
                  arguments[next++]);
        // What is needed and not known, in the order that it has.
        SetVector<Operation *> needed;
        SmallVector<Value> worklist, yields;
        for (unsigned result : results)
          yields.push_back(body.getTerminator()->getOperand(result));
        worklist = yields;
        while (!worklist.empty()) {
          Value value = worklist.pop_back_val();
          Operation *inner = value.getDefiningOp();
          if (inner && inner->getBlock() == &body && !map.contains(value) &&
              needed.insert(inner))
            llvm::append_range(worklist, inner->getOperands());
        }
        for (Operation &inner : body.without_terminator())
          if (needed.contains(&inner))
            inside.clone(inner, map);
        for (Value &value : yields)
          value = map.lookupOrDefault(value);
        linalg::YieldOp::create(inside, loc, yields);
      });
}

static void split(GenericOp op, ArrayRef<unsigned> elementwise) {
  Block &body = *op.getBody();
  SmallVector<unsigned> inputs, reductions;
  for (unsigned i = 0; i < op.getNumDpsInputs(); ++i)
    inputs.push_back(i);
  for (unsigned i = 0; i < op.getNumResults(); ++i)
    if (!llvm::is_contained(elementwise, i))
      reductions.push_back(i);
  SmallVector<utils::IteratorType> parallel(op.getNumLoops(),
                                            utils::IteratorType::parallel);
  SmallVector<std::pair<Value, Value>> known;
  AffineMap knownMap;
  for (unsigned result : elementwise) {
    AffineMap map =
        op.getIndexingMapsArray()[op.getNumDpsInputs() + result];
    GenericOp made = rebuild(op, inputs, {}, {}, result, parallel);
    op.getResult(result).replaceAllUsesWith(made.getResult(0));
    Value inner = body.getTerminator()->getOperand(result);
    if (inner.getParentBlock() == &body && inner.getDefiningOp() &&
        (known.empty() || map == knownMap)) {
      known.push_back({inner, made.getResult(0)});
      knownMap = map;
    }
  }
  GenericOp reduction = rebuild(op, inputs, known, knownMap, reductions,
                                op.getIteratorTypesArray());
  for (auto [i, result] : llvm::enumerate(reductions))
    op.getResult(result).replaceAllUsesWith(reduction.getResult(i));
  op.erase();
  // Operands that the reduction reads through the stored values only.
  SmallVector<unsigned> used;
  for (unsigned i = 0; i < reduction.getNumDpsInputs(); ++i)
    if (!reduction.getBody()->getArgument(i).use_empty())
      used.push_back(i);
  SmallVector<unsigned> results = llvm::to_vector(
      llvm::seq<unsigned>(0, reduction.getNumResults()));
  GenericOp lean = rebuild(reduction, used, {}, {}, results,
                           reduction.getIteratorTypesArray());
  reduction->replaceAllUsesWith(lean);
  reduction.erase();
}

void msc::cpu::splitMixedReductions(func::FuncOp region) {
  SmallVector<GenericOp> mixed;
  region.walk([&](GenericOp op) {
    unsigned count = elementwiseResults(op).size();
    if (op.getNumReductionLoops() > 0 && count > 0 &&
        count < op.getNumResults())
      mixed.push_back(op);
  });
  for (GenericOp op : mixed)
    split(op, elementwiseResults(op));
}
