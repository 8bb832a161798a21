"""``tenfold measurements read`` as typed, and what comes after it: validation and calibration on own logs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from synthetic_logs import LLAMA_8B, SIZES, file_in, megatron, mlperf, nccl_text
from typer.testing import CliRunner

from tenfold.interfaces.cli.app import app
from tenfold.validation.training.runs import read_runs


@dataclass(frozen=True)
class Answer:
    code: int
    stdout: str
    stderr: str


def tenfold(*args: str | Path) -> Answer:
    result = CliRunner().invoke(app, [str(arg) for arg in args])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def log_in(folder: Path, name: str = "train.log", ms: float = 2500.0, **arguments: object) -> Path:
    return file_in(folder, name, megatron([9 * ms, *[ms] * 9], {**LLAMA_8B, **arguments}))


def test_a_log_becomes_a_row_that_validation_scores(tmp_path: Path) -> None:
    out = tmp_path / "runs.csv"
    answer = tenfold("measurements", "read", log_in(tmp_path), "--chip", "H100 SXM", "--out", out, "--json")
    assert answer.code == 0, answer.stderr
    (found,) = json.loads(answer.stdout)["runs"]
    assert (found["run"]["chip"], found["used"], found["seen"]) == ("h100-sxm", 8, 10)
    scored = tenfold("validate", "training", out, "--json")
    assert json.loads(scored.stdout)["scored"] == 1


def test_rows_are_added_replaced_and_kept(tmp_path: Path) -> None:
    out = file_in(tmp_path, "runs.csv", "id,chip,n_chips,seq,mine,step_time_s\nold,h100-sxm,8,2048,keep,1.5\n")
    first, second = log_in(tmp_path), log_in(tmp_path, "other.log", 3000.0, hidden_size=8192, kv_channels=256)
    for log in (first, second, first):
        assert tenfold("measurements", "read", log, "--chip", "h100-sxm", "--out", out).code == 0
    assert [run.id.split("-")[0] for run in read_runs(out)] == ["old", "train", "other"]
    header, row = out.read_text().splitlines()[:2]
    assert header.startswith("id,chip,n_chips,seq,mine,step_time_s,")
    assert row.startswith("old,h100-sxm,8,2048,keep,1.5,")
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_what_the_log_does_not_say_is_asked_for_by_option(tmp_path: Path) -> None:
    log = file_in(tmp_path, "tail.log", megatron([2000.0] * 5, {}))
    refused = tenfold("measurements", "read", log)
    assert refused.code == 2
    for option in ("--chip", "--chips", "--set seq=8192", "--model"):
        assert option in refused.stderr
    answer = tenfold(
        *("measurements", "read", log, "--chip", "h100-sxm", "--chips", "64", "--model", "llama-3.1-8b"),
        *("--set", "seq=8192", "--set", "precision=fp8", "--source", "site-a", "--json"),
    )
    run = json.loads(answer.stdout)["runs"][0]["run"]
    assert (run["n_chips"], run["seq"], run["precision"], run["model"]) == (64, 8192, "fp8", "llama-3.1-8b")
    assert (run["source_group"], run["global_batch"]) == ("site-a", 128)


def test_a_shape_that_no_row_can_tell_needs_a_model(tmp_path: Path) -> None:
    log = log_in(tmp_path, multi_latent_attention=True)
    refused = tenfold("measurements", "read", log, "--chip", "h100-sxm")
    assert refused.code == 2
    assert "no column for multi-head latent attention" in refused.stderr
    assert tenfold("measurements", "read", log, "--chip", "h100-sxm", "--model", "deepseek-v3").code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--chip", "h1000"), "did you mean 'h100-sxm'?"),
        (("--chip", "h100-sxm", "--model", "llama-9"), "unknown model"),
        (("--set", "tpp=2"), "unknown column 'tpp': did you mean 'tp'?"),
        (("--set", "tp=two"), "tp is 'two', not a positive number"),
        (("--set", "tp"), "'tp' has no value"),
        (("--chips", "-3"), "n_chips is '-3'"),
        (("--format", "slurm"), "unknown format 'slurm'"),
        (("--chip", "h100-sxm", "--out", "/nowhere/runs.csv"), "there is no folder"),
    ],
)
def test_options_that_make_no_sense_are_refused(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    answer = tenfold("measurements", "read", log_in(tmp_path), *options)
    assert answer.code == 2
    assert said in answer.stderr


def test_every_log_is_judged_before_anything_is_written(tmp_path: Path) -> None:
    out = tmp_path / "runs.csv"
    bad = file_in(tmp_path, "bad.log", megatron([2000.0]))
    answer = tenfold(
        "measurements", "read", log_in(tmp_path), bad, tmp_path / "none.log", "--format", "megatron", "--out", out
    )
    assert answer.code == 2
    assert "bad.log line" in answer.stderr
    assert "none.log: no such file" in answer.stderr
    assert not out.exists()


def test_a_file_that_is_no_table_of_runs_is_not_overwritten(tmp_path: Path) -> None:
    for text in ("a,b\n1,2\n", "id,chip,n_chips,seq\nr,h100-sxm,8,2048,9,9\n"):
        out = file_in(tmp_path, "other.csv", text)
        assert tenfold("measurements", "read", log_in(tmp_path), "--chip", "h100-sxm", "--out", out).code == 2
        assert out.read_text() == text


def test_tests_become_an_overlay_that_the_catalog_takes(tmp_path: Path) -> None:
    test = file_in(tmp_path, "a.txt", nccl_text([18e-6 + 1.75 * size / 3e11 for size in SIZES]))
    shown = tenfold("measurements", "read", test)
    assert "all_reduce" in shown.stdout
    answer = tenfold("measurements", "read", test, "--chip", "h100-sxm", "--out", tmp_path / "my", "--json")
    assert answer.code == 0, answer.stderr
    assert len(json.loads(answer.stdout)["written"]) == 2
    fabric = tenfold("catalog", "show", "nvlink-switch", "--catalog", tmp_path / "my")
    assert "0.667" in fabric.stdout
    assert tenfold("measurements", "read", test, "--chip", "h100-sxm", "--out", tmp_path / "my").code == 0


def test_an_overlay_needs_a_system_and_keeps_other_figures(tmp_path: Path) -> None:
    test = file_in(tmp_path, "a.txt", nccl_text([18e-6 + 1.75 * size / 3e11 for size in SIZES]))
    assert "Give --chip or --system" in tenfold("measurements", "read", test, "--out", tmp_path / "my").stderr
    (tmp_path / "my" / "fabrics").mkdir(parents=True)
    own = file_in(tmp_path / "my" / "fabrics", "nvlink-switch.toml", 'name = "mine"\n')
    refused = tenfold("measurements", "read", test, "--chip", "h100-sxm", "--out", tmp_path / "my")
    assert refused.code == 2
    assert "would be lost" in refused.stderr
    assert own.read_text() == 'name = "mine"\n'


def test_training_logs_and_tests_are_not_read_together(tmp_path: Path) -> None:
    test = file_in(tmp_path, "a.txt", nccl_text([1e-5 + size / 1e11 for size in SIZES]))
    answer = tenfold("measurements", "read", test, log_in(tmp_path))
    assert answer.code == 2
    assert "one command each" in answer.stderr


def test_a_handful_of_own_runs_calibrates_and_says_what_it_cannot_tell(tmp_path: Path) -> None:
    out, constants = tmp_path / "runs.csv", tmp_path / "training.toml"
    assert tenfold("measurements", "read", log_in(tmp_path), "--chip", "h100-sxm", "--out", out).code == 0
    one = tenfold("calibrate", "training", out, "--json")
    assert (one.code, json.loads(one.stdout)["used"]) == (0, 1)
    assert "the error is that of the priors" in json.loads(one.stdout)["notes"][0]
    lora = file_in(tmp_path, "lora.txt", mlperf([100.0, 96.0]))
    assert tenfold("measurements", "read", lora, "--chip", "h100-sxm", "--chips", "8", "--out", out).code == 0
    two = tenfold("calibrate", "training", out, "--out", constants)
    assert two.code == 0, two.stderr
    said = " ".join(two.stdout.split())
    assert "Runs of one source" in said
    assert "fewer than 8 runs" in said
    assert 'rows = [\n    "train-' in constants.read_text()
