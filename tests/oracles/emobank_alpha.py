"""Krippendorff's alpha of EmoBank's single ratings of valence, for the ids of its gold file.

Ratings of one id are units' values without a rater; alpha does not depend on who gave which.
Run: python tests/oracles/emobank_alpha.py FOLDER   (krippendorff 0.8; FOLDER is `corpus` of the repository)
"""

import csv
import sys

import krippendorff
import numpy as np

folder = sys.argv[1]
gold = {row["id"] for row in csv.DictReader(open(f"{folder}/emobank.csv", encoding="utf-8"))}
for view in ["reader", "writer"]:
    counts = {}
    for row in csv.DictReader(open(f"{folder}/individual_{view}_ratings.csv", encoding="utf-8")):
        if row["id"] in gold:
            counts.setdefault(row["id"], [0] * 5)[int(row["V"]) - 1] += 1
    table = np.array(list(counts.values()))
    alpha = krippendorff.alpha(value_counts=table, level_of_measurement="ordinal")
    print(view, len(table), table.sum(), repr(alpha))
