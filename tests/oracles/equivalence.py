"""Two one-sided tests of equivalence by statsmodels, for the gates that ask whether a difference lies within a margin.

    pip install numpy==2.4.6 statsmodels==0.15.0
    python tests/oracles/equivalence.py > tests/oracles/equivalence.json

Seeded: the same versions print the same file.
"""

import json

import numpy as np
from statsmodels.stats.proportion import tost_proportions_2indep
from statsmodels.stats.weightstats import ttost_paired

rng = np.random.default_rng(1987)
oracle = {"paired": [], "proportions": []}
# Paired t tests: differences of pairs, the margin, and the larger p-value of the two tests.
for n, shift, spread in [(5, 0.0, 0.05), (12, 0.02, 0.1), (30, 0.0, 0.2), (30, 0.03, 0.15), (80, 0.04, 0.2), (80, -0.02, 0.3), (200, 0.0, 0.3), (200, 0.06, 0.3)]:
    differences = np.round(rng.normal(shift, spread, n), 4)
    for margin in [0.05, 0.1, 0.2]:
        p, _, _ = ttost_paired(differences, np.zeros(n), -margin, margin)
        oracle["paired"].append({"differences": differences.tolist(), "margin": margin, "p": float(p)})
# Proportions of two groups: score tests (Miettinen & Nurminen 1985).
for first, n, second, m in [(70, 100, 71, 100), (210, 300, 205, 300), (800, 1000, 790, 1000), (45, 50, 44, 50), (640, 800, 560, 800), (1500, 2000, 1450, 2000)]:
    for margin in [0.05, 0.1, 0.15]:
        p = tost_proportions_2indep(first, n, second, m, -margin, margin, method="score", compare="diff").pvalue
        oracle["proportions"].append({"first": [first, n], "second": [second, m], "margin": margin, "p": float(p)})
print("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in oracle.items()) + "\n}")
