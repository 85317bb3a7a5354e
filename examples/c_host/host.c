/* Runs a compiled model from C99: one model, one context, one digit. */
#include "digits.h"
#include "msc/msc.h"

#include <stdio.h>
#include <stdlib.h>

/* A three, 8x8 pixels, 0 is paper and 16 is ink. */
static float image[1][1][8][8] = {{{{0, 1, 8, 12, 15, 14, 4, 0},
                                    {0, 3, 11, 8, 8, 12, 12, 0},
                                    {0, 0, 0, 0, 2, 13, 7, 0},
                                    {0, 0, 0, 2, 15, 12, 1, 0},
                                    {0, 0, 0, 0, 13, 5, 0, 0},
                                    {0, 0, 0, 0, 9, 13, 0, 0},
                                    {0, 0, 7, 8, 14, 15, 0, 0},
                                    {0, 0, 14, 15, 11, 2, 0, 0}}}};

static void die(const char *why) {
  fprintf(stderr, "%s\n", why);
  exit(1);
}

int main(void) {
  msc_model *model = NULL;
  msc_context *context = NULL;
  if (msc_model_load(&digits_model, NULL, &model) != MSC_OK)
    die(msc_error());

  /* One thread: a small model gains nothing from more. */
  msc_context_options options = {0};
  options.size = sizeof options;
  options.threads = 1;
  if (msc_context_create(model, &options, &context) != MSC_OK)
    die(msc_error());

  int64_t image_dims[4] = {1, 1, 8, 8};
  msc_tensor input = {sizeof input, MSC_F32, image, sizeof image, 4, 0,
                      image_dims};
  float probabilities[10];
  int64_t probabilities_dims[2];
  msc_tensor output = {sizeof output,        MSC_F32, probabilities,
                       sizeof probabilities, 2,       0,
                       probabilities_dims};
  if (msc_run(context, &input, 1, &output, 1) != MSC_OK)
    die(msc_context_error(context));

  int best = 0;
  for (int digit = 0; digit < 10; ++digit) {
    printf("%d: %.4f\n", digit, probabilities[digit]);
    if (probabilities[digit] > probabilities[best])
      best = digit;
  }
  printf("this is a %d\n", best);
  msc_context_free(context);
  msc_model_free(model);
  return 0;
}
