// The matrix unit, and tiles of local memory.
#include "runtime/npu_sim/Machine.h"
#include "runtime/npu_sim/Numbers.h"

namespace msc::npu {

bool Machine::checkTile(const Actor &actor, const char *name, int64_t base,
                        int64_t stride, int64_t rows, int64_t cols,
                        unsigned elementBytes, bool writes) {
  constexpr int64_t kMost = int64_t(1) << 20;
  if (rows < 0 || cols < 0 || rows > kMost || cols > kMost)
    return fault.raise(actor.pc, "%s: %lld x %lld is no extent of a tile", name,
                       static_cast<long long>(rows),
                       static_cast<long long>(cols));
  if (rows == 0 || cols == 0)
    return true;
  int64_t bytes = cols * int64_t(elementBytes);
  int64_t unit = cols == 1 ? int64_t(elementBytes) : int64_t(kLine);
  if (base % int64_t(kLine) || (rows > 1 && stride % unit))
    return fault.raise(actor.pc,
                       "misaligned: %s at local 0x%llx with rows %lld bytes "
                       "apart, expected multiples of %u and %lld",
                       name, static_cast<unsigned long long>(base),
                       static_cast<long long>(stride), kLine,
                       static_cast<long long>(unit));
  if (rows > 1 && (stride < bytes || stride > kMost))
    return fault.raise(actor.pc, "%s: rows of %lld bytes are %lld bytes apart",
                       name, static_cast<long long>(bytes),
                       static_cast<long long>(stride));
  for (int64_t i = 0; i < rows; ++i) {
    int64_t row = static_cast<int64_t>(uint64_t(base) + uint64_t(i * stride));
    if (writes ? !local.write(actor, row, uint64_t(bytes), fault)
               : !local.read(actor, row, uint64_t(bytes), fault))
      return false;
  }
  return true;
}

uint8_t *Machine::at(int64_t address) { return local.at(address); }

/// Copies rows x cols elements to `to`, as f32, transposed if `transpose`.
static void widen(const uint8_t *from, int64_t stride, int64_t rows,
                  int64_t cols, unsigned kind, bool transpose, float *to) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < cols; ++j) {
      uint16_t bits;
      std::memcpy(&bits, from + i * stride + 2 * j, sizeof bits);
      to[transpose ? j * rows + i : i * cols + j] =
          kind == kMatMulF16 ? fromF16(bits) : fromBF16(bits);
    }
}

static void widen(const uint8_t *from, int64_t stride, int64_t rows,
                  int64_t cols, bool isUnsigned, bool transpose, int32_t *to) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < cols; ++j) {
      uint8_t byte = from[i * stride + j];
      to[transpose ? j * rows + i : i * cols + j] =
          isUnsigned ? int32_t(byte) : int32_t(int8_t(byte));
    }
}

static float multiplyAdd(float sum, float a, float b) { return sum + a * b; }
static int32_t multiplyAdd(int32_t sum, int32_t a, int32_t b) {
  return static_cast<int32_t>(uint32_t(sum) + uint32_t(a) * uint32_t(b));
}

/// c += a b, the products of an element one after the other.
template <typename T>
static void multiply(const T *a, const T *b, uint8_t *c, int64_t strideC,
                     int64_t m, int64_t n, int64_t k, bool accumulate) {
  for (int64_t i = 0; i < m; ++i) {
    // Local memory is 64-byte aligned, and so are rows of tiles to 32.
    T *row = reinterpret_cast<T *>(c + i * strideC);
    if (!accumulate)
      std::memset(static_cast<void *>(row), 0, size_t(n) * sizeof(T));
    for (int64_t p = 0; p < k; ++p) {
      T value = a[i * k + p];
      const T *other = b + p * n;
      for (int64_t j = 0; j < n; ++j)
        row[j] = multiplyAdd(row[j], value, other[j]);
    }
  }
}

bool Machine::runMatrix(const Job &job, uint64_t time, uint64_t &end,
                        Counters &counters) {
  Actor actor = {Unit::Matrix, job.pc, job.issue,
                 &units[unsigned(Unit::Matrix)].clock};
  uint16_t mode = job.instruction.mode;
  unsigned kind = mode & kMatMulKindMask;
  bool isInteger = kind == kMatMulI8;
  bool ta = mode & kMatMulTransposeA, tb = mode & kMatMulTransposeB;
  bool accumulate = mode & kMatMulAccumulate;
  const int64_t *v = job.value;
  int64_t a = v[0], b = v[1], c = v[2], m = v[3], n = v[4], k = v[5];
  unsigned bytes = isInteger ? 1 : 2;
  if (!checkTile(actor, "a", a, v[6], ta ? k : m, ta ? m : k, bytes, false) ||
      !checkTile(actor, "b", b, v[7], tb ? n : k, tb ? k : n, bytes, false) ||
      (accumulate && !checkTile(actor, "c", c, v[8], m, n, 4, false)) ||
      !checkTile(actor, "c", c, v[8], m, n, 4, true))
    return false;
  if (m > 0 && n > 0 && c < int64_t(kAccumulatorBase))
    return fault.raise(job.pc, "c is at local 0x%llx, expected an accumulator",
                       static_cast<unsigned long long>(c));
  end = time + kMatrixSetup;
  if (m == 0 || n == 0)
    return true;

  auto tiles = [](int64_t extent) {
    return (uint64_t(extent) + kTile - 1) / kTile;
  };
  end += tiles(m) * tiles(n) * tiles(k) * kTileCycles;
  counters.multiplyAdds += uint64_t(m) * uint64_t(n) * uint64_t(k);
  float *wideA = reinterpret_cast<float *>(scratch.begin());
  float *wideB = wideA + kLocalBytes;
  if (k > 0 && isInteger) {
    widen(at(a), v[6], ta ? k : m, ta ? m : k, (mode & kMatMulUnsignedA) != 0,
          ta, reinterpret_cast<int32_t *>(wideA));
    widen(at(b), v[7], tb ? n : k, tb ? k : n, (mode & kMatMulUnsignedB) != 0,
          tb, reinterpret_cast<int32_t *>(wideB));
  } else if (k > 0) {
    widen(at(a), v[6], ta ? k : m, ta ? m : k, kind, ta, wideA);
    widen(at(b), v[7], tb ? n : k, tb ? k : n, kind, tb, wideB);
  }
  if (isInteger)
    multiply(reinterpret_cast<int32_t *>(wideA),
             reinterpret_cast<int32_t *>(wideB), at(c), v[8], m, n, k,
             accumulate);
  else
    multiply(wideA, wideB, at(c), v[8], m, n, k, accumulate);
  return true;
}

} // namespace msc::npu
