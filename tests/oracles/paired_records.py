"""What two records of tests/cases/compare differ in, case by case: the answers of two models to the same cases.

Differences of shares have the interval of Bonett & Price (2012).

    pip install numpy==2.4.6 scipy==1.17.1 pandas==3.1.1
    python tests/oracles/paired_records.py   # writes paired_records.json
"""

import json
import pathlib

import numpy as np
import pandas as pd
from scipy import stats

here = pathlib.Path(__file__).parent
case = here.parent / "cases" / "compare"
Z = stats.norm.ppf(0.975)


def change(first, second):
    """Second minus first of events that happened or not, on the same cases."""
    won, lost, n = ((second > first).sum(), (first > second).sum(), len(first))
    centre = (won - lost) / (n + 2)
    half = Z * np.sqrt(((won + 1 + lost + 1) / (n + 2) - centre**2) / (n + 2))
    value = (won - lost) / n
    low, high = max(min(centre - half, value), -1), min(max(centre + half, value), 1)
    return value, low, high, n


cases = pd.read_csv(case / "data" / "cases.csv", dtype=str)
for name in ["old", "new"]:
    answers = pd.read_csv(case / name / "model.csv", dtype=str)
    cases = cases.merge(answers.rename(columns={"label": name})[["id", name]], on="id")
rows = []
for region in [None, *sorted(cases["region"].dropna().unique())]:
    part = cases if region is None else cases[cases["region"] == region]
    gold = part["sentiment"].to_numpy()
    old, new = part["old"].to_numpy(), part["new"].to_numpy()
    events = [("accuracy", None, np.full(len(part), True), old == gold, new == gold)]
    for label in sorted(cases["sentiment"].unique()):
        of = gold == label
        everything = np.full(len(part), True)
        events += [
            ("recall", label, of, old == label, new == label),
            ("false-positive-rate", label, ~of, old == label, new == label),
            ("selection-rate", label, everything, old == label, new == label),
        ]
    for measure, label, trials, first, second in events:
        value, low, high, n = change(first[trials].astype(int), second[trials].astype(int))
        slice = {} if region is None else {"region": region}
        rows.append({"measure": measure, "label": label, "slice": slice, "n": int(n), "change": [float(value), float(low), float(high)]})

(here / "paired_records.json").write_text(json.dumps(rows, indent=1) + "\n")
print(len(rows), "rows")
