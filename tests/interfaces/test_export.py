"""``tenfold export`` and ``tenfold estimate config`` as typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typed_commands import goal_in, tenfold

from tenfold.planning.setups import UNSTATED_TERM


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan")
    file = folder / "plan.json"
    file.write_text(tenfold("plan", goal_in(folder), "--json").stdout)
    return file


def test_a_plan_becomes_a_script_and_the_script_the_same_estimate(plan: Path, tmp_path: Path) -> None:
    done = tenfold("export", plan, "--to", "megatron", "--out", tmp_path / "run.sh")
    assert (done.code, done.stdout) == (0, "")
    best = json.loads(plan.read_text())["best"]
    stack = ("--software", best["software"])
    data = tenfold("estimate", "config", tmp_path / "run.sh", "--chip", "h100-sxm", *stack, "--json").data
    layout, read = best["layout"], data["estimate"]["layout"]
    for name in ("tp", "pp", "vpp", "cp", "ep", "dp", "micro_batch", "recompute"):
        assert read[name] == layout[name], name
    assert data["estimate"]["chips"] == best["chips"]
    terms = (value for name, value in best["step_terms_s"].items() if name != UNSTATED_TERM)
    alone = (value for name, value in data["estimate"]["terms"].items() if name != UNSTATED_TERM)
    assert sum(alone) == pytest.approx(sum(terms), rel=1e-6)
    assert data["not_understood"] == []


def test_a_goal_is_planned_and_exported_alike(plan: Path) -> None:
    done = tenfold("export", plan.parent / "goal.toml", "--to", "megatron")
    assert done.stdout == tenfold("export", plan, "--to", "megatron").stdout


def test_several_files_go_into_a_folder(plan: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    assert tenfold("export", plan, "--to", "slurm", "--out", folder).code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["job.sbatch", "pretrain.sh"]
    files = tenfold("export", plan, "--to", "slurm", "--json").data["files"]
    assert {name: (folder / name).read_text() for name in files} == files


@pytest.mark.parametrize("tool", ["megatron", "torchtitan", "deepspeed", "slurm", "skypilot"])
def test_every_tool_prints(plan: Path, tool: str) -> None:
    done = tenfold("export", plan, "--to", tool)
    assert done.code == 0, done.stderr
    assert "Written by Tenfold" in done.stdout


def test_unknown_tool_names_the_nearest(plan: Path) -> None:
    done = tenfold("export", plan, "--to", "megatro")
    assert done.code == 2
    assert "did you mean 'megatron'?" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not json", "is no JSON"),
        ("[1]", "is no table of keys and values"),
        ('{"goal": 1}', "is no answer"),
    ],
)
def test_a_wrong_plan_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(text)
    done = tenfold("export", file, "--to", "megatron")
    assert done.code == 2
    assert said in done.stderr


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("best", None, "nothing that meets its goal"),
        ("best", {}, "best.chip: is missing"),
        ("question", {"goal": {"model": "llama-3.1-8b"}}, "question.goal."),
        ("made", {"tenfold": 3}, "made.tenfold"),
        ("question_name", "tco", "answers tco; files are written of plan and of plan serve. Name a plan"),
        ("question_name", "plan portfolio", "Plan its works by themselves: the services as a goal of kind = 'serve'"),
    ],
)
def test_a_plan_with_a_part_missing_is_refused(plan: Path, tmp_path: Path, part: str, value: Any, said: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(json.loads(plan.read_text()) | {part: value}))
    done = tenfold("export", file, "--to", "megatron")
    assert done.code == 2
    assert said in done.stderr


def test_what_a_configuration_does_not_say_is_asked_for(plan: Path, tmp_path: Path) -> None:
    assert tenfold("export", plan, "--to", "deepspeed", "--out", tmp_path).code == 0
    config = ("estimate", "config", tmp_path / "ds_config.json", "--chip", "h100-sxm")
    for given, wanted in (
        ((), "--model"),
        (("--model", "llama-3.1-8b"), "--chips"),
        (("--model", "llama-3.1-8b", "--chips", "64"), "--seq"),
    ):
        done = tenfold(*config, *given)
        assert done.code == 2
        assert wanted in done.stderr
    full = tenfold(*config, "--model", "llama-3.1-8b", "--chips", "64", "--seq", "4096", "--json").data
    assert full["estimate"]["global_batch"] == 512
    assert full["assumed"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("--bf16 --micro-batch-size many", "--micro-batch-size"),
        ("--bf16 --micro-batch-size 1 --global-batch-size 7 --tensor-model-parallel-size 8", "does not divide"),
        ("--virtual-pipeline-model-parallel-size 2", "--num-virtual-stages-per-pipeline-rank"),
    ],
)
def test_a_wrong_configuration_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "args.txt"
    file.write_text(text)
    model = ("--model", "llama-3.1-8b", "--chips", "64", "--seq", "8192")
    done = tenfold("estimate", "config", file, "--chip", "h100-sxm", *model)
    assert done.code == 2
    assert said in done.stderr, done.stderr


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "args.txt"
    file.write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8 text" in tenfold("estimate", "config", file, "--chip", "h100-sxm").stderr
