"""Cross-entropy, windows and Fourier transforms."""

import numpy as np

from case import op_case
from values import random


def picked(values, classes):
    """values[n, classes[n, ...], ...]; zero where the class is none."""
    last = np.moveaxis(values, 1, -1)
    valid = (classes >= 0) & (classes < values.shape[1])
    safe = np.where(valid, classes, 0)
    return np.where(valid, np.take_along_axis(last, safe[..., None], -1)[..., 0], 0)


def loss_of(log_prob, classes, weights, ignore, reduction):
    loss = -picked(log_prob, classes)
    weight = np.ones(classes.shape)
    if weights is not None:
        spread = weights.reshape(1, -1, *[1] * (log_prob.ndim - 2)) * np.ones(log_prob.shape)
        weight = picked(spread, classes)
    if ignore is not None:
        weight = np.where(classes == ignore, 0, weight)
    loss = loss * weight
    if reduction == "none":
        return loss
    return loss.sum() / weight.sum() if reduction == "mean" else loss.sum()


def log_softmax(x):
    shifted = x - x.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))


def cross_entropy():
    for name, shape in (("matrix", (6, 5)), ("image", (2, 5, 3, 4))):
        for reduction in ("none", "sum", "mean"):
            for weighted in (False, True):
                for ignore in (None, 2, -7):
                    x = random("x", shape)
                    classes = random("classes", (shape[0], *shape[2:]), np.int64, 0, 5)
                    if ignore == -7:
                        classes[0] = ignore
                    weights = random("w", (5,), low=0.1, high=2.0) if weighted else None
                    attributes = {"reduction": reduction}
                    if ignore is not None:
                        attributes["ignore_index"] = ignore
                    inputs = [x, classes] + ([weights] if weighted else [])
                    log_prob = log_softmax(x.astype(np.float64))
                    suffix = f"{name}_{reduction}{'_weighted' if weighted else ''}" + (
                        "" if ignore is None else f"_ignore_{ignore}".replace("-", "minus_")
                    )
                    # The samples may be any, where they are not summed over.
                    ranks = [a.ndim for a in inputs[:2]] + [len(shape) - 1, len(shape)]
                    dynamic = [["n", *[""] * (rank - 1)] for rank in ranks]
                    if weighted:
                        dynamic.insert(2, [""])
                    want = loss_of(log_prob, classes, weights, ignore, reduction).astype(np.float32)
                    yield op_case(
                        "crossentropy_" + suffix, "SoftmaxCrossEntropyLoss", inputs,
                        [want, log_prob.astype(np.float32)], attributes, scaled=1e-6,
                        dynamic=dynamic if reduction == "none" else None,
                    )
                    want = loss_of(x.astype(np.float64), classes, weights, ignore, reduction).astype(np.float32)
                    yield op_case(
                        "likelihood_" + suffix, "NegativeLogLikelihoodLoss", inputs, [want], attributes, scaled=1e-6
                    )


def windows():
    factors = {"HannWindow": (0.5, 0.5, 0), "HammingWindow": (25 / 46, 21 / 46, 0), "BlackmanWindow": (0.42, 0.5, 0.08)}
    for op, (a, b, c) in factors.items():
        for periodic in (0, 1):
            phase = 2 * np.pi * np.arange(10) / (10 if periodic else 9)
            want = a - b * np.cos(phase) + c * np.cos(2 * phase)
            yield op_case(
                f"{op.lower()}_{periodic}", op, [np.array(10, np.int64)], [want.astype(np.float32)],
                {"periodic": periodic}, constant=[0], atol=1e-6,
            )


def pair(z, dtype):
    return np.stack([z.real, z.imag], -1).astype(dtype)


def transforms():
    for name, parts, attributes, length in (
        ("real", 1, {}, None), ("complex", 2, {}, None), ("inverse", 2, {"inverse": 1}, None),
        ("half", 1, {"onesided": 1}, None), ("longer", 1, {}, 12), ("shorter", 2, {}, 6),
    ):
        for dtype in (np.float32, np.float64):
            x = random("x", (2, 9, 3, parts), dtype)
            z = x[..., 0].astype(np.float64) + (1j * x[..., 1] if parts == 2 else 0)
            function = np.fft.ifft if "inverse" in attributes else np.fft.rfft if "onesided" in attributes else np.fft.fft
            want = pair(function(z, n=length, axis=1), dtype)
            size = np.array(length, np.int64) if length else None
            yield op_case(
                f"dft_{name}_{np.dtype(dtype).name}", "DFT", [x, size, np.array(1, np.int64)], [want], attributes,
                constant=[1, 2] if length else [2], scaled=1e-6 if dtype == np.float32 else 1e-13, dynamic="rows",
            )
    signal = random("signal", (2, 20, 1))
    window = random("window", (8,))
    frames = np.stack([signal[:, i : i + 8, 0] for i in range(0, 13, 3)], 1).astype(np.float64)
    step = np.array(3, np.int64)
    for name, inputs, windowed, onesided, constant in (
        ("window", [signal, step, window], window, 1, [1, 2]),
        ("length", [signal, step, None, np.array(8, np.int64)], 1.0, 0, [1, 3]),
    ):
        z = (np.fft.rfft if onesided else np.fft.fft)(frames * windowed)
        yield op_case(
            f"stft_{name}", "STFT", inputs, [pair(z, np.float32)], {"onesided": onesided}, constant=constant,
            scaled=1e-6, dynamic="rows",
        )


def cases():
    return list(cross_entropy()) + list(windows()) + list(transforms())
