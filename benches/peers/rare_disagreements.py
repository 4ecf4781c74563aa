"""How often intervals of Krippendorff's alpha hold the truth where people hardly ever disagree: bootstrap limits corrected
for bias, acceleration and few cases (Efron 1987; Hesterberg 2015), beside the same with a lower limit no higher than that
of src/measure/agreement/unseen.rs: the mean disagreement within cases with t squared added cases, half of them without
disagreement and half with one rating that differs (Agresti & Coull 1998), over the disagreement by chance.

    pip install numpy==2.4.6 scipy==1.17.1
    python benches/peers/rare_disagreements.py
"""

import numpy as np
from scipy import stats

rng = np.random.default_rng(2011)


def distances(metric, given):
    k = given.shape[-1]
    table = np.zeros(given.shape[:-1] + (k, k))
    for i in range(k):
        for j in range(i + 1, k):
            between = (given[..., i : j + 1].sum(-1) - (given[..., i] + given[..., j]) / 2) ** 2
            table[..., i, j] = table[..., j, i] = 1 if metric == "nominal" else between
    return table


def alpha(pairs, metric):
    given = pairs.sum(-1)
    table = distances(metric, given)
    by_chance = (given[..., :, None] * given[..., None, :] * table).sum((-1, -2))
    with np.errstate(invalid="ignore"):
        return 1 - (pairs * table).sum((-1, -2)) * (given.sum(-1) - 1) / by_chance


def pairs_of(profiles):
    raters = profiles.sum(1)
    own = np.einsum("ni,nj->nij", profiles, profiles) - np.apply_along_axis(np.diag, 1, profiles)
    return own / (raters - 1)[:, None, None]


def limits(profiles, metric, replicates=500):
    """Bootstrap limits (None where all replicates are alike) and the lower limit with added cases; neither where only
    one label was given."""
    cells, times = np.unique(profiles, axis=0, return_counts=True)
    n, k, pairs = len(profiles), profiles.shape[1], pairs_of(cells)
    whole = np.tensordot(times, pairs, 1)
    value, given = alpha(whole, metric), whole.sum(1)
    if not np.isfinite(value):
        return None, None
    table, ratings = distances(metric, given), given.sum()
    by_chance = given @ table @ given / ratings / (ratings - 1)
    differing = by_chance / ((given @ (1 - np.eye(k)) @ given) / ratings / (ratings - 1))
    raters = cells.sum(1)
    within = (pairs * table).sum((1, 2)) / raters
    weight = times * raters / (times * raters).sum()
    mean = weight @ within
    spread, apart = weight @ (within - mean) ** 2, 2 / raters * differing
    worth = (times * raters).sum() ** 2 / (times * raters**2).sum()
    added, squares = weight @ apart / 2, weight @ apart**2 / 2
    t = stats.t.ppf(0.975, n - 1)
    all_ = worth + t**2
    centre = (worth * mean + t**2 * added) / all_
    variance = (worth / all_) ** 2 * spread / (worth - 1) + t**2 * (squares - added**2 + worth / all_ * (mean - added) ** 2) / all_**2
    least = 1 - (centre + t * np.sqrt(variance)) / by_chance
    if value < 0.8:
        # Only where agreement is nearly full: elsewhere what chance gives rises and falls with disagreement.
        least = 1.0
    drawn = (rng.multinomial(n, times / n, replicates) @ pairs.reshape(len(cells), -1)).reshape(-1, k, k)
    drawn = alpha(drawn, metric)
    drawn = np.sort(drawn[~np.isnan(drawn)])
    if drawn[-1] - drawn[0] < 1e-12:
        return None, least
    influence = alpha(whole - pairs, metric)
    # Without the only case of its kind there may be no value.
    known = np.isfinite(influence)
    times, influence = times[known], influence[known]
    influence = times @ influence / times.sum() - influence
    acceleration = times @ influence**3 / 6 / max(times @ influence**2, 1e-300) ** 1.5
    below = ((drawn < value - 1e-12).mean() + (drawn <= value + 1e-12).mean()) / 2
    bias = stats.norm.ppf(np.clip(below, 1 / replicates, 1 - 1 / replicates))
    tail = stats.norm.cdf(-np.sqrt(n / (n - 1)) * stats.t.ppf(0.975, n - 1))
    if not np.isfinite(acceleration):
        return None, least
    shifted = bias + stats.norm.ppf([tail, 1 - tail])
    return np.quantile(drawn, stats.norm.cdf(bias + shifted / (1 - acceleration * shifted))), least


def draw(agree, frequencies, cases, raters):
    k = len(frequencies)
    truth, other = rng.choice(k, p=frequencies, size=cases), rng.choice(k, p=frequencies, size=(cases, raters))
    said = np.where(rng.random((cases, raters)) < agree, truth[:, None], other)
    return (said[..., None] == np.arange(k)).sum(1)


print("| labels | cases | raters | frequencies | alpha | no bootstrap limits, % | bootstrap held, % (too high) | no higher than with added cases | width |")
print("|---|---:|---:|---|---:|---:|---:|---:|---:|")
three, skewed = [0.4, 0.3, 0.3], [0.9, 0.05, 0.05]
for metric in ("ordinal", "nominal"):
    for cases, raters, agree, frequencies in [
        (300, 2, 0.999, three), (40, 2, 0.97, three), (100, 2, 0.97, three), (300, 2, 0.97, three), (100, 2, 0.99, three),
        (100, 5, 0.97, three), (100, 2, 0.9, skewed), (100, 2, 0.98, skewed),
    ]:
        truth = alpha(pairs_of(draw(agree, frequencies, 200_000, raters)).sum(0), metric)
        found = [limits(draw(agree, frequencies, cases, raters), metric) for _ in range(400)]
        found = [one for one in found if one[1] is not None]
        usual = np.array([own for own, _ in found if own is not None])
        mended = np.array([(least, 1) if own is None else (min(own[0], least), own[1]) for own, least in found])
        both = np.array([(min(own[0], least), own[1]) for own, least in found if own is not None])
        held = lambda own: f"{100 * np.mean((own[:, 0] <= truth) & (truth <= own[:, 1])):.1f} ({100 * np.mean(own[:, 0] > truth):.1f})"
        width = np.mean(both[:, 1] - both[:, 0]) / np.mean(usual[:, 1] - usual[:, 0])
        print(f"| {metric} | {cases} | {raters} | {', '.join(map(str, frequencies))} | {truth:.3f} | {100 - 100 * len(usual) / len(found):.1f} | {held(usual)} | {held(mended)} | {width:.2f} |", flush=True)
