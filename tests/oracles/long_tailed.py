"""Intervals of values whose tails may be long: how many degrees of freedom their variance has, and Hall's correction."""

import numpy as np
from scipy import stats


def freedom(values):
    """Degrees of freedom of a variance by the kurtosis of its values (O'Neill 2014, The American Statistician 68), the
    unbiased one; at most as of normal values."""
    n, kurtosis = len(values), stats.kurtosis(values, fisher=False, bias=False)
    inverse = (kurtosis - (n - 3) / (n - 1)) / (2 * n)
    return float(np.clip(1 / inverse, 1, n - 1) if inverse > 0 else n - 1)


def deviations(t, skewness):
    """The deviations, in standard errors, of which Hall's (1992) cubic transformation of a mean of this skewness is t."""
    return (np.cbrt(1 + skewness * (t - skewness / 6)) - 1) * 3 / skewness
