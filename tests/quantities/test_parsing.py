"""Parsing and printing: exact examples, identity of print and parse, and text that must be refused."""

import contextlib
import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenfold.quantities import (
    LOSSLESS,
    UNITS,
    Amount,
    InputError,
    Place,
    format_quantity,
    format_share,
    parse_any_quantity,
    parse_date,
    parse_quantity,
)
from tenfold.quantities.units import SYMBOLS, UNIT_OF_DIMENSION, _symbols

DAY = 86_400.0
YEAR = 365.25 * DAY

EXAMPLES = [
    ("3.35 TB/s", "B/s", 3.35e12),
    ("400 Gbit/s", "B/s", 50e9),
    ("400 Gb/s", "B/s", 50e9),
    ("400Gbps", "B/s", 50e9),
    ("400 GB/s", "B/s", 400e9),
    ("80 GB", "B", 80e9),
    ("80 GiB", "B", 80 * 2**30),
    ("989.4 TFLOP/s", "FLOP/s", 989.4e12),
    ("1979 TOPS", "FLOP/s", 1979e12),
    ("3.8e25 FLOP", "FLOP", 3.8e25),
    ("1.4 TFLOP/s/W", "FLOP/J", 1.4e12),
    ("700 W", "W", 700.0),
    ("1.2 GWh", "J", 1.2e9 * 3600),
    ("$1.99/h", "USD/h", 1.99),
    ("$1.99 per GPU-hour", "USD/h", 1.99),
    ("$30,000", "USD", 30_000.0),
    ("$250M", "USD", 250e6),
    ("$1.2B", "USD", 1.2e9),
    ("USD 1.2 billion", "USD", 1.2e9),
    ("$89.2/MWh", "USD/kWh", 0.0892),
    ("$0.0892/kWh", "USD/kWh", 0.0892),
    ("$12M/MW", "USD/W", 12.0),
    ("$2.50/1M tokens", "USD/token", 2.5e-6),
    ("320 gCO2/kWh", "kg/kWh", 0.32),
    ("320 g CO2/kWh", "kg/kWh", 0.32),
    ("0.15 L/kWh", "L/kWh", 0.15),
    ("3 µs", "s", 3e-6),
    ("3 μs", "s", 3e-6),
    ("60 days", "s", 60 * DAY),
    ("2 weeks", "s", 14 * DAY),
    ("2 years", "s", 2 * YEAR),
    ("6 months", "s", YEAR / 2),
    ("90 min", "s", 5400.0),
    ("15.6T tokens", "tokens", 15.6e12),
    ("15.6T", "tokens", 15.6e12),
    ("16M tokens", "tokens", 16e6),
    ("2,048 sequences", "sequences", 2048.0),
    ("405B parameters", "parameters", 405e9),
    ("405B", "parameters", 405e9),
    ("405B", "B", 405.0),
    ("8%", "1", 0.08),
    ("1,000", "1", 1000.0),
    ("16,384 GPUs", "1", 16_384.0),
    ("814 mm²", "m2", 814e-6),
    ("5 nm", "m", 5e-9),
    ("6.5/1000 node-days", "1/s", 6.5 / 1000 / DAY),
    ("6.5 per 1,000 node-days", "1/s", 6.5 / 1000 / DAY),
    ("9% per GPU-year", "1/s", 0.09 / YEAR),
    ("30.84M GPU-hours", "chip-h", 30.84e6),
    ("250 requests/s", "requests/s", 250.0),
]


@pytest.mark.parametrize(("text", "unit", "value"), EXAMPLES)
def test_reads_what_people_write(text: str, unit: str, value: float) -> None:
    assert parse_quantity(text, unit) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(("text", "unit", "value"), [row for row in EXAMPLES if row[0] != "405B"])
def test_tells_the_unit_from_the_text(text: str, unit: str, value: float) -> None:
    found, told = parse_any_quantity(text)
    assert found == pytest.approx(value, rel=1e-15)
    assert told == unit or (told == "1" and unit == "tokens")


REFUSED = [
    ("700", "W", "'700' has no unit. Write it like '700 W'"),
    ("80 GB", "W", "'80 GB' is not a quantity in W. Write it like '700 W'"),
    ("80 mw", "W", "'80 mw' has an unknown unit 'mw'. Did you mean 'MW'? Write it like '700 W'"),
    (
        "15.6X",
        "tokens",
        "'15.6X' has an unknown unit 'X'. Units are T tokens, B tokens, M tokens, tokens. Write it like '15.6T tokens'",
    ),
    ("-5 W", "W", "'-5 W' is negative. Write it like '700 W'"),
    ("nan", "1", "'nan' is not finite. Write it like '0.8'"),
    ("-inf", "1", "'-inf' is not finite. Write it like '0.8'"),
    ("1e400 W", "W", "'1e400 W' is too large. Write it like '700 W'"),
    ("1e9999 W", "W", "'1e9999 W' does not begin with a number. Write it like '700 W'"),
    ("1,5 days", "s", "'1,5 days' does not begin with a number. Write it like '60 days'"),
    ("5 / 0 days", "1/s", "'5 / 0 days' divides by zero. Write it like '6.5 per 1000 node-days'"),
    ("989 TFLOPs", "FLOP/s", "'989 TFLOPs' is not a quantity in FLOP/s. Write it like '989 TFLOP/s'"),
    ("5 chips", "tokens", "'5 chips' is not a quantity in tokens. Write it like '15.6T tokens'"),
    (True, "1", "'True' is not a quantity. Write it like '0.8'"),
    (10**400, "1", "the number is too large. Write it like '0.8'"),
    (float("inf"), "1", "'inf' is not finite. Write it like '0.8'"),
    ("9" * 101, "1", "a text of 101 characters is too long for a quantity. Write it like '0.8'"),
]


@pytest.mark.parametrize(("text", "unit", "message"), REFUSED)
def test_says_what_is_wrong_and_what_to_type(text: str | int | float, unit: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_quantity(text, unit)
    assert str(caught.value) == message


def test_error_names_file_and_key() -> None:
    with pytest.raises(InputError) as caught:
        parse_quantity("700", "W", file="chips/x.toml", key="power.tdp")
    assert str(caught.value) == "chips/x.toml: power.tdp: '700' has no unit. Write it like '700 W'"


def test_two_meanings_are_refused() -> None:
    with pytest.raises(InputError, match=r"'405B' may mean 1 or B. Name the unit in full"):
        parse_any_quantity("405B")


def test_unknown_canonical_unit_is_refused() -> None:
    with pytest.raises(InputError, match="'GB' is no unit that figures are kept in"):
        parse_quantity("80 GB", "GB")
    with pytest.raises(InputError, match="'GB' is no unit that figures are kept in"):
        format_quantity(80.0, "GB")


def test_negative_only_when_admitted() -> None:
    assert parse_quantity("-$1.2M", "USD", negative=True) == -1.2e6
    assert parse_quantity(-3, "W", negative=True) == -3.0


def test_every_word_has_one_meaning() -> None:
    words = list(_symbols())
    assert len({word for word, _ in words}) == len(words) == len(SYMBOLS)


def test_every_dimension_has_one_canonical_unit() -> None:
    assert len(UNIT_OF_DIMENSION) == len(UNITS)


@pytest.mark.parametrize("unit", UNITS)
def test_every_example_parses(unit: str) -> None:
    assert parse_quantity(UNITS[unit].example, unit) > 0
    assert parse_any_quantity(UNITS[unit].example)[1] == unit


units = st.sampled_from(list(UNITS))
values = st.floats(1e-300, 1e290) | st.integers(0, 10**18).map(float) | st.floats(1e-12, 1e30)


@given(value=values, unit=units)
@example(value=0.0, unit="USD/h")
@example(value=0.1, unit="1")
def test_lossless_print_and_parse_are_one(value: float, unit: str) -> None:
    for signed in (value, -value):
        assert parse_quantity(format_quantity(signed, unit, LOSSLESS), unit, negative=True) == signed


@given(value=values, unit=units, digits=st.integers(1, 16))
def test_print_and_parse_agree_to_the_digits_printed(value: float, unit: str, digits: int) -> None:
    back = parse_quantity(format_quantity(value, unit, digits), unit)
    assert back == pytest.approx(value, rel=0.5000001 * 10 ** (1 - digits) + 3e-16, abs=0)


@given(value=st.floats(1e-20, 1e30), unit=units)
def test_print_names_its_own_unit(value: float, unit: str) -> None:
    told = parse_any_quantity(format_quantity(value, unit))[1]
    assert told == unit


def check_text(text: str, unit: str) -> None:
    with contextlib.suppress(InputError):
        assert parse_quantity(text, unit) >= 0
    with contextlib.suppress(InputError):
        assert parse_any_quantity(text)[0] >= 0


@given(text=st.text(max_size=120), unit=units)
@example(text="1e99999999999 W", unit="W")
@example(text="/", unit="1")
@example(text="$", unit="USD")
@example(text="5 per", unit="1/s")
def test_any_text_gives_a_number_or_an_input_error(text: str, unit: str) -> None:
    check_text(text, unit)


@given(
    text=st.lists(st.sampled_from([*"0123456789.,-+/ $%eBKMT", *list(SYMBOLS), " per ", "thousand"]), max_size=12).map(
        "".join
    ),
    unit=units,
)
def test_texts_made_of_units_give_a_number_or_an_input_error(text: str, unit: str) -> None:
    check_text(text, unit)


PRINTED = [
    (3.35e12, "B/s", "3.35 TB/s"),
    (1.99, "USD/h", "$1.99/h"),
    (2.0, "USD/h", "$2/h"),
    (1.2, "USD/h", "$1.20/h"),
    (15.6e12, "tokens", "15.6T tokens"),
    (60 * DAY, "s", "60 days"),
    (DAY, "s", "24 h"),
    (80e6, "W", "80 MW"),
    (999_999.0, "W", "1 MW"),
    (250e6, "USD", "$250M"),
    (-1.2e6, "USD", "-$1.2M"),
    (0.0, "USD", "$0"),
    (0.0892, "USD/kWh", "$0.0892/kWh"),
    (16_384.0, "1", "16,384"),
    (8192.0, "tokens", "8,192 tokens"),
    (0.4123, "1", "0.412"),
    (3e-6, "s", "3 us"),
    (3.8e25, "FLOP", "3.8e25 FLOP"),
    (814e-6, "m2", "814 mm2"),
    (5e-9, "m", "5 nm"),
    (2.5e-6, "USD/token", "$2.50/M tokens"),
    (6.5 / 1000 / DAY, "1/s", "2.37/year"),
    (float("inf"), "s", "inf s"),
]


@pytest.mark.parametrize(("value", "unit", "text"), PRINTED)
def test_prints_what_people_read(value: float, unit: str, text: str) -> None:
    assert format_quantity(value, unit) == text


def test_shares_print_as_percentages() -> None:
    assert [format_share(value) for value in (0.412, 1.0, -0.05, float("nan"))] == ["41.2 %", "100 %", "-5 %", "nan"]


DATES = [
    ("2026-03-01", datetime.date(2026, 3, 1), datetime.date(2026, 3, 1)),
    ("2026-02", datetime.date(2026, 2, 1), datetime.date(2026, 2, 28)),
    ("2026Q3", datetime.date(2026, 7, 1), datetime.date(2026, 9, 30)),
    ("2026-Q4", datetime.date(2026, 10, 1), datetime.date(2026, 12, 31)),
    ("2026", datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)),
]


@pytest.mark.parametrize(("text", "first", "last"), DATES)
def test_reads_dates(text: str, first: datetime.date, last: datetime.date) -> None:
    assert parse_date(text) == first
    assert parse_date(text, end=True) == last


@pytest.mark.parametrize("text", ["2026-13", "2026-02-30", "2026Q5", "soon", "", "0000", "20260301"])
def test_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_date(text, file="goal.toml", key="by")
    assert str(caught.value) == (
        f"goal.toml: by: '{text}' is not a date. Write '2026-03-01', '2026-03', '2026Q3' or '2026'"
    )


@given(st.text(max_size=20) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True))
def test_any_text_gives_a_date_or_an_input_error(text: str) -> None:
    with contextlib.suppress(InputError):
        assert parse_date(text) <= parse_date(text, end=True)


@given(end=st.floats(0.5, 1.0, exclude_max=True))
def test_an_end_is_said_as_it_is(end: float) -> None:
    """The value that is named as the largest is allowed: 0.99999 is not printed as 1."""
    asked = Amount("1", least=0.5, most=end)
    with pytest.raises(InputError, match="too large") as trouble:
        asked.read(2.0, Place())
    assert asked.read(trouble.value.problems[0].remedy.rpartition(" ")[2], Place()) <= end
