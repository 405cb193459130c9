"""An old workbook (BIFF8) cell by cell into a new one: the work of `old`, inside its process."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import xlrd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from xlrd.compdoc import SIGNATURE, CompDoc

from stationdesk.sheets.cells import tidied
from stationdesk.sheets.pieces import save_whole
from stationdesk.sheets.template.old import Left

MAX_CELLS: Final = 400_000

_LINES: Final = (
    *(None, "thin", "medium", "dashed", "dotted", "thick", "double", "hair"),
    *("mediumDashed", "dashDot", "mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot"),
)
_PATTERNS: Final = (
    *(None, "solid", "mediumGray", "darkGray", "lightGray", "darkHorizontal", "darkVertical", "darkDown"),
    *("darkUp", "darkGrid", "darkTrellis", "lightHorizontal", "lightVertical", "lightDown", "lightUp"),
    *("lightGrid", "lightTrellis", "gray125", "gray0625"),
)
_ACROSS: Final = ("general", "left", "center", "right", "fill", "justify", "centerContinuous", "distributed")
_DOWN: Final = ("top", "center", "bottom", "justify", "distributed")
_UNDERLINES: Final[dict[int, Any]] = {
    1: "single",
    2: "double",
    33: "singleAccounting",
    34: "doubleAccounting",
}

# Records of the format, by their numbers in the published description.
_BOF, _EOF, _FORMULA, _SETUP, _WSBOOL = 0x0809, 0x000A, 0x0006, 0x00A1, 0x0081
_MARGINS: Final = {0x0026: "left", 0x0027: "right", 0x0028: "top", 0x0029: "bottom"}
_SHEET: Final = 0x0010
_FLAGS: Final = {
    0x00EC: "drawings",
    0x005D: "drawings",
    0x001C: "comments",
    0x01BE: "validations",
    0x01B0: "conditions",
}
_PROTECT: Final = 0x0012
_FIT: Final = 0x0100
_PORTRAIT: Final = 0x0002
_UNSET: Final = 0x0004


class Locked(Exception):
    """A password keeps the file shut."""


class Unreadable(Exception):
    """The file is damaged, or not what it says."""


@dataclass(slots=True)
class _Found:
    """What the records of one sheet say beside its cells."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    setup: tuple[int, ...] = ()
    fits: bool = False
    margins: dict[str, float] = field(default_factory=dict)


def convert(content: bytes) -> tuple[bytes, Left]:
    """The workbook in the new format, and what is not in it.

    Raises:
        Locked: it has a password.
        Unreadable: it cannot be read, or is too big for a form.
    """
    try:
        old = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    except MemoryError:
        raise
    except xlrd.XLRDError as error:
        raise (Locked if "encrypt" in str(error).lower() else Unreadable)(str(error)) from error
    except Exception as error:
        raise Unreadable(str(error)) from error
    found = list(_records(_stream(content)))
    fresh = Workbook()
    fresh.remove(fresh.worksheets[0])
    looks = _Looks(old)
    formulas: list[str] = []
    flags: set[str] = set()
    for place, sheet in enumerate(old.sheets()):
        if sheet.nrows * max(sheet.ncols, 1) > MAX_CELLS:
            raise Unreadable("too big")
        told = found[place] if place < len(found) else _Found()
        flags |= told.flags
        formulas += [f"{get_column_letter(column + 1)}{row + 1}" for row, column in sorted(told.formulas)]
        _copy(old, sheet, fresh.create_sheet(tidied(sheet.name).text), looks, told)
    target = io.BytesIO()
    if not fresh.worksheets:
        raise Unreadable("no sheet")
    _name_areas(old, fresh)
    save_whole(fresh, target)
    return target.getvalue(), Left(
        tuple(formulas),
        **{
            name: name in flags for name in ("drawings", "comments", "validations", "conditions", "protected")
        },
    )


def _copy(old: Any, sheet: Any, fresh: Any, looks: _Looks, told: _Found) -> None:
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = fresh.cell(row + 1, column + 1)
            looks.dress(cell, sheet.cell_xf_index(row, column))
            if (row, column) not in told.formulas:
                _set(old, cell, sheet.cell(row, column))
    for top, bottom, left, right in sheet.merged_cells:
        if bottom - top > 1 or right - left > 1:
            fresh.merge_cells(start_row=top + 1, end_row=bottom, start_column=left + 1, end_column=right)
            _draw_frame(sheet, fresh, looks, (top, bottom, left, right))
    for column, about in sheet.colinfo_map.items():
        if column < 256 and about.width:
            dimension = fresh.column_dimensions[get_column_letter(column + 1)]
            dimension.width, dimension.hidden = about.width / 256, bool(about.hidden)
    for row, about in sheet.rowinfo_map.items():
        if row < sheet.nrows and about.height:
            fresh.row_dimensions[row + 1].height = about.height / 20
    fresh.sheet_state = ("visible", "hidden", "veryHidden")[min(sheet.visibility, 2)]
    fresh.sheet_view.showGridLines = bool(sheet.show_grid_lines)
    if sheet.panes_are_frozen:
        fresh.freeze_panes = fresh.cell(sheet.horz_split_pos + 1, sheet.vert_split_pos + 1).coordinate
    _set_up_page(fresh, told)


def _draw_frame(sheet: Any, fresh: Any, looks: _Looks, area: tuple[int, int, int, int]) -> None:
    """Lines around a merged range are those of all its cells; the new format draws each cell's own."""
    top, bottom, left, right = area
    for row in range(top, min(bottom, sheet.nrows)):
        for column in range(left, min(right, sheet.row_len(row))):
            fresh.cell(row + 1, column + 1).border = looks.border(sheet.cell_xf_index(row, column))


def _set(old: Any, cell: Any, was: Any) -> None:
    if was.ctype == xlrd.XL_CELL_TEXT:
        cell.value = tidied(was.value).text
        cell.data_type = "s"
    elif was.ctype == xlrd.XL_CELL_NUMBER:
        cell.value = int(was.value) if float(was.value).is_integer() else was.value
    elif was.ctype == xlrd.XL_CELL_DATE:
        look = cell.number_format
        try:
            day = xlrd.xldate_as_datetime(was.value, old.datemode)
        except (ValueError, OverflowError):
            cell.value = was.value
        else:
            cell.value = day if day.microsecond == 0 else day + timedelta(microseconds=-day.microsecond)
        cell.number_format = look
    elif was.ctype == xlrd.XL_CELL_BOOLEAN:
        cell.value = bool(was.value)


class _Looks:
    """The styles of the old workbook as those of the new one, each made once."""

    def __init__(self, old: Any) -> None:
        self._old = old
        self._made: dict[int, tuple[Any, ...]] = {}

    def dress(self, cell: Any, number: int) -> None:
        made = self._made.get(number)
        if made is None:
            made = self._made[number] = self._make(number)
        cell.font, cell.border, cell.fill, cell.alignment, cell.number_format = made

    def border(self, number: int) -> Border:
        xf = self._old.xf_list[number]
        left, right, top, bottom = (
            Side(
                style=_at(_LINES, getattr(xf.border, f"{side}_line_style")),
                color=self._colour(getattr(xf.border, f"{side}_colour_index")),
            )
            for side in ("left", "right", "top", "bottom")
        )
        return Border(left=left, right=right, top=top, bottom=bottom)

    def _make(self, number: int) -> tuple[Any, ...]:
        xf = self._old.xf_list[number]
        font = self._old.font_list[xf.font_index]
        known = self._old.format_map.get(xf.format_key)
        pattern = _at(_PATTERNS, xf.background.fill_pattern)
        return (
            Font(
                name=tidied(font.name).text[:31] or None,
                size=font.height / 20,
                bold=bool(font.bold),
                italic=bool(font.italic),
                strike=bool(font.struck_out),
                underline=_UNDERLINES.get(font.underline_type),
                color=self._colour(font.colour_index),
            ),
            self.border(number),
            PatternFill(
                fill_type=pattern,
                fgColor=self._colour(xf.background.pattern_colour_index) or Color("00000000"),
                bgColor=self._colour(xf.background.background_colour_index) or Color("00000000"),
            )
            if pattern
            else PatternFill(),
            Alignment(
                horizontal=_at(_ACROSS, xf.alignment.hor_align) or "general",
                vertical=_at(_DOWN, xf.alignment.vert_align) or "bottom",
                wrap_text=bool(xf.alignment.text_wrapped),
                shrink_to_fit=bool(xf.alignment.shrink_to_fit),
                indent=xf.alignment.indent_level,
                text_rotation=xf.alignment.rotation if 0 <= xf.alignment.rotation <= 180 else 0,
            ),
            (known.format_str if known is not None else "General") or "General",
        )

    def _colour(self, index: int) -> Color | None:
        rgb = self._old.colour_map.get(index)
        return Color("FF" + "".join(f"{part:02X}" for part in rgb)) if rgb else None


def _at(words: Any, place: int) -> Any:
    return words[place] if 0 <= place < len(words) else None


def _set_up_page(fresh: Any, told: _Found) -> None:
    for side, inches in told.margins.items():
        if 0 <= inches < 20:
            setattr(fresh.page_margins, side, inches)
    if not told.setup:
        return
    paper, scale, _start, across, down, options = told.setup
    if not options & _UNSET:
        fresh.page_setup.paperSize = paper if 0 < paper < 119 else 9
        fresh.page_setup.orientation = "portrait" if options & _PORTRAIT else "landscape"
        if 10 <= scale <= 400:
            fresh.page_setup.scale = scale
    if told.fits:
        fresh.sheet_properties.pageSetUpPr.fitToPage = True
        fresh.page_setup.fitToWidth, fresh.page_setup.fitToHeight = min(across, 32767), min(down, 32767)


def _name_areas(old: Any, fresh: Any) -> None:
    """Print areas and title rows are names with a sign for a name."""
    for name in old.name_obj_list:
        if not 0 <= name.scope < len(fresh.worksheets):
            continue
        sheet = fresh.worksheets[name.scope]
        kind = (
            name.name if len(name.name) > 1 else {"\x06": "Print_Area", "\x07": "Print_Titles"}.get(name.name)
        )
        try:
            reference = name.area2d()
        except Exception:  # noqa: BLE001, S112 - several areas or none: the page is set up without it
            continue
        _sheet, top, bottom, left, right = reference
        if kind == "Print_Area":
            sheet.print_area = f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right)}{bottom}"
        elif kind == "Print_Titles" and right - left >= 255:
            sheet.print_title_rows = f"{top + 1}:{bottom}"


def _stream(content: bytes) -> bytes:
    """The stream of records inside the compound file; old ones are nothing but that stream."""
    if not content.startswith(SIGNATURE):
        return content
    compound = CompDoc(content, logfile=io.StringIO())
    for name in ("Workbook", "Book"):
        data, start, length = compound.locate_named_stream(name)
        if data:
            return bytes(data[start : start + length])
    return b""


def _records(data: bytes) -> Iterator[_Found]:
    """What the records of each sheet say; xlrd gives values, but neither formulas nor the page."""
    at = 0
    found: _Found | None = None
    depth = 0
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        body = data[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _BOF:
            depth += 1
            if depth == 1 and length >= 4:
                is_sheet = struct.unpack_from("<H", body, 2)[0] == _SHEET
                found = _Found() if is_sheet else None
        elif kind == _EOF:
            depth -= 1
            if depth == 0 and found is not None:
                yield found
                found = None
            depth = max(depth, 0)
        elif found is not None and depth == 1:
            _note(found, kind, body)


def _note(found: _Found, kind: int, body: bytes) -> None:
    if kind == _FORMULA and len(body) >= 4:
        row, column = struct.unpack_from("<HH", body)
        found.formulas.add((row, column))
    elif kind == _SETUP and len(body) >= 12:
        found.setup = struct.unpack_from("<HHHHHH", body)
    elif kind == _WSBOOL and len(body) >= 2:
        found.fits = bool(struct.unpack_from("<H", body)[0] & _FIT)
    elif kind in _MARGINS and len(body) >= 8:
        found.margins[_MARGINS[kind]] = struct.unpack_from("<d", body)[0]
    elif kind == _PROTECT and body[:2] == b"\x01\x00":
        found.flags.add("protected")
    elif kind in _FLAGS:
        found.flags.add(_FLAGS[kind])
