//===- Window.cpp - Sliding windows of convolutions and pools -------------===//

#include "frontends/onnx/Window.h"

using namespace mlir;
using namespace msc::onnx;

// Any sane kernel, stride, dilation and padding is below; with it products of
// them do not overflow.
static constexpr int64_t kMaxWindow = int64_t(1) << 24;
// From its first element to its last; paddings that are found are below it.
static constexpr int64_t kMaxReach = int64_t(1) << 30;

LogicalResult msc::onnx::checkImage(NodeImport &n) {
  if (n.rank(0) < 3)
    return n.misfit("expected an image of rank 3 or more, got " +
                    Twine(n.rank(0)));
  if (n.rank(0) > 5)
    return n.unsupported("more than 3 spatial dims");
  return success();
}

/// A list with `count` entries in [min, kMaxWindow]; by default all
/// `otherwise`.
static LogicalResult readList(NodeImport &n, StringRef name, size_t count,
                              int64_t min, int64_t otherwise,
                              SmallVector<int64_t> &list) {
  list.assign(count, otherwise);
  auto given = n.intsAttr(name);
  if (!given)
    return success();
  if (given->size() != count)
    return n.error("expected " + Twine(count) + " entries in attribute '" +
                   name + "', got " + Twine(given->size()));
  for (int64_t entry : *given)
    if (entry < min || entry > kMaxWindow)
      return n.error("expected entries from " + Twine(min) + " to " +
                     Twine(kMaxWindow) + " in attribute '" + name +
                     "', got " + Twine(entry));
  list = *given;
  return success();
}

LogicalResult msc::onnx::readWindow(NodeImport &n, ArrayRef<int64_t> kernel,
                                    Window &window) {
  size_t rank = kernel.size();
  for (int64_t extent : kernel)
    if (extent < 1 || extent > kMaxWindow)
      return n.error("expected a kernel of extents from 1 to " +
                     Twine(kMaxWindow) + ", got " + Twine(extent));
  window.kernel.assign(kernel.begin(), kernel.end());
  SmallVector<int64_t> pads;
  if (failed(readList(n, "strides", rank, 1, 1, window.strides)) ||
      failed(readList(n, "dilations", rank, 1, 1, window.dilations)) ||
      failed(readList(n, "pads", 2 * rank, 0, 0, pads)))
    return failure();
  for (size_t i = 0; i < rank; ++i)
    if (window.reach(i) > kMaxReach)
      return n.error("expected windows that reach over at most " +
                     Twine(kMaxReach) + " elements, got " +
                     Twine(window.reach(i)));
  window.low.assign(pads.begin(), pads.begin() + rank);
  window.high.assign(pads.begin() + rank, pads.end());
  window.beyond.assign(rank, 0);
  window.autoPad = n.stringAttr("auto_pad", "NOTSET");
  if (window.autoPad.empty())
    window.autoPad = "NOTSET";
  StringRef autoPad = window.autoPad;
  if (autoPad != "NOTSET" && autoPad != "VALID" && autoPad != "SAME_UPPER" &&
      autoPad != "SAME_LOWER")
    return n.error("expected NOTSET, VALID, SAME_UPPER or SAME_LOWER as "
                   "auto_pad, got " +
                   quoted(autoPad));
  if (autoPad != "NOTSET") {
    window.low.assign(rank, 0);
    window.high.assign(rank, 0);
  }
  return success();
}

/// The padding with which the result has ceil(in / stride) elements.
static LogicalResult placeSame(NodeImport &n, Window &window, int64_t i,
                               Index in) {
  int64_t stride = window.strides[i];
  int64_t total;
  if (auto extent = constantOf(in)) {
    int64_t out = llvm::divideCeil(*extent, stride);
    total = (out - 1) * stride + window.reach(i) - *extent;
  } else if (stride == 1) {
    total = window.reach(i) - 1;
  } else {
    return n.unsupported("automatic padding with a stride of a dim that is "
                         "known at run time only (give it by --dims)");
  }
  total = std::max<int64_t>(total, 0);
  int64_t smaller = total / 2, larger = total - total / 2;
  bool isUpper = window.autoPad == "SAME_UPPER";
  window.low[i] = isUpper ? smaller : larger;
  window.high[i] = isUpper ? larger : smaller;
  return success();
}

/// One more window where the last one would not reach the end of the padded
/// image, unless it would start behind the image.
static LogicalResult placeCeil(NodeImport &n, Window &window, int64_t i,
                               Index in) {
  auto extent = constantOf(in);
  if (!extent)
    return window.strides[i] == 1
               ? success()
               : n.unsupported("ceil_mode over a dim that is known at run time "
                               "only (give it by --dims)");
  int64_t stride = window.strides[i];
  int64_t room = *extent + window.low[i] + window.high[i] - window.reach(i);
  if (room < 0)
    return success(); // reported with the extents
  int64_t out = llvm::divideCeil(room, stride) + 1;
  if ((out - 1) * stride >= *extent + window.low[i])
    --out;
  window.beyond[i] = std::max<int64_t>((out - 1) * stride - room, 0);
  return success();
}

LogicalResult msc::onnx::placeWindow(NodeImport &n, ArrayRef<Index> spatial,
                                     Window &window) {
  bool isSame = StringRef(window.autoPad).starts_with("SAME");
  for (int64_t i = 0; i < window.rank(); ++i) {
    if (isSame ? failed(placeSame(n, window, i, spatial[i]))
               : window.ceilMode && window.autoPad == "NOTSET" &&
                     failed(placeCeil(n, window, i, spatial[i])))
      return failure();
    int64_t padding = window.low[i] + window.high[i] + window.beyond[i];
    // At run time the image must be large enough too.
    auto room = n.atLeastZero(
        n.math.add(spatial[i], padding - window.reach(i)),
        "an image of at least " + Twine(window.reach(i) - padding) +
            ", got " + n.math.toString(spatial[i]));
    if (!room)
      return n.misfit("expected an image at least as large as the kernel, got " +
                      n.math.toString(spatial[i]) + " with padding " +
                      Twine(padding) + " for a reach of " +
                      Twine(window.reach(i)));
    Index extent = n.math.add(n.math.floorDiv(*room, window.strides[i]), 1);
    if (!extent)
      return n.error("the result has too many elements");
    window.extents.push_back(extent);
    window.image.push_back(n.math.add(*room, window.reach(i) - padding));
  }
  return success();
}

Shaped msc::onnx::fitting(NodeImport &n, const Shaped &image,
                          const Window &window) {
  Shape shape = image.shape;
  llvm::copy(window.image, shape.end() - window.rank());
  // Outside of branches such a call is refused before memory is asked for.
  if (n.math.getDepth() == 0 || shape == image.shape)
    return image;
  Builder &b = n.builder();
  SmallVector<OpFoldResult> zeros(shape.size(), b.getIndexAttr(0)),
      ones(shape.size(), b.getIndexAttr(1));
  return {n.b.slice(image.value, zeros, n.sizes(shape), ones), shape};
}
