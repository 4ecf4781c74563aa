"""Means over cases whose value hangs on whether something held, with values added as if it had held and as if it had not
(Agresti & Coull 1998; Price & Bonett 2004): what the oracles of such means have in common."""

import math

import numpy as np
import pandas as pd
import scipy.stats as st
import statsmodels.api as sm
from statsmodels.stats.weightstats import DescrStatsW

from long_tailed import freedom
from shares import kish

LEAST = 1e-6


def value(measure, p, gold, answer, several):
    """What one case costs, from the definition of the measure. `gold` and `answer` are rows of booleans."""
    q = np.clip(p, LEAST, 1)
    if measure == "overconfidence":
        return np.mean(p - gold) if several else p[answer].sum() - (gold & answer).any()
    if measure == "brier":
        return np.mean((p - gold) ** 2) if several else ((p - gold) ** 2).sum() + (1 - p.sum()) ** 2
    return -np.mean(np.where(gold, np.log(q), np.log(np.clip(1 - p, LEAST, 1)))) if several else -np.log(q[gold]).sum()


def supposed(measure, p, answer, several, weight):
    """(held or not, weight, value) of what the case might have been."""
    if several:
        yield True, weight, value(measure, p, answer, answer, True)
        for label in range(len(p)):
            turned = answer.copy()
            turned[label] = ~turned[label]
            yield False, weight * max(1 - p[label] if answer[label] else p[label], LEAST), value(measure, p, turned, answer, True)
    else:
        for label in range(len(p)):
            gold = np.arange(len(p)) == label
            yield bool(answer[label]), weight * max(p[label], LEAST), value(measure, p, gold, answer, False)


def interval(terms, level, span):
    """Value and interval of a sum of terms of (coefficient, [(cluster, weight, value)], [supposed], {held or not seen})."""
    parts, alike = [], []
    for coefficient, rows, might, seen in terms:
        groups, weights, values = (np.array(column) for column in zip(*rows))
        fit = sm.WLS(values, np.ones((len(values), 1)), weights=weights)
        fit = fit.fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
        equal, cases = kish(pd.Series(weights).groupby(groups).sum()), kish(weights)
        linearised = fit.cov_params()[0, 0] * equal / (equal - 1)
        own = DescrStatsW(values, weights=weights)
        independent = own.var / (cases - 1)
        variance = max(linearised, independent)
        worth = cases * independent / variance if len(seen) == 2 else equal
        halves = [np.array([(m, v) for held, m, v in might if held == side]) for side in (False, True)]
        halves = [half for half in halves if len(half)]
        values_of = np.concatenate([half[:, 1] for half in halves])
        weights_of = np.concatenate([half[:, 0] / half[:, 0].sum() / len(halves) for half in halves])
        scores = pd.Series(weights * fit.resid / weights.sum() * math.sqrt(equal / (equal - 1))).groupby(groups).sum()
        parts.append([coefficient, own, values, weights / weights.sum(), worth, variance, equal - 1, values_of, weights_of, scores])
        # The same with clusters that are alike inside: each is one value.
        alike.append([*parts[-1][:4], min(worth, equal), max(variance, independent * cases / equal), *parts[-1][6:]])
    usual = limits(parts, level, span)
    if all(one[5] <= part[5] * (1 + 1e-12) for one, part in zip(alike, parts)):
        return usual[:2]
    tailed = [[*part[:6], min(part[6], freedom(part[9].to_numpy()) if len(part[9]) > 3 else part[6]), *part[7:]] for part in parts]
    tailed, alike = limits(tailed, level, span), limits(alike, level, span)
    width = lambda found: found[1][1] - found[1][0]
    return (alike if usual[2] < 4.5 or width(alike) < width(tailed) else tailed)[:2]


def limits(parts, level, span):
    def with_added(number):
        centre, variances, shares = 0, [], []
        for coefficient, own, values, weights, worth, variance, _, values_of, weights_of, _ in parts:
            both = DescrStatsW(np.concatenate([values, values_of]), weights=np.concatenate([worth * weights, number * weights_of]))
            share = worth / (worth + number)
            centre += coefficient * both.mean
            # The variance of the mean of all, with that of the values themselves as it is over clusters.
            variances.append(coefficient**2 * (both.var / (worth + number) + share**2 * (variance - own.var / worth)))
            shares.append(share)
        return centre, np.array(variances), shares

    z = st.norm.ppf(0.5 + level / 2)
    _, variances, _ = with_added(z**2 / len(parts))
    freedoms = np.array([max(part[6], 1) for part in parts])
    freedom = variances.sum() ** 2 / (variances**2 / freedoms).sum()
    # However many terms share a cluster, all clusters together leave one degree of freedom less than they are.
    if len(parts) > 1:
        freedom = min(freedom, len(set().union(*(part[9].index for part in parts))) - 1)
    t = st.t.ppf(0.5 + level / 2, freedom)
    centre, variances, shares = with_added(t**2 / len(parts))
    # What terms have in common: their clusters.
    scores = [part[0] * share * part[9] for part, share in zip(parts, shares)]
    together = (pd.concat(scores, axis=1).fillna(0).sum(axis=1) ** 2).sum() - sum((score**2).sum() for score in scores)
    # A variance below that of independent values is raised for each term by itself.
    half = t * math.sqrt(variances.sum() + together)
    mean = sum(part[0] * part[1].mean for part in parts)
    return float(mean), [float(min(max(centre - half, span[0]), mean)), float(max(min(centre + half, span[1]), mean))], freedom
