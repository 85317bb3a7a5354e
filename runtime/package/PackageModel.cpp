#include "runtime/package/PackageModel.h"

#include "runtime/core/Context.h"
#include "runtime/core/Cpu.h"

namespace msc::rt {
namespace {

// Stand in for a program that is described only.
uint64_t noArena(const int64_t *) { return UINT64_MAX; }
int32_t noEntry(msc_frame *) { return -1; }
const char *noDims(int64_t *) { return "the program is not loaded"; }

// The entry of a list of steps.
StepsProgram *running = nullptr;

uint64_t noArenaOfHost(const int64_t *) { return 0; }

int32_t runSteps(msc_frame *frame) {
  if (!running->run(frame->inputs, frame->outputs))
    return 0;
  frame->reason = running->why();
  return kFailedCode;
}

msc_status outOfMemory(Error &error) {
  return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
}

uint32_t countDims(
    const flatbuffers::Vector<flatbuffers::Offset<package::Tensor>> &tensors) {
  uint32_t count = 0;
  for (const package::Tensor *tensor : tensors)
    count += tensor->dims()->size();
  return count;
}

/// What the CPU code of a whole program needs of the machine.
const char *featuresOf(const package::Target &target) {
  if (target.plan_type() != package::Plan::WholePlan)
    return "";
  const auto *text =
      target.code()->Get(target.plan_as_WholePlan()->code())->features();
  return text ? text->c_str() : "";
}

} // namespace

/// `dims` has room for all, so that their places stay.
msc_status PackageModel::describeTensors(
    const flatbuffers::Vector<flatbuffers::Offset<package::Tensor>> &tensors,
    Array<msc_tensor_desc> &descs) {
  if (!descs.reserve(tensors.size() + 1))
    return MSC_OUT_OF_MEMORY;
  for (const package::Tensor *tensor : tensors) {
    descs.push({tensor->name()->c_str(), tensor->dtype(),
                tensor->dims()->size(), dims.end()});
    for (const package::Dim *dim : *tensor->dims())
      dims.push({dim->extent(), dim->id()});
  }
  return MSC_OK;
}

msc_status PackageModel::describe(const Package &source,
                                  const package::Target &program,
                                  Error &error) {
  package = &source;
  target = &program;
  const package::Package &description = source.description();
  const package::Signature &signature = *description.signature();
  if (!dims.reserve(countDims(*signature.inputs()) +
                    countDims(*signature.outputs()) + 1) ||
      describeTensors(*signature.inputs(), inputs) ||
      describeTensors(*signature.outputs(), outputs))
    return outOfMemory(error);
  bool donates = false;
  for (const package::Tensor *output : *signature.outputs()) {
    donates |= output->donor() >= 0;
    if (!donors.push(output->donor()))
      return outOfMemory(error);
  }
  for (const package::DimRange *range : *signature.dims())
    if (!ranges.push({range->name()->c_str(), range->min(), range->max(),
                      range->decided()}))
      return outOfMemory(error);
  for (const package::Region *region : *program.regions())
    if (!regions.push({region->name()->c_str(), region->ops()->c_str(),
                       region->schedule()->c_str(), region->flops(),
                       region->bytes()}))
      return outOfMemory(error);

  desc.abi_version = MSC_MODEL_ABI_VERSION;
  desc.struct_size = sizeof desc;
  desc.name = description.name()->c_str();
  desc.producer = description.producer()->c_str();
  desc.cpu = featuresOf(program);
  desc.num_inputs = static_cast<uint32_t>(inputs.size());
  desc.num_outputs = static_cast<uint32_t>(outputs.size());
  desc.num_dims = static_cast<uint32_t>(ranges.size());
  desc.num_regions = static_cast<uint32_t>(regions.size());
  desc.inputs = inputs.data();
  desc.outputs = outputs.data();
  desc.dims = ranges.data();
  desc.regions = regions.data();
  if (const package::Section *weights = description.weights()) {
    Bytes bytes = source.section(*weights);
    desc.weights = bytes.data;
    desc.weights_bytes = bytes.size;
  }
  desc.arena_bytes = noArena;
  desc.entry = noEntry;
  desc.derive_dims = noDims;
  desc.donors = donates ? donors.data() : nullptr;
  return MSC_OK;
}

PackageModel::~PackageModel() {
  if (running == &steps)
    running = nullptr;
}

msc_status PackageModel::loadSteps(const msc_device_driver *driver,
                                   Error &error) {
  if (!driver)
    return error.fail(MSC_INCOMPATIBLE,
                      "this msc has no driver for the device '%s'",
                      target->name()->c_str());
  if (running)
    return error.fail(MSC_BUSY, "another list of steps is loaded");
  if (msc_status status = steps.load(*package, *target, *driver, error))
    return status;
  running = &steps;
  desc.arena_bytes = noArenaOfHost;
  desc.entry = runSteps;
  desc.derive_dims = nullptr; // all extents are static
  return MSC_OK;
}

msc_status PackageModel::load(const msc_device_driver *driver, Error &error) {
  if (target->plan_type() != package::Plan::WholePlan)
    return loadSteps(driver, error);
  const package::CodeObject &object =
      *target->code()->Get(target->plan_as_WholePlan()->code());
  if (std::strcmp(object.format()->c_str(), codeFormatOfHost()) != 0)
    return error.fail(MSC_INCOMPATIBLE,
                      "the package's code has the format '%s', this machine "
                      "runs '%s'; compile the model for it (--triple)",
                      object.format()->c_str(), codeFormatOfHost());
  char feature[64];
  if (findMissingCpuFeature(desc.cpu, feature, sizeof feature))
    return error.fail(MSC_INCOMPATIBLE,
                      "the package needs the CPU feature '%s', which this "
                      "machine lacks; compile the model for this CPU (--march)",
                      feature);
  if (msc_status status =
          package->checkHash(*object.section(), "its code's bytes", error))
    return status;
  if (msc_status status = code.load(package->section(*object.section()), error))
    return status;
  desc.arena_bytes = code.code().arena_bytes;
  desc.entry = code.code().entry;
  desc.derive_dims = code.code().derive_dims;
  return MSC_OK;
}

} // namespace msc::rt
