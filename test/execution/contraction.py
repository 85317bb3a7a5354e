"""MatMul and Gemm: every rank, transposition and way to add the third operand."""

import numpy as np

from case import op_case
from elementwise import short
from values import random

# A sum of k products differs from the exact one by about k roundings.
SCALED = {np.float32: 1e-6, np.float64: 1e-14, np.float16: 2e-3}

MATMULS = {
    "even": ((8, 16), (16, 16)),
    "odd": ((7, 13), (13, 5)),
    "tails": ((37, 65), (65, 49)),
    "row": ((1, 33), (33, 17)),
    "column": ((17, 33), (33, 1)),
    "outer": ((9, 1), (1, 7)),
    "vector_matrix": ((13,), (13, 5)),
    "matrix_vector": ((7, 13), (13,)),
    "vectors": ((13,), (13,)),
    "batch": ((3, 7, 13), (3, 13, 5)),
    "batch_left": ((3, 7, 13), (13, 5)),
    "batch_right": ((7, 13), (3, 13, 5)),
    "batch_broadcast": ((2, 1, 7, 13), (1, 3, 13, 5)),
    "batch_vector": ((3, 7, 13), (13,)),
    "vector_batch": ((13,), (3, 13, 5)),
    "long_sum": ((3, 1027), (1027, 33)),
    "no_rows": ((0, 4), (4, 3)),
    "no_sum": ((3, 0), (0, 2)),
    "no_sum_wide": ((3, 0), (0, 17)),
}


def product(a, b):
    """In f64, and of integers as they are."""
    if a.dtype.kind != "f":
        return a @ b
    return (a.astype(np.float64) @ b.astype(np.float64)).astype(a.dtype)


def matmul():
    for name, (left, right) in MATMULS.items():
        a, b = random("a", left), random("b", right)
        rows = len(left) > 1 and len(right) <= len(left) and (len(right) == 2 or name == "batch")
        more = {"dynamic": "rows" if rows else None, "scaled": SCALED[np.float32]}
        if name == "batch":
            more["dynamic"] = [["n", "", ""]] * 3
        yield op_case(f"matmul_{name}", "MatMul", [a, b], [product(a, b)], **more)
        constant = dict(more, dynamic=None if name == "batch" else more["dynamic"])
        yield op_case(f"matmul_{name}_weights", "MatMul", [a, b], [product(a, b)], constant=[1], **constant)
    for dtype in (np.float64, np.float16, np.int32, np.int64):
        a, b = random("a", (7, 13), dtype), random("b", (13, 5), dtype)
        more = {"dynamic": "rows", "scaled": SCALED.get(dtype)}
        yield op_case(f"matmul_{short(dtype)}", "MatMul", [a, b], [product(a, b)], **more)
        yield op_case(f"matmul_{short(dtype)}_weights", "MatMul", [a, b], [product(a, b)], constant=[1], **more)
    # All three extents unknown, and the same extent twice.
    a, b = random("a", (5, 9)), random("b", (9, 6))
    dims = [["m", "k"], ["k", "p"], ["m", "p"]]
    yield op_case("matmul_dynamic", "MatMul", [a, b], [product(a, b)], dynamic=dims, scaled=1e-6)
    a, b = np.ones((3, 4), np.float32), np.ones((4, 3), np.float32)
    a[1, 2] = np.nan
    b[0, 1] = np.inf
    yield op_case("matmul_special", "MatMul", [a, b], [a @ b], dynamic="rows")


def gemm_result(a, b, c, alpha, beta, trans_a, trans_b):
    a = a.T if trans_a else a
    b = b.T if trans_b else b
    y = alpha * (a.astype(np.float64) @ b.astype(np.float64))
    if c is not None:
        y = y + beta * c.astype(np.float64)
    return y


def gemm():
    m, k, n = 7, 13, 5

    def gemm_case(name, dtype=np.float32, c_shape=None, constant=(1, 2), alpha=1.0, beta=1.0, ta=0, tb=0, **more):
        a = random("a", (k, m) if ta else (m, k), dtype)
        b = random("b", (n, k) if tb else (k, n), dtype)
        c = None if c_shape is None else random("c", c_shape, dtype)
        want = gemm_result(a, b, c, alpha, beta, ta, tb).astype(a.dtype)
        inputs = [a, b] + ([] if c is None else [c])
        attributes = {"transA": ta, "transB": tb, "alpha": alpha, "beta": beta}
        more.setdefault("scaled", SCALED.get(dtype))
        constant = [i for i in constant if i < len(inputs)]
        return op_case("gemm_" + name, "Gemm", inputs, [want], attributes, constant=constant, **more)

    for ta in (0, 1):
        for tb in (0, 1):
            rows = None if ta else "rows"
            yield gemm_case(f"trans_{ta}{tb}", c_shape=(n,), ta=ta, tb=tb, dynamic=rows)
            yield gemm_case(f"trans_{ta}{tb}_inputs", c_shape=(n,), ta=ta, tb=tb, constant=(), dynamic=rows)
    for name, shape in {"scalar": (), "one": (1,), "row": (1, n), "column": (m, 1), "full": (m, n)}.items():
        yield gemm_case(f"c_{name}", c_shape=shape)
        yield gemm_case(f"c_{name}_inputs", c_shape=shape, constant=())
    yield gemm_case("no_c", dynamic="rows")
    yield gemm_case("alpha", c_shape=(n,), alpha=0.5, dynamic="rows")
    yield gemm_case("beta", c_shape=(n,), beta=0.25, dynamic="rows")
    yield gemm_case("alpha_beta", c_shape=(n,), alpha=-1.5, beta=2.0, tb=1, dynamic="rows")
    yield gemm_case("alpha_no_c", alpha=0.5, dynamic="rows")
    yield gemm_case("beta_zero", c_shape=(n,), beta=0.0, dynamic="rows")
    yield gemm_case("f64", np.float64, (n,), dynamic="rows")
    yield gemm_case("f16", np.float16, (n,), dynamic="rows")
    for dtype in (np.int32, np.int64):
        yield gemm_case(short(dtype), dtype, (n,), dynamic="rows")
    # Batch 1 has its own schedule, and N is no multiple of any register tile.
    a, b, c = random("a", (1, 128)), random("b", (10, 128)), random("c", (10,))
    want = gemm_result(a, b, c, 1, 1, 0, 1).astype(np.float32)
    yield op_case("gemm_dense", "Gemm", [a, b, c], [want], {"transB": 1}, constant=[1, 2], scaled=1e-6)
    a, b, c = random("a", (6, 32)), random("b", (32, 96)), random("c", (96,))
    want = gemm_result(a, b, c, 1, 1, 0, 0).astype(np.float32)
    yield op_case("gemm_even", "Gemm", [a, b, c], [want], constant=[1, 2], dynamic="rows", scaled=1e-6)


def einsum():
    for equation, *shapes in (
        ("ij,jk->ik", (3, 4), (4, 5)),
        ("bhid,bhjd->bhij", (2, 3, 4, 5), (2, 3, 6, 5)),
        ("...ij,...jk->...ik", (2, 3, 4, 5), (3, 5, 2)),
        ("...ij,...jk", (2, 1, 4, 5), (1, 3, 5, 2)),
        ("ij...->j...", (3, 4, 2)),
        ("bii->bi", (2, 3, 3)),
        ("ii", (4, 4)),
        ("...ii->...i", (2, 3, 3)),
        ("iij,j->i", (3, 3, 4), (4,)),
        ("ab,bc,cd,de->ae", (2, 3), (3, 4), (4, 5), (5, 2)),
        ("ab,ab,c->ac", (2, 3), (2, 3), (4,)),
        ("i,j->", (3,), (4,)),
        ("ba", (3, 4)),
        ("ab,cb->ac", (1, 3), (4, 1)),
    ):
        inputs = [random(f"x{i}", shape) for i, shape in enumerate(shapes)]
        want = np.einsum(equation, *[x.astype(np.float64) for x in inputs]).astype(np.float32)
        name = "".join(c if c.isalpha() else "_" for c in equation.replace("->", "_to_").replace("...", "dots"))
        yield op_case("einsum_" + name, "Einsum", inputs, [want], {"equation": equation}, scaled=1e-6)


def determinants():
    for n in (1, 2, 3, 5):
        x = random("x", (3, n, n))
        yield op_case(
            f"det_{n}", "Det", [x], [np.linalg.det(x.astype(np.float64)).astype(np.float32)], scaled=1e-6, dynamic="rows"
        )
    x = random("x", (4, 4), np.float64)
    yield op_case("det_matrix_f64", "Det", [x], [np.asarray(np.linalg.det(x))], scaled=1e-12)


def cases():
    return list(matmul()) + list(gemm()) + list(einsum()) + list(determinants())
