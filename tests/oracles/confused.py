"""Reference values for src/measure/confusion.rs: the limits of Clopper & Pearson (1934) for pairs of labels, at the level
that holds for all pairs together (Bonferroni), and in clusters with the trials of Korn & Graubard (1998).

    pip install numpy==2.4.6 scipy==1.17.1
    python tests/oracles/confused.py
"""

import numpy as np
import scipy.stats as st

from shares import in_clusters


def clopper_pearson(k, n, alpha):
    return [float(st.beta.ppf(alpha / 2, k, n - k + 1)), float(st.beta.ppf(1 - alpha / 2, k + 1, n - k))]


def korn_graubard(clusters, alpha):
    """Clusters of equal size: variance of a ratio over clusters, as many trials as it is worth, fewer for few clusters."""
    right, of = np.array(clusters, float).T
    share, n, g = right.sum() / of.sum(), of.sum(), len(of)
    variance = g / (g - 1) * np.square(right - share * of).sum() / n**2
    trials = in_clusters(min(n, share * (1 - share) / variance), g, right - share * of, g - 1, 1 - alpha)
    return clopper_pearson(share * trials, trials, alpha)


print("3 of 36, four pairs", clopper_pearson(3, 36, 0.05 / 4))
print("2 of 5, six pairs", clopper_pearson(2, 5, 0.05 / 6))
print("eight clusters of six, two pairs", korn_graubard([(4, 6), (3, 6)] + [(0, 6)] * 5 + [(1, 6)], 0.05 / 2))
