"""The largest and smallest elements, in order."""

import numpy as np

from case import OLD_OPSET, op_case
from elementwise import short
from shape import ints
from values import random


def top(x, k, axis=-1, largest=1):
    """Ties: the lower index first. NaN is the largest."""
    order = np.argsort(x, axis, kind="stable")
    if largest:
        flipped = np.flip(x, axis)
        order = np.flip(x.shape[axis] - 1 - np.argsort(flipped, axis, kind="stable"), axis)
    order = np.take(order, np.arange(k), axis)
    return np.take_along_axis(x, order, axis), order


def cases():
    result = []

    def add(name, x, k, axis=-1, largest=1, **more):
        attributes = {"axis": axis, "largest": largest}
        values, places = top(x, k, axis, largest)
        more.setdefault("dynamic", "rows" if axis else None)
        result.append(
            op_case(f"topk_{name}", "TopK", [x, ints(k)], [values, places], attributes, constant=[1], **more)
        )

    x = random("x", (4, 17))
    for k in (0, 1, 2, 5, 16, 17):
        add(f"largest_{k}", x, k)
        add(f"smallest_{k}", x, k, largest=0)
    x = random("x", (3, 9, 5))
    add("middle", x, 4, 1)
    add("first", x, 2, 0)
    add("vector", x[0, :, 0], 3, 0)
    add("ties", np.tile(np.float32([1, 2, 1, 2, 2, 1]), (2, 3)), 13)
    add("ties_smallest", np.tile(np.float32([1, 2, 1, 2, 2, 1]), (2, 3)), 13, largest=0)
    add("one", np.float32([[3], [4]]), 1)
    add("long", random("x", (1, 5000)), 700)
    add("sort", random("x", (2, 1000)), 1000, largest=0)
    for dtype in (np.float64, np.float16, np.int32, np.int64, np.int8, np.uint8, np.uint64):
        add(short(dtype), random("x", (3, 11), dtype, -100, 100), 6)
        add(f"smallest_{short(dtype)}", random("x", (3, 11), dtype, -100, 100), 6, largest=0)
    infinite = np.float32([[1, np.inf, -np.inf, 0, -0.0, 2]])
    add("infinite", infinite, 6)
    values, places = top(x[0], 3)
    result.append(op_case("topk_old", "TopK", [x[0]], [values, places], {"axis": -1, "k": 3}, opset=OLD_OPSET, dynamic="rows"))
    return result
