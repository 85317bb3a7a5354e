"""Ops that take or put elements at places that a tensor holds."""

import numpy as np

from case import OLD_OPSET, op_case
from elementwise import short
from shape import DTYPES_MOVED, ints
from values import random


def gather():
    x = random("x", (5, 4, 3))
    table = {
        # indices, axis
        "rows": (ints(2, 0, 4), 0),
        "middle": (ints(3, 3, 0, 1), 1),
        "last": (ints(2, 0), -1),
        "matrix": (np.array([[1, 0, 2], [2, 2, 1]]), 1),
        "negative": (ints(-1, 0, -4), 1),
        "none": (np.zeros((0,), np.int64), 1),
    }
    for name, (indices, axis) in table.items():
        want = np.take(x, indices, axis)
        attributes = {"axis": axis}
        rows = "rows" if axis != 0 else None
        yield op_case(f"gather_{name}", "Gather", [x, indices], [want], attributes, dynamic=rows)
        constant = op_case(
            f"gather_{name}_constant", "Gather", [x, indices], [want], attributes, constant=[1], dynamic=rows
        )
        yield constant
    for name, index in (("first", 0), ("inner", 2), ("back", -1)):
        index = np.int64(index)
        yield op_case(f"gather_{name}", "Gather", [x, index], [np.take(x, index, 1)], {"axis": 1}, dynamic="rows")
        yield op_case(
            f"gather_{name}_constant", "Gather", [x, index], [np.take(x, index, 1)], {"axis": 1},
            constant=[1], dynamic="rows",
        )
    evenly = ints(0, 2)
    yield op_case("gather_evenly", "Gather", [x, evenly], [x[:, [0, 2]]], {"axis": 1}, constant=[1], dynamic="rows")
    # An embedding: few rows of many, long enough for vectors and their rests.
    table = random("table", (50, 37))
    tokens = np.random.default_rng(1).integers(0, 50, (3, 7))
    dims = [["", ""], ["b", "s"], ["b", "s", ""]]
    yield op_case("gather_embedding", "Gather", [table, tokens], [table[tokens]], dynamic=dims)
    yield op_case("gather_parameter", "Gather", [table, tokens], [table[tokens]], constant=[0], dynamic=[["b", "s"], ["b", "s", ""]])
    wide = random("wide", (6, 768))
    yield op_case("gather_wide", "Gather", [wide, ints(5, 0, 3)], [wide[[5, 0, 3]]])
    yield op_case("gather_index_i32", "Gather", [x, np.int32([1, 2])], [x[:, [1, 2]]], {"axis": 1}, dynamic="rows")
    for dtype in DTYPES_MOVED[1:]:
        x = random("x", (3, 5), dtype)
        yield op_case(f"gather_{short(dtype)}", "Gather", [x, ints(4, 1, 1)], [x[:, [4, 1, 1]]], {"axis": 1}, dynamic="rows")
    yield op_case("gather_old", "Gather", [x, ints(4, 1)], [x[:, [4, 1]]], {"axis": 1}, opset=OLD_OPSET, dynamic="rows")


def gather_elements():
    x = random("x", (3, 4, 5))
    indices = random("i", (3, 4, 5), np.int64, -4, 4)
    want = np.take_along_axis(x, indices, 1)
    yield op_case("gatherelements_middle", "GatherElements", [x, indices], [want], {"axis": 1}, dynamic="rows")
    indices = random("i", (3, 4, 2), np.int64, -5, 5)
    want = np.take_along_axis(x, indices, 2)
    yield op_case("gatherelements_last", "GatherElements", [x, indices], [want], {"axis": -1}, dynamic="rows")
    indices = random("i", (7, 2, 5), np.int64, 0, 3)
    want = np.take_along_axis(x[:, :2], indices, 0)
    yield op_case("gatherelements_fewer", "GatherElements", [x, indices], [want], {"axis": 0})
    for dtype in DTYPES_MOVED[1:]:
        x = random("x", (3, 5), dtype)
        indices = random("i", (3, 2), np.int32, 0, 5)
        want = np.take_along_axis(x, indices, 1)
        yield op_case(f"gatherelements_{short(dtype)}", "GatherElements", [x, indices], [want], {"axis": 1}, dynamic="rows")


def gather_nd():
    x = random("x", (3, 4, 5, 2))
    indices = np.array([[0, 1], [2, -1], [1, 3]])
    want = x[tuple(indices.T)]
    yield op_case("gathernd_pairs", "GatherND", [x, indices], [want])
    indices = np.array([[[0, 1, 2, 1]], [[2, 3, -5, 0]]])
    want = x[tuple(np.moveaxis(indices, -1, 0))]
    yield op_case("gathernd_all", "GatherND", [x, indices], [want])
    indices = np.array([[[1], [0]], [[3], [3]], [[-2], [2]]])
    want = np.stack([x[b][indices[b, :, 0]] for b in range(3)])
    dims = [["n", "", "", ""], ["n", "", ""], ["n", "", "", ""]]
    yield op_case("gathernd_batch", "GatherND", [x, indices], [want], {"batch_dims": 1}, dynamic=dims)
    for dtype in DTYPES_MOVED[1:]:
        x = random("x", (3, 5), dtype)
        indices = np.array([[0, 1], [2, 4]])
        yield op_case(f"gathernd_{short(dtype)}", "GatherND", [x, indices], [x[[0, 2], [1, 4]]])


REDUCTIONS = {
    "none": lambda old, new: new,
    "add": lambda old, new: old + new,
    "mul": lambda old, new: old * new,
    "max": np.maximum,
    "min": np.minimum,
}


def scattered_elements(x, indices, updates, axis, reduction="none"):
    result = x.copy()
    for at in np.ndindex(*indices.shape):
        place = list(at)
        place[axis] = indices[at]
        place = tuple(place)
        result[place] = REDUCTIONS[reduction](result[place], updates[at])
    return result


def scatter_elements():
    x = random("x", (3, 4, 5))
    # Each place at most once: which of several is set is not said.
    order = np.random.default_rng(2).permuted(np.tile(np.arange(4), (3, 5, 1)), axis=2)
    indices = np.moveaxis(order[:, :, :3], 2, 1) - np.array([0, 4, 0]).reshape(1, 3, 1)
    updates = random("u", indices.shape)
    want = scattered_elements(x, indices, updates, 1)
    yield op_case("scatterelements_middle", "ScatterElements", [x, indices, updates], [want], {"axis": 1}, dynamic="rows")
    yield op_case("scatter_old", "Scatter", [x, indices % 4, updates], [want], {"axis": 1}, opset=OLD_OPSET, dynamic="rows")
    few = indices[:2, :, 1:3]
    want = scattered_elements(x, few, updates[:2, :, :2], 1)
    yield op_case("scatterelements_fewer", "ScatterElements", [x, few, updates[:2, :, :2]], [want], {"axis": 1})
    indices = random("i", (3, 9, 5), np.int64, -4, 4)
    updates = random("u", (3, 9, 5))
    for reduction in ("add", "mul", "max", "min"):
        want = scattered_elements(x, indices, updates, 1, reduction)
        yield op_case(
            f"scatterelements_{reduction}", "ScatterElements", [x, indices, updates], [want],
            {"axis": 1, "reduction": reduction}, dynamic="rows",
        )
    for dtype in DTYPES_MOVED[1:]:
        x, updates = random("x", (3, 5), dtype), random("u", (3, 2), dtype)
        indices = np.array([[0, 4], [2, 1], [-1, 0]])
        want = scattered_elements(x, indices, updates, 1)
        yield op_case(
            f"scatterelements_{short(dtype)}", "ScatterElements", [x, indices, updates], [want], {"axis": 1}, dynamic="rows"
        )
    for dtype in (np.float64, np.int32, np.int64, np.uint8):
        x, updates = random("x", (3, 5), dtype), random("u", (3, 4), dtype)
        indices = np.array([[0, 4, 0, 0], [2, 1, 1, 2], [3, 0, 3, 3]])
        want = scattered_elements(x, indices, updates, 1, "max")
        yield op_case(
            f"scatterelements_max_{short(dtype)}", "ScatterElements", [x, indices, updates], [want],
            {"axis": 1, "reduction": "max"}, dynamic="rows",
        )


def scatter_nd():
    def want_of(x, indices, updates, reduction="none"):
        result = x.copy()
        for at in np.ndindex(*indices.shape[:-1]):
            place = tuple(indices[at])
            result[place] = REDUCTIONS[reduction](result[place], updates[at])
        return result

    x = random("x", (6, 4, 5))
    rows, updates = np.array([[4], [0], [-1]]), random("u", (3, 4, 5))
    yield op_case("scatternd_rows", "ScatterND", [x, rows, updates], [want_of(x, rows, updates)])
    dims = [["", "", ""], ["k", ""], ["k", "", ""], ["", "", ""]]
    yield op_case("scatternd_count", "ScatterND", [x, rows, updates], [want_of(x, rows, updates)], dynamic=dims)
    pairs, updates = np.array([[4, 0], [0, 2], [-1, -1]]), random("u", (3, 5))
    yield op_case("scatternd_pairs", "ScatterND", [x, pairs, updates], [want_of(x, pairs, updates)])
    all_dims, updates = np.array([[[4, 0, 1]], [[0, 2, -2]]]), random("u", (2, 1))
    yield op_case("scatternd_all", "ScatterND", [x, all_dims, updates], [want_of(x, all_dims, updates)])
    one, updates = np.array([[3]]), random("u", (1, 4, 5))
    yield op_case("scatternd_one", "ScatterND", [x, one, updates], [want_of(x, one, updates)])
    element, updates = np.array([2, 1, 3]), np.float32(7)
    want = x.copy()
    want[2, 1, 3] = 7
    yield op_case("scatternd_element", "ScatterND", [x, element, updates], [want])
    none, updates = np.zeros((0, 1), np.int64), np.zeros((0, 4, 5), np.float32)
    yield op_case("scatternd_none", "ScatterND", [x, none, updates], [x])
    twice, updates = np.array([[4], [0], [4], [4]]), random("u", (4, 4, 5))
    for reduction in ("add", "mul", "max", "min"):
        want = want_of(x, twice, updates, reduction)
        yield op_case(f"scatternd_{reduction}", "ScatterND", [x, twice, updates], [want], {"reduction": reduction})
    for dtype in DTYPES_MOVED[1:]:
        x, updates = random("x", (6, 3), dtype), random("u", (2, 3), dtype)
        rows = np.array([[4], [1]])
        yield op_case(f"scatternd_{short(dtype)}", "ScatterND", [x, rows, updates], [want_of(x, rows, updates)])


def positions():
    indices = ints(1, 0, 3, -1, 7, -9)
    for axis, shape in ((-1, (6, 4)), (0, (4, 6))):
        want = np.full(shape, 2, np.float32)
        for i, index in enumerate(indices):
            if -4 <= index < 4:
                want[(i, index % 4) if axis else (index % 4, i)] = 5
        name = "last" if axis else "first"
        rows = "batch" if axis else None
        yield op_case(
            f"onehot_{name}", "OneHot", [indices, np.int64(4), np.float32([2, 5])], [want], {"axis": axis},
            constant=[1], dynamic=rows,
        )
    want = np.eye(3, dtype=np.int32)[[2, 0, 1]]
    yield op_case("onehot_i32", "OneHot", [np.int32([2, 0, 1]), np.float32(3), np.int32([0, 1])], [want], constant=[1, 2])
    want = np.eye(3, dtype=np.float64)[[2, 0]]
    yield op_case("onehot_f64", "OneHot", [np.float32([2, 0]), np.int64(3), np.float64([0, 1])], [want], constant=[1])
    x = random("x", (3, 4, 5))
    for k in (None, 0, 1, -2, 9, -9):
        for upper in (1, 0):
            name = "default" if k is None else str(k).replace("-", "minus_")
            want = (np.triu if upper else np.tril)(x, k or 0)
            inputs = [x] if k is None else [x, np.int64(k)]
            constant = [1] if k == 1 else []
            yield op_case(
                f"trilu_{'upper' if upper else 'lower'}_{name}", "Trilu", inputs, [want], {"upper": upper},
                constant=constant, dynamic="rows" if k != 0 else None,
            )
    for dtype in DTYPES_MOVED[1:]:
        x = random("x", (3, 4, 4), dtype)
        yield op_case(f"trilu_{short(dtype)}", "Trilu", [x], [np.triu(x)], dynamic="rows")
    x, lengths = random("x", (4, 3, 2)), ints(4, 1, 0)
    want = x.copy()
    for b, length in enumerate(lengths):
        want[:length, b] = x[:length, b][::-1]
    yield op_case("reversesequence_time", "ReverseSequence", [x, lengths], [want])
    x = random("x", (3, 4, 2))
    want = x.copy()
    for b, length in enumerate(lengths):
        want[b, :length] = x[b, :length][::-1]
    attributes = {"time_axis": 1, "batch_axis": 0}
    dims = [["b", "", ""], ["b"], ["b", "", ""]]
    yield op_case("reversesequence_batch", "ReverseSequence", [x, lengths], [want], attributes, dynamic=dims)


def sums():
    x = random("x", (3, 5, 4))
    for axis in (0, 1, 2, -1):
        for exclusive in (0, 1):
            for reverse in (0, 1):
                y = np.flip(x, axis) if reverse else x
                want = np.cumsum(y, axis, dtype=np.float32)
                want = want - y if exclusive else want
                want = np.flip(want, axis) if reverse else want
                name = str(axis).replace("-", "minus_") + ("_exclusive" if exclusive else "") + ("_reverse" if reverse else "")
                yield op_case(
                    f"cumsum_{name}", "CumSum", [x, np.int64(axis)], [want],
                    {"exclusive": exclusive, "reverse": reverse}, constant=[1], dynamic="rows" if axis else None,
                    atol=1e-5,
                )
    for dtype in (np.float64, np.int32, np.int64):
        x = random("x", (3, 5), dtype)
        yield op_case(
            f"cumsum_{short(dtype)}", "CumSum", [x, np.int32(1)], [np.cumsum(x, 1, dtype=dtype)], constant=[1], dynamic="rows"
        )
    yield from products()
    empty = np.zeros((3, 0), np.float32)
    yield op_case("cumsum_empty", "CumSum", [empty, np.int64(1)], [empty], constant=[1])
    x = random("x", (1, 70, 33))
    yield op_case("cumsum_one_row", "CumSum", [x, np.int64(1)], [np.cumsum(x, 1, dtype=np.float32)], constant=[1], atol=1e-4)


def products():
    x = random("cumprod", (4, 5, 3), np.float32, -1.5, 1.5)
    for exclusive, reverse, axis in np.ndindex(2, 2, 3):
        y = np.cumprod(np.flip(x, axis) if reverse else x, axis, dtype=np.float32)
        if exclusive:
            y = np.concatenate([np.ones_like(np.take(y, [0], axis)), np.delete(y, -1, axis)], axis)
        want = np.ascontiguousarray(np.flip(y, axis) if reverse else y)
        yield op_case(
            f"cumprod_{axis}_{exclusive}{reverse}", "CumProd", [x, np.int64(axis)], [want],
            {"exclusive": exclusive, "reverse": reverse}, constant=[1], opset=26,
            dynamic=[["n", "t", ""], ["n", "t", ""]], scaled=1e-6,
        )
    for dtype in (np.float64, np.float16, np.int32, np.int64):
        x = random("cumprodt", (3, 6), dtype, -4, 4)
        # Narrow floats are multiplied in f32.
        wide = np.float32 if dtype == np.float16 else dtype
        want = np.cumprod(x, -1, dtype=wide).astype(dtype)
        yield op_case(
            f"cumprod_{short(dtype)}", "CumProd", [x, np.int32(-1)], [want], constant=[1], opset=26, dynamic="rows"
        )


def unpooling():
    x = np.float32([[[[5, 6], [7, 8]]]])
    places = np.array([[[[5, 7], [13, 15]]]])
    want = np.zeros((1, 1, 4, 4), np.float32)
    want.reshape(-1)[places.reshape(-1)] = x.reshape(-1)
    attributes = {"kernel_shape": [2, 2], "strides": [2, 2]}
    yield op_case("maxunpool", "MaxUnpool", [x, places], [want], attributes)


def frequencies():
    """Terms of one word and of two, which may be apart."""
    x = random("words", (4, 9), np.int64, 0, 5)
    terms = [(3,), (0,), (1, 2), (4, 4), (0, 3), (9, 9)]
    pool = {"pool_int64s": [w for t in terms for w in t], "ngram_counts": [0, 2]}
    weights = [0.5, 2.0, 1.5, -1.0, 3.0, 0.25]
    for mode, skip, columns in (("TF", 0, [4, 0, 7, 2, 1, 3]), ("IDF", 2, range(6)), ("TFIDF", 1, range(6))):
        want = np.zeros((4, max(columns) + 1), np.float32)
        for term, column in zip(terms, columns):
            for distance in range(1, 2 + skip if len(term) > 1 else 2):
                last = x.shape[1] - distance * (len(term) - 1)
                hits = [x[:, k * distance : k * distance + last] == w for k, w in enumerate(term)]
                want[:, column] += np.all(hits, axis=0).sum(axis=1)
        if mode != "TF":
            want = (want if mode == "TFIDF" else want > 0) * np.array(weights, np.float32)
        attributes = {"mode": mode, "min_gram_length": 1, "max_gram_length": 2, "max_skip_count": skip, **pool}
        attributes.update(ngram_indexes=list(columns), **({} if mode == "TF" else {"weights": weights}))
        yield op_case("tfidf_" + mode.lower(), "TfIdfVectorizer", [x], [want.astype(np.float32)], attributes, dynamic="rows")


def cases():
    result = []
    for part in (gather, gather_elements, gather_nd, scatter_elements, scatter_nd, positions, sums, unpooling, frequencies):
        result += part()
    return result
