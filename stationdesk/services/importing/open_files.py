"""What a file of an open format says by itself: which columns are the place, and what of it was not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stationdesk.core.fields import Field, Kind
from stationdesk.sheets.open_formats.listing import LATITUDE, LONGITUDE
from stationdesk.sheets.reading.cells import Workbook
from stationdesk.sheets.reading.guessing import Guess
from stationdesk.sheets.reading.tables import LeftOut, SheetTable

HEADER = (1, 1)
"""An open format has one header, and nothing stands above it."""

_PLACES = {LATITUDE: Kind.LATITUDE, LONGITUDE: Kind.LONGITUDE}


def placed(guesses: Sequence[Guess], fields: Sequence[Field]) -> tuple[Guess, ...]:
    """The guesses with the place where the reader put it, wherever on the earth it is; nothing is left to guess."""
    first: dict[Kind, Field] = {}
    for field in fields:
        first.setdefault(field.spec.kind, field)
    told = {
        place: first[_PLACES[guess.column.label]]
        for place, guess in enumerate(guesses)
        if guess.column.label in _PLACES and _PLACES[guess.column.label] in first
    }
    taken = {field.name for field in told.values()}
    return tuple(
        replace(guess, field=told[place], confidence=1.0)
        if place in told
        else replace(guess, field=None, confidence=0.0)
        if guess.field is not None and guess.field.name in taken
        else guess
        for place, guess in enumerate(guesses)
    )


def with_notes(table: SheetTable, workbook: Workbook) -> SheetTable:
    """The table with what was not read of the file among what is left out, so that the worker is told."""
    unread = tuple(LeftOut(0, note, "") for note in workbook.notes)
    return replace(table, left_out=(*unread, *table.left_out)) if unread else table
