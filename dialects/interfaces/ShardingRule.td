//===- ShardingRule.td - Partitioning of ops ---------------*- tablegen -*-===//

#ifndef MSC_DIALECTS_INTERFACES_SHARDINGRULE
#define MSC_DIALECTS_INTERFACES_SHARDINGRULE

include "mlir/IR/OpBase.td"

def ShardingRuleOpInterface : OpInterface<"ShardingRuleOpInterface"> {
  let description = [{
    An op that can be partitioned along factors of its iteration space.
    Propagation, redistribution and partitioning ask it and name no op.
  }];
  let cppNamespace = "::msc";
  let methods = [
    InterfaceMethod<"The factors of the op and of each dim.",
      "::msc::ShardingRule", "getShardingRule", (ins)>,
    InterfaceMethod<[{
        Builds one part of the op on local operands and returns its local
        results. A dim with a window arrives with its halo and with its padding
        written out. The default suits ops without attributes that depend on
        the shape.
      }],
      "::llvm::FailureOr<::llvm::SmallVector<::mlir::Value>>", "buildShard",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$localOperands,
           "const ::msc::Shard &":$shard),
      /*methodBody=*/"",
      /*defaultImplementation=*/[{
        return ::msc::cloneForShard($_op, builder, localOperands,
                                    $_op.getShardingRule(), shard);
      }]>,
  ];
}

#endif
