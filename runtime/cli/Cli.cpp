#include "runtime/cli/Cli.h"

#include "runtime/cli/Files.h"
#include "runtime/cli/Print.h"
#include "runtime/core/Clock.h"

#include <cinttypes>
#include <sys/resource.h>

namespace msc::rt {
namespace {

class Program {
public:
  explicit Program(const msc_model_desc &desc) : desc(desc) {}
  ~Program() {
    msc_context_free(context);
    msc_model_free(model);
  }

  /// On failure error() says why.
  ExitCode run(int argc, char **argv);
  const char *why() const { return error.text(); }

private:
  ExitCode fail(msc_status status, const char *text) {
    error.fail(status, "%s", text);
    return exitCodeOf(status);
  }
  ExitCode load();
  ExitCode prepareTensors();
  ExitCode runOnce();
  ExitCode benchmark();
  ExitCode profile();
  void takeDonated();
  void printMemory();
  void printResults();

  const msc_model_desc &desc;
  Error error;
  Options options;
  msc_model *model = nullptr;
  msc_context *context = nullptr;
  bool madeUp = false;
  List<HostTensor> inputs, outputs;
  Array<msc_tensor> inputTensors, outputTensors;
};

msc_tensor asTensor(HostTensor &tensor) {
  msc_tensor view = {};
  view.size = sizeof view;
  view.dtype = tensor.dtype;
  view.data = tensor.data.data();
  view.bytes = tensor.data.size();
  view.rank = tensor.rank;
  view.dims = tensor.dims;
  return view;
}

ExitCode Program::run(int argc, char **argv) {
  // The tables are read before msc_model_load checks them again.
  if (msc_status status = checkDescriptor(desc, error))
    return exitCodeOf(status);
  if (ExitCode code = parseOptions(desc, argc, argv, options, error))
    return code;
  if (options.help || options.version) {
    if (options.help)
      printHelp(stdout, desc, argc > 0 ? argv[0] : desc.name);
    else
      printVersion(stdout, desc);
    return kSuccess;
  }
  if (ExitCode code = checkOutputs(desc, options, error))
    return code;
  if (ExitCode code = load())
    return code;
  if (ExitCode code = prepareTensors())
    return code;
  if (ExitCode code = runOnce())
    return code;
  if (options.benchmark)
    if (ExitCode code = benchmark())
      return code;
  if (options.profile)
    if (ExitCode code = profile())
      return code;
  takeDonated();
  if (ExitCode code = writeOutputs(desc, options, outputs, error))
    return code;
  if (options.outputs.empty() && !options.benchmark && !madeUp)
    printResults();
  if (options.printMemory)
    printMemory();
  return kSuccess;
}

ExitCode Program::load() {
  if (msc_status status = msc_model_load(&desc, nullptr, &model))
    return fail(status, msc_error());
  madeUp = options.inputs.empty() && desc.num_inputs &&
           (options.benchmark || options.profile || options.printMemory);
  ExitCode code = madeUp ? makeInputs(desc, inputs, error)
                         : readInputs(desc, options, inputs, error);
  if (code)
    return code;
  msc_context_options chosen = {};
  chosen.size = sizeof chosen;
  chosen.threads = options.threads;
  if (msc_status status = msc_context_create(model, &chosen, &context))
    return fail(status, msc_error());
  return kSuccess;
}

ExitCode Program::prepareTensors() {
  if (!outputs.make(desc.num_outputs))
    return fail(MSC_OUT_OF_MEMORY, "out of memory");
  for (HostTensor &input : inputs)
    if (!inputTensors.push(asTensor(input)))
      return fail(MSC_OUT_OF_MEMORY, "out of memory");
  for (uint32_t i = 0; i < desc.num_outputs; ++i) {
    HostTensor &output = outputs[i];
    output.dtype = desc.outputs[i].dtype;
    output.rank = desc.outputs[i].rank;
    if (msc_status status =
            msc_model_output_dims(model, inputTensors.data(), desc.num_inputs,
                                  i, output.dims, MSC_MAX_RANK))
      return fail(status, msc_error());
    // What is in an input's buffer needs none.
    if (donorOf(desc, i) < 0)
      if (msc_status status = allocateTensor(output, error))
        return exitCodeOf(status);
    if (!outputTensors.push(asTensor(output)))
      return fail(MSC_OUT_OF_MEMORY, "out of memory");
  }
  return kSuccess;
}

/// After the last run: outputs that are in inputs' buffers get these.
void Program::takeDonated() {
  for (uint32_t i = 0; i < desc.num_outputs; ++i)
    if (int32_t donor = donorOf(desc, i); donor >= 0)
      outputs[i].data = std::move(inputs[donor].data);
}

ExitCode Program::runOnce() {
  if (msc_status status = msc_run(context, inputTensors.data(), desc.num_inputs,
                                  outputTensors.data(), desc.num_outputs))
    return fail(status, msc_context_error(context));
  return kSuccess;
}

int compareTimes(const void *a, const void *b) {
  int64_t first = *static_cast<const int64_t *>(a);
  int64_t second = *static_cast<const int64_t *>(b);
  return first < second ? -1 : first > second;
}

ExitCode Program::benchmark() {
  Array<int64_t> times;
  if (!times.resize(options.benchmark))
    return fail(MSC_OUT_OF_MEMORY, "out of memory");
  // Caches, pages and clocks settle: a tenth of the runs, at least three.
  unsigned warmUp = options.benchmark / 10 < 3 ? 3 : options.benchmark / 10;
  for (unsigned i = 0; i < warmUp; ++i)
    if (ExitCode code = runOnce())
      return code;
  for (int64_t &time : times) {
    int64_t start = nowNanoseconds();
    if (ExitCode code = runOnce())
      return code;
    time = nowNanoseconds() - start;
  }
  std::qsort(times.data(), times.size(), sizeof(int64_t), compareTimes);
  size_t count = times.size();
  // Median and p90 by nearest rank.
  int64_t median = times[(count - 1) / 2];
  int64_t p90 = times[(count * 9 + 9) / 10 - 1];
  // Of dynamic regions the number is not known: 0.
  double flops = 0;
  bool isKnown = true;
  for (uint32_t i = 0; i < desc.num_regions; ++i) {
    flops += static_cast<double>(desc.regions[i].flops);
    isKnown &= desc.regions[i].flops > 0 || desc.regions[i].bytes > 0;
  }
  unsigned threads = msc_context_threads(context);
  std::printf("benchmark: %zu runs, %u thread%s%s: median %.4f ms, p90 %.4f "
              "ms, min %.4f ms",
              count, threads, threads == 1 ? "" : "s",
              madeUp ? ", made-up inputs" : "",
              static_cast<double>(median) / 1e6, static_cast<double>(p90) / 1e6,
              static_cast<double>(times[0]) / 1e6);
  if (isKnown && flops > 0 && median > 0)
    std::printf(", %.2f GFLOP/s", flops / static_cast<double>(median));
  std::printf("\n");
  return kSuccess;
}

ExitCode Program::profile() {
  if (msc_status status = msc_profile_begin(context))
    return fail(status, msc_context_error(context));
  if (ExitCode code = runOnce())
    return code;
  msc_profile_end(context);
  if (msc_status status = msc_profile_write(context, options.profile))
    return fail(status, msc_context_error(context));
  return kSuccess;
}

void Program::printMemory() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("arena:    %" PRIu64 " bytes\n",
              msc_context_arena_bytes(context));
  std::printf("weights:  %" PRIu64 " bytes\n", msc_model_weights_bytes(model));
  std::printf("peak RSS: %ld KiB\n", usage.ru_maxrss);
}

void Program::printResults() {
  for (uint32_t i = 0; i < countOutputs(desc); ++i)
    printTensor(stdout, desc.outputs[i].name, outputs[i]);
}

} // namespace
} // namespace msc::rt

extern "C" int msc_cli_main(const msc_model_desc *model, int argc,
                            char **argv) {
  using namespace msc::rt;
  int code;
  {
    Program program(*model);
    code = program.run(argc, argv);
    if (code)
      std::fprintf(stderr, "%s: %s\n", argc > 0 ? argv[0] : "msc",
                   program.why());
  }
  if (std::fflush(stdout) != 0 && code == kSuccess) {
    std::fprintf(stderr, "%s: standard output cannot be written\n",
                 argc > 0 ? argv[0] : "msc");
    code = kInternal;
  }
  return code;
}
