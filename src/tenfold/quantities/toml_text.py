"""A record as TOML: one key a line, its help beside it, so that it reads back to an equal record."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping

from tenfold.quantities.fields import ByName, fields_of


def write_toml(record: object, *, head: str = "") -> str:
    """Write a record as commented TOML that reads back to an equal record: one key a line, its help beside it.

    Fields at their default are written as comments, so that a reader sees what may be said.
    """
    lines = [f"# {line}" if line else "#" for line in head.splitlines()]
    return "\n".join([*lines, *_table_lines(record, "")]) + "\n"


def _table_lines(record: object, prefix: str) -> Iterator[str]:
    below: list[tuple[str, object]] = []
    for field in fields_of(type(record)):
        value = field.value_in(record)
        if dataclasses.is_dataclass(value) or (isinstance(field.shape, ByName) and value) or _tables(value):
            below.append((f"{prefix}{field.key}", value))
            continue
        said = toml_value(value) if value is not None else '"…"'
        comment = "# " if not field.required and value == field.default else ""
        if value is None or not comment:
            comment = "# " if value is None else comment
        yield f"{comment}{toml_key(field.key)} = {said}" + (f"  # {field.help}" if field.help else "")
    for key, value in below:
        yield from _below(key, value)


def _tables(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(dataclasses.is_dataclass(each) for each in value)


def _below(key: str, value: object) -> Iterator[str]:
    """Tables below a table: one, several, or by name."""
    if isinstance(value, tuple):
        for each in value:
            yield from ("", f"[[{key}]]", *_table_lines(each, f"{key}."))
    elif isinstance(value, Mapping):
        records = {name: each for name, each in value.items() if dataclasses.is_dataclass(each)}
        yield from ("", f"[{key}]")
        yield from (f"{toml_key(name)} = {toml_value(each)}" for name, each in value.items() if name not in records)
        for name, each in records.items():
            yield from ("", f"[{key}.{toml_key(name)}]", *_table_lines(each, f"{key}.{toml_key(name)}."))
    else:
        yield from ("", f"[{key}]", *_table_lines(value, f"{key}."))


def toml_key(key: str) -> str:
    """Write a key, quoted where it must be."""
    bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if bare else toml_value(key)


def toml_value(value: object) -> str:
    """Write a value as TOML writes it; text escaped as TOML's basic strings are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(toml_value(each) for each in value)}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{toml_key(str(key))} = {toml_value(each)}' for key, each in value.items())} }}"
    text = value if isinstance(value, str) else str(value)
    whole = text.encode("utf-8", errors="replace").decode("utf-8")  # half a character is none
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
