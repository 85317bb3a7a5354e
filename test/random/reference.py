"""Evaluates a node, with a bound on what two right implementations may differ by.

Each tensor of a random graph carries the largest error that it may have. An op
is run twice, on its inputs and on inputs that are wrong by their errors: what
the results differ by is the error that it passes on.
"""

import dataclasses
import zlib

import numpy as np
import onnx
import onnx.reference
import onnxruntime
from case import DTYPES, value_info
from onnx import helper

# Sums and products of small multiples of 1/4 are exact in any order.
EXACT_OPS = {
    "Add", "Sub", "Mul", "Sum", "MatMul", "Gemm", "Einsum", "Conv", "ConvTranspose", "ReduceSum", "ReduceL1",
    "ReduceSumSquare", "CumSum", "Neg", "Abs", "Relu", "ConvInteger", "MatMulInteger", "DequantizeLinear",
}  # fmt: skip
# Results are elements of the inputs.
MOVING_OPS = {
    "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Expand", "Tile", "Concat", "Split", "Slice", "Pad",
    "Gather", "GatherElements", "GatherND", "ScatterElements", "ScatterND", "Trilu", "DepthToSpace", "SpaceToDepth", "Where",
    "Clip", "Max", "Min", "ReduceMax", "ReduceMin", "MaxPool", "GlobalMaxPool", "ReverseSequence", "OneHot", "TopK", "Dropout",
    "ConstantOfShape", "EyeLike", "Shape", "Size",
}  # fmt: skip
# A small error of the input makes another result altogether.
JUMPING_OPS = {
    "Floor", "Ceil", "Round", "Sign", "ThresholdedRelu", "Shrink", "Mod", "ArgMax", "ArgMin", "TopK", "Hardmax", "Equal",
    "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "QuantizeLinear", "IsInf", "IsNaN", "DynamicQuantizeLinear",
    "Loop", "If", "Scan", "Range",
}  # fmt: skip

# Computed in f32, whatever the type: by the specification or by the reference.
NARROW_OPS = {"LayerNormalization", "Erf", "Gelu"}

WINDOW_OPS = {"Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool"}

MAX_ELEMENTS = 1 << 15
LARGEST = 1e4


class Rejected(Exception):
    """The node makes no sense on these inputs, or its results say nothing."""


@dataclasses.dataclass
class Value:
    array: np.ndarray
    error: float = 0.0  # none: the value is the same bits everywhere

    @property
    def is_float(self):
        return self.array.dtype.kind == "f"


def reads(node):
    """The tensors that a node reads, those of its graphs from outside included."""
    names = [n for n in node.input if n]
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            graph = attribute.g
            own = {v.name for v in graph.input} | {n for inner in graph.node for n in inner.output}
            names += [n for inner in graph.node for n in reads(inner) if n not in own]
    return list(dict.fromkeys(names))


def run(node, arrays, opset):
    """The node's outputs, by ONNX Runtime or, where it has no kernel, by ONNX."""
    names = reads(node)
    outputs = [n for n in node.output if n]
    graph = helper.make_graph(
        [node],
        "node",
        [value_info(n, arrays[n], None) for n in names],
        [onnx.ValueInfoProto(name=n) for n in outputs],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    settings = onnxruntime.SessionOptions()
    settings.log_severity_level = 4
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    feeds = {n: arrays[n] for n in names}
    try:
        try:
            session = onnxruntime.InferenceSession(
                model.SerializeToString(), settings, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            if "NOT_IMPLEMENTED" not in str(error):
                raise
            session = onnx.reference.ReferenceEvaluator(model)
        with np.errstate(all="ignore"):
            results = [np.asarray(a) for a in session.run(outputs, feeds)]
        inferred = onnx.shape_inference.infer_shapes(model).graph.output
    except Exception as error:
        raise Rejected(f"{node.op_type}: {error}") from None
    for array, info in zip(results, inferred):
        shape = info.type.tensor_type.shape if info.type.tensor_type.HasField("shape") else None
        known = [d.dim_value if d.HasField("dim_value") else e for d, e in zip(shape.dim, array.shape)] if shape else []
        if shape and (len(shape.dim) != array.ndim or known != list(array.shape)):
            raise Rejected(f"{node.op_type}: the reference contradicts ONNX's shape inference")
    return results


def is_exact(array):
    """Far enough from what the type cannot hold for sums to be exact."""
    bits, largest = (3, 32) if array.dtype == np.float16 else (10, 256)
    values = array.astype(np.float64)
    return bool(np.all(np.abs(values) <= largest) and np.all(values * 2**bits == np.round(values * 2**bits)))


def perturbed(value, rng):
    if not value.is_float:
        return value.array
    wide = value.array.astype(np.float64)
    signs = rng.choice([-1.0, 1.0], wide.shape)
    eps = float(np.finfo(value.array.dtype).eps)
    return np.asarray(wide + signs * (value.error + 4 * eps * np.abs(wide))).astype(value.array.dtype)


def evaluate(node, values, opset):
    """The node's outputs as Values. Rejects what is not finite or too large."""
    inputs = [values[n] for n in reads(node)]
    inexact = any(v.is_float and v.error for v in inputs)
    if node.op_type in JUMPING_OPS and inexact:
        raise Rejected("a result that may be any")
    arrays = {n: values[n].array for n in reads(node)}
    if node.op_type in ("ArgMax", "ArgMin") and not all(a.size for a in arrays.values()):
        raise Rejected("the largest of nothing")
    outputs = run(node, arrays, opset)
    if node.op_type in WINDOW_OPS and not all(a.size for a in outputs):
        raise Rejected("an image smaller than the window")
    if node.op_type == "ReduceProd" and arrays[node.input[0]].size > 16 * max(outputs[0].size, 1):
        raise Rejected("a product that overflows in one order and not in another")
    if node.op_type == "PRelu" and outputs[0].shape != arrays[node.input[0]].shape:
        raise Rejected("a slope that broadcasts the other way")
    for array in outputs:
        if array.dtype not in DTYPES or array.size > MAX_ELEMENTS or array.ndim > 6:
            raise Rejected("its type or size")
        if array.dtype.kind == "f" and not np.all(np.abs(array) <= LARGEST):
            raise Rejected("not finite or too large")
        if array.dtype.kind in "iu" and array.dtype.itemsize > 2 and np.any(np.abs(array.astype(np.float64)) > 1e6):
            raise Rejected("too large")
    exact = not inexact and (
        node.op_type in MOVING_OPS | JUMPING_OPS
        or (node.op_type in EXACT_OPS and all(is_exact(v.array) for v in inputs if v.is_float))
    )
    if exact and not (node.op_type in EXACT_OPS and not all(is_exact(a) for a in outputs if a.dtype.kind == "f")):
        return [Value(a) for a in outputs]
    if node.op_type in MOVING_OPS:
        return [Value(a, max(v.error for v in inputs) if a.dtype.kind == "f" else 0.0) for a in outputs]
    rng = np.random.default_rng(zlib.crc32(node.SerializeToString()))
    shaken = run(node, {n: perturbed(values[n], rng) for n in arrays}, opset)
    results = []
    for array, other in zip(outputs, shaken):
        if array.dtype.kind != "f" or not array.size:
            results.append(Value(array))
            continue
        wide = array.astype(np.float64)
        passed = np.abs(other.astype(np.float64) - wide).max()
        types = {array.dtype.type, np.float32} if node.op_type in NARROW_OPS else {array.dtype.type}
        own = 32 * max(float(np.finfo(t).eps) for t in types) * max(np.abs(wide).max(), 1e-3)
        if not np.isfinite(passed) or passed > 0.05 * max(np.abs(wide).max(), 1e-3):
            raise Rejected("its error")
        results.append(Value(array, float(8 * passed + own)))
    return results


def disagreement(got, want):
    """None if `got` is what is wanted, else one line that says where not."""
    if got.dtype != want.array.dtype or got.shape != want.array.shape:
        return f"{got.dtype}{list(got.shape)} instead of {want.array.dtype}{list(want.array.shape)}"
    if want.is_float:
        difference = np.abs(got.astype(np.float64) - want.array.astype(np.float64))
        wrong = ~(difference <= want.error)
    else:
        wrong = got != want.array
    count = int(np.count_nonzero(wrong))
    if not count:
        return None
    at = tuple(int(i) for i in np.argwhere(wrong)[0])
    bound = f", {want.error:.3g} allowed" if want.is_float else ""
    return f"{count} of {got.size} elements differ, first at {list(at)}: {got[at]!r} instead of {want.array[at]!r}{bound}"
