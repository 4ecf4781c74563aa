"""An audit of groups beside fairlearn's MetricFrame with bootstrap intervals, on the same 100,000 cases and 3 attributes.

    pip install fairlearn scikit-learn pandas
    python benches/peers/metric_frame.py PROGRAM [REPLICATES]

Both sides give accuracy, recall, false-positive rate and selection rate of every label and group of each attribute, with
95 % intervals; the audit also gives skill, F1, differences between groups, contrasts of findings and its reports, and
reads its files. fairlearn takes minutes for 1,000 replicates, so it is timed with a few (10 where none are named) and
none, and the time is carried forward in a straight line, which is said beside the result.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas as pd
from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate
from sklearn.metrics import accuracy_score, recall_score

program = str(pathlib.Path(sys.argv[1]).resolve())
replicates = int(sys.argv[2]) if len(sys.argv) > 2 else 10
rng = np.random.default_rng(1)
n, labels = 100_000, ["anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"]
gold = rng.integers(0, 7, n)
answer = np.where(rng.random(n) < 0.6, gold, rng.integers(0, 7, n))
attributes = {"a": rng.integers(0, 2, n), "b": rng.integers(0, 5, n), "c": rng.integers(0, 12, n)}

with tempfile.TemporaryDirectory() as work:
    work = pathlib.Path(work)
    data = work / "data"
    data.mkdir()
    card = ['name = "data"', '[tasks.emotion]', 'scheme = "ekman"', 'source = "perceived"']
    for name in attributes:
        card += [f"[attributes.{name}]", 'about = "author"', 'kind = "demographic"']
    (data / "dataset.toml").write_text("\n".join(card))
    names = np.array(labels)
    pd.DataFrame({"id": range(n), "emotion": names[gold], **attributes}).to_csv(data / "cases.csv", index=False)
    pd.DataFrame({"id": range(n), "label": names[answer]}).to_csv(work / "answers.csv", index=False)
    command = [program, "audit", "--dataset", str(data), "--predictions", str(work / "answers.csv"), "--quiet", "--replicates", "1000", "--out", str(work / "out")]
    ours = []
    for _ in range(5):
        start = time.perf_counter()
        code = subprocess.run(command, capture_output=True).returncode
        ours.append(time.perf_counter() - start)
        assert code in (0, 1, 3), code
    ours = sorted(ours)[2]


def frames(boot):
    """MetricFrame takes one set of labels, so each label is a frame of yes and no, as is each attribute."""
    start = time.perf_counter()
    more = {"n_boot": boot, "ci_quantiles": [0.025, 0.975], "random_state": 1} if boot else {}
    for values in attributes.values():
        MetricFrame(metrics=accuracy_score, y_true=gold, y_pred=answer, sensitive_features=values, **more)
        for label in range(7):
            metrics = {"recall": recall_score, "false_positive_rate": false_positive_rate, "selection_rate": selection_rate}
            MetricFrame(metrics=metrics, y_true=gold == label, y_pred=answer == label, sensitive_features=values, **more)
    return time.perf_counter() - start


plain = frames(0)
few = frames(replicates)
theirs = plain + (few - plain) / replicates * 1000
print(f"affect-audit, 1,000 replicates, files to reports: {ours:.2f} s (median of five)")
print(f"fairlearn, no replicates: {plain:.1f} s; {replicates} replicates: {few:.1f} s; 1,000 carried forward: {theirs:.0f} s")
print(f"ratio: {theirs / ours:.0f}")
