"""Prices and rent-or-own as typed."""

import json
from pathlib import Path

import pytest
from typed_commands import tenfold

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "rent-or-own.toml"
PLAIN = """date,provider,region,chip,count,term,kind,usd_per_chip_hour,source
2026-09-01,mine,us,h100-sxm,8,on-demand,transaction,2.10,invoice
2026-10-01,mine,us,h100-sxm,8,on-demand,transaction,2.30,invoice
2026-10-01,mine,us,Frobnicator,8,on-demand,listing,1.00,page
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path / "home"))


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    file = tmp_path / "mine.csv"
    file.write_text(PLAIN)
    return file


def test_imported_prices_are_shown_beside_the_shipped_ones(prices: Path) -> None:
    added = tenfold("prices", "import", prices)
    assert added.code == 0
    assert "3 prices added" in added.stdout
    assert "Frobnicator" in added.stdout
    assert tenfold("prices", "import", prices, "--json").data["files"][0]["added"] == 0
    series = tenfold("prices", "show", "H100 SXM", "--json").data
    assert series["chip"] == "h100-sxm"
    origins = {month["origin"] for month in series["months"]}
    assert origins == {"catalog", "store"}
    stored = [month for month in series["months"] if month["origin"] == "store"]
    assert [(month["month"], month["median_usd_per_chip_hour"]) for month in stored] == [
        ("2026-09-01", 2.1),
        ("2026-10-01", 2.3),
    ]
    assert all(month["sources"] and month["prices"] for month in series["months"])


def test_a_chart_is_bars_and_terms_and_months_narrow_it(prices: Path) -> None:
    tenfold("prices", "import", prices)
    chart = tenfold("prices", "show", "h100-sxm", "--term", "on-demand", "--since", "2026-09").stdout
    assert "█" in chart
    assert "transaction, from the store" in chart
    assert "2025-" not in chart
    assert "spot," not in chart
    table = tenfold("prices", "show", "h100-sxm", "--term", "spot", "--full").stdout
    assert "on-demand   listing" not in table


def test_a_chip_without_prices_says_how_to_add_one() -> None:
    assert "tenfold prices import" in tenfold("prices", "show", "dojo-d1").stdout
    assert "no price is known" in tenfold("prices", "show", "--chip", "dojo-d1").stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("prices", "show", "h1000"), "did you mean"),
        (("prices", "show", "h100-sxm", "--term", "weekly"), "--term: unknown term 'weekly'. Use one of on-demand"),
        (("prices", "show", "h100-sxm", "--since", "soon"), "--since: 'soon' is not a date"),
        (("prices", "import", "nowhere.csv"), "nowhere.csv: no such file"),
        (("prices", "import", str(EXAMPLE)), "no price list known"),
        (("rent-or-own", "nowhere.toml"), "nowhere.toml: no such file"),
        (("rent-or-own", str(ROOT / "examples" / "llama3-405b.toml")), "demand: is missing"),
        (("calibrate", "prices", "--out", "/nowhere/prices.toml"), "--out"),
    ],
)
def test_broken_input_is_one_line_and_exit_2(args: tuple[str, ...], said: str) -> None:
    answer = tenfold(*args)
    assert answer.code == 2
    assert said in answer.stderr
    assert answer.stdout == ""


def test_rent_or_own_prints_the_verdict_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # so that no name is split over lines
    shown = tenfold("rent-or-own", EXAMPLE, "--full")
    assert shown.code == 0, shown.stderr
    assert shown.stdout.startswith("256 × h100-sxm, 60 % busy, 4 years: ")
    assert "prices/h100-sxm/reserved-3y@us-texas" in "".join(shown.stdout.split())


def test_supplies_are_options_with_commas_or_said_again() -> None:
    commas, again = (
        tenfold("rent-or-own", EXAMPLE, *options, "--json").data
        for options in (("--supplies", "own,on-demand"), ("--supplies", "own", "--supplies", "on-demand"))
    )
    assert commas == again
    assert [each["supply"] for each in commas["supplies"]] == ["own", "on-demand"]
    refused = tenfold("rent-or-own", EXAMPLE, "--supplies", "own,sport")
    assert refused.code == 2
    assert "supplies.1: unknown supply 'sport': did you mean 'spot'?" in refused.stderr


def test_rent_or_own_gives_the_same_json_twice_and_from_python(tmp_path: Path) -> None:
    import tenfold as package

    file = tmp_path / "small.toml"
    demand = 'chip = "h100-sxm"\nchips = 8\nutilisation = 0.5\nhorizon = "1 year"\nparameters = "8B"\n'
    file.write_text(f'supplies = ["on-demand", "spot"]\n[demand]\n{demand}')
    first = tenfold("rent-or-own", file, "--json")
    assert first.data["currency"].startswith("USD, nominal")
    answer = package.rent_or_own(file)
    told = package.to_data(answer)
    assert isinstance(told, dict)
    assert {key: first.data[key] for key in told} == told
    moved = tenfold("rent-or-own", file, "--json", "--seed", "4").data
    assert moved["made"]["seed"] == 4
    assert moved["supplies"][0]["present_value_usd"] != first.data["supplies"][0]["present_value_usd"]


def test_calibrate_prices_writes_what_the_catalog_reads(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay" / "calibrations"
    overlay.mkdir(parents=True)
    done = tenfold("calibrate", "prices", "--out", overlay / "prices.toml")
    assert done.code == 0
    assert "no-change" in done.stdout
    read = tenfold("catalog", "show", "calibrations/prices", "--catalog", overlay.parent, "--json")
    assert read.code == 0, read.stderr
    assert json.loads(read.stdout)
