//===- Products.h - Products of tensors for several ops ---------*- C++ -*-===//
//
// MatMul and Conv have integer and quantised forms; what they share.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_FRONTENDS_ONNX_PRODUCTS_H
#define MSC_FRONTENDS_ONNX_PRODUCTS_H

#include "frontends/onnx/NodeImport.h"

namespace msc::onnx {

/// The product of matrices with batch dims, by NumPy's rules, summed in and of
/// type `sumType`.
mlir::FailureOr<Shaped> multiplyMatrices(NodeImport &n, Shaped lhs, Shaped rhs,
                                         mlir::Type sumType);

/// The convolution that the node's attributes describe, without a bias.
mlir::FailureOr<Shaped> convolve(NodeImport &n, const Shaped &image,
                                 const Shaped &filter);

} // namespace msc::onnx

#endif // MSC_FRONTENDS_ONNX_PRODUCTS_H
