"""Breaks a model in any number of ways: bytes of the file, fields of what it says.

A mutant is named by its number and its kind and is the same at every run:
`mutants.py MODEL NUMBER OUT` writes one, to look at it.
"""

import itertools
import random
import sys

import onnx
from onnx import AttributeProto, TensorProto, helper

HUGE = (2**31 - 1, 2**31, 2**40, 2**62, 2**63 - 1)
ODD_INTS = (0, -1, -2, 1, 7, -(2**31), -(2**63)) + HUGE
ODD_NAMES = (
    "",
    "a\nb",
    'quo"te',
    "back\\slash",
    "%0",
    "../../up",
    "tab\tbell\a",
    "\u00e4\u4e2d\U0001f600",
    "x" * 100000,
    "nul\0byte",
    "@main",
    "{}",
    "--help",
)


# Ops of every family, for nodes that were something else.
OPS = (
    "Add", "ArgMax", "AveragePool", "BatchNormalization", "Cast", "Clip", "Concat", "Constant", "ConstantOfShape", "Conv",
    "ConvTranspose", "CumSum", "DepthToSpace", "Div", "Einsum", "Equal", "Expand", "Flatten", "Gather", "GatherElements",
    "GatherND", "Gemm", "GRU", "If", "LayerNormalization", "Loop", "LSTM", "MatMul", "MaxPool", "Mod", "NonZero", "OneHot",
    "Pad", "Pow", "QuantizeLinear", "Range", "ReduceMax", "ReduceMean", "ReduceSum", "Reshape", "Resize", "Scan", "ScatterND",
    "Shape", "Size", "Slice", "Softmax", "Split", "Squeeze", "Tile", "TopK", "Transpose", "Trilu", "Unsqueeze", "Where",
)  # fmt: skip

# Attributes of the right name with values that make no sense.
ODD_ATTRIBUTES = (
    ("group", 0), ("group", -1), ("group", 2**40), ("auto_pad", "SAME_SIDEWAYS"), ("auto_pad", "SAME_UPPER"),
    ("dilations", [0, 0]), ("dilations", [2**40, 1]), ("strides", [0, 1]), ("strides", [-1, -1]), ("strides", [2**62, 1]),
    ("kernel_shape", [5, 5]), ("kernel_shape", [2**31, 1]), ("kernel_shape", [0, 0]), ("pads", [-9, 0, 0, 0]),
    ("pads", [2**62] * 4), ("ceil_mode", 9), ("training_mode", 1), ("storage_order", 1), ("axis", 99), ("axis", -99),
    ("axis", 2**62), ("axis", [0]), ("axes", []), ("axes", [0, 0]), ("axes", [-1, 2**40]), ("perm", [0, 0, 0]),
    ("perm", []), ("perm", [2**40]), ("keepdims", 2), ("to", 0), ("to", 8), ("to", 99), ("to", 6), ("equation", "ij,jk"),
    ("epsilon", float("nan")), ("epsilon", -1.0), ("hidden_size", 0), ("hidden_size", 2**40), ("direction", "up"),
    ("layout", 1), ("mode", "nonsense"), ("mode", "cubic"), ("coordinate_transformation_mode", "half"), ("blocksize", 0),
    ("blocksize", 2**40), ("num_outputs", 0), ("num_outputs", 2**40), ("start", -99), ("end", 2**62), ("largest", 7),
    ("batch_dims", 5), ("exclusive", 1), ("select_last_index", 1), ("num_scan_inputs", 99), ("allowzero", 1), ("alpha", 0.0),
)  # fmt: skip


def is_number(kind):
    return kind in (AttributeProto.FLOAT, AttributeProto.INT, AttributeProto.INTS)


def graphs_in(graph):
    """The graph and all graphs in attributes of its nodes."""
    found = [graph]
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                found += graphs_in(attribute.g)
    return found


def tensors_in(graphs):
    """The initialisers, and what constants hold."""
    found = [t for g in graphs for t in g.initializer]
    return found + [a.t for g in graphs for n in g.node for a in n.attribute if a.type == AttributeProto.TENSOR]


def weights_ranges(data, model):
    """Where the bytes of the tensors lie: most of the file."""
    ranges = []
    for tensor in tensors_in(graphs_in(model.graph)):
        start = data.find(tensor.raw_data)
        ranges.append((start, start + len(tensor.raw_data)))
    return ranges


def varint(value):
    encoded = b""
    while value > 127:
        encoded += bytes([value & 127 | 128])
        value >>= 7
    return encoded + bytes([value])


class Bytes:
    """Mutations of the file as it lies on the disk.

    A changed weight is a valid model, so nine of ten changes aim elsewhere.
    """

    def __init__(self, data, ranges, rng):
        self.data, self.rng = bytearray(data), rng
        self.outside = [i for i in range(len(data)) if not any(a <= i < b for a, b in ranges)]

    def at(self):
        if self.rng.random() < 0.9:
            return self.rng.choice(self.outside)
        return self.rng.randrange(len(self.data))

    def flip_bit(self):
        self.data[self.at()] ^= 1 << self.rng.randrange(8)

    def flip_bits(self):
        for _ in range(self.rng.randrange(2, 9)):
            self.flip_bit()

    def set_byte(self):
        self.data[self.at()] = self.rng.choice((0, 1, 127, 128, 255, self.rng.randrange(256)))

    def truncate(self):
        del self.data[self.at() :]

    def insert(self):
        at = self.at()
        self.data[at:at] = self.rng.randbytes(self.rng.choice((1, 2, 8, 100)))

    def delete(self):
        at = self.at()
        del self.data[at : at + self.rng.choice((1, 2, 8, 100, 1000))]

    def repeat(self):
        at, size = self.at(), self.rng.choice((1, 8, 100))
        self.data[at:at] = self.data[at : at + size]

    def swap(self):
        a, b, size = self.at(), self.at(), self.rng.choice((1, 4, 16))
        a, b = sorted((a, b))
        if b - a < size or b + size > len(self.data):
            return self.insert()
        self.data[a : a + size], self.data[b : b + size] = self.data[b : b + size], self.data[a : a + size]

    def nested(self):
        """Graphs within graphs, deeper than a parser's stack."""
        message = b""
        for _ in range(self.rng.randrange(30, 2000)):
            # GraphProto.node, NodeProto.attribute, AttributeProto.g
            for field in (6, 5, 1):
                message = bytes([field << 3 | 2]) + varint(len(message)) + message
        self.data += bytes([7 << 3 | 2]) + varint(len(message)) + message

    def garbage(self):
        self.data[:] = self.rng.randbytes(self.rng.choice((0, 1, 10, 1000, 30000)))


class Fields:
    """Mutations of the parsed model: well-formed protobuf that lies."""

    def __init__(self, model, rng):
        self.model, self.rng = model, rng
        self.graph = model.graph
        self.graphs = graphs_in(self.graph)
        self.names = sorted({n for g in self.graphs for node in g.node for n in (*node.input, *node.output)})

    def node(self):
        return self.rng.choice(self.rng.choice(self.graphs).node)

    def tensor(self):
        return self.rng.choice(tensors_in(self.graphs))

    def initializer(self):
        return self.rng.choice(self.graph.initializer)

    def value(self):
        return self.rng.choice((*self.graph.input, *self.graph.output))

    def attribute(self):
        return self.rng.choice([a for g in self.graphs for n in g.node for a in n.attribute])

    def name(self):
        """Of a tensor that the model has."""
        return self.rng.choice(self.names)

    # Initialisers.

    def tensor_dim(self):
        dims = self.tensor().dims
        dims[self.rng.randrange(len(dims))] = self.rng.choice(ODD_INTS)

    def tensor_rank(self):
        dims = self.tensor().dims
        if self.rng.random() < 0.5:
            dims.append(self.rng.choice(ODD_INTS))
        else:
            dims.pop()

    def tensor_dims_overflow(self):
        """A product of dims that wraps around to the number of bytes or to 0."""
        tensor = self.tensor()
        del tensor.dims[:]
        tensor.dims.extend(self.rng.choice(((2**32, 2**32), (2**62, 4), (2**33, 2**31, 2), (2**61, 2, 2, 2))))

    def tensor_many_dims(self):
        self.tensor().dims.extend([1] * self.rng.choice((20, 1000, 100000)))

    def tensor_type(self):
        self.tensor().data_type = self.rng.choice((0, 2, 5, 7, 8, 9, 10, 11, 14, 16, 17, 22, 99, -1))

    def tensor_bytes(self):
        tensor = self.tensor()
        data = tensor.raw_data
        tensor.raw_data = self.rng.choice((b"", data[:-1], data + b"\0", data[: len(data) // 2], data * 2))

    def tensor_two_sources(self):
        self.tensor().float_data.extend([1.0, 2.0])

    def tensor_name(self):
        self.tensor().name = self.rng.choice(ODD_NAMES + (self.tensor().name, self.name()))

    def tensor_lost(self):
        del self.graph.initializer[self.rng.randrange(len(self.graph.initializer))]

    def tensor_twice(self):
        self.graph.initializer.append(self.initializer())

    def tensor_values(self):
        """What was an axis, a shape or a list of bounds."""
        small = [t for t in tensors_in(self.graphs) if t.data_type == TensorProto.INT64 and 0 < len(t.raw_data) <= 128]
        tensor = self.rng.choice(small)
        at = 8 * self.rng.randrange(len(tensor.raw_data) // 8)
        value = self.rng.choice(ODD_INTS + (2, 3, -3)).to_bytes(8, "little", signed=True)
        tensor.raw_data = tensor.raw_data[:at] + value + tensor.raw_data[at + 8 :]

    def tensor_external(self):
        tensor = self.tensor()
        size = len(tensor.raw_data)
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        places = ("../../../../etc/passwd", "/etc/passwd", "missing.bin", "", ".", "/dev/zero", "a/../../x", "nul\0")
        entries = {
            "location": self.rng.choice(places),
            "offset": self.rng.choice(("0", "-1", "x", str(2**63), "18446744073709551615")),
            "length": self.rng.choice((str(size), "-1", "", str(2**63), "99999999999")),
        }
        for key, value in entries.items():
            if self.rng.random() < 0.9:
                entry = tensor.external_data.add()
                entry.key, entry.value = key, value

    # Inputs and outputs of the graph.

    def value_dim(self):
        dim = self.rng.choice(self.value().type.tensor_type.shape.dim)
        if self.rng.random() < 0.7:
            dim.dim_value = self.rng.choice(ODD_INTS)
        else:
            dim.dim_param = self.rng.choice(ODD_NAMES + ("batch",))

    def value_rank(self):
        dims = self.value().type.tensor_type.shape.dim
        if self.rng.random() < 0.5:
            dims.add().dim_value = self.rng.choice(ODD_INTS)
        else:
            del dims[self.rng.randrange(len(dims))]

    def value_type(self):
        self.value().type.tensor_type.elem_type = self.rng.choice((0, 2, 6, 7, 8, 9, 10, 11, 14, 16, 99, -5))

    def value_no_shape(self):
        self.value().type.tensor_type.ClearField("shape")

    def value_no_type(self):
        self.value().ClearField("type")

    def value_sequence(self):
        value = self.value()
        kind = value.type.tensor_type.elem_type
        value.type.sequence_type.elem_type.tensor_type.elem_type = kind

    def value_name(self):
        self.value().name = self.rng.choice(ODD_NAMES + ("nowhere", self.name()))

    def value_lost(self):
        values = self.rng.choice((self.graph.input, self.graph.output))
        del values[:]

    def value_twice(self):
        values = self.rng.choice((self.graph.input, self.graph.output))
        values.append(values[0])

    # Nodes and edges.

    def edge_unknown(self):
        node = self.node()
        node.input[self.rng.randrange(len(node.input))] = self.rng.choice(ODD_NAMES + ("nowhere",))

    def edge_cycle(self):
        node = self.node()
        node.input[0] = self.rng.choice((node.output[0], self.graph.output[0].name))

    def edge_other(self):
        """To another tensor that exists, mostly of another shape."""
        node = self.node()
        node.input[self.rng.randrange(len(node.input))] = self.name()

    def edge_swap(self):
        node = self.node()
        a, b = self.rng.randrange(len(node.input)), self.rng.randrange(len(node.input))
        node.input[a], node.input[b] = node.input[b], node.input[a]

    def edge_lost(self):
        node = self.node()
        del node.input[self.rng.randrange(len(node.input)) :]

    def edge_more(self):
        self.node().input.extend([self.rng.choice(("", self.name()))] * self.rng.choice((1, 3, 1000)))

    def output_name(self):
        self.node().output[0] = self.rng.choice(ODD_NAMES + (self.name(), self.name(), self.name()))

    def output_lost(self):
        del self.node().output[:]

    def output_more(self):
        self.node().output.extend(self.rng.choice((["more"], ["", "x"], ["a", "a"], ["b"] * 100)))

    def node_order(self):
        nodes = list(self.graph.node)
        self.rng.shuffle(nodes)
        del self.graph.node[:]
        self.graph.node.extend(nodes)

    def node_lost(self):
        del self.graph.node[self.rng.randrange(len(self.graph.node))]

    def node_twice(self):
        self.graph.node.append(self.node())

    def nodes_lost(self):
        del self.graph.node[:]

    def op_type(self):
        self.node().op_type = self.rng.choice(ODD_NAMES + ("Nonsense",))

    def op_other(self):
        self.node().op_type = self.rng.choice(OPS)

    def op_swap(self):
        """Two nodes of the model do each other's work, with their own attributes."""
        a, b = self.node(), self.node()
        a.op_type, b.op_type = b.op_type, a.op_type

    def op_domain(self):
        self.node().domain = self.rng.choice(("com.example", "ai.onnx.ml", "ai.onnx", "\n"))

    def op_name(self):
        self.node().name = self.rng.choice(ODD_NAMES)

    def subgraphs(self):
        """Graphs within graphs."""
        inner = helper.make_graph([], "g", [], [])
        for _ in range(self.rng.choice((1, 10, 25))):
            node = helper.make_node("If", [self.name()], ["y"], then_branch=inner, else_branch=helper.make_graph([], "e", [], []))
            inner = helper.make_graph([node], "g", [], [])
        self.graph.node.extend(inner.node)

    def subgraph_border(self):
        """A branch or a body that takes or gives something else."""
        graph = self.rng.choice(self.graphs[1:])
        values = self.rng.choice((graph.input, graph.output))
        how = self.rng.randrange(3)
        if how == 0:
            del values[self.rng.randrange(len(values))]
        elif how == 1:
            values[self.rng.randrange(len(values))].name = self.name()
        else:
            values.append(values[0])

    # Attributes.

    def attribute_int(self):
        numbers = [a for g in self.graphs for n in g.node for a in n.attribute if is_number(a.type)]
        attribute = self.rng.choice(numbers)
        if attribute.type == AttributeProto.INTS:
            attribute.ints[self.rng.randrange(len(attribute.ints))] = self.rng.choice(ODD_INTS)
        elif attribute.type == AttributeProto.INT:
            attribute.i = self.rng.choice(ODD_INTS)
        else:
            attribute.f = self.rng.choice((0.0, -1.0, 1e38, float("nan"), float("inf")))

    def attribute_length(self):
        attribute = self.rng.choice([a for n in self.graph.node for a in n.attribute if a.ints])
        if self.rng.random() < 0.5:
            attribute.ints.extend([1] * self.rng.choice((1, 2, 1000)))
        else:
            attribute.ints.pop()

    def attribute_kind(self):
        attribute = self.attribute()
        attribute.type = self.rng.choice((0, 1, 2, 3, 4, 5, 6, 7, 11, 99))

    def attribute_string(self):
        attribute = self.attribute()
        name = attribute.name
        attribute.Clear()
        attribute.name, attribute.type, attribute.s = name, AttributeProto.STRING, b"\xff\xfe"

    def attribute_lost(self):
        node = self.rng.choice([n for n in self.graph.node if n.attribute])
        del node.attribute[self.rng.randrange(len(node.attribute))]

    def attribute_twice(self):
        node = self.rng.choice([n for n in self.graph.node if n.attribute])
        node.attribute.append(node.attribute[0])

    def attribute_unknown(self):
        self.node().attribute.append(helper.make_attribute(self.rng.choice(("nonsense", "group", "auto_pad", "axis")), 3))

    def attribute_new(self):
        name, value = self.rng.choice(ODD_ATTRIBUTES)
        having = [n for g in self.graphs for n in g.node if any(a.name == name for a in n.attribute)]
        node = self.rng.choice(having or [self.node()])
        for i in reversed(range(len(node.attribute))):
            if node.attribute[i].name == name:
                del node.attribute[i]
        node.attribute.append(helper.make_attribute(name, value))

    # The model around the graph.

    def opset(self):
        self.model.opset_import[0].version = self.rng.choice((0, -1, 1, 5, 9, 999, 2**62))

    def opset_lost(self):
        del self.model.opset_import[:]

    def opset_twice(self):
        self.model.opset_import.add().version = self.rng.choice((9, 17, 20))

    def opset_domain(self):
        self.model.opset_import[0].domain = self.rng.choice(("com.example", "ai.onnx", "\0"))

    def ir_version(self):
        self.model.ir_version = self.rng.choice((0, -1, 1, 2, 3, 99, 2**62))

    def graph_lost(self):
        self.model.ClearField("graph")

    def graph_name(self):
        self.graph.name = self.rng.choice(ODD_NAMES)

    def sparse(self):
        self.graph.sparse_initializer.add().dims.extend([3, 3])

    def function(self):
        function = self.model.functions.add()
        function.name, function.domain = self.node().op_type, ""
        function.node.append(helper.make_node(self.node().op_type, ["x"], ["y"]))


# Of the classes' own; all others are kinds of mutants.
CHOICES = ("at", "node", "tensor", "initializer", "value", "attribute", "name")


def kinds(cls):
    return [n for n in vars(cls) if not n.startswith("_") and n not in CHOICES]


BYTES, FIELDS = kinds(Bytes), kinds(Fields)
COUNT = 500


def kind_of(number):
    """Two of three mutants are ones of fields; kinds take turns."""
    table = BYTES if number % 3 == 1 else FIELDS
    return table[(number // 3 if number % 3 == 1 else number - (number + 1) // 3) % len(table)]


def name_of(number):
    return f"{number:03}_{kind_of(number)}"


def attempt(data, number, rng, more):
    """One mutant of a number; `more` fields are broken besides."""
    model = onnx.ModelProto()
    model.ParseFromString(data)
    kind = kind_of(number)
    if kind in BYTES:
        mutation = Bytes(data, weights_ranges(data, model), rng)
        getattr(mutation, kind)()
        return bytes(mutation.data)
    mutation = Fields(model, rng)
    for kind in [kind] + rng.choices(FIELDS, k=more):
        getattr(mutation, kind)()
    return model.SerializeToString()


def mutant(data, number, turn=0):
    """The mutant of a number, which differs from the model.

    Later turns make other choices, and from the fourth on break more at once.
    Where the model has nothing that a kind could break, as one without graphs
    in its nodes, another kind is taken.
    """
    kind = number
    for i in range(1000):
        try:
            made = attempt(data, kind, random.Random(f"{number}.{turn}.{i}"), turn // 4)
            if made != data:
                return made
        except (IndexError, ValueError):
            # Nothing to choose from; or the one kind took it from the other.
            pass
        if i % 20 == 19:
            kind += 3
    raise AssertionError(f"no mutant of kind {kind_of(number)}")


def mutants(data, count=COUNT):
    """That many mutants of the model in `data`, in order, no two of them equal."""
    seen = set()
    for number in range(count):
        turn = 0
        while (made := mutant(data, number, turn)) in seen:
            turn += 1
        seen.add(made)
        yield made


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as source, open(sys.argv[3], "wb") as out:
        number = int(sys.argv[2])
        out.write(next(itertools.islice(mutants(source.read(), number + 1), number, None)))
