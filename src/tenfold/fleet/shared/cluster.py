"""What is left of nodes and of each of their chips, in thousandths of a chip and of a core."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Flags, Integers

WHOLE = 1000
"""Thousandths of a chip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a task asks for; ``milli`` of each of ``count`` chips."""

    cpu_milli: int
    memory_mib: int
    count: int
    milli: int

    @property
    def total(self) -> int:
        """Thousandths of chips in all."""
        return self.count * self.milli

    @property
    def part(self) -> bool:
        """Whether it takes part of one chip."""
        return self.count == 1 and self.milli < WHOLE


class Cluster:
    """Nodes with something on them; chips that a node has not are as full ones."""

    def __init__(self, cpu_milli: Integers, memory_mib: Integers, chips: Integers) -> None:
        self.chips = chips
        self.cpu = cpu_milli.copy()
        self.memory = memory_mib.copy()
        most = int(chips.max())
        self.left = np.where(np.arange(most)[None, :] < chips[:, None], WHOLE, 0).astype(np.int64)
        """Left of each chip, (nodes, chips)."""
        self.total = self.left.sum(axis=1)
        self.kinds = np.zeros((len(chips), 0), dtype=np.int64)
        self.kind_names: list[tuple[int, bool]] = []

    @property
    def capacity(self) -> int:
        """Thousandths of chips in all."""
        return int(self.chips.sum()) * WHOLE

    def able(self, task: Task) -> Flags:
        """Nodes that have room for a task."""
        roomy = (self.cpu >= task.cpu_milli) & (self.memory >= task.memory_mib)
        if not task.count:
            return roomy
        return np.asarray(roomy & ((self.left >= task.milli).sum(axis=1) >= task.count))

    def put(self, node: int, chips: Integers, task: Task) -> None:
        """Put a task on chips of a node."""
        self.cpu[node] -= task.cpu_milli
        self.memory[node] -= task.memory_mib
        self.left[node, chips] -= task.milli
        self.total[node] -= task.total
        if task.count:
            column = self.kind(task)
            self.kinds[node, column] += 1

    def kind(self, task: Task) -> int:
        """Column of ``kinds`` that counts tasks like this one by node: of parts, or of so many chips."""
        name = (task.count, task.part)
        if name not in self.kind_names:
            self.kind_names.append(name)
            self.kinds = np.hstack([self.kinds, np.zeros((len(self.chips), 1), dtype=np.int64)])
        return self.kind_names.index(name)

    def tightest(self, node: int, task: Task) -> Integers:
        """Chips of a node with the least left that is enough."""
        left = self.left[node]
        fitting = np.flatnonzero(left >= task.milli)
        return fitting[np.argsort(left[fitting], kind="stable")[: task.count]]
