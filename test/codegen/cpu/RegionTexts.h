//===- RegionTexts.h - Regions of every class, of any shape ----*- C++ -*-===//
#ifndef MSC_TEST_CODEGEN_CPU_REGIONTEXTS_H
#define MSC_TEST_CODEGEN_CPU_REGIONTEXTS_H

#include <cstdint>
#include <string>
#include <vector>

namespace msc::test {

using Shape = std::vector<int64_t>;

/// An argument of a region: its element type, its extents, and which of them
/// the compiler doesn't know.
struct Argument {
  std::string type;
  Shape shape;
  std::vector<bool> dynamic = {};
  bool isResult = false;
};

/// A region's text and the arguments to call it with.
struct RegionCase {
  std::string name, text;
  std::vector<Argument> arguments;
};

struct MatmulOptions {
  int64_t batch = 0; // 0: no batch dim
  bool transposeA = false, transposeB = false, bias = true, relu = true;
  bool dynamicRows = false;
  /// Width of a packed panel of B, 0: not packed.
  int64_t packed = 0;
  std::string type = "f32";
};
RegionCase matmul(int64_t m, int64_t n, int64_t k,
                  const MatmulOptions &options);

struct ConvolutionOptions {
  int64_t kernel = 3, stride = 1, dilation = 1, pad = 1, groups = 1;
  bool channelsLast = true, relu = true;
  /// Width of a packed panel of output channels, 0: not packed.
  int64_t packed = 0;
  std::string type = "f32";
};
RegionCase convolution(int64_t n, int64_t h, int64_t w, int64_t in, int64_t out,
                       const ConvolutionOptions &options);
RegionCase depthwise(int64_t h, int64_t w, int64_t channels, int64_t kernel,
                     int64_t stride);
RegionCase maxPool(int64_t h, int64_t w, int64_t channels, int64_t kernel,
                   int64_t stride, bool channelsLast);

/// x op y, both of `shape`; y has extent 1 (and is read by broadcast) where the
/// bit of `broadcast` is set. `body` computes %r of %x, %y.
RegionCase elementwise(const Shape &shape, unsigned broadcast,
                       const std::string &in, const std::string &out,
                       const std::string &body, bool dynamic);
/// Reduces the dims whose bit is set; `combine` is the op of %x and %c.
RegionCase reduction(const Shape &shape, unsigned reduced,
                     const std::string &type, const std::string &combine,
                     const std::string &initial, bool dynamic);
/// `mixed`: the exponentials and their sums are one generic of two results.
RegionCase softmax(const Shape &shape, unsigned axis, bool dynamic,
                   bool mixed = false);
RegionCase layerNorm(int64_t rows, int64_t width);
RegionCase transpose(const Shape &shape, const std::vector<unsigned> &order,
                     const std::string &type);
RegionCase concatenate(int64_t rows, int64_t left, int64_t right);
RegionCase pad(const Shape &shape, const Shape &low, const Shape &high,
               const std::string &type);

} // namespace msc::test

#endif
