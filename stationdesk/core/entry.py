"""What a value becomes when it enters the station: cleaned once, here, whatever door it came through."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Kind, Value
from stationdesk.core.messages import _
from stationdesk.core.text import clean, clean_line, full_to_half

_LARGEST = (2**63 - 1) // 100
"""What SQLite holds in a whole number, money being stored in 分; nothing a station counts comes near."""

_CENT = Decimal("0.01")
_HALF_WIDTH = (Kind.PHONE, Kind.ID_NUMBER, Kind.NUMBER)
_SEVERAL_LINES = (Kind.TEXT, Kind.GEOMETRY)
_NUMBERS = (int, float, Decimal)
_NOTHING: frozenset[object] = frozenset()


def entered(field: Field, value: Value) -> Value:
    """The value as it is stored.

    Text is cleaned (several lines only where the field has them), numbers and phones are made half
    width, and an empty text or set in an optional field is None. Doing it twice changes nothing.

    Raises:
        UserError: a number that no column can hold.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return _entered_text(field, value) if field.type is str else value
    if isinstance(value, _NUMBERS):
        _check_size(field, value)
    if isinstance(value, Decimal):
        # What is stored and what the audit keeps are one amount: whole 分, half a 分 up as people round.
        return value.quantize(_CENT, ROUND_HALF_UP)
    if value == _NOTHING and field.optional:
        return None
    return value


def _entered_text(field: Field, text: str) -> str | None:
    # Tuples, for a kind is looked for among a few by what it is: its hash would take longer than the cleaning.
    kind = field.spec.kind
    if kind in _HALF_WIDTH:
        text = full_to_half(clean_line(text))
        if kind is Kind.ID_NUMBER:
            text = full_to_half(text.upper())  # a letter may come apart when it becomes a capital
        text = clean_line(text)
    elif kind in _SEVERAL_LINES:
        text = clean(text).strip()
    else:
        text = clean_line(text)
    return text or (None if field.optional else "")


def _check_size(field: Field, value: float | Decimal) -> None:
    comparable = not isinstance(value, Decimal) or value.is_finite()
    if not (comparable and -_LARGEST <= value <= _LARGEST):
        raise UserError(
            "“{field}”的数 {given} 太大，存不下。请检查是否填错。", field=_(field.label), given=value
        )
