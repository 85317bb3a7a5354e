"""Real models made cheap to compile hundreds of times.

`bare` leaves the structure whole and takes the weights out: they all lie in
one file of zeros beside the model, as external data. `pieces` are a few
consecutive nodes each, with inputs in the place of what others computed.
"""

import os
import random

import onnx
from mutants import graphs_in, tensors_in
from onnx import TensorProto, helper

WEIGHTS = "weights.bin"
# Smaller tensors may be shapes, axes and scales, whose values matter.
SMALL_BYTES = 256
BYTES = {TensorProto.FLOAT: 4, TensorProto.DOUBLE: 8, TensorProto.FLOAT16: 2, TensorProto.INT64: 8}
# What a piece is run on, so that a large image costs no minutes.
MAX_ELEMENTS = 1 << 20


def size_of(tensor):
    count = BYTES.get(tensor.data_type, 0)
    for dim in tensor.dims:
        count *= dim
    return count


def bare(path, folder):
    """The model, whose larger tensors are zeros in a sparse file in the folder."""
    model = onnx.load(path, load_external_data=False)
    for field in ("doc_string", "metadata_props"):
        model.ClearField(field)
    largest = 0
    for tensor in tensors_in(graphs_in(model.graph)):
        size = size_of(tensor)
        if size <= SMALL_BYTES:
            continue
        largest = max(largest, size)
        for field in ("raw_data", "float_data", "double_data", "int64_data", "int32_data", "external_data"):
            tensor.ClearField(field)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", WEIGHTS), ("offset", "0"), ("length", str(size))):
            tensor.external_data.add(key=key, value=value)
    for graph in graphs_in(model.graph):
        del graph.value_info[:]
    with open(os.path.join(folder, WEIGHTS), "wb") as file:
        file.truncate(largest)
    return model


class Pieces:
    """Runs of nodes of a model as models of their own."""

    def __init__(self, model):
        self.model = onnx.shape_inference.infer_shapes(model, data_prop=True)
        graph = self.model.graph
        self.values = {v.name: v for v in (*graph.input, *graph.value_info, *graph.output)}
        self.initializers = {t.name: t for t in graph.initializer}

    def at(self, start, size):
        """The nodes from `start` on; None where an input has no known rank."""
        graph = self.model.graph
        nodes = graph.node[start : start + size]
        made = {name for node in nodes for name in node.output if name}
        reads = []
        for node in nodes:
            inner = [g for a in node.attribute if a.type == onnx.AttributeProto.GRAPH for g in graphs_in(a.g)]
            # Outer tensors that the graphs of a node read, among their own.
            reads += [*node.input, *(name for g in inner for n in g.node for name in n.input)]
        reads = [n for n in dict.fromkeys(reads) if n and n not in made]
        constants = [self.initializers[n] for n in reads if n in self.initializers]
        inputs = []
        for name in reads:
            if name in self.initializers or name not in self.values:
                continue
            value = self.values[name]
            if not value.type.tensor_type.HasField("shape"):
                return None
            inputs.append(value)
        later = {n for node in graph.node[start + size :] for n in node.input} | {v.name for v in graph.output}
        read = {n for node in nodes for n in node.input}
        outputs = [n for n in made if n in later or n not in read]
        given = [self.values.get(n) or onnx.ValueInfoProto(name=n) for n in sorted(outputs)]
        piece = helper.make_graph(nodes, "piece", inputs, given, constants)
        made = helper.make_model(piece, opset_imports=self.model.opset_import)
        made.ir_version = max(self.model.ir_version, 4)
        return made

    def sample(self, seed):
        """A piece of 2 to 12 nodes."""
        rng = random.Random(seed)
        total = len(self.model.graph.node)
        for _ in range(1000):
            piece = self.at(rng.randrange(total), rng.randrange(2, 13))
            if piece is not None:
                return piece
        raise AssertionError("no piece of the model has inputs of known rank")


DTYPES = {TensorProto.FLOAT: "float32", TensorProto.DOUBLE: "float64", TensorProto.FLOAT16: "float16", TensorProto.INT64: "int64",
          TensorProto.INT32: "int32", TensorProto.BOOL: "bool", TensorProto.UINT8: "uint8", TensorProto.INT8: "int8"}  # fmt: skip


def inputs_for(data, rng):
    """Arrays that fit what a model declares, by name; None if nothing sensible does."""
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except Exception:
        return None
    constants = {t.name for t in model.graph.initializer}
    arrays, extents = {}, {}
    for value in model.graph.input:
        if value.name in constants:
            continue
        tensor = value.type.tensor_type
        shape, count = [], 1
        for dim in tensor.shape.dim:
            extent = dim.dim_value
            if not dim.HasField("dim_value"):
                extent = extents.setdefault(dim.dim_param or (value.name, len(shape)), int(rng.integers(1, 4)))
            shape.append(extent)
            count *= max(extent, 1)
        if min(shape, default=0) < 0 or count > MAX_ELEMENTS or tensor.elem_type not in DTYPES:
            return None
        arrays[value.name] = rng.integers(-2, 3, shape).astype(DTYPES[tensor.elem_type])
    return arrays
