"""The reasons that the changelog gives for numbers that moved."""

from __future__ import annotations

SECTION = "### Numbers that moved"


def reasons(text: str) -> tuple[str, ...]:
    """Entries of every section of numbers that moved, each on one line."""
    found: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith("#"):
            inside = line.strip() == SECTION
        elif inside and line.startswith("- "):
            found.append(line[2:].strip())
        elif inside and line.strip() and found:
            found[-1] = f"{found[-1]} {line.strip()}"
    return tuple(found)


def new_reasons(before: str, after: str) -> tuple[str, ...]:
    """Entries of a changelog that the one before does not have."""
    known = frozenset(reasons(before))
    return tuple(reason for reason in reasons(after) if reason not in known)
