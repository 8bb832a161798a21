"""Any answer as its report, and as the JSON that every face gives: the same bytes for the same question."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tenfold.quantities import Data, to_data, to_json
from tenfold.reports.explain import Topics
from tenfold.reports.report import Report
from tenfold.studies import address_of, answer_record_of, name_of

SCHEMA_VERSION = 2
"""Of the JSON of answers; 1 had no question, no verdict and a version key of its own for each command."""


def report_of(answer: object) -> Report:
    """Turn any answer into its report. Raises ``TypeError`` for what is no answer."""
    made: Report = _room(name_of(answer)).report(answer)
    return made


def verdict_of(answer: object) -> str:
    """Answer in one sentence."""
    said: str = _room(name_of(answer)).verdict(answer)
    return said


def topics_of(name: str) -> Topics:
    """How the numbers of a question's answer come about, by path."""
    found: Topics = _room(name).TOPICS
    return found


def answer_data(answer: object) -> dict[str, Data]:
    """Answer as plain data: schema version, name of the question, verdict, and everything the record holds."""
    data = to_data(answer)
    if not isinstance(data, dict):
        raise TypeError(f"{type(answer).__name__} is no record")
    head: dict[str, Data] = {
        "schema_version": SCHEMA_VERSION,
        "question_name": name_of(answer),
        "verdict": verdict_of(answer),
    }
    return {**head, **data}


def answer_json(answer: object) -> str:
    """Answer as JSON: sorted keys, indented, one final newline."""
    return to_json(answer_data(answer))


def schema_of_answer(name: str) -> dict[str, Any]:
    """Describe the JSON of a question's answer."""
    from tenfold.quantities import answer_schema

    schema = answer_schema(answer_record_of(name))
    head = {
        "schema_version": {"const": SCHEMA_VERSION},
        "question_name": {"const": name},
        "verdict": {"type": "string", "description": "The answer in one sentence"},
    }
    required = [*head, *schema["required"]]
    return {**schema, "properties": {**head, **schema["properties"]}, "required": required}


def _room(name: str) -> Any:  # noqa: ANN401  (a module with ``report`` and ``verdict``)
    return import_module(f"tenfold.reports.{address_of(name).replace('-', '_')}")
