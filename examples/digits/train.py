#!/usr/bin/env python3
"""Trains the digits model and writes every file of this folder that is not text.

The data are the 1,797 handwritten digits of the UCI set "Optical Recognition
of Handwritten Digits" that scikit-learn carries: 8x8 pixels, grey values 0 to
16. A fifth of every class is held out and never seen in training.

    conv 3x3 (1 -> 16), batch norm, ReLU, max pool 2x2
    conv 3x3 (16 -> 32), batch norm, ReLU, max pool 2x2
    dense (128 -> 10), softmax

The network is small enough to be trained by its gradients written out in
NumPy: a quarter of a minute, no framework, the same weights at every run on one machine.
Batch norms are exported as BatchNormalization nodes and not folded into the
convolutions, so that folding them is the compiler's work.

Needs numpy, scikit-learn and onnx.
"""

import argparse
import pathlib
import struct
import zlib

import numpy as np
import onnx
from onnx import TensorProto, helper
from sklearn.datasets import load_digits

EPSILON = 1e-5


def split(images, labels, rng):
    """Holds out a fifth of every class: (train indices, held-out indices)."""
    train, held_out = [], []
    for digit in range(10):
        of_class = rng.permutation(np.flatnonzero(labels == digit))
        cut = round(len(of_class) / 5)
        held_out.append(of_class[:cut])
        train.append(of_class[cut:])
    return np.sort(np.concatenate(train)), np.sort(np.concatenate(held_out))


def shifted(images, rng):
    """Moves each image by -1, 0 or 1 pixel a dim: what a pen does anyway."""
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    result = np.empty_like(images)
    for i, (dy, dx) in enumerate(rng.integers(0, 3, size=(len(images), 2))):
        result[i] = padded[i, :, dy : dy + 8, dx : dx + 8]
    return result


# Every layer is a pair of functions. The forward one returns what the
# backward one needs; activations are [batch, channel, y, x].


def patches(x):
    """The 3x3 neighbourhood of each pixel: [batch, y, x, channel * 9]."""
    n, c, h, w = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    view = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    return view.transpose(0, 2, 3, 1, 4, 5).reshape(n, h, w, c * 9)


def conv(x, weight):
    columns = patches(x)
    y = columns @ weight.reshape(len(weight), -1).T
    return y.transpose(0, 3, 1, 2), columns


def conv_backward(dy, weight, columns):
    flat = dy.transpose(0, 2, 3, 1).reshape(-1, len(weight))
    dweight = (flat.T @ columns.reshape(len(flat), -1)).reshape(weight.shape)
    # The input's gradient is a convolution with the filter turned round.
    turned = weight[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    return conv(dy, turned)[0], dweight


def per_channel(v):
    return v[None, :, None, None]


def batch_norm(x, scale, bias, mean, var):
    inv = 1 / np.sqrt(var + EPSILON)
    normed = (x - per_channel(mean)) * per_channel(inv)
    return normed * per_channel(scale) + per_channel(bias), normed, inv


def batch_norm_backward(dy, scale, normed, inv):
    dscale = (dy * normed).sum((0, 2, 3))
    dbias = dy.sum((0, 2, 3))
    count = dy.size / len(scale)
    dx = dy - per_channel(dbias) / count - normed * per_channel(dscale) / count
    return dx * per_channel(scale * inv), dscale, dbias


def pool(x):
    n, c, h, w = x.shape
    windows = x.reshape(n, c, h // 2, 2, w // 2, 2).transpose(0, 1, 2, 4, 3, 5)
    windows = windows.reshape(n, c, h // 2, w // 2, 4)
    chosen = windows.argmax(-1)
    return windows.max(-1), chosen


def pool_backward(dy, chosen):
    n, c, h, w = dy.shape
    windows = (np.arange(4) == chosen[..., None]) * dy[..., None]
    windows = windows.reshape(n, c, h, w, 2, 2).transpose(0, 1, 2, 4, 3, 5)
    return windows.reshape(n, c, h * 2, w * 2)


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def initial_parameters(rng):
    def he(*shape):
        return rng.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape)

    return {
        "conv1.weight": he(16, 1, 3, 3),
        "norm1.scale": np.ones(16),
        "norm1.bias": np.zeros(16),
        "conv2.weight": he(32, 16, 3, 3),
        "norm2.scale": np.ones(32),
        "norm2.bias": np.zeros(32),
        "dense.weight": he(10, 128),
        "dense.bias": np.zeros(10),
    }


def forward(p, x, statistics=None):
    """Probabilities and what the backward pass needs.

    Without `statistics` batch norms use those of the batch, as in training.
    """
    saved = {}
    for stage in ("1", "2"):
        x, saved["columns" + stage] = conv(x, p[f"conv{stage}.weight"])
        if statistics is None:
            mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
        else:
            mean, var = (statistics[f"norm{stage}.{s}"] for s in ("mean", "var"))
        saved["mean" + stage], saved["var" + stage] = mean, var
        x, saved["normed" + stage], saved["inv" + stage] = batch_norm(
            x, p[f"norm{stage}.scale"], p[f"norm{stage}.bias"], mean, var
        )
        x = np.maximum(x, 0)
        saved["relu" + stage] = x
        x, saved["chosen" + stage] = pool(x)
    saved["flat"] = x.reshape(len(x), -1)
    return softmax(saved["flat"] @ p["dense.weight"].T + p["dense.bias"]), saved


def backward(p, saved, dlogits):
    g = {
        "dense.weight": dlogits.T @ saved["flat"],
        "dense.bias": dlogits.sum(0),
    }
    dx = (dlogits @ p["dense.weight"]).reshape(-1, 32, 2, 2)
    for stage in ("2", "1"):
        dx = pool_backward(dx, saved["chosen" + stage])
        dx = dx * (saved["relu" + stage] > 0)
        dx, g[f"norm{stage}.scale"], g[f"norm{stage}.bias"] = batch_norm_backward(
            dx, p[f"norm{stage}.scale"], saved["normed" + stage], saved["inv" + stage]
        )
        dx, g[f"conv{stage}.weight"] = conv_backward(
            dx, p[f"conv{stage}.weight"], saved["columns" + stage]
        )
    return g


def train(images, labels, epochs, batch, rng):
    """Adam with weight decay and a cosine schedule; returns parameters."""
    p = initial_parameters(rng)
    first = {k: np.zeros_like(v) for k, v in p.items()}
    second = {k: np.zeros_like(v) for k, v in p.items()}
    # A rest would give a last batch of other statistics: it is left out, and
    # a different one in every epoch.
    steps = len(images) // batch
    step = 0
    for epoch in range(epochs):
        order = rng.permutation(len(images))
        loss = 0
        for i in range(steps):
            chosen = order[i * batch : (i + 1) * batch]
            wanted = np.eye(10)[labels[chosen]]
            y, saved = forward(p, shifted(images[chosen], rng))
            loss -= np.log((y * wanted).sum(1) + 1e-12).mean() / steps
            g = backward(p, saved, (y - wanted) / batch)
            rate = 2e-3 * (1 + np.cos(np.pi * step / (epochs * steps)))
            step += 1
            for k in p:
                first[k] += 0.1 * (g[k] - first[k])
                second[k] += 0.001 * (g[k] ** 2 - second[k])
                m = first[k] / (1 - 0.9**step)
                v = second[k] / (1 - 0.999**step)
                p[k] -= rate * m / (np.sqrt(v) + 1e-8)
                if k.endswith("weight"):
                    p[k] -= rate * 1e-2 * p[k]
        if (epoch + 1) % 10 == 0:
            print(f"epoch {epoch + 1}: loss {loss:.4f}")
    # The statistics of batch norm are those of the whole training set.
    _, saved = forward(p, images)
    for stage in ("1", "2"):
        p[f"norm{stage}.mean"] = saved["mean" + stage]
        p[f"norm{stage}.var"] = saved["var" + stage]
    return p


def export(p):
    """The ONNX model. Input `image` [batch,1,8,8], grey values 0 to 16."""

    def tensor(name, values):
        values = np.ascontiguousarray(values, dtype="<f4")
        return helper.make_tensor(
            name, TensorProto.FLOAT, values.shape, values.tobytes(), raw=True
        )

    nodes, x = [], "image"

    def node(op, inputs, output, **attributes):
        nonlocal x
        nodes.append(
            helper.make_node(op, inputs, [output], name=op + "_" + output, **attributes)
        )
        x = output

    for s in ("1", "2"):
        node("Conv", [x, f"conv{s}.weight"], f"conv{s}", kernel_shape=[3, 3], pads=[1] * 4)
        norm = [f"norm{s}.{part}" for part in ("scale", "bias", "mean", "var")]
        node("BatchNormalization", [x] + norm, f"norm{s}", epsilon=EPSILON)
        node("Relu", [x], f"relu{s}")
        node("MaxPool", [x], f"pool{s}", kernel_shape=[2, 2], strides=[2, 2])
    node("Flatten", [x], "flat", axis=1)
    node("Gemm", [x, "dense.weight", "dense.bias"], "logits", transB=1)
    node("Softmax", [x], "probabilities", axis=1)

    graph = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, 8, 8])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", 10])],
        [tensor(name, p[name]) for name in sorted(p)],
        doc_string="Handwritten digits: image holds grey values 0 (paper) to 16 (ink).",
    )
    model = helper.make_model(
        graph, producer_name="examples/digits/train.py", opset_imports=[helper.make_opsetid("", 17)]
    )
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def png(image):
    """An 8-bit grey PNG of an 8x8 digit, dark ink on white paper."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    grey = (255 - np.round(image * (255 / 16))).astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in grey)
    header = struct.pack(">IIBBBBB", grey.shape[1], grey.shape[0], 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = pathlib.Path(__file__).resolve().parent
    parser.add_argument("--out", type=pathlib.Path, default=here)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    rng = np.random.default_rng(arguments.seed)
    digits = load_digits()
    images = digits.images[:, None].astype(np.float64)
    labels = digits.target.astype(np.int64)
    in_train, in_held_out = split(images, labels, rng)
    p = train(images[in_train], labels[in_train], arguments.epochs, arguments.batch, rng)

    held_out, wanted = images[in_held_out].astype(np.float32), labels[in_held_out]
    p = {k: v.astype(np.float32) for k, v in p.items()}
    y, _ = forward(p, held_out, statistics=p)
    right = y.argmax(1) == wanted
    print(f"held out: {right.sum()} of {len(wanted)} right, {right.mean():.2%}")

    arguments.out.mkdir(parents=True, exist_ok=True)
    onnx.save(export(p), str(arguments.out / "digits.onnx"))
    np.savez(arguments.out / "heldout.npz", image=held_out, label=wanted)
    # The image for the demonstration: the first held-out 3.
    shown = np.flatnonzero(wanted == 3)[0]
    np.save(arguments.out / "digit.npy", held_out[shown : shown + 1])
    (arguments.out / "digit.png").write_bytes(png(held_out[shown, 0]))
    large = np.kron(held_out[shown, 0], np.ones((32, 32), np.float32))
    (arguments.out / "digit-large.png").write_bytes(png(large))


if __name__ == "__main__":
    main()
