"""``tenfold rental`` as typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed_commands import tenfold

import tenfold as public

EXAMPLES = Path(__file__).parents[2] / "examples"
H100 = EXAMPLES / "rental-h100.toml"


def test_the_published_pair_as_json() -> None:
    data = tenfold("rental", H100, "--json").data
    assert data["break_even_usd_per_chip_hour"] == pytest.approx(1.650, abs=0.0005)
    assert data["roe"] == pytest.approx(0.060, abs=0.0005)
    assert data["irr"] == pytest.approx(0.094, abs=0.0005)
    assert (data["currency"], data["year"], data["terms"]) == ("USD", 2024, "nominal")
    assert data == tenfold("rental", H100, "--json").data


def test_the_tables_say_what_the_data_says() -> None:
    printed = tenfold("rental", H100).stdout
    assert printed.startswith("one H100: breaks even at $1.65/h, IRR 9.4 %")
    titles = ("Break-even price", "In nominal USD of 2024", "What an hour sold costs", "What moves the answer most")
    for title in (*titles, "Books by year"):
        assert title in printed
    assert "taxes on income are left out" in printed


def test_covenants_and_ranges_are_printed(tmp_path: Path) -> None:
    text = H100.read_text(encoding="utf-8").replace(
        '"$1.99/h"', '{ value = "$1.99/h", low = "$1.6/h", high = "$2.3/h" }'
    )
    text += '[[loans]]\nname = "l"\nkind = "level-payment"\nshare = 0.5\nrate = "9 %"\nterm = "4 years"\n'
    text += '[[covenants]]\nkind = "dscr"\nlimit = 1.2\n[[covenants]]\nkind = "cash"\nlimit = "$1"\n'
    file = tmp_path / "cloud.toml"
    file.write_text(text, encoding="utf-8")
    printed = tenfold("rental", file, "--seed", "3").stdout
    assert "Covenants, and the market at which they break" in printed
    assert "dscr ≥" in printed
    assert "P10–P90" in printed
    assert "P10–P90 are over 1,024 draws of them" in " ".join(printed.split())
    assert "seed 3" in printed


def test_broken_input_exits_with_two_and_says_everything(tmp_path: Path) -> None:
    file = tmp_path / "cloud.toml"
    text = (
        H100.read_text(encoding="utf-8")
        .replace("utilisation = 1.0", "utilisation = 7")
        .replace('"5 years"', '"5 yeers"')
    )
    file.write_text(text, encoding="utf-8")
    answer = tenfold("rental", file, "--json")
    assert (answer.code, answer.stdout) == (2, "")
    assert len(answer.stderr.splitlines()) == 2
    assert tenfold("rental", H100, "--seed", "-1").code == 2
    assert "no such file" in tenfold("rental", tmp_path / "none.toml").stderr


def test_the_python_call_gives_the_same_answer() -> None:
    answer = public.rental(H100)
    assert isinstance(answer, public.RentalAnswer)
    data = tenfold("rental", H100, "--json").data
    told = public.to_data(answer)
    assert isinstance(told, dict)
    assert {key: data[key] for key in told} == told
