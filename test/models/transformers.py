"""Transformers for text: encoders as exporters write them, and a decoder with a cache."""

import json
import struct

import numpy as np
from network import Network
from onnx import TensorProto


def encoder_layer(net, x, mask, width, heads, hidden):
    """Post-norm, as BERT; the mask is added to the scores."""
    size = width // heads
    q = net.split_heads(net.linear(x, width, width), heads, size)
    k = net.split_heads(net.linear(x, width, width), heads, size, transposed=True)
    v = net.split_heads(net.linear(x, width, width), heads, size)
    scores = net.op("Div", net.op("MatMul", q, k), net.scalar(size**0.5))
    scores = net.op("Softmax", net.op("Add", scores, mask), axis=-1)
    y = net.merge_heads(net.op("MatMul", scores, v), width)
    x = net.layer_norm(net.op("Add", net.linear(y, width, width), x), width)
    y = net.linear(net.gelu(net.linear(x, width, hidden)), hidden, width)
    return net.layer_norm(net.op("Add", y, x), width)


def additive_mask(net, mask):
    """[batch, sequence] of 0 and 1 -> [batch, 1, 1, sequence] of -1e4 and 0."""
    axes = net.ints([1, 2])
    mask = net.op("Cast", net.op("Unsqueeze", mask, axes), to=TensorProto.FLOAT)
    return net.op("Mul", net.op("Sub", net.scalar(1), mask), net.scalar(-10000))


def embeddings(net, ids, types, words, positions, kinds, width):
    """Sum of the embeddings of word, position and kind of token."""
    shape = net.op("Shape", ids)
    length = net.op("Gather", shape, net.ints([1]), axis=0)
    places = net.op("Slice", net.ints([range(positions)]), net.ints([0]), length, net.ints([1]))
    x = net.op("Gather", net.weight((words, width), 1, 0.5), ids)
    x = net.op("Add", x, net.op("Gather", net.weight((kinds, width), 1, 0.5), types))
    x = net.op("Add", x, net.op("Gather", net.weight((positions, width), 1, 0.5), places))
    return net.layer_norm(x, width)


def bert_base(path, layers=12, words=30522):
    """J. Devlin et al., BERT (2018), base size, with its pooler."""
    width, heads, hidden = 768, 12, 3072
    net = Network("bert_base", opset=17)
    dims = ["batch", "sequence"]
    ids = net.input("input_ids", dims, TensorProto.INT64)
    mask = net.input("attention_mask", dims, TensorProto.INT64)
    types = net.input("token_type_ids", dims, TensorProto.INT64)
    x = embeddings(net, ids, types, words, 512, 2, width)
    mask = additive_mask(net, mask)
    for _ in range(layers):
        x = encoder_layer(net, x, mask, width, heads, hidden)
    net.output(x, "last_hidden_state", [*dims, width])
    first = net.op("Gather", x, net.scalar(0, "int64"), axis=1)
    pooled = net.op("Gemm", first, net.weight((width, width), width), net.bias(width), transB=1)
    net.output(net.op("Tanh", pooled), "pooler_output", ["batch", width])
    net.save(path)


def bert_short(path):
    """Two layers of BERT-base, and few words."""
    bert_base(path, layers=2, words=1000)


def read_safetensors(path):
    """Tensors of float32 by name; the format is a length, a JSON header, and the bytes."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(data[begin:end], np.float32).reshape(entry["shape"])
    return tensors


def minilm(weights):
    """all-MiniLM-L6-v2 with mean pooling and unit length, from its weights."""
    width, heads, hidden, layers = 384, 12, 1536, 6

    def make(path):
        values = read_safetensors(weights)
        net = Network("minilm", opset=14)

        def named(name, transpose=False):
            value = values[name]
            return net.parameter(value.T if transpose else value)

        def linear(x, name):
            product = net.op("MatMul", x, named(name + ".weight", transpose=True))
            return net.op("Add", product, named(name + ".bias"))

        def norm(x, name):
            centered = net.op("Sub", x, net.op("ReduceMean", x, axes=[-1]))
            variance = net.op("ReduceMean", net.op("Pow", centered, net.scalar(2)), axes=[-1])
            deviation = net.op("Sqrt", net.op("Add", variance, net.scalar(1e-12)))
            scaled = net.op("Mul", net.op("Div", centered, deviation), named(name + ".weight"))
            return net.op("Add", scaled, named(name + ".bias"))

        dims = ["batch", "sequence"]
        ids = net.input("input_ids", dims, TensorProto.INT64)
        ones = net.input("attention_mask", dims, TensorProto.INT64)
        length = net.op("Gather", net.op("Shape", ids), net.ints([1]), axis=0)
        places = net.op("Slice", net.ints([range(512)]), net.ints([0]), length, net.ints([1]))
        kinds = net.parameter(values["embeddings.token_type_embeddings.weight"][0])
        x = net.op("Add", net.op("Gather", named("embeddings.word_embeddings.weight"), ids), kinds)
        x = net.op("Add", x, net.op("Gather", named("embeddings.position_embeddings.weight"), places))
        x = norm(x, "embeddings.LayerNorm")
        mask = additive_mask(net, ones)
        for i in range(layers):
            layer = f"encoder.layer.{i}."
            size = width // heads
            q = net.split_heads(linear(x, layer + "attention.self.query"), heads, size)
            k = net.split_heads(linear(x, layer + "attention.self.key"), heads, size, transposed=True)
            v = net.split_heads(linear(x, layer + "attention.self.value"), heads, size)
            scores = net.op("Div", net.op("MatMul", q, k), net.scalar(size**0.5))
            scores = net.op("Softmax", net.op("Add", scores, mask), axis=-1)
            y = linear(net.merge_heads(net.op("MatMul", scores, v), width), layer + "attention.output.dense")
            x = norm(net.op("Add", y, x), layer + "attention.output.LayerNorm")
            y = linear(net.gelu(linear(x, layer + "intermediate.dense")), layer + "output.dense")
            x = norm(net.op("Add", y, x), layer + "output.LayerNorm")
        weights_of_tokens = net.op("Cast", net.op("Unsqueeze", ones, net.ints([2])), to=TensorProto.FLOAT)
        total = net.op("ReduceSum", net.op("Mul", x, weights_of_tokens), net.ints([1]), keepdims=0)
        count = net.op("ReduceSum", weights_of_tokens, net.ints([1]), keepdims=0)
        mean = net.op("Div", total, net.op("Clip", count, net.scalar(1e-9)))
        length = net.op("Clip", net.op("ReduceL2", mean, axes=[1], keepdims=1), net.scalar(1e-12))
        net.output(net.op("Div", mean, length), "sentence_embedding", ["batch", width])
        net.save(path)

    return make


def gpt2(path, layers=12, width=768, heads=12, words=50257, capacity=1024):
    """A. Radford et al., Language Models are Unsupervised Multitask Learners (2019), small size.

    The caches hold `capacity` tokens, [capacity, batch, heads, width / heads];
    the tokens given stand at `position` and after, and are written there.
    """
    size = width // heads
    net = Network("gpt2", opset=18)
    ids = net.input("input_ids", ["batch", "sequence"], TensorProto.INT64)
    position = net.input("position", [], TensorProto.INT64)
    cache_dims = [capacity, "batch", heads, size]
    caches = [net.input(f"past.{i}.{kind}", cache_dims) for i in range(layers) for kind in ("key", "value")]
    length = net.op("Gather", net.op("Shape", ids), net.scalar(1, "int64"), axis=0)
    places = net.op("Range", position, net.op("Add", position, length), net.scalar(1, "int64"))
    words_table = net.weight((words, width), 1, 0.3)
    x = net.op("Gather", words_table, ids)
    x = net.op("Add", x, net.op("Gather", net.weight((capacity, width), 1, 0.1), places))
    # [sequence, capacity]: a token sees those at its place and before.
    seen = net.op("LessOrEqual", net.ints([range(capacity)]), net.op("Unsqueeze", places, net.ints([1])))
    mask = net.op("Where", seen, net.scalar(0), net.scalar(-1e9))
    indices = net.op("Unsqueeze", places, net.ints([1]))
    for i in range(layers):
        y = net.layer_norm(x, width, 1e-5)
        parts = net.op("Split", net.linear(y, width, 3 * width), outputs=3, axis=2, num_outputs=3)
        heads_of = [net.op("Reshape", part, net.ints([0, 0, heads, size])) for part in parts]
        q = net.op("Transpose", heads_of[0], perm=[0, 2, 1, 3])
        kept = []
        for kind, part in enumerate(heads_of[1:]):
            rows = net.op("Transpose", part, perm=[1, 0, 2, 3])
            kept.append(net.op("ScatterND", caches[2 * i + kind], indices, rows))
            net.output(kept[-1], f"present.{i}.{('key', 'value')[kind]}", cache_dims)
        k = net.op("Transpose", kept[0], perm=[1, 2, 3, 0])
        v = net.op("Transpose", kept[1], perm=[1, 2, 0, 3])
        scores = net.op("Mul", net.op("MatMul", q, k), net.scalar(size**-0.5))
        scores = net.op("Softmax", net.op("Add", scores, mask), axis=-1)
        y = net.merge_heads(net.op("MatMul", scores, v), width)
        x = net.op("Add", x, net.linear(y, width, width, 0.5))
        y = net.linear(net.layer_norm(x, width, 1e-5), width, 4 * width)
        x = net.op("Add", x, net.linear(net.gelu_tanh(y), 4 * width, width, 0.5))
    x = net.layer_norm(x, width, 1e-5)
    x = net.op("MatMul", x, net.op("Transpose", words_table, perm=[1, 0]))
    net.output(x, "logits", ["batch", "sequence", words])
    net.save(path)


def gpt2_short(path):
    """Two layers of GPT-2, and few words."""
    gpt2(path, layers=2, words=1000)


def gpt2_growing(path, layers=2, width=768, heads=12, words=1000, capacity=1024):
    """Two layers of GPT-2 as exporters write it: the caches grow with each token.

    They come as [batch, heads, past, width / heads], and go out with the tokens
    given behind; a triangle of all positions is cut to the mask.
    """
    size = width // heads
    net = Network("gpt2_growing", opset=13)
    ids = net.input("input_ids", ["batch", "sequence"], TensorProto.INT64)
    dims = ["batch", heads, "past", size]
    caches = [net.input(f"past.{i}.{kind}", dims) for i in range(layers) for kind in ("key", "value")]

    def extent(tensor, dim):
        return net.op("Gather", net.op("Shape", tensor), net.ints([dim]), axis=0)

    def scalar(vector):
        return net.op("Squeeze", vector, net.ints([0]))

    past, length = scalar(extent(caches[0], 2)), scalar(extent(ids, 1))
    places = net.op("Range", past, net.op("Add", past, length), net.scalar(1, "int64"))
    words_table = net.weight((words, width), 1, 0.3)
    x = net.op("Gather", words_table, ids)
    x = net.op("Add", x, net.op("Gather", net.weight((capacity, width), 1, 0.1), places))
    triangle = net.parameter(np.tril(np.ones((1, 1, capacity, capacity), bool)))
    for i in range(layers):
        y = net.layer_norm(x, width, 1e-5)
        parts = net.op("Split", net.linear(y, width, 3 * width), outputs=3, axis=2)
        q, k, v = (net.split_heads(part, heads, size) for part in parts)
        kept = []
        for kind, part in enumerate((k, v)):
            kept.append(net.op("Concat", caches[2 * i + kind], part, axis=2))
            net.output(kept[-1], f"present.{i}.{('key', 'value')[kind]}", ["batch", heads, "total", size])
        scores = net.op("MatMul", q, net.op("Transpose", kept[0], perm=[0, 1, 3, 2]))
        scores = net.op("Mul", scores, net.scalar(size**-0.5))
        total = extent(kept[0], 2)
        first = net.op("Sub", total, extent(q, 2))
        mask = net.op("Slice", triangle, first, total, net.ints([2]))
        mask = net.op("Slice", mask, net.ints([0]), total, net.ints([3]))
        scores = net.op("Softmax", net.op("Where", mask, scores, net.scalar(-1e4)), axis=-1)
        y = net.merge_heads(net.op("MatMul", scores, kept[1]), width)
        x = net.op("Add", x, net.linear(y, width, width, 0.5))
        y = net.linear(net.layer_norm(x, width, 1e-5), width, 4 * width)
        x = net.op("Add", x, net.linear(net.gelu_tanh(y), 4 * width, width, 0.5))
    x = net.layer_norm(x, width, 1e-5)
    x = net.op("MatMul", x, net.op("Transpose", words_table, perm=[1, 0]))
    net.output(x, "logits", ["batch", "sequence", words])
    net.save(path)
