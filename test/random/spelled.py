"""Random chains that exporters write for what is one op, or nearly so."""

import numpy as np


def scalar(g, value, like):
    return g.constant(np.array(value, g.of(like).dtype))


def chain(g, name, *steps):
    """Unary ops, and binary ones with a number, one after the other."""
    for op, *operand in steps:
        (name,) = g.node(op, [name] + [scalar(g, v, name) for v in operand])
    return name


def last_axis(g, name):
    """Mostly the last axis; now and then another, which is no norm of a layer."""
    rank = g.of(name).ndim
    return -1 if g.chance(0.8) else g.rng.randrange(rank)


def mean(g, name, axis):
    return g.node("ReduceMean", [name, g.ints([axis])], keepdims=1)[0]


def weighted(g, name, p=0.7):
    if not g.chance(p):
        return name
    shape = [g.of(name).shape[-1]] if g.chance(0.8) else []
    w = g.constant(g.array(shape, g.of(name).dtype, 1, 2))
    (name,) = g.node("Mul", [name, w])
    if g.chance(0.6):
        (name,) = g.node("Add", [name, g.constant(g.array(shape, g.of(name).dtype))])
    return name


def layer_norm(g):
    a = g.value("f", range(1, 5))
    axis = last_axis(g, a)
    (centred,) = g.node("Sub", [a, mean(g, a, axis)])
    (square,) = g.node("Pow", [centred, scalar(g, 2, a)]) if g.chance(0.5) else g.node("Mul", [centred, centred])
    # Another epsilon, another axis: the chain is raised only where it is that op.
    variance = mean(g, square, axis if g.chance(0.9) else 0)
    deviation = chain(g, variance, ("Add", g.rng.choice((0.25, 0.5, 1e-2))), ("Sqrt",))
    weighted(g, g.node("Div", [centred, deviation])[0])


def rms_norm(g):
    a = g.value("f", range(1, 5))
    (square,) = g.node("Mul", [a, a])
    root = chain(g, mean(g, square, last_axis(g, a)), ("Add", 0.25), ("Sqrt",))
    if g.chance(0.5):
        (out,) = g.node("Div", [a, root])
    else:
        (out,) = g.node("Mul", [a, g.node("Reciprocal", [root])[0]])
    weighted(g, out)


def softmax(g):
    a = g.value("f", range(1, 5))
    axis = last_axis(g, a)
    if g.chance(0.7):
        (top,) = g.node("ReduceMax", [a, g.ints([axis])], keepdims=1)
        (a,) = g.node("Sub", [a, top])
    (e,) = g.node("Exp", [a])
    (total,) = g.node("ReduceSum", [e, g.ints([axis])], keepdims=1)
    g.node("Div", [e, total])


def gelu(g):
    a = g.value("f")
    erf = chain(g, a, ("Div", g.rng.choice((2**0.5, 2**0.5, 1.5))), ("Erf",), ("Add", 1))
    if g.chance(0.5):
        chain(g, g.node("Mul", [a, erf])[0], ("Mul", 0.5))
    else:
        g.node("Mul", [chain(g, a, ("Mul", 0.5)), erf])


def gelu_tanh(g):
    a = g.value("f")
    cube = chain(g, a, ("Pow", 3), ("Mul", 0.044715))
    (inner,) = g.node("Add", [a, cube])
    factor = chain(g, inner, ("Mul", (2 / np.pi) ** 0.5), ("Tanh",), ("Add", 1))
    g.node("Mul", [chain(g, a, ("Mul", 0.5)), factor])


def gated(g):
    a = g.value("f")
    (gate,) = g.node(g.rng.choice(("Sigmoid", "HardSigmoid", "Tanh", "Softplus")), [a])
    g.node("Mul", [a, gate] if g.chance(0.5) else [gate, a])


def attention(g):
    """softmax(q k' * scale + mask) v, over one or two dims of batch."""
    dtype = np.dtype(np.float32 if g.chance(0.8) else np.float64)
    q = g.value("f", range(3, 5), dtype)
    *batch, rows, depth = g.of(q).shape
    keys, width = g.rng.choice((rows, 3, 8, 17)), g.rng.choice((depth, 4, 5))
    k, v = g.input([*batch, keys, depth], dtype, -1, 1), g.input([*batch, keys, width], dtype, -2, 2)
    rank = len(batch) + 2
    (flipped,) = g.node("Transpose", [k], perm=[*range(rank - 2), rank - 1, rank - 2])
    (scores,) = g.node("MatMul", [q, flipped])
    if g.chance(0.7):
        (scores,) = g.node(*g.rng.choice((("Mul", [scores, scalar(g, 0.5, q)]), ("Div", [scores, scalar(g, 2, q)]))))
    if g.chance(0.5):
        mask = g.rng.choice(([rows, keys], [1, keys], [*batch, 1, keys], [1] * len(batch) + [rows, keys]))
        (scores,) = g.node("Add", [scores, g.input(mask, dtype)])
    (weights,) = g.node("Softmax", [scores], axis=-1)
    g.node("MatMul", [weights, v])


def heads(g):
    """Reshape to heads, transpose, multiply, transpose back."""
    count, depth = g.rng.choice((1, 2, 4)), g.rng.choice((2, 3, 8))
    a = g.input(g.shape(2) + [count * depth], np.float32)
    batch, rows, _ = g.of(a).shape
    (split,) = g.node("Reshape", [a, g.ints([0, 0, count, depth] if g.chance(0.6) else [0, -1, count, depth])])
    (turned,) = g.node("Transpose", [split], perm=[0, 2, 1, 3])
    w = g.constant(g.array([depth, depth], np.float32, -1, 1))
    (product,) = g.node("MatMul", [turned, w])
    (back,) = g.node("Transpose", [product], perm=[0, 2, 1, 3])
    g.node("Reshape", [back, g.ints([0, 0, -1])])


def block(g):
    """Convolution, batch norm, activation; perhaps a sum or a gate behind."""
    a = g.value("f", [4], np.dtype(np.float32))
    if min(g.of(a).shape) < 1:
        raise ValueError
    channels = g.of(a).shape[1]
    filters = channels if g.chance(0.6) else g.rng.choice((2, 8, 16))
    group = channels if filters == channels and g.chance(0.4) else 1
    kernel = g.rng.choice((1, 3))
    w = g.constant(g.array([filters, channels // group, kernel, kernel], np.float32, -1, 1))
    (x,) = g.node("Conv", [a, w], kernel_shape=[kernel] * 2, pads=[kernel // 2] * 4, group=group)
    if g.chance(0.7):
        scale, shift, average = (g.constant(g.array([filters], np.float32, -1, 2)) for _ in range(3))
        (x,) = g.node("BatchNormalization", [x, scale, shift, average, g.constant(g.array([filters], np.float32, 1, 3))])
    (x,) = g.node(g.rng.choice(("Relu", "HardSwish", "Sigmoid", "LeakyRelu")), [x])
    if filters == channels and g.chance(0.5):
        (x,) = g.node("Add", [x, a])
    if g.chance(0.3):
        (pooled,) = g.node("GlobalAveragePool", [x])
        (gate,) = g.node("Sigmoid", [pooled])
        (x,) = g.node("Mul", [x, gate])
    if g.chance(0.3):
        g.node("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2], pads=[0, 0, 1, 1])


SPELLED = [layer_norm, rms_norm, softmax, gelu, gelu_tanh, gated, attention, heads, block, block]
