"""Means over cases whose rare large values may not be in the sample, agreement of people who hardly ever disagree, and
variances of few values, with their limits, computed outside the crate.

    pip install numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 statsmodels==0.15.0 krippendorff==0.9.0 nltk==3.10.4
    python tests/oracles/rare_errors.py > tests/oracles/rare_errors.json

Seeded: the same versions print the same file.
"""

import itertools
import json

import krippendorff
import numpy as np
import scipy.stats as st
from nltk.metrics.distance import jaccard_distance

from supposed import interval, supposed, value

rng = np.random.default_rng(1998)
SPAN = {"overconfidence": (-1, 1), "brier": (0, 2), "log-loss": (0, -np.log(1e-6))}


def world(cases, labels, several, right, clusters=None, spread=0.0):
    """Rows of cluster, weight, group, probabilities, answer and gold; the last two as bits."""
    rows = []
    for case in range(cases):
        cluster = None if clusters is None else int(rng.integers(clusters))
        weight = round(100 * float(rng.lognormal(0, spread))) if spread else 1
        sure = float(rng.beta(8, 1)) * 0.5 + 0.5
        if several:
            answer = rng.random(labels) < 0.3
            p = np.where(answer, sure, 1 - sure) * 0.98 + 0.01
            gold = answer ^ (rng.random(labels) > right)
        else:
            best = int(rng.integers(labels))
            p = np.full(labels, 0.0)
            p[np.arange(labels) != best] = rng.dirichlet(np.ones(labels - 1)) * (1 - sure)
            p[best] = sure
            answer = np.arange(labels) == best
            true = best if rng.random() < right else int((best + 1 + rng.integers(labels - 1)) % labels)
            gold = np.arange(labels) == true
        bits = lambda row: int(sum(1 << place for place, holds in enumerate(row) if holds))
        rows.append([cluster, weight, int(rng.random() < 0.4), np.round(p, 4).tolist(), bits(answer), bits(gold)])
    return rows


def term(coefficient, measure, rows, labels, several):
    held = lambda bits: np.array([bits >> place & 1 == 1 for place in range(labels)])
    values, might, seen = [], [], set()
    for case, (cluster, weight, _, p, answer, gold) in rows:
        p, answer, gold = np.array(p), held(answer), held(gold)
        values.append((1_000_000 + case if cluster is None else cluster, weight, value(measure, p, gold, answer, several)))
        might += supposed(measure, p, answer, several, weight)
        seen |= set((answer == gold).tolist()) if several else {bool((answer & gold).any())}
    return coefficient, values, might, seen


worlds = []
for cases, labels, several, right, clusters, spread in [
    (12, 2, False, 1.0, None, 0),
    (60, 2, False, 0.97, None, 0),
    (80, 3, False, 0.8, None, 0.7),
    (120, 4, False, 0.95, 11, 0),
    (90, 3, False, 1.0, 8, 0),
    (40, 4, True, 0.98, None, 0),
    (100, 5, True, 0.9, 9, 0.7),
]:
    rows = world(cases, labels, several, right, clusters, spread)
    expected = []
    for measure, (low, high) in SPAN.items():
        high = 1 if several and measure == "brier" else high
        own, others = ([(case, row) for case, row in enumerate(rows) if row[2] == group] for group in (1, 0))
        first = term(1, measure, own, labels, several)
        both = interval([first, term(-1, measure, others, labels, several)], 0.95, (low - high, high - low))
        expected.append([measure, *interval([first], 0.95, (low, high)), *both])
    worlds.append({"labels": labels, "several": several, "rows": rows, "expected": expected})

# Alpha and its lower limit: the mean disagreement within cases at its upper limit, with added cases in which one rating
# differs from the others by as much as two ratings do on average that differ. -------------------------------------------
def masi(one, other):
    """As in masi.py: with exact thirds."""
    shared = one & other
    return 1 - (1 - jaccard_distance(one, other)) * (1 if one == other else 2 / 3 if shared in (one, other) else 1 / 3 if shared else 0)


def agreement(metric, units, clusters, level=0.95):
    ratings = [rating for unit in units for rating in unit]
    times = {rating: ratings.count(rating) for rating in set(ratings)}

    def distance(one, other):
        if metric == "masi":
            return masi(frozenset(one), frozenset(other))
        if metric == "nominal" or one == other:
            return float(one != other)
        between = range(min(one, other), max(one, other) + 1)
        return (sum(times.get(rating, 0) for rating in between) - (times[one] + times[other]) / 2) ** 2

    mean = lambda pairs: float(np.mean([distance(one, other) for one, other in pairs]))
    pairs = list(itertools.permutations(ratings, 2))
    chance, differing = mean(pairs), mean([pair for pair in pairs if pair[0] != pair[1]])
    rows = [(cluster, len(unit), mean(itertools.permutations(unit, 2))) for cluster, unit in zip(clusters, units)]
    might = [(held, len(unit), value) for unit in units for held, value in ((True, 0.0), (False, 2 / len(unit) * differing))]
    seen = {True} | ({False} if any(row[2] > 0 for row in rows) else set())
    observed, (_, high) = interval([(1, rows, might, seen)], level, (0, np.inf))
    if metric != "masi":
        values = sorted(times)
        counts = [[unit.count(value) for value in values] for unit in units]
        alpha = krippendorff.alpha(value_counts=counts, value_domain=values, level_of_measurement=metric)
        assert np.isclose(alpha, 1 - observed / chance)
    return {"metric": metric, "units": units, "clusters": clusters, "value": 1 - observed / chance, "low": 1 - high / chance}


def people(cases, raters, apart, labels=3, clusters=None):
    """All agree but on as many cases, in which one rating is a neighbouring label."""
    own = np.random.default_rng(2011)
    truth = own.integers(0, labels, cases).tolist()
    units = [[label] * (raters + (case % 2 if raters > 2 else 0)) for case, label in enumerate(truth)]
    for case in range(apart):
        units[case][0] += 1 if units[case][0] + 1 < labels else -1
    return units, [case if clusters is None else case % clusters for case in range(cases)]


def as_sets(units, clusters):
    sets = [[0, 1], [1], [2, 3]]
    return [sorted(tuple(sets[label]) for label in unit) for unit in units], clusters


agreements = [
    agreement("nominal", *people(60, 2, 0)),
    agreement("nominal", *people(60, 3, 0, clusters=9)),
    agreement("ordinal", *people(60, 2, 0)),
    agreement("ordinal", *people(100, 2, 1)),
    agreement("masi", *as_sets(*people(50, 2, 0))),
]

# The upper limit of a mean of variances that has a standard error (Satterthwaite 1946), seen in so many units (Korn &
# Graubard 1998), and with at most so many degrees of freedom. ------------------------------------------------------------
variances = []
for variance, error, units, most, level in [
    (0.04, 0.012, 12, 40, 0.95),
    (1.0, 1.0, 6, 6, 0.95),
    (1.0, 0.1, 6, 18, 0.95),
    (2.5, 0.02, 500, 1e9, 0.9),
    (1e-6, 4e-7, 30, 30, 0.99),
]:
    few = st.t.ppf((1 + level) / 2, units - 1) / st.norm.ppf((1 + level) / 2)
    freedom = min(2 * (variance / error) ** 2, most) / few**2
    high = variance * freedom / st.chi2.ppf((1 - level) / 2, freedom)
    variances.append({"variance": variance, "error": error, "units": units, "most": most, "level": level, "high": float(high)})

oracle = {"means": worlds, "agreement": agreements, "variances": variances}
lines = [f'"{name}": [\n' + ",\n".join(json.dumps(one) for one in all_) + "\n]" for name, all_ in oracle.items()]
print("{\n" + ",\n".join(lines) + "\n}")
