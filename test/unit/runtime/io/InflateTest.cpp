#include "runtime/io/Inflate.h"

#include "test/unit/runtime/io/Mutants.h"

#include <gtest/gtest.h>

using namespace msc::rt;
using namespace msc::rt::test;

namespace {

struct Stream {
  Content raw, packed;
};

/// What zlib made of several kinds of data by all of its methods.
std::vector<Stream> zlibStreams() {
  Content file = load("test/unit/runtime/io/streams.bin");
  std::vector<Stream> streams;
  auto word = [&](size_t at) {
    return file[at] | file[at + 1] << 8 | file[at + 2] << 16 |
           uint32_t(file[at + 3]) << 24;
  };
  for (size_t at = 0; at < file.size();) {
    auto raw = file.begin() + at + 8, packed = raw + word(at);
    auto end = packed + word(at + 4);
    streams.push_back({Content(raw, packed), Content(packed, end)});
    at = end - file.begin();
  }
  return streams;
}

bool inflates(const Content &packed, Content &raw) {
  return inflate(Exact(packed).bytes(), raw.data(), raw.size());
}

TEST(Inflate, DecodesWhatZlibWrites) {
  std::vector<Stream> streams = zlibStreams();
  ASSERT_EQ(streams.size(), 128u);
  for (const Stream &stream : streams) {
    Content raw(stream.raw.size());
    EXPECT_TRUE(inflates(stream.packed, raw));
    EXPECT_EQ(raw, stream.raw);
  }
}

TEST(Inflate, SizeMustBeExact) {
  for (const Stream &stream : zlibStreams()) {
    Content longer(stream.raw.size() + 1);
    EXPECT_FALSE(inflates(stream.packed, longer));
    if (stream.raw.empty())
      continue;
    Content shorter(stream.raw.size() - 1);
    EXPECT_FALSE(inflates(stream.packed, shorter));
  }
}

TEST(Inflate, EveryTruncationFails) {
  for (const Stream &stream : zlibStreams()) {
    size_t size = stream.packed.size();
    Content raw(stream.raw.size());
    // All cuts of short streams, the interesting ones of long ones.
    for (size_t cut = 0; cut < size;
         cut += cut < 300 || cut > size - 5 ? 1 : size / 7 + 1) {
      Content packed(stream.packed.begin(), stream.packed.begin() + cut);
      EXPECT_FALSE(inflates(packed, raw)) << cut << " of " << size;
    }
  }
}

TEST(Inflate, RefusesMalformedStreams) {
  Content raw(16);
  // Block type 3; a stored block whose length check is wrong; a distance
  // before the beginning; lengths that give too many codes.
  for (const Content &packed :
       {Content{0x07}, Content{0x01, 1, 0, 0, 0, 'a'}, Content{0x03, 0x02, 0},
        Content{0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}})
    EXPECT_FALSE(inflates(packed, raw));
}

TEST(Inflate, SurvivesMutants) {
  std::mt19937 random(1);
  std::vector<Stream> streams = zlibStreams();
  size_t failed = 0, total = 0;
  for (const Stream &stream : streams) {
    if (stream.raw.size() > 6000)
      continue;
    for (int i = 0; i < 100; ++i, ++total) {
      // Exactly the room that the stream asks for: writes past it are seen.
      std::unique_ptr<uint8_t[]> raw(new uint8_t[stream.raw.size()]);
      failed += !inflate(Exact(mutate(stream.packed, random)).bytes(),
                         raw.get(), stream.raw.size());
    }
  }
  EXPECT_GE(total, 6000u);
  EXPECT_GT(failed, total / 4);
}

} // namespace
