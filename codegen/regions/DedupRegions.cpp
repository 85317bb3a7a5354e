//===- DedupRegions.cpp - equal regions become one ------------------------===//
//
// A network repeats its layers: their regions are scheduled and compiled once.
// Locations and the descriptions for inspection don't count.
//
//===----------------------------------------------------------------------===//

#include "codegen/regions/Passes.h"
#include "dialects/plan/Plan.h"

#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/MapVector.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANDEDUPREGIONS
#include "codegen/regions/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;

static llvm::hash_code hashRegion(func::FuncOp function) {
  llvm::hash_code hash = hash_value(function.getFunctionType());
  function.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    hash =
        llvm::hash_combine(hash, OperationEquivalence::computeHash(
                                     op, OperationEquivalence::ignoreHashValue,
                                     OperationEquivalence::ignoreHashValue,
                                     OperationEquivalence::IgnoreLocations));
  });
  return hash;
}

static bool areEqual(func::FuncOp a, func::FuncOp b) {
  return a.getFunctionType() == b.getFunctionType() &&
         a.getArgAttrsAttr() == b.getArgAttrsAttr() &&
         OperationEquivalence::isRegionEquivalentTo(
             &a.getBody(), &b.getBody(), OperationEquivalence::IgnoreLocations);
}

namespace {

struct DedupRegions : codegen::impl::PlanDedupRegionsBase<DedupRegions> {
  void runOnOperation() override {
    ModuleOp regions = plan::lookupRegions(getOperation());
    if (!regions)
      return;
    llvm::MapVector<size_t, SmallVector<func::FuncOp>> buckets;
    DenseMap<StringAttr, FlatSymbolRefAttr> replacements;
    for (auto function :
         llvm::make_early_inc_range(regions.getOps<func::FuncOp>())) {
      SmallVector<func::FuncOp> &bucket = buckets[hashRegion(function)];
      auto *same = llvm::find_if(bucket, [&](func::FuncOp other) {
        return areEqual(function, other);
      });
      if (same == bucket.end()) {
        bucket.push_back(function);
        continue;
      }
      replacements[function.getSymNameAttr()] = FlatSymbolRefAttr::get(*same);
      function.erase();
    }
    getOperation().walk([&](plan::DispatchOp dispatch) {
      SymbolRefAttr region = dispatch.getRegion();
      auto it = replacements.find(region.getLeafReference());
      if (it != replacements.end())
        dispatch.setRegionAttr(
            SymbolRefAttr::get(region.getRootReference(), {it->second}));
    });
  }
};

} // namespace
