"""Records behave as the frozen dataclasses of the standard library, which is the rival here."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.quantities import dataclass


class Plain:
    """A class before it is a record."""

    first: int
    second: str = "said"
    third: tuple[int, ...] = dataclasses.field(default_factory=tuple)
    unsaid: float = dataclasses.field(default=1.0, compare=False, repr=False)
    left: int = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        """Set what is not taken."""
        object.__setattr__(self, "left", self.first + 1)


def made(decorator: Any, **how: bool) -> Any:
    """Give the class made into a record."""
    body = {name: value for name, value in vars(Plain).items() if name not in ("__dict__", "__weakref__")}
    return decorator(frozen=True, slots=True, **how)(type("Plain", (), body))


OURS, RIVAL = made(dataclass, kw_only=True), made(dataclasses.dataclass, kw_only=True)
VALUES = st.fixed_dictionaries(
    {"first": st.integers()},
    optional={"second": st.text(), "third": st.tuples(st.integers()), "unsaid": st.floats(allow_nan=False)},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A record that another one extends."""

    one: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Further(Base):
    """A record that says of itself how it is printed."""

    two: int = 2

    def __repr__(self) -> str:
        """Both."""
        return f"{self.one} and {self.two}"


@settings(deadline=None)
@given(values=VALUES, others=VALUES)
def test_a_record_is_compared_hashed_and_printed_as_its_rival(values: dict[str, Any], others: dict[str, Any]) -> None:
    ours, rival = OURS(**values), RIVAL(**values)
    assert repr(ours) == repr(rival)
    assert hash(ours) == hash(rival)
    assert dataclasses.astuple(ours) == dataclasses.astuple(rival)
    assert (ours == OURS(**others)) == (rival == RIVAL(**others))
    assert dataclasses.astuple(dataclasses.replace(ours, first=3)) == dataclasses.astuple(
        dataclasses.replace(rival, first=3)
    )
    assert ours != rival


def test_a_record_takes_what_its_rival_takes() -> None:
    assert inspect.signature(OURS).parameters.keys() == inspect.signature(RIVAL).parameters.keys()
    assert dataclasses.astuple(made(dataclass)(1, "a")) == dataclasses.astuple(made(dataclasses.dataclass)(1, "a"))
    for values in ({}, {"first": 1, "left": 2}, {"first": 1, "fourth": 4}):
        with pytest.raises(TypeError):
            OURS(**values)


def test_a_record_stays_as_it_is_and_is_copied_and_pickled() -> None:
    record = Further(one=1)
    for name in ("one", "other"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, name, 2)
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(record, name)
    for same in (copy.copy(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
        assert same == record
        assert repr(same) == "1 and 2"
    assert Base(one=1) != record
