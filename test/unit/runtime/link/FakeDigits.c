/* Stands for the compiled digits model, for the example hosts: the same
 * signature, a made-up result (0.73 for one digit: the number of pixels with
 * ink, modulo 10; else 0.03). */
#include "runtime/abi/model.h"

static const struct msc_dim_range kDims[] = {{"batch", 1, 64}};
static const struct msc_dim_desc kImage[] = {{-1, 0}, {1, -1}, {8, -1}, {8, -1}};
static const struct msc_dim_desc kProbabilities[] = {{-1, 0}, {10, -1}};
static const struct msc_tensor_desc kInputs[] = {{"image", MSC_F32, 4, kImage}};
static const struct msc_tensor_desc kOutputs[] = {
    {"probabilities", MSC_F32, 2, kProbabilities}};

static uint64_t arenaBytes(const int64_t *dims) {
  (void)dims;
  return 0;
}

static int32_t entry(struct msc_frame *frame) {
  const float *image = frame->inputs[0];
  float *probabilities = frame->outputs[0];
  for (int64_t i = 0; i < frame->dims[0]; ++i) {
    int pixels = 0;
    for (int j = 0; j < 64; ++j)
      pixels += image[i * 64 + j] > 0;
    for (int digit = 0; digit < 10; ++digit)
      probabilities[i * 10 + digit] = digit == pixels % 10 ? 0.73f : 0.03f;
  }
  return 0;
}

const struct msc_model_desc digits_model = {
    .abi_version = MSC_MODEL_ABI_VERSION,
    .struct_size = sizeof(struct msc_model_desc),
    .name = "digits",
    .producer = "msc test",
    .cpu = "",
    .num_inputs = 1,
    .num_outputs = 1,
    .num_dims = 1,
    .inputs = kInputs,
    .outputs = kOutputs,
    .dims = kDims,
    .arena_bytes = arenaBytes,
    .entry = entry,
};
