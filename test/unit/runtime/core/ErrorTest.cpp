#include "runtime/core/Error.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

using namespace msc::rt;

namespace {

std::string printable(std::string text) {
  makePrintable(text.data());
  return text;
}

TEST(MakePrintable, KeepsText) {
  for (const char *text : {"", "plain ~", "gr\xc3\xbc\xc3\x9f", "\xe2\x82\xac",
                           "\xf0\x9f\x98\x80", "\xc2\xa0", "\xed\x9f\xbf"})
    EXPECT_EQ(printable(text), text);
}

TEST(MakePrintable, ReplacesControls) {
  EXPECT_EQ(printable("a\nb\tc\x1b[0m\x7f"), "a?b?c?[0m?");
  EXPECT_EQ(printable("\xc2\x9b"), "??");
}

TEST(MakePrintable, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(printable("\x80"), "?");
  EXPECT_EQ(printable("\xc3"), "?");
  EXPECT_EQ(printable("\xc3\x28"), "?(");
  EXPECT_EQ(printable("\xe2\x82"), "??");
  EXPECT_EQ(printable("\xc0\xaf"), "??");
  EXPECT_EQ(printable("\xed\xa0\x80"), "???");
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "????");
  EXPECT_EQ(printable("\xff\xfe"), "??");
}

TEST(Error, IsBounded) {
  Error error;
  std::string name(5000, 'n');
  EXPECT_EQ(error.fail(MSC_IO_ERROR, "%s", name.c_str()), MSC_IO_ERROR);
  EXPECT_EQ(std::string(error.text()).size(), 1023u);
  error.prefix("%s", name.c_str());
  EXPECT_EQ(std::string(error.text()).size(), 1023u);
}

TEST(Error, Prefix) {
  Error error;
  error.fail(MSC_IO_ERROR, "gone %d", 7);
  error.prefix("file %s", "x");
  EXPECT_STREQ(error.text(), "file x: gone 7");
}

TEST(Error, OfThreadsAreApart) {
  threadError().fail(MSC_BUSY, "mine");
  std::thread([] {
    EXPECT_STREQ(msc_error(), "");
    threadError().fail(MSC_BUSY, "its own");
  }).join();
  EXPECT_STREQ(msc_error(), "mine");
}

TEST(TextBuffer, CutsWhatDoesNotFit) {
  char memory[6];
  TextBuffer text(memory, sizeof memory);
  text.add("%d", 123).add("%s", "abcdef").add("x");
  EXPECT_STREQ(memory, "123ab");
}

} // namespace
