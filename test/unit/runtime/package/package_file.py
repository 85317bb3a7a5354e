"""Packages written by hand: from a description as JSON, by flatc, as right or as
wrong as a test wants them."""

import copy
import json
import os
import struct
import subprocess
import tempfile

SCHEMA = "runtime/schema/package.fbs"
# Descriptions of tests are smaller; so sections do not move with them.
SECTIONS_BEGIN = 16384
FORMAT = 1

_PRIMES = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9,
           0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
_MASK = (1 << 64) - 1


def _rotate(value, bits):
    return (value << bits | value >> (64 - bits)) & _MASK


def _mix(lane, word):
    return _rotate((lane + word * _PRIMES[1]) & _MASK, 31) * _PRIMES[0] & _MASK


def xxh64(data):
    """XXH64, seed 0, as the specification has it."""
    p1, p2, p3, p4, p5 = _PRIMES
    size, at, value = len(data), 0, p5
    if size >= 32:
        lanes = [(p1 + p2) & _MASK, p2, 0, -p1 & _MASK]
        for words in struct.iter_unpack("<4Q", data[:size // 32 * 32]):
            lanes = [_mix(lane, word) for lane, word in zip(lanes, words)]
        at = size // 32 * 32
        value = sum(map(_rotate, lanes, (1, 7, 12, 18))) & _MASK
        for lane in lanes:
            value = ((value ^ _mix(0, lane)) * p1 + p4) & _MASK
    value = (value + size) & _MASK
    while size - at >= 8:
        word, = struct.unpack_from("<Q", data, at)
        value = (_rotate(value ^ _mix(0, word), 27) * p1 + p4) & _MASK
        at += 8
    if size - at >= 4:
        word, = struct.unpack_from("<I", data, at)
        value = (_rotate(value ^ word * p1 & _MASK, 23) * p2 + p3) & _MASK
        at += 4
    for byte in data[at:]:
        value = _rotate(value ^ byte * p5 & _MASK, 11) * p1 & _MASK
    value = (value ^ value >> 33) * p2 & _MASK
    value = (value ^ value >> 29) * p3 & _MASK
    return value ^ value >> 32


def _align(value, alignment):
    return -(-value // alignment) * alignment


def seal(flatbuffer):
    """The description's bytes of a FlatBuffer that has its size before it."""
    text = flatbuffer + bytes(_align(len(flatbuffer), 8) - len(flatbuffer))
    return text + struct.pack("<Q", xxh64(text))


def pack(description):
    """The FlatBuffer of a description, with its size before it."""
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "package.json")
        with open(source, "w", encoding="latin-1") as file:
            json.dump(description, file)
        done = subprocess.run(
            ["flatc", "--binary", "--size-prefixed", "--strict-json",
             "--allow-non-utf8", "-o", folder, SCHEMA, source],
            capture_output=True, text=True)
        if done.returncode:
            raise ValueError(done.stdout + done.stderr)
        with open(os.path.join(folder, "package.mscpkg"), "rb") as file:
            return file.read()


def patched(content, path, byte):
    """Sets one byte of the description. The path leads from the root table to it:
    ("table", n) is what the n-th field of the table refers to, ("item", i) the
    i-th of a vector of tables, ("field", n) the field itself."""
    def number(form, at):
        return struct.unpack_from("<" + form, content, at)[0]
    size = number("I", 0) + 4
    at = 4 + number("I", 4)
    for kind, index in path:
        if kind == "item":
            at += 4 + 4 * index
        else:
            at += number("H", at - number("i", at) + 4 + 2 * index)
        if kind != "field":
            at += number("I", at)
    changed = bytearray(content[:size])
    changed[at] = byte
    text = seal(bytes(changed))
    return text + content[len(text):]


class PackageFile:
    """A description and its sections. `description["targets"][i]["code"][j]` and
    `description["weights"]` get a "section"; `content` holds the bytes."""

    def __init__(self, description, code, weights=b"", begin=SECTIONS_BEGIN):
        self.description = copy.deepcopy(description)
        self.sections = []
        self.end = begin
        self.begin = begin
        code = iter(code)
        for target in self.description["targets"]:
            for item in target["code"]:
                item["section"] = self.add(next(code), 64)
        if weights:
            self.description["weights"] = self.add(weights, 4096)
        self.description["file_bytes"] = self.end

    def add(self, content, alignment):
        offset = _align(self.end, alignment)
        self.end = offset + len(content)
        self.sections.append((offset, content))
        return {"offset": offset, "bytes": len(content),
                "hash": xxh64(content)}

    def serialize(self):
        text = seal(pack(self.description))
        assert len(text) <= self.begin, len(text)
        file = bytearray(self.end)
        file[:len(text)] = text
        for offset, content in self.sections:
            file[offset:offset + len(content)] = content
        return bytes(file)


def tensor(name, *extents, dtype=1, donor=-1):
    """f32 unless said otherwise; a dim ("id", n) is dynamic."""
    dims = [{"extent": -1, "id": e[1]} if isinstance(e, tuple) else
            {"extent": e, "id": -1} for e in extents]
    return {"name": name, "dtype": dtype, "dims": dims, "donor": donor}


def whole(name="fake"):
    """The model of FakeModel.h, run whole by one code object."""
    return {
        "format": FORMAT, "min_reader": 1, "min_msc": "0.1",
        "producer": "msc test", "name": name,
        "signature": {
            "inputs": [tensor("x", ("id", 0), 4), tensor("b", 4)],
            "outputs": [tensor("y", ("id", 0), 4), tensor("s", ("id", 0))],
            "dims": [{"name": "batch", "min": 0, "max": 4096}],
        },
        "targets": [{
            "name": "cpu",
            "code": [{"device": "cpu", "format": "elf-x86_64",
                      "triple": "x86_64-unknown-linux-gnu"}],
            "regions": [
                {"name": "r0", "ops": "mul+add", "schedule": "rows",
                 "flops": 800, "bytes": 3200},
                {"name": "r1", "ops": "reduce \"sum\"", "schedule": "rows",
                 "flops": 300, "bytes": 2000}],
            "plan_type": "WholePlan", "plan": {"code": 0},
        }],
    }


def buffer(space, bytes_, offset=0, index=0, access="Read"):
    return {"space": space, "index": index, "offset": offset, "bytes": bytes_,
            "access": access}


def step(kind, **fields):
    return {"command_type": kind, "command": fields}


def steps():
    """y = f(x) on "npu-sim", with weights there, a fallback to the CPU, a loop
    and a branch. f32[4] each."""
    def dispatch(code, kernel, *buffers, **more):
        return step("Dispatch", code=code, kernel=kernel,
                    buffers=list(buffers), **more)
    description = whole("steps")
    description["signature"] = {
        "inputs": [tensor("x", 4), tensor("c", 1, dtype=13)],
        "outputs": [tensor("y", 4)], "dims": []}
    description["targets"] = [{
        "name": "npu-sim",
        "code": [
            {"device": "npu-sim", "format": "npu-1",
             "kernels": [{"name": "add", "buffers": 3, "scalars": 1},
                         {"name": "mul", "buffers": 2}]},
            {"device": "cpu", "format": "elf-x86_64",
             "kernels": [{"name": "sort", "buffers": 1}]}],
        "regions": description["targets"][0]["regions"],
        "plan_type": "StepsPlan",
        "plan": {
            "queues": 2, "host_arena_bytes": 64, "device_arena_bytes": 128,
            "device_weights_bytes": 16,
            "setup": [step("Copy", **{"from": buffer("Weights", 16),
                                      "to": buffer("DeviceWeights", 16)})],
            "steps": [
                step("Copy", **{"from": buffer("Input", 16),
                                "to": buffer("DeviceArena", 16)}),
                step("Wait", queue=1, on=0),
                step("Loop", trips=3, body=[
                    dispatch(0, 0, buffer("DeviceArena", 16),
                             buffer("DeviceWeights", 16),
                             buffer("DeviceArena", 16, 64, access="Write"),
                             scalars=[{"value": 4}], queue=1, region=0, grid=[2, 1])]),
                step("Copy", queue=1,
                     **{"from": buffer("DeviceArena", 16, 64),
                        "to": buffer("HostArena", 16)}),
                step("Wait", on=1),
                dispatch(1, 0, buffer("HostArena", 16, access="ReadWrite")),
                step("Branch", condition=buffer("Input", 1, index=1),
                     then=[step("Copy", **{"from": buffer("HostArena", 16),
                                           "to": buffer("Output", 16)})]),
            ],
        },
    }]
    return description


def whole_file(code, weights):
    return PackageFile(whole(), [code], weights)


def steps_file():
    return PackageFile(steps(), [b"npu code", b"cpu code"], bytes(range(16)))
