// Field numbers and element layouts: onnx/onnx.proto, message TensorProto.
#include "runtime/io/TensorProto.h"

#include <cinttypes>

namespace msc::rt {
namespace {

enum Field : uint32_t {
  kDims = 1,
  kDataType = 2,
  kSegment = 3,
  kFloatData = 4,
  kInt32Data = 5,
  kStringData = 6,
  kInt64Data = 7,
  kRawData = 9,
  kDoubleData = 10,
  kUint64Data = 11,
  kExternalData = 13,
  kDataLocation = 14,
};

enum Wire : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// Reads one field of a message after the other.
class Reader {
public:
  explicit Reader(Bytes message)
      : at(message.data), end(message.data + message.size) {}

  bool atEnd() const { return at == end; }

  bool varint(uint64_t &value) {
    value = 0;
    for (int shift = 0; shift < 70 && at < end; shift += 7) {
      uint8_t byte = *at++;
      value |= shift < 64 ? uint64_t(byte & 0x7f) << shift : 0;
      if (byte < 0x80)
        return true;
    }
    return false;
  }

  /// Next field: `payload` for kBytes and the fixed sizes, else `value`.
  bool field(uint32_t &number, uint32_t &wire, uint64_t &value,
             Bytes &payload) {
    uint64_t tag, length;
    if (!varint(tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff)
      return false;
    number = static_cast<uint32_t>(tag >> 3);
    wire = static_cast<uint32_t>(tag & 7);
    switch (wire) {
    case kVarint:
      return varint(value);
    case kFixed64:
      return take(8, payload);
    case kFixed32:
      return take(4, payload);
    case kBytes:
      return varint(length) && take(length, payload);
    }
    return false; // groups were never in ONNX
  }

private:
  bool take(uint64_t length, Bytes &payload) {
    if (length > static_cast<uint64_t>(end - at))
      return false;
    payload = {at, length};
    at += length;
    return true;
  }

  const uint8_t *at;
  const uint8_t *end;
};

struct Type {
  uint32_t onnx; // TensorProto.DataType
  uint32_t dtype;
  Field typed; // where values stand if not in raw_data
};

constexpr Type kTypes[] = {
    {1, MSC_F32, kFloatData},     {2, MSC_U8, kInt32Data},
    {3, MSC_I8, kInt32Data},      {4, MSC_U16, kInt32Data},
    {5, MSC_I16, kInt32Data},     {6, MSC_I32, kInt32Data},
    {7, MSC_I64, kInt64Data},     {9, MSC_BOOL, kInt32Data},
    {10, MSC_F16, kInt32Data},    {11, MSC_F64, kDoubleData},
    {12, MSC_U32, kUint64Data},   {13, MSC_U64, kUint64Data},
    {16, MSC_BF16, kInt32Data},   {17, MSC_F8E4M3FN, kInt32Data},
    {19, MSC_F8E5M2, kInt32Data}, {21, MSC_U4, kInt32Data},
    {22, MSC_I4, kInt32Data},
};

/// Copies elements out of a typed field, which may come packed, one by one or
/// in several pieces.
class TypedValues {
public:
  TypedValues(HostTensor &tensor, Field field) : tensor(tensor), field(field) {
    // Two 4-bit values share one entry, as they share a byte.
    size = bitsOf(tensor.dtype) < 8 ? 1 : bitsOf(tensor.dtype) / 8;
  }

  bool add(uint32_t wire, uint64_t value, Bytes payload) {
    bool fixed = field == kFloatData || field == kDoubleData;
    if (fixed) {
      // Packed and single values look alike: bytes of the right size.
      uint32_t single = field == kFloatData ? kFixed32 : kFixed64;
      return (wire == kBytes || wire == single) &&
             store(payload.data, payload.size);
    }
    if (wire == kVarint)
      return storeInteger(value);
    if (wire != kBytes)
      return false;
    for (Reader values(payload); !values.atEnd();)
      if (!values.varint(value) || !storeInteger(value))
        return false;
    return true;
  }

  bool isComplete() const { return stored == tensor.data.size(); }

private:
  bool storeInteger(uint64_t value) {
    // Little endian: the low bytes come first. Bits that do not fit would be
    // another value.
    if (size < 8) {
      auto asSigned = static_cast<int64_t>(value);
      int64_t bound = int64_t(1) << (8 * size);
      bool fits = isSigned(tensor.dtype) && bitsOf(tensor.dtype) >= 8
                      ? asSigned >= -bound / 2 && asSigned < bound / 2
                      : asSigned >= 0 && asSigned < bound;
      if (!fits)
        return false;
    }
    return store(reinterpret_cast<const uint8_t *>(&value), size);
  }

  bool store(const uint8_t *bytes, uint64_t count) {
    if (count > tensor.data.size() - stored)
      return false;
    if (count)
      std::memcpy(tensor.data.begin() + stored, bytes, count);
    stored += count;
    return true;
  }

  HostTensor &tensor;
  Field field;
  uint64_t size;
  uint64_t stored = 0;
};

/// What the first pass over a message finds.
struct Summary {
  int32_t type = 0;
  uint32_t rank = 0;
  int64_t dims[MSC_MAX_RANK] = {};
  Bytes raw;
  bool hasRaw = false;
  bool hasTyped = false;
  const char *unsupported = nullptr;
};

bool addDim(Summary &summary, uint64_t extent) {
  if (summary.rank == MSC_MAX_RANK || extent > INT64_MAX)
    return false;
  summary.dims[summary.rank++] = static_cast<int64_t>(extent);
  return true;
}

/// False if the message is malformed.
bool summarize(Bytes file, Summary &summary) {
  Reader reader(file);
  while (!reader.atEnd()) {
    uint32_t number, wire;
    uint64_t value = 0;
    Bytes payload;
    if (!reader.field(number, wire, value, payload))
      return false;
    switch (number) {
    case kDims:
      if (wire == kVarint) {
        if (!addDim(summary, value))
          return false;
      } else if (wire == kBytes) {
        for (Reader dims(payload); !dims.atEnd();)
          if (!dims.varint(value) || !addDim(summary, value))
            return false;
      } else {
        return false;
      }
      break;
    case kDataType:
      if (wire != kVarint || value > 1000)
        return false;
      summary.type = static_cast<int32_t>(value);
      break;
    case kRawData:
      if (wire != kBytes)
        return false;
      summary.raw = payload;
      summary.hasRaw = true;
      break;
    case kFloatData:
    case kInt32Data:
    case kInt64Data:
    case kDoubleData:
    case kUint64Data:
      summary.hasTyped |= wire != kBytes || payload.size;
      break;
    case kSegment:
      summary.unsupported = "segments";
      break;
    case kStringData:
      summary.unsupported = "strings";
      break;
    case kExternalData:
      summary.unsupported = "external data";
      break;
    case kDataLocation:
      if (wire != kVarint)
        return false;
      if (value != 0)
        summary.unsupported = "external data";
      break;
    default:
      break; // names, documentation, metadata
    }
  }
  return true;
}

msc_status readTyped(Bytes file, Field field, HostTensor &tensor,
                     Error &error) {
  TypedValues values(tensor, field);
  Reader reader(file);
  while (!reader.atEnd()) {
    uint32_t number, wire;
    uint64_t value = 0;
    Bytes payload;
    if (!reader.field(number, wire, value, payload))
      return error.fail(MSC_INVALID_ARGUMENT, "not an ONNX TensorProto");
    if (number == field && !values.add(wire, value, payload))
      return error.fail(MSC_INVALID_ARGUMENT,
                        "damaged TensorProto: more values than its dims say, "
                        "or values out of range");
  }
  if (!values.isComplete())
    return error.fail(MSC_INVALID_ARGUMENT,
                      "truncated TensorProto: fewer values than its dims say");
  return MSC_OK;
}

} // namespace

msc_status readTensorProto(Bytes file, const Expected &expected,
                           HostTensor &tensor, Error &error) {
  Summary summary;
  if (!summarize(file, summary))
    return error.fail(MSC_INVALID_ARGUMENT,
                      "not an ONNX TensorProto, or a truncated one");
  if (summary.unsupported)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "a TensorProto with %s is not supported",
                      summary.unsupported);
  const Type *type = nullptr;
  for (const Type &candidate : kTypes)
    if (static_cast<int32_t>(candidate.onnx) == summary.type)
      type = &candidate;
  if (!type)
    return error.fail(MSC_INVALID_ARGUMENT,
                      summary.type ? "TensorProto of unsupported data type %d"
                                   : "not an ONNX TensorProto (no data type)",
                      summary.type);
  tensor.dtype = type->dtype;
  tensor.rank = summary.rank;
  std::memcpy(tensor.dims, summary.dims, sizeof summary.dims);
  if (msc_status status =
          expected.check(tensor.dtype, tensor.rank, tensor.dims, error))
    return status;
  if (summary.hasRaw && summary.hasTyped)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "damaged TensorProto: raw and typed data at once");
  // A value takes a byte of the file, 4-bit values half of one: memory is asked
  // for only if the file can fill it.
  int64_t elements;
  if (!countElements(tensor.dims, tensor.rank, elements) ||
      static_cast<uint64_t>(elements) / 2 > file.size)
    return error.fail(MSC_INVALID_ARGUMENT,
                      "truncated TensorProto: fewer values than its dims say");
  if (msc_status status = allocateTensor(tensor, error))
    return status;
  if (!summary.hasRaw) {
    if (msc_status status = readTyped(file, type->typed, tensor, error))
      return status;
    return checkValues(tensor, error);
  }
  if (summary.raw.size != tensor.data.size())
    return error.fail(
        MSC_INVALID_ARGUMENT,
        "%s TensorProto: expected %" PRIu64 " bytes of raw data, got %" PRIu64,
        summary.raw.size < tensor.data.size() ? "truncated" : "damaged",
        tensor.data.size(), summary.raw.size);
  std::memcpy(tensor.data.data(), summary.raw.data, summary.raw.size);
  return checkValues(tensor, error);
}

} // namespace msc::rt
