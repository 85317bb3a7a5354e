//===- DispatchCopies.cpp - strided copies become regions -----------------===//
//
// A copy that bufferisation could not avoid is a loop nest like any other once
// one of its sides is strided; as a region it is scheduled and vectorised, and
// profiles show it. Contiguous copies stay: they are a memcpy.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Passes.h"

#include "analysis/RegionCost.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace msc::codegen {
#define GEN_PASS_DEF_PLANDISPATCHCOPIES
#include "codegen/plan/Passes.h.inc"
} // namespace msc::codegen

using namespace mlir;
using namespace msc;

// func @copyN(%source, %dest) { return linalg.copy(%source) into %dest }
static func::FuncOp createCopyRegion(ModuleOp regions, Location loc,
                                     unsigned number, MemRefType source,
                                     MemRefType dest) {
  OpBuilder builder = OpBuilder::atBlockEnd(regions.getBody());
  auto toTensor = [](MemRefType type) {
    return RankedTensorType::get(type.getShape(), type.getElementType());
  };
  Type from = toTensor(source), to = toTensor(dest);
  auto function =
      func::FuncOp::create(builder, loc, "copy" + std::to_string(number),
                           builder.getFunctionType({from, to}, {to}));
  function.setPrivate();
  for (unsigned arg : {0u, 1u})
    function.setArgAttr(arg, "bufferization.writable",
                        builder.getBoolAttr(arg == 1));
  function->setAttr(plan::kOpsAttr, builder.getStringAttr("copy"));
  if (std::optional<int64_t> bytes = analysis::countBytes(source)) {
    function->setAttr(plan::kFlopsAttr, builder.getI64IntegerAttr(0));
    function->setAttr(plan::kBytesAttr, builder.getI64IntegerAttr(2 * *bytes));
  }
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  auto copy = linalg::CopyOp::create(builder, loc, body->getArgument(0),
                                     body->getArgument(1));
  func::ReturnOp::create(builder, loc, copy.getResults());
  return function;
}

namespace {

struct DispatchCopies : codegen::impl::PlanDispatchCopiesBase<DispatchCopies> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<memref::CopyOp> copies;
    for (auto function : module.getOps<func::FuncOp>())
      if (!function->hasAttr("msc.prepare"))
        function.walk([&](memref::CopyOp copy) {
          if (isStrided(copy.getSource()) || isStrided(copy.getTarget()))
            copies.push_back(copy);
        });
    if (copies.empty())
      return;
    OpBuilder builder(&getContext());
    ModuleOp regions = plan::lookupRegions(module);
    if (!regions) {
      builder.setInsertionPointToEnd(module.getBody());
      regions =
          ModuleOp::create(builder, module.getLoc(), plan::kRegionsModule);
    }
    for (auto [number, copy] : llvm::enumerate(copies)) {
      func::FuncOp region =
          createCopyRegion(regions, copy.getLoc(), number,
                           cast<MemRefType>(copy.getSource().getType()),
                           cast<MemRefType>(copy.getTarget().getType()));
      builder.setInsertionPoint(copy);
      auto symbol =
          SymbolRefAttr::get(builder.getStringAttr(plan::kRegionsModule),
                             {FlatSymbolRefAttr::get(region)});
      plan::DispatchOp::create(builder, copy.getLoc(), TypeRange{}, symbol,
                               copy.getSource(), copy.getTarget(),
                               /*scratch=*/ValueRange{},
                               /*reads=*/ArrayRef<int64_t>{},
                               /*inplace=*/ArrayRef<int64_t>{});
      copy.erase();
    }
  }

  static bool isStrided(Value buffer) {
    auto type = dyn_cast<MemRefType>(buffer.getType());
    return type && !type.getLayout().isIdentity();
  }
};

} // namespace
