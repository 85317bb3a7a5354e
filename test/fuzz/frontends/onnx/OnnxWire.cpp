//===- OnnxWire.cpp - A model as a tree of fields -------------------------===//

#include "test/fuzz/frontends/onnx/OnnxWire.h"
#include <array>
#include <iterator>
#include <map>

using namespace msc::onnx::test;

namespace {

// Deeper models are left as bytes.
constexpr unsigned kMaxDepth = 40;

Message messageOf(Message parent, uint32_t field) {
  static const std::map<std::pair<Message, uint32_t>, Message> table = {
      {{Message::Model, 7}, Message::Graph},
      {{Message::Model, 8}, Message::Opset},
      {{Message::Model, 25}, Message::Function},
      {{Message::Function, 7}, Message::Node},
      {{Message::Function, 9}, Message::Opset},
      {{Message::Function, 11}, Message::Attribute},
      {{Message::Graph, 1}, Message::Node},
      {{Message::Graph, 5}, Message::Tensor},
      {{Message::Graph, 11}, Message::ValueInfo},
      {{Message::Graph, 12}, Message::ValueInfo},
      {{Message::Node, 5}, Message::Attribute},
      {{Message::Attribute, 5}, Message::Tensor},
      {{Message::Attribute, 6}, Message::Graph},
      {{Message::Attribute, 10}, Message::Tensor},
      {{Message::ValueInfo, 2}, Message::Type},
      {{Message::Type, 1}, Message::TensorType},
      {{Message::Type, 4}, Message::SequenceType},
      {{Message::SequenceType, 1}, Message::Type},
      {{Message::TensorType, 2}, Message::Shape},
      {{Message::Shape, 1}, Message::Dim},
  };
  auto it = table.find({parent, field});
  return it == table.end() ? Message::Bytes : it->second;
}

bool readVarint(std::string_view &bytes, uint64_t &value) {
  value = 0;
  for (unsigned i = 0; i < 10 && i < bytes.size(); ++i) {
    value |= uint64_t(bytes[i] & 0x7f) << (7 * i);
    if (!(bytes[i] & 0x80)) {
      bytes.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

void appendVarint(uint64_t value, std::string &out) {
  for (; value >= 0x80; value >>= 7)
    out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

unsigned sizeOfFixed(uint32_t wireType) { return wireType == 1 ? 8 : 4; }

bool parseField(Message message, std::string_view &bytes, unsigned depth,
                Field &field) {
  uint64_t tag;
  if (!readVarint(bytes, tag) || tag > UINT32_MAX)
    return false;
  field.number = tag >> 3;
  field.wireType = tag & 7;
  switch (field.wireType) {
  case 0:
    return readVarint(bytes, field.value);
  case 1:
  case 5:
    if (bytes.size() < sizeOfFixed(field.wireType))
      return false;
    for (unsigned i = 0; i < sizeOfFixed(field.wireType); ++i)
      field.value |= uint64_t(uint8_t(bytes[i])) << (8 * i);
    bytes.remove_prefix(sizeOfFixed(field.wireType));
    return true;
  case 2:
    break;
  default:
    return false;
  }
  uint64_t length;
  if (!readVarint(bytes, length) || length > bytes.size())
    return false;
  std::string_view content = bytes.substr(0, length);
  bytes.remove_prefix(length);
  Message child = messageOf(message, field.number);
  if (child != Message::Bytes)
    if (auto children = parse(child, content, depth + 1)) {
      field.message = child;
      field.children = std::move(*children);
      return true;
    }
  field.bytes = content;
  return true;
}

/// A list of fields somewhere in a model, and of what message they are.
struct Place {
  Message message;
  std::vector<Field> *fields;
};

void collect(Message message, std::vector<Field> &fields,
             std::vector<Place> &places) {
  places.push_back({message, &fields});
  for (Field &field : fields)
    if (field.message != Message::Bytes)
      collect(field.message, field.children, places);
}

std::vector<Place> placesIn(std::vector<Field> &model) {
  std::vector<Place> places;
  collect(Message::Model, model, places);
  return places;
}

constexpr uint64_t kNumbers[] = {
    0,          1,          2,          3,          4,          5,
    6,          7,          8,          9,          10,         11,
    12,         13,         16,         17,         20,         22,
    31,         32,         64,         127,        255,        4096,
    1u << 31,   ~0ull,      ~0ull - 1,  ~0ull - 2,  1ull << 40, 1ull << 62,
    1ull << 63, (1ull << 31) - 1,       (1ull << 63) - 1};

// Bits of floats: 0, 1, -1, 0.5, infinity, NaN, the largest.
constexpr uint64_t kFloats[] = {0,          0x3f800000, 0xbf800000, 0x3f000000,
                                0x7f800000, 0x7fc00000, 0x7f7fffff};

constexpr const char *kWords[] = {
    "", "Add", "AveragePool", "BatchNormalization", "Cast", "CastLike", "Clip",
    "Concat", "Constant", "ConstantOfShape", "Conv", "ConvTranspose", "CumSum",
    "DepthToSpace", "Einsum", "Equal", "Expand", "EyeLike", "Flatten", "GRU",
    "Gather", "GatherElements", "GatherND", "Gemm", "GridSample",
    "GroupNormalization", "Identity", "If", "LSTM", "LayerNormalization",
    "Loop", "MatMul", "MaxPool", "MaxUnpool", "Mod", "OneHot", "Pad", "Pow",
    "QuantizeLinear", "Range", "ReduceMean", "ReduceProd", "ReduceSum", "Relu",
    "Reshape", "Resize", "ReverseSequence", "Scan", "ScatterElements",
    "ScatterND", "SequenceAt", "SequenceConstruct", "Shape", "Size", "Slice",
    "Softmax", "Split", "SplitToSequence", "Squeeze", "Sum", "Tile", "TopK",
    "Transpose", "Trilu", "Unsqueeze", "Where", "alpha", "auto_pad", "axes",
    "axis", "batch_dims", "body", "ceil_mode", "dilations", "direction",
    "equation", "group", "kernel_shape", "keepdims", "mode", "output_shape",
    "pads", "perm", "strides", "to", "value", "value_ints", "SAME_UPPER",
    "VALID", "reverse", "bidirectional", "linear", "cubic", "nearest", "reflect",
    "wrap", "ij,jk->ik", "...i->...", "ii", "location", "a\nb"};

class Mutator {
public:
  Mutator(std::vector<Field> &model, std::mt19937 &random)
      : random(random), places(placesIn(model)) {}

  void run() {
    for (unsigned i = 0; i < 20; ++i)
      if (step())
        return;
  }

  size_t below(size_t limit) { return random() % limit; }

  template <typename List> auto &oneOf(List &list) {
    return list[below(std::size(list))];
  }

  /// A place with fields; null if none is found soon.
  Place *somewhere() {
    for (unsigned i = 0; i < 10; ++i)
      if (Place &place = oneOf(places); !place.fields->empty())
        return &place;
    return nullptr;
  }

private:
  bool step() {
    Place *place = somewhere();
    if (!place)
      return false;
    std::vector<Field> &fields = *place->fields;
    size_t at = below(fields.size());
    switch (below(8)) {
    case 0:
      fields.erase(fields.begin() + at);
      return true;
    case 1: {
      Field copy = fields[at];
      fields.insert(fields.begin() + below(fields.size() + 1), std::move(copy));
      return true;
    }
    case 2:
      std::swap(fields[at], oneOf(fields));
      return true;
    case 3:
      return takeOver(*place);
    default:
      return change(*place, fields[at]);
    }
  }

  /// A field of another message of the same kind is added, or takes the place
  /// of one of its number.
  bool takeOver(Place &place) {
    Place *other = somewhere();
    if (!other || other->message != place.message ||
        other->fields == place.fields)
      return false;
    Field copy = oneOf(*other->fields);
    for (Field &field : *place.fields)
      if (field.number == copy.number && below(2)) {
        field = std::move(copy);
        return true;
      }
    place.fields->push_back(std::move(copy));
    return true;
  }

  bool change(const Place &place, Field &field) {
    if (field.message != Message::Bytes)
      return false;
    if (field.wireType == 0) {
      switch (below(3)) {
      case 0:
        field.value += below(2) ? 1 : -1;
        break;
      default:
        field.value = oneOf(kNumbers);
      }
      return true;
    }
    if (field.wireType != 2) {
      field.value = below(2) ? oneOf(kFloats) : field.value ^ 1ull << below(32);
      return true;
    }
    return changeBytes(place, field);
  }

  bool changeBytes(const Place &place, Field &field) {
    // The elements of a tensor, mostly as many as before.
    if (place.message == Message::Tensor && field.number == 9 &&
        !field.bytes.empty() && below(8)) {
      size_t size = field.bytes.size() % 8 ? 1 : 8;
      size_t at = below(field.bytes.size() / size) * size;
      uint64_t value = oneOf(kNumbers);
      for (size_t i = 0; i < size; ++i)
        field.bytes[at + i] = static_cast<char>(value >> (8 * i));
      return true;
    }
    // A name of another field of this number, or a word.
    if (below(2)) {
      field.bytes = oneOf(kWords);
      return true;
    }
    for (unsigned i = 0; i < 20; ++i) {
      Place *other = somewhere();
      if (!other)
        break;
      const Field &named = oneOf(*other->fields);
      if (named.wireType == 2 && named.message == Message::Bytes &&
          named.bytes.size() < 100) {
        field.bytes = std::string(named.bytes);
        return true;
      }
    }
    return false;
  }

  std::mt19937 &random;
  std::vector<Place> places;
};

} // namespace

std::optional<std::vector<Field>>
msc::onnx::test::parse(Message message, std::string_view bytes,
                       unsigned depth) {
  if (depth > kMaxDepth)
    return std::nullopt;
  std::vector<Field> fields;
  while (!bytes.empty()) {
    Field field;
    if (!parseField(message, bytes, depth, field))
      return std::nullopt;
    fields.push_back(std::move(field));
  }
  return fields;
}

std::string msc::onnx::test::serialize(const std::vector<Field> &fields) {
  std::string out;
  for (const Field &field : fields) {
    appendVarint(uint64_t(field.number) << 3 | field.wireType, out);
    if (field.wireType == 0) {
      appendVarint(field.value, out);
    } else if (field.wireType == 2) {
      std::string content = field.message == Message::Bytes
                                ? field.bytes
                                : serialize(field.children);
      appendVarint(content.size(), out);
      out += content;
    } else {
      for (unsigned i = 0; i < sizeOfFixed(field.wireType); ++i)
        out += static_cast<char>(field.value >> (8 * i));
    }
  }
  return out;
}

void msc::onnx::test::mutate(std::vector<Field> &model, std::mt19937 &random) {
  Mutator(model, random).run();
}

void msc::onnx::test::cross(std::vector<Field> &model,
                            const std::vector<Field> &other,
                            std::mt19937 &random) {
  std::vector<Field> copy = other;
  Mutator from(copy, random), to(model, random);
  for (unsigned i = 0; i < 100; ++i) {
    Place *source = from.somewhere(), *target = to.somewhere();
    if (!source || !target || source->message != target->message)
      continue;
    target->fields->insert(target->fields->begin() +
                               to.below(target->fields->size() + 1),
                           from.oneOf(*source->fields));
    return;
  }
}
