"""A form that was taught, wherever it comes from: its blank, its rules, its name."""

from __future__ import annotations

from dataclasses import dataclass

from stationdesk.sheets.template.rules import Template


@dataclass(frozen=True, slots=True)
class Taught:
    """A blank and what goes where in it. `file_name` is that of the blank as it was opened."""

    name: str
    template: Template
    blank: bytes
    file_name: str
    department: str = ""
    note: str = ""
