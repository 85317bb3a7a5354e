"""Computes graph ops by NumPy: what dialects/graph says that they mean.

Obvious rather than fast, and independent of all lowering: with it the importer
is tested alone.
"""

import itertools
import math

import numpy as np

import generic_mlir


class Unevaluated(Exception):
    """An op or a form of it that this file does not know."""


def wide(x):
    """Small floats are computed on in f32 (and rounded by `compute`)."""
    return x.astype(np.float32) if x.dtype.kind not in "iubf" or x.dtype == np.float16 else x


def elementwise(function):
    def compute(op, *operands):
        dtype = operands[0].dtype
        return np.asarray(function(*[wide(x) for x in operands])).astype(dtype)

    return compute


def trunc_div(a, b):
    if a.dtype.kind == "f":
        return a / b
    safe = np.where(b == 0, 1, b)
    quotient = np.abs(a.astype(object)) // np.abs(safe.astype(object))
    return np.where((a < 0) != (safe < 0), -quotient, quotient).astype(a.dtype)


def rem(a, b):
    if a.dtype.kind == "f":
        return np.fmod(a, b)
    return np.fmod(a, np.where(b == 0, 1, b))


def shift(a, b, left):
    width = a.dtype.itemsize * 8
    beyond = (b < 0) | (b >= width)
    safe = np.where(beyond, 0, b).astype(a.dtype)
    result = np.left_shift(a, safe) if left else np.right_shift(a, safe)
    fill = np.where((a < 0) & (not left), -1, 0)
    return np.where(beyond, fill, result)


def add(a, b):
    return a ^ b if a.dtype == np.bool_ else a + b


ERF = np.vectorize(math.erf, otypes=[np.float64])

ELEMENTWISE = {
    "add": add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": trunc_div,
    "rem": rem,
    "pow": np.power,
    "max": np.maximum,
    "min": np.minimum,
    "neg": np.negative,
    "abs": np.abs,
    "sign": np.sign,
    "exp": np.exp,
    "log": np.log,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "sqrt": np.sqrt,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "erf": ERF,
    "floor": np.floor,
    "ceil": np.ceil,
    "round_even": np.rint,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
    "not": lambda x: ~x,
    "shift_left": lambda a, b: shift(a, b, True),
    "shift_right": lambda a, b: shift(a, b, False),
    "relu": lambda x: np.where(0 > x, 0, x),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))),
    "gelu": lambda x: x * 0.5 * (1 + ERF(x / math.sqrt(2))),
}

PREDICATES = {
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
}


def compare(op, lhs, rhs):
    text = op.attributes["predicate"]
    name = next(n for n in PREDICATES if f" {n}>" in text or f"<{n}>" in text)
    return PREDICATES[name](wide(lhs), wide(rhs))


def select(op, condition, on_true, on_false):
    return np.where(condition, on_true, on_false)


def convert(op, x):
    dtype = np.dtype(op.result_types[0].dtype)
    if dtype == np.bool_:
        return wide(x) != 0
    if dtype.kind in "iu" and x.dtype.kind not in "iub":
        info = np.iinfo(dtype)
        whole = np.nan_to_num(np.trunc(x.astype(np.float64)), nan=0.0)
        clipped = np.clip(whole, float(info.min), float(info.max))
        # The largest i64 is no f64.
        big = clipped >= float(info.max)
        return np.where(big, info.max, np.where(big, 0, clipped).astype(dtype)).astype(dtype)
    return x.astype(dtype)


# -----------------------------------------------------------------------------
# Movement
# -----------------------------------------------------------------------------


def shape_of(op, sizes):
    """The shape of the result, with its dynamic extents from operands."""
    sizes = list(sizes)
    shape = tuple(int(sizes.pop(0)) if e is None else e for e in op.result_types[0].shape)
    if sizes:
        raise AssertionError("sizes left over")
    return shape


def broadcast(op, x, *sizes):
    shape = shape_of(op, sizes)
    spread = [1] * len(shape)
    for extent, dim in zip(x.shape, op.attributes["dimensions"]):
        if extent not in (1, shape[dim]):
            raise AssertionError(f"broadcast of {x.shape} to {shape}")
        spread[dim] = extent
    return np.broadcast_to(x.reshape(spread), shape)


def mixed(static, dynamic):
    """Static entries with the operands in the place of the dynamic ones."""
    dynamic = list(dynamic)
    return [int(dynamic.pop(0)) if e == -(2**63) else e for e in static]


def segments(op, operands):
    lists, at = [], 0
    for size in op.attributes["operandSegmentSizes"]:
        lists.append(operands[at : at + size])
        at += size
    return lists


def slice_(op, *operands):
    (x,), offsets, sizes, strides = segments(op, operands)
    a = op.attributes
    index = []
    for extent, offset, size, stride in zip(
        x.shape,
        mixed(a["static_offsets"], offsets),
        mixed(a["static_sizes"], sizes),
        mixed(a["static_strides"], strides),
    ):
        if offset < 0 or size < 0 or stride < 1:
            raise AssertionError("a negative offset or size")
        if size and offset + (size - 1) * stride >= extent:
            raise AssertionError("a slice outside of its operand")
        index.append(slice(offset, offset + size * stride, stride) if size else slice(0, 0))
    return x[tuple(index)]


def pad(op, *operands):
    (x,), (value,), low, high = segments(op, operands)
    low = mixed(op.attributes["static_low"], low)
    high = mixed(op.attributes["static_high"], high)
    interior = op.attributes["interior"]
    if min(low + high, default=0) < 0:
        raise AssertionError("a negative pad")
    shape, index = [], []
    for n, l, h, i in zip(x.shape, low, high, interior):
        shape.append(l + max(0, n + (n - 1) * i) + h)
        index.append(slice(l, l + max(0, n + (n - 1) * i), i + 1))
    result = np.full(shape, value, x.dtype)
    result[tuple(index)] = x
    return result


def iota(op, *sizes):
    shape = shape_of(op, sizes)
    dim = op.attributes["dimension"]
    spread = [1] * len(shape)
    spread[dim] = shape[dim]
    counts = np.arange(shape[dim]).reshape(spread)
    return np.broadcast_to(counts, shape).astype(op.result_types[0].dtype)


# -----------------------------------------------------------------------------
# Folds
# -----------------------------------------------------------------------------


def reduction(fold):
    def compute(op, x):
        dims = tuple(op.attributes["dimensions"])
        return np.asarray(fold(wide(x), axis=dims)).astype(x.dtype)

    return compute


def least(dtype, sign):
    if np.dtype(dtype).kind not in "iub":
        return sign * np.inf
    info = np.iinfo(dtype)
    return info.max if sign > 0 else info.min


def arg_reduction(choose):
    def compute(op, x):
        axis = op.attributes["axis"]
        x = wide(x)
        if not op.attributes["select_last"]:
            return choose(x, axis=axis).astype(np.int64)
        return x.shape[axis] - 1 - choose(np.flip(x, axis), axis=axis).astype(np.int64)

    return compute


def contract(op, lhs, rhs):
    dtype = op.result_types[0].dtype
    exact = np.float64 if np.dtype(dtype).kind not in "iub" else dtype
    product = np.einsum(op.attributes["spec"], lhs.astype(exact), rhs.astype(exact))
    return np.asarray(product).astype(dtype)


def indexed(spec, separator, x, indices):
    """An index for each dim of `x`, over the dims of the gathered or put values."""
    operand, rest = spec.split(",", 1)
    index, values = rest.split(separator)
    extents = dict(zip(index, indices.shape))
    extents.update((letter, n) for letter, n in zip(operand, x.shape) if letter != "*")
    shape = [extents[letter] for letter in values]
    grid = dict(zip(values, np.ogrid[tuple(slice(n) for n in shape)])) if shape else {}
    result, component = [], 0
    for letter, extent in zip(operand, x.shape):
        if letter != "*":
            result.append(grid[letter])
            continue
        at = tuple(component if i == "*" else grid[i] for i in index)
        place = indices[at].astype(np.int64)
        result.append(np.clip(np.where(place < 0, place + extent, place), 0, extent - 1))
        component += 1
    return tuple(np.broadcast_to(i, shape) for i in result)


def gather(op, x, indices):
    return x[indexed(op.attributes["spec"], "->", x, indices)]


COMBINERS = {
    "set": lambda old, new: new,
    "add": add,
    "mul": lambda old, new: old * new,
    "max": np.maximum,
    "min": np.minimum,
}


def scatter(op, x, indices, updates):
    text = op.attributes["combiner"]
    combine = next(f for n, f in COMBINERS.items() if f" {n}>" in text or f"<{n}>" in text)
    result = x.copy()
    places = indexed(op.attributes["spec"], ",", x, indices)
    for at in np.ndindex(*updates.shape):
        place = tuple(p[at] for p in places)
        result[place] = combine(result[place], updates[at])
    return result


def cumsum(op, x):
    axis = op.attributes["axis"]
    y = np.flip(x, axis) if "reverse" in op.attributes else x
    sums = np.cumsum(y, axis, dtype=x.dtype)
    if "exclusive" in op.attributes:
        sums = np.roll(sums, 1, axis)
        if x.shape[axis]:
            sums[(slice(None),) * axis + (0,)] = 0
    return np.flip(sums, axis) if "reverse" in op.attributes else sums


def resample(op, x, indices, weights):
    axis = op.attributes["axis"]
    moved = np.moveaxis(x, axis, -1)
    sums = (moved[..., np.clip(indices, 0, x.shape[axis] - 1)] * weights).sum(-1)
    return np.moveaxis(sums, -1, axis).astype(x.dtype)


def top_k(op, x, *size):
    axis = op.attributes["axis"]
    count = int(size[0]) if size else op.result_types[0].shape[axis]
    order = np.argsort(x, axis, kind="stable")
    if "smallest" not in op.attributes:
        flipped = np.argsort(np.flip(x, axis), axis, kind="stable")
        order = np.flip(x.shape[axis] - 1 - flipped, axis)
    order = np.take(order, np.arange(count), axis)
    return np.take_along_axis(x, order, axis), order


def softmax(op, x):
    axis = op.attributes["axis"]
    e = np.exp(wide(x) - wide(x).max(axis, keepdims=True))
    return (e / e.sum(axis, keepdims=True)).astype(x.dtype)


def log_softmax(op, x):
    axis = op.attributes["axis"]
    y = wide(x) - wide(x).max(axis, keepdims=True)
    return (y - np.log(np.exp(y).sum(axis, keepdims=True))).astype(x.dtype)


def batch_norm(op, x, scale, offset, mean, variance):
    spread = [1] * x.ndim
    spread[op.attributes["axis"]] = -1
    scale, offset, mean, variance = (
        wide(v).reshape(spread) for v in (scale, offset, mean, variance)
    )
    normed = (wide(x) - mean) / np.sqrt(variance + op.attributes["epsilon"])
    return (normed * scale + offset).astype(x.dtype)


def row_norm(op, x, vectors, is_centred):
    dims = tuple(op.attributes["dimensions"])
    kept = [x.shape[d] if d in dims else 1 for d in range(x.ndim)]
    w = wide(x)
    mean = w.mean(dims, keepdims=True) * (1 if is_centred else 0)
    rstd = 1 / np.sqrt(((w - mean) ** 2).mean(dims, keepdims=True) + op.attributes["epsilon"])
    y = ((w - mean) * rstd).astype(x.dtype)
    scale, offset = vectors
    if scale is not None:
        y = (wide(y) * wide(scale).reshape(kept)).astype(x.dtype)
    if offset is not None:
        y = (wide(y) + wide(offset).reshape(kept)).astype(x.dtype)
    rows = [np.squeeze(v, dims).astype(w.dtype) for v in (mean, rstd)]
    return (y, *rows) if is_centred else (y, rows[1])


def layer_norm(op, *operands):
    (x,), scale, offset = segments(op, operands)
    return row_norm(op, x, [(scale or [None])[0], (offset or [None])[0]], True)


def rms_norm(op, x, scale=None):
    return row_norm(op, x, [scale, None], False)


def group_norm(op, *operands):
    (x,), scale, offset = segments(op, operands)
    axis, groups = op.attributes["axis"], op.attributes["groups"]
    first = np.moveaxis(wide(x), axis, 1)
    rows = first.reshape(x.shape[0], groups, -1)
    centred = rows - rows.mean(2, keepdims=True)
    variance = (centred**2).mean(2, keepdims=True)
    y = (centred / np.sqrt(variance + op.attributes["epsilon"])).reshape(first.shape)
    spread = [1, -1] + [1] * (x.ndim - 2)
    if scale:
        y = y * wide(scale[0]).reshape(spread)
    if offset:
        y = y + wide(offset[0]).reshape(spread)
    return np.moveaxis(y, 1, axis).astype(x.dtype)


def attention(op, q, k, v, mask=None):
    a = op.attributes
    group = q.shape[1] // k.shape[1]
    wide_k, wide_v = (np.repeat(wide(t), group, axis=1) for t in (k, v))
    score = np.einsum("bhsd,bhtd->bhst", wide(q), wide_k) * a["scale"]
    if "softcap" in a:
        score = a["softcap"] * np.tanh(score / a["softcap"])
    if mask is not None and mask.dtype == np.bool_:
        score = np.where(mask, score, -np.inf)
    elif mask is not None:
        score = score + wide(mask)
    if "causal" in a:
        s, t = score.shape[2:]
        score = np.where(np.arange(t) <= np.arange(s)[:, None] + t - s, score, -np.inf)
    maximum = score.max(3, keepdims=True)
    maximum = np.where(np.isneginf(maximum), 0, maximum)
    weights = np.exp(score - maximum)
    total = weights.sum(3, keepdims=True)
    weights = weights / np.where(total == 0, 1, total)
    lse = (np.log(total) + maximum)[..., 0]
    result = np.einsum("bhst,bhte->bhse", weights, wide_v)
    return result.astype(q.dtype), lse.astype(wide(q).dtype)


# -----------------------------------------------------------------------------
# Windows, channels first
# -----------------------------------------------------------------------------


def places(op, spatial, kernel):
    """For each place of the result and of the kernel: where it is in the image."""
    a = op.attributes
    if "channels_first" not in a["layout"]:
        raise Unevaluated("layout")
    out = [
        (n + l + h - ((k - 1) * d + 1)) // s + 1
        for n, k, s, l, h, d in zip(
            spatial, kernel, a["strides"], a["padding_low"], a["padding_high"], a["dilations"]
        )
    ]
    for o in itertools.product(*map(range, out)):
        for k in itertools.product(*map(range, kernel)):
            at = tuple(
                i * s + j * d - l
                for i, j, s, l, d in zip(o, k, a["strides"], a["padding_low"], a["dilations"])
            )
            if all(0 <= p < n for p, n in zip(at, spatial)):
                yield o, k, at
    return


def result_extents(op, spatial, kernel):
    a = op.attributes
    return [
        (n + l + h - ((k - 1) * d + 1)) // s + 1
        for n, k, s, l, h, d in zip(
            spatial, kernel, a["strides"], a["padding_low"], a["padding_high"], a["dilations"]
        )
    ]


def conv(op, x, w):
    groups = op.attributes["groups"]
    spatial, kernel = x.shape[2:], w.shape[2:]
    per_in, per_out = w.shape[1], w.shape[0] // groups
    out = np.zeros((x.shape[0], w.shape[0], *result_extents(op, spatial, kernel)), np.float64)
    for o, k, at in places(op, spatial, kernel):
        for g in range(groups):
            pixels = x[(slice(None), slice(g * per_in, (g + 1) * per_in), *at)]
            taps = w[(slice(g * per_out, (g + 1) * per_out), slice(None), *k)]
            out[(slice(None), slice(g * per_out, (g + 1) * per_out), *o)] += (
                pixels.astype(np.float64) @ taps.astype(np.float64).T
            )
    return out.astype(x.dtype)


def conv_input_grad(op, dy, w, *sizes):
    shape = shape_of(op, sizes)
    groups = op.attributes["groups"]
    spatial, kernel = shape[2:], w.shape[2:]
    if tuple(result_extents(op, spatial, kernel)) != dy.shape[2:]:
        raise AssertionError("the cotangent has another shape than the convolution's result")
    per_in, per_out = w.shape[1], w.shape[0] // groups
    dx = np.zeros(shape, np.float64)
    for o, k, at in places(op, spatial, kernel):
        for g in range(groups):
            cotangents = dy[(slice(None), slice(g * per_out, (g + 1) * per_out), *o)]
            taps = w[(slice(g * per_out, (g + 1) * per_out), slice(None), *k)]
            dx[(slice(None), slice(g * per_in, (g + 1) * per_in), *at)] += cotangents.astype(
                np.float64
            ) @ taps.astype(np.float64)
    return dx.astype(dy.dtype)


def max_pool(op, x):
    kernel = op.attributes["window"]
    shape = (*x.shape[:2], *result_extents(op, x.shape[2:], kernel))
    out = np.full(shape, least(x.dtype, -1)).astype(x.dtype)
    for o, _, at in places(op, x.shape[2:], kernel):
        where = (slice(None), slice(None), *o)
        out[where] = np.maximum(out[where], x[(slice(None), slice(None), *at)])
    return out


def max_pool_gather(op, x, values):
    """The values where the first of the largest elements of each window are."""
    kernel = op.attributes["window"]
    shape = (*x.shape[:2], *result_extents(op, x.shape[2:], kernel))
    largest = np.full(shape, least(x.dtype, -1)).astype(x.dtype)
    out, is_empty = np.zeros(shape, values.dtype), np.ones(shape, bool)
    for o, _, at in places(op, x.shape[2:], kernel):
        where, source = (slice(None), slice(None), *o), (slice(None), slice(None), *at)
        wins = is_empty[where] | (x[source] > largest[where])
        out[where] = np.where(wins, values[source], out[where])
        largest[where] = np.where(wins, x[source], largest[where])
        is_empty[where] = False
    return out


def avg_pool(op, x):
    kernel = op.attributes["window"]
    extents = result_extents(op, x.shape[2:], kernel)
    total = np.zeros((*x.shape[:2], *extents), np.float64)
    count = np.zeros(extents)
    for o, _, at in places(op, x.shape[2:], kernel):
        total[(slice(None), slice(None), *o)] += x[(slice(None), slice(None), *at)]
        count[o] += 1
    if op.attributes["count_include_pad"]:
        count[:] = np.prod(kernel)
    return (total / count).astype(x.dtype)


# -----------------------------------------------------------------------------
# Functions
# -----------------------------------------------------------------------------

CMPI = {0: lambda a, b: a == b, 2: lambda a, b: a < b}


def hold(op, condition):
    """What a call is required to satisfy."""
    if not condition:
        raise AssertionError(op.attributes["msg"])
    return ()


def empty(op, *sizes):
    """What is not written shows."""
    of, sizes = op.result_types[0], iter(sizes)
    shape = [int(next(sizes)) if e is None else e for e in of.shape]
    return np.full(shape, 77).astype(of.dtype)


def slices(op, operands):
    """The part that a slice op is about, and which of its dims have an extent of 1."""
    segments = op.attributes["operandSegmentSizes"]
    dynamic = iter(operands[sum(segments) - sum(segments[-3:]) :])
    lists = [
        [int(next(dynamic)) if value == -(2**63) else value for value in op.attributes[name]]
        for name in ("static_offsets", "static_sizes", "static_strides")
    ]
    return tuple(slice(o, o + (n - 1) * s + 1 if n else o, s) for o, n, s in zip(*lists))


def extract_slice(op, x, *operands):
    part = x[slices(op, (x, *operands))]
    return part.reshape(reduced(part.shape, op.result_types[0].shape))


def reduced(shape, kept):
    """Without extents of 1 that the type lacks, kept as early as there is a place."""
    kept, result = list(kept), []
    for i, extent in enumerate(shape):
        fits = kept and (kept[0] is None or kept[0] == extent)
        if fits and (extent != 1 or len(shape) - i >= len(kept)):
            kept.pop(0)
            result.append(extent)
        elif extent != 1:
            raise AssertionError(f"a slice of {shape}")
    return result


def insert_slice(op, source, dest, *operands):
    result = dest.copy()
    part = result[slices(op, (source, dest, *operands))]
    part[...] = source.reshape(part.shape)
    return result


OPS = {
    "graph.compare": compare,
    "graph.select": select,
    "graph.convert": convert,
    "graph.constant": lambda op: op.attributes["value"],
    "graph.broadcast": broadcast,
    "graph.reshape": lambda op, x, *sizes: x.reshape(shape_of(op, sizes)),
    "graph.transpose": lambda op, x: x.transpose(op.attributes["permutation"]),
    "graph.concat": lambda op, *xs: np.concatenate(xs, op.attributes["axis"]),
    "graph.slice": slice_,
    "graph.pad": pad,
    "graph.reverse": lambda op, x: np.flip(x, op.attributes["dimensions"]),
    "graph.iota": iota,
    "graph.reduce_sum": reduction(np.sum),
    "graph.reduce_prod": reduction(np.prod),
    "graph.reduce_max": reduction(
        lambda x, axis: np.max(x, axis=axis, initial=least(x.dtype, -1))
    ),
    "graph.reduce_min": reduction(lambda x, axis: np.min(x, axis=axis, initial=least(x.dtype, 1))),
    "graph.reduce_and": reduction(np.all),
    "graph.reduce_or": reduction(np.any),
    "graph.argmax": arg_reduction(np.argmax),
    "graph.argmin": arg_reduction(np.argmin),
    "graph.contract": contract,
    "graph.cumsum": cumsum,
    "graph.gather": gather,
    "graph.resample": resample,
    "graph.scatter": scatter,
    "graph.top_k": top_k,
    "graph.softmax": softmax,
    "graph.log_softmax": log_softmax,
    "graph.batch_norm": batch_norm,
    "graph.layer_norm": layer_norm,
    "graph.rms_norm": rms_norm,
    "graph.group_norm": group_norm,
    "graph.attention": attention,
    "graph.conv": conv,
    "graph.conv_input_grad": conv_input_grad,
    "graph.max_pool": max_pool,
    "graph.max_pool_gather": max_pool_gather,
    "graph.avg_pool": avg_pool,
    "cf.assert": hold,
    "arith.constant": lambda op: op.attributes["value"],
    "arith.addi": lambda op, a, b: a + b,
    "arith.subi": lambda op, a, b: a - b,
    "arith.muli": lambda op, a, b: a * b,
    "arith.floordivsi": lambda op, a, b: a // b,
    "arith.minsi": lambda op, a, b: min(a, b),
    "arith.maxsi": lambda op, a, b: max(a, b),
    "arith.andi": lambda op, a, b: a & b,
    "arith.cmpi": lambda op, a, b: CMPI[op.attributes["predicate"]](a, b),
    "arith.extui": lambda op, a: int(a),
    "arith.index_cast": lambda op, a: int(a),
    "tensor.cast": lambda op, x: x,
    "tensor.empty": empty,
    "tensor.extract": lambda op, x, *indices: x[tuple(int(i) for i in indices)],
    "tensor.extract_slice": extract_slice,
    "tensor.insert_slice": insert_slice,
    "tensor.dim": lambda op, x, dim: x.shape[int(dim)],
    "tensor.from_elements": lambda op, *xs: np.array(
        [int(x) for x in xs], op.result_types[0].dtype
    ).reshape(op.result_types[0].shape),
}
OPS.update({f"graph.{name}": elementwise(f) for name, f in ELEMENTWISE.items()})


def check(name, value, of):
    """An array has the type that the program says."""
    if not of.is_tensor:
        return
    value = np.asarray(value)
    if value.dtype != np.dtype(of.dtype):
        raise AssertionError(f"{name} has {value.dtype}, its type says {np.dtype(of.dtype)}")
    fits = len(of.shape) == value.ndim and all(
        e is None or e == v for e, v in zip(of.shape, value.shape)
    )
    if not fits:
        raise AssertionError(f"{name} has the shape {value.shape}, its type says {of.shape}")


def parameter(text, of):
    """The contents of `#graph.blob<"path", offset = .., length = .., ..>`."""
    path, *rest = generic_mlir.split(text[text.index("<") + 1 : -1])
    numbers = dict(entry.split(" = ") for entry in rest)
    with open(generic_mlir.unescape(path[1:-1]), "rb") as file:
        file.seek(int(numbers["offset"]))
        data = file.read(int(numbers["length"]))
    return np.frombuffer(data, of.dtype).reshape(of.shape)


def run(block, values):
    """Computes a block's ops and gives the operands of its terminator."""
    for op in block.ops:
        operands = [values[o] for o in op.operands]
        if op.name in TERMINATORS:
            return operands
        if op.name in CONTROL_FLOW:
            results = CONTROL_FLOW[op.name](op, operands, values)
        elif op.name in OPS:
            with np.errstate(all="ignore"):
                value = OPS[op.name](op, *operands)
            results = value if isinstance(value, tuple) else [value]
        else:
            raise Unevaluated(op.name)
        name, _, count = (op.result or "").partition(":")
        for i, (value, of) in enumerate(zip(results, op.result_types)):
            if of.is_tensor:
                value = np.asarray(value)
            check(f"{op.result} of {op.name}", value, of)
            values[f"{name}#{i}" if count else name] = value
    raise AssertionError("no terminator")


def enter(block, arguments, values):
    return run(block, {**values, **dict(zip(block.arguments, arguments))})


def run_if(op, operands, values):
    return enter(op.regions[0 if operands[0] else 1], [], values)


def run_for(op, operands, values):
    first, last, step, *carries = operands
    for i in range(int(first), int(last), int(step)):
        carries = enter(op.regions[0], [i, *carries], values)
    return carries


def run_while(op, operands, values):
    while True:
        goes_on, *carries = enter(op.regions[0], operands, values)
        if not goes_on:
            return carries
        operands = enter(op.regions[1], carries, values)


TERMINATORS = {"func.return", "scf.condition", "scf.yield"}
CONTROL_FLOW = {"scf.for": run_for, "scf.if": run_if, "scf.while": run_while}


def evaluate(text, inputs):
    """The outputs by name of the function in `text`, for inputs by name."""
    function = generic_mlir.parse_function(text)
    values = {}
    for name, of, attributes in zip(
        function.arguments, function.argument_types, function.argument_attributes
    ):
        if "graph.parameter" in attributes:
            value = parameter(attributes["graph.parameter"], of)
        else:
            value = np.asarray(inputs[attributes["graph.name"]])
        check(name, value, of)
        values[name] = value
    names = [a["graph.name"] for a in function.result_attributes]
    return dict(zip(names, run(generic_mlir.Block([], function.ops), values)))
