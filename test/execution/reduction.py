"""Reductions: axes as input and as attribute, kept dims, no axes, empty dims."""

import numpy as np

from case import OLD_OPSET, OPSET, op_case
from elementwise import short
from values import random


def wide(function):
    """Reduces in f64 and rounds once; integers as they are."""

    def reduced(x, axes, keep):
        if x.dtype.kind == "f":
            with np.errstate(all="ignore"):
                return np.asarray(function(x.astype(np.float64), axis=axes, keepdims=keep)).astype(x.dtype)
        return np.asarray(function(x, axis=axes, keepdims=keep)).astype(x.dtype)

    return reduced


def log_sum_exp(x, axis, keepdims):
    most = np.max(x, axis=axis, keepdims=True)
    most = np.where(np.isfinite(most), most, 0)
    y = np.log(np.sum(np.exp(x - most), axis=axis, keepdims=True)) + most
    return y if keepdims else np.squeeze(y, axis=axis)


# op: (function, lowest random value, the opset since which axes are an input)
REDUCTIONS = {
    "ReduceSum": (wide(np.sum), -3, 13),
    "ReduceMean": (wide(np.mean), -3, 18),
    "ReduceMax": (wide(np.max), -3, 18),
    "ReduceMin": (wide(np.min), -3, 18),
    "ReduceProd": (wide(np.prod), -3, 18),
    "ReduceL1": (wide(lambda x, **k: np.sum(np.abs(x), **k)), -3, 18),
    "ReduceL2": (wide(lambda x, **k: np.sqrt(np.sum(x * x, **k))), -3, 18),
    "ReduceLogSum": (wide(lambda x, **k: np.log(np.sum(x, **k))), 0.1, 18),
    "ReduceLogSumExp": (wide(log_sum_exp), -3, 18),
    "ReduceSumSquare": (wide(lambda x, **k: np.sum(x * x, **k)), -3, 18),
}

# name: shape, axes (None: not given)
AXES = {
    "all": ((3, 5, 7), None),
    "last": ((3, 5, 7), [2]),
    "first": ((3, 5, 7), [0]),
    "middle": ((3, 5, 7), [1]),
    "two": ((3, 5, 7), [0, 2]),
    "negative": ((3, 5, 7), [-2]),
    "unsorted": ((3, 5, 2, 7), [3, 1]),
    "vector": ((37,), [0]),
    "ones": ((1, 5, 1), [0, 2]),
}


def numeric():
    for op, (function, low, as_input) in REDUCTIONS.items():
        name = op.lower()

        def reduce_case(suffix, x, axes, keep=True, attribute=False, given=True, more_attributes=None, **more):
            want = function(x, None if axes is None else tuple(axes), keep)
            attributes = dict(more_attributes or {})
            if given:
                attributes["keepdims"] = int(keep)
            inputs, constant, opset = [x], [], OPSET
            if attribute:
                opset = OLD_OPSET
                if axes is not None:
                    attributes["axes"] = axes
            elif axes is not None:
                inputs.append(np.array(axes, np.int64))
                constant = [1]
            more.setdefault("scaled", 1e-6 if x.dtype == np.float32 else None)
            return op_case(f"{name}_{suffix}", op, inputs, [want], attributes, constant, opset, **more)

        for suffix, (shape, axes) in AXES.items():
            x = random("x", shape, low=low)
            rows = "rows" if axes and 0 not in axes and shape[0] > 1 else None
            yield reduce_case(suffix, x, axes, dynamic=rows)
            if suffix in ("all", "last", "two"):
                yield reduce_case(suffix + "_dropped", x, axes, keep=False, dynamic=rows)
        x = random("x", (3, 5, 7), low=low)
        yield reduce_case("default", x, None, given=False)
        yield reduce_case("attribute", x, [1], attribute=True, dynamic="rows")
        yield reduce_case("attribute_dropped", x, [0, -1], keep=False, attribute=True)
        # The batch is what is reduced.
        want = function(x, (0,), True)
        yield op_case(
            f"{name}_batch", op, [x, np.array([0], np.int64)], [want], {}, [1],
            dynamic=[["n", "", ""], ["", "", ""]], scaled=1e-6,
        )
        # With no axes to reduce the rest of the formula still holds.
        noop, none = {"noop_with_empty_axes": 1}, np.array([], np.int64)
        want = function(x[..., None], (3,), False)
        yield op_case(f"{name}_noop", op, [x, none], [want], noop, [1], dynamic="rows")
        x64 = random("x", (3, 5, 7), np.float64, low=low)
        yield reduce_case("f64", x64, [1], dynamic="rows", scaled=1e-14)
        x16 = random("x", (3, 5, 7), np.float16, low=low)
        yield reduce_case("f16", x16, [1], dynamic="rows", scaled=2e-3)
        if op not in ("ReduceL2", "ReduceLogSum", "ReduceLogSumExp"):
            for dtype in (np.int32, np.int64):
                x = random("x", (3, 5, 7), dtype, -4, 5)
                yield reduce_case(short(dtype), x, [1], dynamic="rows")
        if op in ("ReduceMax", "ReduceMin"):
            for dtype in (np.uint8, np.int8):
                x = random("x", (3, 5), dtype, -99, 200 if dtype == np.uint8 else 99)
                yield reduce_case(short(dtype), x, [1], dynamic="rows")
            x = random("x", (3, 5), np.bool_)
            want = (np.max if op == "ReduceMax" else np.min)(x, axis=1, keepdims=True)
            axes = np.array([1], np.int64)
            yield op_case(f"{name}_bool", op, [x, axes], [want], {}, [1], dynamic="rows")
        # One long row: sums must not lose digits, and the tail is odd.
        x = random("x", (2, 4099), low=max(low, 0.9 if op == "ReduceProd" else low), high=1.1)
        yield reduce_case("long", x, [1], dynamic="rows", scaled=2e-6)
        x = random("x", (3, 4, 5), low=low)
        x[0, 0, 0], x[1, 1, 1], x[2, 2, 2] = np.nan, np.inf, -np.inf if low < 0 else np.inf
        yield reduce_case("special", x, [2], dynamic="rows")
        if op in ("ReduceSum", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare"):
            yield reduce_case("empty", np.zeros((2, 0, 4), np.float32), [1])
        if op in ("ReduceSum", "ReduceMax"):
            yield reduce_case("scalar", np.array(2.5, np.float32), None)


def index():
    for op, function in (("ArgMax", np.argmax), ("ArgMin", np.argmin)):
        name = op.lower()

        def arg_case(suffix, x, axis, keep=1, last=0, **more):
            axis_at = axis % x.ndim
            if last:
                want = x.shape[axis_at] - 1 - function(np.flip(x, axis_at), axis=axis_at)
            else:
                want = function(x, axis=axis_at)
            want = np.asarray(want, np.int64)
            if keep:
                want = np.expand_dims(want, axis_at)
            attributes = {"axis": axis, "keepdims": keep, "select_last_index": last}
            return op_case(f"{name}_{suffix}", op, [x], [want], attributes, opset=13, **more)

        x = random("x", (3, 5, 7))
        for axis in (0, 1, 2, -1):
            rows = "rows" if axis else None
            axis_name = str(axis).replace("-", "minus_")
            yield arg_case(f"axis_{axis_name}", x, axis, dynamic=rows)
            yield arg_case(f"axis_{axis_name}_dropped", x, axis, keep=0, dynamic=rows)
        for dtype in (np.float64, np.float16, np.int32, np.int64, np.int8, np.uint8):
            yield arg_case(short(dtype), random("x", (3, 9), dtype, -99, 99), 1, dynamic="rows")
        ties = random("ties", (3, 9), np.int32, 0, 3)
        yield arg_case("ties", ties, 1, dynamic="rows")
        yield arg_case("ties_last", ties, 1, last=1, dynamic="rows")
        yield arg_case("ties_last_float", ties.astype(np.float32), 1, last=1, dynamic="rows")
        yield arg_case("long", random("x", (2, 1031)), 1, dynamic="rows")
        x = np.array([[-np.inf, np.inf, 1], [-np.inf, -np.inf, -np.inf]], np.float32)
        yield arg_case("infinity", x, 1, dynamic="rows")
        x = random("x", (3, 5))
        yield op_case(f"{name}_default", op, [x], [function(x, axis=0)[None]], {})


def cases():
    return list(numeric()) + list(index())
