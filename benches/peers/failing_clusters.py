"""How often intervals of a share hold it in clusters of which some fail as wholes: Wilson's with the trials that the design
effect leaves (Korn & Graubard 1998), with G - 1 degrees of freedom, and with those that the kurtosis of clusters leaves
(O'Neill 2014), where clusters that are each like one case are the worst.

    pip install numpy==2.4.6 scipy==1.17.1
    python benches/peers/failing_clusters.py

Clusters have 20 cases, and their shares right follow a beta distribution.
"""

import numpy as np
from scipy.stats import norm, t

DRAWS, SIZE, Z = 8000, 20, norm.ppf(0.975)


def wilson(share, trials):
    centre = (share + Z**2 / 2 / trials) / (1 + Z**2 / trials)
    half = Z * np.sqrt(share * (1 - share) / trials + Z**2 / 4 / trials**2) / (1 + Z**2 / trials)
    return centre - half, centre + half


def tails(shares):
    """Degrees of freedom of the variance between clusters, by the unbiased kurtosis; at most as of normal values."""
    n = shares.shape[1]
    apart = shares - shares.mean(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        excess = (apart**4).mean(axis=1) / (apart**2).mean(axis=1) ** 2 - 3
    kurtosis = 3 + (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6)
    freedom = 2 * n / (kurtosis - (n - 3) / (n - 1))
    return np.clip(np.where(freedom > 0, freedom, n - 1), 1, n - 1)


def intervals(shares):
    n = shares.shape[1]
    share = shares.mean(axis=1)
    independent = share * (1 - share) / (n * SIZE)
    between = shares.var(axis=1, ddof=1) / n
    effect = np.maximum(between / np.maximum(independent, 1e-300), 1)
    trials = np.where(independent > 0, n * SIZE / effect, n)
    part = lambda freedom: (Z / t.ppf(0.975, freedom)) ** 2
    least = np.minimum(trials, n) * part(n - 1)
    allowed = least if n < 6 else np.maximum(trials * part(tails(shares)), least)
    return wilson(share, trials * part(n - 1)), wilson(share, allowed)


rng = np.random.default_rng(2014)
print("| right, % | between | clusters | G - 1 held, % | with tails held, % | widths |")
print("|---:|---:|---:|---:|---:|---:|")
for right, between in [(0.8, 0.05), (0.8, 0.2), (0.95, 0.05), (0.95, 0.2), (0.95, 0.5), (0.99, 0.5)]:
    for clusters in [5, 10, 20, 60, 200]:
        sum_ = 1 / between - 1
        chances = rng.beta(sum_ * right, sum_ * (1 - right), (DRAWS, clusters))
        found = intervals(rng.binomial(SIZE, chances) / SIZE)
        held = [100 * ((low <= right) & (right <= high)).mean() for low, high in found]
        widths = [(np.minimum(high, 1) - np.maximum(low, 0)).mean() for low, high in found]
        print(f"| {100 * right:.0f} | {between} | {clusters} | {held[0]:.1f} | {held[1]:.1f} | {widths[0]:.2f}, {widths[1]:.2f} |")
