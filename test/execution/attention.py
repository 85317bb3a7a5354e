"""Attention with its masks, caches and head groups, and rotary embeddings."""

import numpy as np

from case import op_case
from elementwise import short
from values import random

SCALED = {np.float32: 2e-6, np.float64: 1e-9, np.float16: 4e-3}
OPSET = 24


def attend(q, k, v, bias=None, allowed=None, scale=None, softcap=0.0):
    """[B, H, S, D], [B, K, T, D], [B, K, T, E] in f64; `allowed` hides keys."""
    group = q.shape[1] // k.shape[1]
    q, k, v = (x.astype(np.float64) for x in (q, k, v))
    k, v = (np.repeat(x, group, axis=1) for x in (k, v))
    score = np.einsum("bhsd,bhtd->bhst", q, k) * (scale or 1 / np.sqrt(q.shape[3]))
    if softcap:
        score = softcap * np.tanh(score / softcap)
    if bias is not None:
        score = score + bias.astype(np.float64)
    if allowed is not None:
        score = np.where(allowed, score, -np.inf)
    peak = score.max(3, keepdims=True)
    weights = np.exp(score - np.where(np.isneginf(peak), 0, peak))
    total = weights.sum(3, keepdims=True)
    return np.einsum("bhst,bhte->bhse", weights / np.where(total == 0, 1, total), v)


def heads_of(x, heads):
    return x.reshape(*x.shape[:2], heads, -1).transpose(0, 2, 1, 3)


def causal(s, t, offset):
    return np.arange(t) <= np.arange(s)[:, None] + offset


def attention():
    def add(name, inputs, want, attributes=None, dtype=np.float32, **more):
        want = [w.astype(x.dtype if isinstance(x, np.ndarray) else dtype) for w, x in zip(want, [inputs[0]] * 3)]
        more.setdefault("dynamic", "rows")
        return op_case(
            "attention_" + name, "Attention", inputs, want, attributes, opset=OPSET, scaled=SCALED[dtype], **more
        )

    for dtype in SCALED:
        q, k, v = random("q", (2, 4, 5, 8), dtype), random("k", (2, 4, 6, 8), dtype), random("v", (2, 4, 6, 3), dtype)
        yield add(short(dtype), [q, k, v], [attend(q, k, v)], dtype=dtype)
    q, k, v = random("q", (2, 4, 5, 8)), random("k", (2, 2, 5, 8)), random("v", (2, 2, 5, 3))
    yield add("groups", [q, k, v], [attend(q, k, v)])
    yield add("scale", [q, k, v], [attend(q, k, v, scale=0.5)], {"scale": 0.5})
    yield add("softcap", [q, k, v], [attend(q, k, v, softcap=1.5)], {"softcap": 1.5})
    yield add("causal", [q, k, v], [attend(q, k, v, allowed=causal(5, 5, 0))], {"is_causal": 1})
    bias = random("bias", (5, 5))
    yield add("bias", [q, k, v, bias], [attend(q, k, v, bias)], constant=[3])
    bias = random("bias", (2, 1, 1, 5))
    yield add("bias_batch", [q, k, v, bias], [attend(q, k, v, bias)])
    mask = random("mask", (2, 4, 5, 5), np.bool_)
    mask[0, 0, 0] = False  # a query that sees nothing
    yield add("mask", [q, k, v, mask], [attend(q, k, v, allowed=mask)])
    allowed = mask & causal(5, 5, 0)
    yield add("mask_causal", [q, k, v, mask], [attend(q, k, v, allowed=allowed)], {"is_causal": 1})
    k, v = random("k", (2, 4, 7, 8)), random("v", (2, 4, 7, 3))
    # Without a past, queries and keys start together.
    yield add("causal_long", [q, k, v], [attend(q, k, v, allowed=causal(5, 7, 0))], {"is_causal": 1})
    window = causal(5, 7, 1) & (np.arange(7) >= np.arange(5)[:, None] - 2)
    yield op_case(
        "attention_window", "Attention", [q, k, v], [attend(q, k, v, allowed=window).astype(np.float32)],
        {"left_window_size": 2, "right_window_size": 1}, opset=25, dynamic="rows", scaled=2e-6,
    )
    lengths = np.array([3, 7], np.int64)
    filled = np.arange(7) < lengths.reshape(2, 1, 1, 1)
    yield add("lengths", [q, k, v, None, None, None, lengths], [attend(q, k, v, allowed=filled)], dynamic=None)
    # A cache: what was, and what comes.
    k, v = random("k", (2, 4, 5, 8)), random("v", (2, 4, 5, 3))
    past_k, past_v = random("pk", (2, 4, 3, 8)), random("pv", (2, 4, 3, 3))
    all_k, all_v = np.concatenate([past_k, k], 2), np.concatenate([past_v, v], 2)
    want = attend(q, all_k, all_v, allowed=causal(5, 8, 3))
    yield add("past", [q, k, v, None, past_k, past_v], [want, all_k, all_v], {"is_causal": 1})
    flat = {"q_num_heads": 4, "kv_num_heads": 2}
    q, k, v = random("q", (2, 5, 32)), random("k", (2, 6, 16)), random("v", (2, 6, 6))
    want = attend(heads_of(q, 4), heads_of(k, 2), heads_of(v, 2)).transpose(0, 2, 1, 3).reshape(2, 5, -1)
    yield add("flat", [q, k, v], [want], flat)
    q, k = random("q", (1, 2, 3, 4)), random("k", (1, 2, 3, 4))
    for mode in range(4):
        score = np.einsum("bhsd,bhtd->bhst", q.astype(np.float64), k.astype(np.float64)) / 2
        if mode > 0:
            score = 2 * np.tanh(score / 2)
        if mode > 1:
            score = np.where(causal(3, 3, 0), score, -np.inf)
        if mode > 2:
            score = np.exp(score - score.max(3, keepdims=True))
            score = score / score.sum(3, keepdims=True)
        want = [attend(q, k, k, allowed=causal(3, 3, 0), softcap=2.0), None, None, score]
        want = [w if w is None else w.astype(np.float32) for w in want]
        yield op_case(
            f"attention_scores_{mode}", "Attention", [q, k, k], want,
            {"is_causal": 1, "softcap": 2.0, "qk_matmul_output_mode": mode}, opset=OPSET, scaled=2e-6,
        )


def turn(x, cosine, sine, turned, interleaved):
    """[B, S, H, D] with caches [B, S, turned / 2]."""
    x = x.astype(np.float64)
    cosine, sine = cosine[:, :, None].astype(np.float64), sine[:, :, None].astype(np.float64)
    y = x.copy()
    half = turned // 2
    first, second = (slice(0, turned, 2), slice(1, turned, 2)) if interleaved else (slice(half), slice(half, turned))
    y[..., first] = cosine * x[..., first] - sine * x[..., second]
    y[..., second] = sine * x[..., first] + cosine * x[..., second]
    return y


def rotary():
    for name, turned, interleaved in (("halves", 8, 0), ("pairs", 8, 1), ("part", 4, 0), ("part_pairs", 4, 1)):
        x = random("x", (2, 3, 5, 8))
        cosine, sine = random("c", (2, 5, turned // 2)), random("s", (2, 5, turned // 2))
        attributes = {"interleaved": interleaved, "rotary_embedding_dim": turned if turned < 8 else 0}
        want = turn(x.transpose(0, 2, 1, 3), cosine, sine, turned, interleaved).transpose(0, 2, 1, 3)
        yield op_case(
            f"rotaryembedding_{name}", "RotaryEmbedding", [x, cosine, sine], [want.astype(np.float32)], attributes,
            opset=OPSET, dynamic=[["n", "", "", ""], ["n", "", ""], ["n", "", ""], ["n", "", "", ""]],
        )
        flat = x.transpose(0, 2, 1, 3).reshape(2, 5, 24)
        want = want.transpose(0, 2, 1, 3).reshape(2, 5, 24)
        yield op_case(
            f"rotaryembedding_{name}_flat", "RotaryEmbedding", [flat, cosine, sine], [want.astype(np.float32)],
            {**attributes, "num_heads": 3}, opset=OPSET,
        )


def positions():
    x, ids = random("x", (2, 3, 5, 8)), random("ids", (2, 5), np.int64, 0, 16)
    cosine, sine = random("c", (16, 4)), random("s", (16, 4))
    want = turn(x.transpose(0, 2, 1, 3), cosine[ids], sine[ids], 8, 0).transpose(0, 2, 1, 3)
    return op_case(
        "rotaryembedding_positions", "RotaryEmbedding", [x, cosine, sine, ids], [want.astype(np.float32)],
        opset=OPSET, constant=[1, 2], dynamic=[["n", "", "", ""], ["n", ""], ["n", "", "", ""]],
    )


def cases():
    return list(attention()) + list(rotary()) + [positions()]
