"""Reference values for measures of scores, computed outside the crate.

    pip install numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 scikit-learn==1.9.1 statsmodels==0.15.0 uncertainty-calibration==0.1.4
    python tests/oracles/scores.py > tests/oracles/scores.json

Seeded: the same versions print the same file.
"""

import json

import numpy as np
from calibration import utils
from scipy import stats
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from long_tailed import freedom
from supposed import interval, supposed

rng = np.random.default_rng(20261121)
oracle = {}


def delong(scores, positive):
    """DeLong's variance from its definition, pair by pair, and what each case does to the value."""
    x, y = scores[positive], scores[~positive]
    above = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    v10, v01 = above.mean(1), above.mean(0)
    parts = [(v - v.mean()) / len(v) * np.sqrt(len(v) / (len(v) - 1)) for v in (v10, v01)]
    return float(v10.var(ddof=1) / len(x) + v01.var(ddof=1) / len(y)), np.concatenate(parts)


# Area under the curve -------------------------------------------------------------------------------
oracle["auc"] = []
for with_, without, apart, decimals in [(7, 12, 1.0, 3), (40, 400, 0.5, 1), (150, 90, 2.0, 4), (2, 2, 9.0, 2), (25, 25, 50.0, 3)]:
    positive = np.r_[np.ones(with_, bool), np.zeros(without, bool)]
    order = rng.permutation(len(positive))
    scores = np.round(rng.normal(size=len(positive)) + apart * positive, decimals)[order]
    positive = positive[order]
    value = float(roc_auc_score(positive, scores))
    variance, parts = delong(scores, positive)
    n = len(positive)
    worth = value * (1 - value) / variance if variance > 0 else min(with_, without)
    z, t = stats.norm.ppf(0.975), stats.t.ppf(0.975, freedom(parts) if variance > 0 else n - 1)
    worth *= (z / t) ** 2
    low, high = proportion_confint(value * worth, worth, alpha=0.05, method="wilson")
    oracle["auc"].append({
        "scores": scores.tolist(), "positive": positive.tolist(), "value": value, "variance": variance,
        "interval": [float(low), float(high)],
    })

# Means of probabilities -----------------------------------------------------------------------------
oracle["probabilities"] = []
for n, labels, clusters in [(60, 3, None), (200, 7, None), (120, 4, 20)]:
    rows = rng.dirichlet(np.full(labels, 0.7), n)
    gold = np.array([rng.choice(labels, p=0.7 * row + 0.3 / labels) for row in rows])
    gold[:labels] = range(labels)
    number = rng.integers(0, clusters, n) if clusters else np.arange(n)
    hot = np.eye(labels)[gold]
    brier = ((rows - hot) ** 2).sum(1)
    loss = -np.log(np.clip(rows[np.arange(n), gold], 1e-6, 1))
    over = rows.max(1) - (rows.argmax(1) == gold)
    assert np.isclose(brier.mean(), brier_score_loss(gold, rows, scale_by_half=False, labels=list(range(labels))))
    assert np.isclose(loss.mean(), log_loss(gold, np.clip(rows, 1e-6, None), labels=list(range(labels))), atol=1e-5)
    case = {"rows": rows.tolist(), "gold": gold.tolist(), "clusters": number.tolist() if clusters else None,
            "auc": float(roc_auc_score(gold, rows, multi_class="ovr", average="macro"))}
    for name, values, lowest, highest in [("brier", brier, 0, 2), ("log-loss", loss, 0, -np.log(1e-6)), ("overconfidence", over, -1, 1)]:
        # With cases added as if they had been right and as if they had not.
        answers = np.eye(labels)[rows.argmax(1)] > 0
        of_cases = [(int(cluster), 1, float(value)) for cluster, value in zip(number, values)]
        might = [one for row, answer in zip(rows, answers) for one in supposed(name, row, answer, False, 1)]
        seen = set((rows.argmax(1) == gold).tolist())
        mean, (low, high) = interval([(1, of_cases, might, seen)], 0.95, (lowest, highest))
        assert np.isclose(mean, values.mean())
        case[name] = [mean, low, high]
    oracle["probabilities"].append(case)

# Calibration error ----------------------------------------------------------------------------------
oracle["calibration"] = []
for n, shift in [(300, 0.0), (600, 0.1), (3000, -0.2)]:
    stated = rng.beta(3, 1.5, n)
    right = rng.random(n) < np.clip(stated - shift, 0, 1)
    binned = utils.bin(list(zip(stated.tolist(), right.astype(float).tolist())), utils.get_equal_bins(stated.tolist(), 15))
    square = float(utils.unbiased_square_ce(binned))
    oracle["calibration"].append({"stated": stated.tolist(), "right": right.tolist(), "value": max(square, 0.0) ** 0.5})

# Welch's interval: two means of unlike spread ---------------------------------------------------------
a, b = rng.normal(0.2, 0.3, 14).clip(-1, 1), rng.normal(0.0, 0.1, 90).clip(-1, 1)
welch = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
oracle["welch"] = {"first": a.tolist(), "second": b.tolist(), "value": float(a.mean() - b.mean()), "interval": [float(welch.low), float(welch.high)]}

# One person against the others ------------------------------------------------------------------------
people = []
for raters, labels, n in [(5, 3, 40), (3, 4, 60)]:
    truth = rng.integers(0, labels, n)
    said = np.where(rng.random((n, raters)) < 0.6, truth[:, None], rng.integers(0, labels, (n, raters)))
    gold, answer = [], []
    for row in said:
        for one in range(raters):
            counts = np.bincount(np.delete(row, one), minlength=labels)
            if (counts == counts.max()).sum() == 1:
                gold.append(int(counts.argmax()))
                answer.append(int(row[one]))
    gold, answer = np.array(gold), np.array(answer)
    recall = np.mean([(answer[gold == label] == label).mean() for label in sorted(set(gold.tolist()))])
    k = len(set(gold.tolist()))
    people.append({"counts": [np.bincount(row, minlength=labels).tolist() for row in said], "n": len(gold), "skill": float((k * recall - 1) / (k - 1))})
oracle["rater_skill"] = people

print(json.dumps(oracle))
