"""What moved between two answers."""

from __future__ import annotations

import json
from pathlib import Path

from typed_commands import tenfold

H100 = ("tco", "--chip", "h100-sxm", "--site", "us-texas", "--json")


def test_two_answers_to_one_question_differ_by_what_was_asked(tmp_path: Path) -> None:
    for name, more in (("a", ()), ("b", ("--taxes-per-year", "500"))):
        (tmp_path / f"{name}.json").write_text(tenfold(*H100, *more).stdout, encoding="utf-8")
    found = tenfold("diff", tmp_path / "a.json", tmp_path / "b.json", "--json").data
    assert [(each["name"], each["before"], each["after"]) for each in found["inputs"]] == [
        ("taxes_usd_per_year", 0.0, 500.0)
    ]
    assert found["figures"] == found["made"] == []
    moved = {each["name"]: each for each in found["numbers"]}
    assert moved["life_usd.p50"]["after"] > moved["life_usd.p50"]["before"]
    assert "lines_usd.taxes" in {each["name"] for each in found["words"]} | moved.keys()
    assert tenfold("diff", tmp_path / "a.json", tmp_path / "b.json").stdout.startswith("1 inputs and 0 figures differ")


def test_a_figure_of_an_overlay_is_named(tmp_path: Path) -> None:
    overlay = tmp_path / "mine" / "assumptions"
    overlay.mkdir(parents=True)
    note = 'kind = "assumption", note = "heard", as_of = "2026"'
    (overlay / "economics.toml").write_text(f"useful_life_years = {{ value = 3, {note} }}\n", encoding="utf-8")
    (tmp_path / "a.json").write_text(tenfold(*H100).stdout, encoding="utf-8")
    (tmp_path / "b.json").write_text(tenfold(*H100, "--catalog", tmp_path / "mine").stdout, encoding="utf-8")
    found = tenfold("diff", tmp_path / "a.json", tmp_path / "b.json", "--json").data
    assert {each["name"].partition(" ")[0] for each in found["figures"]} == {"assumptions/economics.useful_life_years"}
    assert any(each["name"].startswith("overrides") for each in found["made"])


def test_nothing_moved_between_equal_answers(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(tenfold(*H100).stdout, encoding="utf-8")
    found = tenfold("diff", tmp_path / "a.json", tmp_path / "a.json", "--json").data
    assert not any(found[part] for part in ("made", "inputs", "figures", "numbers", "words"))


def test_answers_to_two_questions_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(tenfold(*H100).stdout, encoding="utf-8")
    other = json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) | {"question_name": "goodput"}
    (tmp_path / "b.json").write_text(json.dumps(other), encoding="utf-8")
    refused = tenfold("diff", tmp_path / "a.json", tmp_path / "b.json")
    assert (refused.code, refused.stdout) == (2, "")
    assert "one answers tco, the other goodput" in refused.stderr
