"""Five small datasets with a model's answers, and the value of every measure on them, computed outside the crate.

    pip install numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 scikit-learn==1.9.1 krippendorff==0.9.0 nltk==3.10.4 uncertainty-calibration==0.1.4 fairlearn==0.15.0
    python tests/oracles/measures.py

writes tests/oracles/measures/. Each value stands beside the tool that it comes from. Seeded: the same versions write the
same files. A test audits the datasets through the program and compares; docs/measures.md shows the comparison.
"""

import json
import pathlib

import krippendorff
import numpy as np
import pandas as pd
import rater_groups
from calibration import utils
from fairlearn.metrics import demographic_parity_ratio, equalized_odds_difference
from scipy import stats
from scipy.spatial import distance
from sklearn import metrics

rng = np.random.default_rng(1789)
here = pathlib.Path(__file__).parent / "measures"
oracle = []


def put(folder, measure, value, tool, label=None, tolerance=1e-9, **where):
    oracle.append({"dataset": folder, "measure": measure, "label": label, "value": float(value), "tool": tool, "tolerance": tolerance, **where})


def write(folder, card, frames):
    place = here / folder
    place.mkdir(parents=True, exist_ok=True)
    (place / "dataset.toml").write_text(card)
    for name, frame in frames.items():
        frame.to_csv(place / f"{name}.csv", index=False, lineterminator="\n")


# One label a case, ordered, with probabilities and five raters ---------------------------------------------
labels, n, raters = ["negative", "neutral", "positive"], 300, 5
truth = rng.choice(3, n, p=[0.5, 0.2, 0.3])
said = np.where(rng.random((n, raters)) < 0.75, truth[:, None], rng.integers(0, 3, (n, raters)))
gold = np.array([np.bincount(row, minlength=3).argmax() for row in said])
rows = np.round(rng.dirichlet([1, 1, 1], n) * 0.6 + 0.4 * np.eye(3)[np.where(rng.random(n) < 0.7, gold, rng.integers(0, 3, n))], 6)
rows[:, 2] = np.round(1 - rows[:, 0] - rows[:, 1], 6)
answer = rows.argmax(1)
silent = rng.random(n) < 0.05
ids = [f"c{case}" for case in range(n)]
group = np.array(["north", "south"])[(rng.random(n) < 0.4).astype(int)]
write("ordered", """name = "ordered"
[tasks.sentiment]
scheme = "three-way"
source = "perceived"
[attributes.region]
about = "author"
kind = "culture"
[ratings]
file = "ratings.csv"
""", {
    "cases": pd.DataFrame({"id": ids, "sentiment": [labels[g] for g in gold], "region": group}),
    "ratings": pd.DataFrame([(ids[c], f"r{r}", labels[said[c, r]]) for c in range(n) for r in range(raters)], columns=["id", "rater", "sentiment"]),
    "predictions": pd.DataFrame({"id": ids, **{f"score:{label}": rows[:, place] for place, label in enumerate(labels)}})[~silent],
})
g, a, p = gold[~silent], answer[~silent], rows[~silent]
skl = "scikit-learn"
put("ordered", "coverage", (~silent).mean(), "numpy mean")
put("ordered", "skill", metrics.balanced_accuracy_score(g, a, adjusted=True), skl)
put("ordered", "accuracy", metrics.accuracy_score(g, a), skl)
put("ordered", "balanced-accuracy", metrics.balanced_accuracy_score(g, a), skl)
for average in ["macro", "micro", "weighted"]:
    put("ordered", f"{average}-f1", metrics.f1_score(g, a, average=average), skl)
put("ordered", "mcc", metrics.matthews_corrcoef(g, a), skl)
put("ordered", "kappa", metrics.cohen_kappa_score(g, a), skl)
put("ordered", "quadratic-kappa", metrics.cohen_kappa_score(g, a, weights="quadratic"), skl)
put("ordered", "rank-error", metrics.mean_absolute_error(g, a), skl)
put("ordered", "alpha", krippendorff.alpha([g, a], level_of_measurement="nominal"), "krippendorff")
precision, recall, f1, _ = metrics.precision_recall_fscore_support(g, a, labels=[0, 1, 2])
for place, label in enumerate(labels):
    put("ordered", "precision", precision[place], skl, label)
    put("ordered", "recall", recall[place], skl, label)
    put("ordered", "f1", f1[place], skl, label)
    (tn, fp), (fn, tp) = metrics.confusion_matrix(g == place, a == place)
    put("ordered", "false-positive-rate", fp / (fp + tn), skl + " confusion matrix", label)
    put("ordered", "skill", metrics.balanced_accuracy_score(g == place, a == place, adjusted=True), skl, label)
    put("ordered", "selection-rate", (a == place).mean(), "numpy mean", label)
    put("ordered", "auc", metrics.roc_auc_score(g == place, p[:, place]), skl, label)
    put("ordered", "overconfidence", p[:, place].mean() - (g == place).mean(), "numpy mean", label)
    for region in [None, "north", "south"]:
        of = (group[~silent] == region) | (region is None)
        where = {} if region is None else {"slice": {"region": region}}
        put("ordered", "scoring-rate", (p[of, place] > np.median(p[:, place])).mean(), "numpy median", label, **where)
put("ordered", "auc", metrics.roc_auc_score(g, p / p.sum(1, keepdims=True), multi_class="ovr", average="macro"), skl)
put("ordered", "brier", metrics.brier_score_loss(g, p, labels=[0, 1, 2], scale_by_half=False), skl)
put("ordered", "log-loss", metrics.log_loss(g, p, labels=[0, 1, 2]), skl, tolerance=1e-6)
put("ordered", "overconfidence", p.max(1).mean() - (g == a).mean(), "numpy mean")
# As many cases as fill equal bins, so that both sides cut alike.
sure = p.max(1)
bins = min(15, len(g) // 20)
cuts = sorted(set(np.sort(sure)[place * len(g) // bins] for place in range(1, bins)))
binned = [list(zip(sure[inside].tolist(), (g == a)[inside].astype(float).tolist())) for b in range(len(cuts) + 1) if (inside := np.searchsorted(cuts, sure, side="right") == b).any()]
put("ordered", "calibration-error", max(utils.unbiased_square_ce(binned), 0) ** 0.5, "uncertainty-calibration")
# Parts of the Brier score of the same bins (Murphy 1973), with the corrections of Ferro & Fricker (2012). Without them
# they add up to the Brier score of the bins' means.
sizes, stated, seen = np.array([(len(b), np.mean([q for q, _ in b]), np.mean([y for _, y in b])) for b in binned]).T
weights, base = sizes / sizes.sum(), (g == a).mean()
parts = [weights @ (stated - seen) ** 2, weights @ (seen - base) ** 2, base * (1 - base)]
flat = [(mean, y) for b, mean in zip(binned, stated) for _, y in b]
assert np.isclose(parts[0] - parts[1] + parts[2], metrics.brier_score_loss([y for _, y in flat], [q for q, _ in flat]))
within, overall = weights @ (seen * (1 - seen) / (sizes - 1)), base * (1 - base) / (len(g) - 1)
for name, part, chance in [("reliability", parts[0], -within), ("resolution", parts[1], overall - within), ("uncertainty", parts[2], overall)]:
    put("ordered", f"brier-{name}", part + chance, "numpy, checked by scikit-learn")
# The labels have an order; one against the others has none.
put("ordered", "human-alpha", krippendorff.alpha(said.T, level_of_measurement="ordinal"), "krippendorff, ordinal", model="raters")
for region in ["north", "south"]:
    put("ordered", "human-alpha", krippendorff.alpha(said[group == region].T, level_of_measurement="ordinal"), "krippendorff, ordinal", model="raters", slice={"region": region})
for place, label in enumerate(labels):
    put("ordered", "human-alpha", krippendorff.alpha((said == place).astype(int).T, level_of_measurement="nominal"), "krippendorff", label, model="raters")
one, others = [], []
for row in said:
    for rater in range(raters):
        counts = np.bincount(np.delete(row, rater), minlength=3)
        if (counts == counts.max()).sum() == 1:
            one.append(row[rater])
            others.append(counts.argmax())
put("ordered", "rater-skill", metrics.balanced_accuracy_score(others, one, adjusted=True), skl, model="raters")
# One by one, numbered by what they said: all rated as many cases.
order = sorted(range(raters), key=lambda rater: (np.bincount(said[:, rater], minlength=3).tolist(), said[:, rater].tolist()), reverse=True)
for number, rater in enumerate(order, 1):
    counts = np.array([np.bincount(np.delete(row, rater), minlength=3) for row in said])
    single = (counts == counts.max(1, keepdims=True)).sum(1) == 1
    put("ordered", "rater-skill", metrics.balanced_accuracy_score(counts[single].argmax(1), said[single, rater], adjusted=True), skl, model="raters", slice={"rater": str(number)})
shares = np.array([np.bincount(row, minlength=3) / raters for row in said])[~silent]
put("ordered", "rater-cross-entropy", np.mean([stats.entropy(q) + stats.entropy(q, r) - np.log(r.sum()) for q, r in zip(shares, p)]), "scipy entropy")
put("ordered", "rater-distance", np.mean([distance.cityblock(q, r) / 2 for q, r in zip(shares, p)]), "scipy cityblock", tolerance=1e-6)

# Between two groups, where each group's others are the other group.
here_too = group[~silent]
for place, label in enumerate(labels):
    rates = {region: (a[here_too == region] == place).mean() for region in ["north", "south"]}
    least = min(rates, key=rates.get)
    sensitive = {"sensitive_features": here_too}
    if min((g[here_too == region] == place).sum() for region in rates) >= 30:  # nothing is claimed on fewer
        put("ordered", "equalised-odds", equalized_odds_difference(g == place, a == place, **sensitive), "fairlearn", label, slice={"region": least}, comparison="difference-to-others")
    put("ordered", "impact-ratio", demographic_parity_ratio(g == place, a == place, **sensitive), "fairlearn", label, slice={"region": least})
lots = np.random.default_rng(1935)
dealt = np.array([lots.permutation(here_too) for _ in range(20_000)]) == "north"
right = (g == a).astype(float)
gaps = np.abs(dealt @ right / dealt.sum(1) - (~dealt) @ right / (~dealt).sum(1))
put("ordered", "accuracy", gaps.mean(), "numpy, 20,000 deals", tolerance=float(4 * gaps.std() / np.sqrt(1000)), comparison="gap-by-chance")

# Several labels a case -------------------------------------------------------------------------------------
names, n = ["anger", "fear", "joy", "sadness"], 200
gold = rng.random((n, 4)) < [0.3, 0.2, 0.4, 0.25]
answer = np.where(rng.random((n, 4)) < 0.2, ~gold, gold)
ids = [f"c{case}" for case in range(n)]
sets = lambda table: ["|".join(name for name, holds in zip(names, row) if holds) or "none" for row in table]
write("several", """name = "several"
[tasks.emotion]
labels = ["anger", "fear", "joy", "sadness", "none"]
kind = "multi-label"
neutral = "none"
source = "perceived"
""", {
    "cases": pd.DataFrame({"id": ids, "emotion": sets(gold)}),
    "predictions": pd.DataFrame({"id": ids, "label": sets(answer)}),
})
full = lambda table: np.column_stack([table, ~table.any(1)])
gold, answer = full(gold), full(answer)
put("several", "subset-accuracy", metrics.accuracy_score(gold, answer), skl)
put("several", "jaccard", metrics.jaccard_score(gold, answer, average="samples", zero_division=1), skl)
put("several", "hamming", metrics.hamming_loss(gold, answer), skl)
put("several", "macro-f1", metrics.f1_score(gold, answer, average="macro"), skl)

# Sentences that differ in one identity -----------------------------------------------------------------------
templates, wordings, groups = 12, 4, ["woman", "man", "nonbinary"]
cases = []
for template in range(templates):
    base = rng.normal(0, 0.8)
    for wording in range(wordings):
        own = rng.normal(0, 0.3)
        for place, name in enumerate(groups):
            score = 1 / (1 + np.exp(-(base + own + rng.normal(0, 0.3) + 0.4 * (place == 1))))
            cases.append((f"t{template}", f"w{wording}", f"t{template}w{wording}", name, round(float(score), 6)))
frame = pd.DataFrame(cases, columns=["template", "wording", "set", "gender", "score"])
frame["id"] = [f"c{case}" for case in range(len(frame))]
missing = frame["id"].isin(["c4", "c50"])
answers = frame.loc[~missing, ["id"]].assign(label=np.where(frame["score"] > 0.5, "positive", "negative")[~missing], **{"score:positive": frame["score"], "score:negative": (1 - frame["score"]).round(6)})
write("swapped", """name = "swapped"
[columns]
cluster = "template"
set = "set"
wording = "wording"
[attributes.gender]
about = "subject"
kind = "demographic"
""", {"cases": frame[["id", "template", "wording", "set", "gender"]], "predictions": answers})
seen = frame[~missing]
by_set = seen.pivot(index="set", columns="gender", values="score")
complete = by_set.dropna()
put("swapped", "set-coverage", by_set.notna().all(axis=1).mean(), "pandas")
put("swapped", "flip-rate", ((complete > 0.5).nunique(axis=1) > 1).mean(), "pandas")
series = []
for name in groups:
    others = by_set.drop(columns=name).mean(axis=1)
    shift = (by_set[name] - others).dropna()
    put("swapped", "score-shift", shift.mean(), "pandas", "positive", slice={"gender": name})
    series.append(shift)
template_of = frame.drop_duplicates("set").set_index("set")["template"]
variances = pd.concat([shift.groupby(template_of).var(ddof=1) for shift in series], axis=1)
put("swapped", "wording-spread", variances.mean(axis=1).mean() ** 0.5, "pandas")


def conclusion(shift, clusters):
    sums, sizes = shift.groupby(clusters).sum(), shift.groupby(clusters).size()
    count, mean = len(sums), shift.mean()
    error = np.sqrt(count / (count - 1) * ((sums - sizes * mean) ** 2).sum()) / len(shift)
    half = stats.t.ppf(0.975, count - 1) * error
    return int(mean - half > 0) - int(mean + half < 0)


every = [conclusion(shift, template_of.reindex(shift.index)) for shift in series]
turned = []
for _ in range(4000):
    chosen = {f"t{t}w{rng.integers(wordings)}" for t in range(templates)}
    drawn = [shift[shift.index.isin(chosen)] for shift in series]
    turned.append(np.mean([conclusion(d, template_of.reindex(d.index)) != e for d, e in zip(drawn, every)]))
# Both sides draw at random: 4,000 draws here, 200 there.
put("swapped", "wording-turns", np.mean(turned), "scipy, 4,000 draws", tolerance=float(4 * np.std(turned) / np.sqrt(200)))

# Numbers on dimensions, some of them missing ---------------------------------------------------------------
names, n = ["valence", "arousal"], 240
truth = np.clip(np.round(rng.normal([3.0, 3.2], [0.9, 0.5], (n, 2)), 1), 1, 5)
said = np.round(np.clip(1.2 + 0.7 * truth + rng.normal(0, 0.5, (n, 2)), 0.5, 5.5), 2)
known, silent = rng.random((n, 2)) > 0.04, rng.random(n) < 0.05
group = np.array(["north", "south"])[(rng.random(n) < 0.4).astype(int)]
ids = [f"c{case}" for case in range(n)]
votes = np.clip(np.round(truth[:, None] + rng.normal(0, 0.8, (n, 3, 2))), 1, 5)
votes[rng.random((n, 3, 2)) < 0.1] = np.nan
write("numbers", """name = "numbers"
[tasks.intensity]
source = "perceived"
[tasks.intensity.dimensions]
valence = { low = 1, high = 5 }
arousal = { low = 1, high = 5 }
[attributes.region]
about = "author"
kind = "culture"
[ratings]
file = "ratings.csv"
""", {
    "ratings": pd.DataFrame([(ids[c], f"r{r}", *votes[c, r]) for c in range(n) for r in range(3)], columns=["id", "rater", *names]),
    "cases": pd.DataFrame({"id": ids, **{name: np.where(known[:, d], truth[:, d], np.nan) for d, name in enumerate(names)}, "region": group}),
    "predictions": pd.DataFrame({"id": ids, **{f"score:{name}": said[:, d] for d, name in enumerate(names)}})[~silent],
})


def concordance(g, a):
    return 2 * np.cov(g, a, ddof=0)[0, 1] / (g.var() + a.var() + (g.mean() - a.mean()) ** 2)


put("numbers", "coverage", (~silent)[known.any(axis=1)].mean(), "numpy mean")
for place, name in enumerate(names):
    put("numbers", "human-alpha", krippendorff.alpha(votes[:, :, place].T, level_of_measurement="interval"), "krippendorff", name, model="raters")
    for region in [None, "north", "south"]:
        here_too = known[:, place] & ~silent & ((group == region) | (region is None))
        g, a = truth[here_too, place], said[here_too, place]
        where = {} if region is None else {"slice": {"region": region}}
        put("numbers", "mae", metrics.mean_absolute_error(g, a), skl, name, **where)
        put("numbers", "rmse", metrics.root_mean_squared_error(g, a), skl, name, **where)
        put("numbers", "bias", np.mean(a - g), "numpy mean", name, **where)
        put("numbers", "pearson", stats.pearsonr(g, a).statistic, "scipy", name, **where)
        put("numbers", "spearman", stats.spearmanr(g, a).statistic, "scipy", name, **where)
        put("numbers", "concordance", concordance(g, a), "numpy covariance", name, **where)
        put("numbers", "scoring-rate", np.mean(a > np.median(said[known[:, place] & ~silent, place])), "numpy median", name, **where)

# Raters of groups, one of them of nine people, each of whom rated some of the cases -------------------------
draw = np.random.default_rng(2024)
labels, n = ["negative", "neutral", "positive"], 120
groups = ["day"] * 12 + ["night"] * 14 + ["weekend"] * 9 + [None] * 3
table = rater_groups.drawn(draw, n, groups, "ordinal", 3, 0.7, {"day": 0.2, "night": 0.5, "weekend": 0.4, None: 0.9})
ids = [f"c{case}" for case in range(n)]
gold = [max(range(3), key=lambda label: (row.count(label), label)) for row in table]
write("readers", """name = "readers"
[tasks.sentiment]
scheme = "three-way"
source = "perceived"
[attributes.shift]
about = "rater"
kind = "context"
[ratings]
file = "ratings.csv"
""", {
    "cases": pd.DataFrame({"id": ids, "sentiment": [labels[g] for g in gold]}),
    "ratings": pd.DataFrame([(ids[c], f"r{r}", groups[r], labels[said]) for c in range(n) for r, said in enumerate(table[c]) if said is not None], columns=["id", "rater", "shift", "sentiment"]),
    "predictions": pd.DataFrame({"id": ids, "label": [labels[g] for g in gold[1:] + gold[:1]]}),
})
# Nine people are too few to tell of, and what they come to must not follow from the rest: the next larger group is hidden too.
put("readers", "human-alpha", rater_groups.within(table, groups, "night", "ordinal")[0], "krippendorff, ordinal", model="raters", slice={"shift": "night"})
put("readers", "human-cross-kappa", rater_groups.between(table, groups, "night", "ordinal", 3)[0], "numpy, pair by pair", model="raters", slice={"shift": "night"})

(here / "values.json").write_text(json.dumps(oracle, indent=1) + "\n")
print(len(oracle), "values")
