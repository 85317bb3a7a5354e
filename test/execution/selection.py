"""Results whose extents the data decide."""

import numpy as np
from onnx import helper

from case import Case, op_case
from elementwise import short
from shape import ints
from values import random


def sparse(name, shape, dtype=np.float32):
    """Mostly zeros; of floats some are -0.0 and NaN."""
    x = random(name, shape, np.dtype(dtype), -9, 9) if np.dtype(dtype).kind != "b" else random(name, shape, np.bool_)
    x = x * (random(name + ".mask", shape, np.int64, 0, 3) == 0)
    x = np.asarray(x).astype(dtype)
    if x.dtype.kind == "f" and x.size > 4:
        x.flat[1], x.flat[3] = -0.0, np.nan
    return x


def nonzero():
    def case(name, x, dims=None):
        y = np.array(np.nonzero(x), np.int64)
        return op_case(f"nonzero_{name}", "NonZero", [x], [y], dynamic=dims)

    x = sparse("nz", (4, 5, 3))
    yield case("plain", x, [["a", "b", "c"], ["", ""]])
    yield case("vector", sparse("nzv", (37,)), [["n"], ["", ""]])
    yield case("matrix", sparse("nzm", (6, 9)), [["n", ""], ["", ""]])
    yield case("none", np.zeros((3, 4), np.float32), [["n", ""], ["", ""]])
    yield case("all", np.ones((2, 70), np.float32), [["", "n"], ["", ""]])
    yield case("empty", np.zeros((0, 4), np.float32))
    for dtype in (np.bool_, np.int32, np.int64, np.uint8, np.float64, np.float16):
        yield case(short(dtype), sparse("nzt", (5, 4), dtype), [["n", ""], ["", ""]])

    # What comes after has the extent that was found: an embedding of it, a sum.
    x = sparse("nzg", (40,))
    table = random("nztable", (40, 8))
    nodes = [
        helper.make_node("NonZero", ["x"], ["places"]),
        helper.make_node("Squeeze", ["places", "zero"], ["flat"]),
        helper.make_node("Gather", ["table", "flat"], ["rows"], axis=0),
        helper.make_node("Tanh", ["rows"], ["y"]),
        helper.make_node("ReduceSum", ["y", "zero"], ["total"], keepdims=0),
        helper.make_node("Shape", ["rows"], ["shape"]),
    ]
    (places,) = np.nonzero(x)
    y = np.tanh(table[places])
    outputs = {"y": y, "total": y.sum(0), "shape": np.array(y.shape)}
    dims = {"x": ["n"], "table": ["n", ""], "y": ["", ""]}
    yield Case("nonzero_used", nodes, {"x": x, "table": table}, {"zero": ints(0)}, outputs, dims=dims, atol=1e-6)


def compress():
    def case(name, x, condition, axis=None, dims=None):
        y = np.compress(condition, x, axis)
        attributes = {} if axis is None else {"axis": axis}
        return op_case(f"compress_{name}", "Compress", [x, condition], [y], attributes, dynamic=dims)

    x = random("cx", (6, 5, 4))
    for axis in (0, 1, 2, -1):
        condition = random(f"cc{axis}", (x.shape[axis],), np.bool_)
        dims = [["a", "b", "c"], ["abc"[axis]], ["", "", ""]]
        yield case(f"axis_{axis}".replace("-", "last"), x, condition, axis, dims)
    yield case("flat", x, random("cf", (120,), np.bool_), dims=[["a", "", ""], ["k"], [""]])
    yield case("short", x, np.array([False, True, True]), 0, [["a", "", ""], [""], ["", "", ""]])
    yield case("none", x, np.zeros(6, np.bool_), 0, [["a", "", ""], ["a"], ["", "", ""]])
    yield case("i32", random("ci", (9,), np.int32), random("cci", (9,), np.bool_), 0, [["n"], ["n"], [""]])
    yield case("bool", random("cb", (9, 2), np.bool_), random("ccb", (9,), np.bool_), 0, [["n", ""], ["n"], ["", ""]])


def unique_of(x, axis=None, is_sorted=True):
    """Values, first places, inverse, counts."""
    y, first, inverse, counts = np.unique(x, True, True, True, axis)
    inverse = inverse.reshape(-1)
    if not is_sorted:
        order = np.argsort(first, kind="stable")
        rank = np.argsort(order)
        y = np.take(y, order, 0 if axis is None else axis)
        first, counts, inverse = first[order], counts[order], rank[inverse]
    return [y] + [v.astype(np.int64) for v in (first, inverse, counts)]


def unique():
    def case(name, x, axis=None, is_sorted=1, dims=None):
        attributes = {"sorted": is_sorted, **({} if axis is None else {"axis": axis})}
        outputs = unique_of(x, axis, is_sorted)
        if dims:
            length = [[dims[0]]] if x.ndim == 1 else [[dims[axis] if axis is not None else ""]]
            dims = [dims, [""] * outputs[0].ndim, [""], *length, [""]]
        return op_case(f"unique_{name}", "Unique", [x], outputs, attributes, dynamic=dims)

    x = random("ux", (50,), np.int64, 0, 12)
    # These programs take long to compile: a few of each kind.
    yield case("vector_0", x, None, 0, ["n"])
    yield case("f32_1", x.astype(np.float32) / 3, None, 1, ["n"])
    rows = random("ur", (30, 3), np.int64, 0, 3)
    yield case("rows_0", rows, 0, 0, ["n", ""])
    yield case("columns_1", np.ascontiguousarray(rows.T), 1, 1)
    cube = random("uc", (4, 6, 2), np.int64, 0, 2)
    yield case("cube_last1", cube, -1)
    yield case("flattened", cube)
    yield case("same", np.full(9, 4, np.int64))
    yield case("one", np.array([3.5], np.float32))
    yield case("bool", random("ub", (9,), np.bool_))
    for dtype in (np.int8, np.float64):
        yield case(short(dtype), random("ut", (21,), dtype, 0, 5))
    only = op_case("unique_only", "Unique", [x], [unique_of(x)[0]], dynamic=[["n"], [""]])
    yield only


def suppressed(boxes, scores, most=0, overlap=0.0, least=None, is_centre=False):
    """Image, class, box: one box after the other, the best first."""
    chosen = []
    b = boxes.astype(np.float64)
    if is_centre:
        x, y, w, h = np.moveaxis(b, -1, 0)
        b = np.stack([y - h / 2, x - w / 2, y + h / 2, x + w / 2], -1)
    low, high = np.minimum(b[..., :2], b[..., 2:]), np.maximum(b[..., :2], b[..., 2:])
    for image in range(scores.shape[0]):
        for kind in range(scores.shape[1]):
            kept = []
            for i in np.argsort(-scores[image, kind], kind="stable"):
                if len(kept) >= most or (least is not None and not scores[image, kind, i] > least):
                    continue

                def clashes(j):
                    sides = np.minimum(high[image, i], high[image, j]) - np.maximum(low[image, i], low[image, j])
                    common = np.prod(np.maximum(sides, 0))
                    both = np.prod(high[image, i] - low[image, i]) + np.prod(high[image, j] - low[image, j])
                    return both - common > 0 and common / (both - common) > overlap

                if not any(clashes(j) for j in kept):
                    kept.append(i)
            chosen += [(image, kind, i) for i in kept]
    return np.array(chosen, np.int64).reshape(-1, 3)


def boxes_of(name, images, count):
    centre = random(name, (images, count, 2), np.float32, 0, 6)
    size = random(name + ".size", (images, count, 2), np.float32, 0.5, 3)
    return np.concatenate([centre - size / 2, centre + size / 2], -1)


def suppression():
    def case(name, boxes, scores, most=None, overlap=None, least=None, is_centre=0, dims=True):
        inputs = [boxes, scores]
        numbers = [
            None if most is None else ints(most),
            None if overlap is None else np.float32([overlap]),
            None if least is None else np.float32([least]),
        ]
        while numbers and numbers[-1] is None:
            numbers.pop()
        y = suppressed(boxes, scores, most or 0, overlap or 0.0, least, is_centre)
        shapes = [["b", "n", ""], ["b", "", "n"]] + [[""] for v in numbers if v is not None] + [["", ""]]
        return op_case(
            f"suppress_{name}",
            "NonMaxSuppression",
            inputs + numbers,
            [y],
            {"center_point_box": is_centre},
            dynamic=shapes if dims else None,
        )

    boxes, scores = boxes_of("nms", 2, 30), random("nmss", (2, 3, 30), np.float32, 0, 1)
    yield case("plain", boxes, scores, 5, 0.3, 0.2)
    yield case("all", boxes, scores, 30, 0.5)
    yield case("strict", boxes, scores, 30, 0.0, 0.5)
    yield case("none", boxes, scores, 30, 0.5, 2.0)
    yield case("no_number", boxes, scores)
    flipped = boxes[..., [2, 1, 0, 3]]
    yield case("flipped", flipped, scores, 8, 0.4, 0.1)
    centred = np.concatenate([(boxes[..., 1:2] + boxes[..., 3:4]) / 2, (boxes[..., :1] + boxes[..., 2:3]) / 2, boxes[..., 3:4] - boxes[..., 1:2], boxes[..., 2:3] - boxes[..., :1]], -1)
    yield case("centre", centred, scores, 8, 0.4, 0.1, 1)
    same = np.repeat(boxes[:1, :1], 10, 1)
    yield case("same", same, random("same", (1, 1, 10), np.float32, 0, 1), 3, 0.5, 0.0)
    yield case("ties", boxes[:1], np.full((1, 1, 30), 0.5, np.float32), 9, 0.3, 0.1)
    yield case("one", boxes[:1, :1], scores[:1, :1, :1], 3, 0.5, 0.0, dims=False)


def cases():
    return [*nonzero(), *compress(), *unique(), *suppression()]
