"""BERT's tokenizer for plain English: words in lower case, cut into the longest pieces of a vocabulary.

As in `BasicTokenizer` and `WordpieceTokenizer` of Devlin et al., "BERT" (2018).
"""

import re

import numpy as np


class WordPiece:
    def __init__(self, vocabulary):
        with open(vocabulary, encoding="utf-8") as file:
            self.ids = {line.rstrip("\n"): number for number, line in enumerate(file)}

    def pieces(self, word):
        """Ids of a word, that of [UNK] where a part of it is no piece."""
        found, start = [], 0
        while start < len(word):
            prefix = "##" if start else ""
            end = next((e for e in range(len(word), start, -1) if prefix + word[start:e] in self.ids), None)
            if end is None:
                return [self.ids["[UNK]"]]
            found.append(self.ids[prefix + word[start:end]])
            start = end
        return found

    def encode(self, sentence):
        words = re.findall(r"[a-z0-9]+|[^a-z0-9\s]", sentence.lower())
        return [self.ids["[CLS]"], *(i for word in words for i in self.pieces(word)), self.ids["[SEP]"]]

    def batch(self, sentences):
        """(ids, mask), padded to the longest."""
        rows = [self.encode(sentence) for sentence in sentences]
        ids = np.full((len(rows), max(map(len, rows))), self.ids["[PAD]"], np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)], mask[i, : len(row)] = row, 1
        return ids, mask
