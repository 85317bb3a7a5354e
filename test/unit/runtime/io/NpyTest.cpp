#include "runtime/io/Npy.h"

#include "test/unit/runtime/io/Mutants.h"
#include "test/unit/runtime/io/Signatures.h"

#include <gtest/gtest.h>

using namespace msc::rt;
using namespace msc::rt::test;

namespace {

/// An array with any header text.
Content npy(const std::string &dict, const Content &data, int version = 1) {
  std::string text = dict + "\n";
  Content file = {0x93, 'N', 'U', 'M', 'P', 'Y', static_cast<uint8_t>(version),
                  0};
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    file.push_back(static_cast<uint8_t>(text.size() >> (8 * i)));
  file.insert(file.end(), text.begin(), text.end());
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

std::string dict(const std::string &descr, const std::string &shape,
                 const std::string &fortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran +
         ", 'shape': " + shape + ", }";
}

struct Result {
  msc_status status;
  std::string error;
  Content data;
  std::vector<int64_t> dims;
};

Result read(const Content &file, const Signature &signature) {
  HostTensor tensor;
  Error error;
  msc_status status =
      readNpy(Exact(file).bytes(), signature.expected(), tensor, error);
  return {
      status, error.text(),
      Content(tensor.data.begin(), tensor.data.begin() + tensor.data.size()),
      std::vector<int64_t>(tensor.dims, tensor.dims + tensor.rank)};
}

void expectError(const Content &file, const Signature &signature,
                 const std::string &part) {
  Result result = read(file, signature);
  EXPECT_EQ(result.status, MSC_INVALID_ARGUMENT);
  EXPECT_NE(result.error.find(part), std::string::npos) << result.error;
}

const Content kSix = {1, 2, 3, 4, 5, 6};

TEST(Npy, ReadsAllVersions) {
  Signature signature(MSC_U8, {2, 3});
  for (int version : {1, 2, 3}) {
    Result result = read(npy(dict("|u1", "(2, 3)"), kSix, version), signature);
    EXPECT_EQ(result.status, MSC_OK) << result.error;
    EXPECT_EQ(result.data, kSix);
    EXPECT_EQ(result.dims, (std::vector<int64_t>{2, 3}));
  }
  expectError(npy(dict("|u1", "(2, 3)"), kSix, 4), signature,
              ".npy version 4 is not supported");
}

TEST(Npy, ReadsOtherSpellings) {
  Signature signature(MSC_U8, {6});
  for (const char *header :
       {"{\"shape\":(6,),\"descr\":\"u1\",\"fortran_order\":False}",
        "{ 'fortran_order' : True , 'shape' : ( 6L , ) , 'descr' : '<u1' , } "
        " "})
    EXPECT_EQ(read(npy(header, kSix), signature).data, kSix) << header;
  EXPECT_EQ(read(npy(dict("|u1", "()"), {7}), Signature(MSC_U8, {})).data,
            Content{7});
}

TEST(Npy, ReadsDynamicDims) {
  Signature signature(MSC_U8, {-1, 3});
  EXPECT_EQ(read(npy(dict("|u1", "(2, 3)"), kSix), signature).data, kSix);
  EXPECT_EQ(read(npy(dict("|u1", "(0, 3)"), {}), signature).status, MSC_OK);
  expectError(npy(dict("|u1", "(65, 3)"), Content(195)), signature,
              "expected dim 0 ('n') in [0, 64], got 65");
}

TEST(Npy, TransposesFortranOrder) {
  EXPECT_EQ(
      read(npy(dict("|u1", "(2, 3)", "True"), kSix), Signature(MSC_U8, {2, 3}))
          .data,
      (Content{1, 3, 5, 2, 4, 6}));
  // Element (i, j, k) stands at i + 2 j + 4 k.
  Content file, wanted;
  for (uint8_t i = 0; i < 16; ++i)
    file.push_back(i);
  for (uint8_t i = 0; i < 2; ++i)
    for (uint8_t j = 0; j < 2; ++j)
      for (uint8_t k = 0; k < 2; ++k)
        for (uint8_t byte = 0; byte < 2; ++byte)
          wanted.push_back((i + 2 * j + 4 * k) * 2 + byte);
  EXPECT_EQ(read(npy(dict("<i2", "(2, 2, 2)", "True"), file),
                 Signature(MSC_I16, {2, 2, 2}))
                .data,
            wanted);
}

TEST(Npy, ReadsEveryDtype) {
  struct Case {
    uint32_t dtype;
    const char *descr;
    size_t size;
  };
  for (Case c : {Case{MSC_F32, "<f4", 4}, Case{MSC_F64, "<f8", 8},
                 Case{MSC_F16, "<f2", 2}, Case{MSC_BF16, "<V2", 2},
                 Case{MSC_BF16, "|V2", 2}, Case{MSC_I8, "|i1", 1},
                 Case{MSC_I16, "<i2", 2}, Case{MSC_I32, "<i4", 4},
                 Case{MSC_I64, "<i8", 8}, Case{MSC_U8, "|u1", 1},
                 Case{MSC_U16, "<u2", 2}, Case{MSC_U32, "<u4", 4},
                 Case{MSC_U64, "<u8", 8}, Case{MSC_BOOL, "|b1", 1},
                 Case{MSC_F8E4M3FN, "|V1", 1}, Case{MSC_F8E5M2, "|V1", 1}}) {
    Content data(2 * c.size, 1);
    Result result =
        read(npy(dict(c.descr, "(2,)"), data), Signature(c.dtype, {2}));
    EXPECT_EQ(result.status, MSC_OK) << c.descr << ": " << result.error;
    EXPECT_EQ(result.data, data);
  }
}

TEST(Npy, PacksFourBits) {
  EXPECT_EQ(
      read(npy(dict("|i1", "(3,)"), {0xff, 7, 0xf8}), Signature(MSC_I4, {3}))
          .data,
      (Content{0x7f, 0x08}));
  EXPECT_EQ(
      read(npy(dict("|u1", "(2,)"), {15, 1}), Signature(MSC_U4, {2})).data,
      Content{0x1f});
  expectError(npy(dict("|i1", "(2,)"), {0, 8}), Signature(MSC_I4, {2}),
              "element 1 is 8, which is no i4");
}

TEST(Npy, ChecksDtypeAndShape) {
  Signature signature(MSC_F32, {2});
  expectError(npy(dict("<f8", "(2,)"), Content(16)), signature,
              "input 'x': expected f32[2], got f64[2]");
  expectError(npy(dict("<f4", "(2, 1)"), Content(8)), signature,
              "expected f32[2], got f32[2, 1]");
  expectError(npy(dict(">f4", "(2,)"), Content(8)), signature,
              "big-endian arrays ('>f4') are not supported");
  expectError(npy(dict("<c8", "(2,)"), Content(16)), signature,
              "elements of type '<c8' are not supported");
  expectError(npy(dict("|O", "(2,)"), Content(16)), signature,
              "elements of type '|O' are not supported");
  expectError(npy(dict("|b1", "(2,)"), {1, 2}), Signature(MSC_BOOL, {2}),
              "element 1 of a bool tensor is 2");
}

TEST(Npy, ChecksSizes) {
  Signature signature(MSC_F32, {-1});
  expectError(npy(dict("<f4", "(2,)"), Content(7)), signature, "truncated");
  expectError(npy(dict("<f4", "(2,)"), Content(9)), signature, "damaged");
  Content file = npy(dict("<f4", "(2,)"), Content(8));
  for (size_t cut = 0; cut < file.size(); ++cut)
    EXPECT_EQ(read(Content(file.begin(), file.begin() + cut), signature).status,
              MSC_INVALID_ARGUMENT);
}

TEST(Npy, RefusesOtherHeaders) {
  Signature signature(MSC_F32, {2});
  for (const char *header :
       {"", "{", "{}", "[]", "{'descr': '<f4'}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': "
        "(2,)}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 2}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x",
        "{'descr': '<f4', 'fortran_order': False, 'shape': "
        "(99999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': "
        "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)}"})
    expectError(npy(header, Content(8)), signature, "invalid .npy header");
  expectError({'P', 'K'}, signature, "not a .npy array");
}

TEST(Npy, HugeShapesAllocateNothing) {
  Signature signature(MSC_U8, {-1, -1});
  expectError(npy(dict("|u1", "(4611686018427387904, 4)"), kSix), signature,
              "got 4611686018427387904");
}

TEST(Npy, SurvivesMutants) {
  std::mt19937 random(2);
  Signature signature(MSC_F32, {-1, 4});
  for (const std::string &fortran : {"False", "True"}) {
    Content seed = npy(dict("<f4", "(3, 4)", fortran), Content(48, 1));
    int accepted = 0;
    for (int i = 0; i < 4000; ++i) {
      Content file = mutate(seed, random);
      HostTensor tensor;
      Error error;
      msc_status status =
          readNpy(Exact(file).bytes(), signature.expected(), tensor, error);
      if (status == MSC_OK) {
        EXPECT_TRUE(isConsistent(tensor));
        ++accepted;
      } else {
        EXPECT_NE(std::string(error.text()), "");
      }
    }
    EXPECT_LT(accepted, 3000);
  }
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// What `write` puts into a file.
template <typename Write> Content written(Write write) {
  char *memory = nullptr;
  size_t size = 0;
  FILE *out = open_memstream(&memory, &size);
  write(out);
  fclose(out);
  Content content(memory, memory + size);
  free(memory);
  return content;
}

TEST(Npy, WritesWhatItReads) {
  int64_t dims[] = {2, 3};
  Error error;
  for (uint32_t dtype = MSC_F32; dtype <= MSC_U4; ++dtype) {
    Content data(6 * bitsOf(dtype) / 8, 1);
    TensorView view = {"x", dtype, 2, dims, data.data()};
    Content file = written(
        [&](FILE *out) { ASSERT_EQ(writeNpy(out, view, error), MSC_OK); });
    // As NumPy does, so that mapped data is aligned.
    uint64_t payload = bitsOf(dtype) < 8 ? 6 : data.size();
    EXPECT_EQ((file.size() - payload) % 64, 0u);
    Result result = read(file, Signature(dtype, {2, 3}));
    EXPECT_EQ(result.status, MSC_OK) << result.error;
    EXPECT_EQ(result.data, data);
  }
}

TEST(Npy, WritesScalarsAndLargeRanks) {
  int64_t dims[MSC_MAX_RANK];
  std::fill(dims, dims + MSC_MAX_RANK, 1);
  Error error;
  Content data = {1, 2, 3, 4};
  for (uint32_t rank : {0u, 1u, unsigned(MSC_MAX_RANK)}) {
    TensorView view = {"x", MSC_F32, rank, dims, data.data()};
    Content file = written(
        [&](FILE *out) { ASSERT_EQ(writeNpy(out, view, error), MSC_OK); });
    if (rank == 0)
      EXPECT_EQ(read(file, Signature(MSC_F32, {})).data, data);
    if (rank == 1)
      EXPECT_EQ(read(file, Signature(MSC_F32, {1})).data, data);
  }
}

TEST(Npz, WritesWhatItReads) {
  int64_t dims[] = {2, 3};
  TensorView view = {"a name/with=signs", MSC_U8, 2, dims, kSix.data()};
  TensorView other = {"y", MSC_U8, 2, dims, kSix.data()};
  Error error;
  Content file = written([&](FILE *out) {
    ZipWriter writer(out);
    ASSERT_EQ(addToNpz(writer, view, error), MSC_OK);
    ASSERT_EQ(addToNpz(writer, other, error), MSC_OK);
    writer.finish();
  });
  Array<ZipEntry> entries;
  Exact exact(file);
  ASSERT_EQ(listZip(exact.bytes(), entries, error), MSC_OK) << error.text();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(findArray(entries, "z"), nullptr);
  const ZipEntry *entry = findArray(entries, view.name);
  ASSERT_NE(entry, nullptr);
  Block content;
  ASSERT_EQ(extractZip(exact.bytes(), *entry, 1000, content, error), MSC_OK)
      << error.text();
  EXPECT_EQ(read(Content(content.begin(), content.begin() + content.size()),
                 Signature(MSC_U8, {2, 3}))
                .data,
            kSix);
}

} // namespace
