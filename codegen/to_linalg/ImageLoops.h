//===- ImageLoops.h - Tensor ops around windows -----------------*- C++ -*-===//
//
// What the lowerings of convolution and of pooling share: images with their
// padding written out, and results of windows spread out again.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_TO_LINALG_IMAGELOOPS_H
#define MSC_CODEGEN_TO_LINALG_IMAGELOOPS_H

#include "codegen/to_linalg/ToLinalg.h"

namespace msc {

/// The image with `value` around its spatial dims as the windows ask; itself
/// if they ask for none.
mlir::Value padImage(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::Value image, graph::ImageDims dims,
                     llvm::ArrayRef<graph::WindowDim> windows,
                     mlir::TypedAttr value);

/// For the transpose of an op with windows, in gather form. `pooled` holds one
/// element a window; the result P has the extents of the image plus the
/// windows' reach, and element `e` of the image is in window `o` as its
/// element `k` exactly where `P[e + reach - k * dilation]` is `pooled[o]`.
/// `value` is where no window lies.
mlir::Value spreadWindows(mlir::OpBuilder &builder, mlir::Operation *op,
                          mlir::Value pooled, graph::ImageDims dims,
                          llvm::ArrayRef<graph::WindowDim> windows,
                          llvm::ArrayRef<mlir::OpFoldResult> imageSizes,
                          mlir::TypedAttr value);

/// `filledTensor` whose fill carries the name of `op`.
mlir::Value filledFor(mlir::OpBuilder &builder, mlir::Operation *op,
                      llvm::ArrayRef<mlir::OpFoldResult> sizes,
                      mlir::TypedAttr value);

/// Affine expressions of an image's dims in its layout.
llvm::SmallVector<mlir::AffineExpr>
imageExprs(graph::ImageDims dims, mlir::AffineExpr batch,
           llvm::ArrayRef<mlir::AffineExpr> channel,
           llvm::ArrayRef<mlir::AffineExpr> spatial);

} // namespace msc

#endif // MSC_CODEGEN_TO_LINALG_IMAGELOOPS_H
