"""Score shifts between pairs of groups in sets of four, computed outside the crate.

    pip install numpy==2.4.6 scipy==1.17.1
    python tests/oracles/pairs_of_groups.py > tests/oracles/pairs_of_groups.json

Two groups lie 0.065 above the other two. The shift of each group to the mean of the others is within 0.05, and that
between an upper and a lower group is not. One score is missing. Every set is a cluster of its own; of 14 sets all signs
can be flipped. The interval is Student's. Seeded: the same versions print the same file.
"""

import itertools
import json

import numpy as np
import scipy.stats as st

rng = np.random.default_rng(1948)
groups, sets = ["a", "b", "c", "d"], 14
base = rng.uniform(0.3, 0.6, sets)
scores = np.round(base[:, None] + [0.065, 0.065, 0, 0] + rng.normal(0, 0.004, (sets, 4)), 6)
scores[3, 1] = np.nan


def tested(differences):
    differences = differences[~np.isnan(differences)]
    n, test = len(differences), st.ttest_1samp(differences, 0)
    low, high = test.confidence_interval(0.95)
    flips = st.permutation_test((differences,), np.sum, permutation_type="samples", n_resamples=np.inf)
    return {
        "n": n, "value": differences.mean(), "low": low, "high": high, "t": test.statistic, "p": test.pvalue,
        "effect": differences.mean() / differences.std(ddof=1),
        "wilcoxon": st.wilcoxon(differences).pvalue, "sign_flip": flips.pvalue,
    }


others = lambda place: np.nanmean(np.delete(scores, place, axis=1), axis=1)
print(json.dumps({
    "scores": [[None if np.isnan(score) else score for score in row] for row in scores.tolist()],
    "groups": [{"group": name, **tested(scores[:, place] - others(place))} for place, name in enumerate(groups)],
    "pairs": [
        {"group": groups[one], "other": groups[other], **tested(scores[:, one] - scores[:, other])}
        for one, other in itertools.combinations(range(4), 2)
    ],
}, indent=1))
