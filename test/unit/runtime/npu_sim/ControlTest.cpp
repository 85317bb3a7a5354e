// Scalars, branches and loops.
#include "test/unit/runtime/npu_sim/Chip.h"

#include <functional>
#include <limits>

using namespace msc::test;

namespace {

/// Stores r3 to the first eight bytes of buffer 0.
const char *const kStoreR3 = R"(
  li r60, 1
  li r61, 4
  li r62, 8
  fill.4 dma0, r0, r3, r61, r60, r60, r60, r0, r0, r0
  li r59, 32
  shr r58, r3, r59
  fill.4 dma0, r61, r58, r61, r60, r60, r60, r0, r0, r0
  store dma0, b0, r0, r0, r62, r60, r60, r60, r0, r0, r0, r0, r0, r0
)";

class ControlTest : public ::testing::Test {
protected:
  int64_t result(const std::string &body, std::vector<int64_t> scalars = {}) {
    std::vector<Chip::Bytes> buffers = {Chip::Bytes(8, 0xcc)};
    EXPECT_RUNS(chip.run(body + kStoreR3, buffers, scalars)) << body;
    return valuesOf<int64_t>(buffers[0])[0];
  }

  Chip chip;
};

int64_t floorDiv(int64_t a, int64_t b) {
  __int128 q = __int128(a) / b, r = __int128(a) % b;
  return int64_t(q - (r != 0 && (r < 0) != (b < 0)));
}
int64_t wrap(__int128 value) { return int64_t(uint64_t(value)); }

TEST_F(ControlTest, ComputesScalars) {
  struct {
    const char *name;
    std::function<int64_t(int64_t, int64_t)> reference;
  } const ops[] = {
      {"add", [](int64_t a, int64_t b) { return wrap(__int128(a) + b); }},
      {"sub", [](int64_t a, int64_t b) { return wrap(__int128(a) - b); }},
      {"mul", [](int64_t a, int64_t b) { return wrap(__int128(a) * b); }},
      {"div", floorDiv},
      {"rem", [](int64_t a,
                 int64_t b) { return wrap(a - __int128(floorDiv(a, b)) * b); }},
      {"min", [](int64_t a, int64_t b) { return std::min(a, b); }},
      {"max", [](int64_t a, int64_t b) { return std::max(a, b); }},
      {"and", [](int64_t a, int64_t b) { return a & b; }},
      {"or", [](int64_t a, int64_t b) { return a | b; }},
      {"shl",
       [](int64_t a, int64_t b) { return int64_t(uint64_t(a) << (b & 63)); }},
      {"shr", [](int64_t a, int64_t b) { return a >> (b & 63); }},
      {"slt", [](int64_t a, int64_t b) { return int64_t(a < b); }},
      {"sle", [](int64_t a, int64_t b) { return int64_t(a <= b); }},
      {"seq", [](int64_t a, int64_t b) { return int64_t(a == b); }},
      {"sne", [](int64_t a, int64_t b) { return int64_t(a != b); }},
  };
  const int64_t least = std::numeric_limits<int64_t>::min();
  const int64_t most = std::numeric_limits<int64_t>::max();
  const int64_t values[] = {0, 1, -1, 2, 7, -7, 3, 63, 1000003, least, most};
  for (const auto &op : ops)
    for (int64_t a : values)
      for (int64_t b : values) {
        bool divides =
            std::string(op.name) == "div" || std::string(op.name) == "rem";
        if (divides && b == 0)
          continue;
        EXPECT_EQ(result(std::string("arg r1, 0\narg r2, 1\n") + op.name +
                             " r3, r1, r2",
                         {a, b}),
                  op.reference(a, b))
            << op.name << " " << a << ", " << b;
      }
}

TEST_F(ControlTest, ReportsDivisionByZero) {
  EXPECT_FAULT(chip.run("li r1, 5\ndiv r2, r1, r0"),
               "instruction 1 (div, control): division by zero");
  EXPECT_FAULT(chip.run("li r1, 5\nrem r2, r1, r0"), "division by zero");
}

TEST_F(ControlTest, TakesImmediatesAndArguments) {
  EXPECT_EQ(result("li r3, -12345678901234"), -12345678901234);
  EXPECT_EQ(result("li r1, 40\naddi r3, r1, -42"), -2);
  EXPECT_EQ(result("li r1, -6\nmuli r3, r1, 7"), -42);
  EXPECT_EQ(result("arg r3, 2", {5, 6, 7}), 7);
  EXPECT_EQ(result("size r3, 0"), 8);
  EXPECT_EQ(result("li r1, 3\nli r2, 4\nselect r3, r1, r2, r0"), 4);
  EXPECT_EQ(result("li r2, 4\nselect r3, r0, r2, r0"), 0);
}

TEST_F(ControlTest, Branches) {
  struct {
    const char *name;
    bool less, equal, greater;
  } const branches[] = {{"beq", false, true, false},
                        {"bne", true, false, true},
                        {"blt", true, false, false},
                        {"bge", false, true, true}};
  for (const auto &branch : branches)
    for (int64_t a : {-1, 0, 1})
      EXPECT_EQ(result(std::string("arg r1, 0\nli r3, 1\n") + branch.name +
                           " r1, r0, @over\nli r3, 0\nover:",
                       {a}),
                a < 0    ? branch.less
                : a == 0 ? branch.equal
                         : branch.greater)
          << branch.name << " " << a;
  EXPECT_EQ(result("li r3, 1\njump @over\nli r3, 2\nover:"), 1);
}

TEST_F(ControlTest, Loops) {
  const char *sum = "arg r1, 0\nloop r2, r1\nadd r3, r3, r2\nend";
  EXPECT_EQ(result(sum, {10}), 45);
  EXPECT_EQ(result(sum, {1}), 0);
  EXPECT_EQ(result(sum, {0}), 0);
  EXPECT_EQ(result(sum, {-5}), 0);
  // The body may use the index as it likes.
  EXPECT_EQ(result("li r1, 5\nloop r2, r1\nadd r3, r3, r2\nli r2, 100\nend"),
            10);
  EXPECT_EQ(result("li r1, 3\nli r4, 4\nloop r2, r1\nloop r5, r4\n"
                   "mul r6, r2, r5\nadd r3, r3, r6\nend\nend"),
            18);
  // A jump to a loop's end goes on with the next iteration.
  EXPECT_EQ(result("li r1, 6\nli r4, 3\nloop r2, r1\nblt r2, r4, @next\n"
                   "add r3, r3, r2\nnext:\nend"),
            3 + 4 + 5);
}

TEST_F(ControlTest, LoopsEightDeepButNotNine) {
  std::string begin = "li r1, 2\n", ends;
  for (int i = 0; i < 8; ++i) {
    begin += "loop r" + std::to_string(10 + i) + ", r1\n";
    ends += "end\n";
  }
  EXPECT_EQ(result(begin + "addi r3, r3, 1\n" + ends), 256);
  EXPECT_FAULT(chip.run(begin + "loop r30, r1\nend\n" + ends),
               "more than 8 loops are within each other");
}

TEST_F(ControlTest, CodeDoesNotGrowWithTripCounts) {
  EXPECT_EQ(result("li r1, 100000\nloop r2, r1\naddi r3, r3, 1\nend"), 100000);
}

TEST_F(ControlTest, Peeks) {
  const char *load = "li r1, 8\nli r2, 1\n"
                     "load dma0, b0, r0, r0, r1, r2, r2, r2, r0, r0, r0, r0, "
                     "r0, r0\nfence\n";
  for (auto [type, value] : {std::pair<const char *, int64_t>{"i64", -2},
                             {"i32", -2},
                             {"i8", -2},
                             {"u8", 254}}) {
    std::vector<Chip::Bytes> buffers = {bytesOf<int64_t>({-2})};
    ASSERT_RUNS(chip.run(std::string(load) + "peek." + type +
                             " r3, r0\nfence\n" + kStoreR3,
                         buffers));
    EXPECT_EQ(valuesOf<int64_t>(buffers[0])[0], value) << type;
  }
  EXPECT_FAULT(chip.run("li r1, 2\npeek.i32 r3, r1"),
               "misaligned: a i32 at local 0x2");
}

TEST_F(ControlTest, FindsEndlessLoops) {
  chip.limits.steps = 1000;
  EXPECT_FAULT(chip.run("again:\njump @again"),
               "endless: more than 1000 instructions");
  chip.limits.steps = uint64_t(1) << 40;
  chip.limits.cycles = 5000;
  EXPECT_FAULT(chip.run("again:\njump @again"),
               "endless: more than 5000 cycles");
  chip.limits.steps = 100;
  EXPECT_FAULT(chip.run("li r1, 9223372036854775807\nloop r2, r1\nend"),
               "endless");
}

} // namespace
