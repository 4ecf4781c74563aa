"""How many sentences a second the Python package vaderSentiment scores.

usage: python vader.py TEXTS     (one sentence a line, UTF-8)
needs: pip install vaderSentiment==3.3.2

Loading the lexicon and reading the file are outside the timing. The best of three passes counts.
"""

import sys
import time

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer


def main(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        sentences = file.read().rstrip("\n").split("\n")
    if sentences == [""]:
        sys.exit(f"{path}: no sentences")
    analyzer = SentimentIntensityAnalyzer()
    fastest = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for sentence in sentences:
            analyzer.polarity_scores(sentence)
        fastest = min(fastest, time.perf_counter() - start)
    print(f"vaderSentiment: {len(sentences)} sentences, {len(sentences) / fastest:.0f} sentences/s")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
