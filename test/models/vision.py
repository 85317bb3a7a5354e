"""Networks of the literature for images, with random weights."""

from network import Network


def resnet50(path):
    """K. He et al., Deep Residual Learning for Image Recognition (2015); stride in the 3x3 convolution."""
    net = Network("resnet50", opset=13)
    x = net.input("image", ["batch", 3, "height", "width"])
    x = net.op("Relu", net.batch_norm(net.conv(x, 3, 64, 7, 2), 64))
    x = net.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    channels = 64
    for stage, blocks in enumerate([3, 4, 6, 3]):
        width = 64 << stage
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            y = net.op("Relu", net.batch_norm(net.conv(x, channels, width, 1), width))
            y = net.op("Relu", net.batch_norm(net.conv(y, width, width, 3, stride), width))
            y = net.batch_norm(net.conv(y, width, 4 * width, 1), 4 * width, gain=0.3)
            if not block:
                x = net.batch_norm(net.conv(x, channels, 4 * width, 1, stride, gain=1.0), 4 * width)
            channels = 4 * width
            x = net.op("Relu", net.op("Add", y, x))
    x = net.op("Flatten", net.op("GlobalAveragePool", x))
    x = net.op("Gemm", x, net.weight((1000, channels), channels), net.bias(1000), transB=1)
    net.output(x, "logits", ["batch", 1000])
    net.save(path)


def mobilenet_v2(path):
    """M. Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks (2018)."""
    net = Network("mobilenet_v2", opset=11)

    def clipped(x):
        return net.op("Clip", x, net.scalar(0), net.scalar(6))

    x = net.input("image", ["batch", 3, "height", "width"])
    x = clipped(net.batch_norm(net.conv(x, 3, 32, 3, 2), 32))
    channels = 32
    for expand, out, blocks, stride in [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ]:
        for block in range(blocks):
            wide = channels * expand
            y = x
            if expand > 1:
                y = clipped(net.batch_norm(net.conv(y, channels, wide, 1), wide))
            y = clipped(net.batch_norm(net.conv(y, wide, wide, 3, 1 if block else stride, groups=wide), wide))
            y = net.batch_norm(net.conv(y, wide, out, 1), out, gain=0.5)
            x = net.op("Add", x, y) if channels == out else y
            channels = out
    x = clipped(net.batch_norm(net.conv(x, channels, 1280, 1), 1280))
    x = net.op("Reshape", net.op("GlobalAveragePool", x), net.ints([0, -1]))
    x = net.op("Gemm", x, net.weight((1000, 1280), 1280), net.bias(1000), transB=1)
    net.output(x, "logits", ["batch", 1000])
    net.save(path)


def efficientnet_b0(path):
    """M. Tan, Q. Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks (2019)."""
    net = Network("efficientnet_b0", opset=14)
    x = net.input("image", ["batch", 3, "height", "width"])
    x = net.swish(net.batch_norm(net.conv(x, 3, 32, 3, 2), 32))
    channels = 32
    for expand, out, blocks, stride, kernel in [
        (1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3),
        (6, 112, 3, 1, 5), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3),
    ]:
        for block in range(blocks):
            wide, squeezed = channels * expand, max(1, channels // 4)
            y = x
            if expand > 1:
                y = net.swish(net.batch_norm(net.conv(y, channels, wide, 1), wide))
            y = net.swish(net.batch_norm(net.conv(y, wide, wide, kernel, 1 if block else stride, groups=wide), wide))
            gate = net.op("GlobalAveragePool", y)
            gate = net.swish(net.conv(gate, wide, squeezed, 1, bias=True))
            gate = net.op("Sigmoid", net.conv(gate, squeezed, wide, 1, bias=True))
            y = net.op("Mul", y, gate)
            y = net.batch_norm(net.conv(y, wide, out, 1, gain=2.0), out, gain=0.7)
            x = net.op("Add", y, x) if channels == out else y
            channels = out
    x = net.swish(net.batch_norm(net.conv(x, channels, 1280, 1), 1280))
    x = net.op("Flatten", net.op("GlobalAveragePool", x), axis=1)
    x = net.op("Gemm", x, net.weight((1000, 1280), 1280), net.bias(1000), transB=1)
    net.output(x, "logits", ["batch", 1000])
    net.save(path)


def vit_s16(path):
    """A. Dosovitskiy et al., An Image is Worth 16x16 Words (2020), in its small size."""
    width, heads, layers = 384, 6, 12
    net = Network("vit_s16", opset=17)
    x = net.input("image", ["batch", 3, 224, 224])
    x = net.conv(x, 3, width, 16, 16, padding=0, bias=True, gain=1.0)
    x = net.op("Transpose", net.op("Reshape", x, net.ints([0, width, 196])), perm=[0, 2, 1])
    batch = net.op("Gather", net.op("Shape", x), net.ints([0]), axis=0)
    shape = net.op("Concat", batch, net.ints([1, width]), axis=0)
    token = net.op("Expand", net.weight((1, 1, width), 1, 0.5), shape)
    x = net.op("Add", net.op("Concat", token, x, axis=1), net.weight((1, 197, width), 1, 0.5))
    for _ in range(layers):
        y = net.layer_norm(x, width, 1e-6)
        qkv = net.op("Reshape", net.linear(y, width, 3 * width), net.ints([0, 197, 3, heads, width // heads]))
        qkv = net.op("Transpose", qkv, perm=[2, 0, 3, 1, 4])
        q, k, v = (net.op("Gather", qkv, net.scalar(i, "int64"), axis=0) for i in range(3))
        q = net.op("Mul", q, net.scalar((width // heads) ** -0.5))
        scores = net.op("Softmax", net.op("MatMul", q, net.op("Transpose", k, perm=[0, 1, 3, 2])), axis=-1)
        y = net.op("Reshape", net.op("Transpose", net.op("MatMul", scores, v), perm=[0, 2, 1, 3]), net.ints([0, 197, width]))
        x = net.op("Add", x, net.linear(y, width, width, 0.5))
        y = net.linear(net.gelu(net.linear(net.layer_norm(x, width, 1e-6), width, 4 * width)), 4 * width, width, 0.5)
        x = net.op("Add", x, y)
    x = net.op("Gather", net.layer_norm(x, width, 1e-6), net.scalar(0, "int64"), axis=1)
    x = net.op("Gemm", x, net.weight((1000, width), width), net.bias(1000), transB=1)
    net.output(x, "logits", ["batch", 1000])
    net.save(path)
