//===- LowerAsserts.cpp - What a call requires ends it --------------------===//
//
// Most of what a model requires of its inputs is known before the call; what
// their contents decide shows on the way. A program must not end the process
// of its host then: it returns, and says why.
//
//===----------------------------------------------------------------------===//

#include "codegen/cpu/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringMap.h"

namespace msc::cpu {
#define GEN_PASS_DEF_LOWERASSERTS
#include "codegen/cpu/Passes.h.inc"
} // namespace msc::cpu

using namespace mlir;
using namespace msc;

// The functions that can say why they end: their last result is a pointer.
static bool givesReason(func::FuncOp function) {
  ArrayRef<Type> results = function.getResultTypes();
  return !function.isDeclaration() && !results.empty() &&
         isa<LLVM::LLVMPointerType>(results.back());
}

namespace {

class AssertLowering {
public:
  explicit AssertLowering(ModuleOp module) : module(module), symbols(module) {}

  void run(func::FuncOp function);

private:
  LLVM::GlobalOp textOf(StringRef message);
  Block *createFailure(func::FuncOp function);

  ModuleOp module;
  SymbolTable symbols;
  llvm::StringMap<LLVM::GlobalOp> texts;
};

} // namespace

/// A null-terminated string; equal ones are one.
LLVM::GlobalOp AssertLowering::textOf(StringRef message) {
  LLVM::GlobalOp &text = texts[message];
  if (text)
    return text;
  OpBuilder builder(module.getContext());
  std::string bytes = message.str() + '\0';
  auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), bytes.size());
  text = LLVM::GlobalOp::create(builder, module.getLoc(), type,
                                /*isConstant=*/true, LLVM::Linkage::Internal,
                                "msc_requires", builder.getStringAttr(bytes));
  symbols.insert(text); // under a name that is free
  return text;
}

/// The block that returns nothing but its argument, the reason.
Block *AssertLowering::createFailure(func::FuncOp function) {
  auto *block = new Block();
  function.getBody().push_back(block);
  Location loc = function.getLoc();
  OpBuilder builder = OpBuilder::atBlockBegin(block);
  SmallVector<Value> results;
  for (Type type : function.getResultTypes().drop_back())
    results.push_back(arith::ConstantOp::create(
        builder, loc, cast<TypedAttr>(builder.getZeroAttr(type))));
  results.push_back(block->addArgument(function.getResultTypes().back(), loc));
  func::ReturnOp::create(builder, loc, results);
  return block;
}

/// assert %a  ->  cond_br %a, ^next, ^failure(its text)
void AssertLowering::run(func::FuncOp function) {
  SmallVector<cf::AssertOp> asserts;
  function.walk([&](cf::AssertOp op) { asserts.push_back(op); });
  if (asserts.empty())
    return;
  Block *failure = createFailure(function);
  for (cf::AssertOp op : asserts) {
    Block *next = op->getBlock()->splitBlock(op->getNextNode());
    OpBuilder builder(op);
    Value reason = LLVM::AddressOfOp::create(builder, op.getLoc(),
                                             textOf(op.getMsg()));
    cf::CondBranchOp::create(builder, op.getLoc(), op.getArg(), next,
                             ValueRange(), failure, ValueRange(reason));
    op.erase();
  }
}

namespace {

struct LowerAsserts : cpu::impl::LowerAssertsBase<LowerAsserts> {
  void runOnOperation() override {
    AssertLowering lowering(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (givesReason(function))
        lowering.run(function);
  }
};

} // namespace
