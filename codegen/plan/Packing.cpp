//===- Packing.cpp - places in the arena ----------------------------------===//
//
// Greedy placement: one buffer after the other goes to the lowest place that is
// free during its lifetime; candidates are 0 and the ends of its neighbours in
// time. Which order is best differs between programs, so several are tried.
//
//===----------------------------------------------------------------------===//

#include "codegen/plan/Packing.h"

#include "llvm/ADT/STLExtras.h"
#include <numeric>

using namespace mlir;
using namespace msc::codegen;

namespace {

class Packer {
public:
  Packer(ArrayRef<Lifetime> lifetimes, ArrayRef<BlockSum> sizes,
         const SizeFormulas &formulas);

  Packing pack(ArrayRef<unsigned> order, StringRef heuristic) const;

  /// Orders of placement with the names of their heuristics.
  SmallVector<std::pair<StringRef, SmallVector<unsigned>>> getOrders() const;

private:
  BlockSum place(unsigned buffer, ArrayRef<unsigned> placed,
                 ArrayRef<BlockSum> offsets) const;
  bool fits(unsigned buffer, const BlockSum &offset,
            ArrayRef<unsigned> neighbours, ArrayRef<BlockSum> offsets) const;
  void addEnd(SmallVectorImpl<BlockSum> &ends, const BlockSum &end) const;

  ArrayRef<Lifetime> lifetimes;
  ArrayRef<BlockSum> sizes;
  const SizeFormulas &formulas;
  SmallVector<int64_t> blocksAtMax;
};

} // namespace

Packer::Packer(ArrayRef<Lifetime> lifetimes, ArrayRef<BlockSum> sizes,
               const SizeFormulas &formulas)
    : lifetimes(lifetimes), sizes(sizes), formulas(formulas) {
  for (const BlockSum &size : sizes)
    blocksAtMax.push_back(formulas.evaluateAtMax(size));
}

bool Packer::fits(unsigned buffer, const BlockSum &offset,
                  ArrayRef<unsigned> neighbours,
                  ArrayRef<BlockSum> offsets) const {
  return llvm::all_of(neighbours, [&](unsigned other) {
    if (offsets[other] == offset && sizes[other] == sizes[buffer] &&
        maySharePlace(lifetimes[other], lifetimes[buffer]))
      return true;
    return formulas.isAtMost(offsets[other] + sizes[other], offset) ||
           formulas.isAtMost(offset + sizes[buffer], offsets[other]);
  });
}

BlockSum Packer::place(unsigned buffer, ArrayRef<unsigned> placed,
                       ArrayRef<BlockSum> offsets) const {
  SmallVector<unsigned> neighbours;
  SmallVector<BlockSum> candidates{BlockSum()};
  for (unsigned other : placed) {
    if (!lifetimes[other].overlaps(lifetimes[buffer]))
      continue;
    neighbours.push_back(other);
    if (maySharePlace(lifetimes[other], lifetimes[buffer]))
      candidates.push_back(offsets[other]);
    candidates.push_back(offsets[other] + sizes[other]);
  }
  // Lowest first, so that the first that fits is the best.
  SmallVector<std::pair<int64_t, unsigned>> order;
  for (auto [number, candidate] : llvm::enumerate(candidates))
    order.push_back({formulas.evaluateAtMax(candidate), number});
  llvm::sort(order);
  for (auto [blocks, number] : order)
    if (fits(buffer, candidates[number], neighbours, offsets))
      return candidates[number];
  // Nothing is proven free: behind everything, whatever the order.
  BlockSum behind;
  for (unsigned other : neighbours)
    behind = behind + offsets[other] + sizes[other];
  return behind;
}

void Packer::addEnd(SmallVectorImpl<BlockSum> &ends,
                    const BlockSum &end) const {
  for (const BlockSum &other : ends)
    if (formulas.isAtMost(end, other))
      return;
  llvm::erase_if(ends, [&](const BlockSum &other) {
    return formulas.isAtMost(other, end);
  });
  ends.push_back(end);
}

Packing Packer::pack(ArrayRef<unsigned> order, StringRef heuristic) const {
  Packing packing;
  packing.heuristic = heuristic;
  packing.offsets.resize(sizes.size());
  for (size_t i = 0; i < order.size(); ++i) {
    unsigned buffer = order[i];
    packing.offsets[buffer] =
        place(buffer, order.take_front(i), packing.offsets);
    addEnd(packing.ends, packing.offsets[buffer] + sizes[buffer]);
  }
  for (const BlockSum &end : packing.ends)
    packing.blocksAtMax =
        std::max(packing.blocksAtMax, formulas.evaluateAtMax(end));
  return packing;
}

SmallVector<std::pair<StringRef, SmallVector<unsigned>>>
Packer::getOrders() const {
  SmallVector<unsigned> inTime(sizes.size());
  std::iota(inTime.begin(), inTime.end(), 0);
  auto sorted = [&](auto &&before) {
    SmallVector<unsigned> order = inTime;
    llvm::stable_sort(order, before);
    return order;
  };
  auto length = [&](unsigned buffer) -> uint64_t {
    return lifetimes[buffer].last - lifetimes[buffer].first + 1;
  };
  auto area = [&](unsigned buffer) {
    return double(blocksAtMax[buffer]) * double(length(buffer));
  };
  auto bySize = [&](unsigned a, unsigned b) {
    return blocksAtMax[a] > blocksAtMax[b];
  };
  auto bySizeThenLength = [&](unsigned a, unsigned b) {
    return std::make_pair(blocksAtMax[a], length(a)) >
           std::make_pair(blocksAtMax[b], length(b));
  };
  auto byLength = [&](unsigned a, unsigned b) { return length(a) > length(b); };
  auto byArea = [&](unsigned a, unsigned b) { return area(a) > area(b); };
  auto byBirth = [&](unsigned a, unsigned b) {
    return lifetimes[a].first < lifetimes[b].first;
  };
  auto byDeath = [&](unsigned a, unsigned b) {
    return lifetimes[a].last > lifetimes[b].last;
  };
  return {
      {"size", sorted(bySize)},     {"size-length", sorted(bySizeThenLength)},
      {"length", sorted(byLength)}, {"area", sorted(byArea)},
      {"birth", sorted(byBirth)},   {"death", sorted(byDeath)}};
}

Packing msc::codegen::packBuffers(ArrayRef<Lifetime> lifetimes,
                                  ArrayRef<BlockSum> sizes,
                                  const SizeFormulas &formulas) {
  Packer packer(lifetimes, sizes, formulas);
  std::optional<Packing> best;
  for (const auto &[heuristic, order] : packer.getOrders()) {
    Packing packing = packer.pack(order, heuristic);
    if (!best || packing.blocksAtMax < best->blocksAtMax)
      best = std::move(packing);
  }
  return *best;
}

int64_t msc::codegen::getLowerBound(ArrayRef<Lifetime> lifetimes,
                                    ArrayRef<BlockSum> sizes,
                                    const SizeFormulas &formulas) {
  SmallVector<int64_t> blocks;
  for (const BlockSum &size : sizes)
    blocks.push_back(formulas.evaluateAtMax(size));
  // The most is reached where some buffer begins.
  int64_t most = 0;
  for (const Lifetime &at : lifetimes) {
    int64_t inUse = 0;
    for (auto [life, size] : llvm::zip(lifetimes, blocks))
      if (life.first <= at.first && at.first <= life.last)
        inUse += size;
    most = std::max(most, inUse);
  }
  return most;
}
