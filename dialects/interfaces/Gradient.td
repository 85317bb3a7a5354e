//===- Gradient.td - Derivatives of ops --------------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_INTERFACES_GRADIENT
#define MSC_DIALECTS_INTERFACES_GRADIENT

include "mlir/IR/OpBase.td"

def GradientOpInterface : OpInterface<"GradientOpInterface"> {
  let description = [{
    An op that can be differentiated. Rules are built of ops of the same
    dialect only, so that derivatives can be differentiated again. An op whose
    derivative is zero everywhere (floor, compare) implements both rules and
    contributes nothing; an op that is not differentiable does not implement
    the interface, and the engine's error names it.
  }];
  let cppNamespace = "::msc";
  let methods = [
    InterfaceMethod<[{
        Builds the vector-Jacobian product: given the cotangents of the
        results, accumulates the cotangents of the wanted operands.
      }],
      "::llvm::LogicalResult", "vjp", (ins "::msc::VjpContext &":$context)>,
    InterfaceMethod<[{
        Builds the Jacobian-vector product: given tangents of operands, sets
        the tangents of the results.
      }],
      "::llvm::LogicalResult", "jvp", (ins "::msc::JvpContext &":$context)>,
  ];
}

#endif
