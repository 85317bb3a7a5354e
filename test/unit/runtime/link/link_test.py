"""Links libmsc_runtime.a the way the compiler does: into an executable, into a
shared library, into a host's own program."""

import ctypes
import os
import subprocess
import sys
import tempfile
import unittest

import numpy as np

ARCHIVE, MAIN, HEADER, CLANG, LLD, NM, READELF = map(os.path.abspath,
                                                     sys.argv[1:8])
MODEL = os.path.abspath("test/unit/runtime/FakeModel.c")
ROOT = os.getcwd()


def run(*command):
    return subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout


def find(name):
    """A start file or library of the system."""
    return run(CLANG, "-print-file-name=" + name).strip()


def symbols(file, *options):
    return {line.split()[-1] for line in run(NM, *options, file).splitlines()
            if line and not line.endswith(":")}


class LinkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.model = cls.path("model.o")
        run(CLANG, "-O2", "-fPIC", "-I", ROOT, "-c", MODEL, "-o", cls.model)
        cls.libc = os.path.dirname(find("crti.o"))

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder.name, name)

    def link_program(self, name="program"):
        program = self.path(name)
        run(LLD, "-pie", "--gc-sections", "-dynamic-linker",
            "/lib64/ld-linux-x86-64.so.2",
            "--defsym=msc_main_model=fake_model", "-o", program, find("Scrt1.o"),
            find("crti.o"), self.model, MAIN, ARCHIVE, "-L" + self.libc, "-lc",
            find("crtn.o"))
        return program

    def link_library(self, name="libmodel.so"):
        library = self.path(name)
        run(LLD, "-shared", "--gc-sections", "-z", "defs", "-o", library,
            self.model, "--whole-archive", ARCHIVE, "--no-whole-archive",
            "-L" + self.libc, "-lc")
        return library

    def check_needs_libc_only(self, file):
        """libc and its loader, which thread-local variables name."""
        needed = {line.split("[")[1].rstrip("]")
                  for line in run(READELF, "-d", file).splitlines()
                  if "NEEDED" in line}
        self.assertIn("libc.so.6", needed)
        self.assertLessEqual(needed, {"libc.so.6", "ld-linux-x86-64.so.2"})


class Linked(LinkTest):
    def test_archive_needs_no_cpp_library(self):
        defined = symbols(ARCHIVE, "--defined-only", "--extern-only")
        wanted = symbols(ARCHIVE, "--undefined-only") - defined
        self.assertEqual([s for s in wanted if s.startswith("_Z") or
                          "cxa" in s or "gxx" in s or "asan" in s], [])
        # The names that C knows are msc's own.
        self.assertEqual([s for s in defined if not s.startswith(("msc_", "_Z"))],
                         [])

    def test_program(self):
        program = self.link_program()
        self.check_needs_libc_only(program)
        self.assertIn("fake, compiled by", run(program, "--version"))
        np.savez(self.path("in.npz"), x=np.ones((2, 4), np.float32),
                 b=np.zeros(4, np.float32))
        self.assertIn("[10, 10]", run(program, "--input", self.path("in.npz")))
        # Code of the runtime in an executable: well under 1 MB.
        self.assertLess(os.path.getsize(program), 300 << 10)

    def test_library_exports_the_abi_only(self):
        exported = symbols(self.link_library(), "-D", "--defined-only")
        self.assertIn("msc_run", exported)
        self.assertIn("fake_model", exported)
        self.assertEqual([s for s in exported if s != "fake_model" and
                          not s.startswith("msc_")], [])
        self.assertNotIn("msc_cli_main", exported)
        self.check_needs_libc_only(self.path("libmodel.so"))

    def test_header_is_c99_and_cpp(self):
        source = '#include "%s"\nint main(void) { return msc_version() == 0; }\n'
        for language, standard in ("c", "c99"), ("c++", "c++11"):
            path = self.path("header." + language)
            with open(path, "w") as file:
                file.write(source % HEADER)
            run(CLANG, "-x", language, "-std=" + standard, "-pedantic", "-Wall",
                "-Wextra", "-Werror", "-fsyntax-only", path)


class Hosts(LinkTest):
    """The programs of examples/, with a model of the digits' signature."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digits = cls.path("digits.o")
        run(CLANG, "-O2", "-fPIC", "-I", ROOT, "-c",
            "test/unit/runtime/link/FakeDigits.c", "-o", cls.digits)
        with open(cls.path("digits.h"), "w") as file:
            file.write("""\
#ifdef __cplusplus
extern "C" {
#endif
extern const struct msc_model_desc digits_model;
#ifdef __cplusplus
}
#endif
""")

    def compile_host(self, source, *options):
        program = self.path("host")
        include = os.path.dirname(os.path.dirname(HEADER))
        run(CLANG, "-Wall", "-Wextra", "-Werror", "-I" + self.folder.name,
            "-I" + include, source, *options, "-o", program)
        return run(program)

    def check_c_host(self, text):
        # The three has 31 pixels with ink.
        self.assertIn("1: 0.7300\n", text)
        self.assertTrue(text.endswith("this is a 1\n"), text)

    def test_c_host_with_an_object(self):
        self.check_c_host(self.compile_host(
            "examples/c_host/host.c", "-std=c99", "-pedantic",
            "-Wno-missing-field-initializers", self.digits, ARCHIVE))

    def test_c_host_with_a_library(self):
        run(LLD, "-shared", "--gc-sections", "-o", self.path("libdigits.so"),
            self.digits, "--whole-archive", ARCHIVE, "--no-whole-archive",
            "-L" + self.libc, "-lc")
        self.check_c_host(self.compile_host(
            "examples/c_host/host.c", "-std=c99",
            "-Wno-missing-field-initializers", "-L" + self.folder.name,
            "-ldigits", "-Wl,-rpath," + self.folder.name))

    def test_cpp_host(self):
        text = self.compile_host("examples/cpp_host/host.cpp", "-std=c++17",
                                 self.digits, ARCHIVE, "-lstdc++", "-lm",
                                 "-pthread")
        # Its one has 16 pixels.
        self.assertEqual(text, """\
digits, compiled by msc test
thread 0, image 0: a one by 0.0300
thread 1, image 0: a one by 0.0300
thread 1, image 1: a one by 0.0300
""")


class Tensor(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("dtype", ctypes.c_uint32),
                ("data", ctypes.c_void_p), ("bytes", ctypes.c_uint64),
                ("rank", ctypes.c_uint32), ("reserved", ctypes.c_uint32),
                ("dims", ctypes.POINTER(ctypes.c_int64))]


def tensor(array):
    dims = (ctypes.c_int64 * array.ndim)(*array.shape)
    return Tensor(ctypes.sizeof(Tensor), 1, array.ctypes.data, array.nbytes,
                  array.ndim, 0, dims)


class Loaded(LinkTest):
    """A process with two libraries, each with a runtime of its own."""

    def run_model(self, library, folder):
        desc = ctypes.addressof(ctypes.c_char.in_dll(library, "fake_model"))
        model, context = ctypes.c_void_p(), ctypes.c_void_p()
        self.assertEqual(library.msc_model_load(
            ctypes.c_void_p(desc), None, ctypes.byref(model)), 0)
        self.assertEqual(library.msc_context_create(
            model, None, ctypes.byref(context)), 0)
        x = np.arange(400, dtype=np.float32).reshape(100, 4)
        b = np.ones(4, np.float32)
        y, s = np.empty_like(x), np.empty(100, np.float32)
        inputs = (Tensor * 2)(tensor(x), tensor(b))
        outputs = (Tensor * 2)(tensor(y), tensor(s))
        self.assertEqual(library.msc_profile_begin(context), 0)
        self.assertEqual(library.msc_run(context, inputs, 2, outputs, 2), 0)
        self.assertEqual(library.msc_profile_end(context), 0)
        np.testing.assert_array_equal(y, x * np.float32([1, 2, 3, 4]) + b)
        path = os.path.join(folder, "trace.json")
        self.assertEqual(
            library.msc_profile_write(context, path.encode()), 0)
        # Both regions: the marks of this library's code reached the context,
        # whichever library's msc_rt_mark they were bound to.
        with open(path) as file:
            trace = file.read()
        self.assertIn('"name":"r0"', trace)
        self.assertIn('"name":"r1"', trace)
        library.msc_context_free(context)
        library.msc_model_free(model)

    def test_two_libraries_in_one_process(self):
        first = ctypes.CDLL(self.link_library("liba.so"), ctypes.RTLD_GLOBAL)
        second = ctypes.CDLL(self.link_library("libb.so"), ctypes.RTLD_LOCAL)
        for library in first, second, first:
            self.run_model(library, self.folder.name)


if __name__ == "__main__":
    unittest.main()
