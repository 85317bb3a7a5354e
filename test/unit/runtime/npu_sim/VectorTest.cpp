// The vector unit against functions of double precision.
#include "test/unit/runtime/npu_sim/Chip.h"

#include <cmath>
#include <functional>
#include <limits>

using namespace msc::test;
using msc::npu::Type;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

double roundToBF16(double value) {
  if (value == 0 || !std::isfinite(value))
    return value;
  int exponent;
  std::frexp(value, &exponent);
  exponent = std::max(exponent, -125); // subnormals
  double result =
      std::ldexp(std::nearbyint(std::ldexp(value, 8 - exponent)), exponent - 8);
  return std::fabs(result) < std::ldexp(1, 128) ? result
                                                : std::copysign(kInf, value);
}

/// What an element holds of a number that the vector unit has computed.
double rounded(Type type, double value) {
  auto clamp = [&](double least, double most) {
    return std::isnan(value)
               ? 0
               : std::trunc(std::min(std::max(value, least), most));
  };
  switch (type) {
  case Type::F32:
    return float(value);
  case Type::F16:
    return float(_Float16(float(value)));
  case Type::BF16:
    return roundToBF16(float(value));
  case Type::I32:
    return clamp(-2147483648.0, 2147483647.0);
  case Type::I8:
    return clamp(-128, 127);
  default:
    return clamp(0, 255);
  }
}

template <typename T> void put(Chip::Bytes &bytes, size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

Chip::Bytes encode(Type type, const std::vector<double> &values) {
  size_t size = msc::npu::bytesOf(type);
  Chip::Bytes bytes(values.size() * size);
  for (size_t i = 0; i < values.size(); ++i) {
    float narrow = float(values[i]);
    uint32_t bits;
    std::memcpy(&bits, &narrow, 4);
    if (type == Type::F32)
      put(bytes, i * size, narrow);
    else if (type == Type::F16)
      put(bytes, i * size, _Float16(narrow));
    else if (type == Type::BF16)
      put(bytes, i * size, uint16_t(bits >> 16));
    else if (type == Type::I32)
      put(bytes, i * size, int32_t(values[i]));
    else
      put(bytes, i * size, uint8_t(int(values[i])));
  }
  return bytes;
}

std::vector<double> decode(Type type, const Chip::Bytes &bytes) {
  std::vector<double> values;
  size_t size = msc::npu::bytesOf(type);
  for (size_t at = 0; at < bytes.size(); at += size) {
    uint32_t bits = 0;
    std::memcpy(&bits, bytes.data() + at, size);
    float value;
    _Float16 half;
    switch (type) {
    case Type::F32:
      std::memcpy(&value, &bits, 4);
      values.push_back(value);
      break;
    case Type::F16:
      std::memcpy(&half, &bits, 2);
      values.push_back(float(half));
      break;
    case Type::BF16:
      bits <<= 16;
      std::memcpy(&value, &bits, 4);
      values.push_back(value);
      break;
    case Type::I32:
      values.push_back(int32_t(bits));
      break;
    case Type::I8:
      values.push_back(int8_t(bits));
      break;
    default:
      values.push_back(uint8_t(bits));
    }
  }
  return values;
}

void expectSame(const std::vector<double> &found,
                const std::vector<double> &expected, const std::string &what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  for (size_t i = 0; i < found.size(); ++i)
    ASSERT_TRUE(found[i] == expected[i] ||
                (std::isnan(found[i]) && std::isnan(expected[i])))
        << what << " [" << i << "]: " << found[i] << ", expected "
        << expected[i];
}

/// An operand as a matrix; for a value, one element.
struct Source {
  Type type;
  std::string suffix; // "", ":row", ":column", ":value"
  std::vector<double> values;
};

class VectorTest : public ::testing::Test {
protected:
  static constexpr int64_t kRowBytes = 0x1000;

  static std::string li(int number, int64_t value) {
    return "li r" + std::to_string(number) + ", " + std::to_string(value) +
           "\n";
  }
  /// Dense matrix <-> tile at `base` whose rows are `stride` bytes apart.
  static std::string transfer(const std::string &name, int buffer, int64_t base,
                              int64_t rows, int64_t bytes,
                              int64_t stride = kRowBytes) {
    return li(10, base) + li(11, bytes) + li(12, rows) + li(13, stride) +
           li(14, 1) + name + " dma0, b" + std::to_string(buffer) +
           ", r0, r10, r11, r12, r14, r14, r11, r0, r0, r13, r0, r0\n";
  }

  /// Runs an elementwise instruction and gives rows x cols results.
  std::vector<double> run(const std::string &name, Type target, int64_t rows,
                          int64_t cols, const std::vector<Source> &sources) {
    std::string text, types = std::string(".") + msc::npu::nameOf(target),
                      bases, strides;
    std::vector<Chip::Bytes> buffers;
    for (size_t i = 0; i < sources.size(); ++i) {
      const Source &source = sources[i];
      int64_t base = 0x10000 * int64_t(i);
      std::string number = std::to_string(20 + i);
      types += std::string(".") + msc::npu::nameOf(source.type);
      bases += ", r" + number + source.suffix;
      strides += ", r31";
      buffers.push_back(encode(source.type, source.values));
      if (source.suffix == ":value") {
        int32_t bits;
        std::memcpy(&bits, buffers.back().data(), 4);
        text += li(20 + int(i), bits);
        continue;
      }
      int64_t bytes = int64_t(buffers.back().size());
      int64_t sourceRows = source.suffix == ":row" ? 1 : rows;
      text += transfer("load", int(i), base, sourceRows, bytes / sourceRows) +
              li(20 + int(i), base);
    }
    int64_t size = msc::npu::bytesOf(target);
    buffers.push_back(Chip::Bytes(size_t(rows * cols * size), 0xee));
    text += "fence\n" + li(30, 0x40000) + li(31, kRowBytes) + li(32, rows) +
            li(33, cols) + name + types + " r30" + bases + ", r32, r33, r31" +
            strides + "\nfence\n" +
            transfer("store", int(sources.size()), 0x40000, rows, cols * size);
    EXPECT_RUNS(chip.run(text, buffers)) << name << types;
    return decode(target, buffers.back());
  }

  using Function = std::function<double(double, double, double)>;

  /// Compares for matrices of `values` in turn, and for some broadcasts.
  void check(const std::string &name, unsigned numSources,
             const std::vector<Type> &types, std::vector<double> values,
             const Function &reference) {
    const int64_t rows = 3, cols = 300;
    const std::string broadcasts[][3] = {{"", "", ""},
                                         {":column", "", ":row"},
                                         {"", ":row", ":value"},
                                         {":row", ":column", ""},
                                         {":value", ":column", ":column"}};
    for (const auto &broadcast : broadcasts) {
      std::vector<Source> sources;
      bool possible = true;
      for (unsigned i = 0; i < numSources; ++i) {
        Type type = types[i + 1];
        const std::string &suffix = broadcast[i];
        possible &=
            suffix != ":value" || type == Type::F32 || type == Type::I32;
        int64_t count = suffix == ":row"      ? cols
                        : suffix == ":column" ? rows
                        : suffix == ":value"  ? 1
                                              : rows * cols;
        Source source = {type, suffix, {}};
        // Offsets that share no factor pair all values with each other.
        for (int64_t j = 0; j < count; ++j)
          source.values.push_back(
              values[size_t(j * (i == 0   ? 1
                                 : i == 1 ? 7
                                          : 11) +
                            3 * i + j / int64_t(values.size())) %
                     values.size()]);
        source.values = decode(type, encode(type, source.values));
        sources.push_back(source);
      }
      if (!possible)
        continue;
      std::vector<double> expected;
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < cols; ++j) {
          double x[3] = {};
          for (unsigned s = 0; s < numSources; ++s) {
            const std::string &suffix = sources[s].suffix;
            x[s] = sources[s].values[suffix == ":row"      ? j
                                     : suffix == ":column" ? i
                                     : suffix == ":value"  ? 0
                                                           : i * cols + j];
          }
          expected.push_back(
              rounded(types[0], float(reference(x[0], x[1], x[2]))));
        }
      expectSame(run(name, types[0], rows, cols, sources), expected,
                 name + sources[0].suffix);
    }
  }

  Chip chip;
};

const std::vector<double> kFloats = {0,    1,     -1,  0.5,   2.25,  -3.75, 10,
                                     -20,  0.125, 88,  -90,   1e-3,  300,   -7,
                                     kInf, -kInf, NAN, 1e-30, 60000, -0.0};
const std::vector<double> kIntegers = {0,   1,   -1,   2, 7,  -8,
                                       100, 127, -128, 5, 33, -77};
const Type F32 = Type::F32, F16 = Type::F16, BF16 = Type::BF16;
const Type I32 = Type::I32, I8 = Type::I8, U8 = Type::U8;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

TEST_F(VectorTest, ComputesFunctionsOfOneSource) {
  using Unary = double (*)(double);
  const std::pair<const char *, Unary> functions[] = {
      {"vmov", [](double x) { return x; }},
      {"vneg", [](double x) { return -x; }},
      {"vabs", [](double x) { return std::fabs(x); }},
      {"vsqrt", [](double x) { return std::sqrt(x); }},
      {"vrsqrt", [](double x) { return 1 / std::sqrt(x); }},
      {"vrecip", [](double x) { return 1 / x; }},
      {"vexp", [](double x) { return std::exp(x); }},
      {"vlog", [](double x) { return std::log(x); }},
      {"vtanh", [](double x) { return std::tanh(x); }},
      {"verf", [](double x) { return std::erf(x); }},
      {"vsigmoid", sigmoid},
      {"vsin", [](double x) { return std::sin(x); }},
      {"vcos", [](double x) { return std::cos(x); }},
      {"vfloor", [](double x) { return std::floor(x); }},
      {"vceil", [](double x) { return std::ceil(x); }},
      {"vrint", [](double x) { return std::nearbyint(x); }}};
  for (auto [name, function] : functions) {
    Function reference = [function = function](double x, double, double) {
      return function(x);
    };
    for (std::vector<Type> types : {std::vector<Type>{F32, F32},
                                    {F16, F32},
                                    {F32, F16},
                                    {BF16, BF16},
                                    {F16, BF16}})
      check(name, 1, types, kFloats, reference);
  }
}

TEST_F(VectorTest, ComputesFunctionsOfTwoSources) {
  const std::pair<const char *, Function> functions[] = {
      {"vadd", [](double a, double b, double) { return a + b; }},
      {"vsub", [](double a, double b, double) { return a - b; }},
      {"vmul", [](double a, double b, double) { return a * b; }},
      {"vdiv", [](double a, double b, double) { return a / b; }},
      {"vpow", [](double a, double b, double) { return std::pow(a, b); }},
      {"vmin",
       [](double a, double b, double) {
         return std::isnan(a) || std::isnan(b) ? NAN : std::min(a, b);
       }},
      {"vmax",
       [](double a, double b, double) {
         return std::isnan(a) || std::isnan(b) ? NAN : std::max(a, b);
       }},
      {"veq", [](double a, double b, double) { return a == b; }},
      {"vne", [](double a, double b, double) { return a != b; }},
      {"vlt", [](double a, double b, double) { return a < b; }},
      {"vle", [](double a, double b, double) { return a <= b; }},
      {"vgt", [](double a, double b, double) { return a > b; }},
      {"vge", [](double a, double b, double) { return a >= b; }}};
  for (const auto &[name, reference] : functions) {
    for (std::vector<Type> types :
         {std::vector<Type>{F32, F32, F32}, {F16, F16, F32}, {F32, BF16, F16}})
      check(name, 2, types, kFloats, reference);
    // Comparisons give integers as well, and compare integers.
    std::string op = name;
    if (op == "veq" || op == "vne" || op == "vlt" || op == "vle" ||
        op == "vgt" || op == "vge") {
      check(name, 2, {U8, F32, F16}, kFloats, reference);
      check(name, 2, {F16, I32, I8}, kIntegers, reference);
    }
  }
}

TEST_F(VectorTest, ComputesIntegers) {
  auto wrapped = [](const char *name, std::vector<Type> types,
                    const std::vector<double> &values, auto reference) {
    return std::make_tuple(
        name, types, values, Function([=](double a, double b, double c) {
          return double(reference(int64_t(a), int64_t(b), int64_t(c)));
        }));
  };
  std::vector<double> divisors = {1, -1, 2, 7, -8, 100, 127, -128};
  for (const auto &[name, types, values, reference] :
       {wrapped("vadd", {I32, I32, I8}, kIntegers,
                [](int64_t a, int64_t b, int64_t) { return a + b; }),
        wrapped("vsub", {I32, I8, I32}, kIntegers,
                [](int64_t a, int64_t b, int64_t) { return a - b; })})
    check(name, 2, types, values, reference);
  check("vmul", 2, {I32, I32, U8}, kIntegers,
        [](double a, double b, double) { return a * b; });
  check("vdiv", 2, {I32, I32, I32}, divisors,
        [](double a, double b, double) { return std::trunc(a / b); });
  check("vmin", 2, {I32, I8, I32}, kIntegers,
        [](double a, double b, double) { return std::min(a, b); });
  check("vmax", 2, {I32, I8, I32}, kIntegers,
        [](double a, double b, double) { return std::max(a, b); });
  check("vand", 2, {I32, I32, I32}, kIntegers,
        [](double a, double b, double) { return int(a) & int(b); });
  check("vor", 2, {I32, I32, I32}, kIntegers,
        [](double a, double b, double) { return int(a) | int(b); });
  check("vxor", 2, {I32, I32, I32}, kIntegers,
        [](double a, double b, double) { return int(a) ^ int(b); });
  check("vnot", 1, {I32, I8}, kIntegers,
        [](double a, double, double) { return ~int(a); });
  check("vneg", 1, {I32, I32}, kIntegers,
        [](double a, double, double) { return -a; });
  check("vabs", 1, {I32, I8}, kIntegers,
        [](double a, double, double) { return std::fabs(a); });
}

TEST_F(VectorTest, WrapsIntegers) {
  EXPECT_EQ(run("vadd", I32, 1, 2,
                {{I32, "", {2147483647, -2147483648.0}}, {I32, "", {1, -1}}}),
            (std::vector<double>{-2147483648.0, 2147483647}));
  EXPECT_EQ(
      run("vdiv", I32, 1, 1, {{I32, "", {-2147483648.0}}, {I32, "", {-1}}}),
      std::vector<double>{-2147483648.0});
  EXPECT_EQ(run("vmov", I8, 1, 3, {{I32, "", {200, -129, 256}}}),
            (std::vector<double>{-56, 127, 0}));
}

TEST_F(VectorTest, SelectsAndMultipliesAndAdds) {
  auto select = [](double a, double b, double c) { return a != 0 ? b : c; };
  check("vselect", 3, {F32, F32, F32, F32}, kFloats, select);
  check("vselect", 3, {F16, I32, F32, F16}, kIntegers, select);
  check("vselect", 3, {I32, U8, I32, I8}, kIntegers, select);
  check("vselect", 3, {I32, F16, I32, I8}, kIntegers, select);
  auto fma = [](double a, double b, double c) {
    return double(float(a * b)) + c;
  };
  check("vfma", 3, {F32, F32, F32, F32}, kFloats, fma);
  check("vfma", 3, {F16, F16, F16, F32}, kFloats, fma);
  check("vfma", 3, {I32, I32, I8, I32}, kIntegers,
        [](double a, double b, double c) { return a * b + c; });
}

TEST_F(VectorTest, Converts) {
  auto identity = [](double a, double, double) { return a; };
  for (Type target : {I32, I8, U8})
    for (Type source : {F32, F16, BF16})
      check("vmov", 1, {target, source},
            {0, 1.5, -1.5, 2.5, 126.9, -127.9, 128, -129, 255.5, 256, 1e10,
             -1e10, kInf, -kInf, NAN},
            identity);
  for (Type target : {F32, F16, BF16})
    check("vmov", 1, {target, I32},
          {0, 1, -1, 16777217, -16777219, 2049, 2051, 65519, 65520, 1e9, 257},
          identity);
  // Ties, subnormals, overflow of the narrow types.
  std::vector<double> hard = {1 + 1.0 / 2048,
                              1 + 3.0 / 2048,
                              65519,
                              65520,
                              -65536,
                              std::ldexp(1, -24),
                              std::ldexp(1, -25),
                              std::ldexp(3, -25),
                              std::ldexp(1.5, -15),
                              std::ldexp(1023.5, -24),
                              1 + 1.0 / 256,
                              1 + 3.0 / 256,
                              3.4e38,
                              1e-40};
  check("vmov", 1, {F16, F32}, hard, identity);
  check("vmov", 1, {BF16, F32}, hard, identity);
}

TEST_F(VectorTest, Reduces) {
  const int64_t rows = 5, cols = 70;
  for (std::string name : {"rsum", "rmax", "rmin", "rprod"})
    for (bool columns : {true, false})
      for (bool into : {false, true})
        for (auto [target, source] : {std::pair(F32, F32),
                                      {F32, F16},
                                      {F16, BF16},
                                      {I32, I8},
                                      {I32, I32}}) {
          bool floats = msc::npu::isFloat(source);
          std::vector<double> values, initial;
          for (int64_t i = 0; i < rows * cols; ++i)
            values.push_back(floats ? (i * 37 % 19 - 9) / 8.0
                                    : double(i * 37 % 5 - 2));
          int64_t outer = columns ? rows : cols, inner = columns ? cols : rows;
          for (int64_t i = 0; i < outer; ++i)
            initial.push_back(double(i % 3));
          std::vector<double> expected;
          for (int64_t i = 0; i < outer; ++i) {
            double sum = into              ? initial[i]
                         : name == "rsum"  ? 0
                         : name == "rprod" ? 1
                                           : (name == "rmax" ? -1 : 1) *
                                                 (floats ? kInf : 2147483647.0);
            for (int64_t j = 0; j < inner; ++j) {
              double x = values[columns ? i * cols + j : j * cols + i];
              sum = name == "rsum"    ? sum + x
                    : name == "rprod" ? sum * x
                    : name == "rmax"  ? std::max(sum, x)
                                      : std::min(sum, x);
              sum = floats ? float(sum) : sum;
            }
            expected.push_back(rounded(target, sum));
          }
          std::vector<Chip::Bytes> buffers = {encode(source, values),
                                              encode(target, initial)};
          int64_t size = msc::npu::bytesOf(target);
          // A column lies densely here.
          int64_t targetRows = columns ? rows : 1;
          std::string move = transfer("%", 1, 0x20000, targetRows,
                                      outer / targetRows * size, size);
          auto with = [&](const char *direction) {
            std::string text = move;
            return text.replace(text.find('%'), 1, direction);
          };
          std::string text =
              transfer("load", 0, 0, rows, cols * msc::npu::bytesOf(source)) +
              with("load") + "fence\n" + li(20, 0x20000) + li(21, rows) +
              li(22, cols) + li(23, size) + li(24, kRowBytes) + name + "." +
              msc::npu::nameOf(target) + "." + msc::npu::nameOf(source) +
              (columns ? ".cols" : ".rows") + (into ? ".into" : "") +
              " r20, r0, r21, r22, r23, r24\nfence\n" + with("store");
          ASSERT_RUNS(chip.run(text, buffers)) << name;
          expectSame(decode(target, buffers[1]), expected, name);
        }
}

TEST_F(VectorTest, TransposesAndCounts) {
  for (Type type : {F32, F16, I8}) {
    const int64_t rows = 7, cols = 40, size = msc::npu::bytesOf(type);
    std::vector<double> values, expected;
    for (int64_t i = 0; i < rows * cols; ++i)
      values.push_back(double(i % 101));
    for (int64_t j = 0; j < cols; ++j)
      for (int64_t i = 0; i < rows; ++i)
        expected.push_back(values[i * cols + j]);
    std::vector<Chip::Bytes> buffers = {encode(type, values),
                                        Chip::Bytes(rows * cols * size)};
    std::string name = msc::npu::nameOf(type);
    ASSERT_RUNS(chip.run(transfer("load", 0, 0, rows, cols * size) + "fence\n" +
                             li(20, 0x40000) + li(21, rows) + li(22, cols) +
                             li(24, kRowBytes) + "transpose." + name + "." +
                             name + " r20, r0, r21, r22, r24, r24\nfence\n" +
                             transfer("store", 1, 0x40000, cols, rows * size),
                         buffers));
    expectSame(decode(type, buffers[1]), expected, "transpose");
  }
  for (bool columns : {false, true})
    for (Type type : {F32, I32, F16}) {
      const int64_t rows = 3, cols = 40, size = msc::npu::bytesOf(type);
      std::vector<Chip::Bytes> buffers = {Chip::Bytes(rows * cols * size)};
      ASSERT_RUNS(chip.run(
          li(20, -2) + li(21, rows) + li(22, cols) + li(24, kRowBytes) +
              "iota." + msc::npu::nameOf(type) + (columns ? ".cols" : ".rows") +
              " r0, r20, r21, r22, r24\nfence\n" +
              transfer("store", 0, 0, rows, cols * size),
          buffers));
      std::vector<double> expected;
      for (int64_t i = 0; i < rows * cols; ++i)
        expected.push_back(double(columns ? i % cols : i / cols) - 2);
      expectSame(decode(type, buffers[0]), expected, "iota");
    }
}

TEST_F(VectorTest, ChecksTiles) {
  std::string fill = li(1, 0x4000) + li(2, 1) + li(3, 0x40) + li(4, 16) +
                     li(5, 8) + li(6, 0x2000) + li(7, 0x2020) + li(8, 4) +
                     "fill.1 dma0, r0, r0, r1, r2, r2, r2, r0, r0, r0\nfence\n";
  auto run = [&](const std::string &text) { return chip.run(fill + text); };
  // In place, from far, side by side in the rows of one matrix.
  EXPECT_RUNS(run("vneg.f32.f32 r0, r0, r5, r4, r3, r3"));
  EXPECT_RUNS(run("vneg.f32.f32 r6, r0, r5, r4, r3, r3"));
  EXPECT_RUNS(run("vneg.f32.f32 r7, r6, r5, r5, r3, r3"));
  EXPECT_FAULT(run("vneg.f32.f32 r7, r6, r5, r4, r3, r3"),
               "the result overlaps a source, and is not the same tile");
  EXPECT_FAULT(run("vneg.f16.f32 r6, r6, r5, r4, r3, r3"), "overlaps a source");
  EXPECT_FAULT(run("vadd.f32.f32.f32 r6, r0, r6:row, r5, r4, r3, r3, r0"),
               "overlaps a source");
  EXPECT_FAULT(run("transpose.f32.f32 r0, r0, r5, r5, r3, r3"),
               "overlaps a source");
  EXPECT_FAULT(run("vneg.f32.f32 r6, r8, r5, r4, r3, r3"),
               "misaligned: source a at local 0x4");
  EXPECT_FAULT(run("vneg.f32.f32 r8, r0, r5, r4, r3, r3"),
               "misaligned: the result");
  EXPECT_FAULT(run("vneg.f32.f32 r6, r0, r5, r4, r3, r4"),
               "rows 16 bytes apart, expected multiples of 32 and 32");
  EXPECT_FAULT(run("vneg.f32.f32 r6, r0, r5, r3, r3, r3"),
               "source a: rows of 256 bytes are 64 bytes apart");
  EXPECT_FAULT(run("li r9, -1\nvneg.f32.f32 r6, r0, r9, r4, r3, r3"),
               "-1 x 16 is no extent of a tile");
  EXPECT_FAULT(run("vdiv.i32.i32.i32 r6, r0, r0, r5, r4, r3, r3, r3"),
               "division by zero");
  EXPECT_FAULT(run("vneg.f32.f32 r6, r1, r5, r4, r3, r3"),
               "reads local 0x4000, which nothing has written");
  // Nothing to do: nothing to check.
  EXPECT_RUNS(run("vneg.f32.f32 r8, r8, r0, r4, r3, r3"));
}

} // namespace
