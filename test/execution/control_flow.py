"""If, Loop and Scan; sequences and optional values as far as they are known."""

import numpy as np
from onnx import TensorProto, helper

from case import DTYPES, Case, constant_tensor
from values import random

FLOAT, INT, BOOL = np.float32, np.int64, np.bool_


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs, outputs, **attributes)


def constant(name, value, dtype=None):
    return node("Constant", [], [name], value=constant_tensor(name + ".value", np.asarray(value, dtype)))


def info(name, dtype, shape=None):
    return helper.make_tensor_value_info(name, DTYPES[np.dtype(dtype)], shape)


def graph(nodes, inputs, outputs, initializers=()):
    """Inputs and outputs as name -> (dtype, shape), the shape perhaps None."""
    return helper.make_graph(
        nodes,
        "body",
        [info(n, *i) for n, i in inputs.items()],
        [info(n, *i) for n, i in outputs.items()],
        [constant_tensor(n, a) for n, a in initializers],
    )


def branch(nodes, *outputs, dtype=FLOAT, initializers=()):
    return graph(nodes, {}, {o: (dtype, None) for o in outputs}, initializers)


def body(nodes, carried, scans=(), dtype=FLOAT, condition="go"):
    """A Loop's graph over (i, go), of which `carried` maps inputs to outputs."""
    inputs = {"i": (INT, []), "go": (BOOL, [])}
    inputs.update({n: (dtype, None) for n in carried})
    outputs = {condition: (BOOL, [])}
    if condition == "go":
        nodes = nodes + [node("Identity", ["go"], ["go_on"])]
        outputs = {"go_on": (BOOL, [])}
    # What is carried and collected has two names.
    nodes = nodes + [node("Identity", [n], [n + ".row"]) for n in scans if n in carried.values()]
    rows = [n + ".row" if n in carried.values() else n for n in scans]
    outputs.update({n: (dtype, None) for n in [*carried.values(), *rows]})
    return graph(nodes, inputs, outputs)


def case(name, nodes, inputs, outputs, constants=None, dims=None, **more):
    arrays = {n: np.asarray(a) for n, a in inputs.items()}
    return Case(name, nodes, arrays, constants or {}, outputs, dims=dims, **more)


def ifs():
    x = random("ifx", (3, 4))
    w = random("ifw", (4, 5))
    for taken in (True, False):
        label = "then" if taken else "else"
        c = np.array(taken)
        then = branch([node("Add", ["x", "x"], ["a"])], "a")
        other = branch([node("Tanh", ["x"], ["b"]), node("Mul", ["b", "x"], ["c"])], "c")
        flow = node("If", ["cond"], ["y"], then_branch=then, else_branch=other)
        y = x + x if taken else np.tanh(x) * x
        dims = {"x": ["n", ""], "y": ["n", ""]}
        yield case(f"if_{label}", [flow], {"cond": c, "x": x}, {"y": y}, dims=dims)
        # What follows is as long as either branch.
        then = branch([node("Neg", ["x"], ["a"])], "a")
        other = branch([node("Identity", ["x"], ["b"])], "b")
        flow = node("If", ["cond"], ["s"], then_branch=then, else_branch=other)
        nodes = [flow, node("Softmax", ["s"], ["t"], axis=0), node("Abs", ["t"], ["y"])]
        y = np.exp(-x if taken else x)
        dims = {"x": ["n", ""], "y": ["n", ""]}
        yield case(f"if_followed_{label}", nodes, {"cond": c, "x": x}, {"y": y / y.sum(0)}, dims=dims)
        # One element in a vector; a weight in one branch, two results.
        then = branch([node("MatMul", ["x", "w"], ["a"]), node("Relu", ["a"], ["b"])], "b", "a")
        other = branch([node("MatMul", ["x", "w"], ["a"]), node("Neg", ["a"], ["c"])], "a", "c")
        flow = node("If", ["cond"], ["y", "z"], then_branch=then, else_branch=other)
        m = x @ w
        expected = {"y": np.maximum(m, 0) if taken else m, "z": m if taken else -m}
        yield case(f"if_weights_{label}", [flow], {"cond": c[None], "x": x}, expected, {"w": w}, scaled=1e-6)
        # Branches of different shapes; the rest does not depend on which.
        then = branch([constant("a", np.ones((2, 3), FLOAT))], "a")
        other = branch([constant("b", np.full((5, 3), 2, FLOAT))], "b")
        flow = node("If", ["cond"], ["s"], then_branch=then, else_branch=other)
        reduce = node("ReduceSum", ["s", "axes"], ["y"], keepdims=0)
        shifted = node("Add", ["s", "row"], ["t"])
        most = node("ReduceMax", ["t", "axes"], ["z"], keepdims=0)
        row = random("ifrow", (1, 3))
        y = np.array([2.0] * 3 if taken else [10.0] * 3, FLOAT)
        z = (1 if taken else 2) + row[0]
        yield case(
            f"if_shapes_{label}",
            [flow, reduce, shifted, most],
            {"cond": c, "row": row},
            {"y": y, "z": z},
            {"axes": np.array([0])},
        )
        # A branch that is the outer tensor itself, or a constant of 8 bits.
        then = branch([node("Identity", ["u"], ["a"])], "a", dtype=np.uint8)
        other = branch([], "k", dtype=np.uint8, initializers=[("k", np.arange(3, dtype=np.uint8))])
        flow = node("If", ["cond"], ["y"], then_branch=then, else_branch=other)
        u = np.array([200, 7, 9], np.uint8)
        yield case(f"if_u8_{label}", [flow], {"cond": c, "u": u}, {"y": u if taken else np.arange(3, dtype=np.uint8)})
        # Windows that do not fit into what the other branch is for.
        windows = [
            node("Conv", ["x", "w8"], ["a"]),
            node("MaxPool", ["a"], ["b"], kernel_shape=[2]),
            node("ConvTranspose", ["x", "w3"], ["c"], pads=[3, 3]),
            node("Concat", ["b", "c"], ["d"], axis=2),
            node("ReduceMax", ["d"], ["e"]),
        ]
        other = branch([node("ReduceMax", ["x"], ["f"])], "f")
        flow = node("If", ["cond"], ["y"], then_branch=branch(windows, "e"), else_branch=other)
        v = random("ifv", (1, 1, 12 if taken else 2))
        w8, w3 = random("w8", (1, 1, 8)), random("w3", (1, 1, 3))
        most = [np.convolve(v[0, 0], w8[0, 0, ::-1], "valid"), np.convolve(v[0, 0], w3[0, 0])[3:-3]]
        y = np.max(np.concatenate(most) if taken else v).reshape(1, 1, 1)
        more = {"dims": {"x": ["", "", "n"]}, "scaled": 1e-6}
        yield case(f"if_windows_{label}", [flow], {"cond": c, "x": v}, {"y": y}, {"w8": w8, "w3": w3}, **more)
        # Decided by a tensor that is computed.
        test = [node("ReduceSum", ["x"], ["sum"], keepdims=0), node("Greater", ["sum", "limit"], ["cond"])]
        then = branch([node("Neg", ["x"], ["a"])], "a")
        other = branch([node("Identity", ["x"], ["b"])], "b")
        inner = node("If", ["second"], ["d"], then_branch=then, else_branch=other)
        outer = branch([inner, node("Exp", ["d"], ["e"])], "e")
        flow = node("If", ["cond"], ["y"], then_branch=outer, else_branch=branch([node("Abs", ["x"], ["f"])], "f"))
        for second in (True, False):
            limit = np.array(x.sum() - (1 if taken else -1), FLOAT)
            y = np.exp(-x if second else x) if taken else np.abs(x)
            inputs = {"x": x, "limit": limit, "second": np.array(second)}
            yield case(f"if_nested_{label}_{str(second).lower()}", test + [flow], inputs, {"y": y})

    # Known conditions: the other branch would not even be valid.
    rank = [node("Shape", ["x"], ["shape"]), node("Size", ["shape"], ["rank"]), node("Equal", ["rank", "three"], ["is3"])]
    squeeze = branch([node("Squeeze", ["x", "axes"], ["a"])], "a")
    keep = branch([node("Relu", ["x"], ["b"])], "b")
    flow = node("If", ["is3"], ["y"], then_branch=squeeze, else_branch=keep)
    constants = {"three": np.array(3), "axes": np.array([0])}
    dims = {"x": ["n", ""], "y": ["n", ""]}
    yield case("if_rank", rank + [flow], {"x": x}, {"y": np.maximum(x, 0)}, constants, dims)
    # As PyTorch writes it; what the pads of its models go through besides.
    test = rank + [node("Not", ["is3"], ["not3"]), node("Cast", ["not3"], ["flag"], to=TensorProto.BOOL)]
    flow = node("If", ["flag"], ["y"], then_branch=keep, else_branch=squeeze)
    yield case("if_rank_cast", test + [flow], {"x": x}, {"y": np.maximum(x, 0)}, constants, dims)
    pads = [
        node("Reshape", ["flat", "pairs"], ["matrix"]),
        node("Slice", ["matrix", "last", "before", "first", "last"], ["reversed"]),
        node("Transpose", ["reversed"], ["columns"], perm=[1, 0]),
        node("Reshape", ["columns", "last"], ["pads"]),
        node("Pad", ["x", "pads"], ["y"]),
    ]
    constants_of_pads = {
        "flat": np.array([1, 2, 0, 3]),
        "pairs": np.array([-1, 2]),
        "last": np.array([-1]),
        "before": np.array([np.iinfo(INT).min]),
        "first": np.array([0]),
    }
    yield case("pads_reversed", pads, {"x": x}, {"y": np.pad(x, ((0, 3), (1, 2)))}, constants_of_pads)
    flow = node("If", ["yes"], ["y"], then_branch=keep, else_branch=squeeze)
    yield case("if_constant", [flow], {"x": x}, {"y": np.maximum(x, 0)}, {"yes": np.array(True), "axes": np.array([0])})


def loops():
    x = random("loopx", (3, 4))
    # y = y * 0.5 + x, M times
    step = [node("Mul", ["y", "half"], ["h"]), node("Add", ["h", "x"], ["y1"])]
    half = {"half": np.array(0.5, FLOAT)}

    def repeated(times):
        y, rows = np.zeros_like(x), []
        for _ in range(times):
            y = y * FLOAT(0.5) + x
            rows.append(y)
        return y, np.array(rows, FLOAT).reshape(times, *x.shape)

    zero = {"zero": np.zeros((3, 4), FLOAT)}
    for times in (0, 1, 5):
        flow = node("Loop", ["m", "", "zero"], ["y"], body=body(step, {"y": "y1"}))
        dims = {}
        yield case(f"loop_constant_{times}", [flow], {"x": x}, {"y": repeated(times)[0]}, {**half, **zero, "m": np.array(times)})
        yield case(f"loop_runtime_{times}", [flow], {"x": x, "m": np.array(times)}, {"y": repeated(times)[0]}, {**half, **zero})
        scan = body(step, {"y": "y1"}, ["y1"])
        flow = node("Loop", ["m", "", "zero"], ["y", "ys"], body=scan)
        y, ys = repeated(times)
        yield case(f"loop_rows_{times}", [flow], {"x": x}, {"y": y, "ys": ys}, {**half, **zero, "m": np.array(times)})
        # As often as a tensor has rows.
        count = [node("Shape", ["t"], ["shape"]), node("Slice", ["shape", "from", "to"], ["m"])]
        scan = body(step + [node("Abs", ["y1"], ["row"])], {"y": "y1"}, ["row"])
        flow = node("Loop", ["m", "", "zero"], ["y", "ys"], body=scan)
        known = {**half, **zero, "from": np.array([0]), "to": np.array([1])}
        if times:
            t = random("loopt", (times, 2))
            dims = {"t": ["times", ""], "ys": ["times", "", ""]}
            yield case(f"loop_extent_{times}", count + [flow], {"x": x, "t": t}, {"y": y, "ys": np.abs(ys)}, known, dims)

    # Until a condition fails, with and without a bound, which may come first.
    grow = [
        node("Add", ["y", "x"], ["y1"]),
        node("ReduceMax", ["y1"], ["most"], keepdims=0),
        node("Less", ["most", "limit"], ["goes"]),
    ]
    big = np.abs(x) + 1
    for bound in (None, 3, 1000):
        y, times = np.zeros_like(big), 0
        while True:
            y, times = y + big, times + 1
            if not y.max() < 40 or times == bound:
                break
        constants = {**zero, "limit": np.array(40, FLOAT), "no_end": np.array(np.iinfo(INT).max)}
        flow = node("Loop", ["m" if bound else "no_end", "", "zero"], ["y"], body=body(grow, {"y": "y1"}, condition="goes"))
        if bound:
            constants["m"] = np.array(bound)
        yield case(f"loop_until_{bound}", [flow], {"x": big}, {"y": y}, constants)
        flow = node("Loop", ["", "yes", "zero"], ["y"], body=body(grow, {"y": "y1"}, condition="goes"))
        if bound == 3:
            # Rows of which fewer are made than there is room for.
            scan = body(grow, {"y": "y1"}, ["y1"], condition="goes")
            flow = node("Loop", ["room", "", "zero"], ["y", "ys"], body=scan)
            total = node("ReduceSum", ["ys", "first"], ["z"], keepdims=0)
            n = 1
            while big.max() * n < 40:
                n += 1
            z = sum(big * i for i in range(1, n + 1)).astype(FLOAT)
            more = {"room": np.array(100), "first": np.array([0])}
            outputs = {"y": big * n, "z": z}
            yield case("loop_fewer_rows", [flow, total], {"x": big}, outputs, {**constants, **more}, scaled=1e-6)
    for begins in (True, False):
        label = str(begins).lower()
        flow = node("Loop", ["", "begins", "zero"], ["y"], body=body(grow, {"y": "y1"}, condition="goes"))
        y = np.zeros_like(big)
        while begins:
            y = y + big
            if not y.max() < 40:
                break
        constants = {**zero, "limit": np.array(40, FLOAT)}
        yield case(f"loop_begins_{label}", [flow], {"x": big, "begins": np.array(begins)}, {"y": y}, constants)
        flow = node("Loop", ["m", "begins", "zero"], ["y"], body=body(step, {"y": "y1"}))
        yield case(
            f"loop_all_or_none_{label}",
            [flow],
            {"x": x, "begins": np.array(begins)},
            {"y": repeated(4 if begins else 0)[0]},
            {**half, **zero, "m": np.array(4)},
        )
    never = [constant("stop", np.array(False))]
    flow = node("Loop", ["", "", "zero"], ["y"], body=body(step + never, {"y": "y1"}, condition="stop"))
    yield case("loop_once", [flow], {"x": x}, {"y": x}, {**half, **zero})

    # Carries that change places, one that stays, one that is dropped.
    a, b = random("loopa", (4,)), random("loopb", (4,))
    swap = [node("Add", ["a", "b"], ["c"]), node("Identity", ["b"], ["b1"]), node("Identity", ["k"], ["k1"])]
    flow = node("Loop", ["m", "", "a0", "b0", "k0"], ["a", "b", "k"], body=body(swap, {"a": "b1", "b": "c", "k": "k1"}))
    p, q = a, b
    for _ in range(6):
        p, q = q, p + q
    yield case("loop_swap", [flow], {"a0": a, "b0": b, "k0": a}, {"a": p, "b": q, "k": a}, {"m": np.array(6)}, scaled=1e-6)

    # The number of the iteration as a value and as an index.
    number = [
        node("Cast", ["i"], ["f"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["i", "first"], ["at"]),
        node("Add", ["at", "one"], ["end"]),
        node("Slice", ["x", "at", "end"], ["row"]),
        node("Mul", ["row", "f"], ["scaled"]),
        node("Add", ["y", "scaled"], ["y1"]),
    ]
    flow = node("Loop", ["m", "", "zero"], ["y", "rows"], body=body(number, {"y": "y1"}, ["scaled"]))
    scaled = (x * np.arange(3)[:, None]).astype(FLOAT)
    y = np.zeros((1, 4), FLOAT)
    for row in scaled:
        y = y + row
    constants = {"zero": np.zeros((1, 4), FLOAT), "m": np.array(3), "one": np.array([1]), "first": np.array([0])}
    yield case("loop_number", [flow], {"x": x}, {"y": y, "rows": scaled[:, None]}, constants)

    # A loop and a branch in a loop; the inner one reads what the outer one carries.
    inner = body([node("Mul", ["z", "y"], ["p"]), node("Add", ["p", "x"], ["z1"])], {"z": "z1"})
    odd = [node("Mod", ["i", "two"], ["odd"]), node("Cast", ["odd"], ["is_odd"], to=TensorProto.BOOL)]
    pick = node(
        "If",
        ["is_odd"],
        ["y1"],
        then_branch=branch([node("Tanh", ["zs"], ["u"])], "u"),
        else_branch=branch([node("Sub", ["zs", "y"], ["v"])], "v"),
    )
    nodes = odd + [node("Loop", ["m2", "", "y"], ["zs"], body=inner), pick]
    flow = node("Loop", ["m", "", "zero"], ["y", "ys"], body=body(nodes, {"y": "y1"}, ["zs"]))
    y, ys = np.zeros_like(x), []
    small = x / 4
    for i in range(4):
        z = y
        for _ in range(3):
            z = z * y + small
        ys.append(z)
        y = np.tanh(z) if i % 2 else z - y
    constants = {**zero, "m": np.array(4), "m2": np.array(3), "two": np.array(2)}
    yield case("loop_nested", [flow], {"x": small}, {"y": y, "ys": np.array(ys)}, constants, atol=1e-6)

    # A product with a weight in the loop, over a dynamic batch.
    w = random("loopw", (24, 24)) / 6
    step = [node("MatMul", ["y", "w"], ["p"]), node("Tanh", ["p"], ["y1"])]
    flow = node("Loop", ["m", "", "x"], ["y", "ys"], body=body(step, {"y": "y1"}, ["y1"]))
    x = random("loopxw", (3, 24))
    y, ys = x, []
    for _ in range(7):
        y = np.tanh(y @ w)
        ys.append(y)
    dims = {"x": ["n", ""], "y": ["n", ""], "ys": ["", "n", ""]}
    yield case("loop_weights", [flow], {"x": x}, {"y": y, "ys": np.array(ys)}, {"w": w, "m": np.array(7)}, dims, atol=1e-5)

    # Rows without elements.
    nothing = np.zeros((3, 0), FLOAT)
    flow = node("Loop", ["m", "", "x"], ["y", "ys"], body=body([node("Neg", ["y"], ["y1"])], {"y": "y1"}, ["y1"]))
    outputs = {"y": nothing, "ys": np.zeros((2, 3, 0), FLOAT)}
    yield case("loop_empty_rows", [flow], {"x": nothing}, outputs, {"m": np.array(2)})

    # Unsigned carries wrap around.
    add = [node("Add", ["y", "x"], ["y1"])]
    flow = node("Loop", ["m", "", "x"], ["y", "ys"], body=body(add, {"y": "y1"}, ["y1"], dtype=np.uint8))
    x = np.array([100, 3], np.uint8)
    ys = np.cumsum(np.stack([x] * 4), 0, np.uint8)[1:]
    yield case("loop_u8", [flow], {"x": x}, {"y": ys[-1], "ys": ys}, {"m": np.array(3)})


def loops_of_declared_length():
    """The data say how often, and the model how many rows there are: a Range in ONNX's own words."""
    step = [node("Add", ["prev", "delta"], ["next"]), node("Identity", ["prev"], ["row"])]
    flow = node("Loop", ["m", "", "start"], ["last", "y"], body=body(step, {"prev": "next"}, ["row"]))
    inputs = {"m": np.array(4), "start": np.array(2, FLOAT), "delta": np.array(-0.5, FLOAT)}
    want = np.arange(2, 0, -0.5, FLOAT)
    yield case("loop_declared_rows", [flow], inputs, {"y": want, "last": np.array(0, FLOAT)})


def scans():
    x = random("scanx", (5, 3))
    total = graph(
        [node("Add", ["s", "row"], ["s1"]), node("Mul", ["s1", "row"], ["y"]), node("Identity", ["s1"], ["copy"])],
        {"s": (FLOAT, None), "row": (FLOAT, None)},
        {"s1": (FLOAT, None), "y": (FLOAT, None), "copy": (FLOAT, None)},
    )
    s0 = random("scans", (3,))

    def reference(rows, backwards=False):
        s, ys, sums = s0, [], []
        for row in rows[::-1] if backwards else rows:
            s = s + row
            ys.append(s * row)
            sums.append(s)
        return s, np.array(ys), np.array(sums)

    for name, in_direction, out_directions, in_axis, out_axes in (
        ("plain", 0, [0, 0], 0, [0, 0]),
        ("reversed", 1, [0, 0], 0, [0, 0]),
        ("rows_reversed", 0, [1, 1], 0, [0, 0]),
        ("both_reversed", 1, [1, 0], 0, [0, 0]),
        ("axes", 0, [0, 1], 1, [1, -1]),
        ("negative_axis", 1, [0, 0], -1, [-2, 1]),
    ):
        flow = node(
            "Scan",
            ["s0", "x"],
            ["s", "y", "sums"],
            body=total,
            num_scan_inputs=1,
            scan_input_directions=[in_direction],
            scan_output_directions=out_directions,
            scan_input_axes=[in_axis],
            scan_output_axes=out_axes,
        )
        s, *rows = reference(x, in_direction)
        rows = [r[::-1] if d else r for r, d in zip(rows, out_directions)]
        rows = [np.ascontiguousarray(r.T) if a in (1, -1) else r for r, a in zip(rows, out_axes)]
        given = x if in_axis == 0 else np.ascontiguousarray(x.T)
        row_dims = [["", "t"] if a in (1, -1) else ["t", ""] for a in out_axes]
        dims = {"x": ["t", ""] if in_axis == 0 else ["", "t"], "y": row_dims[0], "sums": row_dims[1]}
        outputs = {"s": s, "y": rows[0], "sums": rows[1]}
        yield case(f"scan_{name}", [flow], {"s0": s0, "x": given}, outputs, dims=dims, scaled=1e-6)

    # Two sequences, no state.
    pair = graph(
        [node("Mul", ["a", "b"], ["p"]), node("ReduceSum", ["p"], ["y"], keepdims=0)],
        {"a": (FLOAT, None), "b": (FLOAT, None)},
        {"y": (FLOAT, None)},
    )
    flow = node("Scan", ["x", "x2"], ["y"], body=pair, num_scan_inputs=2, scan_input_directions=[0, 1])
    x2 = random("scanx2", (5, 3))
    dims = {"x": ["t", ""], "x2": ["t", ""], "y": ["t"]}
    yield case("scan_pair", [flow], {"x": x, "x2": x2}, {"y": (x * x2[::-1]).sum(1)}, dims=dims, scaled=1e-6)

    # Opset 8 has a batch.
    batch = random("scanb", (2, 5, 3))
    states = random("scanbs", (2, 3))
    old = graph(
        [node("Add", ["s", "row"], ["s1"]), node("Identity", ["s1"], ["y"])],
        {"s": (FLOAT, [3]), "row": (FLOAT, [3])},
        {"s1": (FLOAT, [3]), "y": (FLOAT, [3])},
    )
    for backwards in (0, 1):
        flow = node("Scan", ["", "s0", "x"], ["s", "y"], body=old, num_scan_inputs=1, directions=[backwards])
        ys = states[:, None] + np.cumsum(batch[:, ::-1] if backwards else batch, 1)
        inputs = {"s0": states, "x": batch}
        yield case(f"scan_batch_{backwards}", [flow], inputs, {"s": ys[:, -1], "y": ys}, opset=8, scaled=1e-6)


def sequences():
    x = random("seqx", (6, 4))
    split = node("SplitToSequence", ["x", "parts"], ["seq"], axis=0)
    at = [node("SequenceAt", ["seq", "k"], ["a"]), node("Neg", ["a"], ["y"])]
    yield case("sequence_at", [split, *at], {"x": x}, {"y": -x[4:6]}, {"parts": np.array(2), "k": np.array(-1)})
    parts = {"parts": np.array([1, 3, 2]), "k": np.array(1)}
    yield case("sequence_parts", [split, *at], {"x": x}, {"y": -x[1:4]}, parts)
    single = node("SplitToSequence", ["x"], ["seq"], axis=1, keepdims=0)
    stack = node("ConcatFromSequence", ["seq"], ["y"], axis=0, new_axis=1)
    yield case("sequence_stack", [single, stack], {"x": x}, {"y": np.ascontiguousarray(x.T)})
    build = [
        node("SequenceEmpty", [], ["none"]),
        node("SequenceInsert", ["none", "x"], ["one"]),
        node("Exp", ["x"], ["e"]),
        node("SequenceInsert", ["one", "e", "k"], ["two"]),
        node("SequenceConstruct", ["x"], ["other"]),
        node("SequenceErase", ["two", "k1"], ["last"]),
        node("ConcatFromSequence", ["two"], ["y"], axis=1),
        node("ConcatFromSequence", ["last"], ["z"], axis=0),
        node("SequenceLength", ["two"], ["n"]),
    ]
    outputs = {"y": np.concatenate([np.exp(x), x], 1), "z": np.exp(x), "n": np.array(2)}
    dims = {"x": ["rows", ""], "y": ["rows", ""], "z": ["rows", ""]}
    yield case("sequence_build", build, {"x": x}, outputs, {"k": np.array(0), "k1": np.array(1)}, dims)
    # A loop that collects slices of growing length.
    grow = [
        node("Unsqueeze", ["i", "first"], ["at"]),
        node("Add", ["at", "one"], ["end"]),
        node("Slice", ["x", "first", "end"], ["part"]),
        node("SequenceInsert", ["seq", "part"], ["seq1"]),
        node("Identity", ["go"], ["go1"]),
    ]
    sequence = helper.make_tensor_sequence_value_info
    steps = helper.make_graph(
        grow,
        "body",
        [info("i", INT, []), info("go", BOOL, []), sequence("seq", TensorProto.FLOAT, None)],
        [info("go1", BOOL, []), sequence("seq1", TensorProto.FLOAT, None)],
    )
    flow = [
        node("SequenceEmpty", [], ["none"]),
        node("Loop", ["m", "", "none"], ["all"], body=steps),
        node("ConcatFromSequence", ["all"], ["y"], axis=0),
    ]
    constants = {"m": np.array(3), "first": np.array([0]), "one": np.array([1])}
    yield case("sequence_loop", flow, {"x": x}, {"y": np.concatenate([x[:1], x[:2], x[:3]])}, constants)
    optional = [
        node("Optional", ["x"], ["maybe"]),
        node("OptionalHasElement", ["maybe"], ["has"]),
        node("OptionalGetElement", ["maybe"], ["there"]),
        node("If", ["has"], ["y"], then_branch=branch([node("Neg", ["there"], ["a"])], "a"), else_branch=branch([node("Abs", ["x"], ["b"])], "b")),
    ]
    yield case("optional", optional, {"x": x}, {"y": -x})


def cases():
    return [*ifs(), *loops(), *loops_of_declared_length(), *scans(), *sequences()]
