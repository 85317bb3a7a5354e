//===- Elementwise.td - One element at a time --------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_OPS_ELEMENTWISE
#define MSC_DIALECTS_GRAPH_OPS_ELEMENTWISE

include "dialects/graph/GraphAttrs.td"

// Every facet but the gradient follows from the op being elementwise; `flops`
// and `functions` are the work for an element (see Cost.h).
class Graph_ElementwiseOp<string mnemonic, int flops, int functions,
                          list<Trait> traits = []>
    : Graph_Op<mnemonic, !listconcat([
        Graph_Gradient, Graph_Sharding, Graph_Cost, SameOperandsAndResultShape
      ], traits)> {
  string work = !cast<string>(flops) # ", " # !cast<string>(functions);
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::reifyResultShapes(
        ::mlir::OpBuilder &builder,
        ::mlir::ReifiedRankedShapedTypeDims &shapes) {
      return ::msc::graph::reifyAsOperand(getOperation(), 0, builder, shapes);
    }
    ::msc::ShardingRule $cppClass::getShardingRule() {
      return ::msc::pointwiseShardingRule(getOperation());
    }
    ::msc::OpCost $cppClass::getCost(::msc::DimSizeFn dimSize) {
      return ::msc::pointwiseCost(getOperation(), dimSize, }] # work # [{);
    }
  }];
}

class Graph_UnaryOp<string mnemonic, Type type, int flops, int functions,
                    list<Trait> traits = []>
    : Graph_ElementwiseOp<mnemonic, flops, functions,
        !listconcat([SameOperandsAndResultType], traits)> {
  let arguments = (ins type:$operand);
  let results = (outs type:$result);
  let assemblyFormat = "$operand attr-dict `:` type($result)";
}

class Graph_BinaryOp<string mnemonic, Type type, int flops, int functions,
                     list<Trait> traits = []>
    : Graph_ElementwiseOp<mnemonic, flops, functions,
        !listconcat([SameOperandsAndResultType], traits)> {
  let arguments = (ins type:$lhs, type:$rhs);
  let results = (outs type:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

def Graph_AddOp : Graph_BinaryOp<"add", Graph_Tensor, 1, 0, [Commutative]> {
  let summary = "Sum of two tensors";
  let description = [{
    `result[i] = lhs[i] + rhs[i]`; integers wrap.

    Example: `%r = graph.add %a, %b : tensor<4xf32>`
  }];
  let hasFolder = 1;
}
def Graph_SubOp : Graph_BinaryOp<"sub", Graph_Tensor, 1, 0> {
  let summary = "Difference of two tensors";
  let description = "`result[i] = lhs[i] - rhs[i]`; integers wrap.";
  let hasFolder = 1;
}
def Graph_MulOp : Graph_BinaryOp<"mul", Graph_Tensor, 1, 0, [Commutative]> {
  let summary = "Product of two tensors";
  let description = "`result[i] = lhs[i] * rhs[i]`; integers wrap.";
  let hasFolder = 1;
}
def Graph_DivOp : Graph_BinaryOp<"div", Graph_Tensor, 1, 0> {
  let summary = "Quotient of two tensors";
  let description = [{
    `result[i] = lhs[i] / rhs[i]`. Integers round towards zero; a division of
    an integer by zero gives an unspecified value, and never traps.
  }];
  let hasFolder = 1;
}
def Graph_RemOp : Graph_BinaryOp<"rem", Graph_Tensor, 1, 0> {
  let summary = "Remainder with the sign of the dividend";
  let description = [{
    `lhs[i] - trunc(lhs[i] / rhs[i]) * rhs[i]`, exactly (C's fmod). By an
    integer zero: unspecified, never traps.
  }];
}
def Graph_PowOp : Graph_BinaryOp<"pow", Graph_FloatTensor, 0, 1> {
  let summary = "lhs to the power of rhs";
  let description = [{
    As C's `pow`. The derivative by `rhs` is taken as zero where `lhs` is zero.
  }];
}
def Graph_MaxOp : Graph_BinaryOp<"max", Graph_Tensor, 1, 0, [Commutative]> {
  let summary = "The larger of two elements";
  let description = [{
    NaN if either is NaN (IEEE 754-2019 `maximum`). Where both are equal, the
    cotangent is shared evenly.
  }];
}
def Graph_MinOp : Graph_BinaryOp<"min", Graph_Tensor, 1, 0, [Commutative]> {
  let summary = "The smaller of two elements";
  let description = "As `graph.max`, the other way round.";
}
def Graph_NegOp : Graph_UnaryOp<"neg", Graph_Tensor, 1, 0> {
  let summary = "Negation";
  let hasFolder = 1;
}
def Graph_AbsOp : Graph_UnaryOp<"abs", Graph_Tensor, 1, 0> {
  let summary = "Absolute value";
  let description = "The derivative at zero is zero.";
}
def Graph_SignOp : Graph_UnaryOp<"sign", Graph_Tensor, 4, 0> {
  let summary = "-1, 0 or 1";
  let description = "NaN for NaN. The derivative is zero.";
}

//===----------------------------------------------------------------------===//
// Elementary functions
//===----------------------------------------------------------------------===//

class Graph_FunctionOp<string mnemonic, string text>
    : Graph_UnaryOp<mnemonic, Graph_FloatTensor, 0, 1> {
  let summary = text;
}

def Graph_ExpOp : Graph_FunctionOp<"exp", "e to the power of x">;
def Graph_LogOp : Graph_FunctionOp<"log", "Natural logarithm">;
def Graph_Log1pOp : Graph_FunctionOp<"log1p", "log(1 + x), precise near 0">;
def Graph_Expm1Op : Graph_FunctionOp<"expm1", "exp(x) - 1, precise near 0">;
def Graph_SqrtOp : Graph_FunctionOp<"sqrt", "Square root">;
def Graph_RsqrtOp : Graph_FunctionOp<"rsqrt", "1 / sqrt(x)">;
def Graph_SinOp : Graph_FunctionOp<"sin", "Sine">;
def Graph_CosOp : Graph_FunctionOp<"cos", "Cosine">;
def Graph_TanOp : Graph_FunctionOp<"tan", "Tangent">;
def Graph_AsinOp : Graph_FunctionOp<"asin", "Inverse sine">;
def Graph_AcosOp : Graph_FunctionOp<"acos", "Inverse cosine">;
def Graph_AtanOp : Graph_FunctionOp<"atan", "Inverse tangent">;
def Graph_SinhOp : Graph_FunctionOp<"sinh", "Hyperbolic sine">;
def Graph_CoshOp : Graph_FunctionOp<"cosh", "Hyperbolic cosine">;
def Graph_TanhOp : Graph_FunctionOp<"tanh", "Hyperbolic tangent">;
def Graph_AsinhOp : Graph_FunctionOp<"asinh", "Inverse hyperbolic sine">;
def Graph_AcoshOp : Graph_FunctionOp<"acosh", "Inverse hyperbolic cosine">;
def Graph_AtanhOp : Graph_FunctionOp<"atanh", "Inverse hyperbolic tangent">;
def Graph_ErfOp : Graph_FunctionOp<"erf", "Gauss' error function">;

class Graph_RoundingOp<string mnemonic, string text>
    : Graph_UnaryOp<mnemonic, Graph_FloatTensor, 1, 0> {
  let summary = text;
  let description = "The derivative is zero.";
}

def Graph_FloorOp : Graph_RoundingOp<"floor", "Largest integer not above x">;
def Graph_CeilOp : Graph_RoundingOp<"ceil", "Smallest integer not below x">;
def Graph_RoundEvenOp
    : Graph_RoundingOp<"round_even", "Nearest integer, halves to even">;

//===----------------------------------------------------------------------===//
// Booleans and bits
//===----------------------------------------------------------------------===//

class Graph_BitwiseOp<string mnemonic, string text, list<Trait> traits = []>
    : Graph_BinaryOp<mnemonic, Graph_IntTensor, 1, 0, traits> {
  let summary = text;
}

def Graph_AndOp : Graph_BitwiseOp<"and", "Bitwise and", [Commutative]>;
def Graph_OrOp : Graph_BitwiseOp<"or", "Bitwise or", [Commutative]>;
def Graph_XorOp : Graph_BitwiseOp<"xor", "Bitwise exclusive or", [Commutative]>;
def Graph_ShiftLeftOp : Graph_BitwiseOp<"shift_left",
    "lhs shifted left by rhs bits, zero where rhs reaches the width">;
def Graph_ShiftRightOp : Graph_BitwiseOp<"shift_right",
    "lhs shifted right by rhs bits, by its signedness">;
def Graph_NotOp : Graph_UnaryOp<"not", Graph_IntTensor, 1, 0> {
  let summary = "Bitwise complement; of a boolean, negation";
}

def Graph_CompareOp : Graph_ElementwiseOp<"compare", 1, 0, [
    SameTypeOperands, Graph_InferType]> {
  let summary = "Compares two elements";
  let description = [{
    Comparisons with NaN are false, but for `ne`. Integers compare by their
    signedness, booleans as 0 and 1.

    Example: `%r = graph.compare lt %a, %b : tensor<4xf32>`
  }];
  let arguments = (ins Graph_ComparePredicateAttr:$predicate,
                       Graph_Tensor:$lhs, Graph_Tensor:$rhs);
  let results = (outs Graph_BoolTensor:$result);
  let assemblyFormat = "$predicate $lhs `,` $rhs attr-dict `:` type($lhs)";
}

def Graph_SelectOp : Graph_ElementwiseOp<"select", 1, 0, [
    AllTypesMatch<["on_true", "on_false", "result"]>]> {
  let summary = "One of two elements";
  let description = [{
    `result[i] = condition[i] ? on_true[i] : on_false[i]`

    Example: `%r = graph.select %c, %a, %b : tensor<4xi1>, tensor<4xf32>`
  }];
  let arguments = (ins Graph_BoolTensor:$condition, Graph_Tensor:$on_true,
                       Graph_Tensor:$on_false);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = [{
    $condition `,` $on_true `,` $on_false attr-dict `:` type($condition) `,`
    type($result)
  }];
}

def Graph_ConvertOp : Graph_ElementwiseOp<"convert", 1, 0> {
  let summary = "Changes the element type";
  let description = [{
    Float to float rounds to nearest even. Float to integer rounds towards zero
    and saturates at the bounds of the type, NaN becomes 0. Integer to
    integer wraps. To `i1`: false for zero, true for all else (NaN too). Of
    `i1`: 0 or 1. The derivative of float to float is a conversion back; all
    else has none.

    Example: `%r = graph.convert %a : tensor<4xf32> to tensor<4xi8>`
  }];
  let arguments = (ins Graph_Tensor:$operand);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasFolder = 1;
}

//===----------------------------------------------------------------------===//
// Composites
//===----------------------------------------------------------------------===//

class Graph_ActivationOp<string mnemonic, string text, int flops, int functions>
    : Graph_UnaryOp<mnemonic, Graph_FloatTensor, flops, functions,
        [Graph_Composite]> {
  let summary = text;
}

def Graph_ReluOp : Graph_ActivationOp<"relu", "max(x, 0)", 2, 0> {
  let description = [{
    `0 > x ? 0 : x`, which lets NaN pass. The derivative at zero is zero.
  }];
}
def Graph_SigmoidOp
    : Graph_ActivationOp<"sigmoid", "1 / (1 + exp(-x))", 3, 1> {
  let description = "Never overflows to NaN.";
}
def Graph_SoftplusOp
    : Graph_ActivationOp<"softplus", "log(1 + exp(x))", 4, 2> {
  let description = "`max(x, 0) + log1p(exp(-abs(x)))`";
}
def Graph_GeluOp : Graph_ActivationOp<"gelu", "x * Phi(x)", 4, 1> {
  let description = [{
    The Gaussian error linear unit, `x / 2 * (1 + erf(x / sqrt(2)))`
    (Hendrycks and Gimpel, 2016). The tanh approximation is a chain of
    primitives.
  }];
}

#endif
