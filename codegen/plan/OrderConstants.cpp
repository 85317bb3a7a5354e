//===- OrderConstants.cpp - constants in the order of their uses ----------===//
//
// One-shot bufferisation visits functions in the order of their addresses, and
// so makes and numbers the globals of constants in another order each time.
// What is compiled twice must be the same twice.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANORDERCONSTANTS
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;

/// A name without the number that made it unique: "__constant_4xf32_7".
static StringRef stemOf(StringRef name) {
  StringRef stem = name.rtrim("0123456789");
  return stem.size() < name.size() && stem.consume_back("_") ? stem : name;
}

namespace {

struct OrderConstants
    : msc::codegen::impl::PlanOrderConstantsBase<OrderConstants> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    llvm::MapVector<Operation *, SmallVector<memref::GetGlobalOp>> usesOf;
    for (auto function : module.getOps<func::FuncOp>())
      function.walk([&](memref::GetGlobalOp use) {
        auto global = symbols.lookup<memref::GlobalOp>(use.getName());
        if (global && global.isPrivate() && global.getConstant())
          usesOf[global].push_back(use);
      });
    if (usesOf.empty())
      return;

    // No new name may be that of a global whose turn has not come.
    for (auto &entry : usesOf)
      symbols.remove(entry.first);
    llvm::StringMap<unsigned> numbers;
    Operation *previous = nullptr;
    for (auto &[global, uses] : usesOf) {
      StringRef stem = stemOf(SymbolTable::getSymbolName(global).getValue());
      std::string name;
      do {
        unsigned number = numbers[stem]++;
        name = stem.str() + (number ? "_" + std::to_string(number - 1) : "");
      } while (symbols.lookup(name));
      auto symbol = StringAttr::get(&getContext(), name);
      SymbolTable::setSymbolName(global, symbol);
      for (memref::GetGlobalOp use : uses)
        use.setNameAttr(FlatSymbolRefAttr::get(symbol));
      if (previous)
        global->moveAfter(previous);
      else
        global->moveBefore(module.getBody(), module.getBody()->begin());
      previous = global;
    }
  }
};

} // namespace
