"""Printed pages laid on other sheets, whole or a window of them: lines stay lines, and text stays text.

A page becomes one form of the new file (ISO 32000-1, 8.10) that any number of sheets draw, so that a large
drawing which is cut into many sheets is held once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from stationdesk.maps.sheet.geometry import Box

POINT = 25.4 / 72
"""Millimetres in a point."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A form on a sheet: the `window` of the page it is made from, in millimetres from its left upper corner,
    where that window's left upper corner lies on the sheet, and how many times as large it is drawn.
    """

    form: IndirectObject
    window: Box
    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0


def form_of(writer: PdfWriter, page: PageObject) -> IndirectObject:
    """What is drawn on a page, kept in the file of `writer` to be laid on its sheets."""
    contents = page.get_contents()
    form = DecodedStreamObject()
    form.set_data(contents.get_data() if contents is not None else b"")
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(FloatObject(float(side)) for side in page.mediabox),
            NameObject("/Resources"): page["/Resources"],
        }
    )
    return _kept(writer, form.flate_encode())


def lay(writer: PdfWriter, size: tuple[float, float], laid: Sequence[Laid]) -> None:
    """Add a sheet of `size` millimetres with the forms laid on it in this order."""
    sheet = writer.add_blank_page(width=size[0] / POINT, height=size[1] / POINT)
    forms = DictionaryObject()
    steps: list[str] = []
    for number, each in enumerate(laid):
        name = f"/Laid{number}"
        forms[NameObject(name)] = each.form
        steps.append(_steps(each, size[1], name))
    contents = DecodedStreamObject()
    contents.set_data("\n".join(steps).encode("ascii"))
    sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): forms})
    sheet[NameObject("/Contents")] = _kept(writer, contents)


def _kept(writer: PdfWriter, stream: StreamObject) -> IndirectObject:
    """A stream as an object of the file of its own, as the format asks."""
    stream.indirect_reference = None  # told to be one; otherwise pypdf copies it as a part of something else
    kept = stream.clone(writer).indirect_reference
    if kept is None:
        raise ValueError("the file did not take the stream")
    return kept


def _steps(laid: Laid, height: float, name: str) -> str:
    """Cut to the window, move, draw; PDF measures in points upwards from the left lower corner."""
    window, scale = laid.window, laid.scale
    wide, high = window.width * scale / POINT, window.height * scale / POINT
    left, bottom = laid.x / POINT, height / POINT - laid.y / POINT - high
    top_of_page = float(_box(laid.form)[3])
    across = left - window.x * scale / POINT
    up = bottom - (top_of_page - window.bottom / POINT) * scale
    return (
        f"q {left:.3f} {bottom:.3f} {wide:.3f} {high:.3f} re W n "
        f"{scale:.6f} 0 0 {scale:.6f} {across:.3f} {up:.3f} cm {name} Do Q"
    )


def _box(form: IndirectObject) -> Sequence[Any]:
    resolved = form.get_object()
    box = resolved["/BBox"] if isinstance(resolved, DictionaryObject) else None
    if not isinstance(box, ArrayObject):
        raise TypeError("a form has a box")
    return box
