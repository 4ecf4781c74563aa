"""Trains a small classifier, lays it out for MLServer and MLflow, and writes what it answers in Python.

Called with the folder to write to, a port for MLServer, and a file of texts, a line each.
"""

import json
import sys
from pathlib import Path

import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

LESSONS = {
    "positive": ["I love this", "what a wonderful day", "great and happy", "so glad you came"],
    "negative": ["I hate this", "what a terrible day", "awful and sad", "I am so angry with you"],
    "neutral": ["the table is brown", "it is Tuesday", "the train leaves at nine", "a parcel arrived"],
}

folder, port, texts = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
pairs = [(text, label) for label, texts in LESSONS.items() for text in texts]
model = make_pipeline(TfidfVectorizer(), LogisticRegression(C=10))
model.fit([text for text, _ in pairs], [label for _, label in pairs])
joblib.dump(model, folder / "model.joblib")
answers = model.predict(texts.read_text().splitlines())
(folder / "answers.txt").write_text("\n".join(answers) + "\n")
settings = {
    "name": "moods",
    "implementation": "mlserver_sklearn.SKLearnModel",
    "parameters": {"uri": "./model.joblib"},
}
(folder / "model-settings.json").write_text(json.dumps(settings))
ports = {"http_port": port, "grpc_port": port + 1, "metrics_port": port + 2}
(folder / "settings.json").write_text(json.dumps({"host": "127.0.0.1", "parallel_workers": 0, **ports}))
try:
    import mlflow.sklearn
except ImportError:
    sys.exit()
mlflow.sklearn.save_model(model, str(folder / "mlflow"))
