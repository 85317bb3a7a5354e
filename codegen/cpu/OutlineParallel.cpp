//===- OutlineParallel.cpp - Parallel loops as calls of the runtime -------===//
// A loop that may run on several threads becomes a function of a closure and a
// sub-range of its iterations, and a call of `msc_rt_parallel_for`
// (runtime/abi/model.h), which hands the sub-ranges out. What the body uses of
// its surroundings is stored in the closure, on the stack of the caller.
//===----------------------------------------------------------------------===//
#include "codegen/cpu/Passes.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace msc::cpu {
#define GEN_PASS_DEF_OUTLINEPARALLEL
#include "codegen/cpu/Passes.h.inc"
} // namespace msc::cpu

namespace {

constexpr StringLiteral kRuntimeFunction = "msc_rt_parallel_for";

class Outliner {
public:
  explicit Outliner(ModuleOp module)
      : module(module), context(module.getContext()), converter(context),
        pointer(LLVM::LLVMPointerType::get(context)),
        i64(IntegerType::get(context, 64)) {}

  LogicalResult outline(scf::ParallelOp loop) {
    auto function = loop->getParentOfType<func::FuncOp>();
    if (loop.getNumLoops() != 1 || loop.getNumReductions() != 0)
      return loop.emitError("expected a parallel loop of one dim without "
                            "reductions");
    Location loc = loop.getLoc();
    llvm::SetVector<Value> captured;
    getUsedValuesDefinedAbove(loop.getRegion(), captured);
    Value lower = loop.getLowerBound()[0], step = loop.getStep()[0];
    captured.insert(lower);
    captured.insert(step);
    // Constants are cheaper to make again than to pass, and what depends on
    // them (the number of an inner loop's iterations) stays known.
    SmallVector<Operation *> constants;
    captured.remove_if([&](Value value) {
      Operation *op = value.getDefiningOp();
      if (!op || !op->hasTrait<OpTrait::ConstantLike>())
        return false;
      constants.push_back(op);
      return true;
    });

    SmallVector<Type> fields;
    for (Value value : captured) {
      Type field = converter.convertType(value.getType());
      if (!field)
        return loop.emitError("cannot pass a value of type ")
               << value.getType() << " to a thread";
      fields.push_back(field);
    }
    auto closureType = LLVM::LLVMStructType::getLiteral(context, fields);

    OpBuilder b(context);
    b.setInsertionPoint(function);
    std::string name =
        (function.getName() + ".parallel" + std::to_string(count++)).str();
    auto body = func::FuncOp::create(
        b, loc, name, b.getFunctionType({pointer, i64, i64}, {}));
    body.setPrivate();
    // Two models may be linked into one program.
    body->setAttr("llvm.linkage",
                  LLVM::LinkageAttr::get(context, LLVM::Linkage::Internal));
    fillBody(body, loop, captured, constants, closureType);
    callRuntime(loop, body, captured, closureType, lower, step);
    loop.erase();
    return success();
  }

private:
  /// Between the type of a value and that of its field in the closure; later
  /// conversions to the LLVM dialect make it a no-op.
  Value convert(OpBuilder &b, Location loc, Value value, Type type) {
    if (value.getType() == type)
      return value;
    return UnrealizedConversionCastOp::create(b, loc, type, value).getResult(0);
  }

  void fillBody(func::FuncOp body, scf::ParallelOp loop,
                const llvm::SetVector<Value> &captured,
                ArrayRef<Operation *> constants, Type closureType) {
    Location loc = loop.getLoc();
    OpBuilder b(context);
    Block *entry = body.addEntryBlock();
    b.setInsertionPointToStart(entry);
    IRMapping map;
    for (Operation *op : constants)
      b.clone(*op, map);
    Value closure =
        LLVM::LoadOp::create(b, loc, closureType, entry->getArgument(0));
    for (auto [i, value] : llvm::enumerate(captured)) {
      Value field = LLVM::ExtractValueOp::create(b, loc, closure, i);
      map.map(value, convert(b, loc, field, value.getType()));
    }
    auto index = b.getIndexType();
    Value begin =
        arith::IndexCastOp::create(b, loc, index, entry->getArgument(1));
    Value end =
        arith::IndexCastOp::create(b, loc, index, entry->getArgument(2));
    Value one = arith::ConstantIndexOp::create(b, loc, 1);
    auto sequential = scf::ForOp::create(b, loc, begin, end, one);
    func::ReturnOp::create(b, loc);

    b.setInsertionPointToStart(sequential.getBody());
    auto mapped = [&](Value v) { return map.lookupOrDefault(v); };
    Value scaled = arith::MulIOp::create(b, loc, sequential.getInductionVar(),
                                         mapped(loop.getStep()[0]));
    Value variable =
        arith::AddIOp::create(b, loc, scaled, mapped(loop.getLowerBound()[0]));
    map.map(loop.getInductionVars()[0], variable);
    for (Operation &op : loop.getBody()->without_terminator()) {
      // Scratch: once per call and not once per iteration.
      OpBuilder::InsertionGuard guard(b);
      if (isa<memref::AllocaOp>(op) && op.getNumOperands() == 0)
        b.setInsertionPoint(sequential);
      b.clone(op, map);
    }
  }

  void callRuntime(scf::ParallelOp loop, func::FuncOp body,
                   const llvm::SetVector<Value> &captured, Type closureType,
                   Value lower, Value step) {
    Location loc = loop.getLoc();
    if (!module.lookupSymbol(kRuntimeFunction)) {
      OpBuilder top = OpBuilder::atBlockBegin(module.getBody());
      auto declared = func::FuncOp::create(
          top, module.getLoc(), kRuntimeFunction,
          top.getFunctionType({i64, pointer, pointer}, {}));
      declared.setPrivate();
    }
    // Not inside of a loop: that would grow the stack.
    auto function = loop->getParentOfType<func::FuncOp>();
    OpBuilder entry = OpBuilder::atBlockBegin(&function.getBody().front());
    Value one =
        LLVM::ConstantOp::create(entry, loc, i64, entry.getI64IntegerAttr(1));
    Value slot =
        LLVM::AllocaOp::create(entry, loc, pointer, closureType, one, 0);

    OpBuilder b(loop);
    Value closure = LLVM::PoisonOp::create(b, loc, closureType);
    auto fields = cast<LLVM::LLVMStructType>(closureType).getBody();
    for (auto [i, value] : llvm::enumerate(captured))
      closure = LLVM::InsertValueOp::create(
          b, loc, closure, convert(b, loc, value, fields[i]), i);
    LLVM::StoreOp::create(b, loc, closure, slot);
    Value length =
        arith::SubIOp::create(b, loc, loop.getUpperBound()[0], lower);
    Value number = arith::CeilDivSIOp::create(b, loc, length, step);
    number = arith::IndexCastOp::create(b, loc, i64, number);
    Value reference = func::ConstantOp::create(b, loc, body.getFunctionType(),
                                               SymbolRefAttr::get(body));
    Value address = convert(b, loc, reference, pointer);
    func::CallOp::create(b, loc, kRuntimeFunction, TypeRange(),
                         ValueRange{number, address, slot});
  }

  ModuleOp module;
  MLIRContext *context;
  LLVMTypeConverter converter;
  Type pointer, i64;
  unsigned count = 0;
};

struct OutlineParallel : msc::cpu::impl::OutlineParallelBase<OutlineParallel> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    // Inner ones of a nest run on the thread that they are on.
    SmallVector<scf::ParallelOp> outermost;
    module.walk<WalkOrder::PreOrder>([&](scf::ParallelOp loop) {
      outermost.push_back(loop);
      return WalkResult::skip();
    });
    Outliner outliner(module);
    for (scf::ParallelOp loop : outermost)
      if (failed(outliner.outline(loop)))
        return signalPassFailure();
  }
};

} // namespace
