"""The gate on moved predictions: it sees what moved, counts what it cannot compare, and lets nothing pass unsaid."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import codes
import pytest
from changelog import new_reasons
from codes import Answer, NothingToCompareError
from grid import questions
from hypothesis import given
from hypothesis import strategies as st
from moves import Compared, Move, compare, values
from predictions import WHAT_TO_DO, lines, verdict

MOVED = (("x", 1.9), ("usd", 2.5))
QUESTION = "tco --chip h100-sxm --site us-texas"


def answered(data: object) -> Answer:
    return Answer(code=0, data=data, said="")


def refused(said: str, code: int = 2) -> Answer:
    return Answer(code=code, data=None, said=said)


# what moved


@given(value=st.floats(min_value=1e-30, max_value=1e30), sign=st.sampled_from([-1.0, 1.0]))
def test_two_parts_in_a_thousand_million_are_noticed_and_half_a_part_is_not(value: float, sign: float) -> None:
    before = {"a": {"b": [sign * value]}}
    (move,) = compare(answered(before), answered({"a": {"b": [sign * value * (1 + 2e-9)]}})).moved
    assert move.path == "a.b[0]"
    assert compare(answered(before), answered({"a": {"b": [sign * value * (1 + 0.5e-9)]}})).moved == ()


@pytest.mark.parametrize(("before", "after"), [(0.0, 1e-300), (1.0, None), (None, 0.0), (True, False), (1, True)])
def test_kinds_that_differ_are_moves(before: float | bool | None, after: float | bool | None) -> None:
    assert compare(answered([before]), answered([after])).moved == (Move(path="[0]", before=before, after=after),)


def test_a_whole_number_and_the_same_one_with_a_point_are_one() -> None:
    assert compare(answered([2]), answered([2.0])) == Compared(same=1)


def test_texts_and_the_time_an_answer_took_are_not_compared() -> None:
    before, after = ({"x": 1.0, "said": said, "seconds": {"all": took}} for said, took in (("one", 0.1), ("two", 0.2)))
    assert compare(answered(before), answered(after)) == Compared(same=1)


def test_entries_of_a_list_are_found_again_by_name_and_else_by_place() -> None:
    before = {"figures": [{"name": "pue", "value": 1.1}], "days": [{"name": "a", "x": 1.0}, {"name": "a", "x": 2.0}]}
    after = {"figures": [{"name": "life", "value": 5.0}, {"name": "pue", "value": 1.1}], "days": before["days"]}
    assert compare(answered(before), answered(after)) == Compared(same=3, new=("figures[life].value",))
    assert dict(values(before["days"])) == {"[0].x": 1.0, "[1].x": 2.0}


def test_names_that_only_one_code_gives_are_told_and_not_compared() -> None:
    found = compare(answered({"mfu": 0.4, "days": 1.0}), answered({"mfu_share": 0.5, "days": 1.0}))
    assert found == Compared(same=1, gone=("mfu",), new=("mfu_share",))


def test_refusing_and_answering_is_a_move_and_refusing_otherwise_is_none() -> None:
    assert "no peak" in compare(answered({"x": 1}), refused("error: no peak")).turned
    assert "no peak" in compare(refused("error: no peak"), answered({"x": 1})).turned
    assert compare(refused("error: no peak"), refused("error: a peak is missing")) == Compared()


def test_a_question_the_code_before_does_not_know_is_not_compared() -> None:
    for before in (refused("Error: No such option: --pods"), refused("KeyError: 'pods'", code=1)):
        assert compare(before, answered({"x": 1})) == Compared(not_asked=before.said)


@pytest.mark.parametrize("after", [refused("Error: No such option: --pods"), refused("KeyError: 'pods'", code=1)])
def test_a_question_the_code_now_does_not_know_is_broken(after: Answer) -> None:
    found = {QUESTION: compare(answered({"x": 1}), after), "other": Compared(same=9)}
    assert found[QUESTION].broken == after.said
    assert "mend" in verdict(found, ["a reason"])


# what is said of it


def test_everything_is_counted() -> None:
    found = {
        QUESTION: Compared(same=3, moved=tuple(Move(path=path, before=2.0, after=to) for path, to in MOVED)),
        "new": Compared(not_asked="Error: No such command 'new'."),
        "other": Compared(same=1, gone=("a[0].b", "a[1].b"), new=("c",), turned="answered now, refused before: none"),
    }
    told = "\n".join(lines(found))
    assert told.startswith("3 questions, 6 numbers compared, 2 moved")
    assert "1 questions not comparable" in told
    assert "2 numbers not comparable, since only the code before gives them: a[].b ×2" in told
    assert "1 numbers not comparable, since only the code now gives them: c ×1" in told
    assert "other: answered now, refused before: none" in told
    assert f"{QUESTION}: usd: 2 -> 2.5 (+0.25); x: 2 -> 1.9 (-0.05)" in told


def test_a_move_needs_a_reason_and_nothing_else_does() -> None:
    moved: Mapping[str, Compared] = {QUESTION: Compared(moved=(Move(path="usd", before=2.0, after=2.5),))}
    turned = {QUESTION: Compared(same=1, turned="refused now, answered before: error: none")}
    for found in (moved, turned):
        assert verdict(found, ()) == WHAT_TO_DO
        assert verdict(found, ["power costs more"]) == ""
    assert verdict({QUESTION: Compared(same=1, new=("c",))}, ()) == ""


def test_nothing_comparable_is_a_failure() -> None:
    assert verdict({QUESTION: Compared(not_asked="Error: No such command 'tco'.")}, ["a reason"])


def test_reasons_are_the_entries_of_the_section() -> None:
    before = "## Unreleased\n### Added\n- a thing\n### Numbers that moved\n- One,\n  in two lines.\n"
    after = before.replace("- One", "- Two.\n- One") + "### Mended\n- another thing\n"
    assert new_reasons(before, after) == ("Two.",)
    assert new_reasons(before, before.replace("two lines", "more lines")) == ("One, in more lines.",)


def test_the_grid_is_broad_and_asks_nothing_twice() -> None:
    asked = [" ".join(question) for question in questions()]
    assert len(asked) >= 300
    assert len(set(asked)) == len(asked)
    kinds = {question.split()[0] for question in asked}
    assert kinds >= {"estimate", "search", "goodput", "tco", "multisite", "plan", "rental", "rent-or-own", "procure"}


# which code is compared


def test_two_codes_are_asked_each_its_own(tmp_path: Path) -> None:
    shutil.copytree(codes.ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    site = tmp_path / "src" / "tenfold" / "catalog" / "data" / "sites" / "us-texas.toml"
    site.write_text(site.read_text().replace('value = "$66/MWh"', 'value = "$60/MWh"'))
    asked = [tuple(question.split()) for question in (QUESTION, QUESTION.replace("us-texas", "france"), "tco --pods 3")]
    dearer, elsewhere, not_asked = map(compare, codes.answers(tmp_path, asked), codes.answers(codes.ROOT, asked))
    assert pytest.approx(1 - 60 / 66, rel=1e-12) in [move.share for move in dearer.moved]
    assert elsewhere.moved == ()
    assert elsewhere.same > 50
    assert "No such option: --pods" in not_asked.broken


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One commit on main."""
    root = tmp_path / "repository"
    (root / "src").mkdir(parents=True)
    monkeypatch.setattr(codes, "ROOT", root)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "first")
    return root


def git(root: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def commit(root: Path, text: str) -> str:
    (root / "src" / "code.py").write_text(text)
    (root / "CHANGELOG.md").write_text("")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", text)
    return git(root, "rev-parse", "HEAD")


def test_a_branch_is_compared_with_where_it_left_main(repository: Path) -> None:
    left = commit(repository, "second")
    git(repository, "checkout", "--quiet", "-b", "branch")
    commit(repository, "third")
    commit(repository, "fourth")
    assert codes.base() == left


def test_main_is_compared_with_the_commit_before_or_the_last_one_where_it_is_changed(repository: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    second = commit(repository, "second")
    assert codes.base() == first
    (repository / "src" / "code.py").write_text("not committed")
    assert codes.base() == second


def test_what_cannot_be_compared_says_why(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NothingToCompareError, match="no commit before"):
        codes.base()
    with pytest.raises(NothingToCompareError, match="no commit is called 'nonesuch'"):
        codes.named("nonesuch")
    commit(repository, "second")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", "shallow")
    monkeypatch.setattr(codes, "ROOT", tmp_path / "shallow")
    with pytest.raises(NothingToCompareError, match="shallow"):
        codes.base()
    monkeypatch.setattr(codes, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(NothingToCompareError, match="not a git repository"):
        codes.base()


def test_the_code_of_a_commit_is_taken_out_as_it_was(repository: Path, tmp_path: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    commit(repository, "second")
    codes.take_out(first, tmp_path / "out")
    assert (tmp_path / "out" / "src" / "code.py").read_text() == "first"
