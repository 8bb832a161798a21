"""Every other command as typed: plan, explain, catalog, init, schema, validate."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typed_commands import goal_in, tenfold

from tenfold.interfaces.cli.app import command_names
from tenfold.interfaces.cli.catalog import KINDS
from tenfold.interfaces.cli.file_kinds import WHAT
from tenfold.interfaces.cli.schemas import schema_of
from tenfold.quantities import leaves_of, value_at
from tenfold.reports.answers import topics_of
from tenfold.reports.explain import explained
from tenfold.studies.questions import NAME_OF_ADDRESS

KNOWN = (*NAME_OF_ADDRESS, *WHAT)
TOPICS = {path.removeprefix("best."): topic for path, topic in topics_of("plan").items() if path.startswith("best.")}

RUNS = """id,chip,model,arch,params_b,layers,hidden,ffn,heads,kv_heads,vocab,seq,n_chips,precision,tp,pp,global_batch,\
tokens_per_s_per_chip,source_group,quality
a,h100-sxm,llama-3.1-8b,dense,8,32,4096,14336,32,8,128256,8192,64,bf16,1,1,512,9000,mine,A
b,h100-sxm,llama-3.1-8b,dense,8,32,4096,14336,32,8,128256,8192,128,bf16,2,1,512,8500,mine,A
c,nonesuch,llama-3.1-8b,dense,8,32,4096,14336,32,8,128256,8192,128,bf16,2,1,512,8500,mine,A
"""


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan as ``tenfold plan --json`` prints it."""
    folder = tmp_path_factory.mktemp("plan")
    answer = tenfold("plan", goal_in(folder), "--json")
    assert answer.code == 0, answer.stderr
    file = folder / "plan.json"
    file.write_text(answer.stdout)
    return file


@pytest.fixture(scope="module")
def plan(plan_file: Path) -> Any:
    return json.loads(plan_file.read_text())


def test_plan_answers_what_the_issue_asks_for(plan: Any) -> None:
    best = plan["best"]
    for key in ("chip", "chips", "layout", "supply", "site", "goodput", "energy_mwh", "drivers"):
        assert key in best
    for key in ("finish_days", "cost_usd"):
        assert 0 < best[key]["p10"] <= best[key]["p50"] <= best[key]["p90"]
    assert {"alternatives", "infeasible", "pareto", "failures", "campuses", "assumptions", "made"} <= plan.keys()


def test_plan_is_byte_identical_and_moves_with_the_seed(plan_file: Path) -> None:
    goal = plan_file.with_name("goal.toml")
    assert tenfold("plan", goal, "--json").stdout == plan_file.read_text()
    moved = tenfold("plan", goal, "--json", "--seed", "7").data
    assert moved["made"]["seed"] == 7
    assert moved["best"]["finish_days"] != json.loads(plan_file.read_text())["best"]["finish_days"]


def test_plan_prints_the_verdict_first_and_writes_a_page(plan_file: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    answer = tenfold("plan", plan_file.with_name("goal.toml"), "--html", page)
    assert answer.stdout.startswith("8 × h100-sxm, on-demand")
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_every_number_of_a_plan_can_be_asked_for(plan_file: Path, plan: Any) -> None:
    from tenfold.catalog import load_catalog
    from tenfold.interfaces.cli.explain import _explanation

    sources = load_catalog().sources
    paths = [path for path, leaf in leaves_of(plan) if isinstance(leaf, (int, float))]
    assert len(paths) > 100
    for path in paths:
        answer = explained(plan, path, topics_of("plan"), sources)
        assert answer["number"] == path
        assert list(_explanation(answer))


@pytest.mark.parametrize("name", [name for name, topic in TOPICS.items() if topic.terms])
def test_terms_of_an_explanation_are_those_of_the_plan(plan_file: Path, plan: Any, name: str) -> None:
    answer = tenfold("explain", plan_file, f"best.{name}", "--json").data
    for term, value in answer["terms"].items():
        assert value_at(plan, f"{TOPICS[name].terms}.{term}")[0] == value


def test_step_terms_add_up_and_rest_on_figures_with_sources(plan_file: Path) -> None:
    answer = tenfold("explain", plan_file, "best.step_time_s", "--json").data
    names = {figure["figure"] for figure in answer["figures"]}
    assert "chips/h100-sxm/peak.bf16" in names
    assert all(figure["source_title"] and figure["as_of"] for figure in answer["figures"])
    printed = tenfold("explain", plan_file, "best.step_terms_s").stdout
    assert printed.startswith("best.step_terms_s = matrix multiplications")
    assert "NVIDIA H100" in printed


@pytest.mark.parametrize("name", [name for name, topic in TOPICS.items() if topic.terms and topic.adds_up])
def test_terms_that_are_said_to_add_up_do(plan_file: Path, name: str) -> None:
    answer = tenfold("explain", plan_file, f"best.{name}", "--json").data
    assert answer["adds_up"]
    value = answer["value"]
    several = isinstance(value, dict)
    whole = value.get("p50", value.get("total", sum(value.values()))) if several else value
    assert sum(answer["terms"].values()) == pytest.approx(whole, rel=1e-9)
    p90 = tenfold("explain", plan_file, f"best.{name}.p90", "--json")
    assert p90.code == (0 if several and "p90" in value else 2)


def test_one_term_is_explained_alone(plan_file: Path) -> None:
    assert list(tenfold("explain", plan_file, "best.step_terms_s.matmul_s", "--json").data["terms"]) == ["matmul_s"]


def test_a_number_that_is_not_there_names_the_nearest(plan_file: Path) -> None:
    answer = tenfold("explain", plan_file, "best.cost_us")
    assert (answer.code, answer.stdout) == (2, "")
    assert "did you mean 'best.cost_usd'?" in answer.stderr


def test_a_plan_without_a_design_is_explained_too(tmp_path: Path) -> None:
    goal = goal_in(tmp_path)
    goal.write_text(goal.read_text().replace("$2M", "$2"))
    plan = tmp_path / "plan.json"
    found = tenfold("plan", goal, "--json")
    assert found.code == 3
    plan.write_text(found.stdout)
    assert tenfold("explain", plan).stdout.startswith("No design meets the goal")
    said = tenfold("explain", plan, "best.cost_usd").stderr
    assert "there is no 'best' in this answer. It says: No design meets the goal" in said
    assert "budget" in tenfold("explain", plan, "infeasible.0").stdout


def test_a_goal_file_is_explained_like_its_plan(plan_file: Path) -> None:
    goal = plan_file.with_name("goal.toml")
    from_goal = tenfold("explain", goal, "best.cost_usd", "--json").stdout
    assert from_goal == tenfold("explain", plan_file, "best.cost_usd", "--json").stdout
    assert tenfold("explain", plan_file).stdout.startswith("Numbers of the answer")


@pytest.mark.parametrize("kind", KINDS)
def test_lists_have_the_same_rows_as_table_and_as_data(kind: str) -> None:
    data = tenfold("catalog", "list", kind, "--json").data
    assert data
    assert tenfold("catalog", "list", kind).stdout.startswith(f"{len(data):,} {kind}")


def test_the_list_of_kinds_counts_each() -> None:
    assert {row["kind"] for row in tenfold("catalog", "list", "--json").data} == set(KINDS)


def test_show_gives_each_figure_with_its_source() -> None:
    (chip,) = tenfold("catalog", "show", "H100 SXM", "--json").data
    assert chip["key"] == "h100-sxm"
    for figure in chip["figures"]:
        assert figure["source_title"]
        assert figure["checked_title"]
    printed = tenfold("catalog", "show", "h100-sxm").stdout
    assert "989.4 TFLOP/s" in printed
    assert "not checked" in printed


@pytest.mark.parametrize(
    "key",
    ["models/llama-3.1-405b", "sites/nordics", "systems/hgx-h100", "fabrics/nvlink-switch", "chips/h100-sxm/peak.bf16",
     "assumptions/reliability.restart_s", "sources/nvidia-h100-datasheet", "calibrations/training-priors",
     "players/openai", "export_rules/eccn-3a090-a", "deals/openai-oracle-2025", "deals/nvidia-openai-letter-2025"],
)  # fmt: skip
def test_anything_can_be_shown(key: str) -> None:
    (thing,) = tenfold("catalog", "show", key, "--json").data
    assert key.startswith(f"{thing['kind']}/{thing['key']}")
    assert tenfold("catalog", "show", key).stdout.startswith(f"{thing['kind']}/{thing['key']}")


def test_a_deal_that_is_not_known_is_named_with_the_nearest() -> None:
    answer = tenfold("catalog", "show", "deals/openai-orcle-2025")
    assert answer.code == 2
    assert "unknown deal 'openai-orcle-2025': did you mean 'openai-oracle-2025'?" in answer.stderr


def test_an_overlay_adds_a_chip_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "chips").mkdir()
    (tmp_path / "chips" / "mine-1.toml").write_text('name = "Mine 1"\nvendor = "Me"\nfamily = "mine"\nkind = "gpu"\n')
    answer = tenfold("catalog", "list", "chips", "--catalog", tmp_path)
    assert "mine-1" in answer.stdout
    assert "adds chip 'mine-1'" in answer.stderr


def test_sources_have_titles_and_dates() -> None:
    sources = tenfold("catalog", "sources", "--json").data
    assert all(source["title"] and source["date"] for source in sources.values())
    assert tenfold("catalog", "sources").stdout.startswith(f"{len(sources):,} sources")


def test_init_writes_a_goal_that_plans_and_overwrites_only_when_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    assert tenfold("init", file).code == 0
    assert tomllib.loads(file.read_text())["goal"]["kind"] == "train"
    file.write_text("kept")
    assert tenfold("init", file).code == 2
    assert file.read_text() == "kept"
    assert tenfold("init", file, "--force").code == 0
    assert tenfold("plan", file, "--json").data["question"]["goal"]["model"] == "llama-3.1-8b"


def test_init_takes_a_name_of_two_words_and_keeps_data_that_is_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (("fleet", "replay", "a.toml"), ("fleet submit", "b.toml"), ("fleet-size", "c.toml"), ("rental",)):
        assert tenfold("init", *words).code == 0
    assert {path.name for path in tmp_path.glob("*.toml")} == {"a.toml", "b.toml", "c.toml", "rental.toml"}
    jobs = tmp_path / "fleet" / "synthetic-jobs.csv"
    jobs.write_text("mine")
    assert tenfold("init", "fleet", "replay", "d.toml").code == 2
    assert (jobs.read_text(), (tmp_path / "d.toml").exists()) == ("mine", False)
    assert "2 files are named" in tenfold("init", "plan", "x.toml", "y.toml").stderr


def test_schemas_of_every_kind_are_written(tmp_path: Path) -> None:
    assert tenfold("schema", "--out", tmp_path).code == 0
    assert {path.name for path in tmp_path.iterdir()} == {f"{kind}.schema.json" for kind in KNOWN}
    for kind in KNOWN:
        assert tenfold("schema", kind).data == schema_of(kind)
    assert set(tenfold("schema", "--json").data) == set(KNOWN)


def test_validate_scores_what_it_can_and_says_what_it_cannot(tmp_path: Path) -> None:
    file = tmp_path / "runs.csv"
    file.write_text(RUNS)
    report = tenfold("validate", "training", file, "--json").data
    assert (report["rows"], report["scored"], sum(report["skipped"].values())) == (3, 2, 1)
    assert {"n", "median_ape", "mean_ape", "p90_ape", "bias", "coverage_80"} <= report["overall"].keys()
    assert {"chip", "source_group", "arch", "mode"} <= report["by"].keys()
    assert tenfold("validate", "training", file).stdout.startswith("2 of 3 runs scored")


def test_version_and_help() -> None:
    assert tenfold("--version").stdout.startswith("tenfold ")
    for command in ((), ("plan",), ("estimate",), ("estimate", "training"), ("catalog",), ("calibrate", "training")):
        assert "Usage:" in tenfold(*command, "--help").stdout
    assert "plan" in command_names()
