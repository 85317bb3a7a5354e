//===- Signal.cpp - Windows, Fourier transforms, mel scale ----------------===//
//
// A transform is a product with a matrix of cosines and sines, which is
// computed once: quadratic in the length, and exact for any length.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/contraction/Contraction.h"
#include "dialects/graph/ops/convolution/Convolution.h"
#include "dialects/graph/ops/elementwise/Elementwise.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/NodeImport.h"
#include <cmath>

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

/// Counts along a dim of a tensor of that shape.
static Value iota(NodeImport &n, ArrayRef<Index> shape, int64_t dim,
                  Type type) {
  auto [extents, sizes] = splitSizes(n.sizes(shape));
  return IotaOp::create(n.builder(), n.loc(),
                        RankedTensorType::get(extents, type), sizes, dim);
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// a - b * cos(2 pi k / N) + c * cos(4 pi k / N), N the size, or one less for a
/// symmetric window.
static LogicalResult importCosines(NodeImport &n, double a, double b,
                                   double c) {
  auto elements = n.elements(0);
  if (!elements || n.rank(0) > 1 || elements->size() != 1)
    return n.unsupported("a size that is not known at compile time");
  auto dataType = static_cast<DataType>(n.intAttr("output_datatype", 1));
  Type type = elementTypeOf(dataType, n.builder().getContext());
  if (!type)
    return n.unsupported("a window of type " + nameOf(dataType));
  Index size = elements->front();
  bool isPeriodic = n.flagAttr("periodic", true);
  if (n.math.rangeOf(size).max < 1)
    return n.error("expected a size of at least 1, got " +
                   n.math.toString(size));
  Type f64 = n.builder().getF64Type();
  Shape shape{size};
  Index period = isPeriodic ? size : n.math.add(size, -1);
  Value k = iota(n, shape, 0, f64);
  Value phase = n.b.div(n.b.mulScalar(k, 2 * M_PI),
                        n.broadcast({n.scalarOf(period, f64), {}}, shape));
  Value window = n.b.addScalar(n.b.mulScalar(n.b.unary<CosOp>(phase), -b), a);
  if (c != 0.0) {
    Value twice = n.b.unary<CosOp>(n.b.mulScalar(phase, 2.0));
    window = n.b.add(window, n.b.mulScalar(twice, c));
  }
  return n.result(n.b.convert(window, type), shape);
}

static LogicalResult importHannWindow(NodeImport &n) {
  return importCosines(n, 0.5, 0.5, 0.0);
}
static LogicalResult importHammingWindow(NodeImport &n) {
  return importCosines(n, 25.0 / 46.0, 1 - 25.0 / 46.0, 0.0);
}
static LogicalResult importBlackmanWindow(NodeImport &n) {
  return importCosines(n, 0.42, 0.5, 0.08);
}

//===----------------------------------------------------------------------===//
// Fourier transforms
//===----------------------------------------------------------------------===//

namespace {
/// Matrices [length, frequencies] of cos and sin of 2 pi n k / length.
struct Waves {
  Value cosine, sine;
};
} // namespace

static Waves makeWaves(NodeImport &n, Index length, Index frequencies,
                       Type type) {
  // n * k is brought below the length while it is an integer: no argument is
  // large, and none rounded.
  Type i64 = n.builder().getI64Type(), f64 = n.builder().getF64Type();
  Shape shape{length, frequencies};
  Value product = n.b.mul(iota(n, shape, 0, i64), iota(n, shape, 1, i64));
  Value period = n.broadcast({n.scalarOf(length, i64), {}}, shape);
  Value turn = n.b.convert(n.b.binary<RemOp>(product, period), f64);
  Value angle =
      n.b.div(n.b.mulScalar(turn, 2 * M_PI), n.b.convert(period, f64));
  return {n.b.convert(n.b.unary<CosOp>(angle), type),
          n.b.convert(n.b.unary<SinOp>(angle), type)};
}

/// Part `i` of the last dim, real or imaginary, without that dim.
static Value complexPart(NodeImport &n, const Shaped &x, int64_t i) {
  OpBuilder &builder = n.builder();
  SmallVector<OpFoldResult> offsets(x.shape.size(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> ones(x.shape.size(), builder.getIndexAttr(1));
  SmallVector<OpFoldResult> sizes = n.sizes(x.shape);
  offsets.back() = builder.getIndexAttr(i);
  sizes.back() = builder.getIndexAttr(1);
  Shape shape = x.shape;
  shape.back() = n.math.constant(1);
  Shaped part{n.b.slice(x.value, offsets, sizes, ones), shape};
  shape.pop_back();
  return n.reshape(part, shape).value;
}

static Value joinParts(NodeImport &n, Value real, Value imaginary,
                       Shape shape) {
  int64_t axis = shape.size();
  shape.push_back(n.math.constant(1));
  Value parts[] = {n.b.reshape(real, n.sizes(shape)),
                   n.b.reshape(imaginary, n.sizes(shape))};
  return ConcatOp::create(n.builder(), n.loc(), parts, axis);
}

/// x cut or filled with zeros to `length` along the axis.
static FailureOr<Shaped> fitLength(NodeImport &n, Shaped x, int64_t axis,
                                   int64_t length) {
  auto extent = constantOf(x.shape[axis]);
  if (!extent)
    return n.unsupported("a length for a signal whose own is known at run time "
                         "only");
  if (*extent == length)
    return x;
  OpBuilder &builder = n.builder();
  SmallVector<OpFoldResult> zeros(x.shape.size(), builder.getIndexAttr(0));
  x.shape[axis] = n.math.constant(length);
  if (length < *extent) {
    SmallVector<OpFoldResult> ones(x.shape.size(), builder.getIndexAttr(1));
    x.value = n.b.slice(x.value, zeros, n.sizes(x.shape), ones);
    return x;
  }
  SmallVector<OpFoldResult> high = zeros;
  high[axis] = builder.getIndexAttr(length - *extent);
  x.value = PadOp::create(builder, n.loc(), x.value,
                          n.b.scalar(0.0, n.elementType(0)), zeros, high,
                          SmallVector<int64_t>(x.shape.size(), 0));
  return x;
}

static FailureOr<int64_t> axisOfTransform(NodeImport &n) {
  if (n.version < 20)
    return n.axis(n.intAttr("axis", 1), n.rank(0));
  if (!n.has(2))
    return n.axis(-2, n.rank(0));
  auto given = n.constants(2);
  if (!given || given->size() != 1)
    return n.unsupported("an axis that is not known at compile time");
  return n.axis(given->front(), n.rank(0));
}

static LogicalResult importDft(NodeImport &n) {
  if (n.rank(0) < 2 || n.rank(0) > 20)
    return n.error("expected a rank in [2, 20], got " + Twine(n.rank(0)));
  auto parts = constantOf(n.shape(0).back());
  if (parts != 1 && parts != 2)
    return n.error("expected 1 or 2 as the last extent, got " +
                   n.math.toString(n.shape(0).back()));
  auto axis = axisOfTransform(n);
  if (failed(axis))
    return failure();
  if (*axis == n.rank(0) - 1)
    return n.error("expected an axis before the last one");
  bool isInverse = n.flagAttr("inverse", false);
  bool isOneSided = n.flagAttr("onesided", false);
  Shaped x = n.in(0);
  if (n.has(1)) {
    auto length = n.constants(1);
    if (!length || length->size() != 1)
      return n.unsupported("a length that is not known at compile time");
    if (length->front() < 1 || length->front() > (1 << 24))
      return n.error("expected a length of at least 1, got " +
                     Twine(length->front()));
    auto fitted = fitLength(n, x, *axis, length->front());
    if (failed(fitted))
      return failure();
    x = *fitted;
  }
  if (isInverse && isOneSided)
    return n.unsupported("an inverse transform of one side");
  Index length = x.shape[*axis];
  Index frequencies =
      isOneSided ? n.math.add(n.math.floorDiv(length, 2), 1) : length;
  Type type = n.elementType(0);
  Waves waves = makeWaves(n, length, frequencies, type);

  std::string in, out;
  for (int64_t dim = 0; dim < n.rank(0) - 1; ++dim) {
    in += dim == *axis ? 'n' : static_cast<char>('A' + dim);
    out += dim == *axis ? 'k' : static_cast<char>('A' + dim);
  }
  auto times = [&](Value part, Value wave) -> Value {
    return ContractOp::create(n.builder(), n.loc(), in + ",nk->" + out, part,
                              wave, type);
  };
  // exp(-i a) forward, exp(i a) back.
  Value real = complexPart(n, x, 0);
  Value realPart = times(real, waves.cosine);
  Value imaginaryPart = times(real, waves.sine);
  if (!isInverse)
    imaginaryPart = n.b.neg(imaginaryPart);
  if (*parts == 2) {
    Value imaginary = complexPart(n, x, 1);
    Value crossed = times(imaginary, waves.sine);
    realPart =
        isInverse ? n.b.sub(realPart, crossed) : n.b.add(realPart, crossed);
    imaginaryPart = n.b.add(imaginaryPart, times(imaginary, waves.cosine));
  }
  Shape shape = x.shape;
  shape.pop_back();
  shape[*axis] = frequencies;
  Value y = joinParts(n, realPart, imaginaryPart, shape);
  shape.push_back(n.math.constant(2));
  if (isInverse)
    y = n.b.div(y, n.broadcast({n.scalarOf(length, type), {}}, shape));
  return n.result(y, shape);
}

/// A convolution of the signal with windowed waves, a frame at each stride.
static LogicalResult importStft(NodeImport &n) {
  auto step = n.constants(1);
  if (!step || step->size() != 1)
    return n.unsupported("a frame step that is not known at compile time");
  std::optional<int64_t> length;
  if (n.has(3)) {
    auto given = n.constants(3);
    if (!given || given->size() != 1)
      return n.unsupported("a frame length that is not known at compile time");
    length = given->front();
  } else if (n.has(2) && n.rank(2) == 1) {
    length = constantOf(n.shape(2)[0]);
  }
  bool isReal =
      n.rank(0) == 2 || (n.rank(0) == 3 && constantOf(n.shape(0)[2]) == 1);
  if (!isReal)
    return n.unsupported("a complex signal");
  if (!length)
    return n.error("expected a window or a frame length");
  if (*length < 1 || *length > (1 << 20))
    return n.error(
        "expected a frame length of at least 1 and at most 2^20, got " +
        Twine(*length));
  if (step->front() < 1 || step->front() >> 31 != 0)
    return n.error("expected a frame step of at least 1 and below 2^31, got " +
                   Twine(step->front()));
  Index signal = n.shape(0)[1];
  std::string what =
      "a signal of at least " + std::to_string(*length) + " elements";
  auto room = n.atLeastZero(n.math.add(signal, -*length), what);
  if (!room)
    return n.misfit("expected " + what + ", got " + n.math.toString(signal));
  Index frames = n.math.add(n.math.floorDiv(*room, step->front()), 1);
  Index size = n.math.constant(*length);
  bool isOneSided = n.flagAttr("onesided", true);
  Index frequencies = n.math.constant(isOneSided ? *length / 2 + 1 : *length);
  Type type = n.elementType(0);
  Waves waves = makeWaves(n, size, frequencies, type);
  Shape matrix{size, frequencies};
  if (n.has(2)) {
    if (n.rank(2) != 1 || n.shape(2)[0] != size)
      return n.error("expected a window of " + Twine(*length) +
                     " elements, got " + n.toString(n.shape(2)));
    Value window = n.broadcastVector(n.b.convert(n.value(2), type), matrix, 0);
    waves = {n.b.mul(waves.cosine, window), n.b.mul(waves.sine, window)};
  }
  Shaped image =
      n.reshape(n.in(0), {n.shape(0)[0], n.math.constant(1), signal});
  Shape outer{n.shape(0)[0], frames, frequencies};
  auto convolve = [&](Value wave) -> Value {
    Shaped filter = n.reshape(n.transpose({wave, matrix}, {1, 0}),
                              {frequencies, n.math.constant(1), size});
    SmallVector<int64_t> strides{step->front()}, zeros{0}, ones{1};
    Value y =
        ConvOp::create(n.builder(), n.loc(), image.value, filter.value, strides,
                       zeros, zeros, ones, /*groups=*/1, Layout::ChannelsFirst);
    return n.transpose({y, {outer[0], frequencies, frames}}, {0, 2, 1}).value;
  };
  Value real = convolve(waves.cosine);
  Value y = joinParts(n, real, n.b.neg(convolve(waves.sine)), outer);
  outer.push_back(n.math.constant(2));
  return n.result(y, outer);
}

//===----------------------------------------------------------------------===//
// Mel scale
//===----------------------------------------------------------------------===//

/// Bins of a spectrum where triangles begin, peak and end: equally far apart on
/// the mel scale.
static SmallVector<int64_t> melCorners(int64_t count, double dftLength,
                                       double sampleRate, double lower,
                                       double upper) {
  auto toMel = [](double hertz) {
    return 2595 * std::log10(1 + hertz / 700);
  };
  double low = toMel(lower), step = (toMel(upper) - low) / count;
  SmallVector<int64_t> corners;
  for (int64_t i = 0; i < count; ++i) {
    double hertz = 700 * (std::pow(10, (i * step + low) / 2595) - 1);
    corners.push_back(
        static_cast<int64_t>(std::floor((dftLength + 1) * hertz / sampleRate)));
  }
  return corners;
}

/// A matrix [dft_length / 2 + 1, bins], of which each column is a triangle.
static LogicalResult importMelWeightMatrix(NodeImport &n) {
  double given[5];
  for (unsigned i = 0; i < 5; ++i) {
    auto number = n.number(i);
    if (!number)
      return n.unsupported("bins or frequencies that are not known at compile "
                           "time");
    given[i] = *number;
  }
  auto [bins, dftLength, sampleRate, lower, upper] = given;
  if (!(bins >= 1) || !(bins <= 4096) || !(dftLength >= 1) ||
      !(dftLength <= 1 << 20))
    return n.error("expected 1 to 4096 bins and a length of 1 to 2^20, got " +
                   std::to_string(bins) + " and " + std::to_string(dftLength));
  int64_t columns = bins, rows = static_cast<int64_t>(dftLength) / 2 + 1;
  // What is no number fails too.
  if (!(sampleRate > 0) || !(lower >= 0) || !(lower <= upper) ||
      !(upper <= sampleRate))
    return n.error("expected frequencies from 0 to the sample rate, got " +
                   std::to_string(lower) + " to " + std::to_string(upper));
  SmallVector<int64_t> corners =
      melCorners(columns + 2, dftLength, sampleRate, lower, upper);
  if (corners[columns] >= rows || corners[columns + 1] > rows)
    return n.error("expected frequencies up to half the sample rate, got " +
                   std::to_string(upper));
  std::vector<float> matrix(rows * columns);
  for (int64_t i = 0; i < columns; ++i) {
    int64_t low = corners[i], peak = corners[i + 1], high = corners[i + 2];
    for (int64_t j = low; j < peak; ++j)
      matrix[j * columns + i] = double(j - low) / double(peak - low);
    matrix[peak * columns + i] = 1;
    for (int64_t j = peak; j < high; ++j)
      matrix[j * columns + i] = double(high - j) / double(high - peak);
  }
  auto dataType = static_cast<DataType>(n.intAttr("output_datatype", 1));
  Type type = elementTypeOf(dataType, n.builder().getContext());
  if (!type)
    return n.unsupported("a matrix of type " + nameOf(dataType));
  auto tensor =
      RankedTensorType::get({rows, columns}, n.builder().getF32Type());
  Value value = graph::ConstantOp::create(
      n.builder(), n.loc(), tensor,
      DenseElementsAttr::get(tensor, ArrayRef<float>(matrix)));
  return n.result(n.b.convert(value, type),
                  {n.math.constant(rows), n.math.constant(columns)});
}

static constexpr OpEntry kOps[] = {
    {"BlackmanWindow", {17}, 1, 1, 1, kInt, importBlackmanWindow},
    {"DFT", {17, 20}, 1, 3, 1, kFloat, importDft},
    {"HammingWindow", {17}, 1, 1, 1, kInt, importHammingWindow},
    {"HannWindow", {17}, 1, 1, 1, kInt, importHannWindow},
    {"MelWeightMatrix", {17}, 5, 5, 1, kInt, importMelWeightMatrix},
    {"STFT", {17}, 2, 4, 1, kFloat, importStft},
};

void msc::onnx::addSignalOps(OpTable &table) { table.add(kOps); }
