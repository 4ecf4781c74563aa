"""Errors and correlations of a made-up rule on EmoBank's gold numbers: valence from the length of the text, arousal from
its exclamation marks, dominance from its commas.

Run: python tests/oracles/emobank_intensity.py FOLDER   (scipy 1.17.1, scikit-learn 1.9.1; FOLDER is `corpus` of the repository)
"""

import csv
import sys

import numpy as np
from scipy import stats
from sklearn import metrics

from long_tailed import deviations, freedom

folder = sys.argv[1]
rows = list(csv.DictReader(open(f"{folder}/emobank.csv", encoding="utf-8", newline="")))
genre = {row["id"]: row["category"] for row in csv.DictReader(open(f"{folder}/meta.tsv", encoding="utf-8", newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)}
letters = np.array([genre[row["id"]] == "letters" for row in rows])
texts = [row["text"].strip() for row in rows]
rule = {
    "V": [2.5 + min(len(text), 100) / 100 for text in texts],
    "A": [3 + 0.2 * text.count("!") for text in texts],
    "D": [3 + 0.05 * text.count(",") for text in texts],
}


def limits(gold, answers):
    """Of Pearson's correlation on Fisher's scale, by its variance for normal numbers or its jackknife, the wider."""
    n, r = len(gold), stats.pearsonr(gold, answers).statistic
    without = np.arctanh([np.corrcoef(np.delete(gold, k), np.delete(answers, k))[0, 1] for k in range(n)])
    variance = (n - 1) / n * ((without - without.mean()) ** 2).sum()
    half = max(stats.norm.ppf(0.975) / np.sqrt(n - 3), stats.t.ppf(0.975, freedom(without)) * np.sqrt(variance))
    return float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half))


def mean_limits(values):
    """Of a mean, corrected for skewness (Hall 1992)."""
    n, k = len(values), stats.skew(values) / np.sqrt(len(values))
    t = stats.t.ppf(0.975, freedom(values)) * np.array([1, -1])
    return values.mean() - deviations(t, k) * values.std(ddof=1) / np.sqrt(n)


def difference(one, two):
    """Limits of the difference of two means from their own (Zou & Donner 2008)."""
    (p, (a, b)), (q, (c, d)) = [(values.mean(), mean_limits(values)) for values in (one, two)]
    return float(p - q - np.hypot(p - a, d - q)), float(p - q + np.hypot(b - p, q - c))


for column, answers in rule.items():
    gold, answers = np.array([float(row[column]) for row in rows]), np.array(answers)
    pearson = stats.pearsonr(gold, answers)
    concordance = 2 * np.cov(gold, answers, ddof=0)[0, 1] / (gold.var() + answers.var() + (gold.mean() - answers.mean()) ** 2)
    error = np.abs(answers - gold)
    print(column, len(gold), letters.sum())
    for name, value in [
        ("mae", metrics.mean_absolute_error(gold, answers)),
        ("rmse", metrics.root_mean_squared_error(gold, answers)),
        ("bias", (answers - gold).mean()),
        ("pearson", pearson.statistic),
        ("its limits", limits(gold, answers)),
        ("spearman", stats.spearmanr(gold, answers).statistic),
        ("concordance", concordance),
        ("mae, letters less others", error[letters].mean() - error[~letters].mean()),
        ("its limits", difference(error[letters], error[~letters])),
    ]:
        print("  ", name, value)
