"""Limits of ratios of two shares for tests/oracles/ratio.json.

Wilson's limits come from scipy. The limits of the ratio are found by bisection as the ratios r at which an end of the
MOVER interval of p1 - r * p2 is zero, not by the closed form under test.

    python tests/oracles/ratio.py > tests/oracles/ratio.json
"""

import json
import math

from scipy.optimize import brentq
from scipy.stats import binomtest

TABLES = [(18, 60, 30, 60), (1, 34, 7, 34), (0, 25, 9, 30), (40, 40, 38, 40), (5, 12, 2, 9), (300, 1000, 310, 1000),
          (12, 12, 12, 12), (3, 200, 1, 15)]


def share(count, of):
    interval = binomtest(count, of).proportion_ci(0.95, method="wilson")
    return count / of, interval.low, interval.high


def limits(k1, n1, k2, n2):
    p1, l1, u1 = share(k1, n1)
    p2, l2, u2 = share(k2, n2)
    lower = lambda r: p1 - r * p2 - math.sqrt((p1 - l1) ** 2 + r**2 * (u2 - p2) ** 2)
    upper = lambda r: p1 - r * p2 + math.sqrt((u1 - p1) ** 2 + r**2 * (p2 - l2) ** 2)
    low = 0.0 if lower(0.0) <= 0.0 else brentq(lower, 0.0, p1 / p2, xtol=1e-14)
    high = brentq(upper, p1 / p2, 1e6, xtol=1e-14)
    return [k1, n1, k2, n2, p1 / p2, low, high]


print(json.dumps([limits(*table) for table in TABLES], indent=1))
