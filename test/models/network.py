"""Writes ONNX models layer by layer, with random weights of a fixed seed.

Weights are scaled so that activations keep their size through any depth: a
result that fades to zero or explodes would hide errors.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Network:
    """One graph that is being written. Methods take and return tensors' names."""

    def __init__(self, name, opset, seed=0):
        self.name, self.opset = name, opset
        self.rng = np.random.default_rng(seed)
        self.nodes, self.initializers, self.inputs, self.outputs = [], [], [], []
        self.count = {}

    def fresh(self, stem):
        number = self.count.get(stem, 0)
        self.count[stem] = number + 1
        return f"{stem}_{number}"

    # Borders.

    def input(self, name, dims, dtype=TensorProto.FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, dtype, dims))
        return name

    def output(self, tensor, name, dims, dtype=TensorProto.FLOAT):
        self.nodes.append(helper.make_node("Identity", [tensor], [name], name=self.fresh("Identity")))
        self.outputs.append(helper.make_tensor_value_info(name, dtype, dims))

    def save(self, path):
        graph = helper.make_graph(self.nodes, self.name, self.inputs, self.outputs, self.initializers)
        opsets = [helper.make_opsetid("", self.opset)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name="test")
        model.ir_version = 8 if self.opset < 19 else 10
        onnx.save(model, path)

    # Pieces.

    def op(self, kind, *operands, outputs=1, **attributes):
        names = [self.fresh(kind) for _ in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(operands), names, name=names[0] + "_node", **attributes))
        return names[0] if outputs == 1 else names

    def parameter(self, value, stem="weight"):
        name = self.fresh(stem)
        self.initializers.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def weight(self, shape, fan_in, gain=1.0):
        scale = gain / np.sqrt(fan_in)
        return self.parameter(self.rng.normal(0, scale, shape).astype(np.float32))

    def bias(self, size, scale=0.1):
        return self.parameter(self.rng.normal(0, scale, size).astype(np.float32), "bias")

    def scalar(self, value, dtype=np.float32):
        return self.parameter(np.array(value, dtype), "scalar")

    def ints(self, values):
        return self.parameter(np.array(values, np.int64), "ints")

    # Layers of images, [N, C, H, W].

    def conv(self, x, channels, out_channels, kernel, stride=1, groups=1, padding=None, bias=False, gain=2**0.5):
        fan_in = channels // groups * kernel * kernel
        weight = self.weight((out_channels, channels // groups, kernel, kernel), fan_in, gain)
        padding = kernel // 2 if padding is None else padding
        operands = [x, weight] + ([self.bias(out_channels)] if bias else [])
        return self.op(
            "Conv", *operands, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[padding] * 4, group=groups,
            dilations=[1, 1],
        )

    def batch_norm(self, x, channels, gain=1.0):
        def near(center, spread):
            return self.parameter((center + spread * self.rng.uniform(-1, 1, channels)).astype(np.float32), "norm")

        return self.op(
            "BatchNormalization", x, near(gain, 0.1 * gain), near(0, 0.1), near(0, 0.1), near(1, 0.2), epsilon=1e-5
        )

    def swish(self, x):
        return self.op("Mul", x, self.op("Sigmoid", x))

    # Layers of sequences, [batch, sequence, width].

    def linear(self, x, width, out_width, gain=1.0, bias=True):
        y = self.op("MatMul", x, self.weight((width, out_width), width, gain))
        return self.op("Add", self.bias(out_width), y) if bias else y

    def layer_norm(self, x, width, epsilon=1e-12):
        """One op since opset 17, before that what exporters wrote."""
        gain = self.parameter((1 + 0.1 * self.rng.normal(size=width)).astype(np.float32), "norm")
        shift = self.bias(width)
        if self.opset >= 17:
            return self.op("LayerNormalization", x, gain, shift, axis=-1, epsilon=epsilon)
        mean = self.op("ReduceMean", x, axes=[-1])
        centered = self.op("Sub", x, mean)
        variance = self.op("ReduceMean", self.op("Pow", centered, self.scalar(2)), axes=[-1])
        deviation = self.op("Sqrt", self.op("Add", variance, self.scalar(epsilon)))
        return self.op("Add", self.op("Mul", self.op("Div", centered, deviation), gain), shift)

    def gelu(self, x):
        if self.opset >= 20:
            return self.op("Gelu", x)
        erf = self.op("Erf", self.op("Div", x, self.scalar(2**0.5)))
        return self.op("Mul", self.op("Mul", x, self.op("Add", erf, self.scalar(1))), self.scalar(0.5))

    def gelu_tanh(self, x):
        if self.opset >= 20:
            return self.op("Gelu", x, approximate="tanh")
        cubic = self.op("Mul", self.op("Pow", x, self.scalar(3)), self.scalar(0.044715))
        inner = self.op("Mul", self.op("Add", x, cubic), self.scalar((2 / np.pi) ** 0.5))
        return self.op("Mul", self.op("Mul", x, self.scalar(0.5)), self.op("Add", self.op("Tanh", inner), self.scalar(1)))

    def split_heads(self, x, heads, width, transposed=False):
        """[batch, sequence, heads * width] -> [batch, heads, sequence, width]."""
        shape = self.op("Reshape", x, self.ints([0, 0, heads, width]))
        return self.op("Transpose", shape, perm=[0, 2, 3, 1] if transposed else [0, 2, 1, 3])

    def merge_heads(self, x, width):
        return self.op("Reshape", self.op("Transpose", x, perm=[0, 2, 1, 3]), self.ints([0, 0, width]))
