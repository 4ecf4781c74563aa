"""Krippendorff's alpha over sets of labels by nltk, for src/measure/agreement.rs.

    pip install nltk==3.10.4
    python tests/oracles/masi.py > tests/oracles/masi.json

nltk's own `masi_distance` rounds the thirds of Passonneau (2006) to 0.67 and 0.33; here they are exact. Sets are written as
bits. Seeded: the same versions print the same file.
"""

import json
import random

from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import jaccard_distance, masi_distance


def masi(one, other):
    overlap = 1 - jaccard_distance(one, other)
    shared = one & other
    monotone = 1 if one == other else 2 / 3 if shared in (one, other) else 1 / 3 if shared else 0
    exact = 1 - overlap * monotone
    assert abs(exact - masi_distance(one, other)) < 0.004
    return exact


random.seed(2006)
oracle = []
for cases, raters, labels, slip, missing in [(6, 2, 3, 0.3, 0.0), (40, 3, 5, 0.2, 0.0), (60, 5, 8, 0.1, 0.3), (50, 4, 6, 0.5, 0.1)]:
    data, units = [], []
    for case in range(cases):
        truth = {label for label in range(labels) if random.random() < 0.3} or {0}
        unit = []
        for rater in range(raters):
            if rater > 1 and random.random() < missing:
                continue
            chosen = frozenset({label for label in range(labels) if (label in truth) != (random.random() < slip)} or {0})
            data.append((f"r{rater}", f"c{case}", chosen))
            unit.append(sum(1 << label for label in chosen))
        units.append(unit)
    # nltk takes missing ratings for what they are; no case here has fewer than two.
    oracle.append({"units": units, "alpha": AnnotationTask(data=data, distance=masi).alpha()})
print("[\n" + ",\n".join(map(json.dumps, oracle)) + "\n]")
