"""Conv and ConvTranspose in one to three spatial dims."""

import itertools

import numpy as np
from onnx import helper

from case import Case, op_case
from elementwise import short
from values import random

SCALED = {np.float32: 1e-6, np.float64: 1e-14, np.float16: 2e-3}


def auto_pads(mode, extents, kernel, strides, dilations):
    """Pads in ONNX's order (all begins, then all ends)."""
    begins, ends = [], []
    for x, k, s, d in zip(extents, kernel, strides, dilations):
        total = max((-(-x // s) - 1) * s + (k - 1) * d + 1 - x, 0)
        less = total // 2
        more = total - less
        begins.append(less if mode == "SAME_UPPER" else more)
        ends.append(more if mode == "SAME_UPPER" else less)
    return begins + ends


def transposed_pads(mode, kernel, strides, extra):
    """What is more than in * stride is cut away; nothing is added where it is less."""
    totals = [max(k + e - s, 0) for k, s, e in zip(kernel, strides, extra)]
    less, more = [t // 2 for t in totals], [t - t // 2 for t in totals]
    return less + more if mode == "SAME_UPPER" else more + less


def conv(x, w, b=None, strides=None, pads=None, dilations=None, group=1):
    """Taps are added one by one: slow, obvious, in f64."""
    rank = x.ndim - 2
    strides, dilations = strides or [1] * rank, dilations or [1] * rank
    pads = pads or [0] * (2 * rank)
    padded = np.pad(
        x.astype(np.float64), [(0, 0), (0, 0)] + [(pads[i], pads[rank + i]) for i in range(rank)]
    )
    kernel = w.shape[2:]
    out = [
        (padded.shape[2 + i] - (kernel[i] - 1) * dilations[i] - 1) // strides[i] + 1 for i in range(rank)
    ]
    y = np.zeros((x.shape[0], w.shape[0], *out))
    per_in, per_out = w.shape[1], w.shape[0] // group
    for g, tap in itertools.product(range(group), np.ndindex(*kernel)):
        window = tuple(
            slice(t * d, t * d + (o - 1) * s + 1, s) for t, d, o, s in zip(tap, dilations, out, strides)
        )
        part = padded[(slice(None), slice(g * per_in, (g + 1) * per_in)) + window]
        weights = w[g * per_out : (g + 1) * per_out].astype(np.float64)[(slice(None), slice(None)) + tap]
        y[:, g * per_out : (g + 1) * per_out] += np.einsum("oi,ni...->no...", weights, part)
    if b is not None:
        y += b.reshape(1, -1, *[1] * rank)
    return y.astype(x.dtype)


def conv_transpose(x, w, b=None, strides=None, pads=None, dilations=None, group=1, output_padding=None):
    rank = x.ndim - 2
    strides, dilations = strides or [1] * rank, dilations or [1] * rank
    pads, extra = pads or [0] * (2 * rank), output_padding or [0] * rank
    kernel = w.shape[2:]
    full = [
        (x.shape[2 + i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 + extra[i] for i in range(rank)
    ]
    per_in, per_out = w.shape[0] // group, w.shape[1]
    y = np.zeros((x.shape[0], per_out * group, *full))
    for g, tap in itertools.product(range(group), np.ndindex(*kernel)):
        window = tuple(
            slice(t * d, t * d + (o - 1) * s + 1, s)
            for t, d, o, s in zip(tap, dilations, x.shape[2:], strides)
        )
        weights = w[g * per_in : (g + 1) * per_in].astype(np.float64)[(slice(None), slice(None)) + tap]
        part = x[:, g * per_in : (g + 1) * per_in].astype(np.float64)
        y[(slice(None), slice(g * per_out, (g + 1) * per_out)) + window] += np.einsum(
            "io,ni...->no...", weights, part
        )
    y = y[(slice(None), slice(None)) + tuple(slice(pads[i], full[i] - pads[rank + i]) for i in range(rank))]
    if b is not None:
        y += b.reshape(1, -1, *[1] * rank)
    return y.astype(x.dtype)


# name: x, w, attributes
CONVS = {
    "1d": ((2, 3, 11), (4, 3, 3), {}),
    "1d_pads": ((2, 3, 11), (4, 3, 3), {"pads": [2, 1], "strides": [2]}),
    "2d": ((2, 3, 8, 8), (5, 3, 3, 3), {}),
    "pads": ((2, 3, 8, 8), (5, 3, 3, 3), {"pads": [1, 1, 1, 1]}),
    "uneven_pads": ((2, 3, 7, 9), (5, 3, 3, 3), {"pads": [0, 2, 1, 0]}),
    "strides": ((2, 3, 9, 8), (5, 3, 3, 3), {"strides": [2, 3], "pads": [1, 1, 1, 1]}),
    "dilations": ((2, 3, 11, 10), (5, 3, 3, 3), {"dilations": [2, 3]}),
    "all": ((2, 4, 12, 11), (6, 2, 3, 2), {"dilations": [2, 1], "strides": [2, 3], "pads": [1, 2, 3, 0], "group": 2}),
    "kernel_1x1": ((2, 16, 5, 5), (33, 16, 1, 1), {}),
    "kernel_1x1_strides": ((2, 16, 5, 5), (32, 16, 1, 1), {"strides": [2, 2]}),
    "kernel_7x7": ((2, 3, 15, 15), (8, 3, 7, 7), {"pads": [3, 3, 3, 3], "strides": [2, 2]}),
    "kernel_1x3": ((2, 3, 6, 9), (4, 3, 1, 3), {"pads": [0, 1, 0, 1]}),
    "kernel_2x2": ((2, 3, 6, 6), (4, 3, 2, 2), {}),
    "kernel_is_image": ((2, 4, 5, 5), (7, 4, 5, 5), {}),
    "channels_32": ((2, 16, 6, 6), (32, 16, 3, 3), {"pads": [1, 1, 1, 1]}),
    "channels_64": ((2, 64, 5, 5), (64, 64, 3, 3), {"pads": [1, 1, 1, 1]}),
    "one_channel": ((2, 1, 8, 8), (16, 1, 3, 3), {"pads": [1, 1, 1, 1]}),
    "one_filter": ((2, 5, 6, 6), (1, 5, 3, 3), {}),
    "groups": ((2, 6, 7, 7), (9, 2, 3, 3), {"group": 3, "pads": [1, 1, 1, 1]}),
    "groups_strides": ((2, 6, 9, 8), (4, 3, 3, 3), {"group": 2, "strides": [2, 1], "pads": [1, 1, 1, 1]}),
    "depthwise": ((2, 16, 9, 9), (16, 1, 3, 3), {"group": 16, "pads": [1, 1, 1, 1]}),
    "depthwise_strides": ((2, 13, 9, 9), (13, 1, 3, 3), {"group": 13, "strides": [2, 2]}),
    "depthwise_multiplier": ((2, 5, 7, 7), (10, 1, 3, 3), {"group": 5}),
    "row_image": ((2, 3, 1, 17), (4, 3, 1, 5), {}),
    "pads_only": ((2, 3, 1, 1), (4, 3, 3, 3), {"pads": [1, 1, 1, 1]}),
    "3d": ((2, 3, 5, 6, 7), (4, 3, 2, 3, 3), {}),
    "3d_all": ((2, 4, 6, 7, 8), (4, 2, 2, 3, 3), {"pads": [1, 0, 1, 0, 1, 1], "strides": [1, 2, 2], "group": 2}),
    "no_batch": ((0, 3, 8, 8), (4, 3, 3, 3), {}),
    "no_batch_pads": ((0, 3, 8, 8), (4, 3, 3, 3), {"pads": [1, 1, 1, 1]}),
    "no_rows_pads": ((2, 3, 0, 4), (4, 3, 3, 3), {"pads": [2, 1, 1, 1]}),
}

AUTO_PADS = {
    "same_upper": ((2, 3, 8, 7), (4, 3, 3, 2), {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    "same_lower": ((2, 3, 8, 7), (4, 3, 3, 2), {"auto_pad": "SAME_LOWER", "strides": [2, 2]}),
    "same_upper_unit": ((2, 3, 6, 6), (4, 3, 4, 4), {"auto_pad": "SAME_UPPER"}),
    "same_lower_unit": ((2, 3, 6, 6), (4, 3, 4, 4), {"auto_pad": "SAME_LOWER"}),
    "valid": ((2, 3, 8, 8), (4, 3, 3, 3), {"auto_pad": "VALID"}),
    "notset": ((2, 3, 8, 8), (4, 3, 3, 3), {"auto_pad": "NOTSET", "pads": [1, 0, 1, 0]}),
}

TRANSPOSED = {
    "1d": ((2, 3, 7), (3, 4, 3), {}),
    "2d": ((2, 3, 5, 5), (3, 4, 3, 3), {}),
    "strides": ((2, 3, 5, 4), (3, 4, 3, 3), {"strides": [2, 3]}),
    "pads": ((2, 3, 5, 5), (3, 4, 3, 3), {"strides": [2, 2], "pads": [1, 0, 1, 2]}),
    "output_padding": ((2, 3, 5, 5), (3, 4, 3, 3), {"strides": [2, 2], "pads": [1, 1, 1, 1], "output_padding": [1, 0]}),
    "dilations": ((2, 3, 5, 5), (3, 4, 2, 2), {"dilations": [2, 3]}),
    "groups": ((2, 4, 5, 5), (4, 3, 3, 3), {"group": 2, "strides": [2, 2]}),
    "depthwise": ((2, 6, 5, 5), (6, 1, 2, 2), {"group": 6, "strides": [2, 2]}),
    "kernel_is_stride": ((2, 8, 5, 5), (8, 4, 2, 2), {"strides": [2, 2]}),
    "3d": ((2, 3, 3, 4, 3), (3, 2, 2, 2, 3), {"strides": [1, 2, 1]}),
    "same_upper": ((2, 3, 5, 4), (3, 4, 4, 4), {"auto_pad": "SAME_UPPER", "strides": [1, 3]}),
    "same_lower": ((2, 3, 5, 4), (3, 4, 4, 4), {"auto_pad": "SAME_LOWER", "strides": [1, 3]}),
    "same_upper_gaps": ((2, 3, 5, 4), (3, 4, 1, 2), {"auto_pad": "SAME_UPPER", "strides": [3, 3]}),
    "same_lower_gaps": ((2, 3, 5, 4), (3, 4, 2, 1), {"auto_pad": "SAME_LOWER", "strides": [4, 2], "output_padding": [1, 0]}),
}


def image_chain():
    """The trunk of an image network on images of any size: sizes of buffers are
    formulas that nothing orders."""
    x = random("x", (2, 3, 13, 10))
    w, grouped = random("w", (6, 3, 3, 3), low=-1, high=1), random("v", (4, 3, 3, 3), low=-1, high=1)
    scale, shift, mean = (random(n, (6,), low=-1, high=1) for n in ("scale", "shift", "mean"))
    variance = random("variance", (6,), low=0.5, high=2)
    y = conv(x, w, pads=[1, 1, 1, 1]).astype(np.float64)
    column = (1, -1, 1, 1)
    y = (y - mean.reshape(column)) / np.sqrt(variance.reshape(column) + 1e-5)
    y = np.maximum(y * scale.reshape(column) + shift.reshape(column), 0)
    y = y[:, :, :12, :].reshape(2, 6, 6, 2, 5, 2).max((3, 5))
    y = conv(y, grouped, pads=[1, 1, 1, 1], strides=[2, 2], group=2).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"], pads=[1, 1, 1, 1], name="first"),
        helper.make_node("BatchNormalization", ["a", "scale", "shift", "mean", "variance"], ["b"]),
        helper.make_node("Relu", ["b"], ["c"]),
        helper.make_node("MaxPool", ["c"], ["d"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Conv", ["d", "v"], ["y"], pads=[1, 1, 1, 1], strides=[2, 2], group=2),
    ]
    constants = {"w": w, "v": grouped, "scale": scale, "shift": shift, "mean": mean, "variance": variance}
    dims = {"x": ["n", "", "h", "w"], "y": ["n", "", "oh", "ow"]}
    return Case("image_chain", nodes, {"x": x}, constants, {"y": y}, dims=dims, scaled=1e-6)


def image_of(x, image, block, strides, pads, dilations):
    """Col2Im: adds each element at its place in a padded image."""
    rank = len(image)
    padded = [e + pads[i] + pads[i + rank] for i, e in enumerate(image)]
    count = [(p - (b - 1) * d - 1) // s + 1 for p, b, d, s in zip(padded, block, dilations, strides)]
    channels = x.shape[1] // int(np.prod(block))
    parts = x.reshape(x.shape[0], channels, *block, *count)
    y = np.zeros((x.shape[0], channels, *padded), x.dtype)
    for at in np.ndindex(*block):
        for window in np.ndindex(*count):
            place = tuple(w * s + a * d for w, s, a, d in zip(window, strides, at, dilations))
            y[(slice(None), slice(None), *place)] += parts[(slice(None), slice(None), *at, *window)]
    inner = tuple(slice(pads[i], pads[i] + e) for i, e in enumerate(image))
    return y[(slice(None), slice(None), *inner)]


def columns():
    for name, image, block, strides, pads, dilations in (
        ("plain", (5, 6), (2, 3), (1, 1), (0, 0, 0, 0), (1, 1)),
        ("strides", (7, 8), (3, 2), (2, 3), (0, 0, 0, 0), (1, 1)),
        ("pads", (6, 5), (3, 3), (2, 1), (1, 0, 1, 2), (1, 1)),
        ("dilations", (9, 8), (2, 3), (1, 2), (0, 1, 1, 0), (3, 2)),
        ("1d", (12,), (3,), (2,), (1, 1), (2,)),
        ("3d", (4, 5, 6), (2, 2, 3), (1, 2, 1), (0, 0, 0, 0, 1, 0), (1, 1, 2)),
        ("apart", (6, 6), (3, 2), (3, 2), (0, 0, 0, 0), (1, 1)),
    ):
        rank = len(image)
        padded = [e + pads[i] + pads[i + rank] for i, e in enumerate(image)]
        count = np.prod([(p - (b - 1) * d - 1) // s + 1 for p, b, d, s in zip(padded, block, dilations, strides)])
        x = random(f"col2im_{name}", (2, 3 * int(np.prod(block)), int(count)))
        want = image_of(x, image, block, strides, pads, dilations)
        attributes = {"strides": strides, "pads": pads, "dilations": dilations}
        inputs = [x, np.array(image), np.array(block)]
        yield op_case(f"col2im_{name}", "Col2Im", inputs, [want], attributes, constant=[1, 2], dynamic="rows", scaled=1e-6)


def cases():
    result = []

    def add(name, op, reference, x_shape, w_shape, attributes, dtype=np.float32, **more):
        """With bias and constant weights; then without; then as inputs."""
        x, w = random("x", x_shape, dtype), random("w", w_shape, dtype, -1, 1)
        filters = w_shape[0] if op == "Conv" else w_shape[1] * attributes.get("group", 1)
        b = random("b", (filters,), dtype)
        known = {k: v for k, v in attributes.items() if k != "auto_pad"}
        mode = attributes.get("auto_pad", "NOTSET")
        if mode.startswith("SAME"):
            rank = len(x_shape) - 2
            strides, kernel = known.get("strides", [1] * rank), w_shape[2:]
            if op == "Conv":
                known["pads"] = auto_pads(mode, x_shape[2:], kernel, strides, [1] * rank)
            else:
                known["pads"] = transposed_pads(mode, kernel, strides, known.get("output_padding", [0] * rank))
        shown = dict(attributes)
        if name != "2d":  # where it stands alone the shape of w says it
            shown["kernel_shape"] = list(w_shape[2:])
        more.setdefault("dynamic", "rows")
        more["scaled"] = SCALED[dtype]
        prefix = "conv_" if op == "Conv" else "convtranspose_"
        with_bias, without = reference(x, w, b, **known), reference(x, w, **known)
        result.append(op_case(prefix + name, op, [x, w, b], [with_bias], shown, constant=[1, 2], **more))
        if name in ("2d", "pads", "groups", "depthwise", "channels_32", "strides", "1d", "3d"):
            result.append(
                op_case(prefix + name + "_no_bias", op, [x, w], [without], shown, constant=[1], **more)
            )
            inputs = dict(more, dynamic=None)
            result.append(op_case(prefix + name + "_inputs", op, [x, w, b], [with_bias], shown, **inputs))

    for name, (x, w, attributes) in {**CONVS, **AUTO_PADS}.items():
        add(name, "Conv", conv, x, w, attributes)
    for name, (x, w, attributes) in TRANSPOSED.items():
        add(name, "ConvTranspose", conv_transpose, x, w, attributes)
    for dtype in (np.float64, np.float16):
        add(short(dtype), "Conv", conv, (2, 3, 8, 8), (5, 3, 3, 3), {"pads": [1, 1, 1, 1]}, dtype)
        add(short(dtype), "ConvTranspose", conv_transpose, (2, 3, 5, 5), (3, 4, 3, 3), {"strides": [2, 2]}, dtype)
    # The extents of the image are unknown as well.
    x, w = random("x", (2, 3, 9, 8)), random("w", (4, 3, 3, 3))
    attributes = {"pads": [1, 1, 1, 1], "strides": [2, 2]}
    want = conv(x, w, **attributes)
    dims = [["n", "", "h", "w"], ["n", "", "oh", "ow"]]
    result.append(
        op_case("conv_image", "Conv", [x, w], [want], attributes, constant=[1], dynamic=dims, scaled=1e-6)
    )
    result.append(image_chain())
    result += columns()
    # A NaN reaches the windows that hold it and no other.
    x, w = np.ones((1, 1, 6, 6), np.float32), np.ones((1, 1, 3, 3), np.float32)
    x[0, 0, 1, 1] = np.nan
    result.append(op_case("conv_nan", "Conv", [x, w], [conv(x, w)], constant=[1]))
    return result
