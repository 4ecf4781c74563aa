"""Agreement within and between groups of raters, for src/measure/rater_group.rs.

    pip install numpy==2.4.6 krippendorff==0.9.0 nltk==3.10.4
    python tests/oracles/rater_groups.py > tests/oracles/rater_groups.json

Within a group: Krippendorff's alpha by the package, over sets of labels by nltk. Between a group and the other raters whose
group is known: cross-replication reliability as in Wong, Paritosh & Aroyo (2021), equations 9 and 10 for missing ratings,
pair by pair; their own example is checked. Ratings are labels, sets of them bits; none is where a rater did not rate a
case. Seeded: the same versions print the same file.
"""

import json

import krippendorff
import numpy as np
from nltk.metrics.agreement import AnnotationTask


def ordinal(counts):
    """Distances of ranks among so many ratings of each (Krippendorff 2011)."""
    distance = lambda low, high: (sum(counts[low : high + 1]) - (counts[low] + counts[high]) / 2) ** 2
    return [[distance(min(a, b), max(a, b)) if a != b else 0 for b in range(len(counts))] for a in range(len(counts))]


def cross_kappa(own, others, distance):
    """Ratings by the two sides, case by case: lists of lists. Returns kappa_x and the number of cases."""
    cases = [(x, y) for x, y in zip(own, others) if x and y]
    all_x, all_y = [r for x, _ in cases for r in x], [r for _, y in cases for r in y]
    weights = [len(x) + len(y) for x, y in cases]
    mean = lambda x, y: np.mean([distance(a, b) for a in x for b in y])
    observed = sum(w * mean(x, y) for w, (x, y) in zip(weights, cases)) / (len(all_x) + len(all_y))
    return 1 - observed / mean(all_x, all_y), len(cases)


def masi(one, other):
    """Distance of two sets, as bits, with exact thirds (Passonneau 2006)."""
    both, either = (one & other).bit_count(), (one | other).bit_count()
    monotone = 1 if one == other else 2 / 3 if one & other in (one, other) else 1 / 3 if both else 0
    return 1 - both / either * monotone if either else 0.0


nominal = lambda a, b: float(a != b)
PAPER = [[1, 1], [1, 1, 1], [0, 0], [0, 0, 0], [0, 1], [0, 0, 0]], [[1, 1], [1, 0], [0, 1], [1, 0], [0, 0], []]
assert abs(cross_kappa(*PAPER, nominal)[0] - 2 / 11) < 1e-12


def sides(table, groups, group):
    """The ratings of the group and of the other known groups, case by case; `table` holds None for no rating."""
    said = lambda row, member: [r for r, g in zip(row, groups) if r is not None and member(g)]
    return [said(row, lambda g: g == group) for row in table], [said(row, lambda g: g not in (group, None)) for row in table]


def between(table, groups, group, kind, labels):
    own, others = sides(table, groups, group)
    if kind == "ordinal":
        shared = [r for x, y in zip(own, others) if x and y for r in x + y]
        apart = ordinal([shared.count(label) for label in range(labels)])
        return cross_kappa(own, others, lambda a, b: apart[a][b])
    return cross_kappa(own, others, masi if kind == "multi-label" else nominal)


def within(table, groups, group, kind):
    own, _ = sides(table, groups, group)
    shared = [row for row, x in zip(table, own) if len(x) > 1]
    mine = [[r for r, g in zip(row, groups) if g == group] for row in shared]
    if kind == "multi-label":
        data = [(str(r), str(c), frozenset({s})) for c, row in enumerate(mine) for r, s in enumerate(row) if s is not None]
        return AnnotationTask(data=data, distance=lambda one, other: masi(*one, *other)).alpha(), len(shared)
    values = np.array([[np.nan if r is None else r for r in row] for row in mine], dtype=float).T
    return krippendorff.alpha(values, level_of_measurement=kind), len(shared)


def drawn(rng, cases, groups, kind, labels, missing, slips):
    """Ratings of people of groups that slip, group by group, with their own probability."""
    many = kind == "multi-label"
    pick = lambda: int(rng.integers(1, 1 << labels)) if many else int(rng.integers(labels))
    table = []
    for _ in range(cases):
        truth = pick()
        row = [pick() if rng.random() < slips[g] else truth for g in groups]
        table.append([None if rng.random() < missing else said for said in row])
    return table


def main():
    rng = np.random.default_rng(2021)
    oracle = []
    for kind, labels, cases, sizes, missing in [
        ("nominal", 4, 60, [10, 10], 0.0),
        ("nominal", 6, 90, [12, 11, 10], 0.7),
        ("ordinal", 5, 80, [10, 14], 0.6),
        ("multi-label", 4, 70, [10, 11], 0.7),
    ]:
        names = ["north", "south", "west"][: len(sizes)]
        groups = [name for name, size in zip(names, sizes) for _ in range(size)] + [None] * 3
        table = drawn(rng, cases, groups, kind, labels, missing, dict(zip(names, [0.2, 0.5, 0.35])) | {None: 0.9})
        values = []
        for name in names:
            (alpha, shared), (kappa, crossed) = within(table, groups, name, kind), between(table, groups, name, kind, labels)
            values.append({"group": name, "alpha": alpha, "alpha_n": shared, "kappa": kappa, "kappa_n": crossed})
        oracle.append({"kind": kind, "labels": labels, "groups": groups, "ratings": table, "values": values})
    print("[\n" + ",\n".join(map(json.dumps, oracle)) + "\n]")


if __name__ == "__main__":
    main()
