"""Random nodes that compute element by element."""

import numpy as np
from case import DTYPES

SMOOTH = (
    "Exp", "Log", "Sqrt", "Sin", "Cos", "Tan", "Tanh", "Sigmoid", "Erf", "Softplus", "Softsign", "Elu", "Selu", "Celu", "Gelu",
    "HardSigmoid", "HardSwish", "Mish", "LeakyRelu", "Atan", "Asin", "Acos", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh",
    "Reciprocal",
)  # fmt: skip


def smooth(g):
    g.node(g.rng.choice(SMOOTH), [g.value("f")])


def parametrised(g):
    op, names = g.rng.choice(
        [("Elu", ["alpha"]), ("LeakyRelu", ["alpha"]), ("HardSigmoid", ["alpha", "beta"]), ("Selu", ["alpha", "gamma"]),
         ("Celu", ["alpha"]), ("ThresholdedRelu", ["alpha"]), ("Shrink", ["bias", "lambd"])]
    )  # fmt: skip
    g.node(op, [g.value("f")], **{n: g.rng.choice((0.25, 0.5, 1.0, 1.5)) for n in names if g.chance(0.7)})


def exact(g):
    op = g.rng.choice(("Abs", "Neg", "Relu", "Identity", "Sign"))
    g.node(op, [g.value("n")])


def jumping(g):
    g.node(g.rng.choice(("Floor", "Ceil", "Round", "Sign", "IsNaN", "IsInf")), [g.value("f")])


def arithmetic(g):
    a = g.value("n")
    pair = [a, g.operand(a)]
    g.rng.shuffle(pair)
    g.node(g.rng.choice(("Add", "Add", "Sub", "Mul", "Mul", "Max", "Min")), pair)


def division(g):
    a = g.value("n")
    # Integers are divided by what is known not to be zero.
    shape = [e if g.chance(0.7) else 1 for e in g.of(a).shape]
    divisor = g.array(shape, g.of(a).dtype, 1, 4)
    divisor = np.where(divisor == 0, 1, divisor).astype(divisor.dtype)
    op = g.rng.choice(("Div", "Div", "Mod"))
    if op == "Mod":
        g.node("Mod", [a, g.constant(divisor)], fmod=int(g.of(a).dtype.kind == "f" or g.chance(0.3)))
    else:
        g.node("Div", [a, g.constant(divisor)])


def power(g):
    a = g.value("f")
    exponent = g.rng.choice((2.0, 3.0, 0.5, -1.0, 0.0, 1.0, 1.5))
    g.node("Pow", [a, g.constant(np.array(exponent, g.of(a).dtype))])


def variadic(g):
    a = g.value("f")
    g.node(g.rng.choice(("Sum", "Mean", "Max", "Min")), [a] + [g.operand(a) for _ in range(g.rng.randrange(3))])


def comparison(g):
    a = g.value("n")
    g.node(g.rng.choice(("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")), [a, g.operand(a)])


def logic(g):
    a = g.value("b")
    if g.chance(0.2):
        return g.node("Not", [a])
    g.node(g.rng.choice(("And", "Or", "Xor")), [a, g.operand(a)])


def bits(g):
    a = g.value("i")
    if g.chance(0.2):
        return g.node("BitwiseNot", [a])
    g.node(g.rng.choice(("BitwiseAnd", "BitwiseOr", "BitwiseXor")), [a, g.operand(a)])


def where(g):
    a = g.value("x")
    g.node("Where", [g.operand(a, "b"), a, g.operand(a)])


def clip(g):
    a = g.value("n")
    low, high = (g.constant(np.array(v, g.of(a).dtype)) for v in (g.rng.choice((0, 1)), g.rng.choice((2, 3))))
    g.node("Clip", [a, low if g.chance(0.7) else "", high if g.chance(0.7) else ""])


def cast(g):
    a = g.value("x")
    to = g.dtype("x")
    # What does not fit is not defined.
    if g.of(a).size and g.of(a).dtype.kind != "b" and to.kind == "u" and g.of(a).min() < 0:
        raise ValueError
    if g.of(a).dtype.kind == "f" and to.kind != "f" and g.values[a].error:
        raise ValueError
    g.node("Cast", [a], to=DTYPES[to])


def prelu(g):
    a = g.value("f", range(1, 5))
    g.node("PRelu", [a, g.constant(g.array([e if g.chance(0.5) else 1 for e in g.of(a).shape], g.of(a).dtype))])


def quantized(g):
    a = g.value("f", range(5), np.dtype(np.float32))
    scale = g.constant(np.array(0.25, np.float32))
    zero = g.constant(np.array(g.rng.choice((0, 3)), g.rng.choice((np.int8, np.uint8))))
    (q,) = g.node("QuantizeLinear", [a, scale, zero])
    g.node("DequantizeLinear", [q, scale, zero])


def residual(g):
    """x + f(x), as in every network."""
    a = g.value("f")
    (b,) = g.node(g.rng.choice(("Tanh", "Sigmoid", "Relu", "Softsign")), [a])
    (c,) = g.node("Mul", [a, b])
    g.node("Add", [c, a])


POINTWISE = [
    smooth, smooth, parametrised, exact, jumping, arithmetic, arithmetic, arithmetic, division, power, variadic, comparison, logic,
    bits, where, clip, cast, prelu, quantized, residual,
]  # fmt: skip
