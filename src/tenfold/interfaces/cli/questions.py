"""``tenfold questions``: what can be asked."""

from __future__ import annotations

from tenfold.interfaces.cli.options import JsonOption


def list_questions(as_json: JsonOption = False) -> None:
    """List every question with its line and the example that ``tenfold init`` writes."""
    from tenfold.interfaces.cli.output import print_json, print_tables
    from tenfold.studies import QUESTIONS

    if as_json:
        print_json(
            [{"name": name, "summary": each.summary, "example": each.example} for name, each in QUESTIONS.items()]
        )
        return
    from tenfold.reports import Table, grid_table

    rows = tuple((name, each.summary, each.example) for name, each in QUESTIONS.items())
    print_tables([grid_table("What can be asked", Table(headers=("question", "asks", "example"), rows=rows))])
