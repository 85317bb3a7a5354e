// A package's program as the runtime takes programs: a descriptor.
#ifndef MSC_RUNTIME_PACKAGE_PACKAGEMODEL_H
#define MSC_RUNTIME_PACKAGE_PACKAGEMODEL_H

#include "runtime/package/CodeObject.h"
#include "runtime/package/Package.h"
#include "runtime/package/StepsProgram.h"

namespace msc::rt {

class PackageModel {
public:
  PackageModel() = default;
  PackageModel(const PackageModel &) = delete;
  PackageModel &operator=(const PackageModel &) = delete;
  ~PackageModel();

  /// Describes the program for a device; nothing of it is loaded. `package`
  /// outlives this.
  msc_status describe(const Package &package, const package::Target &target,
                      Error &error);

  /// Makes the described program one that can be run: loads its code, once the
  /// hash is right and this machine can execute it. A list of steps needs the
  /// driver of its device, null if there is none, and is the only one in the
  /// process: the entry of a descriptor does not tell whose it is.
  msc_status load(const msc_device_driver *driver, Error &error);

  /// Until load(), calls of its functions fail.
  const msc_model_desc &descriptor() const { return desc; }

private:
  msc_status loadSteps(const msc_device_driver *driver, Error &error);
  msc_status describeTensors(
      const flatbuffers::Vector<flatbuffers::Offset<package::Tensor>> &tensors,
      Array<msc_tensor_desc> &descs);

  const Package *package = nullptr;
  const package::Target *target = nullptr;
  msc_model_desc desc = {};
  Array<msc_dim_desc> dims; // of all tensors
  Array<msc_tensor_desc> inputs, outputs;
  Array<msc_dim_range> ranges;
  Array<msc_region_desc> regions;
  Array<int32_t> donors;
  CodeObject code;
  StepsProgram steps;
};

} // namespace msc::rt

#endif
