/* A model by hand, as the compiler would emit it:
 *
 *   x f32[batch, 4], b f32[4]  ->  y = x * w + b  f32[batch, 4],
 *                                  s = sum of y's rows  f32[batch]
 *
 * with batch in [0, 4096] and w = 1, 2, 3, 4 in the weights. y is made in the
 * arena first, so that an arena that is too small shows. Region r0 is y, over
 * the threads; region r1 is s. */
#ifndef MSC_TEST_UNIT_RUNTIME_FAKEMODEL_H
#define MSC_TEST_UNIT_RUNTIME_FAKEMODEL_H

#include "runtime/abi/model.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct msc_model_desc fake_model;

#ifdef __cplusplus
}
#endif
#endif
