#include "runtime/cli/Print.h"

#include "runtime/cli/Options.h"

#include <cinttypes>
#include <cmath>

namespace msc::rt {
namespace {

/// Names come from the model file.
void printName(FILE *out, const char *name, int width) {
  char text[512];
  TextBuffer(text, sizeof text).add("%s", name);
  makePrintable(text);
  std::fprintf(out, "%-*s", width, text);
}

/// `donors` may be null.
void printSignature(FILE *out, const char *title, const msc_model_desc &model,
                    const msc_tensor_desc *tensors, uint32_t count,
                    const int32_t *donors) {
  std::fprintf(out, "\n%s:\n", title);
  size_t width = 0;
  for (uint32_t i = 0; i < count; ++i) {
    size_t length = std::strlen(tensors[i].name);
    width = length > width ? length : width;
  }
  for (uint32_t i = 0; i < count; ++i) {
    char text[512];
    TextBuffer buffer(text, sizeof text);
    describe(buffer, model, tensors[i]);
    std::fputs("  ", out);
    printName(out, tensors[i].name, static_cast<int>(width < 40 ? width : 40));
    std::fputs("  ", out);
    printName(out, text, 0);
    if (donors && donors[i] >= 0) {
      std::fputs(", in place of ", out);
      printName(out, model.inputs[donors[i]].name, 0);
    }
    std::fputc('\n', out);
  }
}

/// Brackets and rows, one row a line.
void printElements(FILE *out, const HostTensor &tensor, uint32_t axis,
                   int64_t &index) {
  if (axis == tensor.rank) {
    char text[64];
    printElement(tensor.dtype, tensor.data.data(), index++, text, sizeof text);
    std::fputs(text, out);
    return;
  }
  std::fputc('[', out);
  for (int64_t i = 0; i < tensor.dims[axis]; ++i) {
    if (i && axis + 1 == tensor.rank)
      std::fputs(", ", out);
    else if (i)
      std::fprintf(out, ",\n%*s", static_cast<int>(axis) + 3, "");
    printElements(out, tensor, axis + 1, index);
  }
  std::fputc(']', out);
}

void printSummary(FILE *out, const HostTensor &tensor, int64_t elements) {
  constexpr int64_t kShown = 6;
  std::fputc('[', out);
  for (int64_t i = 0; i < kShown; ++i) {
    char text[64];
    printElement(tensor.dtype, tensor.data.data(), i, text, sizeof text);
    std::fprintf(out, "%s, ", text);
  }
  double least = INFINITY, most = -INFINITY, sum = 0;
  int64_t nans = 0;
  for (int64_t i = 0; i < elements; ++i) {
    double value = loadAsDouble(tensor.dtype, tensor.data.data(), i);
    if (std::isnan(value)) {
      ++nans;
      continue;
    }
    least = value < least ? value : least;
    most = value > most ? value : most;
    sum += value;
  }
  std::fprintf(out, "...]  %" PRId64 " elements", elements);
  if (nans < elements)
    std::fprintf(out, ", min %.6g, max %.6g, mean %.6g", least, most,
                 sum / static_cast<double>(elements - nans));
  if (nans)
    std::fprintf(out, ", %" PRId64 " NaN", nans);
}

} // namespace

static bool isInputDim(const msc_model_desc &model, uint32_t id) {
  for (uint32_t i = 0; i < model.num_inputs; ++i)
    for (uint32_t axis = 0; axis < model.inputs[i].rank; ++axis) {
      const msc_dim_desc &dim = model.inputs[i].dims[axis];
      if (dim.extent < 0 && static_cast<uint32_t>(dim.id) == id)
        return true;
    }
  return false;
}

void printHelp(FILE *out, const msc_model_desc &model, const char *program) {
  std::fprintf(out, "usage: %s [--input [NAME=]FILE]... [options]\n\n",
               program);
  std::fputs("Runs the model '", out);
  printName(out, model.name, 0);
  std::fputs("'.\n", out);
  uint32_t numOutputs = countOutputs(model);
  printSignature(out, "inputs", model, model.inputs, model.num_inputs, nullptr);
  printSignature(out, "outputs", model, model.outputs, numOutputs,
                 model.donors);
  if (model.num_intermediates)
    printSignature(out, "intermediate values", model,
                   model.outputs + numOutputs, model.num_intermediates,
                   nullptr);
  bool isFirst = true;
  for (uint32_t i = 0; i < model.num_dims; ++i) {
    const msc_dim_range &dim = model.dims[i];
    // What only outputs have follows from the inputs.
    if (!isInputDim(model, i) && !dim.decided)
      continue;
    std::fputs(isFirst ? "\ndims:\n  " : "  ", out);
    isFirst = false;
    if (*dim.name)
      printName(out, dim.name, 0);
    else
      std::fprintf(out, "d%u", i);
    if (dim.decided)
      std::fputs(" as the inputs' elements decide\n", out);
    else if (dim.max == INT64_MAX)
      std::fprintf(out, " >= %" PRId64 "\n", dim.min);
    else
      std::fprintf(out, " in [%" PRId64 ", %" PRId64 "]\n", dim.min, dim.max);
  }
  std::fputs("\noptions:\n", out);
  if (model.num_intermediates)
    std::fputs("  --intermediates FILE  write all intermediate values, to an "
               ".npz\n"
               "                        file\n",
               out);
  std::fputs(
      "  --input [NAME=]FILE   .npy, .npz or .pb (ONNX TensorProto); without\n"
      "                        names in order; FILE.npz:ARRAY selects an "
      "array\n"
      "  --output [NAME=]FILE  .npy, or .npz for all or several outputs;\n"
      "                        without --output results are printed\n"
      "  --threads N           at most N threads (default: what the system\n"
      "                        grants this process)\n"
      "  --benchmark N         time N runs; without --input on made-up data\n"
      "  --profile FILE        write a trace of one run for Perfetto or\n"
      "                        chrome://tracing\n"
      "  --print-memory        print the sizes of arena, weights and process\n"
      "  --version             print the versions of compiler and runtime\n"
      "  --help                print this\n"
      "\nexit codes: 0 success, 2 bad input, 64 bad usage, 70 internal error\n",
      out);
}

void printVersion(FILE *out, const msc_model_desc &model) {
  printName(out, model.name, 0);
  std::fputs(", compiled by ", out);
  printName(out, model.producer, 0);
  std::fputs(" for ", out);
  printName(out, *model.cpu ? model.cpu : "any CPU", 0);
  std::fputs(", runtime " MSC_VERSION_STRING "\n", out);
}

void printTensor(FILE *out, const char *name, const HostTensor &tensor) {
  constexpr int64_t kLargestInFull = 200;
  char text[512];
  TextBuffer buffer(text, sizeof text);
  describe(buffer, tensor.dtype, tensor.rank, tensor.dims);
  printName(out, name, 0);
  std::fprintf(out, ": %s\n  ", text);
  int64_t elements = 0, index = 0;
  countElements(tensor.dims, tensor.rank, elements);
  if (elements == 0)
    std::fputs("[]", out);
  else if (elements <= kLargestInFull)
    printElements(out, tensor, 0, index);
  else
    printSummary(out, tensor, elements);
  std::fputc('\n', out);
}

} // namespace msc::rt
