"""Reads the functions that the importer writes, in MLIR's generic form."""

import dataclasses
import re
from typing import Dict, List

import ml_dtypes
import numpy as np

DTYPES = {
    "f64": np.float64,
    "f32": np.float32,
    "f16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "f8E4M3FN": ml_dtypes.float8_e4m3fn,
    "f8E5M2": ml_dtypes.float8_e5m2,
    "i1": np.bool_,
    "i8": np.int8,
    "i16": np.int16,
    "i32": np.int32,
    "i64": np.int64,
    "ui8": np.uint8,
    "ui16": np.uint16,
    "ui32": np.uint32,
    "ui64": np.uint64,
    "index": np.int64,
}

OP = re.compile(r'^\s*(?:(%\w+(?::\d+)?) = )?"([\w.]+)"\(([^)]*)\)(.*)$')


@dataclasses.dataclass
class Type:
    shape: tuple  # None where dynamic; () for scalars
    dtype: type
    is_tensor: bool


@dataclasses.dataclass
class Op:
    name: str
    result: str
    operands: List[str]
    attributes: Dict[str, object]
    operand_types: List[Type]
    result_types: List[Type]
    regions: List["Block"] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Block:
    """The only block of a region."""

    arguments: List[str]
    ops: List[Op]


@dataclasses.dataclass
class Function:
    arguments: List[str]
    argument_types: List[Type]
    argument_attributes: List[dict]
    result_attributes: List[dict]
    ops: List[Op]


def split(text, separator=","):
    """Splits at separators outside of brackets and strings."""
    parts, depth, start, quoted = [], 0, 0, False
    i = 0
    while i < len(text):
        c = text[i]
        if quoted:
            if c == "\\":
                i += 1
            elif c == '"':
                quoted = False
        elif c == '"':
            quoted = True
        elif c in "<([{":
            depth += 1
        elif c in ">)]}" and not (c == ">" and text[i - 1] == "-"):
            depth -= 1
        elif c == separator and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
        i += 1
    parts.append(text[start:].strip())
    return [p for p in parts if p]


def parse_type(text):
    match = re.fullmatch(r"tensor<(.*)>", text.strip())
    if not match:
        return Type((), DTYPES[text.strip()], False)
    *extents, element = match.group(1).split("x")
    shape = tuple(None if e == "?" else int(e) for e in extents)
    return Type(shape, DTYPES[element], True)


def parse_types(text):
    text = text.strip()
    if text.startswith("("):
        text = text[1:-1]
    return [parse_type(t) for t in split(text)]


def parse_number(text, dtype):
    if text in ("true", "false"):
        return text == "true"
    if text.startswith("0x") and np.dtype(dtype).kind not in "iu":
        bits = int(text, 16)
        size = np.dtype(dtype).itemsize
        return np.frombuffer(bits.to_bytes(size, "little"), dtype)[0]
    return float(text) if np.dtype(dtype).kind not in "iub" else int(text)


def parse_dense(text):
    match = re.fullmatch(r"dense<(.*)> : (tensor<.*>)", text, re.S)
    body, of = match.group(1), parse_type(match.group(2))
    if body.startswith('"0x'):
        data = bytes.fromhex(body[3:-1])
        return np.frombuffer(data, of.dtype).reshape(of.shape)
    if not body:
        return np.zeros(of.shape, of.dtype)
    numbers = [parse_number(t, of.dtype) for t in re.findall(r"[^\s,\[\]]+", body)]
    array = np.array(numbers, np.float64) if np.dtype(of.dtype).kind not in "iub" else np.array(numbers, object)
    array = array.astype(of.dtype)
    if array.size == 1:
        return np.full(of.shape, array[0], of.dtype)
    return array.reshape(of.shape)


def unescape(text):
    """MLIR writes a byte that is not printable as two hexadecimal digits."""
    data = re.sub(r"\\([0-9A-Fa-f]{2})", lambda m: chr(int(m.group(1), 16)), text)
    return data.replace('\\"', '"').replace("\\\\", "\\").encode("latin-1").decode("utf-8", "replace")


def parse_attribute(text):
    text = text.strip()
    if text.startswith("dense<"):
        return parse_dense(text)
    if text.startswith('"'):
        return unescape(text[1:-1])
    if text.startswith("["):
        return [parse_attribute(t) for t in split(text[1:-1])]
    if text.startswith("{"):
        return parse_dictionary(text[1:-1])
    match = re.fullmatch(r"array<\w+(?::(.*))?>", text)
    if match:
        return [int(t) for t in (match.group(1) or "").split(",") if t.strip()]
    if text in ("true", "false"):
        return text == "true"
    match = re.fullmatch(r"(\S+) : (\w+)", text)
    if match:
        return parse_number(match.group(1), DTYPES[match.group(2)])
    return text


def parse_dictionary(text):
    result = {}
    for entry in split(text):
        key, _, value = entry.partition(" = ")
        result[key.strip('"')] = parse_attribute(value)
    return result


def parse_block(lines, at):
    """The block that begins at a line, and where its region ends."""
    block = Block([], [])
    while not lines[at].strip().startswith("}"):
        line = lines[at]
        if line.strip().startswith("^bb0"):
            inner = line[line.index("(") + 1 : line.rindex(")")]
            block.arguments = [entry.partition(": ")[0] for entry in split(inner)]
            at += 1
            continue
        # `"scf.if"(%c) ({`, then a block, then `}, {` and another or `}) : ..`.
        regions = []
        at += 1
        if line.rstrip().endswith("({"):
            while True:
                inner, at = parse_block(lines, at)
                regions.append(inner)
                at += 1
                if lines[at - 1].strip() != "}, {":
                    break
            line = line.rstrip()[:-2] + lines[at - 1].strip()[3:]
        op = parse_op(line)
        op.regions = regions
        block.ops.append(op)
    return block, at


def parse_op(line):
    match = OP.match(line)
    result, name, operands, rest = match.groups()
    attributes = {}
    rest = rest.strip()
    if rest.startswith("<{"):
        # The types follow the last " : (" outside of the properties.
        end = rest.rindex("}> : (")
        attributes = parse_dictionary(rest[2:end])
        rest = rest[end + 2 :].strip()
    types = rest[rest.index(":") + 1 :]
    inputs, _, results = types.rpartition(" -> ")
    return Op(
        name, result, split(operands), attributes, parse_types(inputs), parse_types(results)
    )


def parse_function(text):
    """The only function of a module."""
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if '"func.func"' in line)
    header = lines[at]
    properties = parse_dictionary(header[header.index("<{") + 2 : header.rindex("}>")])
    arguments, types = [], []
    if lines[at + 1].strip().startswith("^bb0"):
        inner = lines[at + 1]
        for entry in split(inner[inner.index("(") + 1 : inner.rindex(")")]):
            name, _, of = entry.partition(": ")
            arguments.append(name)
            types.append(parse_type(of))
    ops = parse_block(lines, at + 1)[0].ops
    empty = [{}] * len(arguments)
    return Function(
        arguments, types, properties.get("arg_attrs", empty), properties.get("res_attrs", []), ops
    )
