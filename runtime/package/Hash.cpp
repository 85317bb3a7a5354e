#include "runtime/package/Hash.h"

#include <cstring>

namespace msc::rt {
namespace {

constexpr uint64_t kPrime1 = 0x9E3779B185EBCA87;
constexpr uint64_t kPrime2 = 0xC2B2AE3D27D4EB4F;
constexpr uint64_t kPrime3 = 0x165667B19E3779F9;
constexpr uint64_t kPrime4 = 0x85EBCA77C2B2AE63;
constexpr uint64_t kPrime5 = 0x27D4EB2F165667C5;

uint64_t rotate(uint64_t value, int bits) {
  return value << bits | value >> (64 - bits);
}

template <typename T> uint64_t load(const uint8_t *bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

uint64_t mix(uint64_t lane, uint64_t word) {
  return rotate(lane + word * kPrime2, 31) * kPrime1;
}

uint64_t merge(uint64_t hash, uint64_t lane) {
  return (hash ^ mix(0, lane)) * kPrime1 + kPrime4;
}

/// The bytes behind the last whole 32.
uint64_t addTail(uint64_t hash, const uint8_t *next, const uint8_t *end) {
  for (; end - next >= 8; next += 8)
    hash = rotate(hash ^ mix(0, load<uint64_t>(next)), 27) * kPrime1 + kPrime4;
  if (end - next >= 4) {
    hash =
        rotate(hash ^ load<uint32_t>(next) * kPrime1, 23) * kPrime2 + kPrime3;
    next += 4;
  }
  for (; next < end; ++next)
    hash = rotate(hash ^ *next * kPrime5, 11) * kPrime1;
  return hash;
}

} // namespace

uint64_t hashBytes(const void *bytes, uint64_t size) {
  const auto *next = static_cast<const uint8_t *>(bytes);
  const uint8_t *end = next + size;
  uint64_t hash = kPrime5;
  if (size >= 32) {
    uint64_t lanes[4] = {kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
    for (; end - next >= 32; next += 32)
      for (int i = 0; i < 4; ++i)
        lanes[i] = mix(lanes[i], load<uint64_t>(next + 8 * i));
    hash = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) +
           rotate(lanes[3], 18);
    for (uint64_t lane : lanes)
      hash = merge(hash, lane);
  }
  hash = addTail(hash + size, next, end);
  hash = (hash ^ hash >> 33) * kPrime2;
  hash = (hash ^ hash >> 29) * kPrime3;
  return hash ^ hash >> 32;
}

} // namespace msc::rt
