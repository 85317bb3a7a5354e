// The matrix unit against plain loops.
#include "test/unit/runtime/npu_sim/Chip.h"

#include <random>

using namespace msc::test;

namespace {

struct Shape {
  int64_t m, n, k;
};

/// A matrix in device memory, rows x cols of T, to a tile whose rows are
/// `stride` bytes apart.
std::string loadMatrix(int buffer, int64_t local, int64_t rows, int64_t bytes,
                       int64_t stride) {
  auto number = [](int64_t n) { return std::to_string(n); };
  return "li r10, " + number(local) + "\nli r11, " + number(bytes) +
         "\nli r12, " + number(rows) + "\nli r13, " + number(stride) +
         "\nli r14, 1\nload dma0, b" + number(buffer) +
         ", r0, r10, r11, r12, r14, r14, r11, r0, r0, r13, r0, r0\n";
}

int64_t roundUp(int64_t value) { return (value + 31) / 32 * 32; }

class MatrixTest : public ::testing::Test {
protected:
  /// Runs c (= or +=) op(a) op(b); all are dense in the buffers.
  template <typename T, typename R>
  std::vector<R> run(const std::string &mode, Shape s, const std::vector<T> &a,
                     const std::vector<T> &b, const std::vector<R> &c) {
    bool ta = mode.find(".ta") != std::string::npos;
    bool tb = mode.find(".tb") != std::string::npos;
    int64_t size = sizeof(T);
    int64_t rowA = (ta ? s.m : s.k) * size, rowB = (tb ? s.k : s.n) * size;
    std::string text =
        loadMatrix(0, 0, ta ? s.k : s.m, rowA, roundUp(rowA)) +
        loadMatrix(1, 0x20000, tb ? s.n : s.k, rowB, roundUp(rowB)) +
        loadMatrix(2, 0x100000, s.m, s.n * 4, roundUp(s.n * 4)) + "fence\n";
    const int64_t values[] = {0,
                              0x20000,
                              0x100000,
                              s.m,
                              s.n,
                              s.k,
                              roundUp(rowA),
                              roundUp(rowB),
                              roundUp(s.n * 4)};
    for (int i = 0; i < 9; ++i)
      text += "li r" + std::to_string(20 + i) + ", " +
              std::to_string(values[i]) + "\n";
    text +=
        "mm" + mode +
        " r20, r21, r22, r23, r24, r25, r26, r27, r28\nfence\n"
        "li r11, " +
        std::to_string(s.n * 4) + "\nli r12, " + std::to_string(s.m) +
        "\nli r14, 1\n"
        "store dma0, b2, r0, r22, r11, r12, r14, r14, r11, r0, r0, r28, r0, "
        "r0\n";
    std::vector<Chip::Bytes> buffers = {bytesOf(a), bytesOf(b), bytesOf(c)};
    EXPECT_RUNS(chip.run(text, buffers)) << mode;
    return valuesOf<R>(buffers[2]);
  }

  /// Compares bit by bit with products that are added one after the other.
  template <typename T, typename R, typename Wide>
  void check(const std::string &kind, Wide wide) {
    std::mt19937 random(7);
    for (Shape s :
         {Shape{16, 16, 16}, {1, 1, 1}, {5, 17, 33}, {40, 3, 64}, {33, 70, 9}})
      for (std::string mode : {"", ".acc", ".ta", ".tb", ".acc.ta.tb"}) {
        std::vector<T> a(s.m * s.k), b(s.k * s.n);
        std::vector<R> c(s.m * s.n), expected;
        for (T &x : a)
          x = make<T>(random);
        for (T &x : b)
          x = make<T>(random);
        for (R &x : c)
          x = R(int(random() % 9) - 4);
        bool ta = mode.find(".ta") != std::string::npos;
        bool tb = mode.find(".tb") != std::string::npos;
        for (int64_t i = 0; i < s.m; ++i)
          for (int64_t j = 0; j < s.n; ++j) {
            R sum = mode.find(".acc") != std::string::npos ? c[i * s.n + j] : 0;
            for (int64_t p = 0; p < s.k; ++p)
              sum += wide(a[ta ? p * s.m + i : i * s.k + p], true) *
                     wide(b[tb ? j * s.k + p : p * s.n + j], false);
            expected.push_back(sum);
          }
        EXPECT_EQ(run(kind + mode, s, a, b, c), expected)
            << kind << mode << " " << s.m << "x" << s.n << "x" << s.k;
      }
  }
  template <typename T> static T make(std::mt19937 &random) {
    uint32_t bits = random();
    if constexpr (sizeof(T) == 1) {
      return T(bits);
    } else {
      T value;
      if constexpr (std::is_same_v<T, _Float16>) {
        value = T(float(int(bits % 4001) - 2000) / 512);
      } else {
        // bf16: an f32's upper half.
        float f = float(int(bits % 255) - 127) / 64;
        std::memcpy(&bits, &f, 4);
        value = T(bits >> 16);
      }
      return value;
    }
  }

  Chip chip;
};

TEST_F(MatrixTest, MultipliesF16) {
  check<_Float16, float>(".f16", [](_Float16 x, bool) { return float(x); });
}

TEST_F(MatrixTest, MultipliesBF16) {
  check<uint16_t, float>(".bf16", [](uint16_t x, bool) {
    uint32_t bits = uint32_t(x) << 16;
    float value;
    std::memcpy(&value, &bits, 4);
    return value;
  });
}

TEST_F(MatrixTest, MultipliesI8) {
  check<uint8_t, int32_t>(".i8",
                          [](uint8_t x, bool) { return int32_t(int8_t(x)); });
  check<uint8_t, int32_t>(".i8.ua", [](uint8_t x, bool isA) {
    return isA ? int32_t(x) : int32_t(int8_t(x));
  });
  check<uint8_t, int32_t>(".i8.ub", [](uint8_t x, bool isA) {
    return isA ? int32_t(int8_t(x)) : int32_t(x);
  });
  check<uint8_t, int32_t>(".i8.ua.ub",
                          [](uint8_t x, bool) { return int32_t(x); });
}

TEST_F(MatrixTest, TakesNoProductsAtAll) {
  std::vector<Chip::Bytes> buffers = {Chip::Bytes(16 * 64, 0xff)};
  ASSERT_RUNS(
      chip.run("li r1, 0x100000\nli r2, 16\nli r3, 64\nli r4, 1024\n"
               "li r5, 1\n"
               "mm.f16 r0, r0, r1, r2, r2, r0, r3, r3, r3\nfence\n"
               "store dma0, b0, r0, r1, r4, r5, r5, r5, r0, r0, r0, r0, "
               "r0, r0",
               buffers));
  EXPECT_EQ(buffers[0], Chip::Bytes(16 * 64, 0));
}

TEST_F(MatrixTest, ChecksOperands) {
  // 64 KiB of zeros, then one product with the numbers given.
  auto multiply = [&](std::vector<int64_t> v) {
    std::string text = "li r1, 65536\nli r2, 1\nli r3, 0x100000\n"
                       "fill.1 dma0, r0, r0, r1, r2, r2, r2, r0, r0, r0\n"
                       "fence\n";
    for (int i = 0; i < 9; ++i)
      text +=
          "li r" + std::to_string(20 + i) + ", " + std::to_string(v[i]) + "\n";
    return chip.run(text +
                    "mm.f16 r20, r21, r22, r23, r24, r25, r26, r27, r28");
  };
  EXPECT_RUNS(multiply({0, 0, 0x100000, 16, 16, 16, 32, 32, 64}));
  EXPECT_FAULT(multiply({0, 0, 0x1000, 16, 16, 16, 32, 32, 64}),
               "c is at local 0x1000, expected an accumulator");
  EXPECT_FAULT(multiply({16, 0, 0x100000, 16, 16, 16, 32, 32, 64}),
               "misaligned: a at local 0x10");
  EXPECT_FAULT(multiply({0, 0, 0x100000, 16, 16, 16, 32, 40, 64}),
               "misaligned: b at local 0x0 with rows 40 bytes apart");
  EXPECT_FAULT(multiply({0, 0, 0x100000, 16, 16, 17, 32, 32, 64}),
               "a: rows of 34 bytes are 32 bytes apart");
  EXPECT_FAULT(multiply({0, 0, 0x100000, -1, 16, 16, 32, 32, 64}),
               "is no extent of a tile");
  EXPECT_FAULT(multiply({0, 0, 0x13ffe0, 16, 16, 16, 32, 32, 64}),
               "out of range");
  EXPECT_FAULT(
      multiply({0xfff0 / 32 * 32, 0, 0x100000, 16, 16, 16, 32, 32, 64}),
      "which nothing has written");
}

} // namespace
