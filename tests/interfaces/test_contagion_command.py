"""``tenfold contagion`` as a user types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed_commands import tenfold

EXAMPLE = Path(__file__).parents[2] / "examples" / "contagion.toml"


def test_without_a_file_the_deals_of_the_catalog_are_asked() -> None:
    answer = tenfold("contagion", "--full")
    assert answer.code == 0
    first, _, rest = answer.stdout.partition("\n")
    assert first.startswith("Who finances whom, 2027: a revenue miss of everybody of ")
    for part in ("The answer assumes", "Scenarios and draws are questions", "NVIDIA → CoreWeave", "backstop",
                 "a letter of intent binds nobody", "Smallest shock that breaks a second firm", "Sources"):  # fmt: skip
        assert part in rest, part
    assert "catalog" in answer.stdout.rstrip().splitlines()[-1]


def test_json_holds_everything_the_tables_say() -> None:
    data = tenfold("contagion", EXAMPLE, "--json", "--seed", "3").data
    assert data["made"]["seed"] == 3
    assert data["made"]["tenfold"]
    assert data["made"]["catalog"]
    assert {"assumptions", "players", "edges", "left_out", "circularity", "scenarios", "drawn", "breaking_points",
            "figures", "notes"} <= data.keys()  # fmt: skip
    assert {one["method"] for one in data["scenarios"][0]["cleared"]} == {"eisenberg-noe", "rogers-veraart"}
    assert data["drawn"]["count"] == 2000
    assert tenfold("contagion", EXAMPLE, "--json", "--seed", "3").data == data


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("network = 'given'", "edges: there is no edge"),
        ("year = 2027\nnetwork = 'defualt'", "network: unknown network 'defualt': did you mean 'default'?"),
        ("year = 2027\nnetwork = 'default'\nsede = 1", "sede: unknown key"),
        ("year = [", "is no TOML"),
    ],
)
def test_broken_files_exit_with_2(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "net.toml"
    file.write_text(text)
    answer = tenfold("contagion", file, "--json")
    assert (answer.code, answer.stdout) == (2, "")
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_missing_file_and_a_wild_seed_exit_with_2(tmp_path: Path) -> None:
    assert "no such file" in tenfold("contagion", tmp_path / "none.toml").stderr
    answer = tenfold("contagion", "--seed", "-1")
    assert (answer.code, answer.stderr) == (2, "error: --seed: '-1' is too small. Give a whole number from 0 to "
                                               "9,223,372,036,854,775,807\n")  # fmt: skip


def test_an_overlay_changes_the_answer(tmp_path: Path) -> None:
    (tmp_path / "players").mkdir()
    figure = 'value = "$500B"\nkind = "assumption"\nsource = "assumption-contagion"\nas_of = "2026-11"\nnote = "if"\n'
    (tmp_path / "players" / "openai.toml").write_text(f"[cash]\n{figure}")
    changed = tenfold("contagion", "--json", "--catalog", tmp_path).data
    books = {player["key"]: player for player in changed["players"]}
    assert books["openai"]["cash_usd"] == 5e11
    assert books["openai"]["funding_usd"] == 0
    assert changed["made"]["overrides"]


def test_the_schema_of_the_file_is_printed() -> None:
    schema = tenfold("schema", "contagion").data
    assert {"year", "players", "edges", "scenarios", "draws"} <= schema["properties"].keys()
