"""Integers with scales and zero points."""

import numpy as np

from case import op_case
from values import random


def quantized(x, scale, zero, dtype):
    info = np.iinfo(dtype)
    with np.errstate(all="ignore"):
        rounded = np.rint(x.astype(np.float32) / scale) + zero
    return np.clip(rounded, info.min, info.max).astype(dtype)


def along(v, rank, axis):
    return np.asarray(v).reshape([-1 if d == axis else 1 for d in range(rank)])


def linear():
    scale = np.array(0.25, np.float32)
    # Ties, saturation on both sides, and what rounds to the bounds.
    x = np.array([[0.125, 0.375, -0.125, 1e30, -1e30, 31.9], [3.0, -4.5, 0.0, np.inf, -np.inf, -40.0]], np.float32)
    for dtype, zero in ((np.uint8, 128), (np.int8, -3), (np.uint16, 30000), (np.int16, 5)):
        z = np.array(zero, dtype)
        name = np.dtype(dtype).name
        yield op_case(
            f"quantize_{name}", "QuantizeLinear", [x, scale, z], [quantized(x, scale, zero, dtype)],
            constant=[1, 2], opset=21, dynamic="rows",
        )
        q = random("q", (3, 5), dtype, -100, 100)
        y = (q.astype(np.int32) - zero).astype(np.float32) * scale
        yield op_case(
            f"dequantize_{name}", "DequantizeLinear", [q, scale, z], [y], constant=[1, 2], opset=21, dynamic="rows"
        )
    yield op_case(
        "quantize_no_zero", "QuantizeLinear", [x, scale], [quantized(x, scale, 0, np.uint8)], constant=[1], opset=13
    )
    # Quotients that are halves, or would be with one rounding more.
    scale, zero = np.float32(0.1), np.array(128, np.uint8)
    x = ((np.arange(-120, 120, dtype=np.float32) + np.float32(0.5)) * scale).reshape(4, 60)
    want = [quantized(x, scale, 128, np.uint8)]
    yield op_case("quantize_ties", "QuantizeLinear", [x, scale, zero], want, constant=[1, 2], opset=21, dynamic="rows")
    yield op_case("quantize_ties_inputs", "QuantizeLinear", [x, scale, zero], want, opset=21)
    x, scales = random("x", (2, 3, 4)), np.array([0.02, 0.5, 0.1], np.float32)
    zeros = np.array([3, 100, 250], np.uint8)
    s, z = along(scales, 3, 1), along(zeros, 3, 1).astype(np.int32)
    for axis in (1, -2):
        yield op_case(
            f"quantize_axis_{axis + 3}", "QuantizeLinear", [x, scales, zeros], [quantized(x, s, z, np.uint8)],
            {"axis": axis}, opset=13, dynamic="rows",
        )
    q = random("q", (2, 3, 4), np.uint8, 0, 255)
    want = (q.astype(np.int32) - z).astype(np.float32) * s
    yield op_case("dequantize_axis", "DequantizeLinear", [q, scales, zeros], [want], {"axis": 1}, opset=13)
    # Blocks of three along an axis of seven.
    x, scales = random("x", (2, 7, 4)), random("s", (2, 3, 4), low=0.01, high=0.1)
    zeros = random("z", (2, 3, 4), np.int8, -5, 5)
    s, z = (np.repeat(v, 3, axis=1)[:, :7] for v in (scales, zeros.astype(np.int32)))
    attributes = {"axis": 1, "block_size": 3}
    q = quantized(x, s, z, np.int8)
    yield op_case("quantize_blocks", "QuantizeLinear", [x, scales, zeros], [q], attributes, opset=21)
    want = (q.astype(np.int32) - z).astype(np.float32) * s
    yield op_case("dequantize_blocks", "DequantizeLinear", [q, scales, zeros], [want], attributes, opset=21)
    q = random("q", (3, 4), np.int32, -1000, 1000)
    yield op_case("dequantize_int32", "DequantizeLinear", [q, np.float32(0.5)], [q.astype(np.float32) * np.float32(0.5)])


def dynamic():
    for name, x in (
        ("mixed", random("x", (3, 5))), ("tie", np.array([0, 2, -3, -2.5, 1.34, 0.5], np.float32)), ("positive", random("y", (4,), low=1.0)), ("negative", random("z", (4,), high=-1.0)),
    ):
        low, high = np.minimum(x.min(), np.float32(0)), np.maximum(x.max(), np.float32(0))
        scale = np.float32((high - low) / np.float32(255))
        zero = np.clip(np.rint((0 - low) / scale), 0, 255).astype(np.uint8)
        yield op_case(
            "dynamicquantize_" + name, "DynamicQuantizeLinear", [x],
            [quantized(x, scale, zero.astype(np.int32), np.uint8), np.asarray(scale), np.asarray(zero)],
        )


def products():
    a, b = random("a", (3, 7), np.uint8, 0, 255), random("b", (7, 4), np.int8, -128, 127)
    wide_a, wide_b = a.astype(np.int32), b.astype(np.int32)
    yield op_case("matmulinteger", "MatMulInteger", [a, b], [wide_a @ wide_b], constant=[1], dynamic="rows")
    za, zb = np.array(100, np.uint8), np.array(-3, np.int8)
    want = (wide_a - 100) @ (wide_b + 3)
    yield op_case("matmulinteger_zero", "MatMulInteger", [a, b, za, zb], [want], constant=[1, 2, 3], dynamic="rows")
    rows, columns = np.array([1, 2, 3], np.uint8), np.array([-1, 0, 1, 2], np.int8)
    want = (wide_a - rows[:, None].astype(np.int32)) @ (wide_b - columns.astype(np.int32))
    yield op_case("matmulinteger_rows", "MatMulInteger", [a, b, rows, columns], [want])

    sa, sb, sy, zy = np.float32(0.02), np.float32(0.05), np.float32(0.4), np.array(7, np.int8)
    a, b = random("a", (2, 3, 7), np.int8, -100, 100), random("b", (7, 4), np.int8, -100, 100)
    za, zb = np.array(5, np.int8), np.array(-2, np.int8)
    total = (a.astype(np.int32) - 5) @ (b.astype(np.int32) + 2)
    want = np.clip(np.rint(total.astype(np.float32) * (sa * sb / sy)) + 7, -128, 127).astype(np.int8)
    yield op_case(
        "qlinearmatmul", "QLinearMatMul", [a, sa, za, b, sb, zb, sy, zy], [want], constant=[1, 2, 3, 4, 5, 6, 7],
        dynamic="rows",
    )


def integer_conv(x, w):
    """Stride 1, padding 1, 3x3, in i32."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    h, v = x.shape[2:]
    out = np.zeros((x.shape[0], w.shape[0], h, v), np.int32)
    for i in range(3):
        for j in range(3):
            out += np.einsum("nchw,oc->nohw", padded[:, :, i : i + h, j : j + v], w[:, :, i, j])
    return out


def convolutions():
    x, w = random("x", (2, 3, 5, 4), np.uint8, 0, 255), random("w", (4, 3, 3, 3), np.uint8, 0, 255)
    wide_x, wide_w = x.astype(np.int32), w.astype(np.int32)
    pads = {"pads": [1, 1, 1, 1]}
    yield op_case("convinteger", "ConvInteger", [x, w], [integer_conv(wide_x, wide_w)], pads, dynamic="rows")
    zx, zw = np.array(128, np.uint8), np.array(100, np.uint8)
    want = integer_conv(wide_x - 128, wide_w - 100)
    yield op_case("convinteger_zero", "ConvInteger", [x, w, zx, zw], [want], pads, constant=[1, 2, 3], dynamic="rows")
    w = random("w", (4, 3, 3, 3), np.int8, -100, 100)
    scales, zeros = np.array([0.01, 0.02, 0.03, 0.05], np.float32), np.array([0, 1, -2, 3], np.int8)
    bias = random("bias", (4,), np.int32, -500, 500)
    sx, sy, zy = np.float32(0.1), np.float32(2.0), np.array(99, np.uint8)
    total = integer_conv(wide_x - 128, w.astype(np.int32) - zeros.astype(np.int32).reshape(4, 1, 1, 1))
    total = total + bias.reshape(1, 4, 1, 1)
    factor = (sx * scales / sy).reshape(1, 4, 1, 1)
    want = np.clip(np.rint(total.astype(np.float32) * factor) + 99, 0, 255).astype(np.uint8)
    yield op_case(
        "qlinearconv", "QLinearConv", [x, sx, zx, w, scales, zeros, sy, zy, bias], [want], pads,
        constant=[1, 2, 3, 4, 5, 6, 7, 8], dynamic="rows",
    )


def cases():
    return list(linear()) + list(dynamic()) + list(products()) + list(convolutions())
