"""``tenfold procure`` as typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed_commands import tenfold

EXAMPLE = Path(__file__).parents[2] / "examples" / "procure.toml"


def test_tables_and_json_of_the_example() -> None:
    shown = tenfold("procure", EXAMPLE)
    assert shown.code == 0
    for said in ("Order now", "Can wait", "Cost against risk", "one more MW", "regret", "US dollars of 2027, nominal"):
        assert said in shown.stdout.replace("\n", " "), said
    data = tenfold("procure", EXAMPLE, "--json").data
    assert data["money"] == "nominal"
    assert data["money_year"] == 2027
    assert data["made"]["seed"] == 1
    assert {"frontier", "shadow_prices", "scenarios", "power", "service", "workload_fits"} <= data.keys()


@pytest.mark.parametrize(
    "wrong", [("--gap", "2"), ("--time-limit", "-1"), ("--seed", "-1"), ("--gap", "nan"), ("--time-limit", "nan")]
)
def test_numbers_that_make_no_sense_are_refused(wrong: tuple[str, str]) -> None:
    answer = tenfold("procure", EXAMPLE, *wrong)
    assert answer.code == 2
    assert wrong[0] in answer.stderr


def test_a_file_that_is_not_there_exits_with_two(tmp_path: Path) -> None:
    assert tenfold("procure", tmp_path / "none.toml").code == 2
