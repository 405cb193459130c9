"""The checks of a hand-out, before and after it is printed. Whatever fails is said at once, in one list.

`check_spec` reads what is to be printed, `check_layout` what was composed, `check_print` the file itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

from lxml import etree
from lxml import html as markup

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line, digits
from stationdesk.core.vocab.sheets import SheetKind
from stationdesk.maps.sheet.compose import Sheet
from stationdesk.maps.sheet.metrics import em_width
from stationdesk.maps.sheet.proof import ProofPage, Unreadable, read_proof
from stationdesk.maps.sheet.spec import Entry, SheetSpec
from stationdesk.maps.sheet.views import View

_WIDEST_CODE = 12
"""Ems of a number; 医-07 has three."""
_LEAST_PPI = 200
_MOST = 12
"""So many faults are listed; more would not be read."""
_SPLIT = re.compile(r"[/、，,；;\n]|或")
_NOT_PHONE = re.compile(r"[^0-9０-９+＋\-－—–() （）转分机~～*×.\s]")
_EXTENSION = re.compile("转|分机")
_SENSITIVE = re.compile(
    r"武警|部队|军分区|军营|军区|弹药|雷达站|监狱|看守所|戒毒所|水库大坝|发电厂|变电站|油库"
)


def check_spec(spec: SheetSpec, *, phones: bool = True) -> None:
    """Refuse what must not go to print: missing words, doubled codes, odd phone numbers, impossible places.

    Without `phones`, numbers that cannot be dialled pass: a draft may have them.

    Raises:
        UserError: with all faults found.
    """
    faults: list[str] = []
    if not clean_line(spec.title):
        faults.append(_("没有图名"))
    if not clean_line(spec.station):
        faults.append(_("没有社工站名称"))
    for code, count in Counter(entry.code for entry in spec.entries).items():
        if count > 1:
            faults.append(_("编号 {code} 出现了 {count} 次").format(code=code, count=count))
    for entry in spec.entries:
        faults.extend(_entry_faults(entry, phones=phones))
    faults.extend(
        _("“{phone}”不像电话号码").format(phone=number)
        for number in (spec.phone, *(line.number for line in spec.hotlines))
        if phones and number and not is_plausible_phone(number)
    )
    _refuse(faults)


def _entry_faults(entry: Entry, *, phones: bool) -> Iterable[str]:
    if not clean_line(entry.name):
        yield _("{code} 没有名称").format(code=entry.code)
    if not clean_line(entry.code) or not clean_line(entry.number):
        yield _("“{name}”没有编号").format(name=entry.name)
    if em_width(entry.code) > _WIDEST_CODE:
        yield _("编号“{code}……”太长，索引里放不下").format(code=entry.code[:_WIDEST_CODE])
    if phones and entry.phone and not is_plausible_phone(entry.phone):
        yield _("{code} 的电话“{phone}”不像电话号码").format(code=entry.code, phone=entry.phone)
    if (entry.lat is None) != (entry.lon is None):
        yield _("{code} 的位置不完整").format(code=entry.code)
    elif (
        entry.lat is not None
        and entry.lon is not None
        and not (-80 < entry.lat < 84 and -180 <= entry.lon <= 180)
    ):
        yield _("{code} 的位置不在地球上能画的范围内").format(code=entry.code)


def is_plausible_phone(text: str) -> bool:
    """Whether every number in a text could be dialled: 3 to 13 digits, an extension behind 转, no other words."""
    parts = [part for part in _SPLIT.split(clean_line(text)) if part.strip()]
    return bool(parts) and all(map(_is_number, parts))


def _is_number(part: str) -> bool:
    number, *extension = _EXTENSION.split(part, maxsplit=1)
    return (
        3 <= len(digits(number)) <= 13
        and not _NOT_PHONE.search(part)
        and all(1 <= len(digits(each)) <= 6 for each in extension)
    )


def warnings_of(spec: SheetSpec) -> tuple[str, ...]:
    """What a worker should look at before handing the map out, though it may be right.

    Names of what maps for the public must not show (domain: 公开地图内容表示规范 and its forerunner).
    """
    named = [(entry.code, entry.name) for entry in spec.entries] + [("", each.name) for each in spec.features]
    return tuple(
        _("“{name}”可能属于公开地图不得表示的内容，请核对后再发放").format(name=f"{code} {name}".strip())
        for code, name in named
        if _SENSITIVE.search(name)
    )


def check_layout(sheet: Sheet) -> None:
    """Every entry in the index; every placed one drawn once, inside the frame; no mark on another.

    Raises:
        UserError: with all faults found.
    """
    layout = sheet.layout
    spec = layout.spec
    faults: list[str] = []
    document = markup.document_fromstring(sheet.html)
    drawn = Counter(code for cell in document.iter("g") for code in (cell.get("data-codes") or "").split())
    off = {entry.code for entry in layout.far}
    for entry in spec.entries:
        wanted = 1 if entry.is_placed and entry.code not in off else 0
        if drawn[entry.code] != wanted:
            faults.append(
                _("{code} 应在图上画 {wanted} 次，实际画了 {count} 次").format(
                    code=entry.code, wanted=wanted, count=drawn[entry.code]
                )
            )
    faults.extend(_index_faults(document, spec))
    for view in layout.views:
        faults.extend(_view_faults(view))
    _refuse(faults)


def _index_faults(document: etree._Element, spec: SheetSpec) -> Iterable[str]:
    """Each entry once in the whole index, and once in every short one."""
    listed = Counter(cell.text or "" for cell in document.iter("td", "div") if cell.get("class") == "code")
    named = Counter(row.get("data-code") for row in document.iter("tr") if row.get("data-code"))
    short = Counter(cell.text or "" for cell in document.iter("td") if cell.get("class") == "brief")
    more = len(spec.orders) - 1 if spec.kind is not SheetKind.LARGE_PRINT else 0
    for entry in spec.entries:
        code = clean_line(entry.code)
        if (listed[code] if entry.is_numbered else named[entry.code]) != 1:
            yield _("{code} 不在索引里").format(code=entry.code)
        elif entry.is_numbered and short[code] != max(0, more):
            yield _("{code} 不在另一种排法的索引里").format(code=entry.code)


def _view_faults(view: View) -> Iterable[str]:
    """Marks and names within the frame, none on another, none under the inset."""
    frame = view.frame
    for mark in view.marks:
        hidden = any(mark.plate.meets(box) for box in view.hidden)
        if hidden or not frame.holds(mark.place) or not frame.holds_box(mark.plate):
            codes = "、".join(entry.code for entry in mark.entries)
            yield _("{codes} 画在了图框外面").format(codes=codes)
    for one, other in combinations(view.marks, 2):
        if one.plate.meets(other.plate):
            codes = "、".join(entry.code for entry in (*one.entries, *other.entries))
            yield _("{codes} 的图标互相遮盖").format(codes=codes)
    yield from (_("地名“{name}”被遮盖").format(name=name) for name in covered_names(view))


def covered_names(view: View) -> list[str]:
    """The names of a map that a mark, another name or the inset covers."""
    boxes = [(label, box) for label in view.labels.shown for box in label.boxes]
    plates = [*(mark.plate for mark in view.marks), *view.hidden]
    covered = [label.text for label, box in boxes if any(box.meets(plate) for plate in plates)]
    covered += [
        one.text
        for (one, box), (other, beside) in combinations(boxes, 2)
        if one is not other and box.meets(beside)
    ]
    return covered


def check_print(path: Path, sheet: Sheet) -> None:
    """The file as printed: its pages and their size, fonts, no empty boxes, and every entry's words in its text.

    Raises:
        UserError: with all faults found.
    """
    try:
        pages = read_proof(path)
    except Unreadable as trouble:
        raise UserError("打印出来的文件读不出来，没有保存。请再试一次。") from trouble
    faults = [*_page_faults(pages, sheet), *_glyph_faults(pages, sheet), *picture_faults(pages)]
    text = plain("".join(page.text for page in pages))
    for entry in sheet.layout.spec.entries:
        code = entry.code if entry.is_numbered else ""
        words = (code, entry.name, *_SPLIT.split(entry.phone))
        missing = [word for word in words if not _stands_in(plain(word), text)]
        if missing:
            faults.append(_("{code} 的“{words}”没有印出来").format(code=entry.code, words="”“".join(missing)))
    faults.extend(_mark_faults(pages, sheet))
    _refuse(faults)


def _stands_in(word: str, text: str) -> bool:
    """Whether a word was printed; one that is written from right to left stands in the file as it is seen."""
    if any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in word):
        return not Counter(word) - Counter(text)
    return word in text


def _page_faults(pages: Sequence[ProofPage], sheet: Sheet) -> Iterable[str]:
    layout = sheet.layout
    if len(pages) != layout.pages:
        yield _("应有 {wanted} 页，实际 {count} 页").format(wanted=layout.pages, count=len(pages))
    width, height = layout.spec.setup.size
    for number, page in enumerate(pages, start=1):
        if abs(page.size[0] - width) > 1 or abs(page.size[1] - height) > 1:
            yield _("第 {number} 页的纸张大小不对").format(number=number)


def picture_faults(pages: Sequence[ProofPage]) -> Iterable[str]:
    """The pages with a picture too coarse to print."""
    for number, page in enumerate(pages, start=1):
        if page.coarsest is not None and page.coarsest < _LEAST_PPI:
            yield _("第 {number} 页的底图每英寸只有 {ppi:.0f} 点，印出来会糊").format(
                number=number, ppi=page.coarsest
            )


def _glyph_faults(pages: Sequence[ProofPage], sheet: Sheet) -> Iterable[str]:
    for name in sorted(frozenset().union(*(page.unembedded for page in pages))):
        yield _("字体 {name} 没有嵌入文件").format(name=name)
    boxes = sum(page.boxes for page in pages)
    if not boxes:
        return
    printed = set(plain("".join(page.text for page in pages)))
    culprits = [
        f"{entry.code}“{''.join(sorted(lost))}”"
        for entry in sheet.layout.spec.entries
        if (lost := set(plain(_words(entry))) - printed)
    ]
    yield _("有 {count} 个字这台电脑没有字形，会印成空框：{where}").format(
        count=boxes, where="、".join(culprits[:_MOST]) or _("图名、地名或社工站资料")
    )


def _words(entry: Entry) -> str:
    return f"{entry.code}{entry.name}{entry.offer}{entry.hours}{entry.phone}{entry.contact}"


def _mark_faults(pages: Sequence[ProofPage], sheet: Sheet) -> Iterable[str]:
    """Each mark's letter and numbers stand in the file as often as on the composed page."""
    if not pages:
        return
    composed = markup.document_fromstring(sheet.html).findall(".//section")[0]
    wanted, printed = plain("".join(str(part) for part in composed.itertext())), plain(pages[0].text)
    for mark in sheet.layout.marks:
        for cell in mark.cells:
            text = re.compile(re.escape(plain(cell.text)) + r"(?![0-9,])")
            if len(text.findall(wanted)) != len(text.findall(printed)):
                yield _("图标“{text}”没有印好").format(text=cell.text)


def plain(text: str) -> str:
    """Text without blanks and invisible signs, in the form in which a file's text can be compared (NFKC)."""
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKC", clean_line(text))
        if not sign.isspace() and unicodedata.category(sign) not in {"Cf", "Cc"}
    )


def _refuse(faults: Iterable[str]) -> None:
    found = list(faults)
    if not found:
        return
    listed = "；".join(found[:_MOST])
    if len(found) > _MOST:
        listed += _("；等共 {count} 处").format(count=len(found))
    raise UserError("资源图没有通过检查，文件没有保存：{faults}。请改正后再打印。", faults=listed)
