#include "runtime/package/Hash.h"

#include <gtest/gtest.h>
#include <string>

using namespace msc::rt;

static uint64_t hashOf(const std::string &text) {
  return hashBytes(text.data(), text.size());
}

// The values are those of the xxHash project's own program.
TEST(Hash, IsXxh64) {
  EXPECT_EQ(hashOf(""), 0xEF46DB3751D8E999u);
  EXPECT_EQ(hashOf("a"), 0xD24EC4F1A98C6E5Bu);
  EXPECT_EQ(hashOf("abc"), 0x44BC2CF5AD770999u);
  EXPECT_EQ(hashOf("Nobody inspects the spammish repetition"),
            0xFBCEA83C8A378BF1u);
}

TEST(Hash, TellsEveryByteAndTheLength) {
  for (size_t size = 0; size < 70; ++size) {
    std::string text(size, 'x');
    uint64_t hash = hashOf(text);
    EXPECT_NE(hash, hashOf(text + 'x'));
    for (char &c : text) {
      c = 'y';
      EXPECT_NE(hash, hashOf(text));
      c = 'x';
    }
  }
}
