//===- Window.h - Sliding windows of convolutions and pools -----*- C++ -*-===//

#ifndef MSC_FRONTENDS_ONNX_WINDOW_H
#define MSC_FRONTENDS_ONNX_WINDOW_H

#include "frontends/onnx/NodeImport.h"

namespace msc::onnx {

/// The attributes that convolutions and pools share, checked, with one entry a
/// spatial dim.
struct Window {
  llvm::SmallVector<int64_t> kernel, strides, dilations, low, high;
  std::string autoPad;
  bool ceilMode = false;
  /// Padding that ceil_mode adds after `high`; it belongs to no window's count.
  llvm::SmallVector<int64_t> beyond;
  /// Extents of the result's spatial dims.
  Shape extents;
  /// The image's spatial extents, but at least what a window needs.
  Shape image;

  int64_t rank() const { return kernel.size(); }
  /// The kernel's reach: (k - 1) * dilation + 1.
  int64_t reach(int64_t i) const { return (kernel[i] - 1) * dilations[i] + 1; }
};

/// Reads strides, dilations, pads and auto_pad for a kernel.
llvm::LogicalResult readWindow(NodeImport &n, llvm::ArrayRef<int64_t> kernel,
                               Window &window);

/// Resolves auto_pad and ceil_mode, and computes the extents, for an image with
/// these spatial extents.
llvm::LogicalResult placeWindow(NodeImport &n, llvm::ArrayRef<Index> spatial,
                                Window &window);

/// The image as its window finds it in calls that are not refused. Others may
/// get to its size, though not to its elements: where a branch is decided at
/// run time, memory is planned for both branches.
Shaped fitting(NodeImport &n, const Shaped &image, const Window &window);

/// The ranks of images that windows slide over: N, C and 1 to 3 spatial dims.
llvm::LogicalResult checkImage(NodeImport &n);

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_WINDOW_H
