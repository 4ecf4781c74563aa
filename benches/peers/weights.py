"""How often the intervals of survey software hold the truth where weights are lognormal: the mean of squared errors of
probabilities (a Brier score) with the linearised variance of a weighted ratio and Student's t, beside the same with a
variance that is never below that of Kish's effective number of cases, and as many degrees of freedom less one.

    pip install numpy==2.4.6 scipy==1.17.1
    python benches/peers/weights.py
"""

import numpy as np
from scipy import stats

rng = np.random.default_rng(1965)
DRAWS = 4000


def scores(shape):
    stated = rng.beta(4, 1.5, shape)
    return (stated - (rng.random(shape) < stated)) ** 2


truth = scores(4_000_000).mean()
print("| spread of weights | n | linearised held, % | never below Kish held, % |")
print("|---:|---:|---:|---:|")
for spread in [0.3, 0.7, 1.0]:
    for n in [50, 200, 2000]:
        weights, values = rng.lognormal(0, spread, (DRAWS, n)), scores((DRAWS, n))
        total = weights.sum(1)
        mean = (weights * values).sum(1) / total
        worth = total**2 / (weights**2).sum(1)
        apart = (values - mean[:, None]) ** 2
        linearised = (weights**2 * apart).sum(1) / total**2 * n / (n - 1)
        least = (weights * apart).sum(1) / total / (worth - 1)
        held = [
            np.abs(mean - truth) <= stats.t.ppf(0.975, freedom) * np.sqrt(variance)
            for variance, freedom in [(linearised, n - 1), (np.maximum(linearised, least), worth - 1)]
        ]
        print(f"| {spread} | {n} | {100 * held[0].mean():.1f} | {100 * held[1].mean():.1f} |", flush=True)
