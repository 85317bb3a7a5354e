//===- ImageDims.h - Dims of images and windows over them -------*- C++ -*-===//
//
// What convolution and pooling share: where the dims of an image and of a
// filter are in each layout, and how many windows an extent has.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_DIALECTS_GRAPH_IMAGEDIMS_H
#define MSC_DIALECTS_GRAPH_IMAGEDIMS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace msc::graph {

/// Numbers of the dims of an image, [N, C, S] or [N, S, C], and of a filter,
/// [OC, IC / groups, S] or [S, IC / groups, OC].
struct ImageDims {
  unsigned rank;
  bool channelsLast;

  unsigned numSpatial() const { return rank - 2; }
  unsigned batch() const { return 0; }
  unsigned channel() const { return channelsLast ? rank - 1 : 1; }
  unsigned spatial(unsigned i) const { return (channelsLast ? 1 : 2) + i; }
  unsigned filterOutput() const { return channelsLast ? rank - 1 : 0; }
  unsigned filterInput() const { return channelsLast ? rank - 2 : 1; }
  unsigned filterSpatial(unsigned i) const {
    return (channelsLast ? 0 : 2) + i;
  }
};

/// The windows that slide along one spatial dim. `size` may be dynamic.
struct WindowDim {
  int64_t size, stride, dilation, padLow, padHigh;

  bool isPadded() const { return padLow != 0 || padHigh != 0; }
  /// Neither padded nor larger than an element nor leaving any out.
  bool isTrivial() const { return size == 1 && stride == 1 && !isPadded(); }
  /// Distance from the first to the last element of a window.
  int64_t reach() const { return (size - 1) * dilation; }
  /// How many there are along an extent, negative if not even one fits into
  /// its padded length; dynamic if the extent or the size is.
  int64_t count(int64_t extent) const;
  mlir::OpFoldResult count(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::OpFoldResult extent,
                           mlir::OpFoldResult size) const;
};

/// What is wrong with the attributes of windows over an image of this rank,
/// one entry of each per spatial dim; empty if nothing is.
std::string checkWindows(int64_t rank, llvm::ArrayRef<int64_t> strides,
                         llvm::ArrayRef<int64_t> padLow,
                         llvm::ArrayRef<int64_t> padHigh,
                         llvm::ArrayRef<int64_t> dilations);

/// What pads an image whose maxima are taken: minus infinity (the least number
/// of a float type without it) or the least integer.
mlir::TypedAttr leastElement(mlir::Type elementType, bool isUnsigned);

/// Compatible extents: equal, or one of them dynamic.
bool areCompatibleExtents(int64_t a, int64_t b);

} // namespace msc::graph

#endif // MSC_DIALECTS_GRAPH_IMAGEDIMS_H
