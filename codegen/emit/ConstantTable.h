//===- ConstantTable.h - C structs as LLVM globals --------------*- C++ -*-===//
//
// Writes constant data of C types, strings, structs and arrays of structs, into
// a module as private globals of the LLVM dialect.
//
//===----------------------------------------------------------------------===//

#ifndef MSC_CODEGEN_EMIT_CONSTANTTABLE_H
#define MSC_CODEGEN_EMIT_CONSTANTTABLE_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include <string>

namespace msc::emit {

/// One scalar field of a struct: an integer, or the address of a symbol (empty:
/// a null pointer).
struct Field {
  static Field i32(int64_t value) { return {32, value, ""}; }
  static Field i64(int64_t value) { return {64, value, ""}; }
  static Field pointer(llvm::StringRef symbol) {
    return {0, 0, symbol.str()};
  }
  static Field null() { return {0, 0, ""}; }

  unsigned bits; // 0: a pointer
  int64_t value;
  std::string symbol;
};

class ConstantTable {
public:
  /// Globals go to the builder's insertion point; their names start with
  /// `prefix`.
  ConstantTable(mlir::OpBuilder &builder, mlir::Location loc,
                llvm::StringRef prefix)
      : builder(builder), loc(loc), prefix(prefix) {}

  /// A null-terminated string; equal strings are one global.
  Field string(llvm::StringRef text);

  /// An array of structs of one type. Null for no rows, which C allows where
  /// the count is 0.
  Field structs(llvm::ArrayRef<llvm::SmallVector<Field>> rows);

  /// One struct under a symbol of its own, visible to the linker.
  void exported(llvm::StringRef symbol, llvm::ArrayRef<Field> fields);

private:
  mlir::Type typeOf(const Field &field);
  mlir::Value valueOf(mlir::OpBuilder &builder, const Field &field);
  std::string freshName();

  mlir::OpBuilder &builder;
  mlir::Location loc;
  std::string prefix;
  unsigned count = 0;
  llvm::StringMap<std::string> strings;
};

} // namespace msc::emit

#endif // MSC_CODEGEN_EMIT_CONSTANTTABLE_H
