"""The pages say what the code does: reference up to date, links that lead somewhere, commands and terms that exist."""

from __future__ import annotations

import importlib
import re
import runpy
import shlex
from pathlib import Path
from typing import Any

import pytest
from typed_commands import tenfold

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"(?:^\$ |`)(?:uv run )?(tenfold [a-z][^`\n]*)", re.MULTILINE)
PLAIN = {"AI", "CSV"}
"""Words in capitals that are no terms of the field."""


@pytest.fixture(scope="module")
def generator() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "generate_reference.py"))


@pytest.mark.parametrize("name", ["cli.md", "files.md", "python.md"])
def test_the_reference_is_up_to_date(generator: dict[str, Any], name: str) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert generator["pages"]()[name] == written, "run: uv run python docs/generate_reference.py"


def test_an_outdated_excerpt_of_the_readme_is_replaced_and_nothing_else(generator: dict[str, Any]) -> None:
    start, end = generator["START"], generator["END"]
    renewed = generator["readme"](f"before\n{start}\nold\n{end}\nafter\n")
    assert renewed.startswith(f"before\n{start}\n```text\n")
    assert "likely to keep deadline and budget" in " ".join(renewed.split())
    assert renewed.endswith(f"```\n{end}\nafter\n")
    assert "\nold\n" not in renewed


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_commands_in_pages_exist(page: Path) -> None:
    for command in COMMAND.findall(page.read_text(encoding="utf-8")):
        words = shlex.split(command.replace("\\", " "), comments=True)[1:]
        names: list[str] = []
        for word in words:
            if not re.fullmatch(r"[a-z]+(-[a-z]+)*", word) or len(names) == 2:
                break
            names.append(word)
        shown = tenfold(*names, "--help")
        if shown.code != 0 or (len(names) == 2 and names[0] in {"plan", "init", "explain", "schema"}):
            names = names[:1]
            shown = tenfold(*names, "--help")
        assert shown.code == 0, command
        options = [word.partition("=")[0] for word in words if word.startswith("--")]
        assert [option for option in options if option not in shown.stdout and option != "--version"] == [], command


def test_the_first_screen_of_the_readme_is_the_two_commands() -> None:
    first = [line.strip() for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.strip()]
    assert first[1] == "pip install uv && uv run tenfold plan examples/llama3-405b.toml"
    assert first[2] == "uv run pytest"
    assert (ROOT / "examples" / "llama3-405b.toml").is_file()


def test_terms_in_the_pages_are_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    known = set(re.findall(r"[A-Z][A-Za-z0-9]*[A-Z0-9]", glossary)) | PLAIN
    for page in [
        *ROOT.glob("docs/explanation/*.md"),
        *ROOT.glob("docs/how-to/*.md"),
        *ROOT.glob("docs/tutorials/*.md"),
    ]:
        text = re.sub(
            r"```.*?```|`[^`]*`|^    .*$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
        )
        used = set(re.findall(r"\b[A-Z]{2,5}\b", text))
        assert used - known == set(), page.name


def test_a_broken_example_is_found_with_its_line(tmp_path: Path) -> None:
    runner = runpy.run_path(str(ROOT / "examples" / "run_all.py"))
    page = tmp_path / "page.md"
    page.write_text("text\n\n```console\n$ tenfold catalog list\n$ tenfold catalog show h1000\nout\n```\n")
    (block,) = runner["blocks_of"](page)
    assert block.line == 3
    commands = list(runner["commands_in"](block))
    assert commands == [(4, "tenfold catalog list"), (5, "tenfold catalog show h1000")]
    with pytest.raises(runner["ExampleError"], match="did you mean 'h100-sxm'"):
        runner["run_command"](commands[1][1])


# names in the pages for those who change the code

SOURCE = ROOT / "src" / "tenfold"
ROOMS = "|".join(sorted(path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file()))
DOTTED, SLASHED = rf"(?:{ROOMS})(?:\.[A-Za-z_]\w*)+", rf"(?:{ROOMS})(?:/\w+)+(?:\.py)?"
NAME = re.compile(rf"(?<![\w./\-])(?:tenfold[./])?({DOTTED}|{SLASHED})(?!\w|-)")
"""``room.module.name`` and ``room/module``; a part in capitals, as in ``planning/NAME/question``, stands for any."""
NAMING = [*sorted(ROOT.glob("docs/decisions/*.md")), ROOT / "docs" / "how-to" / "change-tenfold.md"]


def is_in_the_code(name: str) -> bool:
    """Tell whether a module, a name of one, or a file or folder of the source is called so."""
    if "/" in name:
        sure = re.split(r"/[A-Z]{2,}\b", name)[0]
        return (SOURCE / sure).exists() or (SOURCE / f"{sure}.py").is_file()
    parts = name.split(".")
    for known in range(len(parts), 0, -1):
        module = ".".join(("tenfold", *parts[:known]))
        if (SOURCE.joinpath(*parts[:known]).with_suffix(".py")).is_file() or SOURCE.joinpath(*parts[:known]).is_dir():
            found: object = importlib.import_module(module)
            for part in parts[known:]:
                found = getattr(found, part, None)
            return found is not None
    return False


@pytest.mark.parametrize("page", NAMING, ids=[page.name for page in NAMING])
def test_the_modules_that_a_page_names_exist(page: Path) -> None:
    named = set(NAME.findall(page.read_text(encoding="utf-8")))
    assert sorted(name for name in named if not is_in_the_code(name)) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("`planning.goal_file.read_goal(path)`", ["planning.goal_file.read_goal"]),
        ("tenfold.catalog.store, and reports/pages/x.py.", ["catalog.store", "reports/pages/x.py"]),
        ("`catalog/data/hazards/<family>.toml`, sites. `sites/*.toml`", ["catalog/data/hazards"]),
        ("planning/NAME/question.py, docs/reports/x, my-sites.csv", ["planning/NAME/question.py"]),
    ],
)
def test_names_of_modules_are_found_in_a_text(text: str, names: list[str]) -> None:
    assert NAME.findall(text) == names


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("catalog.store.Store.path", True),
        ("catalog.store.Shop", False),
        ("catalog.nonesuch", False),
        ("catalog/store", True),
        ("catalog/store/making.py", True),
        ("catalog/price_store", False),
        ("planning/NAME/question.py", True),
    ],
)
def test_names_are_held_to_the_code(name: str, there: bool) -> None:
    assert is_in_the_code(name) is there
