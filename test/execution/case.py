"""What an execution test is made of, and how many of them become one model.

A case is a piece of an ONNX graph with the arrays that go in and the arrays
that must come out. Compiling costs far more than running, so the cases of a
family are put side by side into one model, each under its own name.
"""

import dataclasses
from typing import Dict, List, Optional

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper

DTYPES = {
    np.dtype(ml_dtypes.bfloat16): TensorProto.BFLOAT16,
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.float64): TensorProto.DOUBLE,
    np.dtype(np.float16): TensorProto.FLOAT16,
    np.dtype(np.int8): TensorProto.INT8,
    np.dtype(np.int16): TensorProto.INT16,
    np.dtype(np.int32): TensorProto.INT32,
    np.dtype(np.int64): TensorProto.INT64,
    np.dtype(np.uint8): TensorProto.UINT8,
    np.dtype(np.uint16): TensorProto.UINT16,
    np.dtype(np.uint32): TensorProto.UINT32,
    np.dtype(np.uint64): TensorProto.UINT64,
    np.dtype(np.bool_): TensorProto.BOOL,
}

# The opset of a case that asks for no other, and one from before most ops got
# their axes and sizes as inputs. Each opset of a family is a model to compile.
OPSET = 20
OLD_OPSET = 9


@dataclasses.dataclass
class Case:
    name: str
    nodes: list
    inputs: Dict[str, np.ndarray]
    constants: Dict[str, np.ndarray]
    outputs: Dict[str, np.ndarray]
    opset: int = OPSET
    # The leading dims that may be dynamic: input or output -> its extent's
    # name, one name a dim ("" is static). None: the case is static only.
    dims: Optional[Dict[str, List[str]]] = None
    # Each row of the outputs depends on the same row of the inputs only, so
    # the first row alone must give the first row.
    rows: bool = False
    # Relative, absolute, and absolute in units of the largest expected value.
    # None: what agreement.py holds for the dtype.
    rtol: Optional[float] = None
    atol: Optional[float] = None
    scaled: Optional[float] = None


def op_case(
    name, op, inputs, outputs, attributes=None, constant=(), opset=OPSET, dynamic=None, **more
):
    """The case of a single node.

    Args:
      inputs: arrays; None is an optional input that is left out.
      outputs: the expected arrays; None is an output that is left out.
      constant: indices of inputs that are initialisers of the model.
      dynamic: "rows" if the leading dim may be any and rows are independent,
        "batch" if it may be any, None if the case is static only, or a list
        with the names of dims for every input and then every output.
    """
    inputs, outputs = list(inputs), list(outputs)
    in_names = ["" if x is None else f"x{i}" for i, x in enumerate(inputs)]
    out_names = ["" if y is None else f"y{i}" for i, y in enumerate(outputs)]
    node = helper.make_node(op, in_names, out_names, **(attributes or {}))
    arrays = {n: np.asarray(x) for n, x in zip(in_names, inputs) if n}
    constants = {f"x{i}": arrays.pop(f"x{i}") for i in constant}
    results = {n: np.asarray(y) for n, y in zip(out_names, outputs) if n}
    dims = None
    if isinstance(dynamic, list):
        present = [n for n in in_names + out_names if n and n not in constants]
        dims = dict(zip(present, dynamic))
    elif dynamic is not None:
        dims = leading_dims(arrays, results)
    return Case(
        name, [node], arrays, constants, results, opset, dims, dynamic == "rows" and bool(dims), **more
    )


def leading_dims(inputs, outputs):
    """Names the leading dim of what has the first input's leading extent.

    Equal extents get equal names, so that a whole family has few of them. An
    extent of 1 stays static: it may be there to be broadcast.
    """
    first = next(iter(inputs.values()), None)
    if first is None or first.ndim == 0 or first.shape[0] <= 1:
        return None
    extent = first.shape[0]
    rank = max(x.ndim for x in inputs.values())
    dims = {}
    for name, array in list(inputs.items()) + list(outputs.items()):
        if array.ndim and array.shape[0] == extent and (name in outputs or array.ndim == rank):
            dims[name] = [f"n{extent}"] + [""] * (array.ndim - 1)
    return dims


def value_info(name, array, dims):
    shape = list(array.shape)
    for i, dim in enumerate(dims or []):
        if dim:
            shape[i] = dim
    return helper.make_tensor_value_info(name, DTYPES[array.dtype], shape)


def constant_tensor(name, array):
    return helper.make_tensor(name, DTYPES[array.dtype], array.shape, array.tobytes(), raw=True)


def prefixed(node, prefix):
    """The node with all its tensors renamed, those of its graphs included."""
    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    copy.name = prefix + (node.name or f"{node.op_type}.{node.output[0]}")
    del copy.input[:]
    del copy.output[:]
    copy.input.extend(prefix + n if n else "" for n in node.input)
    copy.output.extend(prefix + n if n else "" for n in node.output)
    for attribute in copy.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            rename(attribute.g, prefix)
    return copy


def rename(graph, prefix):
    for tensor in [*graph.input, *graph.output, *graph.initializer]:
        tensor.name = prefix + tensor.name
    nodes = [prefixed(n, prefix) for n in graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def model_of(cases, dynamic=False):
    """One model that computes every case. Its tensors are named CASE.TENSOR."""
    nodes, inputs, outputs, constants = [], [], [], []
    for case in cases:
        prefix = case.name + "."
        dims = case.dims if dynamic and case.dims else {}
        nodes += [prefixed(n, prefix) for n in case.nodes]
        inputs += [value_info(prefix + n, a, dims.get(n)) for n, a in case.inputs.items()]
        outputs += [value_info(prefix + n, a, dims.get(n)) for n, a in case.outputs.items()]
        constants += [constant_tensor(prefix + n, a) for n, a in case.constants.items()]
    graph = helper.make_graph(nodes, "cases", inputs, outputs, constants)
    opset = cases[0].opset
    assert all(c.opset == opset for c in cases), "a model has one opset"
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    return model


def inputs_of(cases):
    return {f"{c.name}.{n}": a for c in cases for n, a in c.inputs.items()}


def first_row(case):
    """The case cut down to a leading extent of 1, where its dims have a name."""

    def cut(arrays):
        return {n: a[:1] if n in case.dims else a for n, a in arrays.items()}

    return dataclasses.replace(case, inputs=cut(case.inputs), outputs=cut(case.outputs))
