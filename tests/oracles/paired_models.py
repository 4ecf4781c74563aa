"""Two models' answers to the same cases: differences of accuracy and skill with intervals, and McNemar's test.

Values come from scikit-learn, variances from statsmodels' cluster-robust least squares on the differences within cases,
McNemar's exact p from statsmodels and its mid-p from scipy's binomial distribution. Where cases are independent, the
interval of accuracy is that of Bonett & Price (2012) as they print it. Writes paired_models.json beside this script.

Run: python tests/oracles/paired_models.py   (numpy 2, scipy 1, scikit-learn 1, statsmodels 0.14 or later)
"""

import json
import math
import pathlib

import numpy as np
import pandas as pd
import scipy.stats as st
import statsmodels.api as sm
from sklearn.metrics import accuracy_score, balanced_accuracy_score
from statsmodels.stats.contingency_tables import mcnemar

from shares import in_clusters, kish

Z = st.norm.ppf(0.975)


def draw(rng, n, clusters, golds, skills, alike):
    """Rows of cluster, gold, first and second answer; clusters share how hard they are."""
    hard = rng.normal(size=clusters or 1)
    rows = []
    for case in range(n):
        cluster = int(case % clusters) if clusters else None
        gold = int(rng.choice(golds))
        luck = rng.normal()
        answers = []
        for skill in skills:
            own = alike * luck + math.sqrt(1 - alike**2) * rng.normal()
            right = own + (0.8 * hard[cluster] if clusters else 0.0) < skill
            answers.append(gold if right else int(rng.choice([label for label in range(3) if label != gold])))
        rows.append([cluster, gold, *answers])
    return rows


def interval(values, terms, weights, groups):
    """A weighted sum of means of differences: Bonett & Price's two added cases shared out among the means."""
    columns = (terms[:, None] == np.arange(len(weights))).astype(float)
    weights = np.array(weights)
    n = columns.sum(axis=0)
    fit = sm.OLS(values, columns)
    means = fit.fit().params
    squares = np.array([(values[terms == term] ** 2).mean() for term in range(len(weights))])
    worth = n.copy()
    if groups is not None:
        # Clusters of unequal sizes are worth as many of equal size as Kish (1965) has it, term by term.
        own = [pd.Series(1.0, groups[terms == term]).groupby(level=0).sum() for term in range(len(weights))]
        held = np.array([kish(sizes) for sizes in own])
        robust = fit.fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
        scores = robust.resid[:, None] * columns / n * np.sqrt(held / (held - 1))
        robust = (pd.Series(scores @ weights).groupby(groups).sum() ** 2).sum()
        naive = (weights**2 * (squares - means**2) / n).sum()
        g = kish(pd.Series((np.abs(weights) / n)[terms]).groupby(groups).sum())
        # Welch's degrees of freedom, each part guessed from the mean and a cluster of ones and one of zeros.
        drawn = [(mean * held + 1) / (held + 2) for mean in (means, squares)]
        parts = weights**2 * (drawn[1] - drawn[0] ** 2) / held
        freedom = min(max(g - 1, 1), parts.sum() ** 2 / (parts**2 / np.maximum(held - 1, 1)).sum())
        influences = pd.Series(scores @ weights).groupby(groups).sum().to_numpy()
        worth = in_clusters(n / max(1.0, robust / naive), held, influences, freedom, 0.95)
    added = 2 / len(weights)
    # Each variance is drawn to that of all means taken together, by z^2 degrees of freedom (Smyth 2004).
    enlarged = worth + added
    centred, second = means * worth / enlarged, (squares * worth + added) / enlarged
    part = weights**2 / enlarged
    of_all = np.average(second, weights=part) - np.average(centred, weights=part) ** 2
    freedom = np.maximum(worth - 1, 0)
    spread = (Z**2 * of_all + freedom * (second - centred**2)) / (Z**2 + freedom)
    centre, half = weights @ centred, Z * math.sqrt((part * spread).sum())
    return [float(weights @ means), float(centre - half), float(centre + half)]


def oracle(rows):
    cluster, gold, first, second = (np.array(column) for column in zip(*rows))
    groups = None if rows[0][0] is None else cluster.astype(int)
    right = [(answers == gold).astype(float) for answers in (first, second)]
    accuracy = interval(right[0] - right[1], np.zeros(len(rows), int), [1.0], groups)
    assert np.isclose(accuracy[0], accuracy_score(gold, first) - accuracy_score(gold, second))
    b, c = int((right[0] > right[1]).sum()), int((right[0] < right[1]).sum())
    if groups is None:
        p12, p21, n = (b + 1) / (len(rows) + 2), (c + 1) / (len(rows) + 2), len(rows)
        half = Z * math.sqrt((p12 + p21 - (p12 - p21) ** 2) / (n + 2))
        assert np.allclose(accuracy[1:], [p12 - p21 - half, p12 - p21 + half])

    labels = sorted(set(gold.tolist()))
    k = len(labels)

    def worth(answers):
        elsewhere = ~np.isin(answers, labels)
        return np.where(elsewhere, 1 / k, (answers == gold).astype(float))

    place = np.array([labels.index(label) for label in gold])
    skill = interval(worth(first) - worth(second), place, [1 / (k - 1)] * k, groups)
    if k == 3:
        of = lambda answers: balanced_accuracy_score(gold, answers, adjusted=True)
        assert np.isclose(skill[0], of(first) - of(second))

    exact = float(mcnemar([[0, b], [c, 0]], exact=True).pvalue)
    point = st.binom.pmf(min(b, c), b + c, 0.5)
    return {
        "rows": rows,
        "accuracy": accuracy,
        "skill": skill,
        "only": [b, c],
        "mcnemar": {"exact": exact, "mid_p": float(exact - (point / 2 if b == c else point))},
    }


rng = np.random.default_rng(20)
worlds = [
    oracle(draw(rng, 240, None, [0, 0, 1, 2], [0.9, 0.5], 0.8)),
    oracle(draw(rng, 240, None, [0, 0, 2], [0.7, 0.7], 0.9)),
    oracle(draw(rng, 480, 16, [0, 0, 1, 2], [1.1, 0.6], 0.8)),
    oracle(draw(rng, 60, None, [0, 1, 2], [2.2, 2.0], 0.5)),
]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(worlds, separators=(",", ":")) + "\n")
for world in worlds:
    print(len(world["rows"]), world["accuracy"], world["skill"], world["only"], world["mcnemar"])
