"""Inputs that broke it once, through the command line: each is answered or refused with a word, and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typed_commands import tenfold

from tenfold.quantities import toml_value

EXAMPLE = Path(__file__).parents[2] / "examples" / "tco.toml"
BREAKAGE = Path(__file__).parents[3] / "shared" / "field" / "breakage"


def case(name: str) -> Path:
    if not (BREAKAGE / name).exists():
        pytest.skip("the shared cases are not here")
    return BREAKAGE / name


@pytest.mark.parametrize(
    ("command", "name", "said"),
    [
        (("rent-or-own",), "roo-supplies-list.toml", "supplies.0"),
        (("rent-or-own",), "roo-chip_hours-number.toml", "demand.chip_hours"),
        (("plan",), "goal-deadline-0000.toml", "goal.deadline"),
        (("rental",), "rental-term-past-9999.toml", "start"),
        (("explain",), "plan-best-wrong.json", "is no answer"),
        (("estimate", "config", "--chip", "tpu-v5p"), "maxtext-alias-bomb.yml", "stands for more"),
        (("estimate", "config", "--chip", "h100-sxm"), "megatron-variable-bomb.sh", "variables expand"),
    ],
)
def test_what_broke_it_is_refused_with_a_word(command: tuple[str, ...], name: str, said: str) -> None:
    done = tenfold(*command, case(name))
    assert done.code == 2
    assert said in done.stderr


@pytest.mark.parametrize(("name", "said"), [("prices-count-inf.csv", "count"), ("prices-memory-text.csv", "memory")])
def test_prices_that_cannot_be_are_not_stored(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path))
    done = tenfold("prices", "import", case(name), "--date", "2026-03-01", "--provider", "x")
    assert done.code == 2
    assert f": {said}: " in done.stderr


@pytest.mark.parametrize("name", ["sacct-days-400-digits.txt", "sacct-nodelist-5000-digits.txt"])
def test_digits_without_end(name: str) -> None:
    assert tenfold("goodput", "fit", case(name), "--chip", "h100-sxm").code in (0, 2)


def test_a_name_with_brackets_is_the_name_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path / "home"))
    row = "date,provider,chip,term,kind,usd_per_chip_hour,line\n2026-03-01,{},H100,on-demand,listing,{},7\n"
    (tmp_path / "p 2.csv").write_text(row.format("other", 9))
    (tmp_path / "p [2].csv").write_text(row.format("meant", 3))
    assert tenfold("prices", "import", tmp_path / "p [2].csv").code == 0
    shown = tenfold("prices", "show", "h100-sxm", "--json").data
    stored = [month["median_usd_per_chip_hour"] for month in shown["months"] if month["origin"] == "store"]
    assert stored == [3.0]


def test_nothing_but_a_regular_file_is_written_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "real").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    for name in ("pipe", "link", "nowhere"):
        done = tenfold("tco", EXAMPLE, "--html", tmp_path / name)
        assert done.code == 2
        assert "no regular file" in done.stderr
    assert (tmp_path / "real").read_text() == "mine"
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("more", [("--json",), ()])
def test_a_full_disk_is_said_in_one_line(more: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "tenfold", "catalog", "list", "chips", *more]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr


def test_ids_with_quotes_become_toml_that_reads(tmp_path: Path) -> None:
    name = 'a"b' + chr(92) + "c"
    assert tomllib.loads(f"rows = [{toml_value(name)}]")["rows"] == [name]


def test_what_a_terminal_acts_on_is_shown_and_not_sent(tmp_path: Path) -> None:
    events = tmp_path / "events.csv"
    events.write_text("time,cause\n2026-03-01,\x1b]0;owned\x07\x1b[31m[bold]red\n", encoding="utf-8")
    done = tenfold("goodput", "fit", events, "--nodes", "8", "--days", "30", "--full")
    assert done.code == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "\\x1b" in done.stdout
    assert "[bold]" in done.stdout


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"best": null}', '{"schema_version": 1, "question_name": "tco"}']
)
def test_damaged_answers_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answer.json"
    path.write_text(text)
    for number in ((), (".",), ("best",)):
        done = tenfold("explain", path, *number)
        assert done.code == 2
        assert done.stderr.startswith("error: ")


def test_an_answer_with_wrong_parts_is_refused(tmp_path: Path) -> None:
    answer = tenfold("tco", EXAMPLE, "--json").data
    for key, value in (("figures", [None]), ("figures", [{"name": "x", "figure": {"value": "y"}}]), ("made", 3)):
        path = tmp_path / "answer.json"
        path.write_text(json.dumps(answer | {key: value}))
        assert tenfold("explain", path).code == 2
