"""Questions that checks ask: each is worked out once, in whatever words it is asked."""

from __future__ import annotations

from pathlib import Path

from tenfold.catalog import load_catalog
from tenfold.claims.asking import Answers

SMALL = {"chip": "h100-sxm", "chips": 64, "replicas": 20}


def test_other_words_for_a_question_are_no_other_question(tmp_path: Path) -> None:
    answers = Answers(catalog=load_catalog(), seed=0, folder=tmp_path, tables={})
    first = answers.ask("goodput", {**SMALL, "restart": "5 min"}, {})
    assert answers.ask("goodput", {**SMALL, "restart": "5 min"}, {}) is first
    assert answers.ask("goodput", {**SMALL, "restart": "300 s"}, {}) is first
    assert len(answers.kept) == 1
    other = answers.ask("goodput", {**SMALL, "restart": "6 min"}, {})
    assert other.data != first.data
    assert len(answers.kept) == 2
