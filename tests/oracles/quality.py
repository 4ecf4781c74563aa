"""Reference values for the quality measures, computed outside the crate.

    pip install numpy==2.4.6 scikit-learn==1.9.1 krippendorff==0.9.0 nltk==3.10.4
    python tests/oracles/quality.py > tests/oracles/quality.json

Each set holds labels, gold and answers by their places in the list of labels; null is a case without gold or
without an answer, which no value but coverage counts. Seeded: the same versions print the same file.
"""

import json
import platform
import warnings
from importlib.metadata import version

import krippendorff
import numpy as np
from nltk.metrics.agreement import AnnotationTask
from sklearn import metrics
from sklearn.exceptions import UndefinedMetricWarning

warnings.filterwarnings("ignore", category=UndefinedMetricWarning)
warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")

rng = np.random.default_rng(20240229)
EMOTIONS = ["anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"]


def one_label(n, shares, correct, never_answered=(), only_answered=(), near=False):
    """Gold drawn by shares; answers right with probability `correct`, else drawn, or one rank off where `near`."""
    k = len(shares)
    shares = np.array(shares, float)
    shares[list(only_answered)] = 0
    gold = rng.choice(k, n, p=shares / shares.sum())
    answers = []
    for label in gold:
        if near and rng.random() < 0.8:
            wrong = int(np.clip(label + rng.choice([-1, 1]), 0, k - 1))
        else:
            wrong = int(rng.integers(k))
        answer = int(label) if rng.random() < correct else wrong
        answers.append((answer + 1) % k if answer in never_answered else answer)
    return [int(label) for label in gold], answers


def several_labels(n, k, mean, keep, add):
    """Sets drawn with unequal shares, some of them empty; answers lose labels and gain others."""
    shares = np.geomspace(3.0, 0.05, k)
    shares *= mean / shares.sum()
    gold = [sorted(np.flatnonzero(rng.random(k) < shares).tolist()) for _ in range(n)]
    answers = []
    for labels in gold:
        kept = {label for label in labels if rng.random() < keep}
        kept |= set(np.flatnonzero(rng.random(k) < add).tolist())
        answers.append(sorted(kept))
    return gold, answers


def with_gaps(gold, answers, no_gold, no_answer):
    """The same with cases that nobody labelled and cases that the model did not answer."""
    gold = [None if rng.random() < no_gold else labels for labels in gold]
    answers = [None if rng.random() < no_answer else answer for answer in answers]
    return gold, answers


def labels_of(gold, answers, k):
    """Decisions about each label; 0 where sklearn divides by zero."""
    rows = []
    for label in range(k):
        true = np.array([label in case for case in gold])
        said = np.array([label in case for case in answers])
        row = {
            "gold": int(true.sum()),
            "answers": int(said.sum()),
            "precision": float(metrics.precision_score(true, said, zero_division=0)),
            "recall": float(metrics.recall_score(true, said, zero_division=0)),
            "f1": float(metrics.f1_score(true, said, zero_division=0)),
            "false-positive-rate": float(metrics.recall_score(~true, said, zero_division=0)),
            "selection-rate": float(said.mean()),
        }
        if true.any() and not true.all():
            row["skill"] = float(metrics.balanced_accuracy_score(true, said, adjusted=True))
        rows.append(row)
    return rows


def f1s(true, said, occurring):
    score = lambda average, **of: float(metrics.f1_score(true, said, average=average, zero_division=0, **of))
    return {
        "macro-f1": score("macro", labels=occurring),
        "micro-f1": score("micro"),
        "weighted-f1": score("weighted"),
    }


def skill(true, said):
    """Adjusted balanced accuracy, with an answer that gold never holds worth a guess."""
    labels = sorted(set(true))
    recall = metrics.recall_score(true, said, labels=labels, average=None, zero_division=0)
    strays = [np.mean([s not in labels for t, s in zip(true, said) if t == label]) for label in labels]
    value = (recall.sum() + sum(strays) / len(labels) - 1) / (len(labels) - 1)
    if not any(strays):
        assert abs(value - metrics.balanced_accuracy_score(true, said, adjusted=True)) < 1e-12
    return float(value)


def single(true, said, k, ordinal):
    occurring = sorted(set(true) | set(said))
    values = {
        "accuracy": float(metrics.accuracy_score(true, said)),
        "balanced-accuracy": float(metrics.balanced_accuracy_score(true, said)),
        "skill": skill(true, said),
        **f1s(true, said, occurring),
        "mcc": float(metrics.matthews_corrcoef(true, said)),
        "kappa": float(metrics.cohen_kappa_score(true, said)),
        "alpha": float(krippendorff.alpha([true, said], level_of_measurement="nominal")),
    }
    if ordinal:
        ranks = list(range(k))
        values["rank-error"] = float(metrics.mean_absolute_error(true, said))
        values["quadratic-kappa"] = float(metrics.cohen_kappa_score(true, said, labels=ranks, weights="quadratic"))
    return values


def multi(gold, answers, k):
    table = lambda cases: np.array([[label in case for label in range(k)] for case in cases], int)
    true, said = table(gold), table(answers)
    occurring = [label for label in range(k) if true[:, label].any() or said[:, label].any()]
    both_ways = [label for label in range(k) if 0 < true[:, label].sum() < len(true)]
    return {
        "subset-accuracy": float(metrics.accuracy_score(true, said)),
        "skill": float(
            np.mean([metrics.balanced_accuracy_score(true[:, j], said[:, j], adjusted=True) for j in both_ways])
        ),
        **f1s(true, said, occurring),
        # Two empty sets are the same set: 1, not the 0 that sklearn gives by default.
        "jaccard": float(metrics.jaccard_score(true, said, average="samples", zero_division=1)),
        "hamming": float(metrics.hamming_loss(true, said)),
        "alpha": alpha_of_sets(gold, answers),
    }


def alpha_of_sets(gold, answers):
    """Krippendorff's alpha by nltk, with the distance of tests/oracles/masi.py."""
    data = [(who, case, frozenset(labels)) for who, sets in enumerate((gold, answers)) for case, labels in enumerate(sets)]
    return float(AnnotationTask(data=data, distance=masi).alpha())


def masi(one, other):
    """Passonneau 2006, exactly."""
    if not one | other:
        return 0
    shared = one & other
    monotone = 1 if one == other else 2 / 3 if shared in (one, other) and shared else 1 / 3 if shared else 0
    return 1 - len(shared) / len(one | other) * monotone


def labelled_set(name, kind, labels, gold, answers):
    pairs = [(g, a) for g, a in zip(gold, answers) if g is not None and a is not None]
    true, said = [g for g, _ in pairs], [a for _, a in pairs]
    k = len(labels)
    judged = sum(g is not None for g in gold)
    if kind == "multi-label":
        overall, by_label = multi(true, said, k), labels_of(true, said, k)
    else:
        overall = single(true, said, k, kind == "ordinal")
        by_label = labels_of([[g] for g in true], [[a] for a in said], k)
    overall["coverage"] = len(pairs) / judged
    return {
        "name": name,
        "kind": kind,
        "labels": labels,
        "gold": gold,
        "answers": answers,
        "judged": judged,
        "answered": len(pairs),
        "overall": overall,
        "by_label": by_label,
    }


POLARITY = ["negative", "neutral", "positive"]
MANY = [f"label-{place + 1:02}" for place in range(28)]
sets = [
    labelled_set("three classes", "ordinal", POLARITY, *one_label(90, [0.2, 0.5, 0.3], 0.7)),
    labelled_set("three classes, imbalanced, nominal", "nominal", POLARITY, *one_label(200, [0.9, 0.07, 0.03], 0.6)),
    labelled_set(
        "seven classes, imbalanced, one never answered",
        "nominal",
        EMOTIONS,
        *one_label(240, [0.3, 0.02, 0.05, 0.2, 0.33, 0.07, 0.03], 0.55, never_answered=(1,)),
    ),
    labelled_set(
        "seven classes, one never in gold but answered",
        "nominal",
        EMOTIONS,
        *one_label(150, [1, 1, 1, 1, 1, 1, 1], 0.5, only_answered=(6,)),
    ),
    labelled_set(
        "seven classes, two on neither side, worse than guessing",
        "nominal",
        EMOTIONS,
        [0, 0, 0, 2, 2, 3, 3, 3, 4, 5, 5, 0],
        [2, 3, 0, 0, 3, 2, 4, 5, 3, 4, 0, 2],
    ),
    labelled_set(
        "five ranks",
        "ordinal",
        ["very-negative", "negative", "neutral", "positive", "very-positive"],
        *one_label(180, [0.08, 0.22, 0.3, 0.25, 0.15], 0.45, near=True),
    ),
    labelled_set(
        "seven classes with gaps",
        "nominal",
        EMOTIONS,
        *with_gaps(*one_label(160, [0.2, 0.05, 0.1, 0.2, 0.25, 0.12, 0.08], 0.6), 0.15, 0.2),
    ),
    labelled_set("label sets of four, some empty", "multi-label", list("abcd"), *several_labels(60, 4, 1.1, 0.8, 0.1)),
    labelled_set("label sets of 28, some empty", "multi-label", MANY, *several_labels(250, 28, 1.3, 0.65, 0.02)),
    labelled_set(
        "label sets with labels on one side or neither",
        "multi-label",
        list("abcde"),
        5 * [[0, 1], [0], [], [0, 2], [0], [0, 1], []],
        5 * [[0], [0, 3], [], [2], [0, 1], [0, 1], [3]],
    ),
    labelled_set(
        "label sets with gaps",
        "multi-label",
        list("abcdef"),
        *with_gaps(*several_labels(120, 6, 1.4, 0.7, 0.1), 0.1, 0.25),
    ),
]

versions = {name: version(name) for name in ("numpy", "scikit-learn", "krippendorff")}
# One set a line.
lines = ",\n".join(json.dumps(labelled) for labelled in sets)
print(f'{{"versions": {json.dumps({"python": platform.python_version()} | versions)},\n"sets": [\n{lines}\n]}}')
