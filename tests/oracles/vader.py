"""What the Python package vaderSentiment says about hand-made sentences.

run:   python tests/oracles/vader.py    (writes tests/oracles/vader.json)
needs: Python 3.12 or later, whose `sum` compensates; pip install vaderSentiment==3.3.2

The word list and the emoji list are small ones of our own, beside this file. The package rounds
its scores; the exact ones are taken by replacing the `round` that its module sees.
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path

from vaderSentiment import vaderSentiment as package

HERE = Path(__file__).resolve().parent

SENTENCES = [
    # plain, punctuation, capitals
    "The soup was good.",
    "The soup was good!",
    "The soup was good!!!!!!",
    "Was the soup good?",
    "Was the soup good??",
    "Was the soup bad???",
    "Was the soup bad????",
    "the soup was GOOD and the bread was fine",
    "THE SOUP WAS GOOD",
    "I hate it, I HATE it, we love it!",
    "Chairs stand around the table.",
    "Chairs stand around the table!!",
    "",
    "   \t ",
    "meh zero",
    # degree adverbs
    "a very good evening",
    "a VERY good evening",
    "very very very bad weather",
    "the slightly more boring half",
    "an awfully good pie",
    "it was so good",
    "kind of good, kind of bad",
    "they were kind to us and sort of fun to be with",
    "it is just enough fun for me",
    "it was only sort of bad",
    "one MARGINALLY sad song",
    # negation
    "not good",
    "this isn't a good plan",
    "we don't really like it",
    "nothing here is any good",
    "despite the joy they were sad",
    "the mayn't've good plan",
    "that is not the very good one",
    "never so happy",
    "I was never this happy",
    "I have never been so happy",
    "today is so very good",
    "without doubt an excellent cake",
    "without doubt good",
    "without any doubt it is a great cake",
    "no problem, no worries",
    "no",
    "NO good will come of THIS problem",
    "there is no good or bad side",
    "no no good",
    "the least good plan",
    "least good",
    "at least good, at the very least fine",
    # idioms
    "I tell you this cake is the bomb",
    "what we had was the shit",
    "he plays like a bad ass drummer",
    "wait for me at the bus stop",
    "oh sure and yeah right to that good idea",
    "they said yeah right great",
    "cakes to die for good",
    "the bomb was good",
    "it was the kiss of death for them",
    "a cake to die for, they say to die for it",
    "the sound of my beating heart",
    # but
    "The start was good, but the end was awful.",
    "good good but good bad good",
    "But it was good",
    "sad but happy but sad",
    # emoticons, emoji, tokens
    ":) or :( or <3",
    "'good' (great) ...fun... *love*",
    "XD that was ok!",
    "hello😀😢 there ❤",
    "❤️ 💣 GOOD👍🏽",
    "heartbreakingly-sad, the unhappiest and don't-care man",
    "WUNDERSCHÖN und Ärger, “good” isn’t bad—great",
    "good\u00a0bad\u2003fine\u001fjoy\u3000",
    # valences that cancel but for the last digit
    "so hate a ok slightly doubt a happy!",
    "angry and happy, sad and good: bad, great, fine, boring!",
]


def main():
    analyzer = package.SentimentIntensityAnalyzer(
        lexicon_file=str(HERE / "vader_lexicon.txt"), emoji_lexicon=str(HERE / "vader_emoji.txt")
    )
    keys = ["neg", "neu", "pos", "compound"]
    published = [analyzer.polarity_scores(sentence) for sentence in SENTENCES]
    package.round = lambda number, digits: number
    exact = [analyzer.polarity_scores(sentence) for sentence in SENTENCES]
    cases = [
        {"text": text, "published": [p[key] for key in keys], "exact": [e[key] for key in keys]}
        for text, p, e in zip(SENTENCES, published, exact)
    ]
    oracle = {
        "command": "python tests/oracles/vader.py",
        "python": platform.python_version(),
        "package": f"vaderSentiment {version('vaderSentiment')}",
        "scores": keys,
    }
    head = json.dumps(oracle, indent=1)[:-2]
    rows = ",\n".join("  " + json.dumps(case, ensure_ascii=False) for case in cases)
    (HERE / "vader.json").write_text(f'{head},\n "cases": [\n{rows}\n ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
