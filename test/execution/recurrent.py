"""RNN, GRU and LSTM: directions, lengths, activations, layouts."""

import numpy as np

from case import op_case
from values import random


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


ACTIVATIONS = {
    "Affine": lambda x, a=1.0, b=0.0: a * x + b,
    "Elu": lambda x, a=1.0, b=None: np.where(x < 0, a * np.expm1(x), x),
    "HardSigmoid": lambda x, a=0.2, b=0.5: np.clip(a * x + b, 0, 1),
    "LeakyRelu": lambda x, a=0.01, b=None: np.where(x < 0, a * x, x),
    "Relu": lambda x, a=None, b=None: np.maximum(x, 0),
    "ScaledTanh": lambda x, a=1.0, b=1.0: a * np.tanh(b * x),
    "Sigmoid": lambda x, a=None, b=None: sigmoid(x),
    "Softplus": lambda x, a=None, b=None: np.log1p(np.exp(x)),
    "Softsign": lambda x, a=None, b=None: x / (1 + np.abs(x)),
    "Tanh": lambda x, a=None, b=None: np.tanh(x),
    "ThresholdedRelu": lambda x, a=1.0, b=None: np.where(x > a, x, 0),
}
WITH_ALPHA = {"Affine", "Elu", "HardSigmoid", "LeakyRelu", "ScaledTanh", "ThresholdedRelu"}
WITH_BETA = {"Affine", "HardSigmoid", "ScaledTanh"}
DEFAULTS = {"RNN": ["Tanh"], "GRU": ["Sigmoid", "Tanh"], "LSTM": ["Sigmoid", "Tanh", "Tanh"]}
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def functions(op, directions, attributes):
    """The activations of each direction, with their parameters taken from the lists in order."""
    names = attributes.get("activations", DEFAULTS[op] * directions)
    alphas, betas = list(attributes.get("activation_alpha", [])), list(attributes.get("activation_beta", []))
    clip = attributes.get("clip", 0)
    result = []
    for name in names:
        arguments = {}
        if name in WITH_ALPHA and alphas:
            arguments["a"] = alphas.pop(0)
        if name in WITH_BETA and betas:
            arguments["b"] = betas.pop(0)
        function = ACTIVATIONS[name]
        result.append(
            lambda x, clipped=True, function=function, arguments=arguments: function(
                np.clip(x, -clip, clip) if clip and clipped else x, **arguments
            )
        )
    count = len(DEFAULTS[op])
    return [result[i * count : (i + 1) * count] for i in range(directions)]


def step(op, f, x, h, c, w, r, b, p, attributes):
    """One iteration: the new hidden state and cell."""
    n = h.shape[1]
    wb, rb = np.split(b, 2)
    xw = x @ w.T + wb
    parts = [slice(i * n, (i + 1) * n) for i in range(GATES[op])]
    if op == "RNN":
        return f[0](xw + h @ r.T + rb), c
    if op == "GRU":
        z, reset, new = parts
        hr = h @ r.T + rb
        update = f[0](xw[:, z] + hr[:, z])
        gate = f[0](xw[:, reset] + hr[:, reset])
        if attributes.get("linear_before_reset"):
            inner = gate * hr[:, new]
        else:
            inner = (gate * h) @ r[new].T + rb[new]
        return (1 - update) * f[1](xw[:, new] + inner) + update * h, c
    i, o, forget, cell = parts
    sums = xw + h @ r.T + rb
    pi, po, pf = np.split(p, 3)
    entry = f[0](sums[:, i] + pi * c)
    keep = 1 - entry if attributes.get("input_forget") else f[0](sums[:, forget] + pf * c)
    c = keep * c + entry * f[1](sums[:, cell])
    return f[0](sums[:, o] + po * c) * f[2](c, clipped=False), c


def recurrent(op, x, w, r, b=None, lengths=None, h0=None, c0=None, p=None, **attributes):
    """All outputs, in double precision; sequences first whatever the layout."""
    layout = attributes.get("layout", 0)
    x, w, r = (a.astype(np.float64) for a in (x, w, r))
    if layout:
        x = x.swapaxes(0, 1)
        h0, c0 = (None if s is None else s.swapaxes(0, 1) for s in (h0, c0))
    (time, batch, _), (directions, _, n) = x.shape, r.shape
    b = np.zeros((directions, 2 * GATES[op] * n)) if b is None else b.astype(np.float64)
    p = np.zeros((directions, 3 * n)) if p is None else p.astype(np.float64)
    lengths = np.full(batch, time) if lengths is None else lengths
    y = np.zeros((time, directions, batch, n))
    hs, cs = np.zeros((2, directions, batch, n))
    f = functions(op, directions, attributes)
    for d in range(directions):
        h = np.zeros((batch, n)) if h0 is None else h0[d].astype(np.float64)
        c = np.zeros((batch, n)) if c0 is None else c0[d].astype(np.float64)
        order = range(time)
        if attributes.get("direction") == "reverse" or d == 1:
            order = reversed(order)
        for t in order:
            new_h, new_c = step(op, f[d], x[t], h, c, w[d], r[d], b[d], p[d], attributes)
            within = (t < lengths)[:, None]
            h, c = np.where(within, new_h, h), np.where(within, new_c, c)
            y[t, d] = np.where(within, new_h, 0)
        hs[d], cs[d] = h, c
    if layout:
        y, hs, cs = y.transpose(2, 0, 1, 3), hs.swapaxes(0, 1), cs.swapaxes(0, 1)
    return y, hs, cs


def cases():
    result = []

    def add(
        name,
        op,
        time=5,
        batch=3,
        features=4,
        hidden=6,
        bias=True,
        lengths=None,
        states=False,
        peepholes=False,
        outputs=(0, 1, 2),
        dtype=np.float32,
        constant=True,
        dynamic=None,
        **attributes,
    ):
        label = f"{op.lower()}_{name}"
        directions = 2 if attributes.get("direction") == "bidirectional" else 1
        gates = GATES[op]
        scale = dtype(0.5 if hidden < 32 else 0.2)
        x = random(label + "x", (time, batch, features), dtype)
        w = random(label + "w", (directions, gates * hidden, features), dtype) * scale
        r = random(label + "r", (directions, gates * hidden, hidden), dtype) * scale
        b = random(label + "b", (directions, 2 * gates * hidden), dtype) if bias else None
        h0 = random(label + "h", (directions, batch, hidden), dtype) if states else None
        c0 = random(label + "c", (directions, batch, hidden), dtype) if states and op == "LSTM" else None
        p = random(label + "p", (directions, 3 * hidden), dtype) if peepholes else None
        if lengths is not None:
            lengths = np.array(lengths, np.int32)
        if attributes.get("layout"):
            x = x.swapaxes(0, 1)
            h0, c0 = (None if s is None else s.swapaxes(0, 1) for s in (h0, c0))
        inputs = [x, w, r, b, lengths, h0] + ([c0, p] if op == "LSTM" else [])
        while inputs[-1] is None:
            inputs.pop()
        wanted = recurrent(op, x, w, r, b, lengths, h0, c0, p, **attributes)
        wanted = wanted[: 3 if op == "LSTM" else 2]
        expected = [y.astype(dtype) if i in outputs else None for i, y in enumerate(wanted)]
        while expected[-1] is None:
            expected.pop()
        more = {}
        if dtype == np.float16:
            more["atol"] = 5e-3
        elif dtype == np.float32:
            more["atol"] = 2e-6 if hidden < 32 else 1e-5
        weights = [i for i in (1, 2, 3, 7) if i < len(inputs) and inputs[i] is not None]
        dims = None
        if dynamic:
            names = ("time", "batch") if dynamic == "both" else (dynamic,)

            def named(*dims):
                return [d if d in names else "" for d in dims]

            state = named("", "batch", "")
            dims = [named("time", "batch", "")]
            dims += [named("batch")] * (lengths is not None) + [state] * ((h0 is not None) + (c0 is not None))
            shapes = [named("time", "", "batch", ""), state, state]
            dims += [d for d, y in zip(shapes, expected) if y is not None]
        result.append(
            op_case(
                label,
                op,
                inputs,
                expected,
                {**attributes, "hidden_size": hidden},
                constant=weights if constant else (),
                dynamic=dims,
                **more,
            )
        )

    for op in ("RNN", "GRU", "LSTM"):
        add("plain", op, dynamic="both")
        add("no_bias", op, bias=False)
        add("one", op, time=1, batch=1, hidden=1, features=1)
        add("wide", op, time=7, batch=2, features=24, hidden=40, dynamic="time")
        add("runtime_weights", op, constant=False)
        for direction in ("forward", "reverse", "bidirectional"):
            add(direction, op, direction=direction, states=True, dynamic="both")
            add(direction + "_lengths", op, direction=direction, states=True, lengths=[5, 2, 4], dynamic="batch")
        add("zero_lengths", op, lengths=[0, 5, 1])
        add("layout", op, layout=1, states=True)
        add("layout_bidirectional", op, layout=1, direction="bidirectional")
        add("clip", op, clip=0.3)
        add("rows_only", op, outputs=(0,))
        add("state_only", op, outputs=(1,), dynamic="both")
        add("f64", op, dtype=np.float64, states=True)
        add("f16", op, dtype=np.float16)
    for kind in ("Affine", "Elu", "HardSigmoid", "LeakyRelu", "Relu", "ScaledTanh", "Sigmoid", "Softplus", "Softsign", "ThresholdedRelu"):
        # ONNX names no default for some of the parameters.
        parameters = {}
        if kind in WITH_ALPHA:
            parameters["activation_alpha"] = [0.7]
        if kind in WITH_BETA:
            parameters["activation_beta"] = [0.4]
        add(kind.lower(), "RNN", activations=[kind], **parameters)
    for kind in ("Elu", "HardSigmoid", "LeakyRelu"):
        add(kind.lower() + "_default", "RNN", activations=[kind])
    add("parameters", "RNN", direction="bidirectional", activations=["ScaledTanh", "LeakyRelu"], activation_alpha=[0.5, 0.2], activation_beta=[1.5])
    add("activations", "GRU", activations=["HardSigmoid", "Softsign"], activation_alpha=[0.3], activation_beta=[0.4])
    add("activations", "LSTM", activations=["HardSigmoid", "Relu", "Softsign"])
    for direction in ("forward", "bidirectional"):
        add("linear_before_reset_" + direction, "GRU", linear_before_reset=1, direction=direction, states=True)
        add("peepholes_" + direction, "LSTM", peepholes=True, direction=direction, states=True)
    add("peepholes_clip", "LSTM", peepholes=True, clip=0.5)
    add("cell_only", "LSTM", outputs=(2,))
    add("input_forget", "LSTM", input_forget=1)
    return result
