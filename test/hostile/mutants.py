"""Breaks a model in 500 ways: bytes of the file, and fields of what it says.

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


def weights_ranges(data, model):
    """Where the bytes of the initialisers lie: most of the file."""
    ranges = []
    for tensor in model.graph.initializer:
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

    def node(self):
        return self.rng.choice(self.graph.node)

    def tensor(self):
        return self.rng.choice(self.graph.initializer)

    def value(self):
        return self.rng.choice((self.graph.input[0], self.graph.output[0]))

    def attribute(self):
        return self.rng.choice([a for n in self.graph.node for a in n.attribute])

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
        self.tensor().name = self.rng.choice(ODD_NAMES + (self.tensor().name, "image", "probabilities"))

    def tensor_lost(self):
        del self.graph.initializer[self.rng.randrange(len(self.graph.initializer))]

    def tensor_twice(self):
        self.graph.initializer.append(self.tensor())

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
        self.value().name = self.rng.choice(ODD_NAMES + ("conv1", "nowhere", "conv1.weight"))

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
        node.input[0] = self.rng.choice((node.output[0], "probabilities", "logits"))

    def edge_other(self):
        """To another tensor that exists, mostly of another shape."""
        names = [n for node in self.graph.node for n in (*node.input, *node.output)]
        node = self.node()
        node.input[self.rng.randrange(len(node.input))] = self.rng.choice(names)

    def edge_lost(self):
        node = self.node()
        del node.input[self.rng.randrange(len(node.input)) :]

    def edge_more(self):
        self.node().input.extend([self.rng.choice(("image", "", "conv1.weight"))] * self.rng.choice((1, 3, 1000)))

    def output_name(self):
        self.node().output[0] = self.rng.choice(ODD_NAMES + ("image", "conv1", "probabilities"))

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
        others = ("Add", "MatMul", "Conv", "Reshape", "LSTM", "If", "Softmax", "Transpose", "Concat", "Constant", "Gather")
        self.node().op_type = self.rng.choice(ODD_NAMES + others + ("Nonsense",))

    def op_domain(self):
        self.node().domain = self.rng.choice(("com.example", "ai.onnx.ml", "ai.onnx", "\n"))

    def op_name(self):
        self.node().name = self.rng.choice(ODD_NAMES)

    def subgraphs(self):
        """Graphs within graphs."""
        inner = helper.make_graph([], "g", [], [])
        for _ in range(self.rng.choice((1, 10, 25))):
            node = helper.make_node("If", ["image"], ["y"], then_branch=inner, else_branch=helper.make_graph([], "e", [], []))
            inner = helper.make_graph([node], "g", [], [])
        self.graph.node.extend(inner.node)

    # Attributes.

    def attribute_int(self):
        attribute = self.attribute()
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
        """Attributes of the right name with values that make no sense."""
        choices = (
            ("group", 0), ("group", -1), ("group", 2**40), ("auto_pad", "SAME_SIDEWAYS"), ("dilations", [0, 0]),
            ("dilations", [2**40, 1]), ("strides", [0, 1]), ("strides", [-1, -1]), ("kernel_shape", [5, 5]),
            ("pads", [-9, 0, 0, 0]), ("pads", [2**62] * 4), ("ceil_mode", 9), ("training_mode", 1), ("storage_order", 1),
        )  # fmt: skip
        name, value = self.rng.choice(choices)
        node = self.rng.choice([n for n in self.graph.node if n.op_type in ("Conv", "MaxPool", "BatchNormalization")])
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
        function.name, function.domain = "Relu", ""
        function.node.append(helper.make_node("Relu", ["x"], ["y"]))


def kinds(cls):
    names = [n for n in vars(cls) if not n.startswith("_")]
    return [n for n in names if n not in ("at", "node", "tensor", "value", "attribute")]


BYTES, FIELDS = kinds(Bytes), kinds(Fields)
COUNT = 500


def kind_of(number):
    """Every other mutant is one of bytes; kinds take turns."""
    table = BYTES if number % 2 else FIELDS
    return table[number // 2 % len(table)]


def name_of(number):
    return f"{number:03}_{kind_of(number)}"


def attempt(data, number, rng, more):
    """One mutant of a number; `more` fields are broken besides."""
    model = onnx.ModelProto()
    model.ParseFromString(data)
    if number % 2:
        mutation = Bytes(data, weights_ranges(data, model), rng)
        getattr(mutation, kind_of(number))()
        return bytes(mutation.data)
    mutation = Fields(model, rng)
    for kind in [kind_of(number)] + rng.choices(FIELDS, k=more):
        getattr(mutation, kind)()
    return model.SerializeToString()


def mutants(data):
    """All mutants of the model in `data`, in order, no two of them equal.

    Some kinds have one way only to break a model: their turn comes again with
    another kind on top.
    """
    seen = {data}
    for number in range(COUNT):
        for i in range(1000):
            try:
                made = attempt(data, number, random.Random(f"{number}.{i}"), i // 4)
            except IndexError:
                # The one kind took away what the other wanted to break.
                continue
            if made not in seen:
                break
        else:
            raise AssertionError(f"no new mutant of kind {kind_of(number)}")
        seen.add(made)
        yield made


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as source, open(sys.argv[3], "wb") as out:
        number = int(sys.argv[2])
        out.write(next(itertools.islice(mutants(source.read()), number, None)))
