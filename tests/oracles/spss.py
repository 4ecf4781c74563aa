"""Writes survey.sav and survey.zsav, and what pyreadstat (the ReadStat library) reads from them, as survey.json.

Run: pip install pyreadstat pandas; python tests/oracles/spss.py
"""

import datetime
import json
import pathlib

import pandas
import pyreadstat

HERE = pathlib.Path(__file__).parent
DATE = datetime.date(2024, 5, 17)

frame = pandas.DataFrame(
    {
        "case": [f"c{number}" for number in range(6)],
        "answer": ["All went well.", "Größe, «tout» 好", "It was lost", "", "line\nbreak", "x" * 300],
        "feeling": [1.0, 2.0, 3.0, 99.0, 1.0, None],
        "country": ["NO", "SE", "NO", "??", "SE", "NO"],
        "calm": [1.0, 4.0, 7.0, 2.5, 1e15, 3.0],
        "day": [DATE, DATE, None, DATE, DATE, DATE],
    }
)
labels = {
    "feeling": {1.0: "joy", 2.0: "fear", 3.0: "sadness", 99.0: "no answer"},
    "country": {"NO": "Norway", "SE": "Sweden"},
    "calm": {1.0: "not at all", 7.0: "very"},
}
missing = {"feeling": [{"lo": 90, "hi": 99}], "country": ["??"]}
for name, options in [("survey.sav", {}), ("survey.zsav", {"compress": True})]:
    pyreadstat.write_sav(
        frame, HERE / name, variable_value_labels=labels, missing_ranges=missing, **options
    )
    again, meta = pyreadstat.read_sav(HERE / name, apply_value_formats=False)
    plain, _ = pyreadstat.read_sav(HERE / name, apply_value_formats=True)
    rows = {
        form: [["" if pandas.isna(cell) else str(cell) for cell in row] for row in read.values]
        for form, read in [("codes", again), ("labels", plain)]
    }
    if name == "survey.sav":
        (HERE / "survey.json").write_text(
            json.dumps({"columns": meta.column_names, **rows}, ensure_ascii=False, indent=1) + "\n"
        )
