"""The example files: beside ``src`` in a checkout, inside the package where it is installed."""

from __future__ import annotations

from pathlib import Path

import tomli

import tenfold
from tenfold.quantities import fields_of
from tenfold.studies.ask import record_of
from tenfold.studies.questions import QUESTIONS, address_of


def examples_folder() -> Path:
    """Folder of the examples."""
    installed = Path(tenfold.__file__).parent / "examples"
    return installed if installed.is_dir() else Path(tenfold.__file__).parents[2] / "examples"


def example_of(name: str) -> Path:
    """File that shows how to ask a question."""
    return examples_folder() / QUESTIONS[name].example


def example_files(name: str) -> tuple[str, dict[str, str]]:
    """Text of the file to start from, which says what it asks, and the data it names, by their path beside it."""
    path = example_of(name)
    text = path.read_text(encoding="utf-8")
    tree = tomli.loads(text)
    if "question" not in tree:
        text = f'question = "{address_of(name)}"\n{text}'
    named = [each for field in fields_of(record_of(name)) if field.data for each in _listed(tree.get(field.key))]
    return text, {each: (path.parent / each).read_text(encoding="utf-8") for each in named}


def _listed(named: str | list[str] | None) -> list[str]:
    return [named] if isinstance(named, str) else named or []
