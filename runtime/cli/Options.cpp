#include "runtime/cli/Options.h"

#include <unistd.h>

namespace msc::rt {

bool hasExtension(const char *path, const char *extension) {
  size_t length = std::strlen(path), wanted = std::strlen(extension);
  return length > wanted && std::strcmp(path + length - wanted, extension) == 0;
}

namespace {

constexpr const char *kWithValue[] = {"--input",         "--output",
                                      "--intermediates", "--threads",
                                      "--benchmark",     "--profile"};

/// Splits "[NAME=]FILE". Names may contain '=' themselves, so the longest name
/// of the signature that fits is taken; a file of the whole text goes before
/// the error that there is no such name.
ExitCode splitName(const msc_tensor_desc *tensors, uint32_t count,
                   const char *kind, const char *text, FileArgument &file,
                   Error &error) {
  file = {-1, text, false};
  size_t longest = 0;
  for (uint32_t i = 0; i < count; ++i) {
    size_t length = std::strlen(tensors[i].name);
    if (length >= longest && std::strncmp(text, tensors[i].name, length) == 0 &&
        text[length] == '=') {
      longest = length;
      file = {static_cast<int32_t>(i), text + length + 1, false};
    }
  }
  const char *equals = std::strchr(text, '=');
  if (file.tensor >= 0 || !equals || access(text, F_OK) == 0)
    return kSuccess;
  error.fail(MSC_INVALID_ARGUMENT,
             "no %s '%.*s'; --help lists the names of the model", kind,
             static_cast<int>(equals - text), text);
  return kBadInput;
}

ExitCode usage(Error &error, const char *what, const char *option) {
  error.fail(MSC_INVALID_ARGUMENT, "%s '%s'; see --help", what, option);
  return kUsage;
}

/// A decimal number in [1, most].
bool parseCount(const char *text, unsigned most, unsigned &count) {
  count = 0;
  for (const char *c = text; *c; ++c) {
    if (*c < '0' || *c > '9' || count > most / 10)
      return false;
    count = count * 10 + static_cast<unsigned>(*c - '0');
  }
  return *text && count >= 1 && count <= most;
}

ExitCode setValue(const msc_model_desc &model, const char *name,
                  const char *value, Options &options, Error &error) {
  FileArgument file;
  ExitCode code = kSuccess;
  if (std::strcmp(name, "--input") == 0) {
    code =
        splitName(model.inputs, model.num_inputs, "input", value, file, error);
    options.inputs.push(file);
  } else if (std::strcmp(name, "--output") == 0) {
    code = splitName(model.outputs, model.num_outputs, "output", value, file,
                     error);
    options.outputs.push(file);
  } else if (std::strcmp(name, "--intermediates") == 0) {
    if (model.num_intermediates == 0)
      return usage(error,
                   "this program was compiled without --keep-intermediates and "
                   "cannot write",
                   value);
    if (!hasExtension(value, ".npz"))
      return usage(error, "--intermediates writes an .npz file, not", value);
    options.outputs.push({-1, value, true});
  } else if (std::strcmp(name, "--threads") == 0) {
    if (!parseCount(value, 65536, options.threads))
      return usage(error, "--threads takes a number from 1 on, not", value);
  } else if (std::strcmp(name, "--benchmark") == 0) {
    if (!parseCount(value, 10000000, options.benchmark))
      return usage(error, "--benchmark takes a number of runs, not", value);
  } else {
    options.profile = value;
  }
  return code;
}

} // namespace

bool takesValue(const char *argument) {
  for (const char *option : kWithValue)
    if (std::strcmp(argument, option) == 0)
      return true;
  return false;
}

ExitCode parseOptions(const msc_model_desc &model, int argc, char **argv,
                      Options &options, Error &error) {
  for (int i = 1; i < argc; ++i) {
    const char *argument = argv[i];
    if (std::strcmp(argument, "--help") == 0 ||
        std::strcmp(argument, "-h") == 0) {
      options.help = true;
      continue;
    }
    if (std::strcmp(argument, "--version") == 0) {
      options.version = true;
      continue;
    }
    if (std::strcmp(argument, "--print-memory") == 0) {
      options.printMemory = true;
      continue;
    }
    const char *name = nullptr, *value = nullptr;
    for (const char *option : kWithValue) {
      size_t length = std::strlen(option);
      if (std::strncmp(argument, option, length) != 0 ||
          (argument[length] && argument[length] != '='))
        continue;
      name = option;
      value = argument[length] ? argument + length + 1
              : i + 1 < argc   ? argv[++i]
                               : nullptr;
    }
    if (!name)
      return usage(error,
                   argument[0] == '-' ? "unknown option"
                                      : "files are given by --input, not",
                   argument);
    if (!value || !*value)
      return usage(error, "a value is missing after", name);
    if (ExitCode code = setValue(model, name, value, options, error))
      return code;
  }
  return kSuccess;
}

} // namespace msc::rt
