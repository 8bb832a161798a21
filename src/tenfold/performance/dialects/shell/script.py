"""A script, followed: what each variable is, which branches are taken, and the words of every command that runs.

Nothing is executed. Where a branch depends on what nobody sets, no branch is taken, what each would have assigned is
unknown, and the commands in it are kept apart, so that a flag that matters is asked for and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from tenfold.performance.dialects.shell.statements import (
    Block,
    Branch,
    Choice,
    Command,
    Function,
    Loop,
    Statement,
    statements_of,
)
from tenfold.performance.dialects.shell.tests import Outcome, is_test, joined, outcome_of
from tenfold.performance.dialects.shell.values import Values, unknown, unknowns_in, unpacked
from tenfold.performance.dialects.shell.words import Word, plain, tokens_of
from tenfold.quantities import InputError, Problem

ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:\[[^\]]*\])?(\+?)=(.*)", re.DOTALL)
SILENT = frozenset(("echo", "printf", "cat", "sed", "grep", "awk", "git", "pip", "mkdir", "rm", "cp", "mv", "ls", "cd",
                    "source", ".", "apt-get", "docker", "wget", "curl", "sleep", "exit", "shift", "set", "trap",
                    "ulimit", "module", "conda", "tee", "scp", "ssh-keygen", "nvidia-smi", "read"))  # fmt: skip
"""Commands whose flags are not those of a training run."""
MOST_STATEMENTS = 200_000
MOST_CALLS = 40


@dataclass(frozen=True, slots=True)
class Ran:
    """Words of a command, and what it depends on whether it runs; nothing where it does."""

    words: tuple[str, ...]
    if_known: tuple[str, ...] = ()


@dataclass(slots=True)
class Script:
    """Where a script stands while it is followed."""

    values: Values
    functions: dict[str, Block] = field(default_factory=dict)
    ran: list[Ran] = field(default_factory=list)
    assigned: list[tuple[str, str]] = field(default_factory=list)
    """Names and texts as they were assigned."""
    steps: int = 0
    calls: int = 0

    def follow(self, block: Iterable[Statement], if_known: tuple[str, ...] = ()) -> Outcome:
        """Follow statements; gives the outcome of the last command."""
        last = Outcome(None)
        for statement in block:
            self.steps += 1
            if self.steps > MOST_STATEMENTS:
                wrong = f"following it takes more than {MOST_STATEMENTS:,} steps"
                raise InputError(Problem(file=self.values.file, key="", wrong=wrong, remedy="Write out the flags"))
            match statement:
                case Command():
                    last = self._command(statement, last, if_known)
                case Branch():
                    self._branch(statement, if_known)
                case Choice():
                    self._choice(statement, if_known)
                case Loop():
                    self._loop(statement, if_known)
                case Function():
                    self.functions[statement.name] = statement.body
        return last

    def _command(self, command: Command, last: Outcome, if_known: tuple[str, ...]) -> Outcome:
        depends = if_known
        if command.after:
            wanted = command.after == "&&"
            if last.holds is (not wanted):
                return last
            depends = if_known if last.holds is not None else (*if_known, *last.names)
        words = command.words
        if words and plain(words[0]) == "!":
            return self._command(Command(words[1:]), Outcome(None), depends).negated()
        if is_test(words):
            outcome = outcome_of(words, self.values)
            return joined(last, command.after, outcome) if command.after else outcome
        self._run(words, depends)
        return Outcome(None)

    def _run(self, words: tuple[Word, ...], if_known: tuple[str, ...]) -> None:
        if words and plain(words[0]) in ("export", "declare", "local", "readonly", "typeset"):
            words = tuple(word for word in words[1:] if not plain(word).startswith("-"))
        at = 0
        while at < len(words) and (assigned := self._assignment(words[at])) is not None:
            self._assign(*assigned, if_known)
            at += 1
        filled = [text for word in words[at:] for text in self.values.words(word)]
        if not filled or filled[0] in SILENT:
            return
        if filled[0] in self.functions and self.calls < MOST_CALLS:
            self._call(self.functions[filled[0]], filled[1:], if_known)
            return
        spread = tuple(each for text in filled for each in unpacked(text, self.values.file))
        self.ran.append(Ran(spread, if_known))

    def _call(self, body: Block, arguments: list[str], if_known: tuple[str, ...]) -> None:
        before, self.values.arguments = self.values.arguments, arguments
        self.calls += 1
        self.follow(body, if_known)
        self.calls -= 1
        self.values.arguments = before

    def _assignment(self, word: Word) -> tuple[str, str, Word] | None:
        """Name, sign and value of an assignment; None for another word."""
        found = ASSIGNMENT.fullmatch(plain(word)) if word and word[0].mode == "plain" else None
        if found is None or "=" not in word[0].text:
            return None
        first = word[0].text.partition("=")[2]
        rest = (type(word[0])(first, "plain"), *word[1:]) if first else word[1:]
        return found[1], found[2], rest

    def _assign(self, name: str, sign: str, value: Word, if_known: tuple[str, ...]) -> None:
        whole = plain(value)
        if if_known:
            for each in if_known:
                self.values.set(name, unknown(each))
            return
        if whole.startswith("(") and whole.endswith(")"):
            entries = [each for text in self.values.array(whole[1:-1]) for each in unpacked(text, self.values.file)]
            kept = self.values.arrays.get(name, []) if sign else []
            self.values.arrays[name] = [*kept, *entries]
            self.values.texts.pop(name, None)
            self.assigned.append((name, " ".join(entries)))
            return
        text = self.values.text(value)
        if len(names := unknowns_in(text)) == 1 and text == unknown(names[0]) and names[0].isdecimal():
            text = unknown(name)  # an argument of the script is given by the name it goes by
        if sign and name in self.values.arrays:
            self.values.arrays[name].append(text)
        else:
            known = self.values.texts.get(name, "") if sign else ""
            self.values.budget.add(len(text))
            self.values.set(name, known + text)
        self.assigned.append((name, text))

    def _branch(self, branch: Branch, if_known: tuple[str, ...]) -> None:
        for condition, body in branch.cases:
            outcome = self.follow(condition, if_known)
            if outcome.holds:
                self.follow(body, if_known)
                return
            if outcome.holds is None:
                self._undecided(outcome, [body for _, body in branch.cases] + [branch.otherwise], if_known)
                return
        self.follow(branch.otherwise, if_known)

    def _undecided(self, outcome: Outcome, bodies: Iterable[Block], if_known: tuple[str, ...]) -> None:
        """Nobody knows which of the bodies runs: of the machine's own affairs none does."""
        if not outcome.names:
            return
        for body in bodies:
            self.follow(body, (*if_known, *outcome.names))

    def _choice(self, choice: Choice, if_known: tuple[str, ...]) -> None:
        text = self.values.text(choice.word)
        if names := unknowns_in(text):
            self._undecided(Outcome(None, names), [body for _, body in choice.cases], if_known)
            return
        for patterns, body in choice.cases:
            if any(fnmatchcase(text, pattern[:200]) for pattern in patterns[:50]):
                self.follow(body, if_known)
                return

    def _loop(self, loop: Loop, if_known: tuple[str, ...]) -> None:
        """A loop over one value runs once; which turn of another is meant, its name has to say."""
        if not loop.name:
            return
        values = [text for word in loop.values for text in self.values.words(word)]
        if loop.name not in self.values.given:
            self.values.set(loop.name, values[0] if len(values) == 1 else unknown(loop.name))
        self.follow(loop.body, if_known)


def follow(text: str, file: str, given: Mapping[str, str]) -> Script:
    """Follow a script with some variables given. Raises ``InputError`` for quotes that do not close, and for bombs."""
    script = Script(Values(file=file, given=given))
    script.follow(statements_of(tuple(tokens_of(text, file)), file))
    return script
