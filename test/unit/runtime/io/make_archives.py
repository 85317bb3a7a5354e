"""Writes what other programs write: deflate streams by zlib, .npz archives by
zipfile in the variants that NumPy and others produce. Only the standard
library is used. Arguments: the folder of the outputs."""

import io
import os
import random
import struct
import sys
import zipfile
import zlib

folder = sys.argv[1]


def npy(shape, values):
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': %r, }" % (shape,)
    header += " " * (63 - (len(header) + 10) % 64) + "\n"
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) +
            header.encode() + struct.pack("<%df" % len(values), *values))


def deflate(data, level, strategy):
    squeezer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
    return squeezer.compress(data) + squeezer.flush()


def streams():
    """Raw length, deflated length, raw, deflated; again and again."""
    rng = random.Random(1)
    raws = [b"", b"a", b"abc" * 1000, bytes(70000), rng.randbytes(70000),
            bytes(rng.choice(b"ab\n") for _ in range(5000)),
            b"".join(struct.pack("<f", rng.gauss(0, 1)) for _ in range(4096))]
    # Fibonacci frequencies make the longest codes.
    a, b, skewed = 1, 1, b""
    for symbol in range(22):
        skewed += bytes([symbol]) * a
        a, b = b, a + b
    raws.append(bytes(rng.sample(skewed, len(skewed))))
    for raw in raws:
        for level in (0, 1, 6, 9):
            for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY,
                             zlib.Z_FIXED, zlib.Z_RLE):
                packed = deflate(raw, level, strategy)
                yield struct.pack("<II", len(raw), len(packed)) + raw + packed


class Unseekable(io.RawIOBase):
    """Makes zipfile put sizes after the data."""

    def __init__(self, path):
        self.file = open(path, "wb")

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)

    def flush(self):
        if not self.file.closed:
            self.file.flush()


X = npy((3, 4), list(range(12)))
B = npy((4,), [0.5] * 4)


def archive(name, method, target=None, zip64=False, comment=b"", entries=None):
    path = os.path.join(folder, name)
    with zipfile.ZipFile(target or path, "w", method) as out:
        for member, data in entries or (("x.npy", X), ("b.npy", B)):
            with out.open(zipfile.ZipInfo(member) if method == 0 else member,
                          "w", force_zip64=zip64) as file:
                file.write(data)
        out.comment = comment


with open(os.path.join(folder, "streams.bin"), "wb") as file:
    for record in streams():
        file.write(record)
archive("stored.npz", zipfile.ZIP_STORED)
archive("deflated.npz", zipfile.ZIP_DEFLATED)
archive("zip64.npz", zipfile.ZIP_DEFLATED, zip64=True)
archive("comment.npz", zipfile.ZIP_DEFLATED, comment=b"PK\x05\x06" + b"c" * 999)
archive("streamed.npz", zipfile.ZIP_DEFLATED,
        Unseekable(os.path.join(folder, "streamed.npz")))
archive("bzip2.npz", zipfile.ZIP_BZIP2)
archive("bomb.npz", zipfile.ZIP_DEFLATED,
        entries=[("x.npy", bytes(64 << 20)), ("b.npy", B)])
