"""Input values: seeded, and the ones that break things."""

import zlib

import numpy as np


def random(name, shape, dtype=np.float32, low=-3.0, high=3.0):
    """Values in [low, high), the same for one name at every run."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return rng.uniform(low, high, shape).astype(dtype)
    if dtype.kind == "b":
        return rng.random(shape) < 0.5
    if dtype.kind == "u":
        low = max(low, 0)
    return rng.integers(int(low), int(high), shape).astype(dtype)


def special(dtype=np.float32):
    """NaN, infinities, both zeros, denormals, extremes, ties of rounding."""
    dtype = np.dtype(dtype)
    if dtype.kind != "f":
        info = np.iinfo(dtype)
        return np.array([info.min, info.min + 1, info.max, info.max - 1, 0, 1, 2, 7], dtype)
    info = np.finfo(dtype)
    tiny = float(info.smallest_subnormal)
    values = [0.0, tiny, 3 * tiny, float(info.tiny), float(info.eps), 0.25, 0.5, 1.0, 1.5, 2.5, 3.5]
    values += [7.0, 10.0, 20.0, 60.0, 88.0, 89.0, 100.0, 104.0, 1000.0, 4096.5]
    values += [float(info.max), float(info.max) / 2, float("inf"), float("nan")]
    values += [-v for v in values]
    with np.errstate(over="ignore"):
        return np.array(values, dtype)


def where_finite(values, limit):
    """The finite ones up to a limit: where a function of them is defined."""
    return values[np.isfinite(values) & (np.abs(values) <= limit)]
