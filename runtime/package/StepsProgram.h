// A plan of steps, run on a device and its host.
#ifndef MSC_RUNTIME_PACKAGE_STEPSPROGRAM_H
#define MSC_RUNTIME_PACKAGE_STEPSPROGRAM_H

#include "runtime/include/msc/cpu_kernel.h"
#include "runtime/include/msc/device.h"
#include "runtime/package/CodeObject.h"
#include "runtime/package/Package.h"

namespace msc::rt {

class StepsProgram {
public:
  StepsProgram() = default;
  StepsProgram(const StepsProgram &) = delete;
  StepsProgram &operator=(const StepsProgram &) = delete;
  ~StepsProgram();

  /// Opens the device, loads all code and runs the plan's setup. `package`,
  /// which is verified, outlives this.
  msc_status load(const Package &package, const package::Target &target,
                  const msc_device_driver &driver, Error &error);

  /// Runs the plan once. The buffers are those of the signature. For one thread
  /// at a time.
  msc_status run(const void *const *inputs, void *const *outputs);

  /// Why run() failed.
  const char *why() const { return error.text(); }

private:
  using Steps = flatbuffers::Vector<flatbuffers::Offset<package::Step>>;

  msc_status openDevice(const msc_device_driver &driver);
  msc_status allocate(uint64_t bytes, msc_buffer &buffer);
  msc_status loadCode(const package::CodeObject &code, Library &library);
  msc_status loadHostCode(const package::CodeObject &code, Library &library);
  msc_status loadDeviceCode(const package::CodeObject &code);

  msc_status runSteps(const Steps *steps);
  msc_status dispatch(const package::Dispatch &dispatch);
  msc_status dispatchOnHost(const package::Dispatch &dispatch,
                            const int64_t *scalars, const uint32_t *grid);
  msc_status dispatchOnDevice(const package::Dispatch &dispatch,
                              const int64_t *scalars, const uint32_t *grid);
  msc_status copy(const package::Copy &copy);
  msc_status wait(const package::Wait &wait);
  /// Waits for all queues; the first failure.
  msc_status finish();

  uint8_t *hostBytes(const package::Buffer &buffer) const;
  msc_range deviceRange(const package::Buffer &buffer) const;
  uint32_t kernelNumber(const package::Dispatch &dispatch) const;
  /// Takes over the device's text.
  msc_status check(msc_status status);

  const Package *package = nullptr;
  const package::Target *target = nullptr;
  const package::StepsPlan *plan = nullptr;
  msc_device *device = nullptr;
  Array<msc_queue> queues;
  Array<msc_event> events; // of what each queue is waited for
  msc_buffer arena = {}, weights = {};
  Block hostArena;
  List<Library> libraries; // one a code object; the device's own are empty
  // By code object, then kernel: the one or the other.
  Array<uint32_t> firstKernel;
  Array<msc_kernel> deviceKernels;
  Array<msc_cpu_kernel> hostKernels;
  const void *const *inputs = nullptr;
  void *const *outputs = nullptr;
  Error error;
};

} // namespace msc::rt

#endif
