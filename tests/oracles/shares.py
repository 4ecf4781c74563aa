"""What the oracles of sums of shares have in common, with and without weights."""

import numpy as np
import scipy.stats as st

from long_tailed import freedom as of_tails


def kish(sizes):
    """As how many of equal size, or weight, these count (Kish 1965)."""
    sizes = np.asarray(list(sizes), float)
    return sizes.sum() ** 2 / (sizes**2).sum()


def moderated(weights, worth, means, squares, values, mean, square, z):
    """Sum and variance with added values; variances drawn to that of the shares of one sign taken together, by z^2
    degrees of freedom (Smyth 2004)."""
    enlarged = worth + values
    means = (means * worth + values * mean) / enlarged
    squares = (squares * worth + values * square) / enlarged
    own = squares - means**2
    drawn = own.copy()
    for side in (weights > 0, weights < 0):
        if side.any():
            part = weights[side] ** 2 / enlarged[side]
            of_all = np.average(squares[side], weights=part) - np.average(means[side], weights=part) ** 2
            freedom = np.maximum(worth[side] - 1, 0)
            drawn[side] = (z**2 * of_all + freedom * own[side]) / (z**2 + freedom)
    return weights @ means, (weights**2 * drawn / enlarged).sum()


def in_clusters(trials, alike, influences, freedom, level):
    """What shares are worth of so many trials by their design effect, where they come from so many clusters of equal size
    that do so much to the sum. Student's quantile has no more degrees of freedom than the kurtosis of what clusters do
    leaves; at worst each cluster is like one case, and fewer than six clusters are from the start."""
    part = lambda freedom: (st.norm.ppf(0.5 + level / 2) / st.t.ppf(0.5 + level / 2, freedom)) ** 2
    least = np.minimum(alike, trials) * part(freedom)
    if freedom < 4.5:
        return least
    tails = freedom if influences is None else min(freedom, of_tails(influences))
    return np.maximum(least, trials * part(tails))
