"""What stands bare after a command, or first in Python: the file of a question, data, or a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed_commands import tenfold

import tenfold as public
from tenfold.quantities import InputError
from tenfold.studies.ask import argument_of, source_of
from tenfold.studies.examples import example_of, examples_folder

EVENTS, JOBS = (examples_folder() / "failures" / name for name in ("synthetic-events.csv", "synthetic-sacct.txt"))


def test_data_and_names_become_their_field() -> None:
    assert source_of("validate training", "runs.csv").tree == {"runs": "runs.csv"}
    assert source_of("goodput fit", "one.txt").tree == {"logs": ["one.txt"]}
    assert source_of("goodput fit", "one.txt", Path("two.csv")).tree == {"logs": ["one.txt", "two.csv"]}
    assert source_of("prices show", "H100 SXM").tree == {"chip": "H100 SXM"}
    assert argument_of("tco") is None


def test_a_question_stands_alone() -> None:
    asked = example_of("goodput fit")
    assert source_of("goodput fit", asked).tree["nodes"] == 64
    with pytest.raises(InputError, match="more than one question"):
        source_of("goodput fit", asked, EVENTS)
    with pytest.raises(InputError, match="no such file"):
        source_of("tco", "h100-sxm")


def test_several_logs_are_one_answer() -> None:
    one = tenfold("goodput", "fit", JOBS, "--chip", "h100-sxm", "--json").data
    two = tenfold("goodput", "fit", JOBS, JOBS, "--chip", "h100-sxm", "--json").data
    assert two["fit"]["rate"]["events"] == 2 * one["fit"]["rate"]["events"]
    assert public.goodput_fit([JOBS, JOBS], chip="h100-sxm").fit.rate.events == two["fit"]["rate"]["events"]


def test_options_stand_over_the_file_and_data_over_the_question_asked_again(tmp_path: Path) -> None:
    asked = example_of("goodput fit")
    assert tenfold("goodput", "fit", asked, "--days", "45", "--json").data["fit"]["node_days"] == 64 * 45
    file = tmp_path / "answer.json"
    file.write_text(tenfold("goodput", "fit", EVENTS, "--nodes", "64", "--days", "90", "--json").stdout)
    again = tenfold("goodput", "fit", JOBS, "--question", file, "--json").data
    assert again["question"]["logs"] == [JOBS.as_posix()]
    assert again["question"]["nodes"] == 64


def test_one_file_is_meant_where_one_is_asked() -> None:
    refused = tenfold("validate", "training", "none.csv")
    assert (refused.code, refused.stdout) == (2, "")
    assert "none.csv: no such file" in refused.stderr
    with pytest.raises(InputError, match="is not text"):
        public.validate_training(["a.csv", "b.csv"])  # type: ignore[arg-type]
