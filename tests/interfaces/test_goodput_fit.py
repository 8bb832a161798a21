"""``tenfold goodput fit`` as typed, and the overlay it writes as the catalog and the planner read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed_commands import GOAL, tenfold

import tenfold as public
from tenfold.catalog import load_catalog
from tenfold.planning.drawn import FAILURES, failure_name

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "failures"
JOBS, EVENTS = EXAMPLES / "synthetic-sacct.txt", EXAMPLES / "synthetic-events.csv"


def test_the_overlay_is_what_the_planner_reads(tmp_path: Path) -> None:
    out = tmp_path / "my"
    answer = tenfold("goodput", "fit", JOBS, "--chip", "H100 SXM", "--out", out, "--json")
    assert answer.code == 0, answer.stderr
    told = json.loads(answer.stdout)
    written = ["assumptions/reliability.toml", "sources/own-failure-logs.toml"]
    assert answer.stderr.splitlines() == [f"Wrote {out / name}" for name in written]
    catalog = load_catalog([out])
    name = failure_name(catalog, "hopper")
    figure = catalog.assumption(name)
    assert name == f"{FAILURES}_hopper"
    assert figure.kind == "measured"
    assert [figure.value, *figure.range] == pytest.approx(
        [told["fit"]["rate"][q] for q in ("p50", "p10", "p90")], rel=1e-3
    )
    assert catalog.sources[figure.source].title == "Own logs of failures"
    assert catalog.assumption(f"{FAILURES}_ampere") == load_catalog().assumption(f"{FAILURES}_ampere")


def test_a_plan_stands_on_the_fitted_rate(tmp_path: Path) -> None:
    goal = tmp_path / "goal.toml"
    goal.write_text(GOAL)
    assert tenfold("goodput", "fit", JOBS, "--chip", "h100-sxm", "--out", tmp_path / "my").code == 0
    planned = json.loads(tenfold("plan", goal, "--json", "--catalog", tmp_path / "my").stdout)
    name = f"assumptions/{FAILURES}_hopper"
    (figure,) = (each["figure"] for each in planned["figures"] if each["name"] == name)
    assert figure["source"] == "own-failure-logs"


def test_rates_of_other_families_stay_and_other_figures_are_not_lost(tmp_path: Path) -> None:
    place = tmp_path / "my" / "assumptions" / "reliability.toml"
    for chip in ("h100-sxm", "mi300x", "h100-sxm"):
        assert tenfold("goodput", "fit", JOBS, "--chip", chip, "--out", place).code == 0
    lines = place.read_text().splitlines()
    assert [line.split(" = ")[0].rsplit("_", 1)[1] for line in lines] == ["cdna3", "hopper"]
    own = '[restart_s]\nvalue = "5 min"\nkind = "assumption"\nas_of = "2026"\nnote = "mine"\n'
    place.write_text(own)
    refused = tenfold("goodput", "fit", JOBS, "--chip", "h100-sxm", "--out", tmp_path / "my")
    assert refused.code == 2
    assert "would be lost" in refused.stderr
    assert place.read_text() == own


def test_tables_tell_the_rate_with_and_without_lemon_nodes() -> None:
    shown = tenfold("goodput", "fit", EVENTS, "--nodes", "64", "--days", "90")
    assert shown.code == 0, shown.stderr
    for said in ("without 1 lemon node", "gpu23", "gpu-memory", "5,760.0"):
        assert said in " ".join(shown.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((JOBS, "--out", "my"), "--chip"),
        ((JOBS, "--chip", "h1000"), "did you mean 'h100-sxm'?"),
        ((EVENTS,), "Give --nodes and --days"),
        ((EVENTS, "--nodes", "0", "--days", "90"), "--nodes"),
        ((JOBS, "--chips-per-node", "-8"), "--chips-per-node"),
        ((JOBS, "--chip", "h100-sxm", "--out", "rates.toml"), "reliability.toml"),
        ((JOBS, "--cause", "gremlins"), "no failure of cause 'gremlins'"),
    ],
)
def test_what_makes_no_sense_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str | Path, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = tenfold("goodput", "fit", *arguments)
    assert answer.code == 2
    assert said in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_chips_per_node_are_those_of_the_system_unless_given() -> None:
    default, gb200 = public.goodput_fit(JOBS).fit, public.goodput_fit([str(JOBS)], chip="gb200").fit
    assert default.chips_per_node == 8.0
    assert gb200.chips_per_node == 4.0
    assert gb200.rate.p50 == pytest.approx(2 * default.rate.p50)
    assert public.goodput_fit(logs=[JOBS], chip="gb200", chips_per_node=8).fit.rate == default.rate
