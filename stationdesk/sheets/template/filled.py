"""Filling and re-reading for every medium."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from stationdesk.core.progress import SILENT, Progress
from stationdesk.sheets.template.fill import Filled, Material, fill
from stationdesk.sheets.template.rereading import check_filled
from stationdesk.sheets.template.rules import Template


def fill_any(
    blank: bytes, template: Template, material: Material, target: IO[bytes], progress: Progress = SILENT
) -> Filled:
    """Fill a form of either medium and write it to `target`; see `fill.fill` and `word.fill_document`."""
    if template.medium == "docx":
        from stationdesk.sheets.template.word import fill_document

        return fill_document(blank, template, material, target, progress)
    return fill(blank, template, material, target, progress)


def check_any(path: Path, template: Template, filled: Filled, progress: Progress = SILENT) -> None:
    """Read a filled form back.

    Raises:
        LostRows: something that was written is not in it.
    """
    if template.medium == "docx":
        from stationdesk.sheets.template.word import check_filled_document

        check_filled_document(path, filled)
        return
    check_filled(path, filled, progress)
