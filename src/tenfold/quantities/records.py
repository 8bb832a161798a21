"""Declaring records: what ``dataclasses.dataclass`` makes of a class, in a third of the time where it is frozen.

The standard library writes source for six methods of every frozen class and compiles each on its own; for the hundreds
of records that a command loads this takes a tenth of its time. Five of the six say the same of every record: they stand
here once, as functions of the names of its fields, and only ``__init__`` is compiled. ``fields``, ``replace`` and all
else of ``dataclasses`` take these records as any others. A record that extends one of ``dataclasses.make_dataclass``,
and what is loaded without any room, are declared as in the standard library.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool = False, slots: bool = False, kw_only: bool = False) -> Callable[[type], type]:
        """Make a record of a class, as the decorator of this name in the standard library does."""
        if not (frozen and slots):
            return dataclasses.dataclass(frozen=frozen, slots=slots, kw_only=kw_only)
        bare = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)
        return lambda cls: _with_methods(bare(cls))


def _with_methods(cls: Any) -> type:  # noqa: ANN401  (a class of records)
    """Give a class the methods of a frozen record, but for those that it has of its own."""
    fields: Sequence[dataclasses.Field[Any]] = dataclasses.fields(cls)
    methods: Mapping[str, Callable[..., object]] = {
        "__init__": _initialiser(cls, fields),
        "__repr__": _printer([field.name for field in fields if field.repr]),
        "__eq__": _comparison([field.name for field in fields if field.compare]),
        "__hash__": _hash([field.name for field in fields if (field.compare if field.hash is None else field.hash)]),
        "__setattr__": _refuse_to_set,
        "__delattr__": _refuse_to_delete,
        "__getstate__": _state,
        "__setstate__": _restore,
    }
    for name, method in methods.items():
        if cls.__dict__.get(name) is None:
            setattr(cls, name, method)
    made: type = cls
    return made


def _initialiser(cls: type, fields: Sequence[dataclasses.Field[Any]]) -> Callable[..., None]:
    """Compile the function that takes the fields of a record and sets them."""
    made: dict[str, Any] = {"_set": object.__setattr__, "_unsaid": _UNSAID}
    for field in fields:
        made |= {f"_default_{field.name}": field.default, f"_make_{field.name}": field.default_factory}
    bare = [_parameter(field) for field in fields if field.init and not field.kw_only]
    named = [_parameter(field) for field in fields if field.init and field.kw_only]
    taken = ", ".join(("self", *bare, *(("*", *named) if named else ())))
    after = ["self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    body = "\n ".join((*_settings(fields), *after)) or "pass"
    exec(f"def __init__({taken}):\n {body}", made)  # noqa: S102  (names of fields, which Python has read already)
    function: Callable[..., None] = made["__init__"]
    function.__qualname__ = f"{cls.__qualname__}.__init__"
    function.__annotations__ = {field.name: field.type for field in fields if field.init} | {"return": None}
    return function


_UNSAID = object()
"""Stands for a value that a factory is to make."""


def _parameter(field: dataclasses.Field[Any]) -> str:
    if field.default is not dataclasses.MISSING:
        return f"{field.name}=_default_{field.name}"
    return field.name if field.default_factory is dataclasses.MISSING else f"{field.name}=_unsaid"


def _settings(fields: Iterable[dataclasses.Field[Any]]) -> Iterator[str]:
    """Lines that set the fields; one that is not taken and has no default is left to ``__post_init__``."""
    for field in fields:
        name, made = field.name, f"_make_{field.name}()"
        value = name if field.init else f"_default_{name}"
        if field.default_factory is not dataclasses.MISSING:
            value = f"{made} if {name} is _unsaid else {name}" if field.init else made
        elif not field.init and field.default is dataclasses.MISSING:
            continue
        yield f"_set(self, {name!r}, {value})"


def _values(names: Sequence[str]) -> Callable[[object], tuple[Any, ...]]:
    """Give the function that takes these values of a record."""
    return attrgetter(*names) if len(names) > 1 else lambda record: tuple(getattr(record, name) for name in names)


def _printer(names: Sequence[str]) -> Callable[[object], str]:
    @recursive_repr()
    def __repr__(self: object) -> str:  # noqa: N807
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _comparison(names: Sequence[str]) -> Callable[[object, object], bool]:
    values = _values(names)

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(names: Sequence[str]) -> Callable[[object], int]:
    values = _values(names)

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(values(self))

    return __hash__


def _refuse_to_set(_: object, name: str, __: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:  # noqa: ANN401  (a record)
    """Values of a record, which is copied and pickled by them."""
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _restore(self: Any, state: Iterable[Any]) -> None:  # noqa: ANN401
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
