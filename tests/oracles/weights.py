"""Weighted values and intervals, computed outside the crate: the linearised (Taylor) variance of weighted ratios from
weighted least squares that is robust to clusters, as survey packages have it, and scikit-learn with `sample_weight`.

    pip install numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 statsmodels==0.15.0 scikit-learn==1.9.1
    python tests/oracles/weights.py > tests/oracles/weights.json

Reads the datasets under tests/oracles/measures/ and gives their cases weights, which a test adds to them as a column.
Seeded: the same versions print the same file.
"""

import json
import math
import pathlib

import numpy as np
import pandas as pd
import scipy.stats as st
import statsmodels.api as sm
from sklearn import metrics
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

import supposed
from long_tailed import deviations, freedom
from shares import in_clusters, kish, moderated

rng = np.random.default_rng(1934)
here = pathlib.Path(__file__).parent / "measures"
oracle = {}


def robust(values, weights, columns, groups):
    """Coefficients of weighted least squares and their covariance, robust to clusters, without small-sample factors."""
    fit = sm.WLS(values, columns, weights=weights).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
    return fit.params, fit.cov_params(), fit.resid


# Sums of shares. Each row is a case: its cluster, its weight, and its value in every term (None: no say). ----------
def sum_of_shares(constant, coefficients, rows, level):
    long = [(case if cluster is None else 1_000_000 + cluster, weight, term, value)
            for case, (cluster, weight, values) in enumerate(rows)
            for term, value in enumerate(values) if value is not None]
    groups, weights, terms, values = (np.array(column) for column in zip(*long))
    coefficients = np.array(coefficients)
    columns = (terms[:, None] == np.arange(len(coefficients))).astype(float)
    means, covariance, residuals = robust(values, weights, columns, groups)
    of = [terms == term for term in range(len(coefficients))]
    clustered = any(cluster is not None for cluster, *_ in rows)
    sizes = [pd.Series(weights[own]).groupby(groups[own]).sum() for own in of]
    held = np.array([kish(size) if clustered else len(size) for size in sizes])
    parts_of_sum = (np.abs(coefficients) / (weights @ columns))[terms] * weights
    g = kish(pd.Series(parts_of_sum).groupby(groups).sum()) if clustered else len(set(groups))
    factor = held / (held - 1)
    scores = weights[:, None] * residuals[:, None] * columns / (weights @ columns) * np.sqrt(factor)
    by_cluster = np.array([scores[groups == group].sum(axis=0) for group in sorted(set(groups))])
    linearised = ((by_cluster @ coefficients) ** 2).sum()
    if len(set(held)) == 1:
        assert np.isclose(linearised, coefficients @ covariance @ coefficients * factor[0])
    worth = np.array([kish(weights[own]) for own in of])
    squares = np.array([np.average(values[own] ** 2, weights=weights[own]) for own in of])
    by_weights = (coefficients**2 * (squares - means**2) / worth).sum()
    z = st.norm.ppf(0.5 + level / 2)
    # Welch's, with each part of the variance guessed from the mean and a cluster of ones and one of zeros.
    drawn = [(mean * held + 1) / (held + 2) for mean in (means, squares)]
    parts = coefficients**2 * (drawn[1] - drawn[0] ** 2) / held
    freedom = min(max(g - 1, 1), parts.sum() ** 2 / (parts**2 / np.maximum(held - 1, 1)).sum())
    alike = np.array([kish(pd.Series(weights[own]).groupby(groups[own]).sum()) for own in of])
    if by_weights > 1e-15:
        influences = by_cluster @ coefficients if clustered else None
        worth = in_clusters(worth / max(1.0, linearised / by_weights), alike, influences, freedom, level)
    else:
        worth = alike * (z / st.t.ppf(0.5 + level / 2, freedom)) ** 2
    if len(coefficients) > 2:
        centre, variance = moderated(coefficients, worth, means, squares, z**2 / len(coefficients), 0.5, 0.5, z)
        low, high = centre - z * math.sqrt(variance), centre + z * math.sqrt(variance)
    else:
        limits = [proportion_confint(min(m * w, w), w, 1 - level, "wilson") for m, w in zip(means, worth)]
        ends = [sorted((c * low, c * high)) for c, (low, high) in zip(coefficients, limits)]
        low = coefficients @ means - math.sqrt(sum((c * m - e[0]) ** 2 for c, m, e in zip(coefficients, means, ends)))
        high = coefficients @ means + math.sqrt(sum((c * m - e[1]) ** 2 for c, m, e in zip(coefficients, means, ends)))
    value = float(coefficients @ means)
    low, high = max(low, np.minimum(coefficients, 0).sum()), min(high, np.maximum(coefficients, 0).sum())
    return {
        "constant": constant, "coefficients": list(map(float, coefficients)), "level": level, "rows": rows,
        "value": constant + value, "interval": [constant + float(min(low, value)), constant + float(max(high, value))],
    }


def draw(cases, chance, spread, clusters=None, overlapping=False):
    rows, terms = [], len(chance)
    for case in range(cases):
        cluster = None if clusters is None else int(rng.integers(clusters))
        lift = 0 if cluster is None else 0.2 * math.sin(cluster)
        weight = max(1, round(100 * float(rng.lognormal(0, spread))))
        # Heavier cases are answered worse, so that weights have to do with values.
        p = np.clip(np.array(chance) + lift - 0.05 * math.log(weight / 100), 0, 1)
        outcome = [float(x) for x in rng.random(terms) < p]
        held = rng.random(terms) < 0.6 if overlapping else np.arange(terms) == case % terms
        rows.append([cluster, weight, [value if holds else None for value, holds in zip(outcome, held)]])
    return rows


def all_right(cases, clusters=None):
    return [[None if clusters is None else case % clusters, 1 + case % 5, [1.0]] for case in range(cases)]


oracle["sums"] = [
    sum_of_shares(0.0, [1.0], draw(40, [0.8], 0.7), 0.95),
    sum_of_shares(0.0, [1.0], draw(60, [0.7], 1.0, clusters=9), 0.95),
    sum_of_shares(0.0, [1.0], all_right(12), 0.95),
    sum_of_shares(0.0, [1.0], all_right(24, clusters=7), 0.95),
    sum_of_shares(0.0, [1.0, -1.0], draw(80, [0.7, 0.4], 0.7), 0.9),
    sum_of_shares(0.0, [1.0, -1.0], draw(120, [0.7, 0.4], 0.7, clusters=14), 0.95),
    sum_of_shares(-1 / 6, [1 / 6] * 7, draw(210, [0.6] * 7, 0.5), 0.95),
    sum_of_shares(0.0, [0.5, -0.5, 0.5, -0.5], draw(90, [0.7, 0.2, 0.5, 0.3], 0.7, overlapping=True), 0.95),
    sum_of_shares(0.0, [0.5, -0.5, 0.5, -0.5], draw(200, [0.7, 0.2, 0.5, 0.3], 0.7, clusters=11, overlapping=True), 0.95),
]


# Means of any size: t over as many clusters of equal weight as there are, less 1; a linearised variance that is never
# below that of as many cases of equal weight as there are. ------------------------------------------------------------
def mean(rows, level):
    groups, weights, values = (np.array(column) for column in zip(*[(c if c is not None else 1_000_000 + case, w, v) for case, (c, w, v) in enumerate(rows)]))
    params, covariance, _ = robust(values, weights, np.ones((len(values), 1)), groups)
    worth = kish(pd.Series(weights).groupby(groups).sum())
    linearised = covariance[0, 0] * worth / (worth - 1)
    spread = np.average((values - params[0]) ** 2, weights=weights)
    variance = max(linearised, spread / (kish(weights) - 1))
    half = st.t.ppf(0.5 + level / 2, max(worth - 1, 1)) * math.sqrt(variance)
    return {"rows": rows, "level": level, "value": float(params[0]), "interval": [float(params[0] - half), float(params[0] + half)]}


oracle["means"] = []
for cases, clusters, spread in [(30, None, 0.5), (60, None, 1.0), (80, 9, 0.7)]:
    rows = []
    for _ in range(cases):
        cluster = None if clusters is None else int(rng.integers(clusters))
        weight = max(1, round(100 * float(rng.lognormal(0, spread))))
        rows.append([cluster, weight, round(float(rng.normal(0 if cluster is None else cluster / 9, 1)), 3)])
    oracle["means"].append(mean(rows, 0.95))

# Audits of the datasets with weights. ---------------------------------------------------------------------------------
oracle["weights"], audits = {}, []
skl = "scikit-learn"


def put(dataset, measure, value, tool=skl, label=None, tolerance=1e-9, interval=None, **where):
    audits.append({"dataset": dataset, "measure": measure, "label": label, "value": float(value), "tool": tool, "tolerance": tolerance, "interval": interval, **where})


def share(holds, weights, level=0.95):
    return sum_of_shares(0.0, [1.0], [[None, float(w), [float(x)]] for x, w in zip(holds, weights)], level)["interval"]


def load(folder):
    cases = pd.read_csv(here / folder / "cases.csv")
    cases["weight"] = np.round(rng.lognormal(4, 0.8, len(cases)), 2)
    oracle["weights"][folder] = {"column": cases["weight"].tolist(), "effective": kish(cases["weight"].to_numpy())}
    return cases.merge(pd.read_csv(here / folder / "predictions.csv"), on="id", how="left")


frame = load("ordered")
labels = ["negative", "neutral", "positive"]
scores = [f"score:{label}" for label in labels]
seen = frame[frame[scores[0]].notna()]
p, w = seen[scores].to_numpy(), seen["weight"].to_numpy()
g, a = seen["sentiment"].map(labels.index).to_numpy(), p.argmax(1)
put("ordered", "coverage", frame[scores[0]].notna().mean(), "numpy mean")
put("ordered", "skill", metrics.balanced_accuracy_score(g, a, sample_weight=w, adjusted=True))
put("ordered", "accuracy", metrics.accuracy_score(g, a, sample_weight=w), interval=share(g == a, w))
put("ordered", "balanced-accuracy", metrics.balanced_accuracy_score(g, a, sample_weight=w))
for average in ["macro", "micro", "weighted"]:
    put("ordered", f"{average}-f1", metrics.f1_score(g, a, sample_weight=w, average=average))
put("ordered", "mcc", metrics.matthews_corrcoef(g, a, sample_weight=w))
put("ordered", "kappa", metrics.cohen_kappa_score(g, a, sample_weight=w))
put("ordered", "quadratic-kappa", metrics.cohen_kappa_score(g, a, sample_weight=w, weights="quadratic"))
# Alpha of two ratings a case: what chance gives is the mean over all pairs of different ratings, by their weights.
ratings, of = np.concatenate([g, a]), np.concatenate([w, w])
pairs = np.outer(of, of)
np.fill_diagonal(pairs, 0)
expected = np.average(ratings[:, None] != ratings[None, :], weights=pairs)
put("ordered", "alpha", 1 - np.average(g != a, weights=w) / expected, "numpy, all pairs of ratings")
put("ordered", "rank-error", metrics.mean_absolute_error(g, a, sample_weight=w))
precision, recall, f1, _ = metrics.precision_recall_fscore_support(g, a, labels=[0, 1, 2], sample_weight=w)
for place, label in enumerate(labels):
    is_, said = g == place, a == place
    put("ordered", "precision", precision[place], label=label, interval=share(is_[said], w[said]))
    put("ordered", "recall", recall[place], label=label, interval=share(said[is_], w[is_]))
    put("ordered", "f1", f1[place], label=label)
    (tn, fp), _ = metrics.confusion_matrix(is_, said, sample_weight=w)
    put("ordered", "false-positive-rate", fp / (fp + tn), label=label, interval=share(said[~is_], w[~is_]))
    put("ordered", "skill", metrics.balanced_accuracy_score(is_, said, sample_weight=w, adjusted=True), label=label)
    put("ordered", "selection-rate", np.average(said, weights=w), "numpy average", label, interval=share(said, w))
    put("ordered", "auc", metrics.roc_auc_score(is_, p[:, place], sample_weight=w), label=label)
    put("ordered", "overconfidence", np.average(p[:, place] - is_, weights=w), "numpy average", label)
put("ordered", "auc", np.mean([metrics.roc_auc_score(g == place, p[:, place], sample_weight=w) for place in range(3)]))


def interval_of_mean(values, weights):
    """Of values with long tails: the variance of the mean, with Hall's correction and the degrees of freedom left."""
    average = np.average(values, weights=weights)
    influences = weights * (values - average) / weights.sum() * math.sqrt(kish(weights) / (kish(weights) - 1))
    spread = np.average((values - average) ** 2, weights=weights)
    variance = max((influences**2).sum(), spread / (kish(weights) - 1))
    t = st.t.ppf(0.975, min(freedom(influences), kish(weights) - 1))
    limits = average - deviations(np.array([t, -t]), (influences**3).sum() / variance**1.5) * math.sqrt(variance)
    return limits.tolist()


def interval_of_cases(measure, span):
    """With cases added as if they had been right and as if they had not."""
    rows = [(case, x, supposed.value(measure, q, np.eye(3)[gold] > 0, np.eye(3)[best] > 0, False)) for case, (q, gold, best, x) in enumerate(zip(p, g, a, w))]
    might = [one for q, best, x in zip(p, a, w) for one in supposed.supposed(measure, q, np.eye(3)[best] > 0, False, x)]
    return supposed.interval([(1, rows, might, {True, False})], 0.95, span)[1]


put("ordered", "brier", metrics.brier_score_loss(g, p, labels=[0, 1, 2], sample_weight=w, scale_by_half=False), interval=interval_of_cases("brier", (0, 2)))
put("ordered", "log-loss", metrics.log_loss(g, p, labels=[0, 1, 2], sample_weight=w), tolerance=1e-6, interval=interval_of_cases("log-loss", (0, 14)))
put("ordered", "overconfidence", np.average(p.max(1) - (g == a), weights=w), "numpy average", interval=interval_of_cases("overconfidence", (-1, 1)))
for region in ["north", "south"]:
    inside = (seen["region"] == region).to_numpy()
    put("ordered", "accuracy", metrics.accuracy_score(g[inside], a[inside], sample_weight=w[inside]), interval=share((g == a)[inside], w[inside]), slice={"region": region})
    put("ordered", "macro-f1", metrics.f1_score(g[inside], a[inside], sample_weight=w[inside], average="macro"), slice={"region": region})
    sides = [[None, float(x), [float(right) if here_ else None, None if here_ else float(right)]] for x, right, here_ in zip(w, g == a, inside)]
    gap = sum_of_shares(0.0, [1.0, -1.0], sides, 0.95)
    put("ordered", "accuracy", gap["value"], "statsmodels WLS", interval=gap["interval"], slice={"region": region}, comparison="difference-to-others")

frame = load("several")
names = ["anger", "fear", "joy", "sadness", "none"]
table = lambda column: np.array([[name in cell.split("|") for name in names] for cell in column])
gold, answer, w = table(frame["emotion"]), table(frame["label"]), frame["weight"].to_numpy()
put("several", "subset-accuracy", metrics.accuracy_score(gold, answer, sample_weight=w))
put("several", "jaccard", metrics.jaccard_score(gold, answer, average="samples", sample_weight=w))
put("several", "hamming", metrics.hamming_loss(gold, answer, sample_weight=w))
put("several", "macro-f1", metrics.f1_score(gold, answer, average="macro", sample_weight=w))

frame = load("numbers")
for name in ["valence", "arousal"]:
    seen = frame[frame[name].notna() & frame[f"score:{name}"].notna()]
    g, a, w = seen[name].to_numpy(), seen[f"score:{name}"].to_numpy(), seen["weight"].to_numpy()
    put("numbers", "mae", metrics.mean_absolute_error(g, a, sample_weight=w), label=name, interval=interval_of_mean(np.abs(a - g), w))
    put("numbers", "rmse", metrics.root_mean_squared_error(g, a, sample_weight=w), label=name)
    put("numbers", "bias", np.average(a - g, weights=w), "numpy average", name)
    covariance = np.cov(g, a, aweights=w, ddof=0)
    put("numbers", "pearson", covariance[0, 1] / math.sqrt(covariance[0, 0] * covariance[1, 1]), "numpy covariance", name)
    shift = np.average(g, weights=w) - np.average(a, weights=w)
    put("numbers", "concordance", 2 * covariance[0, 1] / (covariance[0, 0] + covariance[1, 1] + shift**2), "numpy covariance", name)
    # A case of weight 12.34 stands for 1,234 rows.
    rows = np.round(100 * w).astype(int)
    put("numbers", "spearman", st.spearmanr(np.repeat(g, rows), np.repeat(a, rows)).statistic, "scipy on repeated rows", name)

oracle["audits"] = audits

# The level of resampled limits: what units' own variance over Kish's number less one is to the linearised variance, which
# replicates show, says how much they fall short. The statistic is the weighted mean. ---------------------------------
own = np.random.default_rng(1965)
tails = []
for cases, spread, telling, level in ((12, 0.4, 0, 0.95), (50, 1.0, 0, 0.95), (50, 1.0, 1, 0.9), (200, 1.5, 0, 0.95)):
    x = own.normal(size=cases)
    w = np.round(1000 * np.exp(spread * own.normal(size=cases) + telling * np.abs(x))) + 1
    seen = sm.WLS(x, np.ones(cases), weights=w).fit(cov_type="HC0").cov_params()[0, 0]
    least = DescrStatsW(x, weights=w).var / (kish(w) - 1)
    shortfall = max(least / seen, kish(w) / (kish(w) - 1))
    tails.append(dict(values=x.tolist(), weights=w.tolist(), level=level, worth=kish(w), shortfall=shortfall,
                      tail=st.norm.cdf(-math.sqrt(shortfall) * st.t.ppf(0.5 + level / 2, kish(w) - 1))))
oracle["expanded_tails"] = tails
print("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in oracle.items()) + "\n}")
