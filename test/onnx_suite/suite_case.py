"""Reads a test of ONNX's own suite: a model, its inputs and its outputs.

A folder holds model.onnx and test_data_set_0/{input,output}_N.pb.
"""

import dataclasses
import glob
import os
import re

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from case import prefixed

# Inputs that the tests feed and that models out in the world hold as constants:
# shapes, axes, sizes. They are made initialisers, by op and position.
CONSTANT_INPUTS = {
    "BlackmanWindow": [0],
    "ConstantOfShape": [0],
    "CumSum": [1],
    "DFT": [1, 2],
    "Expand": [1],
    "HammingWindow": [0],
    "HannWindow": [0],
    "MelWeightMatrix": [0, 1, 2, 3, 4],
    "OneHot": [1, 2],
    "Pad": [1, 2],
    "Range": [0, 1, 2],
    "ReduceSum": [1],
    "Reshape": [1],
    "Resize": [1, 2, 3],
    "STFT": [1, 3],
    "Slice": [1, 2, 3, 4],
    "Split": [1],
    "Squeeze": [1],
    "Tile": [1],
    "TopK": [1],
    "Trilu": [1],
    "Unsqueeze": [1],
    "Upsample": [1],
}


class NotTensors(Exception):
    """The test passes sequences, optionals or strings."""


@dataclasses.dataclass
class SuiteCase:
    name: str
    model: onnx.ModelProto
    inputs: dict
    outputs: dict

    @property
    def opset(self):
        return next((o.version for o in self.model.opset_import if o.domain in ("", "ai.onnx")), 1)

    @property
    def foreign(self):
        """Needs something that cannot stand beside other cases in one model."""
        has_subgraph = any(a.HasField("g") for n in self.model.graph.node for a in n.attribute)
        domains = {o.domain for o in self.model.opset_import} - {"", "ai.onnx"}
        return has_subgraph or bool(domains) or bool(self.model.functions)


def read_tensor(path, value):
    if value.type.WhichOneof("value") != "tensor_type":
        raise NotTensors
    if value.type.tensor_type.elem_type in (TensorProto.STRING, TensorProto.UNDEFINED):
        raise NotTensors
    tensor = TensorProto()
    with open(path, "rb") as file:
        tensor.ParseFromString(file.read())
    array = numpy_helper.to_array(tensor)
    # The data of older opsets hold bfloat16 as bits.
    if value.type.tensor_type.elem_type == TensorProto.BFLOAT16 and array.dtype == np.uint16:
        array = array.view(ml_dtypes.bfloat16)
    return array


def read_values(folder, kind, values):
    paths = glob.glob(os.path.join(folder, f"{kind}_*.pb"))
    paths.sort(key=lambda p: int(re.search(r"(\d+)\.pb$", p).group(1)))
    return {v.name: read_tensor(p, v) for p, v in zip(paths, values)}


def declare_extents(value, extents):
    """Some tests feed another shape than the model declares."""
    shape = value.type.tensor_type.shape
    differ = [d for d, e in zip(shape.dim, extents) if d.HasField("dim_value") and d.dim_value != e]
    if value.type.tensor_type.HasField("shape") and (differ or len(shape.dim) != len(extents)):
        del shape.dim[:]
        for extent in extents:
            shape.dim.add().dim_value = extent


def read_case(folder):
    model = onnx.load(os.path.join(folder, "model.onnx"))
    given = {i.name for i in model.graph.initializer}
    free = [i for i in model.graph.input if i.name not in given]
    data = os.path.join(folder, "test_data_set_0")
    inputs = read_values(data, "input", free)
    outputs = read_values(data, "output", model.graph.output)
    fixed = {
        node.input[i]
        for node in model.graph.node
        for i in CONSTANT_INPUTS.get(node.op_type, [])
        if i < len(node.input)
    }
    for name in sorted(fixed & set(inputs)):
        model.graph.initializer.append(numpy_helper.from_array(inputs.pop(name), name))
    # Initialisers that are inputs as well could be overridden: those of a test
    # are not.
    kept = [i for i in model.graph.input if i.name in inputs]
    for value in kept:
        declare_extents(value, inputs[value.name].shape)
    del model.graph.input[:]
    model.graph.input.extend(kept)
    return SuiteCase(os.path.basename(folder), model, inputs, outputs)


def merged(cases):
    """One model of cases that share an opset; tensors are named CASE.TENSOR."""
    if len(cases) == 1 and cases[0].foreign:
        assert False, "a foreign case is compiled as it is"
    nodes, inputs, outputs, constants = [], [], [], []
    for case in cases:
        prefix = case.name + "."

        def renamed(message):
            copy = type(message)()
            copy.CopyFrom(message)
            copy.name = prefix + message.name
            for dim in copy.type.tensor_type.shape.dim if hasattr(copy, "type") else ():
                if dim.dim_param:
                    dim.dim_param = prefix + dim.dim_param
            return copy

        nodes += [prefixed(node, prefix) for node in case.model.graph.node]
        inputs += [renamed(i) for i in case.model.graph.input]
        outputs += [renamed(o) for o in case.model.graph.output]
        for initializer in case.model.graph.initializer:
            copy = TensorProto()
            copy.CopyFrom(initializer)
            copy.name = prefix + initializer.name
            constants.append(copy)
    graph = helper.make_graph(nodes, "suite", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", cases[0].opset)])
    model.ir_version = max(c.model.ir_version for c in cases)
    return model


def inputs_of(cases):
    return {f"{c.name}.{n}": np.asarray(a) for c in cases for n, a in c.inputs.items()}
