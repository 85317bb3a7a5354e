"""A random graph, grown node by node on concrete values.

A node is kept if the reference can run it, so every graph is valid whatever an
op's rules are. Some extents have names: the same graph is a model for all
extents, and is tried on others as well.
"""

import copy
import dataclasses
import random
from typing import Dict

import numpy as np
from case import Case
from onnx import helper
from reference import Rejected, Value, evaluate, reads

FLOATS = (np.float32, np.float32, np.float32, np.float32, np.float64, np.float16)
INTS = (np.int64, np.int64, np.int32, np.int8, np.uint8)
STATIC_EXTENTS = (1, 1, 2, 2, 3, 4, 4, 5, 8, 9, 16, 17)
LARGE_EXTENTS = (15, 16, 24, 31, 32, 33, 48, 64, 65, 100)
OPSET = 20


@dataclasses.dataclass
class Grown(Case):
    """A case with the bounds of its outputs, and itself for other extents."""

    bounds: Dict[str, Value] = None
    other: "Grown" = None


class Graph:
    def __init__(self, name, rng):
        self.name, self.rng = name, rng
        self.arrays = np.random.default_rng(rng.getrandbits(32))
        self.values, self.inputs, self.constants, self.dims = {}, {}, {}, {}
        self.nodes, self.used, self.made = [], set(), []
        # Extents that go by a name, and what they are the second time.
        self.named = {"a": 3, "b": rng.choice((2, 6)), "c": rng.choice((5, 10, 19))}
        self.others = {"a": rng.choice((1, 2, 7)), "b": rng.choice((1, 4, 5)), "c": rng.choice((1, 3, 11, 32))}
        self.empty = rng.random() < 0.06
        # Some are large enough for vectors, tiles and packed weights.
        self.large = not self.empty and rng.random() < 0.2
        self.next = 0

    def fresh(self, letter):
        self.next += 1
        return f"{letter}{self.next}"

    #
    # Choices
    #

    def chance(self, probability):
        return self.rng.random() < probability

    def array(self, shape, dtype, low=-4, high=4):
        """Small multiples of 1/4, integers, or booleans."""
        dtype = np.dtype(dtype)
        if dtype.kind == "f":
            values = self.arrays.integers(4 * low, 4 * high + 1, shape) / 4
        elif dtype.kind == "b":
            values = self.arrays.random(shape) < 0.5
        else:
            values = self.arrays.integers(max(low, 0) if dtype.kind == "u" else low, high + 1, shape)
        return np.asarray(values, dtype)

    def dtype(self, kind):
        kind = self.rng.choice({"n": "ffffi", "x": "ffffffiib"}.get(kind, kind))
        return np.dtype(np.bool_ if kind == "b" else self.rng.choice(FLOATS if kind == "f" else INTS))

    def shape(self, rank):
        shape = []
        for _ in range(rank):
            pool = list(self.named.values()) * 4 + list(STATIC_EXTENTS) + [0] * 30 * self.empty
            pool += list(LARGE_EXTENTS) * 4 * self.large
            shape.append(self.rng.choice(pool))
        while np.prod(shape) > (1 << 14 if self.large else 1 << 10):
            shape[self.rng.randrange(rank)] = 1
        return shape

    def value(self, kind="f", ranks=range(6), dtype=None):
        """The name of a tensor: f float, i integer, n number, b boolean, x any."""
        kinds = {"n": "fiu", "x": "fiub", "i": "iu"}.get(kind, kind)
        fitting = [
            n
            for n in self.made
            if self.values[n].array.dtype.kind in kinds
            and self.values[n].array.ndim in ranks
            and dtype in (None, self.values[n].array.dtype)
        ]
        if fitting and self.chance(0.85):
            # Mostly what was made last, so that chains come about.
            return self.rng.choice(fitting[-3:] if self.chance(0.7) else fitting)
        rank = self.rng.choice([r for r in ranks if r <= 5])
        return self.input(self.shape(rank), dtype or self.dtype(kind))

    def input(self, shape, dtype, low=-4, high=4):
        name = self.fresh("x")
        self.inputs[name] = self.array(shape, dtype, low, high)
        names = {extent: n for n, extent in self.named.items()}
        self.dims[name] = [names.get(extent, "") if self.chance(0.9) else "" for extent in shape]
        self.values[name] = Value(self.inputs[name])
        self.made.append(name)
        return name

    def constant(self, array):
        name = self.fresh("k")
        self.constants[name] = np.asarray(array)
        self.values[name] = Value(self.constants[name])
        return name

    def ints(self, values):
        return self.constant(np.array(values, np.int64))

    def operand(self, name, kind=None):
        """Something that broadcasts with the tensor, of its type or a kind."""
        array = self.values[name].array
        dtype = self.dtype(kind) if kind else array.dtype
        fitting = [n for n in self.made if self.values[n].array.dtype == dtype and fits(self.values[n].array, array)]
        if fitting and self.chance(0.5):
            return self.rng.choice(fitting)
        shape = [1 if self.chance(0.2) else e for e in array.shape]
        shape = shape[self.rng.randrange(len(shape) + 1) if self.chance(0.3) else 0 :]
        if self.chance(0.5):
            return self.constant(self.array(shape, dtype))
        return self.input(shape, dtype)

    def of(self, name):
        return self.values[name].array

    #
    # Growth
    #

    def node(self, op, inputs, outputs=1, **attributes):
        """Adds a node and gives the names of its outputs; or rejects it."""
        names = [self.fresh("t") for _ in range(outputs)]
        attributes = {k: v for k, v in attributes.items() if v is not None}
        node = helper.make_node(op, inputs, names, **attributes)
        results = evaluate(node, self.values, OPSET)
        self.nodes.append(node)
        self.used.update(reads(node))
        for name, result in zip(names, results):
            self.values[name] = result
            self.made.append(name)
        return names

    def grow(self, ops, size):
        """Adds `size` nodes by random ops."""
        for _ in range(20 * size):
            if len(self.nodes) >= size:
                return
            before = copy.copy(self.__dict__)
            for key in ("values", "inputs", "constants", "dims", "nodes", "used", "made"):
                before[key] = copy.copy(before[key])
            try:
                self.rng.choice(ops)(self)
            except (Rejected, IndexError, ValueError):
                self.__dict__.update(before)
        raise Rejected("nothing grows")

    def case(self):
        made = [n for node in self.nodes for n in node.output]
        outputs = [n for n in made if n not in self.used or self.chance(0.1)]
        inputs = {n: a for n, a in self.inputs.items() if n in self.used}
        constants = {n: a for n, a in self.constants.items() if n in self.used}
        dims = {n: [f"{self.name}_{d}" if d else "" for d in self.dims[n]] for n in inputs}
        for name in outputs:
            dims[name] = [f"{self.name}_{name}_{i}" for i in range(self.values[name].array.ndim)]
        bounds = {n: self.values[n] for n in outputs}
        arrays = {n: v.array for n, v in bounds.items()}
        found = Grown(self.name, self.nodes, inputs, constants, arrays, OPSET, dims, bounds=bounds)
        found.other = self.elsewhere(found)
        # Names promise that any extents will do.
        return found if found.other else dataclasses.replace(found, dims=None)

    def elsewhere(self, found):
        """The case for other extents; None if it is not valid for them."""
        values = {n: Value(a) for n, a in found.constants.items()}
        inputs = {}
        for name, array in found.inputs.items():
            shape = [self.others[d] if d else e for d, e in zip(self.dims[name], array.shape)]
            low, high = (int(array.min()), int(array.max())) if array.size and array.dtype.kind != "b" else (0, 0)
            inputs[name] = self.array(shape, array.dtype, low, high) if shape != list(array.shape) else array
            values[name] = Value(inputs[name])
        try:
            for node in found.nodes:
                values.update(zip(node.output, evaluate(node, values, OPSET)))
        except Rejected:
            return None
        bounds = {n: values[n] for n in found.outputs}
        arrays = {n: v.array for n, v in bounds.items()}
        return dataclasses.replace(found, inputs=inputs, outputs=arrays, bounds=bounds, other=None)


def fits(a, b):
    try:
        return np.broadcast_shapes(a.shape, b.shape) is not None
    except ValueError:
        return False


def grown(ops, seed, number):
    """The random graph of a seed and a number, the same at every run."""
    for attempt in range(100):
        rng = random.Random(f"{seed}.{number}.{attempt}")
        graph = Graph(f"g{number}", rng)
        try:
            graph.grow(ops, rng.choice((2, 3, 4, 5, 6, 8, 10, 12)))
            return graph.case()
        except Rejected:
            continue
    raise AssertionError(f"no graph of number {number} grows")
