"""The shifts of three published models between sentences about men and women (Bhaskaran & Bhallamudi 2019), with the
sentences of one occupation as a cluster: the standard error of statsmodels, robust to clusters, or that of independent
sentences where it is the larger (shifts of two models differ less between occupations than independent ones would), and
t with 19 degrees of freedom. Printed are mean, effect (Cohen's d of pairs), p of the paired t test, and the clustered interval, as
tests/suite/real_data.rs has them.

Run: pip install numpy scipy statsmodels; python tests/oracles/gendered.py FOLDER-OF-GENDERED-SENTIMENT
"""

import csv
import pathlib
import sys

import numpy as np
import scipy.stats
import statsmodels.api

source = pathlib.Path(sys.argv[1])
corpus = list(csv.reader(open(source / "data/gender_corpus.tsv", encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def column(name):
    lines = (source / "runs" / name).read_text().splitlines()
    return [float(line) for line in lines if line.strip() and not line.startswith("#")]


sentences = [line.split("\t")[1] for line in (source / "runs/gender/test.tsv").read_text().splitlines()[1:]]
results = [float(line.split("\t")[1]) for line in (source / "runs/gender/test_results.tsv").read_text().splitlines()]
bert = dict(zip(sentences, results))
models = {"logreg": column("logreg.txt"), "lstm": column("lstm.txt"), "bert": [bert[row[1]] for row in corpus]}
# The k-th sentence about a man belongs to the k-th about a woman; an occupation is what follows the last article.
male = [place for place, row in enumerate(corpus) if row[2] == "male"]
female = [place for place, row in enumerate(corpus) if row[2] != "male"]
occupation = np.array([place // 20 for place in range(len(male))])
for name, scores in models.items():
    shift = np.array(scores)[female] - np.array(scores)[male]
    test = scipy.stats.ttest_1samp(shift, 0)
    fit = statsmodels.api.OLS(shift, np.ones(len(shift))).fit(cov_type="cluster", cov_kwds={"groups": occupation})
    independent = shift.std(ddof=1) / np.sqrt(len(shift))
    half = scipy.stats.t.ppf(0.975, 19) * max(fit.bse[0], independent)
    effect = shift.mean() / shift.std(ddof=1)
    print(name, *(repr(float(x)) for x in (shift.mean(), effect, test.pvalue, shift.mean() - half, shift.mean() + half)))
