#include "runtime/io/TensorProto.h"

#include "test/unit/runtime/io/Mutants.h"
#include "test/unit/runtime/io/Signatures.h"

#include <gtest/gtest.h>

#include <cstring>

using namespace msc::rt;
using namespace msc::rt::test;

namespace {

/// Builds a message field by field.
class Message {
public:
  Message &varint(uint32_t field, uint64_t value) {
    put(field << 3);
    put(value);
    return *this;
  }
  Message &bytes(uint32_t field, const Content &value) {
    put(field << 3 | 2);
    put(value.size());
    content.insert(content.end(), value.begin(), value.end());
    return *this;
  }
  Message &packed(uint32_t field, std::initializer_list<uint64_t> values) {
    Message inner;
    for (uint64_t value : values)
      inner.put(value);
    return bytes(field, inner.content);
  }
  Message &fixed32(uint32_t field, float value) {
    put(field << 3 | 5);
    uint8_t raw[4];
    std::memcpy(raw, &value, 4);
    content.insert(content.end(), raw, raw + 4);
    return *this;
  }

  Content content;

private:
  void put(uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      content.push_back(static_cast<uint8_t>(value | 0x80));
    content.push_back(static_cast<uint8_t>(value));
  }
};

constexpr uint32_t kDims = 1, kType = 2, kFloats = 4, kInt32s = 5, kStrings = 6,
                   kInt64s = 7, kName = 8, kRaw = 9, kUint64s = 11,
                   kExternal = 13, kLocation = 14;

struct Result {
  msc_status status;
  std::string error;
  Content data;
};

Result read(const Message &message, const Signature &signature) {
  HostTensor tensor;
  Error error;
  msc_status status = readTensorProto(Exact(message.content).bytes(),
                                      signature.expected(), tensor, error);
  return {
      status, error.text(),
      Content(tensor.data.begin(), tensor.data.begin() + tensor.data.size())};
}

void expectError(const Message &message, const Signature &signature,
                 const std::string &part) {
  Result result = read(message, signature);
  EXPECT_EQ(result.status, MSC_INVALID_ARGUMENT);
  EXPECT_NE(result.error.find(part), std::string::npos) << result.error;
}

Message header(uint32_t type, std::initializer_list<uint64_t> dims) {
  Message message;
  for (uint64_t extent : dims)
    message.varint(kDims, extent);
  return message.varint(kType, type);
}

TEST(TensorProto, ReadsRawData) {
  Content raw = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(read(header(1, {2}).bytes(kName, {'x'}).bytes(kRaw, raw),
                 Signature(MSC_F32, {2}))
                .data,
            raw);
  // Order of fields is free, dims may come packed.
  EXPECT_EQ(
      read(Message().bytes(kRaw, raw).packed(kDims, {1, 2}).varint(kType, 1),
           Signature(MSC_F32, {1, 2}))
          .data,
      raw);
}

TEST(TensorProto, ReadsTypedFields) {
  float one = 1, two = 2;
  Content floats(8);
  std::memcpy(floats.data(), &one, 4);
  std::memcpy(floats.data() + 4, &two, 4);
  Signature f32(MSC_F32, {2});
  EXPECT_EQ(read(header(1, {2}).bytes(kFloats, floats), f32).data, floats);
  EXPECT_EQ(
      read(header(1, {2}).fixed32(kFloats, 1).fixed32(kFloats, 2), f32).data,
      floats);
  EXPECT_EQ(read(header(3, {2}).packed(kInt32s, {~uint64_t(0), 127}),
                 Signature(MSC_I8, {2}))
                .data,
            (Content{0xff, 127}));
  EXPECT_EQ(read(header(10, {2}).varint(kInt32s, 0x3c00).varint(kInt32s, 1),
                 Signature(MSC_F16, {2}))
                .data,
            (Content{0, 0x3c, 1, 0}));
  EXPECT_EQ(read(header(7, {1}).packed(kInt64s, {~uint64_t(0)}),
                 Signature(MSC_I64, {1}))
                .data,
            Content(8, 0xff));
  EXPECT_EQ(read(header(12, {1}).packed(kUint64s, {0xfffffffe}),
                 Signature(MSC_U32, {1}))
                .data,
            (Content{0xfe, 0xff, 0xff, 0xff}));
  EXPECT_EQ(read(header(22, {3}).packed(kInt32s, {0x7f, 0x08}),
                 Signature(MSC_I4, {3}))
                .data,
            (Content{0x7f, 0x08}));
}

TEST(TensorProto, ReadsEmptyTensorsWithoutData) {
  EXPECT_EQ(read(header(1, {0}), Signature(MSC_F32, {-1})).status, MSC_OK);
}

TEST(TensorProto, ChecksValues) {
  Signature i8(MSC_I8, {2});
  expectError(header(3, {2}).packed(kInt32s, {1, 128}), i8,
              "values out of range");
  expectError(header(3, {2}).packed(kInt32s, {1, 2, 3}), i8,
              "more values than its dims say");
  expectError(header(3, {2}).packed(kInt32s, {1}), i8,
              "fewer values than its dims say");
  expectError(header(3, {2}), i8, "fewer values than its dims say");
  expectError(header(3, {2}).bytes(kRaw, {1}), i8,
              "truncated TensorProto: expected 2 bytes of raw data, got 1");
  expectError(header(3, {2}).bytes(kRaw, {1, 2, 3}), i8, "damaged");
  expectError(header(3, {2}).bytes(kRaw, {1, 2}).varint(kInt32s, 1), i8,
              "raw and typed data at once");
  expectError(header(9, {1}).bytes(kRaw, {2}), Signature(MSC_BOOL, {1}),
              "element 0 of a bool tensor is 2");
}

TEST(TensorProto, ChecksDtypeAndShape) {
  Signature f32(MSC_F32, {2});
  expectError(header(11, {2}).bytes(kRaw, Content(16)), f32,
              "input 'x': expected f32[2], got f64[2]");
  expectError(header(1, {3}).bytes(kRaw, Content(12)), f32,
              "expected f32[2], got f32[3]");
  expectError(header(8, {2}), f32, "unsupported data type 8");
  expectError(Message().varint(kDims, 2), f32, "no data type");
}

TEST(TensorProto, RefusesWhatItCannotRead) {
  Signature f32(MSC_F32, {2});
  expectError(header(1, {2}).varint(kLocation, 1), f32, "external data");
  expectError(header(1, {2}).bytes(kExternal, {}), f32, "external data");
  expectError(header(1, {2}).bytes(kStrings, {'a'}), f32, "strings");
  expectError(header(1, {2}).bytes(3, {}), f32, "segments");
  Message deep;
  for (int i = 0; i < MSC_MAX_RANK + 1; ++i)
    deep.varint(kDims, 1);
  expectError(deep, f32, "not an ONNX TensorProto");
  Message garbage;
  garbage.content = Content(64, 0xff);
  expectError(garbage, f32, "not an ONNX TensorProto");
}

TEST(TensorProto, EveryTruncationFails) {
  Message whole = header(1, {2}).bytes(kRaw, Content(8, 1));
  Signature f32(MSC_F32, {2});
  ASSERT_EQ(read(whole, f32).status, MSC_OK);
  for (size_t cut = 0; cut < whole.content.size(); ++cut) {
    Message part;
    part.content.assign(whole.content.begin(), whole.content.begin() + cut);
    EXPECT_EQ(read(part, f32).status, MSC_INVALID_ARGUMENT) << cut;
  }
}

TEST(TensorProto, SurvivesMutants) {
  std::mt19937 random(4);
  Signature f32(MSC_F32, {-1, 4}), i16(MSC_I16, {-1});
  Content floats(48, 1);
  struct Seed {
    Message message;
    const Signature &signature;
  };
  for (const Seed &seed :
       {Seed{header(1, {3, 4}).bytes(kName, {'x'}).bytes(kRaw, floats), f32},
        Seed{header(1, {3, 4}).bytes(kFloats, floats), f32},
        Seed{header(5, {6}).packed(kInt32s, {1, 300, 3, 4, 5, ~uint64_t(0)}),
             i16}}) {
    ASSERT_EQ(read(seed.message, seed.signature).status, MSC_OK);
    int failed = 0;
    for (int i = 0; i < 3000; ++i) {
      HostTensor tensor;
      Error error;
      Exact exact(mutate(seed.message.content, random));
      if (readTensorProto(exact.bytes(), seed.signature.expected(), tensor,
                          error) == MSC_OK)
        EXPECT_TRUE(isConsistent(tensor));
      else
        ++failed;
    }
    EXPECT_GT(failed, 500);
  }
}

} // namespace
