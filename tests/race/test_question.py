"""Bad files of scenarios are refused with everything that is wrong; good ones mean what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from racing import CATALOG, DRAWS, QUARTERS

import tenfold
from tenfold.quantities import InputError, format_quantity, value_at
from tenfold.quantities.data import to_data
from tenfold.race.casting import stated_world
from tenfold.race.opening import START_DAY, opening
from tenfold.race.question import StatedPlayer
from tenfold.reports.race import report
from tenfold.studies import Source, ask, read_question

WRONG = """
quarters = 12
[[players]]
player = "openai"
[[players]]
player = "meta"
regions = { europe = "70 %", gulf = "60 %" }
[[cases]]
name = "a"
export_bans = [{ from = "2026-01", until = "2027-01" }, { from = "2026-06" }]
[[cases]]
name = "a"
demand = { from = "2035-01", factor = 0.5 }
mergers = [
    { buyer = "meta", bought = "nobody", from = "2026-01" },
    { buyer = "amd", bought = "meta", from = "2026-01" },
]
[[cases]]
name = "b"
interruptions = [{ from = "2026-01", quarters = 9 }]
strategies = { openai = "blitz" }
"""


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    file = tmp_path / "race.toml"
    file.write_text(WRONG, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        tenfold.race(file, catalog=CATALOG)
    said = str(refused.value)
    for key, words in (
        ("players.0.player", "'openai' owns no chips in the race"),
        ("players.1.regions", "above 1"),
        ("cases.0.export_bans.1.from", "overlaps"),
        ("cases.1.name", "'a' is called 'a', as 'a' is"),
        ("cases.1.demand.from", "lies outside the 12 quarters"),
        ("cases.1.mergers.0.bought", "unknown player"),
        ("cases.1.mergers.1.bought", "do not merge"),
        ("cases.2.interruptions.0.quarters", "too large"),
        ("cases.2.strategies.openai", "owns no chips"),
    ):
        assert key in said, key
        assert words in said, words


BAN = {"from": "2026-01-01"}


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"name": "Base"}, "is called 'base', as the base is"),
        ({"name": "!"}, "has no letter and no digit"),
        ({"export_bans": [BAN | {"country": "cn"}]}, "no player of the race is of 'cn'. Known: AE, CN"),
        ({"export_bans": [BAN | {"country": "ZZ"}]}, "no player of the race is of 'ZZ'. Known: AE, CN, FR"),
        ({"export_bans": [{"country": "CN"}]}, "export_bans.0.from"),
        ({"export_bans": [BAN | {"country": "US"}]}, "nvidia and amd are made by firms of US itself"),
        ({"export_bans": [BAN | {"families": ["domestic"]}]}, "Name a country that they are exported to (AE, FR"),
        ({"interruptions": [BAN | {"quarters": 2}, BAN | {"quarters": 1}]}, "interruptions.1.from: overlaps"),
        (
            {"mergers": [BAN | {"buyer": "meta", "bought": "xai"}, BAN | {"buyer": "xai", "bought": "oracle"}]},
            "mergers.1.buyer: 'xai' is taken over in cases.0.mergers.0",
        ),
    ],
)
def test_a_case_that_would_silently_be_another_is_refused(case: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as refused:
        tenfold.race(catalog=CATALOG, draws=1, cases=[{"name": "x"} | case])
    assert words in str(refused.value)


def test_a_player_is_stated_once() -> None:
    with pytest.raises(InputError, match="'meta' is stated twice"):
        tenfold.race(catalog=CATALOG, draws=1, players=[{"player": "meta"}, {"player": "meta"}])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"start": "2022-01-01"}, "too early"),
        ({"start": "2031-01-01"}, "too far after"),
        ({"quarters": 0}, "too small"),
        ({"players": [{"player": "nobody"}]}, "unknown player"),
        ({"cases": [{"name": "x", "maturity": {"nvidia": 1.5}}]}, "too large"),
        ({"cases": [{"name": "x", "maturity": {"cpu": 0.5}}]}, "cpu"),
    ],
)
def test_values_out_of_range_are_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        tenfold.race(catalog=CATALOG, **values)


def test_what_is_stated_of_a_player_stands_in_for_the_catalog() -> None:
    world = opening(CATALOG, START_DAY)
    at = world.players.index("meta")
    stated = stated_world(world, [StatedPlayer(player="meta", h100e=5e6, budget_usd=1e10, regions={"gulf": 0.5})])
    assert stated.owned_h100e[:, at].sum() == pytest.approx(5e6, rel=1e-5)
    assert stated.budget_usd[at] == 1e10
    assert stated.places[:, at].sum() == pytest.approx(1.0, rel=1e-5)
    others = [place for place in range(len(world.players)) if place != at]
    assert (stated.owned_h100e[:, others] == world.owned_h100e[:, others]).all()


def test_an_answer_is_asked_by_dotted_paths() -> None:
    answer = tenfold.race(
        catalog=CATALOG,
        quarters=QUARTERS,
        draws=DRAWS,
        cases=[{"name": "No chips", "export_bans": [{"from": "2026-01"}]}],
    )
    data: Any = to_data(answer)
    for path in (
        "cases.base.end.h100e.p50",
        "cases.base.world.cr5.p50.11",
        "cases.base.players.meta.h100e.p50.2",
        "cases.base.players.meta.reaches.1e6_h100e.chance",
        "cases.base.players.meta.binding.power.3",
        "cases.base.users.openai.lag_months.p50.2",
        "cases.no-chips.against_base.china_lag_months.p50",
        "cases.no-chips.against_base_by_year.china_h100e_share.p50.0",
        "cases.base.chances.a_top_10_player_fails",
        "ten_times.points.p50",
    ):
        assert value_at(data, path)[0] is not None
    base = answer.cases["base"]
    assert sum(player.share.p50[-1] for player in base.players.values()) == pytest.approx(1.0, abs=0.1)
    for player in base.players.values():
        for quarter in range(QUARTERS):
            assert sum(shares[quarter] for shares in player.binding.values()) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("country", ["ZZ", "US"])
def test_no_remedy_names_a_country_that_is_refused(country: str) -> None:
    with pytest.raises(InputError) as refused:
        tenfold.race(catalog=CATALOG, draws=1, cases=[{"name": "x", "export_bans": [BAN | {"country": country}]}])
    (problem,) = refused.value.problems
    assert "CN" in problem.remedy
    assert "US" not in problem.remedy


@pytest.mark.parametrize("quarters", [1, 4, 5])
def test_players_are_told_in_the_last_quarter_as_the_world_is(quarters: int) -> None:
    answer = tenfold.race(catalog=CATALOG, quarters=quarters, draws=1, cases=[{"name": "x"}])
    base = answer.cases["base"]
    assert answer.years[-1] == answer.quarters[-1]
    assert list(answer.years) == sorted(set(answer.years))
    owned = sum(player.h100e.p50[-1] for player in base.players.values())
    assert owned == pytest.approx(base.end["h100e"].p50, rel=1e-4)
    assert sum(player.share.p50[-1] for player in base.players.values()) == pytest.approx(1.0, abs=1e-4)
    lags = [user.lag_months.p50[-1] for user in base.users.values()]
    assert min(lags) == 0.0
    assert len(answer.cases["x"].against_base_by_year["h100e"].p50) == len(answer.years)
    said = report(answer)
    assert "nobody" not in said.verdict
    dated = [table.title for section in said.sections for table in section.tables if table.title.startswith("At the")]
    assert dated == [f"At the end of {answer.quarters[-1]}"] * 2


def test_what_no_case_moves_is_said_beside_the_number() -> None:
    """Nobody buys a chip more: the lag that is assumed stays, the lag in runs is the time that passes."""
    stop = {"name": "None", "demand": {"from": "2025-07-01", "factor": 0.0}}
    answer = tenfold.race(catalog=CATALOG, quarters=QUARTERS, draws=DRAWS, cases=[stop])
    none = answer.cases["none"]
    assert abs(none.against_base["china_lag_months"].p50) < 0.5
    assert none.chances["china_lag_is_assumed_at_the_end"] > 0.5
    assert none.chances["china_below_the_us_run_of_the_start_at_the_end"] > 0.5
    lags = none.world["china_run_lag_months"].p50
    assert lags[-1] - lags[-2] == pytest.approx(3.0, abs=0.5)
    said = " ".join(answer.notes)
    assert "capability.imitation_months" in said
    assert "run elsewhere in 2025Q1" in said
    told = report(answer)
    assert "what models can do, months (assumed)" in " ".join(card.name for card in told.cards)
    rows = [
        row[0] for section in told.sections for table in section.tables if table.title == "None" for row in table.rows
    ]
    assert any("largest run, months (since a run not passed)" in name for name in rows)


def test_who_copies_slowly_is_behind_by_what_is_found(tmp_path: Path) -> None:
    from tenfold.catalog import load_catalog

    file = tmp_path / "assumptions" / "race.toml"
    file.parent.mkdir()
    file.write_text(
        '[capability.imitation_months]\nvalue = 240\nlow = 200\nhigh = 300\nkind = "assumption"\n'
        'source = "assumption-race"\nas_of = "2026-11"\nnote = "Nobody copies"\n',
        encoding="utf-8",
    )
    answer = tenfold.race(catalog=load_catalog([tmp_path]), quarters=4, draws=DRAWS)
    assert answer.cases["base"].chances["china_lag_is_assumed_at_the_end"] < 0.1
    assert "imitation_months" not in " ".join(answer.notes)
    assert "assumed" not in " ".join(card.name for card in report(answer).cards)


def test_a_takeover_says_what_it_would_cost_beside_what_the_buyer_has() -> None:
    merger = BAN | {"buyer": "lambda", "bought": "alphabet"}
    makers = BAN | {"buyer": "nvidia", "bought": "amd"}
    answer = tenfold.race(catalog=CATALOG, quarters=4, draws=1, cases=[{"name": "x", "mergers": [merger, makers]}])
    (said,) = [note for note in answer.notes if "takes over" in note]
    world = opening(CATALOG, START_DAY)
    place = world.players.index("alphabet")
    chips = float((world.owned_h100e[:, place] * world.price_usd).sum())
    for words in ("'x' lambda takes over alphabet", "nothing is paid", format_quantity(chips, "USD"), "$750M"):
        assert words in said, words


def test_the_same_seed_gives_the_same_race_and_another_seed_another() -> None:
    one, again, other = (
        tenfold.race(catalog=CATALOG, quarters=4, draws=DRAWS, seed=seed).cases["base"].end["h100e"]
        for seed in (1, 1, 2)
    )
    assert one == again
    assert one != other


def test_out_writes_every_fan(tmp_path: Path) -> None:
    import duckdb

    from tenfold.race.answer import file

    answer = tenfold.race(catalog=CATALOG, quarters=8, draws=DRAWS)
    out = tmp_path / "race.parquet"
    out.write_bytes(file(answer))
    wanted = "who = 'meta' AND kind = 'player' AND number = 'h100e'"
    found = duckdb.connect().execute(f"SELECT p50 FROM '{out}' WHERE {wanted} ORDER BY quarter").fetchall()
    assert [row[0] for row in found] == pytest.approx(list(answer.cases["base"].players["meta"].h100e.p50))


def test_trajectories_are_every_draw_in_pairs(tmp_path: Path) -> None:
    import duckdb

    from tenfold.race.answer import file

    later = {"name": "Later", "demand": {"from": "2026-01-01", "factor": 0.5}}
    asked = Source(tree={"quarters": 4, "draws": DRAWS, "trajectories": True, "cases": [later]})
    answer = ask(read_question("race", asked, CATALOG, seed=0), CATALOG)
    out = tmp_path / "draws.parquet"
    out.write_bytes(file(answer))
    with duckdb.connect() as store:
        rows = store.execute(
            f"SELECT case_name, quarter, quantile_cont(rental_usd_per_hour, 0.5), count(*) FROM '{out}' GROUP BY ALL"
        ).fetchall()
        pair = (
            f"SELECT a.h100e = b.h100e FROM '{out}' a JOIN '{out}' b USING (quarter, draw) WHERE a.case_name = 'base'"
        )
        pair += " AND b.case_name = 'later' AND quarter = '2025Q4'"
        assert set(store.execute(pair).fetchall()) == {(True,)}
    for table in (table for section in report(answer).sections for table in section.tables):
        assert {len(row) for row in table.rows} <= {len(table.headers)}
    assert len(rows) == 8
    for case, quarter, median, draws in rows:
        at = answer.quarters.index(quarter)
        assert draws == DRAWS
        assert median == pytest.approx(answer.cases[case].world["rental_usd_per_hour"].p50[at], rel=1e-5)
    assert not tenfold.race(catalog=CATALOG, quarters=1, draws=3).cases["base"].trajectories
