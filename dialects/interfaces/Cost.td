//===- Cost.td - Cost of ops -------------------------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_INTERFACES_COST
#define MSC_DIALECTS_INTERFACES_COST

include "mlir/IR/OpBase.td"

def CostOpInterface : OpInterface<"CostOpInterface"> {
  let description = [{
    An op that knows its cost. Search over parallel strategies, recomputation
    and fusion ask it; `msc inspect` prints it.
  }];
  let cppNamespace = "::msc";
  let methods = [
    InterfaceMethod<[{
        Work and memory traffic of one execution; `dimSize` gives the extents
        that types don't know.
      }],
      "::msc::OpCost", "getCost", (ins "::msc::DimSizeFn":$dimSize)>,
  ];
}

#endif
