#include "runtime/package/Package.h"

#include "runtime/package/Hash.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace msc::rt {

Package::~Package() {
  if (isMapped)
    munmap(const_cast<uint8_t *>(content.data), content.size);
}

/// Maps a regular file to be read.
static msc_status mapFile(const char *path, Bytes &mapped, Error &error) {
  auto fail = [&](const char *what) {
    return error.fail(MSC_IO_ERROR, "%s: %s", what, std::strerror(errno));
  };
  int file = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return fail("cannot be opened");
  struct stat status;
  void *memory = MAP_FAILED;
  msc_status result = MSC_OK;
  if (fstat(file, &status) != 0)
    result = fail("cannot be opened");
  else if (!S_ISREG(status.st_mode))
    result = error.fail(MSC_IO_ERROR, "is no regular file");
  else if (status.st_size == 0)
    result = error.fail(MSC_INVALID_ARGUMENT, "the file is no package of msc");
  else {
    memory = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ,
                  MAP_PRIVATE, file, 0);
    if (memory == MAP_FAILED)
      result = fail("cannot be mapped");
    else
      mapped = {static_cast<const uint8_t *>(memory),
                static_cast<uint64_t>(status.st_size)};
  }
  close(file);
  return result;
}

msc_status Package::open(const char *path, Error &error) {
  Bytes mapped;
  if (msc_status status = mapFile(path, mapped, error))
    return status;
  isMapped = true;
  return adopt(mapped, error);
}

msc_status Package::adopt(Bytes bytes, Error &error) {
  content = bytes;
  uint64_t size;
  if (msc_status status = findDescription(content, content.size, size, error))
    return status;
  if (!copied.allocate(size))
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  std::memcpy(copied.data(), content.data, size);
  return verifyDescription({copied.begin(), size}, content.size, verified,
                           error);
}

msc_status Package::checkHash(const package::Section &section, const char *what,
                              Error &error) const {
  Bytes bytes = this->section(section);
  if (hashBytes(bytes.data, bytes.size) == section.hash())
    return MSC_OK;
  return error.fail(MSC_INVALID_ARGUMENT,
                    "the package is damaged: %s do not have the hash that was "
                    "written",
                    what);
}

msc_status Package::findTarget(const char *device,
                               const package::Target *&target,
                               Error &error) const {
  const auto &targets = *verified->targets();
  target = targets.Get(0);
  if (!device)
    return MSC_OK;
  char names[256];
  TextBuffer text(names, sizeof names);
  for (uint32_t i = 0; i < targets.size(); ++i) {
    target = targets.Get(i);
    if (std::strcmp(target->name()->c_str(), device) == 0)
      return MSC_OK;
    text.add("%s%s", i ? ", " : "", target->name()->c_str());
  }
  return error.fail(MSC_INVALID_ARGUMENT,
                    "the package has no program for the device '%.64s'; it has "
                    "%s",
                    device, names);
}

} // namespace msc::rt
