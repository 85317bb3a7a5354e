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
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"

namespace msc::cpu {
#define GEN_PASS_DEF_LOWERASSERTS
#include "codegen/cpu/Passes.h.inc"
} // namespace msc::cpu

using namespace mlir;
using namespace msc;

/// The functions that can say why they end: their last result is a pointer.
static bool givesReason(func::FuncOp function) {
  ArrayRef<Type> results = function.getResultTypes();
  return !function.isDeclaration() && !results.empty() &&
         isa<LLVM::LLVMPointerType>(results.back());
}

//===----------------------------------------------------------------------===//
// Functions that are called
//===----------------------------------------------------------------------===//

/// The private functions that nothing refers to but calls.
static llvm::SetVector<func::FuncOp> findCallees(ModuleOp module) {
  llvm::SetVector<func::FuncOp> callees;
  SymbolTableCollection tables;
  SymbolUserMap users(tables, module);
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isDeclaration() && function.isPrivate() &&
        !givesReason(function) &&
        llvm::all_of(users.getUsers(function), llvm::IsaPred<func::CallOp>))
      callees.insert(function);
  return callees;
}

/// Those of them that may end by what they require, if all that call them can
/// end as well: they are given a reason to return.
static llvm::SetVector<func::FuncOp> findFailing(ModuleOp module) {
  llvm::SetVector<func::FuncOp> callees = findCallees(module);
  auto calleeOf = [&](func::CallOp call) {
    auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
    return callees.contains(callee) ? callee : func::FuncOp();
  };
  for (bool changed = true; changed;) {
    changed = false;
    module.walk([&](func::CallOp call) {
      auto caller = call->getParentOfType<func::FuncOp>();
      if (func::FuncOp callee = calleeOf(call))
        if (!caller || (!callees.contains(caller) && !givesReason(caller)))
          changed |= callees.remove(callee);
    });
  }
  llvm::SetVector<func::FuncOp> failing;
  for (func::FuncOp callee : callees)
    if (callee.walk([](cf::AssertOp) { return WalkResult::interrupt(); })
            .wasInterrupted())
      failing.insert(callee);
  for (size_t i = 0; i < failing.size(); ++i)
    module.walk([&](func::CallOp call) {
      auto caller = call->getParentOfType<func::FuncOp>();
      if (calleeOf(call) == failing[i] && callees.contains(caller))
        failing.insert(caller);
    });
  return failing;
}

/// @f() -> T  ->  @f() -> (T, pointer), null at each return.
static void addReason(func::FuncOp function) {
  auto pointer = LLVM::LLVMPointerType::get(function.getContext());
  function.walk([&](func::ReturnOp op) {
    OpBuilder builder(op);
    Value none = LLVM::ZeroOp::create(builder, op.getLoc(), pointer);
    op->insertOperands(op->getNumOperands(), none);
  });
  (void)function.insertResult(function.getNumResults(), pointer, {});
}

//===----------------------------------------------------------------------===//
// Asserts and calls
//===----------------------------------------------------------------------===//

namespace {

class AssertLowering {
public:
  explicit AssertLowering(ModuleOp module) : module(module), symbols(module) {}

  /// `failing` are functions that give a reason which their callers pass on.
  void run(func::FuncOp function,
           const llvm::SetVector<func::FuncOp> &failing);

private:
  LLVM::GlobalOp textOf(StringRef message);
  Block *createFailure(func::FuncOp function);
  void lower(cf::AssertOp op, Block *failure);
  void lower(func::CallOp op, func::FuncOp callee, Block *failure);

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
void AssertLowering::lower(cf::AssertOp op, Block *failure) {
  Block *next = op->getBlock()->splitBlock(op->getNextNode());
  OpBuilder builder(op);
  Value reason =
      LLVM::AddressOfOp::create(builder, op.getLoc(), textOf(op.getMsg()));
  cf::CondBranchOp::create(builder, op.getLoc(), op.getArg(), next,
                           ValueRange(), failure, ValueRange(reason));
  op.erase();
}

/// %x = call @f()  ->  %x, %r = call @f()
///                     cond_br %r == null, ^next, ^failure(%r)
void AssertLowering::lower(func::CallOp op, func::FuncOp callee,
                           Block *failure) {
  Location loc = op.getLoc();
  Block *next = op->getBlock()->splitBlock(op->getNextNode());
  OpBuilder builder(op);
  auto call = func::CallOp::create(builder, loc, callee, op.getOperands());
  Value reason = call.getResults().back();
  Value none = LLVM::ZeroOp::create(builder, loc, reason.getType());
  Value goesOn = LLVM::ICmpOp::create(builder, loc, LLVM::ICmpPredicate::eq,
                                      reason, none);
  cf::CondBranchOp::create(builder, loc, goesOn, next, ValueRange(), failure,
                           ValueRange(reason));
  op.replaceAllUsesWith(call.getResults().drop_back());
  op.erase();
}

void AssertLowering::run(func::FuncOp function,
                         const llvm::SetVector<func::FuncOp> &failing) {
  SmallVector<cf::AssertOp> asserts;
  SmallVector<std::pair<func::CallOp, func::FuncOp>> calls;
  function.walk([&](Operation *op) {
    if (auto assertion = dyn_cast<cf::AssertOp>(op))
      asserts.push_back(assertion);
    else if (auto call = dyn_cast<func::CallOp>(op))
      if (auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
          failing.contains(callee))
        calls.emplace_back(call, callee);
  });
  if (asserts.empty() && calls.empty())
    return;
  Block *failure = createFailure(function);
  for (cf::AssertOp op : asserts)
    lower(op, failure);
  for (auto [call, callee] : calls)
    lower(call, callee, failure);
}

namespace {

struct LowerAsserts : cpu::impl::LowerAssertsBase<LowerAsserts> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    llvm::SetVector<func::FuncOp> failing = findFailing(module);
    for (func::FuncOp function : failing)
      addReason(function);
    AssertLowering lowering(module);
    for (auto function : module.getOps<func::FuncOp>())
      if (givesReason(function))
        lowering.run(function, failing);
  }
};

} // namespace
