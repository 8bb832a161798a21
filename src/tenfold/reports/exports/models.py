"""A serving plan of several models as a plan of each, and their files side by side, a folder each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tenfold.reports.exports.plan_values import PlanValues
from tenfold.reports.exports.served import Files, Served

Plan = Mapping[str, Any]


def plans_alone(plan: Plan, file: str) -> Mapping[str, Plan]:
    """The plan of each model by a name of its own, in their order: the one that was asked first, then ``more``.

    A model that is served twice is numbered. Raises ``InputError`` where what was planned is not what was asked.
    """
    top = PlanValues(file=file, tree=plan, at="")
    more, asked = _list(top, "more"), _list(top, "question.more")
    if len(more) != len(asked):
        raise top.refuse("more", f"has {len(more)} plans for {len(asked)} models")
    question = plan["question"]
    alone = [{**plan, "more": []}]
    for found, service in zip(more, asked, strict=True):
        goal = {**question["goal"], "service": service}
        alone.append({**plan, **found, "more": [], "question": {**question, "goal": goal, "more": []}})
    return dict(zip(_names(alone, file), alone, strict=True))


def _list(top: PlanValues, key: str) -> Sequence[Plan]:
    found = top.value(key) or []
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise top.refuse(key, "is no list of models")
    return found


def _names(alone: Sequence[Plan], file: str) -> list[str]:
    """Models as names of folders, numbered where one is served more than once."""
    models = [PlanValues(file=file, tree=each, at="question.goal.service").text("model") for each in alone]
    slugs = [re.sub(r"[^a-z0-9]+", "-", each.lower())[-40:].strip("-") or "service" for each in models]
    counts, seen = Counter(slugs), Counter[str]()
    names = []
    for slug in slugs:
        seen[slug] += 1
        names.append(f"{slug}-{seen[slug]}" if counts[slug] > 1 else slug)
    return names


def files_of_models(served: Sequence[Served], write: Callable[[Served], Files]) -> Files:
    """Write every model's files; where there are several, each in a folder of its name."""
    if len(served) == 1:
        return write(served[0])
    return {f"{each.name}/{name}": text for each in served for name, text in write(each).items()}
