#include "codegen/emit/Signature.h"
#include "dialects/graph/Graph.h"
#include "dialects/plan/Plan.h"

using namespace mlir;
using namespace msc;
using namespace msc::emit;
using graph::GraphDialect;

static constexpr StringLiteral kIntermediateAttr = "graph.intermediate";

StringRef msc::emit::getDtypeName(msc_dtype dtype) {
  switch (dtype) {
  case MSC_F32:
    return "f32";
  case MSC_F64:
    return "f64";
  case MSC_F16:
    return "f16";
  case MSC_BF16:
    return "bf16";
  case MSC_F8E4M3FN:
    return "f8E4M3FN";
  case MSC_F8E5M2:
    return "f8E5M2";
  case MSC_BOOL:
    return "bool";
  case MSC_I4:
    return "i4";
  case MSC_U4:
    return "u4";
  case MSC_I8:
    return "i8";
  case MSC_U8:
    return "u8";
  case MSC_I16:
    return "i16";
  case MSC_U16:
    return "u16";
  case MSC_I32:
    return "i32";
  case MSC_U32:
    return "u32";
  case MSC_I64:
    return "i64";
  case MSC_U64:
    return "u64";
  default:
    return "?";
  }
}

std::optional<msc_dtype> msc::emit::getDtype(Type type) {
  if (type.isF32())
    return MSC_F32;
  if (type.isF64())
    return MSC_F64;
  if (type.isF16())
    return MSC_F16;
  if (type.isBF16())
    return MSC_BF16;
  if (isa<Float8E4M3FNType>(type))
    return MSC_F8E4M3FN;
  if (isa<Float8E5M2Type>(type))
    return MSC_F8E5M2;
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer)
    return std::nullopt;
  bool isUnsigned = integer.isUnsigned();
  switch (integer.getWidth()) {
  case 1:
    return MSC_BOOL;
  case 4:
    return isUnsigned ? MSC_U4 : MSC_I4;
  case 8:
    return isUnsigned ? MSC_U8 : MSC_I8;
  case 16:
    return isUnsigned ? MSC_U16 : MSC_I16;
  case 32:
    return isUnsigned ? MSC_U32 : MSC_I32;
  case 64:
    return isUnsigned ? MSC_U64 : MSC_I64;
  default:
    return std::nullopt;
  }
}

namespace {

class SignatureReader {
public:
  explicit SignatureReader(func::FuncOp main) : main(main) {}

  FailureOr<Signature> read();

private:
  LogicalResult readArgument(unsigned argument);
  LogicalResult readTensor(unsigned argument, MemRefType type,
                           SmallVectorImpl<TensorSpec> &tensors);
  FailureOr<int32_t> getDimId(StringRef name);
  void readWeights(unsigned argument, MemRefType type);

  func::FuncOp main;
  Signature signature;
};

} // namespace

static uint64_t alignTo64(uint64_t size) {
  return llvm::alignTo(size, MSC_BUFFER_ALIGNMENT);
}

void SignatureReader::readWeights(unsigned argument, MemRefType type) {
  uint64_t bits = type.getElementTypeBitWidth();
  uint64_t bytes = type.getNumElements() * llvm::divideCeil(bits, 8);
  signature.weights.push_back({argument, signature.weightsBytes, bytes});
  signature.weightsBytes += alignTo64(bytes);
}

FailureOr<int32_t> SignatureReader::getDimId(StringRef name) {
  if (auto id = signature.findDim(name))
    return *id;
  auto ranges =
      main->getParentOfType<ModuleOp>()->getAttrOfType<DictionaryAttr>(
          GraphDialect::kDimRangesAttr);
  auto range = ranges ? ranges.getAs<ArrayAttr>(name) : ArrayAttr();
  DimRange dim{name.str(), 0, std::numeric_limits<int32_t>::max()};
  if (range && range.size() == 2) {
    auto low = dyn_cast<IntegerAttr>(range[0]);
    auto high = dyn_cast<IntegerAttr>(range[1]);
    if (!low || !high)
      return main.emitError()
             << "expected integers in the range of dim '" << name << "'";
    dim.min = low.getInt();
    dim.max = high.getInt();
  }
  signature.dims.push_back(dim);
  return static_cast<int32_t>(signature.dims.size() - 1);
}

LogicalResult
SignatureReader::readTensor(unsigned argument, MemRefType type,
                            SmallVectorImpl<TensorSpec> &tensors) {
  TensorSpec tensor;
  tensor.argument = argument;
  auto name =
      main.getArgAttrOfType<StringAttr>(argument, GraphDialect::kNameAttr);
  if (!name)
    return main.emitError() << "expected a name on argument " << argument;
  tensor.name = name.str();
  tensor.isIntermediate =
      bool(main.getArgAttr(argument, kIntermediateAttr));

  auto original =
      main.getArgAttrOfType<TypeAttr>(argument, GraphDialect::kElementTypeAttr);
  Type element = original ? original.getValue() : type.getElementType();
  auto dtype = getDtype(element);
  if (!dtype)
    return main.emitError() << "'" << tensor.name << "' has element type "
                            << element << ", which programs can't exchange";
  tensor.dtype = *dtype;
  if (type.getRank() > MSC_MAX_RANK)
    return main.emitError() << "expected '" << tensor.name
                            << "' to have a rank of at most " << MSC_MAX_RANK
                            << ", got " << type.getRank();

  auto names =
      main.getArgAttrOfType<ArrayAttr>(argument, GraphDialect::kDimsAttr);
  for (auto [dim, extent] : llvm::enumerate(type.getShape())) {
    if (!ShapedType::isDynamic(extent)) {
      tensor.dims.push_back({extent, -1});
      continue;
    }
    StringRef dimName =
        names ? cast<StringAttr>(names[dim]).getValue() : StringRef();
    if (dimName.empty()) {
      auto diagnostic = main.emitError()
                        << "dim " << dim << " of '" << tensor.name
                        << "' is dynamic and has no name";
      diagnostic.attachNote() << "make it static with '--dims NAME=EXTENT'";
      return diagnostic;
    }
    FailureOr<int32_t> id = getDimId(dimName);
    if (failed(id))
      return failure();
    tensor.dims.push_back({-1, *id});
  }
  tensors.push_back(std::move(tensor));
  return success();
}

LogicalResult SignatureReader::readArgument(unsigned argument) {
  auto type = dyn_cast<MemRefType>(main.getArgumentTypes()[argument]);
  if (!type || !type.getLayout().isIdentity())
    return main.emitError() << "expected argument " << argument
                            << " to be a memref of identity layout, got "
                            << main.getArgumentTypes()[argument];
  if (main.getArgAttr(argument, GraphDialect::kParameterAttr) ||
      main.getArgAttr(argument, plan::kPreparedAttr)) {
    if (!type.hasStaticShape())
      return main.emitError()
             << "expected weights of static shape, got " << type;
    readWeights(argument, type);
    return success();
  }
  bool isResult = bool(main.getArgAttr(argument, plan::kResultAttr));
  if (failed(readTensor(argument, type,
                        isResult ? signature.outputs : signature.inputs)))
    return failure();
  if (!main.getArgAttr(argument, plan::kDonatedAttr))
    return success();
  // The same tensor once more, under the result's name.
  auto name = main.getArgAttrOfType<StringAttr>(argument, plan::kDonatedAsAttr);
  if (!name)
    return main.emitError() << "expected the name of the result that argument "
                            << argument << " is donated to";
  TensorSpec output = signature.inputs.back();
  output.name = name.str();
  output.donor = static_cast<int32_t>(signature.inputs.size() - 1);
  signature.outputs.push_back(std::move(output));
  return success();
}

FailureOr<Signature> SignatureReader::read() {
  bool returnsBuffers = llvm::any_of(
      main.getResultTypes(), [](Type type) { return !type.isIndex(); });
  if (main.getNumArguments() == 0 || returnsBuffers ||
      !main->hasAttr(plan::kArenaBytesAttr))
    return main.emitError() << "expected '" << main.getName()
                            << "' to be planned, with an arena";
  signature.arena = main.getNumArguments() - 1;
  for (unsigned argument = 0; argument < signature.arena; ++argument)
    if (failed(readArgument(argument)))
      return failure();
  // Results are marked by number; arguments may stand in another order.
  auto number = [&](const TensorSpec &tensor) {
    return main
        .getArgAttrOfType<IntegerAttr>(tensor.argument,
                                       tensor.donor < 0 ? plan::kResultAttr
                                                        : plan::kDonatedAttr)
        .getInt();
  };
  llvm::sort(signature.outputs, [&](const TensorSpec &a, const TensorSpec &b) {
    return number(a) < number(b);
  });
  for (const TensorSpec &output : signature.outputs) {
    if (!output.isIntermediate && signature.numIntermediates)
      return main.emitError() << "expected intermediate values to be the last "
                                 "results, got '"
                              << output.name << "' after one";
    signature.numIntermediates += output.isIntermediate;
  }
  for (unsigned i = 0; i < main.getNumResults(); ++i)
    if (auto name = main.getResultAttrOfType<StringAttr>(i, kExtentAttr))
      if (auto id = signature.findDim(name))
        signature.dims[*id].isDecided = true;
  return std::move(signature);
}

std::optional<int32_t> Signature::findDim(StringRef name) const {
  for (auto [id, dim] : llvm::enumerate(dims))
    if (dim.name == name)
      return static_cast<int32_t>(id);
  return std::nullopt;
}

FailureOr<Signature> msc::emit::readSignature(func::FuncOp main) {
  return SignatureReader(main).read();
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

static constexpr StringLiteral kRegionsAttr = "msc.regions";

std::vector<RegionSpec> msc::emit::readRegions(ModuleOp module) {
  std::vector<RegionSpec> regions;
  for (auto function : module.getOps<func::FuncOp>()) {
    auto number = function->getAttrOfType<IntegerAttr>(plan::kRegionAttr);
    if (!number)
      continue;
    auto text = [&](StringRef attribute) {
      auto value = function->getAttrOfType<StringAttr>(attribute);
      return value ? value.str() : std::string();
    };
    auto count = [&](StringRef attribute) {
      auto value = function->getAttrOfType<IntegerAttr>(attribute);
      return value ? value.getInt() : 0;
    };
    size_t index = number.getInt();
    regions.resize(std::max(regions.size(), index + 1));
    regions[index] = {function.getName().str(), text(plan::kOpsAttr),
                      text("cpu.schedule"), count(plan::kFlopsAttr),
                      count(plan::kBytesAttr)};
  }
  return regions;
}

void msc::emit::attachRegions(ModuleOp module, ArrayRef<RegionSpec> regions) {
  Builder builder(module.getContext());
  SmallVector<Attribute> rows;
  for (const RegionSpec &region : regions)
    rows.push_back(builder.getDictionaryAttr({
        builder.getNamedAttr("name", builder.getStringAttr(region.name)),
        builder.getNamedAttr("ops", builder.getStringAttr(region.ops)),
        builder.getNamedAttr("schedule",
                             builder.getStringAttr(region.schedule)),
        builder.getNamedAttr("flops", builder.getI64IntegerAttr(region.flops)),
        builder.getNamedAttr("bytes", builder.getI64IntegerAttr(region.bytes)),
    }));
  if (!rows.empty())
    module->setAttr(kRegionsAttr, builder.getArrayAttr(rows));
}

std::vector<RegionSpec> msc::emit::readAttachedRegions(ModuleOp module) {
  std::vector<RegionSpec> regions;
  auto rows = module->getAttrOfType<ArrayAttr>(kRegionsAttr);
  if (!rows)
    return regions;
  for (auto row : rows.getAsRange<DictionaryAttr>()) {
    auto text = [&](StringRef key) {
      auto value = row.getAs<StringAttr>(key);
      return value ? value.str() : std::string();
    };
    auto count = [&](StringRef key) {
      auto value = row.getAs<IntegerAttr>(key);
      return value ? value.getInt() : 0;
    };
    regions.push_back({text("name"), text("ops"), text("schedule"),
                       count("flops"), count("bytes")});
  }
  return regions;
}
