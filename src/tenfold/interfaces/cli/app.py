"""The commands of ``tenfold``: names and one line each. A command's own code is imported when it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from tenfold.interfaces.cli.failures import CatchingGroup
from tenfold.studies import QUESTIONS

SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@dataclass(frozen=True, slots=True)
class Command:
    """A command that asks no question: where its function is, and its one line."""

    place: str
    """``module:function`` below this package."""
    summary: str


COMMANDS: Mapping[str, Command] = {
    "web": Command("web:web", "Open every question as a page in a browser."),
    "mcp": Command("mcp:mcp", "Serve every question as a tool for agents."),
    "sweep": Command("sweep:sweep", "Answer a question at many points, kept as a study."),
    "studies list": Command("studies:list_studies", "List the studies that are kept."),
    "studies show": Command("studies:show", "Show a study and its cells."),
    "studies resume": Command("studies:resume", "Do what is left of a study."),
    "studies export": Command("studies:export", "Write a study as Parquet, CSV or JSON."),
    "studies import": Command("studies:import_file", "Add a study that was exported."),
    "studies delete": Command("studies:delete", "Take a study away."),
    "questions": Command("questions:list_questions", "List what can be asked."),
    "init": Command("init:init", "Write a file to start from, for any question."),
    "explain": Command("explain:explain", "Follow a number of an answer to its terms and sources."),
    "diff": Command("diff:diff", "Say which inputs and figures moved an answer."),
    "export": Command("export:export", "Write a plan as files that another tool launches."),
    "schema": Command("schema:schema", "Print the JSON schema of a file or an answer."),
    "catalog list": Command("catalog:list_things", "List what is known of a kind."),
    "catalog show": Command("catalog:show_thing", "Show one thing with every figure and its source."),
    "catalog sources": Command("catalog:list_sources", "List the documents that figures are from."),
    "prices import": Command("prices:import_prices", "Add price lists to the price store."),
    "measure": Command("measure:measure", "Measure the chip of this machine, for plans that use it."),
    "measurements read": Command("measurements:read_measurements", "Read logs as runs, or as figures of fabrics."),
}
GROUPS: Mapping[str, str] = {
    "estimate": "Estimate one cluster: time, throughput, memory.",
    "search": "Search every layout of a cluster.",
    "validate": "Compare predictions with what was measured.",
    "calibrate": "Fit constants to what was measured.",
    "catalog": "Look at what is known, and where it is from.",
    "fleet": "Share a fleet: replay, compare, submit, size.",
    "prices": "Keep prices, and look at them over time.",
    "measurements": "Read logs as measurements.",
    "studies": "Look at sweeps that are kept.",
}
"""First words that are no commands themselves, and what stands below them."""


def command_names() -> tuple[str, ...]:
    """Every command, the questions first."""
    return (*QUESTIONS, *COMMANDS)


class LateCommand(typer.core.TyperCommand):
    """A name and one line, until it is called: then the command is made from its function or its question."""

    @cached_property
    def real(self) -> Any:  # noqa: ANN401  (typer's own kind of command)
        """The command itself."""
        name = self.name or ""
        one = typer.Typer(rich_markup_mode=None, context_settings=SETTINGS, add_completion=False)
        one.command(name.rpartition(" ")[2], short_help=self.short_help)(function_of(name))
        return get_command(one)

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401
        """Hand over to the command itself."""
        return self.real.make_context(info_name, args, parent=parent, **extra)


def function_of(name: str) -> Callable[..., None]:
    """Give the function behind a command."""
    if name in QUESTIONS:
        from tenfold.interfaces.cli.command import command_of

        return command_of(name)
    module, _, function = COMMANDS[name].place.partition(":")
    found: Callable[..., None] = getattr(import_module(f"tenfold.interfaces.cli.{module}"), function)
    return found


def late(name: str) -> LateCommand:
    """Make the place holder of a command."""
    summary = QUESTIONS[name].summary if name in QUESTIONS else COMMANDS[name].summary
    return LateCommand(name, help=summary, short_help=summary, rich_markup_mode=None)


class Commands(CatchingGroup):
    """The top: a command is found by its longest name, so ``goodput`` and ``goodput fit`` are both commands."""

    def __init__(self, **attrs: Any) -> None:  # noqa: ANN401
        """Hold every command by its name and line, so that the nearest can be named for a slip."""
        super().__init__(**attrs)
        self.commands = {name: self.get_command(None, name) for name in self.list_commands(None)}

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401
        """First words, in the order of the tables."""
        return list(dict.fromkeys(name.partition(" ")[0] for name in command_names()))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401
        """Command of this name, or the group of those that begin with it."""
        if cmd_name in QUESTIONS or cmd_name in COMMANDS:
            return late(cmd_name)
        below: dict[str, Any] = {
            name.partition(" ")[2]: late(name) for name in command_names() if name.startswith(f"{cmd_name} ")
        }
        if not below:
            return None
        return TyperGroup(
            name=cmd_name,
            commands=below,
            help=GROUPS[cmd_name],
            short_help=GROUPS[cmd_name],
            no_args_is_help=True,
            rich_markup_mode=None,
            context_settings=SETTINGS,
        )

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401
        """Take the longest name that the words begin with."""
        longest = " ".join(args[:2])
        if len(args) > 1 and (longest in QUESTIONS or longest in COMMANDS):
            return longest, late(longest), args[2:]
        return super().resolve_command(ctx, args)


def _version(asked: bool) -> None:
    if asked:
        from tenfold.quantities import VERSION

        typer.echo(f"tenfold {VERSION}")
        raise typer.Exit


app = typer.Typer(
    cls=Commands,
    help="Plans AI compute, from the chip's roofline to the balance sheet.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=SETTINGS,
)


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Plans AI compute, from the chip's roofline to the balance sheet."""
