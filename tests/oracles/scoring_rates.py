"""Scoring rates of groups, with their intervals, computed by numpy, pandas and scipy, and how often these hold.

    pip install numpy==2.4.6 scipy==1.17.1 pandas==3.1.1
    python tests/oracles/scoring_rates.py            # writes scoring_rates.json
    python tests/oracles/scoring_rates.py coverage   # prints how often the intervals hold the truth

The median of weighted scores is that of every score written as many times as it weighs.
"""

import json
import pathlib
import sys

import numpy as np
import pandas as pd
from scipy import stats

LEVEL = 0.95
Z = stats.norm.ppf(0.5 + LEVEL / 2)


def wilson(share, trials, z=Z):
    centre, half = share + z * z / (2 * trials), z * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials**2))
    return np.array([centre - half, centre + half]) / (1 + z * z / trials)


def worth(weights):
    return weights.sum() ** 2 / (weights**2).sum()


def at(scores, weights, mass):
    order = np.argsort(scores)
    return scores[order][np.searchsorted(np.cumsum(weights[order]), mass)]


def rate(scores, weights, inside):
    """The rate of the cases inside, its interval, and two others: with the median taken as known, and linearised alone."""
    median = np.median(np.repeat(scores, weights))
    above, total = scores > median, weights.sum()
    width = min((3 * Z * Z / (4 * np.pi * worth(weights))) ** (1 / 3), 0.5) * total
    low, high = (at(scores, weights, mass) for mass in (total / 2 - width, min(total / 2 + width, total)))
    near = (scores > low) & (scores <= high)
    own = np.average(above[inside], weights=weights[inside])
    everywhere = np.average(near, weights=weights)
    density = np.average(near[inside], weights=weights[inside]) / everywhere if everywhere > 0 else 0.0
    group, all_cases = inside.sum(), len(scores)
    known = np.where(inside, (above - own) / weights[inside].sum(), 0) * np.sqrt(group / (group - 1))
    influence = known - density * (above - np.average(above, weights=weights)) / total * np.sqrt(all_cases / (all_cases - 1))
    trials = worth(weights[inside])
    independent = own * (1 - own) / trials
    few = (Z / stats.t.ppf(0.5 + LEVEL / 2, group - 1)) ** 2
    effect = lambda parts: ((parts * weights) ** 2).sum() / independent if independent > 0 else 1.0
    design = effect(influence)
    return own, wilson(own, trials / max(design, effect(known) if np.ptp(weights) else 1, 1) * few), wilson(own, trials), wilson(own, trials / design * few if design > 0 else trials)


def examples():
    rng = np.random.default_rng(144)
    for name, scores in {
        "an even number of scores": rng.random(120).round(4),
        "an odd number of scores": rng.random(121).round(4),
        "a group about the median": np.where(np.arange(150) % 3 == 0, rng.normal(0, 0.1, 150), rng.normal(0, 1, 150)).round(4),
        "most scores at the median": np.where(rng.random(160) < 0.6, 0.0, rng.random(160)).round(4),
        "few distinct scores": rng.integers(0, 5, 141) / 4,
        "all scores alike": np.full(90, 0.25),
        "scores below zero": rng.normal(-2, 1, 100).round(3),
    }.items():
        for weighted in (False, True):
            codes = rng.choice(["a", "b", "c", ""], len(scores), p=[0.4, 0.3, 0.25, 0.05])
            if name == "a group about the median":
                codes = np.array(["a", "b", "c"])[np.arange(150) % 3]
            weights = rng.integers(1, 9, len(scores)) if weighted else np.ones(len(scores), dtype=int)
            frame = pd.DataFrame({"score": scores, "group": codes, "weight": weights})
            rates = {}
            for group in ["", "a", "b", "c"]:
                inside = (frame["group"] == group).to_numpy() | (group == "")
                value, interval, *_ = rate(scores, weights, inside)
                rates[group] = [value, *interval]
            yield {"name": name, "scores": scores.tolist(), "groups": codes.tolist(), "weights": weights.tolist(), "rates": rates}


def coverage():
    rng = np.random.default_rng(5300)
    normal = lambda n: rng.normal(size=n)
    kinds = {
        "alike": lambda g: normal(len(g)),
        "higher by 1 standard deviation": lambda g: normal(len(g)) + g,
        "lower by 2.5": lambda g: normal(len(g)) - 2.5 * g,
        "a tenth as spread": lambda g: normal(len(g)) * np.where(g, 0.1, 1),
        "just below the median": lambda g: np.where(g, 0.1 * normal(len(g)) - 0.15, normal(len(g)) + 0.05),
        "on either side of it": lambda g: np.where(g, np.sign(normal(len(g))) + 0.3 * normal(len(g)), normal(len(g))),
        "in whole steps": lambda g: np.round(normal(len(g)) + 0.3 * g),
        "more than half at 0": lambda g: np.where(rng.random(len(g)) < np.where(g, 0.7, 0.5), 0.0, rng.random(len(g))),
    }
    print("| scores of the group | rate | cases | Wilson, the median taken as known | linearised alone | ours |")
    print("|---|---|---|---|---|---|")
    for name, draw in kinds.items():
        many = rng.random(4_000_000) < 1 / 3
        scores = draw(many)
        truth = (scores[many] > np.median(scores)).mean()
        for cases in (90, 300, 1500):
            held, runs = np.zeros(3), 2000
            for _ in range(runs):
                group = rng.random(cases) < 1 / 3
                _, ours, known, linearised = rate(draw(group), np.ones(cases, dtype=int), group)
                held += [low <= truth <= high for low, high in (known, linearised, ours)]
            print(f"| {name} | {truth:.2f} | {cases} | " + " | ".join(f"{100 * share:.1f}" for share in held / runs) + " |", flush=True)


if sys.argv[1:] == ["coverage"]:
    coverage()
else:
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(list(examples())) + "\n")
