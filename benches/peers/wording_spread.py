"""How often limits of the spread between wordings hold the truth: Student's t of the mean variance over templates, beside
the same with the upper limit of a chi-squared variance that has the same standard error (Satterthwaite 1946), and beside
that with the degrees of freedom of normal values at most, and fewer where few templates show the error, as
src/measure/rewording.rs has it. Shifts vary normally between wordings, or one wording in ten turns a shift by 0.4.

    pip install numpy==2.4.6 scipy==1.17.1
    python benches/peers/wording_spread.py
"""

import numpy as np
from scipy import stats

rng = np.random.default_rng(1946)
WORLDS = {"normal": (lambda shape: 0.05 * rng.normal(size=shape), 0.0025), "one in ten turns": (lambda shape: 0.4 * (rng.random(shape) < 0.1), 0.0144)}

print("| wordings | templates | wordings each | Student's t held, % | with the upper limit of a variance, % | ours, % |")
print("|---|---:|---:|---:|---:|---:|")
for name, (shifts, truth) in WORLDS.items():
    for templates in (6, 12, 30):
        for wordings in (2, 4):
            variances = shifts((10_000, templates, wordings)).var(-1, ddof=1)
            # Where no wording differs there is another limit.
            variances = variances[variances.mean(1) > 0]
            mean, error = variances.mean(1), variances.std(1, ddof=1) / np.sqrt(templates)
            half = stats.t.ppf(0.975, templates - 1) * error
            freedom = 2 * (mean / np.maximum(error, 1e-9)) ** 2
            few = stats.t.ppf(0.975, templates - 1) / stats.norm.ppf(0.975)
            ours = np.minimum(freedom, templates * (wordings - 1)) / few**2
            limits = [mean + half, *(mean * df / stats.chi2.ppf(0.025, df) for df in (freedom, ours))]
            held = [f"{100 * np.mean((mean - half <= truth) & (truth <= upper)):.1f}" for upper in limits]
            print(f"| {name} | {templates} | {wordings} | {' | '.join(held)} |")
