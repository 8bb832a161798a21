"""Cluster queues of Kueue in a snapshot: how many chips there are, beside the workloads that want them.

``kubectl get workloads,clusterqueues -o json``: a queue's nominal quota by flavor and resource, and the cohort within
which what one queue leaves may be borrowed by the others. https://kueue.sigs.k8s.io/docs/concepts/cluster_queue
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.fleet.traces.logs import is_accelerator, rows_in, table_in
from tenfold.quantities import InputError, Problem, json_tree, read_text, shown, whole_of

KIND = "ClusterQueue"
REMEDY = "Give kubectl get workloads,clusterqueues -o json, or say how many chips the fleet has"


@dataclass(frozen=True, slots=True)
class ClusterQueues:
    """Cluster queues that share what they have."""

    chips: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Queue:
    name: str
    cohort: str
    flavors: Mapping[str, object]
    """Nominal quota of accelerators by flavor."""


def read_cluster_queues(path: Path) -> ClusterQueues:
    """Chips of the cluster queues of a snapshot.

    Raises ``InputError`` where there are none, where a quota is no whole number, and for queues of several cohorts,
    which share nothing.
    """
    data = json_tree(read_text(path, REMEDY), str(path), REMEDY)
    found = list(_queues(data)) if isinstance(data, Mapping) else []
    quotas = [(each, flavor, whole_of(str(quota))) for each in found for flavor, quota in each.flavors.items()]
    problems = [
        Problem(file=str(path), key=f"{KIND} {shown(each.name)}", wrong="has a quota that is no whole number of chips",
                remedy="Write one")
        for each, _, chips in quotas if chips is None
    ]  # fmt: skip
    cohorts = {each.cohort or f"queue {each.name}" for each in found}
    if len(cohorts) > 1:
        wrong = f"its cluster queues are of {len(cohorts)} cohorts, which share nothing"
        problems.append(Problem(file=str(path), key=KIND, wrong=wrong, remedy="Give a snapshot of one cohort"))
    chips = sum(quota or 0 for _, _, quota in quotas)
    if not problems and chips == 0:
        wrong = "holds no cluster queue with accelerators, so that it does not say how many chips there are"
        problems.append(Problem(file=str(path), key="chips", wrong=wrong, remedy=REMEDY))
    if problems:
        raise InputError(problems)
    return ClusterQueues(chips, tuple(_notes(found, chips, {flavor for _, flavor, quota in quotas if quota})))


def _queues(data: Mapping[str, Any]) -> Iterator[_Queue]:
    for item in rows_in(data, "items"):
        spec = table_in(item, "spec")
        if item.get("kind") == KIND:
            flavors = {
                f"{flavor.get('name')}/{resource.get('name')}": resource.get("nominalQuota")
                for group in rows_in(spec, "resourceGroups")
                for flavor in rows_in(group, "flavors")
                for resource in rows_in(flavor, "resources")
                if is_accelerator(str(resource.get("name")))
            }
            if flavors:
                cohort = str(spec.get("cohortName") or spec.get("cohort") or "")
                yield _Queue(str(table_in(item, "metadata").get("name") or ""), cohort, flavors)


def _notes(queues: list[_Queue], chips: int, flavors: set[str]) -> Iterator[str]:
    if len(queues) > 1:
        held = f"{len(queues)} cluster queues of one cohort hold {chips:,} chips, and each may borrow what others leave"
        yield f"{held}: limits of borrowing, and what is reclaimed, are not forecast"
    if len(flavors) > 1:
        yield f"chips of {len(flavors)} flavors count alike"
