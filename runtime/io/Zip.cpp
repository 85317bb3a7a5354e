// Layouts from PKWARE's APPNOTE.TXT 6.3.
#include "runtime/io/Zip.h"

#include "runtime/io/Inflate.h"

#include <cinttypes>

namespace msc::rt {
namespace {

constexpr uint32_t kLocalHeader = 0x04034b50;
constexpr uint32_t kCentralHeader = 0x02014b50;
constexpr uint32_t kEnd = 0x06054b50;
constexpr uint32_t kEnd64 = 0x06064b50;
constexpr uint32_t kEnd64Locator = 0x07064b50;
constexpr uint64_t kLocalSize = 30, kCentralSize = 46, kEndSize = 22;
constexpr uint64_t kEnd64Size = 56, kLocatorSize = 20;
// The densest deflate code: 258 bytes in 2 bits.
constexpr uint64_t kMaxRatio = 1032;

uint64_t littleEndian(const uint8_t *bytes, int count) {
  uint64_t value = 0;
  for (int i = 0; i < count; ++i)
    value |= uint64_t(bytes[i]) << (8 * i);
  return value;
}

/// True if [offset, offset + size) lies in the archive.
bool inside(Bytes archive, uint64_t offset, uint64_t size) {
  return offset <= archive.size && size <= archive.size - offset;
}

struct Directory {
  uint64_t entries, size, offset;
};

/// Looks for the end record from the end of the file back: a comment of up to
/// 65535 bytes may follow it, which may look like a record itself.
bool findDirectory(Bytes archive, Directory &directory) {
  if (archive.size < kEndSize)
    return false;
  uint64_t lowest =
      archive.size > kEndSize + 65535 ? archive.size - kEndSize - 65535 : 0;
  for (uint64_t at = archive.size - kEndSize;; --at) {
    const uint8_t *record = archive.data + at;
    if (littleEndian(record, 4) == kEnd &&
        littleEndian(record + 20, 2) == archive.size - at - kEndSize) {
      directory = {littleEndian(record + 10, 2), littleEndian(record + 12, 4),
                   littleEndian(record + 16, 4)};
      bool large = directory.entries == 0xffff ||
                   directory.size == 0xffffffff ||
                   directory.offset == 0xffffffff;
      if (!large || at < kLocatorSize ||
          littleEndian(record - kLocatorSize, 4) != kEnd64Locator)
        return true;
      uint64_t end = littleEndian(record - kLocatorSize + 8, 8);
      if (!inside(archive, end, kEnd64Size) ||
          littleEndian(archive.data + end, 4) != kEnd64)
        return false;
      record = archive.data + end;
      directory = {littleEndian(record + 32, 8), littleEndian(record + 40, 8),
                   littleEndian(record + 48, 8)};
      return true;
    }
    if (at == lowest)
      return false;
  }
}

/// Replaces the fields that are all ones by those of the zip64 extra field.
bool readZip64(const uint8_t *extra, uint64_t size, ZipEntry &entry) {
  uint64_t *fields[] = {&entry.uncompressed, &entry.compressed, &entry.offset};
  bool wanted = false;
  for (uint64_t *field : fields)
    wanted |= *field == 0xffffffff;
  if (!wanted)
    return true;
  while (size >= 4) {
    uint64_t id = littleEndian(extra, 2), length = littleEndian(extra + 2, 2);
    extra += 4;
    size -= 4;
    if (length > size)
      return false;
    if (id == 1) {
      for (uint64_t *field : fields) {
        if (*field != 0xffffffff)
          continue;
        if (length < 8)
          return false;
        *field = littleEndian(extra, 8);
        extra += 8;
        length -= 8;
      }
      return true;
    }
    extra += length;
    size -= length;
  }
  return false;
}

} // namespace

msc_status listZip(Bytes archive, Array<ZipEntry> &entries, Error &error) {
  Directory directory;
  if (!findDirectory(archive, directory) ||
      !inside(archive, directory.offset, directory.size) ||
      directory.entries > directory.size / kCentralSize)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "not a zip archive, or a truncated one");
  const uint8_t *at = archive.data + directory.offset;
  uint64_t left = directory.size;
  for (uint64_t i = 0; i < directory.entries; ++i) {
    if (left < kCentralSize || littleEndian(at, 4) != kCentralHeader)
      return error.fail(MSC_INVALID_ARGUMENT,
                        "damaged zip archive: bad directory");
    uint64_t nameSize = littleEndian(at + 28, 2);
    uint64_t extraSize = littleEndian(at + 30, 2);
    uint64_t commentSize = littleEndian(at + 32, 2);
    uint64_t size = kCentralSize + nameSize + extraSize + commentSize;
    ZipEntry entry;
    entry.name = reinterpret_cast<const char *>(at + kCentralSize);
    entry.nameSize = static_cast<uint32_t>(nameSize);
    entry.method = static_cast<uint16_t>(littleEndian(at + 10, 2));
    entry.crc = static_cast<uint32_t>(littleEndian(at + 16, 4));
    entry.compressed = littleEndian(at + 20, 4);
    entry.uncompressed = littleEndian(at + 24, 4);
    entry.offset = littleEndian(at + 42, 4);
    if (size > left ||
        !readZip64(at + kCentralSize + nameSize, extraSize, entry))
      return error.fail(MSC_INVALID_ARGUMENT,
                        "damaged zip archive: bad directory");
    if (littleEndian(at + 8, 2) & 1)
      return error.fail(MSC_INVALID_ARGUMENT, "the zip archive is encrypted");
    if (!entries.push(entry))
      return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
    at += size;
    left -= size;
  }
  return MSC_OK;
}

msc_status extractZip(Bytes archive, const ZipEntry &entry, uint64_t limit,
                      Block &content, Error &error) {
  auto damaged = [&](const char *what) {
    return error.fail(MSC_INVALID_ARGUMENT, "damaged zip archive: %s", what);
  };
  if (!inside(archive, entry.offset, kLocalSize))
    return damaged("bad offset");
  const uint8_t *local = archive.data + entry.offset;
  if (littleEndian(local, 4) != kLocalHeader)
    return damaged("bad local header");
  // Sizes come from the directory: the local ones are 0 in streamed archives.
  uint64_t start = entry.offset + kLocalSize + littleEndian(local + 26, 2) +
                   littleEndian(local + 28, 2);
  if (!inside(archive, start, entry.compressed))
    return damaged("truncated entry");
  if (entry.uncompressed > limit)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "an array of %" PRIu64 " bytes; at most %" PRIu64
                      " fit the model",
                      entry.uncompressed, limit);
  if (entry.method != 0 && entry.method != 8)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "zip method %u is not supported, only stored and deflate",
                      entry.method);
  if (entry.method == 0 ? entry.compressed != entry.uncompressed
                        : entry.uncompressed / kMaxRatio > entry.compressed)
    return damaged("impossible size");
  if (!content.allocate(entry.uncompressed))
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  Bytes stream = {archive.data + start, entry.compressed};
  if (entry.method == 0)
    std::memcpy(content.data(), stream.data, stream.size);
  else if (!inflate(stream, content.begin(), content.size()))
    return damaged("bad compressed data");
  if (crc32(0, {content.begin(), content.size()}) != entry.crc)
    return damaged("wrong checksum");
  return MSC_OK;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

namespace {

void put(FILE *out, uint64_t value, int count) {
  for (int i = 0; i < count; ++i)
    std::fputc(static_cast<int>(value >> (8 * i) & 0xff), out);
}

/// The fields that local and central headers share. The date is fixed, so
/// that equal outputs are equal files: 1 January 1980.
void putCommon(FILE *out, uint32_t crc, uint32_t size, size_t nameSize) {
  put(out, 20, 2);      // version needed: 2.0
  put(out, 1 << 11, 2); // names are UTF-8
  put(out, 0, 2);       // stored
  put(out, 0, 2);
  put(out, 0x21, 2);
  put(out, crc, 4);
  put(out, size, 4);
  put(out, size, 4);
  put(out, nameSize, 2);
  put(out, 0, 2); // no extra field
}

} // namespace

msc_status ZipWriter::add(const char *name, Bytes header, Bytes data,
                          Error &error) {
  uint64_t size = header.size + data.size;
  size_t nameSize = std::strlen(name) + 4;
  if (offset + size > 0xf0000000)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "outputs of more than 3.75 GiB do not fit an .npz; write "
                      "one .npy for each");
  if (nameSize > 0xffff)
    return error.fail(MSC_INVALID_ARGUMENT, "a name is too long for an .npz");
  Entry entry = {name, crc32(crc32(0, header), data),
                 static_cast<uint32_t>(size), static_cast<uint32_t>(offset)};
  if (!entries.push(entry))
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  put(out, kLocalHeader, 4);
  putCommon(out, entry.crc, entry.size, nameSize);
  std::fprintf(out, "%s.npy", name);
  std::fwrite(header.data, 1, header.size, out);
  std::fwrite(data.data, 1, data.size, out);
  offset += kLocalSize + nameSize + size;
  return MSC_OK;
}

void ZipWriter::finish() {
  uint64_t size = 0;
  for (const Entry &entry : entries) {
    size_t nameSize = std::strlen(entry.name) + 4;
    put(out, kCentralHeader, 4);
    put(out, 20, 2); // made by: DOS attributes, 2.0
    putCommon(out, entry.crc, entry.size, nameSize);
    put(out, 0, 2); // comment
    put(out, 0, 2); // disk
    put(out, 0, 2); // internal attributes
    put(out, 0, 4); // external attributes
    put(out, entry.offset, 4);
    std::fprintf(out, "%s.npy", entry.name);
    size += kCentralSize + nameSize;
  }
  put(out, kEnd, 4);
  put(out, 0, 4); // disks
  put(out, entries.size(), 2);
  put(out, entries.size(), 2);
  put(out, size, 4);
  put(out, offset, 4);
  put(out, 0, 2); // comment
}

uint32_t crc32(uint32_t crc, Bytes bytes) {
  // Half-byte table of the reflected polynomial 0xedb88320: small and fast
  // enough for what passes a command line.
  static constexpr uint32_t kTable[16] = {
      0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
      0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
      0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  crc = ~crc;
  for (uint64_t i = 0; i < bytes.size; ++i) {
    crc ^= bytes.data[i];
    crc = crc >> 4 ^ kTable[crc & 15];
    crc = crc >> 4 ^ kTable[crc & 15];
  }
  return ~crc;
}

} // namespace msc::rt
