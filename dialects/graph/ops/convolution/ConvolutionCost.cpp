//===- ConvolutionCost.cpp - Work of convolutions -------------------------===//
//
// A multiply-add for each element of the result and of the window that it is
// made of, those in the padding included: what a loop nest does.
//
//===----------------------------------------------------------------------===//

#include "dialects/graph/ops/convolution/Convolution.h"

using namespace mlir;
using namespace msc;
using namespace msc::graph;

static double sizeOf(Value value, unsigned dim, DimSizeFn dimSize) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.isDynamicDim(dim) ? dimSize(value, dim) : type.getDimSize(dim);
}

/// Elements of one filter over one input channel.
static double windowSize(Value filter, ImageDims dims, DimSizeFn dimSize) {
  double size = 1;
  for (unsigned i = 0; i < dims.numSpatial(); ++i)
    size *= sizeOf(filter, dims.filterSpatial(i), dimSize);
  return size;
}

OpCost ConvOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  ImageDims dims = getImageDims();
  cost.flops = 2 * numElements(getResult(), dimSize) *
               windowSize(getFilter(), dims, dimSize) *
               sizeOf(getFilter(), dims.filterInput(), dimSize);
  return cost;
}

/// Each element of the image gathers from the cotangent of a group, with zeros
/// where the windows' strides leave it out.
OpCost ConvInputGradOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  ImageDims dims = getImageDims();
  cost.flops = 2 * numElements(getResult(), dimSize) *
               windowSize(getFilter(), dims, dimSize) *
               sizeOf(getFilter(), dims.filterOutput(), dimSize) / getGroups();
  return cost;
}

OpCost ConvFilterGradOp::getCost(DimSizeFn dimSize) {
  OpCost cost = trafficCost(getOperation(), dimSize);
  ImageDims dims = getImageDims();
  double points = sizeOf(getCotangent(), dims.batch(), dimSize);
  for (unsigned i = 0; i < dims.numSpatial(); ++i)
    points *= sizeOf(getCotangent(), dims.spatial(i), dimSize);
  cost.flops = 2 * numElements(getResult(), dimSize) * points;
  return cost;
}
