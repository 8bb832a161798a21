"""Did predictions move? ``uv run python moved/predictions.py [--against COMMIT]``.

Asks the code of a commit (where this branch left main; on main the commit before) and the code now the same questions,
and says every number that moved by more than 1e-9 of itself. Fails where something moved and CHANGELOG.md says nothing
new under "Numbers that moved". What only one of the two codes gives is counted, and not compared.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

import codes
from changelog import new_reasons
from codes import NothingToCompareError
from grid import questions
from moves import Compared, compare

SHOWN_QUESTIONS, SHOWN_NUMBERS, SHOWN_NAMES = 30, 3, 10
WHAT_TO_DO = (
    "Predictions moved, and CHANGELOG.md gives no new reason. Where that was meant, say under 'Numbers that moved' "
    "what moved, by how much and why; where not, it is a fault."
)
Comparisons = Mapping[str, Compared]
"""By question."""


def compared(before: Path, after: Path) -> Comparisons:
    """Ask the codes below two folders, at the same time, every question."""
    asked = tuple(questions())
    with ThreadPoolExecutor(2) as both:
        old, now = both.map(partial(codes.answers, questions=asked), (before, after))
    return {" ".join(question): compare(*each) for question, *each in zip(asked, old, now, strict=True)}


def lines(found: Comparisons) -> Iterator[str]:
    """What is to be said of a comparison."""
    every = found.values()
    same, moved = sum(one.same for one in every), sum(len(one.moved) for one in every)
    yield f"{len(found):,} questions, {same + moved:,} numbers compared, {moved:,} moved"
    yield from _told("questions fail or are not understood now", found, lambda one: one.broken)
    yield from _told("questions not comparable, since the code before fails or does not understand them", found,
                     lambda one: one.not_asked)  # fmt: skip
    yield from _names("numbers not comparable, since only the code before gives them", (one.gone for one in every))
    yield from _names("numbers not comparable, since only the code now gives them", (one.new for one in every))
    yield from _told("questions that one code answers and the other refuses", found, lambda one: one.turned)
    yield from _told("questions with numbers that moved", found, _largest)


def verdict(found: Comparisons, given: Sequence[str]) -> str:
    """Why the comparison fails; empty where it does not. ``given`` are the new reasons of the changelog."""
    if any(one.broken for one in found.values()):
        return "The grid in moved/grid.py asks what this code does not answer: mend one of them."
    if not any(one.same or one.moved for one in found.values()):
        return "Nothing could be compared."
    if not given and any(one.moved or one.turned for one in found.values()):
        return WHAT_TO_DO
    return ""


def _told(what: str, found: Comparisons, say: Callable[[Compared], str]) -> Iterator[str]:
    """How many questions there is something to say of, and the first of them."""
    told = {question: text for question, one in found.items() if (text := say(one))}
    if told:
        yield f"{len(told):,} {what}:"
        yield from (f"    {name}: {text}" for name, text in islice(told.items(), SHOWN_QUESTIONS))
    if len(told) > SHOWN_QUESTIONS:
        yield f"    … and {len(told) - SHOWN_QUESTIONS:,} more"


def _names(what: str, paths: Iterable[Sequence[str]]) -> Iterator[str]:
    """How many numbers have no partner, by their names without the entries of lists."""
    count = Counter(re.sub(r"\[[^]]*\]", "[]", path) for each in paths for path in each)
    if count:
        shown = ", ".join(f"{name} ×{times}" for name, times in count.most_common(SHOWN_NAMES))
        yield f"{count.total():,} {what}: {shown}{', …' if len(count) > SHOWN_NAMES else ''}"


def _largest(one: Compared) -> str:
    """The largest moves of a question."""
    first = sorted(one.moved, key=lambda move: -move.share)[:SHOWN_NUMBERS]
    more = f"; and {len(one.moved) - len(first):,} more" if len(one.moved) > len(first) else ""
    return "; ".join(map(str, first)) + more


def main() -> int:
    """Compare, print, and give the exit code."""
    parser = argparse.ArgumentParser(description="Say which predictions moved against an earlier commit.")
    parser.add_argument("--against", metavar="COMMIT", help="where main was left, or the commit before, unless given")
    against: str | None = parser.parse_args().against
    try:
        commit = codes.base() if against is None else codes.named(against)
    except NothingToCompareError as why:
        print(f"nothing compared: {why}")
        return 0 if against is None else 2
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder)
        codes.take_out(commit, before)
        found = compared(before, codes.ROOT)
        logs = [(root / "CHANGELOG.md").read_text(encoding="utf-8") for root in (before, codes.ROOT)]
    given = new_reasons(*logs)
    print(f"against {commit[:12]}: ", end="")
    print(*lines(found), *(f"reason given: {reason}" for reason in given), sep="\n")
    failure = verdict(found, given)
    print(failure or "nothing moved without a reason")
    return 1 if failure else 0


if __name__ == "__main__":
    sys.exit(main())
