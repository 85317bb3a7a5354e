"""Random nodes that move, gather and reshape."""

import numpy as np


def factors(g, count):
    """A random shape of `count` elements."""
    shape = []
    for prime in (2, 3, 5, 7, 19, 17):
        while count and count % prime == 0:
            shape.append(prime)
            count //= prime
    shape += [count] if count != 1 else []
    g.rng.shuffle(shape)
    while len(shape) > 1 and g.chance(0.5):
        at = g.rng.randrange(len(shape) - 1)
        shape[at : at + 2] = [shape[at] * shape[at + 1]]
    if g.chance(0.2):
        shape.insert(g.rng.randrange(len(shape) + 1), 1)
    return shape[:5] if len(shape) <= 5 else [int(np.prod(shape))]


def axis_of(g, name):
    rank = g.of(name).ndim
    axis = g.rng.randrange(rank)
    return axis - rank if g.chance(0.3) else axis


def reshape(g):
    a = g.value("x")
    shape = factors(g, g.of(a).size)
    if shape and g.of(a).size and g.chance(0.6):
        shape[g.rng.randrange(len(shape))] = -1
    g.node("Reshape", [a, g.ints(shape)])


def reshape_computed(g):
    """Shape, Gather, Concat, Reshape: as exporters write it."""
    a = g.value("x", range(1, 5))
    rank = g.of(a).ndim
    (shape,) = g.node("Shape", [a])
    kept = g.rng.randrange(rank)
    (extent,) = g.node("Gather", [shape, g.ints([kept])], axis=0)
    parts = [g.ints([-1]), extent]
    g.rng.shuffle(parts)
    order = [i for i in range(rank) if i != kept]
    order = [kept, *order] if parts[0] == extent else [*order, kept]
    (moved,) = g.node("Transpose", [a], perm=order)
    (target,) = g.node("Concat", parts, axis=0)
    g.node("Reshape", [moved, target])


def reshape_zeros(g):
    a = g.value("x", range(1, 5))
    shape = [0 if g.chance(0.6) else e for e in g.of(a).shape]
    shape[g.rng.randrange(len(shape))] = -1
    g.node("Reshape", [a, g.ints(shape)])


def flatten(g):
    a = g.value("x")
    g.node("Flatten", [a], axis=g.rng.randrange(g.of(a).ndim + 1))


def squeeze(g):
    a = g.value("x")
    ones = [i for i, e in enumerate(g.of(a).shape) if e == 1]
    if ones and g.chance(0.5):
        return g.node("Squeeze", [a, g.ints(g.rng.sample(ones, g.rng.randrange(1, len(ones) + 1)))])
    rank = g.of(a).ndim + g.rng.choice((1, 1, 2))
    g.node("Unsqueeze", [a, g.ints(sorted(g.rng.sample(range(rank), rank - g.of(a).ndim)))])


def transpose(g):
    a = g.value("x", range(6))
    perm = list(range(g.of(a).ndim))
    g.rng.shuffle(perm)
    g.node("Transpose", [a], perm=perm if g.chance(0.8) else None)


def expand(g):
    a = g.value("x", range(5))
    shape = [g.rng.choice((2, 3, 5)) if e == 1 and g.chance(0.7) else g.rng.choice((e, 1)) for e in g.of(a).shape]
    g.node("Expand", [a, g.ints([g.rng.choice((1, 2, 3))] * g.chance(0.4) + shape)])


def tile(g):
    a = g.value("x", range(1, 5))
    g.node("Tile", [a, g.ints([g.rng.choice((1, 1, 2, 3, 0 if g.empty else 1)) for _ in g.of(a).shape])])


def concat(g):
    a = g.value("x", range(1, 5))
    axis = axis_of(g, a)
    parts = [a]
    for _ in range(g.rng.randrange(4)):
        shape = list(g.of(a).shape)
        same = [n for n in g.made if g.of(n).dtype == g.of(a).dtype and list(g.of(n).shape) == shape]
        shape[axis] = g.rng.choice((1, 2, 3, shape[axis]))
        parts.append(g.rng.choice(same) if g.chance(0.5) else g.constant(g.array(shape, g.of(a).dtype)))
    g.rng.shuffle(parts)
    g.node("Concat", parts, axis=axis)


def split(g):
    a = g.value("x", range(1, 5))
    axis = axis_of(g, a)
    extent, count = g.of(a).shape[axis], g.rng.choice((1, 2, 3))
    if g.chance(0.5):
        return g.node("Split", [a], count, axis=axis, num_outputs=count)
    cuts = sorted(g.rng.randrange(extent + 1) for _ in range(count - 1))
    sizes = np.diff([0, *cuts, extent])
    if not g.empty and not sizes.all():
        raise ValueError
    g.node("Split", [a, g.ints(sizes)], count, axis=axis)


def cut(g):
    a = g.value("x", range(1, 5))
    axes = sorted(g.rng.sample(range(g.of(a).ndim), g.rng.randrange(1, g.of(a).ndim + 1)))
    starts, ends, steps = [], [], []
    for axis in axes:
        extent, step = g.of(a).shape[axis], g.rng.choice((1, 1, 1, 2, 3, -1, -2))
        low, high = g.rng.choice((0, 0, 1)), g.rng.choice((extent, extent - 1, -1, 2**31 - 1, 2**63 - 1, extent + 5))
        if step < 0:
            low, high = g.rng.choice((extent - 1, -1, extent + 3)), g.rng.choice((-(2**63), -extent - 1, 0))
        starts.append(low), ends.append(high), steps.append(step)
    names = [a] + [g.ints(v) for v in (starts, ends, axes, steps)]
    g.node("Slice", names if g.chance(0.9) or min(steps) < 1 else names[:4])
    if not g.empty and not g.of(g.made[-1]).size:
        raise ValueError


def pad(g):
    a = g.value("n", range(1, 5))
    mode = g.rng.choice(("constant", "constant", "reflect", "edge", "wrap"))
    lows = [-1, 0, 1, 2] if mode == "constant" else [0, 1]
    pads = [g.rng.choice(lows) if g.chance(0.6) else 0 for _ in range(2 * g.of(a).ndim)]
    for axis, extent in enumerate(g.of(a).shape):
        # A dim cannot be mirrored about an edge further than it reaches.
        if extent + min(pads[axis], 0) + min(pads[axis + g.of(a).ndim], 0) < 1 or (mode != "constant" and extent < 2):
            pads[axis] = pads[axis + g.of(a).ndim] = 0
    filler = [g.constant(np.array(2, g.of(a).dtype))] if mode == "constant" and g.chance(0.6) else []
    g.node("Pad", [a, g.ints(pads), *filler], mode=mode)


def indices(g, shape, extent):
    """Below an extent, some counted from the end."""
    array = g.arrays.integers(-extent if g.chance(0.3) else 0, extent, shape).astype(g.rng.choice((np.int64, np.int32)))
    if g.chance(0.6):
        return g.constant(array)
    name = g.input(list(shape), array.dtype)
    # Other extents would ask for other indices.
    g.dims[name] = [""] * len(shape)
    g.inputs[name][...] = array
    return name


def gather(g):
    a = g.value("x", range(1, 5))
    axis = axis_of(g, a)
    shape = g.shape(g.rng.choice((0, 1, 1, 2)))
    g.node("Gather", [a, indices(g, shape, g.of(a).shape[axis])], axis=axis)


def gather_elements(g):
    a = g.value("x", range(1, 4))
    axis = axis_of(g, a)
    shape = [g.rng.randrange(1, e + 1) for e in g.of(a).shape]
    g.node("GatherElements", [a, indices(g, shape, g.of(a).shape[axis])], axis=axis)


def gather_nd(g):
    a = g.value("x", range(1, 4))
    depth = g.rng.randrange(1, g.of(a).ndim + 1)
    lists = np.stack([g.arrays.integers(0, e, (g.rng.choice((1, 3)),) * 0 + (4,)) for e in g.of(a).shape[:depth]], -1)
    g.node("GatherND", [a, g.ints(lists)])


def scatter(g):
    a = g.value("x", range(1, 4))
    axis = axis_of(g, a)
    extent = g.of(a).shape[axis]
    shape = list(g.of(a).shape)
    shape[axis] = g.rng.randrange(1, extent + 1)
    # Each element is written once.
    places = np.argsort(g.arrays.random(g.of(a).shape), axis)
    places = np.take(places, range(shape[axis]), axis)
    updates = g.input(shape, g.of(a).dtype) if g.chance(0.5) else g.constant(g.array(shape, g.of(a).dtype))
    how = g.rng.choice(("none", "none", "add", "max", "min")) if g.of(a).dtype.kind == "f" else "none"
    g.node("ScatterElements", [a, g.ints(places), updates], axis=axis, reduction=how)


def scatter_nd(g):
    a = g.value("x", range(1, 4))
    depth = g.rng.randrange(1, g.of(a).ndim + 1)
    places = np.argwhere(np.ones(g.of(a).shape[:depth]))
    chosen = places[g.arrays.permutation(len(places))[: g.rng.randrange(1, 5)]]
    shape = [len(chosen), *g.of(a).shape[depth:]]
    updates = g.constant(g.array(shape, g.of(a).dtype))
    how = g.rng.choice(("none", "add", "mul")) if g.of(a).dtype.kind == "f" else "none"
    g.node("ScatterND", [a, g.ints(chosen), updates], reduction=how)


def crop(g):
    a = g.value("n", range(1, 5))
    axes = sorted(g.rng.sample(range(g.of(a).ndim), g.rng.randrange(1, g.of(a).ndim + 1)))
    g.node("CenterCropPad", [a, g.ints([g.rng.choice((1, 2, 5, 6)) for _ in axes])], axes=axes)


def one_hot(g):
    depth = g.rng.choice((3, 5, 8))
    ids = indices(g, g.shape(g.rng.choice((0, 1, 2))), depth)
    values = g.constant(np.array([0, 1], g.dtype("n")))
    g.node("OneHot", [ids, g.constant(np.array(depth, np.int64)), values], axis=g.rng.choice((-1, 0)))


def trilu(g):
    a = g.value("x", range(2, 5))
    g.node("Trilu", [a, g.constant(np.array(g.rng.choice((-1, 0, 1, 3)), np.int64))], upper=int(g.chance(0.5)))


def blocks(g):
    size = 2
    a = g.input([g.rng.choice((1, 2, 3)), 4, g.rng.choice((2, 4)), g.rng.choice((2, 6))], g.dtype("f"))
    if g.chance(0.5):
        return g.node("SpaceToDepth", [a], blocksize=size)
    g.node("DepthToSpace", [a], blocksize=size, mode=g.rng.choice(("DCR", "CRD")))


def counted(g):
    """Tensors made of shapes: Range, ConstantOfShape, EyeLike."""
    a = g.value("x", range(1, 5))
    how = g.rng.randrange(3)
    if how == 0 and g.of(a).ndim == 2:
        return g.node("EyeLike", [a], k=g.rng.choice((-1, 0, 1)), dtype=1)
    (shape,) = g.node("Shape", [a])
    if how == 1:
        return g.node("ConstantOfShape", [shape])
    (extent,) = g.node("Gather", [shape, g.constant(np.array(axis_of(g, a), np.int64))])
    g.node("Range", [g.constant(np.array(0, np.int64)), extent, g.constant(np.array(1, np.int64))])


def reverse_sequence(g):
    a = g.value("x", range(2, 4))
    time, batch = g.of(a).shape[:2]
    lengths = g.arrays.integers(1, time + 1, batch)
    g.node("ReverseSequence", [a, g.ints(lengths)], time_axis=0, batch_axis=1)


STRUCTURAL = [
    reshape, reshape_computed, reshape_zeros, flatten, squeeze, transpose, transpose, expand, tile, concat, concat, split, cut, cut,
    pad, gather, gather_elements, gather_nd, scatter, one_hot, trilu, blocks, counted, reverse_sequence,
    scatter_nd, crop,
]  # fmt: skip
