"""Normalizations: batch, layer, instance, group, Lp, softmax."""

import numpy as np

from case import OLD_OPSET, OPSET, op_case
from elementwise import short
from values import random

FLOATS = (np.float32, np.float64, np.float16)
SCALED = {np.float32: 1e-6, np.float64: 1e-9, np.float16: 2e-3}


def channels(v, rank):
    return v.reshape(1, -1, *[1] * (rank - 2))


def batch_norm():
    def norm_case(name, shape, dtype=np.float32, constant=(1, 2, 3, 4), epsilon=None, opset=OPSET, **more):
        x = random("x", shape, dtype)
        c = shape[1]
        scale, bias, mean = (random(n, (c,), dtype) for n in ("scale", "bias", "mean"))
        var = random("var", (c,), dtype, 0.1, 2)
        wide = [channels(v.astype(np.float64), len(shape)) for v in (scale, bias, mean, var)]
        y = (x - wide[2]) / np.sqrt(wide[3] + float(np.float32(epsilon or 1e-5))) * wide[0] + wide[1]
        attributes = {} if epsilon is None else {"epsilon": epsilon}
        return op_case(
            "batchnormalization_" + name, "BatchNormalization", [x, scale, bias, mean, var], [y.astype(dtype)],
            attributes, constant=constant, opset=opset, scaled=SCALED[dtype], dynamic="rows", **more,
        )

    yield norm_case("2d", (2, 5, 4, 3))
    yield norm_case("1d", (2, 5, 7))
    yield norm_case("3d", (2, 5, 2, 3, 4))
    yield norm_case("matrix", (3, 5))
    yield norm_case("epsilon", (2, 5, 4, 3), epsilon=0.25)
    yield norm_case("inputs", (2, 5, 4, 3), constant=())
    yield norm_case("old", (2, 5, 4, 3), opset=OLD_OPSET)
    yield norm_case("f64", (2, 5, 4, 3), np.float64)
    yield norm_case("f16", (2, 5, 4, 3), np.float16)


def softmax_of(x, axis, log=False):
    """Along one axis, or over several at once."""
    x = x.astype(np.float64)
    with np.errstate(all="ignore"):
        shifted = x - x.max(axis, keepdims=True)
        total = np.exp(shifted).sum(axis, keepdims=True)
        return shifted - np.log(total) if log else np.exp(shifted) / total


def softmax():
    for op, log in (("Softmax", False), ("LogSoftmax", True)):
        name = op.lower()

        def add(suffix, x, axis=None, opset=OPSET, **more):
            attributes = {} if axis is None else {"axis": axis}
            if opset < 13:
                # The tensor is taken for a matrix: all dims from the axis on.
                over = tuple(range((1 if axis is None else axis) % x.ndim, x.ndim))
            else:
                over = -1 if axis is None else axis
            want = softmax_of(x, over, log).astype(x.dtype)
            more.setdefault("scaled", SCALED[x.dtype.type])
            return op_case(f"{name}_{suffix}", op, [x], [want], attributes, opset=opset, **more)

        x = random("x", (3, 5, 7))
        yield add("default", x, dynamic="rows")
        for axis in (0, 1, 2, -1, -2):
            axis_name = str(axis).replace("-", "minus_")
            yield add(f"axis_{axis_name}", x, axis, dynamic="rows" if axis else None)
        yield add("old_default", x, opset=OLD_OPSET, dynamic="rows")
        for axis in (0, 1, 2):
            yield add(f"old_axis_{axis}", x, axis, opset=OLD_OPSET, dynamic="rows" if axis else None)
        for dtype in FLOATS[1:]:
            yield add(short(dtype), random("x", (3, 37), dtype), dynamic="rows")
        yield add("classes_10", random("x", (4, 10)), 1, dynamic="rows")
        yield add("classes_1000", random("x", (3, 1000)), 1, dynamic="rows")
        yield add("one", random("x", (3, 1)), 1, dynamic="rows")
        yield add("vector", random("x", (17,)), 0)
        # What overflows without the subtraction of the largest.
        yield add("large", np.array([[0, 1000, -1000], [88, 89, 90], [-1e30, 0, -1e30]], np.float32), dynamic="rows")
        masked = np.array([[0, -np.inf, 1], [-np.inf, -np.inf, 3], [np.nan, 1, 2]], np.float32)
        yield add("special", masked, dynamic="rows")


def layer():
    for dtype in FLOATS:
        for name, shape, axis in (("last", (3, 5, 16), -1), ("two", (3, 5, 7), 1), ("wide", (3, 771), 1)):
            x = random("x", shape, dtype)
            over = tuple(range(axis % len(shape), len(shape)))
            inner = [shape[i] for i in over]
            scale, bias = random("scale", inner, dtype), random("bias", inner, dtype)
            wide = x.astype(np.float64)
            mean, var = wide.mean(over, keepdims=True), wide.var(over, keepdims=True)
            y = (wide - mean) / np.sqrt(var + float(np.float32(1e-5)))
            with_bias = (y * scale + bias).astype(dtype)
            more = {"dynamic": "rows", "scaled": max(SCALED[dtype], 1e-6)}
            attributes = {"axis": axis}
            yield op_case(
                f"layernormalization_{name}_{short(dtype)}", "LayerNormalization", [x, scale, bias], [with_bias],
                attributes, constant=[1, 2], **more,
            )
            if dtype == np.float32:
                yield op_case(
                    f"layernormalization_{name}_no_bias", "LayerNormalization", [x, scale],
                    [(y * scale).astype(dtype)], attributes, constant=[1], **more,
                )
                outputs = [with_bias, mean.astype(dtype), (1 / np.sqrt(var + 1e-5)).astype(dtype)]
                yield op_case(
                    f"layernormalization_{name}_statistics", "LayerNormalization", [x, scale, bias], outputs,
                    attributes, constant=[1, 2], **more,
                )


def instance():
    for name, shape in (("2d", (2, 3, 5, 4)), ("1d", (2, 3, 9)), ("3d", (2, 3, 2, 3, 4))):
        x, scale, bias = random("x", shape), random("scale", (3,)), random("bias", (3,))
        over = tuple(range(2, len(shape)))
        wide = x.astype(np.float64)
        y = (wide - wide.mean(over, keepdims=True)) / np.sqrt(wide.var(over, keepdims=True) + 1e-5)
        y = y * channels(scale, x.ndim) + channels(bias, x.ndim)
        yield op_case(
            f"instancenormalization_{name}", "InstanceNormalization", [x, scale, bias], [y.astype(np.float32)],
            constant=[1, 2], dynamic="rows", scaled=1e-6,
        )
    x, scale, bias = random("x", (2, 6, 4, 3)), random("scale", (6,)), random("bias", (6,))
    grouped = x.astype(np.float64).reshape(2, 3, -1)
    y = (grouped - grouped.mean(2, keepdims=True)) / np.sqrt(grouped.var(2, keepdims=True) + 1e-5)
    y = y.reshape(x.shape) * channels(scale, 4) + channels(bias, 4)
    yield op_case(
        "groupnormalization", "GroupNormalization", [x, scale, bias], [y.astype(np.float32)],
        {"num_groups": 3}, constant=[1, 2], opset=21, dynamic="rows", scaled=1e-6,
    )


def old_group():
    """Before opset 21 the scale and the bias have an element a group."""
    x, scale, bias = random("x", (2, 6, 4, 3)), random("scale", (3,)), random("bias", (3,))
    grouped = x.astype(np.float64).reshape(2, 3, -1)
    y = (grouped - grouped.mean(2, keepdims=True)) / np.sqrt(grouped.var(2, keepdims=True) + 1e-5)
    y = y * scale.reshape(1, 3, 1) + bias.reshape(1, 3, 1)
    return op_case(
        "groupnormalization_18", "GroupNormalization", [x, scale, bias], [y.reshape(x.shape).astype(np.float32)],
        {"num_groups": 3}, constant=[1, 2], opset=18, dynamic="rows", scaled=1e-6,
    )


def rms():
    for dtype in FLOATS:
        for name, axis in (("last", -1), ("two", 1)):
            x = random("x", (3, 5, 16), dtype)
            over = tuple(range(axis % 3, 3))
            scale = random("scale", [x.shape[i] for i in over], dtype)
            wide = x.astype(np.float64)
            y = wide / np.sqrt((wide**2).mean(over, keepdims=True) + 1e-5) * scale
            yield op_case(
                f"rmsnormalization_{name}_{short(dtype)}", "RMSNormalization", [x, scale], [y.astype(dtype)],
                {"axis": axis}, constant=[1], opset=23, dynamic="rows", scaled=max(SCALED[dtype], 1e-6),
            )


def hardmax():
    x = random("x", (3, 4, 5))
    x[0, 1, 1] = x[0, 1, 3] = 5.0  # the first of two
    for name, axis, opset in (("last", -1, OPSET), ("middle", 1, OPSET), ("old", 1, OLD_OPSET)):
        flat = x.reshape(3, 20) if opset < 13 else np.moveaxis(x, axis, -1)
        y = np.zeros_like(flat)
        np.put_along_axis(y, flat.argmax(-1)[..., None], 1, -1)
        y = y.reshape(x.shape) if opset < 13 else np.moveaxis(y, -1, axis)
        yield op_case("hardmax_" + name, "Hardmax", [x], [y], {"axis": axis}, opset=opset, dynamic="rows")


def others():
    x = random("x", (3, 5, 7))
    for p, axis in ((1, 1), (2, 1), (2, -1), (1, 2)):
        wide = x.astype(np.float64)
        norm = (np.abs(wide) ** p).sum(axis, keepdims=True) ** (1 / p)
        name = f"lpnormalization_p{p}_axis_{axis}".replace("-", "minus_")
        yield op_case(
            name, "LpNormalization", [x], [(wide / norm).astype(np.float32)], {"p": p, "axis": axis}, dynamic="rows"
        )
    x = random("x", (3, 5, 4, 3)).astype(np.float32)
    wide = x.astype(np.float64)
    for name, axes in (("default", (0, 2, 3)), ("rows", (2, 3))):
        y = (wide - wide.mean(axes, keepdims=True)) / (wide.std(axes, keepdims=True) + 1e-9)
        attributes = {} if name == "default" else {"axes": list(axes)}
        yield op_case(
            f"meanvariancenormalization_{name}", "MeanVarianceNormalization", [x], [y.astype(np.float32)], attributes,
            dynamic="rows" if name == "rows" else None, scaled=1e-6, rtol=1e-4,
        )
    x = np.abs(random("x", (2, 5, 3, 3)))
    square = np.zeros_like(x, np.float64)
    for c in range(5):
        square[:, c] = (x[:, max(0, c - 1) : c + 2].astype(np.float64) ** 2).sum(1)
    y = x / (1.5 + 0.5 / 3 * square) ** 0.75
    attributes = {"size": 3, "alpha": 0.5, "beta": 0.75, "bias": 1.5}
    yield op_case("lrn", "LRN", [x], [y.astype(np.float32)], attributes, dynamic="rows")


def cases():
    return [c for part in (batch_norm, softmax, layer, instance, rms, hardmax, others) for c in part()] + [old_group()]
