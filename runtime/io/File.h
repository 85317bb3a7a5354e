// Whole files in, whole files out.
#ifndef MSC_RUNTIME_IO_FILE_H
#define MSC_RUNTIME_IO_FILE_H

#include "runtime/core/Error.h"
#include "runtime/core/Memory.h"

#include <cstdio>

namespace msc::rt {

/// Bytes that someone else owns.
struct Bytes {
  const uint8_t *data = nullptr;
  uint64_t size = 0;
};

/// Reads a regular file of at most `limit` bytes. What is asked of memory is
/// bounded by the file's real size.
msc_status readFile(const char *path, uint64_t limit, Block &content,
                    Error &error);

/// A file that appears under its name only when it is complete: it is written
/// beside it as "<name>.tmp-<pid>" and renamed. Unpublished ones vanish.
class PendingFile {
public:
  PendingFile() = default;
  PendingFile(const PendingFile &) = delete;
  PendingFile &operator=(const PendingFile &) = delete;
  ~PendingFile();

  msc_status create(const char *path, Error &error);
  FILE *stream() const { return file; }
  /// Writes out what is buffered; reports any earlier failure to write.
  msc_status finish(Error &error);
  /// After finish.
  msc_status publish(Error &error);

private:
  FILE *file = nullptr;
  char *path = nullptr;
  char *temporary = nullptr;
};

} // namespace msc::rt

#endif
