"""Verdicts follow from what is calculated: change an input, and the verdict changes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenfold
from tenfold.catalog import Catalog, load_catalog
from tenfold.claims.found import Found, WrongPathError, change_of, found_at, ratio
from tenfold.claims.judging import CONTRADICTED, DEPENDS, NOT_CHECKABLE, SUPPORTED, moved, within
from tenfold.claims.ledger import Bounds, RecordCheck, changed
from tenfold.claims.shipped import shipped_ledger
from tenfold.claims.units import amount, unit_of_path
from tenfold.claims.wording import WORDINGS, ends_of
from tenfold.quantities import InputError

HEAD = '[[claims]]\nid = "one"\nkind = "figure"\nsays = "A statement."\n'
FIGURE = '[[claims.checks]]\nkind = "figure"\nfigure = "chips/b200/peak.bf16"\nover = "chips/h100-sxm/peak.bf16"\n'
TCO = '[[claims.checks]]\nkind = "{kind}"\nask = "tco"\nasked = {{ chip = "h100-sxm", site = "us-texas" }}\n'
ends = st.floats(1e-3, 1e3)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def judged(catalog: Catalog, folder: Path, text: str) -> str:
    file = folder / "ledger.toml"
    file.write_text(text, encoding="utf-8")
    return tenfold.claims(str(file), catalog=catalog).claims[0].verdict


@pytest.mark.parametrize(("least", "verdict"), [(2.0, SUPPORTED), (3.0, CONTRADICTED)])
def test_a_ratio_of_figures(catalog: Catalog, tmp_path: Path, least: float, verdict: str) -> None:
    assert judged(catalog, tmp_path, f"{HEAD}{FIGURE}least = {least}\n") == verdict


@pytest.mark.parametrize(("factor", "verdict"), [("× 2", SUPPORTED), ("× 0.5", CONTRADICTED), ("× 1", CONTRADICTED)])
def test_a_mechanism_is_judged_by_what_a_change_does(
    catalog: Catalog, tmp_path: Path, factor: str, verdict: str
) -> None:
    change = f'change_figures = {{ "assumptions/economics.hosts_usd_per_chip" = "{factor}" }}\n'
    text = f'{HEAD}{TCO.format(kind="change")}{change}path = "usd_per_chip_hour"\nthen = "rises"\n'
    assert judged(catalog, tmp_path, text) == verdict


@pytest.mark.parametrize(("most", "verdict"), [(50.0, SUPPORTED), (1.9, DEPENDS), (0.01, CONTRADICTED)])
def test_a_range_that_reaches_in_makes_it_depend(catalog: Catalog, tmp_path: Path, most: float, verdict: str) -> None:
    text = f'{HEAD}{TCO.format(kind="value")}path = "usd_per_chip_hour"\nmost = {most}\n'
    assert judged(catalog, tmp_path, text) == verdict


def test_cases_that_disagree_make_it_depend(catalog: Catalog, tmp_path: Path) -> None:
    text = f'{HEAD}{FIGURE}least = 2.0\n{FIGURE}case = "another"\nleast = 3.0\n'
    assert judged(catalog, tmp_path, text) == DEPENDS


def test_where_checks_differ_the_reason_of_each_is_given(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "ledger.toml"
    file.write_text(f'{HEAD}{FIGURE}least = 2.0\n{FIGURE}case = "another"\nleast = 3.0\n', encoding="utf-8")
    reason = tenfold.claims(str(file), catalog=catalog).claims[0].reason
    for said in ("supported (", "at least 2", "another: contradicted (", "at least 3"):
        assert said in reason, said


def test_what_nobody_recorded_is_not_checkable_and_named(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "ledger.toml"
    file.write_text(
        f'{HEAD}[[claims.checks]]\nkind = "figure"\nfigure = "chips/h100-sxm/peak.fp4"\nabove = 0\n', encoding="utf-8"
    )
    found = tenfold.claims(str(file), catalog=catalog).claims[0]
    assert found.verdict == NOT_CHECKABLE
    assert "fp4" in found.reason


@pytest.mark.parametrize(
    ("check", "key"),
    [
        ('kind = "figure"\nfigure = "chips/h100-sxm/hbm.bandwidth"\nabove = 0\n', "figure"),
        ('kind = "record"\nfolder = "chips"\nname = "h100-sxm"\nholds = ["hbm.bandwidth"]\n', "holds"),
    ],
)
def test_a_figure_that_no_chip_has_is_an_error_of_the_ledger(
    catalog: Catalog, tmp_path: Path, check: str, key: str
) -> None:
    file = tmp_path / "ledger.toml"
    file.write_text(f"{HEAD}[[claims.checks]]\n{check}", encoding="utf-8")
    with pytest.raises(InputError, match=r"unknown figure 'hbm.bandwidth': did you mean 'memory.bandwidth'") as trouble:
        tenfold.claims(str(file), catalog=catalog)
    assert [problem.key for problem in trouble.value.problems] == [f"one.checks.0.{key}"]


@pytest.mark.parametrize("path", ["usd_per_chip_hours", "usd_per_chip_hour.p50.p50", "question.chip", "question"])
def test_a_path_that_leads_nowhere_is_an_error_of_the_ledger(catalog: Catalog, tmp_path: Path, path: str) -> None:
    check = f'{TCO.format(kind="value")}path = "{path}"\nabove = 0\n'
    file = tmp_path / "ledger.toml"
    file.write_text(f"{HEAD}{check}{check}", encoding="utf-8")
    with pytest.raises(InputError) as trouble:
        tenfold.claims(str(file), catalog=catalog)
    assert [problem.key for problem in trouble.value.problems] == ["one.checks.0.path", "one.checks.1.path"]


def test_a_place_where_this_answer_has_nothing_is_no_error_of_the_ledger() -> None:
    for data, path in (({"best": None}, "best.hours"), ({"plans": []}, "plans.0.hours"), ({"best": None}, "best")):
        with pytest.raises(InputError) as trouble:
            found_at(data, path, ())
        assert not isinstance(trouble.value, WrongPathError)


def test_what_was_taken_in_is_one_figure_less_another(catalog: Catalog, tmp_path: Path) -> None:
    ends = "observations/h100e-owned/microsoft:nvidia/{}-12-31"
    asked = f'figure = "{ends.format(2024)}"\nless = ["{ends.format(2023)}"]\nwording = "exactly"\nstates = {{}}\n'
    for states, verdict in ((822_506, SUPPORTED), (1_130_363, CONTRADICTED)):
        text = f'{HEAD}[[claims.checks]]\nkind = "figure"\n{asked.format(states)}'
        assert judged(catalog, tmp_path, text) == verdict


def test_everything_wrong_with_a_ledger_is_said_at_once(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "ledger.toml"
    file.write_text(f'{HEAD}{FIGURE}lest = 2\n[[claims]]\nid = "two"\nkind = "rumour"\n', encoding="utf-8")
    with pytest.raises(InputError) as trouble:
        tenfold.claims(str(file), catalog=catalog)
    keys = " ".join(problem.key for problem in trouble.value.problems)
    assert all(part in keys for part in ("checks.0.lest", "claims.1.kind", "claims.1.says"))


def test_a_check_that_compares_with_nothing_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="with nothing"):
        judged(catalog, tmp_path, f"{HEAD}{FIGURE}")


def test_what_has_not_moved_is_not_above_zero() -> None:
    assert within(Found(value=0.0, low=0.0, high=0.0), Bounds(above=0.0)) == CONTRADICTED
    assert within(Found(value=0.0, low=-1.0, high=1.0), Bounds(below=0.0)) == DEPENDS
    assert within(Found(value=0.0, low=0.0, high=0.0), Bounds(least=0.0)) == SUPPORTED


def test_a_place_in_a_list_of_medians_has_the_range_beside_it() -> None:
    found = found_at({"share": {"p10": [1.0, 2.0], "p50": [3.0, 4.0], "p90": [5.0, 6.0]}}, "share.p50.1", ())
    assert (found.low, found.value, found.high) == (2.0, 4.0, 6.0)


def test_a_statement_is_judged_or_says_why_not(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="judged by checks or says why not"):
        judged(catalog, tmp_path, HEAD)


def test_a_name_that_no_statement_has_is_refused(catalog: Catalog) -> None:
    with pytest.raises(InputError, match="no statement is called 'nobody'"):
        tenfold.claims(catalog=catalog, ids=["nobody"])


@pytest.mark.parametrize("name", ["S2-033", "s2-033"])
def test_a_verdict_is_read_with_its_units_and_what_its_words_grant(catalog: Catalog, name: str) -> None:
    (claim,) = tenfold.claims(catalog=catalog, ids=[name]).claims
    assert claim.id == "S2-033"
    assert claim.reason.startswith("1.6e12 model parameters; asked: within 5 % of 1.6e12: 1.524e12 to 1.68e12;")
    (dollars,) = tenfold.claims(catalog=catalog, ids=["S0-002"]).claims
    assert dollars.findings[0].told == "$600B"
    assert dollars.findings[0].asked == "about $60B: $48B to $75B"


@pytest.mark.parametrize(("name", "words"), [("S9-999", "did you mean 'S"), ("nobody", "Known: S0-001")])
def test_a_name_that_no_statement_has_is_met_with_those_that_are_near(catalog: Catalog, name: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        tenfold.claims(catalog=catalog, ids=[name, "s2-033"])
    assert len(refused.value.problems) == 1
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("cases.base.end.rental_usd_per_hour.p50", "USD/h"),
        ("cases.base.world.china_lag_months.p90.11", "months"),
        ("cases.base.end.price_usd_per_h100e", "USD"),
        ("cases.base.players.meta.h100e.p50.2", "H100e"),
        ("cases.base.players.meta.reaches.1e6_h100e.chance", ""),
        ("sites.0.usd_per_mw", ""),
        ("exposed_s_per_step", ""),
        ("total_usd", "USD"),
        ("cases.base.end.cr5", ""),
    ],
)
def test_a_value_has_the_unit_that_its_name_ends_with(path: str, unit: str) -> None:
    assert unit_of_path(path) == unit


@given(value=st.floats(1e-12, 1e15), unit=st.sampled_from(["", "H100e", "USD"]))
def test_an_amount_is_printed_as_it_is(value: float, unit: str) -> None:
    told = amount(value, unit, 4)
    assert told.endswith(unit) or unit == "USD"
    if unit != "USD":
        assert float(told.removesuffix(unit)) == pytest.approx(value, rel=1e-3)


def test_no_end_of_the_shipped_ledgers_is_chosen() -> None:
    """A number's end follows from the words of its statement by the one table; what is given bare is a sign."""
    for claim in shipped_ledger().claims:
        for check in claim.checks:
            if not isinstance(check, RecordCheck):
                given = dataclasses.astuple(check.bounds.stated)
                assert all(end in (None, 0.0, 1.0) for end in given), claim.id


@pytest.mark.parametrize("words", [words for words, each in WORDINGS.items() if not each.of_change])
@pytest.mark.parametrize(("states", "more"), [(1e-3, 0.1), (2.5, 1.0), (7e11, 30.0)])
def test_ends_from_words_scale_with_the_number(words: str, states: float, more: float) -> None:
    small, large = (dataclasses.astuple(ends_of(words, each, None)) for each in (states, states * (1 + more)))
    assert not ends_of(words, states, None).open
    for low, high in zip(small, large, strict=True):
        assert (low is None) == (high is None)
        assert low is None or high == pytest.approx(low * (1 + more))


@given(states=st.floats(0.01, 0.7))
def test_a_number_is_about_itself_and_neither_far_above_nor_below_it(states: float) -> None:
    for words, at in (
        ("about", states),
        ("exactly", states),
        ("up by about", 1 + states),
        ("down by about", 1 - states),
    ):
        found = ends_of(words, states, None)
        assert found.reach(at, at)
        assert not found.reach(at * 1.4 + states, at * 1.4 + states)
    for words in ("far above", "far below", "over", "under"):
        assert not ends_of(words, states, None).reach(states, states)
    assert ends_of("between", states, 2 * states).reach(1.5 * states, 1.5 * states)
    assert not ends_of("between", states, 2 * states).reach(2.1 * states, 2.2 * states)
    rare, often = ends_of("rarely", None, None), ends_of("mostly", None, None)
    assert (rare.reach(states, states), often.reach(states, states)) == (states <= 0.1, states >= 0.5)


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ('wording = "about"', "states a number"),
        ('wording = "mostly"\nstates = 2', "states no number"),
        ('wording = "between"\nstates = 2', "states two numbers"),
        ('wording = "about"\nstates = 2\nto = 3', "no second number"),
        ('wording = "about"\nstates = 2\nleast = 1', "beside the words"),
        ("states = 2\nleast = 1", "without wording"),
        ('wording = "roughly"\nstates = 2', "roughly"),
    ],
)
def test_words_that_do_not_fit_are_refused(catalog: Catalog, tmp_path: Path, lines: str, wrong: str) -> None:
    with pytest.raises(InputError, match=wrong):
        judged(catalog, tmp_path, f"{HEAD}{FIGURE}{lines}\n")


def test_words_judge_as_their_ends_do(catalog: Catalog, tmp_path: Path) -> None:
    assert judged(catalog, tmp_path, f'{HEAD}{FIGURE}wording = "over"\nstates = 0\n') == SUPPORTED
    assert judged(catalog, tmp_path, f'{HEAD}{FIGURE}wording = "under"\nstates = 0\n') == CONTRADICTED


def test_shipped_ledgers_read() -> None:
    claims = shipped_ledger().claims
    assert len({claim.id for claim in claims}) == len(claims)


def test_at_most_a_tenth_of_what_can_be_calculated_is_not() -> None:
    kinds = ("figure", "mechanism", "scenario", "advice")
    claims = [claim for claim in shipped_ledger().claims if claim.kind in kinds]
    assert sum(bool(claim.unchecked) for claim in claims) <= 0.1 * len(claims)


@given(ends, ends, ends, ends)
def test_wider_ends_never_judge_harder(value: float, spread: float, least: float, more: float) -> None:
    found = Found(value=value, low=value / (1 + spread), high=value * (1 + spread))
    order = (CONTRADICTED, DEPENDS, SUPPORTED)
    narrow = within(found, Bounds(least=least, most=least * 2))
    wide = within(found, Bounds(least=least / (1 + more), most=least * 2 * (1 + more)))
    assert order.index(wide) >= order.index(narrow)


@given(ends, ends)
def test_rising_and_falling_are_never_both_so(before: float, after: float) -> None:
    pair = (Found(value=before, low=before, high=before), Found(value=after, low=after, high=after))
    verdicts = [moved(*pair, then) for then in ("rises", "falls", "stays")]
    assert verdicts.count(SUPPORTED) == 1


@given(ends, ends)
def test_a_change_has_no_more_range_than_a_ratio(value: float, spread: float) -> None:
    found = Found(value=value, low=value / (1 + spread), high=value * (1 + spread))
    assert change_of(found, found).range is None
    assert ratio(found, found).low <= 1.0 <= ratio(found, found).high


def test_a_change_reaches_into_lists_and_tables() -> None:
    tree = {"deals": [{"usd": 1}, {"usd": 2}], "year": 2025}
    assert changed(tree, {"deals.1.usd": 5, "new.key": 7}) == {
        "deals": [{"usd": 1}, {"usd": 5}],
        "year": 2025,
        "new": {"key": 7},
    }
    assert tree["deals"] == [{"usd": 1}, {"usd": 2}]
