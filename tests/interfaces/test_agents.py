"""Tools for agents: one of every question, explaining and searching; what is wrong is told, never raised."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from tenfold.interfaces.web import agents, work
from tenfold.interfaces.web.work import Done, Job
from tenfold.studies import QUESTIONS, BusyError, TooMuchWorkError, WorkFault

TREE = {"chip": "h100-sxm", "site": "us-texas"}


class Here:
    """A lane that does its jobs in this process, or raises."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble

    async def run(self, job: Job) -> Done:
        if self.trouble is not None:
            raise self.trouble
        return work.do(job)


@pytest.fixture(autouse=True)
def unconfined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "is_confined", lambda: True)  # this process goes on to other tests


def called(tool: str, given: Mapping[str, object], trouble: Exception | None = None) -> tuple[Any, bool]:
    lane: Any = Here(trouble)
    found, wrong = asyncio.run(agents.call(lane, tool, given, ()))
    return json.loads(json.dumps(found, allow_nan=False)), wrong


def test_a_question_is_a_tool_with_its_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agents, "QUESTIONS", {name: QUESTIONS[name] for name in ("tco", "plan serve")})  # as quick
    found = {each["name"]: each for each in agents.tools()}
    assert [*found] == ["tco", "plan_serve", "explain", "catalog_search", "catalog_show"]
    assert all(each["description"] and each["schema"]["type"] == "object" for each in found.values())
    assert "chip" in found["tco"]["schema"]["properties"]


def test_a_question_is_answered_with_ranges_and_sources_and_its_numbers_are_followed() -> None:
    answer, wrong = called("tco", TREE)
    assert not wrong
    assert answer["verdict"]
    ranged = next(each for each in answer["numbers"] if each["p10"] and each["path"])
    assert answer["sources"]
    assert all(each["title"] and each["kind"] for each in answer["sources"])
    followed, wrong = called("explain", {"question": "tco", "record": TREE, "number": ranged["path"]})
    assert not wrong
    assert followed["terms"] or followed["figures"]


def test_the_catalog_is_searched_and_shown() -> None:
    assert "chips/h100-sxm" in called("catalog_search", {"text": "h100 sxm"})[0]
    shown, wrong = called("catalog_show", {"name": "h100-sxm"})
    assert not wrong
    assert "h100" in json.dumps(shown).lower()


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("nonesuch", {}, "is no tool"),
        ("explain", {"question": "tco"}, "lacks its arguments"),
        ("tco", {"chip": "nonesuch", "site": 7}, "nonesuch"),
        ("catalog_show", {"name": "nonesuch"}, "nonesuch"),
    ],
)
def test_what_is_wrong_is_told(tool: str, given: dict[str, object], said: str) -> None:
    found, wrong = called(tool, given)
    assert wrong
    assert said in json.dumps(found)


@pytest.mark.parametrize("trouble", [TooMuchWorkError("needs more"), BusyError("too many"), WorkFault("E: x\nplace")])
def test_what_cannot_be_done_now_is_told(trouble: Exception) -> None:
    found, wrong = called("tco", TREE, trouble)
    assert wrong
    assert str(trouble).splitlines()[0] in found["detail"]
    assert "place" not in found["detail"]
