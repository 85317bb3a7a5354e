#include "runtime/io/Inflate.h"

namespace msc::rt {
namespace {

constexpr int kMaxBits = 15;
constexpr int kTableBits = 10;

/// A canonical Huffman code. Codes of up to kTableBits are decoded by one look
/// into a table, longer ones bit by bit.
struct Code {
  uint16_t count[kMaxBits + 1];
  uint16_t symbols[288];
  /// length | symbol << 4, by the next bits of the stream; 0: a longer code.
  uint16_t table[1 << kTableBits];

  /// False if the lengths give more codes than there are, or leave gaps. One
  /// single code of length 1 is allowed to leave one (RFC 1951, 3.2.7), as is
  /// a code without symbols, which then must not be used.
  bool build(const uint8_t *lengths, int numSymbols) {
    std::memset(count, 0, sizeof count);
    std::memset(table, 0, sizeof table);
    for (int i = 0; i < numSymbols; ++i)
      ++count[lengths[i]];
    int used = numSymbols - count[0];
    count[0] = 0;
    int left = 1;
    uint16_t offsets[kMaxBits + 2] = {};
    for (int length = 1; length <= kMaxBits; ++length) {
      left = 2 * left - count[length];
      if (left < 0)
        return false;
      offsets[length + 1] = offsets[length] + count[length];
    }
    if (left > 0 && !(used == 0 || (used == 1 && count[1] == 1)))
      return false;
    for (int i = 0; i < numSymbols; ++i)
      if (lengths[i])
        symbols[offsets[lengths[i]]++] = i;
    fillTable();
    return true;
  }

private:
  void fillTable() {
    unsigned code = 0, index = 0;
    for (int length = 1; length <= kTableBits; ++length) {
      for (int i = 0; i < count[length]; ++i, ++code, ++index) {
        // Streams carry codes from their highest bit on.
        unsigned reversed = 0;
        for (int bit = 0; bit < length; ++bit)
          reversed |= (code >> bit & 1) << (length - 1 - bit);
        for (; reversed < 1 << kTableBits; reversed += 1u << length)
          table[reversed] = length | symbols[index] << 4;
      }
      code <<= 1;
    }
  }
};

constexpr uint16_t kLengthBase[29] = {
    3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
    31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr uint8_t kLengthExtra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
                                      1, 1, 2, 2, 2, 2, 3, 3, 3, 3,
                                      4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr uint16_t kDistanceBase[30] = {
    1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
    33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
    1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
constexpr uint8_t kDistanceExtra[30] = {0, 0, 0,  0,  1,  1,  2,  2,  3,  3,
                                        4, 4, 5,  5,  6,  6,  7,  7,  8,  8,
                                        9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

class Inflater {
public:
  Inflater(Bytes input, uint8_t *output, uint64_t size)
      : input(input), output(output), size(size) {}

  bool run() {
    bool last = false;
    while (!last) {
      last = bits(1);
      unsigned type = bits(2);
      bool ok = type == 0   ? stored()
                : type == 1 ? fixed()
                : type == 2 ? dynamic()
                            : false;
      if (!ok || failed)
        return false;
    }
    return written == size;
  }

private:
  void refill() {
    while (available <= 56 && next < input.size) {
      buffer |= uint64_t(input.data[next++]) << available;
      available += 8;
    }
  }

  /// The next `count` <= 16 bits; past the end the stream has failed.
  unsigned bits(int count) {
    refill();
    if (available < count) {
      failed = true;
      return 0;
    }
    unsigned value = buffer & ((uint64_t(1) << count) - 1);
    buffer >>= count;
    available -= count;
    return value;
  }

  int decode(const Code &code) {
    refill();
    // Bits past the end read as 0 and are caught by `available`.
    if (unsigned entry = code.table[buffer & ((1 << kTableBits) - 1)]) {
      int length = entry & 15;
      if (length > available)
        return -1;
      buffer >>= length;
      available -= length;
      return entry >> 4;
    }
    int value = 0, first = 0, index = 0;
    for (int length = 1; length <= kMaxBits; ++length) {
      if (available < length)
        return -1;
      value |= buffer >> (length - 1) & 1;
      int count = code.count[length];
      if (value - first < count) {
        buffer >>= length;
        available -= length;
        return code.symbols[index + value - first];
      }
      index += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    return -1;
  }

  bool stored() {
    bits(available % 8);
    unsigned length = bits(16), check = bits(16);
    if (failed || length != (~check & 0xffff) || length > size - written)
      return false;
    // What refill has taken goes back.
    next -= available / 8;
    buffer = 0;
    available = 0;
    if (length > input.size - next)
      return false;
    // Both may be null when there is nothing to copy.
    if (length)
      std::memcpy(output + written, input.data + next, length);
    written += length;
    next += length;
    return true;
  }

  bool fixed() {
    uint8_t lengths[288];
    for (int i = 0; i < 288; ++i)
      lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    // 32 distances have codes; the last two never occur (see compressed).
    uint8_t fives[32];
    std::memset(fives, 5, sizeof fives);
    return literals.build(lengths, 288) && distances.build(fives, 32) &&
           compressed();
  }

  bool dynamic() {
    static constexpr uint8_t kOrder[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                           11, 4,  12, 3, 13, 2, 14, 1, 15};
    int numLiterals = bits(5) + 257, numDistances = bits(5) + 1;
    int numCodes = bits(4) + 4;
    if (numLiterals > 286 || numDistances > 30)
      return false;
    uint8_t lengths[286 + 30] = {};
    for (int i = 0; i < numCodes; ++i)
      lengths[kOrder[i]] = bits(3);
    if (failed || !literals.build(lengths, 19))
      return false;
    std::memset(lengths, 0, sizeof lengths);
    for (int at = 0; at < numLiterals + numDistances;) {
      int symbol = decode(literals);
      if (symbol < 0)
        return false;
      if (symbol < 16) {
        lengths[at++] = symbol;
        continue;
      }
      if (symbol == 16 && at == 0)
        return false;
      uint8_t value = symbol == 16 ? lengths[at - 1] : 0;
      int repeat = symbol == 16   ? 3 + bits(2)
                   : symbol == 17 ? 3 + bits(3)
                                  : 11 + bits(7);
      if (failed || at + repeat > numLiterals + numDistances)
        return false;
      std::memset(lengths + at, value, repeat);
      at += repeat;
    }
    // Without an end-of-block symbol the block could never end.
    return lengths[256] && literals.build(lengths, numLiterals) &&
           distances.build(lengths + numLiterals, numDistances) && compressed();
  }

  bool compressed() {
    for (;;) {
      int symbol = decode(literals);
      if (symbol < 0 || symbol > 285)
        return false;
      if (symbol == 256)
        return true;
      if (symbol < 256) {
        if (written == size)
          return false;
        output[written++] = symbol;
        continue;
      }
      unsigned length =
          kLengthBase[symbol - 257] + bits(kLengthExtra[symbol - 257]);
      int code = decode(distances);
      if (code < 0 || code > 29)
        return false;
      unsigned distance = kDistanceBase[code] + bits(kDistanceExtra[code]);
      if (failed || distance > written || length > size - written)
        return false;
      // Source and destination may overlap: byte by byte is the meaning.
      for (; length; --length, ++written)
        output[written] = output[written - distance];
    }
  }

  Bytes input;
  uint64_t next = 0;
  uint64_t buffer = 0;
  int available = 0;
  bool failed = false;
  uint8_t *output;
  uint64_t size;
  uint64_t written = 0;
  Code literals, distances;
};

} // namespace

bool inflate(Bytes input, uint8_t *output, uint64_t size) {
  Inflater inflater(input, output, size);
  return inflater.run();
}

} // namespace msc::rt
