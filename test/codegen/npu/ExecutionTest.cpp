//===- ExecutionTest.cpp - Regions compiled for the accelerator, and run --===//
// The reference computes in double precision; tolerances are those of the types
// that a schedule rounds to.
#include "test/codegen/npu/RegionOnChip.h"
#include <cmath>
#include <functional>
#include <gtest/gtest.h>

using namespace msc::test;

namespace {

using Reference = std::function<double(int64_t)>;

void expectNear(const Array &array, const Reference &reference,
                double tolerance) {
  unsigned shown = 0;
  for (int64_t i = 0, n = array.count(); i < n && shown < 5; ++i) {
    double want = reference(i), got = array.get(i);
    if (std::abs(got - want) <= tolerance * std::max(1.0, std::abs(want)))
      continue;
    ++shown;
    ADD_FAILURE() << "element " << i << ": expected " << want << ", got "
                  << got;
  }
}

std::string tensor(const Array &array) {
  return "tensor<" + array.text() + ">";
}

/// func.func @f of the arrays, the last of which is the result %r.
std::string function(const std::vector<Array *> &arrays,
                     const std::string &body) {
  std::string text = "func.func @f(";
  for (size_t i = 0; i < arrays.size(); ++i)
    text += (i ? ", %a" : "%a") + std::to_string(i) + ": " + tensor(*arrays[i]);
  std::string result = tensor(*arrays.back());
  return text + ") -> " + result + " {\n" + body + "\n  return %r : " + result +
         "\n}\n";
}

/// A generic that names its operands as `%name : type`.
std::string generic(const std::string &name, const std::string &dims,
                    const std::vector<std::string> &maps,
                    const std::string &kinds,
                    const std::vector<std::pair<std::string, std::string>> &ins,
                    const std::pair<std::string, std::string> &out,
                    const std::string &body) {
  std::string text = "  " + name + " = linalg.generic {indexing_maps = [";
  for (size_t i = 0; i < maps.size(); ++i)
    text +=
        (i ? ", " : "") + ("affine_map<(" + dims + ") -> (" + maps[i]) + ")>";
  text += "], iterator_types = [";
  for (size_t i = 0; i < kinds.size(); ++i)
    text += (i ? ", \"" : "\"") +
            std::string(kinds[i] == 'p' ? "parallel" : "reduction") + "\"";
  text += "]} ins(";
  for (size_t i = 0; i < ins.size(); ++i)
    text += (i ? ", " : "") + ins[i].first;
  text += " : ";
  for (size_t i = 0; i < ins.size(); ++i)
    text += (i ? ", " : "") + ins[i].second;
  return text + ") outs(" + out.first + " : " + out.second + ") {\n" + body +
         "\n  } -> " + out.second + "\n";
}

/// Empty tensor and fill: %e<id>, %f<id>.
std::string filled(const std::string &id, const std::string &value,
                   const std::string &type, const std::string &shaped) {
  return "  %c" + id + " = arith.constant " + value + " : " + type + "\n  %e" +
         id + " = tensor.empty() : " + shaped + "\n  %f" + id +
         " = linalg.fill ins(%c" + id + " : " + type + ") outs(%e" + id +
         " : " + shaped + ") -> " + shaped + "\n";
}

struct ProductCase {
  int64_t m, n, k;
  std::string type = "f16", result = "f16";
  bool transposeA = false, transposeB = false, epilogue = false;
  int64_t batch = 0;
};

void PrintTo(const ProductCase &c, std::ostream *os) {
  *os << c.batch << "x" << c.m << "x" << c.n << "x" << c.k << " " << c.type;
}

std::vector<int64_t> withBatch(int64_t batch, std::vector<int64_t> shape) {
  if (batch)
    shape.insert(shape.begin(), batch);
  return shape;
}

/// c = a b in f32, then + bias, relu, and rounded.
Outcome runProduct(const ProductCase &c) {
  using Shape = std::vector<int64_t>;
  Array a = Array::random(
      c.type,
      withBatch(c.batch, c.transposeA ? Shape{c.k, c.m} : Shape{c.m, c.k}), 1);
  Array b = Array::random(
      c.type,
      withBatch(c.batch, c.transposeB ? Shape{c.n, c.k} : Shape{c.k, c.n}), 2);
  Array bias = Array::random("f32", {c.n}, 3);
  Array out(c.result, withBatch(c.batch, {c.m, c.n}));
  Array wide("f32", out.shape);

  std::string z = c.batch ? "z, " : "", dims = z + "m, n, k",
              kinds = c.batch ? "pppr" : "ppr";
  std::string x = "%x", y = "%y", code;
  if (c.type != "f32") {
    code = "    %xw = arith.extf %x : " + c.type +
           " to f32\n    %yw = "
           "arith.extf %y : " +
           c.type + " to f32\n";
    x = "%xw";
    y = "%yw";
  }
  code += "    %p = arith.mulf " + x + ", " + y +
          " : f32\n    %s = arith.addf %o, %p : f32\n    linalg.yield %s : f32";
  std::string body = filled("0", "0.0", "f32", tensor(wide));
  body += generic(
      "%p", dims,
      {z + (c.transposeA ? "k, m" : "m, k"),
       z + (c.transposeB ? "n, k" : "k, n"), z + "m, n"},
      kinds, {{"%a0", tensor(a)}, {"%a1", tensor(b)}}, {"%f0", tensor(wide)},
      "  ^bb0(%x: " + c.type + ", %y: " + c.type + ", %o: f32):\n" + code);
  std::string rest = "  ^bb0(%x: f32, %y: f32, %o: " + c.result + "):\n",
              last = "%x";
  if (c.epilogue) {
    rest +=
        "    %z = arith.constant 0.0 : f32\n    %s = arith.addf %x, %y : f32\n"
        "    %g = arith.cmpf ugt, %z, %s : f32\n"
        "    %t = arith.select %g, %z, %s : f32\n";
    last = "%t";
  }
  if (c.result != "f32") {
    rest += "    %n = arith.truncf " + last + " : f32 to " + c.result + "\n";
    last = "%n";
  }
  rest += "    linalg.yield " + last + " : " + c.result;
  body += generic("%r", z + "m, n", {z + "m, n", "n", z + "m, n"},
                  c.batch ? "ppp" : "pp",
                  {{"%p", tensor(wide)}, {"%a2", tensor(bias)}},
                  {"%a3", tensor(out)}, rest);
  std::vector<Array *> arrays = {&a, &b, &bias, &out};
  Outcome outcome = runOnChip(function(arrays, body), arrays);
  EXPECT_EQ(outcome.error, "");
  if (!outcome.error.empty())
    return outcome;
  double tolerance = (c.result == "f32"   ? 1e-5
                      : c.result == "f16" ? 1e-3
                                          : 8e-3) +
                     (c.type == "f32" ? 1e-3 * std::sqrt(double(c.k)) : 0);
  std::vector<double> left = a.values(), right = b.values();
  expectNear(
      out,
      [&](int64_t at) {
        int64_t j = at % c.n, i = at / c.n % c.m, batch = at / (c.n * c.m);
        double sum = 0;
        for (int64_t p = 0; p < c.k; ++p)
          sum += left[batch * c.m * c.k +
                      (c.transposeA ? p * c.m + i : i * c.k + p)] *
                 right[batch * c.k * c.n +
                       (c.transposeB ? j * c.k + p : p * c.n + j)];
        return c.epilogue ? std::max(0.0, sum + bias.get(j)) : sum;
      },
      tolerance);
  return outcome;
}

TEST(NpuExecutionTest, AddsTensors) {
  Array a = Array::random("f32", {40, 25}, 1),
        b = Array::random("f32", {40, 25}, 2);
  Array out("f32", {40, 25});
  std::vector<Array *> arrays = {&a, &b, &out};
  std::string t = tensor(a);
  Outcome outcome = runOnChip(
      function(arrays, "  %r = linalg.add ins(%a0, %a1 : " + t + ", " + t +
                           ") outs(%a2 : " + t + ") -> " + t),
      arrays);
  ASSERT_EQ(outcome.error, "");
  expectNear(
      out, [&](int64_t i) { return a.get(i) + b.get(i); }, 1e-7);
}

class ProductTest : public testing::TestWithParam<ProductCase> {};

TEST_P(ProductTest, IsRight) { runProduct(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Shapes, ProductTest,
    testing::Values(
        ProductCase{16, 16, 16}, ProductCase{130, 70, 200},
        ProductCase{1, 33, 65}, ProductCase{129, 1, 257},
        ProductCase{7, 5, 1000, "bf16", "bf16"},
        ProductCase{70, 130, 90, "f32", "f32"},
        ProductCase{70, 130, 90, "f32", "f32", true, true, true},
        ProductCase{150, 40, 60, "f16", "f32", true, false, true},
        ProductCase{33, 200, 140, "f16", "f16", false, true, true},
        ProductCase{20, 30, 150, "f16", "f16", false, true, false, 3},
        ProductCase{20, 30, 40, "f32", "f32", false, false, true, 4}));

TEST(NpuExecutionTest, KeepsTheMatrixUnitBusy) {
  ProductCase half{512, 512, 512}, rest = half, rounded = half;
  rest.epilogue = true;
  rounded.type = rounded.result = "f32";
  Outcome outcome = runProduct(half);
  EXPECT_EQ(outcome.schedule, "product 128x128x128");
  EXPECT_EQ(outcome.counters.multiplyAdds, uint64_t(512) * 512 * 512);
  EXPECT_GT(outcome.counters.utilization(), 0.95);
  EXPECT_GT(runProduct(rest).counters.utilization(), 0.95);
  // The vector unit rounds operands behind the results of the block before.
  double f32 = runProduct(rounded).counters.utilization();
  std::printf("512 x 512 x 512 in f32: %.1f %% of the peak\n", 100 * f32);
  EXPECT_GT(f32, 0.6);
}

/// An f32 reduction of the last dim of `in` into %name.
std::string reduction(const std::string &name, const std::string &combiner,
                      const std::string &neutral, const Array &in,
                      const std::string &tensorName, const Array &narrow) {
  return filled(name, neutral, "f32", tensor(narrow)) +
         generic("%" + name, "i, j", {"i, j", "i"}, "pr",
                 {{tensorName, tensor(in)}}, {"%f" + name, tensor(narrow)},
                 "  ^bb0(%x: f32, %o: f32):\n    %s = arith." + combiner +
                     " %x, %o : f32\n    linalg.yield %s : f32");
}

class RowTest : public testing::TestWithParam<std::pair<int64_t, int64_t>> {};

TEST_P(RowTest, Softmax) {
  auto [rows, cols] = GetParam();
  Array in = Array::random("f32", {rows, cols}, 1), out("f32", {rows, cols});
  Array narrow("f32", {rows});
  std::vector<Array *> arrays = {&in, &out};
  std::string t = tensor(in), n = tensor(narrow);
  std::string body =
      reduction("max", "maximumf", "0xFF800000", in, "%a0", narrow) +
      "  %e = tensor.empty() : " + t + "\n" +
      generic(
          "%exp", "i, j", {"i, j", "i", "i, j"}, "pp",
          {{"%a0", t}, {"%max", n}}, {"%e", t},
          "  ^bb0(%x: f32, %y: f32, %o: f32):\n    %s = arith.subf %x, %y : "
          "f32\n    %t = math.exp %s : f32\n    linalg.yield %t : f32") +
      reduction("sum", "addf", "0.0", in, "%exp", narrow) +
      generic(
          "%r", "i, j", {"i, j", "i", "i, j"}, "pp", {{"%exp", t}, {"%sum", n}},
          {"%a1", t},
          "  ^bb0(%x: f32, %y: f32, %o: f32):\n    %s = arith.divf %x, %y : "
          "f32\n    linalg.yield %s : f32");
  Outcome outcome = runOnChip(function(arrays, body), arrays);
  ASSERT_EQ(outcome.error, "");
  int64_t width = cols;
  expectNear(
      out,
      [&](int64_t at) {
        double sum = 0;
        for (int64_t j = 0; j < width; ++j)
          sum += std::exp(in.get(at - at % width + j));
        return std::exp(in.get(at)) / sum;
      },
      1e-5);
}

TEST_P(RowTest, LayerNorm) {
  auto [rows, cols] = GetParam();
  int64_t width = cols;
  Array in = Array::random("f32", {rows, cols}, 1), out("f32", {rows, cols});
  Array scale = Array::random("f32", {cols}, 2),
        shift = Array::random("f32", {cols}, 3);
  Array narrow("f32", {rows});
  std::vector<Array *> arrays = {&in, &scale, &shift, &out};
  std::string t = tensor(in), n = tensor(narrow), c = tensor(scale);
  std::string count =
      "    %n = arith.constant " + std::to_string(cols) + ".0 : f32\n";
  std::string body =
      reduction("sum", "addf", "0.0", in, "%a0", narrow) +
      "  %e = tensor.empty() : " + t + "\n" +
      generic(
          "%centred", "i, j", {"i, j", "i", "i, j"}, "pp",
          {{"%a0", t}, {"%sum", n}}, {"%e", t},
          "  ^bb0(%x: f32, %y: f32, %o: f32):\n" + count +
              "    %m = arith.divf %y, %n : f32\n    %s = arith.subf %x, %m : "
              "f32\n    linalg.yield %s : f32") +
      filled("1", "0.0", "f32", n) +
      generic("%squares", "i, j", {"i, j", "i"}, "pr", {{"%centred", t}},
              {"%f1", n},
              "  ^bb0(%x: f32, %o: f32):\n    %q = arith.mulf %x, %x : f32\n   "
              " %s = "
              "arith.addf %o, %q : f32\n    linalg.yield %s : f32") +
      generic(
          "%r", "i, j", {"i, j", "i", "j", "j", "i, j"}, "pp",
          {{"%centred", t}, {"%squares", n}, {"%a1", c}, {"%a2", c}},
          {"%a3", t},
          "  ^bb0(%x: f32, %y: f32, %w: f32, %v: f32, %o: f32):\n" + count +
              "    %eps = arith.constant 1.0e-5 : f32\n    %d = arith.divf %y, "
              "%n : f32\n    %p = arith.addf %d, %eps : f32\n    %i = "
              "math.rsqrt "
              "%p : f32\n    %s = arith.mulf %x, %i : f32\n    %q = arith.mulf "
              "%s, %w : f32\n    %b = arith.addf %q, %v : f32\n    "
              "linalg.yield %b : f32");
  Outcome outcome = runOnChip(function(arrays, body), arrays);
  ASSERT_EQ(outcome.error, "");
  std::vector<double> means, factors;
  for (int64_t i = 0; i < rows; ++i) {
    double sum = 0, squares = 0;
    for (int64_t j = 0; j < width; ++j)
      sum += in.get(i * width + j);
    for (int64_t j = 0; j < width; ++j)
      squares += std::pow(in.get(i * width + j) - sum / width, 2);
    means.push_back(sum / width);
    factors.push_back(1 / std::sqrt(squares / width + 1e-5));
  }
  expectNear(
      out,
      [&](int64_t at) {
        int64_t i = at / width, j = at % width;
        return (in.get(at) - means[i]) * factors[i] * scale.get(j) +
               shift.get(j);
      },
      2e-5);
}

INSTANTIATE_TEST_SUITE_P(Shapes, RowTest,
                         testing::Values(std::pair(1, 7), std::pair(5, 1000),
                                         std::pair(600, 33),
                                         std::pair(130, 384),
                                         std::pair(3, 9000)));

// A tensor without rows, one without columns, one of a single element, one
// whose dims lie the other way round.
TEST(NpuExecutionTest, Broadcasts) {
  Array a = Array::random("f32", {3, 50, 70}, 1),
        row = Array::random("f16", {70}, 2),
        column = Array::random("f32", {50, 1}, 3),
        one = Array::random("f32", {1}, 4),
        turned = Array::random("f32", {70, 50}, 5);
  Array out("f32", {3, 50, 70});
  std::vector<Array *> arrays = {&a, &row, &column, &one, &turned, &out};
  std::string body = generic(
      "%r", "b, i, j", {"b, i, j", "j", "i, 0", "0", "j, i", "b, i, j"}, "ppp",
      {{"%a0", tensor(a)},
       {"%a1", tensor(row)},
       {"%a2", tensor(column)},
       {"%a3", tensor(one)},
       {"%a4", tensor(turned)}},
      {"%a5", tensor(out)},
      "  ^bb0(%x: f32, %h: f16, %y: f32, %z: f32, %w: f32, %o: f32):\n"
      "    %v = arith.extf %h : f16 to f32\n    %p = arith.mulf %x, %v : f32\n"
      "    %q = arith.addf %p, %y : f32\n    %s = arith.subf %q, %z : f32\n"
      "    %t = arith.maximumf %s, %w : f32\n    linalg.yield %t : f32");
  Outcome outcome = runOnChip(function(arrays, body), arrays);
  ASSERT_EQ(outcome.error, "");
  expectNear(
      out,
      [&](int64_t at) {
        int64_t j = at % 70, i = at / 70 % 50;
        return std::max(a.get(at) * row.get(j) + column.get(i) - one.get(0),
                        turned.get(j * 50 + i));
      },
      1e-6);
}

// Reduced along the rows, along both, and from a tensor of bools.
TEST(NpuExecutionTest, ReducesOtherDims) {
  Array in = Array::random("f32", {4, 60, 70}, 1), out("f32", {4, 70});
  std::vector<Array *> arrays = {&in, &out};
  std::string code =
      "  ^bb0(%x: f32, %o: f32):\n    %s = arith.addf %x, %o : f32\n"
      "    linalg.yield %s : f32";
  Outcome outcome = runOnChip(
      function(arrays,
               filled("0", "2.0", "f32", tensor(out)) +
                   generic("%r", "b, i, j", {"b, i, j", "b, j"}, "prp",
                           {{"%a0", tensor(in)}}, {"%f0", tensor(out)}, code)),
      arrays);
  ASSERT_EQ(outcome.error, "");
  expectNear(
      out,
      [&](int64_t at) {
        double sum = 2;
        for (int64_t i = 0; i < 60; ++i)
          sum += in.get((at / 70 * 60 + i) * 70 + at % 70);
        return sum;
      },
      1e-5);

  Array mask = Array::random("i1", {60, 70}, 2), total("f32", {1});
  arrays = {&mask, &total};
  outcome = runOnChip(
      function(
          arrays,
          filled("0", "0.0", "f32", tensor(total)) +
              generic("%r", "i, j", {"i, j", "0"}, "rr",
                      {{"%a0", tensor(mask)}}, {"%f0", tensor(total)},
                      "  ^bb0(%x: i1, %o: f32):\n    %u = arith.uitofp %x : i1 "
                      "to f32\n    %s = arith.addf %o, %u : f32\n    "
                      "linalg.yield %s : f32")),
      arrays);
  ASSERT_EQ(outcome.error, "");
  double ones = 0;
  for (int64_t i = 0; i < mask.count(); ++i)
    ones += mask.get(i);
  EXPECT_EQ(total.get(0), ones);
}

// NHWC, a filter of HWIO, stride 2 along the width only.
TEST(NpuExecutionTest, Convolves) {
  Array in = Array::random("f16", {2, 9, 23, 40}, 1);
  Array filter = Array::random("f16", {3, 3, 40, 24}, 2);
  Array out("f32", {2, 7, 11, 24});
  std::vector<Array *> arrays = {&in, &filter, &out};
  Outcome outcome = runOnChip(
      function(
          arrays,
          filled("0", "0.0", "f32", tensor(out)) +
              generic(
                  "%r", "b, y, x, o, p, q, c",
                  {"b, y + p, x * 2 + q, c", "p, q, c, o", "b, y, x, o"},
                  "pppprrr", {{"%a0", tensor(in)}, {"%a1", tensor(filter)}},
                  {"%f0", tensor(out)},
                  "  ^bb0(%x: f16, %y: f16, %o: f32):\n    %v = arith.extf %x "
                  ": f16 to f32\n    %w = arith.extf %y : f16 to f32\n    %m = "
                  "arith.mulf %v, %w : f32\n    %s = arith.addf %o, %m : f32\n "
                  "   linalg.yield %s : f32")),
      arrays);
  ASSERT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.schedule, "product 11x24x120");
  std::vector<double> x = in.values(), w = filter.values();
  expectNear(
      out,
      [&](int64_t at) {
        int64_t o = at % 24, column = at / 24 % 11, row = at / 264 % 7,
                b = at / 1848;
        double sum = 0;
        for (int64_t p = 0; p < 3; ++p)
          for (int64_t q = 0; q < 3; ++q)
            for (int64_t c = 0; c < 40; ++c)
              sum += x[((b * 9 + row + p) * 23 + column * 2 + q) * 40 + c] *
                     w[((p * 3 + q) * 40 + c) * 24 + o];
        return sum;
      },
      1e-4);
}

TEST(NpuExecutionTest, Pools) {
  Array in = Array::random("f32", {2, 9, 11, 70}, 1), out("f32", {2, 4, 5, 70});
  std::vector<Array *> arrays = {&in, &out};
  std::string body = "  %w = tensor.empty() : tensor<3x3xf32>\n";
  Outcome outcome = runOnChip(
      function(
          arrays,
          body + filled("0", "0xFF800000", "f32", tensor(out)) +
              generic(
                  "%r", "b, y, x, c, p, q",
                  {"b, y * 2 + p, x * 2 + q, c", "p, q", "b, y, x, c"},
                  "pppprr", {{"%a0", tensor(in)}, {"%w", "tensor<3x3xf32>"}},
                  {"%f0", tensor(out)},
                  "  ^bb0(%x: f32, %y: f32, %o: f32):\n    %s = "
                  "arith.maximumf %o, %x : f32\n    linalg.yield %s : f32")),
      arrays);
  ASSERT_EQ(outcome.error, "");
  expectNear(
      out,
      [&](int64_t at) {
        int64_t c = at % 70, column = at / 70 % 5, row = at / 350 % 4,
                b = at / 1400;
        double most = -1e30;
        for (int64_t p = 0; p < 3; ++p)
          for (int64_t q = 0; q < 3; ++q)
            most = std::max(
                most,
                in.get(((b * 9 + row * 2 + p) * 11 + column * 2 + q) * 70 + c));
        return most;
      },
      0);
}

// As regions have it: the exponentials and their sum come from one op.
TEST(NpuExecutionTest, ReducesWhatItAlsoGivesOut) {
  Array in = Array::random("f32", {30, 90}, 1), out("f32", {30, 90});
  Array narrow("f32", {30});
  std::vector<Array *> arrays = {&in, &out};
  std::string t = tensor(in), n = tensor(narrow);
  std::string body =
      "  %e = tensor.empty() : " + t + "\n" + filled("0", "0.0", "f32", n) +
      "  %b:2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, "
      "affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], "
      "iterator_types = "
      "[\"parallel\", \"reduction\"]} ins(%a0 : " +
      t + ") outs(%e, %f0 : " + t + ", " + n +
      ") {\n  ^bb0(%x: f32, %o: f32, %c: f32):\n    %u = math.exp %x : "
      "f32\n    %s = arith.addf %c, %u : f32\n    linalg.yield %u, %s : f32, "
      "f32\n"
      "  } -> (" +
      t + ", " + n + ")\n" +
      generic(
          "%r", "i, j", {"i, j", "i", "i, j"}, "pp", {{"%b#0", t}, {"%b#1", n}},
          {"%a1", t},
          "  ^bb0(%x: f32, %y: f32, %o: f32):\n    %s = arith.divf %x, %y : "
          "f32\n    linalg.yield %s : f32");
  Outcome outcome = runOnChip(function(arrays, body), arrays);
  ASSERT_EQ(outcome.error, "");
  expectNear(
      out,
      [&](int64_t at) {
        double sum = 0;
        for (int64_t j = 0; j < 90; ++j)
          sum += std::exp(in.get(at - at % 90 + j));
        return std::exp(in.get(at)) / sum;
      },
      1e-5);
}

TEST(NpuExecutionTest, ReadsIndices) {
  Array in = Array::random("i64", {30, 7}, 1), out("f32", {30, 7});
  std::vector<Array *> arrays = {&in, &out};
  Outcome outcome = runOnChip(
      function(
          arrays,
          generic(
              "%r", "i, j", {"i, j", "i, j"}, "pp", {{"%a0", tensor(in)}},
              {"%a1", tensor(out)},
              "  ^bb0(%x: i64, %o: f32):\n    %s = arith.sitofp %x : i64 to "
              "f32\n    linalg.yield %s : f32")),
      arrays);
  ASSERT_EQ(outcome.error, "");
  expectNear(
      out, [&](int64_t at) { return in.get(at); }, 0);
}

TEST(NpuExecutionTest, TellsWhatItRefuses) {
  Array in("f32", {4, 6}), out("f32", {24});
  std::vector<Array *> arrays = {&in, &out};
  Outcome outcome = runOnChip(
      function(arrays, "  %r = tensor.collapse_shape %a0 [[0, 1]] : " +
                           tensor(in) + " into " + tensor(out)),
      arrays);
  EXPECT_EQ(outcome.error, "a reshape that splits or joins dims");
}

} // namespace
