#include "runtime/core/DType.h"

#include <cmath>
#include <cstdio>
#include <cstring>

namespace msc::rt {
namespace {

struct Description {
  const char *name;
  uint8_t bits;
  /// 'f': floating point, 'i': signed, 'u': unsigned, 'b': bool.
  char kind;
};

// By number; 0 is no type.
constexpr Description kTypes[] = {
    {"?", 0, 'u'},      {"f32", 32, 'f'},  {"f64", 64, 'f'},
    {"f16", 16, 'f'},   {"bf16", 16, 'f'}, {"i8", 8, 'i'},
    {"i16", 16, 'i'},   {"i32", 32, 'i'},  {"i64", 64, 'i'},
    {"u8", 8, 'u'},     {"u16", 16, 'u'},  {"u32", 32, 'u'},
    {"u64", 64, 'u'},   {"bool", 8, 'b'},  {"f8E4M3FN", 8, 'f'},
    {"f8E5M2", 8, 'f'}, {"i4", 4, 'i'},    {"u4", 4, 'u'},
};
constexpr uint32_t kNumTypes = sizeof kTypes / sizeof kTypes[0];

const Description &describe(uint32_t dtype) {
  return kTypes[dtype < kNumTypes ? dtype : 0];
}

template <typename T> T load(const void *data, int64_t index) {
  T value;
  std::memcpy(&value, static_cast<const char *>(data) + index * sizeof(T),
              sizeof(T));
  return value;
}

/// A small IEEE-like float: sign, `exponentBits`, `fractionBits`. With
/// `finite` the top exponent holds numbers and only all ones is NaN.
double decodeSmallFloat(uint32_t bits, int exponentBits, int fractionBits,
                        bool finite) {
  uint32_t fraction = bits & ((1u << fractionBits) - 1);
  int exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
  bool negative = (bits >> (exponentBits + fractionBits)) & 1;
  int bias = (1 << (exponentBits - 1)) - 1;
  bool top = exponent == (1 << exponentBits) - 1;
  double value;
  if (top && !finite)
    value = fraction ? NAN : INFINITY;
  else if (top && fraction == (1u << fractionBits) - 1)
    value = NAN;
  else if (exponent == 0)
    value = std::ldexp(fraction, 1 - bias - fractionBits);
  else
    value = std::ldexp(fraction | (1u << fractionBits),
                       exponent - bias - fractionBits);
  return negative ? -value : value;
}

} // namespace

uint32_t bitsOf(uint32_t dtype) { return describe(dtype).bits; }
const char *nameOf(uint32_t dtype) { return describe(dtype).name; }
bool isFloat(uint32_t dtype) { return describe(dtype).kind == 'f'; }
bool isSigned(uint32_t dtype) { return describe(dtype).kind == 'i'; }

bool countElements(const int64_t *dims, uint32_t rank, int64_t &count) {
  bool empty = false;
  for (uint32_t axis = 0; axis < rank; ++axis) {
    if (dims[axis] < 0)
      return false;
    empty |= dims[axis] == 0;
  }
  count = empty ? 0 : 1;
  for (uint32_t axis = 0; axis < rank && !empty; ++axis)
    if (__builtin_mul_overflow(count, dims[axis], &count))
      return false;
  return true;
}

bool countBytes(uint32_t dtype, int64_t count, uint64_t &bytes) {
  int64_t bits;
  if (__builtin_mul_overflow(count, static_cast<int64_t>(bitsOf(dtype)),
                             &bits) ||
      bits > INT64_MAX - 7)
    return false;
  bytes = static_cast<uint64_t>(bits + 7) / 8;
  return true;
}

double loadAsDouble(uint32_t dtype, const void *data, int64_t index) {
  switch (dtype) {
  case MSC_F32:
    return load<float>(data, index);
  case MSC_F64:
    return load<double>(data, index);
  case MSC_F16:
    return decodeSmallFloat(load<uint16_t>(data, index), 5, 10, false);
  case MSC_BF16:
    return decodeSmallFloat(load<uint16_t>(data, index), 8, 7, false);
  case MSC_F8E4M3FN:
    return decodeSmallFloat(load<uint8_t>(data, index), 4, 3, true);
  case MSC_F8E5M2:
    return decodeSmallFloat(load<uint8_t>(data, index), 5, 2, false);
  case MSC_I8:
    return load<int8_t>(data, index);
  case MSC_I16:
    return load<int16_t>(data, index);
  case MSC_I32:
    return load<int32_t>(data, index);
  case MSC_I64:
    return static_cast<double>(load<int64_t>(data, index));
  case MSC_U8:
  case MSC_BOOL:
    return load<uint8_t>(data, index);
  case MSC_U16:
    return load<uint16_t>(data, index);
  case MSC_U32:
    return load<uint32_t>(data, index);
  case MSC_U64:
    return static_cast<double>(load<uint64_t>(data, index));
  case MSC_I4:
  case MSC_U4: {
    int nibble = load<uint8_t>(data, index / 2) >> (index % 2 * 4) & 15;
    return dtype == MSC_I4 && nibble > 7 ? nibble - 16 : nibble;
  }
  }
  return 0;
}

void printElement(uint32_t dtype, const void *data, int64_t index, char *text,
                  size_t size) {
  if (dtype == MSC_BOOL)
    std::snprintf(text, size, "%s",
                  load<uint8_t>(data, index) ? "true" : "false");
  else if (dtype == MSC_I64)
    std::snprintf(text, size, "%lld",
                  static_cast<long long>(load<int64_t>(data, index)));
  else if (dtype == MSC_U64)
    std::snprintf(text, size, "%llu",
                  static_cast<unsigned long long>(load<uint64_t>(data, index)));
  else if (!isFloat(dtype))
    std::snprintf(text, size, "%lld",
                  static_cast<long long>(loadAsDouble(dtype, data, index)));
  else
    std::snprintf(text, size, "%.*g",
                  dtype == MSC_F64   ? 10
                  : dtype == MSC_F32 ? 6
                                     : 4,
                  loadAsDouble(dtype, data, index));
}

} // namespace msc::rt

extern "C" MSC_API const char *msc_dtype_name(uint32_t dtype) {
  return msc::rt::bitsOf(dtype) ? msc::rt::nameOf(dtype) : nullptr;
}

extern "C" MSC_API uint32_t msc_dtype_bits(uint32_t dtype) {
  return msc::rt::bitsOf(dtype);
}
