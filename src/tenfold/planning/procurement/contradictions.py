"""What cannot be between the fields of a procurement question; it passes over what could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.catalog import Catalog
from tenfold.planning.procurement.costs import price_figure_of
from tenfold.planning.procurement.markers import price_amount
from tenfold.planning.procurement.options import name_of, statuses
from tenfold.planning.procurement.parts import AHEAD
from tenfold.planning.procurement.question import AllocationTable, OptionTable, ProcureQuestion, WorkloadTable
from tenfold.planning.procurement.scenario_contradictions import scenario_problems
from tenfold.planning.procurement.seen import Seen, problem, values_of
from tenfold.planning.procurement.workloads import takes
from tenfold.quantities import UNREAD, InputError, Place, Problem, Shortfall, fields_of, known, rows_in, shown
from tenfold.workloads import global_batch_sequences

SERVING = ("demand_h100e", "slo")
TRAINING = ("work_h100_hours", "model", "tokens", "sequence_length", "global_batch", "deadline", "max_h100e",
            "cluster_chips")  # fmt: skip
"""Fields of one kind of workload, which the other cannot have."""
RUN = ("tokens", "sequence_length", "global_batch", "cluster_chips")
"""Fields that the speed of a model is predicted from."""


def contradictions(question: ProcureQuestion, catalog: Catalog) -> Iterator[Problem]:
    """Give every problem, its key from the top of the file."""
    seen = Seen(question, catalog)
    yield from _of_programme(seen)
    for name in ("workloads", "sites", "options"):
        if getattr(question, name) == ():
            yield problem(name, "is empty", f"Add a [[{name}]] table")
    for key, workload in rows_in("workloads", question.workloads):
        yield from _of_workload(key, workload, seen)
    for key, site in rows_in("sites", question.sites):
        yield from seen.lengths(key, {"power": site.power_w})
    for key, option in rows_in("options", question.options):
        yield from _of_option(key, option, seen)
    yield from _twice(question)
    yield from _export(seen)
    for key, allocation in rows_in("allocations", question.allocations):
        yield from _of_allocation(key, allocation, seen)
    yield from scenario_problems(seen)


def _of_programme(seen: Seen) -> Iterator[Problem]:
    asked = seen.question.programme
    if asked is UNREAD:
        return
    yield from seen.lengths("programme", {"revenue": asked.revenue_usd, "capital": asked.capital_usd})
    if (asked.revenue_usd is None) != (asked.max_revenue_share is None):
        yield problem("programme.revenue", "revenue and max_revenue_share go together", "Write both or neither")


def _of_workload(key: str, table: WorkloadTable, seen: Seen) -> Iterator[Problem]:
    yield from seen.lengths(key, {"demand": table.demand_h100e})
    if known(table.kind):
        yield from _of_kind(key, table)
    yield from seen.outside(key, {"start": table.start, "deadline": table.deadline})
    calendar = seen.calendar
    if calendar is None or not known(table.start, table.deadline):
        return
    if calendar.last(table.deadline) < calendar.first(table.start):
        yield problem(f"{key}.deadline", "is before the start", "Write a later deadline, or an earlier start")


def _of_kind(key: str, table: WorkloadTable) -> Iterator[Problem]:
    """Refuse fields of the other kind, and ask for what this kind needs."""
    train, keys = table.kind == "train", {field.name: field.key for field in fields_of(WorkloadTable)}
    for name in SERVING if train else TRAINING:
        if getattr(table, name):
            yield problem(f"{key}.{keys[name]}", f"does not belong to kind = '{table.kind}'", "Leave it out")
    if not train and table.demand_h100e is None:
        yield problem(f"{key}.demand", "is missing", "Add it")
    if train and table.model is None and table.work_h100_hours is None:
        yield problem(f"{key}.work", "is missing", "Add it, or model and tokens")
    if train and table.model is not None:
        yield from _of_model(key, table)


def _of_model(key: str, table: WorkloadTable) -> Iterator[Problem]:
    """A run given as a model needs what its speed is predicted from, and no work beside it."""
    if table.work_h100_hours is not None:
        yield problem(f"{key}.work", "work and model are both given", "Leave one out")
    for name in RUN:
        if getattr(table, name) is None:
            yield problem(f"{key}.{name}", "is missing", "Add it, or give work instead of a model")
    batch, length = table.global_batch, table.sequence_length
    if known(batch, length) and batch is not None and length is not None:
        try:
            global_batch_sequences(batch, length, key=f"{key}.global_batch")
        except InputError as trouble:
            yield from trouble.problems


def _of_option(key: str, table: OptionTable, seen: Seen) -> Iterator[Problem]:
    yield from seen.lengths(key, {"price": table.price, "allocation": table.allocation_chips})
    sites = values_of(seen.question.sites, "site")
    if sites is not None and known(table.site) and table.site not in sites:
        wrong = f"{shown(table.site)} is not among the sites"
        yield problem(f"{key}.site", wrong, "Add a [[sites]] table for it")
    if table.supply == "spot" and table.usable_share is None:
        remedy = "Add the share of spot hours that do work, such as 0.9"
        yield problem(f"{key}.usable", "is missing", remedy)
    if known(table.chip, table.supply, table.site, table.price):
        yield from _price(f"{key}.price", table, seen.catalog)
    if known(table.chip):
        yield from _unwanted(f"{key}.chip", table.chip, seen)


def _price(key: str, table: OptionTable, catalog: Catalog) -> Iterator[Problem]:
    """A price is stated in the unit of the supply, or somebody asks one."""
    amount, stated = price_amount(table.supply), table.price or ()
    for place, price in enumerate(stated):
        try:
            amount.read(price, Place(key=f"{key}.{place}" if len(stated) > 1 else key))
        except InputError as trouble:
            yield from trouble.problems
    found = None if stated else price_figure_of(catalog, table.chip, table.supply, table.site)
    if isinstance(found, Shortfall):
        yield problem(key, found.short, f"Write price, or {found.nearest}")


def _unwanted(key: str, chip: str, seen: Seen) -> Iterator[Problem]:
    """Some workload runs on the chip."""
    tables = seen.question.workloads
    takers = [table.chips is UNREAD or not known(table.chips, table.kinds) or takes(table, chip, seen.catalog)
              for _, table in rows_in("workloads", tables)]  # fmt: skip
    if tables is not UNREAD and len(takers) == len(tables) and takers and not any(takers):
        yield problem(key, f"no workload runs on {chip}", "Leave the option out, or name its kind")


def _twice(question: ProcureQuestion) -> Iterator[Problem]:
    """Everything has a name of its own."""
    workloads = [("workloads", table.name) for _, table in rows_in("", question.workloads)]
    sites = [(f"{key}.site", table.site) for key, table in rows_in("sites", question.sites)]
    options = [
        (f"{key}.name", name_of(table))
        for key, table in rows_in("options", question.options)
        if known(table.name, table.chip, table.supply, table.supplier, table.site)
    ]
    for named, remedy in (
        (workloads, "Give each workload its own name"),
        (sites, "Write each site once"),
        (options, "Give each option its own name"),
    ):
        before = set[str]()
        for key, name in named:
            if known(name) and name in before:
                yield problem(key, f"{shown(name)} is there twice", remedy)
            before.add(name)


def _export(seen: Seen) -> Iterator[Problem]:
    """A chip has the figures that its export status is judged by."""
    export = seen.question.export
    if export is None or export is UNREAD or not known(export.rule):
        return
    if values_of(seen.question.options, "chip") is not None:
        try:
            statuses(seen.question, seen.catalog)
        except InputError as trouble:
            yield from trouble.problems


def _of_allocation(key: str, table: AllocationTable, seen: Seen) -> Iterator[Problem]:
    yield from seen.lengths(key, {"max_chips": table.max_chips})
    options = seen.question.options
    if not known(table, options):
        return
    if not any(option.supply in AHEAD and _holds(table, option, seen.catalog) for option in options):
        wrong = f"{shown(table.name)} holds no option ordered ahead"
        yield problem(key, wrong, "Name chips or suppliers of options")


def _holds(table: AllocationTable, option: OptionTable, catalog: Catalog) -> bool:
    named = (table.chips, table.vendors, table.suppliers, table.sites)
    own = (option.chip, catalog.chip(option.chip).vendor, option.supplier, option.site)
    return all(not names or name in names for names, name in zip(named, own, strict=True))
