// Zip archives, the container of .npz.
#ifndef MSC_RUNTIME_IO_ZIP_H
#define MSC_RUNTIME_IO_ZIP_H

#include "runtime/io/File.h"

namespace msc::rt {

struct ZipEntry {
  const char *name; // in the archive; not terminated
  uint32_t nameSize;
  uint16_t method; // 0: stored, 8: deflated
  uint32_t crc;
  uint64_t compressed, uncompressed;
  uint64_t offset; // of the local header

  /// Whether it is the array `wanted` of an .npz.
  bool isArray(const char *wanted) const {
    size_t length = std::strlen(wanted);
    return nameSize == length + 4 && std::memcmp(name, wanted, length) == 0 &&
           std::memcmp(name + length, ".npy", 4) == 0;
  }
  /// The part of the name that an array is called by.
  size_t arrayNameSize() const {
    bool hasSuffix =
        nameSize > 4 && std::memcmp(name + nameSize - 4, ".npy", 4) == 0;
    return hasSuffix ? nameSize - 4 : nameSize;
  }
};

/// Lists an archive by its central directory (zip64 included).
msc_status listZip(Bytes archive, Array<ZipEntry> &entries, Error &error);

/// Extracts one entry of at most `limit` bytes and checks its CRC.
msc_status extractZip(Bytes archive, const ZipEntry &entry, uint64_t limit,
                      Block &content, Error &error);

/// Writes an archive of stored entries, one after the other.
class ZipWriter {
public:
  explicit ZipWriter(FILE *out) : out(out) {}

  /// Content comes in two pieces, a header and data. Archives end at 4 GiB.
  msc_status add(const char *name, Bytes header, Bytes data, Error &error);
  /// Writes the directory. Errors of writing are left to the stream.
  void finish();

private:
  struct Entry {
    const char *name;
    uint32_t crc, size, offset;
  };

  FILE *out;
  uint64_t offset = 0;
  Array<Entry> entries;
};

/// CRC-32 as in zip and PNG, continued from `crc` (0 at first).
uint32_t crc32(uint32_t crc, Bytes bytes);

} // namespace msc::rt

#endif
