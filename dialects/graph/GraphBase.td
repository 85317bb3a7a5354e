//===- GraphBase.td - Dialect, types and classes of ops ----*- tablegen -*-===//

#ifndef MSC_DIALECTS_GRAPH_BASE
#define MSC_DIALECTS_GRAPH_BASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/interfaces/Cost.td"
include "dialects/interfaces/Decomposition.td"
include "dialects/interfaces/Gradient.td"
include "dialects/interfaces/ShardingRule.td"

def Graph_Dialect : Dialect {
  let name = "graph";
  let summary = "Tensor programs with value semantics";
  let description = [{
    The framework's IR: small, closed, and made of ops on ranked tensors that
    have values and no effects. Functions are `func.func`, control flow is
    `scf`, scalar index arithmetic is `arith` and `tensor.dim`.

    Operands of elementwise ops have one shape; `graph.broadcast` makes it so.
    Element types keep the signedness of the model: `i32` is signed, `ui8` is
    not, `i1` is a boolean. Nothing is widened, narrowed or saturated silently.

    Attributes of the dialect on `func.func`:
    - `graph.name` on arguments and results: the tensor's name in the model;
    - `graph.dims` on arguments and results: names of dims, `""` for none;
      dims of one name have one extent;
    - `graph.parameter` on arguments: a `#graph.blob` with the value;
    - `graph.element_type` on arguments and results, once lowered: the element
      type with the signedness that the lowered type lacks.
    And on the module: `graph.dim_ranges`, a dictionary from names to
    `[min, max]`.
  }];
  let cppNamespace = "::msc::graph";
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect"
  ];
  let hasConstantMaterializer = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let extraClassDeclaration = [{
    static constexpr ::llvm::StringLiteral kNameAttr = "graph.name";
    static constexpr ::llvm::StringLiteral kDimsAttr = "graph.dims";
    static constexpr ::llvm::StringLiteral kElementTypeAttr =
        "graph.element_type";
    static constexpr ::llvm::StringLiteral kParameterAttr = "graph.parameter";
    static constexpr ::llvm::StringLiteral kDimRangesAttr = "graph.dim_ranges";
    void registerAttributes();
  }];
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

def Graph_Bool : TypeAlias<I1, "boolean">;
def Graph_Float : AnyTypeOf<[F64, F32, F16, BF16, F8E4M3FN, F8E5M2], "float">;
def Graph_Int : AnyTypeOf<[AnyInteger], "integer">;
def Graph_Element : AnyTypeOf<[Graph_Float, Graph_Int], "float or integer">;

def Graph_Tensor : RankedTensorOf<[Graph_Element]>;
def Graph_FloatTensor : RankedTensorOf<[Graph_Float]>;
def Graph_IntTensor : RankedTensorOf<[Graph_Int]>;
def Graph_BoolTensor : RankedTensorOf<[I1]>;
def Graph_ScalarTensor : 0DTensorOf<[Graph_Element]>;

//===----------------------------------------------------------------------===//
// Classes of ops
//===----------------------------------------------------------------------===//

def Graph_Gradient : DeclareOpInterfaceMethods<GradientOpInterface>;
def Graph_Sharding : DeclareOpInterfaceMethods<ShardingRuleOpInterface>;
// For ops with attributes that depend on the shape.
def Graph_ShardingWithShape
    : DeclareOpInterfaceMethods<ShardingRuleOpInterface, ["buildShard"]>;
def Graph_Cost : DeclareOpInterfaceMethods<CostOpInterface>;
def Graph_Composite : DeclareOpInterfaceMethods<DecomposableOpInterface>;
def Graph_InferType : DeclareOpInterfaceMethods<InferTypeOpInterface>;
def Graph_Reify
    : DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                ["reifyResultShapes"]>;

class Graph_Op<string mnemonic, list<Trait> traits = []>
    : Op<Graph_Dialect, mnemonic, !listconcat([Pure, Graph_Reify], traits)>;

#endif
