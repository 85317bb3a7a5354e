/* Generates tokens with a compiled decoder, in C99: the cache of keys and
 * values is allocated once, and each run changes it in place.
 *
 *   generate COUNT TOKEN...
 *
 * The model (test/models/transformers.py, gpt2) takes tokens [batch, sequence],
 * their position, and a cache for each layer that holds all positions; it gives
 * logits [batch, sequence, words] and the caches, which `msc compile --donate`
 * has put into the buffers of the inputs. Batch is 1 here, and the next token is
 * the most likely one. */
#include "gpt2.h"
#include "msc/msc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kTokens, kPosition, kFirstCache, kMostTensors = 256 };

static void die(const char *what, const char *why) {
  fprintf(stderr, "generate: %s: %s\n", what, why);
  exit(1);
}

/* Memory that a run uses as it is: 64-byte aligned, and touched once. */
static void *allocate(uint64_t bytes) {
  void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!memory)
    die("memory", "not enough");
  return memset(memory, 0, bytes);
}

/* The tensor `index` of the signature; dynamic extents become 1. */
static msc_tensor describe(const msc_model *model, int isInput, uint32_t index,
                           int64_t dims[MSC_MAX_RANK]) {
  msc_tensor_info info = {sizeof info, 0, 0, 0, NULL};
  msc_status status = isInput ? msc_model_input(model, index, &info)
                              : msc_model_output(model, index, &info);
  if (status != MSC_OK)
    die("signature", msc_error());
  msc_tensor tensor = {sizeof tensor, info.dtype, NULL, 0, info.rank, 0, dims};
  tensor.bytes = msc_dtype_bits(info.dtype) / 8;
  for (uint32_t axis = 0; axis < info.rank; ++axis) {
    msc_dim_info dim = {.size = sizeof dim};
    status = isInput ? msc_model_input_dim(model, index, axis, &dim)
                     : msc_model_output_dim(model, index, axis, &dim);
    if (status != MSC_OK)
      die("signature", msc_error());
    dims[axis] = dim.min == dim.max ? dim.min : 1;
    tensor.bytes *= (uint64_t)dims[axis];
  }
  return tensor;
}

static int64_t mostLikely(const float *logits, int64_t words) {
  int64_t best = 0;
  for (int64_t word = 1; word < words; ++word)
    if (logits[word] > logits[best])
      best = word;
  return best;
}

static double now(void) {
  struct timespec time;
  timespec_get(&time, TIME_UTC);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* A number from `least` to `most`; -1: it is none. */
static int64_t parse(const char *text, int64_t least, int64_t most) {
  char *end;
  errno = 0;
  long long number = strtoll(text, &end, 10);
  return errno || end == text || *end || number < least || number > most
             ? -1
             : number;
}

int main(int argc, char **argv) {
  int64_t prompt = argc - 2;
  int64_t count = argc > 2 ? parse(argv[1], 1, INT32_MAX) : -1;
  if (count < 1) {
    fprintf(stderr, "usage: generate COUNT TOKEN...\n");
    return 64;
  }
  msc_model *model = NULL;
  msc_context *context = NULL;
  if (msc_model_load(&gpt2_model, NULL, &model) != MSC_OK)
    die("model", msc_error());
  if (msc_context_create(model, NULL, &context) != MSC_OK)
    die("context", msc_error());

  uint32_t numInputs = msc_model_num_inputs(model);
  uint32_t numOutputs = msc_model_num_outputs(model);
  if (numInputs > kMostTensors || numOutputs > kMostTensors ||
      numInputs < kFirstCache)
    die("signature", "not that of a decoder");
  static msc_tensor inputs[kMostTensors], outputs[kMostTensors];
  static int64_t dims[2 * kMostTensors][MSC_MAX_RANK];
  for (uint32_t i = 0; i < numInputs; ++i)
    inputs[i] = describe(model, 1, i, dims[i]);
  int64_t capacity = dims[kFirstCache][0];
  if (prompt + count > capacity)
    die("too many tokens", "they do not fit into the cache");
  for (uint32_t i = kFirstCache; i < numInputs; ++i)
    inputs[i].data = allocate(inputs[i].bytes);

  /* All outputs but the logits are in the buffers of inputs: data is NULL. */
  uint32_t logits = 0, others = 0;
  for (uint32_t i = 0; i < numOutputs; ++i) {
    outputs[i] = describe(model, 0, i, dims[kMostTensors + i]);
    if (msc_model_donor(model, i) < 0)
      logits = i, ++others;
  }
  if (others != 1 || numOutputs != numInputs - kFirstCache + 1)
    die("model", "compiled without --donate='past.*=present.*'");
  int64_t words = dims[kMostTensors + logits][2];
  outputs[logits].bytes *= (uint64_t)prompt;
  outputs[logits].data = allocate(outputs[logits].bytes);

  int64_t position = 0, sequence = prompt;
  int64_t *tokens = allocate((uint64_t)prompt * sizeof *tokens);
  for (int64_t i = 0; i < prompt; ++i)
    if ((tokens[i] = parse(argv[2 + i], 0, words - 1)) < 0)
      die(argv[2 + i], "no token of the model");
  inputs[kTokens].data = tokens;
  inputs[kPosition].data = allocate(sizeof position);
  double begin = now(), afterPrompt = begin;
  for (int64_t made = 0; made < count; ++made) {
    memcpy(inputs[kPosition].data, &position, sizeof position);
    dims[kTokens][1] = sequence;
    inputs[kTokens].bytes = (uint64_t)sequence * sizeof *tokens;
    if (msc_run(context, inputs, numInputs, outputs, numOutputs) != MSC_OK)
      die("run", msc_context_error(context));
    const float *all = outputs[logits].data;
    tokens[0] = mostLikely(all + (sequence - 1) * words, words);
    printf("%lld%c", (long long)tokens[0], made + 1 < count ? ' ' : '\n');
    fflush(stdout);
    position += sequence;
    sequence = 1;
    if (made == 0)
      afterPrompt = now();
  }
  double end = now();
  fprintf(stderr, "prompt of %lld: %.1f ms", (long long)prompt,
          1e3 * (afterPrompt - begin));
  if (count > 1)
    fprintf(stderr, "; then %.2f ms a token",
            1e3 * (end - afterPrompt) / (double)(count - 1));
  fprintf(stderr, "; arena %llu bytes\n",
          (unsigned long long)msc_context_arena_bytes(context));
  msc_context_free(context);
  msc_model_free(model);
  return 0;
}
