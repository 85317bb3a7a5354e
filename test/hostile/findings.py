"""Where a test leaves a model that it found something with."""

import os


def folder():
    """Bazel's outputs.zip of the test; the cache where no Bazel runs it."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR") or os.path.join(cache, "msc", "findings")


def keep(name, data):
    """Saves a file and gives its path."""
    path = os.path.join(folder(), name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    return path
