"""Reading a printed PDF back: what text stands on each page, what could not be drawn, what is not embedded.

pypdf's own extraction ignores ActualText, by which the web engine tells e.g. 民 from the radical that shares its
glyph, and drops signs without a glyph. So the page's operators are walked here (ISO 32000-1, 9.10 and 14.9.4).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, DictionaryObject

_POINT = 25.4 / 72
_SMALLEST = 20.0  # points across, from which something is a picture and no ornament
_CHARS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]*)>|\[(.*?)\])", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")


class Unreadable(Exception):
    """The file is not a PDF that can be read back."""


@dataclass(frozen=True, slots=True)
class ProofPage:
    """One printed page.

    `size` in millimetres. `text` in the order of the file, without any added blanks. `boxes` counts the signs that
    were drawn as an empty box because no font on this computer has them; `doubtful` are the signs of the text that
    the file names for a run with a box in it. `coarsest` is the picture with the fewest points to the inch, as large as
    it is printed; None on a page without pictures.
    """

    size: tuple[float, float]
    text: str
    boxes: int
    unembedded: frozenset[str]
    doubtful: frozenset[str] = frozenset()
    coarsest: float | None = None


def read_proof(path: Path, chosen: Sequence[int] | None = None) -> tuple[ProofPage, ...]:
    """The pages of a PDF, or the `chosen` ones of them, from 0.

    Raises:
        Unreadable: when it is cut off or no PDF at all.
    """
    try:
        reader = PdfReader(path, strict=True)
        if chosen is not None:
            return tuple(_page(reader.pages[at]) for at in chosen)
        return tuple(_page(page) for page in reader.pages)
    except (PyPdfError, OSError, LookupError, ValueError) as trouble:
        raise Unreadable(str(trouble)) from trouble


@dataclass
class _Text:
    parts: list[str] = field(default_factory=list)
    boxes: int = 0
    unembedded: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    fonts: dict[int, _Font] = field(default_factory=dict)
    ppi: list[float] = field(default_factory=list)


def _page(page: Any) -> ProofPage:
    found = _Text()
    box = page.mediabox
    contents = page.get_contents()
    if contents is not None:
        _walk(ContentStream(contents, page.pdf), page["/Resources"], found, _SAME)
    size = (float(box.width) * _POINT, float(box.height) * _POINT)
    text = "".join(found.parts)
    return ProofPage(
        size,
        text,
        found.boxes,
        frozenset(found.unembedded),
        frozenset(found.doubtful),
        min(found.ppi, default=None),
    )


Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)


def _within(inner: Matrix, outer: Matrix) -> Matrix:
    """One transformation after another (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _matrix(numbers: Any) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in numbers)
    return a, b, c, d, e, f


def _walk(stream: Any, resources: Any, found: _Text, placed: Matrix) -> None:
    font: _Font | None = None
    saved: list[tuple[_Font | None, Matrix]] = []
    spans: list[bool] = []  # whether each open span of marked content brings its own text
    told, boxes = "", 0  # the text of the outermost of them, and the boxes before it
    for operands, operator in stream.operations:
        match operator:
            case b"q":
                saved.append((font, placed))
            case b"Q" if saved:
                font, placed = saved.pop()
            case b"cm":
                placed = _within(_matrix(operands), placed)
            case b"Tf":
                font = _font(resources["/Font"][operands[0]], found)
            case b"BDC" | b"BMC":
                text = _actual_text(operands, resources)
                if text is not None and not any(spans):
                    found.parts.append(text)
                    told, boxes = text, found.boxes
                spans.append(text is not None)
            case b"EMC" if spans:
                if spans.pop() and not any(spans) and found.boxes > boxes:
                    found.doubtful.update(told)
            case b"Tj" | b"'" | b'"' | b"TJ":
                _show(operands, font, found, silent=any(spans))
            case b"Do":
                _walk_object(resources["/XObject"][operands[0]].get_object(), resources, found, placed)
            case _:
                pass


def _walk_object(thing: Any, resources: Any, found: _Text, placed: Matrix) -> None:
    if thing.get("/Subtype") == "/Form":
        inner = _within(_matrix(thing.get("/Matrix", _SAME)), placed)
        _walk(ContentStream(thing, None), thing.get("/Resources", resources), found, inner)
    elif thing.get("/Subtype") == "/Image":
        across, down = math.hypot(placed[0], placed[1]), math.hypot(placed[2], placed[3])
        if across > _SMALLEST and down > _SMALLEST:
            found.ppi.append(min(thing["/Width"] / across, thing["/Height"] / down) * 72)


def _strings(operands: Any) -> Iterator[bytes]:
    last = operands[-1]
    for piece in last if isinstance(last, list) else [last]:
        raw = getattr(piece, "original_bytes", piece)
        if isinstance(raw, bytes):
            yield raw


def _show(operands: Any, font: _Font | None, found: _Text, *, silent: bool) -> None:
    if font is None:
        return
    for piece in _strings(operands):
        for at in range(0, len(piece), font.wide):
            code = int.from_bytes(piece[at : at + font.wide], "big")
            if font.is_box(code):
                found.boxes += 1
            elif not silent:
                found.parts.append(font.signs.get(code, ""))


def _actual_text(operands: Any, resources: Any) -> str | None:
    if len(operands) < 2:
        return None
    properties = operands[1]
    if not isinstance(properties, DictionaryObject):
        properties = resources.get("/Properties", {}).get(properties, {})
    text = properties.get("/ActualText")
    if text is None:
        return None
    raw = getattr(text, "original_bytes", None)
    if raw is not None and raw.startswith(b"\xfe\xff"):
        return bytes(raw[2:]).decode("utf-16-be", "replace")
    return str(text)


@dataclass(frozen=True, slots=True)
class _Font:
    """How one font's codes are read: bytes a code, the sign of each, which are the box of a missing glyph."""

    wide: int
    signs: Mapping[int, str]
    glyphs: Mapping[int, str] | None  # a Type 3 font names its glyphs; g0 is the box

    def is_box(self, code: int) -> bool:
        if self.glyphs is not None:
            return self.glyphs.get(code, "/g0") in {"/g0", "/.notdef"}
        return code == 0


def _font(entry: Any, found: _Text) -> _Font:
    resource = entry.get_object()
    known = found.fonts.get(id(resource))
    if known is not None:
        return known
    signs: dict[int, str] = {}
    if "/ToUnicode" in resource:
        signs = _signs(resource["/ToUnicode"].get_object().get_data())
    if resource["/Subtype"] == "/Type3":
        font = _Font(1, signs, _differences(resource["/Encoding"].get_object()["/Differences"]))
    else:
        composite = resource["/Subtype"] == "/Type0"
        owner = resource["/DescendantFonts"][0].get_object() if composite else resource
        descriptor = owner.get("/FontDescriptor", DictionaryObject()).get_object()
        if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            found.unembedded.add(str(resource.get("/BaseFont", "?")).lstrip("/"))
        font = _Font(2 if composite else 1, signs, None)
    found.fonts[id(resource)] = font
    return font


def _differences(entries: Any) -> dict[int, str]:
    names: dict[int, str] = {}
    code = 0
    for entry in entries:
        if isinstance(entry, int):
            code = int(entry)
        else:
            names[code] = str(entry)
            code += 1
    return names


def _signs(cmap: bytes) -> dict[int, str]:
    """Code to text, from a ToUnicode map."""
    signs: dict[int, str] = {}
    for block in _CHARS.findall(cmap):
        for code, text in _PAIR.findall(block):
            signs[int(code, 16)] = _utf16(text)
    for block in _RANGES.findall(cmap):
        for low, high, start, listed in _RANGE.findall(block):
            first, last = int(low, 16), int(high, 16)
            if listed:
                for at, text in enumerate(_HEX.findall(listed)):
                    signs[first + at] = _utf16(text)
            else:
                base = _utf16(start)
                for code in range(first, last + 1):
                    signs[code] = base[:-1] + chr(ord(base[-1]) + code - first)
    return signs


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "replace")
