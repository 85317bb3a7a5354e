#include "runtime/npu_sim/Functions.h"

#include "runtime/npu_sim/Numbers.h"

namespace msc::npu {

// Transcendental functions are those of double precision, rounded once.
static float unary(Opcode opcode, float x) {
  double wide = x;
  switch (opcode) {
  case Opcode::VNeg:
    return -x;
  case Opcode::VAbs:
    return std::fabs(x);
  case Opcode::VSqrt:
    return std::sqrt(x);
  case Opcode::VRsqrt:
    return static_cast<float>(1 / std::sqrt(wide));
  case Opcode::VRecip:
    return 1 / x;
  case Opcode::VExp:
    return static_cast<float>(std::exp(wide));
  case Opcode::VLog:
    return static_cast<float>(std::log(wide));
  case Opcode::VTanh:
    return static_cast<float>(std::tanh(wide));
  case Opcode::VErf:
    return static_cast<float>(std::erf(wide));
  case Opcode::VSigmoid:
    return static_cast<float>(1 / (1 + std::exp(-wide)));
  case Opcode::VSin:
    return static_cast<float>(std::sin(wide));
  case Opcode::VCos:
    return static_cast<float>(std::cos(wide));
  case Opcode::VFloor:
    return std::floor(x);
  case Opcode::VCeil:
    return std::ceil(x);
  case Opcode::VRint:
    return std::nearbyint(x);
  default: // VMov
    return x;
  }
}

/// NaN if either is; of equals the first.
static float least(float a, float b) { return std::isnan(a) || a <= b ? a : b; }
static float greatest(float a, float b) {
  return std::isnan(a) || a >= b ? a : b;
}

template <typename T> static T compare(Opcode opcode, T a, T b) {
  switch (opcode) {
  case Opcode::VEq:
    return a == b;
  case Opcode::VNe:
    return a != b;
  case Opcode::VLt:
    return a < b;
  case Opcode::VLe:
    return a <= b;
  case Opcode::VGt:
    return a > b;
  default:
    return a >= b;
  }
}

static float binary(Opcode opcode, float a, float b) {
  switch (opcode) {
  case Opcode::VAdd:
    return a + b;
  case Opcode::VSub:
    return a - b;
  case Opcode::VMul:
    return a * b;
  case Opcode::VDiv:
    return a / b;
  case Opcode::VMin:
    return least(a, b);
  case Opcode::VMax:
    return greatest(a, b);
  case Opcode::VPow:
    return static_cast<float>(std::pow(double(a), double(b)));
  default:
    return compare(opcode, a, b);
  }
}

static int32_t wrap(uint32_t value) { return static_cast<int32_t>(value); }

static int32_t unary(Opcode opcode, int32_t x) {
  switch (opcode) {
  case Opcode::VNeg:
    return wrap(0 - uint32_t(x));
  case Opcode::VAbs:
    return x < 0 ? wrap(0 - uint32_t(x)) : x;
  case Opcode::VNot:
    return ~x;
  default: // VMov
    return x;
  }
}

/// Division is checked before.
static int32_t binary(Opcode opcode, int32_t a, int32_t b) {
  uint32_t x = uint32_t(a), y = uint32_t(b);
  switch (opcode) {
  case Opcode::VAdd:
    return wrap(x + y);
  case Opcode::VSub:
    return wrap(x - y);
  case Opcode::VMul:
    return wrap(x * y);
  case Opcode::VDiv:
    return b == -1 ? wrap(0 - x) : a / b;
  case Opcode::VMin:
    return a < b ? a : b;
  case Opcode::VMax:
    return a > b ? a : b;
  case Opcode::VAnd:
    return a & b;
  case Opcode::VOr:
    return a | b;
  case Opcode::VXor:
    return a ^ b;
  default:
    return compare(opcode, a, b);
  }
}

/// Two roundings: the product's and the sum's.
static float multiplyAdd(float a, float b, float c) {
  float product = a * b;
  return product + c;
}
static int32_t multiplyAdd(int32_t a, int32_t b, int32_t c) {
  return wrap(uint32_t(a) * uint32_t(b) + uint32_t(c));
}

template <typename T>
static void applyAny(Opcode opcode, int64_t n, const T *a, const T *b,
                     const T *c, T *result) {
  switch (infoOf(opcode).form) {
  case Form::Vector1:
    for (int64_t i = 0; i < n; ++i)
      result[i] = unary(opcode, a[i]);
    return;
  case Form::Vector2:
    for (int64_t i = 0; i < n; ++i)
      result[i] = binary(opcode, a[i], b[i]);
    return;
  default:
    if (opcode == Opcode::VSelect)
      for (int64_t i = 0; i < n; ++i)
        result[i] = a[i] != 0 ? b[i] : c[i];
    else
      for (int64_t i = 0; i < n; ++i)
        result[i] = multiplyAdd(a[i], b[i], c[i]);
  }
}

bool apply(Opcode opcode, int64_t n, const float *a, const float *b,
           const float *c, float *result) {
  applyAny(opcode, n, a, b, c, result);
  return true;
}

bool apply(Opcode opcode, int64_t n, const int32_t *a, const int32_t *b,
           const int32_t *c, int32_t *result) {
  if (opcode == Opcode::VDiv)
    for (int64_t i = 0; i < n; ++i)
      if (b[i] == 0)
        return false;
  applyAny(opcode, n, a, b, c, result);
  return true;
}

static Opcode stepOf(Opcode opcode) {
  return opcode == Opcode::RSum   ? Opcode::VAdd
         : opcode == Opcode::RMax ? Opcode::VMax
         : opcode == Opcode::RMin ? Opcode::VMin
                                  : Opcode::VMul;
}

float combine(Opcode opcode, float sum, float value) {
  return binary(stepOf(opcode), sum, value);
}
int32_t combine(Opcode opcode, int32_t sum, int32_t value) {
  return binary(stepOf(opcode), sum, value);
}

float identityOf(Opcode opcode, float) {
  return opcode == Opcode::RSum    ? 0.0f
         : opcode == Opcode::RProd ? 1.0f
         : opcode == Opcode::RMax  ? -INFINITY
                                   : INFINITY;
}
int32_t identityOf(Opcode opcode, int32_t) {
  return opcode == Opcode::RSum    ? 0
         : opcode == Opcode::RProd ? 1
         : opcode == Opcode::RMax  ? INT32_MIN
                                   : INT32_MAX;
}

template <typename T> static T element(const uint8_t *from, int64_t index) {
  T value;
  std::memcpy(&value, from + index * int64_t(sizeof value), sizeof value);
  return value;
}
template <typename T> static void put(uint8_t *to, int64_t index, T value) {
  std::memcpy(to + index * int64_t(sizeof value), &value, sizeof value);
}

template <typename T>
static void loadAny(Type type, const uint8_t *from, int64_t n, T *to) {
  for (int64_t i = 0; i < n; ++i)
    switch (type) {
    case Type::F32:
      to[i] = static_cast<T>(element<float>(from, i));
      break;
    case Type::F16:
      to[i] = static_cast<T>(fromF16(element<uint16_t>(from, i)));
      break;
    case Type::BF16:
      to[i] = static_cast<T>(fromBF16(element<uint16_t>(from, i)));
      break;
    case Type::I32:
      to[i] = static_cast<T>(element<int32_t>(from, i));
      break;
    case Type::I8:
      to[i] = static_cast<T>(element<int8_t>(from, i));
      break;
    default:
      to[i] = static_cast<T>(from[i]);
    }
}

void load(Type type, const uint8_t *from, int64_t n, float *to) {
  loadAny(type, from, n, to);
}
void load(Type type, const uint8_t *from, int64_t n, int32_t *to) {
  if (!isFloat(type))
    loadAny(type, from, n, to);
}

void store(Type type, const float *from, int64_t n, uint8_t *to) {
  for (int64_t i = 0; i < n; ++i)
    switch (type) {
    case Type::F32:
      put(to, i, from[i]);
      break;
    case Type::F16:
      put(to, i, toF16(from[i]));
      break;
    case Type::BF16:
      put(to, i, toBF16(from[i]));
      break;
    case Type::I32:
      put(to, i, toInteger(from[i], INT32_MIN, INT32_MAX));
      break;
    case Type::I8:
      put(to, i, static_cast<int8_t>(toInteger(from[i], -128, 127)));
      break;
    default:
      to[i] = static_cast<uint8_t>(toInteger(from[i], 0, 255));
    }
}

void store(Type type, const int32_t *from, int64_t n, uint8_t *to) {
  for (int64_t i = 0; i < n; ++i)
    if (isFloat(type)) {
      float value = static_cast<float>(from[i]);
      store(type, &value, 1, to + i * int64_t(bytesOf(type)));
    } else if (type == Type::I32) {
      put(to, i, from[i]);
    } else {
      to[i] = static_cast<uint8_t>(from[i]);
    }
}

} // namespace msc::npu
