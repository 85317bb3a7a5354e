#include "runtime/io/File.h"

#include <cerrno>
#include <cinttypes>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace msc::rt {

static msc_status readWhole(int descriptor, uint64_t limit, Block &content,
                            Error &error) {
  struct stat info;
  if (fstat(descriptor, &info) != 0)
    return error.fail(MSC_IO_ERROR, "%s", std::strerror(errno));
  if (!S_ISREG(info.st_mode))
    return error.fail(MSC_INVALID_ARGUMENT, "not a regular file");
  auto size = static_cast<uint64_t>(info.st_size);
  if (size > limit)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "%" PRIu64 " bytes are more than the %" PRIu64
                      " that this model's tensors can take",
                      size, limit);
  if (!content.allocate(size))
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  for (uint64_t done = 0; done < size;) {
    ssize_t got = read(descriptor, content.begin() + done, size - done);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return error.fail(MSC_IO_ERROR, "%s", std::strerror(errno));
    if (got == 0)
      return error.fail(MSC_INVALID_ARGUMENT, "shrank while it was read");
    done += static_cast<uint64_t>(got);
  }
  return MSC_OK;
}

msc_status readFile(const char *path, uint64_t limit, Block &content,
                    Error &error) {
  // Opening a FIFO would block; it is refused below.
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return error.fail(MSC_IO_ERROR, "%s", std::strerror(errno));
  msc_status status = readWhole(descriptor, limit, content, error);
  close(descriptor);
  return status;
}

PendingFile::~PendingFile() {
  if (file)
    std::fclose(file);
  if (temporary)
    unlink(temporary);
  std::free(temporary);
  std::free(path);
}

msc_status PendingFile::create(const char *wanted, Error &error) {
  struct stat info;
  if (lstat(wanted, &info) == 0 && !S_ISREG(info.st_mode) &&
      !S_ISLNK(info.st_mode))
    return error.fail(MSC_IO_ERROR, "%s: exists and is not a regular file",
                      wanted);
  size_t size = std::strlen(wanted) + 32;
  path = strdup(wanted);
  auto *name = static_cast<char *>(std::malloc(size));
  if (!path || !name) {
    std::free(name);
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  }
  // A file of that name is a leftover, or another thread's: try the next.
  for (unsigned attempt = 0; attempt < 100; ++attempt) {
    std::snprintf(name, size, "%s.tmp-%d-%u", wanted, getpid(), attempt);
    int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST)
      continue;
    if (descriptor >= 0) {
      temporary = name;
      file = fdopen(descriptor, "w");
      if (file)
        return MSC_OK;
      close(descriptor);
      return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
    }
    break;
  }
  msc_status status = error.fail(MSC_IO_ERROR, "%s: cannot be written: %s",
                                 wanted, std::strerror(errno));
  std::free(name);
  return status;
}

msc_status PendingFile::finish(Error &error) {
  bool failed = std::ferror(file) != 0;
  failed |= std::fclose(file) != 0;
  file = nullptr;
  if (failed)
    return error.fail(MSC_IO_ERROR, "%s: cannot be written: %s", path,
                      std::strerror(errno));
  return MSC_OK;
}

msc_status PendingFile::publish(Error &error) {
  if (rename(temporary, path) != 0)
    return error.fail(MSC_IO_ERROR, "%s: cannot be written: %s", path,
                      std::strerror(errno));
  std::free(temporary);
  temporary = nullptr;
  return MSC_OK;
}

} // namespace msc::rt
