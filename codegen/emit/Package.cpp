#include "codegen/emit/Package.h"
#include "codegen/emit/MappedPages.h"
#include "runtime/abi/model.h"
#include "runtime/schema/format.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/xxhash.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;
using namespace msc;
using namespace msc::emit;

//===----------------------------------------------------------------------===//
// Descriptions
//===----------------------------------------------------------------------===//

static std::unique_ptr<package::TensorT> describe(const TensorSpec &spec) {
  auto tensor = std::make_unique<package::TensorT>();
  tensor->name = spec.name;
  tensor->dtype = spec.dtype;
  tensor->donor = spec.donor;
  for (const DimSpec &dim : spec.dims) {
    auto entry = std::make_unique<package::DimT>();
    entry->extent = dim.extent;
    entry->id = dim.id;
    tensor->dims.push_back(std::move(entry));
  }
  return tensor;
}

static std::unique_ptr<package::SignatureT>
describe(const Signature &signature) {
  auto description = std::make_unique<package::SignatureT>();
  for (const TensorSpec &input : signature.inputs)
    description->inputs.push_back(describe(input));
  for (const TensorSpec &output : signature.outputs)
    description->outputs.push_back(describe(output));
  for (const DimRange &dim : signature.dims) {
    auto range = std::make_unique<package::DimRangeT>();
    range->name = dim.name;
    range->min = dim.min;
    range->max = dim.max;
    range->decided = dim.isDecided;
    description->dims.push_back(std::move(range));
  }
  return description;
}

/// As much as the format has room for; it is only shown.
static std::string shorten(StringRef text) {
  return text.take_front(MSC_PACKAGE_MAX_TEXT).str();
}

static std::unique_ptr<package::RegionT> describe(const RegionSpec &spec) {
  auto region = std::make_unique<package::RegionT>();
  region->name = spec.name;
  region->ops = shorten(spec.ops);
  region->schedule = shorten(spec.schedule);
  region->flops = spec.flops;
  region->bytes = spec.bytes;
  return region;
}

PackageTarget msc::emit::describeCpuTarget(ArrayRef<RegionSpec> regions,
                                           StringRef triple, StringRef features,
                                           std::string code) {
  PackageTarget target;
  target.description.name = "cpu";
  auto object = std::make_unique<package::CodeObjectT>();
  object->device = "cpu";
  object->format = ("elf-" + Triple(triple).getArchName()).str();
  object->triple = triple.str();
  object->features = features.str();
  target.description.code.push_back(std::move(object));
  for (const RegionSpec &region : regions)
    target.description.regions.push_back(describe(region));
  target.description.plan.Set(package::WholePlanT());
  target.code.push_back(std::move(code));
  return target;
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

static StringRef textOf(const flatbuffers::FlatBufferBuilder &builder) {
  return StringRef(reinterpret_cast<const char *>(builder.GetBufferPointer()),
                   builder.GetSize());
}

/// The FlatBuffer with its size before it, padded, without its hash. All fields
/// are written, so its size does not depend on what numbers it holds.
std::string PackageFile::packDescription() const {
  flatbuffers::FlatBufferBuilder builder;
  builder.ForceDefaults(true);
  package::FinishSizePrefixedPackageBuffer(
      builder, package::Package::Pack(builder, &description));
  std::string text = textOf(builder).str();
  text.resize(alignTo(text.size(), 8));
  return text;
}

/// Places the sections: code, then weights.
Error PackageFile::layOut(uint64_t weightsBytes) {
  auto place = [](uint64_t &end, uint64_t alignment, uint64_t bytes) {
    auto section = std::make_unique<package::SectionT>();
    section->offset = alignTo(end, alignment);
    section->bytes = bytes;
    end = section->offset + bytes;
    return section;
  };
  if (weightsBytes)
    description.weights = std::make_unique<package::SectionT>();
  for (auto &target : description.targets)
    for (auto &object : target->code)
      object->section = std::make_unique<package::SectionT>();
  uint64_t end = packDescription().size() + sizeof(uint64_t);
  if (end > MSC_PACKAGE_MAX_DESCRIPTION)
    return createStringError("the package's description would be larger than "
                             "the format allows");
  size_t next = 0;
  for (auto &target : description.targets)
    for (auto &object : target->code) {
      StringRef bytes = code[next++];
      object->section = place(end, MSC_PACKAGE_CODE_ALIGNMENT, bytes.size());
      object->section->hash = xxHash64(bytes);
    }
  if (weightsBytes)
    description.weights = place(end, MSC_WEIGHTS_ALIGNMENT, weightsBytes);
  description.file_bytes = end;
  return Error::success();
}

/// What the format has no room for.
static Error checkLimits(StringRef name, const Signature &signature) {
  if (signature.numIntermediates)
    return createStringError("a package gives no intermediate values");
  if (signature.inputs.size() > MSC_PACKAGE_MAX_TENSORS ||
      signature.outputs.size() > MSC_PACKAGE_MAX_TENSORS)
    return createStringError("a package has at most %u inputs and outputs",
                             MSC_PACKAGE_MAX_TENSORS);
  auto isTooLong = [](StringRef text) {
    return text.size() > MSC_PACKAGE_MAX_NAME;
  };
  for (const TensorSpec &tensor :
       concat<const TensorSpec>(signature.inputs, signature.outputs))
    if (isTooLong(tensor.name) || tensor.name.empty())
      return createStringError("a tensor's name in a package has 1 to %u bytes",
                               MSC_PACKAGE_MAX_NAME);
  if (isTooLong(name))
    return createStringError("a model's name in a package has at most %u bytes",
                             MSC_PACKAGE_MAX_NAME);
  return Error::success();
}

Expected<PackageFile> PackageFile::create(StringRef path, StringRef name,
                                          const Signature &signature,
                                          std::vector<PackageTarget> targets) {
  if (Error error = checkLimits(name, signature))
    return std::move(error);
  PackageFile package;
  package::PackageT &description = package.description;
  description.format = MSC_PACKAGE_FORMAT;
  description.min_reader = MSC_PACKAGE_MIN_READER;
  description.min_msc = MSC_PACKAGE_MIN_MSC;
  description.producer = kProducer.str();
  description.name = name.str();
  description.signature = describe(signature);
  for (PackageTarget &target : targets) {
    description.targets.push_back(
        std::make_unique<package::TargetT>(std::move(target.description)));
    package.code.insert(package.code.end(),
                        std::make_move_iterator(target.code.begin()),
                        std::make_move_iterator(target.code.end()));
  }
  if (Error error = package.layOut(signature.weightsBytes))
    return std::move(error);

  auto descriptor = sys::fs::openNativeFileForReadWrite(
      path, sys::fs::CD_CreateAlways, sys::fs::OF_None);
  if (!descriptor)
    return descriptor.takeError();
  std::error_code error =
      sys::fs::resize_file(*descriptor, description.file_bytes);
  if (!error)
    package.file = sys::fs::mapped_file_region(
        *descriptor, sys::fs::mapped_file_region::readwrite,
        description.file_bytes, 0, error);
  (void)sys::fs::closeFile(*descriptor);
  if (error)
    return createFileError(path, error);
  return std::move(package);
}

MutableArrayRef<char> PackageFile::getWeights() {
  if (!description.weights)
    return {};
  return {file.data() + description.weights->offset,
          description.weights->bytes};
}

Error PackageFile::finish() {
  if (description.weights) {
    MappedPages pages;
    MutableArrayRef<char> weights = getWeights();
    pages.add(weights);
    description.weights->hash =
        xxHash64(StringRef(weights.data(), weights.size()));
  }
  size_t next = 0;
  for (auto &target : description.targets)
    for (auto &object : target->code) {
      const std::string &bytes = code[next++];
      memcpy(file.data() + object->section->offset, bytes.data(), bytes.size());
    }
  std::string text = packDescription();
  memcpy(file.data(), text.data(), text.size());
  support::endian::write64le(file.data() + text.size(), xxHash64(text));
  return Error::success();
}
