"""Reference values for src/stats, computed outside the crate.

    pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0 krippendorff==0.9.0 scikit-learn==1.9.1
    python tests/oracles/stats.py > tests/oracles/stats.json

Seeded: the same versions print the same file.
"""

import json
import math
from types import SimpleNamespace

import krippendorff
import numpy as np
import scipy.stats as st
import statsmodels.api as sm
from scipy.optimize import brentq
from sklearn.metrics import cohen_kappa_score, f1_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from long_tailed import freedom
from shares import in_clusters, kish, moderated

rng = np.random.default_rng(20240229)
oracle = {}

# Proportions -------------------------------------------------------------------------------------
COUNTS = [(0, 1), (1, 1), (0, 12), (12, 12), (1, 10), (7, 23), (81, 263), (4999, 10_000), (999_000, 1_000_000)]


def confint(k, n, level, method):
    return list(map(float, proportion_confint(k, n, alpha=1 - level, method=method)))


for name, method in [("wilson", "wilson"), ("clopper_pearson", "beta")]:
    oracle[name] = [
        {"k": k, "n": n, "level": level, "interval": confint(k, n, level, method)}
        for k, n in COUNTS
        for level in (0.9, 0.95, 0.999)
    ]
# What Korn & Graubard (1998) put in the place of counts where cases hang together: no whole numbers.
oracle["clopper_pearson"] += [
    {
        "k": k,
        "n": n,
        "level": level,
        "interval": [float(st.beta.ppf((1 - level) / 2, k, n - k + 1)), float(st.beta.ppf((1 + level) / 2, k + 1, n - k))],
    }
    for k, n in [(0.6, 7.3), (2.75, 11.0), (31.4, 88.8)]
    for level in (0.95, 1 - 0.05 / 42)
]

# Limits printed by Newcombe (1998), Table II, method 10, beside those of statsmodels.
NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0),
    (10, 10, 0, 10, 0.6075, 1.0),
]
oracle["newcombe"] = []
for a, m, b, n, low, high in NEWCOMBE:
    computed = list(map(float, confint_proportions_2indep(a, m, b, n, method="newcomb", compare="diff")))
    assert abs(computed[0] - low) < 6e-5 and abs(computed[1] - high) < 6e-5, (computed, low, high)
    oracle["newcombe"].append({"first": [a, m], "second": [b, n], "interval": computed, "printed": [low, high]})

oracle["f1"] = []
for tp, fp, fn in [(0, 3, 4), (5, 0, 0), (30, 10, 5), (400, 90, 110)]:
    gold = [1] * (tp + fn) + [0] * fp
    predicted = [1] * tp + [0] * fn + [1] * fp
    limits = [2 * j / (1 + j) for j in confint(tp, tp + fp + fn, 0.95, "wilson")]
    oracle["f1"].append({"counts": [tp, fp, fn], "value": float(f1_score(gold, predicted)), "interval": limits})

# The design effect: variance of the mean of 0/1 outcomes, robust to clusters, over the binomial one.
oracle["effective_sample_size"] = []
for clusters in (
    [(4, 4), (4, 4), (0, 4), (1, 4), (3, 4)],
    [(3, 10), (1, 2), (9, 9), (0, 1), (5, 7), (2, 30)],
    [(int(rng.binomial(8, p)), 8) for p in rng.beta(1, 2, 60)],
):
    outcomes = np.concatenate([[1] * k + [0] * (n - k) for k, n in clusters])
    groups = np.repeat(range(len(clusters)), [n for _, n in clusters])
    fit = sm.OLS(outcomes, np.ones(len(outcomes))).fit(cov_type="cluster", cov_kwds={"groups": groups})
    p = outcomes.mean()
    size = p * (1 - p) / float(fit.cov_params()[0, 0])
    oracle["effective_sample_size"].append({"clusters": clusters, "value": min(float(size), len(outcomes))})

# Sums of shares. Each row is a case: its cluster and its value in every term (None: no say). Variances are those of
# least squares on one indicator a term, robust to clusters, with residuals enlarged by g / (g - 1) for a term from g
# clusters (statsmodels has one factor for all: where the terms have equally many clusters it must agree). The added
# values are Price & Bonett's (2004): z^2 / m for each of m terms, half of them ones. Clusters of unequal sizes are worth
# as many of equal size as Kish (1965) has it.
def sum_of_shares(constant, weights, rows, level):
    long = [(case if cluster is None else 1_000_000 + cluster, term, value)
            for case, (cluster, values) in enumerate(rows)
            for term, value in enumerate(values) if value is not None]
    groups, terms, values = (np.array(column) for column in zip(*long))
    weights = np.array(weights)
    columns = (terms[:, None] == np.arange(len(weights))).astype(float)
    fit = sm.OLS(values, columns).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
    sizes = [[int((groups[terms == term] == group).sum()) for group in sorted(set(groups[terms == term]))] for term in range(len(weights))]
    held = np.array([kish(size) for size in sizes])
    parts_of_sum = (np.abs(weights) / columns.sum(axis=0))[terms]
    clustered = any(cluster is not None for cluster, _ in rows)
    g = kish([parts_of_sum[groups == group].sum() for group in sorted(set(groups))]) if clustered else len(set(groups))
    enlarged = np.array([own / (own - 1) if own > 1 else 0.0 for own in held])
    scores = fit.resid[:, None] * columns / columns.sum(axis=0) * np.sqrt(enlarged)
    by_cluster = np.array([scores[groups == group].sum(axis=0) for group in sorted(set(groups))])
    robust = ((by_cluster @ weights) ** 2).sum()
    if len(set(held)) == 1:
        assert np.isclose(robust, weights @ fit.cov_params() @ weights * enlarged[0])
    n = columns.sum(axis=0)
    means = np.array([values[terms == term].mean() for term in range(len(weights))])
    squares = np.array([(values[terms == term] ** 2).mean() for term in range(len(weights))])
    naive = (weights**2 * (squares - means**2) / n)[held > 1].sum()
    z = st.norm.ppf(0.5 + level / 2)
    dependent = any(cluster is not None for cluster, _ in rows) or len(long) > len(rows)
    worth = n.copy()
    if dependent:
        # Welch's, with each part of the variance guessed from the mean and a cluster of ones and one of zeros.
        drawn = [(mean * held + 1) / (held + 2) for mean in (means, squares)]
        parts = (weights**2 * (drawn[1] - drawn[0] ** 2) / held)[held > 1]
        freedom = min(max(g - 1, 1), parts.sum() ** 2 / (parts**2 / np.maximum(held[held > 1] - 1, 1)).sum()) if len(parts) else 0
        if freedom > 0:
            few = (z / st.t.ppf(0.5 + level / 2, freedom)) ** 2
            worth = held * few
            if naive > 1e-15:
                influences = by_cluster @ weights if clustered else None
                worth = in_clusters(n / max(1.0, robust / naive), held if clustered else n, influences, freedom, level)
        worth = np.where(held > 1, worth, 1.0)
    if len(weights) > 2:
        centre, variance = moderated(weights, worth, means, squares, z**2 / len(weights), 0.5, 0.5, z)
        low, high = centre - z * math.sqrt(variance), centre + z * math.sqrt(variance)
    else:
        limits = [proportion_confint(m * w, w, 1 - level, "wilson") for m, w in zip(means, worth)]
        ends = [sorted((w * low, w * high)) for w, (low, high) in zip(weights, limits)]
        low = weights @ means - math.sqrt(sum((w * m - e[0]) ** 2 for w, m, e in zip(weights, means, ends)))
        high = weights @ means + math.sqrt(sum((w * m - e[1]) ** 2 for w, m, e in zip(weights, means, ends)))
    low = max(low, np.minimum(weights, 0).sum())
    high = min(high, np.maximum(weights, 0).sum())
    value = weights @ means
    return {
        "constant": constant, "weights": list(map(float, weights)), "level": level, "rows": rows,
        "value": constant + float(value),
        "interval": [constant + float(min(low, value)), constant + float(max(high, value))],
    }


shares = np.random.default_rng(20240301)


def draw(cases, terms, chance, clusters=None, overlapping=False):
    rows = []
    lift = shares.normal(0, 0.25, clusters or 1)
    for case in range(cases):
        cluster = None if clusters is None else int(shares.integers(clusters))
        p = np.clip(np.array(chance) + (0 if cluster is None else lift[cluster]), 0, 1)
        outcome = [float(x) for x in shares.random(terms) < p]
        held = shares.random(terms) < 0.6 if overlapping else np.arange(terms) == case % terms
        rows.append([cluster, [value if holds else None for value, holds in zip(outcome, held)]])
    return rows


oracle["sum_of_shares"] = [
    sum_of_shares(0.0, [1.0], draw(40, 1, [0.8]), 0.95),
    sum_of_shares(0.0, [1.0], draw(60, 1, [0.7], clusters=9), 0.95),
    sum_of_shares(0.0, [1.0], [[case // 4, [1.0]] for case in range(12)], 0.95),
    sum_of_shares(0.0, [1.0, -1.0], draw(80, 2, [0.7, 0.4]), 0.9),
    sum_of_shares(0.0, [1.0, -1.0], draw(120, 2, [0.7, 0.4], clusters=14), 0.95),
    sum_of_shares(-1 / 6, [1 / 6] * 7, draw(150, 7, [0.6] * 7), 0.95),
    sum_of_shares(-1 / 6, [1 / 6] * 7, draw(300, 7, [0.6] * 7, clusters=20), 0.95),
    sum_of_shares(-0.5, [0.5] * 3, [[None, [1.0 if case % 3 == term else None for term in range(3)]] for case in range(30)], 0.95),
    sum_of_shares(-0.5, [0.5] * 3, [[case // 6, [1.0 if case % 3 == term else None for term in range(3)]] for case in range(30)], 0.95),
    sum_of_shares(-0.5, [0.5] * 3, [[None, [[1.0, 1 / 3, 0.0, 1.0][case % 4] if case % 3 == term else None for term in range(3)]] for case in range(50)], 0.99),
    # Clusters that hold one term each, as templates hold one label; some terms from one cluster alone.
    sum_of_shares(-1 / 6, [1 / 6] * 7, [[case % 14, [float(shares.random() < 0.3 + 0.05 * (case % 14)) if case % 7 == term else None for term in range(7)]] for case in range(200)], 0.95),
    sum_of_shares(-0.5, [0.5] * 3, [[case % 5, [float(shares.random() < 0.6) if min(case % 5, 2) == term else None for term in range(3)]] for case in range(80)], 0.95),
    sum_of_shares(-0.5, [0.5] * 3, [[case % 3, [float(shares.random() < 0.6) if case % 3 == term else None for term in range(3)]] for case in range(80)], 0.95),
    sum_of_shares(0.0, [0.5, -0.5, 0.5, -0.5], draw(90, 4, [0.7, 0.2, 0.5, 0.3], overlapping=True), 0.95),
    sum_of_shares(0.0, [0.5, -0.5, 0.5, -0.5], draw(200, 4, [0.7, 0.2, 0.5, 0.3], clusters=11, overlapping=True), 0.95),
]

# Drawn apart, so that what follows stays as it was: strata of one case on one side and five on the other, labels of which
# some are rare, and clusters of 1, 3, 5, ... cases.
apart = np.random.default_rng(20240302)
rare = np.repeat(np.arange(12), [60, 40, 20, 10, 6, 4, 3, 2, 2, 1, 1, 1])


def right(chance, term, terms):
    return [float(apart.random() < chance) if own == term else None for own in range(terms)]


oracle["sum_of_shares"] += [
    sum_of_shares(0.0, [0.05] * 20 + [-0.05] * 20, [[None, right(0.7, case if case < 20 else 20 + case % 20, 40)] for case in range(120)], 0.95),
    sum_of_shares(0.0, [1 / 12] * 12, [[None, right(0.6, term, 12)] for term in rare], 0.95),
    sum_of_shares(0.0, [1.0], [[math.isqrt(case), right(0.7, 0, 1)] for case in range(100)], 0.95),
    sum_of_shares(-0.5, [0.5] * 3, [[math.isqrt(case), right(0.7, case % 3, 3)] for case in range(100)], 0.95),
]

# MOVER as printed by Zou & Donner (2008): squares of c e - min(c l, c u) and of c e - max(c l, c u).
terms = [(1.0, 0.4, 0.31, 0.52), (-0.5, 0.2, 0.17, 0.29), (2.0, 0.1, 0.02, 0.15)]
value = sum(c * e for c, e, _, _ in terms)
oracle["mover"] = {
    "terms": terms,
    "value": value,
    "low": value - math.sqrt(sum((c * e - min(c * l, c * u)) ** 2 for c, e, l, u in terms)),
    "high": value + math.sqrt(sum((c * e - max(c * l, c * u)) ** 2 for c, e, l, u in terms)),
}

# Means and correlations --------------------------------------------------------------------------
oracle["student_t"] = [
    {
        "mean": mean,
        "deviation": deviation,
        "n": n,
        "level": level,
        "interval": list(map(float, st.t.interval(level, n - 1, mean, deviation / math.sqrt(n)))),
    }
    for mean, deviation, n in [(0.3, 1.2, 2), (-4.0, 0.5, 7), (0.01, 0.2, 400), (1e3, 5.0, 1_000_000)]
    for level in (0.8, 0.95, 0.99)
]
oracle["fisher_z"] = []
for n in (5, 40, 2000):
    x = rng.normal(size=n)
    result = st.pearsonr(x, 0.5 * x + rng.normal(size=n))
    for level in (0.9, 0.95):
        limits = result.confidence_interval(level)
        oracle["fisher_z"].append(
            {"r": float(result.statistic), "n": n, "level": level, "interval": [float(limits.low), float(limits.high)]}
        )

# Bootstrap limits from replicates that scipy is handed instead of drawing its own.
data = np.round(rng.exponential(size=25), 6)
replicates = np.round([rng.choice(data, len(data)).mean() for _ in range(299)], 6)
oracle["replicates"] = {
    "estimate": float(data.mean()),
    "jackknife": [float(np.delete(data, i).mean()) for i in range(len(data))],
    "replicates": replicates.tolist(),
}
for method in ("percentile", "BCa"):
    drawn = SimpleNamespace(bootstrap_distribution=replicates)
    result = st.bootstrap((data,), np.mean, n_resamples=0, bootstrap_result=drawn, method=method, confidence_level=0.9)
    limits = result.confidence_interval
    oracle["replicates"][method.lower()] = [float(limits.low), float(limits.high)]

# The tail of Hesterberg (2015): replicates of n units spread too little, and Student's quantiles lie further out.
oracle["expanded_tail"] = [
    {"level": level, "n": n, "tail": float(st.norm.sf(np.sqrt(n / (n - 1)) * st.t.isf((1 - level) / 2, n - 1)))}
    for level in (0.9, 0.95, 0.99)
    for n in (2, 6, 20, 100, 100_000)
]

# Degrees of freedom of a variance by the kurtosis of its values (O'Neill 2014, with the unbiased kurtosis), at most n - 1.
# A generator of their own, so that what follows is drawn as before.
own = np.random.default_rng(2014)
oracle["freedom"] = []
for values in (own.exponential(size=30), own.standard_t(3, size=200), own.uniform(size=12), own.normal(size=5)):
    values = np.round(values, 4)
    oracle["freedom"].append({"values": values.tolist(), "freedom": freedom(values)})

# Tests -------------------------------------------------------------------------------------------
oracle["paired_t"] = []
for n in (2, 9, 120):
    x, y = np.round(rng.normal(size=n), 4), np.round(rng.normal(0.2, 1, size=n), 4)
    result = st.ttest_rel(x, y)
    oracle["paired_t"].append(
        {"x": x.tolist(), "y": y.tolist(), "statistic": float(result.statistic), "df": float(result.df), "p": float(result.pvalue)}
    )

oracle["wilcoxon"] = []
for differences in (
    np.array([0.4]),
    np.round(rng.normal(0.3, 1, 11), 5),
    np.round(rng.normal(0.3, 1, 50), 5),
    np.array([1, 1, -2, 3, 0, 3, -1, 4, 5, -3, 2, 0]),  # exact over all sign flips
    np.round(rng.normal(0.2, 1, 80), 1),  # ties and zeros, normal
    np.round(rng.normal(0.1, 1, 400), 5),
):
    result = st.wilcoxon(differences)
    oracle["wilcoxon"].append(
        {"differences": [float(d) for d in differences], "statistic": float(result.statistic), "p": float(result.pvalue)}
    )

# Differences that only rounding tells apart or from 0; scipy is given them as they are on paper.
for exact, differences in (
    ([0] * 20 + [8 / 30], [0.1 - (0.1 + 0.1 + 0.1) / 3] * 20 + [0.9 / 3 - 0.1 / 3]),
    ([0.1] * 14 + [-0.1] * 6, [(k + 1) / 10 - k / 10 for k in range(14)] + [k / 10 - (k + 1) / 10 for k in range(2, 8)]),
):
    ranks = [d for d in exact if d]
    statistic = lambda x: min(st.rankdata(np.abs(x))[np.array(x) > 0].sum(), st.rankdata(np.abs(x))[np.array(x) < 0].sum())
    # One rank for all: how many are positive is binomial.
    p = st.binomtest(sum(d > 0 for d in ranks), len(ranks)).pvalue
    assert differences != exact
    oracle["wilcoxon"].append({"differences": differences, "statistic": float(statistic(ranks)), "p": float(p)})

oracle["sign_flip"] = []
for differences in (
    np.array([0.4]),
    np.array([1, 1, -2, 3, 0, 3, -1, 4, 5, -3, 2, 0.0]),
    np.round(shares.normal(0.5, 1, 14), 5),
    np.round(shares.normal(0.2, 1, 16), 5),
    np.round(shares.normal(0.2, 1, 60), 5),  # drawn: the p-value has the error of 9,999 draws
):
    result = st.permutation_test(
        (differences,), lambda x, axis: x.sum(axis=axis), permutation_type="samples", vectorized=True, n_resamples=100_000, rng=1
    ) if len(differences) > 1 else SimpleNamespace(statistic=differences.sum(), pvalue=1.0)
    oracle["sign_flip"].append({"differences": list(map(float, differences)), "statistic": float(result.statistic), "p": float(result.pvalue)})

# Mid-p after Fagerland, Lydersen & Laake (2013), whose first example (1, 7) has .0703 and .0391.
oracle["mcnemar"] = []
for b, c in [(0, 0), (0, 1), (1, 7), (6, 6), (59, 86), (5000, 5200), (499_000, 501_000)]:
    exact = float(mcnemar([[0, b], [c, 0]], exact=True).pvalue) if b + c else 1.0
    at_hand = float(st.binom.pmf(min(b, c), b + c, 0.5))
    mid = exact - (at_hand / 2 if b == c else at_hand) if b + c else 1.0
    oracle["mcnemar"].append({"b": b, "c": c, "exact": exact, "mid_p": mid})

oracle["binomial_exact"] = [
    {"k": k, "n": n, "probability": p, "p": float(st.binomtest(k, n, p).pvalue)}
    for k, n, p in [(0, 1, 0.5), (3, 15, 0.1), (15, 15, 0.9), (6, 12, 0.5), (0, 40, 0.02), (14, 40, 0.6), (801, 1000, 0.77), (9, 10, 0.3), (300_500, 1_000_000, 0.3)]
]
oracle["two_proportion_z"] = []
for a, m, b, n in [(5, 20, 9, 21), (0, 30, 4, 31), (410, 1000, 380, 1000)]:
    z, p = proportions_ztest([a, b], [m, n])
    oracle["two_proportion_z"].append({"first": [a, m], "second": [b, n], "statistic": float(z), "p": float(p)})

# Many tests --------------------------------------------------------------------------------------
oracle["multiplicity"] = []
for p in (
    [0.04],
    [0.01, 0.04, 0.03, 0.005, 0.55],
    [0.02, 0.02, 0.5, 0.02, 1.0, 0.0, 0.5],
    np.round(rng.beta(0.4, 2, 40), 3).tolist(),
):
    adjusted = {m: multipletests(p, method=m)[1].tolist() for m in ("holm", "fdr_bh", "fdr_by")}
    oracle["multiplicity"].append({"p": p, **adjusted})

# Power -------------------------------------------------------------------------------------------
oracle["needed_n"] = []
for p, threshold, level in [(0.83, 0.8, 0.95), (0.7, 0.8, 0.95), (0.5, 0.45, 0.9), (1.0, 0.9, 0.99)]:
    n = 1
    while True:
        low, high = proportion_confint(p * n, n, alpha=1 - level, method="wilson")
        if low > threshold or high < threshold:
            break
        n += 1
    oracle["needed_n"].append({"p": p, "threshold": threshold, "level": level, "n": n})

# Of a share of `right` in n cases, from its interval alone: the smallest n at which the interval of the same share settles.
oracle["needed_n_of_share"] = []
for right, n, threshold, level in [(12, 12, 0.9, 0.95), (97, 100, 0.95, 0.95), (45, 100, 0.4, 0.95), (3, 40, 0.2, 0.9), (0, 25, 0.05, 0.99)]:
    p, cases = right / n, 1
    while (limits := proportion_confint(p * cases, cases, alpha=1 - level, method="wilson"))[0] <= threshold <= limits[1]:
        cases += 1
    oracle["needed_n_of_share"].append({"right": right, "of": n, "threshold": threshold, "level": level, "n": cases})

oracle["detectable"] = []
for n, level, power in [(100, 0.95, 0.8), (37, 0.9, 0.9), (1000, 0.99, 0.5)]:
    # A mean with a standard deviation of 1; the test of one sample that counts the nearer tail.
    found = lambda size: NormalIndPower().power(size, n, (1 - level) / 2, ratio=0, alternative="larger")
    half = float(st.norm.ppf(0.5 + level / 2) / math.sqrt(n))
    size = float(brentq(lambda size: found(size) - power, 1e-9, 10, xtol=1e-14))
    oracle["detectable"].append({"half_width": half, "level": level, "power": power, "size": size})

# Agreement ---------------------------------------------------------------------------------------
NO = None
# Krippendorff (2011), section C: .743 nominal, .815 ordinal, .849 interval.
PAPER = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NO, NO, NO],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NO, 3],
    [NO, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NO],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NO],
]


def alphas(raters, values):
    matrix = np.array([[np.nan if v is None else v for v in rater] for rater in raters], dtype=float)
    levels = {"nominal": "nominal", "ordinal": "ordinal", "interval": "interval"}
    return {
        name: float(krippendorff.alpha(matrix, level_of_measurement=level, value_domain=list(range(values))))
        for name, level in levels.items()
    }


oracle["alpha"] = []
shifted = [[NO if v is None else v - 1 for v in rater] for rater in PAPER]
truth = rng.integers(0, 7, 60)
noisy = [
    [NO if rng.random() < 0.3 else int(np.clip(t + rng.integers(-1, 2), 0, 6)) for t in truth] for _ in range(5)
]
for raters, values in ((shifted, 5), (noisy, 7)):
    units = [list(unit) for unit in zip(*raters)]
    oracle["alpha"].append({"values": values, "units": units, **alphas(raters, values)})
paper = oracle["alpha"][0]
assert [round(paper[m], 3) for m in ("nominal", "ordinal", "interval")] == [0.743, 0.815, 0.849]

scores = np.round(truth + rng.normal(size=(3, 60)), 3)
scores[rng.random(scores.shape) < 0.2] = np.nan
oracle["alpha_of_scores"] = {
    "units": [[float(v) for v in unit if not math.isnan(v)] for unit in scores.T],
    "alpha": float(krippendorff.alpha(scores, level_of_measurement="interval")),
}

oracle["confusion"] = []
for k in (2, 3, 6):
    gold = rng.integers(0, k, 150)
    predicted = np.where(rng.random(150) < 0.6, gold, rng.integers(0, k, 150))
    matrix = np.zeros((k, k), dtype=int)
    np.add.at(matrix, (gold, predicted), 1)
    oracle["confusion"].append(
        {
            "values": k,
            "matrix": matrix.ravel().tolist(),
            "kappa": float(cohen_kappa_score(gold, predicted)),
            "quadratic": float(cohen_kappa_score(gold, predicted, weights="quadratic")),
            **alphas([gold.tolist(), predicted.tolist()], k),
        }
    )

# Resampling --------------------------------------------------------------------------------------
GOLDEN, MASK = 0x9E3779B97F4A7C15, 2**64 - 1


def mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def weight(seed, cluster, replicate):
    stream = mix(mix((seed + GOLDEN) & MASK) ^ replicate)
    return int(st.poisson.ppf(mix((stream + cluster * GOLDEN) & MASK) / 2**64, 1))


# The first output of the published SplitMix64 generator started at zero.
assert mix(GOLDEN) == 0xE220A8397B1DCDAF
oracle["cluster_weight"] = [
    {"seed": seed, "replicate": replicate, "weights": [weight(seed, cluster, replicate) for cluster in range(40)]}
    for seed, replicate in [(0, 0), (42, 3), (2**64 - 1, 999)]
]

# Arrays of numbers on one line each keep the file readable.
print("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in oracle.items()) + "\n}")
