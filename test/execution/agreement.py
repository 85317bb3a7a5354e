"""When a result agrees with what was expected."""

import ml_dtypes
import numpy as np

# (relative, absolute). The relative tolerances of ONNX's own suite are 1e-3
# for every type, which would hide a f64 that was computed as f32.
TOLERANCE = {
    np.dtype(ml_dtypes.bfloat16): (1e-2, 1e-3),
    np.dtype(np.float16): (2e-3, 1e-4),
    np.dtype(np.float32): (1e-5, 1e-7),
    np.dtype(np.float64): (1e-12, 1e-14),
}


def disagreement(got, want, rtol=None, atol=None, scaled=None):
    """None if `got` agrees with `want`, else one line that says where not.

    NaN agrees with NaN only and an infinity with itself only. An element may
    differ by atol + rtol * |want| + scaled * max |want|.
    """
    if got.dtype != want.dtype:
        return f"dtype {got.dtype} instead of {want.dtype}"
    if got.shape != want.shape:
        return f"shape {list(got.shape)} instead of {list(want.shape)}"
    if want.size == 0:
        return None
    if want.dtype not in TOLERANCE:
        wrong = got != want
    else:
        default = TOLERANCE[want.dtype]
        rtol = default[0] if rtol is None else rtol
        atol = default[1] if atol is None else atol
        g, w = got.astype(np.float64), want.astype(np.float64)
        finite = np.isfinite(w)
        if scaled and finite.any():
            atol = atol + scaled * np.abs(w[finite]).max()
        with np.errstate(invalid="ignore"):
            near = np.abs(g - w) <= atol + rtol * np.abs(w)
        wrong = np.where(finite, ~near, ~((g == w) | (np.isnan(g) & np.isnan(w))))
    count = int(np.count_nonzero(wrong))
    if count == 0:
        return None
    at = tuple(int(i) for i in np.argwhere(wrong)[0])
    return f"{count} of {want.size} elements differ, first at {list(at)}: {got[at]!r} instead of {want[at]!r}"
