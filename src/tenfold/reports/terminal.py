"""A report in the terminal: the verdict first, then what stands behind it, the rest with ``--full``.

Text is never read as markup: a model called ``[bold]`` prints as it is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from tenfold.reports import wording
from tenfold.reports.cards import Card
from tenfold.reports.report import Report, Section, Table, Terms, made_in_words
from tenfold.reports.sources import Cited, citations, unique_figures
from tenfold.reports.terminal_table import Grid, open_table, plain_text


def terminal(report: Report, sources: Mapping[str, Cited], *, full: bool = False) -> Iterator[RenderableType]:
    """Give every part of a report in order, an empty line between them.

    ``sources`` are the catalog's, by key. Without ``full``, sections that ask for it, assumptions and sources are
    counted and not listed.
    """
    yield plain_text(report.verdict, style="bold green" if report.good else "bold red")
    if report.brief is not None and not full:
        yield from _screen(report, report.brief)
        return
    for part in _parts(report, sources, full):
        yield plain_text("")
        yield part
    yield plain_text("")
    yield plain_text(made_in_words(report.made), style="dim")


def _screen(report: Report, brief: Section) -> Iterator[RenderableType]:
    """The first screen: lines, one table, lines, with no line to spare between them."""
    if brief.lead:
        yield plain_text(brief.lead)
    for table in brief.tables:
        yield Grid(table, close=True)
    for key, value in brief.pairs:
        yield Text.assemble((plain_text(f"{key}: ").plain, "bold"), plain_text(value).plain)
    for step in report.next_steps:
        yield Text.assemble(("Next: ", "dim"), plain_text(step).plain)
    yield plain_text(f"More: --full, --html. {made_in_words(report.made)}", style="dim")


def _parts(report: Report, sources: Mapping[str, Cited], full: bool) -> Iterator[RenderableType]:
    if report.cards:
        yield key_value_table("Key numbers", [(card.name, _card_value(card)) for card in report.cards])
    for section in report.sections:
        if full or not section.full:
            yield from section_parts(section)
    if report.notes:
        yield bullet_list("Notes", report.notes)
    if full:
        yield from _evidence(report, sources)
    elif rest := _not_shown(report):
        yield plain_text(rest, style="dim")
    if report.next_steps:
        yield bullet_list("Next", report.next_steps)


def section_parts(section: Section) -> Iterator[RenderableType]:
    """Give the parts of a section; its title stands over the first of them."""
    head = f"{section.title}: {section.lead}" if section.lead else section.title
    titles = iter([head])
    if section.pairs:
        yield key_value_table(next(titles, ""), section.pairs)
    for terms in section.terms:
        yield terms_table(_title(titles, terms.title), terms)
    for table in section.tables:
        yield grid_table(_title(titles, table.title), table)
    if section.notes:
        yield bullet_list(next(titles, ""), section.notes)
    if section.lead and (left := next(titles, "")):
        yield plain_text(left)


def _title(titles: Iterator[str], own: str) -> str:
    """Title of a table: of its section where it is the first there, its own below."""
    section = next(titles, "")
    return f"{section}\n{own}" if section and own and own != section else section or own


def _card_value(card: Card) -> str:
    return f"{card.value} ({wording.between(card.low, card.high)})" if card.low else card.value


def _not_shown(report: Report) -> str:
    """Count what ``--full`` lists."""
    sections = sum(section.full for section in report.sections)
    counts = [
        wording.counted(len(report.assumptions), "assumption"),
        wording.counted(len(unique_figures(report.figures)), "figure"),
        wording.counted(sections, "further section"),
    ]
    said = [text for text, count in zip(counts, (len(report.assumptions), len(report.figures), sections), strict=True)
            if count]  # fmt: skip
    return f"Rests on {', '.join(said)}: --full lists them, --html makes a page." if said else ""


def _evidence(report: Report, sources: Mapping[str, Cited]) -> Iterator[RenderableType]:
    if report.assumptions:
        rows = tuple(
            (named.name, wording.figure_value(named), wording.figure_range(named), named.figure.kind, named.figure.note)
            for named in report.assumptions
        )
        headers = ("input", "value", "P10–P90", "kind", "why")
        yield grid_table("The answer assumes", Table(headers=headers, rows=rows, numeric=" rr"))
    if report.figures:
        cited = tuple(
            (each.title, "\n".join(each.links), each.kinds, each.as_of, f"{len(each.figures)}")
            for each in citations(unique_figures(report.figures), sources)
        )
        headers = ("source", "address", "kind", "as of", "figures")
        yield grid_table("Sources", Table(headers=headers, rows=cited, numeric="    r"))


def key_value_table(title: str, pairs: Iterable[tuple[str, str]]) -> Group:
    """Two columns: what, and its value."""
    table = open_table(show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for key, value in pairs:
        table.add_row(plain_text(key), plain_text(value))
    return titled(title, table)


def grid_table(title: str, grid: Table) -> Group:
    """Rows under headers, numbers to the right and unbroken."""
    return titled(title, Grid(grid))


def terms_table(title: str, terms: Terms) -> Group:
    """Terms that add up, each with its share of the sum and a bar; terms of zero are left out."""
    rows = wording.term_rows(terms.values, terms.unit)
    shown = [abs(value) for value in wording.without_rounding(terms.values).values() if value != 0]
    table = open_table(show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True, style="dim")
    table.add_column(no_wrap=True, style="cyan")
    for cells, size in zip(rows, shown, strict=True):
        table.add_row(*(plain_text(cell) for cell in cells), plain_text(wording.bar(size, max(shown))))
    return titled(title, table)


def bullet_list(title: str, texts: Sequence[str]) -> Group:
    """List texts under a title, one a line."""
    table = open_table(show_header=False)
    table.add_column(style="dim", width=1)
    table.add_column(overflow="fold")
    for text in texts:
        table.add_row(plain_text("·"), plain_text(text))
    return titled(title, table)


def titled(title: str, table: RichTable | Grid) -> Group:
    """Put a table under its title, which is not cut to the table's width."""
    return Group(plain_text(title, style="bold"), table) if title else Group(table)
