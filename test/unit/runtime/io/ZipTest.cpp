#include "runtime/io/Zip.h"

#include "runtime/io/Npy.h"
#include "test/unit/runtime/io/Mutants.h"
#include "test/unit/runtime/io/Signatures.h"

#include <gtest/gtest.h>

using namespace msc::rt;
using namespace msc::rt::test;

namespace {

std::string path(const std::string &name) {
  return "test/unit/runtime/io/" + name;
}

class ForeignArchive : public ::testing::TestWithParam<const char *> {};

TEST_P(ForeignArchive, IsRead) {
  Content file = load(path(GetParam()));
  ASSERT_FALSE(file.empty());
  Exact exact(file);
  Array<ZipEntry> entries;
  Error error;
  ASSERT_EQ(listZip(exact.bytes(), entries, error), MSC_OK) << error.text();
  ASSERT_EQ(entries.size(), 2u);
  const ZipEntry *entry = findArray(entries, "x");
  ASSERT_NE(entry, nullptr);
  Block content;
  ASSERT_EQ(extractZip(exact.bytes(), *entry, 4096, content, error), MSC_OK)
      << error.text();
  HostTensor tensor;
  Signature signature(MSC_F32, {-1, 4});
  ASSERT_EQ(readNpy({content.begin(), content.size()}, signature.expected(),
                    tensor, error),
            MSC_OK)
      << error.text();
  EXPECT_EQ(tensor.dims[0], 3);
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(static_cast<float *>(tensor.data.data())[i], i);
}

TEST_P(ForeignArchive, EveryTruncationFails) {
  Content file = load(path(GetParam()));
  for (size_t cut = 0; cut < file.size(); ++cut) {
    Exact exact(Content(file.begin(), file.begin() + cut));
    Array<ZipEntry> entries;
    Error error;
    EXPECT_EQ(listZip(exact.bytes(), entries, error), MSC_INVALID_ARGUMENT)
        << cut;
  }
}

TEST_P(ForeignArchive, SurvivesMutants) {
  Content seed = load(path(GetParam()));
  std::mt19937 random(3);
  Signature signature(MSC_F32, {-1, 4});
  int accepted = 0;
  for (int i = 0; i < 3000; ++i) {
    Exact exact(mutate(seed, random));
    Array<ZipEntry> entries;
    Error error;
    if (listZip(exact.bytes(), entries, error) != MSC_OK)
      continue;
    for (const ZipEntry &entry : entries) {
      Block content;
      HostTensor tensor;
      if (extractZip(exact.bytes(), entry, 4096, content, error) == MSC_OK &&
          readNpy({content.begin(), content.size()}, signature.expected(),
                  tensor, error) == MSC_OK) {
        EXPECT_TRUE(isConsistent(tensor));
        ++accepted;
      }
    }
  }
  EXPECT_LT(accepted, 3000);
}

INSTANTIATE_TEST_SUITE_P(Archives, ForeignArchive,
                         ::testing::Values("stored.npz", "deflated.npz",
                                           "zip64.npz", "streamed.npz",
                                           "comment.npz"),
                         [](const auto &info) {
                           std::string name = info.param;
                           return name.substr(0, name.find('.'));
                         });

void expectExtractError(const std::string &name, uint64_t limit,
                        const std::string &part) {
  Exact exact(load(path(name)));
  Array<ZipEntry> entries;
  Error error;
  ASSERT_EQ(listZip(exact.bytes(), entries, error), MSC_OK) << error.text();
  Block content;
  EXPECT_EQ(extractZip(exact.bytes(), entries[0], limit, content, error),
            MSC_INVALID_ARGUMENT);
  EXPECT_NE(std::string(error.text()).find(part), std::string::npos)
      << error.text();
  EXPECT_EQ(content.size(), 0u);
}

TEST(Zip, BombsAreRefusedBeforeAllocation) {
  expectExtractError("bomb.npz", 65536,
                     "an array of 67108864 bytes; at most 65536 fit");
}

TEST(Zip, OtherMethodsAreRefused) {
  expectExtractError("bzip2.npz", 65536, "zip method 12 is not supported");
}

TEST(Zip, ChecksumsAreChecked) {
  Content file = load(path("stored.npz"));
  // The last byte of x's data: its archive entry is the first.
  std::string text(file.begin(), file.end());
  size_t second = text.find("PK\x03\x04", 4);
  ASSERT_NE(second, std::string::npos);
  file[second - 1] ^= 1;
  Exact exact(file);
  Array<ZipEntry> entries;
  Error error;
  ASSERT_EQ(listZip(exact.bytes(), entries, error), MSC_OK);
  Block content;
  EXPECT_EQ(extractZip(exact.bytes(), entries[0], 4096, content, error),
            MSC_INVALID_ARGUMENT);
  EXPECT_STREQ(error.text(), "damaged zip archive: wrong checksum");
}

TEST(Zip, NotAnArchive) {
  Array<ZipEntry> entries;
  Error error;
  EXPECT_EQ(listZip(Exact(Content(100, 'P')).bytes(), entries, error),
            MSC_INVALID_ARGUMENT);
  EXPECT_STREQ(error.text(), "not a zip archive, or a truncated one");
}

TEST(Zip, Crc32) {
  const uint8_t text[] = "123456789";
  EXPECT_EQ(crc32(0, {text, 9}), 0xcbf43926u);
  EXPECT_EQ(crc32(crc32(0, {text, 4}), {text + 4, 5}), 0xcbf43926u);
}

} // namespace
