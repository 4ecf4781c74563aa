"""How a reference model's scores become probabilities, recomputed with scipy and scikit-learn.

python reference_calibration.py > reference_calibration.json   (scikit-learn 1.9.1, scipy 1.17.1, numpy 2.4)
"""

import json

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.calibration import _TemperatureScaling
from sklearn.metrics import f1_score


def loss(logits, targets):
    return float(np.mean(logsumexp(logits, axis=1) - logits[np.arange(len(targets)), targets]))


def case(seed, counts, sharpness):
    random = np.random.RandomState(seed)
    labels = len(counts)
    targets = np.repeat(np.arange(labels), counts)
    scores = random.normal(0, 1.2, (len(targets), labels))
    scores[np.arange(len(targets)), targets] += 1.1
    # As a learner may leave them: too sure, and each label on a level of its own.
    scores = np.round(scores * sharpness + random.normal(0, 0.5, labels), 6)
    prior = np.bincount(targets) / len(targets)

    # One factor for all labels and a summand for each, by log loss; the first summand is held at 0.
    def value(v):
        return loss(np.exp(v[0]) * scores + np.r_[0, v[1:]], targets)

    fitted = minimize(value, np.zeros(labels), method="BFGS", options={"gtol": 1e-10})
    fitted = minimize(value, fitted.x, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-15, "maxiter": 20000})
    scale, shift = float(np.exp(fitted.x[0])), np.r_[0, fitted.x[1:]]
    plain = scale * scores + shift

    # How much of the labels' unequal frequency is taken out: the middle of the best five neighbours by macro F1.
    steps = np.arange(21) / 20
    f1 = [f1_score(targets, (plain - step * np.log(prior)).argmax(1), average="macro") for step in steps]
    around = [np.mean(f1[max(0, at - 2) : at + 3]) for at in range(21)]
    correction = float(steps[int(np.argmax(around))])
    corrected = plain - correction * np.log(prior)
    temperature = float(1 / _TemperatureScaling().fit(corrected, targets).beta_)
    return {
        "scores": scores.tolist(),
        "targets": targets.tolist(),
        "scale": scale,
        "shift": shift.tolist(),
        "prior_correction": correction,
        "temperature": temperature,
        "log_loss": {
            "raw": loss(scores, targets),
            "calibrated": loss(plain, targets),
            "corrected": loss(corrected / temperature, targets),
        },
    }


print(json.dumps([case(1, [40, 25, 15], 3.0), case(2, [60, 60], 0.3), case(3, [90, 12, 8, 30, 20], 1.7)]))
