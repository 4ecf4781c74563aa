"""How often percentile and BCa intervals (scipy's formulas) of measures of the whole table hold the truth.

    pip install numpy==2.4.6 scipy==1.17.1
    python benches/peers/bootstrap.py

Draws tables of independent cases whose truth is known, resamples their cells, and prints the share of 95 % intervals that
hold it, above and below. The jackknife of BCa leaves out one case of each cell.
"""

import numpy as np
from scipy.stats import norm

rng = np.random.default_rng(1987)
DRAWS, REPLICATES, LABELS = 500, 500, 3


def table(cells):
    return cells.reshape(*cells.shape[:-1], LABELS, LABELS)


def kappa(cells):
    t = table(cells)
    n, seen = cells.sum(-1), np.trace(t, axis1=-2, axis2=-1)
    chance = (t.sum(-1) * t.sum(-2)).sum(-1) / n
    return (seen - chance) / (n - chance)


def quadratic_kappa(cells):
    t, k = table(cells), np.arange(LABELS)
    squares = (k[:, None] - k) ** 2
    chance = t.sum(-1)[..., :, None] * t.sum(-2)[..., None, :] / cells.sum(-1)[..., None, None]
    return 1 - (t * squares).sum((-2, -1)) / (chance * squares).sum((-2, -1))


def macro_f1(cells):
    t = table(cells)
    right, both = np.diagonal(t, axis1=-2, axis2=-1), t.sum(-1) + t.sum(-2)
    return np.nanmean(np.where(both > 0, 2 * right / both, np.nan), axis=-1)


def rank_error(cells):
    k = np.arange(LABELS)
    return (table(cells) * np.abs(k[:, None] - k)).sum((-2, -1)) / cells.sum(-1)


def bca(measure, drawn, replicates, value):
    share = ((replicates < value).mean() + (replicates == value).mean() / 2)
    if not 0 < share < 1:
        return None
    bias = norm.ppf(share)
    occurring = np.flatnonzero(drawn)
    left_out = measure(drawn - np.eye(len(drawn))[occurring])
    times = drawn[occurring]
    away = np.average(left_out, weights=times) - left_out
    spread = (times * away**2).sum()
    if spread == 0:
        return None
    acceleration = (times * away**3).sum() / (6 * spread**1.5)
    shifted = bias + norm.ppf([0.025, 0.975])
    return np.quantile(replicates, norm.cdf(bias + shifted / (1 - acceleration * shifted)))


print("| measure | right | n | percentile held, % | above | below | BCa held, % | above | below | BCa without a value, % |")
print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
for measure in [kappa, quadratic_kappa, macro_f1, rank_error]:
    for right in [0.6, 0.9]:
        for n in [30, 100, 500]:
            truth = np.full((LABELS, LABELS), (1 - right) / 2)
            np.fill_diagonal(truth, right)
            truth = truth.ravel() / LABELS
            target = float(measure(truth))
            counted = np.zeros((2, 3))
            undefined = 0
            for _ in range(DRAWS):
                drawn = rng.multinomial(n, truth).astype(float)
                with np.errstate(all="ignore"):
                    value = measure(drawn)
                    replicates = measure(rng.multinomial(n, drawn / n, REPLICATES).astype(float))
                    replicates = replicates[np.isfinite(replicates)]
                    limits = [np.quantile(replicates, [0.025, 0.975]), bca(measure, drawn, replicates, value)]
                undefined += limits[1] is None
                for kind, found in enumerate(limits):
                    if found is not None:
                        counted[kind] += [found[0] <= target <= found[1], found[0] > target, found[1] < target]
            shares = 100 * counted / counted.sum(1, keepdims=True)
            cells = [*shares[0], *shares[1], 100 * undefined / DRAWS]
            print(f"| {measure.__name__.replace('_', '-')} | {right} | {n} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |", flush=True)
