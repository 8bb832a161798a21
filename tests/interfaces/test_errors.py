"""Broken input: one line per problem on stderr, exit 2, an empty stdout, no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typed_commands import CLUSTER, GOAL, goal_in, tenfold
from typer.testing import CliRunner

from tenfold.interfaces.cli.app import app
from tenfold.interfaces.cli.failures import one_line
from tenfold.interfaces.cli.files import write_whole
from tenfold.quantities import InputError

ESTIMATE = ("estimate", "training", *CLUSTER)
BROKEN = {
    "estimate": {
        "unknown model": (("--model", "llamma-3.1-8b"), "--model: unknown model 'llamma-3.1-8b': did you mean"),
        "unknown chip": (("--chip", "h1000"), "--chip: unknown chip 'h1000': did you mean 'h100-sxm'?"),
        "unknown precision": (("--precision", "bf17"), "--precision: unknown precision"),
        "unknown software": (("--software", "nemmo"), "--software: unknown software"),
        "unknown policy": (("--recompute", "some"), "--recompute: unknown 'some'. Use one of none, selective, full"),
        "no such stage": (("--zero", "4"), "--zero: '4' is too large. Give a whole number from 0 to 3"),
        "no chips": (("--chips", "0"), "--chips: '0' is too small"),
        "negative chips": (("--chips", "-8"), "--chips: '-8' is too small"),
        "absurd chips": (("--chips", "1000000000000"), "--chips: '1000000000000' is too large"),
        "absurd degree": (("--tp", "1" + "0" * 400), "is too large. Give a whole number from 1"),
        "empty sequence": (("--seq", "0"), "--seq: '0' is too small"),
        "micro-batch does not divide": (("--micro-batch", "3"), "--micro-batch: the global batch does not divide"),
        "degrees do not divide": (("--tp", "5"), "--tp: tensor × pipeline × context degrees do not divide"),
        "no experts": (("--ep", "8"), "--ep: the model has no experts"),
        "chunks without stages": (("--pp", "1", "--vpp", "2"), "the schedule needs"),
        "odd chips": (("--chips", "7"), "--chips, --global-batch: no layout divides 7 chips"),
        "no config": (("--model", "missing/config.json"), "missing/config.json: no such file"),
        "no peak": (("--chip", "mi250x", "--precision", "fp8"), "mi250x has no 'fp8' peak"),
        "no overlay": (("--catalog", "missing"), "missing: no such folder"),
    },
}  # fmt: skip


@pytest.mark.parametrize(("options", "said"), BROKEN["estimate"].values(), ids=BROKEN["estimate"])
def test_estimate_refuses(options: tuple[str, ...], said: str) -> None:
    answer = tenfold(*ESTIMATE, *options, "--json")
    assert answer.code == 2
    assert answer.stdout == ""
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_every_problem_is_said_at_once() -> None:
    options = ("--chips", "0", "--chip", "h1000", "--model", "x", "--tp", "-1", "--precision", "q", "--zero", "9")
    lines = tenfold("estimate", "training", *options, "--global-batch", "0").stderr.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == [
        "--model", "--chip", "--chips", "--global-batch", "--precision", "--tp", "--zero",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("plan", "missing.toml"), "missing.toml: no such file. Write one with: tenfold init"),
        (("plan",), "goal: is missing"),
        (("plan", "."), ".: no such file"),
        (("plan", "goal.toml", "--seed", "-1"), "--seed: '-1' is too small"),
        (("plan", "goal.toml", "--html", "missing/page.html"), "--html: there is no folder"),
        (("plan", "goal.toml", "--html", "."), "--html: '.' is a folder"),
        (("explain", "missing.json"), "missing.json: no such file"),
        (("explain", "broken.json"), "broken.json: is no JSON"),
        (("explain", "list.json"), "list.json: is no table of keys and values"),
        (("catalog", "show", "h1000"), "unknown key 'h1000': did you mean 'h100-sxm'?"),
        (("catalog", "show", "zzzz"), "nothing is called 'zzzz'"),
        (("catalog", "show", "chips/h1000"), "unknown chip 'h1000'"),
        (("catalog", "show", "chips/h100-sxm/peak.fp4"), "h100-sxm has no 'peak.fp4'"),
        (("catalog", "list", "chps"), "unknown kind 'chps': did you mean 'chips'?"),
        (("schema", "plann"), "unknown kind of file 'plann': did you mean 'plan'?"),
        (("schema", "zzzz"), "Use one of plan, "),
        (("schema", "--out", "missing"), "--out: there is no folder"),
        (("init", "missing/goal.toml"), "there is no folder"),
        (("init", "goal.toml"), "goal.toml: is there already"),
        (("search", "training", *CLUSTER, "--top", "0"), "--top: '0' is too small"),
        (("validate", "training", "missing.csv"), "missing.csv: no such file"),
        (("calibrate", "training", "missing.csv"), "missing.csv: no such file"),
    ],
)
def test_commands_refuse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], said: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("goal.toml").write_text(GOAL)
    Path("broken.json").write_text("{")
    Path("list.json").write_text("[1]")
    answer = tenfold(*args)
    assert (answer.code, answer.stdout) == (2, "")
    assert said in answer.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.json", "goal.toml", "list.json"]


def test_a_kind_that_nobody_answers_is_one_mistake(tmp_path: Path) -> None:
    file = tmp_path / "goal.toml"
    file.write_text('[goal]\nkind = "serv"\nmodel = "llama-3.1-8b"\nrate = "20/s"\nisl = 1024\n')
    answer = tenfold("plan", str(file))
    assert (answer.code, answer.stdout) == (2, "")
    assert answer.stderr.rstrip().endswith("goal.toml: goal.kind: unknown kind 'serv': did you mean 'serve'?")
    assert len(answer.stderr.splitlines()) == 1


def test_a_goal_file_with_many_mistakes_gives_a_line_for_each(tmp_path: Path) -> None:
    file = tmp_path / "goal.toml"
    file.write_text(GOAL.replace("h100-sxm", "h1000").replace("100B", "-1").replace("budget", "bugdet"))
    answer = tenfold("plan", str(file), "--json")
    assert (answer.code, answer.stdout) == (2, "")
    keys = {line.split(": ")[2] for line in answer.stderr.splitlines()}
    assert keys == {"means.chips.0", "goal.tokens", "means.bugdet"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("estimte",), "Did you mean 'estimate'?"),
        (("estimate", "training", "--chps", "8"), "--chips"),
        (("estimate", "training", *CLUSTER, "--tp", "x"), "--tp: 'x' is not a whole number"),
    ],
)
def test_what_cannot_be_parsed_is_a_usage_error(args: tuple[str, ...], said: str) -> None:
    answer = tenfold(*args)
    assert (answer.code, answer.stdout) == (2, "")
    assert said in answer.stderr


def test_an_interrupt_is_one_line_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goal = goal_in(tmp_path)

    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("tenfold.reports.report_html", interrupted)
    answer = tenfold("plan", str(goal), "--html", str(goal.with_name("page.html")))
    assert (answer.code, answer.stdout) == (130, "")
    assert answer.stderr.splitlines() == ["interrupted; nothing was written"]
    assert [path.name for path in goal.parent.iterdir()] == ["goal.toml"]


def test_a_file_that_cannot_be_finished_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, _: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    goal = goal_in(tmp_path)
    with pytest.raises(InputError, match="No space left"):
        write_whole(goal.with_name("page.html"), "text", "--html")
    assert [path.name for path in goal.parent.iterdir()] == ["goal.toml"]


@given(st.text(max_size=20))
def test_a_message_stays_on_its_line(text: str) -> None:
    assert one_line(text).isprintable()


WORD = st.one_of(st.integers().map(str), st.text(alphabet=st.characters(exclude_characters="\0"), max_size=12))


@settings(max_examples=25, deadline=None)
@given(
    option=st.sampled_from(["--chips", "--tp", "--pp", "--vpp", "--cp", "--ep", "--micro-batch", "--zero", "--seq",
                            "--global-batch", "--recompute", "--schedule", "--precision", "--software", "--chip"]),
    value=WORD,
)  # fmt: skip
def test_no_value_of_an_option_ends_in_a_traceback(option: str, value: str) -> None:
    result = CliRunner().invoke(app, [*ESTIMATE, f"{option}={value}", "--json"])
    assert isinstance(result.exception, SystemExit | None), (option, value, result.exception)
    assert result.exit_code in (0, 2, 3)
    assert bool(result.stdout) == (result.exit_code != 2)


@settings(max_examples=15, deadline=None)
@given(name=WORD)
def test_no_name_breaks_the_catalog(name: str) -> None:
    result = CliRunner().invoke(app, ["catalog", "show", "--", name])
    assert isinstance(result.exception, SystemExit | None), (name, result.exception)
    assert result.exit_code in (0, 2)
