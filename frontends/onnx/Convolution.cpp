//===- Convolution.cpp - Conv, ConvTranspose, Col2Im ----------------------===//

#include "dialects/graph/ops/convolution/Convolution.h"
#include "dialects/graph/ops/shape/Shape.h"
#include "frontends/onnx/Indexing.h"
#include "frontends/onnx/Products.h"
#include "frontends/onnx/Window.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;
using namespace msc::onnx;

static constexpr Layout kLayout = Layout::ChannelsFirst;

/// The filter's spatial extents, which must be static and, if the attribute is
/// there, what it says.
static FailureOr<SmallVector<int64_t>> kernelOf(NodeImport &n,
                                                const Shape &filter) {
  if (static_cast<int64_t>(filter.size()) != n.rank(0))
    return n.misfit("expected a filter of rank " + Twine(n.rank(0)) + ", got " +
                    Twine(filter.size()));
  auto kernel = n.staticShape(ArrayRef<Index>(filter).drop_front(2));
  if (!kernel)
    return n.unsupported("a filter whose extents are known at run time only");
  if (auto given = n.intsAttr("kernel_shape"); given && *given != *kernel)
    return n.error("attribute 'kernel_shape' differs from the filter's shape " +
                   n.toString(filter));
  return *kernel;
}

/// Adds the bias, if there is one, along the channels.
static LogicalResult finish(NodeImport &n, Value result, const Shape &shape) {
  if (!n.has(2))
    return n.result(result, shape);
  if (n.rank(2) != 1 || n.shape(2)[0] != shape[1])
    return n.error("expected a bias of " + n.math.toString(shape[1]) +
                   " elements, got " + n.toString(n.shape(2)));
  Value bias = n.broadcastVector(n.value(2), shape, 1);
  return n.result(n.b.add(result, bias), shape);
}

static LogicalResult checkGroups(NodeImport &n, int64_t groups,
                                 Index channels) {
  auto count = constantOf(channels);
  if (groups < 1 || groups > (1 << 24) || (count && *count % groups != 0))
    return n.error("expected groups that divide " + n.math.toString(channels) +
                   " channels, got " + Twine(groups));
  return success();
}

FailureOr<Shaped> msc::onnx::convolve(NodeImport &n, const Shaped &image,
                                      const Shaped &filter) {
  if (failed(checkImage(n)))
    return failure();
  auto kernel = kernelOf(n, filter.shape);
  if (failed(kernel))
    return failure();
  int64_t groups = n.intAttr("group", 1);
  const Shape &x = image.shape, &w = filter.shape;
  if (failed(checkGroups(n, groups, w[0])))
    return failure();
  if (n.math.mul(w[1], groups) != x[1])
    return n.error("expected " +
                   n.math.toString(n.math.mul(w[1], n.math.constant(groups))) +
                   " channels for this filter, got " + n.math.toString(x[1]));
  Window window;
  if (failed(readWindow(n, *kernel, window)) ||
      failed(placeWindow(n, ArrayRef<Index>(x).drop_front(2), window)))
    return failure();
  Shape shape{x[0], w[0]};
  llvm::append_range(shape, window.extents);
  Value result = ConvOp::create(
      n.builder(), n.loc(), fitting(n, image, window).value, filter.value,
      window.strides, window.low, window.high, window.dilations, groups,
      kLayout);
  return Shaped{result, shape};
}

static LogicalResult importConv(NodeImport &n) {
  auto result = convolve(n, n.in(0), n.in(1));
  return failed(result) ? failure() : finish(n, result->value, result->shape);
}

//===----------------------------------------------------------------------===//
// ConvTranspose
//===----------------------------------------------------------------------===//

// The gradient of a convolution by its input, seen from the other side: x is
// the cotangent, the result is the convolution's input. Where the result
// reaches further than any window does, it is zero there; `tail` is how far.
namespace {
struct Transposed {
  Window window;
  SmallVector<int64_t> tail;
  Shape extents; // with the tail
};
} // namespace

/// The paddings that give the extents of attribute `output_shape`, or, for
/// automatic padding, in * stride. Where the whole has less elements, zeros
/// follow for the former; for the latter it is the result as it is, as ONNX
/// Runtime and ONNX's shape inference have it.
static LogicalResult padToShape(NodeImport &n, Window &window, int64_t i,
                                Index full, Index wanted, bool isAsked) {
  auto total = constantOf(n.math.sub(full, wanted));
  if (!total)
    return n.unsupported("a padding that is known at run time only (give the "
                         "extents by --dims)");
  int64_t half = *total / 2;
  bool isUpper = window.autoPad == "SAME_UPPER";
  if (*total < 0) {
    window.low[i] = 0;
    window.high[i] = isAsked ? *total : 0;
    return success();
  }
  window.low[i] = isUpper ? half : *total - half;
  window.high[i] = isUpper ? *total - half : half;
  return success();
}

static LogicalResult placeTransposed(NodeImport &n, Transposed &t) {
  Window &window = t.window;
  size_t rank = window.rank();
  auto outputPadding =
      n.intsAttr("output_padding").value_or(SmallVector<int64_t>(rank, 0));
  auto outputShape = n.intsAttr("output_shape");
  if (outputPadding.size() != rank ||
      (outputShape && outputShape->size() != rank))
    return n.error("expected " + Twine(rank) +
                   " entries in 'output_padding' and 'output_shape'");
  for (size_t i = 0; i < rank; ++i) {
    Index in = n.shape(0)[i + 2];
    int64_t stride = window.strides[i];
    if (outputPadding[i] < 0 ||
        outputPadding[i] >= std::max(stride, window.dilations[i]))
      return n.error("expected an output padding less than stride or dilation, "
                     "got " +
                     Twine(outputPadding[i]));
    Index full = n.math.add(n.math.mul(n.math.add(in, -1), stride),
                            outputPadding[i] + window.reach(i));
    Index wanted;
    if (outputShape)
      wanted = n.math.constant((*outputShape)[i]);
    else if (StringRef(window.autoPad).starts_with("SAME"))
      wanted = n.math.mul(in, stride);
    if (!full)
      return n.error("the result has too many elements");
    if (wanted &&
        failed(padToShape(n, window, i, full, wanted, bool(outputShape))))
      return failure();
    Index extent = n.math.add(full, -window.low[i] - window.high[i]);
    auto rest = n.atLeastZero(n.math.add(extent, -1),
                              "a result of at least 1 element a dim");
    if (!rest)
      return n.misfit("expected a result of at least 1 element a dim");
    extent = n.math.add(*rest, 1);
    t.extents.push_back(extent);
    // What no window reaches: output padding from the stride on, and what
    // `output_shape` asks for beyond the whole.
    int64_t slack = outputPadding[i] - std::min<int64_t>(window.high[i], 0);
    int64_t tail = std::max<int64_t>(slack - (stride - 1), 0);
    window.high[i] = std::max<int64_t>(window.high[i], 0);
    t.tail.push_back(tail);
    window.extents.push_back(n.math.add(extent, -tail));
  }
  return success();
}

static LogicalResult importConvTranspose(NodeImport &n) {
  if (failed(checkImage(n)))
    return failure();
  auto kernel = kernelOf(n, n.shape(1));
  if (failed(kernel))
    return failure();
  int64_t groups = n.intAttr("group", 1);
  const Shape &x = n.shape(0), &w = n.shape(1);
  if (failed(checkGroups(n, groups, x[1])))
    return failure();
  if (w[0] != x[1])
    return n.error("expected a filter for " + n.math.toString(x[1]) +
                   " channels, got " + n.math.toString(w[0]));
  Transposed t;
  if (failed(readWindow(n, *kernel, t.window)) || failed(placeTransposed(n, t)))
    return failure();
  Shape inner{x[0], n.math.mul(w[1], n.math.constant(groups))};
  Shape shape = inner;
  llvm::append_range(inner, t.window.extents);
  llvm::append_range(shape, t.extents);
  if (llvm::is_contained(inner, Index()))
    return n.error("the result has too many elements");
  Type type = n.elementType(0);
  auto [extents, sizes] = splitSizes(n.sizes(inner));
  Value result = ConvInputGradOp::create(
      n.builder(), n.loc(), RankedTensorType::get(extents, type), n.value(0),
      n.value(1), sizes, t.window.strides, t.window.low, t.window.high,
      t.window.dilations, groups, kLayout);
  if (llvm::any_of(t.tail, [](int64_t tail) { return tail != 0; })) {
    SmallVector<OpFoldResult> low(shape.size(), n.builder().getIndexAttr(0));
    SmallVector<OpFoldResult> high = low;
    for (auto [i, tail] : llvm::enumerate(t.tail))
      high[i + 2] = n.builder().getIndexAttr(tail);
    result = PadOp::create(n.builder(), n.loc(), result, n.b.scalar(0.0, type),
                           low, high, SmallVector<int64_t>(shape.size(), 0));
  }
  return finish(n, result, shape);
}

//===----------------------------------------------------------------------===//
// Col2Im
//===----------------------------------------------------------------------===//

/// Sums columns of windows where they overlap: what a convolution whose filters
/// each pick one element of a window maps back to.
static LogicalResult importCol2Im(NodeImport &n) {
  auto image = n.elements(1);
  auto kernel = n.constants(2);
  if (!image || !kernel)
    return n.unsupported("a shape of images or windows that is not known at "
                         "compile time");
  size_t rank = kernel->size();
  if (n.rank(0) != 3 || rank < 1 || rank > 3 || image->size() != rank)
    return n.misfit(
        "expected columns of rank 3 and 1 to 3 extents of images and "
        "windows, got rank " +
        Twine(n.rank(0)) + ", " + Twine(image->size()) + " and " + Twine(rank));
  auto asked = n.asExtents(*image);
  if (failed(asked))
    return failure();
  const Shape &spatial = *asked;
  Window window;
  if (failed(readWindow(n, *kernel, window)) ||
      failed(placeWindow(n, spatial, window)))
    return failure();
  int64_t count = 1;
  for (int64_t extent : *kernel) {
    if (count > (int64_t(1) << 20) / extent)
      return n.unsupported("windows of more than a million elements");
    count *= extent;
  }
  const Shape &x = n.shape(0);
  Index size = n.math.constant(count), one = n.math.constant(1),
        channels = n.math.floorDiv(x[1], count),
        places = n.math.product(window.extents);
  if (!n.agree(n.math.mul(channels, size), x[1], "whole windows") ||
      !n.agree(x[2], places, "a column for each window"))
    return n.misfit("expected columns of " + Twine(count) +
                    " elements for each of " + n.math.toString(places) +
                    " windows, got " + n.toString(x));
  // Channels are images by themselves.
  Index images = n.math.mul(x[0], channels);
  Shape columns{images, size}, filters{size, one}, outer{images, one},
      shape{x[0], channels};
  llvm::append_range(columns, window.extents);
  for (int64_t extent : *kernel)
    filters.push_back(n.math.constant(extent));
  llvm::append_range(outer, spatial);
  llvm::append_range(shape, spatial);
  if (!images || !places)
    return n.error("the result has too many elements");
  Type type = n.elementType(0), i64 = n.builder().getI64Type();
  Shape square{size, size};
  Value isSame = n.b.compare(graph::ComparePredicate::eq,
                             iota(n, square, 0, i64), iota(n, square, 1, i64));
  Shaped filter = n.reshape({n.b.convert(isSame, type), square}, filters);
  auto [extents, sizes] = splitSizes(n.sizes(outer));
  Value result = ConvInputGradOp::create(
      n.builder(), n.loc(), RankedTensorType::get(extents, type),
      n.reshape(n.in(0), columns).value, filter.value, sizes, window.strides,
      window.low, window.high, window.dilations, /*groups=*/1, kLayout);
  return n.result(n.reshape({result, outer}, shape));
}

static constexpr OpEntry kOps[] = {
    {"Col2Im", {18}, 3, 3, 1, kFloat, importCol2Im},
    {"Conv", {1, 11, 22}, 2, 3, 1, kFloat | kSame, importConv},
    {"ConvTranspose",
     {1, 11, 22},
     2,
     3,
     1,
     kFloat | kSame,
     importConvTranspose},
};

void msc::onnx::addConvolutionOps(OpTable &table) { table.add(kOps); }
