"""write_corpus.py FOLDER: packages that the fuzzer starts from."""

import os
import sys

sys.path.insert(0, "test/unit/runtime/package")

from package_file import PackageFile, steps, tensor, whole  # noqa: E402


def donating():
    """Two targets that share code, ids of dims, a donor, many types."""
    description = whole("donating")
    description["signature"] = {
        "inputs": [tensor("cache", ("id", 0), 8, dtype=3),
                   tensor("ids", ("id", 1), dtype=8)],
        "outputs": [tensor("cache'", ("id", 0), 8, dtype=3, donor=0),
                    tensor("best", ("id", 2), dtype=16)],
        "dims": [{"name": "past", "min": 0, "max": 64},
                 {"name": "length", "min": 1, "max": 1},
                 {"name": "count", "min": 0, "max": 9, "decided": True}]}
    description["targets"].append(dict(description["targets"][0], name="host"))
    return description


def main():
    elf = b"\x7fELF\2\1\1" + bytes(9) + b"\3\0\x3e\0" + bytes(108)
    for name, description, code, weights, begin in (
            ("whole", whole(), [elf], bytes(16), 1536),
            ("steps", steps(), [b"npu code", elf], bytes(range(16)), 3072),
            ("donating", donating(), [elf, elf], b"", 2048)):
        with open(os.path.join(sys.argv[1], name + ".mscpkg"), "wb") as file:
            file.write(PackageFile(description, code, weights,
                                   begin).serialize())


main()
