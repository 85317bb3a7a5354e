#include "codegen/emit/ConstantTable.h"

using namespace mlir;
using namespace msc::emit;

Type ConstantTable::typeOf(const Field &field) {
  if (field.bits == 0)
    return LLVM::LLVMPointerType::get(builder.getContext());
  return builder.getIntegerType(field.bits);
}

Value ConstantTable::valueOf(OpBuilder &builder, const Field &field) {
  Type type = typeOf(field);
  if (field.bits != 0)
    return LLVM::ConstantOp::create(builder, loc, type, field.value);
  if (field.symbol.empty())
    return LLVM::ZeroOp::create(builder, loc, type);
  return LLVM::AddressOfOp::create(builder, loc, type, field.symbol);
}

std::string ConstantTable::freshName() {
  return prefix + "_" + std::to_string(count++);
}

Field ConstantTable::string(StringRef text) {
  std::string &name = strings[text];
  if (name.empty()) {
    name = freshName();
    std::string bytes = text.str();
    bytes.push_back('\0');
    auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), bytes.size());
    LLVM::GlobalOp::create(builder, loc, type, /*isConstant=*/true,
                           LLVM::Linkage::Private, name,
                           builder.getStringAttr(bytes));
  }
  return Field::pointer(name);
}

Field ConstantTable::structs(ArrayRef<SmallVector<Field>> rows) {
  if (rows.empty())
    return Field::null();
  SmallVector<Type> types;
  for (const Field &field : rows.front())
    types.push_back(typeOf(field));
  auto type = LLVM::LLVMArrayType::get(
      LLVM::LLVMStructType::getLiteral(builder.getContext(), types),
      rows.size());
  std::string name = freshName();
  auto global =
      LLVM::GlobalOp::create(builder, loc, type, /*isConstant=*/true,
                             LLVM::Linkage::Private, name, Attribute());
  OpBuilder body = OpBuilder::atBlockEnd(
      builder.createBlock(&global.getInitializerRegion()));
  builder.setInsertionPointAfter(global);
  Value value = LLVM::UndefOp::create(body, loc, type);
  for (auto [row, fields] : llvm::enumerate(rows))
    for (auto [column, field] : llvm::enumerate(fields))
      value = LLVM::InsertValueOp::create(
          body, loc, value, valueOf(body, field),
          ArrayRef<int64_t>{static_cast<int64_t>(row),
                            static_cast<int64_t>(column)});
  LLVM::ReturnOp::create(body, loc, value);
  return Field::pointer(name);
}

void ConstantTable::exported(StringRef symbol, ArrayRef<Field> fields) {
  SmallVector<Type> types;
  for (const Field &field : fields)
    types.push_back(typeOf(field));
  auto type = LLVM::LLVMStructType::getLiteral(builder.getContext(), types);
  auto global =
      LLVM::GlobalOp::create(builder, loc, type, /*isConstant=*/true,
                             LLVM::Linkage::External, symbol, Attribute());
  OpBuilder body = OpBuilder::atBlockEnd(
      builder.createBlock(&global.getInitializerRegion()));
  builder.setInsertionPointAfter(global);
  Value value = LLVM::UndefOp::create(body, loc, type);
  for (auto [column, field] : llvm::enumerate(fields))
    value = LLVM::InsertValueOp::create(
        body, loc, value, valueOf(body, field),
        ArrayRef<int64_t>{static_cast<int64_t>(column)});
  LLVM::ReturnOp::create(body, loc, value);
}
