"""How often intervals of sums of many shares, and of shares in clusters of unequal sizes, hold the truth: with the formula
of the textbook and with that of src/stats/sum.rs. Prints the tables of docs/coverage.md.

    pip install numpy==2.4.6 scipy==1.17.1
    python benches/peers/sums.py
"""

import numpy as np
from scipy.stats import t

Z = 1.959963984540054


def price_bonett(w, n, x, moderated):
    added = Z * Z / len(w)
    enlarged = n + added
    p = (x + added / 2) / enlarged
    variance = p * (1 - p)
    if moderated:
        own, variance = variance, variance.copy()
        for side in (w > 0, w < 0):
            if side.any():
                common = np.average(p[side], weights=(w * w / enlarged)[side])
                spread, freedom = common * (1 - common), n[side] - 1
                variance[side] = (Z * Z * spread + freedom * own[side]) / (Z * Z + freedom)
    value, half = (w * x / n).sum(), Z * np.sqrt((w * w * variance / enlarged).sum())
    low, high = max((w * p).sum() - half, w[w < 0].sum()), min((w * p).sum() + half, w[w > 0].sum())
    return min(low, value), max(high, value)


def strata(count, own, others, chance):
    def draw(rng):
        n = np.repeat([own, others], count).astype(float)
        w = np.repeat([1 / count, -1 / count], count)
        return w, n, np.full(2 * count, chance)
    return draw


def labels(count, cases, chance, power=0.0, others=0):
    share = np.arange(1, count + 1) ** -power
    share /= share.sum()

    def draw(rng):
        n = rng.multinomial(cases, share).astype(float)
        seen = n > 0
        if others:
            beside = rng.multinomial(others, share).astype(float)
            seen &= beside > 0
            n, sign = np.r_[n[seen], beside[seen]], np.repeat([1, -1], seen.sum())
        else:
            n, sign = n[seen], np.ones(seen.sum())
        return sign / seen.sum(), n, np.full(len(n), chance)
    return draw


def many_shares(name, draw, draws=4000):
    rng, held, width = np.random.default_rng(1), np.zeros(2), np.zeros(2)
    for _ in range(draws):
        w, n, chance = draw(rng)
        x = rng.binomial(n.astype(int), chance).astype(float)
        for place in range(2):
            low, high = price_bonett(w, n, x, bool(place))
            held[place] += low - 1e-9 <= (w * chance).sum() <= high + 1e-9
            width[place] += high - low
    print(f"| {name} | {100 * held[0] / draws:.1f} | {100 * held[1] / draws:.1f} | {width[1] / draws:.2f} |", flush=True)


def wilson(p, n):
    centre, half = p + Z * Z / 2 / n, Z * np.sqrt(p * (1 - p) / n + Z * Z / 4 / n / n)
    return (centre - half) / (1 + Z * Z / n), (centre + half) / (1 + Z * Z / n)


def clusters(count, spread, draws=4000, chance=0.7):
    rng, held, worth = np.random.default_rng(3), np.zeros(2), 0.0
    for _ in range(draws):
        sizes = np.maximum(1, rng.lognormal(2.5, spread, count).astype(int))
        x = rng.binomial(sizes, rng.beta(6 * chance, 6 * (1 - chance), count))
        n = sizes.sum()
        p, equal = x.sum() / n, n**2 / (sizes**2).sum()
        worth += equal / draws
        for place, g in enumerate((count, equal)):
            variance = g / (g - 1) * ((x - p * sizes) ** 2).sum() / n**2
            effect = max(1.0, variance / max(p * (1 - p) / n, 1e-12))
            low, high = wilson(p, n / effect * (Z / t.ppf(0.975, max(g - 1, 1))) ** 2)
            held[place] += low <= chance <= high
    print(f"| {count} | {spread} | {worth:.1f} | {100 * held[0] / draws:.1f} | {100 * held[1] / draws:.1f} |", flush=True)


print("| sum | Price & Bonett held, % | with drawn variances held, % | width |")
print("|---|---:|---:|---:|")
for own, others, count in [(1, 5, 40), (1, 1, 20), (2, 5, 20), (10, 10, 2)]:
    many_shares(f"difference in {count} strata of {own} and {others}, 70 % right", strata(count, own, others, 0.7))
for cases in (60, 100, 300):
    many_shares(f"28 labels, {cases} cases, 50 % right", labels(28, cases, 0.5))
for cases in (100, 300):
    many_shares(f"28 labels of Zipf's frequencies, {cases} cases", labels(28, cases, 0.5, 1.2))
for cases in (20, 30, 40):
    many_shares(f"28 labels, difference of {cases} cases to 600", labels(28, cases, 0.5, others=600))
many_shares("3 labels, 20 cases, 80 % right", labels(3, 20, 0.8))
many_shares("7 labels, 20 cases, 50 % right", labels(7, 20, 0.5))
print("\n| clusters | spread of sizes | worth | G - 1 held, % | Kish held, % |")
print("|---:|---:|---:|---:|---:|")
for count, spread in [(10, 0), (10, 0.5), (10, 1.2), (15, 1), (30, 1), (50, 1.2)]:
    clusters(count, spread)
