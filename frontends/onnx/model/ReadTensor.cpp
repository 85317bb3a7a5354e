//===- ReadTensor.cpp - Contents of tensors -------------------------------===//

#include "frontends/onnx/model/ReadTensor.h"
#include "frontends/onnx/model/WireSkeleton.h"
#include "third_party/onnx/onnx.pb.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstring>

using namespace llvm;
using namespace msc::onnx;

unsigned msc::onnx::bytesOf(DataType type) {
  switch (type) {
  case DataType::U8:
  case DataType::I8:
  case DataType::Bool:
  case DataType::F8E4M3FN:
  case DataType::F8E5M2:
    return 1;
  case DataType::U16:
  case DataType::I16:
  case DataType::F16:
  case DataType::BF16:
    return 2;
  case DataType::F32:
  case DataType::I32:
  case DataType::U32:
    return 4;
  case DataType::F64:
  case DataType::I64:
  case DataType::U64:
    return 8;
  case DataType::String:
  case DataType::Undefined:
    return 0;
  }
  return 0;
}

std::string msc::onnx::nameOf(DataType type) {
  int value = static_cast<int>(type);
  if (::onnx::TensorProto::DataType_IsValid(value))
    return StringRef(::onnx::TensorProto::DataType_Name(
                         static_cast<::onnx::TensorProto::DataType>(value)))
        .lower();
  return "type " + itostr(value);
}

int64_t TensorData::getNumElements() const {
  int64_t count = 1;
  for (int64_t dim : dims)
    count *= dim;
  return count;
}

Expected<std::unique_ptr<MemoryBuffer>>
msc::onnx::mapFile(const std::string &path, uint64_t maxBytes) {
  sys::fs::file_status status;
  if (std::error_code error = sys::fs::status(path, status))
    return createStringError("cannot open " + quoted(path) + ": " +
                             error.message());
  // A pipe or a device might never end.
  if (!sys::fs::is_regular_file(status))
    return createStringError("cannot open " + quoted(path) +
                             ": not a regular file");
  if (status.getSize() > maxBytes)
    return createStringError(quoted(path) + " has " + utostr(status.getSize()) +
                             " bytes, the limit is " + utostr(maxBytes));
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot open " + quoted(path) + ": " +
                             buffer.getError().message());
  return std::move(*buffer);
}

namespace {

class TensorReader {
public:
  TensorReader(const ::onnx::TensorProto &proto, Model &model,
               uint64_t maxBytes)
      : proto(proto), model(model), maxBytes(maxBytes) {}

  Expected<TensorData> read() {
    data.name = proto.name();
    data.type = static_cast<DataType>(proto.data_type());
    if (Error error = readDims())
      return std::move(error);
    if (proto.has_segment())
      return fail("is stored in segments, which is not supported");
    // Whoever uses such a tensor says that it is not supported.
    if (bytesOf(data.type) == 0)
      return std::move(data);
    length = data.getNumElements() * bytesOf(data.type);
    bool isExternal = proto.data_location() == ::onnx::TensorProto::EXTERNAL;
    if (Error error = isExternal ? readReference() : readInline())
      return std::move(error);
    if (data.type == DataType::Bool)
      for (char byte : data.bytes)
        if (byte != 0 && byte != 1)
          return fail("expected booleans to be 0 or 1, got " +
                      itostr(static_cast<uint8_t>(byte)));
    return std::move(data);
  }

private:
  Error fail(const Twine &why) {
    return createStringError("tensor " + quoted(data.name) + ": " + why);
  }

  Error readDims() {
    if (proto.dims_size() > kMaxRank)
      return fail("expected a rank of at most " + Twine(kMaxRank) + ", got " +
                  Twine(proto.dims_size()));
    int64_t count = 1;
    for (int64_t dim : proto.dims()) {
      if (dim < 0)
        return fail("expected dims of at least 0, got " + Twine(dim));
      auto product = checkedMul(count, std::max<int64_t>(dim, 1));
      if (!product || *product > kMaxElements)
        return fail("has too many elements");
      count = *product;
      data.dims.push_back(dim);
    }
    return Error::success();
  }

  Error checkLength(uint64_t got) {
    if (got == length)
      return Error::success();
    return fail("expected " + Twine(length) + " bytes for its shape, got " +
                Twine(got));
  }

  //===--------------------------------------------------------------------===//
  // In a file
  //===--------------------------------------------------------------------===//

  Error readReference() {
    StringRef location, offset = "0", size;
    bool isOwn = false;
    for (const auto &entry : proto.external_data()) {
      StringRef key = entry.key(), value = entry.value();
      isOwn |= key == kModelOffsetKey;
      if (key == "location")
        location = value;
      else if (key == "offset" || key == kModelOffsetKey)
        offset = value;
      else if (key == "length" || key == kModelLengthKey)
        size = value;
    }
    uint64_t size64 = length;
    if (offset.getAsInteger(10, data.offset))
      return fail("expected a number as external offset, got " +
                  quoted(offset));
    if (!size.empty() && size.getAsInteger(10, size64))
      return fail("expected a number as external length, got " + quoted(size));
    if (Error error = checkLength(size64))
      return error;
    data.path = model.path;
    if (!isOwn)
      if (Error error = locate(location))
        return error;
    StringRef content = model.files[data.path]->getBuffer();
    if (data.offset > content.size() || length > content.size() - data.offset)
      return fail("bytes " + Twine(data.offset) + " and the " + Twine(length) +
                  " that follow lie outside of " + quoted(data.path) +
                  ", which has " + Twine(content.size()));
    data.bytes = ArrayRef<char>(content.data() + data.offset, length);
    return Error::success();
  }

  /// Maps the file at a location, which may be in the model's folder or below
  /// it and nowhere else, whatever links are on the way.
  Error locate(StringRef location) {
    if (location.empty())
      return fail("has no external location");
    if (location.contains('\0') || sys::path::is_absolute(location))
      return fail("expected an external location relative to the model, got " +
                  quoted(location));
    SmallString<128> folder(sys::path::parent_path(model.path));
    SmallString<128> path = folder;
    sys::path::append(path, location);
    SmallString<128> realFolder, realPath;
    if (std::error_code error =
            sys::fs::real_path(folder.empty() ? "." : folder.str(), realFolder))
      return fail("cannot open the model's folder: " + error.message());
    if (std::error_code error = sys::fs::real_path(path, realPath))
      return fail("cannot open " + quoted(path) + ": " + error.message());
    StringRef rest = realPath;
    if (!rest.consume_front(realFolder) ||
        !(rest.starts_with("/") || StringRef(realFolder).ends_with("/")))
      return fail("expected an external location in the model's folder, got " +
                  quoted(location));
    data.path = path.str().str();
    auto &file = model.files[data.path];
    if (file)
      return Error::success();
    auto mapped = mapFile(realPath.str().str(), maxBytes);
    if (!mapped) {
      model.files.erase(data.path);
      return fail(toString(mapped.takeError()));
    }
    file = std::move(*mapped);
    return Error::success();
  }

  //===--------------------------------------------------------------------===//
  // Between the other fields of the model
  //===--------------------------------------------------------------------===//

  Error readInline() {
    if (proto.has_raw_data()) {
      const std::string &raw = proto.raw_data();
      if (Error error = checkLength(raw.size()))
        return error;
      store({raw.begin(), raw.end()});
      return Error::success();
    }
    return readTyped();
  }

  Error readTyped() {
    switch (data.type) {
    case DataType::F32:
      return copy<float>(proto.float_data());
    case DataType::F64:
      return copy<double>(proto.double_data());
    case DataType::I64:
      return copy<int64_t>(proto.int64_data());
    case DataType::U32:
      return copy<uint32_t>(proto.uint64_data());
    case DataType::U64:
      return copy<uint64_t>(proto.uint64_data());
    case DataType::I32:
      return copy<int32_t>(proto.int32_data());
    default:
      break;
    }
    // Everything smaller stands in int32_data by its bits.
    if (bytesOf(data.type) == 2)
      return copy<uint16_t>(proto.int32_data());
    return copy<uint8_t>(proto.int32_data());
  }

  void store(std::vector<char> bytes) {
    data.storage = std::make_shared<std::vector<char>>(std::move(bytes));
    data.bytes = *data.storage;
  }

  template <typename T, typename Field> Error copy(const Field &field) {
    if (Error error = checkLength(uint64_t(field.size()) * sizeof(T)))
      return error;
    std::vector<char> bytes(field.size() * sizeof(T));
    char *out = bytes.data();
    for (auto value : field) {
      T element = static_cast<T>(value);
      std::memcpy(out, &element, sizeof(T));
      out += sizeof(T);
    }
    store(std::move(bytes));
    return Error::success();
  }

  const ::onnx::TensorProto &proto;
  Model &model;
  uint64_t maxBytes;
  TensorData data;
  uint64_t length = 0;
};

} // namespace

Expected<TensorData> msc::onnx::readTensor(const ::onnx::TensorProto &proto,
                                           Model &model, uint64_t maxBytes) {
  return TensorReader(proto, model, maxBytes).read();
}
