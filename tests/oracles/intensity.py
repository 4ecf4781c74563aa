"""Errors and correlations of numbers on a dimension with their intervals, computed outside the crate.

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    python tests/oracles/intensity.py

writes tests/oracles/intensity.json. Fisher's interval and Welch's are scipy's; those that scipy does not have are written
out from their papers: Bonett & Wright 2000 (ranks), Lin 1989 as corrected in 2000 (concordance), Zou 2007 (differences of
correlations), Hall 1992 (means of squares). No variance is smaller than the linearised one (Binder 1983). Bootstraps of clusters draw clusters with replacement, which the crate does with Poisson weights.
"""

import json
import math
import pathlib

import numpy as np
from scipy import optimize, stats
from sklearn import metrics

rng = np.random.default_rng(1904)
Z = stats.norm.ppf(0.975)


def concordance(g, a):
    return 2 * np.cov(g, a, ddof=0)[0, 1] / (g.var() + a.var() + (g.mean() - a.mean()) ** 2)


VALUE = {
    "pearson": lambda g, a: stats.pearsonr(g, a).statistic,
    "spearman": lambda g, a: stats.spearmanr(g, a).statistic,
    "concordance": concordance,
}


def linearised(kind, g, a):
    """The variance of z by what each pair's weight does to it: derivatives to the last digit, by a complex step."""
    if kind == "spearman":
        g, a = stats.rankdata(g), stats.rankdata(a)

    def z(w):
        w = w / w.sum()
        x, y = g - w @ g, a - w @ a
        product, sx, sy = w @ (x * y), w @ (x * x), w @ (y * y)
        if kind != "concordance":
            return np.arctanh(product / np.sqrt(sx * sy))
        return np.arctanh(2 * product / (sx + sy + (w @ g - w @ a) ** 2))

    n = len(g)
    steps = np.ones((n, n), complex) + 1e-30j * np.eye(n)
    slopes = np.array([z(w).imag for w in steps]) / 1e-30
    return (slopes**2).sum() * n / (n - 1)


def variance_of_z(kind, g, a):
    return max(known(kind, g, a), linearised(kind, g, a))


def known(kind, g, a):
    """The variance of z of numbers that are normally distributed."""
    n, value = len(g), VALUE[kind](g, a)
    if kind == "pearson":
        return 1 / (n - 3)
    if kind == "spearman":
        return (1 + value**2 / 2) / (n - 3)
    r = VALUE["pearson"](g, a)
    u = (g.mean() - a.mean()) / np.sqrt(g.std() * a.std())
    c = value
    first = (1 - r**2) * c**2 / ((1 - c**2) * r**2)
    second = 2 * c**3 * (1 - c) * u**2 / (r * (1 - c**2) ** 2)
    third = c**4 * u**4 / (2 * r**2 * (1 - c**2) ** 2)
    return (first + second - third) / (n - 2)


def limits(kind, g, a):
    if kind == "pearson" and variance_of_z(kind, g, a) == known(kind, g, a):
        return list(stats.pearsonr(g, a).confidence_interval(0.95))
    z, half = np.arctanh(VALUE[kind](g, a)), Z * np.sqrt(variance_of_z(kind, g, a))
    return [np.tanh(z - half), np.tanh(z + half)]


def mean_limits(values):
    return list(stats.ttest_1samp(values, 0).confidence_interval(0.95))


def skewed_limits(values):
    """Hall (1992): the deviation whose cubic transformation is Student's quantile, found by bisection."""
    n, skewness = len(values), stats.skew(values)
    error, t = values.std(ddof=1) / np.sqrt(n), stats.t.ppf(0.975, n - 1)

    def transformed(x):
        return np.sqrt(n) * (x + skewness * x**2 / 3 + skewness**2 * x**3 / 27 + skewness / (6 * n))

    deviations = [optimize.brentq(lambda x: transformed(x) - side, -1e3, 1e3, xtol=1e-14) for side in (t, -t)]
    return [values.mean() - x * np.sqrt(n) * error for x in deviations]


def measures(g, a):
    error = a - g
    out = {kind: [VALUE[kind](g, a), *limits(kind, g, a)] for kind in VALUE}
    out["mae"] = [metrics.mean_absolute_error(g, a), *mean_limits(np.abs(error))]
    out["bias"] = [error.mean(), *mean_limits(error)]
    out["rmse"] = [metrics.root_mean_squared_error(g, a), *np.sqrt(np.maximum(skewed_limits(error**2), 0))]
    return out


def differences(one, two):
    out = {}
    for kind in VALUE:
        (p, (l1, u1)), (q, (l2, u2)) = [(VALUE[kind](*pair), limits(kind, *pair)) for pair in (one, two)]
        low = p - q - np.sqrt((p - l1) ** 2 + (u2 - q) ** 2)
        high = p - q + np.sqrt((u1 - p) ** 2 + (q - l2) ** 2)
        z = (np.arctanh(p) - np.arctanh(q)) / np.sqrt(variance_of_z(kind, *one) + variance_of_z(kind, *two))
        out[kind] = [p - q, low, high, z, 2 * stats.norm.sf(abs(z))]
    e, f = one[1] - one[0], two[1] - two[0]

    def welch(x, y):
        return [x.mean() - y.mean(), *stats.ttest_ind(x, y, equal_var=False).confidence_interval(0.95)]

    out["mae"], out["bias"] = welch(np.abs(e), np.abs(f)), welch(e, f)
    # The root of a mean of squares varies as the mean does, over twice the root (delta method).
    linear = [(x**2 / np.sqrt((x**2).mean()) + np.sqrt((x**2).mean())) / 2 for x in (e, f)]
    out["rmse"] = welch(*linear)
    return out


def draw(n, spread, digits):
    g = np.round(np.clip(rng.normal(3, 0.9, n), 1, 5), digits)
    return g, np.round(1.0 + 0.6 * g + rng.normal(0, spread, n), 2)


cases = []
for n, m, spread, digits in [(12, 15, 0.5, 1), (60, 45, 0.8, 1), (400, 250, 0.6, 2), (80, 80, 3.0, 0)]:
    one, two = draw(n, spread, digits), draw(m, 1.5 * spread, digits)
    cases.append({
        "one": [side.tolist() for side in one],
        "two": [side.tolist() for side in two],
        "measures": measures(*one),
        "differences": differences(one, two),
    })

# Sixty clusters of five, and limits of scipy's BCa over draws of sixty clusters, at Hesterberg's (2015) level for as many.
cluster = np.repeat(np.arange(60), 5)
common = rng.normal(0, 0.8, 60)[cluster]
g = np.round(3 + common + rng.normal(0, 0.5, 300), 1)
a = np.round(3 + 0.7 * common + rng.normal(0, 0.5, 300) + rng.normal(0, 0.4, 60)[cluster], 2)
rows = [np.flatnonzero(cluster == c) for c in range(60)]
expanded = 1 - 2 * stats.norm.cdf(-math.sqrt(60 / 59) * stats.t.ppf(0.975, 59))


def limits(kind):
    """Of a correlation over the pairs of drawn clusters."""
    def statistic(clusters):
        drawn = np.concatenate([rows[int(c)] for c in clusters])
        return VALUE[kind](g[drawn], a[drawn])

    found = stats.bootstrap((np.arange(60),), statistic, n_resamples=4000, vectorized=False, confidence_level=expanded,
                         method="BCa", rng=np.random.default_rng(2015))
    return list(found.confidence_interval)


clustered = {
    "gold": g.tolist(),
    "answers": a.tolist(),
    "clusters": cluster.tolist(),
    "measures": {kind: [VALUE[kind](g, a), *limits(kind)] for kind in VALUE},
}

place = pathlib.Path(__file__).parent / "intensity.json"
place.write_text(json.dumps({"cases": cases, "clustered": clustered}) + "\n")
