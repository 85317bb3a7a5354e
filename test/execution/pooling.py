"""Pooling: window, stride, pad, dilation, ceil mode, and what counts as padding."""

import itertools

import numpy as np

from case import op_case
from convolution import auto_pads
from elementwise import short
from values import random


def windows(x, kernel, strides, pads, dilations, ceil_mode, fill):
    """Yields (output index, the window's elements, how many are in image or pads).

    Elements are those of the image only; the second count also has the pads
    that were asked for, but not what ceil mode adds beyond them.
    """
    rank = len(kernel)
    outs = []
    for i in range(rank):
        room = x.shape[2 + i] + pads[i] + pads[rank + i] - (kernel[i] - 1) * dilations[i] - 1
        out = (-(-room // strides[i]) if ceil_mode else room // strides[i]) + 1
        # A window that starts in the padding at the end is left out.
        if ceil_mode and (out - 1) * strides[i] >= x.shape[2 + i] + pads[i]:
            out -= 1
        outs.append(out)
    for at in np.ndindex(*outs):
        ranges, counted = [], 1
        for i in range(rank):
            taps = [at[i] * strides[i] - pads[i] + k * dilations[i] for k in range(kernel[i])]
            counted *= sum(t < x.shape[2 + i] + pads[rank + i] for t in taps)
            ranges.append([t for t in taps if 0 <= t < x.shape[2 + i]])
        yield outs, at, ranges, counted


def pool(x, kind, kernel_shape, strides=None, pads=None, dilations=None, ceil_mode=0, count_include_pad=0, p=2):
    rank = x.ndim - 2
    strides, dilations = strides or [1] * rank, dilations or [1] * rank
    pads = pads or [0] * (2 * rank)
    y = indices = None
    for outs, at, ranges, counted in windows(x, kernel_shape, strides, pads, dilations, ceil_mode, 0):
        if y is None:
            y = np.zeros((*x.shape[:2], *outs), np.float64 if x.dtype.kind == "f" else x.dtype)
            indices = np.zeros(y.shape, np.int64)
        places = list(itertools.product(*ranges))
        elements = np.stack([x[(slice(None), slice(None)) + place] for place in places], -1)
        elements = elements.astype(y.dtype)
        if kind == "max":
            y[(..., *at)] = elements.max(-1)
            flat = np.array([np.ravel_multi_index(place, x.shape[2:]) for place in places])
            offset = np.arange(x.shape[0] * x.shape[1]).reshape(x.shape[:2]) * int(np.prod(x.shape[2:]))
            indices[(..., *at)] = flat[elements.argmax(-1)] + offset
        elif kind == "average":
            y[(..., *at)] = elements.sum(-1) / (counted if count_include_pad else len(places))
        else:
            y[(..., *at)] = (np.abs(elements) ** p).sum(-1) ** (1 / p)
    return y.astype(x.dtype), indices


POOLS = {
    "1d": ((2, 3, 11), {"kernel_shape": [3]}),
    "2d": ((2, 3, 8, 8), {"kernel_shape": [2, 2], "strides": [2, 2]}),
    "overlap": ((2, 3, 8, 9), {"kernel_shape": [3, 2]}),
    "pads": ((2, 3, 8, 8), {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "strides": [2, 2]}),
    "uneven_pads": ((2, 3, 7, 9), {"kernel_shape": [3, 3], "pads": [0, 1, 2, 1]}),
    "strides": ((2, 3, 11, 10), {"kernel_shape": [3, 3], "strides": [2, 3]}),
    "ceil": ((2, 3, 8, 9), {"kernel_shape": [3, 2], "strides": [2, 2], "ceil_mode": 1}),
    "ceil_pads": ((2, 3, 7, 8), {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1, "pads": [1, 1, 1, 1]}),
    "ceil_beyond": ((1, 1, 2, 2), {"kernel_shape": [1, 1], "strides": [2, 2], "ceil_mode": 1}),
    "dilations": ((2, 3, 9, 10), {"kernel_shape": [3, 2], "dilations": [2, 3]}),
    "whole": ((2, 3, 5, 7), {"kernel_shape": [5, 7]}),
    "channels_32": ((2, 32, 4, 4), {"kernel_shape": [2, 2], "strides": [2, 2]}),
    "no_batch_pads": ((0, 3, 8, 8), {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}),
    "3d": ((2, 3, 5, 6, 7), {"kernel_shape": [2, 3, 2], "strides": [2, 1, 2], "pads": [0, 1, 0, 1, 1, 1]}),
}


def padded_by_mode(shape, attributes):
    known = {k: v for k, v in attributes.items() if k != "auto_pad"}
    if attributes.get("auto_pad", "").startswith("SAME"):
        kernel = known["kernel_shape"]
        strides = known.get("strides", [1] * len(kernel))
        known["pads"] = auto_pads(attributes["auto_pad"], shape[2:], kernel, strides, [1] * len(kernel))
    return known


def cases():
    result = []

    def add(name, op, kind, shape, attributes, dtype=np.float32, **more):
        x = random("x", shape, dtype)
        y, _ = pool(x, kind, **padded_by_mode(shape, attributes))
        more.setdefault("dynamic", "rows")
        result.append(op_case(f"{op.lower()}_{name}", op, [x], [y], attributes, **more))

    auto = {
        "same_upper": {"kernel_shape": [3, 2], "strides": [2, 2], "auto_pad": "SAME_UPPER"},
        "same_lower": {"kernel_shape": [3, 2], "strides": [2, 2], "auto_pad": "SAME_LOWER"},
        "valid": {"kernel_shape": [3, 3], "auto_pad": "VALID"},
    }
    for name, (shape, attributes) in {**POOLS, **{k: ((2, 3, 8, 7), v) for k, v in auto.items()}}.items():
        add(name, "MaxPool", "max", shape, attributes)
        if "dilations" not in attributes:
            add(name, "AveragePool", "average", shape, attributes)
            add(name + "_include", "AveragePool", "average", shape, dict(attributes, count_include_pad=1))
        if "ceil_mode" not in attributes and "dilations" not in attributes:
            add(name, "LpPool", "lp", shape, attributes, rtol=1e-4)
    add("p1", "LpPool", "lp", *POOLS["strides"][:1], dict(POOLS["strides"][1], p=1))
    add("dilations", "AveragePool", "average", *POOLS["dilations"])
    for dtype in (np.float64, np.float16):
        add(short(dtype), "MaxPool", "max", *POOLS["pads"], dtype)
        add(short(dtype), "AveragePool", "average", *POOLS["pads"], dtype)
    for dtype in (np.int8, np.uint8):
        add(short(dtype), "MaxPool", "max", *POOLS["2d"], dtype)
    for name in ("2d", "pads"):
        shape, attributes = POOLS[name]
        x = random("x", shape)
        y, indices = pool(x, "max", **attributes)
        result.append(op_case(f"maxpool_indices_{name}", "MaxPool", [x], [y, indices], attributes, dynamic="batch"))
        # By columns of an image of 8 rows.
        rows, columns = np.divmod(indices % 64, 8)
        columns_first = indices - indices % 64 + columns * 8 + rows
        by_columns = dict(attributes, storage_order=1)
        result.append(op_case(f"maxpool_indices_columns_{name}", "MaxPool", [x], [y, columns_first], by_columns))
    # Padding is minus infinity: it never wins, not even against negatives.
    x = -1 - np.abs(random("x", (1, 2, 4, 4)))
    attributes = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
    result.append(op_case("maxpool_negative", "MaxPool", [x], [pool(x, "max", **attributes)[0]], attributes))
    x = np.full((1, 1, 4, 4), -np.inf, np.float32)
    result.append(op_case("maxpool_infinity", "MaxPool", [x], [pool(x, "max", **attributes)[0]], attributes))
    x = random("x", (1, 1, 4, 4))
    x[0, 0, 1, 2] = np.nan
    attributes = {"kernel_shape": [2, 2], "strides": [2, 2]}
    result.append(op_case("maxpool_nan", "MaxPool", [x], [pool(x, "max", **attributes)[0]], attributes))
    result.append(op_case("averagepool_nan", "AveragePool", [x], [pool(x, "average", **attributes)[0]], attributes))

    for rank, shape in {"1d": (2, 3, 11), "2d": (2, 3, 5, 7), "3d": (2, 3, 4, 5, 3), "point": (2, 3, 1, 1)}.items():
        x = random("x", shape)
        axes = tuple(range(2, len(shape)))
        wide = x.astype(np.float64)
        mean = wide.mean(axes, keepdims=True).astype(np.float32)
        result.append(
            op_case(f"globalaveragepool_{rank}", "GlobalAveragePool", [x], [mean], dynamic="rows", atol=1e-6)
        )
        most = x.max(axes, keepdims=True)
        result.append(op_case(f"globalmaxpool_{rank}", "GlobalMaxPool", [x], [most], dynamic="rows"))
        norm = np.sqrt((wide**2).sum(axes, keepdims=True)).astype(np.float32)
        result.append(op_case(f"globallppool_{rank}", "GlobalLpPool", [x], [norm], dynamic="rows"))
    for dtype in (np.float64, np.float16):
        x = random("x", (2, 3, 5, 7), dtype)
        mean = x.astype(np.float64).mean((2, 3), keepdims=True).astype(dtype)
        result.append(
            op_case(f"globalaveragepool_{short(dtype)}", "GlobalAveragePool", [x], [mean], dynamic="rows")
        )
    # The extents of the image are unknown.
    x = random("x", (2, 3, 8, 6))
    dims = [["n", "", "h", "w"], ["n", "", "oh", "ow"]]
    attributes = {"kernel_shape": [2, 2], "strides": [2, 2]}
    result.append(op_case("maxpool_image", "MaxPool", [x], [pool(x, "max", **attributes)[0]], attributes, dynamic=dims))
    dims = [["n", "", "h", "w"], ["n", "", "", ""]]
    mean = x.astype(np.float64).mean((2, 3), keepdims=True).astype(np.float32)
    result.append(op_case("globalaveragepool_image", "GlobalAveragePool", [x], [mean], dynamic=dims, atol=1e-6))
    return result
