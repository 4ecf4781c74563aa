"""Score shifts, flip rates and set coverage in sets that swap two attributes and lack combinations of them, computed
outside the crate.

    pip install numpy==2.4.6 scipy==1.17.1
    python tests/oracles/incomplete_sets.py > tests/oracles/incomplete_sets.json

Only sentences of a set that are alike in the other attribute are compared; a sentence without a group of it is like
others without one. Of each such stratum, the difference is between the mean of a group and the mean of the other groups'
means, or the mean of one other group; strata of n and m sentences weigh n m / (n + m). Sets where no stratum holds two
groups do not count. In the world *confounded* every set holds a woman of either race and a man of one, and race alone
moves the score: gender has no effect. In *lacking* sets hold what chance left of twelve combinations, once or twice,
and one sentence in twenty has no score. Every set is a cluster of its own. Intervals are Student's, and Wilson's of
shares. Seeded: the same versions print the same file.
"""

import itertools
import json

import numpy as np
import scipy.stats as st

rng = np.random.default_rng(20251)
ATTRIBUTES = ["gender", "race"]


def confounded():
    for place in range(40):
        base = rng.normal(0.5, 0.1)
        for gender, race in [("f", "x"), ("f", "y"), ("m", "y")]:
            yield place, gender, race, base + 0.25 * (race == "x") + rng.normal(0, 0.01)


def lacking():
    combinations = [one for one in itertools.product(["f", "m", "n", ""], ["x", "y", ""]) if any(one)]
    for place in range(90):
        base = rng.normal(0.5, 0.1)
        for gender, race in combinations:
            effect = 0.2 * (race == "x") + 0.03 * (gender == "f") - 0.05 * (gender == "m") * (race == "y")
            for _ in range(rng.choice([0, 1, 2], p=[0.5, 0.35, 0.15])):
                missing = rng.uniform() < 0.05
                yield place, gender, race, None if missing else base + effect + rng.normal(0, 0.04)


def tested(differences):
    test = st.ttest_1samp(differences, 0)
    low, high = test.confidence_interval(0.95)
    effect = np.mean(differences) / np.std(differences, ddof=1)
    return {
        "n": len(differences), "value": np.mean(differences), "low": low, "high": high,
        "t": test.statistic, "p": test.pvalue, "effect": effect,
    }


def share(happened):
    interval = st.binomtest(sum(happened), len(happened)).proportion_ci(0.95, method="wilson")
    return {"n": len(happened), "value": np.mean(happened), "low": interval.low, "high": interval.high}


def by(rows, key):
    return {value: [row for row in rows if key(row) == value] for value in sorted({key(row) for row in rows})}


def mean(rows):
    return None if any(row["score"] is None for row in rows) else np.mean([row["score"] for row in rows])


def strata(rows, attribute):
    """The sentences of a set by the other attribute, and then by group."""
    (other,) = [name for name in ATTRIBUTES if name != attribute]
    own = [row for row in rows if row[attribute]]
    split = [by(alike, lambda row: row[attribute]) for alike in by(own, lambda row: row[other]).values()]
    return [groups for groups in split if len(groups) > 1]


def pooled(rows, attribute, group, wanted):
    differences, weights = [], []
    for groups in strata(rows, attribute):
        others = [name for name in groups if name != group and (wanted is None or name == wanted)]
        others = [groups[name] for name in others if mean(groups[name]) is not None]
        if group in groups and mean(groups[group]) is not None and others:
            n, m = len(groups[group]), sum(map(len, others))
            differences.append(mean(groups[group]) - np.mean([mean(other) for other in others]))
            weights.append(n * m / (n + m))
    return np.average(differences, weights=weights) if differences else None


def flips(rows, attribute):
    compared = strata(rows, attribute)
    answers = [[{row["label"] for row in members} for members in groups.values()] for groups in compared]
    if not compared or any(None in labels for groups in answers for labels in groups):
        return None
    return any(labels != groups[0] for groups in answers for labels in groups)


def expected(rows):
    sets = list(by(rows, lambda row: row["set"]).values())
    values = []
    for attribute in ATTRIBUTES:
        names = sorted({row[attribute] for row in rows if row[attribute]})
        pairs = itertools.combinations(names, 2) if len(names) > 2 else []
        for group, other in [(name, None) for name in names] + list(pairs):
            shifts = [pooled(of_set, attribute, group, other) for of_set in sets]
            shifts = tested([shift for shift in shifts if shift is not None])
            values.append({"measure": "score-shift", "attribute": attribute, "group": group, "other": other, **shifts})
        happened = [flips(of_set, attribute) for of_set in sets]
        happened = share([one for one in happened if one is not None])
        values.append({"measure": "flip-rate", "attribute": attribute, "group": None, "other": None, **happened})
        held = [of_set for of_set in sets if any(row[attribute] for row in of_set)]
        complete = [
            {name for groups in strata(of_set, attribute) for name in groups} == set(names)
            and all(row["score"] is not None for row in of_set if row[attribute])
            for of_set in held
        ]
        values.append({"measure": "set-coverage", "attribute": attribute, "group": None, "other": None, **share(complete)})
    return values


def row(place, gender, race, score):
    score = None if score is None else round(float(np.clip(score, 0.01, 0.99)), 6)
    label = None if score is None else "positive" if score > 0.5 else "negative"
    return {"set": place, "gender": gender, "race": race, "score": score, "label": label}


worlds = []
for name, draw in [("confounded", confounded), ("lacking", lacking)]:
    rows = [row(*drawn) for drawn in draw()]
    worlds.append({"world": name, "rows": [list(one.values()) for one in rows], "expected": expected(rows)})
plain = lambda value: value.item()
text = json.dumps(worlds, default=plain)
# A line for each row and value.
print(text.replace("[[", "[\n[").replace("], [", "],\n[").replace("}, {", "},\n{"))
