// The CPU as a device: code objects are ELF shared objects.
#include "runtime/device/cpu/CpuThreads.h"
#include "runtime/device/host/HostDevice.h"
#include "runtime/include/msc/cpu_kernel.h"

#include <cerrno>
#include <cstdio>
#include <dlfcn.h>
#include <elf.h>
#include <unistd.h>

using namespace msc::rt;

namespace {

struct Module;

struct Kernel {
  Kernel *next;
  Module *module;
  msc_cpu_kernel function;
};

struct Module {
  void *library;
  /// Of the copy of the runtime that is linked into the code object, if one is.
  decltype(&msc_rt_enter) enter;
  Kernel *kernels; // freed with the module
};

msc_status count(uint32_t *count, msc_driver_error *) {
  *count = 1;
  return MSC_OK;
}

msc_status query(uint32_t, msc_device_info *info, msc_driver_error *) {
  info->kind = MSC_DEVICE_CPU;
  info->capabilities = MSC_DEVICE_GRID;
  info->memory_bytes = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                       static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  info->alignment = 64;
  info->max_queues = MSC_DEVICE_MAX_QUEUES;
  for (uint32_t &most : info->max_grid)
    most = INT32_MAX;
  std::snprintf(info->name, sizeof info->name, "host CPU");
#if defined(__x86_64__)
  std::snprintf(info->code_format, sizeof info->code_format, "elf-x86_64");
#else
  std::snprintf(info->code_format, sizeof info->code_format, "elf-aarch64");
#endif
  return MSC_OK;
}

/// All points of a dispatch, in row-major order.
msc_status runPoints(const msc_command &dispatch, msc_cpu_kernel function,
                     msc_driver_error &error) {
  void *buffers[MSC_DEVICE_MAX_BUFFERS];
  for (uint32_t i = 0; i < dispatch.num_buffers; ++i)
    buffers[i] = bytesOf(dispatch.buffers[i]);
  uint32_t point[3];
  for (point[2] = 0; point[2] < dispatch.grid[2]; ++point[2])
    for (point[1] = 0; point[1] < dispatch.grid[1]; ++point[1])
      for (point[0] = 0; point[0] < dispatch.grid[0]; ++point[0])
        if (int32_t code = function(buffers, dispatch.scalars, point))
          return fail(error, MSC_INTERNAL,
                      "the kernel failed with %d at point (%u, %u, %u)", code,
                      point[0], point[1], point[2]);
  return MSC_OK;
}

msc_status run(void *state, const msc_command &dispatch,
               msc_driver_error &error) {
  auto *threads = static_cast<CpuThreads *>(state);
  const Kernel &kernel = *static_cast<Kernel *>(dispatch.object);
  // The kernel's calls may be bound to this copy of the runtime or to its own.
  msc_rt_services *before = msc_rt_enter(threads);
  if (kernel.module->enter)
    kernel.module->enter(threads);
  msc_status status = runPoints(dispatch, kernel.function, error);
  if (kernel.module->enter)
    kernel.module->enter(nullptr);
  msc_rt_enter(before);
  return status;
}

msc_status open(uint32_t, void **device, msc_driver_error *error) {
  CpuThreads *threads = create<CpuThreads>();
  if (!threads)
    return fail(*error, MSC_OUT_OF_MEMORY, "no memory for threads");
  msc_status status = openHostDevice(run, threads, device, *error);
  if (status)
    destroy(threads);
  return status;
}

void close(void *device) {
  auto *threads =
      static_cast<CpuThreads *>(static_cast<HostDevice *>(device)->state);
  closeHostDevice(device);
  destroy(threads);
}

/// What the dynamic linker does not check, and crashes on.
msc_status checkElf(const void *code, uint64_t bytes, msc_driver_error &error) {
  Elf64_Ehdr header;
  if (bytes < sizeof header)
    return fail(error, MSC_INVALID_ARGUMENT, "the code object is truncated");
  std::memcpy(&header, code, sizeof header);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_type != ET_DYN)
    return fail(error, MSC_INVALID_ARGUMENT,
                "the code object is no ELF shared object");
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phoff > bytes ||
      header.e_phnum * sizeof(Elf64_Phdr) > bytes - header.e_phoff)
    return fail(error, MSC_INVALID_ARGUMENT,
                "the code object's program headers are out of the file");
  // Not needed to run it, but the last thing in a file that is whole.
  if (header.e_shnum &&
      (header.e_shoff > bytes ||
       uint64_t(header.e_shnum) * header.e_shentsize > bytes - header.e_shoff))
    return fail(error, MSC_INVALID_ARGUMENT,
                "the code object's sections are out of the file");
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment,
                static_cast<const char *>(code) + header.e_phoff +
                    i * sizeof segment,
                sizeof segment);
    if (segment.p_offset > bytes || segment.p_filesz > bytes - segment.p_offset)
      return fail(error, MSC_INVALID_ARGUMENT,
                  "a segment of the code object is out of the file");
  }
  return MSC_OK;
}

/// Writes the code object to a file in memory and gives its descriptor.
msc_status makeFile(const void *code, uint64_t bytes, int &file,
                    msc_driver_error &error) {
  file = memfd_create("msc-code-object", MFD_CLOEXEC);
  if (file < 0)
    return fail(error, MSC_IO_ERROR, "no file for the code object: %s",
                std::strerror(errno));
  const char *next = static_cast<const char *>(code);
  while (bytes) {
    ssize_t written = write(file, next, bytes);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0) {
      int cause = errno;
      ::close(file);
      return fail(error, MSC_IO_ERROR, "cannot write the code object: %s",
                  std::strerror(cause));
    }
    next += written;
    bytes -= static_cast<uint64_t>(written);
  }
  return MSC_OK;
}

msc_status load(void *, const void *code, uint64_t bytes, void **result,
                msc_driver_error *error) {
  if (msc_status status = checkElf(code, bytes, *error))
    return status;
  int file = -1;
  if (msc_status status = makeFile(code, bytes, file, *error))
    return status;
  char path[32];
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library)
    fail(*error, MSC_INVALID_ARGUMENT, "cannot load the code object: %s",
         dlerror());
  ::close(file);
  if (!library)
    return MSC_INVALID_ARGUMENT;
  auto *module = create<Module>();
  if (!module) {
    dlclose(library);
    return fail(*error, MSC_OUT_OF_MEMORY, "no memory for a module");
  }
  *module = {
      library,
      reinterpret_cast<decltype(&msc_rt_enter)>(dlsym(library, "msc_rt_enter")),
      nullptr};
  *result = module;
  return MSC_OK;
}

void unload(void *, void *object) {
  auto *module = static_cast<Module *>(object);
  while (Kernel *kernel = module->kernels) {
    module->kernels = kernel->next;
    destroy(kernel);
  }
  dlclose(module->library);
  destroy(module);
}

msc_status findKernel(void *object, const char *name, void **result,
                      msc_kernel_info *info, msc_driver_error *error) {
  auto *module = static_cast<Module *>(object);
  void *symbol = dlsym(module->library, name);
  if (!symbol)
    return fail(*error, MSC_INVALID_ARGUMENT,
                "the code object has no kernel '%.200s'", name);
  char label[256];
  if (std::snprintf(label, sizeof label, "msc_cpu_kernel_info_%s", name) <
      static_cast<int>(sizeof label))
    if (auto *known = static_cast<const msc_cpu_kernel_info *>(
            dlsym(module->library, label))) {
      info->num_buffers = static_cast<int32_t>(known->num_buffers);
      info->num_scalars = static_cast<int32_t>(known->num_scalars);
    }
  auto *kernel = create<Kernel>();
  if (!kernel)
    return fail(*error, MSC_OUT_OF_MEMORY, "no memory for a kernel");
  *kernel = {module->kernels, module, reinterpret_cast<msc_cpu_kernel>(symbol)};
  module->kernels = kernel;
  *result = kernel;
  return MSC_OK;
}

} // namespace

extern "C" MSC_API const msc_device_driver *msc_cpu_driver(void) {
  static constexpr msc_device_driver driver = makeHostDriver(
      {"cpu", count, query, open, close, nullptr, load, unload, findKernel});
  return &driver;
}
