"""How often intervals of the Brier score, the log loss and overconfidence hold the truth where a model is nearly always
right, so that the rare large value is often not in the sample: Student's t of the values at hand (with Wilson's limit for
0 of n where none differs), beside the same with values added as src/stats/mean.rs has it: t squared in all, half of them
what cases cost if the answer is right and half if it is not, in proportion to what the model holds possible (Agresti &
Coull 1998; Price & Bonett 2004). Widths are those of the second over those of the first.

    pip install numpy==2.4.6 scipy==1.17.1
    python benches/peers/rare_errors.py
"""

import numpy as np
from scipy import stats

rng = np.random.default_rng(1998)
LEAST, Z = 1e-6, stats.norm.ppf(0.975)
SPAN = {"overconfidence": (-1, 1), "brier": (0, 2), "log-loss": (0, -np.log(LEAST))}
STATED = {
    "0.97 to 1": lambda shape: rng.uniform(0.97, 1, shape),
    "0.5 to 1": lambda shape: rng.beta(8, 1, shape) * 0.5 + 0.5,
    "0.7 to 0.8": lambda shape: rng.uniform(0.7, 0.8, shape),
    "what holds": lambda shape: 1 - 0.5 * rng.beta(0.3, 3, shape),
}


def draw(stated, right, shape, labels, size, spread):
    """Stated probability of the answer and of the other labels, which of these is gold (-1: the answer), and weights."""
    draws, n = shape
    sure = STATED[stated](shape)
    if stated == "what holds":
        chance = sure
    elif size > 1:
        # Clusters of cases, a tenth of the variance of being right between them.
        chance = np.repeat(rng.beta(9 * right, 9 * (1 - right), (draws, n // size)), size, 1)
    else:
        chance = right
    others = rng.dirichlet(np.full(labels - 1, 0.5), shape) * (1 - sure)[..., None] if labels > 2 else (1 - sure)[..., None]
    if stated == "what holds":
        gold = (rng.random(shape)[..., None] > np.cumsum(others, -1) / (1 - sure).clip(1e-12)[..., None]).sum(-1).clip(0, labels - 2)
    else:
        gold = rng.integers(0, labels - 1, shape)
    gold = np.where(rng.random(shape) < chance, -1, gold)
    return sure, others, gold, np.exp(spread * rng.normal(size=shape)) if spread else np.ones(shape)


def costs(measure, sure, others):
    if measure == "overconfidence":
        return sure - 1, np.repeat(sure[..., None], others.shape[-1], -1)
    if measure == "brier":
        squares = (others**2).sum(-1)
        return (1 - sure) ** 2 + squares, (sure**2 + squares)[..., None] + 1 - 2 * others
    return -np.log(np.clip(sure, LEAST, 1)), -np.log(np.clip(others, LEAST, 1))


class Mean:
    def __init__(self, measure, drawn, size):
        sure, others, gold, weights = drawn
        if_right, if_not = costs(measure, sure, others)
        draws = len(sure)
        values = np.where(gold < 0, if_right, np.take_along_axis(if_not, gold.clip(0)[..., None], -1)[..., 0])
        pairs = [(weights * sure.clip(LEAST), if_right), (weights[..., None] * others.clip(LEAST), if_not)]
        moments = lambda power: sum((p * v**power).reshape(draws, -1).sum(1) / p.reshape(draws, -1).sum(1) for p, v in pairs) / 2
        self.added, self.squares = moments(1), moments(2)
        mass = weights.sum(1)
        self.mean = (weights * values).sum(1) / mass
        apart = values - self.mean[:, None]
        of_clusters = lambda of: of.reshape(draws, -1, size).sum(2)
        self.equal, cases = mass**2 / (of_clusters(weights) ** 2).sum(1), mass**2 / (weights**2).sum(1)
        seen = (of_clusters(weights * apart) ** 2).sum(1) / mass**2 * self.equal / (self.equal - 1)
        independent = (weights * apart**2).sum(1) / mass / (cases - 1)
        self.variance = np.maximum(seen, independent)
        self.alike = np.ptp(values, axis=1) < 1e-12
        one_sided = (gold < 0).all(1) | (gold >= 0).all(1) | self.alike
        self.worth = np.where(one_sided, self.equal, cases * independent / np.maximum(self.variance, 1e-30))

    def with_added(self, number):
        all_ = self.worth + number
        within = self.squares - self.added**2 + self.worth / all_ * (self.mean - self.added) ** 2
        variance = (self.worth / all_) ** 2 * self.variance + number * within / all_**2
        return (self.worth * self.mean + number * self.added) / all_, variance


def usual(means, signs, span):
    value = sum(sign * one.mean for sign, one in zip(signs, means))
    parts = [one.variance for one in means]
    freedom = sum(parts) ** 2 / np.maximum(sum(part**2 / np.maximum(one.equal - 1, 1) for part, one in zip(parts, means)), 1e-300)
    half = stats.t.ppf(0.975, np.maximum(freedom, 1)) * np.sqrt(sum(parts))
    alike = np.all([one.alike for one in means], 0)
    fewest = np.min([one.equal for one in means], 0)
    unseen = Z**2 / (fewest + Z**2)
    low = np.where(alike, value - unseen * (value - span[0]), np.maximum(value - half, span[0]))
    return low, np.where(alike, value + unseen * (span[1] - value), np.minimum(value + half, span[1]))


def added(means, signs, span):
    parts = [one.with_added(Z**2 / len(means))[1] for one in means]
    freedom = sum(parts) ** 2 / sum(part**2 / np.maximum(one.equal - 1, 1) for part, one in zip(parts, means))
    t = stats.t.ppf(0.975, freedom)
    drawn = [one.with_added(t**2 / len(means)) for one in means]
    value = sum(sign * one.mean for sign, one in zip(signs, means))
    centre, half = sum(sign * mean for sign, (mean, _) in zip(signs, drawn)), t * np.sqrt(sum(variance for _, variance in drawn))
    return np.maximum(np.minimum(centre - half, value), span[0]), np.minimum(np.maximum(centre + half, value), span[1])


def truth(measure, stated, right, labels):
    sure, others, _, _ = draw(stated, right, (1, 300_000), labels, 1, 0)
    if_right, if_not = costs(measure, sure, others)
    if stated == "what holds":
        return (sure * if_right + (others * if_not).sum(-1)).mean()
    return (right * if_right + (1 - right) * if_not.mean(-1)).mean()


def row(stated, rights, sizes, labels, size=1, spread=0):
    draws = 4000 if max(sizes) < 500 else 1500
    drawn = [draw(stated, right, (draws, n), labels, size, spread) for right, n in zip(rights, sizes)]
    signs, cells, ratios = [1, -1][: len(sizes)], [], []
    for measure, (low, high) in SPAN.items():
        span = (low, high) if len(sizes) == 1 else (low - high, high - low)
        target = sum(sign * truth(measure, stated, right, labels) for sign, right in zip(signs, rights)) if len(set(rights)) == len(rights) else 0
        means = [Mean(measure, one, size) for one in drawn]
        found = [usual(means, signs, span), added(means, signs, span)]
        cells.append(" / ".join(f"{100 * np.mean((low <= target) & (target <= high)):.1f}" for low, high in found))
        ratios.append(np.mean(found[1][1] - found[1][0]) / np.mean(found[0][1] - found[0][0]))
    rights = "" if stated == "what holds" else " and ".join(f"{100 * right:g}" for right in dict.fromkeys(rights))
    cases = " to ".join(map(str, sizes)) + (f" in clusters of {size}" if size > 1 else "") + (f", weights of spread {spread}" if spread else "")
    print(f"| {stated} | {rights} | {labels} | {cases} | {' | '.join(cells)} | {', '.join(f'{ratio:.2f}' for ratio in ratios)} |", flush=True)


print("| stated | right, % | labels | cases | overconfidence | Brier score | log loss | widths |")
print("|---|---:|---:|---|---:|---:|---:|---:|")
for right in (0.5, 0.8, 0.95, 0.98, 0.995):
    for n in (12, 30, 100, 300, 1000):
        row("0.97 to 1", [right], [n], 2)
for stated in ("0.5 to 1", "0.7 to 0.8", "what holds"):
    for right in (0.95,) if stated == "what holds" else (0.8, 0.98):
        for n in (30, 100, 300):
            row(stated, [right], [n], 2)
for labels in (3, 7):
    row("0.97 to 1", [0.98], [100], labels)
    row("what holds", [0.95], [100], labels)
for n in (100, 300, 1000):
    row("0.97 to 1", [0.95], [n], 2, size=20)
    row("what holds", [0.95], [n], 2, size=20)
for n in (30, 100, 300):
    row("0.97 to 1", [0.95], [n], 3, spread=0.7)
for rights in ([0.8, 0.8], [0.95, 0.95], [0.98, 0.98], [0.98, 0.9]):
    for sizes in ([30, 300], [100, 100], [100, 1000]):
        row("0.97 to 1", rights, sizes, 3)
