"""What the cells of a column look like, and whether a field could be in them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from stationdesk.core.fields import Field, Kind
from stationdesk.sheets.reading.cells import Cell
from stationdesk.sheets.reading.choosing import Codes, NoCodes, choose_code, parts_of
from stationdesk.sheets.reading.numbers import read_truth
from stationdesk.sheets.reading.outcomes import Read

NO_CODES = NoCodes()

SAMPLE = 200
"""Cells of a column that are looked at."""
_ENOUGH = 3  # cells; with fewer nothing is proven

_ID = re.compile(r"\d{17}[\dX]|\d{15}")
_PHONE = re.compile(r"(\+?86)?1[3-9]\d{9}|0?\d{2,3}[2-8]\d{6,7}|[2-8]\d{6,7}|[48]00\d{7}|1\d{2}|12345|9\d{4}")
_DATE = re.compile(r"(19|20)?\d{2}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?月?(\s.*)?|(19|20)\d{6}")
_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?[^\d]{0,5}")
_OUR_NUMBER = re.compile(r"[^\d\s]{1,4}-?\d{1,6}")


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares, from 0 to 1, of the cells that look like something; `count` cells were looked at."""

    count: int
    ids: float = 0.0
    phones: float = 0.0
    dates: float = 0.0
    numbers: float = 0.0
    longitudes: float = 0.0
    latitudes: float = 0.0
    our_numbers: float = 0.0
    texts: tuple[str, ...] = ()


def profile_of(cells: Sequence[Cell]) -> Profile:
    """The profile of a column, from a sample of its cells over its whole length."""
    sample = [cell for cell in cells if cell is not None]
    if not sample:
        return Profile(0)
    texts = tuple("".join(unicodedata.normalize("NFKC", str(cell)).split()).strip("'") for cell in sample)

    def share(hits: Sequence[bool]) -> float:
        return sum(hits) / len(sample)

    plain = [re.sub(r"[-()]", "", text) for text in texts]
    degrees = [_degree(cell) for cell in sample]
    return Profile(
        count=len(sample),
        ids=share([_ID.fullmatch(text.upper()) is not None for text in texts]),
        phones=share([_PHONE.fullmatch(text) is not None for text in plain]),
        dates=share(
            [isinstance(cell, date) or _DATE.fullmatch(str(cell).strip()) is not None for cell in sample]
        ),
        numbers=share([_is_number(cell) for cell in sample]),
        longitudes=share([degree is not None and 73 <= degree <= 136 for degree in degrees]),
        latitudes=share([degree is not None and 3 <= degree <= 54 for degree in degrees]),
        our_numbers=share([_OUR_NUMBER.fullmatch(text) is not None for text in texts]),
        texts=texts,
    )


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, bool | date | datetime):
        return False
    return isinstance(cell, int | float) or _NUMBER.fullmatch(str(cell).strip()) is not None


def _degree(cell: Cell) -> float | None:
    """A number with some decimals, as a coordinate has; whole numbers are ages and counts."""
    try:
        number = float(cell) if isinstance(cell, str | float) else None
    except ValueError:
        return None
    # "nan" and "inf" are numbers to float(), and names to people.
    return number if number is not None and math.isfinite(number) and number != int(number) else None


def fits(field: Field, profile: Profile, names: Collection[str] = (), codes: Codes = NO_CODES) -> float:
    """From 1, the cells prove the field, over 0, they say nothing, to -1, they rule it out."""
    if profile.count == 0:
        return 0.0
    enough = profile.count >= _ENOUGH
    if field.spec.codes and codes.codes_of(field.spec.codes):
        known = sum(_is_listed(field, text, codes) for text in set(profile.texts)) / len(set(profile.texts))
        return 0.2 if known >= 0.5 else _against(known, enough, 0.5)
    if names and field.spec.link:
        share = sum(text in names for text in profile.texts) / profile.count
        return share if share >= 0.5 and enough else 0.0
    return _by_kind(field, profile, enough=enough)


def _is_listed(field: Field, text: str, codes: Codes) -> bool:
    parts = parts_of(text) if field.many else [text]
    return any(isinstance(choose_code(codes, field.spec.codes, part), Read) for part in parts)


def _by_kind(field: Field, profile: Profile, *, enough: bool) -> float:
    match field.spec.kind:
        case Kind.ID_NUMBER:
            return profile.ids if profile.ids >= 0.5 else _against(profile.ids, enough, 0.6)
        case Kind.PHONE:
            # Identity numbers and postcodes are long or short numbers too; phones alone prove little.
            return 0.8 * profile.phones if profile.phones >= 0.6 else _against(profile.phones, enough, 0.5)
        case Kind.LONGITUDE:
            return _beyond(profile.longitudes, enough)
        case Kind.LATITUDE:
            return _beyond(profile.latitudes, enough)
        case Kind.NUMBER:
            # Running numbers of somebody else's list are no numbers of ours.
            return 0.0 if profile.our_numbers >= 0.5 or not enough else -0.9
        case _:
            return _by_type(field, profile, enough=enough)


def _by_type(field: Field, profile: Profile, *, enough: bool) -> float:
    if field.type is date:
        return 0.2 if profile.dates >= 0.5 else _against(profile.dates + profile.numbers, enough, 0.5)
    if field.type in (int, float, Decimal):
        return _against(profile.numbers, enough, 0.5)
    if field.type is bool:
        answers = sum(isinstance(read_truth(text), Read) for text in profile.texts) / profile.count
        return 0.2 if answers >= 0.5 else _against(answers, enough, 0.6)
    if field.many or not issubclass(field.type, Enum):
        return 0.0
    labels = {str(getattr(member, "label", "")) for member in field.type} | {str(m.value) for m in field.type}
    known = sum(
        any(label.startswith(text) or text.startswith(label) for label in labels if label)
        for text in profile.texts
    )
    return 0.2 if known >= profile.count * 0.5 else _against(known / profile.count, enough, 0.4)


def _against(share: float, enough: bool, force: float) -> float:
    return -force if enough and share < 0.1 else 0.0


def _beyond(share: float, enough: bool) -> float:
    """A coordinate outside the country is none."""
    if share >= 0.8:
        return 0.3
    return -0.8 if enough and share < 0.5 else 0.0
