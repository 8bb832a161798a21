"""Markdown as far as our own pages use it (headings, paragraphs, tables, lists, emphasis), as HTML that is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_CODE, _STRONG, _EMPHASIS = re.compile(r"`([^`]+)`"), re.compile(r"\*\*([^*]+)\*\*"), re.compile(r"\*([^*]+)\*")


def html_of(text: str) -> str:
    """Render text."""
    return "\n".join(_block(block) for block in re.split(r"\n\s*\n", text.strip()))


def _block(block: str) -> str:
    lines = block.splitlines()
    heading = re.match(r"(#{1,4}) (.*)", lines[0])
    if heading:
        level = len(heading[1])
        rest = "\n".join(lines[1:]).strip()
        return f"<h{level}>{_inline(heading[2])}</h{level}>" + (_block(rest) if rest else "")
    if lines[0].lstrip().startswith("|"):
        return "".join(_table(lines))
    if all(re.match(r"\s*[-*] |\s{2,}", line) for line in lines):
        items = re.split(r"(?:^|\n)\s*[-*] ", block)[1:]
        return "<ul>" + "".join(f"<li>{_inline(' '.join(item.split()))}</li>" for item in items) + "</ul>"
    return f"<p>{_inline(' '.join(lines))}</p>"


def _inline(text: str) -> str:
    escaped = html.escape(text)
    return _EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", escaped)))


def _table(lines: list[str]) -> Iterator[str]:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head, body = rows[0], [row for row in rows[1:] if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    yield '<div class="scroll panel" tabindex="0" role="group" aria-label="Table"><table><thead><tr>'
    yield "".join(
        f'<th scope="col"{_number(at)}>{_inline(cell)}</th>' if cell else "<td></td>" for at, cell in enumerate(head)
    )
    yield "</tr></thead><tbody>"
    for row in body:
        cells = (f"<td{_number(at)}>{_inline(cell)}</td>" for at, cell in enumerate(row[1:], start=1))
        yield f'<tr><th scope="row">{_inline(row[0])}</th>{"".join(cells)}</tr>'
    yield "</tbody></table></div>"


def _number(at: int) -> str:
    return ' class="number"' if at else ""
