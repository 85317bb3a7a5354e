#include "runtime/cli/Files.h"

#include "runtime/io/TensorProto.h"

#include <cinttypes>

namespace msc::rt {

ExitCode exitCodeOf(msc_status status) {
  switch (status) {
  case MSC_OK:
    return kSuccess;
  case MSC_INVALID_ARGUMENT:
  case MSC_IO_ERROR:
    return kBadInput;
  default:
    return kInternal;
  }
}

static ExitCode outOfMemory(Error &error) {
  error.fail(MSC_OUT_OF_MEMORY, "out of memory");
  return kInternal;
}

static ExitCode usage(Error &error, const char *format, const char *name) {
  char what[512];
  TextBuffer(what, sizeof what).add("%s", name);
  error.fail(MSC_INVALID_ARGUMENT, "%s '%s'; see --help", format, what);
  return kUsage;
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

namespace {

/// "file.npz:array" selects an array of an archive.
struct ArchivePath {
  char *file = nullptr;
  const char *array = nullptr;

  ~ArchivePath() { std::free(file); }

  bool split(const char *path) {
    file = strdup(path);
    if (!file)
      return false;
    if (char *colon = std::strstr(file, ".npz:")) {
      colon[4] = 0;
      array = colon + 5;
    }
    return true;
  }
};

class InputReader {
public:
  InputReader(const msc_model_desc &model, List<HostTensor> &inputs,
              Error &error)
      : model(model), inputs(inputs), error(error) {}

  ExitCode read(const Options &options) {
    if (!given.resize(model.num_inputs + size_t(1)))
      return outOfMemory(error);
    for (const FileArgument &file : options.inputs) {
      if (file.tensor < 0)
        continue;
      if (given[file.tensor])
        return usage(error, "two files for input",
                     model.inputs[file.tensor].name);
      given[file.tensor] = true;
    }
    for (const FileArgument &file : options.inputs)
      if (ExitCode code = readFileArgument(file))
        return code;
    for (uint32_t i = 0; i < model.num_inputs; ++i)
      if (!given[i])
        return usage(error, "give --input NAME=FILE for input",
                     model.inputs[i].name);
    return kSuccess;
  }

private:
  ExitCode readFileArgument(const FileArgument &file) {
    ArchivePath path;
    if (!path.split(file.path))
      return outOfMemory(error);
    bool isArchive = path.array || hasExtension(path.file, ".npz");
    bool isProto = hasExtension(path.file, ".pb");
    if (!isArchive && !isProto && !hasExtension(path.file, ".npy"))
      return bad(path.file, error.fail(MSC_INVALID_ARGUMENT,
                                       "expected a .npy, .npz or .pb file"));
    int32_t index = file.tensor;
    if (index < 0 && !(isArchive && !path.array))
      if (ExitCode code = takeNext(path.file, index))
        return code;
    Block content;
    if (msc_status status =
            readFile(path.file, largestFile(index), content, error))
      return bad(path.file, status);
    Bytes bytes = {content.begin(), content.size()};
    if (isArchive)
      return readArchive(path, bytes, index);
    Expected expected = {model, model.inputs[index]};
    msc_status status =
        isProto ? readTensorProto(bytes, expected, inputs[index], error)
                : readNpy(bytes, expected, inputs[index], error);
    return status ? badTensor(path.file, status, index) : kSuccess;
  }

  ExitCode readArchive(const ArchivePath &path, Bytes archive, int32_t index) {
    Array<ZipEntry> entries;
    if (msc_status status = listZip(archive, entries, error))
      return bad(path.file, status);
    if (index >= 0) {
      const char *name = path.array ? path.array : model.inputs[index].name;
      const ZipEntry *entry = findArray(entries, name);
      if (!entry && !path.array && entries.size() == 1)
        entry = &entries[0];
      if (!entry)
        return bad(path.file,
                   error.fail(MSC_INVALID_ARGUMENT,
                              "has no array '%s'; select one with %s=%s:ARRAY",
                              name, model.inputs[index].name, path.file));
      return extract(path.file, archive, *entry, index);
    }
    for (const ZipEntry &entry : entries) {
      int32_t input = findInput(entry);
      if (input < 0 && entries.size() == 1) {
        if (ExitCode code = takeNext(path.file, input))
          return code;
      } else if (input < 0) {
        return bad(path.file,
                   error.fail(MSC_INVALID_ARGUMENT,
                              "the model has no input '%.*s'; select arrays "
                              "with --input NAME=%s:ARRAY",
                              static_cast<int>(entry.arrayNameSize()),
                              entry.name, path.file));
      } else if (given[input]) {
        return bad(path.file,
                   error.fail(MSC_INVALID_ARGUMENT, "input '%s' is given twice",
                              model.inputs[input].name));
      }
      given[input] = true;
      if (ExitCode code = extract(path.file, archive, entry, input))
        return code;
    }
    return kSuccess;
  }

  ExitCode extract(const char *file, Bytes archive, const ZipEntry &entry,
                   int32_t index) {
    Expected expected = {model, model.inputs[index]};
    uint64_t limit = expected.largestBytes();
    limit =
        limit > INT64_MAX - kMaxNpyHeader ? INT64_MAX : limit + kMaxNpyHeader;
    Block content;
    msc_status status = extractZip(archive, entry, limit, content, error);
    if (!status)
      status = readNpy({content.begin(), content.size()}, expected,
                       inputs[index], error);
    return status ? badTensor(file, status, index) : kSuccess;
  }

  /// The first input that has no file yet: files without names go in order.
  ExitCode takeNext(const char *file, int32_t &index) {
    for (uint32_t i = 0; i < model.num_inputs; ++i) {
      if (given[i])
        continue;
      given[i] = true;
      index = static_cast<int32_t>(i);
      return kSuccess;
    }
    return usage(error, "the model has no further input for", file);
  }

  int32_t findInput(const ZipEntry &entry) const {
    for (uint32_t i = 0; i < model.num_inputs; ++i)
      if (entry.isArray(model.inputs[i].name))
        return static_cast<int32_t>(i);
    return -1;
  }

  /// Typed fields of a .pb take up to 10 bytes a value, and an archive may
  /// hold more arrays than are read: what is refused here is out of all
  /// proportion.
  uint64_t largestFile(int32_t index) const {
    uint64_t largest = 0;
    for (uint32_t i = 0; i < model.num_inputs; ++i) {
      if (index >= 0 && static_cast<uint32_t>(index) != i)
        continue;
      uint64_t bytes = Expected{model, model.inputs[i]}.largestBytes();
      if (bytes > INT64_MAX / 16 - largest)
        return INT64_MAX;
      largest += bytes;
    }
    constexpr uint64_t kSlack = uint64_t(256) << 20;
    return largest > (INT64_MAX - kSlack) / 16 ? INT64_MAX
                                               : largest * 16 + kSlack;
  }

  ExitCode bad(const char *file, msc_status status) {
    error.prefix("%s", file);
    return exitCodeOf(status);
  }

  /// Adds what would make the tensor fit, where that is plain to see.
  ExitCode badTensor(const char *file, msc_status status, int32_t index) {
    const msc_tensor_desc &desc = model.inputs[index];
    const HostTensor &tensor = inputs[index];
    char hint[256] = "";
    TextBuffer text(hint, sizeof hint);
    const char *numpy = numpyName(desc.dtype);
    if (status == MSC_INVALID_ARGUMENT && tensor.dtype) {
      if (tensor.dtype != desc.dtype && numpy)
        text.add("; convert with x.astype(numpy.%s)", numpy);
      else if (tensor.dtype == desc.dtype && tensor.rank + 1 == desc.rank)
        text.add("; add a leading dim with x[None]");
    }
    char previous[1024];
    TextBuffer(previous, sizeof previous).add("%s", error.text());
    error.fail(status, "%s%s", previous, hint);
    return bad(file, status);
  }

  static const char *numpyName(uint32_t dtype) {
    switch (dtype) {
    case MSC_F32:
      return "float32";
    case MSC_F64:
      return "float64";
    case MSC_F16:
      return "float16";
    case MSC_I8:
      return "int8";
    case MSC_I16:
      return "int16";
    case MSC_I32:
      return "int32";
    case MSC_I64:
      return "int64";
    case MSC_U8:
      return "uint8";
    case MSC_U16:
      return "uint16";
    case MSC_U32:
      return "uint32";
    case MSC_U64:
      return "uint64";
    case MSC_BOOL:
      return "bool_";
    }
    return nullptr;
  }

  const msc_model_desc &model;
  List<HostTensor> &inputs;
  Error &error;
  Array<bool> given;
};

} // namespace

ExitCode readInputs(const msc_model_desc &model, const Options &options,
                    List<HostTensor> &inputs, Error &error) {
  if (!inputs.make(model.num_inputs))
    return outOfMemory(error);
  return InputReader(model, inputs, error).read(options);
}

ExitCode makeInputs(const msc_model_desc &model, List<HostTensor> &inputs,
                    Error &error) {
  if (!inputs.make(model.num_inputs))
    return outOfMemory(error);
  for (uint32_t i = 0; i < model.num_inputs; ++i) {
    const msc_tensor_desc &desc = model.inputs[i];
    HostTensor &tensor = inputs[i];
    tensor.dtype = desc.dtype;
    tensor.rank = desc.rank;
    for (uint32_t axis = 0; axis < desc.rank; ++axis) {
      const msc_dim_desc &dim = desc.dims[axis];
      if (dim.extent >= 0) {
        tensor.dims[axis] = dim.extent;
        continue;
      }
      const msc_dim_range &range = model.dims[dim.id];
      tensor.dims[axis] = range.min == 0 && range.max > 0 ? 1 : range.min;
    }
    if (msc_status status = allocateTensor(tensor, error))
      return exitCodeOf(status);
    std::memset(tensor.data.data(), 0, tensor.data.size());
    auto *f32 = static_cast<float *>(tensor.data.data());
    auto *f64 = static_cast<double *>(tensor.data.data());
    auto *half = static_cast<uint16_t *>(tensor.data.data());
    uint64_t count = tensor.data.size() * 8 / bitsOf(tensor.dtype);
    for (uint64_t at = 0; at < count; ++at) {
      // Never 0 or denormal, which some machines multiply faster or slower.
      double value = static_cast<double>(at * 37 % 101 + 1) / 102;
      if (desc.dtype == MSC_F32)
        f32[at] = static_cast<float>(value);
      else if (desc.dtype == MSC_F64)
        f64[at] = value;
      else if (desc.dtype == MSC_F16)
        half[at] = 0x3800 + at % 7; // about 0.5
      else if (desc.dtype == MSC_BF16)
        half[at] = 0x3f00 + at % 7; // about 0.5
      else
        break;
    }
  }
  return kSuccess;
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

/// Gives each .npy without a name the next output in order. `owner` has one
/// element per output: the argument that writes it, from 1.
static ExitCode assignOutputs(const msc_model_desc &model,
                              const Options &options, Array<int64_t> &owner,
                              Error &error) {
  if (!owner.resize(model.num_outputs + size_t(1)))
    return outOfMemory(error);
  for (size_t i = 0; i < options.outputs.size(); ++i) {
    int32_t output = options.outputs[i].tensor;
    if (output < 0)
      continue;
    if (owner[output])
      return usage(error, "two files for output", model.outputs[output].name);
    owner[output] = static_cast<int64_t>(i) + 1;
  }
  for (size_t i = 0; i < options.outputs.size(); ++i) {
    const FileArgument &file = options.outputs[i];
    if (file.tensor >= 0 || hasExtension(file.path, ".npz"))
      continue;
    uint32_t next = 0;
    while (next < countOutputs(model) && owner[next])
      ++next;
    if (next == countOutputs(model))
      return usage(error, "the model has no further output for", file.path);
    owner[next] = static_cast<int64_t>(i) + 1;
  }
  return kSuccess;
}

ExitCode checkOutputs(const msc_model_desc &model, const Options &options,
                      Error &error) {
  for (size_t i = 0; i < options.outputs.size(); ++i) {
    const char *path = options.outputs[i].path;
    if (!hasExtension(path, ".npy") && !hasExtension(path, ".npz"))
      return usage(error, "--output writes .npy or .npz files, not", path);
    for (size_t j = 0; j < i; ++j)
      if (std::strcmp(path, options.outputs[j].path) == 0 &&
          !hasExtension(path, ".npz"))
        return usage(error, "two outputs for file", path);
  }
  Array<int64_t> owner;
  return assignOutputs(model, options, owner, error);
}

namespace {

class OutputWriter {
public:
  OutputWriter(const msc_model_desc &model, const Options &options,
               const List<HostTensor> &outputs, Error &error)
      : model(model), options(options), outputs(outputs), error(error) {}

  ExitCode write() {
    if (ExitCode code = assignOutputs(model, options, owner, error))
      return code;
    List<PendingFile> files;
    if (!files.make(options.outputs.size()))
      return outOfMemory(error);
    for (size_t i = 0; i < files.size(); ++i)
      if (isFirstOfPath(i))
        if (msc_status status = writeOne(i, files[i]))
          return exitCodeOf(status);
    // All are complete: now they may appear.
    for (size_t i = 0; i < files.size(); ++i)
      if (isFirstOfPath(i))
        if (msc_status status = files[i].publish(error))
          return exitCodeOf(status);
    return kSuccess;
  }

private:
  /// "y=a.npz" and "z=a.npz" are one file.
  bool isFirstOfPath(size_t index) const {
    for (size_t i = 0; i < index; ++i)
      if (std::strcmp(options.outputs[i].path, options.outputs[index].path) ==
          0)
        return false;
    return true;
  }

  bool isWanted(uint32_t output, const char *path) const {
    bool isIntermediate = output >= countOutputs(model);
    for (const FileArgument &file : options.outputs)
      if (std::strcmp(file.path, path) == 0 &&
          (file.tensor < 0 ? file.isForIntermediates == isIntermediate
                           : static_cast<uint32_t>(file.tensor) == output))
        return true;
    return false;
  }

  TensorView view(uint32_t output) const {
    const HostTensor &tensor = outputs[output];
    return {model.outputs[output].name, tensor.dtype, tensor.rank, tensor.dims,
            tensor.data.data()};
  }

  msc_status writeOne(size_t index, PendingFile &file) {
    const char *path = options.outputs[index].path;
    if (msc_status status = file.create(path, error))
      return status;
    msc_status status = MSC_OK;
    if (hasExtension(path, ".npz")) {
      ZipWriter writer(file.stream());
      for (uint32_t i = 0; i < model.num_outputs && !status; ++i)
        if (isWanted(i, path))
          status = addToNpz(writer, view(i), error);
      writer.finish();
    } else {
      for (uint32_t i = 0; i < model.num_outputs && !status; ++i)
        if (owner[i] == static_cast<int64_t>(index) + 1)
          status = writeNpy(file.stream(), view(i), error);
    }
    return status ? status : file.finish(error);
  }

  const msc_model_desc &model;
  const Options &options;
  const List<HostTensor> &outputs;
  Error &error;
  Array<int64_t> owner;
};

} // namespace

ExitCode writeOutputs(const msc_model_desc &model, const Options &options,
                      const List<HostTensor> &outputs, Error &error) {
  return OutputWriter(model, options, outputs, error).write();
}

} // namespace msc::rt
