#include "runtime/run/List.h"

#include <cinttypes>

namespace msc::rt {
namespace {

/// Texts come from the file.
const char *printable(const flatbuffers::String *text, char (&memory)[256]) {
  TextBuffer(memory, sizeof memory)
      .add("%s", text && text->size() ? text->c_str() : "-");
  makePrintable(memory);
  return memory;
}

void printCode(FILE *out, uint32_t number, const package::CodeObject &code) {
  char device[256], format[256], triple[256], features[256], name[256];
  std::fprintf(out,
               "    code %u: for %s, %s, %s, needs %s; %" PRIu64
               " bytes at %" PRIu64 "\n",
               number, printable(code.device(), device),
               printable(code.format(), format),
               printable(code.triple(), triple),
               printable(code.features(), features), code.section()->bytes(),
               code.section()->offset());
  for (uint32_t i = 0; code.kernels() && i < code.kernels()->size(); ++i) {
    const package::Kernel &kernel = *code.kernels()->Get(i);
    std::fprintf(out, "      kernel %s (%u buffers, %u scalars)\n",
                 printable(kernel.name(), name), kernel.buffers(),
                 kernel.scalars());
  }
}

void printPlan(FILE *out, const package::Target &target) {
  if (const auto *whole = target.plan_as_WholePlan()) {
    std::fprintf(out, "    plan: code %u runs the program\n", whole->code());
    return;
  }
  const auto &steps = *target.plan_as_StepsPlan();
  std::fprintf(out,
               "    plan: %u steps, %u before the first run; %u queues; arenas "
               "of %" PRIu64 " bytes on the device, %" PRIu64
               " on the host; %" PRIu64 " bytes of weights on the device\n",
               steps.steps()->size(), steps.setup() ? steps.setup()->size() : 0,
               steps.queues(), steps.device_arena_bytes(),
               steps.host_arena_bytes(), steps.device_weights_bytes());
}

void printTarget(FILE *out, const package::Target &target) {
  char name[256], ops[256], schedule[256];
  std::fprintf(out, "  %s\n", printable(target.name(), name));
  printPlan(out, target);
  for (uint32_t i = 0; i < target.code()->size(); ++i)
    printCode(out, i, *target.code()->Get(i));
  std::fprintf(out, "    regions: %u\n", target.regions()->size());
  for (const package::Region *region : *target.regions()) {
    std::fprintf(out, "      %s: %s, %s", printable(region->name(), name),
                 printable(region->ops(), ops),
                 printable(region->schedule(), schedule));
    if (region->flops() || region->bytes())
      std::fprintf(out, ", %" PRId64 " flops, %" PRId64 " bytes",
                   region->flops(), region->bytes());
    std::fputc('\n', out);
  }
}

} // namespace

void printPackage(FILE *out, const char *path, const Package &package) {
  const package::Package &description = package.description();
  char text[256];
  TextBuffer(text, sizeof text).add("%s", path);
  makePrintable(text);
  std::fprintf(out, "package:  %s, %" PRIu64 " bytes\n", text,
               package.fileBytes());
  std::fprintf(out, "model:    %s\n", printable(description.name(), text));
  std::fprintf(out, "producer: %s\n", printable(description.producer(), text));
  std::fprintf(out, "format:   %u, needs msc >= %s\n", description.format(),
               printable(description.min_msc(), text));
  if (const package::Section *weights = description.weights())
    std::fprintf(out, "weights:  %" PRIu64 " bytes at %" PRIu64 "\n",
                 weights->bytes(), weights->offset());
  else
    std::fputs("weights:  none\n", out);
  std::fputs("targets:\n", out);
  for (const package::Target *target : *description.targets())
    printTarget(out, *target);
}

} // namespace msc::rt
