// Conversions of element types, rounding to nearest even.
#ifndef MSC_RUNTIME_NPU_SIM_NUMBERS_H
#define MSC_RUNTIME_NPU_SIM_NUMBERS_H

#include <cmath>
#include <cstdint>
#include <cstring>

namespace msc::npu {

inline uint32_t bitsOf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
inline float floatOf(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline float fromBF16(uint16_t bits) { return floatOf(uint32_t(bits) << 16); }
inline uint16_t toBF16(float value) {
  uint32_t bits = bitsOf(value);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return uint16_t(bits >> 16 | 0x40); // a quiet NaN
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

inline float fromF16(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16;
  uint32_t rest = bits & 0x7fff;
  if (rest >= 0x7c00) // infinity and NaN
    return floatOf(sign | 0x7f800000 | (rest & 0x3ff) << 13);
  if (rest >= 0x400)
    return floatOf(sign | ((rest << 13) + (uint32_t(127 - 15) << 23)));
  float value = float(rest) * floatOf(uint32_t(127 - 24) << 23); // subnormal
  return sign ? -value : value;
}
inline uint16_t toF16(float value) {
  uint32_t bits = bitsOf(value);
  uint16_t sign = uint16_t(bits >> 16 & 0x8000);
  bits &= 0x7fffffff;
  if (bits > 0x7f800000)
    return uint16_t(sign | 0x7e00 | (bits >> 13 & 0x1ff));
  if (bits >= 0x477ff000) // rounds to 65536 or more
    return sign | 0x7c00;
  if (bits < 0x38800000) { // subnormal: adding 0.5 leaves it in the low bits
    uint32_t sum = bitsOf(floatOf(bits) + 0.5f);
    return uint16_t(sign | (sum - 0x3f000000));
  }
  uint32_t rounded = bits + 0xfff + (bits >> 13 & 1);
  return uint16_t(sign | ((rounded - (uint32_t(127 - 15) << 23)) >> 13));
}

/// Towards zero, to the nearest that the type has; NaN gives 0.
inline int32_t toInteger(float value, int32_t least, int32_t most) {
  if (std::isnan(value))
    return 0;
  if (value <= float(least))
    return least;
  if (value >= float(most))
    return most;
  return int32_t(value);
}

} // namespace msc::npu

#endif
