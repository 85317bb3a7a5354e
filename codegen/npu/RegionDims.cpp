//===- RegionDims.cpp - Which dims of a region run together ---------------===//
#include "codegen/npu/RegionDims.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace msc::npu;

unsigned RegionDims::find(unsigned node) {
  while (parents[node] != node)
    node = parents[node] = parents[parents[node]];
  return node;
}

/// False: the extents differ.
bool RegionDims::unite(unsigned a, unsigned b) {
  a = find(a);
  b = find(b);
  if (nodeExtents[a] != nodeExtents[b])
    return false;
  parents[std::max(a, b)] = std::min(a, b);
  return true;
}

std::string RegionDims::addTensor(Value tensor) {
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  if (!type)
    return "a value that is no tensor";
  if (!type.hasStaticShape())
    return "a dynamic extent";
  if (type.getEncoding())
    return "a tensor with an encoding";
  SmallVector<int> &dims = nodes[tensor];
  for (int64_t extent : type.getShape()) {
    if (extent == 0)
      return "an extent of 0";
    if (extent == 1) {
      dims.push_back(-1);
      continue;
    }
    dims.push_back(parents.size());
    parents.push_back(parents.size());
    nodeExtents.push_back(extent);
  }
  tensors[tensor];
  return "";
}

std::string RegionDims::addOperand(linalg::LinalgOp op, OpOperand &operand) {
  auto found = nodes.find(operand.get());
  if (found == nodes.end())
    return "an operand from outside of the region";
  AffineMap map = op.getMatchingIndexingMap(&operand);
  for (auto [node, expr] : llvm::zip(found->second, map.getResults()))
    if (node >= 0 && !isa<AffineDimExpr>(expr))
      return addWindows(op, operand);
  if (windows.contains(operand.get()))
    return "a tensor that is read in several ways";
  for (auto [node, expr] : llvm::zip(found->second, map.getResults())) {
    if (node < 0)
      continue;
    int loop = loopNodes[op][cast<AffineDimExpr>(expr).getPosition()];
    if (loop < 0 || !unite(node, loop))
      return "extents that differ";
  }
  return "";
}

/// Adds the loops of `expr`, a sum of loops times constants.
static bool addTerms(AffineExpr expr, int64_t factor,
                     SmallVectorImpl<std::pair<unsigned, int64_t>> &terms) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    terms.push_back({dim.getPosition(), factor});
    return true;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return isa<AffineConstantExpr>(expr) &&
           cast<AffineConstantExpr>(expr).getValue() == 0;
  if (expr.getKind() == AffineExprKind::Add)
    return addTerms(binary.getLHS(), factor, terms) &&
           addTerms(binary.getRHS(), factor, terms);
  auto by = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return expr.getKind() == AffineExprKind::Mul && by && by.getValue() > 0 &&
         addTerms(binary.getLHS(), factor * by.getValue(), terms);
}

std::string RegionDims::addWindows(linalg::LinalgOp op, OpOperand &operand) {
  Value tensor = operand.get();
  if (!isa<BlockArgument>(tensor) || !tensor.hasOneUse())
    return "a tensor that is read in several ways";
  auto type = cast<RankedTensorType>(tensor.getType());
  AffineMap map = op.getMatchingIndexingMap(&operand);
  auto kinds = op.getIteratorTypesArray();
  auto &dims = windows[tensor];
  SmallVector<int64_t> strides(type.getRank(), 1);
  for (int dim = type.getRank() - 1; dim > 0; --dim)
    strides[dim - 1] = strides[dim] * type.getDimSize(dim);
  for (auto [stride, expr] : llvm::zip(strides, map.getResults())) {
    SmallVector<std::pair<unsigned, int64_t>> terms;
    if (!addTerms(expr, stride, terms))
      return "an index that is no sum of loops";
    for (auto [loop, factor] : terms) {
      int node = loopNodes[op][loop];
      if (node < 0)
        continue;
      dims.push_back({unsigned(node), factor});
      if (terms.size() > 1 && kinds[loop] == utils::IteratorType::reduction)
        windowNodes.push_back(node);
    }
  }
  nodes[tensor].assign(type.getRank(), -1);
  return "";
}

std::string RegionDims::addOp(linalg::LinalgOp op) {
  SmallVector<int> &loops = loopNodes[op];
  for (int64_t extent : op.getStaticLoopRanges()) {
    loops.push_back(extent == 1 ? -1 : int(parents.size()));
    if (extent == 1)
      continue;
    parents.push_back(parents.size());
    nodeExtents.push_back(extent);
  }
  for (OpOperand &operand : op->getOpOperands())
    if (isa<TensorType>(operand.get().getType()))
      if (std::string why = addOperand(op, operand); !why.empty())
        return why;
  for (auto [init, result] : llvm::zip(op.getDpsInits(), op->getResults()))
    if (std::string why = addReshape(init, result); !why.empty())
      return why;
  return "";
}

/// Reshapes that add or drop extents of 1 only.
std::string RegionDims::addReshape(Value from, Value to) {
  SmallVector<unsigned> sides[2];
  for (auto [side, tensor] : {std::pair(0, from), std::pair(1, to)})
    for (int node : nodes[tensor])
      if (node >= 0)
        sides[side].push_back(node);
  if (sides[0].size() != sides[1].size())
    return "a reshape that splits or joins dims";
  for (auto [a, b] : llvm::zip(sides[0], sides[1]))
    if (!unite(a, b))
      return "a reshape that splits or joins dims";
  return "";
}

/// Results are the last arguments' new contents.
std::string RegionDims::addReturn(Operation &op, func::FuncOp region) {
  unsigned count = op.getNumOperands(), arguments = region.getNumArguments();
  if (count > arguments)
    return "a result without destination";
  for (unsigned result = 0; result < count; ++result) {
    Value out = region.getArgument(arguments - count + result);
    Value tensor = op.getOperand(result);
    if (out.getType() != tensor.getType() || !nodes.count(tensor))
      return "a result without destination";
    std::string why = addReshape(tensor, out);
    if (!why.empty())
      return why;
  }
  return "";
}

/// Gives the classes their numbers and the tensors their dims.
std::string RegionDims::number() {
  DenseMap<unsigned, unsigned> numbers;
  auto numberOf = [&](unsigned node) {
    auto [entry, added] = numbers.try_emplace(find(node), extents.size());
    if (added)
      extents.push_back(nodeExtents[find(node)]);
    return entry->second;
  };
  for (auto &[tensor, dims] : tensors) {
    auto type = cast<RankedTensorType>(tensor.getType());
    int64_t stride = 1;
    for (auto [node, step] : windows.lookup(tensor)) {
      unsigned dimClass = numberOf(node);
      if (has(tensor, dimClass))
        return "a tensor with one dim along two of its own";
      dims.push_back({dimClass, step});
    }
    if (!dims.empty())
      continue;
    for (int dim = type.getRank() - 1; dim >= 0; --dim) {
      if (int node = nodes[tensor][dim]; node >= 0) {
        unsigned dimClass = numberOf(node);
        if (has(tensor, dimClass))
          return "a tensor with one dim along two of its own";
        dims.push_back({dimClass, stride});
      }
      stride *= type.getDimSize(dim);
    }
    std::reverse(dims.begin(), dims.end());
  }
  for (unsigned node : windowNodes)
    windowClasses.push_back(numberOf(node));
  for (auto &[op, loops] : loopNodes) {
    auto kinds = cast<linalg::LinalgOp>(op).getIteratorTypesArray();
    for (auto [kind, node] : llvm::zip(kinds, loops))
      if (kind == utils::IteratorType::reduction && node >= 0)
        reductions[op].push_back(numberOf(node));
  }
  return "";
}

std::string RegionDims::analyse(func::FuncOp region) {
  if (region.isExternal() || !region.getBody().hasOneBlock())
    return "several blocks";
  std::string why;
  for (Value argument : region.getArguments())
    if (!(why = addTensor(argument)).empty())
      return why;
  for (Operation &op : region.getBody().front()) {
    for (Value result : op.getResults())
      if (isa<ShapedType>(result.getType()) &&
          !(why = addTensor(result)).empty())
        return why;
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
      why = addOp(linalgOp);
    else if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op))
      why = addReshape(expand.getSrc(), expand.getResult());
    else if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op))
      why = addReshape(collapse.getSrc(), collapse.getResult());
    else if (isa<func::ReturnOp>(op))
      why = addReturn(op, region);
    else if (!isa<tensor::EmptyOp, arith::ConstantOp>(op))
      why = "'" + op.getName().getStringRef().str() + "'";
    if (!why.empty())
      return why;
  }
  if (!(why = number()).empty())
    return why;
  // Classes that the widest tensor lacks become outer ones.
  ArrayRef<TensorDim> widest;
  for (auto &[tensor, dims] : tensors)
    if (dims.size() > widest.size())
      widest = dims;
  llvm::SmallDenseSet<unsigned> inside;
  for (TensorDim dim : widest)
    inside.insert(dim.dimClass);
  for (unsigned dimClass = 0; dimClass < size(); ++dimClass)
    if (!inside.contains(dimClass))
      classOrder.push_back(dimClass);
  for (TensorDim dim : widest)
    classOrder.push_back(dim.dimClass);
  return "";
}

ArrayRef<TensorDim> RegionDims::dimsOf(Value tensor) const {
  auto found = tensors.find(tensor);
  return found == tensors.end() ? ArrayRef<TensorDim>() : found->second;
}

int64_t RegionDims::stride(Value tensor, unsigned dimClass) const {
  for (TensorDim dim : dimsOf(tensor))
    if (dim.dimClass == dimClass)
      return dim.stride;
  return 0;
}

bool RegionDims::has(Value tensor, unsigned dimClass) const {
  return stride(tensor, dimClass) != 0;
}

ArrayRef<unsigned> RegionDims::reduced(Operation *op) const {
  auto found = reductions.find(op);
  return found == reductions.end() ? ArrayRef<unsigned>() : found->second;
}

bool RegionDims::isReduced(unsigned dimClass) const {
  return llvm::any_of(reductions, [&](auto &entry) {
    return llvm::is_contained(entry.second, dimClass);
  });
}

bool RegionDims::isWindow(unsigned dimClass) const {
  return llvm::is_contained(windowClasses, dimClass);
}

bool RegionDims::mergeable(unsigned outer, unsigned inner) const {
  for (auto &[tensor, dims] : tensors) {
    int64_t first = stride(tensor, outer), second = stride(tensor, inner);
    if (first != second * extents[inner])
      return false;
  }
  for (auto &[op, classes] : reductions)
    if (llvm::is_contained(classes, outer) !=
        llvm::is_contained(classes, inner))
      return false;
  return true;
}

void RegionDims::coalesce() {
  for (unsigned at = classOrder.size(); at-- > 1;) {
    unsigned outer = classOrder[at - 1], inner = classOrder[at];
    if (!mergeable(outer, inner))
      continue;
    // The outer one goes into the inner one, which keeps its strides.
    extents[inner] *= extents[outer];
    for (auto &[tensor, dims] : tensors)
      llvm::erase_if(dims, [&](TensorDim d) { return d.dimClass == outer; });
    for (auto &[op, classes] : reductions)
      llvm::erase(classes, outer);
    classOrder.erase(classOrder.begin() + at - 1);
  }
}
