"""Croissant as MLCommons' own library has it: what it thinks of a file, and a file that it writes.

    pip install mlcroissant==1.1.1
    python tests/oracles/croissant.py check FILE      errors, warnings and the records of each record set, as JSON
    python tests/oracles/croissant.py write > tests/cases/croissant/others.json

`check` reads the data files beside FILE; nothing is fetched.
"""

import json
import logging
import sys

import mlcroissant as mlc

logging.disable(logging.CRITICAL)


def check(path):
    dataset = mlc.Dataset(jsonld=path)
    issues = dataset.metadata.ctx.issues
    records = {}
    for record_set in dataset.metadata.record_sets:
        rows = list(dataset.records(record_set.uuid))
        records[record_set.uuid] = {"rows": len(rows), "fields": sorted(rows[0]) if rows else []}
    return {
        "errors": sorted(issues.errors),
        "warnings": sorted(issues.warnings),
        "licence": list(dataset.metadata.license or []),
        "language": list(dataset.metadata.in_language or []),
        "records": records,
    }


def write():
    """What somebody else might publish: no word of tasks, sources or groups."""
    cases = mlc.FileObject(
        id="reviews.csv",
        name="reviews.csv",
        content_url="https://data.example.org/reviews.csv",
        encoding_formats=["text/csv"],
        sha256="0" * 64,
    )

    def field(name, kind):
        source = mlc.Source(file_object="reviews.csv", extract=mlc.Extract(column=name))
        return mlc.Field(id=f"reviews/{name}", name=name, data_types=kind, source=source)

    records = mlc.RecordSet(
        id="reviews",
        name="reviews",
        key="reviews/number",
        fields=[
            field("number", mlc.DataType.TEXT),
            field("text", mlc.DataType.TEXT),
            field("mood", ["http://mlcommons.org/croissant/Label", mlc.DataType.TEXT]),
            field("land", mlc.DataType.TEXT),
        ],
    )
    metadata = mlc.Metadata(
        ctx=mlc.Context(conforms_to="http://mlcommons.org/croissant/1.0"),
        name="Reviews of hotels, 2019 (German)",
        description="Hotel reviews with a mood.",
        license=["https://creativecommons.org/licenses/by/4.0/"],
        cite_as="@misc{reviews2019, title={Reviews of hotels}}",
        in_language=["de"],
        version="2.1.0",
        url="https://data.example.org/reviews",
        data_limitations=["Guests of three hotels."],
        distribution=[cases],
        record_sets=[records],
    )
    return metadata.to_json()


if __name__ == "__main__":
    result = write() if sys.argv[1] == "write" else check(sys.argv[2])
    print(json.dumps(result, indent=2, ensure_ascii=False, default=str))
