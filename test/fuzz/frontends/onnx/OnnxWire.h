//===- OnnxWire.h - A model as a tree of fields -----------------*- C++ -*-===//
//
// Flipped bits make most models unreadable, so that nothing behind the reader is
// ever reached. Here a serialised model is taken apart into the fields of its
// messages, one of which is changed: what comes out can mostly be read, and
// lies.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_TEST_FUZZ_FRONTENDS_ONNX_ONNXWIRE_H
#define MSC_TEST_FUZZ_FRONTENDS_ONNX_ONNXWIRE_H

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace msc::onnx::test {

/// The messages that are taken apart, by their names in onnx.proto. All others
/// are bytes.
enum class Message {
  Bytes,
  Model,
  Opset,
  Function,
  Graph,
  Node,
  Attribute,
  Tensor,
  ValueInfo,
  Type,
  TensorType,
  Shape,
  Dim,
  SequenceType,
};

struct Field {
  uint32_t number = 0;
  uint32_t wireType = 0; // 0 varint, 1 and 5 fixed, 2 bytes
  uint64_t value = 0;    // of a varint or a fixed one
  std::string bytes;     // where there are no children
  Message message = Message::Bytes;
  std::vector<Field> children;
};

/// The fields of a message; none if the bytes are not a sequence of fields.
std::optional<std::vector<Field>> parse(Message message, std::string_view bytes,
                                        unsigned depth = 0);
std::string serialize(const std::vector<Field> &fields);

/// Changes a model in one place.
void mutate(std::vector<Field> &model, std::mt19937 &random);

/// Takes something of another model over into the first.
void cross(std::vector<Field> &model, const std::vector<Field> &other,
           std::mt19937 &random);

} // namespace msc::onnx::test

#endif // MSC_TEST_FUZZ_FRONTENDS_ONNX_ONNXWIRE_H
