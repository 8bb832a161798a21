"""Write docs/reference from the code: the command line, the files Tenfold reads, the Python interface.

uv run python docs/generate_reference.py            write
uv run python docs/generate_reference.py --check    exit 1 when a page is out of date
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

EMPTY_HOME = Path(__file__).resolve().parent / "nobody-keeps-anything-here"
"""The home while pages are written: they are the same whatever prices their writer keeps."""
REFERENCE = Path(__file__).resolve().parent / "reference"
NOTICE = "<!-- Written by docs/generate_reference.py; edit the code instead. -->\n"
COMMAND_LINE_TEXT = """# Command line

Every command has `--json` beside its table; `--catalog DIR` puts an overlay over the catalog. Broken input exits with 2
and one line per problem on stderr, Ctrl-C with 130.
"""


def pages() -> dict[str, str]:
    """Give every page by its file name."""
    return {"cli.md": command_line(), "files.md": files(), "python.md": python()}


def command_line() -> str:
    """Give the help of every command."""
    from typer.testing import CliRunner

    from tenfold.interfaces.cli.app import app, command_names

    parts = [NOTICE, COMMAND_LINE_TEXT]
    for words in ((), *(tuple(name.split()) for name in command_names())):
        result = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "100"}, prog_name="tenfold")
        title = " ".join(("tenfold", *words))
        parts.append(f"## {title}\n\n```text\n{result.stdout.strip()}\n```\n")
    return "\n".join(parts)


def files() -> str:
    """Give the keys of every file."""
    from tenfold.interfaces.cli.schema import listed_kinds
    from tenfold.interfaces.cli.schemas import schema_of

    parts = [NOTICE, FILES_TEXT]
    for kind, what in listed_kinds().items():
        rows = [
            f"| `{key}` | {kind_text} | {needed} | {text} |" for key, kind_text, needed, text in keys(schema_of(kind))
        ]
        table = "\n".join(["| key | holds | needed | |", "|---|---|---|---|", *rows])
        parts.append(f"## {kind}\n\n{what}\n\n{table}\n")
    return "\n".join(parts)


FILES_TEXT = """# Files Tenfold reads

`tenfold schema KIND` prints the JSON schema of a kind, `tenfold schema --out DIR` writes them all for an editor.

A **figure** is a table `{ value = "3.35 TB/s", kind = "spec", source = "KEY", as_of = "2023-03" }`. Its `kind` is one
of `spec`, `measured`, `quote`, `filing`, `estimate`, `assumption`; `source` is a key of a file under `sources/`; `low`
and `high` are P10 and P90; `checked` names a second source that agrees; `conflicts` keeps what disagrees; `published`
what others went through at the ends of the range or beyond; `note` says why.
A **quantity** is text with its unit, such as `"3.35 TB/s"`, `"15.6T"`, `"60 days"`, `"$1.99/h"`.
"""


def keys(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Give key, what it holds, whether it is needed, and its meaning; nested tables have dotted keys."""
    defs = schema.get("$defs", {})
    if "properties" not in schema:
        inner = schema.get("additionalProperties", {})
        yield "<key>", _holds(inner, defs), "", "as many as there are"
        if not _is_figure(inner) and "properties" in inner:
            yield from _below(inner, defs, "<key>.")
        return
    yield from _below(schema, defs, "")


def _below(schema: Mapping[str, Any], defs: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str, str, str]]:
    required = schema.get("required", [])
    for name, rule in schema.get("properties", {}).items():
        inner = _resolved(rule, defs)
        if "properties" in inner and not _is_figure(rule):
            yield from _below(inner, defs, f"{prefix}{name}.")
            continue
        meaning = rule.get("description", "") or ("" if "default" not in rule else _default(rule["default"]))
        unit = f"in {rule['unit']}" if "unit" in rule else ""
        yield (
            f"{prefix}{name}",
            _holds(rule, defs),
            "yes" if name in required else "",
            meaning.replace("|", "/") or unit,
        )


def _default(value: object) -> str:
    return "" if value in (None, "", [], {}) else f"default {value}"


def _is_figure(rule: Mapping[str, Any]) -> bool:
    return any(
        part.get("title") == "Figure" or str(part.get("$ref", "")).endswith("/Figure")
        for part in (rule, *rule.get("anyOf", []))
    )


def _resolved(rule: Mapping[str, Any], defs: Mapping[str, Any]) -> Mapping[str, Any]:
    for part in (rule, *rule.get("anyOf", []), *rule.get("allOf", [])):
        if "$ref" in part:
            found: Mapping[str, Any] = defs.get(part["$ref"].rpartition("/")[2], {})
            return found
    return rule


def _holds(rule: Mapping[str, Any], defs: Mapping[str, Any]) -> str:
    if _is_figure(rule):
        return "figure"
    parts = [part for part in rule.get("anyOf", rule.get("oneOf", [rule])) if part.get("type") != "null"]
    words = []
    for part in parts:
        inner = _resolved(part, defs)
        if "enum" in inner:
            words.append(", ".join(f"`{value}`" for value in inner["enum"]))
        elif "const" in inner:
            words.append(f"`{inner['const']}`")
        elif inner.get("type") == "array":
            words.append(f"list of {_holds(inner.get('items', {}), defs)}")
        elif inner.get("type") == "object":
            words.append("table of figures" if _is_figure(inner.get("additionalProperties") or {}) else "table")
        elif "quantity" in str(inner.get("description", "")).lower() or isinstance(inner.get("type"), list):
            words.append("quantity")
        else:
            words.append(
                {"string": "text", "integer": "whole number"}.get(str(inner.get("type")), str(inner.get("type", "any")))
            )
    return " or ".join(dict.fromkeys(words))


def python() -> str:
    """Give the signatures and docstrings of the public names."""
    import tenfold

    parts = [NOTICE, "# Python\n\n```python\nimport tenfold\n```\n"]
    for name in tenfold.__all__:
        if name.startswith("_"):
            continue
        thing = getattr(tenfold, name)
        text = inspect.cleandoc(thing.__doc__ or "")
        if text.startswith(f"{name}("):
            text = ""
        head = f"class {name}" if inspect.isclass(thing) else f"def {name}{_signature(thing)}"
        parts.append(f"## {name}\n\n```text\n{head}\n```\n\n{text}\n")
        if inspect.isclass(thing) and hasattr(thing, "__dataclass_fields__"):
            rows = [f"- `{field.name}: {field.type}`" for field in thing.__dataclass_fields__.values()]
            parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def _signature(function: Any) -> str:  # noqa: ANN401
    signature = inspect.signature(function)
    lines = [f"    {parameter}," for parameter in signature.parameters.values()]
    if not lines:
        return f"() -> {signature.return_annotation}"
    star = next((place for place, p in enumerate(signature.parameters.values()) if p.kind is p.KEYWORD_ONLY), None)
    if star is not None:
        lines.insert(star, "    *,")
    return "(\n" + "\n".join(lines) + f"\n) -> {signature.return_annotation}"


def readme(text: str) -> str:
    """Renew the excerpt of a plan between its marks in the text of README.md."""
    from typer.testing import CliRunner

    from tenfold.interfaces.cli.app import app

    goal = str(REFERENCE.parent.parent / "examples" / "llama3-405b.toml")
    printed = CliRunner().invoke(app, ["plan", goal], env={"COLUMNS": "100"}).stdout
    sections = [section.rstrip() for section in "\n".join(map(str.rstrip, printed.splitlines())).split("\n\n")]
    shown = [sections[0]] + [_few_lines(one) for name in EXCERPT for one in sections if one.startswith(name)]
    before, _, rest = text.partition(START)
    after = rest.partition(END)[2]
    body = "\n\n".join([*shown, "…"])
    return f"{before}{START}\n```text\n{body}\n```\n{END}{after}"


START = "<!-- output: written by docs/generate_reference.py -->"
END = "<!-- end of output -->"
EXCERPT = ("Designs,", "Where every second goes", "What moves the answer most")
EXCERPT_LINES = 13


def _few_lines(section: str) -> str:
    lines = section.splitlines()
    return "\n".join(lines if len(lines) <= EXCERPT_LINES + 3 else [*lines[:EXCERPT_LINES], "…"])


def main() -> int:
    """Write the pages, or check them."""
    os.environ["TENFOLD_HOME"] = str(EMPTY_HOME)
    os.environ.setdefault("COLUMNS", "100")
    stale = [name for name, text in pages().items() if not _same(REFERENCE / name, text)]
    if "--check" in sys.argv:
        for name in stale:
            sys.stderr.write(f"docs/reference/{name} is out of date: uv run python docs/generate_reference.py\n")
        return int(bool(stale))
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    front = REFERENCE.parent.parent / "README.md"
    front.write_text(readme(front.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def _same(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
