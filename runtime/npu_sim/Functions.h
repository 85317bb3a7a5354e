// What the vector unit computes of single elements.
#ifndef MSC_RUNTIME_NPU_SIM_FUNCTIONS_H
#define MSC_RUNTIME_NPU_SIM_FUNCTIONS_H

#include "runtime/npu/Isa.h"

namespace msc::npu {

/// Elements `n` at once; all operands are f32 or all are i32. Results of
/// comparisons are 1 and 0. False: an integer is divided by zero.
bool apply(Opcode opcode, int64_t n, const float *a, const float *b,
           const float *c, float *result);
bool apply(Opcode opcode, int64_t n, const int32_t *a, const int32_t *b,
           const int32_t *c, int32_t *result);

/// One step of a reduction: RSum to RProd.
float combine(Opcode opcode, float sum, float value);
int32_t combine(Opcode opcode, int32_t sum, int32_t value);
/// What it starts from.
float identityOf(Opcode opcode, float);
int32_t identityOf(Opcode opcode, int32_t);

/// Elements of a type in memory to f32 or i32 and back. Floats become integers
/// towards zero, saturating; integers become narrower by dropping bits.
void load(Type type, const uint8_t *from, int64_t n, float *to);
void load(Type type, const uint8_t *from, int64_t n, int32_t *to);
void store(Type type, const float *from, int64_t n, uint8_t *to);
void store(Type type, const int32_t *from, int64_t n, uint8_t *to);

} // namespace msc::npu

#endif
