"""What intervals say at other levels and about thresholds, computed outside the crate.

    pip install numpy==2.4.6 scipy==1.17.1
    python tests/oracles/evidence.py > tests/oracles/evidence.json

Limits are made at one level and asked about at another, as a gate asks of a saved record. The truth is what the
distribution itself says at that other level: Student's for few clusters, the score test's for shares, the binomial for
counts, Fisher's z for correlations.
"""

import json
import math

import numpy as np
import scipy.stats as st
from scipy.optimize import brentq

from long_tailed import deviations

LEVELS = (0.8, 0.9, 0.95, 0.99, 0.999)
oracle = {}


def quantile(level, freedom):
    tail = (1 - level) / 2
    return float(st.norm.isf(tail) if freedom is None else st.t.isf(tail, freedom))


def tail(statistic, freedom):
    return float(st.norm.sf(statistic) if freedom is None else st.t.sf(statistic, freedom))


# Means over few clusters: estimate, standard error and degrees of freedom --------------------------------------------
oracle["student"] = []
for mean, error, freedom in [(0.118, 0.0286, 3), (0.1, 0.02, 5), (-0.3, 0.05, 2.7), (0.02, 0.004, 1), (0.5, 0.1, 40)]:
    for level in (0.9, 0.95):
        reach = quantile(level, freedom) * error
        oracle["student"].append(
            {
                "value": mean,
                "level": level,
                "freedom": freedom,
                "interval": [mean - reach, mean + reach],
                "at": [
                    [other, mean - quantile(other, freedom) * error, mean + quantile(other, freedom) * error]
                    for other in LEVELS
                ],
                "p": [
                    [threshold, tail(abs(mean - threshold) / error, freedom)]
                    for threshold in (mean - 9.3 * error, mean - 2 * error, mean + 0.4 * error, mean + 70 * error)
                ],
            }
        )


# Shares: limits as the thresholds that the score test rejects no more ------------------------------------------------
def score_limits(share, n, reach):
    # At a share of 0 or 1 the test of the share itself is a second root.
    def beyond(threshold):
        return abs(share - threshold) - reach * math.sqrt(threshold * (1 - threshold) / n)

    low = 0.0 if share == 0 else brentq(beyond, 1e-15, share - 1e-9, xtol=1e-15)
    high = 1.0 if share == 1 else brentq(beyond, share + 1e-9, 1 - 1e-15, xtol=1e-15)
    return low, high


oracle["share"] = []
SHARES = [(0, 60, None), (61, 61, None), (4, 55, None), (53, 55, None), (7, 23, None), (5000, 10_000, None)]
# Worth fewer trials than cases, with Student's quantile in place of the normal one.
SHARES += [(8.4, 12.6, 5), (11.3, 11.3, 3.2)]
for count, n, freedom in SHARES:
    share = count / n
    at = []
    for other in LEVELS:
        at.append([other, *score_limits(share, n, quantile(other, freedom))])
    p = []
    for threshold in (0.01, 0.05, 0.3, 0.5, 0.8, 0.9, 0.97):
        statistic = abs(share - threshold) / math.sqrt(threshold * (1 - threshold) / n)
        p.append([threshold, tail(statistic, freedom)])
    oracle["share"].append(
        {
            "value": share,
            "level": 0.95,
            "freedom": freedom,
            "interval": score_limits(share, n, quantile(0.95, freedom)),
            "at": at,
            "p": p,
        }
    )

# Correlations on Fisher's z scale ------------------------------------------------------------------------------------
oracle["correlation"] = []
for r, n in [(0.83, 20), (-0.2, 50), (0.97, 12)]:
    def limits(level):
        reach = quantile(level, None) / math.sqrt(n - 3)
        return [math.tanh(math.atanh(r) - reach), math.tanh(math.atanh(r) + reach)]

    oracle["correlation"].append(
        {
            "value": r,
            "level": 0.95,
            "freedom": None,
            "interval": limits(0.95),
            "at": [[other, *limits(other)] for other in LEVELS],
            "p": [
                [threshold, tail(abs(math.atanh(r) - math.atanh(threshold)) * math.sqrt(n - 3), None)]
                for threshold in (-0.5, 0.0, 0.6, 0.99)
            ],
        }
    )

# Means with one long side (Hall 1992), and roots of such means -----------------------------------------------------------
oracle["skewed"], oracle["root"] = [], []
for mean, error, skewness, freedom in [(0.09, 0.012, 0.3, 6), (0.5, 0.05, 0.05, 30), (0.2, 0.01, -0.4, 9.5)]:

    def limits(level):
        t = quantile(level, freedom) * np.array([1, -1])
        return (mean - deviations(t, skewness) * error).tolist()

    def beyond(threshold):
        t = (mean - threshold) / error
        return tail(abs(t + skewness * t**2 / 3 + skewness**2 * t**3 / 27 + skewness / 6), freedom)

    for name, there, back in [("skewed", lambda x: x, lambda x: x), ("root", math.sqrt, lambda x: x * x)]:
        oracle[name].append(
            {
                "value": there(mean),
                "level": 0.95,
                "freedom": freedom,
                "interval": [there(max(limit, 0)) for limit in limits(0.95)],
                "at": [[other, *(there(max(limit, 0) if name == "root" else limit) for limit in limits(other))] for other in LEVELS],
                "p": [[there(threshold), beyond(threshold)] for threshold in (mean - 2 * error, mean + error, mean + 4 * error)],
            }
        )

# Counts: the exact one-sided p-value, and how many cases it takes for p to be small enough, were the share to stay -----
oracle["counts"] = []
for count, n, threshold in [
    (2, 55, 0.01), (3, 55, 0.01), (4, 31, 0.05), (53, 55, 0.99), (97, 100, 0.99), (50, 51, 0.98), (30, 30, 0.85),
    (30, 30, 0.8), (61, 61, 0.9), (98, 100, 0.9), (99, 100, 0.9), (0, 68, 0.1), (5200, 10_000, 0.5),
]:
    share = count / n
    upper = share > threshold
    p = st.binom.sf(count - 1, n, threshold) if upper else st.binom.cdf(count, n, threshold)
    needed = {}
    for level in (0.95, 0.999):
        # Multiples of the cases keep the share and have whole counts.
        enough = 1
        while True:
            k, of = enough * count, enough * n
            q = st.binom.sf(k - 1, of, threshold) if upper else st.binom.cdf(k, of, threshold)
            if q <= (1 - level) / 2:
                break
            enough += 1
        needed[str(level)] = enough * n
    oracle["counts"].append({"count": count, "n": n, "threshold": threshold, "p": float(p), "needed": needed})

lines = [f"{json.dumps(name)}: {json.dumps(cases)}" for name, cases in oracle.items()]
print("{" + ",\n".join(lines) + "}")
