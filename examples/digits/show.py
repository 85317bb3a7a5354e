"""Draws an image of a digit, or the probabilities, in the terminal."""

import sys

import numpy as np

INK = " .:-=+*#%@"


def show_image(pixels):
    for row in pixels.reshape(8, 8):
        # Two characters a pixel, as they are twice as high as wide.
        print("    " + "".join(INK[round(v / 16 * (len(INK) - 1))] * 2 for v in row))


def show_probabilities(probabilities):
    best = int(np.argmax(probabilities))
    for digit, p in enumerate(probabilities.reshape(-1)):
        bar = "#" * round(40 * float(p))
        mark = " <-" if digit == best else ""
        print("    %d  %6.2f %%  %s%s" % (digit, 100 * p, bar, mark))
    print("It is a %d." % best)


def main():
    what, path = sys.argv[1:]
    {"image": show_image, "probabilities": show_probabilities}[what](np.load(path))


if __name__ == "__main__":
    main()
