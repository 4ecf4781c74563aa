"""How often resampled intervals of weighted kappa hold the truth, by the level at which their limits stand.

    pip install numpy==2.4.6 scipy==1.17.1
    python benches/peers/resampled_weights.py

Three labels of which 80 % are found, lognormal weights; limits are BCa (Efron 1987) at Hesterberg's (2015) level for the
number of cases, for Kish's (1965) number, and for Kish's number with the variance never below that of as many cases of
equal weight. Prints the shares of draws as a table.
"""

import numpy as np
from scipy import stats

DRAWS, REPLICATES, LABELS, RIGHT = 400, 400, 3, 0.8
random = np.random.default_rng(1987)


def kappa(tables):
    share = tables / tables.sum((-1, -2), keepdims=True)
    chance = (share.sum(-1) * share.sum(-2)).sum(-1)
    return (np.trace(share, axis1=-2, axis2=-1) - chance) / (1 - chance)


def held(replicates, value, without, tail, truth):
    """Whether the limits beyond which a share of `tail` lies hold the truth."""
    bias = stats.norm.ppf((np.sum(replicates < value) + np.sum(replicates <= value)) / 2 / len(replicates))
    apart = without.mean() - without
    acceleration = (apart**3).sum() / (6 * (apart**2).sum() ** 1.5)
    shifted = bias + stats.norm.ppf([tail, 1 - tail])
    low, high = np.quantile(replicates, stats.norm.cdf(bias + shifted / (1 - acceleration * shifted)))
    return low <= truth <= high


truth = np.full((LABELS, LABELS), (1 - RIGHT) / (LABELS - 1))
np.fill_diagonal(truth, RIGHT)
truth = kappa(truth)
print("| spread of weights | n | for n, % | for Kish's n, % | never below Kish, % |")
print("|---:|---:|---:|---:|---:|")
for spread, n in ((0.5, 50), (1.0, 50), (1.0, 100)):
    counted = np.zeros(3)
    for _ in range(DRAWS):
        weights = np.exp(spread * random.standard_normal(n))
        gold, right = random.integers(0, LABELS, n), random.random(n) < RIGHT
        answers = np.where(right, gold, (gold + random.integers(1, LABELS, n)) % LABELS)
        cells = np.zeros((n, LABELS * LABELS))
        cells[np.arange(n), gold * LABELS + answers] = weights
        whole = cells.sum(0)
        tables = lambda masses: masses.reshape(-1, LABELS, LABELS)
        value, without = kappa(tables(whole))[0], kappa(tables(whole - cells))
        replicates = kappa(tables(random.multinomial(n, np.full(n, 1 / n), REPLICATES) @ cells))
        share, worth = weights / weights.sum(), weights.sum() ** 2 / (weights**2).sum()
        influence = (value - without) * (1 - share) / share
        ratio = (share * influence**2).sum() / (worth - 1) / ((share * influence) ** 2).sum()
        level = lambda units, shortfall: stats.norm.cdf(-np.sqrt(shortfall) * stats.t.ppf(0.975, units - 1))
        usual = worth / (worth - 1)
        tails = level(n, n / (n - 1)), level(worth, usual), level(worth, max(ratio, usual))
        counted += [held(replicates, value, without, tail, truth) for tail in tails]
    shares = " | ".join(f"{100 * share:.1f}" for share in counted / DRAWS)
    print(f"| {spread} | {n} | {shares} |", flush=True)
