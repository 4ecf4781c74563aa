"""Errors and correlations of a made-up rule on EmoBank's gold numbers: valence from the length of the text, arousal from
its exclamation marks, dominance from its commas.

Run: python tests/oracles/emobank_intensity.py FOLDER   (scipy 1.17.1, scikit-learn 1.9.1; FOLDER is `corpus` of the repository)
"""

import csv
import sys

import numpy as np
from scipy import stats
from sklearn import metrics

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
    """Of Pearson's correlation on Fisher's scale, by the larger of its variance for normal numbers and the linearised one."""
    x, y = (gold - gold.mean()) / gold.std(), (answers - answers.mean()) / answers.std()
    n, r = len(gold), (x * y).mean()
    influence = (x * y - r * (x**2 + y**2) / 2) / (1 - r**2)
    variance = max(1 / (n - 3), (influence**2).sum() / (n * (n - 1)))
    half = stats.norm.ppf(0.975) * np.sqrt(variance)
    return float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half))


for column, answers in rule.items():
    gold, answers = np.array([float(row[column]) for row in rows]), np.array(answers)
    pearson = stats.pearsonr(gold, answers)
    concordance = 2 * np.cov(gold, answers, ddof=0)[0, 1] / (gold.var() + answers.var() + (gold.mean() - answers.mean()) ** 2)
    error = np.abs(answers - gold)
    welch = stats.ttest_ind(error[letters], error[~letters], equal_var=False)
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
        ("its limits", tuple(map(float, welch.confidence_interval()))),
    ]:
        print("  ", name, value)
