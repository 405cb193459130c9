"""What a value becomes when it enters the station: cleaned once, here, whatever door it came through."""

from __future__ import annotations

from stationdesk.core.fields import Field, Kind, Value
from stationdesk.core.text import clean, clean_line, full_to_half

_HALF_WIDTH = frozenset({Kind.PHONE, Kind.ID_NUMBER, Kind.NUMBER})


def entered(field: Field, value: Value) -> Value:
    """The value as it is stored.

    Text is cleaned (several lines only where the field has them), numbers and phones are made half
    width, and an empty text in an optional field is None. Doing it twice changes nothing.
    """
    if not isinstance(value, str) or field.type is not str:
        return value
    if field.spec.kind in _HALF_WIDTH:
        value = full_to_half(clean_line(value))
        if field.spec.kind is Kind.ID_NUMBER:
            value = value.upper()
    elif field.spec.kind in {Kind.TEXT, Kind.GEOMETRY}:
        value = clean(value).strip()
    else:
        value = clean_line(value)
    return value or (None if field.optional else "")
