"""``--html`` of rental, rent-or-own and prices show."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed_commands import tenfold

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ASKED = {
    "rental": ("rental", str(EXAMPLES / "rental-h100.toml")),
    "rent-or-own": ("rent-or-own", str(EXAMPLES / "rent-or-own.toml")),
    "prices": ("prices", "show", "h100-sxm"),
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("name", ASKED)
def test_the_page_is_written_beside_what_is_printed(name: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    answer = tenfold(*ASKED[name], "--html", file)
    assert answer.code == 0
    assert f"Page written to {file}" in answer.stderr
    text = file.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "Figures and their sources" in text


@pytest.mark.parametrize("name", ASKED)
def test_a_bad_place_is_refused_before_any_work(name: str, tmp_path: Path) -> None:
    answer = tenfold(*ASKED[name], "--html", tmp_path / "nowhere" / "page.html")
    assert (answer.code, answer.stdout) == (2, "")
    assert "--html: there is no folder" in answer.stderr
    assert "is a folder" in tenfold(*ASKED[name], "--html", tmp_path).stderr
