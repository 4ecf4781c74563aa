"""Reference values for ratios and other comparisons between groups, computed outside the crate.

    pip install numpy==2.4.6 pandas==3.1.1 scipy==1.17.1 statsmodels==0.15.0 fairlearn==0.15.0
    python tests/oracles/disparity.py > tests/oracles/disparity.json

Seeded: the same versions print the same file.
"""

import itertools
import json
import math

import numpy as np
import pandas as pd
import scipy.stats as st
from fairlearn.metrics import (
    MetricFrame,
    demographic_parity_difference,
    demographic_parity_ratio,
    equalized_odds_difference,
    selection_rate,
)
from scipy.integrate import quad
from scipy.optimize import brentq, minimize_scalar
from sklearn.metrics import accuracy_score, recall_score
from statsmodels.stats.proportion import confint_proportions_2indep

oracle = {}

# Ratios ------------------------------------------------------------------------------------------


def score(x, m, y, n, ratio):
    """The score statistic with the restricted likelihood maximised by search, not by formula."""

    def loglikelihood(q):
        p = ratio * q
        return -(
            (x * math.log(p) if x else 0)
            + ((m - x) * math.log1p(-p) if m - x else 0)
            + (y * math.log(q) if y else 0)
            + ((n - y) * math.log1p(-q) if n - y else 0)
        )

    most = min(1, 1 / ratio)
    q = minimize_scalar(
        loglikelihood, bounds=(1e-300, most * (1 - 1e-16)), method="bounded", options={"xatol": 1e-15, "maxiter": 10_000}
    ).x
    p = ratio * q
    # Koopman's chi-squared in its own form, signed.
    a = (x - m * p) ** 2 / (m * p * (1 - p))
    b = (y - n * q) ** 2 / (n * q * (1 - q))
    return math.copysign(math.sqrt(a + b), x / m - ratio * y / n)


def koopman(x, m, y, n, level):
    z = st.norm.ppf(0.5 + level / 2)
    value = x / m / (y / n)
    low = 0 if x == 0 else brentq(lambda t: score(x, m, y, n, math.exp(t)) - z, math.log(value) - 12, math.log(value))
    start = math.log(value) if x else math.log(n / y / m)
    high = brentq(lambda t: score(x, m, y, n, math.exp(t)) + z, start, start + 12)
    return [0 if x == 0 else math.exp(low), math.exp(high)]


oracle["koopman"] = []
for x, m, y, n in [(36, 40, 16, 80), (7, 25, 9, 24), (0, 30, 12, 200), (3, 12, 1, 90), (12, 12, 30, 60), (310, 900, 4100, 9000), (5, 7, 7, 7)]:
    for level in (0.9, 0.95, 0.999):
        searched = koopman(x, m, y, n, level)
        if 0 < x < m and 0 < y < n:
            packaged = confint_proportions_2indep(x, m, y, n, method="score", compare="ratio", alpha=1 - level, correction=False)
            assert np.allclose(searched, packaged, rtol=2e-4), (x, m, y, n, searched, packaged)
        oracle["koopman"].append({"first": [x, m], "second": [y, n], "level": level, "interval": searched})

# Example of Koopman (1984) as printed by Nam (1995): 36/40 over 16/80 at 95 %: 2.94 to 7.15.
assert [round(limit, 2) for limit in oracle["koopman"][1]["interval"]] == [2.94, 7.15], oracle["koopman"][1]

# Several intervals at once -------------------------------------------------------------------------

oracle["all_pairs"] = []
for groups in (2, 3, 5, 12, 40):
    for level in (0.9, 0.95, 0.99):
        q = st.studentized_range.ppf(level, groups, np.inf)
        oracle["all_pairs"].append({"groups": groups, "level": level, "single": 2 * st.norm.cdf(q / math.sqrt(2)) - 1})

oracle["each_to_others"] = []
for weights, variances in [
    ([40, 40, 40], [0.005, 0.005, 0.005]),
    ([400, 60, 30, 12], [0.0006, 0.004, 0.008, 0.012]),
    ([10, 20, 30, 40, 50, 60], [0.02, 0.01, 0.009, 0.004, 0.006, 0.003]),
]:
    w, v = np.array(weights, float), np.array(variances)
    contrast = np.array([[1 if i == j else -w[j] / (w.sum() - w[i]) for j in range(len(w))] for i in range(len(w))])
    # The correlation is singular (the differences add up), so draws stand in for an integral: a million of them.
    draws = np.random.default_rng(7).normal(size=(1_000_000, len(w))) * np.sqrt(v)
    differences = draws @ contrast.T / np.sqrt(np.diag(contrast @ np.diag(v) @ contrast.T))
    largest = np.abs(differences).max(axis=1)
    for level in (0.9, 0.95):
        c = float(np.quantile(largest, level))
        oracle["each_to_others"].append({"weights": weights, "variances": variances, "level": level, "distance": c})

# Shrinkage -----------------------------------------------------------------------------------------


def shrunken(values, errors, level):
    """Posterior of a normal hierarchy with flat priors, integrated by adaptive quadrature."""
    y, s = np.array(values), np.array(errors)

    def log_joint(tau):
        v = s**2 + tau**2
        mean = np.sum(y / v) / np.sum(1 / v)
        return np.sum(st.norm.logpdf(y, mean, np.sqrt(v))) - 0.5 * math.log(np.sum(1 / v))

    top = max(log_joint(t) for t in np.linspace(0, 10 * (y.std() + s.mean()), 2000))
    scale = y.std() + s.mean()

    def integrate(f):
        # tau = scale * exp(x) would miss 0; cut into pieces instead.
        edges = [0, 0.05, 0.2, 0.5, 1, 2, 5, 20, 100, 1000]
        pieces = [quad(lambda t: f(t) * math.exp(log_joint(t) - top), scale * a, scale * b, epsabs=0, epsrel=1e-11, limit=400)[0] for a, b in zip(edges, edges[1:])]
        tail = quad(lambda u: f(scale / u) * math.exp(log_joint(scale / u) - top) * scale / u**2, 1e-12, 1e-3, epsabs=0, epsrel=1e-11, limit=400)[0]
        return sum(pieces) + tail

    whole = integrate(lambda t: 1)

    def conditional(i, tau):
        v = s**2 + tau**2
        mean, variance = np.sum(y / v) / np.sum(1 / v), 1 / np.sum(1 / v)
        if tau == 0:
            return mean, math.sqrt(variance)
        own, common = 1 / s[i] ** 2, 1 / tau**2
        return (own * y[i] + common * mean) / (own + common), math.sqrt(1 / (own + common) + (common / (own + common)) ** 2 * variance)

    out = []
    for i in range(len(y)):
        value = integrate(lambda t: conditional(i, t)[0]) / whole
        cdf = lambda x: integrate(lambda t: st.norm.cdf(x, *conditional(i, t))) / whole
        tail = (1 - level) / 2
        limits = [brentq(lambda x: cdf(x) - p, y.min() - 12 * s.max(), y.max() + 12 * s.max(), xtol=1e-12) for p in (tail, 1 - tail)]
        out.append([float(value), *map(float, limits)])
    return out


# The eight schools of Rubin (1981) come first.
oracle["shrunken"] = [
    {"groups": [list(g) for g in zip(values, errors)], "level": level, "expected": shrunken(values, errors, level)}
    for values, errors, level in [
        ([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18], 0.95),
        ([0.62, 0.55, 0.9], [0.03, 0.02, 0.11], 0.95),
        ([0.5, 0.5, 0.5, 0.5], [0.02, 0.05, 0.1, 0.2], 0.9),
    ]
]

# Dealing anew ---------------------------------------------------------------------------------------


def all_deals(sizes, right):
    """Every way to deal right answers to groups, with its probability."""
    total = math.comb(sum(sizes), right)
    for deal in itertools.product(*(range(size + 1) for size in sizes)):
        if sum(deal) == right:
            yield deal, math.prod(math.comb(n, k) for n, k in zip(sizes, deal)) / total


oracle["permutation"] = []
for sizes, right in [([6, 5, 9], [1, 3, 8]), ([12, 12], [12, 7]), ([10, 4, 7, 8], [5, 2, 4, 4])]:
    gap = lambda deal: max(k / n for n, k in zip(sizes, deal)) - min(k / n for n, k in zip(sizes, deal))
    deals = list(all_deals(sizes, sum(right)))
    oracle["permutation"].append({
        "sizes": sizes,
        "right": right,
        "gap": gap(right),
        "p": sum(p for deal, p in deals if gap(deal) >= gap(right) - 1e-12),
        "mean": sum(p * gap(deal) for deal, p in deals),
    })

# Draws: all that the numbers below can come to, with its probability (only what is not negligible).
oracle["hypergeometric"] = []
for whole, marked, taken in [(100, 50, 49), (20, 7, 5), (30, 28, 25), (1000, 400, 700), (1_000_000, 300_000, 40_000), (5000, 4990, 2500)]:
    law = st.hypergeom(whole, marked, taken)
    low, high = int(law.ppf(1e-9)), int(law.ppf(1 - 1e-9))
    quantiles = [int(q) for q in law.ppf(np.linspace(0.05, 0.95, 10))]
    oracle["hypergeometric"].append({"whole": whole, "marked": marked, "taken": taken, "low": low, "high": high,
                                     "below": [[q, float(law.cdf(q))] for q in sorted(set(quantiles))]})

# Groups ---------------------------------------------------------------------------------------------

rng = np.random.default_rng(20261121)
rows = []
for group, size, skew in [("a", 300, 0.0), ("b", 160, 0.1), ("c", 70, 0.25), ("d", 40, -0.1)]:
    for _ in range(size):
        length = "long" if rng.random() < 0.3 + skew else "short"
        gold = int(rng.choice(3, p=[0.5, 0.3, 0.2]))
        wrong = rng.random() < 0.2 + 0.3 * (length == "long") + skew / 4
        answer = int((gold + rng.integers(1, 3)) % 3) if wrong else gold
        rows.append([group, length, gold, answer])
frame = pd.DataFrame(rows, columns=["group", "length", "gold", "answer"])
groups = sorted(frame.group.unique())


def limits(x, m, y, n):
    return [float(limit) for limit in koopman(x, m, y, n, 0.95)]


def counts(part, event, trial):
    part = part[trial(part)]
    return int(event(part).sum()), len(part)


EVENTS = {"accuracy": (lambda f: f.gold == f.answer, lambda f: f.gold >= 0)}
for label in range(3):
    EVENTS[f"recall {label}"] = (lambda f, k=label: f.answer == k, lambda f, k=label: f.gold == k)
    EVENTS[f"false-positive-rate {label}"] = (lambda f, k=label: f.answer == k, lambda f, k=label: f.gold != k)
    EVENTS[f"selection-rate {label}"] = (lambda f, k=label: f.answer == k, lambda f: f.gold >= 0)

expected = {"ratio_to_others": [], "to_reference": [], "impact_ratio": [], "given_length": []}
for name, (event, trial) in EVENTS.items():
    of = {group: counts(frame[frame.group == group], event, trial) for group in groups}
    for group in groups:
        x, m = of[group]
        y, n = counts(frame[frame.group != group], event, trial)
        expected["ratio_to_others"].append([name, group, x / m / (y / n), *limits(x, m, y, n)])
        if group != "b":
            y, n = of["b"]
            low, high = map(float, confint_proportions_2indep(x, m, y, n, method="newcomb", compare="diff"))
            expected["to_reference"].append([name, group, x / m - y / n, low, high, x / m / (y / n), *limits(x, m, y, n)])
        # Direct standardisation: both sides get the lengths of all cases on which the measure is counted.
        all_trials = frame[trial(frame)]
        # A length that one side lacks cannot be compared.
        value, weight = 0.0, 0
        for length, part in all_trials.groupby("length"):
            own, others = part[part.group == group], part[part.group != group]
            if len(own) and len(others):
                value += len(part) * (event(own).mean() - event(others).mean())
                weight += len(part)
        value /= weight
        expected["given_length"].append([name, group, float(value)])

gaps = {}
for label in range(3):
    gold, answer = (frame.gold == label).astype(int), (frame.answer == label).astype(int)
    sensitive = {"sensitive_features": frame.group}
    gaps[f"selection-rate {label}"] = demographic_parity_difference(gold, answer, **sensitive)
    gaps[f"equalised-odds {label}"] = equalized_odds_difference(gold, answer, **sensitive)
    rates = MetricFrame(metrics=selection_rate, y_true=gold, y_pred=answer, **sensitive).by_group
    for group in groups:
        expected["impact_ratio"].append([label, group, float(rates[group] / rates.max())])
    assert math.isclose((rates / rates.max()).min(), demographic_parity_ratio(gold, answer, **sensitive))
    # fairlearn compares with all cases, the group included; here the others are those outside the group.
    for group in groups:
        inside = (frame.group == group).astype(int)
        gaps[f"equalised-odds {label} {group}"] = equalized_odds_difference(gold, answer, sensitive_features=inside)
gaps["accuracy"] = MetricFrame(metrics=accuracy_score, y_true=frame.gold, y_pred=frame.answer, sensitive_features=frame.group).difference()
balanced = lambda t, p: (3 * recall_score(t, p, average="macro") - 1) / 2
gaps["skill"] = MetricFrame(metrics=balanced, y_true=frame.gold, y_pred=frame.answer, sensitive_features=frame.group).difference()
expected["gaps"] = {name: float(value) for name, value in gaps.items()}
oracle["groups"] = {"rows": rows, **expected}

print("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, allow_nan=False)}" for k, v in oracle.items()) + "\n}")
