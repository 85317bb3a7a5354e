//===- WireSkeleton.cpp - A model without its weights ---------------------===//

#include "frontends/onnx/model/WireSkeleton.h"
#include "llvm/ADT/StringExtras.h"
#include <cstdint>
#include <optional>

using namespace llvm;
using namespace msc::onnx;

namespace {

// As protobuf's own default.
constexpr unsigned kMaxDepth = 100;

enum WireType { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// The messages that contain tensors, by the numbers in onnx.proto.
enum class Message { Model, Function, Graph, Node, Attribute, Sparse, Tensor };

std::optional<Message> messageOfField(Message parent, uint32_t field) {
  switch (parent) {
  case Message::Model:
    return field == 7    ? std::optional(Message::Graph)
           : field == 25 ? std::optional(Message::Function)
                         : std::nullopt;
  case Message::Function:
    return field == 7    ? std::optional(Message::Node)
           : field == 11 ? std::optional(Message::Attribute)
                         : std::nullopt;
  case Message::Graph:
    return field == 1    ? std::optional(Message::Node)
           : field == 5  ? std::optional(Message::Tensor)
           : field == 15 ? std::optional(Message::Sparse)
                         : std::nullopt;
  case Message::Node:
    return field == 5 ? std::optional(Message::Attribute) : std::nullopt;
  case Message::Attribute:
    return field == 5 || field == 10    ? std::optional(Message::Tensor)
           : field == 6 || field == 11  ? std::optional(Message::Graph)
           : field == 22 || field == 23 ? std::optional(Message::Sparse)
                                        : std::nullopt;
  case Message::Sparse:
    return field == 1 || field == 2 ? std::optional(Message::Tensor)
                                    : std::nullopt;
  case Message::Tensor:
    return std::nullopt;
  }
  return std::nullopt;
}

// Fields of TensorProto.
constexpr uint32_t kFloatData = 4, kRawData = 9, kDoubleData = 10,
                   kExternalData = 13, kDataLocation = 14;

struct Field {
  uint32_t number;
  uint32_t type;
  StringRef all;     // tag and value
  StringRef content; // of a length-delimited field
};

class Scanner {
public:
  explicit Scanner(StringRef file) : file(file) {}

  /// Appends the skeleton of a message to `out`.
  bool copy(Message message, StringRef bytes, unsigned depth,
            std::string &out) {
    if (depth > kMaxDepth)
      return fail("messages nest too deeply", bytes);
    if (message == Message::Tensor)
      return copyTensor(bytes, out);
    while (!bytes.empty()) {
      Field field;
      if (!next(bytes, field))
        return false;
      auto child = messageOfField(message, field.number);
      if (field.type != kBytes || !child) {
        out += field.all;
        continue;
      }
      std::string content;
      if (!copy(*child, field.content, depth + 1, content))
        return false;
      appendBytes(field.number, content, out);
    }
    return true;
  }

  Error takeError() { return createStringError(message); }

private:
  bool fail(StringRef why, StringRef at) {
    message = (why + " at byte " + Twine(at.data() - file.data())).str();
    return false;
  }

  bool readVarint(StringRef &bytes, uint64_t &value) {
    value = 0;
    for (unsigned i = 0; i < 10 && i < bytes.size(); ++i) {
      uint8_t byte = bytes[i];
      value |= uint64_t(byte & 0x7f) << (7 * i);
      if (byte < 0x80) {
        bytes = bytes.drop_front(i + 1);
        return true;
      }
    }
    return fail("a number is cut off or too long", bytes);
  }

  bool next(StringRef &bytes, Field &field) {
    StringRef start = bytes;
    uint64_t tag, value;
    if (!readVarint(bytes, tag))
      return false;
    field.number = static_cast<uint32_t>(tag >> 3);
    field.type = tag & 7;
    if (tag > UINT32_MAX || field.number == 0)
      return fail("no field has this tag", start);
    uint64_t length = 0;
    switch (field.type) {
    case kVarint:
      if (!readVarint(bytes, value))
        return false;
      break;
    case kFixed64:
      length = 8;
      break;
    case kFixed32:
      length = 4;
      break;
    case kBytes:
      if (!readVarint(bytes, length))
        return false;
      break;
    default:
      return fail("no field has this tag", start);
    }
    if (length > bytes.size())
      return fail("a field is cut off", start);
    field.content = bytes.take_front(length);
    bytes = bytes.drop_front(length);
    field.all = start.drop_back(bytes.size());
    return true;
  }

  /// Which field's bytes are the tensor's: the only one that has contents, once
  /// and packed. None if the tensor is encoded in another way.
  bool findDense(StringRef bytes, std::optional<Field> &dense) {
    dense = std::nullopt;
    bool unique = true;
    while (!bytes.empty()) {
      Field field;
      if (!next(bytes, field))
        return false;
      switch (field.number) {
      case kRawData:
      case kFloatData:
      case kDoubleData:
        unique &= !dense && field.type == kBytes;
        dense = field;
        break;
      case kExternalData:
      case kDataLocation:
        unique = false;
        break;
      default:
        break;
      }
    }
    if (!unique || (dense && dense->content.empty()))
      dense = std::nullopt;
    return true;
  }

  bool copyTensor(StringRef bytes, std::string &out) {
    std::optional<Field> dense;
    if (!findDense(bytes, dense))
      return false;
    if (!dense) {
      out += bytes;
      return true;
    }
    out.append(bytes.data(), dense->all.data());
    out.append(dense->all.end(), bytes.end());
    appendEntry(kModelOffsetKey, dense->content.data() - file.data(), out);
    appendEntry(kModelLengthKey, dense->content.size(), out);
    appendVarint(kDataLocation << 3 | kVarint, out);
    appendVarint(1, out); // EXTERNAL
    return true;
  }

  static void appendVarint(uint64_t value, std::string &out) {
    for (; value >= 0x80; value >>= 7)
      out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
  }

  static void appendBytes(uint32_t number, StringRef content,
                          std::string &out) {
    appendVarint(uint64_t(number) << 3 | kBytes, out);
    appendVarint(content.size(), out);
    out += content;
  }

  /// A StringStringEntryProto.
  static void appendEntry(StringRef key, uint64_t value, std::string &out) {
    std::string entry;
    appendBytes(1, key, entry);
    appendBytes(2, utostr(value), entry);
    appendBytes(kExternalData, entry, out);
  }

  StringRef file;
  std::string message;
};

} // namespace

Expected<std::string> msc::onnx::copyWireSkeleton(StringRef model) {
  Scanner scanner(model);
  std::string skeleton;
  if (!scanner.copy(Message::Model, model, 0, skeleton))
    return scanner.takeError();
  return skeleton;
}
