"""Elementwise ops: one output element is a function of one element of each input."""

import functools
import math

import ml_dtypes
import numpy as np
from onnx import TensorProto, helper

from case import OLD_OPSET, Case, op_case
from values import random, special

FLOATS = (np.float32, np.float64, np.float16)
INTS = (np.int32, np.int64, np.int8, np.uint8, np.int16, np.uint16, np.uint32, np.uint64)


def short(dtype):
    dtype = np.dtype(dtype)
    kinds = {"f": "f", "i": "i", "u": "u", "b": "bool"}
    return "bool" if dtype.kind == "b" else f"{kinds[dtype.kind]}{dtype.itemsize * 8}"


def exactly(function):
    """A float function computed in f64 and rounded once to the dtype."""

    @functools.wraps(function)
    def rounded(*arrays, **attributes):
        dtype = arrays[0].dtype
        wide = [a.astype(np.float64) if a.dtype.kind == "f" else a for a in arrays]
        with np.errstate(all="ignore"):
            return np.asarray(function(*wide, **attributes)).astype(dtype)

    return rounded


erf = np.vectorize(math.erf, otypes=[np.float64])


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


def softplus(x):
    return np.where(np.isnan(x), x, np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0))


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def selu(x, alpha=1.67326319217681884765625, gamma=1.05070102214813232421875):
    return gamma * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def celu(x, alpha=1.0):
    return np.maximum(0, x) + np.minimum(0, alpha * np.expm1(np.minimum(x, 0) / alpha))


def single(value):
    """An attribute as the model file has it: rounded to f32."""
    return float(np.float32(value))


def hard_sigmoid(x, alpha=single(0.2), beta=0.5):
    return np.clip(alpha * x + beta, 0, 1)


def gelu(x, approximate="none"):
    if approximate == "tanh":
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return 0.5 * x * (1 + erf(x / math.sqrt(2)))


# name: (op, function, lowest and highest random value, attributes)
UNARY = {
    "abs": ("Abs", np.abs, -3, 3),
    "acos": ("Acos", np.arccos, -1, 1),
    "acosh": ("Acosh", np.arccosh, 1, 9),
    "asin": ("Asin", np.arcsin, -1, 1),
    "asinh": ("Asinh", np.arcsinh, -9, 9),
    "atan": ("Atan", np.arctan, -9, 9),
    "atanh": ("Atanh", np.arctanh, -1, 1),
    "ceil": ("Ceil", np.ceil, -9, 9),
    "celu": ("Celu", celu, -3, 3),
    "celu_alpha": ("Celu", functools.partial(celu, alpha=0.5), -3, 3, {"alpha": 0.5}),
    "cos": ("Cos", np.cos, -9, 9),
    "cosh": ("Cosh", np.cosh, -9, 9),
    "elu": ("Elu", elu, -3, 3),
    "elu_alpha": ("Elu", functools.partial(elu, alpha=2.0), -3, 3, {"alpha": 2.0}),
    "erf": ("Erf", erf, -4, 4),
    "exp": ("Exp", np.exp, -9, 9),
    "floor": ("Floor", np.floor, -9, 9),
    "gelu": ("Gelu", gelu, -6, 6),
    "gelu_tanh": ("Gelu", functools.partial(gelu, approximate="tanh"), -6, 6, {"approximate": "tanh"}),
    "hardsigmoid": ("HardSigmoid", hard_sigmoid, -6, 6),
    "hardsigmoid_alpha": (
        "HardSigmoid",
        functools.partial(hard_sigmoid, alpha=0.5, beta=0.25),
        -6,
        6,
        {"alpha": 0.5, "beta": 0.25},
    ),
    "hardswish": ("HardSwish", lambda x: x * hard_sigmoid(x, single(1 / 6), 0.5), -6, 6),
    "identity": ("Identity", lambda x: x, -3, 3),
    "leakyrelu": ("LeakyRelu", lambda x: np.where(x < 0, single(0.01) * x, x), -3, 3),
    "leakyrelu_alpha": ("LeakyRelu", lambda x: np.where(x < 0, 0.25 * x, x), -3, 3, {"alpha": 0.25}),
    "log": ("Log", np.log, 0.001, 9),
    "mish": ("Mish", lambda x: x * np.tanh(softplus(x)), -6, 6),
    "neg": ("Neg", np.negative, -3, 3),
    "reciprocal": ("Reciprocal", np.reciprocal, 0.1, 3),
    "relu": ("Relu", lambda x: np.where(x < 0, 0, x), -3, 3),
    "round": ("Round", np.round, -9, 9),
    "selu": ("Selu", selu, -3, 3),
    "selu_alpha": (
        "Selu",
        functools.partial(selu, alpha=2.0, gamma=3.0),
        -3,
        3,
        {"alpha": 2.0, "gamma": 3.0},
    ),
    "sigmoid": ("Sigmoid", sigmoid, -9, 9),
    "sign": ("Sign", np.sign, -3, 3),
    "sin": ("Sin", np.sin, -9, 9),
    "sinh": ("Sinh", np.sinh, -9, 9),
    "softplus": ("Softplus", softplus, -9, 9),
    "softsign": ("Softsign", lambda x: x / (1 + np.abs(x)), -9, 9),
    "sqrt": ("Sqrt", np.sqrt, 0, 9),
    "tan": ("Tan", np.tan, -1.5, 1.5),
    "tanh": ("Tanh", np.tanh, -4, 4),
    "thresholdedrelu": ("ThresholdedRelu", lambda x: np.where(x > 1, x, 0), -3, 3),
    "thresholdedrelu_alpha": (
        "ThresholdedRelu",
        lambda x: np.where(x > 2, x, 0),
        -3,
        3,
        {"alpha": 2.0},
    ),
}

# x * f(x) in the given limits is inf * 0 in a formula; what comes out there
# is not specified.
NO_INFINITY = {"gelu", "gelu_tanh", "hardswish", "mish", "softsign"}
# sign(NaN) and comparisons with NaN that ONNX leaves open.
NO_NAN = {"hardsigmoid", "hardsigmoid_alpha", "sign", "thresholdedrelu", "thresholdedrelu_alpha"}
LARGE = 1e4
# ONNX defines them for f32 alone.
SINGLE_ONLY = {"celu", "celu_alpha"}
# Formulas of f32 that cancel: their error is relative to the argument.
ABSOLUTE = {"gelu": 1e-6, "gelu_tanh": 1e-6}

SHAPES = {"scalar": (), "one": (1,), "empty": (0, 3), "vector": (37,), "rank5": (2, 1, 3, 2, 5)}


def unary():
    for name, (op, function, low, high, *rest) in UNARY.items():
        attributes = rest[0] if rest else {}
        exact = exactly(function)
        for dtype in FLOATS[:1] if name in SINGLE_ONLY else FLOATS:
            x = random(name, (3, 5, 7), dtype, low, high)
            atol = ABSOLUTE.get(name) if dtype == np.float32 else None
            yield op_case(
                f"{name}_{short(dtype)}", op, [x], [exact(x)], attributes, dynamic="rows", atol=atol
            )
        x = special(np.float32)
        if name in NO_INFINITY:
            x = x[~np.isinf(x) & (np.abs(np.nan_to_num(x)) < LARGE)]
        if name in NO_NAN:
            x = x[~np.isnan(x)]
        yield op_case(f"{name}_special", op, [x], [exact(x)], attributes)
    for name in ("exp", "relu", "neg", "tanh"):
        op, function, low, high = UNARY[name]
        for shape_name, shape in SHAPES.items():
            x = random(name, shape, np.float32, low, high)
            yield op_case(f"{name}_{shape_name}", op, [x], [exactly(function)(x)])
    for dtype in INTS[:4]:
        x = random("i", (3, 5), dtype, -9, 9)
        yield op_case(f"abs_{short(dtype)}", "Abs", [x], [np.abs(x)], dynamic="rows")
        yield op_case(f"sign_{short(dtype)}", "Sign", [x], [np.sign(x)], dynamic="rows")
        yield op_case(f"identity_{short(dtype)}", "Identity", [x], [x], dynamic="rows")
        if np.dtype(dtype).kind == "i":
            yield op_case(f"neg_{short(dtype)}", "Neg", [x], [-x], dynamic="rows")
    x = random("b", (3, 5), np.bool_)
    yield op_case("not_bool", "Not", [x], [~x], dynamic="rows")
    yield op_case("identity_bool", "Identity", [x], [x], dynamic="rows")
    for dtype in FLOATS:
        x = special(dtype)
        yield op_case(f"isnan_{short(dtype)}", "IsNaN", [x], [np.isnan(x)])
    for dtype in FLOATS[:2]:
        x = special(dtype)
        yield op_case(f"isinf_{short(dtype)}", "IsInf", [x], [np.isinf(x)])
    x = special()
    yield op_case("isinf_positive", "IsInf", [x], [np.isposinf(x)], {"detect_negative": 0})
    yield op_case("isinf_negative", "IsInf", [x], [np.isneginf(x)], {"detect_positive": 0})
    yield op_case("isinf_neither", "IsInf", [x], [np.zeros(x.shape, bool)], {"detect_positive": 0, "detect_negative": 0})


# Pairs of shapes that ONNX broadcasts.
BROADCASTS = {
    "same": ((3, 5, 7), (3, 5, 7)),
    "vector": ((3, 4, 5), (5,)),
    "column": ((3, 4, 5), (4, 1)),
    "left": ((5,), (3, 4, 5)),
    "both": ((3, 1, 5), (1, 4, 1)),
    "scalar": ((3, 4), ()),
    "scalars": ((), ()),
    "one": ((1,), (1,)),
    "empty": ((0, 3), (1, 3)),
}


def divided(a, b):
    if a.dtype.kind == "f":
        with np.errstate(all="ignore"):
            return a / b
    return np.trunc(a.astype(np.float64) / b.astype(np.float64)).astype(a.dtype)


ARITHMETIC = {"add": ("Add", np.add), "sub": ("Sub", np.subtract), "mul": ("Mul", np.multiply), "div": ("Div", divided)}

COMPARISONS = {
    "equal": ("Equal", np.equal),
    "greater": ("Greater", np.greater),
    "less": ("Less", np.less),
    "greaterorequal": ("GreaterOrEqual", np.greater_equal),
    "lessorequal": ("LessOrEqual", np.less_equal),
}

LOGICAL = {"and": ("And", np.logical_and), "or": ("Or", np.logical_or), "xor": ("Xor", np.logical_xor)}

BITWISE = {
    "bitwiseand": ("BitwiseAnd", np.bitwise_and),
    "bitwiseor": ("BitwiseOr", np.bitwise_or),
    "bitwisexor": ("BitwiseXor", np.bitwise_xor),
}


def pairs(dtype=np.float32):
    """Every special value against every other."""
    x = special(dtype)
    a, b = np.meshgrid(x, x)
    return a.reshape(-1), b.reshape(-1)


def arithmetic():
    for name, (op, function) in ARITHMETIC.items():
        for shape_name, (left, right) in BROADCASTS.items():
            a, b = random("a", left), random("b", right, low=0.5)
            same = left and left[0] > 1 and len(left) >= len(right)
            yield op_case(
                f"{name}_{shape_name}", op, [a, b], [function(a, b)], dynamic="rows" if same else None
            )
        for dtype in FLOATS[1:] + INTS:
            a, b = random("a", (3, 5), dtype, -9, 9), random("b", (3, 5), dtype, 1, 9)
            if name == "sub" and np.dtype(dtype).kind == "u":
                a = a + b
            yield op_case(f"{name}_{short(dtype)}", op, [a, b], [function(a, b)], dynamic="rows")
        a, b = pairs()
        with np.errstate(all="ignore"):
            yield op_case(f"{name}_special", op, [a, b], [function(a, b)])
        # Addition and multiplication of integers wrap.
        if name in ("add", "mul"):
            for dtype in (np.int32, np.int64, np.uint8):
                a, b = pairs(dtype)
                with np.errstate(all="ignore"):
                    yield op_case(f"{name}_wrap_{short(dtype)}", op, [a, b], [function(a, b)])
    # Either dim may turn out to be 1: nothing can be said before the run.
    a, b = random("a", (3, 4)), random("b", (1, 4))
    yield op_case("add_unknown", "Add", [a, b], [a + b], dynamic=[["m", ""], ["k", ""], ["m", ""]])
    a, b = random("a", (2, 1, 4)), random("b", (2, 5, 4))
    dims = [["n", "m", ""], ["n", "k", ""], ["n", "mk", ""]]
    yield op_case("add_unknown_middle", "Add", [a, b], [a + b], dynamic=dims)
    yield op_case("add_unknown_equal", "Add", [b, b], [b + b], dynamic=dims)
    a, b = random("a", (3, 4)), random("b", (3, 4))
    yield op_case("mul_constant", "Mul", [a, b], [a * b], constant=[1])


def comparison():
    for name, (op, function) in COMPARISONS.items():
        for dtype in (np.float32, np.float64, np.float16, np.int32, np.int64, np.uint8, np.int8):
            a, b = random("a", (3, 5, 7), dtype, 0, 4), random("b", (5, 1), dtype, 0, 4)
            yield op_case(f"{name}_{short(dtype)}", op, [a, b], [function(a, b)], dynamic="rows")
        a, b = pairs()
        yield op_case(f"{name}_special", op, [a, b], [function(a, b)])
        a, b = np.array([0, 200, 255, 127], np.uint8), np.array([255, 100, 0, 128], np.uint8)
        yield op_case(f"{name}_unsigned", op, [a, b], [function(a, b)])
    a, b = random("a", (3, 5), np.bool_), random("b", (5,), np.bool_)
    yield op_case("equal_bool", "Equal", [a, b], [a == b], dynamic="rows")
    for name, (op, function) in LOGICAL.items():
        for shape_name in ("same", "vector", "both", "scalars", "empty"):
            left, right = BROADCASTS[shape_name]
            a, b = random("a", left, np.bool_), random("b", right, np.bool_)
            yield op_case(f"{name}_{shape_name}", op, [a, b], [function(a, b)])
    a, b = random("a", (3, 5), np.bool_), random("c", (3, 5), np.bool_)
    yield op_case("and_rows", "And", [a, b], [a & b], dynamic="rows")


def bitwise():
    for name, (op, function) in BITWISE.items():
        for dtype in (np.int32, np.int64, np.uint8):
            a, b = random("a", (3, 5), dtype, -99, 99), random("b", (5,), dtype, -99, 99)
            yield op_case(f"{name}_{short(dtype)}", op, [a, b], [function(a, b)], dynamic="rows")
    for dtype in (np.int32, np.uint8):
        a = random("a", (3, 5), dtype, -99, 99)
        yield op_case(f"bitwisenot_{short(dtype)}", "BitwiseNot", [a], [~a], dynamic="rows")
    for dtype in (np.uint8, np.uint16, np.uint32, np.uint64):
        a, b = random("a", (3, 5), dtype, 0, 200), random("b", (3, 5), dtype, 0, 8)
        for direction, shifted in (("LEFT", a << b), ("RIGHT", a >> b)):
            yield op_case(
                f"bitshift_{direction.lower()}_{short(dtype)}",
                "BitShift",
                [a, b],
                [shifted.astype(dtype)],
                {"direction": direction},
                dynamic="rows",
            )


def power():
    def pow_case(name, a, b, want, **more):
        return op_case(f"pow_{name}", "Pow", [a, b], [want], **more)

    a, b = random("a", (3, 5), low=0.1), random("b", (3, 5))
    yield pow_case("f32", a, b, exactly(np.power)(a, b), dynamic="rows")
    a64, b64 = a.astype(np.float64), b.astype(np.float64)
    yield pow_case("f64", a64, b64, np.power(a64, b64), dynamic="rows")
    for exponent in (0.0, 0.5, 1.0, 2.0, 3.0, -1.0, -0.5):
        a = random("a", (3, 5), low=0.1)
        e = np.array(exponent, np.float32)
        name = "constant_" + str(exponent).replace("-", "minus_").replace(".", "_")
        yield pow_case(name, a, e, exactly(np.power)(a, e), constant=[1], dynamic="rows")
    a, e = random("a", (3, 5), low=-4, high=0), np.array(3, np.float32)
    yield pow_case("negative_base", a, e, exactly(np.power)(a, e), constant=[1], dynamic="rows")
    a, b = random("a", (3, 5)), random("b", (3, 5), np.int32, 0, 4)
    yield pow_case("f32_i32", a, b, exactly(np.power)(a, b), dynamic="rows")
    a, b = random("a", (3, 5), np.int32, -5, 5), random("b", (5,), np.int32, 0, 4)
    yield pow_case("i32", a, b, np.power(a, b), dynamic="rows")
    a, b = random("a", (3, 5), np.int64, -5, 5), random("b", (5,), np.int64, 0, 4)
    yield pow_case("i64", a, b, np.power(a, b), dynamic="rows")
    few = np.array([0.0, -0.0, 1, -1, 0.5, 2, -2, 3, 1e30, np.inf, -np.inf, np.nan], np.float32)
    a, b = (v.reshape(-1) for v in np.meshgrid(few, few))
    yield pow_case("special", a, b, exactly(np.power)(a, b))


def remainder():
    for dtype in (np.int32, np.int64, np.int8):
        a, b = random("a", (3, 5), dtype, -9, 9), random("b", (3, 5), dtype, 1, 5)
        b[1] = -b[1]
        yield op_case(f"mod_{short(dtype)}", "Mod", [a, b], [np.mod(a, b)], dynamic="rows")
        yield op_case(f"mod_fmod_{short(dtype)}", "Mod", [a, b], [np.fmod(a, b)], {"fmod": 1}, dynamic="rows")
    a, b = random("a", (3, 5), np.uint8, 0, 255), random("b", (3, 5), np.uint8, 1, 9)
    yield op_case("mod_u8", "Mod", [a, b], [a % b], dynamic="rows")
    for dtype in FLOATS:
        a, b = random("a", (3, 5), dtype, -9, 9), random("b", (3, 5), dtype, 1, 5)
        b[1] = -b[1]
        yield op_case(f"mod_fmod_{short(dtype)}", "Mod", [a, b], [np.fmod(a, b)], {"fmod": 1}, dynamic="rows")


def extremum():
    for name, op, function in (("max", "Max", np.maximum), ("min", "Min", np.minimum)):
        for dtype in (np.float32, np.float64, np.float16, np.int32, np.int64, np.uint8, np.int8):
            a, b = random("a", (3, 5, 7), dtype, -99, 99), random("b", (5, 1), dtype, -99, 99)
            yield op_case(f"{name}_{short(dtype)}", op, [a, b], [function(a, b)], dynamic="rows")
        a, b, c = random("a", (3, 5)), random("b", (5,)), random("c", (3, 1))
        yield op_case(f"{name}_three", op, [a, b, c], [function(function(a, b), c)])
        yield op_case(f"{name}_single", op, [a], [a], dynamic="rows")
        # The sign of the larger zero is left open: the comparison takes -0 for 0.
        a, b = pairs()
        yield op_case(f"{name}_special", op, [a, b], [function(a, b)])
    a, b, c = random("a", (3, 5)), random("b", (5,)), random("c", (3, 1))
    yield op_case("sum_three", "Sum", [a, b, c], [a + b + c])
    yield op_case("mean_three", "Mean", [a, b, c], [(a + b + c) / 3])


def select():
    for dtype in (np.float32, np.float64, np.float16, np.int32, np.int64, np.uint8, np.bool_):
        c = random("c", (3, 5), np.bool_)
        a, b = random("a", (3, 5), dtype, -9, 9), random("b", (3, 5), dtype, -9, 9)
        yield op_case(f"where_{short(dtype)}", "Where", [c, a, b], [np.where(c, a, b)], dynamic="rows")
    c, a, b = random("c", (3, 1, 5), np.bool_), random("a", (4, 1)), random("b", ())
    yield op_case("where_broadcast", "Where", [c, a, b], [np.where(c, a, b)])
    c = np.array([True, False, True])
    a, b = np.full(3, np.nan, np.float32), np.full(3, np.inf, np.float32)
    yield op_case("where_nan", "Where", [c, a, b], [np.where(c, a, b)])

    # Whole numbers of the divisor are the least that a quotient may be off from.
    x, seven = (7 * np.arange(120, dtype=np.float32)).reshape(3, 40), np.float32(7)
    for op, function in (("Floor", np.floor), ("Cast", np.trunc)):
        nodes = [helper.make_node("Div", ["x", "d"], ["q"]), helper.make_node(op, ["q"], ["y"])]
        want = function(x / seven)
        if op == "Cast":
            nodes[1].attribute.append(helper.make_attribute("to", TensorProto.INT32))
            want = want.astype(np.int32)
        yield Case("quotient_" + op.lower(), nodes, {"x": x}, {"d": np.array(seven)}, {"y": want})
        yield Case("quotient_" + op.lower() + "_input", nodes, {"x": x, "d": np.array(seven)}, {}, {"y": want})

    x, low, high = random("x", (3, 5), low=-9, high=9), np.float32(-2), np.float32(4)
    yield op_case("clip_both", "Clip", [x, low, high], [np.clip(x, low, high)], constant=[1, 2], dynamic="rows")
    yield op_case("clip_low", "Clip", [x, low], [np.maximum(x, low)], constant=[1], dynamic="rows")
    yield op_case("clip_high", "Clip", [x, None, high], [np.minimum(x, high)], constant=[2], dynamic="rows")
    yield op_case("clip_none", "Clip", [x], [x], dynamic="rows")
    yield op_case("clip_inputs", "Clip", [x, low, high], [np.clip(x, low, high)])
    yield op_case("clip_crossed", "Clip", [x, high, low], [np.full_like(x, low)], constant=[1, 2])
    yield op_case("clip_old", "Clip", [x], [np.clip(x, -1, 2)], {"min": -1.0, "max": 2.0}, opset=OLD_OPSET)
    s = special()
    s = s[~np.isnan(s)]
    yield op_case("clip_special", "Clip", [s, low, high], [np.clip(s, low, high)], constant=[1, 2])
    nan = np.array([np.nan, 1, 9], np.float32)
    yield op_case("clip_nan", "Clip", [nan, low, high], [np.clip(nan, low, high)], constant=[1, 2])
    for dtype in (np.float64, np.float16, np.int32, np.int64, np.uint8, np.int8):
        x = random("x", (3, 5), dtype, -9, 9)
        low, high = np.array(1, dtype), np.array(4, dtype)
        yield op_case(
            f"clip_{short(dtype)}", "Clip", [x, low, high], [np.clip(x, low, high)], constant=[1, 2], dynamic="rows"
        )
    for dtype in FLOATS:
        x, slope = random("x", (3, 4, 5), dtype), random("s", (4, 1), dtype)
        want = np.where(x < 0, (x * slope).astype(dtype), x)
        yield op_case(f"prelu_{short(dtype)}", "PRelu", [x, slope], [want], constant=[1], dynamic="rows")
    x, slope = random("x", (3, 5)), random("s", (1,))
    yield op_case("prelu_one", "PRelu", [x, slope], [np.where(x < 0, x * slope, x)], dynamic="rows")


def cast():
    from case import DTYPES

    def cast_case(name, x, to, **more):
        with np.errstate(all="ignore"):
            want = x.astype(to)
        return op_case(f"cast_{name}", "Cast", [x], [want], {"to": DTYPES[np.dtype(to)]}, **more)

    kinds = FLOATS + (np.int32, np.int64, np.uint8, np.int8, np.bool_)
    for source in kinds:
        for to in kinds:
            positive = np.dtype(source).kind == "u" or np.dtype(to).kind == "u"
            x = random("x", (3, 5), source, 0 if positive else -9, 9)
            yield cast_case(f"{short(source)}_{short(to)}", x, to, dynamic="rows")
    yield cast_case("f32_bool_special", special(), np.bool_)
    yield cast_case("f32_f64_special", special(), np.float64)
    yield cast_case("f32_f16_special", special(), np.float16)
    yield cast_case("f16_f32_special", special(np.float16), np.float32)
    yield cast_case("f64_f32_special", special(np.float64), np.float32)
    ties = np.array([2049, 2050, 2051, 65519, 65520, -65520, 6e-8, 3e-8, 2e-8, 1e-7], np.float32)
    yield cast_case("f32_f16_ties", ties, np.float16)
    yield cast_case("i64_f32_large", np.array([2**53 + 1, -(2**62) + 3, 16777217], np.int64), np.float32)
    yield cast_case("i64_i32_wrap", np.array([2**31, -(2**31) - 1, 2**40 + 5], np.int64), np.int32)
    yield cast_case("i32_u8_wrap", np.array([256, 257, -1, 511], np.int32), np.uint8)
    yield cast_case("u8_i32_high", np.array([200, 255, 127, 128], np.uint8), np.int32)
    yield cast_case("u8_f32_high", np.array([200, 255, 127, 128], np.uint8), np.float32)
    yield cast_case("f32_u8_high", np.array([200, 255, 127.9, 128], np.float32), np.uint8)
    yield cast_case("u32_f32_high", np.array([2**31, 2**32 - 1, 5], np.uint32), np.float32)
    yield cast_case("u64_f64_high", np.array([2**63, 2**63 + 4096, 5], np.uint64), np.float64)
    x, like = random("x", (3, 5)), np.zeros((1,), np.int32)
    yield op_case("castlike", "CastLike", [x, like], [x.astype(np.int32)])


def brain_floats():
    """bfloat16 at the border of a program and inside; sums and functions are
    computed in f32 and rounded once."""
    brain = ml_dtypes.bfloat16
    a, b = random("a", (3, 5)).astype(brain), random("b", (3, 5)).astype(brain)
    wide = a.astype(np.float32)
    with np.errstate(over="ignore"):
        narrowed = special().astype(brain)
    to = {"to": TensorProto.FLOAT}
    yield op_case("cast_bf16_f32", "Cast", [narrowed], [narrowed.astype(np.float32)], to)
    to = {"to": TensorProto.BFLOAT16}
    yield op_case("cast_f32_bf16", "Cast", [special()], [narrowed], to)
    yield op_case("add_bf16", "Add", [a, b], [(wide + b.astype(np.float32)).astype(brain)], dynamic="rows")
    yield op_case("sigmoid_bf16", "Sigmoid", [a], [(1 / (1 + np.exp(-wide))).astype(brain)], dynamic="rows")
    yield op_case("mul_bf16_constant", "Mul", [a, b], [(wide * b.astype(np.float32)).astype(brain)], constant=[1])


def cases():
    result = []
    parts = (unary, arithmetic, comparison, bitwise, power, remainder, extremum, select, cast, brain_floats)
    for part in parts:
        result += part()
    return result
