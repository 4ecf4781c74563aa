"""Failure rates of the bundled functional tests for made-up predictions, computed outside the crate.

    pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
    python tests/oracles/behaviour.py

writes behaviour.csv, the predictions, and behaviour.json, what they fail. Intervals are Wilson's; where tests share a
cluster, with the design effect of Rao and Scott (1992), and Student's t for few clusters (Korn and Graubard 1998).
Clusters of unequal sizes are worth as many of equal size as Kish (1965) has it.
Seeded: the same versions write the same files.
"""

import csv
import json
from pathlib import Path

import numpy as np
import scipy.stats as st
from statsmodels.stats.proportion import proportion_confint

from shares import in_clusters

HERE = Path(__file__).parent
LABELS = ["negative", "neutral", "positive"]
DEFAULT_MARGIN = 0.05  # as the card says
MINIMUM, INVARIANCE, DIRECTIONAL = "minimum", "invariance", "directional"

cases = list(csv.DictReader((HERE / "../../datasets/behaviour/cases.csv").open(encoding="utf-8", newline="")))
rng = np.random.default_rng(20201005)

predictions = {}
for case in cases:
    lot = rng.random()
    scores = [round(float(score), 3) for score in rng.dirichlet([1, 1, 1])]
    if lot < 0.05:  # missing
        continue
    if lot < 0.10:
        predictions[case["id"]] = {"abstained": True}
    elif lot < 0.15:
        predictions[case["id"]] = {"label": LABELS[int(rng.integers(3))]}
    else:
        predictions[case["id"]] = {"label": LABELS[int(np.argmax(scores))], "scores": scores}

with (HERE / "behaviour.csv").open("w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["id", "label", "abstained", *(f"score:{label}" for label in LABELS)])
    for name, given in predictions.items():
        abstained = "true" if given.get("abstained") else ""
        writer.writerow([name, given.get("label", ""), abstained, *given.get("scores", ["", "", ""])])


def answer(name):
    return predictions.get(name, {}).get("label")


def score(name, label):
    scores = predictions.get(name, {}).get("scores")
    return None if scores is None else scores[LABELS.index(label)]


def fails(case):
    """Whether a test fails; None where it could not be applied."""
    if case["expectation"] == MINIMUM:
        said = answer(case["id"])
        return None if said is None else said != case["sentiment"]
    if case["expectation"] == INVARIANCE:
        said, partner = answer(case["id"]), answer(case["partner"])
        return None if said is None or partner is None else said != partner
    now, before = score(case["id"], case["label"]), score(case["partner"], case["label"])
    if now is None or before is None:
        return None
    moved = now - before if case["expectation"] == "rises" else before - now
    margin = float(case["margin"]) if case["margin"] else DEFAULT_MARGIN
    # Three decimals are given: a movement of exactly the margin is enough.
    return round(moved, 6) < margin


def interval(trials):
    failed = sum(fail for _, fail in trials)
    n = len(trials)
    clusters = {}
    for cluster, fail in trials:
        x, m = clusters.get(cluster, (0, 0))
        clusters[cluster] = (x + fail, m + 1)
    x = np.array([x for x, _ in clusters.values()], float)
    m = np.array([m for _, m in clusters.values()], float)
    p = failed / n
    k = len(clusters)
    if k == n:  # each test stands alone
        effective = n
    else:
        k_equal = n**2 / (m**2).sum()
        freedom = max(k_equal - 1, 1)
        few = (st.norm.ppf(0.975) / st.t.ppf(0.975, freedom)) ** 2
        naive = p * (1 - p) / n
        robust = k_equal / (k_equal - 1) * np.sum((x - p * m) ** 2) / n**2
        effective = in_clusters(n / max(1.0, robust / naive), k_equal, x - p * m, freedom, 0.95) if naive > 0 else few * k_equal
    low, high = proportion_confint(p * effective, effective, 0.05, method="wilson")
    return float(low), float(high), len(clusters)


groups = {}
for case in cases:
    kind = {"": None, "rises": DIRECTIONAL, "falls": DIRECTIONAL}.get(case["expectation"], case["expectation"])
    about = case["task"] in ("", "sentiment") and (kind != MINIMUM or case["sentiment"])
    if kind and about:
        groups.setdefault((case["capability"], kind), []).append((case["template"], fails(case)))

values = []
for (capability, kind), trials in sorted(groups.items()):
    applied = [(cluster, fail) for cluster, fail in trials if fail is not None]
    low, high, clusters = interval(applied)
    values.append({
        "capability": capability,
        "expectation": kind,
        "tests": len(trials),
        "applied": len(applied),
        "clusters": clusters,
        "failed": sum(fail for _, fail in applied) / len(applied),
        "low": low,
        "high": high,
    })
(HERE / "behaviour.json").write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
