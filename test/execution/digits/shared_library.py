"""Runs a compiled model through the C ABI of its shared library, by ctypes.

The structs are those of runtime/include/msc/msc.h.
"""

import ctypes
import re

import numpy as np

DTYPES = {np.dtype(np.float32): 1}


class Tensor(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_uint32),
        ("dtype", ctypes.c_uint32),
        ("data", ctypes.c_void_p),
        ("bytes", ctypes.c_uint64),
        ("rank", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("dims", ctypes.POINTER(ctypes.c_int64)),
    ]


class ContextOptions(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_uint32),
        ("threads", ctypes.c_uint32),
        ("arena", ctypes.c_void_p),
        ("arena_bytes", ctypes.c_uint64),
        ("pin_threads", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
    ]


def tensor_of(array):
    """A view of the array; keep what it returns alive together."""
    dims = (ctypes.c_int64 * array.ndim)(*array.shape)
    return Tensor(
        ctypes.sizeof(Tensor), DTYPES[array.dtype], array.ctypes.data, array.nbytes, array.ndim, 0, dims
    )


def declared_model(header):
    """The name of the descriptor that the header beside a library declares."""
    with open(header) as file:
        return re.search(r"extern const struct msc_model_desc (\w+);", file.read()).group(1)


class Error(Exception):
    pass


class SharedLibrary:
    def __init__(self, path, header):
        self.library = ctypes.CDLL(path)
        for name in ("msc_error", "msc_context_error"):
            getattr(self.library, name).restype = ctypes.c_char_p
        descriptor = ctypes.c_char.in_dll(self.library, declared_model(header))
        self.model = ctypes.c_void_p()
        if self.library.msc_model_load(ctypes.byref(descriptor), None, ctypes.byref(self.model)):
            raise Error(self.library.msc_error().decode())

    def context(self, threads=0):
        options = ContextOptions(ctypes.sizeof(ContextOptions), threads)
        context = ctypes.c_void_p()
        if self.library.msc_context_create(self.model, ctypes.byref(options), ctypes.byref(context)):
            raise Error(self.library.msc_error().decode())
        return Context(self.library, context)

    def close(self):
        self.library.msc_model_free(self.model)


class Context:
    def __init__(self, library, handle):
        self.library, self.handle = library, handle

    def run(self, array, out_shape):
        out = np.full(out_shape, np.nan, np.float32)
        inputs, outputs = tensor_of(array), tensor_of(out)
        if self.library.msc_run(self.handle, ctypes.byref(inputs), 1, ctypes.byref(outputs), 1):
            raise Error(self.library.msc_context_error(self.handle).decode())
        return out

    def close(self):
        self.library.msc_context_free(self.handle)
