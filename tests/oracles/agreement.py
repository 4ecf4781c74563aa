"""Agreement of raters by the `krippendorff` package, for tests/suite/dataset_check.rs.

Writes the dataset tests/oracles/agreement/ and the values tests/oracles/agreement.json.
Run: pip install krippendorff==0.9.0 numpy && python tests/oracles/agreement.py
"""

import csv
import json
import random
from pathlib import Path

import krippendorff
import numpy

HERE = Path(__file__).parent
FOLDER = HERE / "agreement"
SCALES = {
    "sentiment": ["very negative", "negative", "neutral", "positive", "very positive"],
    "emotion": ["anger", "fear", "joy"],
}
CARD = """name = "agreement"
[tasks.sentiment]
kind = "ordinal"
labels = ["very negative", "negative", "neutral", "positive", "very positive"]
source = "perceived"
[tasks.emotion]
labels = ["anger", "fear", "joy"]
source = "perceived"
[attributes.place]
about = "author"
kind = "culture"
[ratings]
file = "ratings.csv"
"""

random.seed(7)
cases = []
ratings = {task: {} for task in SCALES}
for case in range(120):
    place = "north" if case % 3 else "south"
    truth = {task: random.randrange(len(labels)) for task, labels in SCALES.items()}
    cases.append([case, f"case number {case}", SCALES["sentiment"][truth["sentiment"]], SCALES["emotion"][truth["emotion"]], place])
    for rater in "abcde":
        if random.random() < 0.25:
            continue
        for task, labels in SCALES.items():
            slip = 0.2 if place == "north" else 0.45
            value = truth[task]
            if random.random() < slip:
                value = min(len(labels) - 1, max(0, value + random.choice([-1, 1])))
            if random.random() < 0.9:
                ratings[task][case, rater] = value

FOLDER.mkdir(exist_ok=True)
(FOLDER / "dataset.toml").write_text(CARD)
with open(FOLDER / "cases.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["id", "text", "sentiment", "emotion", "place"])
    writer.writerows(cases)
with open(FOLDER / "ratings.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["id", "rater", "sentiment", "emotion"])
    for case, rater in sorted({key for task in ratings.values() for key in task}):
        row = [ratings[task].get((case, rater)) for task in SCALES]
        writer.writerow([case, rater] + ["" if value is None else SCALES[task][value] for task, value in zip(SCALES, row)])


def alpha(task, level, among, label=None):
    table = numpy.full((5, len(among)), numpy.nan)
    for column, case in enumerate(among):
        for row, rater in enumerate("abcde"):
            value = ratings[task].get((case, rater))
            if value is not None:
                table[row, column] = value if label is None else float(value == label)
    return krippendorff.alpha(reliability_data=table, level_of_measurement=level)


everybody = list(range(120))
values = []
for task, labels in SCALES.items():
    level = "ordinal" if task == "sentiment" else "nominal"
    values.append({"task": task, "group": "all", "label": "all labels", "alpha": alpha(task, level, everybody)})
    for place, label in enumerate(labels):
        values.append({"task": task, "group": "all", "label": label, "alpha": alpha(task, "nominal", everybody, place)})
    for group in ["north", "south"]:
        among = [case[0] for case in cases if case[4] == group]
        values.append({"task": task, "group": group, "label": "all labels", "alpha": alpha(task, level, among)})
(HERE / "agreement.json").write_text(json.dumps({"krippendorff": "0.9.0", "values": values}, indent=1) + "\n")
