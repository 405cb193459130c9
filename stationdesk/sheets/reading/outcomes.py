"""What reading one cell comes to."""

from __future__ import annotations

from dataclasses import dataclass

from stationdesk.core.fields import Value


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a cell; `note` says what was understood where that was not written out."""

    value: Value
    note: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell cannot be the value of its field, in a sentence for the worker."""

    sentence: str
