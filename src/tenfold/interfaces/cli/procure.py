"""``tenfold procure``: what to order now and what can wait."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenfold.interfaces.cli.options import CatalogOption, HtmlOption, JsonOption, open_catalog


def procure(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Procurement file.")],
    as_json: JsonOption = False,
    html: HtmlOption = None,
    exact: Annotated[bool, typer.Option("--exact", help="Solve the integer programme instead of rounding.")] = False,
    gap: Annotated[float, typer.Option("--gap", help="Relative gap the integer programme is solved to.")] = 0.005,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", help="Seconds for the integer programme.", show_default="none")
    ] = None,
    plan_only: Annotated[
        bool, typer.Option("--plan-only", help="Leave out frontier, regret and cost of waiting: faster.")
    ] = False,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of the solver.", show_default="the file's")] = None,
    catalog: CatalogOption = None,
) -> None:
    """Plan purchases, reservations and rent by quarter against scenarios: cost, risk, what to do now, what can wait."""
    from tenfold.interfaces.cli.files import check_place, write_whole
    from tenfold.interfaces.cli.output import print_json, print_tables, progress_on
    from tenfold.interfaces.old_python.procure import procure as ask

    _check(gap, time_limit, seed)
    if html is not None:
        check_place(html, "--html")
    known = open_catalog(catalog)
    limit = float("inf") if time_limit is None else time_limit
    with progress_on("Procuring") as progress:
        answer = ask(
            file,
            exact=exact,
            gap=gap,
            time_limit_s=limit,
            plan_only=plan_only,
            catalog=known,
            seed=seed,
            progress=progress,
        )
    if html is not None:
        from tenfold.reports.page import page_html
        from tenfold.reports.pages.procurement import procurement_page

        write_whole(html, page_html(procurement_page(answer), known.sources), "--html")
    if as_json:
        print_json(answer)
        return
    from tenfold.reports.tables.procurement import procurement_tables

    print_tables(procurement_tables(answer))
    if html is not None:
        typer.echo(f"Page written to {html}", err=True)


def _check(gap: float, time_limit: float | None, seed: int | None) -> None:
    """Refuse numbers that make no sense, all at once."""
    from tenfold.interfaces.cli.plan import LARGEST_SEED
    from tenfold.quantities import InputError, Problem, shown

    wrong = []
    if not 0.0 <= gap < 1.0:
        wrong.append(("--gap", f"{shown(gap)} is no gap", "Give a share from 0 to below 1, such as 0.005"))
    if time_limit is not None and not time_limit > 0:
        wrong.append(("--time-limit", f"{shown(time_limit)} is no time", "Give seconds above 0"))
    if seed is not None and not 0 <= seed <= LARGEST_SEED:
        wrong.append(("--seed", f"{shown(seed)} is no seed", f"Give a whole number from 0 to {LARGEST_SEED:,}"))
    if wrong:
        raise InputError(Problem(file=file, key="", wrong=said, remedy=remedy) for file, said, remedy in wrong)
