"""The checks of an atlas: as it was composed, and as it was printed."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import html as markup

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.maps.atlas.compose import Atlas
from stationdesk.maps.atlas.spec import AtlasSpec
from stationdesk.maps.sheet.check import check_layout, picture_faults, plain
from stationdesk.maps.sheet.compose import compose_layout
from stationdesk.maps.sheet.glyphs import MARK, missing_in, with_marks
from stationdesk.maps.sheet.proof import ProofPage, Unreadable, read_proof
from stationdesk.maps.sheet.spec import Backdrop, Entry, SheetSpec

_MOST = 12


@dataclass(frozen=True, slots=True)
class Looked:
    """What the pre-flight asks of an atlas; see `maps.sheet.preflight.Shown`."""

    spec: SheetSpec
    drawn: tuple[Entry, ...]
    far: tuple[Entry, ...]
    unnamed: tuple[str, ...]


def looked(atlas: Atlas) -> Looked:
    """An atlas as the pre-flight looks at it: with the base maps of all its pages in one.

    What is told of its guides counts as words of their policies.
    """
    whole = atlas.spec.whole
    told = {guide.code: "；".join(text for _label, text in guide.lines) for guide in atlas.spec.guides}
    entries = tuple(replace(each, way=told.get(each.code, each.way)) for each in whole.entries)
    drawn = tuple(each for each in entries if each.code in atlas.spots)
    far = tuple(each for each in entries if each.is_placed and each.code not in atlas.spots)
    return Looked(replace(whole, entries=entries, backdrop=_under(atlas)), drawn, far, atlas.unnamed)


def _under(atlas: Atlas) -> Backdrop | None:
    pages = [layout.spec.backdrop for layout in (atlas.overview, *(each.layout for each in atlas.maps))]
    used = [each for each in pages if each is not None and (each.pictures or each.shapes)]
    if not used:
        return atlas.spec.whole.backdrop
    pictures = tuple(picture for each in used for picture in each.pictures)
    shapes = tuple(shape for each in used for shape in each.shapes)
    reviews = dict.fromkeys(each.review_number for each in used if each.review_number)
    attribution = atlas.spec.whole.backdrop.attribution if atlas.spec.whole.backdrop is not None else ""
    return Backdrop(pictures, shapes, attribution, "、".join(reviews))


def check_pages(atlas: Atlas) -> None:
    """Every page as a hand-out is checked; every entry with a place on its page, or told; each listed twice.

    Raises:
        UserError: with all faults found.
    """
    for each in atlas.maps:
        check_layout(compose_layout(each.layout))
    faults: list[str] = []
    for page in atlas.maps:
        drawn = {entry.code for entry in page.layout.drawn}
        faults.extend(
            _("{code} 不在第 {page} 页的图上").format(code=code, page=page.number)
            for code in page.plot.codes
            if code not in drawn
        )
    document = markup.document_fromstring(atlas.html)
    sections = document.findall(".//section")
    if len(sections) != atlas.pages:
        faults.append(_("应有 {wanted} 页，实际 {count} 页").format(wanted=atlas.pages, count=len(sections)))
    listed = Counter(clean_line(cell.get("data-listed") or "") for cell in document.iter("td"))
    faults.extend(
        _("{code} 不在索引里").format(code=each.code)
        for each in atlas.spec.whole.entries
        if listed[clean_line(each.code)] != 2
    )
    _refuse(faults)


def read_atlas(path: Path) -> tuple[ProofPage, ...]:
    """The printed pages.

    Raises:
        UserError: the file cannot be read back.
    """
    try:
        return read_proof(path)
    except Unreadable as trouble:
        raise UserError("打印出来的文件读不出来，没有保存。请再试一次。") from trouble


def signs_missing(proof: Sequence[ProofPage], atlas: Atlas) -> frozenset[str]:
    """The signs of an atlas that its printed file holds as empty boxes."""
    return missing_in(proof, atlas.html)


def marked(spec: AtlasSpec, missing: frozenset[str]) -> AtlasSpec:
    """The same atlas with a mark for each sign that no font has."""

    def set_out(text: str) -> str:
        return "".join(MARK if missing & set(plain(sign)) else sign for sign in text)

    return replace(
        spec,
        whole=with_marks(spec.whole, missing),
        areas=tuple(
            replace(
                each,
                name=set_out(each.name),
                parts=tuple(replace(part, name=set_out(part.name)) for part in each.parts),
            )
            for each in spec.areas
        ),
        guides=tuple(
            replace(
                each,
                name=set_out(each.name),
                conditions=set_out(each.conditions),
                amount=set_out(each.amount),
                documents=set_out(each.documents),
                steps=set_out(each.steps),
                desk=set_out(each.desk),
                hours=set_out(each.hours),
            )
            for each in spec.guides
        ),
    )


def check_printed(proof: Sequence[ProofPage], atlas: Atlas) -> None:
    """The file as printed: pages, sizes, fonts, glyphs; each entry's words on the page that the index names.

    Raises:
        UserError: with all faults found.
    """
    faults: list[str] = []
    if len(proof) != atlas.pages:
        faults.append(_("应有 {wanted} 页，实际 {count} 页").format(wanted=atlas.pages, count=len(proof)))
        _refuse(faults)
    width, height = atlas.spec.whole.setup.size
    for number, page in enumerate(proof, start=1):
        if abs(page.size[0] - width) > 1 or abs(page.size[1] - height) > 1:
            faults.append(_("第 {number} 页的纸张大小不对").format(number=number))
        if page.boxes:
            faults.append(_("第 {number} 页有 {count} 个字没有字形").format(number=number, count=page.boxes))
    faults.extend(
        _("字体 {name} 没有嵌入文件").format(name=name)
        for name in sorted(frozenset().union(*(page.unembedded for page in proof)))
    )
    faults.extend(picture_faults(proof))
    faults.extend(_words_missing(proof, atlas))
    _refuse(faults)


def _words_missing(proof: Sequence[ProofPage], atlas: Atlas) -> Iterator[str]:
    texts = [plain(page.text) for page in proof]
    for page in atlas.maps:
        on_page = "".join(texts[page.number - 1 : page.number - 1 + page.layout.pages])
        codes = set(page.plot.codes)
        for entry in page.layout.spec.entries:
            if entry.code in codes and not (plain(entry.code) in on_page and _stands(entry.name, on_page)):
                yield _("第 {page} 页没有印出 {code}").format(page=page.number, code=entry.code)
        for mark in page.layout.marks:
            for cell in mark.cells:
                if plain(cell.text) not in texts[page.number - 1]:
                    yield _("第 {page} 页的图标“{text}”没有印好").format(page=page.number, text=cell.text)
        for arrow in page.arrows:
            if str(arrow.way.page) not in texts[page.number - 1]:
                yield _("第 {page} 页没有印出相邻页码").format(page=page.number)
    index = "".join(texts[number - 1] for number in atlas.listed)
    for entry in atlas.spec.whole.entries:
        if index.count(plain(entry.code)) < 2 or not _stands(entry.name, index):
            yield _("{code} 没有印在索引里").format(code=entry.code)


def _stands(word: str, text: str) -> bool:
    """Whether a word was printed; one that is written from right to left stands in the file as it is seen."""
    wanted = plain(word)
    if any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in wanted):
        return not Counter(wanted) - Counter(text)
    return wanted in text


def _refuse(faults: Iterable[str]) -> None:
    found = list(faults)
    if not found:
        return
    listed = "；".join(found[:_MOST])
    if len(found) > _MOST:
        listed += _("；等共 {count} 处").format(count=len(found))
    raise UserError("地图册没有通过检查，文件没有保存：{faults}。请改正后再打印。", faults=listed)
