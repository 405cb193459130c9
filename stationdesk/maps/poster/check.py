"""The checks of a poster: the marks as printed, and the sheets as cut."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.maps.imposing import POINT
from stationdesk.maps.poster.cutting import Tiling
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.layout import Layout
from stationdesk.maps.sheet.proof import Unreadable, read_proof


def check_marks(path: Path, tiling: Tiling) -> None:
    """The plan and every sheet's marks: all there, and each sheet named.

    Raises:
        UserError: with what is wrong.
    """
    try:
        pages = read_proof(path)
    except Unreadable as trouble:
        raise UserError("打印出来的文件读不出来，没有保存。请再试一次。") from trouble
    faults = []
    if len(pages) != tiling.count + 1:
        faults.append(
            _("应有 {wanted} 页，实际 {count} 页").format(wanted=tiling.count + 1, count=len(pages))
        )
    for tile, page in zip(tiling.tiles(), pages[1:], strict=False):
        if plain(f"第 {tile.row + 1} 行　第 {tile.column + 1} 列") not in plain(page.text):
            faults.append(_("{name} 上没有行列号").format(name=tile.name))
    faults.extend(
        _("字体 {name} 没有嵌入文件").format(name=name)
        for name in sorted(frozenset().union(*(page.unembedded for page in pages)))
    )
    _refuse(faults)


def check_sheets(path: Path, layout: Layout, tiling: Tiling, count: int) -> None:
    """The file as cut, of `count` pages: their size, the one large drawing on its sheets, its words still text.

    Raises:
        UserError: with what is wrong.
    """
    faults: list[str] = []
    width, height = tiling.setup.size
    try:
        pages = PdfReader(path, strict=True).pages
        if len(pages) != count:
            faults.append(_("应有 {wanted} 页，实际 {count} 页").format(wanted=count, count=len(pages)))
        drawings = set()
        for number, page in enumerate(pages, start=1):
            box = page.mediabox
            if abs(float(box.width) * POINT - width) > 1 or abs(float(box.height) * POINT - height) > 1:
                faults.append(_("第 {number} 页的纸张大小不对").format(number=number))
            if number <= tiling.count + 1:
                forms = page["/Resources"]["/XObject"]  # type: ignore[index]  # pypdf tells no more than an object
                drawings.add(forms.raw_get("/Laid0").idnum)
        if len(drawings) != 1:
            faults.append(_("各张上的不是同一幅图"))
        # The large drawing is the same on every sheet: its words are looked for once.
        once = (0, *range(tiling.count + 1, len(pages)))
        proof = read_proof(path, once)
    except (PyPdfError, Unreadable, OSError, KeyError, AttributeError, ValueError) as trouble:
        raise UserError("打印出来的文件读不出来，没有保存。请再试一次。") from trouble
    text = plain("".join(page.text for page in proof))
    faults.extend(
        _("{code} 的“{words}”没有印出来").format(code=entry.code, words=entry.code)
        for entry in layout.spec.entries
        if plain(entry.code) not in text
    )
    faults.extend(
        _("图标“{text}”没有印好").format(text=cell.text)
        for mark in layout.marks
        for cell in mark.cells
        if plain(cell.text) not in text
    )
    faults.extend(_("有 {count} 个字没有字形").format(count=page.boxes) for page in proof if page.boxes)
    _refuse(faults)


def _refuse(faults: list[str]) -> None:
    if faults:
        raise UserError(
            "拼接大图没有通过检查，文件没有保存：{faults}。请改正后再打印。", faults="；".join(faults[:12])
        )
