"""A perceptron that is nearly all weights: what compiling costs with their size."""

import numpy as np
from network import Network

LAYERS = 6


def perceptron(path, width=8192, inner=4096):
    """[batch, inner] through `LAYERS` matrices of [inner, width] and [width, inner], or transposed,
    and one of [width, width]; 1.07 GB of weights by default."""
    net = Network("perceptron", opset=17)
    x = net.input("x", ["batch", inner])
    sizes = [inner, width] * (LAYERS // 2) + [inner]

    def matrix(rows, columns, fan_in):
        # Uniform in f32, since a normal distribution of this size takes minutes.
        values = net.rng.random((rows, columns), dtype=np.float32)
        values -= np.float32(0.5)
        values *= np.float32((24 / fan_in) ** 0.5)
        return net.parameter(values)

    for layer, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
        if layer == LAYERS // 2:
            x = net.op("Tanh", net.op("MatMul", x, matrix(width, width, width)))
        if layer % 2:
            x = net.op("Gemm", x, matrix(fan_out, fan_in, fan_in), net.bias(fan_out), transB=1)
        else:
            x = net.op("Add", net.op("MatMul", x, matrix(fan_in, fan_out, fan_in)), net.bias(fan_out))
        x = net.op("Relu", x)
    net.output(x, "y", ["batch", inner])
    net.save(path)
