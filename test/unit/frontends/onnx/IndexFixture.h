//===- IndexFixture.h - Formulas in named dims ------------------*- C++ -*-===//

#ifndef MSC_TEST_UNIT_FRONTENDS_ONNX_INDEXFIXTURE_H
#define MSC_TEST_UNIT_FRONTENDS_ONNX_INDEXFIXTURE_H

#include "frontends/onnx/IndexMath.h"
#include "mlir/IR/MLIRContext.h"
#include <gtest/gtest.h>

namespace msc::onnx {

class IndexFixture : public testing::Test {
protected:
  Index dim(const char *name, int64_t min = 1, int64_t max = 2147483647) {
    return math.dim({}, 0, name, {min, max});
  }
  Index c(int64_t value) { return math.constant(value); }

  mlir::MLIRContext context;
  IndexMath math{&context};
};

} // namespace msc::onnx

#endif // MSC_TEST_UNIT_FRONTENDS_ONNX_INDEXFIXTURE_H
