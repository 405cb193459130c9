"""The last sheet of every workbook: what the reader must know about how its cells came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from stationdesk.sheets.cells import Tidied

TITLE: Final = "导出说明"
_MOST: Final = 200  # cells that are named one by one; the rest is in the count

RULES: Final = (
    "文字：软换行等特殊换行改为普通换行，表格文件不允许的控制字符删去，其余一字不改。",
    "文字：以 = + - @ 开头的按文字保存，不会当作公式；超过 32,767 个字的截短，并在单元格末尾注明。",
    "数字：身份证号、电话、编号按文字保存；合计是写入时算好、写完后又从文件里读回核对过的数值。",
)
MASKED_RULES: Final = (
    "外送版：姓名、身份证号、电话、住址等按规定遮盖，未成年人用化名；限制查看的对象不列名。",
    "外送版：健康、残疾及描述个人情况的栏目不列出。",
)


@dataclass(slots=True)
class CutCell:
    """A text that was too long for its cell."""

    row: int
    label: str
    characters: int


@dataclass(slots=True)
class SheetRemarks:
    """What was changed in one sheet. `cleaned` counts characters, `cut` cells."""

    title: str
    rows: int = 0
    cleaned: int = 0
    cleaned_cells: int = 0
    cut: int = 0
    cut_cells: list[CutCell] = field(default_factory=list)
    left_out: tuple[str, ...] = ()

    def note(self, tidy: Tidied, *, row: int, label: str) -> None:
        """Count what the rule for text changed in a cell."""
        self.cleaned += tidy.cleaned
        self.cleaned_cells += bool(tidy.cleaned)
        if tidy.cut:
            self.cut += 1
            if len(self.cut_cells) < _MOST:
                self.cut_cells.append(CutCell(row, label, tidy.cut))


def sentences(sheets: Sequence[SheetRemarks], *, masked: bool) -> tuple[str, ...]:
    """The remarks under the table of counts, in Chinese as everything on paper."""
    said = [*RULES, *(MASKED_RULES if masked else ())]
    for sheet in sheets:
        if sheet.left_out:
            said.append(f"“{sheet.title}”按规定不列出的栏目：{'、'.join(sheet.left_out)}。")
        said.extend(
            f"“{sheet.title}”第 {cell.row} 行“{cell.label}”过长，略去 {cell.characters} 个字。"
            for cell in sheet.cut_cells
        )
    return tuple(said)
