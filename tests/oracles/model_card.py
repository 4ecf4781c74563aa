"""What the hub library reads from a model card: the reference for the test of the format model-card.

    pip install huggingface_hub pyyaml
    python model_card.py

Reads model_card.md, which the test writes with UPDATE_EXPECTED=1, and writes model_card.json.
"""

import json
from pathlib import Path

import huggingface_hub
from huggingface_hub import ModelCard

folder = Path(__file__).parent
card = ModelCard.load(folder / "model_card.md")
data = card.data.to_dict()
values = [[result.task_name, result.dataset_type, result.metric_value] for result in card.data.eval_results]
read = {
    "library": f"huggingface_hub {huggingface_hub.__version__}",
    "license": data["license"],
    "license_name": data.get("license_name"),
    "language": data["language"],
    "pipeline_tag": data["pipeline_tag"],
    "values": values,
    "body_begins": card.text.strip().splitlines()[0],
}
(folder / "model_card.json").write_text(json.dumps(read, indent=1) + "\n")
