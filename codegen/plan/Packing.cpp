//===- Packing.cpp - places in the arena ----------------------------------===//
//
// Greedy placement: one buffer after the other goes to the lowest place that is
// free during its lifetime; candidates are 0 and the ends of its neighbours in
// time. Which order is best differs between programs, so several are tried.
//
// With dynamic shapes "free" has to be proven for all extents. Where that often
// fails (images of any height and width), slots are better: buffers that never
// live together share one, a slot is as large as its largest buffer turns out
// to be, and the slots lie one behind the other. That needs no proof.
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
  Packing packInSlots(ArrayRef<unsigned> order, SizeFormulas &formulas) const;

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
  SmallVector<int64_t> typicalBlocks;
};

} // namespace

Packer::Packer(ArrayRef<Lifetime> lifetimes, ArrayRef<BlockSum> sizes,
               const SizeFormulas &formulas)
    : lifetimes(lifetimes), sizes(sizes), formulas(formulas) {
  for (const BlockSum &size : sizes)
    typicalBlocks.push_back(formulas.evaluateTypical(size));
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
    order.push_back({formulas.evaluateTypical(candidate), number});
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
    packing.typicalBlocks =
        std::max(packing.typicalBlocks, formulas.evaluateTypical(end));
  return packing;
}

Packing Packer::packInSlots(ArrayRef<unsigned> order,
                            SizeFormulas &formulas) const {
  auto mayShareSlot = [&](unsigned a, unsigned b) {
    return !lifetimes[a].overlaps(lifetimes[b]) ||
           (sizes[a] == sizes[b] && maySharePlace(lifetimes[a], lifetimes[b]));
  };
  SmallVector<SmallVector<unsigned>> slots;
  for (unsigned buffer : order) {
    auto *slot = llvm::find_if(slots, [&](ArrayRef<unsigned> slot) {
      return llvm::all_of(
          slot, [&](unsigned other) { return mayShareSlot(other, buffer); });
    });
    if (slot == slots.end())
      slot = &slots.emplace_back();
    slot->push_back(buffer);
  }
  Packing packing;
  packing.heuristic = "slots";
  packing.offsets.resize(sizes.size());
  BlockSum end;
  for (ArrayRef<unsigned> slot : slots) {
    SmallVector<BlockSum> slotSizes;
    for (unsigned buffer : slot) {
      packing.offsets[buffer] = end;
      slotSizes.push_back(sizes[buffer]);
    }
    end = end + formulas.getGreatest(slotSizes);
  }
  packing.ends.push_back(end);
  packing.typicalBlocks = formulas.evaluateTypical(end);
  return packing;
}

SmallVector<std::pair<StringRef, SmallVector<unsigned>>>
Packer::getOrders() const {
  SmallVector<unsigned> inTime(sizes.size());
  std::iota(inTime.begin(), inTime.end(), 0);
  auto sorted = [&](auto &&before) {
    SmallVector<unsigned> order = inTime;
    llvm::sort(order, [&](unsigned a, unsigned b) {
      return before(a, b) || (!before(b, a) && a < b);
    });
    return order;
  };
  auto length = [&](unsigned buffer) -> uint64_t {
    return lifetimes[buffer].last - lifetimes[buffer].first + 1;
  };
  auto area = [&](unsigned buffer) {
    return double(typicalBlocks[buffer]) * double(length(buffer));
  };
  auto bySize = [&](unsigned a, unsigned b) {
    return typicalBlocks[a] > typicalBlocks[b];
  };
  auto bySizeThenLength = [&](unsigned a, unsigned b) {
    return std::make_pair(typicalBlocks[a], length(a)) >
           std::make_pair(typicalBlocks[b], length(b));
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
                                  SizeFormulas &formulas) {
  Packer packer(lifetimes, sizes, formulas);
  std::optional<Packing> best;
  auto orders = packer.getOrders();
  for (const auto &[heuristic, order] : orders) {
    Packing packing = packer.pack(order, heuristic);
    if (!best || packing.typicalBlocks < best->typicalBlocks)
      best = std::move(packing);
  }
  bool isStatic = llvm::all_of(
      sizes, [](const BlockSum &size) { return size.isConstant(); });
  if (isStatic)
    return *best;
  Packing slots = packer.packInSlots(orders.front().second, formulas);
  return slots.typicalBlocks < best->typicalBlocks ? slots : *best;
}

int64_t msc::codegen::getLowerBound(ArrayRef<Lifetime> lifetimes,
                                    ArrayRef<BlockSum> sizes,
                                    const SizeFormulas &formulas) {
  SmallVector<int64_t> blocks;
  for (const BlockSum &size : sizes)
    blocks.push_back(formulas.evaluateTypical(size));
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
