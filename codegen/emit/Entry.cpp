//===- Entry.cpp - What the runtime needs to know of a model --------------===//
//
// A planned model is a function on memrefs; the runtime knows pointers and a
// descriptor in C. This pass writes both sides of that contract, so that
// nothing but the linker comes after it.
//
//===----------------------------------------------------------------------===//

#include "codegen/cpu/CpuTarget.h"
#include "codegen/emit/ConstantTable.h"
#include "codegen/emit/CpuFeatures.h"
#include "codegen/emit/Passes.h"
#include "codegen/emit/PointerCall.h"
#include "codegen/emit/Signature.h"
#include "dialects/plan/Plan.h"

using namespace mlir;
using namespace msc;
using namespace msc::emit;

namespace msc::emit {
#define GEN_PASS_DEF_EMITENTRY
#include "codegen/emit/Passes.h.inc"
} // namespace msc::emit

/// What a result of the function of extents, a condition, is required for.
static constexpr StringLiteral kRequiresAttr = "plan.requires";

/// Fields of struct msc_frame, in order.
enum FrameField { kInputs, kOutputs, kDims, kArena, kWeights, kReason };

namespace {

class EntryEmitter {
public:
  EntryEmitter(ModuleOp module, func::FuncOp main, const Signature &signature,
               StringRef name, StringRef cpu)
      : module(module), main(main), signature(signature), name(name.str()),
        cpu(cpu.str()), loc(main.getLoc()),
        builder(OpBuilder::atBlockEnd(module.getBody())),
        pointer(LLVM::LLVMPointerType::get(module.getContext())) {}

  /// `extents` may be null.
  void emit(func::FuncOp arenaBytes, func::FuncOp extents) {
    emitWeightsSymbol();
    emitArenaBytes(arenaBytes);
    if (extents)
      emitDeriveDims(extents);
    addReason();
    emitEntry();
    emitDescriptor(extents);
    hideFunctions();
  }

private:
  void emitWeightsSymbol();
  void emitArenaBytes(func::FuncOp planned);
  void emitDeriveDims(func::FuncOp extents);
  void addReason();
  void emitEntry();
  void emitDescriptor(bool derivesDims);
  SmallVector<Value> loadExtents(OpBuilder &body, Value dims,
                                 func::FuncOp callee);
  void hideFunctions();
  Field tensors(ConstantTable &table, ArrayRef<TensorSpec> specs);
  Field donors(ConstantTable &table);
  Field regions(ConstantTable &table, ArrayRef<RegionSpec> specs);

  std::string symbol(StringRef suffix) { return name + "_" + suffix.str(); }

  ModuleOp module;
  func::FuncOp main;
  const Signature &signature;
  std::string name, cpu;
  Location loc;
  OpBuilder builder;
  Type pointer;
};

} // namespace

void EntryEmitter::emitWeightsSymbol() {
  if (signature.weightsBytes == 0)
    return;
  auto global = LLVM::GlobalOp::create(
      builder, loc, LLVM::LLVMArrayType::get(builder.getI8Type(), 0),
      /*isConstant=*/true, LLVM::Linkage::External, symbol("weights"),
      Attribute());
  global.setVisibility_(LLVM::Visibility::Hidden);
}

/// uint64_t arena_bytes(const int64_t *dims), which calls the planner's
/// function of the extents that it depends on.
void EntryEmitter::emitArenaBytes(func::FuncOp planned) {
  auto function = LLVM::LLVMFuncOp::create(
      builder, loc, symbol("arena_bytes"),
      LLVM::LLVMFunctionType::get(builder.getI64Type(), {pointer}),
      LLVM::Linkage::Internal);
  OpBuilder body = OpBuilder::atBlockBegin(function.addEntryBlock(builder));
  SmallVector<Value> extents =
      loadExtents(body, function.getArgument(0), planned);
  Value bytes = func::CallOp::create(body, loc, planned, extents).getResult(0);
  bytes = arith::IndexCastOp::create(body, loc, builder.getI64Type(), bytes);
  LLVM::ReturnOp::create(body, loc, bytes);
}

/// const char *derive_dims(int64_t *dims), which calls the function of extents
/// and stores its results; gives the first condition's text that does not hold.
void EntryEmitter::emitDeriveDims(func::FuncOp extents) {
  auto function = LLVM::LLVMFuncOp::create(
      builder, loc, symbol("derive_dims"),
      LLVM::LLVMFunctionType::get(pointer, {pointer}), LLVM::Linkage::Internal);
  OpBuilder body = OpBuilder::atBlockBegin(function.addEntryBlock(builder));
  Value dims = function.getArgument(0);
  auto call = func::CallOp::create(body, loc, extents,
                                   loadExtents(body, dims, extents));
  ConstantTable table(builder, loc, symbol("requires"));
  Value reason = LLVM::ZeroOp::create(body, loc, pointer);
  for (int number = call.getNumResults() - 1; number >= 0; --number) {
    Value result = call.getResult(number);
    if (auto name =
            extents.getResultAttrOfType<StringAttr>(number, kExtentAttr)) {
      extents.removeResultAttr(number, kExtentAttr);
      Value extent =
          arith::IndexCastOp::create(body, loc, builder.getI64Type(), result);
      storeInt64(body, loc, dims, *signature.findDim(name), extent);
    } else if (auto text = extents.getResultAttrOfType<StringAttr>(
                   number, kRequiresAttr)) {
      extents.removeResultAttr(number, kRequiresAttr);
      Value address = LLVM::AddressOfOp::create(
          body, loc, pointer, table.string(text.getValue()).symbol);
      reason = LLVM::SelectOp::create(body, loc, result, reason, address);
    }
  }
  LLVM::ReturnOp::create(body, loc, reason);
}

/// The extents that a function takes, by the names of its arguments.
SmallVector<Value> EntryEmitter::loadExtents(OpBuilder &body, Value dims,
                                             func::FuncOp callee) {
  SmallVector<Value> extents;
  for (unsigned i = 0; i < callee.getNumArguments(); ++i) {
    int32_t id =
        *signature.findDim(callee.getArgAttrOfType<StringAttr>(i, kExtentAttr));
    callee.removeArgAttr(i, kExtentAttr);
    extents.push_back(arith::IndexCastOp::create(
        body, loc, builder.getIndexType(), loadInt64(body, loc, dims, id)));
  }
  return extents;
}

/// int32_t entry(struct msc_frame *frame)
void EntryEmitter::emitEntry() {
  auto function = LLVM::LLVMFuncOp::create(
      builder, loc, symbol("entry"),
      LLVM::LLVMFunctionType::get(builder.getI32Type(), {pointer}),
      LLVM::Linkage::Internal);
  OpBuilder body = OpBuilder::atBlockBegin(function.addEntryBlock(builder));
  Value frame = function.getArgument(0);
  SmallVector<Value> fields;
  for (int index = kInputs; index <= kWeights; ++index)
    fields.push_back(loadPointer(body, loc, frame, index));

  SmallVector<Value> arguments(main.getNumArguments());
  auto place = [&](ArrayRef<TensorSpec> specs, Value pointers) {
    for (auto [index, spec] : llvm::enumerate(specs)) {
      if (spec.donor >= 0)
        continue; // is an input
      auto type = cast<MemRefType>(main.getArgumentTypes()[spec.argument]);
      SmallVector<Value> extents;
      for (const DimSpec &dim : spec.dims)
        if (dim.id >= 0)
          extents.push_back(loadInt64(body, loc, fields[kDims], dim.id));
      arguments[spec.argument] = memrefAt(
          body, loc, type, loadPointer(body, loc, pointers, index), extents);
    }
  };
  place(signature.inputs, fields[kInputs]);
  place(signature.outputs, fields[kOutputs]);
  for (const WeightSpec &weight : signature.weights)
    arguments[weight.argument] = memrefAt(
        body, loc, cast<MemRefType>(main.getArgumentTypes()[weight.argument]),
        offsetPointer(body, loc, fields[kWeights], weight.offset), {});
  auto arenaType = cast<MemRefType>(main.getArgumentTypes()[signature.arena]);
  SmallVector<Value> arenaBytes;
  if (!arenaType.hasStaticShape())
    arenaBytes.push_back(LLVM::CallOp::create(body, loc, builder.getI64Type(),
                                              symbol("arena_bytes"),
                                              fields[kDims])
                             .getResult());
  arguments[signature.arena] =
      memrefAt(body, loc, arenaType, fields[kArena], arenaBytes);
  auto call = func::CallOp::create(body, loc, main, arguments);
  for (auto [number, result] :
       llvm::enumerate(call.getResults().drop_back())) {
    auto name = main.getResultAttrOfType<StringAttr>(number, kExtentAttr);
    main.removeResultAttr(number, kExtentAttr);
    Value extent =
        arith::IndexCastOp::create(body, loc, builder.getI64Type(), result);
    storeInt64(body, loc, fields[kDims], *signature.findDim(name), extent);
  }
  Value reason = call.getResults().back();
  storePointer(body, loc, frame, kReason, reason);
  Value isRefused =
      LLVM::ICmpOp::create(body, loc, LLVM::ICmpPredicate::ne, reason,
                           LLVM::ZeroOp::create(body, loc, pointer));
  Value code = LLVM::ZExtOp::create(body, loc, builder.getI32Type(), isRefused);
  LLVM::ReturnOp::create(body, loc, code);
}

/// What @main requires on its way it says by a last result, null otherwise.
void EntryEmitter::addReason() {
  main.walk([&](func::ReturnOp op) {
    OpBuilder atReturn(op);
    op->insertOperands(op->getNumOperands(),
                       LLVM::ZeroOp::create(atReturn, loc, pointer)
                           .getResult());
  });
  (void)main.insertResult(main.getNumResults(), pointer, {});
}

Field EntryEmitter::tensors(ConstantTable &table, ArrayRef<TensorSpec> specs) {
  SmallVector<SmallVector<Field>> rows;
  for (const TensorSpec &spec : specs) {
    SmallVector<SmallVector<Field>> dims;
    for (const DimSpec &dim : spec.dims)
      dims.push_back({Field::i64(dim.extent), Field::i32(dim.id)});
    rows.push_back({table.string(spec.name), Field::i32(spec.dtype),
                    Field::i32(spec.dims.size()), table.structs(dims)});
  }
  return table.structs(rows);
}

/// For each output the input in whose buffer it is; null if there is none.
Field EntryEmitter::donors(ConstantTable &table) {
  SmallVector<SmallVector<Field>> rows;
  bool some = false;
  for (const TensorSpec &output : signature.outputs) {
    rows.push_back({Field::i32(output.donor)});
    some |= output.donor >= 0;
  }
  return some ? table.structs(rows) : Field::null();
}

Field EntryEmitter::regions(ConstantTable &table,
                            ArrayRef<RegionSpec> specs) {
  SmallVector<SmallVector<Field>> rows;
  for (const RegionSpec &region : specs)
    rows.push_back({table.string(region.name), table.string(region.ops),
                    table.string(region.schedule), Field::i64(region.flops),
                    Field::i64(region.bytes)});
  return table.structs(rows);
}

/// struct msc_model_desc, field by field.
void EntryEmitter::emitDescriptor(bool derivesDims) {
  ConstantTable table(builder, loc, symbol("const"));
  std::vector<RegionSpec> specs = readRegions(module);
  attachRegions(module, specs);
  Field inputs = tensors(table, signature.inputs);
  Field outputs = tensors(table, signature.outputs);
  SmallVector<SmallVector<Field>> ranges;
  for (const DimRange &dim : signature.dims)
    ranges.push_back(
        {table.string(dim.name), Field::i64(dim.min), Field::i64(dim.max),
         Field::i32(dim.isDecided)});
  Field dims = table.structs(ranges);
  Field regionTable = regions(table, specs);
  Field donorTable = donors(table);
  table.exported(
      symbol("model"),
      {Field::i32(MSC_MODEL_ABI_VERSION), Field::i32(sizeof(msc_model_desc)),
       table.string(name), table.string(kProducer), table.string(cpu),
       Field::i32(signature.inputs.size()),
       Field::i32(signature.outputs.size()), Field::i32(signature.dims.size()),
       Field::i32(specs.size()), inputs, outputs, dims, regionTable,
       signature.weightsBytes ? Field::pointer(symbol("weights"))
                              : Field::null(),
       Field::i64(signature.weightsBytes),
       Field::pointer(symbol("arena_bytes")), Field::pointer(symbol("entry")),
       derivesDims ? Field::pointer(symbol("derive_dims")) : Field::null(),
       donorTable, Field::i32(signature.numIntermediates)});
}

/// Nothing but the descriptor is visible to the linker: a program may hold
/// several models, and has a main of its own.
void EntryEmitter::hideFunctions() {
  auto internal =
      LLVM::LinkageAttr::get(module.getContext(), LLVM::Linkage::Internal);
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isDeclaration())
      continue;
    function.setPrivate();
    function->setAttr("llvm.linkage", internal);
  }
}

/// Arguments and results that are no conditions have to be dims of the
/// signature.
static LogicalResult checkExtents(func::FuncOp function,
                                  const Signature &signature) {
  auto isDim = [&](StringAttr name) { return name && signature.findDim(name); };
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (!isDim(function.getArgAttrOfType<StringAttr>(i, kExtentAttr)))
      return function.emitError()
             << "expected the name of a dim on argument " << i;
  for (unsigned i = 0; i < function.getNumResults(); ++i) {
    auto name = function.getResultAttrOfType<StringAttr>(i, kExtentAttr);
    if (name && !isDim(name))
      return function.emitError() << "expected the name of a dim on result "
                                  << i << ", got " << name;
  }
  return success();
}

namespace {

struct EmitEntry : emit::impl::EmitEntryBase<EmitEntry> {
  using EmitEntryBase::EmitEntryBase;

  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!main) {
      getOperation().emitError() << "expected a function 'main'";
      return signalPassFailure();
    }
    FailureOr<Signature> signature = readSignature(main);
    if (failed(signature))
      return signalPassFailure();
    auto arenaBytes = getOperation().lookupSymbol<func::FuncOp>(
        (main.getName() + "_arena_bytes").str());
    if (!arenaBytes) {
      main.emitError() << "expected a function that gives its arena's size";
      return signalPassFailure();
    }
    auto extents = getOperation().lookupSymbol<func::FuncOp>(
        (main.getName() + "_extents").str());
    for (unsigned i = 0; i < main.getNumResults(); ++i) {
      auto name = main.getResultAttrOfType<StringAttr>(i, kExtentAttr);
      if (!name || !signature->findDim(name)) {
        main.emitError() << "expected the name of a dim on result " << i;
        return signalPassFailure();
      }
    }
    if (failed(checkExtents(arenaBytes, *signature)) ||
        (extents && failed(checkExtents(extents, *signature))))
      return signalPassFailure();
    auto target = cpu::CpuTarget::get(triple, march);
    if (!target) {
      main.emitError() << llvm::toString(target.takeError());
      return signalPassFailure();
    }
    if (auto prepare = getOperation().lookupSymbol("prepare"))
      prepare->erase();
    EntryEmitter(getOperation(), main, *signature, name,
                 getNeededFeatures(*target))
        .emit(arenaBytes, extents);
  }
};

} // namespace
