"""Reference values for src/measure/curve/selective.rs: the accuracy of the surest tenths of cases in clusters, where the
line between them and the others is itself estimated.

    pip install numpy==2.4.6 scipy==1.17.1
    python tests/oracles/selective.py
"""

import numpy as np
import scipy.stats as st

from shares import in_clusters, kish

Z = st.norm.ppf(0.975)
case = np.arange(240)
stated = (case * 37 % 240) // 2 / 120
cluster = case // 12
# Whole clusters are surer than others, and a surer case is right more often.
stated = np.round((stated + cluster % 5) / 5, 12)
right = ((case * 101 % 97) / 97 < 0.25 + 0.7 * stated).astype(float)


def by_cluster(values):
    return np.bincount(cluster, weights=values)


def interval(mean, n, influence, sizes):
    """Wilson's, with the trials that the influence over clusters leaves and Student's quantile over the normal one."""
    g = kish(sizes[sizes > 0])
    trials = n / max(np.square(by_cluster(influence)).sum() / (mean * (1 - mean) / n), 1)
    trials = in_clusters(trials, g, by_cluster(influence)[by_cluster(influence != 0) > 0], g - 1, 0.95)
    centre = (mean + Z**2 / 2 / trials) / (1 + Z**2 / trials)
    half = Z * np.sqrt(mean * (1 - mean) / trials + Z**2 / 4 / trials**2) / (1 + Z**2 / trials)
    return centre - half, centre + half


for tenth in range(2, 11):
    line = np.sort(stated)[::-1][len(case) * tenth // 10 - 1]
    above = stated >= line
    n, share, mean = above.sum(), above.mean(), right[above].mean()
    # The share right of as many cases on either side of the line as Hall & Sheather's bandwidth says.
    reach = min((3 * Z**2 / (4 * np.pi * len(case))) ** (1 / 3), 0.5, share, 1 - share)
    descending = np.sort(stated)[::-1]
    at = [descending[min(max(int(np.ceil(round(place * 240, 9))), 1), 240) - 1] for place in (share - reach, share + reach)]
    near = (stated <= at[0]) & (stated >= at[1])
    sizes, everything = by_cluster(above), by_cluster(np.ones(240))
    enlarged = lambda sizes: np.sqrt(kish(sizes[sizes > 0]) / (kish(sizes[sizes > 0]) - 1))
    known = enlarged(sizes) * np.where(above, right - mean, 0) / n
    moved = enlarged(everything) * (mean - right[near].mean()) / share * (above - share) / len(case)
    intervals = [interval(mean, n, known, sizes), interval(mean, n, known + moved, sizes)]
    widest = max(intervals, key=lambda limits: limits[1] - limits[0])
    print((int(n), float(mean), *map(float, widest)), "wider" if widest == intervals[1] and n < 240 else "")
