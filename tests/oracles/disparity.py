"""Reference values for ratios and other comparisons between groups, computed outside the crate.

    pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
    python tests/oracles/disparity.py > tests/oracles/disparity.json

Seeded: the same versions print the same file.
"""

import json
import math

import numpy as np
import scipy.stats as st
from scipy.optimize import brentq, minimize_scalar
from statsmodels.stats.proportion import confint_proportions_2indep

oracle = {}

# Ratios ------------------------------------------------------------------------------------------


def score(x, m, y, n, ratio):
    """The score statistic with the restricted likelihood maximised by search, not by formula."""

    def loglikelihood(q):
        p = ratio * q
        return -(
            (x * math.log(p) if x else 0)
            + ((m - x) * math.log1p(-p) if m - x else 0)
            + (y * math.log(q) if y else 0)
            + ((n - y) * math.log1p(-q) if n - y else 0)
        )

    most = min(1, 1 / ratio)
    q = minimize_scalar(
        loglikelihood, bounds=(1e-300, most * (1 - 1e-16)), method="bounded", options={"xatol": 1e-15, "maxiter": 10_000}
    ).x
    p = ratio * q
    # Koopman's chi-squared in its own form, signed.
    a = (x - m * p) ** 2 / (m * p * (1 - p))
    b = (y - n * q) ** 2 / (n * q * (1 - q))
    return math.copysign(math.sqrt(a + b), x / m - ratio * y / n)


def koopman(x, m, y, n, level):
    z = st.norm.ppf(0.5 + level / 2)
    value = x / m / (y / n)
    low = 0 if x == 0 else brentq(lambda t: score(x, m, y, n, math.exp(t)) - z, math.log(value) - 12, math.log(value))
    start = math.log(value) if x else math.log(n / y / m)
    high = brentq(lambda t: score(x, m, y, n, math.exp(t)) + z, start, start + 12)
    return [0 if x == 0 else math.exp(low), math.exp(high)]


oracle["koopman"] = []
for x, m, y, n in [(36, 40, 16, 80), (7, 25, 9, 24), (0, 30, 12, 200), (3, 12, 1, 90), (12, 12, 30, 60), (310, 900, 4100, 9000), (5, 7, 7, 7)]:
    for level in (0.9, 0.95, 0.999):
        searched = koopman(x, m, y, n, level)
        if 0 < x < m and 0 < y < n:
            packaged = confint_proportions_2indep(x, m, y, n, method="score", compare="ratio", alpha=1 - level, correction=False)
            assert np.allclose(searched, packaged, rtol=2e-4), (x, m, y, n, searched, packaged)
        oracle["koopman"].append({"first": [x, m], "second": [y, n], "level": level, "interval": searched})

# Example of Koopman (1984) as printed by Nam (1995): 36/40 over 16/80 at 95 %: 2.94 to 7.15.
assert [round(limit, 2) for limit in oracle["koopman"][1]["interval"]] == [2.94, 7.15], oracle["koopman"][1]

print("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in oracle.items()) + "\n}")
