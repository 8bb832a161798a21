"""What a stranger has to touch: one place, and everything else follows. Each change is made in a process of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import tenfold

SOURCE = Path(tenfold.__file__).parent


def run(code: str, folder: Path) -> Any:
    """Run code that prints JSON on its last line; a copy of the package in the folder comes first."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def changed(folder: Path, file: str, before: str, after: str) -> None:
    """Copy the package into a folder, with one change in one file."""
    shutil.copytree(SOURCE, folder / "tenfold", ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    place = folder / "tenfold" / file
    text = place.read_text(encoding="utf-8")
    assert text.count(before) == 1
    place.write_text(text.replace(before, after), encoding="utf-8")


def test_a_checkpoint_policy_is_a_function_and_its_row(tmp_path: Path) -> None:
    row = '"multi-tier": multi_tier}'
    changed(tmp_path, "reliability/checkpointing.py", row, '"multi-tier": multi_tier, "twice": blocking}')
    found = run(
        """
        import json
        import tenfold
        from typer.testing import CliRunner
        from tenfold.interfaces.cli.app import app

        help_text = CliRunner().invoke(app, ["goodput", "--help"]).stdout
        job = dict(chip="h100-sxm", chips=1024, replicas=20, write_s=60.0)
        mine, blocking = (tenfold.goodput(checkpointing=name, **job) for name in ("twice", "blocking"))
        compared = {row.checkpointing for row in mine.policies}
        demand = dict(chip="h100-sxm", chips=64, utilisation=0.6, horizon="1 year", parameters="70B")
        paid = {
            name: tenfold.rent_or_own(demand=demand | {"checkpointing": name}, supplies=["on-demand"])
            for name in ("twice", "blocking", "asynchronous")
        }
        usd = {name: each.supplies[0].present_value_usd.p50 for name, each in paid.items()}
        print(json.dumps([
            "twice" in help_text, mine.ettr.exact == blocking.ettr.exact, "twice" in compared,
            usd["twice"] == usd["blocking"], usd["twice"] != usd["asynchronous"],
        ]))
        """,
        tmp_path,
    )
    assert found == [True, True, True, True, True]


def test_a_field_of_a_chip_is_one_line_of_its_record(tmp_path: Path) -> None:
    overlay = tmp_path / "mine" / "chips"
    overlay.mkdir(parents=True)
    figure = '{ value = "3 kg", kind = "assumption", note = "weighed", as_of = "2026" }'
    (overlay / "h100-sxm.toml").write_text(f"[body]\nmass = {figure}\n", encoding="utf-8")
    before = '    process: Annotated[Figure | None, FigureIn("m"), Key("die.process")] = None\n'
    line = '    mass: Annotated[Figure | None, FigureIn("kg"), Key("body.mass")] = None\n'
    changed(tmp_path, "catalog/records.py", before, before + line)
    found = run(
        """
        import json
        from tenfold.catalog import json_schema, load_catalog
        from typer.testing import CliRunner
        from tenfold.interfaces.cli.app import app

        catalog = load_catalog(["mine"])
        body = json_schema("chip")["properties"]["body"]["properties"]["mass"]
        found = catalog.figure_of("chips/h100-sxm/body.mass")
        listed = CliRunner().invoke(app, ["catalog", "show", "h100-sxm", "--catalog", "mine", "--json"]).stdout
        print(json.dumps([found.value, found.unit, body["unit"], "body.mass" in listed]))
        """,
        tmp_path,
    )
    assert found == [3.0, "kg", "kg", True]


def test_a_question_is_four_files_and_a_row(tmp_path: Path) -> None:
    files = {
        "asked/wait/__init__.py": "",
        "asked/wait/question.py": '''
            from dataclasses import dataclass
            from typing import Annotated
            from tenfold.quantities.amounts import Amount, Whole


            @dataclass(frozen=True, slots=True, kw_only=True)
            class WaitQuestion:
                """How long does a job wait?"""

                chips: Annotated[int, Whole()] = 8
                """How many chips."""
                each_s: Annotated[float, Amount("s", above=0.0)] = 60.0
                """Wait for each."""
            ''',
        "asked/wait/answer.py": '''
            from dataclasses import dataclass
            from asked.wait.question import WaitQuestion
            from tenfold.quantities import Made, NamedFigure


            @dataclass(frozen=True, slots=True, kw_only=True)
            class WaitAnswer:
                """How long a job waits."""

                question: WaitQuestion
                made: Made
                wait_s: float
                notes: tuple[str, ...] = ()
                assumptions: tuple[NamedFigure, ...] = ()
                figures: tuple[NamedFigure, ...] = ()
            ''',
        "asked/wait/wait.py": """
            from asked.wait.answer import WaitAnswer


            def answer(question, catalog, *, seed=0, progress=None):
                wait = question.chips * question.each_s
                return WaitAnswer(question=question, made=catalog.made(seed), wait_s=wait)
            """,
        "report_of_wait.py": """
            from tenfold.reports.cards import Card
            from tenfold.reports.explain import Topic
            from tenfold.reports.report import Report

            TOPICS = {"wait_s": Topic(unit="s", words="chips × wait for each")}


            def verdict(answer):
                return f"{answer.question.chips} chips wait {answer.wait_s:g} s"


            def report(answer):
                card = Card(name="Wait", value=f"{answer.wait_s:g} s", path="wait_s")
                said = verdict(answer)
                return Report(title="Wait", question="?", verdict=said, good=True, made=answer.made, cards=(card,))
            """,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    (tmp_path / "asked" / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "wait.toml").write_text('question = "wait"\nchips = 4\neach = "2 min"\n', encoding="utf-8")
    found = run(
        """
        import json, sys
        sys.path.insert(0, ".")
        import tenfold.studies.questions as registry
        registry.QUESTIONS["wait"] = registry.Question("asked.wait", "How long a job waits.", "wait.toml")  # the row
        registry.NAME_OF_ADDRESS["wait"] = "wait"
        import report_of_wait
        sys.modules["tenfold.reports.wait"] = report_of_wait
        from typer.testing import CliRunner
        from tenfold.interfaces.cli.app import app

        def said(*args):
            done = CliRunner().invoke(app, list(args))
            assert done.exit_code == 0, done.output
            return done.stdout

        file = said("wait", "wait.toml", "--json")
        open("answer.json", "w").write(file)
        again = said("wait", "--question", "answer.json", "--json")
        options = json.loads(said("wait", "--chips", "3", "--each", "10s", "--json"))
        schema = json.loads(said("schema", "wait"))
        explained = json.loads(said("explain", "answer.json", "wait_s", "--json"))
        listed = json.loads(said("questions", "--json"))
        print(json.dumps([
            json.loads(file)["wait_s"], file == again, options["wait_s"], sorted(schema["properties"]),
            explained["words"], listed[-1]["name"], said("wait", "wait.toml").splitlines()[0],
        ]))
        """,
        tmp_path,
    )
    assert found == [
        480.0, True, 30.0, ["chips", "each"], "chips × wait for each", "wait", "4 chips wait 480 s"
    ]  # fmt: skip


def test_an_axis_stands_in_eight_files_and_its_row_and_in_the_dialects_that_speak_it() -> None:
    """Expert tensor parallelism: no other file of the code knows it by its name or its column."""
    words = re.compile(r"\b(etp|expert_tensor_parallel|expert_tensor)\b")
    named = {
        path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if words.search(path.read_text("utf-8"))
    }
    dialects = {path for path in named if path.startswith("performance/dialects/")}
    assert dialects == {f"performance/dialects/{name}.py" for name in ("megatron/flags", "bridge", "nemo")}
    assert "performance/layout/layout.py" in named
    assert len(named - dialects) <= 8 + 1, sorted(named - dialects)
