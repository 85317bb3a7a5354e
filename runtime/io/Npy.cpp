// Format: numpy/lib/format.py, "Format specification".
#include "runtime/io/Npy.h"

#include <cinttypes>

namespace msc::rt {
namespace {

constexpr char kMagic[] = "\x93NUMPY";
constexpr uint64_t kMagicSize = 6;

struct Header {
  char descr[16] = "";
  bool fortran = false;
  uint32_t rank = 0;
  int64_t dims[MSC_MAX_RANK] = {};
};

/// Parses the header's text: a Python dict of three known keys.
class HeaderParser {
public:
  HeaderParser(Bytes text, Header &header)
      : at(reinterpret_cast<const char *>(text.data)), end(at + text.size),
        header(header) {}

  bool parse() {
    unsigned seen = 0;
    if (!take('{'))
      return false;
    while (!take('}')) {
      char key[16];
      if (!string(key, sizeof key) || !take(':'))
        return false;
      unsigned bit = std::strcmp(key, "descr") == 0           ? 1
                     : std::strcmp(key, "fortran_order") == 0 ? 2
                     : std::strcmp(key, "shape") == 0         ? 4
                                                              : 0;
      bool ok = bit == 1   ? string(header.descr, sizeof header.descr)
                : bit == 2 ? boolean(header.fortran)
                : bit == 4 ? shape()
                           : false;
      if (!ok || (seen & bit))
        return false;
      seen |= bit;
      if (!take(',')) {
        if (!take('}'))
          return false;
        break;
      }
    }
    skipSpace();
    return seen == 7 && at == end;
  }

private:
  void skipSpace() {
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t'))
      ++at;
  }
  bool take(char c) {
    skipSpace();
    if (at == end || *at != c)
      return false;
    ++at;
    return true;
  }
  bool string(char *text, size_t size) {
    skipSpace();
    if (at == end || (*at != '\'' && *at != '"'))
      return false;
    char quote = *at++;
    size_t length = 0;
    for (; at < end && *at != quote; ++at) {
      if (length + 1 == size || *at == '\\')
        return false;
      text[length++] = *at;
    }
    text[length] = 0;
    return take(quote);
  }
  bool word(const char *text) {
    size_t length = std::strlen(text);
    if (static_cast<size_t>(end - at) < length ||
        std::memcmp(at, text, length) != 0)
      return false;
    at += length;
    return true;
  }
  bool boolean(bool &value) {
    skipSpace();
    value = word("True");
    return value || word("False");
  }
  bool shape() {
    if (!take('('))
      return false;
    while (!take(')')) {
      skipSpace();
      if (header.rank == MSC_MAX_RANK || at == end || *at < '0' || *at > '9')
        return false;
      int64_t extent = 0;
      for (; at < end && *at >= '0' && *at <= '9'; ++at)
        if (__builtin_mul_overflow(extent, 10, &extent) ||
            __builtin_add_overflow(extent, *at - '0', &extent))
          return false;
      if (at < end && *at == 'L') // Python 2
        ++at;
      header.dims[header.rank++] = extent;
      if (!take(','))
        return take(')');
    }
    return true;
  }

  const char *at;
  const char *end;
  Header &header;
};

struct Descr {
  const char *text; // without the byte order
  uint32_t dtype;
};

constexpr Descr kDescrs[] = {
    {"f4", MSC_F32},  {"f8", MSC_F64},      {"f2", MSC_F16},
    {"V2", MSC_BF16}, {"i1", MSC_I8},       {"i2", MSC_I16},
    {"i4", MSC_I32},  {"i8", MSC_I64},      {"u1", MSC_U8},
    {"u2", MSC_U16},  {"u4", MSC_U32},      {"u8", MSC_U64},
    {"b1", MSC_BOOL}, {"V1", MSC_F8E4M3FN}, {"V1", MSC_F8E5M2},
    {"i1", MSC_I4},   {"u1", MSC_U4},
};

/// The dtype that `descr` says, where it says several the wanted one; 0: none.
uint32_t dtypeOf(const char *descr, uint32_t wanted) {
  uint32_t found = 0;
  for (const Descr &entry : kDescrs)
    if (std::strcmp(entry.text, descr) == 0 &&
        (found == 0 || entry.dtype == wanted))
      found = entry.dtype;
  return found;
}

msc_status parseHeader(Bytes file, Header &header, Bytes &data, Error &error) {
  if (file.size < kMagicSize + 2 ||
      std::memcmp(file.data, kMagic, kMagicSize) != 0)
    return error.fail(MSC_INVALID_ARGUMENT, "not a .npy array");
  unsigned version = file.data[kMagicSize];
  if (version < 1 || version > 3)
    return error.fail(MSC_INVALID_ARGUMENT,
                      ".npy version %u is not supported, only 1 to 3", version);
  uint64_t fieldSize = version == 1 ? 2 : 4;
  uint64_t start = kMagicSize + 2 + fieldSize;
  if (file.size < start)
    return error.fail(MSC_INVALID_ARGUMENT, "truncated .npy header");
  uint64_t length = 0;
  for (uint64_t i = 0; i < fieldSize; ++i)
    length |= uint64_t(file.data[kMagicSize + 2 + i]) << (8 * i);
  if (length > file.size - start)
    return error.fail(MSC_INVALID_ARGUMENT, "truncated .npy header");
  if (length > kMaxNpyHeader - 16 ||
      !HeaderParser({file.data + start, length}, header).parse())
    return error.fail(MSC_INVALID_ARGUMENT,
                      "invalid .npy header, or an array of records or of more "
                      "than %d dims",
                      MSC_MAX_RANK);
  data = {file.data + start + length, file.size - start - length};
  return MSC_OK;
}

/// Copies column-major elements to row-major order.
void transpose(const Header &header, size_t elementSize, const uint8_t *from,
               uint8_t *to, int64_t elements) {
  int64_t strides[MSC_MAX_RANK], index[MSC_MAX_RANK] = {};
  int64_t stride = 1;
  for (uint32_t axis = 0; axis < header.rank; ++axis) {
    strides[axis] = stride;
    stride *= header.dims[axis];
  }
  int64_t source = 0;
  for (int64_t i = 0; i < elements; ++i) {
    std::memcpy(to + i * elementSize, from + source * elementSize, elementSize);
    for (uint32_t axis = header.rank; axis-- > 0;) {
      source += strides[axis];
      if (++index[axis] < header.dims[axis])
        break;
      source -= strides[axis] * header.dims[axis];
      index[axis] = 0;
    }
  }
}

/// Packs bytes into 4-bit values, low bits first.
msc_status packNibbles(const uint8_t *from, HostTensor &tensor,
                       int64_t elements, Error &error) {
  uint8_t *to = tensor.data.begin();
  std::memset(to, 0, tensor.data.size());
  for (int64_t i = 0; i < elements; ++i) {
    int value = tensor.dtype == MSC_I4 ? static_cast<int8_t>(from[i]) : from[i];
    int lowest = tensor.dtype == MSC_I4 ? -8 : 0;
    if (value < lowest || value > lowest + 15)
      return error.fail(MSC_INVALID_ARGUMENT,
                        "element %" PRId64 " is %d, which is no %s", i, value,
                        nameOf(tensor.dtype));
    to[i / 2] |= (value & 15) << (i % 2 * 4);
  }
  return MSC_OK;
}

} // namespace

msc_status readNpy(Bytes file, const Expected &expected, HostTensor &tensor,
                   Error &error) {
  Header header;
  Bytes data;
  if (msc_status status = parseHeader(file, header, data, error))
    return status;
  char order = header.descr[0];
  const char *type = header.descr;
  if (order == '<' || order == '|' || order == '=' || order == '>')
    ++type;
  if (order == '>' && std::strcmp(type + 1, "1") != 0)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "big-endian arrays ('%s') are not supported; convert "
                      "with x.astype(x.dtype.newbyteorder('<'))",
                      header.descr);
  tensor.dtype = dtypeOf(type, expected.tensor.dtype);
  if (!tensor.dtype)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "elements of type '%s' are not supported", header.descr);
  tensor.rank = header.rank;
  std::memcpy(tensor.dims, header.dims, sizeof header.dims);
  if (msc_status status =
          expected.check(tensor.dtype, tensor.rank, tensor.dims, error)) {
    return status;
  }

  bool packed = bitsOf(tensor.dtype) < 8;
  int64_t elements = 0;
  uint64_t bytes = 0;
  if (!countElements(tensor.dims, tensor.rank, elements) ||
      !countBytes(packed ? MSC_U8 : tensor.dtype, elements, bytes) ||
      data.size != bytes)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "%s: the header's shape asks for other data than the "
                      "%" PRIu64 " bytes there are",
                      data.size < bytes ? "truncated" : "damaged", data.size);
  if (msc_status status = allocateTensor(tensor, error))
    return status;
  Block rowMajor;
  const uint8_t *from = data.data;
  uint64_t elementSize = packed ? 1 : bitsOf(tensor.dtype) / 8;
  if (header.fortran && header.rank > 1 && elements) {
    if (!rowMajor.allocate(bytes))
      return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
    transpose(header, elementSize, from, rowMajor.begin(), elements);
    from = rowMajor.begin();
  }
  if (packed)
    return packNibbles(from, tensor, elements, error);
  std::memcpy(tensor.data.data(), from, bytes);
  return checkValues(tensor, error);
}

const ZipEntry *findArray(const Array<ZipEntry> &entries, const char *name) {
  size_t length = std::strlen(name);
  for (const ZipEntry &entry : entries)
    if (entry.nameSize == length + 4 &&
        std::memcmp(entry.name, name, length) == 0 &&
        std::memcmp(entry.name + length, ".npy", 4) == 0)
      return &entry;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// Fills `text` with magic, version and dict, padded to 64 bytes as NumPy does
/// so that mapped data is aligned. Returns the size.
static size_t makeHeader(const TensorView &tensor, char (&text)[1024]) {
  const char *type = "V1";
  for (const Descr &entry : kDescrs)
    if (entry.dtype == tensor.dtype)
      type = entry.text;
  constexpr size_t kPrefix = kMagicSize + 4;
  TextBuffer dict(text + kPrefix, sizeof text - kPrefix);
  dict.add("{'descr': '%c%s', 'fortran_order': False, 'shape': (",
           type[1] == '1' ? '|' : '<', type);
  for (uint32_t axis = 0; axis < tensor.rank; ++axis)
    dict.add(axis + 1 < tensor.rank ? "%" PRId64 ", " : "%" PRId64 ",",
             tensor.dims[axis]);
  dict.add("), }");
  size_t used = kPrefix + std::strlen(text + kPrefix);
  size_t size = (used + 1 + 63) / 64 * 64;
  std::memset(text + used, ' ', size - used - 1);
  text[size - 1] = '\n';
  std::memcpy(text, kMagic, kMagicSize);
  text[6] = 1;
  text[7] = 0;
  text[8] = static_cast<char>((size - kPrefix) & 0xff);
  text[9] = static_cast<char>((size - kPrefix) >> 8);
  return size;
}

/// The bytes that follow the header: the tensor's own but for 4-bit values,
/// which `unpacked` then holds.
static msc_status dataOf(const TensorView &tensor, Block &unpacked, Bytes &data,
                         Error &error) {
  int64_t elements;
  uint64_t bytes;
  if (!countElements(tensor.dims, tensor.rank, elements) ||
      !countBytes(tensor.dtype, elements, bytes))
    return error.fail(MSC_INTERNAL, "the size overflows");
  data = {static_cast<const uint8_t *>(tensor.data), bytes};
  if (bitsOf(tensor.dtype) >= 8)
    return MSC_OK;
  if (!unpacked.allocate(static_cast<uint64_t>(elements)))
    return error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  for (int64_t i = 0; i < elements; ++i)
    unpacked.begin()[i] = static_cast<uint8_t>(
        static_cast<int>(loadAsDouble(tensor.dtype, tensor.data, i)));
  data = {unpacked.begin(), unpacked.size()};
  return MSC_OK;
}

msc_status writeNpy(FILE *out, const TensorView &tensor, Error &error) {
  char header[1024];
  Block unpacked;
  Bytes data;
  size_t size = makeHeader(tensor, header);
  if (msc_status status = dataOf(tensor, unpacked, data, error))
    return status;
  std::fwrite(header, 1, size, out);
  std::fwrite(data.data, 1, data.size, out);
  return MSC_OK;
}

msc_status addToNpz(ZipWriter &writer, const TensorView &tensor, Error &error) {
  char header[1024];
  Block unpacked;
  Bytes data;
  size_t size = makeHeader(tensor, header);
  if (msc_status status = dataOf(tensor, unpacked, data, error))
    return status;
  return writer.add(tensor.name,
                    {reinterpret_cast<const uint8_t *>(header), size}, data,
                    error);
}

} // namespace msc::rt
