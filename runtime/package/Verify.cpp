#include "runtime/package/Verify.h"

#include "runtime/abi/model.h"
#include "runtime/core/DType.h"
#include "runtime/core/Memory.h"
#include "runtime/package/Hash.h"
#include "runtime/schema/format.h"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>

namespace msc::rt {
namespace {

// A plan's steps take three tables a nesting level: step, loop, buffer.
constexpr uint32_t kMaxDepth = 3 * MSC_PACKAGE_MAX_NESTING + 8;
constexpr uint32_t kMaxTables = 4000000;
constexpr uint64_t kHashBytes = 8;
// Size, offset of the root, identifier.
constexpr uint64_t kSmallest = 12;

template <typename T> T load(const uint8_t *bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

uint64_t alignTo(uint64_t value, uint64_t alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

template <typename T> uint32_t sizeOf(const flatbuffers::Vector<T> *vector) {
  return vector ? vector->size() : 0;
}

msc_status damaged(Error &error, const char *what) {
  return error.fail(MSC_INVALID_ARGUMENT, "the package is damaged: %s", what);
}

class Verification {
public:
  Verification(const package::Package &package, uint64_t begin,
               uint64_t fileBytes, Error &error)
      : package(package), begin(begin), fileBytes(fileBytes), error(error) {}

  msc_status run();

private:
  __attribute__((format(printf, 2, 3))) msc_status invalid(const char *format,
                                                           ...);

  msc_status checkVersions();
  msc_status checkSignature();
  msc_status checkRanges();
  msc_status checkTensors(
      const flatbuffers::Vector<flatbuffers::Offset<package::Tensor>> &tensors,
      const char *kind);
  msc_status checkTensor(const package::Tensor &tensor, const char *kind,
                         uint32_t number);
  msc_status checkDonors();
  msc_status checkTargets();
  msc_status checkTarget(const package::Target &target);
  msc_status checkCode(const package::CodeObject &code, const char *target,
                       uint32_t number);
  msc_status checkPlan(const package::Target &target);
  msc_status checkSection(const package::Section &section, const char *what,
                          uint64_t alignment);
  msc_status checkOverlaps();
  msc_status checkNames(const Array<const char *> &names, const char *kind);
  /// A C string that is no longer than a name may be, and not empty.
  bool isName(const flatbuffers::String &text) const {
    return isText(text) && text.size() && text.size() <= MSC_PACKAGE_MAX_NAME;
  }
  bool isText(const flatbuffers::String &text) const {
    return text.size() <= MSC_PACKAGE_MAX_TEXT &&
           std::strlen(text.c_str()) == text.size();
  }
  msc_status outOfMemory() {
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  }

  struct Extent {
    uint64_t offset, bytes;
    bool isCode;
  };

  const package::Package &package;
  const uint64_t begin; // where sections may start
  const uint64_t fileBytes;
  Error &error;
  Array<Extent> sections;
};

} // namespace

msc_status Verification::invalid(const char *format, ...) {
  char text[768];
  va_list args;
  va_start(args, format);
  std::vsnprintf(text, sizeof text, format, args);
  va_end(args);
  return error.fail(MSC_INVALID_ARGUMENT, "the package is invalid: %s", text);
}

msc_status Verification::run() {
  msc_status status = checkVersions();
  if (!status)
    status = checkSignature();
  if (!status && package.weights())
    status =
        checkSection(*package.weights(), "the weights", MSC_WEIGHTS_ALIGNMENT);
  if (!status)
    status = checkTargets();
  return status ? status : checkOverlaps();
}

msc_status Verification::checkVersions() {
  if (package.min_reader() > MSC_PACKAGE_FORMAT)
    return error.fail(
        MSC_INCOMPATIBLE,
        "the package has format %u and needs msc >= %.32s; this is "
        "" MSC_VERSION_STRING ", which reads format %u",
        package.format(), package.min_msc()->c_str(), MSC_PACKAGE_FORMAT);
  if (package.format() < MSC_PACKAGE_OLDEST_FORMAT)
    return error.fail(MSC_INCOMPATIBLE,
                      "the package has format %u, this msc "
                      "(" MSC_VERSION_STRING ") reads formats from %u on; "
                      "compile the model again",
                      package.format(), MSC_PACKAGE_OLDEST_FORMAT);
  if (package.min_reader() > package.format() || package.min_reader() == 0)
    return invalid("format %u can't need readers of format %u",
                   package.format(), package.min_reader());
  if (package.file_bytes() > fileBytes)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "the package is truncated: %" PRIu64 " of %" PRIu64
                      " bytes are there",
                      fileBytes, package.file_bytes());
  if (package.file_bytes() < fileBytes)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "the package is damaged: %" PRIu64
                      " bytes are behind its end",
                      fileBytes - package.file_bytes());
  if (!isName(*package.name()) || !isText(*package.producer()) ||
      !isText(*package.min_msc()))
    return invalid("its name or producer is no text");
  return MSC_OK;
}

//===----------------------------------------------------------------------===//
// Signature
//===----------------------------------------------------------------------===//

static int compareNames(const void *a, const void *b) {
  return std::strcmp(*static_cast<const char *const *>(a),
                     *static_cast<const char *const *>(b));
}

msc_status Verification::checkNames(const Array<const char *> &names,
                                    const char *kind) {
  if (names.empty())
    return MSC_OK;
  std::qsort(names.data(), names.size(), sizeof(const char *), compareNames);
  for (size_t i = 1; i < names.size(); ++i)
    if (std::strcmp(names[i - 1], names[i]) == 0)
      return invalid("two %s are called '%s'", kind, names[i]);
  return MSC_OK;
}

msc_status Verification::checkSignature() {
  msc_status status = checkRanges();
  if (!status)
    status = checkTensors(*package.signature()->inputs(), "input");
  if (!status)
    status = checkTensors(*package.signature()->outputs(), "output");
  return status ? status : checkDonors();
}

msc_status Verification::checkRanges() {
  const auto &dims = *package.signature()->dims();
  if (dims.size() > MSC_PACKAGE_MAX_DIMS)
    return invalid("it has %u dims, more than %u", dims.size(),
                   MSC_PACKAGE_MAX_DIMS);
  for (uint32_t i = 0; i < dims.size(); ++i) {
    const package::DimRange &dim = *dims.Get(i);
    // A dim without a name is called by its number.
    if (!isText(*dim.name()) || dim.name()->size() > MSC_PACKAGE_MAX_NAME)
      return invalid("the name of dim %u is no text", i);
    if (dim.min() < 0 || dim.max() < dim.min())
      return invalid("dim %u ('%s') has the range [%" PRId64 ", %" PRId64 "]",
                     i, dim.name()->c_str(), dim.min(), dim.max());
  }
  return MSC_OK;
}

msc_status Verification::checkTensors(
    const flatbuffers::Vector<flatbuffers::Offset<package::Tensor>> &tensors,
    const char *kind) {
  if (tensors.size() > MSC_PACKAGE_MAX_TENSORS)
    return invalid("it has %u %ss, more than %u", tensors.size(), kind,
                   MSC_PACKAGE_MAX_TENSORS);
  Array<const char *> names;
  for (uint32_t i = 0; i < tensors.size(); ++i) {
    if (msc_status status = checkTensor(*tensors.Get(i), kind, i))
      return status;
    if (!names.push(tensors.Get(i)->name()->c_str()))
      return outOfMemory();
  }
  return checkNames(names, kind[0] == 'i' ? "inputs" : "outputs");
}

msc_status Verification::checkTensor(const package::Tensor &tensor,
                                     const char *kind, uint32_t number) {
  if (!isName(*tensor.name()))
    return invalid("the name of %s %u is no text", kind, number);
  if (!bitsOf(tensor.dtype()))
    return invalid("%s %u has the unknown element type %u", kind, number,
                   tensor.dtype());
  const auto &dims = *tensor.dims();
  if (dims.size() > MSC_MAX_RANK)
    return invalid("%s %u has rank %u, more than %u", kind, number, dims.size(),
                   unsigned(MSC_MAX_RANK));
  int64_t extents[MSC_MAX_RANK];
  for (uint32_t axis = 0; axis < dims.size(); ++axis) {
    const package::Dim &dim = *dims.Get(axis);
    extents[axis] = dim.extent() >= 0 ? dim.extent() : 1;
    bool fits = dim.extent() >= 0 ? dim.id() == -1
                                  : dim.extent() == -1 && dim.id() >= 0 &&
                                        static_cast<uint32_t>(dim.id()) <
                                            package.signature()->dims()->size();
    if (!fits)
      return invalid("dim %u of %s %u is none", axis, kind, number);
  }
  int64_t elements;
  uint64_t bytes;
  if (!countElements(extents, dims.size(), elements) ||
      !countBytes(tensor.dtype(), elements, bytes))
    return invalid("the size of %s %u overflows", kind, number);
  return MSC_OK;
}

static bool areAlike(const package::Tensor &a, const package::Tensor &b) {
  if (a.dtype() != b.dtype() || a.dims()->size() != b.dims()->size())
    return false;
  for (uint32_t axis = 0; axis < a.dims()->size(); ++axis)
    if (a.dims()->Get(axis)->extent() != b.dims()->Get(axis)->extent() ||
        a.dims()->Get(axis)->id() != b.dims()->Get(axis)->id())
      return false;
  return true;
}

/// An output that is in an input's buffer is a tensor like it, and alone there.
msc_status Verification::checkDonors() {
  const auto &inputs = *package.signature()->inputs();
  const auto &outputs = *package.signature()->outputs();
  Array<bool> taken;
  if (!taken.resize(inputs.size()))
    return outOfMemory();
  for (uint32_t i = 0; i < inputs.size(); ++i)
    if (inputs.Get(i)->donor() != -1)
      return invalid("input %u has a donor", i);
  for (uint32_t i = 0; i < outputs.size(); ++i) {
    int32_t donor = outputs.Get(i)->donor();
    if (donor == -1)
      continue;
    if (donor < 0 || static_cast<uint32_t>(donor) >= inputs.size() ||
        !areAlike(*outputs.Get(i), *inputs.Get(donor)))
      return invalid("output %u can't be in the buffer of input %d", i, donor);
    if (taken[donor])
      return invalid("two outputs are in the buffer of input %d", donor);
    taken[donor] = true;
  }
  return MSC_OK;
}

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

msc_status Verification::checkTargets() {
  const auto &targets = *package.targets();
  if (targets.size() == 0 || targets.size() > MSC_PACKAGE_MAX_TARGETS)
    return invalid("it has %u targets, expected 1 to %u", targets.size(),
                   MSC_PACKAGE_MAX_TARGETS);
  Array<const char *> names;
  for (uint32_t i = 0; i < targets.size(); ++i) {
    if (msc_status status = checkTarget(*targets.Get(i)))
      return status;
    if (!names.push(targets.Get(i)->name()->c_str()))
      return outOfMemory();
  }
  return checkNames(names, "targets");
}

msc_status Verification::checkTarget(const package::Target &target) {
  const char *name = target.name()->c_str();
  if (!isName(*target.name()))
    return invalid("the name of a target is no text");
  if (target.code()->size() > MSC_PACKAGE_MAX_CODE)
    return invalid("target '%s' has %u code objects, more than %u", name,
                   target.code()->size(), MSC_PACKAGE_MAX_CODE);
  for (uint32_t i = 0; i < target.code()->size(); ++i)
    if (msc_status status = checkCode(*target.code()->Get(i), name, i))
      return status;
  if (target.regions()->size() > MSC_PACKAGE_MAX_REGIONS)
    return invalid("target '%s' has %u regions, more than %u", name,
                   target.regions()->size(), MSC_PACKAGE_MAX_REGIONS);
  for (uint32_t i = 0; i < target.regions()->size(); ++i) {
    const package::Region &region = *target.regions()->Get(i);
    if (!isName(*region.name()) || !isText(*region.ops()) ||
        !isText(*region.schedule()) || region.flops() < 0 || region.bytes() < 0)
      return invalid("region %u of target '%s' is none", i, name);
  }
  return checkPlan(target);
}

msc_status Verification::checkCode(const package::CodeObject &code,
                                   const char *target, uint32_t number) {
  auto isOptional = [&](const flatbuffers::String *text) {
    return !text || isText(*text);
  };
  if (!isName(*code.device()) || !isName(*code.format()) ||
      !isOptional(code.triple()) || !isOptional(code.features()))
    return invalid("code object %u of target '%s' is not named by text", number,
                   target);
  uint32_t count = sizeOf(code.kernels());
  if (count > MSC_PACKAGE_MAX_KERNELS)
    return invalid("code object %u of target '%s' has %u kernels, more than %u",
                   number, target, count, MSC_PACKAGE_MAX_KERNELS);
  for (uint32_t i = 0; i < count; ++i) {
    const package::Kernel &kernel = *code.kernels()->Get(i);
    if (!isName(*kernel.name()))
      return invalid("the name of kernel %u of target '%s' is no text", i,
                     target);
    if (i && std::strcmp(code.kernels()->Get(i - 1)->name()->c_str(),
                         kernel.name()->c_str()) >= 0)
      return invalid("kernel '%s' of target '%s' is out of order or twice "
                     "there",
                     kernel.name()->c_str(), target);
    if (kernel.buffers() > MSC_PACKAGE_MAX_BUFFERS ||
        kernel.scalars() > MSC_PACKAGE_MAX_SCALARS)
      return invalid("kernel '%s' of target '%s' takes too many arguments",
                     kernel.name()->c_str(), target);
  }
  char what[64];
  TextBuffer(what, sizeof what).add("code object %u", number);
  if (code.section()->bytes() == 0)
    return invalid("%s of target '%s' is empty", what, target);
  return checkSection(*code.section(), what, MSC_PACKAGE_CODE_ALIGNMENT);
}

msc_status Verification::checkPlan(const package::Target &target) {
  const char *name = target.name()->c_str();
  switch (target.plan_type()) {
  case package::Plan::WholePlan: {
    uint32_t code = target.plan_as_WholePlan()->code();
    if (code >= target.code()->size())
      return invalid("target '%s' is run by code object %u, which isn't there",
                     name, code);
    if (std::strcmp(target.code()->Get(code)->device()->c_str(), "cpu") != 0)
      return invalid("target '%s' is run whole by code for '%s'", name,
                     target.code()->Get(code)->device()->c_str());
    return MSC_OK;
  }
  case package::Plan::StepsPlan:
    return verifySteps(package, target, error);
  default:
    return invalid("target '%s' has a plan of unknown kind %u", name,
                   static_cast<unsigned>(target.plan_type()));
  }
}

//===----------------------------------------------------------------------===//
// Sections
//===----------------------------------------------------------------------===//

msc_status Verification::checkSection(const package::Section &section,
                                      const char *what, uint64_t alignment) {
  uint64_t offset = section.offset(), bytes = section.bytes();
  if (offset % alignment != 0)
    return invalid("%s at %" PRIu64 ", which is no multiple of %" PRIu64, what,
                   offset, alignment);
  if (offset < begin || offset > fileBytes || bytes > fileBytes - offset)
    return invalid("%s, %" PRIu64 " bytes at %" PRIu64
                   ", lies outside of the file's sections",
                   what, bytes, offset);
  bool isCode = alignment == MSC_PACKAGE_CODE_ALIGNMENT;
  return sections.push({offset, bytes, isCode}) ? MSC_OK : outOfMemory();
}

/// Targets may share code; nothing else overlaps.
msc_status Verification::checkOverlaps() {
  if (sections.empty())
    return MSC_OK;
  std::qsort(sections.data(), sections.size(), sizeof(Extent),
             [](const void *a, const void *b) {
               const auto *first = static_cast<const Extent *>(a);
               const auto *second = static_cast<const Extent *>(b);
               if (first->offset != second->offset)
                 return first->offset < second->offset ? -1 : 1;
               return first->bytes < second->bytes
                          ? -1
                          : first->bytes > second->bytes;
             });
  for (size_t i = 1; i < sections.size(); ++i) {
    const Extent &before = sections[i - 1], &section = sections[i];
    bool isShared = before.isCode && section.isCode &&
                    before.offset == section.offset &&
                    before.bytes == section.bytes;
    if (!isShared && before.bytes > section.offset - before.offset)
      return invalid("sections overlap at %" PRIu64, section.offset);
  }
  return MSC_OK;
}

//===----------------------------------------------------------------------===//
// Description
//===----------------------------------------------------------------------===//

msc_status findDescription(Bytes begin, uint64_t fileBytes, uint64_t &bytes,
                           Error &error) {
  if (begin.size < kSmallest ||
      std::memcmp(begin.data + 8, package::PackageIdentifier(), 4) != 0)
    return error.fail(MSC_INVALID_ARGUMENT, "the file is no package of msc");
  uint64_t size = load<uint32_t>(begin.data);
  if (size > MSC_PACKAGE_MAX_DESCRIPTION)
    return damaged(error, "its description would be larger than any");
  bytes = alignTo(4 + size, 8) + kHashBytes;
  if (bytes > fileBytes)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "the package is truncated: %" PRIu64
                      " bytes are there, its description alone has %" PRIu64,
                      fileBytes, bytes);
  return MSC_OK;
}

msc_status verifyDescription(Bytes description, uint64_t fileBytes,
                             const package::Package *&package, Error &error) {
  uint64_t bytes;
  if (msc_status status = findDescription(description, fileBytes, bytes, error))
    return status;
  if (bytes > description.size)
    return damaged(error, "its description is cut off");
  uint64_t hashed = bytes - kHashBytes;
  if (hashBytes(description.data, hashed) !=
      load<uint64_t>(description.data + hashed))
    return damaged(error, "its description does not have the hash that was "
                          "written");
  flatbuffers::Verifier::Options limits;
  limits.max_depth = kMaxDepth;
  limits.max_tables = kMaxTables;
  flatbuffers::Verifier verifier(description.data,
                                 4 + load<uint32_t>(description.data), limits);
  if (!package::VerifySizePrefixedPackageBuffer(verifier))
    return damaged(error, "its description is not as its format says");
  package = package::GetSizePrefixedPackage(description.data);
  return Verification(*package, bytes, fileBytes, error).run();
}

} // namespace msc::rt
