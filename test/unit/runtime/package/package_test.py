"""msc-run on packages written by hand, most of them wrong."""

import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import unittest

import numpy as np

import package_file
from package_file import PackageFile, buffer, step, tensor

MSC_RUN, CODE, NO_MEMFD = map(os.path.abspath, sys.argv[1:4])
# Not those of FakeModel.c: they have to come from the package.
WEIGHTS = np.float32([2, 3, 4, 5])


def read(path):
    with open(path, "rb") as file:
        return file.read()


class PackageTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.x = np.arange(12, dtype=np.float32).reshape(3, 4)
        self.b = np.full(4, 0.5, np.float32)
        np.save(self.path("x.npy"), self.x)
        np.save(self.path("b.npy"), self.b)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, package, name="fake.mscpkg"):
        content = package if isinstance(package, bytes) else package.serialize()
        with open(self.path(name), "wb") as file:
            file.write(content)

    def whole(self):
        return package_file.whole_file(read(CODE), WEIGHTS.tobytes())

    def run_program(self, *arguments, **options):
        return subprocess.run([MSC_RUN, *arguments], cwd=self.folder.name,
                              capture_output=True, text=True, timeout=120,
                              **options)

    def succeed(self, *arguments, **options):
        done = self.run_program(*arguments, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def fail_with(self, code, text, *arguments, **options):
        """One line on stderr, nothing on stdout."""
        done = self.run_program(*arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(text, done.stderr)

    def refuse(self, package, text, code=2, *arguments):
        self.write(package)
        self.fail_with(code, "msc-run: fake.mscpkg: " + text, "fake.mscpkg",
                       *(arguments or ("--list",)))

    def check_run(self, *arguments, **options):
        self.succeed("fake.mscpkg", "--input", "x.npy", "--input", "b.npy",
                     "--output", "out.npz", *arguments, **options)
        out = np.load(self.path("out.npz"))
        y = self.x * WEIGHTS + self.b
        np.testing.assert_array_equal(out["y"], y)
        np.testing.assert_array_equal(out["s"], y.sum(axis=1))


class Running(PackageTest):
    def test_runs(self):
        self.write(self.whole())
        self.check_run()
        self.check_run("--device", "cpu", "--threads=2")
        self.check_run("--device=cpu", "--verify-weights")

    def test_profiles_regions(self):
        self.write(self.whole())
        self.check_run("--profile", "trace.json")
        self.assertIn(b"mul+add", read(self.path("trace.json")))

    def test_help_describes_the_model(self):
        self.write(self.whole())
        text = self.succeed("fake.mscpkg", "--help")
        for line in ("usage: msc-run fake.mscpkg", "  x  f32[batch, 4]\n",
                     "  s  f32[batch]\n", "  batch in [0, 4096]\n"):
            self.assertIn(line, text)
        self.assertIn("msc-run MODEL.mscpkg", self.succeed("--help"))
        self.assertEqual("msc-run 0.1.0\n", self.succeed("--version"))
        self.assertIn("fake, compiled by msc test",
                      self.succeed("fake.mscpkg", "--version"))

    def test_lists_what_is_in_it(self):
        self.write(self.whole())
        text = self.succeed("fake.mscpkg", "--list")
        for line in ("model:    fake\n", "producer: msc test\n",
                     "format:   1, needs msc >= 0.1\n", "weights:  16 bytes at ",
                     "plan: code 0 runs the program\n", "regions: 2\n",
                     "r0: mul+add, rows, 800 flops, 3200 bytes\n"):
            self.assertIn(line, text)

    def test_errors_of_the_model_are_an_executables(self):
        self.write(self.whole())
        self.fail_with(2, "no input 'z'", "fake.mscpkg", "--input", "z=x.npy")
        self.fail_with(64, "unknown option '--frob'", "fake.mscpkg", "--frob")
        self.fail_with(64, "a value is missing after '--device'", "fake.mscpkg",
                       "--device")

    def test_usage(self):
        self.fail_with(64, "no package given")
        self.fail_with(64, "the package comes first", "--list", "fake.mscpkg")
        self.fail_with(2, "none.mscpkg: cannot be opened", "none.mscpkg")
        self.fail_with(2, "is no regular file", self.folder.name)

    def test_values_of_options_are_not_ours(self):
        self.write(self.whole())
        self.fail_with(64, "--output writes .npy or .npz files, not '--list'",
                       "fake.mscpkg", "--output", "--list")

    def test_without_files_in_memory(self):
        self.write(self.whole())
        scratch = self.path("scratch")
        os.mkdir(scratch)
        environment = {**os.environ, "LD_PRELOAD": NO_MEMFD, "TMPDIR": scratch,
                       "ASAN_OPTIONS": "verify_asan_link_order=0"}
        self.check_run(env=environment)
        self.assertEqual(os.listdir(scratch), [])
        environment["TMPDIR"] = self.path("absent")
        self.fail_with(2, "there is no place for the code to be loaded from",
                       "fake.mscpkg", "--input", "x.npy", env=environment)

    def test_program_is_small_and_knows_no_llvm(self):
        stripped = self.path("msc-run")
        subprocess.run(["strip", "-o", stripped, MSC_RUN], check=True)
        dynamic = subprocess.run(["readelf", "--dynamic", MSC_RUN], check=True,
                                 capture_output=True, text=True).stdout
        needed = set(re.findall(r"NEEDED.*\[(.*)\]", dynamic))
        if b"__asan_init" in read(MSC_RUN):
            self.skipTest("a sanitizer's runtime is in it")
        self.assertLess(os.path.getsize(stripped), 1_000_000)
        self.assertLessEqual(needed, {"libc.so.6", "libm.so.6", "libdl.so.2",
                                      "libpthread.so.0",
                                      "ld-linux-x86-64.so.2"})
        self.assertNotIn(b"LLVM", read(MSC_RUN))


class Refusing(PackageTest):
    def test_files_that_are_no_packages(self):
        for content in (b"", b"MSCP", b"hello" * 100):
            self.refuse(content, "the file is no package of msc")

    def test_versions(self):
        package = self.whole()
        package.description.update(format=9, min_reader=7, min_msc="2.5")
        self.refuse(package, "the package has format 9 and needs msc >= 2.5",
                    70)
        package.description.update(format=9, min_reader=1)
        self.write(package)
        self.succeed("fake.mscpkg", "--list")
        package.description.update(format=0)
        self.refuse(package, "the package has format 0, this msc", 70)
        package.description.update(format=1, min_reader=0)
        self.refuse(package, "the package is invalid: format 1 can't need")

    def test_truncated_files(self):
        content = self.whole().serialize()
        sizes = [*range(0, 3000, 61), *range(3000, len(content), 997),
                 len(content) - 1]
        for size in sizes:
            with self.subTest(size=size):
                text = "the file is no package" if size < 12 else \
                    "the package is truncated"
                self.refuse(content[:size], text)

    def test_appended_bytes(self):
        self.refuse(self.whole().serialize() + b"x",
                    "the package is damaged: 1 bytes are behind its end")

    def test_every_changed_byte_of_the_description(self):
        content = self.whole().serialize()
        size = struct.unpack_from("<I", content)[0] + 4
        for at in range(0, size, 7):
            changed = bytearray(content)
            changed[at] ^= 0x55
            with self.subTest(at=at):
                self.write(bytes(changed))
                self.fail_with(2, "msc-run: fake.mscpkg: the ", "fake.mscpkg",
                               "--list")

    def test_changes_under_a_right_hash(self):
        """Nothing is known of the outcome, but that there is a regular one."""
        for made in self.whole(), package_file.steps_file():
            content = made.serialize()
            size = struct.unpack_from("<I", content)[0] + 4
            rng = random.Random(7)
            outcomes = set()
            for _ in range(150):
                changed = bytearray(content[:size])
                at = rng.randrange(4, size - 4) // 4 * 4
                changed[at:at + 4] = rng.choice(
                    (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\1\0\0\0",
                     bytes(rng.randrange(256) for _ in range(4))))
                text = package_file.seal(bytes(changed))
                self.write(text + content[len(text):])
                done = self.run_program("fake.mscpkg", "--list")
                self.assertIn(done.returncode, (0, 2, 70), done.stderr)
                self.assertEqual(done.stderr.count("\n"),
                                 done.returncode != 0, done.stderr)
                outcomes.add(done.returncode)
            self.assertLessEqual({0, 2}, outcomes)

    def test_description_of_another_shape(self):
        text = bytearray(package_file.pack(self.whole().description))
        text[12:] = bytes(len(text) - 12)
        content = package_file.seal(bytes(text))
        self.refuse(content, "the package is damaged: its description is not")
        struct.pack_into("<I", text, 0, 1 << 30)
        self.refuse(bytes(text), "the package is damaged: its description "
                                 "would be larger")

    def test_damaged_sections(self):
        package = self.whole()
        content = bytearray(package.serialize())
        code, weights = (offset for offset, _ in package.sections)
        content[weights] ^= 1
        run = ("--input", "x.npy", "--input", "b.npy")
        self.write(bytes(content))
        self.succeed("fake.mscpkg", *run)
        self.refuse(bytes(content), "the package is damaged: its weights do", 2,
                    *run, "--verify-weights")
        content[code + 200] ^= 1
        self.refuse(bytes(content), "the package is damaged: its code's bytes",
                    2, *run)

    def test_code_that_is_none(self):
        elf = read(CODE)
        headers = bytearray(elf)
        headers[32:40] = struct.pack("<Q", len(elf))
        machine = bytearray(elf)
        machine[18:20] = struct.pack("<H", 8)
        for code, text in ((b"#!/bin/sh\n" * 9, "is no ELF shared object"),
                           (elf[:2000], "a segment outside of it"),
                           (bytes(headers), "program headers outside of it"),
                           (bytes(machine), "is for another machine"),
                           (read(NO_MEMFD), "does not export 'msc_code'")):
            with self.subTest(text):
                self.refuse(package_file.whole_file(code, WEIGHTS.tobytes()),
                            "the package's code ", 2, "--input", "x.npy")
                self.fail_with(2, text, "fake.mscpkg", "--input", "x.npy")

    def test_machines(self):
        package = self.whole()
        code = package.description["targets"][0]["code"][0]
        code["features"] = "+sse2,+frobnicate"
        self.refuse(package, "the package needs the CPU feature 'frobnicate', "
                    "which this machine lacks", 70, "--input", "x.npy")
        self.succeed("fake.mscpkg", "--help")
        code["format"] = "elf-vax"
        self.refuse(package, "the package's code has the format 'elf-vax', this "
                    "machine runs 'elf-x86_64'", 70, "--input", "x.npy")

    def test_devices(self):
        package = self.whole()
        self.refuse(package, "the package has no program for the device "
                    "'npu-sim'; it has cpu", 2, "--device", "npu-sim")
        package = package_file.steps_file()
        package.description["targets"][0]["name"] = "gpu"
        package.description["targets"][0]["code"][0]["device"] = "gpu"
        self.refuse(package, "this msc has no driver for the device 'gpu'", 70,
                    "--input", "x.npy")


def in_signature(path, value):
    def change(description):
        place = description["signature"]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
    return change


def in_target(path, value):
    def change(description):
        place = description["targets"][0]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
    return change


def appended(path, *values):
    def change(description):
        place = description
        for key in path:
            place = place[key]
        place.extend(values)
    return change


def section(index, **fields):
    def change(description):
        target = description["targets"][0]["code"][0]["section"]
        (description["weights"] if index else target).update(fields)
    return change


WHOLE = (
    ("its name or producer is no text", lambda d: d.update(name="")),
    ("its name or producer is no text", lambda d: d.update(producer="a\0b")),
    ("the name of dim 0 is no text",
     in_signature(("dims", 0, "name"), "x" * 2000)),
    ("dim 0 ('batch') has the range [5, 4]",
     in_signature(("dims", 0), {"name": "batch", "min": 5, "max": 4})),
    ("dim 0 ('batch') has the range [-1, 4]",
     in_signature(("dims", 0), {"name": "batch", "min": -1, "max": 4})),
    ("the name of input 0 is no text", in_signature(("inputs", 0, "name"), "")),
    ("two inputs are called 'b'", in_signature(("inputs", 0, "name"), "b")),
    ("two outputs are called 's'", in_signature(("outputs", 0, "name"), "s")),
    ("input 1 has the unknown element type 99",
     in_signature(("inputs", 1, "dtype"), 99)),
    ("input 1 has rank 17, more than 16",
     in_signature(("inputs", 1), tensor("b", *[1] * 17))),
    ("dim 0 of output 1 is none",
     in_signature(("outputs", 1), tensor("s", ("id", 1)))),
    ("dim 0 of input 1 is none",
     in_signature(("inputs", 1, "dims", 0), {"extent": -2, "id": 0})),
    ("dim 0 of input 1 is none",
     in_signature(("inputs", 1, "dims", 0), {"extent": 4, "id": 0})),
    ("the size of input 1 overflows",
     in_signature(("inputs", 1), tensor("b", 1 << 40, 1 << 40))),
    ("input 1 has a donor", in_signature(("inputs", 1, "donor"), 0)),
    ("output 1 can't be in the buffer of input 0",
     in_signature(("outputs", 1, "donor"), 0)),
    ("output 0 can't be in the buffer of input 5",
     in_signature(("outputs", 0, "donor"), 5)),
    ("two outputs are in the buffer of input 0",
     in_signature(("outputs",), [tensor("y", ("id", 0), 4, donor=0),
                                 tensor("s", ("id", 0), 4, donor=0)])),
    ("it has 0 targets, expected 1 to 64", lambda d: d.update(targets=[])),
    ("two targets are called 'cpu'",
     lambda d: d["targets"].append(d["targets"][0])),
    ("the name of a target is no text", in_target(("name",), "")),
    ("code object 0 of target 'cpu' is not named by text",
     in_target(("code", 0, "device"), "")),
    ("code object 0 of target 'cpu' is not named by text",
     in_target(("code", 0, "features"), "+a\0")),
    ("region 0 of target 'cpu' is none",
     in_target(("regions", 0, "flops"), -1)),
    ("the name of kernel 0 of target 'cpu' is no text",
     in_target(("code", 0, "kernels"), [{"name": ""}])),
    ("kernel 'a' of target 'cpu' is out of order or twice",
     in_target(("code", 0, "kernels"), [{"name": "b"}, {"name": "a"}])),
    ("kernel 'a' of target 'cpu' takes too many arguments",
     in_target(("code", 0, "kernels"), [{"name": "a", "buffers": 65}])),
    ("target 'cpu' is run by code object 1, which isn't there",
     in_target(("plan", "code"), 1)),
    ("target 'cpu' is run whole by code for 'gpu'",
     in_target(("code", 0, "device"), "gpu")),
    ("code object 0 of target 'cpu' is empty", section(0, bytes=0)),
    ("code object 0 at 16385, which is no multiple of 64",
     section(0, offset=16385)),
    ("the weights at 64, which is no multiple of 4096", section(1, offset=64)),
    ("lies outside of the file's sections", section(0, offset=0)),
    ("lies outside of the file's sections", section(0, bytes=1 << 40)),
    ("lies outside of the file's sections", section(1, bytes=(1 << 64) - 1)),
    ("lies outside of the file's sections", section(1, offset=1 << 40)),
    ("sections overlap at ", section(1, offset=16384, bytes=64)),
)

PLAN = ("plan",)
STEPS = ("plan", "steps")


def one(kind, **fields):
    return in_target(STEPS, [step(kind, **fields)])


def dispatch(code, kernel, *buffers, **more):
    return one("Dispatch", code=code, kernel=kernel, buffers=list(buffers),
               **more)


def copy(source, target, **more):
    return one("Copy", **{"from": source, "to": target}, **more)


def nested(depth):
    inner = step("Loop", trips=1, body=[])
    for _ in range(depth):
        inner = step("Loop", trips=1, body=[inner])
    return in_target(STEPS, [inner])


DEVICE = buffer("DeviceArena", 16)
HOST = buffer("HostArena", 16)
STEP_LISTS = (
    ("target 'npu-sim' is a list of steps, whose tensors have static extents",
     lambda d: d["signature"].update(
         inputs=[tensor("x", ("id", 0))],
         dims=[{"name": "n", "min": 1, "max": 4}])),
    ("target 'npu-sim' wants queues or memory out of range",
     in_target(PLAN + ("queues",), 17)),
    ("target 'npu-sim' wants queues or memory out of range",
     in_target(PLAN + ("queues",), 0)),
    ("target 'npu-sim' wants queues or memory out of range",
     in_target(PLAN + ("host_arena_bytes",), 1 << 60)),
    ("step 1: loops and branches are nested too deeply", nested(17)),
    ("step 1: code object 2 of 2", dispatch(2, 0)),
    ("step 1: kernel 2 of 2", dispatch(0, 2)),
    ("kernel 'mul' takes 2 buffers and 0 scalars, got 1 and 1",
     dispatch(0, 1, DEVICE, scalars=[{"value": 1}])),
    ("step 1: queue 2 of 2", dispatch(0, 1, DEVICE, DEVICE, queue=2)),
    ("a grid of 4 dims", dispatch(0, 1, DEVICE, DEVICE, grid=[1] * 4)),
    ("a grid without points", dispatch(0, 1, DEVICE, DEVICE, grid=[0])),
    ("region 2 of 2", dispatch(0, 1, DEVICE, DEVICE, region=2)),
    ("region -2 of 2", dispatch(0, 1, DEVICE, DEVICE, region=-2)),
    ("code for 'dsp'", in_target(("code", 0, "device"), "dsp")),
    ("kernel 'mul' can't reach the memory of buffer 1",
     dispatch(0, 1, DEVICE, HOST)),
    ("kernel 'sort' can't reach the memory of buffer 0",
     dispatch(1, 0, DEVICE)),
    ("space 5 is read only",
     dispatch(0, 1, DEVICE, buffer("DeviceWeights", 4, access="Write"))),
    ("space 0 is read only",
     dispatch(1, 0, buffer("Input", 4, access="ReadWrite"))),
    ("space 2 is read only", copy(HOST, buffer("Weights", 16))),
    ("no buffer 2 in space 0", copy(buffer("Input", 4, index=2), HOST)),
    ("no buffer 1 in space 3", copy(DEVICE, buffer("HostArena", 16, index=1))),
    ("no buffer 0 in space 1",
     in_target(PLAN + ("setup",), [step("Copy", **{
         "from": HOST, "to": buffer("Output", 16)})])),
    ("16 bytes at 56 of a buffer of 64",
     copy(DEVICE, buffer("HostArena", 16, 56))),
    ("bytes at 18446744073709551615 of a buffer of 64",
     copy(DEVICE, buffer("HostArena", 16, (1 << 64) - 1))),
    ("a copy of 16 bytes to 8", copy(DEVICE, buffer("HostArena", 8))),
    ("a copy onto itself", copy(HOST, buffer("HostArena", 16, 8))),
    ("queue 2 of 2", copy(DEVICE, HOST, queue=2)),
    ("a condition is one byte of the host's memory",
     one("Branch", condition=HOST)),
    ("a condition is one byte of the host's memory",
     one("Branch", condition=buffer("DeviceArena", 1))),
    ("queue 1 can't wait for queue 1", one("Wait", queue=1, on=1)),
    ("queue -2 can't wait for queue 1", one("Wait", queue=-2, on=1)),
    ("queue 2 of 2", one("Wait", queue=2, on=1)),
    ("queue 5 of 2", one("Wait", on=5)),
)


class Invalid(PackageTest):
    def test_whole_programs(self):
        for text, change in WHOLE:
            with self.subTest(text):
                package = self.whole()
                change(package.description)
                self.write(package)
                self.fail_with(2, "fake.mscpkg: the package is invalid: ",
                               "fake.mscpkg", "--list")
                self.fail_with(2, text, "fake.mscpkg", "--list")

    def test_step_lists(self):
        self.write(package_file.steps_file())
        self.assertIn("plan: 7 steps, 1 before the first run; 2 queues",
                      self.succeed("fake.mscpkg", "--list"))
        for text, change in STEP_LISTS:
            with self.subTest(text):
                package = package_file.steps_file()
                change(package.description)
                self.write(package)
                self.fail_with(2, text, "fake.mscpkg", "--list")

    def test_kinds_of_later_formats(self):
        """A reader that does not know a union's member sees its number."""
        content = self.whole().serialize()
        target = [("table", 7), ("item", 0), ("field", 3)]
        self.refuse(package_file.patched(content, target, 9),
                    "the package is invalid: target 'cpu' has a plan of unknown "
                    "kind 9")
        content = package_file.steps_file().serialize()
        first = [("table", 7), ("item", 0), ("table", 4), ("table", 5),
                 ("item", 0), ("field", 0)]
        self.refuse(package_file.patched(content, first, 9),
                    "the package is invalid: target 'npu-sim', step 1: a command "
                    "of unknown kind 9")

    def test_too_many(self):
        package = PackageFile(package_file.whole(), [read(CODE)],
                              WEIGHTS.tobytes(), begin=1 << 20)
        outputs = [tensor("o%d" % i, 1) for i in range(4097)]
        package.description["signature"]["outputs"] = outputs
        self.refuse(package, "the package is invalid: it has 4097 outputs, more "
                    "than 4096")

    def test_nothing_at_all_is_valid(self):
        description = package_file.steps()
        description["signature"] = {"inputs": [], "outputs": [], "dims": []}
        description["targets"][0].update(code=[], regions=[],
                                         plan={"queues": 1, "steps": []})
        self.write(PackageFile(description, []))
        self.assertIn("weights:  none\n", self.succeed("fake.mscpkg", "--list"))
        self.succeed("fake.mscpkg")

    def test_targets_may_share_code(self):
        package = self.whole()
        other = dict(package.description["targets"][0], name="other")
        package.description["targets"].append(other)
        self.write(package)
        self.assertIn("  other\n", self.succeed("fake.mscpkg", "--list"))


if __name__ == "__main__":
    unittest.main()
