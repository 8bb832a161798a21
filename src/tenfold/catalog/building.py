"""From merged files to records: structure by pydantic, figures by ``quantities``, every problem collected."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

from tenfold.catalog.building_places import named_sources, place_of
from tenfold.catalog.deals import Player
from tenfold.catalog.export_rules import ExportRule
from tenfold.catalog.figures import ANY_UNIT, FigureReader, FigureTable, figure_tables
from tenfold.catalog.file_parts import FigureFile
from tenfold.catalog.files import (
    FILES,
    CalibrationFile,
    GradientsFile,
    ModelFile,
    PlayerFile,
    SoftwareFile,
    SourceFile,
)
from tenfold.catalog.hardware_files import ChipFile, FabricFile, SystemFile
from tenfold.catalog.hazard_files import HazardsFile
from tenfold.catalog.hazards import Component, Hazards
from tenfold.catalog.models import ModelRecord, TransformerShape
from tenfold.catalog.place_files import SiteFile
from tenfold.catalog.places import Link, Site
from tenfold.catalog.reading import Entry, flatten
from tenfold.catalog.records import Calibration, Chip, Fabric, Source, System
from tenfold.catalog.software import GradientMemory, Software
from tenfold.catalog.structure import read_structure
from tenfold.quantities import Figure, InputError, Problem, parse_date

Figures = Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class _Made:
    """What a record is made of."""

    key: str
    file: str
    parsed: Any
    figures: Figures


def build_sources(entries: Mapping[str, Entry], problems: list[Problem]) -> dict[str, Source]:
    """Make the sources."""
    sources = {}
    for key, entry in entries.items():
        parsed = read_structure(SourceFile, entry.tree, entry.file_of, problems, prefix=key)
        if parsed is None:
            continue
        try:
            date = parse_date(parsed.date, file=entry.file_of("date"), key=f"{key}.date")
        except InputError as error:
            problems.extend(error.problems)
            continue
        sources[key] = Source(key=key, title=parsed.title, date=date, url=parsed.url)
    return sources


def build_assumptions(
    entries: Mapping[str, Entry], sources: Container[str], problems: list[Problem]
) -> dict[str, Figure]:
    """Make the assumptions: figures by dotted key, each in the unit its text tells."""
    figures = {}
    for key, entry in entries.items():
        found: list[Problem] = []
        file = entry.parts[-1][1]
        inside = key.partition(".")[2]
        read_structure(FigureFile, entry.tree, lambda _, file=file: file, found, prefix=inside)  # type: ignore[misc]
        reader = FigureReader(file, sources)
        tree: Any = entry.tree
        figure = reader.read(FigureTable(inside, ANY_UNIT, tree)) if isinstance(tree, dict) else None
        found += reader.problems
        problems += _first_of_each_key(found)
        if figure is not None and not found:
            figures[key] = figure
    return figures


def build_things(
    folder: str, entries: Mapping[str, Entry], sources: Container[str], problems: list[Problem]
) -> dict[str, Any]:
    """Make the records of a folder, such as ``chips``; a file with a problem makes none."""
    records = {}
    for key, entry in entries.items():
        found: list[Problem] = []
        tree = _flat_constants(entry.tree) if folder == "calibrations" else entry.tree
        parsed = read_structure(FILES[folder], tree, entry.file_of, found)
        figures = _figures(FILES[folder], tree, entry, sources, found)
        if parsed is not None and not found:
            try:
                records[key] = _MAKERS[folder](_Made(key, entry.parts[-1][1], parsed, figures))
            except InputError as error:
                found += error.problems
        if folder == "sites" and parsed is not None:
            found += [
                _unknown_source(each, entry.file_of(key))
                for key, each in named_sources(cast("SiteFile", parsed))
                if each not in sources
            ]
        if folder == "models" and parsed is not None and cast("ModelFile", parsed).source not in sources:
            found.append(_unknown_source(cast("ModelFile", parsed).source, entry.file_of("source")))
        problems += _first_of_each_key(found)
    return records


def _figures(
    model: type[BaseModel], tree: Mapping[str, Any], entry: Entry, sources: Container[str], problems: list[Problem]
) -> Figures:
    figures = {}
    for table in figure_tables(model, tree):
        reader = FigureReader(entry.file_of(table.key), sources)
        figure = reader.read(table)
        problems += reader.problems
        if figure is not None:
            figures[table.key] = figure
    return figures


def _flat_constants(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    constants = tree.get("constants")
    return {**tree, "constants": dict(flatten(constants))} if isinstance(constants, dict) else tree


def _first_of_each_key(problems: list[Problem]) -> list[Problem]:
    """Structure and figures may complain of the same key; the first says enough."""
    return list({(problem.file, problem.key): problem for problem in reversed(problems)}.values())[::-1]


def _unknown_source(source: str, file: str) -> Problem:
    remedy = f"Add [{source}] with title, url and date to a file of sources/"
    return Problem(file=file, key="source", wrong=f"unknown source '{source}'", remedy=remedy)


def _below(figures: Figures, prefix: str) -> dict[str, Figure]:
    return {key.removeprefix(prefix): figure for key, figure in figures.items() if key.startswith(prefix)}


def _chip(made: _Made) -> Chip:
    parsed: ChipFile = made.parsed
    return Chip(
        **_identity(made),
        vendor=parsed.vendor,
        family=parsed.family,
        kind=parsed.kind,
        year=parsed.year,
        system=parsed.system,
        cores=parsed.cores,
        peaks=_below(made.figures, "peak."),
        **_attributes(Chip.figure_fields, made.figures),
    )


def _system(made: _Made) -> System:
    parsed: SystemFile = made.parsed
    return System(
        **_identity(made),
        chip=parsed.chip,
        chips_per_node=parsed.chips_per_node,
        scaleup_fabric=parsed.scaleup.fabric,
        scaleout_fabric=parsed.scaleout.fabric,
        **_attributes(System.figure_fields, made.figures),
    )


def _fabric(made: _Made) -> Fabric:
    parsed: FabricFile = made.parsed
    return Fabric(
        **_identity(made),
        topology=parsed.topology,
        torus_dimensions=parsed.torus_dimensions,
        optical_switches=parsed.optical_switches,
        **_attributes(Fabric.figure_fields, made.figures),
    )


def _site(made: _Made) -> Site:
    parsed: SiteFile = made.parsed
    return Site(**_identity(made), country=parsed.country, **place_of(made.file, parsed, made.figures))


def _link(made: _Made) -> Link:
    return Link(**_identity(made), **_attributes(Link.figure_fields, made.figures))


def _player(made: _Made) -> Player:
    parsed: PlayerFile = made.parsed
    return Player(**_identity(made), kind=parsed.kind, **_attributes(Player.figure_fields, made.figures))


def _model(made: _Made) -> ModelRecord:
    parsed: ModelFile = made.parsed
    return ModelRecord(
        key=made.key,
        name=parsed.name,
        family=parsed.family,
        shape=TransformerShape(**parsed.shape.model_dump()),
        parameters=made.figures.get("published.parameters"),
        active_parameters=made.figures.get("published.active_parameters"),
        source=parsed.source,
        max_sequence=parsed.max_sequence,
        aliases=tuple(parsed.aliases),
        notes=tuple(parsed.notes),
    )


def _calibration(made: _Made) -> Calibration:
    parsed: CalibrationFile = made.parsed
    return Calibration(
        key=made.key,
        file=made.file,
        family=parsed.family,
        topic=parsed.topic,
        rows=tuple(parsed.rows),
        notes=tuple(parsed.notes),
        constants=_below(made.figures, "constants."),
    )


def _software(made: _Made) -> Software:
    parsed: SoftwareFile = made.parsed
    return Software(
        **_identity(made),
        since=parse_date(parsed.since, file=made.file, key="since"),
        labels=tuple(label.lower() for label in parsed.labels),
        default_for=tuple(parsed.default_for),
        fused_attention=parsed.fused_attention,
        sequence_parallel=parsed.sequence_parallel,
        interleaved=parsed.interleaved,
        tensor_overlap=parsed.tensor_overlap,
        data_overlap=parsed.data_overlap,
        zero_stage=parsed.zero_stage,
        gradients=_gradients(parsed),
        logit_bytes=parsed.logit_bytes,
        pipeline_scatter=parsed.pipeline_scatter,
        kernels_of=parsed.kernels_of,
        gradient_all_reduce=parsed.gradient_all_reduce,
        gradients_by_precision=tuple((name, _gradients(kept)) for name, kept in parsed.by_precision.items()),
    )


def _hazards(made: _Made) -> Hazards:
    parsed: HazardsFile = made.parsed
    components = tuple(
        Component(
            key=key,
            name=component.name,
            restart=component.restart,
            least_domain_chips=component.least_domain_chips,
            file=made.file,
            **_attributes(Component.figure_fields, _below(made.figures, f"components.{key}.")),
        )
        for key, component in parsed.components.items()
    )
    return Hazards(**_identity(made), components=components, **_attributes(Hazards.figure_fields, made.figures))


def _gradients(parsed: GradientsFile) -> GradientMemory:
    return GradientMemory(
        gradient_bytes=parsed.gradient_bytes,
        gradient_copy_bytes=parsed.gradient_copy_bytes,
        buffer_bytes=parsed.buffer_bytes,
    )


def _export_rule(made: _Made) -> ExportRule:
    return ExportRule(**_identity(made), **_attributes(ExportRule.figure_fields, made.figures))


def _identity(made: _Made) -> dict[str, Any]:
    """Key, file, name, aliases and notes, which every named thing has."""
    parsed = made.parsed
    return {
        "key": made.key,
        "file": made.file,
        "name": parsed.name,
        "aliases": tuple(parsed.aliases),
        "notes": tuple(parsed.notes),
    }


def _attributes(fields: Mapping[str, str], figures: Figures) -> dict[str, Any]:
    return {name: figures.get(key) for key, name in fields.items()}


_MAKERS: Mapping[str, Callable[[_Made], Any]] = {
    "chips": _chip,
    "systems": _system,
    "fabrics": _fabric,
    "sites": _site,
    "links": _link,
    "players": _player,
    "models": _model,
    "calibrations": _calibration,
    "software": _software,
    "hazards": _hazards,
    "export_rules": _export_rule,
}
