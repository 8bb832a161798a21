"""Goal files as people write them, rightly and wrongly."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans import asked

from tenfold.catalog import Catalog
from tenfold.planning.plan import PlanQuestion, time_allowed_s
from tenfold.planning.plan.goal import OPTIMAL, TrainGoal, notes_on, sequences_per_step, tokens_of
from tenfold.planning.plan.means import Means
from tenfold.planning.plan.question import dated
from tenfold.quantities import InputError
from tenfold.quantities.fields import fields_of
from tenfold.quantities.schemas import document_schema
from tenfold.studies.ask import read_question, source_of
from tenfold.studies.examples import example_of
from tenfold.workloads.batch import global_batch_sequences

EXAMPLES = Path(__file__).parents[2] / "examples"
GOOD = """\
[goal]
kind = "train"
model = "llama-2-7b"
tokens = "2T"
sequence_length = 4096
global_batch = "4M tokens"
"""


def problems(tmp_path: Path, catalog: Catalog, text: str | bytes) -> dict[str, str]:
    path = tmp_path / "goal.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        asked(path, catalog)
    assert all(problem.file == str(path) for problem in caught.value.problems)
    assert all(problem.remedy or problem.wrong.endswith("?") for problem in caught.value.problems)
    return {problem.key: f"{problem.wrong}|{problem.remedy}" for problem in caught.value.problems}


def test_the_example_of_llama(catalog: Catalog) -> None:
    read = asked(EXAMPLES / "llama3-405b.toml", catalog)
    assert read.goal.tokens == 15.6e12
    assert read.goal.global_batch == "16M tokens"
    assert sequences_per_step(read.goal) == 2048
    assert read.goal.deadline_s == 200 * 86400
    assert read.means.budget_usd == 250e6
    assert read.means.power_w == 80e6
    assert read.means.chips is not None
    assert read.means.chips[-1] == "trainium2"
    assert any("2,048 sequences" in note for note in notes_on(read.goal, 131_072))


TRAINING = re.compile(r'^\[goal\]\n(?!kind = "(?:serve|portfolio)")', re.MULTILINE)
GOALS = [path for path in sorted(EXAMPLES.rglob("*.toml")) if TRAINING.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", GOALS, ids=lambda path: path.stem)
def test_every_example_reads(catalog: Catalog, path: Path) -> None:
    goal = asked(path, catalog).goal
    assert (tokens_of(goal) > 0) == (goal.model != OPTIMAL), "tokens are stated, or chosen with the model"


def test_the_template_reads(catalog: Catalog) -> None:
    assert asked(example_of("plan"), catalog).goal.confidence == 0.8


def test_defaults_mean_no_limit(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "goal.toml").write_text(GOOD)
    read = asked(tmp_path / "goal.toml", catalog)
    assert (read.goal.precision, read.goal.objective, read.goal.deadline_s) == ("bf16", None, None)
    assert (read.means.budget_usd, read.means.chips, read.means.sites, read.means.power_w) == (None,) * 4
    assert read_question("plan", source_of("plan", tmp_path / "goal.toml"), catalog).seed == 0


def test_every_problem_is_told_at_once(tmp_path: Path, catalog: Catalog) -> None:
    found = problems(
        tmp_path,
        catalog,
        """\
seed = -1
[goal]
kind = "train"
model = "lama-3.1-405b"
tokens = "1e30 tokens"
sequence_lenght = 8192
sequence_length = 99999999999
global_batch = "16M"
precision = "bf61"
deadline = "yesterday"
objective = "cheap"
confidence = 1.5
[means]
budget = "-$5"
chips = ["h1000", 3]
max_chips = 0
supply = ["on-demnd"]
sites = ["texas"]
power = "80 MB"
""",
    )
    assert found["goal.model"] == "unknown model 'lama-3.1-405b': did you mean 'llama-3.1-405b'?|"
    assert found["goal.sequence_lenght"].startswith("unknown key|Did you mean 'sequence_length'?")
    assert found["goal.precision"] == "unknown precision 'bf61': did you mean 'bf16'?|"
    assert found["means.supply.0"] == "unknown supply 'on-demnd': did you mean 'on-demand'?|"
    assert found["goal.global_batch"] == "'16M' has no unit|Write it like '16M tokens' or '2048 sequences'"
    assert found["means.budget"].startswith("'-$5' is negative")
    others = ["tokens", "sequence_length", "deadline", "objective", "confidence"]
    assert {f"goal.{name}" for name in others} | {
        "means.chips.0",
        "means.chips.1",
        "means.max_chips",
        "means.sites.0",
        "seed",
    } <= found.keys()
    assert found["means.power"].startswith("'80 MB' is not a quantity in W")


@pytest.mark.parametrize(("kind", "says"), [('"serv"', "did you mean 'serve'?"), ("3", "Use one of train, serve")])
def test_a_kind_that_nobody_answers_is_the_one_problem(tmp_path: Path, catalog: Catalog, kind: str, says: str) -> None:
    found = problems(tmp_path, catalog, GOOD.replace('kind = "train"', f"kind = {kind}") + "\n[mean]\nbudget = 3\n")
    assert list(found) == ["goal.kind"]
    assert says in found["goal.kind"]


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        (("2T", "0"), "goal.tokens", "too small"),
        (('"2T"', "true"), "goal.tokens", "not a quantity"),
        (("4096", "-4096"), "goal.sequence_length", "too small"),
        (("4096", "40.5"), "goal.sequence_length", "not whole"),
        (("4M tokens", "3 apples"), "goal.global_batch", "no unit"),
        (("4M tokens", "4e12 tokens"), "goal.global_batch", "too large"),
        (('"2T"', '"1M"'), "goal.global_batch", "more tokens than the run"),
        (("[goal]", "[gaol]"), "goal", "is missing"),
        (("[goal]", "goal = 3\n[x]"), "goal", "not a table"),
        (('kind = "train"', ""), "goal.kind", "is missing"),
        (('kind = "train"', 'kind = "train"\ndeadline = true'), "goal.deadline", "is no deadline"),
    ],
)  # fmt: skip
def test_one_slip(tmp_path: Path, catalog: Catalog, change: tuple[str, str], key: str, says: str) -> None:
    path = tmp_path / "goal.toml"
    path.write_text(GOOD.replace(*change))
    with pytest.raises(InputError) as caught:
        asked(path, catalog)
    assert says in next(str(problem) for problem in caught.value.problems if problem.key == key)


@pytest.mark.parametrize(
    ("model", "says"),
    [("/", "/"), ("../", "config.json"), ("nowhere/config.json", "nowhere/config.json: no such file")],
)
def test_a_model_that_cannot_be_read(tmp_path: Path, catalog: Catalog, model: str, says: str) -> None:
    path = tmp_path / "goal.toml"
    path.write_text(GOOD.replace("llama-2-7b", model))
    with pytest.raises(InputError) as caught:
        asked(path, catalog)
    (problem,) = caught.value.problems
    assert says in str(problem)


def test_what_contradicts_itself_is_said_beside_what_cannot_be_read(tmp_path: Path, catalog: Catalog) -> None:
    text = (
        GOOD.replace("2T", "1M")
        + 'deadline = "2020"\nstart = "2026"\nprecision = "bf61"\n[means]\nchips = []\nsites = 3\n'
    )
    found = problems(tmp_path, catalog, text)
    assert set(found) == {"goal.global_batch", "goal.deadline", "goal.precision", "means.chips", "means.sites"}


@pytest.mark.parametrize("key", ["chips", "supply", "sites"])
def test_a_list_of_nothing_is_a_slip(tmp_path: Path, catalog: Catalog, key: str) -> None:
    found = problems(tmp_path, catalog, f"{GOOD}[means]\n{key} = []\n")
    assert found[f"means.{key}"] == "is empty|Name at least one, or leave the key out"


def test_what_is_named_both_ways_is_a_contradiction(tmp_path: Path, catalog: Catalog) -> None:
    text = (
        GOOD
        + '[means]\nchips = ["H100 SXM", "b200"]\nnot_chips = ["h100-sxm"]\n'
        + 'sites = ["nordics"]\nnot_sites = ["nordics"]\n'
    )
    found = problems(tmp_path, catalog, text)
    assert found == {
        "means.chips": "'h100-sxm' stands in means.not_chips too|Keep it in one of them",
        "means.sites": "'nordics' stands in means.not_sites too|Keep it in one of them",
    }


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"goal = [", "no TOML"), (b"\xff\xfe", "not UTF-8"), (b"#" * 65_000_000, "larger than"), (b"", "is missing")],
)
def test_files_that_cannot_be_read(tmp_path: Path, catalog: Catalog, content: bytes, says: str) -> None:
    assert any(says in said for said in problems(tmp_path, catalog, content).values())


def test_a_missing_file(catalog: Catalog) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml: no such file\. Write one with: tenfold init plan"):
        asked("nowhere.toml", catalog)


@pytest.mark.parametrize(
    ("deadline", "days"), [('"2027-01-31"', 31), ("2027-01-31", 31), ('"2027-01"', 31), ('"31 days"', 31)]
)
def test_deadline_as_a_date_counts_from_the_start(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, deadline: str, days: int
) -> None:
    path = tmp_path / "goal.toml"
    path.write_text(f"{GOOD}deadline = {deadline}\n")
    monkeypatch.setattr("tenfold.planning.plan.goal.today", lambda: datetime.date(2027, 1, 1))
    assert time_allowed_s(asked(path, catalog).goal) == days * 86400
    monkeypatch.undo()
    path.write_text(f'{GOOD}deadline = {deadline}\nstart = "2027-01-01"\n')
    assert time_allowed_s(asked(path, catalog).goal) == days * 86400


def test_a_deadline_that_is_a_day_means_the_same_tomorrow(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "goal.toml"
    path.write_text(f'{GOOD}deadline = "2099"\n')
    read = dated(asked(path, catalog))
    assert read.goal.start is not None
    assert dated(read) == read
    (batch, day) = notes_on(read.goal, 4096)
    assert batch.startswith("global_batch: '4M tokens'")
    assert day.startswith("deadline: 2099-12-31 is ")
    assert day.endswith(f"days from {read.goal.start.isoformat()}")


def test_a_deadline_beyond_any_run(tmp_path: Path, catalog: Catalog) -> None:
    assert "too far away" in problems(tmp_path, catalog, f'{GOOD}deadline = "9999-12-31"\n')["goal.deadline"]


def test_a_deadline_in_the_past(tmp_path: Path, catalog: Catalog) -> None:
    found = problems(tmp_path, catalog, f'{GOOD}deadline = "2020-01-01"\nstart = "2026-01-01"\n')
    assert "not after the start, 2026-01-01" in found["goal.deadline"]


def test_a_config_beside_the_goal(catalog: Catalog) -> None:
    read = asked(EXAMPLES / "config-json" / "goal.toml", catalog)
    assert read.goal.model.endswith("config-json/config.json")
    assert Path(read.goal.model).is_file()


@given(st.integers(1, 5 * 10**5), st.sampled_from([512, 4096, 8192]))
def test_batches_in_tokens_stay_within_five_percent(millions: int, length: int) -> None:
    tokens = millions * 10**5
    if round(tokens / length) < 20:
        return
    count, _ = global_batch_sequences(f"{tokens} tokens", length, file="", key="")
    assert abs(count * length / tokens - 1) <= 0.05
    if tokens % length == 0:
        assert count * length == tokens


def test_known_batches() -> None:
    assert global_batch_sequences("16M tokens", 8192, file="", key="")[0] == 2048
    assert global_batch_sequences("2,048 sequences", 8192, file="", key="") == (2048, "")
    assert global_batch_sequences(15360, 4096, file="", key="") == (15360, "")
    assert global_batch_sequences("8192000 tokens", 8192, file="", key="") == (1000, "")


def test_schema_knows_every_key() -> None:
    schema = document_schema(PlanQuestion)
    json.dumps(schema)
    keys = set(schema["$defs"]["TrainGoal"]["properties"]) | set(schema["$defs"]["Means"]["properties"])
    used = set(re.findall(r"^(\w+) =", (EXAMPLES / "llama3-405b.toml").read_text(), re.MULTILINE))
    assert used <= keys
    assert schema["additionalProperties"] is False


VALUES = st.recursive(
    st.one_of(st.integers(-(10**25), 10**25), st.floats(), st.booleans(), st.text(max_size=30), st.dates()),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "value", "model"]), inner, max_size=2)
    ),
    max_leaves=6,
)


def toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value.encode("utf-8", "replace").decode()).replace("\x7f", "?")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {toml(inner)}' for key, inner in value.items())} }}"
    return repr(value)


NAMES = [field.key for record in (TrainGoal, Means) for field in fields_of(record)]
KEYS = st.sampled_from(sorted({*NAMES, "seed", "goal", "means", "nonsense"}))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    top=st.dictionaries(KEYS, VALUES, max_size=2),
    goal=st.dictionaries(KEYS, VALUES),
    means=st.dictionaries(KEYS, VALUES),
)
def test_any_toml_reads_or_is_an_input_error(
    tmp_path: Path, catalog: Catalog, top: dict[str, object], goal: dict[str, object], means: dict[str, object]
) -> None:
    lines = [f"{key} = {toml(value)}" for key, value in top.items()]
    for name, table in (("goal", goal), ("means", means)):
        if name not in top:
            lines += [f"[{name}]", *(f"{key} = {toml(value)}" for key, value in table.items())]
    path = tmp_path / "goal.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        asked(path, catalog)
    except InputError as error:
        assert error.problems  # noqa: PT017


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_read_or_are_an_input_error(tmp_path: Path, catalog: Catalog, content: bytes) -> None:
    path = tmp_path / "goal.toml"
    path.write_bytes(content)
    with pytest.raises(InputError):
        asked(path, catalog)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    key=st.sampled_from(sorted({"model", "tokens", "sequence_length", "global_batch", "deadline"})),
    text=st.text(max_size=40),
)
def test_any_text_in_a_good_file(tmp_path: Path, catalog: Catalog, key: str, text: str) -> None:
    lines = [line for line in GOOD.splitlines() if not line.startswith(key)]
    path = tmp_path / "goal.toml"
    path.write_text("\n".join([*lines, f"{key} = {toml(text)}"]), encoding="utf-8")
    try:
        asked(path, catalog)
    except InputError as error:
        assert any(problem.key.startswith("goal") or problem.file for problem in error.problems)  # noqa: PT017
