"""Random nodes that sum, search and normalise, and loops."""

import numpy as np
from case import DTYPES
from onnx import helper
from structural import axis_of

REDUCTIONS = (
    "ReduceSum", "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSumExp",
    "ReduceSumSquare", "ReduceLogSum",
)  # fmt: skip


def weight(g, shape, dtype):
    """Known at compile time, or given with each call."""
    return g.constant(g.array(shape, dtype, -1, 1)) if g.chance(0.7) else g.input(shape, dtype, -1, 1)


def reduction(g):
    a = g.value("f" if g.chance(0.8) else "n")
    rank = g.of(a).ndim
    axes = sorted(g.rng.sample(range(rank), g.rng.randrange(rank + 1)))
    axes = [i - rank if g.chance(0.2) else i for i in axes]
    inputs = [a, g.ints(axes)] if axes or g.chance(0.5) else [a]
    more = {"noop_with_empty_axes": 1} if g.chance(0.1) else {}
    g.node(g.rng.choice(REDUCTIONS), inputs, keepdims=int(g.chance(0.5)), **more)


def search(g):
    a = g.value("n", range(1, 5))
    g.node(g.rng.choice(("ArgMax", "ArgMin")), [a], axis=axis_of(g, a), keepdims=int(g.chance(0.5)),
           select_last_index=int(g.chance(0.3)))  # fmt: skip


def top_k(g):
    a = g.value("n", range(1, 4))
    axis = axis_of(g, a)
    k = g.ints([g.rng.randrange(1, g.of(a).shape[axis] + 1)])
    g.node("TopK", [a, k], 2, axis=axis, largest=int(g.chance(0.6)))


def cumulative(g):
    a = g.value("n", range(1, 5))
    g.node("CumSum", [a, g.constant(np.array(axis_of(g, a), np.int64))], exclusive=int(g.chance(0.3)),
           reverse=int(g.chance(0.3)))  # fmt: skip


def softmax(g):
    a = g.value("f", range(1, 5))
    g.node(g.rng.choice(("Softmax", "Softmax", "LogSoftmax", "Hardmax")), [a], axis=axis_of(g, a))


def layer_norm(g):
    a = g.value("f", range(1, 5))
    axis = axis_of(g, a)
    shape = g.of(a).shape[axis:]
    inputs = [a, weight(g, shape, g.of(a).dtype)]
    g.node("LayerNormalization", inputs + ([weight(g, shape, g.of(a).dtype)] if g.chance(0.6) else []), axis=axis)


def channel_norm(g):
    a = g.value("f", range(3, 5), np.dtype(np.float32))
    channels = g.of(a).shape[1]
    if not g.of(a).size:
        raise ValueError
    scale, shift, mean = (g.constant(g.array([channels], np.float32)) for _ in range(3))
    op = g.rng.choice(("InstanceNormalization", "BatchNormalization", "LpNormalization", "MeanVarianceNormalization", "LRN"))
    if op == "InstanceNormalization":
        return g.node(op, [a, scale, shift])
    if op == "BatchNormalization":
        return g.node(op, [a, scale, shift, mean, g.constant(g.array([channels], np.float32, 1, 3))])
    if op == "LpNormalization":
        return g.node(op, [a], axis=axis_of(g, a), p=g.rng.choice((1, 2)))
    g.node(op, [a], **({"size": 3} if op == "LRN" else {"axes": [0, 2]}))


def matmul(g):
    a = g.value("f" if g.chance(0.9) else "n", range(1, 5))
    inner = g.of(a).shape[-1]
    columns = g.rng.choice((1, 3, 8, 17, *g.named.values()))
    batch = [e if g.chance(0.6) else 1 for e in g.of(a).shape[:-2]]
    batch = batch[g.rng.randrange(len(batch) + 1) :]
    shape = [*batch, inner, columns] if g.chance(0.9) else [inner]
    g.node("MatMul", [a, weight(g, shape, g.of(a).dtype)])


def matmul_left(g):
    b = g.value("f", range(2, 4))
    g.node("MatMul", [weight(g, [g.rng.choice((1, 2, 7)), g.of(b).shape[-2]], g.of(b).dtype), b])


def gemm(g):
    a = g.value("f", range(2, 3))
    flip_a, flip_b = int(g.chance(0.3)), int(g.chance(0.4))
    inner, rows = g.of(a).shape[0 if flip_a else 1], g.of(a).shape[1 if flip_a else 0]
    columns = g.rng.choice((1, 4, 9))
    b = weight(g, [columns, inner] if flip_b else [inner, columns], g.of(a).dtype)
    c = [weight(g, g.rng.choice(([columns], [1, columns], [], [rows, 1])), g.of(a).dtype)] if g.chance(0.6) else []
    scales = {"alpha": 0.5, "beta": 2.0} if g.chance(0.3) else {}
    g.node("Gemm", [a, b, *c], transA=flip_a, transB=flip_b, **scales)


def einsum(g):
    a = g.value("f", range(1, 4))
    letters = "ijk"[: g.of(a).ndim]
    extents = dict(zip(letters, g.of(a).shape)) | {"m": 3}
    other = "".join(g.rng.sample(letters + "m", g.rng.randrange(1, len(letters) + 2)))
    b = weight(g, [extents[c] for c in other], g.of(a).dtype)
    used = sorted(set(letters + other))
    out = "".join(g.rng.sample(used, g.rng.randrange(len(used) + 1)))
    g.node("Einsum", [a, b], equation=f"{letters},{other}->{out}")


def window(g, spatial):
    """Attributes of a convolution or pooling that fit most images."""
    kernel = [g.rng.choice((1, 2, 3)) for _ in range(spatial)]
    attributes = {"kernel_shape": kernel}
    if g.chance(0.5):
        attributes["strides"] = [g.rng.choice((1, 2)) for _ in range(spatial)]
    if g.chance(0.3):
        attributes["auto_pad"] = g.rng.choice(("SAME_UPPER", "SAME_LOWER", "VALID"))
    elif g.chance(0.6):
        attributes["pads"] = [g.rng.randrange(k) for k in kernel * 2]
    return attributes


def loss(g):
    classes = g.rng.choice((2, 5))
    a = g.input([g.rng.choice((1, 3, 8)), classes] + [4] * g.chance(0.3), np.float32)
    labels = g.constant(g.arrays.integers(0, classes, (g.of(a).shape[0], *g.of(a).shape[2:])))
    reduction = g.rng.choice(("none", "mean", "sum"))
    if g.chance(0.6):
        return g.node("SoftmaxCrossEntropyLoss", [a, labels], reduction=reduction)
    (logs,) = g.node("LogSoftmax", [a], axis=1)
    g.node("NegativeLogLikelihoodLoss", [logs, labels], reduction=reduction)


def integers(g):
    """Products of 8 bits with zero points."""
    kinds = g.rng.choice((np.uint8, np.int8)), g.rng.choice((np.uint8, np.int8))
    shape = g.shape(g.rng.choice((2, 3)))
    a = g.input(shape, kinds[0])
    b = g.constant(g.array([shape[-1], g.rng.choice((1, 4, 9))], kinds[1]))
    zeros = [g.constant(np.array(2, k)) for k in kinds]
    g.node("MatMulInteger", [a, b] + zeros[: g.rng.randrange(3)])


def determinant(g):
    size = g.rng.choice((1, 2, 3))
    g.node("Det", [g.input(g.shape(g.rng.choice((0, 1))) + [size, size], np.float32)])


def sampling(g):
    n, c = g.rng.choice((1, 2)), g.rng.choice((1, 3))
    a = g.input([n, c, g.rng.choice((3, 8)), g.rng.choice((4, 5))], np.float32)
    grid = g.input([n, g.rng.choice((1, 4)), 3, 2], np.float32, -1, 1)
    g.node("GridSample", [a, grid], mode="linear", padding_mode=g.rng.choice(("zeros", "border", "reflection")),
           align_corners=int(g.chance(0.5)))  # fmt: skip


def fourier(g):
    a = g.value("f", [2, 3], np.dtype(np.float32))
    (column,) = g.node("Unsqueeze", [a, g.ints([-1])])
    axis = g.constant(np.array(g.of(a).ndim - 1, np.int64))
    g.node("DFT", [column, "", axis], onesided=int(g.chance(0.4)))


def image(g, spatial):
    a = g.value("f", [spatial + 2])
    if min(g.of(a).shape) < 1:
        raise ValueError
    return a


def convolution(g):
    spatial = g.rng.choice((1, 2, 2, 2, 3))
    a = image(g, spatial)
    attributes = window(g, spatial)
    if "auto_pad" not in attributes and g.chance(0.2):
        attributes["dilations"] = [g.rng.choice((1, 2)) for _ in range(spatial)]
    channels = g.of(a).shape[1]
    group = channels if g.chance(0.3) else 1
    if g.chance(0.25):
        w = weight(g, [channels, g.rng.choice((1, 2, 4)), *attributes["kernel_shape"]], g.of(a).dtype)
        return g.node("ConvTranspose", [a, w], group=group, **attributes)
    filters = group * g.rng.choice((1, 2, 3))
    w = weight(g, [filters, channels // group, *attributes["kernel_shape"]], g.of(a).dtype)
    bias = [weight(g, [filters], g.of(a).dtype)] if g.chance(0.5) else []
    g.node("Conv", [a, w, *bias], group=group, **attributes)


def pooling(g):
    spatial = g.rng.choice((1, 2, 2, 3))
    a = image(g, spatial)
    op = g.rng.choice(("MaxPool", "AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool"))
    if op.startswith("Global"):
        return g.node(op, [a])
    more = {"ceil_mode": 1} if g.chance(0.2) else {}
    if op == "AveragePool" and g.chance(0.4):
        more["count_include_pad"] = 1
    g.node(op, [a], **window(g, spatial), **more)


def resize(g):
    a = image(g, 2)
    scales = g.constant(np.array([1, 1, g.rng.choice((0.5, 2, 3)), g.rng.choice((1, 2, 1.5))], np.float32))
    how = g.rng.choice(("asymmetric", "half_pixel", "align_corners"))
    mode = g.rng.choice(("nearest", "linear", "linear", "cubic"))
    more = {"nearest_mode": "floor"} if mode == "nearest" else {}
    g.node("Resize", [a, "", scales], mode=mode, coordinate_transformation_mode=how, **more)


def recurrent(g):
    dtype = np.dtype(np.float32)
    a = g.value("f", [3], dtype)
    features, hidden = g.of(a).shape[2], g.rng.choice((1, 3, 4))
    op, gates = g.rng.choice((("RNN", 1), ("GRU", 3), ("LSTM", 4)))
    direction, count = g.rng.choice((("forward", 1), ("reverse", 1), ("bidirectional", 2)))
    w = g.constant(g.array([count, gates * hidden, features], dtype, -1, 1))
    r = g.constant(g.array([count, gates * hidden, hidden], dtype, -1, 1))
    b = [g.constant(g.array([count, 2 * gates * hidden], dtype, -1, 1))] if g.chance(0.5) else []
    if not g.of(a).size:
        raise ValueError
    g.node(op, [a, w, r, *b], 2, hidden_size=hidden, direction=direction)


def body(g, nodes, inputs, outputs):
    """A graph; loops' counters and conditions are scalars, other shapes follow."""
    scalar = {DTYPES[np.dtype(t)] for t in (np.int64, np.bool_)}
    infos = [
        [helper.make_tensor_value_info(n, t, [] if t in scalar else None) for n, t in border]
        for border in (inputs, outputs)
    ]
    return helper.make_graph(nodes, g.fresh("body"), *infos)


def loop(g):
    """for i in range(n): x = x + y or x * y, and the row of each iteration."""
    a = g.value("f", range(1, 4))
    kind = DTYPES[g.of(a).dtype]
    y = g.constant(g.array(g.of(a).shape, g.of(a).dtype, -1, 1))
    i, keep, x, next_x, row, go = (g.fresh("l") for _ in range(6))
    nodes = [
        helper.make_node(g.rng.choice(("Add", "Sub", "Max")), [x, y], [next_x]),
        helper.make_node("Neg", [next_x], [row]),
        helper.make_node("Identity", [keep], [go]),
    ]
    graph = body(g, nodes, [(i, 7), (keep, 9), (x, kind)], [(go, 9), (next_x, kind), (row, kind)])
    times = np.array(g.rng.choice((1, 2, 3, 5)), np.int64)
    if g.chance(0.6):
        return g.node("Loop", [g.constant(times), "", a], 2, body=graph)
    # How many rows there are is not known before the call: they are left out.
    del graph.output[2], graph.node[1]
    g.node("Loop", [g.input([], np.int64, int(times), int(times)), "", a], body=graph)


def scan(g):
    a = g.value("f", range(2, 4))
    if not g.of(a).size:
        raise ValueError
    kind = DTYPES[g.of(a).dtype]
    state = g.constant(g.array(g.of(a).shape[1:], g.of(a).dtype))
    s, x, next_s, row = (g.fresh("l") for _ in range(4))
    nodes = [helper.make_node("Add", [s, x], [next_s]), helper.make_node("Abs", [next_s], [row])]
    graph = body(g, nodes, [(s, kind), (x, kind)], [(next_s, kind), (row, kind)])
    reverse = {"scan_input_directions": [1]} if g.chance(0.3) else {}
    g.node("Scan", [state, a], 2, body=graph, num_scan_inputs=1, **reverse)


def branch(g):
    """An If whose branches read from outside."""
    a = g.value("f", range(4))
    kind = DTYPES[g.of(a).dtype]
    condition = g.input([], np.bool_) if g.chance(0.7) else g.constant(np.array(g.chance(0.5)))
    sides = []
    for _ in range(2):
        out = g.fresh("l")
        sides.append(body(g, [helper.make_node(g.rng.choice(("Identity", "Neg", "Abs")), [a], [out])], [], [(out, kind)]))
    g.node("If", [condition], then_branch=sides[0], else_branch=sides[1])


CONTRACTING = [
    reduction, reduction, reduction, search, top_k, cumulative, softmax, softmax, layer_norm, channel_norm, matmul, matmul, matmul,
    matmul_left, gemm, einsum, convolution, convolution, convolution, pooling, resize, recurrent, loop, scan, branch,
    loss, integers, determinant, sampling, fourier,
]  # fmt: skip
