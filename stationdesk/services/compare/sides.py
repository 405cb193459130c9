"""One row beside one record, field by field: what counts as the same, and what each side tells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stationdesk.core.fields import Book, Field, Kind, Value, text_of
from stationdesk.core.idcard import normalise, upgrade
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line, digits
from stationdesk.services.compare.results import Difference
from stationdesk.services.importing.comparing import NEAR, apart
from stationdesk.services.importing.lines import Line
from stationdesk.services.importing.lists import folded

_STARS = re.compile(r"[*＊]+")
_PLACES = frozenset({Kind.LATITUDE, Kind.LONGITUDE})


@dataclass(frozen=True, slots=True)
class Ours:
    """What we know of a record for the compared fields: values by field name, and their words."""

    values: Mapping[str, Value]
    words: Mapping[str, str]


def ours_of(fields: tuple[Field, ...], values: Mapping[str, Value], book: Book) -> Ours:
    """Our side; `values` by field name."""
    told = {field.name: values.get(field.name) for field in fields}
    return Ours(told, {field.name: text_of(field, told[field.name], book) for field in fields})


def differences(fields: tuple[Field, ...], line: Line, ours: Ours, book: Book) -> tuple[Difference, ...]:
    """Where a row and our record tell different things; a place is one field."""
    found = [
        Difference(_(field.label), ours.words[field.name], _their_words(field, line, book))
        for field in fields
        if field.spec.kind not in _PLACES and not _agree(field, line, ours)
    ]
    place = _place(fields, line, ours)
    return (*found, place) if place is not None else tuple(found)


def _agree(field: Field, line: Line, ours: Ours) -> bool:
    mine = ours.values[field.name]
    text = line.text(field.name)
    if is_masked(text):
        return fits_mask(text, ours.words[field.name])
    if field.name not in line.values:
        # The cell is blank, or no value of the field could be made of it: then the words are compared.
        return folded(text) == folded(ours.words[field.name])
    theirs = line.values[field.name]
    if theirs in (None, "", frozenset()):
        return mine in (None, "", frozenset(), False)
    if theirs == mine:
        return True
    if isinstance(theirs, str) and isinstance(mine, str) and not field.spec.codes:
        return _alike(field, theirs, mine)
    return False


def _alike(field: Field, theirs: str, mine: str) -> bool:
    if field.spec.kind is Kind.ID_NUMBER:
        return _number(theirs) == _number(mine)
    if field.spec.kind is Kind.PHONE:
        return digits(theirs) == digits(mine)
    return folded(theirs) == folded(mine)


def _number(text: str) -> str:
    """An identity number in its present form: those of 15 digits got three more."""
    number = normalise(text)
    return upgrade(number) if len(number) == 15 and number.isdecimal() else number


def is_masked(text: str) -> bool:
    """Whether a text shows stars for what is not to be seen."""
    return _STARS.search(text) is not None


def fits_mask(masked: str, whole: str) -> bool:
    """Whether a masked text (110***********2X, 张*) can be of a whole one: a run of stars stands for any signs."""
    text = unicodedata.normalize("NFKC", clean_line(masked))
    shown = [re.escape(part) for part in _STARS.split(text)]
    flat = unicodedata.normalize("NFKC", clean_line(whole))
    return bool(flat) and re.fullmatch(".+".join(shown), flat) is not None


def _their_words(field: Field, line: Line, book: Book) -> str:
    value = line.values.get(field.name)
    if value in (None, "", frozenset()) or isinstance(value, str):
        linked = field.spec.link and value and value != line.text(field.name)
        return text_of(field, value, book) if linked else line.text(field.name)
    return text_of(field, value, book)


def _place(fields: tuple[Field, ...], line: Line, ours: Ours) -> Difference | None:
    names: dict[Kind, str] = {field.spec.kind: field.name for field in fields if field.spec.kind in _PLACES}
    if len(names) < len(_PLACES):
        return None
    lat, lon = names[Kind.LATITUDE], names[Kind.LONGITUDE]
    mine: tuple[Any, Any] = (ours.values[lat], ours.values[lon])
    theirs: tuple[Any, Any] = (line.values.get(lat), line.values.get(lon))
    metres = apart(mine, theirs)
    if (metres is not None and metres <= NEAR) or (None in mine and None in theirs):
        return None
    far = "" if metres is None else _("（相距 {metres:,.0f} 米）").format(metres=metres)
    return Difference(_("位置"), _spot(mine), _spot(theirs) + far)


def _spot(place: tuple[Any, Any]) -> str:
    return "" if None in place else f"{place[0]:.5f}, {place[1]:.5f}"
