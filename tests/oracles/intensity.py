"""Errors and correlations of numbers on a dimension with their intervals, computed outside the crate.

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 statsmodels==0.15.0
    python tests/oracles/intensity.py

writes tests/oracles/intensity.json. Fisher's interval and Welch's are scipy's; those that scipy does not have are written
out from their papers: Bonett & Wright 2000 (ranks), Lin 1989 as corrected in 2000 (concordance), Zou 2007 and Zou & Donner
2008 (differences), Hall 1992 (means of values with long tails), Miller 1974 (jackknife of z), O'Neill 2014 (degrees of freedom, with scipy's
unbiased kurtosis). Bootstraps of clusters draw clusters with replacement, which the crate does with Poisson weights.
"""

import json
import math
import pathlib

import numpy as np
from scipy import optimize, stats
from sklearn import metrics
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from long_tailed import deviations, freedom

rng = np.random.default_rng(1904)
Z = stats.norm.ppf(0.975)


def concordance(g, a):
    return 2 * np.cov(g, a, ddof=0)[0, 1] / (g.var() + a.var() + (g.mean() - a.mean()) ** 2)


VALUE = {
    "pearson": lambda g, a: stats.pearsonr(g, a).statistic,
    "spearman": lambda g, a: stats.spearmanr(g, a).statistic,
    "concordance": concordance,
}


def jackknifed(kind, g, a):
    """Variance of z and its degrees of freedom, from the correlation without each pair; ranks are those among all."""
    if kind == "spearman":
        g, a = stats.rankdata(g), stats.rankdata(a)
    rest = [np.delete(np.arange(len(g)), place) for place in range(len(g))]
    value = concordance if kind == "concordance" else VALUE["pearson"]
    without = np.arctanh([value(g[kept], a[kept]) for kept in rest])
    n = len(g)
    return (n - 1) / n * ((without - without.mean()) ** 2).sum(), freedom(without)


def spread_of_z(kind, g, a):
    """The variance and its degrees of freedom that make the wider interval."""
    usual, (variance, df) = known(kind, g, a), jackknifed(kind, g, a)
    if stats.t.ppf(0.975, df) * np.sqrt(variance) > Z * np.sqrt(usual):
        return variance, df
    return usual, np.inf


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
    variance, df = spread_of_z(kind, g, a)
    if kind == "pearson" and df == np.inf:
        return list(stats.pearsonr(g, a).confidence_interval(0.95))
    z, half = np.arctanh(VALUE[kind](g, a)), stats.t.ppf(0.975, df) * np.sqrt(variance)
    return [np.tanh(z - half), np.tanh(z + half)]


def skewed_limits(values):
    """Hall (1992): the deviation whose cubic transformation is Student's quantile, found by bisection."""
    n, skewness = len(values), stats.skew(values)
    error, t = values.std(ddof=1) / np.sqrt(n), stats.t.ppf(0.975, freedom(values))

    def transformed(x):
        return np.sqrt(n) * (x + skewness * x**2 / 3 + skewness**2 * x**3 / 27 + skewness / (6 * n))

    deviations = [optimize.brentq(lambda x: transformed(x) - side, -1e3, 1e3, xtol=1e-14) for side in (t, -t)]
    return [values.mean() - x * np.sqrt(n) * error for x in deviations]


def measures(g, a):
    error = a - g
    out = {kind: [VALUE[kind](g, a), *limits(kind, g, a)] for kind in VALUE}
    out["mae"] = [metrics.mean_absolute_error(g, a), *skewed_limits(np.abs(error))]
    out["bias"] = [error.mean(), *skewed_limits(error)]
    out["rmse"] = [metrics.root_mean_squared_error(g, a), *np.sqrt(np.maximum(skewed_limits(error**2), 0))]
    return out


def differences(one, two):
    out = {}
    for kind in VALUE:
        (p, (l1, u1)), (q, (l2, u2)) = [(VALUE[kind](*pair), limits(kind, *pair)) for pair in (one, two)]
        low = p - q - np.sqrt((p - l1) ** 2 + (u2 - q) ** 2)
        high = p - q + np.sqrt((u1 - p) ** 2 + (q - l2) ** 2)
        (v, d), (w, e) = spread_of_z(kind, *one), spread_of_z(kind, *two)
        z, df = (np.arctanh(p) - np.arctanh(q)) / np.sqrt(v + w), (v + w) ** 2 / max(v**2 / d + w**2 / e, 1e-300)
        out[kind] = [p - q, low, high, z, 2 * stats.t.sf(abs(z), df)]
    for name in ("mae", "bias", "rmse"):
        (p, l1, u1), (q, l2, u2) = measures(*one)[name], measures(*two)[name]
        out[name] = [p - q, p - q - np.hypot(p - l1, u2 - q), p - q + np.hypot(u1 - p, q - l2)]
    return out


def draw(n, spread, digits):
    g = np.round(np.clip(rng.normal(3, 0.9, n), 1, 5), digits)
    return g, np.round(1.0 + 0.6 * g + rng.normal(0, spread, n), 2)


cases = []
for n, m, spread, digits in [(50, 55, 0.5, 1), (60, 75, 0.8, 1), (400, 250, 0.6, 2), (80, 80, 3.0, 0)]:
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


def over_clusters(values, clusters):
    """What clusters do to a mean (Liang & Zeger 1986, enlarged for few, of which unequal ones count less, Kish 1965), and
    what its variance lacks of that of independent values."""
    residuals = np.bincount(clusters, values - values.mean()) / len(values)
    sizes = np.bincount(clusters)
    equal = sizes.sum() ** 2 / (sizes**2).sum()
    influences = np.sqrt(equal / (equal - 1)) * residuals
    return influences, max(0.0, values.var(ddof=1) / len(values) - (influences**2).sum()), equal


def root(values, clusters):
    """The root of a mean of squares with Hall's limits over clusters, and what its clusters do to the mean."""
    influences, unseen, equal = over_clusters(values, clusters)
    variance = (influences**2).sum() + unseen
    skewness = (influences**3).sum() / variance**1.5
    t = stats.t.ppf(0.975, min(equal - 1, freedom(influences)))
    mean = values.mean()
    low, high = [mean - deviations(side, skewness) * np.sqrt(variance) for side in (t, -t)]
    return np.sqrt([mean, max(low, 0.0), high]), influences / np.sqrt(variance), equal


# Every third case is of a group, so that it and the others share clusters: their roots are correlated (Zou 2007), and two
# clusters are added that say nothing of it.
third = np.arange(300) % 3 == 0
square = (a - g) ** 2
(p, l1, u1), own, equal = root(square[third], cluster[third])
(q, l2, u2), others, other_equal = root(square[~third], cluster[~third])
worth = min(equal, other_equal)
r = (own * others).sum() * worth / (worth + 2)
clustered["difference of rmse"] = [
    p - q,
    p - q - np.sqrt((p - l1) ** 2 + (u2 - q) ** 2 - 2 * r * (p - l1) * (u2 - q)),
    p - q + np.sqrt((u1 - p) ** 2 + (q - l2) ** 2 - 2 * r * (u1 - p) * (q - l2)),
]

# Nobody of 50 got an answer, 538 of 538 others and 12 of 12.
answered = {
    "south": {
        "value": [0.0, *proportion_confint(0, 50, method="wilson")],
        "difference-to-others": [-1.0, *confint_proportions_2indep(0, 50, 550, 550, method="newcomb")],
    },
    "north": {
        "value": [1.0, *proportion_confint(538, 538, method="wilson")],
        "difference-to-others": [1 - 12 / 62, *confint_proportions_2indep(538, 538, 12, 62, method="newcomb")],
    },
}

place = pathlib.Path(__file__).parent / "intensity.json"
place.write_text(json.dumps({"cases": cases, "clustered": clustered, "answered": answered}) + "\n")
